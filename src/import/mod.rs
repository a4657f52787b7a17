//! Raw input → model: scraped text, pages, books, feeds, and Markdown as it is found.
//!
//! ```text
//! bytes → encoding → reader (text, html, markdown, epub, docx, feed) → drafts
//!       → recognise (what is title, by-line, text, furniture) → clean → article + report
//! ```
//!
//! Readers know their container and nothing of articles; [`recognise`] knows articles and nothing
//! of containers. Nothing is lost silently: the [`Report`] names all that was left out or changed.

#![allow(dead_code)] // readers to come

mod draft;
mod encoding;
pub(crate) mod evidence;
mod html;
mod recognise;
mod report;
mod text;
mod write;

use std::path::Path;

pub use report::{Finding, PictureFate, PictureNote, Removed, Report};
pub use write::{WrittenFormat, article as write_article};

use crate::clean::{self, Rules};
use crate::diagnostic::{Code, Diagnostic, Message, Outcome};
use crate::input::Publication;
use crate::model::Article;

/// Kinds of raw input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Text copied out of somewhere.
    Text,
    /// A page.
    Html,
}

impl Kind {
    /// The kind of a file given to `keben import`, which takes Markdown too.
    pub fn of_raw(path: &Path, bytes: &[u8]) -> Option<Self> {
        Self::of(path, bytes)
    }

    /// The kind by a file's ending and its first bytes; `None` for what is structured or unknown.
    pub fn of(path: &Path, bytes: &[u8]) -> Option<Self> {
        let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
        match ending.as_deref() {
            Some("txt" | "text") if looks_html(bytes) => Some(Self::Html),
            Some("txt" | "text") => Some(Self::Text),
            Some("html" | "htm" | "xhtml" | "shtml" | "mht.html") => Some(Self::Html),
            Some("json" | "yaml" | "yml" | "toml" | "md" | "markdown" | "mdown" | "mkd") => None,
            _ if looks_html(bytes) => Some(Self::Html),
            _ => None,
        }
    }
}

/// How to import.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Repairs of the clean step.
    pub rules: Rules,
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
}

/// Imports one file.
///
/// # Errors
/// A file that holds no text at all.
pub fn import(path: &Path, bytes: &[u8], kind: Kind, options: &ImportOptions) -> Outcome<Imported> {
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    match kind {
        Kind::Text => {
            let mut report = Report::new("text");
            let source = decoded(bytes, &mut report);
            let drafts = text::drafts(&source);
            if drafts.is_empty() {
                return Err(empty());
            }
            let before = before(&drafts);
            let article = recognise::article(drafts, text::known(&stem), &mut report);
            Ok(finish(article, path, report, before, options))
        }
        Kind::Html => {
            let mut report = Report::new("html");
            let source = decoded(bytes, &mut report);
            let (drafts, known) = html::page(&source, &stem, &mut report);
            if drafts.is_empty() {
                return Err(empty());
            }
            let before = before(&drafts);
            let article = recognise::article(drafts, known, &mut report);
            Ok(finish(article, path, report, before, options))
        }
    }
}

/// Whether a file without a telling name is a page.
fn looks_html(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let head = head.trim_start_matches(['\u{FEFF}', ' ', '\n', '\r', '\t']);
    head.starts_with("<!doctype html")
        || head.starts_with("<html")
        || head.starts_with("<?xml") && head.contains("<html")
        || head.starts_with("<head")
}

fn decoded(bytes: &[u8], report: &mut Report) -> String {
    let decoded = encoding::decode(bytes);
    report.encoding = Some((decoded.encoding.to_owned(), decoded.how));
    report.warnings.extend(decoded.broken);
    decoded.text
}

fn before(drafts: &[draft::Draft]) -> String {
    drafts
        .iter()
        .filter(|d| !d.text.is_empty())
        .map(|d| d.text.as_str())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The clean step and the article's place.
fn finish(
    mut article: Article,
    path: &Path,
    mut report: Report,
    before: String,
    options: &ImportOptions,
) -> Imported {
    article.origin = Some(path.to_owned());
    let (article, repairs) = clean::article(article, &options.rules);
    report.repairs = repairs;
    Imported { publication: Publication::Article(Box::new(article)), report, before }
}

fn empty() -> crate::diagnostic::Failure {
    let message = Message::new("there is no text in the file", "文件中没有文字");
    Diagnostic::error(Code::InvalidValue, message).into()
}

/// The warnings of an import that ran on the way to another command: its own, and one that sums
/// up what it did.
pub(crate) fn summary(report: &Report) -> Vec<Diagnostic> {
    let mut out = report.warnings.clone();
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

/// The files that an import writes: names relative to the output folder, and bytes.
///
/// # Errors
/// A fault of Keben's own.
pub fn files(
    imported: &Imported,
    stem: &str,
    format: WrittenFormat,
) -> Outcome<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    match &imported.publication {
        Publication::Article(article) => {
            let text = write::article(article, format)?;
            files.push((format!("{stem}.{}", format.ending()), text.into_bytes()));
        }
        Publication::Packet(_) => {}
    }
    Ok(files)
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
