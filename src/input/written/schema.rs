//! JSON Schemas of the written form, for editors.

use schemars::generate::SchemaSettings;

use crate::model::{Article, Packet};
use crate::theme::Theme;

/// What a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An article's file.
    Article,
    /// A packet's file.
    Packet,
    /// A theme's file.
    Theme,
}

/// The JSON Schema (draft 2020-12) of a kind of file, with every short form it may be written in.
pub fn schema(kind: Kind) -> serde_json::Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let schema = match kind {
        Kind::Article => generator.into_root_schema_for::<Article>(),
        Kind::Packet => generator.into_root_schema_for::<Packet>(),
        Kind::Theme => generator.into_root_schema_for::<Theme>(),
    };
    schema.to_value()
}
