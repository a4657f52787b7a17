//! An article as a section: its head, body, questions, glossary and source line.

use std::path::Path;

use super::contents::running;
use super::pictures::Loader;
use super::{Book, BookCover, Draft, Element, LabelledRole, SectionKind, checked, finish, stem};
use crate::diagnostic::{Diagnostic, Outcome};
use crate::labels::{self, Label};
use crate::model::{
    Article, At, Author, Block, Definition, Heading, Inline, Language, List, ListItem, Numbering,
    SourceRef, Text,
};

/// Composes one article as a publication of its own: no contents page, no cover.
///
/// - `root`: the folder that pictures may not leave.
/// - `warnings`: what is wrong but set anyway is added here.
///
/// # Errors
///
/// All pictures that can't be used and notes without text, with their places.
pub fn compose_article(
    article: &Article,
    root: &Path,
    warnings: &mut Vec<Diagnostic>,
) -> Outcome<Book> {
    let mut loader = Loader::new(root);
    let mut errors = Vec::new();
    let draft = draft(article, &article.language, 1);
    let sections = finish(vec![draft], &mut loader, &mut errors, warnings);
    let book = Book {
        title: running(&article.title),
        subtitle: article.subtitle.as_ref().map(running),
        creators: article.authors.clone(),
        publisher: None,
        date: article.date,
        language: article.language.clone(),
        identifier: None,
        description: article.summary.as_ref().map(Text::to_plain),
        subjects: article.keywords.clone(),
        source: article.source.as_ref().and_then(|s| s.name.clone().or_else(|| s.url.clone())),
        cover: BookCover::None,
        has_contents: false,
        sections,
        pictures: loader.pictures,
    };
    checked(book, errors, warnings)
}

/// Lays an article out as a section of level `level`, in `language`.
pub(super) fn draft(article: &Article, language: &Language, level: u8) -> Draft {
    let mut flow = vec![Element::Title(article.title.clone())];
    flow.extend(article.subtitle.clone().map(Element::Subtitle));
    flow.extend(byline(&article.authors, language).map(Element::Byline));
    flow.extend(dateline(article, language).map(Element::Dateline));
    let labelled = |role, label: Label, text| Element::Labelled {
        role,
        label: label.text(language).to_owned(),
        text,
    };
    flow.extend(
        article
            .editor_note
            .clone()
            .map(|t| labelled(LabelledRole::EditorNote, Label::EditorNote, t)),
    );
    flow.extend(
        article.summary.clone().map(|t| labelled(LabelledRole::Summary, Label::Summary, t)),
    );
    if !article.keywords.is_empty() {
        let separator = if language.is_cjk() { "；" } else { "; " };
        let text = Text::plain(article.keywords.join(separator));
        flow.push(labelled(LabelledRole::Keywords, Label::Keywords, text));
    }
    flow.extend(article.body.iter().cloned().map(Element::Block));
    flow.extend(questions(&article.questions, language));
    flow.extend(glossary(article, language));
    flow.extend(source_line(article.source.as_ref(), language).map(Element::SourceLine));
    Draft {
        kind: SectionKind::Article,
        level,
        title: running(&article.title),
        language: language.clone(),
        flow,
        origin: article.origin.clone(),
        name: article.id.clone(),
        fallback: stem(article.origin.as_deref()),
    }
}

/// Names with what they did and their offices: `任贤良（国家互联网信息办公室副主任）`.
pub(super) fn byline(authors: &[Author], language: &Language) -> Option<Text> {
    let cjk = language.is_cjk();
    let names: Vec<String> = authors
        .iter()
        .map(|author| {
            let role = labels::role_word(author.role.as_deref(), language);
            let mut out = author.name.clone();
            match (cjk, role.is_empty()) {
                (_, true) => {}
                (true, false) => out.push_str(&format!("\u{a0}{role}")),
                (false, false) => out.push_str(&format!(" ({role})")),
            }
            if let Some(affiliation) = &author.affiliation {
                out.push_str(&if cjk {
                    format!("（{affiliation}）")
                } else {
                    format!(", {affiliation}")
                });
            }
            out
        })
        .collect();
    // Chinese print parts names by a full-width space (GB/T 7713.2).
    let separator = if cjk { "　" } else { "; " };
    (!names.is_empty()).then(|| Text::plain(names.join(separator)))
}

/// Source and date, below the byline.
fn dateline(article: &Article, language: &Language) -> Option<Text> {
    let source = article.source.as_ref().and_then(|s| s.name.clone());
    let date = article.date.map(|d| labels::date(d, language));
    let parts: Vec<String> = source.into_iter().chain(date).collect();
    let separator = if language.is_cjk() { "　" } else { ", " };
    (!parts.is_empty()).then(|| Text::plain(parts.join(separator)))
}

fn questions(questions: &[Text], language: &Language) -> Vec<Element> {
    if questions.is_empty() {
        return Vec::new();
    }
    let items = questions
        .iter()
        .map(|q| ListItem { checked: None, body: vec![Block::Paragraph(q.clone())] })
        .collect();
    let list = List { numbering: Some(Numbering::Arabic), start: 1, items };
    vec![headed(Label::Questions, language), Element::Block(Block::List(list))]
}

fn glossary(article: &Article, language: &Language) -> Vec<Element> {
    if article.glossary.is_empty() {
        return Vec::new();
    }
    let definitions = article
        .glossary
        .iter()
        .map(|entry| {
            let term = match &entry.reading {
                Some(reading) if language.is_cjk() => format!("{}（{reading}）", entry.term),
                Some(reading) => format!("{} ({reading})", entry.term),
                None => entry.term.clone(),
            };
            let details = vec![vec![Block::Paragraph(entry.definition.clone())]];
            Definition { term: Text::plain(term), details }
        })
        .collect();
    vec![headed(Label::Glossary, language), Element::Block(Block::Definitions(definitions))]
}

fn headed(label: Label, language: &Language) -> Element {
    Element::Block(Block::Heading(Heading::new(1, label.text(language))))
}

/// `来源：人民日报，2022年第3期，https://…`, the address as a link.
fn source_line(source: Option<&SourceRef>, language: &Language) -> Option<Text> {
    let source = source?;
    let mut parts: Vec<Inline> = Vec::new();
    for part in source.name.iter().chain(&source.issue) {
        parts.push(Inline::Plain(part.clone()));
    }
    if let Some(url) = &source.url {
        parts.push(Inline::Link {
            target: At::from(url.clone()),
            title: None,
            text: Text::plain(url.clone()),
        });
    }
    if parts.is_empty() {
        return None;
    }
    let separator = if language.is_cjk() { "，" } else { ", " };
    let mut out = Vec::new();
    for (at, part) in parts.into_iter().enumerate() {
        let before = if at == 0 {
            format!("{}{}", Label::Source.text(language), labels::colon(language))
        } else {
            separator.to_owned()
        };
        out.push(Inline::Plain(before));
        out.push(part);
    }
    Some(Text(out))
}
