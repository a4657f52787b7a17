//! Raw input → model: scraped text, pages, books, feeds, and Markdown as it is found.
//!
//! ```text
//! bytes → encoding → reader (text, html, markdown, epub, docx, feed) → drafts
//!       → recognise (what is title, by-line, text, furniture) → clean → article + report
//! ```
//!
//! Readers know their container and nothing of articles; [`recognise`] knows articles and nothing
//! of containers. Nothing is lost silently: the [`Report`] names all that was left out or changed.

mod docx;
mod draft;
mod encoding;
mod epub;
pub(crate) mod evidence;
mod feed;
mod fetch;
mod html;
mod markdown;
mod package;
mod pictures;
mod recognise;
mod report;
mod text;
mod write;

use std::collections::BTreeMap;
use std::path::Path;

pub use fetch::Fetcher;
pub(crate) use pictures::data as data_address;
pub use report::{Finding, PictureFate, PictureNote, Removed, Report};
pub use write::{WrittenFormat, article as write_article};

use crate::clean::{self, Rules};
pub(crate) use crate::compose::percent_decode;
use crate::diagnostic::{Code, Diagnostic, Failure, Message, Outcome};
use crate::input::Publication;
use crate::model::{Article, Contents, Text};
use draft::{Draft, Known};
use pictures::{Settler, Store};

/// Kinds of raw input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Text copied out of somewhere.
    Text,
    /// A page.
    Html,
    /// Markdown as it is found; an export reads Markdown as it stands.
    Markdown,
    /// A book.
    Epub,
    /// A document of a word processor.
    Docx,
    /// RSS, Atom or JSON Feed.
    Feed,
    /// The JSON of wallabag or Readeck.
    Saved,
}

impl Kind {
    /// The kind of a file given to `keben import`, which takes Markdown too.
    pub fn of_raw(path: &Path, bytes: &[u8]) -> Option<Self> {
        let is_markdown = path.extension().is_some_and(|e| {
            ["md", "markdown", "mdown", "mkd"].iter().any(|m| e.eq_ignore_ascii_case(m))
        });
        if is_markdown { Some(Self::Markdown) } else { Self::of(path, bytes) }
    }

    /// The kind by a file's ending and its first bytes; `None` for what is structured or unknown.
    pub fn of(path: &Path, bytes: &[u8]) -> Option<Self> {
        let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        match ending.as_deref() {
            Some("txt" | "text") if looks_html(bytes) => Some(Self::Html),
            Some("txt" | "text") => Some(Self::Text),
            Some("html" | "htm" | "xhtml" | "shtml") => Some(Self::Html),
            Some("epub") => Some(Self::Epub),
            Some("docx") => Some(Self::Docx),
            Some("rss" | "atom") => Some(Self::Feed),
            Some("json") => json_kind(bytes),
            Some("yaml" | "yml" | "toml" | "md" | "markdown" | "mdown" | "mkd") => None,
            _ if looks_html(bytes) => Some(Self::Html),
            _ if looks_feed(bytes) => Some(Self::Feed),
            _ => None,
        }
    }
}

/// Bytes that tell what a file is.
const HEAD: usize = 2048;

fn head(bytes: &[u8]) -> String {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    head.trim_start_matches(['\u{FEFF}', ' ', '\n', '\r', '\t']).to_owned()
}

/// Whether a file without a telling name is a page.
fn looks_html(bytes: &[u8]) -> bool {
    let head = head(bytes);
    head.starts_with("<!doctype html")
        || head.starts_with("<html")
        || head.starts_with("<?xml") && head.contains("<html")
        || head.starts_with("<head")
}

fn looks_feed(bytes: &[u8]) -> bool {
    let head = head(bytes);
    head.starts_with('<') && ["<rss", "<feed", "<rdf:rdf"].iter().any(|m| head.contains(m))
}

/// JSON Feed and exports of reading lists; every other JSON is structured input.
fn json_kind(bytes: &[u8]) -> Option<Kind> {
    let head = head(bytes);
    if head.contains("jsonfeed.org/version") {
        return Some(Kind::Feed);
    }
    let telling = [
        "\"content\"",
        "\"html\"",
        "\"content_html\"",
        "\"article\"",
        "\"_embedded\"",
        "\"is_archived\"",
        "\"domain_name\"",
    ];
    let may = head.starts_with(['[', '{']) && telling.iter().any(|m| head.contains(m));
    let value = may.then(|| serde_json::from_slice(bytes).ok()).flatten()?;
    feed::is_export(&value).then_some(Kind::Saved)
}

/// How to import.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Repairs of the clean step.
    pub rules: Rules,
    /// Gather pictures as files to be written; else those beside the input stay there and others
    /// become `data:` addresses.
    pub gather: bool,
    /// Fetches pictures from the web; without it they are listed.
    pub fetch: Option<Fetcher>,
}

/// What an import made.
#[derive(Debug, Clone)]
pub struct Imported {
    /// An article, or a packet for books and feeds.
    pub publication: Publication,
    /// What was done.
    pub report: Report,
    /// The visible text as it was found, a line for each block: what a difference begins with.
    pub before: String,
    /// Pictures to be written, by their paths relative to the articles.
    pub pictures: BTreeMap<String, Vec<u8>>,
}

/// Imports one file.
///
/// # Errors
/// A file that holds no text at all; a package or feed that can't be opened.
pub fn import(path: &Path, bytes: &[u8], kind: Kind, options: &ImportOptions) -> Outcome<Imported> {
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let mut work = Work::new(kind.name(), path, options);
    match kind {
        Kind::Text => {
            let source = work.decode(bytes);
            let drafts = text::drafts(&source);
            work.article(drafts, text::known(&stem))
        }
        Kind::Html => {
            let source = work.decode(bytes);
            let (drafts, known) = html::page(&source, &stem, &mut work.report);
            work.article(drafts, known)
        }
        Kind::Markdown => {
            let source = work.decode(bytes);
            let article = markdown::article(&source, &stem, &mut work.report)?;
            work.before = source;
            work.finish(article)
        }
        Kind::Docx => {
            let document = docx::read(bytes, &stem)?;
            work.inner = document.pictures;
            work.article(document.drafts, document.known)
        }
        Kind::Epub => {
            let book = epub::read(bytes, &stem, &mut work.report)?;
            work.inner = book.pictures;
            let mut articles = Vec::new();
            for (drafts, mut known) in book.chapters {
                if let Some(language) = book.language.as_deref().and_then(|l| l.parse().ok()) {
                    known.language = Some(language);
                }
                articles.push(work.part(drafts, known));
            }
            if articles.is_empty() {
                return Err(empty());
            }
            let language = articles[0].language.clone();
            let mut packet = crate::input::packet_of(Text::plain(book.title), language);
            let names: Vec<&str> = book.authors.iter().map(|a| a.name.as_str()).collect();
            packet.compiler = (!names.is_empty()).then(|| names.join("、"));
            packet.publisher = book.publisher;
            packet.date = book.date;
            packet.identifier = book.identifier;
            work.packet(packet, articles)
        }
        Kind::Feed | Kind::Saved => {
            let feed = match kind {
                Kind::Saved => {
                    let value = serde_json::from_slice(bytes)
                        .map_err(|e| feed::unreadable(&e.to_string()))?;
                    feed::export(&value, &stem)
                }
                _ => feed::read(bytes, &stem)?,
            };
            if feed.empty > 0 {
                let message = Message::new(
                    format!("{} entries hold no text", feed.empty),
                    format!("{} 个条目没有正文", feed.empty),
                );
                work.report.warnings.push(Diagnostic::warning(Code::MissingField, message));
            }
            let mut articles = Vec::new();
            for (body, known) in feed.entries {
                let drafts = html::fragment(&body, known.url.as_deref(), &mut work.report);
                articles.push(work.part(drafts, known));
            }
            if articles.is_empty() {
                return Err(empty());
            }
            let packet =
                crate::input::packet_of(Text::plain(feed.title), articles[0].language.clone());
            work.packet(packet, articles)
        }
    }
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Epub => "epub",
            Self::Docx => "docx",
            Self::Feed => "feed",
            Self::Saved => "saved pages",
        }
    }
}

/// One import under way.
struct Work<'w> {
    path: &'w Path,
    options: &'w ImportOptions,
    report: Report,
    before: String,
    /// Pictures inside the input.
    inner: Store,
    gathered: Store,
    names: BTreeMap<String, Option<String>>,
}

impl<'w> Work<'w> {
    fn new(kind: &'static str, path: &'w Path, options: &'w ImportOptions) -> Self {
        Self {
            path,
            options,
            report: Report::new(kind),
            before: String::new(),
            inner: Store::new(),
            gathered: Store::new(),
            names: BTreeMap::new(),
        }
    }

    fn decode(&mut self, bytes: &[u8]) -> String {
        let decoded = encoding::decode(bytes);
        self.report.encoding = Some((decoded.encoding.to_owned(), decoded.how));
        self.report.warnings.extend(decoded.broken);
        decoded.text
    }

    /// An article of drafts, cleaned, its pictures settled.
    fn part(&mut self, drafts: Vec<Draft>, known: Known) -> Article {
        for draft in drafts.iter().filter(|d| !d.text.is_empty()) {
            self.before.push_str(&draft.text);
            self.before.push('\n');
        }
        let article = recognise::article(drafts, known, &mut self.report);
        self.clean(article)
    }

    fn clean(&mut self, mut article: Article) -> Article {
        article.origin = Some(self.path.to_owned());
        if !article.language_given
            && let Some(language) = evidence::language(&clean::plain_of(&article.body))
        {
            article.language = language;
            article.language_given = true;
        }
        Settler {
            input: self.path,
            inner: &self.inner,
            options: self.options,
            gathered: &mut self.gathered,
            names: &mut self.names,
            report: &mut self.report,
        }
        .article(&mut article);
        let (article, repairs) = clean::article(article, &self.options.rules);
        self.report.repairs = clean::merged(std::mem::take(&mut self.report.repairs), repairs);
        article
    }

    fn article(mut self, drafts: Vec<Draft>, known: Known) -> Outcome<Imported> {
        if drafts
            .iter()
            .all(|d| d.text.is_empty() && !matches!(d.block, crate::model::Block::Figure(_)))
        {
            return Err(empty());
        }
        let article = self.part(drafts, known);
        Ok(self.done(Publication::Article(Box::new(article))))
    }

    fn finish(mut self, article: Article) -> Outcome<Imported> {
        let article = self.clean(article);
        Ok(self.done(Publication::Article(Box::new(article))))
    }

    fn packet(self, mut packet: crate::model::Packet, articles: Vec<Article>) -> Outcome<Imported> {
        packet.contents = articles.into_iter().map(|a| Contents::Article(Box::new(a))).collect();
        packet.origin = Some(self.path.to_owned());
        Ok(self.done(Publication::Packet(Box::new(packet))))
    }

    fn done(self, publication: Publication) -> Imported {
        Imported { publication, report: self.report, before: self.before, pictures: self.gathered }
    }
}

fn empty() -> Failure {
    let message = Message::new("there is no text in the file", "文件中没有文字");
    Diagnostic::error(Code::InvalidValue, message).into()
}

/// The warnings of an import that ran on the way to another command: its own, and one that sums
/// up what it did.
pub(crate) fn summary(report: &Report) -> Vec<Diagnostic> {
    let mut out = report.warnings.clone();
    out.extend(pictures::not_there(report));
    let (removed, repaired) = (report.removals.len(), report.repair_count());
    let missing = report
        .pictures
        .iter()
        .filter(|p| matches!(p.fate, PictureFate::Listed | PictureFate::Missing))
        .count();
    if removed + repaired + missing == 0 && report.kind == "text" {
        return out; // a plain text, taken as it is
    }
    let message = Message::new(
        format!(
            "imported from raw {}: {removed} line(s) left out, {repaired} repair(s), {missing} picture(s) not there",
            report.kind
        ),
        format!(
            "由原始 {} 导入：移除 {removed} 行，修复 {repaired} 处，缺少图片 {missing} 张",
            report.kind
        ),
    );
    let hint =
        Message::new("'keben import --dry-run' shows them", "可用 keben import --dry-run 查看");
    out.push(Diagnostic::warning(Code::Imported, message).hint(hint));
    for (field, en, zh) in [("title", "title", "标题"), ("body", "text", "正文")] {
        if report.confidence(field) < 0.5 {
            let message = Message::new(
                format!("the {en} was recognised with little confidence"),
                format!("{zh}识别把握不大"),
            );
            out.push(Diagnostic::warning(Code::Imported, message));
        }
    }
    out
}

/// The files that an import writes: names relative to the output folder, and bytes. An article is
/// a file; a packet is a folder with its articles.
///
/// # Errors
/// A fault of Keben's own.
pub fn files(
    imported: &Imported,
    stem: &str,
    format: WrittenFormat,
) -> Outcome<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    let ending = format.ending();
    match &imported.publication {
        Publication::Article(article) => {
            // pictures of several imports in one folder must not meet
            let mut article = article.clone();
            move_pictures(&mut article, &format!("{stem}-"));
            files
                .push((format!("{stem}.{ending}"), write::article(&article, format)?.into_bytes()));
            for (name, bytes) in &imported.pictures {
                files.push((moved(name, &format!("{stem}-")), bytes.clone()));
            }
        }
        Publication::Packet(packet) => {
            let mut names = Vec::new();
            let digits = packet.contents.len().to_string().len().max(2);
            for (number, article) in packet.articles().enumerate() {
                let slug: String = article
                    .title
                    .to_plain()
                    .chars()
                    .filter(|c| c.is_alphanumeric())
                    .take(24)
                    .collect();
                let name = format!("{:0digits$}-{slug}.{ending}", number + 1);
                files.push((
                    format!("{stem}/{name}"),
                    write::article(article, format)?.into_bytes(),
                ));
                names.push(name);
            }
            let mut fields = serde_json::Map::new();
            let mut put = |key: &str, value: Option<String>| {
                if let Some(value) = value {
                    fields.insert(key.to_owned(), value.into());
                }
            };
            put("title", Some(packet.title.to_plain()));
            put("compiler", packet.compiler.clone());
            put("publisher", packet.publisher.clone());
            put("date", packet.date.map(|d| d.to_string()));
            put("identifier", packet.identifier.clone());
            fields.insert("contents".to_owned(), names.into());
            let json = serde_json::Value::Object(fields).to_string();
            files.push((
                format!("{stem}/packet.{ending}"),
                write::written(json, format)?.into_bytes(),
            ));
            for (name, bytes) in &imported.pictures {
                files.push((format!("{stem}/{name}"), bytes.clone()));
            }
        }
    }
    Ok(files)
}

fn moved(name: &str, prefix: &str) -> String {
    name.replacen("images/", &format!("images/{prefix}"), 1)
}

fn move_pictures(article: &mut Article, prefix: &str) {
    pictures::each_source(&mut article.body, &mut |src| {
        if src.starts_with("images/") {
            *src = moved(src, prefix);
        }
    });
}

/// All characters of a publication's articles, a line for each block.
pub fn plain(publication: &Publication) -> String {
    let mut out = String::new();
    for article in crate::input::articles(publication) {
        let mut line = |text: &str| {
            out.push_str(text);
            out.push('\n');
        };
        line(&article.title.to_plain());
        article.subtitle.iter().for_each(|t| line(&t.to_plain()));
        let names: Vec<&str> = article.authors.iter().map(|a| a.name.as_str()).collect();
        if !names.is_empty() {
            line(&names.join("、"));
        }
        article.editor_note.iter().for_each(|t| line(&t.to_plain()));
        out.push_str(&clean::plain_of(&article.body));
    }
    out
}
