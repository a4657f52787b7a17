//! Navigation: the EPUB navigation document (EPUB 3.3 §7) and the NCX for EPUB 2 readers.

use std::collections::BTreeMap;

use super::Publication;
use super::content::{say, shell};
use super::fonts::Rare;
use super::names::encode_fragment;
use super::package;
use super::xml::{Xml, one_line};
use crate::compose::{Anchor, SectionKind};
use crate::labels::Label;

/// Levels of contents (issue 5: to three levels).
const DEPTH: u8 = 3;

/// One entry with those below it.
struct Entry {
    title: String,
    href: String,
    /// Language of the title where it is not the book's.
    language: Option<String>,
    below: Vec<Entry>,
}

/// The address of a place as seen from the package document's folder.
fn href(publication: &Publication<'_>, anchor: &Anchor) -> Option<String> {
    let document = &publication.plan.documents[publication.plan.locate(anchor)?];
    Some(match &anchor.element {
        None => format!("text/{}", document.file),
        Some(id) => format!("text/{}#{}", document.file, encode_fragment(id)),
    })
}

/// The contents as a tree. A level that is skipped is not made up: its entry stands one below the
/// entry before it.
fn tree(publication: &Publication<'_>) -> Vec<Entry> {
    let untitled = Label::Untitled.text(&publication.book.language);
    let mut open: Vec<(u8, Entry)> = Vec::new();
    let mut roots = Vec::new();
    let close = |open: &mut Vec<(u8, Entry)>, roots: &mut Vec<Entry>| {
        if let Some((_, done)) = open.pop() {
            open.last_mut().map_or(roots, |(_, above)| &mut above.below).push(done);
        }
    };
    let sections = &publication.book.sections;
    let languages: BTreeMap<_, _> = sections.iter().map(|s| (&s.id, &s.language)).collect();
    for entry in publication.book.contents(DEPTH) {
        let Some(href) = href(publication, &entry.anchor) else { continue };
        let title = one_line(&entry.title.to_plain());
        let title = if title.is_empty() { untitled.to_owned() } else { title };
        while open.last().is_some_and(|(level, _)| *level >= entry.level) {
            close(&mut open, &mut roots);
        }
        let language = languages.get(&entry.anchor.section);
        let language = language.filter(|l| ***l != publication.book.language);
        let language = language.map(|l| l.tag().to_owned());
        open.push((entry.level, Entry { title, href, language, below: Vec::new() }));
    }
    while !open.is_empty() {
        close(&mut open, &mut roots);
    }
    roots
}

/// The navigation document: contents, and the landmarks hidden from sight.
pub(super) fn nav(publication: &Publication<'_>) -> String {
    let language = &publication.book.language;
    let contents = Label::Contents.text(language);
    let mut xml = shell(contents, language, "stylesheet.css");
    xml.open("body").line().open("nav").attr("epub:type", "toc").attr("role", "doc-toc");
    xml.attr("id", "toc").attr("aria-labelledby", "toc-title").line();
    xml.open("h1").attr("id", "toc-title").text(contents).close().line();
    list(&mut xml, &publication.rare, &tree(publication));
    xml.close_full().line();
    page_list(&mut xml, publication);
    let landmarks = Label::Landmarks.text(language);
    xml.open("nav").attr("epub:type", "landmarks").attr("aria-label", landmarks);
    xml.attr("hidden", "hidden").line().leaf("h2", landmarks).line().open("ol").line();
    for (kind, href, title) in places(publication) {
        xml.open("li").open("a").attr("epub:type", kind).attr("href", &href);
        xml.text(title).close().close().line();
    }
    xml.finish()
}

/// Where the pages of the printed edition begin (EPUB 3.3 §7.4.3).
fn page_list(xml: &mut Xml, publication: &Publication<'_>) {
    if publication.pages.is_empty() {
        return;
    }
    let label = Label::Pages.text(&publication.book.language);
    xml.open("nav").attr("epub:type", "page-list").attr("role", "doc-pagelist");
    xml.attr("aria-label", label).attr("hidden", "hidden").line();
    xml.leaf("h2", label).line().open("ol").line();
    for page in &publication.pages {
        xml.open("li").open("a").attr("href", &page.href).text(&page.label).close().close().line();
    }
    xml.close().line().close_full().line();
}

fn list(xml: &mut Xml, rare: &Rare, entries: &[Entry]) {
    xml.open("ol").line();
    for entry in entries {
        xml.open("li").open("a").attr("href", &entry.href);
        xml.attr_if("lang", entry.language.as_deref());
        xml.attr_if("xml:lang", entry.language.as_deref());
        say(xml, rare, &entry.title);
        xml.close();
        if !entry.below.is_empty() {
            xml.line();
            list(xml, rare, &entry.below);
        }
        xml.close().line();
    }
    xml.close().line();
}

/// Landmarks: type, address, title.
pub(super) fn places(publication: &Publication<'_>) -> Vec<(&'static str, String, &'static str)> {
    let book = publication.book;
    let language = &book.language;
    let mut out = Vec::new();
    if publication.documents.first().is_some_and(|(file, _)| file == "cover.xhtml") {
        out.push(("cover", "cover.xhtml".to_owned(), Label::Cover.text(language)));
    }
    let first = |kind: fn(SectionKind) -> bool| {
        let section = book.sections.iter().find(|s| kind(s.kind))?;
        href(publication, &Anchor { section: section.id.clone(), element: None })
    };
    if let Some(href) = first(|k| k == SectionKind::Foreword) {
        out.push(("foreword", href, Label::Foreword.text(language)));
    }
    // Landmarks lead to places of the reading order, and only a book with a contents page has its
    // navigation there.
    if book.has_contents {
        out.push(("toc", "nav.xhtml".to_owned(), Label::Contents.text(language)));
    }
    if let Some(href) = first(|k| matches!(k, SectionKind::Part | SectionKind::Article)) {
        out.push(("bodymatter", href, Label::Body.text(language)));
    }
    if let Some(href) = first(|k| k == SectionKind::Afterword) {
        out.push(("afterword", href, Label::Afterword.text(language)));
    }
    out
}

/// The NCX (OPF 2.0.1 §2.4.1): the same tree; entries that lead to one place share one play order.
pub(super) fn ncx(publication: &Publication<'_>) -> String {
    let book = publication.book;
    let entries = tree(publication);
    let mut xml = Xml::document("");
    xml.open("ncx").attr("xmlns", "http://www.daisy.org/z3986/2005/ncx/");
    xml.attr("version", "2005-1").attr("xml:lang", book.language.tag()).line();
    xml.open("head").line();
    let depth = depth(&entries).to_string();
    let pages = &publication.pages;
    let total = pages.len().to_string();
    let highest = pages.iter().filter_map(|p| p.label.parse::<u32>().ok()).max().unwrap_or(0);
    let highest = highest.to_string();
    let head = [
        ("dtb:uid", publication.identifier.as_str()),
        ("dtb:depth", &depth),
        ("dtb:totalPageCount", &total),
        ("dtb:maxPageNumber", &highest),
    ];
    for (name, content) in head {
        xml.open("meta").attr("name", name).attr("content", content).close().line();
    }
    xml.close().line();
    xml.open("docTitle").leaf("text", &package::title(book)).close().line();
    for creator in &book.creators {
        let name = one_line(&creator.name);
        if !name.is_empty() {
            xml.open("docAuthor").leaf("text", &name).close().line();
        }
    }
    xml.open("navMap").line();
    let mut numbers = Numbers::default();
    entries.iter().for_each(|entry| point(&mut xml, entry, &mut numbers));
    xml.close().line();
    page_targets(&mut xml, publication, &mut numbers);
    xml.finish()
}

/// The page list as the NCX has it (DAISY 3 §8.4.4).
fn page_targets(xml: &mut Xml, publication: &Publication<'_>, numbers: &mut Numbers) {
    if publication.pages.is_empty() {
        return;
    }
    xml.open("pageList").line();
    for (at, page) in publication.pages.iter().enumerate() {
        let order = numbers.order(&page.href).to_string();
        let value = page.label.parse::<u32>().ok().filter(|n| *n > 0);
        let kind = match (value, page.label.chars().all(|c| "ivxlcdm".contains(c))) {
            (Some(_), _) => "normal",
            (None, true) => "front",
            (None, false) => "special",
        };
        xml.open("pageTarget").attr("id", &format!("p{}", at + 1)).attr("type", kind);
        xml.attr_if("value", value.map(|n| n.to_string()).as_deref());
        xml.attr("playOrder", &order).line();
        xml.open("navLabel").leaf("text", &page.label).close();
        xml.open("content").attr("src", &page.href).close().line().close().line();
    }
    xml.close().line();
}

fn depth(entries: &[Entry]) -> usize {
    entries.iter().map(|entry| 1 + depth(&entry.below)).max().unwrap_or(0)
}

/// Ids and play orders given so far.
#[derive(Default)]
struct Numbers {
    points: usize,
    orders: BTreeMap<String, usize>,
}

impl Numbers {
    /// The play order of a place: the same for all entries that lead there.
    fn order(&mut self, href: &str) -> usize {
        let next = self.orders.len() + 1;
        *self.orders.entry(href.to_owned()).or_insert(next)
    }
}

fn point(xml: &mut Xml, entry: &Entry, numbers: &mut Numbers) {
    numbers.points += 1;
    let order = numbers.order(&entry.href);
    xml.open("navPoint").attr("id", &format!("n{}", numbers.points));
    xml.attr("playOrder", &order.to_string()).line();
    xml.open("navLabel").leaf("text", &entry.title).close();
    xml.open("content").attr("src", &entry.href).close().line();
    entry.below.iter().for_each(|entry| point(xml, entry, numbers));
    xml.close().line();
}
