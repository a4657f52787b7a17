//! Where a line may end: UAX #14 opportunities tailored for Chinese.
//!
//! UAX #14 (through `icu_segmenter`) decides between letters, digits and foreign scripts. Wherever a
//! Han character or a Chinese mark stands on either side, the rules here decide instead, since
//! UAX #14 lets `·` start a line and CSS lets `：！` do (typesetting.md §2.2).

use icu_segmenter::LineSegmenter;
use icu_segmenter::options::{LineBreakOptions, LineBreakStrictness};

use super::Class;
use super::shape::OBJECT;

/// How strict line starts and ends are kept (禁则). Source: CLREQ
/// §prohibition_rules_for_line_start_end; GB/T 15834 5.1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kinsoku {
    /// No prohibitions but unbreakable pairs.
    None,
    /// No closing mark, stop, connector or interpunct starts a line, no opening mark ends one.
    Basic,
    /// As `basic`, and a solidus does not end a line.
    #[default]
    Gb,
    /// As `gb`, and dashes and ellipses do not start a line.
    Strict,
}

/// Whether a line may end between two characters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Opportunity {
    /// It may not.
    #[default]
    Forbidden,
    /// It may.
    Allowed,
    /// It may, but had better not: a number and the Han unit after it (2024年).
    Discouraged,
    /// It may if the line would be torn open otherwise: inside a run of three or more marks.
    Tolerated,
    /// Only so that nothing runs off the page: between marks that are wider than the line.
    LastResort,
    /// It may with a hyphen.
    Hyphen,
    /// It must.
    Mandatory,
}

/// Settings of the search for opportunities.
#[derive(Debug, Clone, Copy)]
pub struct Breaks {
    /// Prohibitions.
    pub kinsoku: Kinsoku,
}

/// Shortest part of a hyphenated word before and after the hyphen, in letters.
const HYPHEN_MIN: (usize, usize) = (2, 3);
/// Words shorter than this are not hyphenated: the gain is not worth the disturbance.
const HYPHEN_WORD: usize = 6;

impl Breaks {
    /// Opportunities of a paragraph.
    ///
    /// - `classes` comes from [`super::classify`];
    /// - `hyphens`: for a character's index, the language in whose words it may stand, or `None`
    ///   where words are not hyphenated.
    ///
    /// Returns one entry for each character: whether a line may end **after** it. The last one is
    /// always [`Opportunity::Mandatory`].
    pub fn find(
        &self,
        chars: &[char],
        classes: &[Class],
        hyphens: impl Fn(usize) -> Option<hypher::Lang>,
    ) -> Vec<Opportunity> {
        let n = chars.len();
        let mut out = uax14(chars);
        // Dashes or ellipses in a row up to here: they part between pairs only.
        let mut drawn = 0;
        for (i, slot) in out.iter_mut().enumerate().take(n.saturating_sub(1)) {
            let run_goes_on = i > 0 && classes[i - 1] == classes[i] && chars[i - 1] == chars[i];
            drawn = if run_goes_on { drawn + 1 } else { 1 };
            if let Some(opportunity) = self.tailored(chars, classes, i, drawn) {
                *slot = opportunity;
            }
        }
        if matches!(self.kinsoku, Kinsoku::Basic | Kinsoku::Gb) {
            tolerate_in_runs(classes, &mut out);
        }
        hyphenate(chars, classes, hyphens, &mut out);
        break_addresses(chars, classes, &mut out);
        super::bound::keep(chars, classes, &mut out);
        if let Some(last) = out.last_mut() {
            *last = Opportunity::Mandatory;
        }
        out
    }

    /// The rule for the place after `i`, or `None` where UAX #14 decides.
    fn tailored(
        &self,
        chars: &[char],
        classes: &[Class],
        i: usize,
        drawn: usize,
    ) -> Option<Opportunity> {
        use Class::{
            Close, Connector, Dash, Digit, Ellipsis, Han, Hangul, Interpunct, Latin, Newline,
            NoteMark, Open, Pause, Postfix, Prefix, Solidus, Space, Stop,
        };
        use Opportunity::{Allowed, Discouraged, Forbidden, Mandatory};
        let (left, right) = (classes[i], classes[i + 1]);
        if left == Newline {
            return Some(Mandatory);
        }
        if right == Newline || right == NoteMark || super::shape::is_combining(chars[i + 1]) {
            return Some(Forbidden);
        }
        // A space belongs to the line it ends; what stands beyond it decides.
        if right == Space {
            return Some(Forbidden);
        }
        if left == Space {
            let before = classes[..i].iter().rposition(|c| *c != Space);
            let opening = before.is_some_and(|p| {
                classes[p] == Open || (classes[p] == Latin && is_western_opening(chars[p]))
            });
            let before = before.map(|p| classes[p]);
            // A quote that begins a word after a space is an apostrophe (’tis).
            let apostrophe =
                chars[i + 1] == '’' && chars.get(i + 2).is_some_and(|c| c.is_alphanumeric());
            let closing = matches!(right, Close | Pause | Stop)
                || (right == Latin && is_western_closing(chars[i + 1]) && !apostrophe);
            // iPhone 15, 3 GB: a number and the word it counts or numbers had better stay together.
            let counted = matches!((before, right), (Some(Digit), Latin) | (Some(Latin), Digit));
            return Some(if opening || (closing && self.kinsoku != Kinsoku::None) {
                Forbidden
            } else if counted {
                Discouraged
            } else {
                Allowed
            });
        }
        match (left, right) {
            (Digit, Digit) | (Prefix, Digit) | (Digit, Postfix) => return Some(Forbidden),
            (Dash, Dash) | (Ellipsis, Ellipsis) => {
                let whole = chars[i] != chars[i + 1] || chars[i] == '⸺' || drawn.is_multiple_of(2);
                return Some(if whole { Allowed } else { Forbidden });
            }
            // Korean is set by words: only its spaces are opportunities.
            (Hangul, Hangul | Latin | Digit | Prefix | Postfix)
            | (Latin | Digit | Prefix | Postfix, Hangul) => return Some(Forbidden),
            (Latin | Digit | Prefix | Postfix, Latin | Digit | Prefix | Postfix) => return None,
            _ => {}
        }
        if self.kinsoku != Kinsoku::None {
            let starts_badly = match right {
                Close | Pause | Stop | Connector | Interpunct | Solidus | Postfix => true,
                Dash | Ellipsis => self.kinsoku == Kinsoku::Strict,
                Latin => is_western_closing(chars[i + 1]),
                Han => is_small_kana(chars[i + 1]),
                _ => false,
            };
            let ends_badly = match left {
                Open | Prefix => true,
                Solidus => self.kinsoku != Kinsoku::Basic,
                Latin => is_western_opening(chars[i]),
                _ => false,
            };
            if starts_badly || ends_badly {
                return Some(Forbidden);
            }
        }
        Some(match (left, right) {
            (Digit, Han) if chars[i + 1] != OBJECT => Discouraged,
            _ => Allowed,
        })
    }
}

/// Western marks that stay with what they follow.
pub(crate) fn is_western_closing(c: char) -> bool {
    matches!(c, '!' | ')' | ',' | '.' | ':' | ';' | '?' | ']' | '}' | '”' | '’' | '…')
}

/// Western marks that stay with what they precede.
pub(crate) fn is_western_opening(c: char) -> bool {
    matches!(c, '(' | '[' | '{' | '“' | '‘')
}

/// In a run of three or more marks (。』」) a break is tolerated where the line would otherwise be
/// too loose (CLREQ §prohibition_rules_for_line_start_end, note). What stands before the run and its
/// first mark stay together.
fn tolerate_in_runs(classes: &[Class], out: &mut [Opportunity]) {
    let closes = |c: Class| matches!(c, Class::Close | Class::Pause | Class::Stop);
    let mut i = 0;
    while i < classes.len() {
        let run = classes[i..].iter().take_while(|c| closes(**c)).count();
        if run >= 3 {
            out[i..i + run - 1].fill(Opportunity::Tolerated);
        }
        i += run.max(1);
    }
}

/// Raw UAX #14 opportunities, without Southeast Asian dictionaries.
fn uax14(chars: &[char]) -> Vec<Opportunity> {
    let mut options = LineBreakOptions::default();
    options.strictness = Some(LineBreakStrictness::Strict);
    let segmenter = LineSegmenter::new_for_non_complex_scripts(options);
    let mut out = vec![Opportunity::Forbidden; chars.len()];
    let text: String = chars.iter().collect();
    let mut index = 0;
    let mut byte = 0;
    for stop in segmenter.segment_str(&text) {
        while byte < stop {
            byte += chars[index].len_utf8();
            index += 1;
        }
        if index > 0 {
            out[index - 1] = Opportunity::Allowed;
        }
    }
    out
}

fn hyphenate(
    chars: &[char],
    classes: &[Class],
    language_at: impl Fn(usize) -> Option<hypher::Lang>,
    out: &mut [Opportunity],
) {
    let mut i = 0;
    while i < chars.len() {
        let start = i;
        while i < chars.len() && classes[i] == Class::Latin && chars[i].is_alphabetic() {
            i += 1;
        }
        let word: String = chars[start..i].iter().collect();
        // Words in capitals and with inner capitals (iPhone, GPT) are names: they stay whole.
        let plain = chars[start..i].iter().skip(1).all(|c| c.is_lowercase());
        // A part of something longer (an address, a file name) is no word.
        let alone = |c: Option<&char>| {
            c.is_none_or(|c| !matches!(c, '/' | '.' | '_' | '@' | '-' | '#' | '\\'))
        };
        let end_ok = alone(chars.get(i)) || matches!(chars.get(i + 1), None | Some(' '));
        let whole = (start == 0 || alone(chars.get(start - 1))) && end_ok;
        if i - start >= HYPHEN_WORD
            && plain
            && whole
            && let Some(language) = language_at(start)
        {
            let mut at = start;
            for syllable in hypher::hyphenate(&word, language) {
                at += syllable.chars().count();
                if at - start >= HYPHEN_MIN.0 && i - at >= HYPHEN_MIN.1 {
                    out[at - 1] = Opportunity::Hyphen;
                }
            }
        }
        i = i.max(start + 1);
    }
}

/// Long addresses and paths break after / . ? & = - _ without a hyphen (typesetting.md §2.4), and
/// between letters rather than tear a line open.
fn break_addresses(chars: &[char], classes: &[Class], out: &mut [Opportunity]) {
    let mut i = 0;
    while i < chars.len() {
        let start = i;
        while i < chars.len()
            && matches!(
                classes[i],
                Class::Latin | Class::Digit | Class::Postfix | Class::Prefix | Class::Solidus
            )
        {
            i += 1;
        }
        let token = &chars[start..i];
        let slashes = token.iter().filter(|c| **c == '/').count();
        if token.len() >= 12 && (slashes >= 2 || token.starts_with(&['w', 'w', 'w', '.'])) {
            for at in start + 1..i.saturating_sub(1) {
                let after = chars[at + 1];
                out[at] = match chars[at] {
                    '/' if after != '/' => Opportunity::Allowed,
                    '.' | '?' | '&' | '=' | '-' | '_' | '#' | '%' if after.is_alphanumeric() => {
                        Opportunity::Allowed
                    }
                    // Inside its words only where nothing better fills the line, and never so
                    // that a letter or two stands alone.
                    c if c.is_alphanumeric()
                        && after.is_alphanumeric()
                        && at >= start + 2
                        && at + 3 < i =>
                    {
                        Opportunity::Discouraged
                    }
                    _ => Opportunity::Forbidden,
                };
            }
        }
        i = i.max(start + 1);
    }
}

/// Small kana, the long-vowel sign and iteration marks (JLREQ cl-09, cl-10, cl-11).
fn is_small_kana(c: char) -> bool {
    matches!(
        c,
        'ぁ' | 'ぃ'
            | 'ぅ'
            | 'ぇ'
            | 'ぉ'
            | 'っ'
            | 'ゃ'
            | 'ゅ'
            | 'ょ'
            | 'ゎ'
            | 'ゕ'
            | 'ゖ'
            | 'ァ'
            | 'ィ'
            | 'ゥ'
            | 'ェ'
            | 'ォ'
            | 'ッ'
            | 'ャ'
            | 'ュ'
            | 'ョ'
            | 'ヮ'
            | 'ヵ'
            | 'ヶ'
            | '\u{31F0}'..='\u{31FF}' | 'ー' | '々' | '〻' | 'ゝ' | 'ゞ' | 'ヽ' | 'ヾ'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::classify;

    /// The text with `|` wherever a line may end, `-` for a hyphen, `~` where it had better not.
    fn marked(text: &str, kinsoku: Kinsoku) -> String {
        let chars: Vec<char> = text.chars().collect();
        let classes = classify(&chars, true);
        let found = Breaks { kinsoku }.find(&chars, &classes, |_| Some(hypher::Lang::English));
        let mut out = String::new();
        for (c, o) in chars.iter().zip(&found[..chars.len() - 1]) {
            out.push(*c);
            match o {
                Opportunity::Allowed => out.push('|'),
                Opportunity::Discouraged => out.push('~'),
                Opportunity::Hyphen => out.push('-'),
                Opportunity::Tolerated => out.push('?'),
                _ => {}
            }
        }
        out.push(chars[chars.len() - 1]);
        out
    }

    #[test]
    fn no_line_starts_with_a_closing_mark_or_ends_with_an_opening_one() {
        assert_eq!(marked("他说：“走吧。”她", Kinsoku::Basic), "他|说：|“走|吧。”|她");
        assert_eq!(marked("让·雅克·卢梭", Kinsoku::Basic), "让·|雅|克·|卢|梭");
        assert_eq!(
            marked("《红楼梦》《西游记》、（见）。", Kinsoku::Basic),
            "《红|楼|梦》|《西|游|记》、|（见）。"
        );
    }

    #[test]
    fn dash_and_ellipsis_pairs_hold_together_and_obey_both_neighbours() {
        assert_eq!(marked("甲——乙，——丙——，丁", Kinsoku::Basic), "甲|——|乙，|——|丙|——，|丁");
        assert_eq!(marked("甲……乙", Kinsoku::Strict), "甲……|乙");
        assert_eq!(marked("甲…………乙", Kinsoku::Basic), "甲|……|……|乙");
        assert_eq!(marked("甲⸺乙——……丙", Kinsoku::Basic), "甲|⸺|乙|——|……|丙");
    }

    #[test]
    fn numbers_keep_their_signs_and_units() {
        assert_eq!(
            marked("增长50%，达¥1,234.56万（约±0.5℃）。", Kinsoku::Gb),
            "增|长|50%，|达|¥1,234.56~万|（约|±0.5℃）。"
        );
        assert_eq!(marked("在2024年", Kinsoku::Gb), "在|2024~年");
    }

    #[test]
    fn latin_words_break_at_syllables_and_names_do_not() {
        assert_eq!(
            marked("用JavaScript与hyphenation写", Kinsoku::Gb),
            "用|JavaScript|与|hy-phen-ation|写"
        );
    }

    #[test]
    fn addresses_break_after_their_separators() {
        assert_eq!(
            marked("见https://example.org/a/b-c?d=e处", Kinsoku::Gb),
            "见|htt~p~s://|e~x~a~m~p~l~e.|o~r~g/|a/|b-|c?|d=|e|处"
        );
    }

    #[test]
    fn levels_forbid_what_they_say() {
        let text = "甲，乙“丙”·丁／戊——己……庚";
        assert_eq!(marked(text, Kinsoku::None), "甲|，|乙|“|丙|”|·|丁|／|戊|——|己|……|庚");
        assert_eq!(marked(text, Kinsoku::Basic), "甲，|乙|“丙”·|丁／|戊|——|己|……|庚");
        assert_eq!(marked(text, Kinsoku::Gb), "甲，|乙|“丙”·|丁／戊|——|己|……|庚");
        assert_eq!(marked(text, Kinsoku::Strict), "甲，|乙|“丙”·|丁／戊——|己……|庚");
    }

    #[test]
    fn a_run_of_three_marks_is_parted_only_when_need_be() {
        assert_eq!(marked("好。』」他", Kinsoku::Gb), "好。?』?」|他");
        assert_eq!(marked("好。』」他", Kinsoku::Strict), "好。』」|他");
        assert_eq!(marked("好。』他", Kinsoku::Gb), "好。』|他");
    }

    #[test]
    fn a_word_and_its_number_had_better_stay_together() {
        assert_eq!(marked("用iPhone 15和3 GB", Kinsoku::Gb), "用|iPhone ~15~和|3 ~GB");
    }

    #[test]
    fn korean_breaks_at_its_spaces_only() {
        assert_eq!(
            marked("한글은 2024년에 KBS를 본다.", Kinsoku::Gb),
            "한글은 |2024년에 |KBS를 |본다."
        );
    }

    #[test]
    fn words_are_hyphenated_in_their_own_language() {
        let chars: Vec<char> = "Zusammenhang".chars().collect();
        let classes = classify(&chars, false);
        let breaks = Breaks { kinsoku: Kinsoku::Gb };
        let hyphens = |language| -> Vec<usize> {
            let found = breaks.find(&chars, &classes, |_| language);
            (0..chars.len()).filter(|i| found[*i] == Opportunity::Hyphen).collect()
        };
        assert_eq!(hyphens(Some(hypher::Lang::German)), [1, 4, 7]); // Zu-sam-men-hang
        assert_ne!(hyphens(Some(hypher::Lang::English)), [1, 4, 7]);
        assert!(hyphens(None).is_empty());
    }

    #[test]
    fn note_marks_and_small_kana_stay_with_what_they_follow() {
        assert_eq!(marked("キャッチ", Kinsoku::Gb), "キャッ|チ");
    }
}
