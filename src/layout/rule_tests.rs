//! One rule of typesetting.md each, as a reader would see it broken.

use super::proof::{Proof, Set, proof};
use super::style::TextStyle;
use crate::text::{Kinsoku, ParagraphStart, Preset};
use crate::theme::Role;
use crate::units::Em;

/// The text of each line.
fn texts(lines: &[Set]) -> Vec<&str> {
    lines.iter().map(|l| l.text.as_str()).collect()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6
}

/// Where the glyph of a character stands on a line.
fn place(line: &Set, c: char) -> f64 {
    let index = line.text.chars().position(|x| x == c).unwrap();
    line.places[index]
}

#[test]
fn marks_at_the_edges_lose_their_outer_blank() {
    // Ten ems: the opening quote's left blank is cut at the line's start, the stop's at its end.
    let set = proof(10).flush().set("“一二三四五六七八九。");
    assert_eq!(set.len(), 1);
    assert!(close(set[0].width, 100.0), "{}", set[0].width);
}

#[test]
fn pairs_of_marks_are_tightened_across_a_change_of_style() {
    let bold: fn(&mut TextStyle) = |s| s.role = Role::Bold;
    let plain: fn(&mut TextStyle) = |_| {};
    let whole = proof(20).flush().set_pieces(&[("好。”他", plain)]);
    let parted = proof(20).flush().set_pieces(&[("好。", bold), ("”他", plain)]);
    assert!(close(whole[0].width, 35.0), "{}", whole[0].width);
    assert!((parted[0].width - 35.0).abs() < 0.5, "{}", parted[0].width);
    let linked = proof(20).flush().set("好[。](https://example.org)”他");
    assert!(close(linked[0].width, 35.0), "{}", linked[0].width);
}

#[test]
fn han_and_latin_stand_a_quarter_em_apart_whether_a_space_was_typed_or_not() {
    let typed = proof(20).flush().set("用 A 字");
    let untyped = proof(20).flush().set("用A字");
    assert!(close(typed[0].width, untyped[0].width));
    assert!(close(untyped[0].places[1], 12.5));
}

#[test]
fn the_gap_of_han_and_latin_works_across_bold_links_and_code() {
    for markup in ["用**A**字", "用[A](https://example.org)字", "用`A`字", "用`(`字", "用`字`字"]
    {
        let set = proof(20).flush().set(markup);
        // Of the smaller type, where sizes differ.
        let gap = if markup.contains('`') { 2.25 } else { 2.5 };
        assert!(close(set[0].places[1], 10.0 + gap), "{markup}: {:?}", set[0].places);
    }
}

#[test]
fn a_wide_unit_sign_needs_no_gap_after_it() {
    let set = proof(20).flush().set("３０％的");
    assert!(close(set[0].pitches()[2] as f64, 100.0), "{:?}", set[0].pitches());
}

#[test]
fn exclamations_and_questions_in_pairs_take_one_em_and_three_take_two() {
    for (text, ems) in [("真？！的", 3.0), ("真！！的", 3.0), ("真！！！的", 4.0), ("真？的", 3.0)]
    {
        let width = proof(20).flush().set(text)[0].width;
        assert!(close(width, ems * 10.0), "{text}: {width}");
    }
}

#[test]
fn an_interpunct_is_half_an_em_in_mainland_text_and_one_em_elsewhere() {
    for (language, ems) in [("zh-Hans", 2.5), ("zh-Hant", 3.0), ("zh-HK", 3.0), ("ja", 3.0)] {
        let width = proof(20).flush().lang(language).set("让·雅")[0].width;
        assert!(close(width, ems * 10.0), "{language}: {width}");
    }
}

#[test]
fn a_paragraph_that_opens_with_a_mark_stands_as_the_house_has_it() {
    // Where the ink of the quote's frame begins, and where the first Han character stands.
    for (start, han) in
        [(ParagraphStart::Keep, 30.0), (ParagraphStart::Trim, 25.0), (ParagraphStart::Hang, 20.0)]
    {
        let set = proof(20).house(|t| t.paragraph_start = start).set("“一二三四");
        assert!(close(place(&set[0], '一'), han), "{start:?}: {:?}", set[0].places);
    }
}

#[test]
fn a_stop_hangs_only_if_the_house_hangs_and_the_text_before_it_stays_flush() {
    let text = "一二三四五六七八九十。甲乙丙丁戊己庚辛壬癸子丑";
    let kept = proof(10).flush().set(text);
    assert!(!kept[0].text.ends_with('。'), "{:?}", kept[0].text);
    let hung = proof(10).flush().house(|t| t.hanging = true).set(text);
    assert_eq!(hung[0].text, "一二三四五六七八九十。");
    assert!(close(place(&hung[0], '十'), 90.0) && close(hung[0].width, 100.0), "{:?}", hung[0]);
    // Taiwan and Hong Kong do not hang; nor does one of several marks.
    let hant = proof(10).flush().lang("zh-Hant").house(|t| t.hanging = true).set(text);
    assert!(!hant[0].text.ends_with('。'), "{:?}", hant[0].text);
    let pair = proof(10)
        .flush()
        .house(|t| t.hanging = true)
        .set("一二三四五六七八九十。”甲乙丙丁戊己庚辛壬癸子丑");
    assert!(
        pair.iter().all(|l| l.width <= 100.01 && !l.text.ends_with('。')),
        "{:?}",
        texts(&pair)
    );
}

#[test]
fn a_mark_keeps_the_least_blank_that_the_house_gives_it() {
    // Twelve ems and half a stop more: the comma would have to give half an em.
    let text = "一二三四，五六七八九十子。丑寅卯辰巳午未申酉戌亥";
    let squeezed = proof(12).flush().set(text);
    let quarter = proof(12).flush().house(|t| t.mark_blank = Em(0.25)).set(text);
    assert!(squeezed[0].pitches().contains(&50), "{squeezed:?}");
    assert!(quarter.iter().all(|l| l.pitches().iter().all(|p| *p >= 75)), "{quarter:?}");
}

#[test]
fn presets_set_a_sentence_to_their_own_width() {
    let text = "他说：“走吧。”她问。甲";
    // Seven characters and ： “ 。 ” 。
    for (preset, ems) in [
        (Preset::Quanjiao, 11.0),
        (Preset::Hangmobanjiao, 12.0),
        (Preset::Kaiming, 10.0),
        (Preset::Banjiao, 9.5),
        (Preset::Plain, 12.0),
    ] {
        let width = proof(30).flush().preset(preset).set(text)[0].width;
        assert!(close(width, ems * 10.0), "{preset:?}: {width}");
    }
}

#[test]
fn dash_and_ellipsis_are_one_mark_of_two_ems_in_every_face() {
    for role in [Role::Song, Role::Hei, Role::Bold, Role::Kai, Role::Mono] {
        let set = Proof { role, ..proof(20).flush() }.set("是——的……好");
        let line = &set[0];
        assert!(close(place(line, '的') - place(line, '是'), 30.0), "{role:?}: {:?}", line.places);
        assert!(close(place(line, '好') - place(line, '的'), 30.0), "{role:?}: {:?}", line.places);
        // One glyph, stretched, for the dash: nothing to part in the middle.
        let dashes = line.runs.iter().filter(|r| r.0.contains('—')).count();
        assert_eq!(dashes, 1, "{role:?}: {:?}", line.runs);
        assert!(line.runs.iter().any(|r| r.0 == "——"), "{role:?}: {:?}", line.runs);
    }
}

#[test]
fn regions_draw_their_own_forms() {
    let hans = proof(20).flush().set("骨，");
    let hant = proof(20).flush().lang("zh-Hant").set("骨，");
    // The comma of Taiwan stands in the middle of its frame: at the line's end it keeps half of it.
    assert!(hant[0].width > hans[0].width, "{hant:?}");
}

#[test]
fn centred_marks_give_up_blank_on_both_sides() {
    // Eight ems and three quarters of a stop more have to become eight.
    let set = proof(8).flush().lang("zh-Hant").set("一二，三四，五六。七八九十一二三");
    let line = &set[0];
    assert!(line.text.ends_with('。'), "{:?}", texts(&set));
    let before = place(line, '，') - place(line, '二');
    let after = place(line, '三') - place(line, '，');
    assert!((before - after).abs() < 0.1 && after < 9.0, "{line:?}");
}

#[test]
fn japanese_indents_and_breaks_by_its_own_rules() {
    for chars in 6..20 {
        for line in proof(chars)
            .flush()
            .lang("ja")
            .set("キャッチャーがボールをとってシュッとなげた。「ヴァイオリン」ゃ")
            .iter()
            .skip(1)
        {
            let first = line.text.chars().next().unwrap();
            assert!(!"ャッーゃ。」".contains(first), "{chars}: {:?}", line.text);
        }
    }
}

#[test]
fn korean_is_broken_between_words_and_spaced_at_them() {
    let text =
        "모든 국민은 인간으로서의 존엄과 가치를 가지며, 大韓民國은 행복을 추구할 권리를 가진다.";
    let words: Vec<&str> = text.split(' ').collect();
    for chars in 8..20 {
        let set = proof(chars).flush().lang("ko").set(text);
        for line in &set {
            for word in line.text.split_whitespace() {
                assert!(words.contains(&word), "{chars}: {word} in {:?}", texts(&set));
            }
        }
    }
}

#[test]
fn latin_words_are_hyphenated_in_the_language_of_their_run() {
    let markup =
        |lang: &str| format!("一二三四<span lang=\"{lang}\">Zusammenhangsamkeitswort</span>五六");
    let german = proof(10).flush().set(&markup("de"));
    let none = proof(10).flush().set(&markup("vi"));
    assert!(german[0].text.ends_with('\u{AD}'), "{:?}", texts(&german));
    assert_ne!(texts(&german), texts(&none));
}

#[test]
fn headings_turn_at_words_and_the_first_line_is_the_longer() {
    for (text, chars) in [
        ("关于进一步加强城市社区图书室建设的若干意见", 14),
        ("中国式现代化的历史逻辑与现实路径", 10),
        ("第三章 人类命运共同体的理论渊源", 12),
        ("一、新时代青年的责任与担当问题研究", 11),
    ] {
        let set = Proof { heading: true, ..proof(chars).flush() }.set(text);
        assert!(set.len() >= 2, "{text}");
        for pair in set.windows(2) {
            assert!(pair[0].width + 1e-6 >= pair[1].width, "{:?}", texts(&set));
        }
    }
    let set = Proof { heading: true, ..proof(12).flush() }.set("第三章 人类命运共同体的理论渊源");
    assert!(set[0].text.starts_with("第三章 人类"), "{:?}", texts(&set));
}

#[test]
fn readings_never_touch_and_stand_flush_at_the_edges() {
    let word = "{装|zhuāng}{双|shuāng}{窗|chuāng}";
    for chars in 5..12 {
        let set = proof(chars).flush().set(&word.repeat(6));
        for line in &set {
            let readings: Vec<_> = line.runs.iter().filter(|r| r.3 < 6.0).collect();
            for pair in readings.windows(2) {
                // A reading of six letters in five-point type is about 16 points wide.
                assert!(pair[1].1 - pair[0].1 > 15.0 + 2.5 - 1.0, "{chars}: {readings:?}");
            }
            assert!(readings.iter().all(|r| r.1 >= -1e-6), "{chars}: {readings:?}");
            assert!(line.width <= f64::from(chars) * 10.0 + 0.01, "{chars}: {}", line.width);
        }
    }
}

#[test]
fn characters_of_one_word_are_spread_alike_under_readings() {
    let set = proof(20).flush().set("看{一双鞋|yì shuāng xié}了");
    let xs: Vec<f64> = ['一', '双', '鞋'].map(|c| place(&set[0], c)).to_vec();
    assert!(close(xs[1] - xs[0], xs[2] - xs[1]), "{xs:?}");
}

#[test]
fn a_reading_may_stand_over_a_neighbour_that_has_none() {
    let plain = proof(20).flush().set("他装了");
    let read = proof(20).flush().set("他{装|zhuāng}了");
    // The reading is a good em and a half wide: it stands out over both neighbours.
    assert!(close(place(&plain[0], '了'), place(&read[0], '了')), "{read:?}");
}

#[test]
fn adjacent_names_have_lines_of_their_own_and_a_name_has_one_for_each_line() {
    let set = proof(20).flush().set("<name>张三</name><name>李四</name>");
    let lines = &set[0].shapes;
    assert_eq!(lines.len(), 2);
    assert!(lines[1].0 - lines[0].1 > 1.5, "{lines:?}");
    // Bold inside a name does not cut its line; a break does.
    let one = proof(20).flush().set("<name>欧阳**文**忠</name>");
    assert_eq!(one[0].shapes.len(), 1);
    let parted = proof(6).flush().set("一二三四<name>欧阳文忠</name>五六七八");
    assert!(parted.iter().all(|l| l.shapes.len() <= 1) && parted[0].shapes.len() == 1);
}

#[test]
fn underlines_pass_over_marks_and_stop_at_the_text() {
    let set = proof(20).flush().set("<u>甲乙，丙A</u>字");
    let lines = &set[0].shapes;
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(close(lines[0].1, 20.0), "{lines:?}");
    // The line ends with the letter, a quarter em before the next character.
    assert!(lines[1].1 < place(&set[0], '字') - 2.0, "{lines:?}");
}

#[test]
fn dots_stand_under_han_only_and_outside_a_line_below_the_text() {
    let dots = |markup: &str| proof(20).flush().set(markup)[0].shapes.clone();
    assert_eq!(dots("*甲，乙。*").len(), 2);
    let both = dots("<u>*甲*</u>");
    assert_eq!(both.len(), 2);
    assert!(both[1].2 > both[0].3, "{both:?}");
}

#[test]
fn nothing_in_a_line_moves_its_baseline() {
    let set = proof(30).flush().set("甲^2^{乙|yǐ}H~2~O`code`丙");
    for (text, _, y, size) in &set[0].runs {
        let script = *size < 8.0;
        assert!(script || y.abs() < 1e-9, "{text}: {y}");
    }
}

#[test]
fn levels_of_prohibition_reach_the_page() {
    let at = |kinsoku| proof(5).flush().house(|t| t.kinsoku = kinsoku).set("一二三四五——六七八");
    assert!(at(Kinsoku::Gb)[1].text.starts_with('—'));
    assert!(!at(Kinsoku::Strict)[1].text.starts_with('—'));
}

#[test]
fn a_raised_mark_stands_close_to_the_stop_before_it() {
    let set = proof(20).flush().set("好。^注^他");
    assert!(close(place(&set[0], '注') - place(&set[0], '。'), 5.0), "{:?}", set[0].places);
}
