//! What a packet asks for besides its texts, as it is written: numbering, colophon, selections.

use std::collections::BTreeMap;

use schemars::{JsonSchema, json_schema};
use serde::de::{self, MapAccess, SeqAccess, Unexpected};
use serde::ser::{Serialize, Serializer};
use serde::{Deserialize, Serialize as DeriveSerialize};

use super::block::fields;
use super::scalar::written;
use super::{Either, Source, both};
use crate::model::{At, Colophon, Date, NumberingPlan, Pattern, Text};

/// A small whole number, 0 for none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lines(pub(crate) u16);

/// Most ruled lines under a question, and the widest step of line numbers.
const MOST_LINES: u16 = 40;

impl<'de> Either<'de> for Lines {
    const EXPECTED: &'static str = "a whole number from 0 to 40";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        match source.text.trim().parse() {
            Ok(n) if n <= MOST_LINES => Ok(Self(n)),
            _ => Err(E::invalid_value(Unexpected::Str(&source.text), &Self::EXPECTED)),
        }
    }
}

impl Serialize for Lines {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_u16(self.0)
    }
}

written!(Lines, "Lines", |_generator| json_schema!({
    "type": "integer", "minimum": 0, "maximum": MOST_LINES
}));

/// Most pages of a volume.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Volumes(pub(crate) u16);

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct VolumesFields {
    by_pages: u16,
}

/// Fewest pages of a volume: with less, cover and contents would be most of it.
const FEWEST_PAGES: u16 = 8;

impl Volumes {
    fn checked<E: de::Error>(pages: Option<u16>, shown: &str) -> Result<Self, E> {
        match pages.filter(|pages| *pages >= FEWEST_PAGES) {
            Some(pages) => Ok(Self(pages)),
            None => Err(E::invalid_value(Unexpected::Str(shown), &<Self as Either>::EXPECTED)),
        }
    }
}

impl<'de> Either<'de> for Volumes {
    const EXPECTED: &'static str = "'by-pages N', N at least 8";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        let text = source.text.trim();
        let number = text.strip_prefix("by-pages").unwrap_or(text).trim();
        Self::checked(number.parse().ok(), text)
    }

    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        let VolumesFields { by_pages } = fields(map)?;
        Self::checked(Some(by_pages), "by-pages")
    }
}

impl Serialize for Volumes {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&format_args!("by-pages {}", self.0))
    }
}

written!(Volumes, "Volumes", |_generator| json_schema!({
    "description": "by-pages N: divide into volumes of at most N pages",
    "anyOf": [
        { "type": "string", "pattern": "^by-pages +[0-9]+$" },
        { "type": "object", "properties": { "by-pages": { "type": "integer", "minimum": 8 } },
          "required": ["by-pages"], "additionalProperties": false }
    ]
}));

impl<'de> Either<'de> for Pattern {
    const EXPECTED: &'static str =
        "the first number as it is written, such as 第一单元, 一、, 1. or ①";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Pattern::parse(&source.text)
            .ok_or_else(|| E::invalid_value(Unexpected::Str(&source.text), &Self::EXPECTED))
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.sample())
    }
}

written!(Pattern, "NumberPattern", |_generator| json_schema!({
    "description": "The first number as it is written: 第一单元, 一、, 1., ①, 图 1",
    "type": ["string", "number"]
}));

/// One pattern or a list, for headings of level 1, 2, ….
#[derive(Debug, Clone, Default, PartialEq, DeriveSerialize)]
#[serde(transparent)]
pub(crate) struct Patterns(Vec<Pattern>);

impl Patterns {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de> Either<'de> for Patterns {
    const EXPECTED: &'static str = "a pattern or a list of patterns";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Pattern::text(source).map(|one| Self(vec![one]))
    }

    fn list<A: SeqAccess<'de>>(mut seq: A) -> Result<Self, A::Error> {
        let mut out = Vec::new();
        while let Some(pattern) = seq.next_element()? {
            out.push(pattern);
        }
        Ok(Self(out))
    }
}

written!(Patterns, "NumberPatterns", |generator| {
    let one = generator.subschema_for::<Pattern>();
    json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
});

/// Numbering
///
/// Each by its first number as it is written.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields, rename = "Numbering")]
pub(crate) struct NumberingFields {
    /// Parts: 第一单元
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<Pattern>,
    /// Articles: 一、
    #[serde(skip_serializing_if = "Option::is_none")]
    articles: Option<Pattern>,
    /// Whether articles begin with one again in every part
    #[serde(default, skip_serializing_if = "is_false")]
    restart: bool,
    /// Headings from level 1 down: （一）, 1.
    #[serde(default, skip_serializing_if = "Patterns::is_empty")]
    headings: Patterns,
    /// Figures with a caption: 图 1
    #[serde(skip_serializing_if = "Option::is_none")]
    figures: Option<Pattern>,
    /// Tables with a caption: 表 1
    #[serde(skip_serializing_if = "Option::is_none")]
    tables: Option<Pattern>,
    /// Appendices: 附录一
    #[serde(skip_serializing_if = "Option::is_none")]
    appendices: Option<Pattern>,
}

pub(crate) fn is_false(value: &bool) -> bool {
    !value
}

impl From<NumberingFields> for NumberingPlan {
    fn from(f: NumberingFields) -> Self {
        Self {
            parts: f.parts,
            articles: f.articles,
            restart: f.restart,
            headings: f.headings.0,
            figures: f.figures,
            tables: f.tables,
            appendices: f.appendices,
        }
    }
}

impl From<NumberingPlan> for NumberingFields {
    fn from(plan: NumberingPlan) -> Self {
        Self {
            parts: plan.parts,
            articles: plan.articles,
            restart: plan.restart,
            headings: Patterns(plan.headings),
            figures: plan.figures,
            tables: plan.tables,
            appendices: plan.appendices,
        }
    }
}

/// `colophon`: false for none, true, or its fields.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ColophonFile(pub(crate) Option<Colophon>);

#[derive(Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields, rename = "Colophon")]
struct ColophonFields {
    /// Edition: 第二版
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    /// Whether it says that the packet is for internal study only
    #[serde(default, skip_serializing_if = "is_false")]
    internal: bool,
    /// A statement of rights, or thanks
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<Text>,
}

impl<'de> Either<'de> for ColophonFile {
    const EXPECTED: &'static str = "true, false or a map with 'version', 'internal', 'notice'";

    fn flag<E: de::Error>(value: bool) -> Result<Self, E> {
        Ok(Self(value.then(Colophon::default)))
    }

    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        let ColophonFields { version, internal, notice } = fields(map)?;
        Ok(Self(Some(Colophon { version, internal, notice })))
    }
}

impl Serialize for ColophonFile {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            None => s.serialize_bool(false),
            Some(colophon) if *colophon == Colophon::default() => s.serialize_bool(true),
            Some(Colophon { version, internal, notice }) => ColophonFields {
                version: version.clone(),
                internal: *internal,
                notice: notice.clone(),
            }
            .serialize(s),
        }
    }
}

written!(ColophonFile, "ColophonOrFlag", |generator| {
    let fields = generator.subschema_for::<ColophonFields>();
    json_schema!({ "anyOf": [{ "type": "boolean" }, fields] })
});

/// Readings by word: `{重庆: chóng qìng}`.
pub(crate) type Readings = BTreeMap<String, String>;

/// How the articles of a selection are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, DeriveSerialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Sort {
    /// By the path of the file
    #[default]
    Path,
    /// By date, articles without one last
    Date,
    /// By title: Chinese by pinyin, Latin letters by alphabet
    Title,
    /// By the pinyin of the title
    Pinyin,
    /// By the strokes of the title
    Strokes,
}

/// A selection of articles
///
/// Files that match, filtered and sorted.
#[derive(Debug, Clone, PartialEq, Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields, rename = "Selection")]
pub(crate) struct SelectFile {
    /// A path or pattern, or a list of them
    pub(crate) from: Globs,
    /// Order of the articles
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sort: Option<Sort>,
    /// Whether the order is turned round
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) reverse: bool,
    /// Only articles with one of these keywords
    #[serde(default, skip_serializing_if = "Globs::is_empty")]
    pub(crate) keyword: Globs,
    /// Only articles of this date or later
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<Date>,
    /// Only articles of this date or earlier
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<Date>,
    /// No more articles than this
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) limit: Option<u32>,
}

impl SelectFile {
    /// Fields by which a selection is told from an article.
    pub(crate) const KEYS: [&'static str; 7] =
        ["from", "sort", "reverse", "keyword", "since", "until", "limit"];
}

/// One string or a list, each with its place.
#[derive(Debug, Clone, Default, PartialEq, DeriveSerialize)]
#[serde(transparent)]
pub(crate) struct Globs(pub(crate) Vec<At<String>>);

impl Globs {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de> Either<'de> for Globs {
    const EXPECTED: &'static str = "a text or a list of texts";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        if source.text.trim().is_empty() {
            return Err(both("must not be empty", "不能为空"));
        }
        Ok(Self(vec![At { value: source.text, pos: source.pos }]))
    }

    fn list<A: SeqAccess<'de>>(mut seq: A) -> Result<Self, A::Error> {
        let mut out = Vec::new();
        while let Some(one) = seq.next_element()? {
            out.push(one);
        }
        Ok(Self(out))
    }
}

written!(Globs, "Texts1", |_generator| json_schema!({
    "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }]
}));
