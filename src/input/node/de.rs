//! The serde deserializer over [`Node`]: every error carries its place, and reading goes on after
//! an error so that one run reports them all.

use serde::de::value::{StrDeserializer, U32Deserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::error::{Cause, Error, found, nearest};
use super::{Entry, Node, Value};
use crate::diagnostic::Diagnostic;
use crate::input::written::{AT, EITHER};
use crate::model::Pos;

/// After so many errors in one file the rest is left unsaid.
const MAX_ERRORS: usize = 20;

/// What became of a tree: its value, or everything wrong with it.
pub(crate) type Reading<T> = Result<T, Vec<Diagnostic>>;

/// Reads a value of a type from a tree.
///
/// After an error the part concerned (an unknown field, an item of a list, else the outermost
/// field) is taken out and the rest read again, so that each mistake is reported once.
pub(crate) fn read<T: DeserializeOwned>(mut node: Node) -> Reading<T> {
    let mut errors = Vec::new();
    let mut taken = Vec::new();
    loop {
        let error = match T::deserialize(De(&node)) {
            Ok(value) if errors.is_empty() => return Ok(value),
            Ok(_) => return Err(errors),
            Err(error) => error.at(node.pos),
        };
        if !taken.iter().any(|taken: &Taken| taken.explains(&error)) {
            errors.push(error.to_diagnostic());
        }
        let is_key = matches!(error.cause(), Cause::UnknownField { .. });
        if errors.len() >= MAX_ERRORS || !take_out(&mut node, &error.path(), is_key, &mut taken) {
            return Err(errors);
        }
    }
}

/// A key taken out of a map.
struct Taken {
    /// Place of the map.
    map: Pos,
    key: String,
    /// Whether the map's type did not know the key.
    is_unknown: bool,
}

impl Taken {
    /// Whether an error only follows from this key's absence: the field is missing because it was
    /// taken or misspelt, or the map makes no sense without its misspelt key.
    fn explains(&self, error: &Error) -> bool {
        if error.pos() != Some(self.map) {
            return false;
        }
        match error.cause() {
            Cause::Missing(name) => {
                let is_body = *name == "body" && ["markdown", "text", "html"].contains(&&*self.key);
                let is_slip = self.is_unknown && nearest(&self.key, &[name]).is_some();
                self.key == *name || is_body || is_slip
            }
            Cause::Custom(_) => self.is_unknown,
            _ => false,
        }
    }
}

/// Takes the part at fault out of the tree; false when there is none but the root.
fn take_out(node: &mut Node, path: &[usize], is_key: bool, taken: &mut Vec<Taken>) -> bool {
    // how far down the part stands: the entry of an unknown key, else the innermost list item
    let mut depth = 0;
    let mut at = &*node;
    for (i, index) in path.iter().enumerate() {
        match &at.value {
            Value::List(items) => {
                depth = i;
                let Some(item) = items.get(*index) else { return false };
                at = item;
            }
            Value::Map(entries) => {
                let Some(entry) = entries.get(*index) else { return false };
                at = &entry.node;
            }
            _ => return false,
        }
    }
    if is_key {
        depth = path.len().saturating_sub(1);
    }
    let Some(target) = path.get(depth) else { return false };
    let mut at = node;
    for index in &path[..depth] {
        at = match &mut at.value {
            Value::List(items) => &mut items[*index],
            Value::Map(entries) => &mut entries[*index].node,
            _ => return false,
        };
    }
    match &mut at.value {
        Value::List(items) => drop(items.remove(*target)),
        Value::Map(entries) => {
            let key = entries.remove(*target).key;
            taken.push(Taken { map: at.pos, key, is_unknown: is_key });
        }
        _ => return false,
    }
    true
}

/// Deserializer over a node.
#[derive(Clone, Copy)]
struct De<'n>(&'n Node);

impl<'n> De<'n> {
    fn unexpected(&self) -> Unexpected<'n> {
        match &self.0.value {
            Value::Null => Unexpected::Unit,
            Value::Bool(value) => Unexpected::Bool(*value),
            Value::Number(text) => match text.parse::<i64>() {
                Ok(n) => Unexpected::Signed(n),
                Err(_) => text.parse().map_or(Unexpected::Other("a number"), Unexpected::Float),
            },
            Value::String(s) => Unexpected::Str(&s.text),
            Value::List(_) => Unexpected::Seq,
            Value::Map(_) => Unexpected::Map,
        }
    }

    fn mismatch<T>(&self, expected: &str) -> Result<T, Error> {
        let cause =
            Cause::Mismatch { found: found(self.unexpected()), expected: expected.to_owned() };
        Err(Error::new(cause).at(self.0.pos))
    }
}

/// Visits by what the node holds.
fn visit<'n, V: Visitor<'n>>(node: &'n Node, visitor: V) -> Result<V::Value, Error> {
    match &node.value {
        Value::Null => visitor.visit_unit(),
        Value::Bool(value) => visitor.visit_bool(*value),
        Value::Number(text) => {
            if let Ok(n) = text.parse::<u64>() {
                visitor.visit_u64(n)
            } else if let Ok(n) = text.parse::<i64>() {
                visitor.visit_i64(n)
            } else {
                visitor.visit_f64(text.parse().unwrap_or(f64::NAN))
            }
        }
        Value::String(s) => visitor.visit_borrowed_str(&s.text),
        Value::List(items) => visitor.visit_seq(Items { items, next: 0 }),
        Value::Map(entries) => visitor.visit_map(Entries { entries, next: 0 }),
    }
}

impl<'de> Deserializer<'de> for De<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visit(self.0, visitor).map_err(|error| error.at(self.0.pos))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.0.value {
            Value::String(_) => self.deserialize_any(visitor),
            // a title like 1984 is text, whatever the format thinks
            Value::Number(text) => {
                visitor.visit_borrowed_str(text).map_err(|error: Error| error.at(self.0.pos))
            }
            _ => self.mismatch("a text"),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.0.value {
            Value::Bool(_) => self.deserialize_any(visitor),
            _ => self.mismatch("true or false"),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.0.value {
            Value::List(_) => self.deserialize_any(visitor),
            _ => self.mismatch("a list"),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.0.value {
            Value::Map(_) => self.deserialize_any(visitor),
            _ => self.mismatch("a map"),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.0.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let result = match (name, &self.0.value) {
            (AT, _) => visitor.visit_seq(Place { node: self.0, next: 0 }),
            (EITHER, Value::String(_) | Value::Number(_)) => visitor.visit_some(self),
            (EITHER, _) => visit(self.0, visitor),
            _ => visitor.visit_newtype_struct(self),
        };
        result.map_err(|error| error.at(self.0.pos))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match &self.0.value {
            Value::String(s) => {
                visitor.visit_enum(Word(&s.text)).map_err(|error: Error| error.at(self.0.pos))
            }
            _ => self.mismatch("a word"),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct
        tuple tuple_struct identifier
    }
}

/// The items of a list.
struct Items<'n> {
    items: &'n [Node],
    next: usize,
}

impl<'n> SeqAccess<'n> for Items<'n> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'n>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some(item) = self.items.get(self.next) else { return Ok(None) };
        let index = self.next;
        self.next += 1;
        seed.deserialize(De(item)).map(Some).map_err(|error| error.below(index))
    }
}

/// The entries of a map.
struct Entries<'n> {
    entries: &'n [Entry],
    next: usize,
}

impl<'n> MapAccess<'n> for Entries<'n> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'n>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some(entry) = self.entries.get(self.next) else { return Ok(None) };
        self.next += 1;
        let key: StrDeserializer<'_, Error> = entry.key.as_str().into_deserializer();
        let place = |error: Error| error.at(entry.key_pos).below(self.next - 1);
        seed.deserialize(key).map(Some).map_err(place)
    }

    fn next_value_seed<T: DeserializeSeed<'n>>(&mut self, seed: T) -> Result<T::Value, Error> {
        let index = self.next.saturating_sub(1);
        let Some(entry) = self.entries.get(index) else {
            return Err(Error::new(Cause::Custom("value before key".to_owned())));
        };
        seed.deserialize(De(&entry.node)).map_err(|error| error.at(entry.node.pos).below(index))
    }
}

/// A node as its place and itself: what [`AT`] asks for.
///
/// Line and column of the node; line, column and indent + 1 of its string's characters (indent 0:
/// not known); the node.
struct Place<'n> {
    node: &'n Node,
    next: u8,
}

impl<'n> SeqAccess<'n> for Place<'n> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'n>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let pos = self.node.pos;
        let origin = match &self.node.value {
            Value::String(s) => s.origin,
            _ => crate::model::Origin { start: pos, indent: None },
        };
        let number = match self.next {
            0 => pos.line,
            1 => pos.column,
            2 => origin.start.line,
            3 => origin.start.column,
            4 => origin.indent.map_or(0, |indent| indent + 1),
            5 => {
                self.next += 1;
                return seed.deserialize(De(self.node)).map(Some);
            }
            _ => return Ok(None),
        };
        self.next += 1;
        let number: U32Deserializer<Error> = number.into_deserializer();
        seed.deserialize(number).map(Some)
    }
}

/// A string as a variant without content.
struct Word<'n>(&'n str);

impl<'n> EnumAccess<'n> for Word<'n> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'n>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let word: StrDeserializer<'_, Error> = self.0.into_deserializer();
        Ok((seed.deserialize(word)?, self))
    }
}

impl<'n> VariantAccess<'n> for Word<'n> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'n>>(self, _: T) -> Result<T::Value, Error> {
        Err(Error::new(Cause::Custom("a word needs no value".to_owned())))
    }

    fn tuple_variant<V: Visitor<'n>>(self, _: usize, _: V) -> Result<V::Value, Error> {
        Err(Error::new(Cause::Custom("a word needs no value".to_owned())))
    }

    fn struct_variant<V: Visitor<'n>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        Err(Error::new(Cause::Custom("a word needs no value".to_owned())))
    }
}
