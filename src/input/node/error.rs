//! What a value read from a [`Node`](super::Node) can have wrong, as a diagnostic.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use crate::diagnostic::{Code, Diagnostic, Message};
use crate::input::written::phrases;
use crate::model::Pos;

/// Why a value does not fit, with its place.
#[derive(Debug)]
pub(crate) struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    cause: Cause,
    pos: Option<Pos>,
    /// Indices from the value up to the root, the innermost first.
    path: Vec<usize>,
}

#[derive(Debug)]
pub(super) enum Cause {
    /// A key that the type does not have.
    UnknownField { name: String, known: &'static [&'static str] },
    /// A word that is none of those allowed.
    UnknownWord { word: String, known: &'static [&'static str] },
    /// A required field is not there.
    Missing(&'static str),
    /// The same field twice (under two names).
    Duplicate(&'static str),
    /// Another type, or a value out of range.
    Mismatch { found: (String, String), expected: String },
    /// Anything else, `English\nChinese`.
    Custom(String),
}

impl Error {
    pub(super) fn new(cause: Cause) -> Self {
        Self(Box::new(Inner { cause, pos: None, path: Vec::new() }))
    }

    /// Names the place unless an inner one is already named.
    #[must_use]
    pub(super) fn at(mut self, pos: Pos) -> Self {
        self.0.pos.get_or_insert(pos);
        self
    }

    /// Notes that the value stands at `index` of a list or map.
    #[must_use]
    pub(super) fn below(mut self, index: usize) -> Self {
        self.0.path.push(index);
        self
    }

    pub(super) fn cause(&self) -> &Cause {
        &self.0.cause
    }

    pub(super) fn pos(&self) -> Option<Pos> {
        self.0.pos
    }

    /// Indices from the root to the value.
    pub(super) fn path(&self) -> Vec<usize> {
        self.0.path.iter().rev().copied().collect()
    }

    pub(super) fn to_diagnostic(&self) -> Diagnostic {
        let (code, message, hint) = match &self.0.cause {
            Cause::UnknownField { name, known } => (
                Code::UnknownField,
                Message::new(format!("unknown field '{name}'"), format!("未知字段“{name}”")),
                suggestion(name, known),
            ),
            Cause::UnknownWord { word, known } => (
                Code::InvalidValue,
                Message::new(format!("unknown value '{word}'"), format!("未知取值“{word}”")),
                suggestion(word, known),
            ),
            Cause::Missing(name) => (
                Code::MissingField,
                Message::new(format!("missing field '{name}'"), format!("缺少字段“{name}”")),
                None,
            ),
            Cause::Duplicate(name) => (
                Code::Duplicate,
                Message::new(format!("'{name}' is given twice"), format!("“{name}”重复出现")),
                None,
            ),
            Cause::Mismatch { found, expected } => (
                Code::InvalidValue,
                Message::new(
                    format!("expected {expected}, found {}", found.0),
                    format!("此处应为{}，却是{}", phrases::zh(expected), found.1),
                ),
                None,
            ),
            Cause::Custom(text) => {
                let (en, zh) = text.split_once('\n').unwrap_or((text, text));
                (Code::InvalidValue, Message::new(en, zh), None)
            }
        };
        let diagnostic = Diagnostic::error(code, message).at(self.0.pos);
        match hint {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        }
    }
}

/// The known name nearest to `word`, else all of them.
fn suggestion(word: &str, known: &[&str]) -> Option<Message> {
    match nearest(word, known) {
        Some(name) => {
            Some(Message::new(format!("did you mean '{name}'?"), format!("是否应为“{name}”？")))
        }
        None if known.is_empty() => None,
        None => Some(Message::new(
            format!("known: {}", known.join(", ")),
            format!("可用：{}", known.join("、")),
        )),
    }
}

/// The known name that `word` may be a slip of: a fourth of its letters wrong, at least one.
pub(super) fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let plain = |name: &str| name.to_lowercase().replace(['-', ' '], "_");
    let lower = plain(word);
    known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&lower, &plain(name)), *name))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 4)
        .map(|(_, name)| name)
}

/// A found value in both languages.
pub(super) fn found(unexpected: Unexpected<'_>) -> (String, String) {
    let both = |en: &str, zh: &str| (en.to_owned(), zh.to_owned());
    match unexpected {
        Unexpected::Bool(value) => (value.to_string(), value.to_string()),
        Unexpected::Unsigned(n) => (n.to_string(), n.to_string()),
        Unexpected::Signed(n) => (n.to_string(), n.to_string()),
        Unexpected::Float(n) => (n.to_string(), n.to_string()),
        Unexpected::Str(s) if s.chars().count() <= 24 => {
            (format!("the text '{s}'"), format!("文字“{s}”"))
        }
        Unexpected::Str(_) | Unexpected::Char(_) => both("a text", "文字"),
        Unexpected::Unit | Unexpected::Option => both("nothing", "空值"),
        Unexpected::Seq => both("a list", "列表"),
        Unexpected::Map => both("a map", "映射"),
        other => (other.to_string(), other.to_string()),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_diagnostic().message.en)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Cause::Custom(message.to_string()))
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let expected = expected.to_string();
        Self::new(Cause::Mismatch { found: found(unexpected), expected })
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(unexpected, expected)
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        Self::new(Cause::UnknownField { name: field.to_owned(), known })
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        Self::new(Cause::UnknownWord { word: word.to_owned(), known })
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(Cause::Missing(field))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(Cause::Duplicate(field))
    }
}
