//! Layout: Book → pages of frames. Knows nothing of PDF.
//!
//! ```text
//! document::layout
//!   section   one section of the book → strips      (block, list, table, figure)
//!   paragraph text → lines                          (inline, linebreak, line, decoration, ruby)
//!   page      strips → pages, notes at the foot
//!   contents, cover, running heads, folios, links
//! ```

mod answer;
mod block;
mod contents;
mod cover;
mod decoration;
mod document;
mod dump;
mod figure;
mod frame;
mod front;
#[cfg(test)]
mod golden_tests;
mod index;
mod inline;
mod line;
mod linebreak;
mod list;
mod margin;
mod page;
mod paragraph;
#[cfg(test)]
mod paragraph_tests;
mod pieces;
mod place;
mod printed;
#[cfg(test)]
mod proof;
mod ruby;
#[cfg(test)]
mod rule_tests;
mod section;
mod sense;
mod setter;
mod source;
mod strip;
mod style;
mod table;
mod upright;
mod volumes;

pub use document::layout;
pub use dump::dump;
pub use frame::{
    AreaTarget, Color, Content, Document, Glyph, GlyphRun, Item, LinkArea, ListNumbering, NodeId,
    OutlineEntry, Page, Place, Rect, Role, Scope, Segment, Shape, Stroke, StructNode, Tag,
};
pub use printed::{PrintedPage, PrintedPart, counts_in_pages};
pub use volumes::volumes;
