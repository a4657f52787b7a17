//! An article: one text with what is known of it.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::At;
use super::{Block, Date, Language, Text, WritingMode};

/// One article, as its author or a person who collects it would describe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Title; required, not empty.
    pub title: Text,
    /// Line under the title.
    pub subtitle: Option<Text>,
    /// Authors in order.
    pub authors: Vec<Author>,
    /// Where it was published.
    pub source: Option<SourceRef>,
    /// When it was published.
    pub date: Option<Date>,
    /// Language of the text.
    pub language: Language,
    /// Whether `language` was given, or is the default that a packet may override.
    pub language_given: bool,
    /// Abstract.
    pub summary: Option<Text>,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Note by the editor, set in Kai before the body.
    pub editor_note: Option<Text>,
    /// Name of this article in links from others (`article-id#heading-id`) and in file names.
    pub id: Option<At<String>>,
    /// Questions for study, set after the body.
    pub questions: Vec<Text>,
    /// Terms explained.
    pub glossary: Vec<GlossaryEntry>,
    /// Direction of its lines; `None` follows the theme.
    pub writing_mode: Option<WritingMode>,
    /// The text itself.
    pub body: Body,
    /// File it was read from; not part of the written form.
    pub origin: Option<PathBuf>,
}

/// The text of an article, always as blocks once read.
pub type Body = Vec<Block>;

/// Somebody who wrote, translated or edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Name as it is shown.
    pub name: String,
    /// What they did, as a MARC relator code (`aut`, `trl`, `edt`) or a word; `None` is author.
    pub role: Option<String>,
    /// Office or institution, shown after the name.
    pub affiliation: Option<String>,
}

/// Where an article was published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceRef {
    /// Publication or site.
    pub name: Option<String>,
    /// Web address.
    pub url: Option<String>,
    /// Issue, volume or pages.
    pub issue: Option<String>,
    /// What kind of publication it is; `None` lets it follow from the rest.
    pub kind: Option<SourceKind>,
    /// Who published it (of a book), with the place: `北京：中华书局`.
    pub publisher: Option<String>,
    /// Pages: `12—17`.
    pub pages: Option<String>,
    /// When the address was last looked at.
    pub accessed: Option<Date>,
}

/// Kinds of publication, with the letters GB/T 7714 marks them by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// A journal: J.
    Journal,
    /// A newspaper: N.
    Newspaper,
    /// A book: M.
    Book,
    /// A collection of papers: C.
    Collection,
    /// A thesis: D.
    Thesis,
    /// A report: R.
    Report,
    /// A page of the web: EB/OL.
    Web,
}

/// A term that a reader may want explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlossaryEntry {
    /// The term.
    pub term: String,
    /// How it is read (pinyin).
    pub reading: Option<String>,
    /// What it means.
    pub definition: Text,
}
