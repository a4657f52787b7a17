//! Sorting words as readers look for them: by pinyin or by strokes.
//!
//! The order is CLDR's (through ICU4X), the same that operating systems use. Its data also say
//! under which letter, or with how many strokes, a word stands: the collation holds index marks
//! (U+FDD0 followed by a letter, or by U+2800 plus the number of strokes) that sort right before
//! the first word of a group (UTS #35 part 5, "Collation Indexes").

use std::cmp::Ordering;

use icu_collator::options::CollatorOptions;
use icu_collator::{CollatorBorrowed, CollatorPreferences};

use crate::model::SortOrder;

/// Most strokes that CLDR has a group for.
const MOST_STROKES: u32 = 64;

/// The group of words in Latin letters.
const LATIN: &str = "A–Z";

/// Compares words in one order.
pub struct Collation {
    order: SortOrder,
    /// `None` if the data of the order are not compiled in: then by code points.
    collator: Option<CollatorBorrowed<'static>>,
}

impl Collation {
    /// The order of a dictionary.
    pub fn new(order: SortOrder) -> Self {
        let tag = match order {
            SortOrder::Pinyin => "zh-u-co-pinyin",
            SortOrder::Strokes => "zh-u-co-stroke",
        };
        let collator = tag.parse::<icu_locale_core::Locale>().ok().and_then(|locale| {
            let preferences = CollatorPreferences::from(&locale);
            CollatorBorrowed::try_new(preferences, CollatorOptions::default()).ok()
        });
        Self { order, collator }
    }

    /// Which of two words stands first; words that sort alike by their characters.
    pub fn compare(&self, a: &str, b: &str) -> Ordering {
        self.weigh(a, b).then_with(|| a.cmp(b))
    }

    fn weigh(&self, a: &str, b: &str) -> Ordering {
        self.collator.as_ref().map_or_else(|| a.cmp(b), |collator| collator.compare(a, b))
    }

    /// The group a word stands in: `B`, or `7 画`; `#` for what has none.
    pub fn group(&self, word: &str) -> String {
        let Some(first) = word.chars().find(|c| c.is_alphanumeric()) else { return "#".into() };
        if first.is_ascii_alphabetic() {
            return LATIN.to_owned(); // they stand after all Chinese words
        }
        let key = first.to_string();
        // The last mark that does not stand after the word is that of its group.
        let at = |mark: char| self.weigh(&format!("\u{FDD0}{mark}"), &key) != Ordering::Greater;
        match self.order {
            SortOrder::Pinyin => {
                let last = ('A'..='Z').rev().find(|letter| at(*letter));
                last.filter(|_| is_han(first)).map_or_else(|| "#".into(), String::from)
            }
            SortOrder::Strokes => (1..=MOST_STROKES)
                .rev()
                .find(|n| char::from_u32(0x2800 + n).is_some_and(at))
                .filter(|_| is_han(first))
                .map_or_else(|| "#".into(), |n| format!("{n} 画")),
        }
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '〇')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_by_sound_under_their_letter() {
        let by_sound = Collation::new(SortOrder::Pinyin);
        let mut words = ["置邮", "协议", "分组交换", "电码本", "阿房宫", "TCP"];
        words.sort_by(|a, b| by_sound.compare(a, b));
        assert_eq!(words, ["阿房宫", "电码本", "分组交换", "协议", "置邮", "TCP"]);
        let groups: Vec<String> =
            ["阿房宫", "电码本", "置邮", "TCP", "1984"].iter().map(|w| by_sound.group(w)).collect();
        assert_eq!(groups, ["A", "D", "Z", "A–Z", "#"]);
    }

    #[test]
    fn words_stand_by_strokes_under_their_number() {
        let by_strokes = Collation::new(SortOrder::Strokes);
        let mut words = ["網絡", "一言", "分组", "置邮"];
        words.sort_by(|a, b| by_strokes.compare(a, b));
        assert_eq!(words, ["一言", "分组", "置邮", "網絡"]);
        let groups: Vec<String> = words.iter().map(|w| by_strokes.group(w)).collect();
        assert_eq!(groups, ["1 画", "4 画", "13 画", "14 画"]);
    }
}
