//! A packet: articles collected into one publication.

use std::path::PathBuf;

use super::{Article, At, Block, Date, Language, Text};

/// A collection of articles with what stands before and after them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// Title; required, not empty.
    pub title: Text,
    /// Line under the title.
    pub subtitle: Option<Text>,
    /// Who put it together.
    pub compiler: Option<String>,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// Date of the edition.
    pub date: Option<Date>,
    /// Language of the publication's own words, and of articles that name none.
    pub language: Language,
    /// Identifier of the edition (ISBN, URN, anything stable).
    pub identifier: Option<String>,
    /// The cover.
    pub cover: Cover,
    /// Name of a built-in theme, or path of a theme file relative to the packet's.
    pub theme: Option<At<String>>,
    /// Text before the contents.
    pub foreword: Vec<Block>,
    /// Text after the last article.
    pub afterword: Vec<Block>,
    /// The articles, in reading order.
    pub contents: Vec<Contents>,
    /// File it was read from; not part of the written form.
    pub origin: Option<PathBuf>,
}

/// The cover of a publication.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Cover {
    /// Drawn from the title, in the theme's colours.
    #[default]
    Drawn,
    /// A picture that fills the page; path relative to the packet's file.
    Picture(At<String>),
    /// No cover page.
    None,
}

/// One entry of a packet's contents, globs and paths already resolved to articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contents {
    /// An article by itself.
    Article(Box<Article>),
    /// A part with its articles.
    Part(Part),
}

/// Articles that belong together under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Name of the part, as it is shown: `第一单元　…`.
    pub title: Text,
    /// Text on the part's opening page.
    pub intro: Vec<Block>,
    /// Its articles.
    pub articles: Vec<Article>,
}
