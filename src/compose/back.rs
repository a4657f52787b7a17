//! What is collected from all articles after the last one: questions, glossary, bibliography.

use super::numbers::Labels;
use super::readings::Readings;
use super::{Draft, Element, SectionKind, citation};
use crate::collate::Collation;
use crate::labels::Label;
use crate::model::{
    Article, Block, Definition, GlossaryEntry, Heading, Inline, Language, List, ListItem,
    Numbering, Packet, SortOrder, Text,
};

/// Questions as numbered items, each with ruled lines for the answer.
pub(super) fn questions(questions: &[Text], lines: u16) -> Vec<Element> {
    let list = |start: usize, questions: &[Text]| {
        let item = |q: &Text| ListItem { checked: None, body: vec![Block::Paragraph(q.clone())] };
        Element::Block(Block::List(List {
            numbering: Some(Numbering::Arabic),
            start: u32::try_from(start).unwrap_or(u32::MAX),
            items: questions.iter().map(item).collect(),
        }))
    };
    if lines == 0 {
        return if questions.is_empty() { Vec::new() } else { vec![list(1, questions)] };
    }
    let one =
        |(at, q): (usize, &Text)| [list(at + 1, std::slice::from_ref(q)), Element::Answer(lines)];
    questions.iter().enumerate().flat_map(one).collect()
}

/// All questions, under the titles of their articles.
pub(super) fn all_questions(packet: &Packet, titles: &[Text]) -> Option<Draft> {
    let mut flow = Vec::new();
    for (article, title) in packet.articles().zip(titles) {
        if !article.questions.is_empty() {
            flow.push(Element::Block(Block::Heading(Heading::new(1, title.clone()))));
            flow.extend(questions(&article.questions, packet.study.answer_lines));
        }
    }
    draft(packet, SectionKind::Questions, Label::Questions, "questions", flow)
}

/// All terms in one order; a term explained twice stands once with both explanations.
pub(super) fn glossary(packet: &Packet, order: SortOrder, readings: &Readings) -> Option<Draft> {
    let collation = Collation::new(order);
    let all = packet.articles().chain(&packet.appendices).flat_map(|a| &a.glossary);
    let mut terms: Vec<(&GlossaryEntry, Vec<&Text>)> = Vec::new();
    for entry in all {
        match terms.iter_mut().find(|(first, _)| first.term == entry.term) {
            Some((_, details)) if details.contains(&&entry.definition) => {}
            Some((_, details)) => details.push(&entry.definition),
            None => terms.push((entry, vec![&entry.definition])),
        }
    }
    terms.sort_by(|a, b| collation.compare(&a.0.term, &b.0.term));
    let mut flow = Vec::new();
    let grouped = terms.chunk_by(|a, b| collation.group(&a.0.term) == collation.group(&b.0.term));
    for group in grouped {
        let label = group.first().map(|(entry, _)| collation.group(&entry.term));
        flow.extend(label.map(Element::GroupLabel));
        let definitions = group.iter().map(|(entry, details)| {
            let reading = entry.reading.clone().or_else(|| readings.of_word(&entry.term));
            Definition {
                term: term(&entry.term, reading.as_deref(), &packet.language),
                details: details.iter().map(|t| vec![Block::Paragraph((*t).clone())]).collect(),
            }
        });
        flow.push(Element::Block(Block::Definitions(definitions.collect())));
    }
    draft(packet, SectionKind::Glossary, Label::Glossary, "glossary", flow)
}

/// A term with its reading in brackets.
pub(super) fn term(term: &str, reading: Option<&str>, language: &Language) -> Text {
    Text::plain(match reading {
        Some(reading) if language.is_cjk() => format!("{term}（{reading}）"),
        Some(reading) => format!("{term} ({reading})"),
        None => term.to_owned(),
    })
}

/// The sources of all articles in reading order, numbered as GB/T 7714 numbers them.
pub(super) fn bibliography(packet: &Packet) -> Option<Draft> {
    let articles = packet.articles().chain(&packet.appendices);
    let entries: Vec<(String, &Article)> =
        articles.filter_map(|a| citation::entry(a).map(|e| (e, a))).collect();
    if entries.is_empty() {
        return None;
    }
    let items = entries.into_iter().map(|(entry, article)| {
        let url = article.source.as_ref().and_then(|s| s.url.as_ref());
        let text = match url.and_then(|url| entry.split_once(url.as_str()).map(|p| (url, p))) {
            Some((url, (before, after))) => Text(vec![
                Inline::Plain(before.to_owned()),
                Inline::Link {
                    target: url.clone().into(),
                    title: None,
                    text: Text::plain(url.clone()),
                },
                Inline::Plain(after.to_owned()),
            ]),
            None => Text::plain(entry),
        };
        ListItem { checked: None, body: vec![Block::Paragraph(text)] }
    });
    let list = List { numbering: Some(Numbering::Bracketed), start: 1, items: items.collect() };
    let flow = vec![Element::Block(Block::List(list))];
    draft(packet, SectionKind::Bibliography, Label::Bibliography, "references", flow)
}

/// A section of the packet's own with its title; `None` without anything to hold.
pub(super) fn draft(
    packet: &Packet,
    kind: SectionKind,
    label: Label,
    name: &str,
    rest: Vec<Element>,
) -> Option<Draft> {
    if rest.is_empty() && kind != SectionKind::Index {
        return None;
    }
    let title = Text::plain(label.text(&packet.language));
    let mut flow = vec![Element::Title(title.clone())];
    flow.extend(rest);
    Some(Draft {
        kind,
        level: 1,
        title,
        language: packet.language.clone(),
        flow,
        origin: packet.origin.clone(),
        name: None,
        writing_mode: None,
        fallback: name.to_owned(),
        labels: Labels::new(),
    })
}
