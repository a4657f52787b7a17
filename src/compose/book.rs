//! The Book: what both outputs share, with all structure decided.
//!
//! Order, numbering, anchors, contents, labels and pictures are fixed here; layout and EPUB only
//! render it and invent nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::index::{IndexGroup, IndexMark};
use super::qr::Qr;
use crate::model::{Author, Block, CoverDesign, Date, Language, Series, Text, WritingMode};
use crate::picture::{PictureId, Pictures};

/// A publication ready to be rendered.
#[derive(Debug, Clone)]
pub struct Book {
    /// Title.
    pub title: Text,
    /// Line under the title.
    pub subtitle: Option<Text>,
    /// Authors (of a single article) or the compiler (of a packet).
    pub creators: Vec<Author>,
    /// Publisher.
    pub publisher: Option<String>,
    /// Date of publication.
    pub date: Option<Date>,
    /// Main language.
    pub language: Language,
    /// Identifier given by the maker; `None` lets the writers derive one from the content.
    pub identifier: Option<String>,
    /// Series that it belongs to, for metadata.
    pub series: Option<Series>,
    /// Abstract, for metadata.
    pub description: Option<String>,
    /// Keywords, for metadata.
    pub subjects: Vec<String>,
    /// Name of the source, for metadata.
    pub source: Option<String>,
    /// The cover.
    pub cover: BookCover,
    /// Whether a contents page is set (a packet has one, a single article has none).
    pub has_contents: bool,
    /// Every how many lines of an article a line number stands in the margin; 0 for none.
    pub line_numbers: u16,
    /// Whether pages have a ruled column for notes beside the text.
    pub note_column: bool,
    /// How many questions its articles ask.
    pub questions: usize,
    /// Most pages of a volume, if the book is to be divided.
    pub volumes: Option<u16>,
    /// What it knows of the whole, if it is one volume of several.
    pub volume: Option<Volume>,
    /// Everything that is read, in reading order.
    pub sections: Vec<Section>,
    /// All pictures, each once.
    pub pictures: Pictures,
}

/// What a volume knows of the whole work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// Numbered pages in the volumes before it.
    pub pages_before: u32,
    /// Contents of all volumes.
    pub contents: Vec<ContentsEntry>,
    /// Page numbers of all anchors.
    pub folios: BTreeMap<Anchor, String>,
}

impl Book {
    /// Direction of the book's lines, which decides where its pages turn: the theme's, or vertical
    /// where every article is.
    ///
    /// - `usual`: the theme's direction.
    pub fn writing_mode(&self, usual: WritingMode) -> WritingMode {
        let mut articles =
            self.sections.iter().filter(|s| s.kind == SectionKind::Article).peekable();
        let some = articles.peek().is_some();
        if some && articles.all(|s| s.writing_mode.unwrap_or(usual) == WritingMode::Vertical) {
            WritingMode::Vertical
        } else {
            usual
        }
    }
}

/// The cover page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BookCover {
    /// Drawn by the layout from title, subtitle, creators and date.
    Drawn(CoverDesign),
    /// A picture that fills the page.
    Picture(PictureId),
    /// None.
    None,
}

/// Name of a section, unique in its book: `[a-z0-9-]+`, usable as file name and anchor.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectionId(pub String);

/// What a section is in the order of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SectionKind {
    /// Title, compiler, publisher: the first page after the cover.
    TitlePage,
    /// What the book is and who made it: the back of the title page.
    Colophon,
    /// Before the contents.
    Foreword,
    /// Opening page of a part; the articles after it, up to the next part, belong to it.
    Part,
    /// An article.
    Article,
    /// Questions of all articles.
    Questions,
    /// A text after the articles.
    Appendix,
    /// Terms of all articles.
    Glossary,
    /// Sources of all articles.
    Bibliography,
    /// Where words stand.
    Index,
    /// After everything else.
    Afterword,
}

impl SectionKind {
    /// Whether it stands before the contents, in the front matter.
    pub fn is_front(self) -> bool {
        matches!(self, Self::TitlePage | Self::Colophon | Self::Foreword)
    }

    /// Whether it is a text to read and to write beside: an article or an appendix.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Article | Self::Appendix)
    }

    /// Whether contents and outline name it: title page and colophon are found without them.
    pub fn in_contents(self) -> bool {
        !matches!(self, Self::TitlePage | Self::Colophon)
    }
}

/// One piece of the book that begins on its own page: a file of the EPUB, a chapter of the PDF.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its name.
    pub id: SectionId,
    /// Name its author gave it, by which other articles' links call it.
    pub name: Option<String>,
    /// Direction of its lines; `None` follows the theme.
    pub writing_mode: Option<WritingMode>,
    /// What it is.
    pub kind: SectionKind,
    /// Level in contents and outline, from 1: an article in a part stands one below its part.
    pub level: u8,
    /// Title as contents, outline and running heads show it.
    pub title: Text,
    /// Language of its text.
    pub language: Language,
    /// What it holds, in reading order, the title included.
    pub flow: Vec<Element>,
    /// Bodies of its footnotes by label.
    pub notes: BTreeMap<String, Vec<Block>>,
    /// Labels of its footnotes in the order of their first reference in `flow`.
    pub note_order: Vec<String>,
    /// Ids of its headings, tables and figures, those in its notes too.
    pub anchors: BTreeSet<String>,
    /// What its numbered figures and tables are called, by their ids: `图 3`.
    pub labels: BTreeMap<String, String>,
    /// Places that the index leads to, in the order of the flow.
    pub marks: Vec<IndexMark>,
    /// Its pictures by path as written in the blocks.
    pub pictures: BTreeMap<String, PictureId>,
    /// File it was read from, for diagnostics.
    pub origin: Option<PathBuf>,
}

/// One element of a section's flow, by the part it plays.
///
/// Every [`Block::Heading`] in a flow has an `id`, unique in its section: a name that the author
/// gave, or `h1`, `h2`, … in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Element {
    /// Title of the section.
    Title(Text),
    /// Line under the title.
    Subtitle(Text),
    /// Authors with their offices.
    Byline(Text),
    /// Source and date, below the byline.
    Dateline(Text),
    /// A short text with a label in front: abstract, keywords.
    Labelled {
        /// What it is.
        role: LabelledRole,
        /// The label, without colon: `摘要`.
        label: String,
        /// The text.
        text: Text,
    },
    /// Any block of the body.
    Block(Block),
    /// Source and address, at the end of an article.
    SourceLine(Text),
    /// The code that leads to its address, beside the source line.
    Qr(Qr),
    /// Ruled lines for an answer; a renderer without paper may leave them out.
    Answer(u16),
    /// A ruled page for the reader's notes, on paper only.
    NotePage {
        /// What stands above the lines: `笔记`.
        title: String,
    },
    /// A line at the foot of a title or copyright page.
    Imprint(Text),
    /// Names and values, on a copyright page.
    Facts(Vec<(String, Text)>),
    /// The letter or number that a group of a glossary stands under.
    GroupLabel(String),
    /// The index.
    Index(Vec<IndexGroup>),
}

/// What a labelled text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelledRole {
    /// 摘要
    Summary,
    /// 关键词
    Keywords,
    /// 编者按, set in Kai
    EditorNote,
}

/// A place in the book that links and contents lead to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Anchor {
    /// The section.
    pub section: SectionId,
    /// An element's id in it; `None` for its beginning.
    pub element: Option<String>,
}

/// One line of contents or outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentsEntry {
    /// Level from 1: parts and articles outside parts are 1, headings stand below their section.
    pub level: u8,
    /// What it says.
    pub title: Text,
    /// Where it leads.
    pub anchor: Anchor,
    /// Kind of the section, or `None` for a heading inside one.
    pub kind: Option<SectionKind>,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    /// An address outside the book.
    External(String),
    /// A place in the book.
    Internal(Anchor),
    /// A place that is not there; reported when the book was composed.
    Dead,
}
