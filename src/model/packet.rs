//! A packet: articles collected into one publication.

use std::path::PathBuf;

use super::{Article, At, Block, Date, Language, Study, Text};

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
    /// Series that it belongs to.
    pub series: Option<Series>,
    /// The cover.
    pub cover: Cover,
    /// Name of a built-in theme, or path of a theme file relative to the packet's.
    pub theme: Option<At<String>>,
    /// Text before the contents.
    pub foreword: Vec<Block>,
    /// What stands after the articles, before the afterword.
    pub appendices: Vec<Article>,
    /// Text after the last article.
    pub afterword: Vec<Block>,
    /// The articles, in reading order.
    pub contents: Vec<Contents>,
    /// Structure, study features and numbering.
    pub study: Study,
    /// File it was read from; not part of the written form.
    pub origin: Option<PathBuf>,
}

/// A series of publications and the place of one in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Name of the series.
    pub name: String,
    /// Number in the series, from 1.
    pub number: Option<u32>,
}

/// The cover of a publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cover {
    /// Drawn from the title, in the theme's colours.
    Drawn(CoverDesign),
    /// A picture that fills the page; path relative to the packet's file.
    Picture(At<String>),
    /// No cover page.
    None,
}

impl Packet {
    /// Its articles in reading order, appendices left out.
    pub fn articles(&self) -> impl Iterator<Item = &Article> {
        self.contents.iter().flat_map(|entry| match entry {
            Contents::Article(article) => std::slice::from_ref(&**article),
            Contents::Part(part) => part.articles.as_slice(),
        })
    }

    /// Its articles in reading order and its appendices, to be changed.
    pub fn articles_mut(&mut self) -> impl Iterator<Item = &mut Article> {
        let main = self.contents.iter_mut().flat_map(|entry| match entry {
            Contents::Article(article) => std::slice::from_mut(&mut **article),
            Contents::Part(part) => part.articles.as_mut_slice(),
        });
        main.chain(&mut self.appendices)
    }
}

impl Default for Cover {
    fn default() -> Self {
        Self::Drawn(CoverDesign::default())
    }
}

/// The designs of a drawn cover.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CoverDesign {
    /// A double frame with the title in its upper half.
    #[default]
    Frame,
    /// A band of colour over the whole width, the title in it.
    Band,
    /// The title in a slip at the left, as on thread-bound books (题签).
    Slip,
    /// White, a short rule, the title at the left.
    Plain,
}

impl CoverDesign {
    /// All designs by the names they are written with.
    pub const ALL: [(&'static str, Self); 4] = [
        ("frame", Self::Frame),
        ("band", Self::Band),
        ("slip", Self::Slip),
        ("plain", Self::Plain),
    ];
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
