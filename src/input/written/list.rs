//! Lists and definition lists.

use schemars::{JsonSchema, json_schema};
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess};
use serde::ser::{Serialize, Serializer};
use serde::{Deserialize, Serialize as DeriveSerialize};

use super::block::{fields, text_or_body};
use super::blocks::paragraphs;
use super::scalar::written;
use super::{Blocks, Either, Source, both};
use crate::model::{Block, Definition, List, ListItem, Numbering, Text};

#[derive(Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListFields {
    /// How items are numbered; without it the list is unordered
    #[serde(skip_serializing_if = "Option::is_none")]
    numbering: Option<Numbering>,
    /// Number of the first item; 1 when not given
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<u32>,
    /// The items
    items: Vec<ListItem>,
}

impl<'de> Either<'de> for List {
    const EXPECTED: &'static str = "a list of items or a map with 'items'";

    fn list<A: SeqAccess<'de>>(mut seq: A) -> Result<Self, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(List { numbering: None, start: 1, items })
    }

    /// A `start` alone asks for Arabic numbers.
    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        let ListFields { numbering, start, items } = fields(map)?;
        let numbering = numbering.or(start.map(|_| Numbering::Arabic));
        Ok(List { numbering, start: start.unwrap_or(1), items })
    }
}

impl Serialize for List {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if self.numbering.is_none() {
            return self.items.serialize(s);
        }
        let start = (self.start != 1).then_some(self.start);
        ListFields { numbering: self.numbering, start, items: self.items.clone() }.serialize(s)
    }
}

#[derive(Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ItemFields {
    /// In a task list: whether it is done
    #[serde(skip_serializing_if = "Option::is_none")]
    checked: Option<bool>,
    /// What it holds, as a text
    #[serde(skip_serializing)]
    text: Option<Source>,
    /// What it holds, as blocks (instead of 'text')
    body: Option<Blocks>,
}

/// A map whose first key has been read to see what the map is.
pub(super) struct Resumed<A> {
    first: Option<String>,
    map: A,
}

impl<'de, A: MapAccess<'de>> Resumed<A> {
    /// Reads the first key.
    pub(super) fn new(mut map: A) -> Result<Self, A::Error> {
        Ok(Self { first: map.next_key()?, map })
    }

    /// Whether the first key is one of these.
    pub(super) fn begins_with(&self, keys: &[&str]) -> bool {
        self.first.as_deref().is_some_and(|first| keys.contains(&first))
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Resumed<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(first) => seed.deserialize(first.into_deserializer()).map(Some),
            None => self.map.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

impl<'de> Either<'de> for ListItem {
    const EXPECTED: &'static str = "a text, a list of blocks or a map with 'text' or 'body'";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Ok(ListItem { checked: None, body: paragraphs(&source) })
    }

    fn list<A: SeqAccess<'de>>(seq: A) -> Result<Self, A::Error> {
        Ok(ListItem { checked: None, body: Blocks::list(seq)?.0 })
    }

    /// Either the item's fields or one block.
    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        let map = Resumed::new(map)?;
        if !map.begins_with(&["checked", "text", "body"]) {
            return Ok(ListItem { checked: None, body: Blocks::map(map)?.0 });
        }
        let ItemFields { checked, text, body } = fields(map)?;
        Ok(ListItem { checked, body: text_or_body(text, body)? })
    }
}

impl Serialize for ListItem {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let body = Blocks(self.body.clone());
        match self.checked {
            None => body.serialize(s),
            checked => ItemFields { checked, text: None, body: Some(body) }.serialize(s),
        }
    }
}

/// A definition list.
pub(super) struct Definitions(pub(super) Vec<Definition>);

#[derive(Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DefinitionFields {
    /// The term defined
    term: Text,
    /// Its meaning
    #[serde(skip_serializing_if = "Option::is_none")]
    definition: Option<Blocks>,
    /// Several meanings of the term (instead of 'definition')
    #[serde(skip_serializing_if = "Option::is_none")]
    definitions: Option<Vec<Blocks>>,
}

impl<'de> serde::Deserialize<'de> for Definition {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let DefinitionFields { term, definition, definitions } =
            serde::Deserialize::deserialize(d)?;
        let details = match (definition, definitions) {
            (Some(one), None) => vec![one.0],
            (None, Some(many)) => many.into_iter().map(|one| one.0).collect(),
            _ => {
                return Err(both(
                    "one of 'definition' and 'definitions' must be given",
                    "“definition”与“definitions”须给出其一",
                ));
            }
        };
        Ok(Definition { term, details })
    }
}

impl Serialize for Definition {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let blocks = |body: &Vec<Block>| Blocks(body.clone());
        let (definition, definitions) = match self.details.as_slice() {
            [one] => (Some(blocks(one)), None),
            many => (None, Some(many.iter().map(blocks).collect())),
        };
        DefinitionFields { term: self.term.clone(), definition, definitions }.serialize(s)
    }
}

impl JsonSchema for Definition {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Definition".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        DefinitionFields::json_schema(generator)
    }
}

impl<'de> Either<'de> for Definitions {
    const EXPECTED: &'static str = "a list of definitions or a map of terms";

    fn list<A: SeqAccess<'de>>(mut seq: A) -> Result<Self, A::Error> {
        let mut definitions = Vec::new();
        while let Some(definition) = seq.next_element()? {
            definitions.push(definition);
        }
        Ok(Self(definitions))
    }

    fn map<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut definitions = Vec::new();
        while let Some((term, meaning)) = map.next_entry::<String, Blocks>()? {
            let term = Text::from_markup(&term);
            definitions.push(Definition { term, details: vec![meaning.0] });
        }
        Ok(Self(definitions))
    }
}

impl Serialize for Definitions {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(s)
    }
}

written!(List, "List", |generator| {
    let items = generator.subschema_for::<Vec<ListItem>>();
    let fields = generator.subschema_for::<ListFields>();
    json_schema!({ "anyOf": [items, fields] })
});
written!(ListItem, "ListItem", |generator| {
    let blocks = generator.subschema_for::<Blocks>();
    let fields = generator.subschema_for::<ItemFields>();
    json_schema!({ "anyOf": [blocks, fields] })
});
written!(Definitions, "Definitions", |generator| {
    let list = generator.subschema_for::<Vec<Definition>>();
    let blocks = generator.subschema_for::<Blocks>();
    json_schema!({ "anyOf": [list, { "type": "object", "additionalProperties": blocks }] })
});
