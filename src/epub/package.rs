//! The package document (EPUB 3.3 §5): metadata, manifest, spine.

use sha2::{Digest, Sha256};

use super::accessibility::Findings;
use super::xml::{Xml, one_line};
use super::{Publication, navigation, plan};
use crate::compose::Book;
use crate::labels::{Label, relator};
use crate::model::{Author, civil_from_days};

/// The book's title, never empty.
pub(super) fn title(book: &Book) -> String {
    let title = one_line(&book.title.to_plain());
    if title.is_empty() { Label::Untitled.text(&book.language).to_owned() } else { title }
}

/// `urn:isbn:` with the digits of an ISBN that stands alone or after the letters `ISBN`.
fn isbn(id: &str) -> Option<String> {
    let upper = id.to_ascii_uppercase();
    let rest = upper.strip_prefix("ISBN").unwrap_or(&upper).trim_start_matches([':', ' ', '-']);
    let digits: String = rest.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    let shaped = match digits.len() {
        13 => digits.bytes().all(|b| b.is_ascii_digit()) && digits.starts_with("97"),
        10 => digits[..9].bytes().all(|b| b.is_ascii_digit()) && upper.starts_with("ISBN"),
        _ => false,
    };
    shaped.then(|| format!("urn:isbn:{digits}"))
}

/// The package's unique identifier: what the maker gave, an ISBN as a URN, or else a UUID made
/// from the content, so that the same book always has the same one.
pub(super) struct Identity {
    given: Option<String>,
    hash: Sha256,
}

impl Identity {
    /// The identity of a book whose files are not known yet.
    pub(super) fn new(book: &Book) -> Self {
        let given = book.identifier.as_deref().map(one_line).filter(|id| !id.is_empty());
        let given = given.map(|id| isbn(&id).unwrap_or(id));
        let mut identity = Self { given, hash: Sha256::new() };
        identity.add(&book.title.to_plain(), book.language.tag().as_bytes());
        for creator in &book.creators {
            identity.add(&creator.name, b"");
        }
        identity
    }

    /// Adds a file that the reader gets.
    pub(super) fn add(&mut self, file: &str, data: &[u8]) {
        // Lengths go in too, so that no two sequences run together to the same bytes.
        for part in [file.as_bytes(), data] {
            self.hash.update((part.len() as u64).to_le_bytes());
            self.hash.update(part);
        }
    }

    /// The identifier; a UUID of version 8 (RFC 9562 §5.8) where none was given.
    pub(super) fn finish(self) -> String {
        if let Some(given) = self.given {
            return given;
        }
        let hash = self.hash.finalize();
        let mut bytes: [u8; 16] = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        bytes[6] = bytes[6] & 0x0F | 0x80;
        bytes[8] = bytes[8] & 0x3F | 0x80;
        let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        let (a, b, c, d, e) = (&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
        format!("urn:uuid:{a}-{b}-{c}-{d}-{e}")
    }
}

/// Writes the package document.
pub(super) fn opf(publication: &Publication<'_>) -> String {
    let book = publication.book;
    let mut xml = Xml::document("");
    xml.open("package").attr("xmlns", "http://www.idpf.org/2007/opf").attr("version", "3.0");
    xml.attr("unique-identifier", "pub-id").attr("xml:lang", book.language.tag()).line();
    metadata(&mut xml, publication);
    manifest(&mut xml, publication);
    spine(&mut xml, publication);
    xml.finish()
}

fn metadata(xml: &mut Xml, publication: &Publication<'_>) {
    let book = publication.book;
    xml.open("metadata").attr("xmlns:dc", "http://purl.org/dc/elements/1.1/").line();
    xml.open("dc:identifier").attr("id", "pub-id").text(&publication.identifier).close().line();
    xml.open("dc:title").attr("id", "title").text(&title(book)).close().line();
    if let Some(subtitle) = book.subtitle.as_ref().and_then(|t| filled(&t.to_plain())) {
        refine(xml, "title", "title-type", None, "main");
        xml.open("dc:title").attr("id", "subtitle").text(&subtitle).close().line();
        refine(xml, "subtitle", "title-type", None, "subtitle");
    }
    xml.leaf("dc:language", book.language.tag()).line();
    creators(xml, &book.creators);
    let date = book.date.map(|d| d.to_string());
    let single = [
        ("dc:publisher", book.publisher.clone()),
        ("dc:date", date),
        ("dc:description", book.description.clone()),
        ("dc:source", book.source.clone()),
    ];
    for (name, value) in single {
        if let Some(value) = value.as_deref().and_then(filled) {
            xml.leaf(name, &value).line();
        }
    }
    for subject in book.subjects.iter().filter_map(|s| filled(s)) {
        xml.leaf("dc:subject", &subject).line();
    }
    series(xml, book);
    meta(xml, "dcterms:modified", &modified(publication));
    let findings = Findings { pages: !publication.pages.is_empty(), ..Findings::of(book) };
    for (property, value) in findings.metadata(book) {
        meta(xml, property, &value);
    }
    if findings.pages {
        // EPUB Accessibility 1.1 §2.4.1: the edition whose pages are numbered.
        meta(xml, "pageBreakSource", &format!("{} (PDF)", title(book)));
    }
    if let Some(name) = publication.options.certified_by.as_deref().and_then(filled) {
        // EPUB Accessibility 1.1 §3.5.2, the form of the string is prescribed.
        let claim = "EPUB Accessibility 1.1 - WCAG 2.1 Level AA";
        xml.open("meta").attr("property", "dcterms:conformsTo").attr("id", "conf");
        xml.text(claim).close().line();
        meta(xml, "a11y:certifiedBy", &name);
    }
    if let Some(cover) = publication.cover {
        let id = format!("r{}", cover + 1);
        xml.open("meta").attr("name", "cover").attr("content", &id).close().line(); // EPUB 2
    }
    if publication.vertical {
        // Kindle Publishing Guidelines, "writing mode".
        xml.open("meta").attr("name", "primary-writing-mode");
        xml.attr("content", "vertical-rl").close().line();
    }
    xml.close().line();
}

/// The series that the book belongs to (EPUB 3.3 §D.3.3).
fn series(xml: &mut Xml, book: &Book) {
    let Some(series) = &book.series else { return };
    let Some(name) = filled(&series.name) else { return };
    xml.open("meta").attr("property", "belongs-to-collection").attr("id", "series");
    xml.text(&name).close().line();
    refine(xml, "series", "collection-type", None, "series");
    if let Some(number) = series.number {
        refine(xml, "series", "group-position", None, &number.to_string());
    }
}

/// A value in one line, if anything is left of it.
fn filled(value: &str) -> Option<String> {
    Some(one_line(value)).filter(|v| !v.is_empty())
}

fn meta(xml: &mut Xml, property: &str, value: &str) {
    xml.open("meta").attr("property", property).text(value).close().line();
}

fn refine(xml: &mut Xml, id: &str, property: &str, scheme: Option<&str>, value: &str) {
    xml.open("meta").attr("refines", &format!("#{id}")).attr("property", property);
    xml.attr_if("scheme", scheme).text(value).close().line();
}

/// Authors and compilers as creators, the others as contributors; the first counts as a creator
/// if nobody else is one.
fn creators(xml: &mut Xml, people: &[Author]) {
    let makes = |a: &Author| matches!(relator(a.role.as_deref()), "aut" | "com");
    let nobody = !people.iter().any(makes);
    let named = people.iter().filter_map(|a| filled(&a.name).map(|name| (a, name)));
    for (at, (person, name)) in named.enumerate() {
        let creator = makes(person) || (nobody && at == 0);
        let id = format!("p{}", at + 1);
        xml.open(if creator { "dc:creator" } else { "dc:contributor" }).attr("id", &id);
        xml.text(&name).close().line();
        let role = relator(person.role.as_deref());
        refine(xml, &id, "role", Some("marc:relators"), role);
        refine(xml, &id, "file-as", None, &file_as(&name));
    }
}

/// A name as catalogues sort it: Chinese names as they are, `Ludwig van Beethoven` as
/// `Beethoven, Ludwig van`.
fn file_as(name: &str) -> String {
    let western = name.chars().all(|c| c.is_ascii() || ('\u{C0}'..='\u{24F}').contains(&c));
    match name.rsplit_once(' ') {
        Some((given, family)) if western && !name.contains(',') => format!("{family}, {given}"),
        _ => name.to_owned(),
    }
}

/// The time of the last change as EPUB wants it: `2022-11-26T00:00:00Z`.
fn modified(publication: &Publication<'_>) -> String {
    match (publication.options.modified, publication.book.date) {
        (Some(seconds), _) => timestamp(seconds),
        (None, Some(date)) => {
            let (month, day) = (date.month().unwrap_or(1), date.day().unwrap_or(1));
            format!("{:04}-{month:02}-{day:02}T00:00:00Z", date.year())
        }
        // Nothing is known: the first moment a zip file can name.
        (None, None) => "1980-01-01T00:00:00Z".to_owned(),
    }
}

/// Seconds since 1970 as a date and time, kept within the years 1 to 9999.
pub(crate) fn timestamp(seconds: i64) -> String {
    let seconds = seconds.clamp(-62_135_596_800, 253_402_300_799);
    let (days, time) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil_from_days(days);
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

fn manifest(xml: &mut Xml, publication: &Publication<'_>) {
    xml.open("manifest").line();
    let mut item = |id: &str, href: &str, media_type: &str, properties: Option<&str>| {
        xml.open("item").attr("id", id).attr("href", href).attr("media-type", media_type);
        xml.attr_if("properties", properties).close().line();
    };
    item("nav", "nav.xhtml", "application/xhtml+xml", Some("nav"));
    item("ncx", "toc.ncx", "application/x-dtbncx+xml", None);
    item("css", "stylesheet.css", "text/css", None);
    for (at, (file, svg)) in publication.documents.iter().enumerate() {
        // A document that draws says so (EPUB 3.3 §D.7.5).
        item(&format!("d{}", at + 1), file, "application/xhtml+xml", svg.then_some("svg"));
    }
    for (at, resource) in publication.resources.iter().enumerate() {
        let id = format!("r{}", at + 1);
        item(&id, &resource.file, resource.media_type, resource.properties);
    }
    xml.close().line();
}

/// Reading order: cover, foreword, contents page if the book has one, everything else.
fn spine(xml: &mut Xml, publication: &Publication<'_>) {
    let book = publication.book;
    xml.open("spine").attr("toc", "ncx");
    let direction = if publication.vertical { "rtl" } else { "ltr" };
    xml.attr("page-progression-direction", direction).line();
    let plan = &publication.plan;
    let before = publication.documents.len() - plan.documents.len();
    let contents = plan::contents_at(book);
    let forewords = plan.documents.iter().take_while(|d| d.section < contents).count();
    for at in 0..=publication.documents.len() {
        if at == before + forewords && book.has_contents {
            xml.open("itemref").attr("idref", "nav").close().line();
        }
        if at < publication.documents.len() {
            xml.open("itemref").attr("idref", &format!("d{}", at + 1)).close().line();
        }
    }
    xml.close().line();
    guide(xml, publication);
}

/// The guide of EPUB 2 (OPF 2.0.1 §2.6): Kindle and old readers find cover, contents and beginning
/// by it.
fn guide(xml: &mut Xml, publication: &Publication<'_>) {
    let places = navigation::places(publication);
    let kinds = [("cover", "cover"), ("toc", "toc"), ("bodymatter", "text")];
    let known = |kind: &str| kinds.iter().find(|(landmark, _)| *landmark == kind);
    let found: Vec<_> = places.iter().filter_map(|p| Some((known(p.0)?.1, p))).collect();
    if found.is_empty() {
        return;
    }
    xml.open("guide").line();
    for (kind, (_, href, title)) in found {
        xml.open("reference").attr("type", kind).attr("title", title).attr("href", href);
        xml.close().line();
    }
    xml.close().line();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_utc() {
        assert_eq!(timestamp(0), "1970-01-01T00:00:00Z");
        assert_eq!(timestamp(1_709_210_096), "2024-02-29T12:34:56Z");
        assert_eq!(timestamp(-1), "1969-12-31T23:59:59Z");
        assert_eq!(timestamp(i64::MAX), "9999-12-31T23:59:59Z");
        assert_eq!(timestamp(i64::MIN), "0001-01-01T00:00:00Z");
    }

    #[test]
    fn names_are_filed_by_family() {
        assert_eq!(file_as("Ludwig van Beethoven"), "Beethoven, Ludwig van");
        assert_eq!(file_as("任贤良"), "任贤良");
        assert_eq!(file_as("Plato"), "Plato");
    }

    #[test]
    fn an_isbn_becomes_a_urn_and_other_identifiers_stay() {
        assert_eq!(isbn("978-7-02-000220-7").as_deref(), Some("urn:isbn:9787020002207"));
        assert_eq!(isbn("ISBN 7-02-000220-X").as_deref(), Some("urn:isbn:702000220X"));
        for other in ["urn:uuid:1234", "2024-11", "第1期", "编号一二三四五"] {
            assert_eq!(isbn(other), None, "{other}");
        }
    }
}
