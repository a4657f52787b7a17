//! Keben (刻本): structured articles in, a typeset PDF and a clean EPUB 3 out.
//!
//! The way of the data, one module for each step:
//!
//! ```text
//! input → model → compose → Book ─┬→ layout → Document ─┬→ pdf
//!                                 │                     └→ raster
//!                                 └→ epub
//! ```
//!
//! [`export`] runs the whole line, [`batch`] runs it for each of many inputs.

pub mod batch;
pub mod clean;
pub mod cli;
pub mod collate;
pub mod compose;
pub mod diagnostic;
pub mod epub;
pub mod export;
pub mod font;
pub mod import;
pub mod input;
pub mod labels;
pub mod layout;
pub mod model;
pub mod numbering;
pub mod output;
pub mod pdf;
pub mod picture;
pub mod raster;
pub mod script;
pub mod text;
pub mod theme;
pub mod units;
