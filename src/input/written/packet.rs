//! Packets, as their files have them: paths not followed yet.

use schemars::{JsonSchema, json_schema};
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde::{Deserialize, Serialize as DeriveSerialize};

use super::block::fields;
use super::list::Resumed;
use super::scalar::{NonEmpty, written};
use super::study::{ColophonFile, Lines, NumberingFields, Readings, SelectFile, Sort, Volumes};
use super::{ArticleFile, Blocks, Either, Source, both};
use crate::diagnostic::Diagnostic;
use crate::model::{
    Article, At, Block, Contents, Cover, CoverDesign, Date, GlossaryPlace, Language, NoteSpace,
    Packet, Part, Pinyin, Questions, Series, SortOrder, Study, Text,
};

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
    /// Series that it belongs to: a name, or a map with 'name' and 'number'
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) series: Option<Series>,
    /// frame (when not given), band, slip, plain, none, or the path of a picture
    #[serde(default)]
    pub(crate) cover: Cover,
    /// Name of a theme, or path of a theme file
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) theme: Option<At<String>>,
    /// Text before the contents: Markdown, or a list of blocks
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) foreword: Option<FreeText>,
    /// Whether there is a title page; true when not given
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title_page: Option<bool>,
    /// The copyright page: true (when not given), false, or {version, internal, notice}
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) colophon: Option<ColophonFile>,
    /// Where questions stand: article (when not given), collected or none
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) questions: Option<Questions>,
    /// Ruled lines under each question; 0 when not given
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) answer_lines: Option<Lines>,
    /// Room for notes in print: none (when not given), margin or pages
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) notes: Option<NoteSpace>,
    /// Where terms are explained: article (when not given), pinyin or strokes (collected), none
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) glossary: Option<GlossaryPlace>,
    /// Index of keywords, by pinyin or strokes
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) index: Option<SortOrder>,
    /// Words for the index besides keywords and terms
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) index_terms: Vec<String>,
    /// Whether articles say how long they are
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reading_time: Option<bool>,
    /// Every how many lines a line number stands in the margin
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line_numbers: Option<Lines>,
    /// Characters with their readings: none (when not given), rare or all
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pinyin: Option<Pinyin>,
    /// Readings of words, over those found: {重庆: chóng qìng}
    #[serde(default, skip_serializing_if = "Readings::is_empty")]
    pub(crate) readings: Readings,
    /// Numbers of parts, articles, headings, figures and tables
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) numbering: Option<NumberingFields>,
    /// Whether a bibliography is made of the articles' sources
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bibliography: Option<bool>,
    /// Whether articles end with a QR code of their address; true when not given
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) qr: Option<bool>,
    /// Divide into volumes: by-pages 200
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) volumes: Option<Volumes>,
    /// Words that stay as they are when the script is converted
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) keep: Vec<String>,
    /// Order of the articles that a pattern names: path (when not given), date, title, pinyin
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sort: Option<Sort>,
    /// After the articles: paths (globs allowed) or articles themselves
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) appendices: Vec<PartEntry>,
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
    Select(Box<SelectFile>),
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
    Select(Box<SelectFile>),
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

#[derive(Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SeriesFields {
    /// Name of the series
    name: String,
    /// Number in the series, from 1
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u32>,
}

impl<'de> Either<'de> for Series {
    const EXPECTED: &'static str = "a name or a map with 'name' and 'number'";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Ok(Series { name: source.text.trim().to_owned(), number: None })
    }

    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        let SeriesFields { name, number } = fields(map)?;
        Ok(Series { name, number })
    }
}

impl Serialize for Series {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let Series { name, number } = self.clone();
        SeriesFields { name, number }.serialize(s)
    }
}

impl<'de> Either<'de> for Cover {
    const EXPECTED: &'static str =
        "'frame', 'band', 'slip', 'plain', 'none' or the path of a picture";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        let design = CoverDesign::ALL.iter().find(|(name, _)| *name == source.text);
        Ok(match (source.text.as_str(), design) {
            (_, Some((_, design))) => Cover::Drawn(*design),
            ("drawn", None) => Cover::default(),
            ("none", None) => Cover::None,
            _ => Cover::Picture(At { value: source.text, pos: source.pos }),
        })
    }

    fn null<E: de::Error>() -> Result<Self, E> {
        Ok(Cover::default())
    }
}

impl Serialize for Cover {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(match self {
            Cover::Drawn(design) => {
                CoverDesign::ALL.iter().find(|(_, d)| d == design).map_or("drawn", |(name, _)| name)
            }
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
        if map.begins_with(&SelectFile::KEYS) {
            return fields(map).map(|select| Self::Select(Box::new(select)));
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
        let map = Resumed::new(map)?;
        if map.begins_with(&SelectFile::KEYS) {
            return fields(map).map(|select| Self::Select(Box::new(select)));
        }
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
            ContentsFile::Select(select) => select.serialize(s),
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
            PartEntry::Select(select) => select.serialize(s),
            PartEntry::Article(file) => file.article.serialize(s),
        }
    }
}

impl PacketFile {
    /// The packet with its own fields; contents follow from the paths.
    pub(crate) fn into_packet(
        self,
        contents: Vec<Contents>,
        appendices: Vec<Article>,
        warnings: &mut Vec<Diagnostic>,
    ) -> Packet {
        let mut free = |text: Option<FreeText>| {
            text.map(|text| text.into_blocks(warnings)).unwrap_or_default()
        };
        let preset = Study::default();
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
            series: self.series,
            cover: self.cover,
            theme: self.theme,
            contents,
            appendices,
            study: Study {
                title_page: self.title_page.unwrap_or(preset.title_page),
                colophon: self.colophon.map_or(preset.colophon, |c| c.0),
                questions: self.questions.unwrap_or_default(),
                answer_lines: self.answer_lines.map_or(0, |n| n.0),
                notes: self.notes.unwrap_or_default(),
                glossary: self.glossary.unwrap_or_default(),
                index: self.index,
                index_terms: self.index_terms,
                reading_time: self.reading_time.unwrap_or_default(),
                line_numbers: self.line_numbers.map_or(0, |n| n.0),
                pinyin: self.pinyin.unwrap_or_default(),
                readings: self.readings.into_iter().collect(),
                numbering: self.numbering.map(Into::into).unwrap_or_default(),
                bibliography: self.bibliography.unwrap_or_default(),
                qr: self.qr.unwrap_or(preset.qr),
                volumes: self.volumes.map(|v| v.0),
                keep: self.keep,
            },
            origin: None,
        }
    }
}

/// A value that differs from its default.
fn given<T: Default + PartialEq>(value: T) -> Option<T> {
    (value != T::default()).then_some(value)
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
                ContentsFile::Path(_) | ContentsFile::Select(_) => return Err(path()),
                ContentsFile::Article(article) => {
                    Contents::Article(Box::new(article.into_article(&mut warnings)))
                }
                ContentsFile::Part(part) => {
                    let mut articles = Vec::new();
                    for entry in part.articles {
                        match entry {
                            PartEntry::Path(_) | PartEntry::Select(_) => return Err(path()),
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
        let mut appendices = Vec::new();
        for entry in std::mem::take(&mut file.appendices) {
            match entry {
                PartEntry::Path(_) | PartEntry::Select(_) => return Err(path()),
                PartEntry::Article(article) => appendices.push(article.into_article(&mut warnings)),
            }
        }
        Ok(file.into_packet(contents, appendices, &mut warnings))
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
        let (study, preset) = (packet.study, Study::default());
        PacketFile {
            schema: None,
            title: NonEmpty(packet.title),
            subtitle: packet.subtitle,
            compiler: packet.compiler,
            publisher: packet.publisher,
            date: packet.date,
            language: Some(packet.language),
            identifier: packet.identifier,
            series: packet.series,
            cover: packet.cover,
            theme: packet.theme,
            title_page: (!study.title_page).then_some(false),
            colophon: (study.colophon != preset.colophon).then_some(ColophonFile(study.colophon)),
            questions: given(study.questions),
            answer_lines: given(study.answer_lines).map(Lines),
            notes: given(study.notes),
            glossary: given(study.glossary),
            index: study.index,
            index_terms: study.index_terms,
            reading_time: given(study.reading_time),
            line_numbers: given(study.line_numbers).map(Lines),
            pinyin: given(study.pinyin),
            readings: study.readings.into_iter().collect(),
            numbering: given(study.numbering).map(Into::into),
            bibliography: given(study.bibliography),
            qr: (!study.qr).then_some(false),
            volumes: study.volumes.map(Volumes),
            keep: study.keep,
            sort: None,
            appendices: packet.appendices.iter().map(|a| PartEntry::Article(file(a))).collect(),
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
    "description": "frame, band, slip, plain, none, or the path of a picture",
    "type": ["string", "null"],
    "examples": ["frame", "band", "slip", "plain", "none", "images/cover.jpg"]
}));
written!(Series, "Series", |generator| {
    let fields = generator.subschema_for::<SeriesFields>();
    json_schema!({ "anyOf": [{ "type": "string" }, fields] })
});
written!(ContentsFile, "Contents", |generator| {
    let part = generator.subschema_for::<PartFile>();
    let article = generator.subschema_for::<Article>();
    let select = generator.subschema_for::<SelectFile>();
    json_schema!({ "anyOf": [{ "type": "string" }, part, select, article] })
});
written!(PartEntry, "PartEntry", |generator| {
    let article = generator.subschema_for::<Article>();
    let select = generator.subschema_for::<SelectFile>();
    json_schema!({ "anyOf": [{ "type": "string" }, select, article] })
});
