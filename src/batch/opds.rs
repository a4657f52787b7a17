//! The catalogue for e-readers: OPDS 1.2, an Atom feed of publications (specs.opds.io/opds-1.2).

use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::index::{Entry, PER_PAGE, escape};
use crate::diagnostic::Diagnostic;
use crate::epub::timestamp;
use crate::output::{Whole, unwritable};

/// Media type of an acquisition feed (OPDS 1.2 §2.2).
pub(super) const MEDIA_TYPE: &str = "application/atom+xml;profile=opds-catalog;kind=acquisition";
/// Relation of a file that may be taken freely (OPDS 1.2 §5.4.1.1).
const OPEN_ACCESS: &str = "http://opds-spec.org/acquisition/open-access";
/// Date of feeds whose publications state none: Atom demands one (RFC 4287 §4.2.15), and the clock
/// would make every run's file another.
const NO_DATE: &str = "1970-01-01T00:00:00Z";

/// A catalogue that is being written.
pub(super) struct Catalogue {
    folder: PathBuf,
    title: String,
    stamp: Option<String>,
    page: Option<(PathBuf, Whole)>,
    /// Date of the newest publication on this page.
    newest: String,
    count: usize,
}

impl Catalogue {
    pub(super) fn create(
        folder: &Path,
        title: &str,
        stamp: Option<i64>,
    ) -> Result<Self, Diagnostic> {
        let stamp = stamp.map(timestamp);
        let mut catalogue = Self {
            folder: folder.to_owned(),
            title: title.to_owned(),
            stamp,
            page: None,
            newest: NO_DATE.to_owned(),
            count: 0,
        };
        catalogue.begin(1)?;
        Ok(catalogue)
    }

    pub(super) fn add(&mut self, entry: &Entry<'_>) -> Result<(), Diagnostic> {
        if self.count > 0 && self.count.is_multiple_of(PER_PAGE) {
            let number = self.count / PER_PAGE;
            self.end(number, true)?;
            self.begin(number + 1)?;
        }
        self.count += 1;
        let about = &entry.record.about;
        let updated = match (&self.stamp, &about.date) {
            (Some(stamp), _) => stamp.clone(),
            (None, Some(date)) => instant(date),
            (None, None) => NO_DATE.to_owned(),
        };
        // Times of one form compare as text.
        self.newest = self.newest.clone().max(updated.clone());
        let identifier = uuid(&[&self.title, &entry.record.outputs.join("\n")]);
        let mut out = format!(
            "<entry>\n<title>{}</title>\n<id>{identifier}</id>\n<updated>{updated}</updated>\n",
            escape(entry.title)
        );
        for author in &about.authors {
            out.push_str(&format!("<author><name>{}</name></author>\n", escape(author)));
        }
        if let Some(language) = &about.language {
            out.push_str(&format!("<dc:language>{}</dc:language>\n", escape(language)));
        }
        if let Some(date) = &about.date {
            out.push_str(&format!("<dc:issued>{}</dc:issued>\n", escape(date)));
        }
        if let Some(summary) = &about.summary {
            out.push_str(&format!("<summary>{}</summary>\n", escape(summary)));
        }
        if let Some(cover) = &entry.cover {
            for rel in ["image", "image/thumbnail"] {
                out.push_str(&format!(
                    "<link rel=\"http://opds-spec.org/{rel}\" href=\"{cover}\" type=\"image/png\"/>\n"
                ));
            }
        }
        for (href, kind) in &entry.links {
            out.push_str(&format!(
                "<link rel=\"{OPEN_ACCESS}\" href=\"{href}\" type=\"{kind}\"/>\n"
            ));
        }
        out.push_str("</entry>\n");
        self.write(&out)
    }

    pub(super) fn finish(mut self) -> Result<(), Diagnostic> {
        self.end(self.count.saturating_sub(1) / PER_PAGE + 1, false)
    }

    fn begin(&mut self, number: usize) -> Result<(), Diagnostic> {
        let path = self.folder.join(page_name(number));
        self.page = Some((path.clone(), Whole::create(&path)?));
        self.newest = NO_DATE.to_owned();
        let title = escape(&self.title);
        let id = uuid(&["catalogue", &self.title, &number.to_string()]);
        let itself = page_name(number);
        let head = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
             <feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:dc=\"http://purl.org/dc/terms/\">\n\
             <id>{id}</id>\n<title>{title}</title>\n<author><name>Keben</name></author>\n\
             <link rel=\"self\" href=\"{itself}\" type=\"{MEDIA_TYPE}\"/>\n\
             <link rel=\"start\" href=\"catalog.xml\" type=\"{MEDIA_TYPE}\"/>\n"
        );
        self.write(&head)
    }

    /// Ends a page; what only its end knows comes last, which Atom allows (RFC 4287 §4.1.1).
    fn end(&mut self, number: usize, more: bool) -> Result<(), Diagnostic> {
        let updated = self.stamp.clone().unwrap_or_else(|| self.newest.clone());
        let mut out = format!("<updated>{updated}</updated>\n");
        let mut link = |rel: &str, number: usize| {
            let href = page_name(number);
            out.push_str(&format!("<link rel=\"{rel}\" href=\"{href}\" type=\"{MEDIA_TYPE}\"/>\n"));
        };
        if number > 1 {
            link("previous", number - 1);
        }
        if more {
            link("next", number + 1);
        }
        out.push_str("</feed>\n");
        self.write(&out)?;
        match self.page.take() {
            Some((_, out)) => out.finish(),
            None => Ok(()),
        }
    }

    fn write(&mut self, text: &str) -> Result<(), Diagnostic> {
        let Some((path, out)) = &mut self.page else { return Ok(()) };
        out.write_all(text.as_bytes()).map_err(|e| unwritable(path, &e))
    }
}

fn page_name(number: usize) -> String {
    if number <= 1 { "catalog.xml".to_owned() } else { format!("catalog-{number}.xml") }
}

/// A date of any precision as Atom writes an instant (RFC 4287 §3.3): the first there is.
fn instant(date: &str) -> String {
    match date.len() {
        4 => format!("{date}-01-01T00:00:00Z"),
        7 => format!("{date}-01T00:00:00Z"),
        _ => format!("{date}T00:00:00Z"),
    }
}

/// A name that follows from its parts (RFC 9562 §5.8, version 8: ours to fill).
fn uuid(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    bytes[6] = bytes[6] & 0x0F | 0x80;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    format!(
        "urn:uuid:{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::index::{Index, tests::record};
    use crate::diagnostic::Locale;

    #[test]
    fn a_catalogue_is_well_formed_and_says_what_opds_wants() {
        let dir = tempfile::tempdir().unwrap();
        let mut index = Index::create(dir.path(), "文集", Some(951_782_400), Locale::En).unwrap();
        index.add(&record(1)).unwrap();
        index.finish().unwrap();
        let xml = std::fs::read_to_string(dir.path().join("catalog.xml")).unwrap();
        let mut reader = quick_xml::Reader::from_str(&xml);
        while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
        insta::assert_snapshot!(xml);
    }

    #[test]
    fn dates_of_any_precision_are_instants() {
        assert_eq!(instant("2022"), "2022-01-01T00:00:00Z");
        assert_eq!(instant("2022-11"), "2022-11-01T00:00:00Z");
    }
}
