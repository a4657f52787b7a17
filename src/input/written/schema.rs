//! JSON Schemas of the written form, for editors.

use schemars::generate::SchemaSettings;

use crate::model::{Article, Packet};

/// What a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An article's file.
    Article,
    /// A packet's file.
    Packet,
}

/// The JSON Schema (draft 2020-12) of a kind of file, with every short form it may be written in.
pub fn schema(kind: Kind) -> serde_json::Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let schema = match kind {
        Kind::Article => generator.into_root_schema_for::<Article>(),
        Kind::Packet => generator.into_root_schema_for::<Packet>(),
    };
    schema.to_value()
}
