//! Inline markup: the written form of [`Text`], a string of inline Markdown.
//!
//! CommonMark inlines (parsed by `comrak` with CJK-friendly emphasis), strikethrough `~~…~~`,
//! highlight `==…==`, superscript `^…^`, note references `[^label]`, ruby `{漢字|hàn zì}` and the
//! inline HTML tags that Markdown has no sign for. A bare string is inline only: `1. `, `# `, `- `
//! and leading spaces mean themselves.
//!
//! The way: [`protect`] hides what comrak would read wrongly behind control characters, comrak
//! builds its tree, [`convert`] turns the tree into inlines and lifts the protection, [`newline`]
//! resolves source line ends. [`print`] is the way back.

mod convert;
mod html;
mod newline;
mod print;
mod protect;

use comrak::options::{Extension, Parse};
use comrak::{Arena, Options, parse_document};

pub(crate) use convert::Converter;
pub(crate) use html::Tag;
pub(crate) use newline::joins_without_space;
use newline::resolve_newlines;
pub(crate) use protect::{NOTE_OPEN, Protected, protect, unprotect};

use super::{Pos, Text};

/// Where the characters of a string stand in the file it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// Place of the string's first character.
    pub start: Pos,
    /// Columns before the first character of every line but the first, where the string stands in
    /// its file as it is (perhaps indented); `None` when escapes or folding make places inside it
    /// unknowable, and everything in it is reported at `start`.
    pub indent: Option<u32>,
}

impl Origin {
    /// A string that is a file from its beginning.
    pub const FILE: Self = Self { start: Pos { line: 1, column: 1 }, indent: Some(0) };

    /// Place in the file of a place in the string (both from 1).
    pub fn locate(&self, line: u32, column: u32) -> Pos {
        match (self.indent, line) {
            (None, _) => self.start,
            (Some(_), 0 | 1) => Pos::new(
                self.start.line,
                self.start.column.saturating_add(column.saturating_sub(1)),
            ),
            (Some(indent), _) => {
                Pos::new(self.start.line.saturating_add(line - 1), indent.saturating_add(column))
            }
        }
    }
}

/// Something in markup that could not be used as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remark {
    /// The tag or other markup concerned, as written.
    pub(crate) what: String,
    /// Where it stands.
    pub(crate) pos: Option<Pos>,
}

/// Spaces (category Zs) that may stand before every line of a bare string: they keep comrak from
/// seeing a list or heading there and count as white space beside emphasis. The first that the
/// string does not hold is taken, so that none of the string's own is lost.
const GUARDS: [char; 6] = ['\u{1680}', '\u{205F}', '\u{2008}', '\u{2006}', '\u{2005}', '\u{2004}'];

impl Text {
    /// Reads inline markup. Never fails: what is not markup is text.
    ///
    /// A newline between two Han characters vanishes, any other becomes one space.
    pub fn from_markup(source: &str) -> Self {
        parse(source, None).0
    }

    /// Reads inline markup and keeps the places of links, pictures and notes.
    pub fn from_markup_at(source: &str, origin: Origin) -> Self {
        parse(source, Some(origin)).0
    }

    /// Writes inline markup that [`Text::from_markup`] reads back to the same text.
    ///
    /// The same after normalising: neighbouring plain runs joined, empty runs dropped.
    pub fn to_markup(&self) -> String {
        print::to_markup(self)
    }
}

/// Reads a bare string of markup, with what could not be used.
pub(crate) fn parse(source: &str, origin: Option<Origin>) -> (Text, Vec<Remark>) {
    if let Some(text) = plain_fast(source) {
        return (text, Vec::new());
    }
    let guard = GUARDS.into_iter().find(|g| !source.contains(*g)).unwrap_or(GUARDS[0]);
    let mut guarded = String::with_capacity(source.len() + 16);
    for (i, line) in source.split('\n').enumerate() {
        if i > 0 {
            guarded.push('\n');
        }
        guarded.push(guard);
        guarded.push_str(line);
    }
    let protected = protect(&guarded, false);
    let arena = Arena::new();
    let options = inline_options();
    let root = parse_document(&arena, &protected.text, &options);
    let mut converter = Converter::new(&protected, origin, Some(guard));
    let mut text = Text::default();
    for block in root.children() {
        text.0.extend(converter.inlines(block).0);
    }
    (text, converter.into_remarks())
}

/// Text without any character that could be markup needs no parser: most strings are such.
fn plain_fast(source: &str) -> Option<Text> {
    let special = |b: u8| {
        matches!(
            b,
            b'\\' | b'`' | b'*' | b'_' | b'[' | b']' | b'<' | b'&' | b'~' | b'^' | b'=' | b'{'
                | b'!' | b'\n' | b'\r' | 0..=8 | 11..=31
        )
    };
    let ends_in_space = source.ends_with([' ', '\t']);
    (!source.bytes().any(special) && !ends_in_space).then(|| Text::plain(source))
}

/// The inline extensions, shared with Markdown files.
pub(crate) fn inline_options() -> Options<'static> {
    Options {
        extension: Extension {
            strikethrough: true,
            superscript: true,
            highlight: true,
            cjk_friendly_emphasis: true,
            ..Extension::default()
        },
        parse: Parse { sourcepos_chars: true, ..Parse::default() },
        ..Options::default()
    }
}

#[cfg(test)]
mod tests;
