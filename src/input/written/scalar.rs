//! Values written as one string: text, dates, languages, and anything with its place.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, SeqAccess, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};

use super::{AT, Either, both, either};
use crate::model::{At, Date, Language, Origin, Pos, Text};

/// A string with its place and that of its characters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Source {
    pub(crate) text: String,
    pub(crate) pos: Option<Pos>,
    pub(crate) origin: Option<Origin>,
}

impl Source {
    /// A string from nowhere.
    pub(crate) fn bare(text: impl Into<String>) -> Self {
        Self { text: text.into(), pos: None, origin: None }
    }

    /// The string as inline markup.
    pub(crate) fn to_text(&self) -> Text {
        markup(&self.text, self.origin)
    }

    /// The string's lines with their places.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Source> + '_ {
        self.text.split('\n').enumerate().map(|(i, line)| {
            let start = self.origin.map(|origin| origin.locate(i as u32 + 1, 1));
            let origin = start.map(|start| Origin {
                start,
                indent: self.origin.and_then(|origin| origin.indent),
            });
            Source { text: line.to_owned(), pos: start, origin }
        })
    }

    /// The stretches of lines between blank lines.
    pub(crate) fn stretches(&self) -> Vec<Source> {
        let mut out: Vec<Source> = Vec::new();
        let mut open = false;
        for line in self.lines() {
            if line.text.trim().is_empty() {
                open = false;
            } else if let Some(last) = out.last_mut().filter(|_| open) {
                last.text.push('\n');
                last.text.push_str(&line.text);
            } else {
                out.push(line);
                open = true;
            }
        }
        out
    }
}

fn markup(text: &str, origin: Option<Origin>) -> Text {
    match origin {
        Some(origin) => Text::from_markup_at(text, origin),
        None => Text::from_markup(text),
    }
}

/// Reads a value with the places that [`AT`] gives, if the format has them.
struct Placed<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Placed<T> {
    type Value = (T, Option<(Pos, Origin)>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, d: D) -> Result<Self::Value, D::Error> {
        Ok((T::deserialize(d)?, None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut numbers = [0u32; 5];
        for number in &mut numbers {
            *number = seq.next_element()?.ok_or_else(|| de::Error::custom("no place"))?;
        }
        let value = seq.next_element()?.ok_or_else(|| de::Error::custom("no value"))?;
        let [line, column, from_line, from_column, indent] = numbers;
        let start = Pos::new(from_line, from_column);
        let origin = Origin { start, indent: indent.checked_sub(1) };
        Ok((value, Some((Pos::new(line, column), origin))))
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let (text, place): (String, _) = d.deserialize_newtype_struct(AT, Placed(PhantomData))?;
        Ok(Self { text, pos: place.map(|p| p.0), origin: place.map(|p| p.1) })
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for At<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let (value, place) = d.deserialize_newtype_struct(AT, Placed(PhantomData))?;
        Ok(Self { value, pos: place.map(|(pos, _)| pos) })
    }
}

impl<T: Serialize> Serialize for At<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(s)
    }
}

impl<T: JsonSchema> JsonSchema for At<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

impl<'de> Either<'de> for Text {
    const EXPECTED: &'static str = "a text";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Ok(source.to_text())
    }
}

impl<'de> Either<'de> for Date {
    const EXPECTED: &'static str = "a date such as 2022-11-26, 2022-11 or 2022";

    /// A time after the date (as YAML, TOML and blogs write it) is not kept.
    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        let text = source.text.trim();
        let day = match text.get(..10) {
            Some(day) if text[10..].starts_with(['T', 't', ' ']) => day,
            _ => text,
        };
        day.parse().map_err(|_| E::invalid_value(Unexpected::Str(text), &Self::EXPECTED))
    }
}

impl<'de> Either<'de> for Language {
    const EXPECTED: &'static str = "a language tag such as zh-Hans, zh-Hant, ja or en";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        let fail = |_| E::invalid_value(Unexpected::Str(&source.text), &Self::EXPECTED);
        source.text.parse().map_err(fail)
    }
}

/// Text that has something to show.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NonEmpty(pub(crate) Text);

impl<'de> Either<'de> for NonEmpty {
    const EXPECTED: &'static str = "a text";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        let text = source.to_text();
        if text.to_plain().trim().is_empty() {
            return Err(both("must not be empty", "不能为空"));
        }
        Ok(Self(text))
    }
}

/// A whole number with its range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ranged<const MAX: u16>(pub(crate) u16);

impl<'de, const MAX: u16> Either<'de> for Ranged<MAX> {
    const EXPECTED: &'static str = match MAX {
        6 => "a number from 1 to 6",
        100 => "a number from 1 to 100",
        _ => "a number from 1 to 1000",
    };

    /// `50%` is accepted for a share of 100.
    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        let text = source.text.trim();
        let digits = if MAX == 100 { text.strip_suffix('%').unwrap_or(text) } else { text };
        match digits.parse() {
            Ok(n) if (1..=MAX).contains(&n) => Ok(Self(n)),
            _ => Err(E::invalid_value(Unexpected::Str(text), &Self::EXPECTED)),
        }
    }
}

impl<const MAX: u16> Serialize for Ranged<MAX> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_u16(self.0)
    }
}

impl<const MAX: u16> JsonSchema for Ranged<MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("From1To{MAX}").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let number = json_schema!({ "type": "integer", "minimum": 1, "maximum": MAX });
        if MAX == 100 {
            return json_schema!({ "anyOf": [number, { "type": "string", "pattern": "^[0-9]{1,3}%?$" }] });
        }
        number
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.to_markup())
    }
}

impl Serialize for NonEmpty {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(s)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.tag())
    }
}

/// Derives `Deserialize` from [`Either`], and a schema given as JSON.
macro_rules! written {
    ($type:ty, $name:literal, |$generator:ident| $schema:expr) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                $crate::input::written::either(d)
            }
        }

        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }

            fn json_schema($generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $schema
            }
        }
    };
}
pub(super) use written;

written!(Text, "Text", |_generator| json_schema!({
    "description": "Text with inline Markdown",
    "type": ["string", "number"]
}));
written!(NonEmpty, "NonEmptyText", |_generator| json_schema!({
    "description": "Text with inline Markdown, not empty",
    "type": ["string", "number"],
    "minLength": 1
}));
written!(Date, "Date", |_generator| json_schema!({
    "description": "A date as 2022-11-26, 2022-11 or 2022",
    "anyOf": [
        { "type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2}([Tt ].*)?)?)?$" },
        { "type": "integer", "minimum": 1, "maximum": 9999 }
    ]
}));
written!(Language, "Language", |_generator| json_schema!({
    "description": "A language tag (BCP 47): zh-Hans, zh-Hant, zh-HK, ja, ko, en, …",
    "type": "string",
    "pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"
}));

impl<'de, const MAX: u16> Deserialize<'de> for Ranged<MAX> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        either(d)
    }
}

impl JsonSchema for Source {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "String".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}
