//! Fonts: which faces there are, what they cover, and what their glyphs measure.
//!
//! Knows nothing of text or layout. Font data is never copied: bundled faces are part of the
//! program's file and are mapped with it, other files are memory-mapped by `fontdb`.

mod book;
mod bundled;
mod face;

pub use book::{FaceId, FontBook, FontOrigin};
pub use face::{Face, GlyphBox};

pub(crate) use book::region_suffix;
pub(crate) use bundled::bundled_database;
