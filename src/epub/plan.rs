//! Which file of the EPUB holds what: one for each section, more for a very long one.
//!
//! Decided before anything is written, so that links, contents and footnotes know where they lead.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::compose::walk::{self, Node};
use crate::compose::{Anchor, Book, Element, Section};
use crate::model::{Block, Inline};

/// Size that a file is kept under, in bytes: older readers load a file whole and slow down or fail
/// beyond some 300 KB (Adobe RMSDK's limit), so a long section is divided.
pub(crate) const MOST: usize = 250_000;

/// One content document.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    /// Index of the section in the book.
    pub(crate) section: usize,
    /// Which elements of the section's flow it holds.
    pub(crate) elements: Range<usize>,
    /// File name without folder.
    pub(crate) file: String,
    /// Numbers, from 1, of the section's notes set at its end.
    pub(crate) notes: Vec<usize>,
}

/// All content documents and where anchors stand in them.
#[derive(Debug)]
pub(crate) struct Plan {
    /// In reading order; the documents of a section stand together.
    pub(crate) documents: Vec<Document>,
    /// Index of the first document of each section.
    first: BTreeMap<String, usize>,
    /// Documents of anchors that are not in the first document of their section.
    moved: BTreeMap<Anchor, usize>,
}

impl Plan {
    /// Plans the documents of a book, none over `most` bytes if it can be divided between elements.
    pub(crate) fn new(book: &Book, most: usize) -> Self {
        let mut plan =
            Self { documents: Vec::new(), first: BTreeMap::new(), moved: BTreeMap::new() };
        for (index, section) in book.sections.iter().enumerate() {
            plan.first.insert(section.id.0.clone(), plan.documents.len());
            plan.add(index, section, most);
        }
        plan
    }

    fn add(&mut self, index: usize, section: &Section, most: usize) {
        let ranges = divide(section, most);
        let mut set = vec![false; section.note_order.len()];
        let several = ranges.len() > 1;
        let last = ranges.len() - 1;
        for (part, elements) in ranges.into_iter().enumerate() {
            let file = match part {
                0 => format!("{}.xhtml", section.id.0),
                // No section is named so: names hold no full stop.
                _ => format!("{}.{}.xhtml", section.id.0, part + 1),
            };
            let at = self.documents.len();
            let mut notes = Vec::new();
            for element in &section.flow[elements.clone()] {
                noted(section, element, &mut set, &mut notes);
            }
            if part == last {
                notes.extend((0..set.len()).filter(|i| !set[*i]).map(|i| i + 1));
            }
            notes.sort_unstable();
            if several && part > 0 {
                for id in ids(section, elements.clone(), &notes) {
                    let anchor = Anchor { section: section.id.clone(), element: Some(id) };
                    self.moved.insert(anchor, at);
                }
            }
            self.documents.push(Document { section: index, elements, file, notes });
        }
    }

    /// Index of the first document of a section.
    pub(crate) fn first(&self, section: &Section) -> usize {
        self.first.get(&section.id.0).copied().unwrap_or(0)
    }

    /// Index of the document that holds an anchor.
    pub(crate) fn locate(&self, anchor: &Anchor) -> Option<usize> {
        self.moved.get(anchor).or_else(|| self.first.get(&anchor.section.0)).copied()
    }

    /// Index of the document that sets note `number` of a section, and of the section's first.
    pub(crate) fn note(&self, section: &Section, number: usize) -> Option<usize> {
        let first = *self.first.get(&section.id.0)?;
        let index = self.documents.get(first)?.section;
        let own = self.documents[first..].iter().take_while(|d| d.section == index);
        own.enumerate().find(|(_, d)| d.notes.contains(&number)).map(|(at, _)| first + at)
    }
}

/// Index of the section that the contents stand before: after the front matter, as on paper.
pub(crate) fn contents_at(book: &Book) -> usize {
    book.sections.iter().take_while(|s| s.kind.is_front()).count()
}

/// Divides a flow so that no part is estimated larger than `most`; never right after a heading.
fn divide(section: &Section, most: usize) -> Vec<Range<usize>> {
    let flow = &section.flow;
    let (mut ranges, mut begin, mut sum) = (Vec::new(), 0, 0);
    // The last place before `at` where a part may end, and the sum up to it.
    for at in 0..flow.len() {
        let size = estimate(section, &flow[at]);
        let after_heading =
            at > 0 && matches!(flow[at - 1], Element::Block(Block::Heading(_)) | Element::Title(_));
        if sum + size > most && at > begin && !after_heading {
            ranges.push(begin..at);
            (begin, sum) = (at, 0);
        }
        sum += size;
    }
    ranges.push(begin..flow.len());
    ranges
}

/// Bytes an element and its notes take as XHTML, roughly and rather more than less.
fn estimate(section: &Section, element: &Element) -> usize {
    let mut size = 0;
    let mut set = vec![false; section.note_order.len()];
    let mut notes = Vec::new();
    let mut count = |node: Node<'_>| {
        size += 40;
        if let Node::Text(text) = node {
            text.visit(&mut |inline| {
                size += 40
                    + match inline {
                        Inline::Plain(s) | Inline::Code(s) => s.len(),
                        Inline::Ruby(pairs) => {
                            pairs.iter().map(|p| p.base.len() + p.reading.len() + 40).sum()
                        }
                        Inline::Link { target, .. } => target.len() * 2,
                        _ => 0,
                    };
            });
        }
        if let Node::Block(Block::Code(code)) = node {
            size += code.text.len();
        }
    };
    walk::element(element, &mut count);
    noted(section, element, &mut set, &mut notes);
    for number in notes {
        if let Some(body) = section.notes.get(&section.note_order[number - 1]) {
            walk::blocks(body, &mut count);
        }
    }
    size
}

/// Adds the numbers of the notes that `element` refers to, and those that they refer to.
fn noted(section: &Section, element: &Element, set: &mut [bool], notes: &mut Vec<usize>) {
    let mut refer = |node: Node<'_>, notes: &mut Vec<usize>| {
        let Node::Text(text) = node else { return };
        text.visit(&mut |inline| {
            if let Inline::NoteRef(label) = inline
                && let Some(at) = section.note_order.iter().position(|l| *l == label.value)
                && !std::mem::replace(&mut set[at], true)
            {
                notes.push(at + 1);
            }
        });
    };
    let mut next = notes.len();
    walk::element(element, &mut |node| refer(node, notes));
    while let Some(number) = notes.get(next).copied() {
        if let Some(body) = section.notes.get(&section.note_order[number - 1]) {
            walk::blocks(body, &mut |node| refer(node, notes));
        }
        next += 1;
    }
}

/// Names of the elements in a stretch of flow and in notes.
fn ids(section: &Section, elements: Range<usize>, notes: &[usize]) -> Vec<String> {
    let marks = section.marks.iter().filter(|m| elements.contains(&m.element));
    let mut out: Vec<String> = marks.map(|m| m.id.clone()).collect();
    let mut visit = |node: Node<'_>| {
        let id = match node {
            Node::Block(Block::Heading(heading)) => &heading.id,
            Node::Block(Block::Table(table)) => &table.id,
            Node::Block(Block::Figure(figure)) => &figure.id,
            _ => return,
        };
        out.extend(id.iter().map(|id| id.value.clone()));
    };
    section.flow[elements].iter().for_each(|element| walk::element(element, &mut visit));
    for number in notes {
        if let Some(body) = section.notes.get(&section.note_order[number - 1]) {
            walk::blocks(body, &mut visit);
        }
    }
    out
}
