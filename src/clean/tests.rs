//! Each repair on a line that needs it, and on one that must stay.

use super::*;
use crate::model::{Code as CodeText, Text};
use proptest::prelude::*;

fn cleaned(markup: &str) -> String {
    let mut one = crate::input::blank_article();
    one.body = vec![Block::Paragraph(Text::from_markup(markup))];
    let (done, _) = article(one, &Rules::default());
    match done.body.first() {
        Some(Block::Paragraph(text)) => text.to_markup(),
        _ => String::new(),
    }
}

#[track_caller]
fn stays(markup: &str) {
    assert_eq!(cleaned(markup), Text::from_markup(markup).to_markup());
}

#[test]
fn signs_between_han_become_full_width() {
    assert_eq!(cleaned("清晨,集市(东门)已开:来了?好!"), "清晨，集市（东门）已开：来了？好！");
    assert_eq!(cleaned("桥头**集市**,人多;**船**少."), "桥头**集市**，人多；**船**少。");
    assert_eq!(
        cleaned("增长3.5%,达到1,200人,其中GDP(2022年)最高"),
        "增长3.5%，达到1,200人，其中GDP（2022年）最高"
    );
}

#[test]
fn numbers_times_addresses_code_and_latin_sentences_keep_their_signs() {
    stays("会议8:30开始，比分3:2，共1,200人");
    stays("网址 https://example.org/a,b?c=1:2 和邮箱 a.b@example.org");
    stays("He said (in 北京): yes, well; no!");
    stays("函数`f(x, y)`与f(x)都可以");
    stays("价格1.5元");
}

#[test]
fn code_blocks_are_never_touched() {
    let mut one = crate::input::blank_article();
    let code = Block::Code(CodeText {
        language: None,
        text: "说,\"话\"...  \u{200B}".into(),
        caption: None,
    });
    one.body = vec![code.clone()];
    assert_eq!(article(one, &Rules::default()).0.body, [code]);
}

#[test]
fn straight_quotes_are_paired_and_an_odd_one_stays() {
    assert_eq!(cleaned("他说\"好\",又说\"走\"。"), "他说“好”，又说“走”。");
    assert_eq!(cleaned("所谓'新'与'旧'"), "所谓‘新’与‘旧’");
    assert_eq!(cleaned("他说”好”。"), "他说“好”。");
    stays("屏幕13\"大小");
    stays("It's 他's");
}

#[test]
fn dots_and_hyphens_become_ellipsis_and_dash() {
    assert_eq!(cleaned("他想了想...没说话--走了。。。"), "他想了想……没说话——走了……");
    assert_eq!(cleaned("江南 -- 水乡"), "江南——水乡");
    stays("wait... what");
    stays("1937-1945年，北京—上海");
    stays("……——");
}

#[test]
fn spaces_between_han_go_and_around_latin_stay() {
    assert_eq!(cleaned("清晨 的 集市， 已经开了"), "清晨的集市，已经开了");
    assert_eq!(cleaned("用  Rust  写的 3 个程序"), "用 Rust 写的 3 个程序");
    stays("沈秋白 何田 周明远");
    stays("《江南水乡 桥头集市》的作者");
}

#[test]
fn digits_and_letters_become_half_width() {
    assert_eq!(cleaned("２０２２年ＧＤＰ增长３．５％"), "2022年GDP增长3.5%");
}

#[test]
fn radicals_and_compatibility_ideographs_become_unified() {
    assert_eq!(cleaned("⼤⻔⽇⾦樂"), "大门日金樂");
    assert_eq!(cleaned("ﬁn"), "fin");
}

#[test]
fn invisible_characters_go_and_are_counted() {
    let mut one = crate::input::blank_article();
    one.body = vec![Block::Paragraph(Text::plain("江\u{200B}南\u{E123}水乡\u{FEFF}"))];
    let (done, repairs) = article(one, &Rules::default());
    assert_eq!(plain_of(&done.body), "江南水乡\n");
    let invisible = repairs.iter().find(|r| r.rule == Rule::Invisible).unwrap();
    assert_eq!(invisible.count, 3);
    assert_eq!(
        invisible.samples[1].0,
        "<U+200B>南<U+E123>水乡<U+FEFF>".replace("<U+200B>", "江<U+200B>")
    );
}

#[test]
fn every_rule_can_be_switched_off() {
    let text = "　　江 南,说\"好\"...２\u{200B}⼤";
    for rule in Rule::ALL {
        let mut one = crate::input::blank_article();
        one.body = vec![
            Block::Paragraph(Text::plain(text)),
            Block::Paragraph(Text::plain("长按识别二维码")),
        ];
        let (_, repairs) = article(one.clone(), &Rules::default());
        assert!(repairs.iter().any(|r| r.rule == rule), "{rule:?} does nothing");
        let (_, repairs) = article(one.clone(), &Rules::without(&[rule]));
        assert!(repairs.iter().all(|r| r.rule != rule), "{rule:?} is not off");
        let (same, repairs) = article(one.clone(), &Rules::none());
        assert_eq!((same, repairs.len()), (one, 0));
    }
}

#[test]
fn leading_spaces_and_blank_paragraphs_go() {
    let mut one = crate::input::blank_article();
    one.body = vec![
        Block::Paragraph(Text::plain("\u{3000}\u{3000}一。 ")),
        Block::Paragraph(Text::plain("\u{3000}")),
        Block::Paragraph(Text::plain("二。")),
    ];
    let (done, _) = article(one, &Rules::default());
    assert_eq!(plain_of(&done.body), "一。\n二。\n");
}

proptest! {
    /// Cleaning clean text changes nothing, whatever it was before.
    #[test]
    fn repairs_are_done_once(text in "[江南水乡,.:;?!()\"' 　A-c0-9…。，—“”\\-]{0,40}") {
        let once = cleaned(&text);
        let again = cleaned(&once);
        let thrice = cleaned(&again);
        prop_assert_eq!(again, thrice);
    }

    #[test]
    fn any_text_is_cleaned_without_loss_of_han(text in "\\PC{0,60}") {
        let han = |s: &str| s.chars().filter(|c| ('\u{4E00}'..='\u{9FFF}').contains(c)).collect::<String>();
        let before = Text::from_markup(&text).to_plain();
        let after = Text::from_markup(&cleaned(&text)).to_plain();
        prop_assert!(han(&after).contains(&han(&before)) || before.trim().is_empty() || han(&after).len() >= han(&before).len());
    }
}
