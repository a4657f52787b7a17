//! Blocks: the paragraphs, headings, lists, tables and figures that a body is made of.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{At, Text};

/// One block of a body.
///
/// In JSON, YAML and TOML a block is an object with one key, its kind (`{"heading": …}`), and a
/// bare string is a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// `heading`
    Heading(Heading),
    /// `paragraph`, or a bare string
    Paragraph(Text),
    /// `quote`
    Quote(Quote),
    /// `poem`
    Poem(Poem),
    /// `list`
    List(List),
    /// `definitions`
    Definitions(Vec<Definition>),
    /// `table`
    Table(Table),
    /// `figure`
    Figure(Figure),
    /// `code`
    Code(Code),
    /// `callout`
    Callout(Callout),
    /// `divider`: a break of scene or subject
    Divider,
    /// `page_break`
    PageBreak,
    /// `footnotes`: bodies of notes by their labels; set where they are referred to, not here
    Footnotes(BTreeMap<String, Vec<Block>>),
}

/// A heading inside an article. The article's own title is not a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 (a section of the article) to 6.
    pub level: u8,
    /// What it says.
    pub text: Text,
    /// Name for links to it (`#id`), unique in its article.
    pub id: Option<At<String>>,
}

/// A quotation set apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// What is quoted.
    pub body: Vec<Block>,
    /// Who said it or where it stands, without a dash.
    pub attribution: Option<Text>,
}

/// A poem: lines are kept as written, stanzas apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poem {
    /// Title over the poem.
    pub title: Option<Text>,
    /// Poet, under the title.
    pub author: Option<Text>,
    /// Stanzas of lines.
    pub stanzas: Vec<Vec<Text>>,
}

/// An ordered, unordered or task list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// How items are numbered; `None` for an unordered list.
    pub numbering: Option<Numbering>,
    /// Number of the first item.
    pub start: u32,
    /// The items.
    pub items: Vec<ListItem>,
}

/// How the items of an ordered list are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Numbering {
    /// 1. 2. 3.
    Arabic,
    /// 一、二、三、
    Chinese,
    /// （一）（二）（三）
    ChineseParen,
    /// （1）（2）（3）
    ArabicParen,
    /// ①②③
    Circled,
    /// a. b. c.
    Alpha,
    /// i. ii. iii.
    Roman,
    /// [1] [2] [3]
    Bracketed,
}

/// One item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListItem {
    /// In a task list: whether it is done.
    pub checked: Option<bool>,
    /// What it holds.
    pub body: Vec<Block>,
}

/// A term and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The term defined.
    pub term: Text,
    /// Its meaning; more than one entry for a term with several meanings.
    pub details: Vec<Vec<Block>>,
}

/// A table. Rows may differ in length: missing cells are empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Rows at the top that name the columns; repeated on every page the table runs over.
    pub head: Vec<Row>,
    /// The rows of data.
    pub rows: Vec<Row>,
    /// Alignment of each column; columns beyond the list are [`Align::Auto`].
    pub align: Vec<Align>,
    /// Caption, set above the table.
    pub caption: Option<Text>,
    /// Name for links to it.
    pub id: Option<At<String>>,
}

/// A row of cells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Cells from the first column; a spanned place holds no cell.
    pub cells: Vec<Cell>,
}

/// One cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What it holds.
    pub text: Text,
    /// Columns it covers, at least 1.
    pub colspan: u16,
    /// Rows it covers, at least 1.
    pub rowspan: u16,
    /// Whether it names its row or column.
    pub header: bool,
    /// Its own alignment, over its column's.
    pub align: Option<Align>,
}

/// Horizontal alignment in a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// By content: numbers to the right, short text centred, long text justified.
    #[default]
    Auto,
    /// Flush left.
    Left,
    /// Centred.
    Center,
    /// Flush right.
    Right,
}

/// A picture with its caption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Path of the picture, relative to the article's file. `None` when only the caption is known
    /// (text scraped from a page): a caption alone is set.
    pub src: Option<At<String>>,
    /// Text that stands for the picture when it can't be seen.
    pub alt: Option<String>,
    /// Caption, set below the picture.
    pub caption: Option<Text>,
    /// Who made the picture.
    pub credit: Option<Text>,
    /// Share of the measure it takes, in percent (1–100); `None` for its natural width.
    pub width: Option<u8>,
    /// Name for links to it.
    pub id: Option<At<String>>,
}

/// Program text or anything else that must keep its spaces and lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Language of the program, lower case.
    pub language: Option<String>,
    /// The text, lines divided by `\n`, none at the end.
    pub text: String,
    /// Caption, set above.
    pub caption: Option<Text>,
}

/// A box beside the run of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callout {
    /// What the box is for.
    pub kind: CalloutKind,
    /// Its title; the kind's own name where none is given.
    pub title: Option<Text>,
    /// What it holds.
    pub body: Vec<Block>,
}

/// What a callout is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CalloutKind {
    /// 注
    Note,
    /// 提示
    Tip,
    /// 重要
    Important,
    /// 警告
    Warning,
    /// 要点
    KeyPoint,
}

impl Heading {
    /// A heading without a name.
    pub fn new(level: u8, text: impl Into<Text>) -> Self {
        Self { level, text: text.into(), id: None }
    }
}

impl Cell {
    /// An ordinary cell over one column and one row.
    pub fn new(text: impl Into<Text>) -> Self {
        Self { text: text.into(), colspan: 1, rowspan: 1, header: false, align: None }
    }
}
