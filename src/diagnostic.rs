//! What Keben has to say to the person who runs it: errors and warnings with place and hint.
//!
//! Every layer makes [`Diagnostic`]s; only the edge (`cli`) prints them. Messages exist in English
//! and Chinese from the start, so a diagnostic carries both.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::model::Pos;

/// The language messages are shown in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

/// One message in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// English, lower case at the start, no stop at the end.
    pub en: String,
    /// Chinese, no stop at the end.
    pub zh: String,
}

impl Message {
    /// A message in both languages.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// A message that has no translation (an operating system's own words).
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { en: text.clone(), zh: text }
    }

    /// The message in one language.
    pub fn get(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.en,
            Locale::Zh => &self.zh,
        }
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Output is made, but something in it may not be as wished.
    Warning,
    /// The output concerned is not made.
    Error,
}

/// Stable names of what can go wrong, for programs that read `--json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// A file can't be opened or read.
    Unreadable,
    /// A file's text encoding is not UTF-8, or has broken bytes.
    Encoding,
    /// JSON, YAML, TOML or front matter that does not parse.
    Syntax,
    /// A field that the model does not have.
    UnknownField,
    /// A required field is not there.
    MissingField,
    /// A value of the wrong type or out of range.
    InvalidValue,
    /// Raw input that was recognised and cleaned on the way.
    Imported,
    /// A file whose format can't be told.
    UnknownFormat,
    /// A path that leaves the packet's folder.
    OutsideFolder,
    /// A picture that is not there.
    MissingPicture,
    /// A picture that can't be decoded.
    BrokenPicture,
    /// Alternative text is missing.
    MissingAlt,
    /// A link inside the publication that leads nowhere, or a note without its text.
    DeadLink,
    /// A name used twice, or a note never referred to.
    Duplicate,
    /// Characters that no face has.
    MissingGlyph,
    /// A theme that does not exist or is not usable.
    Theme,
    /// A font file that is not usable.
    Font,
    /// Something too wide or too high for the page.
    Overfull,
    /// Output can't be written.
    Unwritable,
    /// Wrong use of the command line.
    Usage,
    /// A fault in Keben itself.
    Internal,
}

/// One thing that went wrong, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What kind of thing it is.
    pub code: Code,
    /// The file concerned, as the user named it or relative to the current folder.
    pub file: Option<PathBuf>,
    /// The place in the file.
    pub pos: Option<Pos>,
    /// What is wrong.
    pub message: Message,
    /// What to do.
    pub hint: Option<Message>,
}

impl Diagnostic {
    /// An error.
    pub fn error(code: Code, message: Message) -> Self {
        Self { severity: Severity::Error, code, file: None, pos: None, message, hint: None }
    }

    /// A warning.
    pub fn warning(code: Code, message: Message) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Names the file.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.file = Some(file.into());
        self
    }

    /// Names the place, if it is known.
    #[must_use]
    pub fn at(mut self, pos: Option<Pos>) -> Self {
        self.pos = pos;
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: Message) -> Self {
        self.hint = Some(hint);
        self
    }

    /// One line for people: `error: a/b.yaml:12:5: unknown field 'titel' (did you mean 'title'?)`.
    pub fn to_line(&self, locale: Locale) -> String {
        let word = match (self.severity, locale) {
            (Severity::Error, Locale::En) => "error",
            (Severity::Error, Locale::Zh) => "错误",
            (Severity::Warning, Locale::En) => "warning",
            (Severity::Warning, Locale::Zh) => "警告",
        };
        let mut line = format!("{word}: ");
        if let Some(file) = &self.file {
            let _ = write!(line, "{}:", file.display()); // writing to a String can't fail
            if let Some(pos) = self.pos {
                let _ = write!(line, "{}:{}:", pos.line, pos.column);
            }
            line.push(' ');
        }
        line.push_str(self.message.get(locale));
        if let Some(hint) = &self.hint {
            match locale {
                Locale::En => {
                    let _ = write!(line, " ({})", hint.en);
                }
                Locale::Zh => {
                    let _ = write!(line, "（{}）", hint.zh);
                }
            }
        }
        line
    }

    /// One JSON object for programs, without a newline.
    pub fn to_json(&self, locale: Locale) -> String {
        serde_json::json!({
            "severity": self.severity,
            "code": self.code,
            "file": self.file.as_ref().map(|f| f.display().to_string()),
            "line": self.pos.map(|p| p.line),
            "column": self.pos.map(|p| p.column),
            "message": self.message.get(locale),
            "hint": self.hint.as_ref().map(|h| h.get(locale)),
        })
        .to_string()
    }
}

/// Errors found together: nothing is made of the input concerned. Never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.first().map(|d| d.to_line(Locale::En)).unwrap_or_default())]
pub struct Failure(pub Vec<Diagnostic>);

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

/// A result whose error is a list of diagnostics.
pub type Outcome<T> = Result<T, Failure>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_file_place_cause_and_hint() {
        let d = Diagnostic::error(
            Code::UnknownField,
            Message::new("unknown field 'titel'", "未知字段“titel”"),
        )
        .in_file("articles/03.yaml")
        .at(Some(Pos::new(12, 5)))
        .hint(Message::new("did you mean 'title'?", "是否应为“title”？"));
        assert_eq!(
            d.to_line(Locale::En),
            "error: articles/03.yaml:12:5: unknown field 'titel' (did you mean 'title'?)"
        );
        assert_eq!(
            d.to_line(Locale::Zh),
            "错误: articles/03.yaml:12:5: 未知字段“titel”（是否应为“title”？）"
        );
    }
}
