//! Names of results: from a template, safe on every file system, one for each input.
//!
//! A name is made of what is known of the article, cleaned until Windows, macOS, Linux and the
//! common network and card file systems all take it, cut at a whole character, and numbered in the
//! order of inputs where two would be the same (`题`, `题-2`, `题-3`).

use std::collections::{HashMap, HashSet};
use std::str::FromStr;

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_segmenter::GraphemeClusterSegmenter;
use sha2::{Digest, Sha256};

/// What may stand in a template.
pub const FIELDS: [&str; 14] = [
    "title", "date", "year", "month", "day", "author", "authors", "source", "language", "id",
    "path", "stem", "n", "hash",
];

/// Longest part of a path in bytes. File systems take 255 (ext4, APFS, NTFS in units), eCryptfs
/// 143: what stays is room for a number, an ending and the name of a page's picture.
const MAX_BYTES: usize = 120;

/// Names that Windows keeps for devices, whatever their ending ("Naming Files, Paths, and
/// Namespaces", Microsoft Learn).
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
/// Beginnings of such names that a digit completes.
const NUMBERED_DEVICES: [&str; 2] = ["com", "lpt"];

/// A pattern for names, as `{date}-{title}`; `/` makes folders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    /// A field, and the width that a number is padded to.
    Field(&'static str, usize),
}

/// Why a template is not usable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A field that there is not.
    #[error("there is no field '{{{0}}}': use {fields}", fields = FIELDS.map(|f| format!("{{{f}}}")).join(", "))]
    Field(String),
    /// A brace without its other half.
    #[error("a brace is not closed; write {{{{ and }}}} for braces themselves")]
    Brace,
    /// Nothing that tells inputs apart.
    #[error("the template holds no field: every name would be the same")]
    NoField,
}

impl Default for Template {
    /// Where the input stands: its path below the folder that was named, or for a record its id.
    fn default() -> Self {
        Self { text: String::new(), pieces: vec![Piece::Field("path", 0)] }
    }
}

impl FromStr for Template {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, TemplateError> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '{' | '}' if chars.peek() == Some(&c) => {
                    chars.next();
                    literal.push(c);
                }
                '{' => {
                    let mut inner = String::new();
                    loop {
                        match chars.next() {
                            Some('}') => break,
                            Some(c) if c != '{' => inner.push(c),
                            _ => return Err(TemplateError::Brace),
                        }
                    }
                    if !literal.is_empty() {
                        pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                    }
                    pieces.push(field(&inner)?);
                }
                '}' => return Err(TemplateError::Brace),
                c => literal.push(c),
            }
        }
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        if !pieces.iter().any(|piece| matches!(piece, Piece::Field(..))) {
            return Err(TemplateError::NoField);
        }
        Ok(Self { text: text.to_owned(), pieces })
    }
}

fn field(inner: &str) -> Result<Piece, TemplateError> {
    let fail = || TemplateError::Field(inner.to_owned());
    let (name, width) = match inner.split_once(':') {
        Some((name, width)) => (name, width.parse().ok().filter(|w| *w <= 20).ok_or_else(fail)?),
        None => (inner, 0),
    };
    let known = FIELDS.iter().find(|f| **f == name.trim()).ok_or_else(fail)?;
    Ok(Piece::Field(known, width))
}

/// What is known of an input, for its name.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub title: String,
    pub date: Option<crate::model::Date>,
    pub authors: Vec<String>,
    pub source: Option<String>,
    pub language: String,
    pub id: Option<String>,
    /// Path below the folder that was named, without ending.
    pub relative: String,
    /// Whether the input is a record, which its id names better than its line.
    pub is_record: bool,
    /// Place among all inputs, from 1.
    pub number: u64,
    /// Content, for `{hash}`.
    pub hash: String,
}

impl Template {
    /// What it was written as; empty for the usual names.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The name of an input: a relative path with `/`, every part safe and not empty.
    pub(super) fn name(&self, known: &Known) -> String {
        let mut parts = vec![String::new()];
        for piece in &self.pieces {
            match piece {
                // Only a template's own slashes and those of paths make folders.
                Piece::Literal(text) => extend(&mut parts, text),
                Piece::Field("path", _) => match &known.id {
                    Some(id) if known.is_record => push(&mut parts, id),
                    _ => extend(&mut parts, &known.relative),
                },
                Piece::Field(field, width) => push(&mut parts, &known.value(field, *width)),
            }
        }
        let fallback = || {
            let stem = known.relative.rsplit('/').next().unwrap_or_default();
            let stem = safe(stem);
            if stem.is_empty() { format!("article-{}", known.number) } else { stem }
        };
        let mut safe: Vec<String> =
            parts.iter().map(|part| safe(part)).filter(|part| !part.is_empty()).collect();
        if safe.is_empty() || parts.last().is_some_and(|last| self::safe(last).is_empty()) {
            safe.push(fallback());
        }
        safe.join("/")
    }
}

fn push(parts: &mut [String], value: &str) {
    if let Some(last) = parts.last_mut() {
        last.push_str(&value.replace('/', "_"));
    }
}

fn extend(parts: &mut Vec<String>, text: &str) {
    for (index, part) in text.split('/').enumerate() {
        if index > 0 {
            parts.push(String::new());
        }
        push(parts, part);
    }
}

impl Known {
    fn value(&self, field: &str, width: usize) -> String {
        let date = |part: fn(&crate::model::Date) -> Option<String>| {
            self.date.as_ref().and_then(part).unwrap_or_default()
        };
        match field {
            "title" => self.title.clone(),
            "date" => date(|d| Some(d.to_string())),
            "year" => date(|d| Some(format!("{:04}", d.year()))),
            "month" => date(|d| d.month().map(|m| format!("{m:02}"))),
            "day" => date(|d| d.day().map(|d| format!("{d:02}"))),
            "author" => self.authors.first().cloned().unwrap_or_default(),
            "authors" => self.authors.join("、"),
            "source" => self.source.clone().unwrap_or_default(),
            "language" => self.language.clone(),
            "id" => self.id.clone().unwrap_or_default(),
            "stem" => self.relative.rsplit('/').next().unwrap_or_default().to_owned(),
            "n" => format!("{:0width$}", self.number),
            "hash" => self.hash.clone(),
            _ => String::new(), // FIELDS holds no other
        }
    }
}

/// One part of a path that every file system takes; empty if nothing is left.
///
/// Characters that some system forbids become `_`; controls and marks of direction, which only
/// deceive the eye, go; runs of blanks become one; dots, blanks and dashes at the ends go (Windows
/// drops the former itself, shells take the latter for options).
fn safe(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    for c in ComposingNormalizerBorrowed::new_nfc().normalize(part).chars() {
        match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => out.push('_'),
            '\u{200B}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}'
            | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFF}' => {}
            c if c.is_control() && !c.is_whitespace() => {}
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    let ends = [' ', '.', '-', '_'];
    let trimmed = cut(out.trim_matches(ends), MAX_BYTES).trim_end_matches(ends);
    let stem = trimmed.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let numbered = NUMBERED_DEVICES.iter().any(|device| {
        stem.strip_prefix(device).is_some_and(|rest| {
            let mut rest = rest.chars();
            matches!(rest.next(), Some('0'..='9' | '¹' | '²' | '³')) && rest.next().is_none()
        })
    });
    if numbered || DEVICES.contains(&stem.as_str()) {
        return format!("_{trimmed}");
    }
    trimmed.to_owned()
}

/// The longest beginning of at most `most` bytes that ends with a whole character as readers see
/// it (UAX #29 grapheme cluster).
fn cut(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let end = GraphemeClusterSegmenter::new()
        .segment_str(text)
        .take_while(|end| *end <= most)
        .last()
        .unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// A name as file systems compare it that know no case, as a key of 16 bytes.
pub(super) fn key(name: &str) -> u128 {
    let folded =
        ComposingNormalizerBorrowed::new_nfkc().normalize(&name.to_lowercase()).to_lowercase();
    let digest = Sha256::digest(folded.as_bytes());
    digest.iter().take(16).fold(0, |key, byte| key << 8 | u128::from(*byte))
}

/// Names given in this run.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<u128>,
    /// The number to try next for a name that was wanted more than once.
    next: HashMap<u128, u32>,
}

impl Names {
    /// Gives out `wanted`, numbered if it is taken in this run or, by `foreign`, belongs to an
    /// input of another run.
    pub(super) fn claim(&mut self, wanted: &str, foreign: &mut dyn FnMut(&str) -> bool) -> String {
        let base = key(wanted);
        let mut number = self.next.get(&base).copied().unwrap_or(1);
        loop {
            let name = match number {
                1 => wanted.to_owned(),
                n => format!("{wanted}-{n}"),
            };
            number += 1;
            let key = key(&name);
            if !self.taken.contains(&key) && !foreign(&name) {
                self.taken.insert(key);
                // Most names are wanted once: only the others are remembered with a number.
                if number > 2 {
                    self.next.insert(base, number);
                }
                return name;
            }
            self.next.insert(base, number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn known(title: &str) -> Known {
        Known {
            title: title.to_owned(),
            date: "2022-11-26".parse().ok(),
            relative: "甲/乙".to_owned(),
            number: 7,
            ..Known::default()
        }
    }

    fn name(template: &str, title: &str) -> String {
        template.parse::<Template>().unwrap().name(&known(title))
    }

    #[test]
    fn templates_take_fields_widths_and_folders() {
        assert_eq!(name("{date}-{title}", "大变局"), "2022-11-26-大变局");
        assert_eq!(name("{year}/{month}/{n:04} {title}", "题"), "2022/11/0007 题");
        assert_eq!(name("{{{stem}}}", ""), "{乙}");
        assert_eq!(Template::default().name(&known("题")), "甲/乙");
        let record = Known { id: Some("a/b".into()), is_record: true, ..known("题") };
        assert_eq!(Template::default().name(&record), "a_b");
    }

    #[test]
    fn what_is_missing_leaves_no_dangling_mark_and_no_empty_name() {
        let undated = Known { date: None, ..known("题") };
        assert_eq!("{date}-{title}".parse::<Template>().unwrap().name(&undated), "题");
        assert_eq!(name("{author}/{title}", "题"), "题");
        assert_eq!(name("{title}", "???"), "乙");
        assert_eq!(name("{title}", ""), "乙");
    }

    #[test]
    fn wrong_templates_say_what_there_is() {
        let error = |text: &str| text.parse::<Template>().unwrap_err();
        assert!(error("{titel}").to_string().contains("{title}"));
        assert_eq!(error("{title"), TemplateError::Brace);
        assert_eq!(error("title"), TemplateError::NoField);
        assert_eq!(error("{n:99}"), TemplateError::Field("n:99".into()));
    }

    #[test]
    fn names_are_safe_on_every_file_system() {
        for (title, expected) in [
            ("谁在说：“对/错”?", "谁在说：“对_错”"),
            ("a\\b:c*d", "a_b_c_d"),
            ("CON", "_CON"),
            ("com1.txt", "_com1.txt"),
            ("LPT¹", "_LPT¹"),
            ("console", "console"),
            ("..", "乙"),
            ("末尾. ", "末尾"),
            ("--help", "help"),
            ("一\u{202E}二\u{0}三\n四", "一二三 四"),
            ("e\u{301}", "é"),
        ] {
            assert_eq!(name("{title}", title), expected, "{title:?}");
        }
    }

    #[test]
    fn long_names_are_cut_at_a_whole_character() {
        let long = "汉".repeat(300);
        assert_eq!(name("{title}", &long), "汉".repeat(40));
        let family = "👨‍👩‍👧".repeat(10); // 18 bytes each, of five characters
        assert_eq!(name("{title}", &family), "👨‍👩‍👧".repeat(6));
    }

    #[test]
    fn collisions_are_numbered_in_order_also_with_names_that_look_numbered() {
        let mut names = Names::default();
        let mut claim = |wanted: &str| names.claim(wanted, &mut |_| false);
        assert_eq!(claim("题-2"), "题-2");
        assert_eq!(claim("题"), "题");
        assert_eq!(claim("题"), "题-3");
        assert_eq!(claim("ABC"), "ABC");
        assert_eq!(claim("abc"), "abc-2");
        assert_eq!(claim("Ａbc"), "Ａbc-3", "full-width letters look the same to some systems");
    }

    #[test]
    fn a_name_of_another_run_is_not_taken() {
        let mut names = Names::default();
        assert_eq!(names.claim("题", &mut |name| name == "题"), "题-2");
    }

    proptest! {
        #[test]
        fn no_title_makes_a_name_that_leaves_its_folder_or_is_too_long(title in "\\PC{0,80}") {
            let name = name("x/{title}", &title);
            let parts: Vec<&str> = name.split('/').collect();
            prop_assert!(parts.len() == 2 && parts[0] == "x", "{}", name);
            let last = parts[1];
            prop_assert!(!last.is_empty() && last != "." && last != "..");
            prop_assert!(last.len() <= MAX_BYTES + 1);
            prop_assert!(!last.contains(['\\', ':', '*', '?', '"', '<', '>', '|']));
            prop_assert!(!last.starts_with(['.', ' ', '-']) && !last.ends_with(['.', ' ']));
        }
    }
}
