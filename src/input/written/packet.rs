//! Packets, as their files have them: paths not followed yet.

use schemars::{JsonSchema, json_schema};
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde::{Deserialize, Serialize as DeriveSerialize};

use super::block::fields;
use super::list::Resumed;
use super::scalar::{NonEmpty, written};
use super::{ArticleFile, Blocks, Either, Source, both};
use crate::diagnostic::Diagnostic;
use crate::model::{Article, At, Block, Contents, Cover, Date, Language, Packet, Part, Text};

/// A packet
///
/// A collection of articles with what stands before and after them.
#[derive(Debug, Clone, PartialEq, Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields, rename = "Packet")]
pub(crate) struct PacketFile {
    /// Address of this schema, for editors
    #[serde(rename = "$schema", skip_serializing)]
    #[schemars(with = "Option<String>")]
    #[allow(dead_code, reason = "accepted for editors, without meaning here")]
    schema: Option<IgnoredAny>,
    /// Title
    pub(crate) title: NonEmpty,
    /// Line under the title
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subtitle: Option<Text>,
    /// Who put it together
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) compiler: Option<String>,
    /// Who publishes it
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) publisher: Option<String>,
    /// Date of the edition: 2022-11-26, 2022-11 or 2022
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) date: Option<Date>,
    /// Language of the publication, and of articles that name none; zh-Hans when not given
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) language: Option<Language>,
    /// Identifier of the edition (ISBN, URN, anything stable)
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) identifier: Option<String>,
    /// drawn (when not given), none, or the path of a picture
    #[serde(default)]
    pub(crate) cover: Cover,
    /// Name of a theme, or path of a theme file
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) theme: Option<At<String>>,
    /// Text before the contents: Markdown, or a list of blocks
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) foreword: Option<FreeText>,
    /// Text after the last article: Markdown, or a list of blocks
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) afterword: Option<FreeText>,
    /// Paths of articles (globs allowed), parts, or articles themselves
    pub(crate) contents: Vec<ContentsFile>,
}

/// One entry of a packet's contents.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ContentsFile {
    /// A path, or a pattern for several.
    Path(At<String>),
    Part(PartFile),
    Article(Box<ArticleFile>),
}

/// A part of a packet
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename = "Part")]
pub(crate) struct PartFile {
    /// Name of the part, as it is shown
    pub(crate) part: NonEmpty,
    /// Text on the part's opening page: Markdown, or a list of blocks
    pub(crate) intro: Option<FreeText>,
    /// Its articles: paths (globs allowed) or articles themselves
    pub(crate) articles: Vec<PartEntry>,
}

/// One entry of a part.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PartEntry {
    /// A path, or a pattern for several.
    Path(At<String>),
    Article(Box<ArticleFile>),
}

/// Text beside the articles: Markdown or blocks.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FreeText {
    Markdown(Source),
    Blocks(Blocks),
}

impl FreeText {
    /// Reads the Markdown.
    pub(crate) fn into_blocks(self, warnings: &mut Vec<Diagnostic>) -> Vec<Block> {
        match self {
            FreeText::Markdown(source) => crate::input::markdown::blocks(&source, warnings),
            FreeText::Blocks(blocks) => blocks.0,
        }
    }
}

impl<'de> Either<'de> for FreeText {
    const EXPECTED: &'static str = "a Markdown text or a list of blocks";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Ok(Self::Markdown(source))
    }

    fn list<A: SeqAccess<'de>>(seq: A) -> Result<Self, A::Error> {
        Blocks::list(seq).map(Self::Blocks)
    }

    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        Blocks::map(map).map(Self::Blocks)
    }
}

impl Serialize for FreeText {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            FreeText::Markdown(source) => s.serialize_str(&source.text),
            FreeText::Blocks(blocks) => blocks.0.serialize(s),
        }
    }
}

impl<'de> Either<'de> for Cover {
    const EXPECTED: &'static str = "'drawn', 'none' or the path of a picture";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Ok(match source.text.as_str() {
            "drawn" => Cover::Drawn,
            "none" => Cover::None,
            _ => Cover::Picture(At { value: source.text, pos: source.pos }),
        })
    }

    fn null<E: de::Error>() -> Result<Self, E> {
        Ok(Cover::Drawn)
    }
}

impl Serialize for Cover {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(match self {
            Cover::Drawn => "drawn",
            Cover::None => "none",
            Cover::Picture(path) => path,
        })
    }
}

impl<'de> Either<'de> for ContentsFile {
    const EXPECTED: &'static str = "a path, a part or an article";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Ok(Self::Path(At { value: source.text, pos: source.pos }))
    }

    /// A map that begins with a part's field is a part, any other an article.
    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        let map = Resumed::new(map)?;
        if map.begins_with(&["part", "intro", "articles"]) {
            return fields(map).map(Self::Part);
        }
        let article: ArticleFile = fields(map)?;
        complete(article).map(|article| Self::Article(Box::new(article)))
    }
}

impl<'de> Either<'de> for PartEntry {
    const EXPECTED: &'static str = "a path or an article";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Ok(Self::Path(At { value: source.text, pos: source.pos }))
    }

    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        complete(fields(map)?).map(|article| Self::Article(Box::new(article)))
    }
}

/// An article inside a packet must have title and body.
fn complete<E: de::Error>(article: ArticleFile) -> Result<ArticleFile, E> {
    match article.missing() {
        Some(field) => Err(E::missing_field(field)),
        None => Ok(article),
    }
}

impl Serialize for ContentsFile {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            ContentsFile::Path(path) => path.serialize(s),
            ContentsFile::Article(file) => file.article.serialize(s),
            ContentsFile::Part(part) => {
                let mut map = s.serialize_map(None)?;
                map.serialize_entry("part", &part.part)?;
                if let Some(intro) = &part.intro {
                    map.serialize_entry("intro", intro)?;
                }
                map.serialize_entry("articles", &part.articles)?;
                map.end()
            }
        }
    }
}

impl Serialize for PartEntry {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            PartEntry::Path(path) => path.serialize(s),
            PartEntry::Article(file) => file.article.serialize(s),
        }
    }
}

impl PacketFile {
    /// The packet with its own fields; contents follow from the paths.
    pub(crate) fn into_packet(
        self,
        contents: Vec<Contents>,
        warnings: &mut Vec<Diagnostic>,
    ) -> Packet {
        let mut free = |text: Option<FreeText>| {
            text.map(|text| text.into_blocks(warnings)).unwrap_or_default()
        };
        Packet {
            foreword: free(self.foreword),
            afterword: free(self.afterword),
            title: self.title.0,
            subtitle: self.subtitle,
            compiler: self.compiler,
            publisher: self.publisher,
            date: self.date,
            language: self.language.unwrap_or_default(),
            identifier: self.identifier,
            cover: self.cover,
            theme: self.theme,
            contents,
            origin: None,
        }
    }
}

/// For other serde formats than Keben's own input: all articles must stand in the packet.
impl<'de> Deserialize<'de> for Packet {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let mut file = PacketFile::deserialize(d)?;
        let path =
            || both("a path of an article needs a packet file", "文章路径只能出现在资料包文件中");
        let mut warnings = Vec::new();
        let mut contents = Vec::new();
        for entry in std::mem::take(&mut file.contents) {
            contents.push(match entry {
                ContentsFile::Path(_) => return Err(path()),
                ContentsFile::Article(article) => {
                    Contents::Article(Box::new(article.into_article(&mut warnings)))
                }
                ContentsFile::Part(part) => {
                    let mut articles = Vec::new();
                    for entry in part.articles {
                        match entry {
                            PartEntry::Path(_) => return Err(path()),
                            PartEntry::Article(article) => {
                                articles.push(article.into_article(&mut warnings));
                            }
                        }
                    }
                    let intro = part.intro.map(|intro| intro.into_blocks(&mut warnings));
                    let intro = intro.unwrap_or_default();
                    Contents::Part(Part { title: part.part.0, intro, articles })
                }
            });
        }
        Ok(file.into_packet(contents, &mut warnings))
    }
}

/// With every article in it.
impl Serialize for Packet {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let free = |blocks: &Vec<Block>| {
            (!blocks.is_empty()).then(|| FreeText::Blocks(Blocks(blocks.clone())))
        };
        let file = |article: &Article| {
            let body = super::BodySource::Blocks(Blocks(article.body.clone()));
            Box::new(ArticleFile { article: article.clone(), body })
        };
        let packet = self.clone();
        let contents = self.contents.iter().map(|entry| match entry {
            Contents::Article(article) => ContentsFile::Article(file(article)),
            Contents::Part(part) => ContentsFile::Part(PartFile {
                part: NonEmpty(part.title.clone()),
                intro: free(&part.intro),
                articles: part.articles.iter().map(|a| PartEntry::Article(file(a))).collect(),
            }),
        });
        PacketFile {
            schema: None,
            title: NonEmpty(packet.title),
            subtitle: packet.subtitle,
            compiler: packet.compiler,
            publisher: packet.publisher,
            date: packet.date,
            language: Some(packet.language),
            identifier: packet.identifier,
            cover: packet.cover,
            theme: packet.theme,
            foreword: free(&packet.foreword),
            afterword: free(&packet.afterword),
            contents: contents.collect(),
        }
        .serialize(s)
    }
}

impl JsonSchema for Packet {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Packet".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        PacketFile::json_schema(generator)
    }
}

written!(FreeText, "FreeText", |generator| {
    let blocks = generator.subschema_for::<Blocks>();
    json_schema!({ "description": "Markdown, or a list of blocks", "anyOf": [{ "type": "string" }, blocks] })
});
written!(Cover, "Cover", |_generator| json_schema!({
    "description": "drawn, none, or the path of a picture",
    "type": ["string", "null"],
    "examples": ["drawn", "none", "images/cover.jpg"]
}));
written!(ContentsFile, "Contents", |generator| {
    let part = generator.subschema_for::<PartFile>();
    let article = generator.subschema_for::<Article>();
    json_schema!({ "anyOf": [{ "type": "string" }, part, article] })
});
written!(PartEntry, "PartEntry", |generator| {
    let article = generator.subschema_for::<Article>();
    json_schema!({ "anyOf": [{ "type": "string" }, article] })
});
