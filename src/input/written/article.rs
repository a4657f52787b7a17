//! Articles, authors, sources, glossaries.

use schemars::{JsonSchema, json_schema};
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess};
use serde::ser::{Serialize, Serializer};
use serde::{Deserialize, Serialize as DeriveSerialize};

use super::block::fields;
use super::scalar::{NonEmpty, written};
use super::{Blocks, Either, Source, both};
use crate::diagnostic::Diagnostic;
use crate::model::{
    Article, At, Author, Date, GlossaryEntry, Language, SourceKind, SourceRef, Text, WritingMode,
};

/// An article as its file has it: the body not read yet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ArticleFile {
    /// Everything but the body; the title is empty when it was not given.
    pub(crate) article: Article,
    /// The body as it was given.
    pub(crate) body: BodySource,
}

/// The forms of a body.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum BodySource {
    /// None was given.
    None,
    Blocks(Blocks),
    Markdown(Source),
    Text(Source),
}

/// An article
///
/// Besides the title it needs its body: one of body, markdown and text.
#[derive(Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields, rename = "Article")]
pub(super) struct ArticleFields {
    /// Address of this schema, for editors
    #[serde(rename = "$schema", skip_serializing)]
    #[schemars(with = "Option<String>")]
    #[allow(dead_code, reason = "accepted for editors, without meaning here")]
    schema: Option<IgnoredAny>,
    /// Title
    #[schemars(required)]
    title: Option<NonEmpty>,
    /// Line under the title
    #[serde(skip_serializing_if = "Option::is_none")]
    subtitle: Option<Text>,
    /// Authors in order: names, or {name, role, affiliation}
    #[serde(default, skip_serializing_if = "Authors::is_empty")]
    authors: Authors,
    /// Where it was published: a name, or {name, url, issue}
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<SourceRef>,
    /// When it was published: 2022-11-26, 2022-11 or 2022
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<Date>,
    /// Language of the text (BCP 47); zh-Hans when not given
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<Language>,
    /// Abstract
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<Text>,
    /// Keywords: a list, or a text divided by commas
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    keywords: Words,
    /// Note by the editor, set before the body
    #[serde(skip_serializing_if = "Option::is_none")]
    editor_note: Option<Text>,
    /// Name of this article in links from others and in file names
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<At<String>>,
    /// Questions for study, set after the body
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    questions: Texts,
    /// Terms explained
    #[serde(default, skip_serializing_if = "Glossary::is_empty")]
    glossary: Glossary,
    /// Direction of its lines: horizontal or vertical; the theme's when not given
    #[serde(skip_serializing_if = "Option::is_none")]
    writing_mode: Option<WritingMode>,
    /// The text as a list of blocks
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Vec<crate::model::Block>>")]
    body: Option<Blocks>,
    /// The text in Markdown (instead of 'body')
    #[serde(skip_serializing)]
    markdown: Option<Source>,
    /// The text in HTML (instead of 'body')
    #[serde(skip_serializing)]
    #[schemars(skip)]
    #[allow(dead_code, reason = "refused as soon as it is read")]
    html: Option<NoHtml>,
    /// Plain text, paragraphs divided by blank lines (instead of 'body')
    #[serde(skip_serializing)]
    text: Option<Source>,
}

impl<'de> Deserialize<'de> for ArticleFile {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let f = ArticleFields::deserialize(d)?;
        let body = match (f.body, f.markdown, f.text) {
            (None, None, None) => BodySource::None,
            (Some(blocks), None, None) => BodySource::Blocks(blocks),
            (None, Some(markdown), None) => BodySource::Markdown(markdown),
            (None, None, Some(text)) => BodySource::Text(text),
            _ => {
                return Err(both(
                    "only one of 'body', 'markdown' and 'text' can be given",
                    "“body”“markdown”“text”只能给出一个",
                ));
            }
        };
        let article = Article {
            title: f.title.map(|title| title.0).unwrap_or_default(),
            subtitle: f.subtitle,
            authors: f.authors.0,
            source: f.source,
            date: f.date,
            language_given: f.language.is_some(),
            language: f.language.unwrap_or_default(),
            summary: f.summary,
            keywords: f.keywords.0,
            editor_note: f.editor_note,
            id: f.id,
            questions: f.questions.0,
            glossary: f.glossary.0,
            writing_mode: f.writing_mode,
            body: Vec::new(),
            origin: None,
        };
        Ok(Self { article, body })
    }
}

impl ArticleFile {
    /// What a file of its own must have besides valid fields.
    pub(crate) fn missing(&self) -> Option<&'static str> {
        if self.article.title.is_empty() {
            Some("title")
        } else if self.body == BodySource::None {
            Some("body")
        } else {
            None
        }
    }

    /// Reads the body.
    pub(crate) fn into_article(self, warnings: &mut Vec<Diagnostic>) -> Article {
        let mut article = self.article;
        article.body = match self.body {
            BodySource::None => Vec::new(),
            BodySource::Blocks(blocks) => blocks.0,
            BodySource::Markdown(source) => crate::input::markdown::blocks(&source, warnings),
            BodySource::Text(source) => crate::input::plain::blocks(&source),
        };
        article
    }
}

/// For other serde formats than Keben's own input, which also keeps places and warnings.
impl<'de> Deserialize<'de> for Article {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let file = ArticleFile::deserialize(d)?;
        match file.missing() {
            Some(field) => Err(de::Error::missing_field(field)),
            None => Ok(file.into_article(&mut Vec::new())),
        }
    }
}

impl Serialize for Article {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let article = self.clone();
        ArticleFields {
            schema: None,
            title: Some(NonEmpty(article.title)),
            subtitle: article.subtitle,
            authors: Authors(article.authors),
            source: article.source,
            date: article.date,
            language: self.language_given.then_some(article.language),
            summary: article.summary,
            keywords: Words(article.keywords),
            editor_note: article.editor_note,
            id: article.id,
            questions: Texts(article.questions),
            glossary: Glossary(article.glossary),
            writing_mode: article.writing_mode,
            body: Some(Blocks(article.body)),
            markdown: None,
            html: None,
            text: None,
        }
        .serialize(s)
    }
}

impl JsonSchema for Article {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Article".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut schema = ArticleFields::json_schema(generator);
        let one = |field: &str| serde_json::json!({ "required": [field] });
        schema.insert(
            "oneOf".into(),
            [one("body"), one("markdown"), one("text")].into_iter().collect(),
        );
        schema
    }
}

/// `html`, which says what to do instead.
pub(super) struct NoHtml;

impl<'de> Either<'de> for NoHtml {
    const EXPECTED: &'static str = "a text";

    fn text<E: de::Error>(_: Source) -> Result<Self, E> {
        Err(both(
            "an article's body can't be given as HTML yet: use 'markdown' or 'body'",
            "正文暂不支持 HTML，请改用“markdown”或“body”",
        ))
    }
}

#[derive(Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AuthorFields {
    /// Name as it is shown
    name: String,
    /// What they did: a MARC relator code (aut, trl, edt) or a word
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    /// Office or institution
    #[serde(skip_serializing_if = "Option::is_none")]
    affiliation: Option<String>,
}

impl<'de> Either<'de> for Author {
    const EXPECTED: &'static str = "a name or a map with 'name'";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Ok(Author { name: source.text.trim().to_owned(), role: None, affiliation: None })
    }

    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        let AuthorFields { name, role, affiliation } = fields(map)?;
        Ok(Author { name, role, affiliation })
    }
}

impl Serialize for Author {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let Author { name, role, affiliation } = self.clone();
        if role.is_none() && affiliation.is_none() {
            return name.serialize(s);
        }
        AuthorFields { name, role, affiliation }.serialize(s)
    }
}

/// Reads a list of anything.
fn items<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(mut seq: A) -> Result<Vec<T>, A::Error> {
    let mut items = Vec::new();
    while let Some(item) = seq.next_element()? {
        items.push(item);
    }
    Ok(items)
}

/// A type that is a list, with shorter forms for one.
macro_rules! list_of {
    ($(#[$doc:meta])* $name:ident($item:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, DeriveSerialize)]
        #[serde(transparent)]
        pub(super) struct $name(pub(super) Vec<$item>);

        impl $name {
            fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }
    };
}

list_of! {
    /// Authors: one name, one author or a list.
    Authors(Author)
}
list_of! {
    /// Words: a list, or a text divided by commas and semicolons of either width.
    Words(String)
}
list_of! {
    /// One text or a list of texts.
    Texts(Text)
}
list_of! {
    /// Entries, or a map from term to definition.
    Glossary(GlossaryEntry)
}

impl<'de> Either<'de> for Authors {
    const EXPECTED: &'static str = "a name or a list of authors";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        let names = source.text.split(['、', '，', ',', ';', '；']).map(str::trim);
        let names = names.filter(|name| !name.is_empty()).map(|name| Author {
            name: name.to_owned(),
            role: None,
            affiliation: None,
        });
        Ok(Self(names.collect()))
    }

    fn list<A: SeqAccess<'de>>(seq: A) -> Result<Self, A::Error> {
        items(seq).map(Self)
    }

    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        Ok(Self(vec![Author::map(map)?]))
    }

    fn null<E: de::Error>() -> Result<Self, E> {
        Ok(Self::default())
    }
}

impl<'de> Either<'de> for Words {
    const EXPECTED: &'static str = "a text or a list of texts";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        let words = source.text.split(['，', '、', ',', ';', '；']).map(str::trim);
        Ok(Self(words.filter(|word| !word.is_empty()).map(str::to_owned).collect()))
    }

    fn list<A: SeqAccess<'de>>(seq: A) -> Result<Self, A::Error> {
        items(seq).map(Self)
    }

    fn null<E: de::Error>() -> Result<Self, E> {
        Ok(Self::default())
    }
}

impl<'de> Either<'de> for Texts {
    const EXPECTED: &'static str = "a text or a list of texts";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Ok(Self(vec![source.to_text()]))
    }

    fn list<A: SeqAccess<'de>>(seq: A) -> Result<Self, A::Error> {
        items(seq).map(Self)
    }

    fn null<E: de::Error>() -> Result<Self, E> {
        Ok(Self::default())
    }
}

impl<'de> Either<'de> for Glossary {
    const EXPECTED: &'static str = "a list of terms or a map of terms";

    fn list<A: SeqAccess<'de>>(seq: A) -> Result<Self, A::Error> {
        items(seq).map(Self)
    }

    fn map<A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut entries = Vec::new();
        while let Some((term, definition)) = map.next_entry()? {
            entries.push(GlossaryEntry { term, reading: None, definition });
        }
        Ok(Self(entries))
    }

    fn null<E: de::Error>() -> Result<Self, E> {
        Ok(Self::default())
    }
}

#[derive(Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields, rename = "GlossaryEntry")]
struct GlossaryFields {
    /// The term
    term: String,
    /// How it is read (pinyin)
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<String>,
    /// What it means
    definition: Text,
}

impl<'de> Deserialize<'de> for GlossaryEntry {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let GlossaryFields { term, reading, definition } = GlossaryFields::deserialize(d)?;
        Ok(GlossaryEntry { term, reading, definition })
    }
}

impl Serialize for GlossaryEntry {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let GlossaryEntry { term, reading, definition } = self.clone();
        GlossaryFields { term, reading, definition }.serialize(s)
    }
}

#[derive(Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SourceFields {
    /// Publication or site
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Web address
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// Issue, volume or pages
    #[serde(skip_serializing_if = "Option::is_none")]
    issue: Option<String>,
    /// What kind of publication it is; follows from the rest when not given
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<SourceKind>,
    /// Publisher of a book, with its place
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<String>,
    /// Pages: 12—17
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<String>,
    /// When the address was last looked at: 2026-08-01
    #[serde(skip_serializing_if = "Option::is_none")]
    accessed: Option<Date>,
}

impl<'de> Either<'de> for SourceRef {
    const EXPECTED: &'static str = "a name or a map with 'name', 'url' and 'issue'";

    /// A web address alone is the address, anything else the name.
    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        let text = source.text.trim().to_owned();
        Ok(if text.starts_with("http://") || text.starts_with("https://") {
            SourceRef { url: Some(text), ..SourceRef::default() }
        } else {
            SourceRef { name: Some(text), ..SourceRef::default() }
        })
    }

    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        let SourceFields { name, url, issue, kind, publisher, pages, accessed } = fields(map)?;
        Ok(SourceRef { name, url, issue, kind, publisher, pages, accessed })
    }
}

impl Serialize for SourceRef {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let SourceRef { name, url, issue, kind, publisher, pages, accessed } = self.clone();
        SourceFields { name, url, issue, kind, publisher, pages, accessed }.serialize(s)
    }
}

written!(NoHtml, "NoHtml", |_generator| json_schema!(false));
written!(Author, "Author", |generator| {
    let fields = generator.subschema_for::<AuthorFields>();
    json_schema!({ "anyOf": [{ "type": "string" }, fields] })
});
written!(SourceRef, "Source", |generator| {
    let fields = generator.subschema_for::<SourceFields>();
    json_schema!({ "anyOf": [{ "type": "string" }, fields] })
});
written!(Authors, "Authors", |generator| {
    let author = generator.subschema_for::<Author>();
    json_schema!({ "anyOf": [author, { "type": "array", "items": author }, { "type": "null" }] })
});
written!(Words, "Words", |_generator| {
    let word = json_schema!({ "type": ["string", "number"] });
    json_schema!({ "anyOf": [word, { "type": "array", "items": word }, { "type": "null" }] })
});
written!(Texts, "Texts", |generator| {
    let text = generator.subschema_for::<Text>();
    json_schema!({ "anyOf": [text, { "type": "array", "items": text }, { "type": "null" }] })
});
written!(Glossary, "Glossary", |generator| {
    let text = generator.subschema_for::<Text>();
    let entry = generator.subschema_for::<GlossaryFields>();
    json_schema!({ "anyOf": [
        { "type": "array", "items": entry },
        { "type": "object", "additionalProperties": text },
        { "type": "null" }
    ] })
});
