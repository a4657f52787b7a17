//! The written form of the model: how articles and packets look in JSON, YAML and TOML.
//!
//! Works with every serde format. Read through [`crate::input`]'s own deserializer, values also
//! learn their place in the file; two private names make that possible:
//!
//! - [`AT`]: "give me the value with its place". Other formats hand over the value alone.
//! - [`EITHER`]: "this may be a string or something structured". Ours answers with `visit_some`
//!   for a string or number, so that its place can be asked for; others with the value itself.

mod article;
mod block;
mod blocks;
mod list;
mod packet;
pub(crate) mod phrases;
mod scalar;
mod schema;
mod study;
mod table;

use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Unexpected, Visitor};

pub(crate) use article::{ArticleFile, BodySource};
pub(crate) use blocks::Blocks;
pub(crate) use packet::{ContentsFile, PacketFile, PartEntry};
pub(crate) use scalar::Source;
pub use schema::{Kind, schema};
pub(crate) use study::{SelectFile, Sort};

/// Name of the newtype that carries a place.
pub(crate) const AT: &str = "$keben::At";
/// Name of the newtype that may be a string or structured.
pub(crate) const EITHER: &str = "$keben::Either";

/// An error in both languages.
fn both<E: de::Error>(en: impl fmt::Display, zh: impl fmt::Display) -> E {
    E::custom(format_args!("{en}\n{zh}"))
}

/// A type with more than one written form. Forms that are not given a meaning are errors that say
/// what was expected.
trait Either<'de>: Sized {
    /// What may stand here, as in "expected …".
    const EXPECTED: &'static str;

    /// From a string or number.
    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Err(E::invalid_type(Unexpected::Str(&source.text), &Self::EXPECTED))
    }

    /// From a list.
    fn list<A: SeqAccess<'de>>(_: A) -> Result<Self, A::Error> {
        Err(de::Error::invalid_type(Unexpected::Seq, &Self::EXPECTED))
    }

    /// From a map.
    fn map<A: MapAccess<'de>>(_: A) -> Result<Self, A::Error> {
        Err(de::Error::invalid_type(Unexpected::Map, &Self::EXPECTED))
    }

    /// From null.
    fn null<E: de::Error>() -> Result<Self, E> {
        Err(E::invalid_type(Unexpected::Unit, &Self::EXPECTED))
    }

    /// From true or false.
    fn flag<E: de::Error>(value: bool) -> Result<Self, E> {
        Err(E::invalid_type(Unexpected::Bool(value), &Self::EXPECTED))
    }
}

/// Reads a type with more than one written form.
fn either<'de, T: Either<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_newtype_struct(EITHER, EitherVisitor(PhantomData))
}

struct EitherVisitor<T>(PhantomData<T>);

impl<'de, T: Either<'de>> Visitor<'de> for EitherVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::text(Source::deserialize(deserializer)?)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        T::text(Source::bare(text))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
        T::text(Source::bare(number.to_string()))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
        T::text(Source::bare(number.to_string()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<T, E> {
        T::text(Source::bare(number.to_string()))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<T, E> {
        T::flag(value)
    }

    fn visit_unit<E: de::Error>(self) -> Result<T, E> {
        T::null()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<T, A::Error> {
        T::list(seq)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::map(map)
    }
}

#[cfg(test)]
mod tests;
