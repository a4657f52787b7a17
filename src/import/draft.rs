//! What a reader of raw input hands to recognition: blocks as they stood, and what the container
//! said about the article.

use crate::model::{Author, Block, Date, Language, Text};

/// A block whose part in the article is not known yet.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// The block as it stood.
    pub(crate) block: Block,
    /// Its characters without markup, trimmed; empty for pictures and rules.
    pub(crate) text: String,
    /// Line in the source, or number of the block where lines mean nothing; from 1.
    pub(crate) line: u32,
    /// How it looked.
    pub(crate) look: Look,
}

/// How a block looked on its page.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Look {
    /// All of it is bold.
    pub(crate) bold: bool,
    /// It is centred.
    pub(crate) centred: bool,
    /// Share of its characters that are links, 0 to 1.
    pub(crate) links: f32,
    /// It stood in a quotation, table or list of the source: no title, by-line or heading.
    pub(crate) inner: bool,
}

impl Draft {
    /// A paragraph of plain characters.
    pub(crate) fn paragraph(text: &str, line: u32) -> Self {
        let text = text.trim();
        let block = Block::Paragraph(Text::plain(text));
        Self { block, text: text.to_owned(), line, look: Look::default() }
    }

    /// A block with its characters.
    pub(crate) fn new(block: Block, line: u32) -> Self {
        let text = crate::clean::plain_of(std::slice::from_ref(&block)).trim().to_owned();
        Self { block, text, line, look: Look::default() }
    }

    /// Whether it is a paragraph.
    pub(crate) fn is_paragraph(&self) -> bool {
        matches!(self.block, Block::Paragraph(_))
    }

    /// Whether it is a paragraph or a heading.
    pub(crate) fn is_line(&self) -> bool {
        matches!(self.block, Block::Paragraph(_) | Block::Heading(_)) && !self.look.inner
    }

    /// Running text: long, closed like a sentence, no list of links.
    pub(crate) fn is_running(&self) -> bool {
        let width = super::evidence::width(&self.text);
        self.is_paragraph()
            && self.look.links < 0.5
            && (width >= 45 && super::evidence::ends_sentence(&self.text) || width >= 80)
    }
}

/// A value that may be right.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate<T> {
    pub(crate) value: T,
    /// How sure it is, 0 to 1.
    pub(crate) sure: f32,
    /// Where it was found, for the report.
    pub(crate) how: &'static str,
}

/// What the container (a page's head, a feed's entry, a book's package) says of the article.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub(crate) title: Vec<Candidate<String>>,
    pub(crate) subtitle: Option<String>,
    pub(crate) authors: Vec<Candidate<Vec<Author>>>,
    pub(crate) date: Vec<Candidate<Date>>,
    pub(crate) source: Vec<Candidate<String>>,
    pub(crate) url: Option<String>,
    pub(crate) language: Option<Language>,
    pub(crate) summary: Option<String>,
    pub(crate) keywords: Vec<String>,
    /// The title when nothing better is found: the file's name.
    pub(crate) fallback: String,
}

impl<T> Candidate<T> {
    pub(crate) fn new(value: T, sure: f32, how: &'static str) -> Self {
        Self { value, sure, how }
    }
}

/// The best of several, the first of equals.
pub(crate) fn best<T>(list: &[Candidate<T>]) -> Option<&Candidate<T>> {
    list.iter().fold(None, |best: Option<&Candidate<T>>, next| match best {
        Some(best) if best.sure >= next.sure => Some(best),
        _ => Some(next),
    })
}
