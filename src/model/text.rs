//! Rich text: what stands inside a paragraph, a heading, a cell or a title.

use super::{At, Language};

/// A run of inlines, in reading order.
///
/// Its written form is a string of inline Markdown (see `README.md`, "Inline markup").
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(pub Vec<Inline>);

/// One piece of rich text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Plain characters. Source newlines are already resolved: none is left here.
    Plain(String),
    /// Strong importance: set in Hei (bold). Written `**…**`.
    Strong(Text),
    /// Stress: in Chinese dots under the characters, in Latin text italic. Written `*…*`.
    Emphasis(Text),
    /// A link to a web address, to `#id` in the same publication, or to another article's file.
    Link {
        /// Address as written.
        target: At<String>,
        /// Description for assistive technology, shown nowhere on the page.
        title: Option<String>,
        /// What is shown.
        text: Text,
    },
    /// Verbatim code, set in the monospace face. Written `` `…` ``.
    Code(String),
    /// Base characters with their readings. Written `{漢字|hàn zì}`.
    Ruby(Vec<RubyPair>),
    /// Raised small text. Written `<sup>…</sup>` or `^…^`.
    Superscript(Text),
    /// Lowered small text. Written `<sub>…</sub>`.
    Subscript(Text),
    /// A reference to a footnote of the same article by its label. Written `[^label]`.
    NoteRef(At<String>),
    /// A proper name, marked by a straight line (专名号). Written `<name>…</name>`.
    ProperName(Text),
    /// A book title marked by a wavy line (书名号甲式). Written `<book>…</book>`.
    BookTitle(Text),
    /// Underlined text. Written `<u>…</u>`.
    Underline(Text),
    /// Struck-out text. Written `~~…~~`.
    Strike(Text),
    /// Highlighted text. Written `==…==` or `<mark>…</mark>`.
    Highlight(Text),
    /// Text in another language than its surroundings. Written `<span lang="…">…</span>`.
    Foreign {
        /// The language of `text`.
        language: Language,
        /// What is shown.
        text: Text,
    },
    /// A forced line break. Written `<br>`, or a backslash at the end of a line.
    LineBreak,
    /// A small picture in the line of text. Written `![alt](src)` among other text.
    Image(InlineImage),
}

/// A stretch of base characters and the annotation over them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RubyPair {
    /// The characters annotated.
    pub base: String,
    /// The reading; empty when these characters carry none.
    pub reading: String,
}

/// A picture set in a line of text, as high as the line allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlineImage {
    /// Path of the picture, relative to the article's file.
    pub src: At<String>,
    /// Alternative text; empty for a decorative picture.
    pub alt: String,
}

impl Text {
    /// Text of plain characters only, without any markup.
    pub fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self(Vec::new()) } else { Self(vec![Inline::Plain(text)]) }
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All characters shown, without markup, readings and note marks: for outlines and metadata.
    pub fn to_plain(&self) -> String {
        let mut out = String::new();
        self.push_plain(&mut out);
        out
    }

    fn push_plain(&self, out: &mut String) {
        for inline in &self.0 {
            match inline {
                Inline::Plain(s) | Inline::Code(s) => out.push_str(s),
                Inline::Ruby(pairs) => pairs.iter().for_each(|p| out.push_str(&p.base)),
                Inline::LineBreak => out.push(' '),
                Inline::Image(image) => out.push_str(&image.alt),
                Inline::NoteRef(_) => {}
                other => {
                    if let Some(text) = other.children() {
                        text.push_plain(out);
                    }
                }
            }
        }
    }

    /// Calls `visit` for every inline, parents before their children, in reading order.
    pub fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a Inline)) {
        for inline in &self.0 {
            visit(inline);
            if let Some(text) = inline.children() {
                text.visit(visit);
            }
        }
    }
}

impl Inline {
    /// The text inside this inline, for those that enclose other inlines.
    pub fn children(&self) -> Option<&Text> {
        match self {
            Inline::Strong(text)
            | Inline::Emphasis(text)
            | Inline::Link { text, .. }
            | Inline::Superscript(text)
            | Inline::Subscript(text)
            | Inline::ProperName(text)
            | Inline::BookTitle(text)
            | Inline::Underline(text)
            | Inline::Strike(text)
            | Inline::Highlight(text)
            | Inline::Foreign { text, .. } => Some(text),
            Inline::Plain(_)
            | Inline::Code(_)
            | Inline::Ruby(_)
            | Inline::NoteRef(_)
            | Inline::LineBreak
            | Inline::Image(_) => None,
        }
    }
}

impl Text {
    /// Joins neighbouring plain runs and drops what is empty.
    pub(crate) fn normalise(&mut self) {
        let mut out: Vec<Inline> = Vec::with_capacity(self.0.len());
        for inline in self.0.drain(..) {
            match inline {
                Inline::Plain(s) if s.is_empty() => {}
                Inline::Plain(s) => match out.last_mut() {
                    Some(Inline::Plain(last)) => last.push_str(&s),
                    _ => out.push(Inline::Plain(s)),
                },
                Inline::Link { .. } => out.push(inline),
                other if other.children().is_some_and(Text::is_empty) => {}
                other => out.push(other),
            }
        }
        self.0 = out;
    }
}

impl Inline {
    /// The text inside this inline, to be changed.
    pub fn children_mut(&mut self) -> Option<&mut Text> {
        match self {
            Inline::Strong(text)
            | Inline::Emphasis(text)
            | Inline::Link { text, .. }
            | Inline::Superscript(text)
            | Inline::Subscript(text)
            | Inline::ProperName(text)
            | Inline::BookTitle(text)
            | Inline::Underline(text)
            | Inline::Strike(text)
            | Inline::Highlight(text)
            | Inline::Foreign { text, .. } => Some(text),
            Inline::Plain(_)
            | Inline::Code(_)
            | Inline::Ruby(_)
            | Inline::NoteRef(_)
            | Inline::LineBreak
            | Inline::Image(_) => None,
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::plain(text)
    }
}
