//! Footnotes: `<a href="#fn1">` with its target, in the forms that publishing systems make.

use std::collections::{BTreeMap, HashMap, HashSet};

use dom_query::{Document, NodeId, NodeRef};

use super::{attr, name, tokens};

/// References and their targets.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Label of a reference by its element.
    references: HashMap<NodeId, String>,
    /// Links back from a note to the text.
    backs: HashSet<NodeId>,
    /// Targets by label, in the order of the text.
    pub(super) targets: BTreeMap<String, NodeId>,
}

impl Notes {
    pub(super) fn of(document: &Document) -> Self {
        let mut notes = Self::default();
        let Some(body) = document.body() else { return notes };
        let links: Vec<NodeRef<'_>> = body.descendants_it().filter(|n| name(n) == "a").collect();
        let internal = |link: &NodeRef<'_>| {
            attr(link, "href")
                .and_then(|h| h.rsplit_once('#').map(|(_, id)| id.to_owned()))
                .filter(|id| !id.is_empty())
        };
        if !links.iter().any(|link| internal(link).is_some()) {
            return notes;
        }
        let mut ids: HashMap<String, NodeId> = HashMap::new();
        for node in body.descendants_it().filter(NodeRef::is_element) {
            for id in [node.attr("id"), node.attr("name")].into_iter().flatten() {
                ids.entry(id.to_string()).or_insert(node.id);
            }
        }
        for link in &links {
            let Some(id) = internal(link) else { continue };
            let Some(target) = ids.get(&id).and_then(|id| document.tree.get(id)) else { continue };
            let shown = link.text().trim().to_owned();
            let number: String =
                shown.chars().filter(|c| c.is_alphanumeric() || ('①'..='⑳').contains(c)).collect();
            let words = tokens(link);
            let says = |w: &str| words.iter().any(|t| t.contains(w));
            let role = attr(link, "role").or_else(|| attr(link, "epub:type")).unwrap_or_default();
            let is_back = says("backref")
                || says("reversefootnote")
                || role.contains("backlink")
                || matches!(shown.as_str(), "↩" | "↩︎" | "^" | "↑" | "返回" | "⏎");
            if is_back {
                notes.backs.insert(link.id);
                continue;
            }
            let raised = name(link) == "sup"
                || link.parent().is_some_and(|p| name(&p) == "sup")
                || link.children_it(false).any(|c| name(&c) == "sup");
            let lower = id.to_ascii_lowercase();
            let named =
                ["fn", "note", "foot", "ftn", "endnote", "edn", "cite_note", "ref", "zhu", "_ftn"]
                    .iter()
                    .any(|w| lower.contains(w));
            let short = !number.is_empty()
                && number.chars().count() <= 4
                && (number.chars().all(|c| c.is_ascii_digit() || ('①'..='⑳').contains(&c))
                    || shown.starts_with('['));
            let is_reference = role.contains("noteref")
                || (says("footnote") || raised || named) && (short || shown.is_empty() && named);
            let block = note_block(&target);
            let goes_down = block.id != link.id && !super::is_within(link, block.id);
            if !is_reference || !goes_down {
                continue;
            }
            // a link from the note to the text is shaped like a reference: its target holds one
            if notes.references.contains_key(&target.id)
                || target.descendants_it().any(|d| notes.references.contains_key(&d.id))
            {
                notes.backs.insert(link.id);
                continue;
            }
            let label = match notes.targets.iter().find(|(_, t)| **t == block.id) {
                Some((label, _)) => label.clone(),
                None => (notes.targets.len() + 1).to_string(),
            };
            notes.targets.insert(label.clone(), block.id);
            notes.references.insert(link.id, label.clone());
            if let Some(parent) = link.parent().filter(|p| name(p) == "sup")
                && parent.text().trim() == shown
            {
                notes.references.insert(parent.id, label);
            }
        }
        notes
    }

    /// The label that an element refers to.
    pub(super) fn reference(&self, node: &NodeRef<'_>) -> Option<String> {
        self.references.get(&node.id).cloned()
    }

    /// Whether a link leads back from a note.
    pub(super) fn is_back(&self, node: &NodeRef<'_>) -> bool {
        self.backs.contains(&node.id)
    }

    /// Whether an element is the body of a note.
    pub(super) fn is_target(&self, id: NodeId) -> bool {
        self.targets.values().any(|t| *t == id)
    }
}

/// The block that an anchor at the beginning of a note stands for.
fn note_block<'a>(target: &NodeRef<'a>) -> NodeRef<'a> {
    let is_block = |n: &NodeRef<'_>| {
        matches!(name(n).as_str(), "li" | "p" | "div" | "aside" | "dd" | "section" | "td")
    };
    if is_block(target) {
        return *target;
    }
    target.ancestors_it(Some(4)).find(is_block).unwrap_or(*target)
}
