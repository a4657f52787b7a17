//! Pictures → image objects, each once.
//!
//! What PDF can show as it is passes through: JPEG data, and the compressed rows of a PNG. The rest
//! is decoded and stored without loss in as few bits as it needs, transparency as a soft mask. An
//! SVG becomes drawing operators ([`vector`]).

mod jpeg;
mod pixels;
mod vector;

use std::collections::BTreeMap;

use image::imageops::FilterType;
use image::metadata::Orientation;
use printpdf::{DictItem, ExternalStream, ExternalXObject, XObject};
use rayon::prelude::*;

use crate::compose::Book;
use crate::diagnostic::Diagnostic;
use crate::layout::{Content, Document};
use crate::picture::{Picture, PictureError, PictureFormat, PictureId};
use crate::units::Pt;

/// A picture is made smaller only if it has more than this many times the pixels wanted on a side:
/// for less, the loss of sharpness is not worth the bytes.
const WORTH_IT: f64 = 1.25;
/// Quality of photographs that are made smaller (of 100).
const QUALITY: u8 = 88;

/// Image objects for every picture that a page shows, and what is wrong with them.
///
/// - `dpi`: most pixels per inch to keep, at the largest size that the picture is shown in.
pub(super) fn xobjects(
    document: &Document,
    book: &Book,
    dpi: Option<f64>,
) -> (BTreeMap<PictureId, XObject>, Vec<Diagnostic>) {
    let mut shown: BTreeMap<PictureId, (Pt, Pt)> = BTreeMap::new();
    for item in document.pages.iter().flat_map(|page| &page.items) {
        if let Content::Picture { picture, rect } = &item.content {
            let size = shown.entry(*picture).or_default();
            *size = (size.0.max(rect.width), size.1.max(rect.height));
        }
    }
    let made: Vec<_> = shown
        .into_par_iter()
        .filter_map(|(id, size)| Some((id, size, book.pictures.get(id)?)))
        .map(|(id, size, picture)| (id, xobject(picture, size, dpi), picture))
        .collect();
    let mut warnings = Vec::new();
    let objects = made
        .into_iter()
        .map(|(id, object, picture)| {
            let object = object.unwrap_or_else(|error| {
                warnings.push(error.to_warning(&picture.path));
                placeholder()
            });
            (id, object)
        })
        .collect();
    (objects, warnings)
}

/// How the unit square is turned for a picture whose stored pixels do not stand upright, as a
/// matrix; `None` if they do, or were turned when they were decoded.
pub(super) fn turned(picture: &Picture) -> Option<[f64; 6]> {
    // Only JPEG data is stored as it is in its file, whatever way it lies.
    if picture.format != PictureFormat::Jpeg {
        return None;
    }
    Some(match picture.orientation {
        Orientation::NoTransforms => return None,
        Orientation::Rotate90 => [0.0, -1.0, 1.0, 0.0, 0.0, 1.0],
        Orientation::Rotate180 => [-1.0, 0.0, 0.0, -1.0, 1.0, 1.0],
        Orientation::Rotate270 => [0.0, 1.0, -1.0, 0.0, 1.0, 0.0],
        Orientation::FlipHorizontal => [-1.0, 0.0, 0.0, 1.0, 1.0, 0.0],
        Orientation::FlipVertical => [1.0, 0.0, 0.0, -1.0, 0.0, 1.0],
        Orientation::Rotate90FlipH => [0.0, -1.0, -1.0, 0.0, 1.0, 1.0],
        Orientation::Rotate270FlipH => [0.0, 1.0, 1.0, 0.0, 0.0, 0.0],
    })
}

fn xobject(picture: &Picture, shown: (Pt, Pt), dpi: Option<f64>) -> Result<XObject, PictureError> {
    if let Some(form) = picture.svg().and_then(vector::form) {
        return Ok(external(form));
    }
    let smaller = dpi.and_then(|dpi| smaller(picture, shown, dpi));
    let stream = match (picture.format, smaller) {
        (PictureFormat::Jpeg, size) => jpeg::stream(picture, size)?,
        (PictureFormat::Png, None) => pixels::png(picture)?,
        (_, size) => {
            let mut pixels = picture.decode()?;
            if let Some((width, height)) = size {
                pixels = image::imageops::resize(&pixels, width, height, FilterType::Lanczos3);
            }
            pixels::stream(&pixels)?
        }
    };
    Ok(external(stream))
}

/// The size in pixels that a picture is reduced to; `None` if it is small enough.
fn smaller(picture: &Picture, shown: (Pt, Pt), dpi: f64) -> Option<(u32, u32)> {
    let (width, height) = picture.pixels?;
    let wanted = |side: Pt| (side.0 / 72.0 * dpi).ceil().max(1.0);
    let (across, down) = (wanted(shown.0), wanted(shown.1));
    let over = (f64::from(width) / across).min(f64::from(height) / down);
    (over > WORTH_IT).then(|| {
        let side = |pixels: u32| (f64::from(pixels) / over).round().max(1.0) as u32;
        (side(width), side(height))
    })
}

/// A box with a cross in it: what stands in the place of a damaged picture.
fn placeholder() -> XObject {
    let content = b".93 g 0 0 1 1 re f .6 G .004 w .01 .01 .98 .98 re S \
        .01 .01 m .99 .99 l .01 .99 m .99 .01 l S"
        .to_vec();
    let side = DictItem::Int;
    let dict = BTreeMap::from([
        ("Type".to_owned(), name("XObject")),
        ("Subtype".to_owned(), name("Form")),
        ("BBox".to_owned(), DictItem::Array(vec![side(0), side(0), side(1), side(1)])),
        ("Resources".to_owned(), DictItem::Dict { map: BTreeMap::new() }),
    ]);
    external(ExternalStream { dict, content, compress: true })
}

fn image_stream(
    (width, height): (u32, u32),
    space: DictItem,
    bits: u8,
    content: Vec<u8>,
) -> ExternalStream {
    let dict = BTreeMap::from([
        ("Type".to_owned(), name("XObject")),
        ("Subtype".to_owned(), name("Image")),
        ("Width".to_owned(), DictItem::Int(i64::from(width))),
        ("Height".to_owned(), DictItem::Int(i64::from(height))),
        ("ColorSpace".to_owned(), space),
        ("BitsPerComponent".to_owned(), DictItem::Int(i64::from(bits))),
    ]);
    ExternalStream { dict, content, compress: false }
}

fn name(text: &str) -> DictItem {
    DictItem::Name(text.as_bytes().to_vec())
}

fn external(stream: ExternalStream) -> XObject {
    XObject::External(ExternalXObject { stream, width: None, height: None, dpi: None })
}

#[cfg(test)]
mod tests;
