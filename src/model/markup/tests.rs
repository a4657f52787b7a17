use proptest::prelude::*;

use super::*;
use crate::model::{At, Inline, InlineImage, RubyPair};

fn t(source: &str) -> Text {
    Text::from_markup(source)
}

fn pairs(source: &str) -> Vec<(String, String)> {
    match &t(source).0[..] {
        [Inline::Ruby(pairs)] => {
            pairs.iter().map(|p| (p.base.clone(), p.reading.clone())).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn own(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(base, reading)| (base.to_string(), reading.to_string())).collect()
}

#[test]
fn block_markers_at_the_beginning_of_a_string_are_text() {
    for source in [
        "1. foo",
        "# foo",
        "- foo",
        "> foo",
        "---",
        "  foo",
        "    foo",
        "| a | b |",
        "+++",
        "***",
        "```",
        "<p>",
        "[a]: b",
    ] {
        assert_eq!(t(source), Text::plain(source), "{source}");
        if !source.contains(['*', '`']) {
            let marked = format!("{source} **b**");
            assert_eq!(t(&marked).to_plain(), format!("{source} b"), "{marked}");
        }
    }
}

#[test]
fn a_newline_between_han_vanishes_and_is_a_space_elsewhere() {
    assert_eq!(t("你好\n世界"), Text::plain("你好世界"));
    assert_eq!(t("你好，\n“世界”"), Text::plain("你好，“世界”"));
    assert_eq!(t("one\ntwo"), Text::plain("one two"));
    assert_eq!(t("你好\nworld"), Text::plain("你好 world"));
    assert_eq!(t("你好\n\n  世界"), Text::plain("你好世界"));
    assert_eq!(t("한글\n한글"), Text::plain("한글 한글"));
    assert_eq!(t("**你好**\n世界").to_plain(), "你好世界");
    assert_eq!(t("**one**\n*two*").to_plain(), "one two");
    assert_eq!(t("1\n- b\n# c"), Text::plain("1 - b # c"));
    assert_eq!(t("a\\\nb").0[1], Inline::LineBreak);
}

#[test]
fn emphasis_works_beside_chinese_punctuation() {
    assert_eq!(
        t("**“重要”**的事"),
        Text(vec![Inline::Strong("“重要”".into()), Inline::Plain("的事".into())])
    );
    assert_eq!(t("这是*重点*。").0[1], Inline::Emphasis("重点".into()));
}

#[test]
fn ruby_is_distributed_when_counts_agree() {
    assert_eq!(pairs("{漢字|hàn zì}"), own(&[("漢", "hàn"), ("字", "zì")]));
    assert_eq!(pairs("{漢|hàn}"), own(&[("漢", "hàn")]));
    assert_eq!(pairs("{今日|きょう}"), own(&[("今日", "きょう")]));
    let html = "<ruby>漢<rp>(</rp><rt>hàn</rt><rp>)</rp>字<rt>zì</ruby>";
    assert_eq!(pairs(html), own(&[("漢", "hàn"), ("字", "zì")]));
    for text in ["\\{a|b}", "{a|}", "{|b}", "{a}", "{a|b|c}"] {
        assert_eq!(t(text).to_plain(), text.trim_start_matches('\\'), "{text}");
    }
    assert_eq!(t("`{a|b}`"), Text(vec![Inline::Code("{a|b}".into())]));
}

#[test]
fn ranges_and_powers_are_not_markup() {
    for text in
        ["3~5天，10~20天", "2^10 与 2^20", "a == b and c == d", "snake_case_name", "5 * 3 * 2"]
    {
        assert_eq!(t(text), Text::plain(text));
    }
    assert_eq!(t("x^2^").0[1], Inline::Superscript("2".into()));
    assert_eq!(t("~~删~~").0[0], Inline::Strike("删".into()));
    assert_eq!(t("==亮==").0[0], Inline::Highlight("亮".into()));
}

#[test]
fn html_tags_stand_for_inlines() {
    let kinds: [(&str, fn(Text) -> Inline); 12] = [
        ("u", Inline::Underline),
        ("s", Inline::Strike),
        ("del", Inline::Strike),
        ("mark", Inline::Highlight),
        ("sup", Inline::Superscript),
        ("sub", Inline::Subscript),
        ("b", Inline::Strong),
        ("strong", Inline::Strong),
        ("i", Inline::Emphasis),
        ("name", Inline::ProperName),
        ("book", Inline::BookTitle),
        ("cite", Inline::BookTitle),
    ];
    for (tag, kind) in kinds {
        assert_eq!(t(&format!("<{tag}>文</{tag}>")), Text(vec![kind("文".into())]), "{tag}");
    }
    assert_eq!(t("<code>a*b*</code>").to_plain(), "ab");
    assert_eq!(t("一<br>二<br/>三").0.len(), 5);
    let foreign = Inline::Foreign { language: "en".parse().unwrap(), text: "a".into() };
    assert_eq!(t("<span lang=\"en\">a</span>"), Text(vec![foreign]));
    let nested = t("<u>一**二<s>三</s>**</u>");
    assert_eq!(nested.to_plain(), "一二三");
}

#[test]
fn unknown_and_unclosed_tags_stay_text_and_are_remarked() {
    for source in ["一<foo>二", "一<u>二", "一</u>二", "a <b"] {
        let (text, remarks) = parse(source, Some(Origin::FILE));
        assert_eq!(text.to_plain(), source);
        assert_eq!(remarks.len(), usize::from(source.contains('>')), "{source}");
    }
    assert_eq!(t("一<!-- 注 -->二").to_plain(), "一二");
}

#[test]
fn places_are_those_of_the_source() {
    let origin = Origin { start: Pos::new(7, 11), indent: Some(2) };
    let text = Text::from_markup_at("一[^注]\n**二** [甲](x) ![](p.png)", origin);
    let mut places = Vec::new();
    text.visit(&mut |inline| match inline {
        Inline::NoteRef(label) => places.push(label.pos.unwrap()),
        Inline::Link { target, .. } => places.push(target.pos.unwrap()),
        Inline::Image(image) => places.push(image.src.pos.unwrap()),
        _ => {}
    });
    assert_eq!(places, [Pos::new(7, 12), Pos::new(8, 9), Pos::new(8, 16)]);
}

#[test]
fn note_references_need_no_definition_in_the_string() {
    assert_eq!(t("文[^a_b]").0[1], Inline::NoteRef(At::from("a_b".to_owned())));
    assert_eq!(t("`[^a]`").0[0], Inline::Code("[^a]".into()));
    assert_eq!(t("\\[^a]").to_plain(), "[^a]");
    assert_eq!(t("[^a b]").to_plain(), "[^a b]");
}

#[test]
fn deep_markup_keeps_its_text() {
    let deep = format!("{}x{}", "<u>".repeat(500), "</u>".repeat(500));
    assert!(t(&deep).to_plain().contains('x'));
    let deep = format!("{}x{}", "*a ".repeat(500), " b*".repeat(500));
    assert!(t(&deep).to_plain().contains('x'));
}

fn plain() -> impl Strategy<Value = String> {
    let chars = prop_oneof![
        6 => "[一-龥a-z0-9，。“” ]".prop_map(|s: String| s),
        3 => "[\\\\`*_\\[\\]<>&~^={}!|\"'#+.:;()$%@/-]".prop_map(|s: String| s),
        1 => Just("\u{3000}".to_owned()),
    ];
    prop::collection::vec(chars, 1..8).prop_map(|parts| parts.concat())
}

fn inline() -> impl Strategy<Value = Inline> {
    let word = "[一-龥a-z]{1,3}";
    let leaf = prop_oneof![
        6 => plain().prop_map(Inline::Plain),
        1 => plain().prop_map(Inline::Code),
        1 => Just(Inline::LineBreak),
        1 => word.prop_map(|s: String| Inline::NoteRef(At::from(s))),
        1 => (plain(), plain()).prop_map(|(src, alt)| {
            Inline::Image(InlineImage { src: At::from(src), alt })
        }),
        1 => prop::collection::vec((word, "[a-zàì]{1,4}"), 1..4).prop_map(|pairs| {
            let pair = |(base, reading): (String, String)| RubyPair { base, reading };
            Inline::Ruby(pairs.into_iter().map(pair).collect())
        }),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let text = prop::collection::vec(inner, 1..4).prop_map(|inlines| {
            let mut text = Text(inlines);
            text.normalise();
            text
        });
        let kinds: Vec<fn(Text) -> Inline> = vec![
            Inline::Strong,
            Inline::Emphasis,
            Inline::Superscript,
            Inline::Subscript,
            Inline::ProperName,
            Inline::BookTitle,
            Inline::Underline,
            Inline::Strike,
            Inline::Highlight,
        ];
        prop_oneof![
            4 => (prop::sample::select(kinds), text.clone()).prop_map(|(kind, text)| kind(text)),
            1 => text.prop_map(|text| Inline::Foreign { language: "en".parse().unwrap(), text }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// What is printed reads back to the same text.
    #[test]
    fn printing_and_reading_are_inverse(inlines in prop::collection::vec(inline(), 0..6)) {
        let mut text = Text(inlines);
        text.normalise();
        let markup = text.to_markup();
        prop_assert_eq!(Text::from_markup(&markup), text, "{}", markup);
    }

    /// Any string can be read, and what was read prints and reads back.
    #[test]
    fn reading_never_fails(source in "[一二，a-c 0-9\\\\`*_\\[\\]<>&~^={}!|\"#()/u\n-]{0,40}") {
        let text = Text::from_markup(&source);
        let markup = text.to_markup();
        prop_assert_eq!(Text::from_markup(&markup), text, "{}", markup);
    }
}
