//! Golden lines of the test strings of typesetting.md §17 at many widths.
//!
//! Each line: where it begins, how wide it is (in ems), what it says; below, the distance from glyph
//! to glyph in hundredths of an em. Read a change by eye before accepting it.

use std::fmt::Write as _;

use super::paragraph_tests::STRINGS;
use super::proof::{Proof, dump, proof};

/// Measures, in ems: from a table's cell to a page.
const WIDTHS: [u16; 7] = [6, 8, 10, 13, 16, 20, 27];

fn at_widths(text: &str, change: impl Fn(Proof) -> Proof) -> String {
    let mut out = String::new();
    for chars in WIDTHS {
        // Writing to a String can't fail.
        let _ = writeln!(out, "{chars} ems");
        out.push_str(&dump(&change(proof(chars)).set(text)));
    }
    out
}

#[test]
fn the_test_strings_are_set_as_they_were_judged_good() {
    let all: String =
        STRINGS.iter().map(|text| format!("{text}\n{}\n", at_widths(text, |p| p))).collect();
    insta::assert_snapshot!("test_strings", all);
}

#[test]
fn regions_and_presets_are_set_as_they_were_judged_good() {
    let text = "他說：「走吧。」她問：『去哪兒？』（見《紅樓夢》、《西遊記》）讓·雅克！";
    let mut all = String::new();
    for language in ["zh-Hans", "zh-Hant", "zh-HK", "ja"] {
        let _ = writeln!(all, "{language}\n{}", at_widths(text, |p| p.flush().lang(language)));
    }
    use crate::text::Preset::{Banjiao, Cct, Hangmobanjiao, Kaiming, Plain};
    for preset in [Hangmobanjiao, Kaiming, Banjiao, Cct, Plain] {
        let _ = writeln!(all, "{preset:?}\n{}", at_widths(text, |p| p.flush().preset(preset)));
    }
    insta::assert_snapshot!("regions_and_presets", all);
}

#[test]
fn names_and_readings_are_set_as_they_were_judged_good() {
    let mut all = String::new();
    for text in [
        "在<name>张三</name><name>李四</name>之间，读<book>史记</book><book>汉书</book>。",
        "{装|zhuāng}{双|shuāng}{窗|chuāng}的{人|rén}，他{长|zhǎng}大了。",
    ] {
        let _ = writeln!(all, "{text}\n{}", at_widths(text, |p| p));
    }
    insta::assert_snapshot!("names_and_readings", all);
}
