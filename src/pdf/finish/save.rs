//! Saving: objects → bytes, small ones packed together, found through a compressed table.
//!
//! `lopdf` saves object streams, too, but copies every object first, packs one stream after the
//! other and leaves the cross-reference table as it is: 7 bytes for each object of a book that has
//! ten thousands of them.
//!
//! Source: ISO 32000-1, 7.5.7 (object streams), 7.5.8 (cross-reference streams).

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document as Lopdf, Object, ObjectId, StringFormat, dictionary};
use rayon::prelude::*;

use crate::pdf::content::compressed;
use crate::pdf::stream::push_number;

/// Objects in one stream: enough to compress well together, few enough to open quickly.
const PACK: usize = 200;

/// Where an object is.
enum Entry {
    /// In the file, at this byte.
    At(usize),
    /// In the object stream of this number, at this index.
    In(u32, usize),
}

/// Writes the file. All objects are of generation 0.
pub(super) fn save(pdf: &mut Lopdf) -> Vec<u8> {
    let objects = std::mem::take(&mut pdf.objects);
    let (large, small): (Vec<_>, Vec<_>) =
        objects.into_iter().partition(|(_, object)| matches!(object, Object::Stream(_)));
    let mut out = format!("%PDF-{}\n", pdf.version).into_bytes();
    // Bytes above 127 say that this is no text (ISO 19005-2, 6.1.2).
    out.extend([b'%', 0xE2, 0xE3, 0xCF, 0xD3, b'\n']);
    let mut entries: BTreeMap<u32, Entry> = BTreeMap::new();
    for (id, object) in large {
        entries.insert(id.0, Entry::At(out.len()));
        write_indirect(&mut out, id.0, &object);
    }
    let packs: Vec<Object> =
        small.par_chunks(PACK).map(|chunk| Object::Stream(pack(chunk))).collect();
    let mut next = pdf.max_id + 1;
    for (chunk, pack) in small.chunks(PACK).zip(packs) {
        for (index, (id, _)) in chunk.iter().enumerate() {
            entries.insert(id.0, Entry::In(next, index));
        }
        entries.insert(next, Entry::At(out.len()));
        write_indirect(&mut out, next, &pack);
        next += 1;
    }
    let start = out.len();
    entries.insert(next, Entry::At(start));
    let table = cross_references(&entries, next, &pdf.trailer);
    write_indirect(&mut out, next, &Object::Stream(table));
    out.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
    out
}

/// An object stream: numbers and offsets, then the objects.
fn pack(objects: &[(ObjectId, Object)]) -> lopdf::Stream {
    let (mut head, mut body) = (Vec::new(), Vec::new());
    for ((number, _), object) in objects {
        head.extend_from_slice(format!("{number} {} ", body.len()).as_bytes());
        write_object(&mut body, object);
        body.push(b'\n');
    }
    let first = head.len() as i64;
    head.append(&mut body);
    let dict = dictionary! {
        "Type" => "ObjStm",
        "N" => objects.len() as i64,
        "First" => first,
        "Filter" => "FlateDecode",
    };
    lopdf::Stream::new(dict, compressed(&head))
}

/// The cross-reference stream, by the predictor "up": neighbours differ little.
fn cross_references(
    entries: &BTreeMap<u32, Entry>,
    last: u32,
    trailer: &Dictionary,
) -> lopdf::Stream {
    const COLUMNS: usize = 7; // type, 4 bytes of place, 2 bytes of index
    let mut data = Vec::new();
    let mut above = [0_u8; COLUMNS];
    for number in 0..=last {
        let (kind, place, index) = match entries.get(&number) {
            Some(Entry::At(offset)) => (1_u8, *offset as u32, 0_u16),
            Some(Entry::In(stream, index)) => (2, *stream, *index as u16),
            None => (0, 0, if number == 0 { u16::MAX } else { 0 }),
        };
        let mut row = [kind; COLUMNS];
        row[1..5].copy_from_slice(&place.to_be_bytes());
        row[5..].copy_from_slice(&index.to_be_bytes());
        data.push(2); // the predictor of this row (RFC 2083, 6)
        data.extend(row.iter().zip(above).map(|(byte, above)| byte.wrapping_sub(above)));
        above = row;
    }
    let mut dict = dictionary! {
        "Type" => "XRef",
        "Size" => i64::from(last) + 1,
        "W" => vec![1.into(), 4.into(), 2.into()],
        "Filter" => "FlateDecode",
        "DecodeParms" => dictionary! { "Predictor" => 12, "Columns" => COLUMNS as i64 },
    };
    for key in ["Root", "Info", "ID"] {
        if let Ok(value) = trailer.get(key.as_bytes()) {
            dict.set(key, value.clone());
        }
    }
    lopdf::Stream::new(dict, compressed(&data))
}

fn write_indirect(out: &mut Vec<u8>, number: u32, object: &Object) {
    out.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
    write_object(out, object);
    out.extend_from_slice(b"\nendobj\n");
}

/// Writes an object with as little white space as the syntax allows (ISO 32000-1, 7.2.2).
fn write_object(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => word(out, b"null"),
        Object::Boolean(true) => word(out, b"true"),
        Object::Boolean(false) => word(out, b"false"),
        Object::Integer(value) => word(out, value.to_string().as_bytes()),
        Object::Real(value) => {
            word(out, b"");
            push_number(out, f64::from(*value), 4);
        }
        Object::Name(name) => write_name(out, name),
        Object::String(bytes, StringFormat::Literal) => write_string(out, bytes),
        Object::String(bytes, StringFormat::Hexadecimal) => {
            out.push(b'<');
            for byte in bytes {
                out.extend_from_slice(format!("{byte:02X}").as_bytes());
            }
            out.push(b'>');
        }
        Object::Array(items) => {
            out.push(b'[');
            for item in items {
                write_object(out, item);
            }
            out.push(b']');
        }
        Object::Dictionary(dict) => write_dictionary(out, dict, None),
        Object::Stream(stream) => {
            write_dictionary(out, &stream.dict, Some(stream.content.len()));
            out.extend_from_slice(b"stream\n");
            out.extend_from_slice(&stream.content);
            out.extend_from_slice(b"\nendstream");
        }
        Object::Reference((number, generation)) => {
            word(out, format!("{number} {generation} R").as_bytes());
        }
    }
}

/// A word, kept apart from what stands before it.
fn word(out: &mut Vec<u8>, text: &[u8]) {
    if out.last().is_some_and(|b| !matches!(b, b'[' | b'<' | b'>' | b'(' | b')' | b']' | b'\n')) {
        out.push(b' ');
    }
    out.extend_from_slice(text);
}

fn write_dictionary(out: &mut Vec<u8>, dict: &Dictionary, length: Option<usize>) {
    out.extend_from_slice(b"<<");
    for (key, value) in dict {
        if length.is_some() && key == b"Length" {
            continue;
        }
        write_name(out, key);
        write_object(out, value);
    }
    if let Some(length) = length {
        write_name(out, b"Length");
        word(out, length.to_string().as_bytes());
    }
    out.extend_from_slice(b">>");
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for byte in name {
        if byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(byte) {
            out.push(*byte);
        } else {
            out.extend_from_slice(format!("#{byte:02X}").as_bytes());
        }
    }
}

fn write_string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'(');
    for byte in bytes {
        match byte {
            b'(' | b')' | b'\\' => out.extend([b'\\', *byte]),
            b'\r' => out.extend_from_slice(b"\\r"),
            byte => out.push(*byte),
        }
    }
    out.push(b')');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_is_read_back() {
        let mut pdf = Lopdf::with_version("1.7");
        let pages = pdf.add_object(dictionary! {
            "Type" => "Pages", "Kids" => Vec::<Object>::new(), "Count" => 0,
        });
        let odd = dictionary! {
            "A b" => Object::String(b"(\\\r\n\xff)".to_vec(), StringFormat::Literal),
            "C" => vec![Object::Null, Object::Boolean(true), (-7).into(), 0.25_f32.into()],
            "D" => Object::String(b"\x00\xff".to_vec(), StringFormat::Hexadecimal),
        };
        let odd_id = pdf.add_object(odd.clone());
        for n in 0..500 {
            pdf.add_object(Object::Integer(n));
        }
        let root = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
        pdf.trailer.set("Root", root);
        let bytes = save(&mut pdf);
        let read = Lopdf::load_mem(&bytes).unwrap();
        assert_eq!(read.get_dictionary(odd_id).unwrap(), &odd);
        assert_eq!(read.get_object((300, 0)).unwrap(), &Object::Integer(297));
        assert_eq!(read.catalog().unwrap().get(b"Pages").unwrap().as_reference().unwrap(), pages);
    }
}
