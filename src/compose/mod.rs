//! Compose: model → [`Book`], the one structure that PDF and EPUB share.
//!
//! [`compose_article`] and [`compose_packet`] lay the model out as drafts of sections (`article`,
//! `packet`), name them (`ids`), lift their notes (`notes`), load their pictures (`pictures`) and
//! check their links (`links`). Contents for both outputs come from [`Book::contents`].

mod article;
mod back;
mod book;
mod citation;
mod contents;
mod front;
mod ids;
mod index;
mod length;
mod links;
mod notes;
mod numbers;
mod packet;
mod pictures;
mod qr;
mod readings;
pub(crate) mod walk;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub use article::compose_article;
pub use book::{
    Anchor, Book, BookCover, ContentsEntry, Element, LabelledRole, LinkTarget, Section, SectionId,
    SectionKind, Volume,
};
pub use contents::HeadingDepths;
pub use index::{IndexEntry, IndexGroup, IndexMark};
pub(crate) use length::characters as count_characters;
pub use links::Reference;
pub use packet::compose_packet;
pub use qr::Qr;

use crate::diagnostic::{Code, Diagnostic, Failure, Message, Outcome};
use crate::model::{At, Block, Inline, Language, Text, WritingMode};
use pictures::Loader;
use walk::Node;

/// Collects what is found wrong in one file.
pub(crate) struct Report<'r> {
    /// The file that diagnostics without one belong to.
    file: Option<PathBuf>,
    errors: &'r mut Vec<Diagnostic>,
    warnings: &'r mut Vec<Diagnostic>,
}

impl Report<'_> {
    pub(crate) fn error(&mut self, diagnostic: Diagnostic) {
        self.errors.push(self.placed(diagnostic));
    }

    pub(crate) fn warn(&mut self, diagnostic: Diagnostic) {
        self.warnings.push(self.placed(diagnostic));
    }

    fn placed(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        if diagnostic.file.is_none() {
            diagnostic.file.clone_from(&self.file);
        }
        diagnostic
    }
}

/// A section before it has a name.
struct Draft {
    kind: SectionKind,
    level: u8,
    title: Text,
    language: Language,
    flow: Vec<Element>,
    origin: Option<PathBuf>,
    /// Direction of its lines, if it has its own.
    writing_mode: Option<WritingMode>,
    /// Name given by the author.
    name: Option<At<String>>,
    /// Slug to be named by when the author gave none.
    fallback: String,
    /// What its numbered elements are called.
    labels: numbers::Labels,
}

/// Names the drafts and makes sections of them: notes lifted, ids given, pictures loaded.
fn finish(
    drafts: Vec<Draft>,
    loader: &mut Loader,
    errors: &mut Vec<Diagnostic>,
    warnings: &mut Vec<Diagnostic>,
) -> Vec<Section> {
    let wishes: Vec<(String, bool)> = drafts
        .iter()
        .map(|draft| match &draft.name {
            Some(name) => (ids::slug(name), true),
            None => (draft.fallback.clone(), false),
        })
        .collect();
    let names = ids::name_sections(&wishes);
    let mut given = BTreeSet::new();
    let mut sections = Vec::with_capacity(drafts.len());
    for (draft, id) in drafts.into_iter().zip(names) {
        let mut report = Report { file: draft.origin.clone(), errors, warnings };
        if let Some(name) = &draft.name
            && !given.insert(name.value.clone())
        {
            let message = Message::new(
                format!("two articles have the id '{}'; links lead to the first", name.value),
                format!("两篇文章的 id 都是“{}”，链接指向第一篇", name.value),
            );
            report.warn(Diagnostic::warning(Code::Duplicate, message).at(name.pos));
        }
        sections.push(section(draft, id, loader, &mut report));
    }
    sections
}

fn section(draft: Draft, id: SectionId, loader: &mut Loader, report: &mut Report<'_>) -> Section {
    let Draft {
        kind,
        level,
        title,
        language,
        mut flow,
        origin,
        writing_mode,
        name,
        fallback: _,
        labels,
    } = draft;
    let mut notes = notes::lift(&mut flow, report);
    let note_order = notes::order(&flow, &notes, report);
    let anchors = name_elements(&mut flow, &mut notes, &note_order, report);
    let mut section = Section {
        id,
        name: name.map(|n| n.value),
        writing_mode,
        kind,
        level,
        title,
        language,
        flow,
        notes,
        note_order,
        anchors,
        labels,
        marks: Vec::new(),
        pictures: BTreeMap::new(),
        origin,
    };
    load_pictures(&mut section, loader, report);
    section
}

/// Names the elements of a flow, then those of its notes in the order they are set.
fn name_elements(
    flow: &mut [Element],
    notes: &mut notes::Notes,
    order: &[String],
    report: &mut Report<'_>,
) -> BTreeSet<String> {
    // `name_elements` works on lists of blocks: take them out of the flow and put them back.
    let mut blocks: Vec<Block> = Vec::new();
    for element in flow.iter_mut() {
        if let Element::Block(block) = element {
            blocks.push(std::mem::replace(block, Block::Divider));
        }
    }
    let mut in_order: Vec<(String, Vec<Block>)> =
        order.iter().filter_map(|label| notes.remove_entry(label)).collect();
    let mut bodies: Vec<&mut Vec<Block>> = vec![&mut blocks];
    bodies.extend(in_order.iter_mut().map(|(_, body)| body));
    let anchors = ids::name_elements(&mut bodies, report);
    notes.extend(in_order);
    let mut named = blocks.into_iter();
    for element in flow {
        if let Element::Block(block) = element
            && let Some(back) = named.next()
        {
            *block = back;
        }
    }
    anchors
}

/// Loads every picture that a section shows, reporting those without alternative text.
fn load_pictures(section: &mut Section, loader: &mut Loader, report: &mut Report<'_>) {
    let mut wanted: Vec<&At<String>> = Vec::new();
    let mut visit = |node| collect(node, &mut wanted, report);
    section.flow.iter().for_each(|element| walk::element(element, &mut visit));
    let bodies = section.note_order.iter().filter_map(|label| section.notes.get(label));
    bodies.for_each(|body| walk::blocks(body, &mut visit));
    let mut loaded = BTreeMap::new();
    for src in wanted {
        if let Some(id) = loader.load(src, section.origin.as_deref(), report) {
            loaded.insert(src.value.clone(), id);
        }
    }
    section.pictures = loaded;
}

fn collect<'a>(node: Node<'a>, wanted: &mut Vec<&'a At<String>>, report: &mut Report<'_>) {
    match node {
        Node::Block(Block::Figure(figure)) => {
            wanted.extend(&figure.src);
            if let (Some(src), None) = (&figure.src, &figure.alt) {
                report.warn(no_alt(src));
            }
        }
        Node::Text(text) => text.visit(&mut |inline| {
            if let Inline::Image(image) = inline {
                wanted.push(&image.src);
            }
        }),
        Node::Block(_) => {}
    }
}

fn no_alt(src: &At<String>) -> Diagnostic {
    let message = Message::new(
        format!("the picture '{}' has no alternative text", src.value),
        format!("图片“{}”没有替代文字", src.value),
    );
    let hint = Message::new(
        "add 'alt': what the picture says to somebody who can't see it; \"\" if it only decorates",
        "请加 alt：对看不见图片的人说明图意；纯装饰用空字符串",
    );
    Diagnostic::warning(Code::MissingAlt, message).at(src.pos).hint(hint)
}

/// The book, or all errors found.
fn checked(book: Book, errors: Vec<Diagnostic>, warnings: &mut Vec<Diagnostic>) -> Outcome<Book> {
    warnings.extend(book.dead_links());
    if errors.is_empty() { Ok(book) } else { Err(Failure(errors)) }
}

/// The slug of a file's name without its ending.
fn stem(origin: Option<&Path>) -> String {
    let stem = origin.and_then(Path::file_stem).map(|s| s.to_string_lossy().into_owned());
    ids::slug(&stem.unwrap_or_default())
}

/// Decodes `%XX`; bytes that are no UTF-8 leave the text as it is.
pub(crate) fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let code = (first == b'%')
            .then(|| tail.get(..2))
            .flatten()
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(code.unwrap_or(first));
        rest = if code.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
