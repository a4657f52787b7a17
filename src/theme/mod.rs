//! Themes: page, faces, sizes and house style, read from TOML.
//!
//! A theme states the type area in characters and lines (版心 first, CLREQ
//! §procedure_for_defining_type_area); margins follow from the paper.

mod builtin;
mod field;
mod paper;
mod read;
mod size;
mod spec;

pub use builtin::{BUILTIN, builtin};
pub use paper::{Paper, PaperError};
pub use read::read;
pub use size::{SizeError, parse_size};
pub use spec::{
    Faces, Folio, FolioForm, FolioPlace, HeadAlign, HeadText, HeadingStyle, NoteStyle, Opening,
    PageSetup, Role, RunningHead, Theme,
};
