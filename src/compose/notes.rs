//! Footnotes: lifted out of the body, put in the order they are first referred to.

use std::collections::{BTreeMap, BTreeSet};

use super::walk::{self, Node, bodies_mut};
use super::{Element, Report};
use crate::diagnostic::{Code, Diagnostic, Message};
use crate::model::{At, Block, Inline, Text};

/// The footnotes of a section by label.
pub(crate) type Notes = BTreeMap<String, Vec<Block>>;

/// Takes the definitions of footnotes out of a flow, at any depth, also out of one another.
///
/// A label defined twice is reported; the later body is kept under a label of its own, so that
/// nothing is lost.
pub(crate) fn lift(flow: &mut Vec<Element>, report: &mut Report<'_>) -> Notes {
    let mut notes = Notes::new();
    let mut found = Vec::new();
    flow.retain_mut(|element| match element {
        Element::Block(Block::Footnotes(list)) => {
            found.extend(std::mem::take(list));
            false
        }
        Element::Block(block) => {
            bodies_mut(block).into_iter().for_each(|body| lift_from(body, &mut found));
            true
        }
        _ => true,
    });
    // Definitions inside the body of a note come after those already found.
    let mut next = 0;
    while next < found.len() {
        let mut inner = Vec::new();
        lift_from(&mut found[next].1, &mut inner);
        found.append(&mut inner);
        next += 1;
    }
    for (label, body) in found {
        let mut key = label.clone();
        let mut count = 1;
        while notes.contains_key(&key) {
            count += 1;
            key = format!("{label} ({count})");
        }
        if count > 1 {
            let message = Message::new(
                format!("the note '{label}' is defined twice; the second is set at the end"),
                format!("注释“{label}”重复定义，第二个排在末尾"),
            );
            report.warn(Diagnostic::warning(Code::Duplicate, message));
        }
        notes.insert(key, body);
    }
    notes
}

fn lift_from(body: &mut Vec<Block>, found: &mut Vec<(String, Vec<Block>)>) {
    body.retain_mut(|block| {
        if let Block::Footnotes(list) = block {
            found.extend(std::mem::take(list));
            return false;
        }
        bodies_mut(block).into_iter().for_each(|inner| lift_from(inner, found));
        true
    });
}

/// The labels of a section's notes in the order of their first reference.
///
/// References inside notes come after those of the flow. A reference without a definition is an
/// error, a note nobody refers to a warning: it is set last.
pub(crate) fn order(flow: &[Element], notes: &Notes, report: &mut Report<'_>) -> Vec<String> {
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    let mut missing = Vec::new();
    for element in flow {
        walk::element(element, &mut |node| {
            if let Node::Text(text) = node {
                refer(text, notes, &mut seen, &mut order, &mut missing);
            }
        });
    }
    let mut unused = notes.keys();
    let mut done = 0;
    loop {
        // Notes may refer to further notes, which are then read after them.
        while let Some(body) = order.get(done).and_then(|label: &String| notes.get(label)) {
            walk::blocks(body, &mut |node| {
                if let Node::Text(text) = node {
                    refer(text, notes, &mut seen, &mut order, &mut missing);
                }
            });
            done += 1;
        }
        let Some(label) = unused.find(|label| !seen.contains(*label)) else { break };
        let message = Message::new(
            format!("nothing refers to the note '{label}'; it is set last"),
            format!("正文没有引用注释“{label}”，排在最后"),
        );
        report.warn(Diagnostic::warning(Code::Duplicate, message));
        seen.insert(label.clone());
        order.push(label.clone());
    }
    for label in missing {
        let message = Message::new(
            format!("the note '{}' has no text", label.value),
            format!("注释“{}”没有内容", label.value),
        );
        let hint = Message::new(
            format!("add a definition for it: [^{}]: …", label.value),
            format!("请补上定义：[^{}]: ……", label.value),
        );
        report.error(Diagnostic::error(Code::DeadLink, message).at(label.pos).hint(hint));
    }
    order
}

fn refer<'a>(
    text: &'a Text,
    notes: &Notes,
    seen: &mut BTreeSet<String>,
    order: &mut Vec<String>,
    missing: &mut Vec<&'a At<String>>,
) {
    text.visit(&mut |inline| {
        if let Inline::NoteRef(label) = inline {
            if !notes.contains_key(&label.value) {
                missing.push(label);
            } else if seen.insert(label.value.clone()) {
                order.push(label.value.clone());
            }
        }
    });
}
