//! How the printed pages begin: what another edition needs to name the same pages.

use std::collections::BTreeMap;

use super::{Content, Document, NodeId, Role, Tag};
use crate::compose::SectionId;

/// One printed page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedPage {
    /// Its number as it is printed; empty for a page without one.
    pub label: String,
    /// What it belongs to.
    pub part: PrintedPart,
    /// The first letters and digits of its text (no notes, numbers of lists, readings), at most
    /// 160.
    pub opening: Vec<char>,
    /// How many letters and digits its text has.
    pub chars: usize,
}

/// What a page belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrintedPart {
    /// The cover, and whatever else stands before the first section.
    Front,
    /// The contents.
    Contents,
    /// A section.
    Section(SectionId),
}

/// Characters kept of a page's beginning: more than a repeated table head takes.
const OPENING: usize = 160;

/// Whether a character counts here: letters and digits, which every edition of a text shares.
/// Punctuation, spaces and note marks differ between them.
pub fn counts_in_pages(c: char) -> bool {
    c.is_alphabetic() || c.is_ascii_digit()
}

impl Document {
    /// The pages in order, with how they begin.
    pub fn printed_pages(&self) -> Vec<PrintedPage> {
        let mut begins: BTreeMap<usize, &SectionId> = BTreeMap::new();
        for (anchor, place) in &self.anchors {
            if anchor.element.is_none() {
                begins.entry(place.page).or_insert(&anchor.section);
            }
        }
        let mut part = PrintedPart::Front;
        let pages = self.pages.iter().enumerate();
        pages
            .map(|(index, page)| {
                if let Some(section) = begins.get(&index) {
                    part = PrintedPart::Section((*section).clone());
                }
                let (mut opening, mut chars, mut listed) = (Vec::new(), 0, false);
                for item in &page.items {
                    let (Tag::Node(node), Content::Glyphs(run)) = (item.tag, &item.content) else {
                        continue;
                    };
                    listed |= self.stands_in(node, |role| matches!(role, Role::Toc));
                    let beside = |role| matches!(role, Role::Note | Role::Label | Role::RubyText);
                    if self.stands_in(node, beside) {
                        continue;
                    }
                    for c in run.text.chars().filter(|c| counts_in_pages(*c)) {
                        chars += 1;
                        if opening.len() < OPENING {
                            opening.push(c);
                        }
                    }
                }
                if listed && !begins.contains_key(&index) {
                    part = PrintedPart::Contents;
                }
                PrintedPage { label: page.label.clone(), part: part.clone(), opening, chars }
            })
            .collect()
    }

    /// Whether a node or one above it has such a role.
    fn stands_in(&self, node: NodeId, is: impl Fn(Role) -> bool) -> bool {
        let mut at = Some(node);
        while let Some(id) = at {
            let Some(node) = self.structure.get(id.0 as usize) else { return false };
            if is(node.role) {
                return true;
            }
            at = node.parent;
        }
        false
    }
}
