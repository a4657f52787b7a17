//! A packet as a book: foreword, parts with their opening pages, articles, afterword.

use std::path::Path;

use super::article;
use super::contents::running;
use super::numbers::{Labels, Numbers};
use super::pictures::Loader;
use super::readings::Readings;
use super::{
    Book, BookCover, Draft, Element, Report, SectionKind, back, checked, finish, front, index,
};
use crate::diagnostic::{Code, Diagnostic, Message, Outcome};
use crate::labels::Label;
use crate::model::{
    Article, Author, Block, Contents, Cover, Language, NoteSpace, Packet, Questions, Text,
};

/// Composes a packet.
///
/// - `root`: the folder that pictures may not leave.
/// - `warnings`: what is wrong but set anyway is added here.
///
/// # Errors
///
/// All pictures that can't be used and notes without text, in all articles, with their places.
pub fn compose_packet(
    packet: &Packet,
    root: &Path,
    warnings: &mut Vec<Diagnostic>,
) -> Outcome<Book> {
    let mut loader = Loader::new(root);
    let mut errors = Vec::new();
    let study = &packet.study;
    for word in Readings::wrong(&study.readings) {
        let message = Message::new(
            format!("the reading of '{word}' needs one syllable for each character"),
            format!("“{word}”的读音须一字一个音节，以空格分开"),
        );
        let warning = Diagnostic::warning(Code::InvalidValue, message);
        warnings.push(match &packet.origin {
            Some(file) => warning.in_file(file),
            None => warning,
        });
    }
    let drafts = drafts(packet);
    let mut sections = finish(drafts, &mut loader, &mut errors, warnings);
    let cover = match &packet.cover {
        Cover::Drawn(design) => BookCover::Drawn(*design),
        Cover::None => BookCover::None,
        Cover::Picture(src) => {
            let file = packet.origin.clone();
            let mut report = Report { file, errors: &mut errors, warnings };
            loader
                .load(src, packet.origin.as_deref(), &mut report)
                .map_or(BookCover::None, BookCover::Picture)
        }
    };
    if let Some(order) = study.index {
        let groups = index::make(packet, order, &mut sections, warnings);
        match sections.iter_mut().find(|s| s.kind == SectionKind::Index) {
            Some(section) if !groups.is_empty() => section.flow.push(Element::Index(groups)),
            _ => sections.retain(|s| s.kind != SectionKind::Index),
        }
    }
    let compiler = packet.compiler.clone().map(|name| Author {
        name,
        role: Some("com".to_owned()),
        affiliation: None,
    });
    let book = Book {
        title: running(&packet.title),
        subtitle: packet.subtitle.as_ref().map(running),
        creators: compiler.into_iter().collect(),
        publisher: packet.publisher.clone(),
        date: packet.date,
        language: packet.language.clone(),
        identifier: packet.identifier.clone(),
        series: packet.series.clone(),
        description: None,
        subjects: Vec::new(),
        source: None,
        cover,
        has_contents: true,
        line_numbers: study.line_numbers,
        note_column: study.notes == NoteSpace::Margin,
        questions: packet.articles().map(|a| a.questions.len()).sum(),
        volumes: study.volumes,
        volume: None,
        sections,
        pictures: loader.pictures,
    };
    checked(book, errors, warnings)
}

fn drafts(packet: &Packet) -> Vec<Draft> {
    let study = &packet.study;
    let mut out = Vec::new();
    if study.title_page {
        out.push(front::title_page(packet));
    }
    out.extend(study.colophon.as_ref().map(|c| front::colophon(packet, c)));
    out.extend(matter(packet, &packet.foreword, SectionKind::Foreword));
    let mut parts = 0;
    let mut numbers = Numbers::new(&study.numbering);
    // Titles of the articles with their numbers, in reading order.
    let mut titles = Vec::new();
    for entry in &packet.contents {
        match entry {
            Contents::Article(a) => {
                let title = numbers.article(&a.title);
                out.push(article::draft(a, &title, language(a, packet), 1, study, &mut numbers));
                titles.push(running(&title));
            }
            Contents::Part(part) => {
                parts += 1;
                let title = numbers.part(&part.title);
                let mut flow = vec![Element::Title(title.clone())];
                flow.extend(part.intro.iter().cloned().map(Element::Block));
                out.push(Draft {
                    kind: SectionKind::Part,
                    level: 1,
                    title: running(&title),
                    language: packet.language.clone(),
                    flow,
                    origin: packet.origin.clone(),
                    name: None,
                    writing_mode: None,
                    fallback: format!("part-{parts}"),
                    labels: Labels::new(),
                });
                for a in &part.articles {
                    let title = numbers.article(&a.title);
                    out.push(article::draft(
                        a,
                        &title,
                        language(a, packet),
                        2,
                        study,
                        &mut numbers,
                    ));
                    titles.push(running(&title));
                }
            }
        }
    }
    if study.questions == Questions::Collected {
        out.extend(back::all_questions(packet, &titles));
    }
    for a in &packet.appendices {
        let title = numbers.appendix(&a.title);
        let draft = article::draft(a, &title, language(a, packet), 1, study, &mut numbers);
        out.push(Draft { kind: SectionKind::Appendix, ..draft });
    }
    if let Some(order) = study.glossary.order() {
        out.extend(back::glossary(
            packet,
            order,
            &Readings::new(&study.readings, &packet.language),
        ));
    }
    if study.bibliography {
        out.extend(back::bibliography(packet));
    }
    if study.index.is_some() {
        // What it holds is known when all other sections have their names.
        let kind = SectionKind::Index;
        out.extend(back::draft(packet, kind, Label::Index, "index", Vec::new()));
    }
    out.extend(matter(packet, &packet.afterword, SectionKind::Afterword));
    out
}

/// Text before or after the articles. If it begins with a heading, that is its title.
fn matter(packet: &Packet, body: &[Block], kind: SectionKind) -> Option<Draft> {
    let (label, name) = match kind {
        SectionKind::Foreword => (Label::Foreword, "foreword"),
        _ => (Label::Afterword, "afterword"),
    };
    let (title, rest) = match body {
        [] => return None,
        [Block::Heading(heading), rest @ ..] => (heading.text.clone(), rest),
        all => (Text::plain(label.text(&packet.language)), all),
    };
    let mut flow = vec![Element::Title(title.clone())];
    flow.extend(rest.iter().cloned().map(Element::Block));
    Some(Draft {
        kind,
        level: 1,
        title: running(&title),
        language: packet.language.clone(),
        flow,
        origin: packet.origin.clone(),
        name: None,
        writing_mode: None,
        fallback: name.to_owned(),
        labels: Labels::new(),
    })
}

/// An article's own language, or the packet's where it names none.
fn language<'a>(article: &'a Article, packet: &'a Packet) -> &'a Language {
    if article.language_given { &article.language } else { &packet.language }
}
