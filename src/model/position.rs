//! Where in its file a value stood, kept with the value so that later stages can point at it.

use std::ops::Deref;

/// A place in a text file, as editors count: both numbers start at 1.
///
/// `column` counts characters (Unicode scalar values), not bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pos {
    /// Line number, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Pos {
    /// A place by line and column, both from 1.
    pub fn new(line: u32, column: u32) -> Self {
        Self { line, column }
    }
}

/// A value together with the place it was read from, if it was read from a file.
///
/// Two `At`s are equal when their values are: the place is only for diagnostics.
#[derive(Debug, Clone, Default)]
pub struct At<T> {
    /// The value itself.
    pub value: T,
    /// Where it began, or `None` for a value made by a program.
    pub pos: Option<Pos>,
}

impl<T> At<T> {
    /// A value read at `pos`.
    pub fn new(value: T, pos: Pos) -> Self {
        Self { value, pos: Some(pos) }
    }
}

impl<T> From<T> for At<T> {
    fn from(value: T) -> Self {
        Self { value, pos: None }
    }
}

impl<T> Deref for At<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for At<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for At<T> {}
