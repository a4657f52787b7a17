//! What must hold for every paragraph, whatever stands in it.

use proptest::prelude::*;

use super::inline::Flat;
use super::paragraph::set;
use super::setter::Setter;
use super::style::{Align, ParagraphStyle, TextStyle};
use super::{Content, NodeId};
use crate::compose::{Book, BookCover};
use crate::font::FontBook;
use crate::model::{Language, Text};
use crate::text::Preset;
use crate::theme::{Role, Theme, builtin};
use crate::units::{Em, Pt};

const SIZE: Pt = Pt(10.0);

/// One line as set: its text, where it starts and ends, and where each glyph stands.
#[derive(Debug, Clone, PartialEq)]
struct Set {
    text: String,
    width: f64,
    places: Vec<f64>,
}

fn book(language: &str) -> Book {
    Book {
        title: Text::plain("书"),
        subtitle: None,
        creators: vec![],
        publisher: None,
        date: None,
        language: language.parse().unwrap(),
        identifier: None,
        description: None,
        subjects: vec![],
        source: None,
        cover: BookCover::None,
        has_contents: false,
        line_numbers: 0,
        note_column: false,
        questions: 0,
        volumes: None,
        volume: None,
        sections: vec![],
        pictures: Default::default(),
    }
}

thread_local! {
    static FONTS: &'static FontBook = Box::leak(Box::new(FontBook::bundled()));
    static THEME: &'static Theme = Box::leak(Box::new(builtin("study").unwrap()));
}

fn lines_of(
    pieces: &[(&str, fn(&mut TextStyle))],
    chars: u16,
    indent: f64,
    language: &str,
) -> Vec<Set> {
    let book = book(language);
    let mut setter = Setter::new(&book, THEME.with(|t| *t), FONTS.with(|f| *f));
    setter.language = language.parse::<Language>().unwrap();
    let base = setter.style(Role::Song, SIZE, NodeId(0));
    let mut flat = Flat::default();
    for (text, change) in pieces {
        let mut style = base.clone();
        change(&mut style);
        flat.push_str(text, &style);
    }
    let style = ParagraphStyle {
        measure: SIZE * f64::from(chars),
        first_indent: SIZE * indent,
        indent: Pt::ZERO,
        align: Align::Justify,
        preset: Preset::Quanjiao,
        by_sense: false,
        han_space: Em(0.25),
    };
    set(&mut setter, &flat, &style)
        .into_iter()
        .map(|line| {
            let mut text = String::new();
            let mut places = Vec::new();
            for item in &line.items {
                if let Content::Glyphs(run) = &item.content {
                    text.push_str(&run.text);
                    places.extend(run.glyphs.iter().map(|g| (run.x + g.dx).0));
                }
            }
            Set { text, width: line.width.0, places }
        })
        .collect()
}

fn lines(text: &str, chars: u16) -> Vec<Set> {
    lines_of(&[(text, |_| {})], chars, 2.0, "zh-Hans")
}

/// The test strings of typesetting.md §17.
const STRINGS: [&str; 9] = [
    "他说：“走吧。”她问：“去哪儿？”",
    "《红楼梦》《西游记》、（见“附录（一）”）。",
    "破折号——测试“——”与……和，——以及——。",
    "增长50%，达¥1,234.56万（约±0.5℃）。",
    "让·雅克·卢梭与皮埃尔·奥古斯特·雷诺阿",
    "使用iPhone 15和GPT-4模型，约3.5GB。",
    "这一段的末行只剩一个字那可不行啊。",
    "“引文在段首”，他写道：『内引』。」",
    "T’Pol是‘虚构’人物，见https://example.org/a/very/long/path?with=query&more=1处。",
];

const START: &str = "，、；：。．！？”’）》〉」』】〗〕］｝·";
const END: &str = "“‘（《〈「『【〖〔［｛";

fn without_breaks(lines: &[Set]) -> String {
    lines.iter().map(|l| l.text.as_str()).collect::<String>().replace('\u{AD}', "")
}

fn squeezed(text: &str) -> String {
    // A joiner after a space joins nothing and is not drawn.
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200D}').collect()
}

#[test]
fn no_line_of_the_test_strings_starts_or_ends_badly_at_any_width() {
    for text in STRINGS {
        for chars in 5..30 {
            let set = lines(text, chars);
            assert_eq!(squeezed(&without_breaks(&set)), squeezed(text), "{chars} ems");
            for line in set.iter().skip(1) {
                let first = line.text.chars().next().unwrap();
                assert!(!START.contains(first), "{text} at {chars}: starts with {first}");
            }
            for line in &set[..set.len() - 1] {
                let last = line.text.trim_end().chars().last().unwrap();
                assert!(!END.contains(last), "{text} at {chars}: ends with {last}");
            }
        }
    }
}

#[test]
fn pure_han_lines_stand_on_the_grid_without_any_adjustment() {
    for chars in 8..40 {
        let set = lines(&"永和九年岁在癸丑暮春之初会于会稽山阴之兰亭".repeat(12), chars);
        for (index, line) in set.iter().enumerate() {
            let start = if index == 0 { 20.0 } else { 0.0 };
            for (k, x) in line.places.iter().enumerate() {
                // The line above a last line that would have held one character gives one up.
                let given_up = index + 2 >= set.len();
                assert!(given_up || (x - start - 10.0 * k as f64).abs() < 1e-6, "{chars}: {x}");
            }
        }
    }
}

#[test]
fn the_last_line_never_holds_one_character() {
    for n in 20..140 {
        let text: String = "天地玄黄宇宙洪荒日月盈昃辰宿列张".chars().cycle().take(n).collect();
        let set = lines(&format!("{text}。"), 12);
        let han = set.last().unwrap().text.chars().filter(|c| *c != '。').count();
        assert!(han >= 2, "{n}: {:?}", set.last());
    }
}

#[test]
fn marks_at_the_edges_lose_their_outer_blank() {
    // Ten ems: the opening quote's left blank is cut at the line's start, the stop's at its end.
    let set = lines_of(&[("“一二三四五六七八九。", |_| {})], 10, 0.0, "zh-Hans");
    assert_eq!(set.len(), 1);
    assert!((set[0].width - 100.0).abs() < 1e-6, "{}", set[0].width);
}

#[test]
fn pairs_of_marks_are_tightened_across_a_change_of_style() {
    let bold: fn(&mut TextStyle) = |s| s.role = Role::Bold;
    let plain: fn(&mut TextStyle) = |_| {};
    let whole = lines_of(&[("好。”他", plain)], 20, 0.0, "zh-Hans");
    let parted = lines_of(&[("好。", bold), ("”他", plain)], 20, 0.0, "zh-Hans");
    assert!((whole[0].width - 35.0).abs() < 1e-6, "{}", whole[0].width);
    assert!((parted[0].width - 35.0).abs() < 0.5, "{}", parted[0].width);
}

#[test]
fn han_and_latin_stand_a_quarter_em_apart_whether_a_space_was_typed_or_not() {
    let typed = lines_of(&[("用 A 字", |_| {})], 20, 0.0, "zh-Hans");
    let untyped = lines_of(&[("用A字", |_| {})], 20, 0.0, "zh-Hans");
    assert!((typed[0].width - untyped[0].width).abs() < 1e-6);
    assert!((untyped[0].places[1] - 12.5).abs() < 1e-6);
}

#[test]
fn regions_draw_their_own_forms() {
    let hans = lines_of(&[("骨，", |_| {})], 20, 0.0, "zh-Hans");
    let hant = lines_of(&[("骨，", |_| {})], 20, 0.0, "zh-Hant");
    // The comma of Taiwan stands in the middle of its frame: at the line's end it keeps half of it.
    assert!(hant[0].width > hans[0].width, "{hant:?}");
}

#[test]
fn an_address_does_not_tear_the_line_before_it_open() {
    let text = "网址最不讲道理。它又长，又没有空格，偏偏还不能改一个字。比如这个：\
                https://www.w3.org/TR/clreq/#prohibition_rules_for_line_start_and_line_end ；\
                再比如这个更长的：https://example.org/search?q=%E4%B8%AD%E6%96%87%E6%8E%92%E7%89%88&\
                lang=zh-Hans&from=2020-01-01&to=2026-06-30&sort=relevance。办法是只在斜线、问号、连字符、\
                下划线这些地方转行";
    let set = lines(text, 38);
    // Pitch of the first Han characters of the first line: an em, but for a hair.
    let pitch = set[0].places[1] - set[0].places[0];
    assert!(pitch < 11.5, "{pitch}: {:?}", set.iter().map(|l| &l.text).collect::<Vec<_>>());
}

#[test]
fn a_word_too_long_for_the_line_is_not_broken_before_a_western_quote() {
    let text = "‘？…一一一一～KAaAAAaAAa’～’MAAAAaAaDuAA一一一一一——uA00000.";
    for chars in 12..24 {
        for line in lines(text, chars).iter().skip(1) {
            assert!(!line.text.starts_with('’'), "{chars}: {:?}", line.text);
        }
    }
}

fn mixture() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        6 => "[一-龥]{1,12}",
        3 => "[，。、；：？！”’）》」』“‘（《「『·…—～]{1,4}",
        3 => "[a-zA-Z]{1,14}",
        2 => "[0-9]{1,6}[.,]?[0-9]{0,3}[%℃]?",
        1 => " {1,2}",
        1 => Just("——".to_owned()),
        1 => Just("……".to_owned()),
        1 => "[ぁ-ん가-힣é\u{301}\u{200D}🙂/]{1,3}",
    ];
    prop::collection::vec(part, 1..40).prop_map(|parts| parts.concat())
}

/// How many random paragraphs each property is tried on: 300, or `PROPTEST_CASES`.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(300)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn every_character_is_set_once_and_no_line_is_too_wide(text in mixture(), chars in 6u16..30) {
        let set = lines(&text, chars);
        prop_assert_eq!(squeezed(&without_breaks(&set)), squeezed(&text));
        for (index, line) in set.iter().enumerate() {
            let room = f64::from(chars) * 10.0 - if index == 0 { 20.0 } else { 0.0 };
            // Six ems hold any single cluster or unbreakable pair of marks.
            prop_assert!(line.width <= room + 0.01 || line.places.len() <= 4, "{:?}", line);
        }
    }

    #[test]
    fn no_line_starts_with_a_closing_mark(text in mixture(), chars in 12u16..40) {
        // The interpunct is Western between letters (and then a word's own): not asked here.
        let closing = |c: char| START.contains(c) && c != '·';
        let set = lines(&text, chars);
        for pair in set.windows(2) {
            let line = &pair[1];
            let mut start = line.text.chars();
            if let Some(first) = start.next() {
                // ’ before a letter is an apostrophe that begins a word.
                if first == '’' && start.next().is_some_and(char::is_alphanumeric) {
                    continue;
                }
                // Three marks and more may part where the line would be torn open otherwise.
                let marks = pair[0].text.chars().rev().take_while(|c| closing(*c)).count()
                    + line.text.chars().take_while(|c| closing(*c)).count();
                prop_assert!(!closing(first) || marks >= 3, "{:?}", line.text);
            }
        }
    }

    #[test]
    fn setting_twice_gives_the_same(text in mixture(), chars in 6u16..40) {
        prop_assert_eq!(lines(&text, chars), lines(&text, chars));
    }
}
