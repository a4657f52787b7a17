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
    /// Language for hyphenation of Latin words, or `None` for none.
    pub hyphenation: Option<hypher::Lang>,
}

/// Shortest part of a hyphenated word before and after the hyphen, in letters.
const HYPHEN_MIN: (usize, usize) = (2, 3);
/// Words shorter than this are not hyphenated: the gain is not worth the disturbance.
const HYPHEN_WORD: usize = 6;

impl Breaks {
    /// Opportunities of a paragraph.
    ///
    /// Returns one entry for each character: whether a line may end **after** it. The last one is
    /// always [`Opportunity::Mandatory`]. `classes` comes from [`super::classify`].
    pub fn find(&self, chars: &[char], classes: &[Class]) -> Vec<Opportunity> {
        let n = chars.len();
        let mut out = uax14(chars);
        for (i, slot) in out.iter_mut().enumerate().take(n.saturating_sub(1)) {
            if let Some(opportunity) = self.tailored(chars, classes, i) {
                *slot = opportunity;
            }
        }
        if let Some(language) = self.hyphenation {
            hyphenate(chars, classes, language, &mut out);
        }
        break_addresses(chars, classes, &mut out);
        if let Some(last) = out.last_mut() {
            *last = Opportunity::Mandatory;
        }
        out
    }

    /// The rule for the place after `i`, or `None` where UAX #14 decides.
    fn tailored(&self, chars: &[char], classes: &[Class], i: usize) -> Option<Opportunity> {
        use Class::{
            Close, Connector, Dash, Digit, Ellipsis, Han, Hangul, Interpunct, Latin, Newline,
            NoteMark, Open, Pause, Postfix, Prefix, Solidus, Space, Stop, WideSpace,
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
            let before = classes[..i].iter().rposition(|c| *c != Space).map(|p| classes[p]);
            let opening = before == Some(Open);
            let closing = matches!(right, Close | Pause | Stop);
            return Some(if opening || (closing && self.kinsoku != Kinsoku::None) {
                Forbidden
            } else {
                Allowed
            });
        }
        match (left, right) {
            (Digit, Digit) | (Prefix, Digit) | (Digit, Postfix) => return Some(Forbidden),
            (Dash, Dash) | (Ellipsis, Ellipsis) => {
                // A run breaks between pairs only.
                let run = classes[..=i].iter().rev().take_while(|c| **c == left).count();
                return Some(if run % 2 == 0 { Allowed } else { Forbidden });
            }
            (
                Latin | Digit | Hangul | Prefix | Postfix,
                Latin | Digit | Hangul | Prefix | Postfix,
            ) => {
                return None;
            }
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
            (Open, _) | (_, Close) => Forbidden,
            (WideSpace, _) => Allowed,
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

fn hyphenate(chars: &[char], classes: &[Class], language: hypher::Lang, out: &mut [Opportunity]) {
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
        if i - start >= HYPHEN_WORD && plain && whole {
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
            | 'ー'
            | '々'
            | 'ヵ'
            | 'ヶ'
            | 'ゝ'
            | 'ゞ'
            | 'ヽ'
            | 'ヾ'
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
        let breaks = Breaks { kinsoku, hyphenation: Some(hypher::Lang::English) };
        let found = breaks.find(&chars, &classes);
        let mut out = String::new();
        for (c, o) in chars.iter().zip(&found[..chars.len() - 1]) {
            out.push(*c);
            match o {
                Opportunity::Allowed => out.push('|'),
                Opportunity::Discouraged => out.push('~'),
                Opportunity::Hyphen => out.push('-'),
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
    fn note_marks_and_small_kana_stay_with_what_they_follow() {
        assert_eq!(marked("キャッチ", Kinsoku::Gb), "キャッ|チ");
    }
}
