//! Styles of type as layout resolves them: what a theme's roles mean for one stretch of text.

use crate::layout::{Color, NodeId};
use crate::model::Region;
use crate::text::Preset;
use crate::theme::Role;
use crate::units::{Em, Pt};

/// Type of a stretch of text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TextStyle {
    /// Face by its role.
    pub role: Role,
    /// Size.
    pub size: Pt,
    /// Colour.
    pub color: Color,
    /// How far the baseline is raised (negative: lowered).
    pub raise: Pt,
    /// Region whose forms are wanted.
    pub region: Region,
    /// Language in which its words are hyphenated, if they are.
    pub hyphens: Option<hypher::Lang>,
    /// What is drawn with the characters.
    pub marks: Marks,
    /// Index of the link it belongs to, in the paragraph's list.
    pub link: Option<usize>,
    /// Structure node of its content.
    pub node: NodeId,
}

/// Lines, dots and grounds drawn with characters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// 着重号: a dot under every Han character.
    pub dots: bool,
    /// 专名号: a straight line below. Each name has its own number, so that neighbours get lines of
    /// their own; 0 is none.
    pub proper_name: u32,
    /// 书名号甲式: a wavy line below; numbered as names are.
    pub book_title: u32,
    /// Underline.
    pub underline: bool,
    /// Line through the middle.
    pub strike: bool,
    /// Coloured ground.
    pub highlight: bool,
    /// Verbatim: no gaps, no ligatures.
    pub code: bool,
    /// Tinted ground, as code in a line has; a block of code has one ground for all its lines.
    pub tinted: bool,
}

/// How a paragraph is set.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ParagraphStyle {
    /// Width available for lines, from the column's left edge.
    pub measure: Pt,
    /// Indent of the first line.
    pub first_indent: Pt,
    /// Indent of the other lines.
    pub indent: Pt,
    /// Where lines stand.
    pub align: Align,
    /// House style of punctuation.
    pub preset: Preset,
    /// Whether lines end at word boundaries, the first longest (headings, captions).
    pub by_sense: bool,
    /// Width of a space typed between two Han characters.
    pub han_space: Em,
}

/// Where the lines of a paragraph stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// Both edges flush, the last line at the left.
    Justify,
    /// At the left.
    Left,
    /// In the middle.
    Center,
    /// At the right.
    Right,
}
