//! The index of keywords: where each word stands, found in the finished sections.

use std::collections::BTreeSet;

use super::walk::{self, Node};
use super::{Anchor, Element, Section};
use crate::collate::Collation;
use crate::diagnostic::{Code, Diagnostic, Message};
use crate::model::{Block, Packet, SortOrder, Text};

/// A place that the index leads to: an element of a section's flow in which a word stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexMark {
    /// Index of the element in its section's flow.
    pub element: usize,
    /// Name of the place, unique in its section.
    pub id: String,
    /// The word. Paged output leads to the line it stands in, others to the element.
    pub term: String,
}

/// The words under one letter or number of strokes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexGroup {
    /// `B`, `7 画`.
    pub label: String,
    /// Its words in order.
    pub entries: Vec<IndexEntry>,
}

/// A word of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexEntry {
    /// The word.
    pub term: String,
    /// Where it stands, in reading order: places with the titles of their sections.
    pub places: Vec<(Anchor, Text)>,
}

/// Words for the index: keywords and terms of the articles, and the packet's own list.
fn words(packet: &Packet) -> Vec<String> {
    let mut out = BTreeSet::new();
    for article in packet.articles().chain(&packet.appendices) {
        out.extend(article.keywords.iter().map(|k| k.trim().to_owned()));
        out.extend(article.glossary.iter().map(|g| g.term.trim().to_owned()));
    }
    out.extend(packet.study.index_terms.iter().map(|t| t.trim().to_owned()));
    // One character stands everywhere and means nothing.
    out.into_iter().filter(|word| word.chars().count() > 1).collect()
}

/// Finds every word in the articles and appendices, marks the places, and returns the index.
/// A word that stands in no text is left out.
pub(super) fn make(
    packet: &Packet,
    order: SortOrder,
    sections: &mut [Section],
    warnings: &mut Vec<Diagnostic>,
) -> Vec<IndexGroup> {
    let mut words = words(packet);
    let collation = Collation::new(order);
    words.sort_by(|a, b| collation.compare(a, b));
    let mut entries: Vec<IndexEntry> =
        words.into_iter().map(|term| IndexEntry { term, places: Vec::new() }).collect();
    for section in sections.iter_mut().filter(|s| s.kind.is_text()) {
        let mut marks = Vec::new();
        for (element, content) in section.flow.iter().enumerate() {
            let Element::Block(block) = content else { continue };
            if matches!(block, Block::Heading(_)) {
                continue; // contents lead there
            }
            let text = plain(block);
            for entry in entries.iter_mut().filter(|e| text.contains(&e.term)) {
                let mut number = marks.len() + 1;
                let mut id = format!("ix{number}");
                while section.anchors.contains(&id) {
                    number += 1;
                    id = format!("ix{number}");
                }
                section.anchors.insert(id.clone());
                let anchor = Anchor { section: section.id.clone(), element: Some(id.clone()) };
                entry.places.push((anchor, section.title.clone()));
                marks.push(IndexMark { element, id, term: entry.term.clone() });
            }
        }
        section.marks = marks;
    }
    for entry in entries.iter().filter(|e| e.places.is_empty()) {
        // Keywords say what an article is about, often in other words; a word asked for is missed.
        if packet.study.index_terms.iter().any(|t| t.trim() == entry.term) {
            let message = Message::new(
                format!("the index word '{}' stands in no article", entry.term),
                format!("索引词“{}”没有在任何文章中出现", entry.term),
            );
            let warning = Diagnostic::warning(Code::DeadLink, message);
            warnings.push(match &packet.origin {
                Some(file) => warning.in_file(file),
                None => warning,
            });
        }
    }
    entries.retain(|entry| !entry.places.is_empty());
    entries
        .chunk_by(|a, b| collation.group(&a.term) == collation.group(&b.term))
        .filter_map(|group| {
            let label = collation.group(&group.first()?.term);
            Some(IndexGroup { label, entries: group.to_vec() })
        })
        .collect()
}

/// What a block says, its texts parted so that no word runs over from one to the next.
fn plain(block: &Block) -> String {
    let mut out = String::new();
    walk::block(block, &mut |node| {
        if let Node::Text(text) = node {
            out.push_str(&text.to_plain());
            out.push('\n');
        }
    });
    out
}
