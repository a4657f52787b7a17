//! Page labels: the numbers that readers show are those printed on the pages.

use lopdf::{Dictionary, Object, dictionary};

use super::text_string;
use crate::labels::Label;
use crate::layout::Document;
use crate::model::Language;

/// Page labels (ISO 32000-1, 12.4.2): each change of style begins a range. Pages without a number
/// carry the name of the cover, which is what they are.
pub(super) fn page_labels(document: &Document, language: &Language) -> Object {
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
            if style == b'-' {
                range.set("P", text_string(Label::Cover.text(language)));
            } else {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Page;

    #[test]
    fn every_change_of_numbering_begins_a_range() {
        let labels = ["", "i", "ii", "1", "2", "3"];
        let pages = labels.map(|l| Page { label: l.to_owned(), ..Page::default() }).to_vec();
        let document = Document { pages, ..Document::default() };
        let language = Language::default();
        let Object::Dictionary(found) = page_labels(&document, &language) else { panic!() };
        let ranges = found.get(b"Nums").unwrap().as_array().unwrap();
        let starts: Vec<i64> = ranges.iter().step_by(2).map(|o| o.as_i64().unwrap()).collect();
        assert_eq!(starts, [0, 1, 3]);
        let style = |i: usize| ranges[i].as_dict().unwrap().get(b"S").ok().cloned();
        assert_eq!(style(1), None);
        assert_eq!(style(3), Some(Object::Name(b"r".to_vec())));
        assert_eq!(style(5), Some(Object::Name(b"D".to_vec())));
    }
}
