//! Number trees and name trees: sorted maps that a reader searches without reading them whole.
//!
//! Source: ISO 32000-1, 7.9.6 and 7.9.7.

use lopdf::{Dictionary, Document as Lopdf, Object, ObjectId, dictionary};

/// Entries in a leaf: few enough to read at once, enough to keep the tree flat.
const LEAF: usize = 128;

/// A number tree over values by their keys, which are 0, 1, 2, ….
pub(super) fn number_tree(pdf: &mut Lopdf, values: Vec<Object>) -> ObjectId {
    let entries = (0..).map(Object::Integer).zip(values).collect();
    tree(pdf, entries, "Nums")
}

/// A name tree over sorted entries; `None` without any.
pub(super) fn name_tree(pdf: &mut Lopdf, entries: Vec<(Object, Object)>) -> Option<ObjectId> {
    (!entries.is_empty()).then(|| tree(pdf, entries, "Names"))
}

fn tree(pdf: &mut Lopdf, entries: Vec<(Object, Object)>, kind: &str) -> ObjectId {
    let limits = |leaf: &[(Object, Object)]| -> Vec<Object> {
        leaf.first().into_iter().chain(leaf.last()).map(|(key, _)| key.clone()).collect()
    };
    let flat = |leaf: &[(Object, Object)]| -> Object {
        leaf.iter().flat_map(|(key, value)| [key.clone(), value.clone()]).collect::<Vec<_>>().into()
    };
    let mut root = Dictionary::new();
    if entries.len() <= LEAF {
        root.set(kind, flat(&entries));
        return pdf.add_object(root);
    }
    let leaves: Vec<Object> = entries
        .chunks(LEAF)
        .map(|leaf| {
            let mut node = dictionary! { "Limits" => limits(leaf) };
            node.set(kind, flat(leaf));
            pdf.add_object(node).into()
        })
        .collect();
    root.set("Kids", leaves);
    pdf.add_object(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_entries_are_divided_and_every_leaf_states_its_limits() {
        let mut pdf = Lopdf::new();
        let id = number_tree(&mut pdf, vec![Object::Null; 300]);
        let kids = pdf.get_dictionary(id).unwrap().get(b"Kids").unwrap().as_array().unwrap();
        assert_eq!(kids.len(), 3);
        let last = pdf.get_dictionary(kids[2].as_reference().unwrap()).unwrap();
        let limits = last.get(b"Limits").unwrap().as_array().unwrap();
        assert_eq!(limits, &[Object::Integer(256), Object::Integer(299)]);
        assert_eq!(last.get(b"Nums").unwrap().as_array().unwrap().len(), 88);
    }
}
