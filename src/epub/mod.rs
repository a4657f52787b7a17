//! EPUB: writes a [`Book`] as EPUB 3.3 with an EPUB 2 NCX.
//!
//! [`plan`] decides the files, [`content`] writes each as XHTML, [`navigation`] and [`package`]
//! write what holds them together, [`container`] packs them: `epub-builder` makes the container
//! of the text documents, and a finishing pass puts our package document, navigation and NCX in
//! place of its own and adds the pictures. Knows nothing of pages and fonts.

mod accessibility;
mod block;
mod container;
mod content;
mod inline;
mod names;
mod navigation;
mod package;
mod picture;
mod plan;
mod study;
mod table;
mod xml;

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

use std::io::{Cursor, Seek, Write};
use std::sync::Arc;

use crate::compose::{Book, BookCover};
use crate::labels::Label;
pub(crate) use package::timestamp;

use names::{PictureNames, media_type};
use plan::Plan;

/// The stylesheet of every book.
const STYLESHEET: &str = include_str!("stylesheet.css");
/// What is added to it for vertical setting.
const VERTICAL: &str = include_str!("vertical.css");

/// What a book does not say itself about its EPUB.
#[derive(Debug, Clone, Default)]
pub struct EpubOptions {
    /// The cover's picture. Without it a book whose cover is a picture takes that one.
    pub cover: Option<CoverPicture>,
    /// When the publication was last changed, in seconds since 1970-01-01T00:00:00Z
    /// (`SOURCE_DATE_EPOCH`); without it the book's own date is taken.
    pub modified: Option<i64>,
    /// Whether the text runs in vertical lines and the pages turn from right to left.
    pub vertical: bool,
}

/// A picture of the cover.
#[derive(Debug, Clone)]
pub struct CoverPicture {
    /// The file's bytes.
    pub data: Arc<[u8]>,
    /// `image/png`, `image/jpeg` or another of EPUB's core media types.
    pub media_type: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// Why an EPUB can't be written.
#[derive(Debug, thiserror::Error)]
pub enum EpubError {
    /// A book without any section.
    #[error("the book is empty: an EPUB needs at least one section")]
    Empty,
    /// A picture that no reader could show.
    #[error("the picture '{path}' can't stand in an EPUB: {reason}")]
    Picture {
        /// Where it was read from.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// `epub-builder` refused or made something else than the finishing pass knows.
    #[error("epub-builder: {0}")]
    Builder(String),
    /// The container can't be read or written.
    #[error("zip: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// The output can't be written.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// One file of the EPUB that is no content document and no navigation.
struct Resource<'b> {
    /// Path relative to the package document.
    file: String,
    media_type: &'b str,
    /// Properties in the manifest, such as `cover-image`.
    properties: Option<&'static str>,
    data: &'b [u8],
}

/// Everything that package document, navigation and container are written from.
struct Publication<'b> {
    book: &'b Book,
    options: &'b EpubOptions,
    plan: Plan,
    resources: Vec<Resource<'b>>,
    /// Index of the cover's picture among the resources.
    cover: Option<usize>,
    /// The text documents by path relative to the package document, in reading order but for the
    /// navigation document.
    documents: Vec<(String, String)>,
    stylesheet: String,
    identifier: String,
}

/// Writes a book as an EPUB file.
///
/// The same book and options give the same bytes. Text is kept in memory, pictures go straight
/// from the book to `out`.
///
/// # Errors
///
/// See [`EpubError`]; `out` then holds a part of a file.
pub fn write(book: &Book, options: &EpubOptions, out: impl Write + Seek) -> Result<(), EpubError> {
    write_divided(book, options, out, plan::MOST)
}

/// Writes a book as an EPUB file in memory.
///
/// # Errors
///
/// See [`write`].
pub fn to_bytes(book: &Book, options: &EpubOptions) -> Result<Vec<u8>, EpubError> {
    let mut out = Cursor::new(Vec::new());
    write(book, options, &mut out)?;
    Ok(out.into_inner())
}

/// Writes a book with sections divided where they would be larger than `most` bytes.
fn write_divided(
    book: &Book,
    options: &EpubOptions,
    out: impl Write + Seek,
    most: usize,
) -> Result<(), EpubError> {
    if book.sections.is_empty() {
        return Err(EpubError::Empty);
    }
    let plan = Plan::new(book, most);
    let pictures = PictureNames::new(&book.pictures);
    let (resources, cover) = resources(book, options, &pictures)?;
    let mut documents = Vec::with_capacity(plan.documents.len() + 1);
    if let Some(cover) = cover {
        documents.push(("cover.xhtml".to_owned(), cover_page(book, &resources[cover])));
    }
    for (index, document) in plan.documents.iter().enumerate() {
        let text = content::document(book, &plan, &pictures, index);
        documents.push((format!("text/{}", document.file), text));
    }
    let mut stylesheet = STYLESHEET.to_owned();
    if options.vertical {
        stylesheet.push_str(VERTICAL);
    }
    let identifier = package::identifier(book, &documents, &resources);
    let publication =
        Publication { book, options, plan, resources, cover, documents, stylesheet, identifier };
    container::write(&publication, out)
}

/// The pictures that the book shows, and which of them is the cover.
fn resources<'b>(
    book: &'b Book,
    options: &'b EpubOptions,
    names: &PictureNames,
) -> Result<(Vec<Resource<'b>>, Option<usize>), EpubError> {
    let mut out = Vec::new();
    let mut cover = None;
    for (picture, at) in book.pictures.0.iter().zip(0..) {
        let id = crate::picture::PictureId(at);
        let is_cover = book.cover == BookCover::Picture(id);
        let shown = book.sections.iter().any(|s| s.pictures.values().any(|p| *p == id));
        // A cover picture that is replaced and shown nowhere else has no place in the file.
        if !shown && !(is_cover && options.cover.is_none()) {
            continue;
        }
        picture::check(picture)?;
        let Some(file) = names.file(id) else { continue };
        let mut properties = None;
        if is_cover && options.cover.is_none() {
            cover = Some(out.len());
            properties = Some("cover-image");
        }
        out.push(Resource {
            file: file.to_owned(),
            media_type: media_type(picture.format),
            properties,
            data: &picture.data,
        });
    }
    if let Some(picture) = &options.cover {
        let ending = match picture.media_type.as_str() {
            "image/jpeg" => "jpg",
            "image/svg+xml" => "svg",
            "image/webp" => "webp",
            "image/gif" => "gif",
            _ => "png",
        };
        cover = Some(out.len());
        out.push(Resource {
            file: format!("images/cover.{ending}"),
            media_type: &picture.media_type,
            properties: Some("cover-image"),
            data: &picture.data,
        });
    }
    Ok((out, cover))
}

/// The page that shows the cover's picture.
fn cover_page(book: &Book, picture: &Resource<'_>) -> String {
    let label = Label::Cover.text(&book.language);
    let title = package::title(book);
    let mut xml = content::shell(label, &book.language, "stylesheet.css");
    xml.open("body").line().open("section").attr("class", "cover").attr("epub:type", "cover");
    xml.attr("aria-label", label).line();
    xml.open("img").attr("role", "doc-cover").attr("src", &picture.file);
    let colon = crate::labels::colon(&book.language);
    let mut alt = format!("{label}{colon}{title}");
    if let Some(subtitle) = &book.subtitle {
        alt.push(' ');
        alt.push_str(&subtitle.to_plain());
    }
    xml.attr("alt", &alt).close().line();
    xml.finish()
}
