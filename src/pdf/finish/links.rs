//! Link annotations: what leads somewhere when touched (ISO 32000-1, 12.5.6.5).

use lopdf::{Dictionary, Document as Lopdf, Object, ObjectId, dictionary};

use super::places::Places;
use super::text_string;
use crate::layout::{AreaTarget, Document, LinkArea, NodeId, Tag};
use crate::pdf::structure::link_of;

/// Annotation flag: printed with the page (ISO 19005-2, 6.3.2 wants it of every annotation).
const PRINT: i64 = 1 << 2;

/// A link area as it is in the file.
pub(super) struct Link {
    /// Its annotation.
    pub id: ObjectId,
    /// The sheet it lies on.
    pub sheet: usize,
    /// Its element.
    pub node: Option<NodeId>,
}

/// Writes the annotations of all pages.
///
/// - `first_key`: where their keys in the parent tree begin.
pub(super) fn links(
    pdf: &mut Lopdf,
    document: &Document,
    places: &Places,
    first_key: usize,
) -> Vec<Link> {
    let mut out = Vec::new();
    for (page, area) in
        document.pages.iter().enumerate().flat_map(|(i, p)| p.links.iter().map(move |l| (i, l)))
    {
        let key = first_key + out.len();
        let (Some(sheet), Some(annotation)) =
            (places.sheet(page), annotation(page, area, places, key))
        else {
            continue;
        };
        let node = match area.tag {
            Tag::Node(node) => link_of(document, node),
            Tag::Artifact => None,
        };
        let id = pdf.add_object(annotation);
        out.push(Link { id, sheet, node });
    }
    let mut by_sheet: Vec<Vec<Object>> = vec![Vec::new(); places.sheets.len()];
    for link in &out {
        if let Some(annotations) = by_sheet.get_mut(link.sheet) {
            annotations.push(link.id.into());
        }
    }
    for (sheet, annotations) in places.sheets.iter().zip(by_sheet) {
        if let Ok(page) = pdf.get_dictionary_mut(*sheet) {
            if annotations.is_empty() {
                page.remove(b"Annots");
            } else {
                page.set("Annots", annotations);
            }
        }
    }
    out
}

fn annotation(page: usize, area: &LinkArea, places: &Places, key: usize) -> Option<Dictionary> {
    let mut link = dictionary! {
        "Type" => "Annot",
        "Subtype" => "Link",
        "Rect" => places.rect(page, area.rect)?,
        "Border" => vec![0.into(), 0.into(), 0.into()],
        "F" => PRINT,
        "StructParent" => key as i64,
    };
    let described = match &area.target {
        AreaTarget::Web(url) => {
            let uri = Object::string_literal(percent_encoded(url));
            link.set("A", dictionary! { "S" => "URI", "URI" => uri });
            url.as_str()
        }
        AreaTarget::Place(place) => {
            link.set("Dest", places.destination(*place)?);
            "→"
        }
    };
    // ISO 14289-1, 7.18.5: every link says where it leads.
    let said = area.description.trim();
    link.set("Contents", text_string(if said.is_empty() { described } else { said }));
    Some(link)
}

/// Addresses are ASCII in PDF (ISO 32000-1, 12.6.4.7): other characters are percent-encoded UTF-8.
fn percent_encoded(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_graphic()
            && !matches!(byte, b'<' | b'>' | b'"' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
        {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_ascii() {
        let encoded = percent_encoded("https://例.cn/a b?q=“x”&y=1#z");
        assert_eq!(encoded, "https://%E4%BE%8B.cn/a%20b?q=%E2%80%9Cx%E2%80%9D&y=1#z");
    }
}
