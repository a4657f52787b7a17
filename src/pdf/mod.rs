//! PDF: frames → a finished file.
//!
//! `printpdf` makes the document, its fonts and its pictures; [`content`] writes what the pages show
//! and ties it to the structure tree ([`structure`]); [`finish`] completes everything that printpdf
//! does not know of over its `lopdf` document. Nothing here decides where anything stands.

mod content;
mod finish;
mod fonts;
mod options;
mod picture;
mod sheet;
mod stream;
mod structure;

use std::collections::BTreeMap;

use printpdf::{
    Codepoint, FontId, Op, PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Pt as PdfPt,
    Rect as PdfRect, TextItem, XObject, XObjectId,
};
use rayon::prelude::*;

use crate::compose::Book;
use crate::diagnostic::Diagnostic;
use crate::font::FontBook;
use crate::layout::Document;
use crate::picture::PictureId;
use crate::units::Pt;
use fonts::Embedded;
use options::Archive;
pub use options::{Attachment, Lock, PdfOptions, Sheets};
use sheet::Sheet;

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
    /// The file can't be put together.
    #[error("the PDF can't be written: {0}")]
    Write(String),
}

/// A finished PDF.
#[derive(Debug)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// What is worth knowing: pictures that are damaged inside.
    pub warnings: Vec<Diagnostic>,
}

/// Writes a laid-out book as PDF.
///
/// - `document`: what layout made of `book`;
/// - `attachments`: files that go into it, with [`PdfOptions::attach_source`];
///
/// Returns the file; the same input gives the same bytes, unless there is a password.
///
/// # Errors
/// [`PdfError`]: a face that can't be subset. A picture that can't be decoded is a warning, and a
/// crossed box stands in its place.
pub fn write(
    document: &Document,
    book: &Book,
    fonts: &FontBook,
    options: &PdfOptions,
    attachments: &[Attachment],
) -> Result<Written, PdfError> {
    let embedded = fonts::embed(document, fonts)?;
    let sheets = sheet::arrange(document, options.sheets);
    let drawn = sheets.par_iter().map(|s| content::sheet(s, document, book, &embedded)).collect();
    let (pictures, warnings) = picture::xobjects(document, book, options.image_dpi);
    let made = skeleton(book, &embedded, &sheets, pictures);
    let parts = finish::Parts {
        document,
        book,
        embedded: &embedded,
        sheets: &sheets,
        drawn,
        options,
        attachments,
    };
    Ok(Written { bytes: finish::finish(made, parts)?, warnings })
}

/// The document as printpdf makes it: empty pages, fonts and pictures.
fn skeleton(
    book: &Book,
    embedded: &Embedded,
    sheets: &[Sheet],
    pictures: BTreeMap<PictureId, XObject>,
) -> lopdf::Document {
    let mut pdf = PdfDocument::new(&book.title.to_plain());
    for face in embedded.faces.values() {
        pdf.resources.fonts.map.insert(face.resource.clone(), face.font.clone());
    }
    for (id, object) in pictures {
        pdf.resources.xobjects.map.insert(XObjectId(picture_name(id)), object);
    }
    // printpdf takes widths and meanings of glyphs from those that are shown: the first page shows
    // each once, until its own content takes the place.
    let mut specimen = specimen(embedded);
    pdf.pages = sheets
        .iter()
        .map(|sheet| {
            let media_box = PdfRect::from_wh(point(sheet.width), point(sheet.height));
            let trim_box = PdfRect {
                x: point(sheet.trim.x),
                y: point(sheet.height - sheet.trim.y - sheet.trim.height),
                ..PdfRect::from_wh(point(sheet.trim.width), point(sheet.trim.height))
            };
            let crop_box = media_box.clone();
            PdfPage { trim_box, crop_box, media_box, ops: std::mem::take(&mut specimen) }
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
    made
}

/// Sides of pages, to a thousandth of a point.
fn point(length: Pt) -> PdfPt {
    PdfPt(((length.0 * 1000.0).round() / 1000.0) as f32)
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
