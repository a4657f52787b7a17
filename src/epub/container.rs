//! The container: `epub-builder` packs the text documents, a finishing pass completes it.
//!
//! What the crate does: container.xml, the stored `mimetype` first, the text documents and the
//! stylesheet, compressed. What we do, because its own can't pass the checkers (0.8.3: shared ids,
//! unescaped metadata, flat NCX, no roles): `content.opf`, `nav.xhtml` and `toc.ncx`, written in
//! place of its three. Its entries are copied as they are compressed; pictures and faces, which
//! never change on the way, never go through it.
//!
//! The crate keeps all it packs in memory until the end. So it is given some [`BATCH`] of text at a
//! time: a builder packs it, its entries are copied to the output, the next builder begins. Memory
//! stays flat however long the book is.
//!
//! Every entry and string that the pass relies on is checked, so that another version of the crate
//! fails loudly instead of making a broken book.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{Cursor, Read, Seek, Write};

use epub_builder::{EpubBuilder, EpubContent, EpubVersion, ZipLibrary};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::{EpubError, Resource, package};
use crate::compose::Book;

/// Folder of the package document.
const FOLDER: &str = "OEBPS";
/// Entries of the builder that are ours to write: package document, navigation, NCX.
const OURS: [&str; 3] = ["OEBPS/content.opf", "OEBPS/nav.xhtml", "OEBPS/toc.ncx"];
/// Entries that every builder makes and that are copied once.
const ONCE: [&str; 3] =
    ["mimetype", "META-INF/container.xml", "META-INF/com.apple.ibooks.display-options.xml"];
/// The stylesheet's entry: the last builder has it.
const STYLESHEET: &str = "OEBPS/stylesheet.css";
/// Text that each of the builder's entries must hold for the pass to know it.
const EXPECTED: [(&str, &str); 5] = [
    ("mimetype", "application/epub+zip"),
    ("META-INF/container.xml", "full-path=\"OEBPS/content.opf\""),
    ("OEBPS/content.opf", "<package version=\"3.0\""),
    ("OEBPS/nav.xhtml", "<nav epub:type = \"toc\""),
    ("OEBPS/toc.ncx", "<navMap>"),
];
/// Bytes of text that one builder packs: some hundred articles, so that its overhead does not count.
const BATCH: usize = 4 << 20;

/// Packs text documents as they come.
pub(super) struct Packer<'b, W: Write + Seek> {
    book: &'b Book,
    zip: ZipWriter<W>,
    builder: EpubBuilder<ZipLibrary>,
    /// Files that the builder holds, and their size in all.
    files: Vec<String>,
    held: usize,
    /// Whether a builder was emptied before.
    begun: bool,
}

impl<'b, W: Write + Seek> Packer<'b, W> {
    /// A packer that writes to `out`.
    pub(super) fn new(book: &'b Book, out: W) -> Result<Self, EpubError> {
        let zip = ZipWriter::new(out);
        let builder = builder(book)?;
        Ok(Self { book, zip, builder, files: Vec::new(), held: 0, begun: false })
    }

    /// Adds a text document; `file` is relative to the package document.
    pub(super) fn add(&mut self, file: &str, text: &str) -> Result<(), EpubError> {
        if self.held + text.len() > BATCH && self.held > 0 {
            let next = builder(self.book)?;
            self.empty(next, false)?;
        }
        self.builder.add_content(EpubContent::new(file, text.as_bytes())).map_err(failed)?;
        self.held += text.len();
        self.files.push(file.to_owned());
        Ok(())
    }

    /// Completes the container.
    ///
    /// - `ours`: package document, navigation and NCX, in this order.
    pub(super) fn finish(
        mut self,
        stylesheet: &str,
        ours: [String; 3],
        resources: &[Resource<'_>],
    ) -> Result<(), EpubError> {
        self.builder.stylesheet(stylesheet.as_bytes()).map_err(failed)?;
        let spare = builder(self.book)?;
        self.empty(spare, true)?;
        let options = options();
        for (name, content) in OURS.into_iter().zip(ours) {
            self.zip.start_file(name, options)?;
            self.zip.write_all(content.as_bytes())?;
        }
        for resource in resources {
            // Pixels are compressed already.
            let method = match resource.media_type {
                "image/svg+xml" | "font/otf" | "font/ttf" => CompressionMethod::Deflated,
                _ => CompressionMethod::Stored,
            };
            let name = format!("{FOLDER}/{}", resource.file);
            self.zip.start_file(name, options.compression_method(method))?;
            self.zip.write_all(&resource.data)?;
        }
        self.zip.finish()?.flush()?;
        Ok(())
    }

    /// Copies what the builder has packed and puts another in its place.
    fn empty(&mut self, next: EpubBuilder<ZipLibrary>, last: bool) -> Result<(), EpubError> {
        let full = std::mem::replace(&mut self.builder, next);
        let mut bytes = Vec::new();
        full.generate(&mut bytes).map_err(failed)?;
        let mut built = ZipArchive::new(Cursor::new(bytes))?;
        check(&self.files, &mut built)?;
        for index in 0..built.len() {
            let entry = built.by_index_raw(index)?;
            let name = entry.name()?.into_owned();
            let again = self.begun && ONCE.contains(&name.as_str());
            let early = !last && name == STYLESHEET;
            if !again && !early && !OURS.contains(&name.as_str()) {
                self.zip.raw_copy_file_touch(entry, DateTime::DEFAULT, Some(0o644))?;
            }
        }
        self.begun = true;
        self.files.clear();
        self.held = 0;
        Ok(())
    }
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644)
}

/// A builder. Never with an author: it would give the author and the language one id.
fn builder(book: &Book) -> Result<EpubBuilder<ZipLibrary>, EpubError> {
    let mut builder = EpubBuilder::new(ZipLibrary::new().map_err(failed)?).map_err(failed)?;
    builder.epub_version(EpubVersion::V33);
    builder.set_title(package::title(book));
    builder.add_language(book.language.tag());
    Ok(builder)
}

// By value, as `map_err` gives it.
#[allow(clippy::needless_pass_by_value)]
fn failed(error: epub_builder::Error) -> EpubError {
    EpubError::Builder(error.to_string())
}

/// Checks that the builder made just what we know it to make.
fn check(files: &[String], built: &mut ZipArchive<Cursor<Vec<u8>>>) -> Result<(), EpubError> {
    let unlike = |what: String| Err(EpubError::Builder(format!("unexpected output: {what}")));
    let mut known: BTreeSet<String> =
        OURS.iter().chain(&ONCE).chain([&STYLESHEET]).map(|name| (*name).to_owned()).collect();
    known.extend(files.iter().map(|file| format!("{FOLDER}/{file}")));
    let found: BTreeSet<String> =
        built.file_names().map(|name| name.map(Cow::into_owned)).collect::<Result<_, _>>()?;
    if let Some(name) = known.symmetric_difference(&found).next() {
        return unlike(format!("entry '{name}'"));
    }
    for (name, expected) in EXPECTED {
        let mut text = String::new();
        built.by_name(name)?.read_to_string(&mut text)?;
        if !text.contains(expected) {
            return unlike(format!("'{name}' without '{expected}'"));
        }
    }
    let first = built.by_index_raw(0)?;
    if first.name()? != "mimetype" || first.compression() != CompressionMethod::Stored {
        return unlike("'mimetype' is not first and stored".to_owned());
    }
    Ok(())
}
