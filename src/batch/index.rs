//! The index of what was made: a page for browsers and a catalogue for e-readers.
//!
//! Both are written as results come, in pages of a bounded length, so that a collection of any
//! size can be opened and nothing of it stays in memory.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::opds::Catalogue;
use super::report::{Record, Status};
use super::slashed;
use crate::diagnostic::{Diagnostic, Locale};
use crate::output::{Whole, unwritable};

/// Entries of one page: as many covers as a browser shows without a wait.
pub(super) const PER_PAGE: usize = 200;

/// The index of an output folder.
pub struct Index {
    folder: PathBuf,
    title: String,
    locale: Locale,
    page: Option<Page>,
    catalogue: Catalogue,
    count: usize,
}

/// A page that is being written.
struct Page {
    path: PathBuf,
    out: Whole,
}

/// One publication as indexes show it.
pub(super) struct Entry<'r> {
    pub record: &'r Record,
    pub title: &'r str,
    /// Addresses relative to the index, with their media types.
    pub links: Vec<(String, &'static str)>,
    /// Address of the cover's small picture.
    pub cover: Option<String>,
}

impl Index {
    /// Begins the index of a folder: `index.html` and `catalog.xml`.
    ///
    /// - `stamp`: date of making in seconds since 1970, where one is stated.
    ///
    /// # Errors
    /// A folder that can't be written.
    pub fn create(
        folder: &Path,
        title: &str,
        stamp: Option<i64>,
        locale: Locale,
    ) -> Result<Self, Diagnostic> {
        let mut index = Self {
            folder: folder.to_owned(),
            title: title.to_owned(),
            locale,
            page: None,
            catalogue: Catalogue::create(folder, title, stamp)?,
            count: 0,
        };
        index.page = Some(index.begin(1)?);
        Ok(index)
    }

    /// Adds what was made of an input; failures are passed over.
    pub(super) fn add(&mut self, record: &Record) -> Result<(), Diagnostic> {
        if record.status == Status::Failed || record.outputs.is_empty() {
            return Ok(());
        }
        let links = record.outputs.iter().filter_map(|output| {
            let path = Path::new(output);
            let below = path.strip_prefix(&self.folder).unwrap_or(path);
            let kind = match path.extension()?.to_str()? {
                "pdf" => "application/pdf",
                "epub" => "application/epub+zip",
                _ => return None, // pictures of pages are no publications
            };
            Some((address(&slashed(below)), kind))
        });
        let entry = Entry {
            record,
            title: record.about.title.as_deref().unwrap_or(&record.input),
            links: links.collect(),
            cover: record.about.cover.as_deref().map(address),
        };
        if self.count > 0 && self.count.is_multiple_of(PER_PAGE) {
            let number = self.count / PER_PAGE + 1;
            self.end(number - 1, true)?;
            self.page = Some(self.begin(number)?);
        }
        self.count += 1;
        let text = self.card(&entry);
        self.write(&text)?;
        self.catalogue.add(&entry)
    }

    /// Puts the last pages in their places.
    pub(super) fn finish(mut self) -> Result<(), Diagnostic> {
        let number = self.count.saturating_sub(1) / PER_PAGE + 1;
        self.end(number, false)?;
        self.catalogue.finish()
    }

    fn begin(&self, number: usize) -> Result<Page, Diagnostic> {
        let path = self.folder.join(page_name(number));
        let mut out = Whole::create(&path)?;
        let (language, title) = (self.words(["en", "zh-Hans"]), escape(&self.title));
        let head = format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
             <link rel=\"alternate\" type=\"{}\" href=\"catalog.xml\" title=\"OPDS\">\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n<header><h1>{title}</h1></header>\n\
             <main>\n<ul>\n",
            super::opds::MEDIA_TYPE
        );
        out.write_all(head.as_bytes()).map_err(|e| unwritable(&path, &e))?;
        Ok(Page { path, out })
    }

    /// Ends a page with links to its neighbours.
    fn end(&mut self, number: usize, more: bool) -> Result<(), Diagnostic> {
        let mut text = String::from("</ul>\n</main>\n<footer>");
        let mut link = |number: usize, rel: &str, words: &str| {
            let href = page_name(number);
            text.push_str(&format!("<a rel=\"{rel}\" href=\"{href}\">{words}</a> "));
        };
        if number > 1 {
            link(number - 1, "prev", self.words(["← previous", "← 上一页"]));
        }
        if more {
            link(number + 1, "next", self.words(["next →", "下一页 →"]));
        }
        let catalogue = self.words(["catalogue for e-readers", "电子书目录"]);
        text.push_str(&format!("<a href=\"catalog.xml\">{catalogue} (OPDS)</a>"));
        text.push_str("</footer>\n</body>\n</html>\n");
        self.write(&text)?;
        match self.page.take() {
            Some(page) => page.out.finish(),
            None => Ok(()),
        }
    }

    fn write(&mut self, text: &str) -> Result<(), Diagnostic> {
        let Some(page) = &mut self.page else { return Ok(()) };
        page.out.write_all(text.as_bytes()).map_err(|e| unwritable(&page.path, &e))
    }

    fn words<'w>(&self, [en, zh]: [&'w str; 2]) -> &'w str {
        match self.locale {
            Locale::En => en,
            Locale::Zh => zh,
        }
    }

    fn card(&self, entry: &Entry<'_>) -> String {
        let about = &entry.record.about;
        let title = escape(entry.title);
        let language = about
            .language
            .as_deref()
            .map_or(String::new(), |tag| format!(" lang=\"{}\"", escape(tag)));
        let first = entry.links.first().map_or("", |(href, _)| href);
        let mut out =
            format!("<li{language}>\n<a class=\"cover\" href=\"{first}\" tabindex=\"-1\">");
        if let Some(cover) = &entry.cover {
            out.push_str(&format!("<img src=\"{cover}\" alt=\"\" loading=\"lazy\">"));
        }
        out.push_str(&format!("</a>\n<h2><a href=\"{first}\">{title}</a></h2>\n"));
        let mut facts: Vec<String> = Vec::new();
        if !about.authors.is_empty() {
            facts.push(escape(&about.authors.join("、")));
        }
        if let Some(date) = &about.date {
            let date = escape(date);
            facts.push(format!("<time datetime=\"{date}\">{date}</time>"));
        }
        if let Some(pages) = entry.record.pages {
            facts.push(format!("{pages} {}", self.words(["p.", "页"])));
        }
        if !facts.is_empty() {
            out.push_str(&format!("<p>{}</p>\n", facts.join(" · ")));
        }
        out.push_str("<p class=\"files\">");
        for (href, kind) in &entry.links {
            let word = if kind.ends_with("pdf") { "PDF" } else { "EPUB" };
            let label = format!("{title} ({word})");
            out.push_str(&format!(
                "<a href=\"{href}\" type=\"{kind}\" aria-label=\"{label}\">{word}</a> "
            ));
        }
        out.push_str("</p>\n</li>\n");
        out
    }
}

fn page_name(number: usize) -> String {
    if number <= 1 { "index.html".to_owned() } else { format!("index-{number}.html") }
}

/// A path as an address relative to the index (RFC 3986, 3.3): everything but unreserved characters
/// percent-encoded, `/` kept.
fn address(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Text for HTML and XML, in content or quoted; characters that XML forbids are left out.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => out.push(c),
        }
    }
    out
}

/// The page's look: covers in a grid that fits any screen, light and dark.
const STYLE: &str = ":root { color-scheme: light dark; --paper: #faf7f0; --ink: #222; --soft: #6b6558; }\n\
@media (prefers-color-scheme: dark) { :root { --paper: #1c1a17; --ink: #e8e2d6; --soft: #a39b8b; } }\n\
body { margin: 0 auto; max-width: 72rem; padding: 2rem 1.25rem; background: var(--paper); color: var(--ink);\n\
  font-family: \"Noto Serif CJK SC\", \"Source Han Serif SC\", \"Songti SC\", SimSun, serif; }\n\
h1 { font-size: 1.6rem; font-weight: 600; margin: 0 0 2rem; }\n\
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 2.5rem 1.75rem;\n\
  grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); }\n\
.cover { display: block; aspect-ratio: 1 / 1.414; background: color-mix(in srgb, var(--soft) 15%, transparent); }\n\
.cover img { width: 100%; height: 100%; object-fit: contain; box-shadow: 0 1px 6px rgb(0 0 0 / .3); }\n\
h2 { font-size: 1rem; font-weight: 600; line-height: 1.5; margin: .75rem 0 .25rem; }\n\
a { color: inherit; text-decoration: none; }\n\
a:hover, a:focus-visible { text-decoration: underline; }\n\
p { font-size: .85rem; line-height: 1.5; color: var(--soft); margin: 0; }\n\
.files a { border: 1px solid; border-radius: .25rem; padding: 0 .4rem; font: .75rem sans-serif; }\n\
footer { margin-top: 3rem; font-size: .85rem; color: var(--soft); }\n\
footer a { margin-right: 1rem; }\n";

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::batch::report::About;

    pub(in crate::batch) fn record(n: u64) -> Record {
        Record {
            index: n,
            input: format!("{n}.md"),
            status: Status::Made,
            outputs: vec![format!("out/题 {n}.pdf"), format!("out/题 {n}.epub")],
            pages: Some(3),
            warnings: Vec::new(),
            error: None,
            more_errors: Vec::new(),
            ms: 1,
            about: About {
                title: Some(format!("甲 & <乙> {n}")),
                authors: vec!["王维".into()],
                date: Some("2022-11".into()),
                language: Some("zh-Hans".into()),
                summary: None,
                cover: Some(format!("covers/题 {n}.png")),
            },
        }
    }

    #[test]
    fn an_entry_shows_cover_title_facts_and_links_that_lead_to_files() {
        let dir = tempfile::tempdir().unwrap();
        let mut index = Index::create(dir.path(), "文集", None, Locale::Zh).unwrap();
        let outputs = ["pdf", "epub"].map(|e| slashed(&dir.path().join(format!("题 1.{e}"))));
        index.add(&Record { outputs: outputs.to_vec(), ..record(1) }).unwrap();
        index.add(&Record { status: Status::Failed, ..record(2) }).unwrap();
        index.finish().unwrap();
        let html = std::fs::read_to_string(dir.path().join("index.html")).unwrap();
        let card = html.split("<ul>").nth(1).unwrap().split("</ul>").next().unwrap();
        insta::assert_snapshot!(card);
    }

    #[test]
    fn long_indexes_are_divided_into_pages_that_lead_to_one_another() {
        let dir = tempfile::tempdir().unwrap();
        let mut index = Index::create(dir.path(), "文集", None, Locale::En).unwrap();
        for n in 0..PER_PAGE as u64 + 1 {
            index.add(&record(n)).unwrap();
        }
        index.finish().unwrap();
        let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
        assert_eq!(read("index.html").matches("<li ").count(), PER_PAGE);
        assert!(read("index.html").contains("rel=\"next\" href=\"index-2.html\""));
        assert_eq!(read("index-2.html").matches("<li ").count(), 1);
        assert!(read("index-2.html").contains("rel=\"prev\" href=\"index.html\""));
        assert!(!read("index-2.html").contains("rel=\"next\""));
        assert_eq!(read("catalog.xml").matches("<entry>").count(), PER_PAGE);
        assert!(read("catalog.xml").contains("rel=\"next\" href=\"catalog-2.xml\""));
        assert_eq!(read("catalog-2.xml").matches("<entry>").count(), 1);
    }
}
