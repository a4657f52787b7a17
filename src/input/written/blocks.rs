//! Lists of blocks, and the one-key maps that blocks are.

use std::fmt;

use schemars::json_schema;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::block::{Notes, Unit};
use super::list::Definitions;
use super::scalar::written;
use super::{Either, Source, both};
use crate::model::{Block, Text};

/// Blocks as a person may write them: a text (blank lines divide paragraphs), one block, or a
/// list of blocks.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Blocks(pub(crate) Vec<Block>);

/// One entry of a list of blocks: most hold one block, `markdown` and texts may hold several.
struct Entry(Vec<Block>);

/// The kinds of blocks, by their keys.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Kind {
    Heading,
    Paragraph,
    Quote,
    Poem,
    List,
    Definitions,
    Table,
    Figure,
    Code,
    Callout,
    Divider,
    PageBreak,
    Footnotes,
    Markdown,
}

/// Paragraphs of a text, divided by blank lines.
pub(super) fn paragraphs(source: &Source) -> Vec<Block> {
    source.stretches().iter().map(|stretch| Block::Paragraph(stretch.to_text())).collect()
}

fn one_key<'de, A: MapAccess<'de>>(mut map: A) -> Result<Vec<Block>, A::Error> {
    let Some(kind) = map.next_key::<Kind>()? else {
        return Err(both(
            "a block needs one key, its kind (such as 'heading')",
            "块须有一个键，即其类型（如“heading”）",
        ));
    };
    let block = match kind {
        Kind::Heading => Block::Heading(map.next_value()?),
        Kind::Paragraph => Block::Paragraph(map.next_value()?),
        Kind::Quote => Block::Quote(map.next_value()?),
        Kind::Poem => Block::Poem(map.next_value()?),
        Kind::List => Block::List(map.next_value()?),
        Kind::Definitions => Block::Definitions(map.next_value::<Definitions>()?.0),
        Kind::Table => Block::Table(map.next_value()?),
        Kind::Figure => Block::Figure(map.next_value()?),
        Kind::Code => Block::Code(map.next_value()?),
        Kind::Callout => Block::Callout(map.next_value()?),
        Kind::Divider => map.next_value::<Unit>().map(|_| Block::Divider)?,
        Kind::PageBreak => map.next_value::<Unit>().map(|_| Block::PageBreak)?,
        Kind::Footnotes => Block::Footnotes(map.next_value::<Notes>()?.0),
        Kind::Markdown => {
            let source: Source = map.next_value()?;
            let blocks = crate::input::markdown::blocks(&source, &mut Vec::new());
            map.next_key::<NoMore>()?;
            return Ok(blocks);
        }
    };
    map.next_key::<NoMore>()?;
    Ok(vec![block])
}

/// A second key in a block: always an error, at that key.
struct NoMore;

impl<'de> Deserialize<'de> for NoMore {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let key = d.deserialize_str(KeyVisitor)?;
        Err(both(
            format_args!("a block has one key, its kind: '{key}' does not belong here"),
            format_args!("块只能有一个键（类型）：“{key}”不应在此"),
        ))
    }
}

struct KeyVisitor;

impl Visitor<'_> for KeyVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<String, E> {
        Ok(key.to_owned())
    }
}

const BLOCK: &str = "a block (a text, or a map with one key, its kind)";

impl<'de> Either<'de> for Block {
    const EXPECTED: &'static str = BLOCK;

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Ok(Block::Paragraph(source.to_text()))
    }

    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        let mut blocks = one_key(map)?;
        match blocks.pop() {
            Some(block) if blocks.is_empty() => Ok(block),
            _ => Err(both("this must be one block", "此处只能是一个块")),
        }
    }
}

impl<'de> Either<'de> for Entry {
    const EXPECTED: &'static str = BLOCK;

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Ok(Self(paragraphs(&source)))
    }

    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        one_key(map).map(Self)
    }
}

impl<'de> Either<'de> for Blocks {
    const EXPECTED: &'static str = "a text or a list of blocks";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Ok(Self(paragraphs(&source)))
    }

    fn list<A: SeqAccess<'de>>(mut seq: A) -> Result<Self, A::Error> {
        let mut blocks = Vec::new();
        while let Some(Entry(entry)) = seq.next_element()? {
            blocks.extend(entry);
        }
        Ok(Self(blocks))
    }

    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        one_key(map).map(Self)
    }

    fn null<E: de::Error>() -> Result<Self, E> {
        Ok(Self::default())
    }
}

written!(Entry, "BlockEntry", |generator| generator.subschema_for::<Block>());
written!(Blocks, "Blocks", |generator| {
    let block = generator.subschema_for::<Block>();
    json_schema!({
        "description": "A text (blank lines divide paragraphs), a block or a list of blocks",
        "anyOf": [block, { "type": "array", "items": block }]
    })
});
written!(Block, "Block", |generator| {
    let text = generator.subschema_for::<Text>();
    let mut kinds = vec![text.clone().to_value()];
    let mut kind = |key: &str, about: &str, schema: schemars::Schema| {
        kinds.push(serde_json::json!({
            "description": about,
            "type": "object",
            "properties": { key: schema },
            "required": [key],
            "additionalProperties": false
        }));
    };
    use crate::model::{Callout, Code, Figure, Heading, List, Poem, Quote, Table};
    kind("heading", "A heading inside the article", generator.subschema_for::<Heading>());
    kind("paragraph", "A paragraph", text);
    kind("quote", "A quotation set apart", generator.subschema_for::<Quote>());
    kind("poem", "A poem: lines are kept", generator.subschema_for::<Poem>());
    kind("list", "A list", generator.subschema_for::<List>());
    kind("definitions", "Terms and what they mean", generator.subschema_for::<Definitions>());
    kind("table", "A table", generator.subschema_for::<Table>());
    kind("figure", "A picture with its caption", generator.subschema_for::<Figure>());
    kind("code", "Program text", generator.subschema_for::<Code>());
    kind("callout", "A box beside the run of the text", generator.subschema_for::<Callout>());
    kind("divider", "A break of scene or subject", generator.subschema_for::<Unit>());
    kind("page_break", "What follows begins on a new page", generator.subschema_for::<Unit>());
    kind("footnotes", "Bodies of notes by their labels", generator.subschema_for::<Notes>());
    kind("markdown", "Blocks written in Markdown", generator.subschema_for::<Source>());
    json_schema!({
        "description": "One block: a text is a paragraph, all others are a map with one key",
        "anyOf": kinds
    })
});

impl Serialize for Block {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        fn one<S: Serializer, T: Serialize>(s: S, key: &str, value: T) -> Result<S::Ok, S::Error> {
            let mut map = s.serialize_map(Some(1))?;
            map.serialize_entry(key, &value)?;
            map.end()
        }
        match self {
            Block::Paragraph(text) => text.serialize(s),
            Block::Heading(heading) => one(s, "heading", heading),
            Block::Quote(quote) => one(s, "quote", quote),
            Block::Poem(poem) => one(s, "poem", poem),
            Block::List(list) => one(s, "list", list),
            Block::Definitions(list) => one(s, "definitions", Definitions(list.clone())),
            Block::Table(table) => one(s, "table", table),
            Block::Figure(figure) => one(s, "figure", figure),
            Block::Code(code) => one(s, "code", code),
            Block::Callout(callout) => one(s, "callout", callout),
            Block::Divider => one(s, "divider", true),
            Block::PageBreak => one(s, "page_break", true),
            Block::Footnotes(notes) => one(s, "footnotes", Notes(notes.clone())),
        }
    }
}

impl Serialize for Blocks {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [Block::Paragraph(text)] if !text.is_empty() => text.serialize(s),
            blocks => blocks.serialize(s),
        }
    }
}
