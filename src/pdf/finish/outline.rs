//! The outline: the book's contents as a tree of bookmarks (ISO 32000-1, 12.3.3).

use lopdf::{Document as Lopdf, Object, ObjectId, dictionary};

use super::places::Places;
use super::text_string;
use crate::layout::{Document, OutlineEntry};

/// The outline as a tree (ISO 32000-1, 12.3.3); `None` without entries.
pub(super) fn outline(pdf: &mut Lopdf, document: &Document, places: &Places) -> Option<ObjectId> {
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
        let mut item = dictionary! {
            "Title" => text_string(&entry.title),
            "Parent" => parents[index].map_or(root, |p| ids[p]),
            "Dest" => places.destination(entry.place)?,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Place;
    use crate::units::Pt;

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
