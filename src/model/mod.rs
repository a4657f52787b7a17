//! The data that Keben takes in: articles, packets, and the blocks and inlines they are made of.
//!
//! Plain data with constructors and checks, nothing else. Rich text ([`Text`]) is written as a
//! string of inline Markdown in every structured format, so a person can type it by hand.
//! Depends on no other module of the crate but [`crate::units`].

mod article;
mod block;
mod date;
mod language;
mod markup;
mod packet;
mod position;
mod study;
mod text;
mod writing_mode;

pub use article::{Article, Author, Body, GlossaryEntry, SourceKind, SourceRef};
pub use block::{
    Align, Block, Callout, CalloutKind, Cell, Code, Definition, Figure, Heading, List, ListItem,
    Numbering, Poem, Quote, Row, Table,
};
pub(crate) use date::civil_from_days;
pub use date::{Date, DateError};
pub use language::{Language, LanguageError, Region};
pub use markup::Origin;
pub(crate) use markup::{Converter, Tag, inline_options, joins_without_space, protect, unprotect};
pub use packet::{Contents, Cover, CoverDesign, Packet, Part, Series};
pub use position::{At, Pos};
pub use study::{
    Colophon, GlossaryPlace, NoteSpace, NumberingPlan, Pattern, Pinyin, Questions, Sign, SortOrder,
    Study,
};
pub use text::{Inline, InlineImage, RubyPair, Text};
pub use writing_mode::WritingMode;
