//! Headings, quotes, poems, figures, code, callouts, notes.

use std::collections::BTreeMap;

use schemars::{JsonSchema, json_schema};
use serde::de::{self, IgnoredAny, MapAccess, SeqAccess, value::MapAccessDeserializer};
use serde::ser::{Serialize, Serializer};
use serde::{Deserialize, Serialize as DeriveSerialize};

use super::blocks::paragraphs;
use super::scalar::{Ranged, written};
use super::{Blocks, Either, Source, both};
use crate::model::{At, Block, Callout, CalloutKind, Code, Figure, Heading, Poem, Quote, Text};

/// Reads the long form of a type, a map of its fields.
pub(super) fn fields<'de, T: serde::Deserialize<'de>, A: MapAccess<'de>>(
    map: A,
) -> Result<T, A::Error> {
    T::deserialize(MapAccessDeserializer::new(map))
}

/// The body of a block that may be given as `text` or as `body`: exactly one of them.
pub(super) fn text_or_body<E: de::Error>(
    text: Option<Source>,
    body: Option<Blocks>,
) -> Result<Vec<Block>, E> {
    match (text, body) {
        (Some(text), None) => Ok(paragraphs(&text)),
        (None, Some(body)) => Ok(body.0),
        (Some(_), Some(_)) => {
            Err(both("'text' and 'body' can't both be given", "“text”与“body”只能给出一个"))
        }
        (None, None) => Err(both("'text' or 'body' is missing", "缺少“text”或“body”")),
    }
}

#[derive(Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct HeadingFields {
    /// What it says
    text: Text,
    /// 1 (a section of the article) to 6; 1 when not given
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<Ranged<6>>,
    /// Name for links to it (#id), unique in its article
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<At<String>>,
}

impl<'de> Either<'de> for Heading {
    const EXPECTED: &'static str = "a text or a map with 'text'";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Ok(Heading { level: 1, text: source.to_text(), id: None })
    }

    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        let HeadingFields { text, level, id } = fields(map)?;
        Ok(Heading { level: level.map_or(1, |level| level.0 as u8), text, id })
    }
}

impl Serialize for Heading {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if self.level == 1 && self.id.is_none() {
            return self.text.serialize(s);
        }
        let level = (self.level != 1).then_some(Ranged(u16::from(self.level)));
        HeadingFields { text: self.text.clone(), level, id: self.id.clone() }.serialize(s)
    }
}

#[derive(Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct QuoteFields {
    /// What is quoted, as a text; blank lines divide paragraphs
    #[serde(skip_serializing)]
    text: Option<Source>,
    /// What is quoted, as blocks (instead of 'text')
    body: Option<Blocks>,
    /// Who said it or where it stands, without a dash
    #[serde(skip_serializing_if = "Option::is_none")]
    attribution: Option<Text>,
}

impl<'de> Either<'de> for Quote {
    const EXPECTED: &'static str = "a text or a map with 'text' or 'body'";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Ok(Quote { body: paragraphs(&source), attribution: None })
    }

    fn list<A: SeqAccess<'de>>(seq: A) -> Result<Self, A::Error> {
        Ok(Quote { body: Blocks::list(seq)?.0, attribution: None })
    }

    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        let QuoteFields { text, body, attribution } = fields(map)?;
        Ok(Quote { body: text_or_body(text, body)?, attribution })
    }
}

impl Serialize for Quote {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let body = Blocks(self.body.clone());
        if self.attribution.is_none() {
            return body.serialize(s);
        }
        let attribution = self.attribution.clone();
        QuoteFields { text: None, body: Some(body), attribution }.serialize(s)
    }
}

/// Stanzas of lines.
#[derive(Debug, Clone, Default, PartialEq)]
struct Stanzas(Vec<Vec<Text>>);

/// A line, or a list of lines that is a stanza.
enum LineOrStanza {
    Lines(Vec<Text>),
    Gap,
    Stanza(Vec<Text>),
}

fn lines_of(source: &Source) -> Vec<Text> {
    let line = |line: Source| {
        let trimmed = line.text.trim_start();
        let skipped = line.text.chars().count() - trimmed.chars().count();
        let origin = line.origin.map(|mut origin| {
            if origin.indent.is_some() {
                origin.start.column += skipped as u32;
            }
            origin
        });
        Source { text: trimmed.trim_end().to_owned(), pos: line.pos, origin }.to_text()
    };
    source.lines().map(line).filter(|line| !line.is_empty()).collect()
}

impl<'de> Either<'de> for LineOrStanza {
    const EXPECTED: &'static str = "a text or a list of texts";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        let lines = lines_of(&source);
        Ok(if lines.is_empty() { Self::Gap } else { Self::Lines(lines) })
    }

    fn list<A: SeqAccess<'de>>(mut seq: A) -> Result<Self, A::Error> {
        let mut stanza = Vec::new();
        while let Some(line) = seq.next_element::<Text>()? {
            stanza.push(line);
        }
        Ok(Self::Stanza(stanza))
    }

    fn null<E: de::Error>() -> Result<Self, E> {
        Ok(Self::Gap)
    }
}

impl<'de> Either<'de> for Stanzas {
    const EXPECTED: &'static str = "a text, a list of lines or a list of stanzas";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Ok(Self(source.stretches().iter().map(lines_of).collect()))
    }

    /// An empty line in a list of lines begins a new stanza.
    fn list<A: SeqAccess<'de>>(mut seq: A) -> Result<Self, A::Error> {
        let mut stanzas: Vec<Vec<Text>> = Vec::new();
        let mut open = false;
        while let Some(entry) = seq.next_element()? {
            match entry {
                LineOrStanza::Lines(lines) => match stanzas.last_mut().filter(|_| open) {
                    Some(stanza) => stanza.extend(lines),
                    None => stanzas.push(lines),
                },
                LineOrStanza::Stanza(lines) => stanzas.push(lines),
                LineOrStanza::Gap => {
                    open = false;
                    continue;
                }
            }
            open = true;
        }
        stanzas.retain(|stanza| !stanza.is_empty());
        Ok(Self(stanzas))
    }
}

impl Serialize for Stanzas {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [stanza] => stanza.serialize(s),
            stanzas => stanzas.serialize(s),
        }
    }
}

#[derive(Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PoemFields {
    /// Title over the poem
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<Text>,
    /// Poet
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<Text>,
    /// A text (blank lines divide stanzas), a list of lines or a list of stanzas
    lines: Stanzas,
}

impl<'de> Either<'de> for Poem {
    const EXPECTED: &'static str = "a text or a map with 'lines'";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Ok(Poem { title: None, author: None, stanzas: Stanzas::text::<E>(source)?.0 })
    }

    fn list<A: SeqAccess<'de>>(seq: A) -> Result<Self, A::Error> {
        Ok(Poem { title: None, author: None, stanzas: Stanzas::list(seq)?.0 })
    }

    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        let PoemFields { title, author, lines } = fields(map)?;
        Ok(Poem { title, author, stanzas: lines.0 })
    }
}

impl Serialize for Poem {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let (title, author) = (self.title.clone(), self.author.clone());
        PoemFields { title, author, lines: Stanzas(self.stanzas.clone()) }.serialize(s)
    }
}

#[derive(Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FigureFields {
    /// Path of the picture, relative to this file
    #[serde(skip_serializing_if = "Option::is_none")]
    src: Option<At<String>>,
    /// Text that stands for the picture when it can't be seen
    #[serde(skip_serializing_if = "Option::is_none")]
    alt: Option<String>,
    /// Caption, set below the picture
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<Text>,
    /// Who made the picture
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<Text>,
    /// Share of the line's width it takes, in percent
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<Ranged<100>>,
    /// Name for links to it
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<At<String>>,
}

impl<'de> Either<'de> for Figure {
    const EXPECTED: &'static str = "a path or a map with 'src'";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        let src = Some(At { value: source.text, pos: source.pos });
        Ok(Figure { src, alt: None, caption: None, credit: None, width: None, id: None })
    }

    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        let FigureFields { src, alt, caption, credit, width, id } = fields(map)?;
        if src.is_none() && caption.is_none() {
            return Err(both("a figure needs 'src' or 'caption'", "图须有“src”或“caption”"));
        }
        Ok(Figure { src, alt, caption, credit, width: width.map(|w| w.0 as u8), id })
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let Figure { src, alt, caption, credit, width, id } = self.clone();
        let width = width.map(|width| Ranged(u16::from(width)));
        FigureFields { src, alt, caption, credit, width, id }.serialize(s)
    }
}

#[derive(Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CodeFields {
    /// Language of the program
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    /// The program, its lines and spaces kept
    text: String,
    /// Caption, set above
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<Text>,
}

/// Program text without the line end that block scalars leave behind.
fn program(text: &str) -> String {
    text.strip_suffix('\n').unwrap_or(text).to_owned()
}

impl<'de> Either<'de> for Code {
    const EXPECTED: &'static str = "a text or a map with 'text'";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Ok(Code { language: None, text: program(&source.text), caption: None })
    }

    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        let CodeFields { language, text, caption } = fields(map)?;
        let language = language.map(|name| name.to_lowercase()).filter(|name| !name.is_empty());
        Ok(Code { language, text: program(&text), caption })
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let Code { language, text, caption } = self.clone();
        CodeFields { language, text, caption }.serialize(s)
    }
}

#[derive(Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CalloutFields {
    /// What the box is for; a note when not given
    kind: Option<CalloutKind>,
    /// Its title; the kind's own name where none is given
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<Text>,
    /// What it holds, as a text
    #[serde(skip_serializing)]
    text: Option<Source>,
    /// What it holds, as blocks (instead of 'text')
    body: Option<Blocks>,
}

impl<'de> Either<'de> for Callout {
    const EXPECTED: &'static str = "a text or a map with 'text' or 'body'";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Ok(Callout { kind: CalloutKind::Note, title: None, body: paragraphs(&source) })
    }

    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        let CalloutFields { kind, title, text, body } = fields(map)?;
        let kind = kind.unwrap_or(CalloutKind::Note);
        Ok(Callout { kind, title, body: text_or_body(text, body)? })
    }
}

impl Serialize for Callout {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let Callout { kind, title, body } = self.clone();
        CalloutFields { kind: Some(kind), title, text: None, body: Some(Blocks(body)) }.serialize(s)
    }
}

/// The value of a block that is its kind alone.
pub(super) struct Unit;

impl<'de> Either<'de> for Unit {
    const EXPECTED: &'static str = "nothing, true or {}";

    fn null<E: de::Error>() -> Result<Self, E> {
        Ok(Self)
    }

    fn flag<E: de::Error>(value: bool) -> Result<Self, E> {
        if value {
            return Ok(Self);
        }
        Err(E::invalid_type(de::Unexpected::Bool(value), &Self::EXPECTED))
    }

    fn map<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        match map.next_entry::<IgnoredAny, IgnoredAny>()? {
            None => Ok(Self),
            Some(_) => Err(de::Error::invalid_type(de::Unexpected::Map, &Self::EXPECTED)),
        }
    }
}

/// Bodies of notes by label.
pub(super) struct Notes(pub(super) BTreeMap<String, Vec<Block>>);

impl<'de> Either<'de> for Notes {
    const EXPECTED: &'static str = "a map";

    fn map<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut notes = BTreeMap::new();
        while let Some(label) = map.next_key::<String>()? {
            if label.is_empty()
                || label.contains(|c: char| c.is_whitespace() || "[]`\\".contains(c))
            {
                return Err(both(
                    format_args!("'{label}' can't be a note's label: no spaces or brackets"),
                    format_args!("“{label}”不能作注释标签：不得含空格或方括号"),
                ));
            }
            notes.insert(label, map.next_value::<Blocks>()?.0);
        }
        Ok(Self(notes))
    }
}

impl Serialize for Notes {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_map(self.0.iter().map(|(label, body)| (label, Blocks(body.clone()))))
    }
}

/// The schema "a string, or a map of these fields".
macro_rules! text_or {
    ($type:ty, $name:literal, $fields:ty) => {
        written!($type, $name, |generator| {
            let text = generator.subschema_for::<Text>();
            let fields = generator.subschema_for::<$fields>();
            json_schema!({ "anyOf": [text, fields] })
        });
    };
}

text_or!(Heading, "Heading", HeadingFields);
text_or!(Figure, "Figure", FigureFields);
text_or!(Code, "Code", CodeFields);
text_or!(Callout, "Callout", CalloutFields);
written!(LineOrStanza, "LineOrStanza", |generator| {
    let text = generator.subschema_for::<Text>();
    json_schema!({ "anyOf": [text, { "type": "null" }, { "type": "array", "items": text }] })
});
written!(Stanzas, "Stanzas", |generator| {
    let text = generator.subschema_for::<Text>();
    let line = generator.subschema_for::<LineOrStanza>();
    json_schema!({ "anyOf": [text, { "type": "array", "items": line }] })
});
written!(Poem, "Poem", |generator| {
    let stanzas = generator.subschema_for::<Stanzas>();
    let fields = generator.subschema_for::<PoemFields>();
    json_schema!({ "anyOf": [stanzas, fields] })
});
written!(Quote, "Quote", |generator| {
    let text = generator.subschema_for::<Text>();
    let list = generator.subschema_for::<Vec<Block>>();
    let fields = generator.subschema_for::<QuoteFields>();
    json_schema!({ "anyOf": [text, list, fields] })
});
written!(Unit, "Unit", |_generator| json_schema!({
    "anyOf": [{ "type": "null" }, { "const": true }, { "type": "object", "maxProperties": 0 }]
}));
written!(Notes, "Notes", |generator| {
    let blocks = generator.subschema_for::<Blocks>();
    json_schema!({ "type": "object", "additionalProperties": blocks })
});
