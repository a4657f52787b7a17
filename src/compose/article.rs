//! An article as a section: its head, body, questions, glossary and source line.

use std::path::Path;

use super::contents::running;
use super::numbers::Numbers;
use super::pictures::Loader;
use super::qr::Qr;
use super::readings::Readings;
use super::{
    Book, BookCover, Draft, Element, LabelledRole, SectionKind, back, checked, finish, length, stem,
};
use crate::diagnostic::{Diagnostic, Outcome};
use crate::labels::{self, Label};
use crate::model::{
    Article, At, Author, Block, Definition, GlossaryPlace, Heading, Inline, Language, NoteSpace,
    Pinyin, Questions, SourceRef, Study, Text,
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
    let study = Study::plain();
    let numbers = &mut Numbers::new(&study.numbering);
    let title = &article.title;
    let draft = draft(article, title, &article.language, 1, &study, numbers);
    let sections = finish(vec![draft], &mut loader, &mut errors, warnings);
    let book = Book {
        title: running(&article.title),
        subtitle: article.subtitle.as_ref().map(running),
        creators: article.authors.clone(),
        publisher: None,
        date: article.date,
        language: article.language.clone(),
        identifier: None,
        series: None,
        description: article.summary.as_ref().map(Text::to_plain),
        subjects: article.keywords.clone(),
        source: article.source.as_ref().and_then(|s| s.name.clone().or_else(|| s.url.clone())),
        cover: BookCover::None,
        has_contents: false,
        line_numbers: study.line_numbers,
        note_column: false,
        questions: article.questions.len(),
        volumes: None,
        volume: None,
        sections,
        pictures: loader.pictures,
    };
    checked(book, errors, warnings)
}

/// Lays an article out as a section of level `level`, in `language`.
///
/// - `title`: its title with its number.
pub(super) fn draft(
    article: &Article,
    title: &Text,
    language: &Language,
    level: u8,
    study: &Study,
    numbers: &mut Numbers<'_>,
) -> Draft {
    let mut flow = vec![Element::Title(title.clone())];
    flow.extend(article.subtitle.clone().map(Element::Subtitle));
    flow.extend(byline(&article.authors, language).map(Element::Byline));
    flow.extend(dateline(article, language).map(Element::Dateline));
    if study.reading_time {
        flow.push(Element::Dateline(Text::plain(length::line(article, language))));
    }
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
    let mut body = article.body.clone();
    let labels = numbers.body(&mut body);
    let mut asked = article.questions.clone();
    if study.pinyin != Pinyin::None {
        let readings = Readings::new(&study.readings, language);
        let mut seen = std::collections::BTreeSet::new();
        readings.annotate(&mut body, study.pinyin, &mut seen);
        asked.iter_mut().for_each(|q| readings.text(q, study.pinyin, &mut seen));
    }
    flow.extend(body.into_iter().map(Element::Block));
    if study.questions == Questions::Article && !asked.is_empty() {
        flow.push(headed(Label::Questions, language));
        flow.extend(back::questions(&asked, study.answer_lines));
    }
    if study.glossary == GlossaryPlace::Article {
        flow.extend(glossary(article, language));
    }
    flow.extend(source_line(article.source.as_ref(), language).map(Element::SourceLine));
    if study.qr {
        let url = article.source.as_ref().and_then(|s| s.url.as_deref());
        flow.extend(url.and_then(Qr::of).map(Element::Qr));
    }
    if study.notes == NoteSpace::Pages {
        flow.push(Element::NotePage { title: Label::NotePage.text(language).to_owned() });
    }
    Draft {
        kind: SectionKind::Article,
        level,
        title: running(title),
        language: language.clone(),
        flow,
        origin: article.origin.clone(),
        name: article.id.clone(),
        writing_mode: article.writing_mode,
        fallback: stem(article.origin.as_deref()),
        labels,
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

fn glossary(article: &Article, language: &Language) -> Vec<Element> {
    if article.glossary.is_empty() {
        return Vec::new();
    }
    let definitions = article
        .glossary
        .iter()
        .map(|entry| {
            let details = vec![vec![Block::Paragraph(entry.definition.clone())]];
            Definition {
                term: back::term(&entry.term, entry.reading.as_deref(), language),
                details,
            }
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
