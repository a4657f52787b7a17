//! A packet as a book: foreword, parts with their opening pages, articles, afterword.

use std::path::Path;

use super::article;
use super::contents::running;
use super::pictures::Loader;
use super::{Book, BookCover, Draft, Element, Report, SectionKind, checked, finish};
use crate::diagnostic::{Diagnostic, Outcome};
use crate::labels::Label;
use crate::model::{Article, Author, Block, Contents, Cover, Language, Packet, Text};

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
    let drafts = drafts(packet);
    let sections = finish(drafts, &mut loader, &mut errors, warnings);
    let cover = match &packet.cover {
        Cover::Drawn => BookCover::Drawn,
        Cover::None => BookCover::None,
        Cover::Picture(src) => {
            let file = packet.origin.clone();
            let mut report = Report { file, errors: &mut errors, warnings };
            loader
                .load(src, packet.origin.as_deref(), &mut report)
                .map_or(BookCover::None, BookCover::Picture)
        }
    };
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
        description: None,
        subjects: Vec::new(),
        source: None,
        cover,
        has_contents: true,
        sections,
        pictures: loader.pictures,
    };
    checked(book, errors, warnings)
}

fn drafts(packet: &Packet) -> Vec<Draft> {
    let mut out = Vec::new();
    out.extend(matter(packet, &packet.foreword, SectionKind::Foreword));
    let mut parts = 0;
    for entry in &packet.contents {
        match entry {
            Contents::Article(a) => out.push(article::draft(a, language(a, packet), 1)),
            Contents::Part(part) => {
                parts += 1;
                let mut flow = vec![Element::Title(part.title.clone())];
                flow.extend(part.intro.iter().cloned().map(Element::Block));
                out.push(Draft {
                    kind: SectionKind::Part,
                    level: 1,
                    title: running(&part.title),
                    language: packet.language.clone(),
                    flow,
                    origin: packet.origin.clone(),
                    name: None,
                    fallback: format!("part-{parts}"),
                });
                out.extend(part.articles.iter().map(|a| article::draft(a, language(a, packet), 2)));
            }
        }
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
        fallback: name.to_owned(),
    })
}

/// An article's own language, or the packet's where it names none.
fn language<'a>(article: &'a Article, packet: &'a Packet) -> &'a Language {
    if article.language_given { &article.language } else { &packet.language }
}
