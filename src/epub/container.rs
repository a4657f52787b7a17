//! The container: `epub-builder` packs the text documents, a finishing pass completes it.
//!
//! What the crate does: container.xml, the stored `mimetype` first, the text documents and the
//! stylesheet, compressed. What we do, because its own can't pass the checkers (0.8.3: shared ids,
//! unescaped metadata, flat NCX, no roles): `content.opf`, `nav.xhtml` and `toc.ncx`, written in
//! place of its three. Its entries are copied as they are compressed; pictures, which are
//! compressed already, never go through it and are stored.
//!
//! Every entry and string that the pass relies on is checked, so that another version of the crate
//! fails loudly instead of making a broken book.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{Cursor, Read, Seek, Write};

use epub_builder::{EpubBuilder, EpubContent, EpubVersion, ZipLibrary};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::{EpubError, Publication, navigation, package};

/// Folder of the package document.
const FOLDER: &str = "OEBPS";
/// Entries of the builder that are ours to write.
const OURS: [&str; 3] = ["OEBPS/content.opf", "OEBPS/nav.xhtml", "OEBPS/toc.ncx"];
/// Text that each of the builder's entries must hold for the pass to know it.
const EXPECTED: [(&str, &str); 5] = [
    ("mimetype", "application/epub+zip"),
    ("META-INF/container.xml", "full-path=\"OEBPS/content.opf\""),
    ("OEBPS/content.opf", "<package version=\"3.0\""),
    ("OEBPS/nav.xhtml", "<nav epub:type = \"toc\""),
    ("OEBPS/toc.ncx", "<navMap>"),
];

/// Writes the finished EPUB.
pub(super) fn write(
    publication: &Publication<'_>,
    out: impl Write + Seek,
) -> Result<(), EpubError> {
    let mut built = ZipArchive::new(Cursor::new(build(publication)?))?;
    check(publication, &mut built)?;
    let mut zip = ZipWriter::new(out);
    let text = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644);
    for index in 0..built.len() {
        let entry = built.by_index_raw(index)?;
        let name = entry.name()?.into_owned();
        if !OURS.contains(&name.as_str()) {
            zip.raw_copy_file_touch(entry, DateTime::DEFAULT, Some(0o644))?;
        }
    }
    let ours =
        [package::opf(publication), navigation::nav(publication), navigation::ncx(publication)];
    for (name, content) in OURS.into_iter().zip(ours) {
        zip.start_file(name, text)?;
        zip.write_all(content.as_bytes())?;
    }
    for resource in &publication.resources {
        let method = match resource.media_type {
            "image/svg+xml" => CompressionMethod::Deflated,
            _ => CompressionMethod::Stored,
        };
        zip.start_file(format!("{FOLDER}/{}", resource.file), text.compression_method(method))?;
        zip.write_all(resource.data)?;
    }
    zip.finish()?.flush()?;
    Ok(())
}

/// Has the builder pack the text documents. Never with an author: it would give the author and the
/// language one id.
fn build(publication: &Publication<'_>) -> Result<Vec<u8>, EpubError> {
    let failed = |e: epub_builder::Error| EpubError::Builder(e.to_string());
    let mut builder = EpubBuilder::new(ZipLibrary::new().map_err(failed)?).map_err(failed)?;
    builder.epub_version(EpubVersion::V33);
    builder.set_title(package::title(publication.book));
    builder.add_language(publication.book.language.tag());
    builder.stylesheet(publication.stylesheet.as_bytes()).map_err(failed)?;
    for (file, text) in &publication.documents {
        builder.add_content(EpubContent::new(file, text.as_bytes())).map_err(failed)?;
    }
    let mut bytes = Vec::new();
    builder.generate(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Checks that the builder made just what we know it to make.
fn check(
    publication: &Publication<'_>,
    built: &mut ZipArchive<Cursor<Vec<u8>>>,
) -> Result<(), EpubError> {
    let unlike = |what: String| Err(EpubError::Builder(format!("unexpected output: {what}")));
    let mut known: BTreeSet<String> = EXPECTED.iter().map(|(name, _)| (*name).to_owned()).collect();
    known.insert("META-INF/com.apple.ibooks.display-options.xml".to_owned());
    known.insert(format!("{FOLDER}/stylesheet.css"));
    known.extend(publication.documents.iter().map(|(file, _)| format!("{FOLDER}/{file}")));
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
