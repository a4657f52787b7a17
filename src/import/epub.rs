//! EPUB 2 and 3 in: the package's spine, each document an article of a packet.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::draft::{Candidate, Draft, Known};
use super::evidence::byline;
use super::package::{Package, broken, join};
use super::pictures::Store;
use super::report::Report;
use crate::diagnostic::Failure;
use crate::model::{Author, Block, Date};

/// A book taken apart.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) title: String,
    pub(super) authors: Vec<Author>,
    pub(super) publisher: Option<String>,
    pub(super) date: Option<Date>,
    pub(super) language: Option<String>,
    pub(super) identifier: Option<String>,
    pub(super) chapters: Vec<(Vec<Draft>, Known)>,
    pub(super) pictures: Store,
}

/// Documents of a book; more is no book.
const MOST: usize = 5000;

pub(super) fn read(bytes: &[u8], stem: &str, report: &mut Report) -> Result<Book, Failure> {
    let mut package = Package::open(bytes)?;
    let container =
        package.text("META-INF/container.xml").ok_or_else(|| broken("META-INF/container.xml"))?;
    let mut opf_path = None;
    elements(&container, |name, element, _| {
        if name == "rootfile" && opf_path.is_none() {
            opf_path = attribute(element, "full-path");
        }
    });
    let opf_path = opf_path.ok_or_else(|| broken("rootfile"))?;
    let opf = package.text(&opf_path).ok_or_else(|| broken(&opf_path))?;
    let mut book = Book::default();
    let mut items: Vec<(String, String, String, String)> = Vec::new();
    let mut spine: Vec<String> = Vec::new();
    elements(&opf, |name, element, text| match name {
        "title" if book.title.is_empty() => book.title = text.trim().to_owned(),
        "creator" => book.authors.extend(byline::authors(text)),
        "publisher" => book.publisher = Some(text.trim().to_owned()).filter(|p| !p.is_empty()),
        "date" => {
            book.date = book.date.or_else(|| {
                super::recognise::date_of(text).or_else(|| text.trim().get(..4)?.parse().ok())
            });
        }
        "language" if book.language.is_none() => book.language = Some(text.trim().to_owned()),
        "identifier" if book.identifier.is_none() => {
            book.identifier = Some(text.trim().to_owned()).filter(|i| !i.is_empty());
        }
        "item" => {
            let get = |key: &str| attribute(element, key).unwrap_or_default();
            items.push((
                get("id"),
                join(&opf_path, &get("href")),
                get("media-type"),
                get("properties"),
            ));
        }
        "itemref" if attribute(element, "linear").as_deref() != Some("no") => {
            spine.extend(attribute(element, "idref"));
        }
        _ => {}
    });
    // names of the chapters, for documents without a heading of their own
    let mut labels: Vec<(String, String)> = Vec::new();
    for (_, path, kind, properties) in &items {
        if (kind == "application/x-dtbncx+xml" || properties.split(' ').any(|p| p == "nav"))
            && let Some(text) = package.text(path)
        {
            contents(&text, path, &mut labels);
        }
    }
    for (_, path, ..) in items
        .iter()
        .filter(|(_, path, kind, _)| kind.starts_with("image/") || ends_as_picture(path))
    {
        if let Some(bytes) = package.bytes(path) {
            book.pictures.insert(format!("/{path}"), bytes);
        }
    }
    for idref in spine.iter().take(MOST) {
        let Some((_, path, kind, properties)) = items.iter().find(|(id, ..)| id == idref) else {
            continue;
        };
        let is_document = kind.contains("html") || path.ends_with("html");
        if !is_document || properties.split(' ').any(|p| p == "nav") {
            continue;
        }
        let Some(source) = package.text(path) else {
            report.warnings.push(missing(path));
            continue;
        };
        let mut drafts = super::html::fragment(&unclosed(&source), None, report);
        for draft in &mut drafts {
            addresses(std::slice::from_mut(&mut draft.block), path);
        }
        if drafts.is_empty() || is_cover(path, &drafts) {
            continue;
        }
        let label = labels.iter().find(|(p, _)| p == path).map(|(_, label)| label.clone());
        let mut known = Known {
            fallback: label.clone().unwrap_or_else(|| format!("{}", book.chapters.len() + 1)),
            ..Known::default()
        };
        if let Some(label) = label {
            known.title.push(Candidate::new(label, 0.6, "contents"));
        }
        book.chapters.push((drafts, known));
    }
    if book.title.is_empty() {
        book.title = stem.to_owned();
    }
    report.found("title", book.title.clone(), 0.99, "package");
    Ok(book)
}

/// `<title/>` and `<script/>` of XHTML swallow the rest of a page that is read as HTML.
fn unclosed(source: &str) -> String {
    let mut out = source.to_owned();
    for name in ["title", "script", "style", "a", "div", "span", "p", "i", "b", "em", "td"] {
        let open = format!("<{name}");
        if !out.contains(&open) {
            continue;
        }
        let mut fixed = String::with_capacity(out.len());
        let mut rest = out.as_str();
        while let Some(at) = rest.find(&open) {
            let after = &rest[at + open.len()..];
            let end = after.find('>').map_or(after.len(), |e| e + 1);
            let tag = &after[..end];
            let is_name = after.starts_with([' ', '/', '>', '\n', '\t', '\r']);
            fixed.push_str(&rest[..at + open.len()]);
            match tag.strip_suffix("/>").filter(|_| is_name) {
                Some(body) => fixed.push_str(&format!("{body}></{name}>")),
                None => fixed.push_str(tag),
            }
            rest = &after[end..];
        }
        fixed.push_str(rest);
        out = fixed;
    }
    out
}

fn ends_as_picture(path: &str) -> bool {
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg"]
        .iter()
        .any(|e| path.to_ascii_lowercase().ends_with(e))
}

/// A document of a picture alone in front of the book.
fn is_cover(path: &str, drafts: &[Draft]) -> bool {
    let lower = path.to_ascii_lowercase();
    let empty = drafts.iter().all(|d| d.text.is_empty());
    empty && (lower.contains("cover") || lower.contains("titlepage"))
        || drafts.iter().all(|d| d.text.is_empty() && !matches!(d.block, Block::Figure(_)))
}

/// Makes addresses of pictures the paths of the package.
fn addresses(blocks: &mut [Block], document: &str) {
    super::pictures::each_source(blocks, &mut |src| {
        if !src.contains("://") && !src.starts_with("data:") {
            *src = format!("/{}", join(document, src));
        }
    });
}

fn missing(path: &str) -> crate::diagnostic::Diagnostic {
    let message = crate::diagnostic::Message::new(
        format!("'{path}' is named in the book but not in it"),
        format!("书中列有“{path}”，但文件不在其中"),
    );
    crate::diagnostic::Diagnostic::warning(crate::diagnostic::Code::Unreadable, message)
}

/// Names of documents in a navigation document or an NCX.
fn contents(source: &str, path: &str, labels: &mut Vec<(String, String)>) {
    let mut pending = String::new();
    elements(source, |name, element, text| match name {
        "text" => pending = text.trim().to_owned(),
        "content" => {
            if let Some(src) = attribute(element, "src") {
                labels.push((join(path, &src), pending.clone()));
            }
        }
        "a" => {
            if let Some(href) = attribute(element, "href").filter(|_| !text.trim().is_empty()) {
                labels.push((
                    join(path, &href),
                    text.split_whitespace().collect::<Vec<_>>().join(" "),
                ));
            }
        }
        _ => {}
    });
}

/// Calls `visit` with local name, element and text of every element, at its end.
pub(super) fn elements(xml: &str, mut visit: impl FnMut(&str, &BytesStart<'_>, &str)) {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    let mut stack: Vec<(String, BytesStart<'static>, String)> = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                let name = local(&start);
                stack.push((name, start.into_owned(), String::new()));
                if stack.len() > 512 {
                    return;
                }
            }
            Ok(Event::Empty(start)) => visit(&local(&start), &start, ""),
            Ok(Event::End(_)) => {
                if let Some((name, start, text)) = stack.pop() {
                    visit(&name, &start, &text);
                    if let Some((.., outer)) = stack.last_mut() {
                        outer.push_str(&text);
                    }
                }
            }
            Ok(Event::Text(text)) => {
                if let Some((.., outer)) = stack.last_mut() {
                    outer.push_str(&text);
                }
            }
            Ok(Event::CData(text)) => {
                if let Some((.., outer)) = stack.last_mut() {
                    outer.push_str(&text);
                }
            }
            Ok(Event::GeneralRef(entity)) => {
                if let Some((.., outer)) = stack.last_mut() {
                    outer.push(entity_char(&entity));
                }
            }
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// The character of an entity; unknown ones are a replacement character.
pub(super) fn entity_char(name: &str) -> char {
    match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{A0}',
        _ => {
            let code = match name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => name.strip_prefix('#').and_then(|n| n.parse().ok()),
            };
            code.and_then(char::from_u32).unwrap_or('\u{FFFD}')
        }
    }
}

pub(super) fn local(element: &BytesStart<'_>) -> String {
    element.local_name().as_ref().to_owned()
}

/// Value of an attribute by its local name.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element.attributes().with_checks(false).flatten().find_map(|a| {
        (a.key.local_name().as_ref() == name).then(|| {
            let raw = a.value.into_owned();
            let mut out = String::new();
            let mut rest = raw.as_str();
            while let Some(at) = rest.find('&') {
                out.push_str(&rest[..at]);
                match rest[at..].find(';').filter(|end| *end <= 10) {
                    Some(end) => {
                        out.push(entity_char(&rest[at + 1..at + end]));
                        rest = &rest[at + end + 1..];
                    }
                    None => {
                        out.push('&');
                        rest = &rest[at + 1..];
                    }
                }
            }
            out.push_str(rest);
            out
        })
    })
}
