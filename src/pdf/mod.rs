//! PDF: frames → a finished file.
//!
//! `printpdf` makes the document, its fonts and its pictures; [`content`] writes what the pages show
//! and ties it to the structure tree ([`structure`]); [`finish`] completes everything that printpdf
//! does not know of over its `lopdf` document. Nothing here decides where anything stands.

mod content;
mod finish;
mod fonts;
mod picture;
mod sheet;
mod stream;
mod structure;

use printpdf::{
    Codepoint, FontId, Op, PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Pt as PdfPt,
    Rect as PdfRect, TextItem, XObjectId,
};
use rayon::prelude::*;

use crate::compose::Book;
use crate::font::FontBook;
use crate::layout::Document;
use crate::picture::PictureId;
use fonts::Embedded;
use sheet::Sheet;

/// How a PDF is made.
#[derive(Debug, Clone, Default)]
pub struct PdfOptions {
    /// Date of creation in seconds since 1970 (UTC), or `None` to state none.
    pub stamp: Option<i64>,
}

/// The standard for archives that a file follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Archive {
    /// None.
    None,
    /// PDF/A-2, level A.
    A2a,
    /// PDF/A-3, level A.
    A3a,
}

impl PdfOptions {
    pub(crate) fn archive(&self) -> Archive {
        Archive::A2a
    }
}

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
///
/// Returns the file's bytes; the same input gives the same bytes.
///
/// # Errors
/// [`PdfError`]: a face that can't be subset, a picture that can't be decoded.
pub fn write(
    document: &Document,
    book: &Book,
    fonts: &FontBook,
    options: &PdfOptions,
) -> Result<Vec<u8>, PdfError> {
    let embedded = fonts::embed(document, fonts)?;
    let sheets = sheet::single(document);
    let drawn = sheets.par_iter().map(|s| content::sheet(s, document, &embedded)).collect();
    let made = skeleton(document, book, &embedded, &sheets)?;
    finish::finish(
        made,
        finish::Parts { document, book, embedded: &embedded, sheets: &sheets, drawn, options },
    )
}

/// The document as printpdf makes it: empty pages, fonts and pictures.
fn skeleton(
    document: &Document,
    book: &Book,
    embedded: &Embedded,
    sheets: &[Sheet],
) -> Result<lopdf::Document, PdfError> {
    let mut pdf = PdfDocument::new(&book.title.to_plain());
    for face in embedded.faces.values() {
        pdf.resources.fonts.map.insert(face.resource.clone(), face.font.clone());
    }
    for (id, object) in picture::xobjects(document, book)? {
        pdf.resources.xobjects.map.insert(XObjectId(picture_name(id)), object);
    }
    // printpdf takes widths and meanings of glyphs from those that are shown: the first page shows
    // each once, until its own content takes the place.
    let mut specimen = specimen(embedded);
    pdf.pages = sheets
        .iter()
        .map(|sheet| {
            let media_box =
                PdfRect::from_wh(PdfPt(sheet.width.0 as f32), PdfPt(sheet.height.0 as f32));
            PdfPage {
                trim_box: media_box.clone(),
                crop_box: media_box.clone(),
                media_box,
                ops: std::mem::take(&mut specimen),
            }
        })
        .collect();
    let options = PdfSaveOptions {
        optimize: false, // streams are compressed when the file is finished
        subset_fonts: false,
        secure: true,
        image_optimization: None,
    };
    let mut warnings = Vec::new();
    let made = pdf.to_lopdf_document(&options, &mut warnings);
    for warning in warnings {
        tracing::debug!("printpdf: {warning:?}");
    }
    Ok(made)
}

fn specimen(embedded: &Embedded) -> Vec<Op> {
    let mut ops = Vec::new();
    for face in embedded.faces.values() {
        let glyphs =
            face.glyphs().map(|(glyph, text)| Codepoint::with_cid(glyph, 0.0, text.to_owned()));
        let font = PdfFontHandle::External(face.resource.clone());
        ops.push(Op::SetFont { font, size: PdfPt(1.0) });
        ops.push(Op::ShowText { items: vec![TextItem::GlyphIds(glyphs.collect())] });
    }
    ops
}

fn picture_name(id: PictureId) -> String {
    format!("P{}", id.0)
}

fn font_resource(index: usize) -> FontId {
    FontId(format!("F{index}"))
}
