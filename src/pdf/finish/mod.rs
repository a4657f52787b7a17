//! Finishing: what printpdf does not write, set over its `lopdf` document in one place.
//!
//! Order: pages get their content, then places, links, structure, outline, the catalog's entries,
//! metadata, identifiers, and the file is saved.

mod attach;
mod elements;
mod labels;
mod links;
mod lock;
mod metadata;
mod outline;
mod places;
mod save;
mod srgb;
mod trees;

use lopdf::{Dictionary, Document as Lopdf, Object, ObjectId, Stream, StringFormat, dictionary};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::content::{Drawn, compressed};
use super::fonts::Embedded;
use super::sheet::Sheet;
use super::{Archive, Attachment, PdfError, PdfOptions, Sheets};
use crate::compose::Book;
use crate::layout::Document;
use places::Places;

/// Version of the PDF standard that the file follows.
const VERSION: &str = "1.7";

/// What a file is finished from.
pub(super) struct Parts<'p> {
    pub document: &'p Document,
    pub book: &'p Book,
    pub embedded: &'p Embedded,
    pub sheets: &'p [Sheet],
    pub drawn: Vec<Drawn>,
    pub options: &'p PdfOptions,
    pub attachments: &'p [Attachment],
}

/// Completes and serialises the file.
pub(super) fn finish(mut pdf: Lopdf, mut parts: Parts<'_>) -> Result<Vec<u8>, PdfError> {
    let (document, book) = (parts.document, parts.book);
    pdf.version = VERSION.to_owned();
    let ids: Vec<ObjectId> = pdf.get_pages().into_values().collect();
    if ids.len() != parts.sheets.len() {
        return Err(PdfError::Write("its pages are not those laid out".to_owned()));
    }
    set_contents(&mut pdf, &ids, &mut parts)?;
    let places = Places::new(parts.sheets, ids);
    let links = links::links(&mut pdf, document, &places, parts.sheets.len());
    let source = elements::Source {
        document,
        book,
        sheets: parts.sheets,
        drawn: &parts.drawn,
        links: &links,
        places: &places,
    };
    let structure = elements::elements(&mut pdf, &source);
    let outline = outline::outline(&mut pdf, document, &places);
    let names = places::names(&mut pdf, document, &places);
    let metadata = pdf.add_object(metadata::xmp(book, parts.options));
    let intent = output_intent(&mut pdf);
    let attached = attach::attach(&mut pdf, parts.attachments, parts.options.stamp);
    let catalog = pdf.catalog_mut().map_err(|e| PdfError::Write(e.to_string()))?;
    catalog.set("Lang", Object::string_literal(book.language.tag()));
    catalog.set("MarkInfo", dictionary! { "Marked" => true });
    catalog.set("StructTreeRoot", structure);
    catalog.set("Metadata", metadata);
    if parts.options.archive() != Archive::None {
        catalog.set("OutputIntents", vec![intent]);
    }
    if parts.options.sheets != Sheets::Booklet {
        catalog.set("PageLabels", labels::page_labels(document, &book.language));
    }
    let mut trees = Dictionary::new();
    if let Some(names) = names {
        trees.set("Dests", names);
    }
    if let Some(attached) = attached {
        trees.set("EmbeddedFiles", attached.names);
        catalog.set("AF", attached.files);
    }
    if !trees.is_empty() {
        catalog.set("Names", trees);
    }
    let mut viewer = dictionary! { "DisplayDocTitle" => true };
    if document.right_to_left {
        viewer.set("Direction", "R2L");
    }
    catalog.set("ViewerPreferences", viewer);
    catalog.set("PageLayout", "SinglePage");
    match outline {
        Some(outline) => {
            catalog.set("Outlines", outline);
            catalog.set("PageMode", "UseOutlines");
        }
        None => catalog.set("PageMode", "UseNone"),
    }
    let info = pdf.add_object(metadata::info(book, parts.options.stamp));
    if let Ok(old) = pdf.trailer.get(b"Info").and_then(Object::as_reference) {
        pdf.objects.remove(&old);
    }
    pdf.trailer.set("Info", info);
    widths(&mut pdf, parts.embedded);
    compress(&mut pdf);
    identify(&mut pdf);
    match &parts.options.lock {
        Some(lock) => lock::save(&mut pdf, lock),
        None => Ok(save::save(&mut pdf)),
    }
}

/// Gives every page its content and all of them the same resources.
fn set_contents(
    pdf: &mut Lopdf,
    pages: &[ObjectId],
    parts: &mut Parts<'_>,
) -> Result<(), PdfError> {
    let broken = |e: lopdf::Error| PdfError::Write(e.to_string());
    let mut shared: Option<Object> = None;
    for (id, drawn) in pages.iter().zip(&mut parts.drawn) {
        let page = pdf.get_dictionary(*id).map_err(broken)?;
        let resources = page.get(b"Resources").cloned().map_err(broken)?;
        let content = page.get(b"Contents").and_then(Object::as_reference).map_err(broken)?;
        let mut dict = Dictionary::new();
        dict.set("Filter", "FlateDecode");
        let stream = Stream::new(dict, std::mem::take(&mut drawn.content));
        pdf.objects.insert(content, Object::Stream(stream.with_compression(false)));
        let common = shared.get_or_insert_with(|| resources.clone()).clone();
        if common != resources
            && let Ok(own) = resources.as_reference()
        {
            pdf.objects.remove(&own);
        }
        let page = pdf.get_dictionary_mut(*id).map_err(broken)?;
        page.set("Resources", common);
        page.remove(b"CropBox"); // the same as the sheet
    }
    Ok(())
}

/// Writes the advances exactly: printpdf cuts them to whole thousandths. Those of a full em are the
/// default and need no entry (ISO 32000-1, 9.7.4.3).
fn widths(pdf: &mut Lopdf, embedded: &Embedded) {
    for face in embedded.faces.values() {
        let Some(name) = face.font.parsed_font.font_name.as_deref() else { continue };
        let mut list: Vec<Object> = Vec::new();
        let mut row: Vec<Object> = Vec::new();
        let mut start = 0;
        for (glyph, width) in face.widths.iter().enumerate() {
            if *width == 1000.0 {
                if !row.is_empty() {
                    list.extend([(start as i64).into(), std::mem::take(&mut row).into()]);
                }
                continue;
            }
            if row.is_empty() {
                start = glyph;
            }
            row.push(match width.fract() == 0.0 {
                true => (*width as i64).into(),
                false => Object::Real(*width as f32),
            });
        }
        if !row.is_empty() {
            list.extend([(start as i64).into(), row.into()]);
        }
        for object in pdf.objects.values_mut() {
            let Object::Dictionary(font) = object else { continue };
            let named = font.get(b"BaseFont").and_then(Object::as_name);
            if !named.is_ok_and(|n| n == name.as_bytes()) {
                continue;
            }
            let descendants = font.get_mut(b"DescendantFonts").and_then(Object::as_array_mut);
            for descendant in descendants.into_iter().flatten() {
                if let Ok(descendant) = descendant.as_dict_mut() {
                    descendant.set("W", list.clone());
                }
            }
        }
    }
}

/// What the colours mean: sRGB (ISO 19005-2, 6.2.3).
fn output_intent(pdf: &mut Lopdf) -> Object {
    let dict = dictionary! { "N" => 3, "Alternate" => "DeviceRGB" };
    let profile = pdf.add_object(Stream::new(dict, srgb::profile()));
    let name = Object::string_literal("sRGB IEC61966-2.1");
    Object::Dictionary(dictionary! {
        "Type" => "OutputIntent",
        "S" => "GTS_PDFA1",
        "OutputConditionIdentifier" => name.clone(),
        "Info" => name,
        "DestOutputProfile" => profile,
    })
}

/// A text string: ASCII as it is, anything else in UTF-16BE (ISO 32000-1, 7.9.2.2).
fn text_string(text: &str) -> Object {
    if text.is_ascii() {
        return Object::string_literal(text);
    }
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Literal)
}

/// Compresses the streams that are not yet, side by side.
fn compress(pdf: &mut Lopdf) {
    let mut streams: Vec<&mut Stream> = pdf
        .objects
        .values_mut()
        .filter_map(|object| match object {
            Object::Stream(stream) => Some(stream),
            _ => None,
        })
        .filter(|stream| stream.allows_compression && !stream.dict.has(b"Filter"))
        .collect();
    streams.par_iter_mut().for_each(|stream| {
        let smaller = compressed(&stream.content);
        if smaller.len() < stream.content.len() {
            stream.content = smaller;
            stream.dict.set("Filter", "FlateDecode");
        }
    });
}

/// The file identifier follows from the content (ISO 32000-1, 14.4), so that the same book gives
/// the same file.
fn identify(pdf: &mut Lopdf) {
    let mut hash = Sha256::new();
    for (id, object) in &pdf.objects {
        hash.update(id.0.to_be_bytes());
        match object {
            Object::Stream(stream) => hash.update(&stream.content),
            other => hash.update(format!("{other:?}").as_bytes()),
        }
    }
    let id = Object::String(hash.finalize()[..16].to_vec(), StringFormat::Hexadecimal);
    pdf.trailer.set("ID", vec![id.clone(), id]);
}
