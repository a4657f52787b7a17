//! What a packet asks for besides its texts: structure, study features, numbering.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Everything a packet can switch on or off. [`Study::default`] is what a packet file gets that
/// says nothing; [`Study::plain`] is what a single article or a few loose ones get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Study {
    /// Whether a title page (扉页) stands before everything else.
    pub title_page: bool,
    /// The copyright page; `None` for none.
    pub colophon: Option<Colophon>,
    /// Where questions stand.
    pub questions: Questions,
    /// Ruled lines for each answer, 0 to 40.
    pub answer_lines: u16,
    /// Room for the reader's own notes.
    pub notes: NoteSpace,
    /// Where terms are explained.
    pub glossary: GlossaryPlace,
    /// The index of keywords; `None` for none.
    pub index: Option<SortOrder>,
    /// Words for the index besides the articles' keywords and terms.
    pub index_terms: Vec<String>,
    /// Whether the head of an article says how long it is.
    pub reading_time: bool,
    /// Every how many lines a line number stands in the margin; 0 for none.
    pub line_numbers: u16,
    /// Which characters get their readings.
    pub pinyin: Pinyin,
    /// Readings for words, over those found: word and syllables, in the order given.
    pub readings: Vec<(String, String)>,
    /// Numbers of parts, articles, headings, figures and tables.
    pub numbering: NumberingPlan,
    /// Whether a bibliography is made of the articles' sources.
    pub bibliography: bool,
    /// Whether an article with an address ends with a QR code that leads there.
    pub qr: bool,
    /// Most pages of a volume; `None` for one volume.
    pub volumes: Option<u16>,
    /// Words that stay as they are when the script is converted.
    pub keep: Vec<String>,
}

impl Default for Study {
    fn default() -> Self {
        Self { title_page: true, colophon: Some(Colophon::default()), ..Self::plain() }
    }
}

impl Study {
    /// No pages but those of the texts.
    pub fn plain() -> Self {
        Self {
            title_page: false,
            colophon: None,
            questions: Questions::Article,
            answer_lines: 0,
            notes: NoteSpace::None,
            glossary: GlossaryPlace::Article,
            index: None,
            index_terms: Vec::new(),
            reading_time: false,
            line_numbers: 0,
            pinyin: Pinyin::None,
            readings: Vec::new(),
            numbering: NumberingPlan::default(),
            bibliography: false,
            qr: true,
            volumes: None,
            keep: Vec::new(),
        }
    }
}

/// What the copyright page says besides what follows from the packet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Colophon {
    /// Edition: `第二版`, `2026 年秋季`.
    pub version: Option<String>,
    /// Whether it says that the packet is for internal study only.
    pub internal: bool,
    /// A statement of rights or thanks.
    pub notice: Option<super::Text>,
}

/// Where the questions of articles stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Questions {
    /// After each article.
    #[default]
    Article,
    /// All together after the last article.
    Collected,
    /// Nowhere.
    None,
}

/// Room for the reader's own notes, in print.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoteSpace {
    /// None.
    #[default]
    None,
    /// A ruled column beside the text.
    Margin,
    /// A ruled page after each article.
    Pages,
}

/// Where the terms of articles are explained.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GlossaryPlace {
    /// After each article, in the order given.
    #[default]
    Article,
    /// All together at the end, by pinyin.
    Pinyin,
    /// All together at the end, by the number of strokes.
    Strokes,
    /// Nowhere.
    None,
}

impl GlossaryPlace {
    /// The order of a collected glossary.
    pub fn order(self) -> Option<SortOrder> {
        match self {
            Self::Pinyin => Some(SortOrder::Pinyin),
            Self::Strokes => Some(SortOrder::Strokes),
            Self::Article | Self::None => None,
        }
    }
}

/// How Chinese words are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SortOrder {
    /// By sound.
    Pinyin,
    /// By the number of strokes.
    Strokes,
}

/// Which characters get their readings above them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Pinyin {
    /// Those that the text annotates itself.
    #[default]
    None,
    /// Characters outside the 3,755 common ones of GB 2312 (or the 5,401 of Big5), where they first
    /// stand in an article.
    Rare,
    /// Every Chinese character.
    All,
}

/// How things are numbered: each by a sample of its first number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumberingPlan {
    /// Parts: `第一单元`.
    pub parts: Option<Pattern>,
    /// Articles: `一、`, on through the whole packet.
    pub articles: Option<Pattern>,
    /// Whether articles begin with one again in every part.
    pub restart: bool,
    /// Headings from level 1 down: `（一）`, `1.`.
    pub headings: Vec<Pattern>,
    /// Figures with a caption: `图 1`, on through the whole packet.
    pub figures: Option<Pattern>,
    /// Tables with a caption: `表 1`.
    pub tables: Option<Pattern>,
    /// Appendices: `附录一`.
    pub appendices: Option<Pattern>,
}

/// A number as it is written, by its first one: `第一单元`, `一、`, `1.`, `①`, `图 1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// What stands before the number.
    pub before: String,
    /// How the number is written.
    pub sign: Sign,
    /// What stands after it.
    pub after: String,
}

/// The signs of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// 一
    Chinese,
    /// 1
    Arabic,
    /// ①
    Circled,
    /// I
    Roman,
    /// A
    Letter,
}

/// First numbers and what they are written in.
const FIRST: [(char, Sign); 6] = [
    ('一', Sign::Chinese),
    ('1', Sign::Arabic),
    ('１', Sign::Arabic),
    ('①', Sign::Circled),
    ('I', Sign::Roman),
    ('A', Sign::Letter),
];

impl Pattern {
    /// Reads a sample; `None` if no first number stands in it.
    pub fn parse(sample: &str) -> Option<Self> {
        let (at, sign, c) = sample
            .char_indices()
            .find_map(|(at, c)| FIRST.iter().find(|(f, _)| *f == c).map(|(_, s)| (at, *s, c)))?;
        let before = sample[..at].to_owned();
        Some(Self { before, sign, after: sample[at + c.len_utf8()..].to_owned() })
    }

    /// The sample that gives this pattern.
    pub fn sample(&self) -> String {
        let first = FIRST.iter().find(|(_, s)| *s == self.sign).map_or('1', |(c, _)| *c);
        format!("{}{first}{}", self.before, self.after)
    }

    /// What stands between the number and the text: nothing after Chinese punctuation, a space
    /// after a full stop, else one em (typesetting.md §7; ctex `aftername=\quad`).
    pub fn gap(&self) -> &'static str {
        match self.after.chars().next_back() {
            Some('、' | '）' | '：' | '．' | ' ' | '　') => "",
            Some('.' | ')' | ':') => " ",
            _ => "　",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_read_from_its_first_number() {
        for sample in ["第一单元", "一、", "（一）", "1.", "图 1", "①", "附录A"] {
            assert_eq!(Pattern::parse(sample).unwrap().sample(), sample);
        }
        assert_eq!(Pattern::parse("第二单元"), None);
        assert_eq!(Pattern::parse("1.").unwrap().gap(), " ");
        assert_eq!(Pattern::parse("一、").unwrap().gap(), "");
        assert_eq!(Pattern::parse("第一单元").unwrap().gap(), "　");
    }
}
