//! One tree for JSON, YAML and TOML: values with their places, read by one serde deserializer.

mod de;
mod error;
mod json;
mod toml;
mod yaml;

pub(crate) use de::read;
pub(crate) use json::parse as parse_json;
pub(crate) use toml::parse as parse_toml;
pub(crate) use yaml::parse as parse_yaml;

use std::cell::Cell;

use crate::model::{Origin, Pos};

/// Lists and maps may stand in one another this deep: more than any article needs, and shallow
/// enough for recursion on the stack of any thread.
pub(crate) const MAX_DEPTH: usize = 96;

/// A value and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) pos: Pos,
}

/// What a [`Node`] holds. Numbers keep their written form, since `1.50` in a table is not `1.5`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(String),
    String(Str),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A string and where its own characters stand.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Str {
    pub(crate) text: String,
    pub(crate) origin: Origin,
}

/// One key of a map with its value, in the order of the file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_pos: Pos,
    pub(crate) node: Node,
}

impl Node {
    /// The value under a key of a map.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|e| e.key == key).map(|e| &e.node),
            _ => None,
        }
    }
}

/// Places of byte offsets in a text.
pub(crate) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    /// Lines that stand before the text in its file.
    before: u32,
    /// Offset and column last asked for: places are mostly asked for in order, and a whole article
    /// may stand on one line.
    last: Cell<(usize, u32)>,
}

impl<'t> Lines<'t> {
    /// - `before`: how many lines of the file stand before `text`.
    pub(crate) fn new(text: &'t str, before: u32) -> Self {
        let starts = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1))
            .collect();
        Self { text, starts, before, last: Cell::new((0, 0)) }
    }

    /// The place of a byte offset; offsets beyond the end are the end.
    pub(crate) fn pos(&self, offset: usize) -> Pos {
        let offset = offset.min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset).max(1) - 1;
        let start = self.starts[line];
        let (known, columns) = match self.last.get() {
            (known, columns) if start <= known && known <= offset => (known, columns),
            _ => (start, 0),
        };
        let between = self.text.as_bytes()[known..offset].iter();
        let columns = columns + between.filter(|b| (**b as i8) >= -0x40).count() as u32;
        self.last.set((offset, columns));
        Pos::new(line as u32 + 1 + self.before, columns + 1)
    }

    /// Where the characters of a string stand whose source is `range`: known exactly when the
    /// source, without its quotes, is the string itself.
    pub(crate) fn origin(&self, range: std::ops::Range<usize>, value: &str) -> Origin {
        let start = self.pos(range.start);
        let source = self.text.get(range).unwrap_or_default();
        for quote in ["\"\"\"\n", "'''\n", "\"\"\"", "'''", "\"", "'", ""] {
            let close = quote.trim_end();
            let inner = source.strip_prefix(quote).and_then(|s| s.strip_suffix(close));
            if inner == Some(value) {
                let start = match quote.ends_with('\n') {
                    true => Pos::new(start.line + 1, 1),
                    false => Pos::new(start.line, start.column + quote.len() as u32),
                };
                return Origin { start, indent: Some(0) };
            }
        }
        Origin { start, indent: None }
    }
}

#[cfg(test)]
mod tests;
