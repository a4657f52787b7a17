//! The structure tree: what the marked content of all sheets is, in reading order.
//!
//! Layout makes the nodes; here they get their content. Children of what only groups stand in the
//! order in which layout made them, which is that of the text; children of a paragraph and its like
//! stand among its own content as they are drawn. The document's parts come as their pages do.
//!
//! Source: ISO 32000-1, 14.7 and 14.8; ISO 14289-1, 7.1 to 7.9.

use std::collections::BTreeMap;

use super::content::Mark;
use crate::layout::{Document, NodeId, Role, StructNode};

/// The tree, by node.
pub(super) struct Tree {
    /// Children of every node, in reading order.
    pub kids: Vec<Vec<Kid>>,
    /// What every node is, heading levels made to follow on each other.
    pub roles: Vec<Role>,
}

/// A child of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kid {
    /// Another element.
    Node(NodeId),
    /// Marked content of a sheet.
    Content { sheet: usize, mcid: usize },
    /// A link area, by its index among all.
    Link(usize),
}

/// Where a piece of content stands in the order of drawing: page and number on its sheet.
type Order = (usize, usize);

impl Tree {
    /// Ties marked content and link areas to their nodes.
    ///
    /// - `marks`: by sheet, then by number;
    /// - `links`: the node of every link area.
    pub(super) fn new(document: &Document, marks: &[Vec<Mark>], links: &[Option<NodeId>]) -> Self {
        let nodes = &document.structure;
        let count = nodes.len();
        let at = |id: NodeId| id.0 as usize;
        let mut own: Vec<Vec<(Order, Kid)>> = vec![Vec::new(); count];
        for (sheet, marks) in marks.iter().enumerate() {
            for (mcid, mark) in marks.iter().enumerate() {
                if let Some(own) = own.get_mut(at(mark.node)) {
                    own.push(((mark.page, mcid), Kid::Content { sheet, mcid }));
                }
            }
        }
        let mut areas: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, node) in links.iter().enumerate() {
            if let Some(node) = node {
                areas.entry(at(*node)).or_default().push(index);
            }
        }
        let children = children(nodes);
        // Children are made after their parents, so going backwards sees them first.
        let mut first: Vec<Option<Order>> = vec![None; count];
        let mut kept = vec![false; count];
        for node in (0..count).rev() {
            let below = children[node].iter().filter_map(|c| first[at(*c)]);
            first[node] = own[node].iter().map(|(order, _)| *order).chain(below).min();
            kept[node] = first[node].is_some()
                || areas.contains_key(&node)
                || node == 0
                || children[node].iter().any(|c| kept[at(*c)])
                || matches!(nodes[node].role, Role::HeaderCell | Role::DataCell);
        }
        // Empty cells alone make no table.
        for node in 0..count {
            let gone = |id: NodeId| !kept[at(id)] || first[at(id)].is_none();
            if matches!(nodes[node].role, Role::Table) && gone(NodeId(node as u32)) {
                kept[node] = false;
            }
        }
        let mut kids = Vec::with_capacity(count);
        for node in 0..count {
            let mut mixed: Vec<(Order, Kid)> = std::mem::take(&mut own[node]);
            let by_drawing = !mixed.is_empty() || nodes[node].role == Role::Document;
            for (nth, child) in children[node].iter().enumerate() {
                if kept[at(*child)] {
                    let order = if by_drawing {
                        first[at(*child)].unwrap_or((usize::MAX, nth))
                    } else {
                        (0, nth)
                    };
                    mixed.push((order, Kid::Node(*child)));
                }
            }
            mixed.sort_by_key(|(order, _)| *order);
            let areas = areas.get(&node).into_iter().flatten().map(|index| Kid::Link(*index));
            kids.push(mixed.into_iter().map(|(_, kid)| kid).chain(areas).collect());
        }
        let mut tree = Self { kids, roles: nodes.iter().map(|n| n.role).collect() };
        tree.step_headings();
        tree
    }

    /// The nodes that are in the file, in reading order.
    pub(super) fn in_order(&self) -> Vec<NodeId> {
        let mut out = Vec::new();
        let mut open = vec![NodeId(0)];
        while let Some(id) = open.pop() {
            let Some(kids) = self.kids.get(id.0 as usize) else { continue };
            out.push(id);
            open.extend(kids.iter().rev().filter_map(|kid| match kid {
                Kid::Node(child) => Some(*child),
                _ => None,
            }));
        }
        out
    }

    /// No heading may be more than one level below the one before it (ISO 14289-1, 7.4.2).
    fn step_headings(&mut self) {
        let mut last = 0;
        for id in self.in_order() {
            if let Some(Role::H(level)) = self.roles.get_mut(id.0 as usize) {
                *level = (*level).clamp(1, last + 1);
                last = *level;
            }
        }
    }
}

/// The children of every node as layout made them, notes put behind what refers to them.
fn children(nodes: &[StructNode]) -> Vec<Vec<NodeId>> {
    let mut out: Vec<Vec<NodeId>> = vec![Vec::new(); nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        let Some(parent) = node.parent else { continue };
        let siblings = &mut out[parent.0 as usize];
        let id = NodeId(index as u32);
        let behind = node.follows.and_then(|f| siblings.iter().position(|s| *s == f));
        match behind {
            Some(place) => {
                // Behind the notes that are there already.
                let notes = siblings[place + 1..]
                    .iter()
                    .take_while(|s| nodes[s.0 as usize].follows == node.follows)
                    .count();
                siblings.insert(place + 1 + notes, id);
            }
            None => siblings.push(id),
        }
    }
    out
}

/// The link that a node is, or is part of.
pub(super) fn link_of(document: &Document, node: NodeId) -> Option<NodeId> {
    let mut at = Some(node);
    while let Some(id) = at {
        let known = document.structure.get(id.0 as usize)?;
        if known.role == Role::Link {
            return Some(id);
        }
        at = known.parent;
    }
    None
}

/// The name of a structure type (ISO 32000-1, 14.8.4).
pub(super) fn role_name(role: Role) -> &'static str {
    match role {
        Role::Document => "Document",
        Role::Part => "Part",
        Role::Art => "Art",
        Role::Sect => "Sect",
        Role::Div => "Div",
        Role::BlockQuote => "BlockQuote",
        Role::Caption => "Caption",
        Role::Toc => "TOC",
        Role::TocItem => "TOCI",
        Role::Title => "Title",
        Role::P => "P",
        Role::H(0 | 1) => "H1",
        Role::H(2) => "H2",
        Role::H(3) => "H3",
        Role::H(4) => "H4",
        Role::H(5) => "H5",
        Role::H(_) => "H6",
        Role::List => "L",
        Role::ListItem => "LI",
        Role::Label => "Lbl",
        Role::ListBody => "LBody",
        Role::Table => "Table",
        Role::TableHead => "THead",
        Role::TableBody => "TBody",
        Role::TableRow => "TR",
        Role::HeaderCell => "TH",
        Role::DataCell => "TD",
        Role::Figure => "Figure",
        Role::Span => "Span",
        Role::Note => "Note",
        Role::Reference => "Reference",
        Role::Link => "Link",
        Role::Code => "Code",
        Role::Ruby => "Ruby",
        Role::RubyBase => "RB",
        Role::RubyText => "RT",
    }
}
