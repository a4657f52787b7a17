//! Reads files into the model: JSON, YAML, TOML and Markdown; raw input goes by [`crate::import`].
//!
//! One way for all: bytes → text ([`file`]) → a tree with places ([`node`]) or Markdown blocks
//! ([`markdown`]) → the written form ([`written`]) → the model. A packet's paths are followed by
//! [`packet`]. Everything wrong in all files concerned is reported together, with line and column.

mod check;
mod file;
mod home;
pub(crate) mod markdown;
pub(crate) mod node;
mod packet;
pub(crate) mod plain;
mod select;
pub(crate) mod written;

use std::path::{Path, PathBuf};

pub use check::check;
pub(crate) use file::bytes;
pub use file::is_article_name;
pub use written::{Kind as SchemaKind, schema};

use crate::diagnostic::{Code, Diagnostic, Failure, Message, Outcome};
use crate::model::{Article, Contents, Cover, Language, Packet, Pos, Study, Text};

use file::Format;
use home::folder;
use node::{Node, Value};
use written::ArticleFile;

/// What a file or several make together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publication {
    /// One article by itself.
    Article(Box<Article>),
    /// A collection.
    Packet(Box<Packet>),
}

/// A publication as it was read.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What was read.
    pub publication: Publication,
    /// Folder that pictures may not leave ([`home`]); paths of a packet's own pictures start here.
    /// An article's pictures are relative to its own file ([`Article::origin`]).
    pub root: PathBuf,
    /// What is worth knowing but does not keep the publication from being made.
    pub warnings: Vec<Diagnostic>,
}

/// Reads one file: an article, or a packet (a file with `contents`) with all its articles.
///
/// # Errors
///
/// Everything that is wrong in the file, and for a packet in all its articles.
pub fn load(path: &Path) -> Outcome<Loaded> {
    let mut warnings = Vec::new();
    let (publication, root) = match read(path, &mut warnings)? {
        File::Article(article) => (Publication::Article(article), home::of_article(path)),
        File::Collection(packet) => (Publication::Packet(packet), folder(path)),
        File::Packet(node) => {
            let packet = packet::read(path, node, &mut warnings)?;
            (Publication::Packet(Box::new(packet)), folder(path))
        }
    };
    Ok(Loaded { publication, root, warnings })
}

/// Reads several files into one publication: one file as [`load`] does, several articles as a
/// packet in the order given.
///
/// - `title`: title of the packet; without it the first article's title is taken, with a warning.
///   For a single file it replaces the title of the packet, and is ignored for an article.
///
/// # Errors
///
/// Everything that is wrong in the files; a packet among several files; no file at all.
pub fn load_all(paths: &[PathBuf], title: Option<&str>) -> Outcome<Loaded> {
    if let [path] = paths {
        let mut loaded = load(path)?;
        if let (Publication::Packet(packet), Some(title)) = (&mut loaded.publication, title) {
            packet.title = Text::plain(title);
        }
        return Ok(loaded);
    }
    let mut warnings = Vec::new();
    let mut errors = Vec::new();
    let mut articles = Vec::new();
    for path in paths {
        match read(path, &mut warnings) {
            Ok(File::Article(article)) => articles.push(article),
            Ok(File::Packet(_) | File::Collection(_)) => {
                let message = Message::new(
                    "a packet can't be joined with other files",
                    "资料包不能与其他文件合并",
                );
                errors.push(
                    Diagnostic::error(Code::Usage, message)
                        .in_file(path)
                        .hint(Message::new("export it by itself", "请单独导出")),
                );
            }
            Err(Failure(more)) => errors.extend(more),
        }
    }
    if !errors.is_empty() {
        return Err(Failure(errors));
    }
    let Some(first) = articles.first() else {
        let message = Message::new("no input", "没有输入文件");
        return Err(Diagnostic::error(Code::Usage, message).into());
    };
    let title = title.map(Text::plain).unwrap_or_else(|| {
        let message = Message::new(
            "the collection has no title: the first article's is used",
            "合集没有标题，使用第一篇文章的标题",
        );
        let hint = Message::new("give one with --title", "可用 --title 指定");
        warnings.push(Diagnostic::warning(Code::MissingField, message).hint(hint));
        first.title.clone()
    });
    let language = first.language.clone();
    let root = home::of_articles(paths.iter().map(PathBuf::as_path));
    let packet = Packet {
        contents: articles.into_iter().map(Contents::Article).collect(),
        ..packet_of(title, language)
    };
    Ok(Loaded { publication: Publication::Packet(Box::new(packet)), root, warnings })
}

/// Reads one record of JSON Lines: an article on a line of its own.
///
/// - `text`: the line;
/// - `file`: where the line stands; the article's pictures are relative to it (for standard input
///   a name in the current folder);
/// - `line`: its number in the file, from 1.
///
/// # Errors
///
/// Everything that is wrong in the record; a packet.
pub fn load_record(text: &[u8], file: &Path, line: u32) -> Outcome<Loaded> {
    let mut warnings = Vec::new();
    let mut read = || {
        let text = file::text(text, line.saturating_sub(1), &mut warnings)?;
        let node = node::parse_json(&text, line.saturating_sub(1))?;
        let node = file::without_controls(node, &mut warnings);
        if node.get("contents").is_some() {
            let message = Message::new(
                "a record is an article; this is a packet",
                "一行应是一篇文章，这里是资料包",
            );
            let hint = Message::new("keep it in a file of its own", "请把它存为单独的文件");
            return Err(Diagnostic::error(Code::InvalidValue, message)
                .at(Some(node.pos))
                .hint(hint)
                .into());
        }
        article_of(node, &mut warnings)
    };
    let named = |d: Diagnostic| if d.file.is_some() { d } else { d.in_file(file) };
    let mut article =
        read().map_err(|Failure(errors)| Failure(errors.into_iter().map(named).collect()))?;
    article.origin = Some(file.to_owned());
    let warnings = warnings.into_iter().map(named).collect();
    Ok(Loaded {
        publication: Publication::Article(article),
        root: home::of_article(file),
        warnings,
    })
}

pub(crate) fn packet_of(title: Text, language: Language) -> Packet {
    Packet {
        title,
        language,
        subtitle: None,
        compiler: None,
        publisher: None,
        date: None,
        identifier: None,
        cover: Cover::default(),
        series: None,
        theme: None,
        foreword: Vec::new(),
        appendices: Vec::new(),
        afterword: Vec::new(),
        contents: Vec::new(),
        study: Study::plain(),
        origin: None,
    }
}

/// One file, read as far as it goes by itself.
enum File {
    Article(Box<Article>),
    /// A packet, its tree still to be read.
    Packet(Node),
    /// A collection made of raw input: a book or a feed.
    Collection(Box<Packet>),
}

/// Reads one file; every diagnostic names it.
fn read(path: &Path, warnings: &mut Vec<Diagnostic>) -> Outcome<File> {
    let mut own = Vec::new();
    let result = read_unnamed(path, &mut own);
    warnings.extend(own.into_iter().map(|warning| warning.in_file(path)));
    let named = |d: Diagnostic| if d.file.is_some() { d } else { d.in_file(path) };
    result.map_err(|Failure(errors)| Failure(errors.into_iter().map(named).collect()))
}

fn read_unnamed(path: &Path, warnings: &mut Vec<Diagnostic>) -> Outcome<File> {
    let bytes = file::bytes(path)?;
    if let Some(kind) = crate::import::Kind::of(path, &bytes) {
        return raw(path, &bytes, kind, warnings);
    }
    let text = file::text(&bytes, 0, warnings)?;
    let node = match Format::of(path, &text)? {
        Format::Json => node::parse_json(&text, 0)?,
        Format::Yaml => node::parse_yaml(&text, 0)?,
        Format::Toml => node::parse_toml(&text, 0)?,
        Format::Markdown => {
            let mut article = markdown::article(&text, warnings)?;
            article.origin = Some(path.to_owned());
            return Ok(File::Article(Box::new(article)));
        }
    };
    let node = file::without_controls(node, warnings);
    if matches!(node.value, Value::Map(_)) && node.get("contents").is_some() {
        return Ok(File::Packet(node));
    }
    let mut article = article_of(node, warnings)?;
    article.origin = Some(path.to_owned());
    Ok(File::Article(article))
}

/// An article from its tree.
fn article_of(node: Node, warnings: &mut Vec<Diagnostic>) -> Outcome<Box<Article>> {
    match &node.value {
        Value::Map(_) => {}
        _ => {
            let message = Message::new(
                "an article or a packet must be a map of fields",
                "文章或资料包须为字段映射",
            );
            return Err(Diagnostic::error(Code::InvalidValue, message).at(Some(node.pos)).into());
        }
    }
    let pos = node.pos;
    let file: ArticleFile = node::read(node).map_err(Failure)?;
    if let Some(field) = file.missing() {
        return Err(missing(field, pos).into());
    }
    Ok(Box::new(file.into_article(warnings)))
}

/// A required field that is not there.
fn missing(field: &str, pos: Pos) -> Diagnostic {
    let message = Message::new(format!("missing field '{field}'"), format!("缺少字段“{field}”"));
    let diagnostic = Diagnostic::error(Code::MissingField, message).at(Some(pos));
    match field {
        "body" => diagnostic.hint(Message::new(
            "give one of 'body' (a list of blocks), 'markdown' and 'text'",
            "请给出“body”（块列表）“markdown”“text”之一",
        )),
        _ => diagnostic,
    }
}

/// Raw input: imported and cleaned on the way.
fn raw(
    path: &Path,
    bytes: &[u8],
    kind: crate::import::Kind,
    warnings: &mut Vec<Diagnostic>,
) -> Outcome<File> {
    let options = crate::import::ImportOptions::default();
    let imported = crate::import::import(path, bytes, kind, &options)?;
    warnings.extend(crate::import::summary(&imported.report));
    Ok(match imported.publication {
        Publication::Article(article) => File::Article(article),
        Publication::Packet(packet) => File::Collection(packet),
    })
}

/// An article without anything in it.
pub(crate) fn blank_article() -> Article {
    Article {
        title: Text::default(),
        subtitle: None,
        authors: Vec::new(),
        source: None,
        date: None,
        language: Language::default(),
        language_given: false,
        summary: None,
        keywords: Vec::new(),
        editor_note: None,
        id: None,
        questions: Vec::new(),
        glossary: Vec::new(),
        writing_mode: None,
        body: Vec::new(),
        origin: None,
    }
}

/// All articles of a publication, in order.
pub(crate) fn articles(publication: &Publication) -> Vec<&Article> {
    match publication {
        Publication::Article(article) => vec![article],
        Publication::Packet(packet) => packet.articles().collect(),
    }
}

#[cfg(test)]
mod tests;
