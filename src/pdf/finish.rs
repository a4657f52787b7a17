//! Finishing: what printpdf does not write, set over its `lopdf` document in one place.
//!
//! Order: catalog entries, outline, page labels, information, identifiers, compression, save.

use lopdf::{
    Dictionary, Document as Lopdf, Object, ObjectId, SaveOptions, StringFormat, dictionary,
};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::PdfError;
use crate::compose::Book;
use crate::layout::{Document, OutlineEntry};

/// Version of the PDF standard that the file follows.
const VERSION: &str = "1.7";

/// Completes and serialises the file.
pub(super) fn finish(
    mut pdf: Lopdf,
    document: &Document,
    book: &Book,
    stamp: Option<i64>,
) -> Result<Vec<u8>, PdfError> {
    pdf.version = VERSION.to_owned();
    let pages: Vec<ObjectId> = pdf.get_pages().into_values().collect();
    let outline = outline(&mut pdf, document, &pages);
    let labels = page_labels(document);
    let catalog = pdf.catalog_mut().map_err(|e| PdfError::Write(e.to_string()))?;
    catalog.set("Lang", Object::string_literal(book.language.tag()));
    catalog.set("PageLabels", labels);
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    catalog.set("PageLayout", Object::Name(b"SinglePage".to_vec()));
    match outline {
        Some(outline) => {
            catalog.set("Outlines", outline);
            catalog.set("PageMode", Object::Name(b"UseOutlines".to_vec()));
        }
        None => catalog.set("PageMode", Object::Name(b"UseNone".to_vec())),
    }
    let info = pdf.add_object(info(book, stamp));
    if let Ok(old) = pdf.trailer.get(b"Info").and_then(Object::as_reference) {
        pdf.objects.remove(&old);
    }
    pdf.trailer.set("Info", info);
    compress(&mut pdf);
    identify(&mut pdf);
    pdf.renumber_objects();
    let mut bytes = Vec::new();
    let options = SaveOptions::builder().use_object_streams(true).use_xref_streams(true).build();
    pdf.save_with_options(&mut bytes, options).map_err(|e| PdfError::Write(e.to_string()))?;
    Ok(bytes)
}

/// The outline as a tree (ISO 32000-1, 12.3.3); `None` without entries.
fn outline(pdf: &mut Lopdf, document: &Document, pages: &[ObjectId]) -> Option<ObjectId> {
    if document.outline.is_empty() {
        return None;
    }
    let root = pdf.new_object_id();
    let ids: Vec<ObjectId> = document.outline.iter().map(|_| pdf.new_object_id()).collect();
    let parents = parents(&document.outline);
    let children = |parent: Option<usize>| -> Vec<usize> {
        (0..ids.len()).filter(|i| parents[*i] == parent).collect()
    };
    // Children by parent, gathered once: books have thousands of entries.
    let mut by_parent: Vec<Vec<usize>> = vec![Vec::new(); ids.len()];
    for (index, parent) in parents.iter().enumerate() {
        if let Some(parent) = parent {
            by_parent[*parent].push(index);
        }
    }
    let top = children(None);
    for (index, entry) in document.outline.iter().enumerate() {
        let siblings = parents[index].map_or(&top, |p| &by_parent[p]);
        let at = siblings.binary_search(&index).unwrap_or(0);
        let page = pages.get(entry.place.page).copied()?;
        let height = document.pages.get(entry.place.page)?.height;
        let up = ((height - entry.place.y).0 + 6.0) as f32;
        let mut item = dictionary! {
            "Title" => text_string(&entry.title),
            "Parent" => parents[index].map_or(root, |p| ids[p]),
            "Dest" => vec![page.into(), "XYZ".into(), Object::Null, up.into(), Object::Null],
        };
        if let Some(previous) = at.checked_sub(1).and_then(|i| siblings.get(i)) {
            item.set("Prev", ids[*previous]);
        }
        if let Some(next) = siblings.get(at + 1) {
            item.set("Next", ids[*next]);
        }
        let inner = &by_parent[index];
        if let (Some(first), Some(last)) = (inner.first(), inner.last()) {
            item.set("First", ids[*first]);
            item.set("Last", ids[*last]);
            // Closed: a reader opens the chapter wanted.
            item.set("Count", -(inner.len() as i64));
        }
        pdf.objects.insert(ids[index], Object::Dictionary(item));
    }
    let (first, last) = (ids[*top.first()?], ids[*top.last()?]);
    let count = top.len() as i64;
    let tree =
        dictionary! { "Type" => "Outlines", "First" => first, "Last" => last, "Count" => count };
    pdf.objects.insert(root, Object::Dictionary(tree));
    Some(root)
}

/// For every entry the nearest one before it that is less deep.
fn parents(entries: &[OutlineEntry]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut out = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        while open.last().is_some_and(|o| entries[*o].level >= entry.level) {
            open.pop();
        }
        out.push(open.last().copied());
        open.push(index);
    }
    out
}

/// Page labels as shown on the pages (ISO 32000-1, 12.4.2): each change of style begins a range.
fn page_labels(document: &Document) -> Object {
    let mut ranges = Vec::new();
    let mut last: Option<(u8, u32)> = None;
    for (index, page) in document.pages.iter().enumerate() {
        let (style, value) = match page.label.parse::<u32>() {
            Ok(value) => (b'D', value),
            Err(_) if page.label.is_empty() => (b'-', 0),
            Err(_) => (b'r', last.filter(|l| l.0 == b'r').map_or(1, |l| l.1 + 1)),
        };
        if last.is_none_or(|(s, v)| s != style || (style != b'-' && v + 1 != value)) {
            let mut range = Dictionary::new();
            if style != b'-' {
                range.set("S", Object::Name(vec![style]));
                range.set("St", i64::from(value));
            }
            ranges.push(Object::Integer(index as i64));
            ranges.push(Object::Dictionary(range));
        }
        last = Some((style, value));
    }
    Object::Dictionary(dictionary! { "Nums" => ranges })
}

fn info(book: &Book, stamp: Option<i64>) -> Dictionary {
    let mut info = dictionary! {
        "Title" => text_string(&book.title.to_plain()),
        "Creator" => text_string(concat!("Keben ", env!("CARGO_PKG_VERSION"))),
        "Producer" => text_string(concat!("Keben ", env!("CARGO_PKG_VERSION"), " (printpdf)")),
    };
    let authors: Vec<&str> = book.creators.iter().map(|c| c.name.as_str()).collect();
    if !authors.is_empty() {
        info.set("Author", text_string(&authors.join("；")));
    }
    if let Some(description) = &book.description {
        info.set("Subject", text_string(description));
    }
    if !book.subjects.is_empty() {
        info.set("Keywords", text_string(&book.subjects.join("，")));
    }
    if let Some(stamp) = stamp {
        let date = pdf_date(stamp);
        info.set("CreationDate", Object::string_literal(date.clone()));
        info.set("ModDate", Object::string_literal(date));
    }
    info
}

/// A date as PDF writes it (ISO 32000-1, 7.9.4), in UTC.
fn pdf_date(stamp: i64) -> String {
    let days = stamp.div_euclid(86_400);
    let seconds = stamp.rem_euclid(86_400);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("D:{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z")
}

/// The calendar date of a day counted from 1970-01-01 (Gregorian, eras of 400 years).
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// A text string: ASCII as it is, anything else in UTF-16BE (ISO 32000-1, 7.9.2.2).
fn text_string(text: &str) -> Object {
    if text.is_ascii() {
        return Object::string_literal(text);
    }
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

/// Compresses all streams, side by side.
fn compress(pdf: &mut Lopdf) {
    let mut streams: Vec<&mut lopdf::Stream> = pdf
        .objects
        .values_mut()
        .filter_map(|object| match object {
            Object::Stream(stream) if stream.allows_compression => Some(stream),
            _ => None,
        })
        .collect();
    streams.par_iter_mut().for_each(|stream| {
        if let Err(error) = stream.compress() {
            // The stream stays as it is: larger, but right.
            tracing::debug!("a stream stays uncompressed: {error}");
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Place;
    use crate::units::Pt;

    #[test]
    fn dates_are_written_as_the_standard_wants() {
        assert_eq!(pdf_date(0), "D:19700101000000Z");
        assert_eq!(pdf_date(1_669_420_800), "D:20221126000000Z");
        assert_eq!(pdf_date(951_782_399), "D:20000228235959Z");
        assert_eq!(pdf_date(951_782_400), "D:20000229000000Z");
    }

    #[test]
    fn entries_hang_below_the_nearest_less_deep_one() {
        let entry = |level| OutlineEntry {
            level,
            title: String::new(),
            place: Place { page: 0, x: Pt::ZERO, y: Pt::ZERO },
        };
        let levels = [1, 2, 3, 2, 1, 3].map(entry);
        assert_eq!(parents(&levels), [None, Some(0), Some(1), Some(0), None, Some(4)]);
    }
}
