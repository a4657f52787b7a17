//! PDF: frames → a finished file.
//!
//! `printpdf` writes pages, fonts and link areas; everything it does not know of (nested outline,
//! page labels, language, stable identifiers) is completed in [`finish`] over its `lopdf`
//! document. Nothing here decides where anything stands.

mod content;
mod finish;
mod fonts;
mod picture;

use printpdf::{FontId, PdfDocument, PdfSaveOptions, XObjectId};

use crate::compose::Book;
use crate::font::FontBook;
use crate::layout::Document;
use crate::picture::PictureId;

/// Why a PDF can't be made.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// A face can't be subset.
    #[error("the face {face} can't be embedded: {reason}")]
    Font {
        /// PostScript name.
        face: String,
        /// What the subsetter says.
        reason: String,
    },
    /// A picture can't be decoded.
    #[error("the picture {path} can't be used: {reason}")]
    Picture {
        /// Its file.
        path: String,
        /// What the decoder says.
        reason: String,
    },
    /// The file can't be put together.
    #[error("the PDF can't be written: {0}")]
    Write(String),
}

/// Writes a laid-out book as PDF.
///
/// - `document`: what layout made of `book`;
/// - `stamp`: date of creation in seconds since 1970 (UTC), or `None` to state none;
///
/// Returns the file's bytes; the same input gives the same bytes.
pub fn write(
    document: &Document,
    book: &Book,
    fonts: &FontBook,
    stamp: Option<i64>,
) -> Result<Vec<u8>, PdfError> {
    let embedded = fonts::embed(document, fonts)?;
    let mut pdf = PdfDocument::new(&book.title.to_plain());
    for face in embedded.faces.values() {
        pdf.resources.fonts.map.insert(face.resource.clone(), face.font.clone());
    }
    for (id, object) in picture::xobjects(document, book)? {
        pdf.resources.xobjects.map.insert(picture_resource(id), object);
    }
    pdf.pages =
        document.pages.iter().map(|page| content::page(page, document, &embedded)).collect();
    let options = PdfSaveOptions {
        optimize: false, // objects are compressed when the file is finished
        subset_fonts: false,
        secure: false, // paths are written as plain operators
        image_optimization: None,
    };
    let mut warnings = Vec::new();
    let written = pdf.to_lopdf_document(&options, &mut warnings);
    for warning in warnings {
        tracing::debug!("printpdf: {warning:?}");
    }
    finish::finish(written, document, book, stamp)
}

fn picture_resource(id: PictureId) -> XObjectId {
    XObjectId(format!("P{}", id.0))
}

fn font_resource(index: usize) -> FontId {
    FontId(format!("F{index}"))
}
