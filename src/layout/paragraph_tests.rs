//! What must hold for every paragraph, whatever stands in it.

use proptest::prelude::*;

use super::proof::{Set, proof, said, squeezed};
use super::style::TextStyle;
use crate::text::Preset;
use crate::theme::Role;

/// The test strings of typesetting.md §17, and some more that went wrong once.
pub(super) const STRINGS: [&str; 10] = [
    "他说：“走吧。”她问：“去哪儿？”",
    "《红楼梦》《西游记》、（见“附录（一）”）。",
    "破折号——测试“——”与……和，——以及——。",
    "增长50%，达¥1,234.56万（约±0.5℃）。",
    "让·雅克·卢梭与皮埃尔·奥古斯特·雷诺阿",
    "使用iPhone 15和GPT-4模型，约3.5GB。",
    "这一段的末行只剩一个字那可不行啊。",
    "“引文在段首”，他写道：『内引』。」",
    "T’Pol是‘虚构’人物，见https://example.org/a/very/long/path?with=query&more=1处。",
    "真的吗？！真的！！！他喊：“好！？”（见图 3、第十二章）——完",
];

const START: &str = "，、；：。．！？”’）》〉」』】〗〕］｝·";
const END: &str = "“‘（《〈「『【〖〔［｛";

fn lines(text: &str, chars: u16) -> Vec<Set> {
    proof(chars).set_plain(text)
}

#[test]
fn no_line_of_the_test_strings_starts_or_ends_badly_at_any_width() {
    for text in STRINGS {
        for chars in 5..30 {
            let set = lines(text, chars);
            assert_eq!(squeezed(&said(&set)), squeezed(text), "{chars} ems");
            for pair in set.windows(2) {
                let (line, next) = (&pair[0].text, &pair[1].text);
                assert!(!bad_start(line, next), "{chars}: {line} / {next}");
                assert!(!bad_end(line, next), "{chars}: {line} / {next}");
            }
        }
    }
}

#[test]
fn pure_han_lines_stand_on_the_grid_without_any_adjustment() {
    for chars in 8..40 {
        let set = lines(&"永和九年岁在癸丑暮春之初会于会稽山阴之兰亭".repeat(12), chars);
        assert_on_grid(&set, 2.0);
    }
}

/// Every line but the one above the last stands on the grid: that one may give up a character so
/// that the last line has two.
fn assert_on_grid(set: &[Set], indent: f64) {
    for (index, line) in set.iter().enumerate() {
        let start = if index == 0 { indent * 10.0 } else { 0.0 };
        for (k, x) in line.places.iter().enumerate() {
            let given_up = index + 2 == set.len();
            assert!(given_up || (x - start - 10.0 * k as f64).abs() < 1e-6, "{index}: {set:?}");
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

#[test]
fn a_run_of_nothing_but_marks_stays_within_the_measure() {
    for line in lines("—！！？”：—·。」』）】", 6) {
        assert!(line.width <= 60.01, "{line:?}");
    }
}

#[test]
fn a_long_paragraph_of_dashes_is_set_in_the_time_of_any_other() {
    // Quadratic work on a run of one mark would take minutes here.
    let set = lines(&"—".repeat(20_000), 40);
    assert_eq!(set.iter().map(|l| l.text.chars().count()).sum::<usize>(), 20_000);
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

/// Ways of setting a stretch of text in a paragraph.
const STYLES: [fn(&mut TextStyle); 6] = [
    |_| {},
    |s| s.role = Role::Bold,
    |s| s.role = Role::Kai,
    |s| s.marks.dots = true,
    |s| s.marks.proper_name = 1,
    |s| s.marks.underline = true,
];

fn styled() -> impl Strategy<Value = Vec<(String, usize)>> {
    prop::collection::vec((mixture(), 0..STYLES.len()), 1..5)
}

fn set_styled(
    parts: &[(String, usize)],
    chars: u16,
    house: impl Fn(&mut crate::theme::Theme),
) -> Vec<Set> {
    let pieces: Vec<(&str, fn(&mut TextStyle))> =
        parts.iter().map(|(text, style)| (text.as_str(), STYLES[*style])).collect();
    proof(chars).house(house).set_pieces(&pieces)
}

/// How many random paragraphs each property is tried on: 300, or `PROPTEST_CASES`.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(300)
}

fn closes(c: char) -> bool {
    // The interpunct is Western between letters, and then a word's own.
    START.contains(c) && c != '·'
}

/// No line starts with a closing mark, but for runs of three marks and more, which may part where
/// the line would be torn open otherwise, and apostrophes that begin a word.
fn bad_start(before: &str, line: &str) -> bool {
    let mut start = line.chars();
    let Some(first) = start.next() else { return false };
    if first == '’' && start.next().is_some_and(char::is_alphanumeric) {
        return false;
    }
    let marks = before.chars().rev().take_while(|c| closes(*c)).count()
        + line.chars().take_while(|c| closes(*c)).count();
    closes(first) && marks < 3
}

/// No line ends with an opening mark that has something to open, but for runs of three and more.
fn bad_end(line: &str, next: &str) -> bool {
    let opens = |c: &char| END.contains(*c);
    let marks = line.trim_end().chars().rev().take_while(opens).count()
        + next.chars().take_while(opens).count();
    (1..3).contains(&marks) && line.trim_end().chars().last().is_some_and(|c| opens(&c))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn every_character_is_set_once_and_no_line_is_too_wide(text in mixture(), chars in 6u16..30) {
        let set = lines(&text, chars);
        prop_assert_eq!(squeezed(&said(&set)), squeezed(&text));
        for (index, line) in set.iter().enumerate() {
            let room = f64::from(chars) * 10.0 - if index == 0 { 20.0 } else { 0.0 };
            prop_assert!(line.width <= room + 0.01, "{:?}", line);
        }
    }

    #[test]
    fn no_line_starts_or_ends_badly(parts in styled(), chars in 12u16..40) {
        let set = set_styled(&parts, chars, |_| {});
        for pair in set.windows(2) {
            let (line, next) = (&pair[0].text, &pair[1].text);
            prop_assert!(!bad_start(line, next), "{:?} / {:?}", line, next);
            prop_assert!(!bad_end(line, next), "{:?} / {:?}", line, next);
        }
    }

    #[test]
    fn styles_lose_no_character_and_keep_the_measure(parts in styled(), chars in 6u16..40) {
        let text: String = parts.iter().map(|p| p.0.as_str()).collect();
        for preset in [Preset::Quanjiao, Preset::Hangmobanjiao, Preset::Kaiming, Preset::Banjiao,
            Preset::Cct, Preset::Plain]
        {
            let hanging = preset == Preset::Quanjiao;
            let set = set_styled(&parts, chars, |t| (t.punctuation, t.hanging) = (preset, hanging));
            prop_assert_eq!(squeezed(&said(&set)), squeezed(&text));
            for line in &set {
                prop_assert!(line.width <= f64::from(chars) * 10.0 + 0.01, "{:?}: {:?}", preset, line);
            }
        }
    }

    #[test]
    fn lines_of_han_alone_are_not_adjusted(text in "[一-龥]{1,300}", chars in 6u16..40, indent in 0u8..3) {
        let mut proof = proof(chars);
        proof.indent = f64::from(indent);
        assert_on_grid(&proof.set_plain(&text), f64::from(indent));
    }

    #[test]
    fn setting_twice_gives_the_same(text in mixture(), chars in 6u16..40) {
        prop_assert_eq!(lines(&text, chars), lines(&text, chars));
    }
}
