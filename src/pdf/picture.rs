//! Pictures → image objects, each once.
//!
//! JPEG data is passed through untouched where PDF can show it as it is; everything else is decoded
//! and stored without loss, grey pictures as grey, transparency as a soft mask.

use std::collections::{BTreeMap, BTreeSet};

use image::metadata::Orientation;
use printpdf::{DictItem, ExternalStream, ExternalXObject, XObject};

use super::PdfError;
use crate::compose::Book;
use crate::layout::{Content, Document};
use crate::picture::{Picture, PictureFormat, PictureId};

/// Image objects for every picture that a page shows.
pub(super) fn xobjects(
    document: &Document,
    book: &Book,
) -> Result<BTreeMap<PictureId, XObject>, PdfError> {
    let used: BTreeSet<PictureId> = document
        .pages
        .iter()
        .flat_map(|page| &page.items)
        .filter_map(|item| match item.content {
            Content::Picture { picture, .. } => Some(picture),
            _ => None,
        })
        .collect();
    used.into_iter()
        .filter_map(|id| Some((id, book.pictures.get(id)?)))
        .map(|(id, picture)| Ok((id, xobject(picture)?)))
        .collect()
}

fn xobject(picture: &Picture) -> Result<XObject, PdfError> {
    if let Some(object) = passed_through(picture) {
        return Ok(object);
    }
    let pixels = picture.decode().map_err(|e| PdfError::Picture {
        path: picture.path.display().to_string(),
        reason: e.to_string(),
    })?;
    let (width, height) = pixels.dimensions();
    let grey = pixels.pixels().all(|p| p.0[0] == p.0[1] && p.0[1] == p.0[2]);
    let opaque = pixels.pixels().all(|p| p.0[3] == 255);
    let channels = if grey { 1 } else { 3 };
    let color = pixels.pixels().flat_map(|p| p.0.into_iter().take(channels)).collect();
    let mut stream =
        image_stream(width, height, if grey { "DeviceGray" } else { "DeviceRGB" }, color);
    if !opaque {
        let alpha = pixels.pixels().map(|p| p.0[3]).collect();
        let mask = image_stream(width, height, "DeviceGray", alpha);
        stream.dict.insert("SMask".to_owned(), DictItem::Stream { stream: mask });
    }
    Ok(external(stream))
}

/// A JPEG that needs no change: upright, grey or in three colours.
fn passed_through(picture: &Picture) -> Option<XObject> {
    if picture.format != PictureFormat::Jpeg || picture.orientation != Orientation::NoTransforms {
        return None;
    }
    let space = match jpeg_components(&picture.data)? {
        1 => "DeviceGray",
        3 => "DeviceRGB",
        _ => return None,
    };
    let (width, height) = picture.pixels?;
    let mut stream = image_stream(width, height, space, picture.data.to_vec());
    stream.dict.insert("Filter".to_owned(), DictItem::Name(b"DCTDecode".to_vec()));
    stream.compress = false;
    Some(external(stream))
}

/// Number of components that the frame header of a JPEG states (ITU T.81, B.2.2), for the sample
/// precision of 8 bits that PDF takes.
fn jpeg_components(data: &[u8]) -> Option<u8> {
    let mut at = 2;
    loop {
        let marker = *data.get(at + 1)?;
        if *data.get(at)? != 0xFF {
            return None;
        }
        if marker == 0xFF {
            at += 1; // fill byte
            continue;
        }
        let length = usize::from(u16::from_be_bytes([*data.get(at + 2)?, *data.get(at + 3)?]));
        // SOF0–SOF2: baseline, extended and progressive, which every PDF reader decodes.
        if matches!(marker, 0xC0..=0xC2) {
            return (*data.get(at + 4)? == 8).then(|| data.get(at + 9).copied()).flatten();
        }
        at += 2 + length.max(2);
    }
}

fn image_stream(width: u32, height: u32, space: &str, content: Vec<u8>) -> ExternalStream {
    let name = |text: &str| DictItem::Name(text.as_bytes().to_vec());
    let dict = BTreeMap::from([
        ("Type".to_owned(), name("XObject")),
        ("Subtype".to_owned(), name("Image")),
        ("Width".to_owned(), DictItem::Int(i64::from(width))),
        ("Height".to_owned(), DictItem::Int(i64::from(height))),
        ("ColorSpace".to_owned(), name(space)),
        ("BitsPerComponent".to_owned(), DictItem::Int(8)),
    ]);
    ExternalStream { dict, content, compress: true }
}

fn external(stream: ExternalStream) -> XObject {
    XObject::External(ExternalXObject { stream, width: None, height: None, dpi: None })
}
