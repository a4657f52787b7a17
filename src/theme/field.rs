//! How sizes, lengths and colours are written in a theme.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr as _;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer, Visitor};

use super::paper::Paper;
use super::size::parse_size;
use crate::layout::Color;
use crate::units::{Em, Pt};

/// A value as people write it: a number, or a text that says more.
enum Written {
    Number(f64),
    Text(String),
}

impl Written {
    fn read<'de, D: Deserializer<'de>>(from: D, expected: &'static str) -> Result<Self, D::Error> {
        struct Any(&'static str);
        impl Visitor<'_> for Any {
            type Value = Written;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.0)
            }

            fn visit_u64<E: de::Error>(self, n: u64) -> Result<Written, E> {
                Ok(Written::Number(n as f64))
            }

            fn visit_i64<E: de::Error>(self, n: i64) -> Result<Written, E> {
                Ok(Written::Number(n as f64))
            }

            fn visit_f64<E: de::Error>(self, n: f64) -> Result<Written, E> {
                Ok(Written::Number(n))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Written, E> {
                Ok(Written::Text(text.to_owned()))
            }
        }
        from.deserialize_any(Any(expected))
    }
}

/// An error in both languages, as the reader of nodes takes it.
fn both<E: de::Error>(en: impl fmt::Display, zh: impl fmt::Display) -> E {
    E::custom(format!("{en}\n{zh}"))
}

/// A type size or line pitch in points: `10.5`, `"10.5pt"`, `"五号"`.
pub(super) fn size<'de, D: Deserializer<'de>>(from: D) -> Result<Pt, D::Error> {
    let text = match Written::read(from, "a type size")? {
        Written::Number(n) => n.to_string(),
        Written::Text(text) => text,
    };
    parse_size(&text).map_err(|e| {
        let zh = format!("“{text}”不是字号：请写磅数（10.5、\"10.5pt\"）或字号名（五号、小四）");
        both(e, zh)
    })
}

/// As [`size()`], where a theme may leave it out.
pub(super) fn some_size<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Pt>, D::Error> {
    size(from).map(Some)
}

/// A number of ems, 0 to 20.
pub(super) fn em<'de, D: Deserializer<'de>>(from: D) -> Result<Em, D::Error> {
    match Written::read(from, "a number of ems")? {
        Written::Number(value) if (0.0..=20.0).contains(&value) => Ok(Em(value)),
        _ => Err(both("this is a number of ems from 0 to 20", "此处应为 0 到 20 的字数")),
    }
}

/// A length on paper: `20` or `"20mm"`, `"57pt"`; 0 to 1000 mm.
fn length<'de, D: Deserializer<'de>>(from: D) -> Result<Pt, D::Error> {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let length = match Written::read(from, "a length")? {
        Written::Number(mm) => Some(Pt::mm(mm)),
        Written::Text(text) => match (text.strip_suffix("mm"), text.strip_suffix("pt")) {
            (Some(mm), _) => number(mm).map(Pt::mm),
            (_, Some(pt)) => number(pt).map(Pt),
            _ => None,
        },
    };
    length.filter(|l| (0.0..=1000.0).contains(&l.to_mm())).ok_or_else(|| {
        both(
            "this is a length such as 20, \"20mm\" or \"57pt\"",
            "此处应为长度，如 20、\"20mm\"、\"57pt\"",
        )
    })
}

/// As [`length`], where a theme may leave it out.
pub(super) fn some_length<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Pt>, D::Error> {
    length(from).map(Some)
}

/// Paper by name or measure.
pub(super) fn paper<'de, D: Deserializer<'de>>(from: D) -> Result<Paper, D::Error> {
    match Written::read(from, "a paper size")? {
        Written::Text(text) => Paper::from_str(&text).map_err(|e| {
            let zh =
                format!("“{text}”不是纸张尺寸：可用 A4、A5、B5、16k、d16k、32k、d32k 或 宽x高mm");
            both(e, zh)
        }),
        Written::Number(_) => Err(both("a paper size is a text: \"A4\"", "纸张尺寸为文字：\"A4\"")),
    }
}

/// A colour: `"#8c2f2b"`.
pub(super) fn color<'de, D: Deserializer<'de>>(from: D) -> Result<Color, D::Error> {
    let Written::Text(text) = Written::read(from, "a colour")? else {
        return Err(both("a colour is a text: \"#8c2f2b\"", "颜色为文字：\"#8c2f2b\""));
    };
    let wrong = || {
        both(
            format!("'{text}' is not a colour: write \"#8c2f2b\""),
            format!("“{text}”不是颜色：请写成 \"#8c2f2b\""),
        )
    };
    let hex = text.strip_prefix('#').filter(|h| h.len() == 6 && h.is_ascii()).ok_or_else(wrong)?;
    let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).map_err(|_| wrong());
    Ok(Color { r: part(0)?, g: part(2)?, b: part(4)? })
}

/// As [`color`], where a theme may leave it out.
pub(super) fn some_color<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Color>, D::Error> {
    color(from).map(Some)
}

/// Declares what a field's written form looks like, for the JSON Schema.
macro_rules! form {
    ($($name:ident: $schema:tt),+ $(,)?) => {$(
        pub(super) struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )+};
}

form! {
    Size: {
        "description": "Points, or the name of a Chinese type size",
        "anyOf": [
            { "type": "number", "minimum": 1, "maximum": 400 },
            { "type": "string", "pattern": "^[0-9.]+ *(pt)?$" },
            { "enum": ["初号", "小初", "一号", "小一", "二号", "小二", "三号", "小三", "四号", "小四",
                "五号", "小五", "六号", "小六", "七号", "八号"] },
        ],
    },
    Ems: { "description": "Ems", "type": "number", "minimum": 0, "maximum": 20 },
    Length: {
        "description": "Millimetres, or a text with its unit",
        "anyOf": [
            { "type": "number", "minimum": 0, "maximum": 1000 },
            { "type": "string", "pattern": "^[0-9.]+ *(mm|pt)$" },
        ],
    },
    PaperSize: {
        "description": "A4, A5, B5, 16k, d16k, 32k, d32k, letter, or WIDTHxHEIGHTmm",
        "type": "string",
    },
    HexColor: { "description": "A colour as #rrggbb", "type": "string",
        "pattern": "^#[0-9a-fA-F]{6}$" },
}
