//! `keben check`: everything that is wrong or doubtful, with its place, and what there is in all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Printer;
use crate::compose::walk::{self, Node};
use crate::compose::{Book, SectionKind, count_characters};
use crate::diagnostic::{Code, Diagnostic, Failure, Locale, Message, Outcome, Severity};
use crate::export;
use crate::font::FontBook;
use crate::input::{self, Publication};
use crate::model::{Article, Block, Pos, Region};

/// Longest title that a line of a contents page holds, in characters.
const LONGEST_TITLE: usize = 40;

/// Checks files and says what they hold.
///
/// # Errors
/// All errors found, in all files.
pub(super) fn check(inputs: &[PathBuf], printer: &Printer) -> Outcome<()> {
    let mut failures = Vec::new();
    let fonts = FontBook::new(&[], &mut failures);
    for path in inputs {
        let found = match one(path, &fonts, printer) {
            Ok(diagnostics) => diagnostics,
            Err(Failure(errors)) => errors,
        };
        for diagnostic in found {
            if diagnostic.severity == Severity::Error {
                failures.push(diagnostic);
            } else {
                printer.print(&diagnostic);
            }
        }
    }
    failures.retain(|d| d.severity == Severity::Error);
    if failures.is_empty() { Ok(()) } else { Err(Failure(failures)) }
}

fn one(path: &Path, fonts: &FontBook, printer: &Printer) -> Outcome<Vec<Diagnostic>> {
    let loaded = input::load(path)?;
    let mut diagnostics = loaded.warnings;
    for article in articles(&loaded.publication) {
        let file = article.origin.clone().unwrap_or_else(|| path.to_owned());
        let source = std::fs::read_to_string(&file).unwrap_or_default();
        let mut found = input::check(article);
        found.extend(head(article, &source));
        found.extend(glyphs(article, &source, fonts));
        diagnostics.extend(found.into_iter().map(|d| match d.file {
            Some(_) => d,
            None => d.in_file(&file),
        }));
    }
    // Composing loads the pictures and follows the links.
    let (book, composed) = export::book(std::slice::from_ref(&path.to_owned()), None)?;
    for diagnostic in composed {
        if !diagnostics.contains(&diagnostic) {
            diagnostics.push(diagnostic);
        }
    }
    printer.say(&Counts::of(&book).line(path, printer.locale));
    Ok(diagnostics)
}

fn articles(publication: &Publication) -> Vec<&Article> {
    match publication {
        Publication::Article(article) => vec![article],
        Publication::Packet(packet) => packet.articles().chain(&packet.appendices).collect(),
    }
}

/// Titles too long and dates missing.
fn head(article: &Article, source: &str) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let title = article.title.to_plain();
    let length = title.chars().count();
    let begin: String = title.chars().take(4).collect();
    let pos = place(source, &begin).or(Some(Pos::new(1, 1)));
    if length > LONGEST_TITLE {
        let message = Message::new(
            format!("the title has {length} characters: contents and running heads cut it"),
            format!("标题长达 {length} 字，目录和书眉排不下"),
        );
        let hint = Message::new("move a part of it to 'subtitle'", "可把一部分移到“subtitle”");
        out.push(Diagnostic::warning(Code::Overfull, message).at(pos).hint(hint));
    }
    if article.date.is_none() {
        let message = Message::new("the article has no date", "文章没有日期");
        let hint =
            Message::new("add 'date': 2022-11-26, 2022-11 or 2022", "请加“date”，如 2022-11-26");
        out.push(Diagnostic::warning(Code::MissingField, message).at(pos).hint(hint));
    }
    out
}

/// Characters that no face on this machine has, each with how often and the first place.
fn glyphs(article: &Article, source: &str, fonts: &FontBook) -> Vec<Diagnostic> {
    let mut met: BTreeMap<char, usize> = BTreeMap::new();
    let mut add = |text: &str| text.chars().for_each(|c| *met.entry(c).or_insert(0) += 1);
    add(&article.title.to_plain());
    for text in article.subtitle.iter().chain(&article.summary).chain(&article.editor_note) {
        add(&text.to_plain());
    }
    article.questions.iter().for_each(|q| add(&q.to_plain()));
    let mut visit = |node: Node<'_>| match node {
        Node::Text(text) => add(&text.to_plain()),
        Node::Block(Block::Code(code)) => add(&code.text),
        Node::Block(_) => {}
    };
    walk::blocks(&article.body, &mut visit);
    met.into_iter()
        .filter(|(c, _)| !c.is_control() && !is_invisible(*c))
        .filter(|(c, _)| fonts.fallback(*c, Region::Hans).is_none())
        .map(|(c, count)| {
            let message = Message::new(
                format!("no face has a glyph for U+{:04X} {c}, met {count} times", u32::from(c)),
                format!("没有字体含有 U+{:04X} {c}（{count} 次）", u32::from(c)),
            );
            let hint = Message::new(
                "name a folder with a font that has it: --font-dir DIR",
                "请用 --font-dir 指定含有该字的字体文件夹",
            );
            let pos = place(source, &c.to_string());
            Diagnostic::warning(Code::MissingGlyph, message).at(pos).hint(hint)
        })
        .collect()
}

/// Characters without ink, which need no glyph: marks of direction, joiners, selectors.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0100}'..='\u{E01EF}')
}

/// Line and column of the first place where a text stands in a source.
fn place(source: &str, text: &str) -> Option<Pos> {
    if text.is_empty() {
        return None;
    }
    let before = &source[..source.find(text)?];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
    Some(Pos::new(u32::try_from(line).ok()?, u32::try_from(column).ok()?))
}

/// What a publication holds.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    articles: usize,
    characters: usize,
    figures: usize,
    tables: usize,
    notes: usize,
    questions: usize,
}

impl Counts {
    fn of(book: &Book) -> Self {
        let mut counts = Self::default();
        for section in &book.sections {
            counts.articles += usize::from(section.kind == SectionKind::Article);
            counts.notes += section.notes.len();
            let mut visit = |node: Node<'_>| match node {
                Node::Block(Block::Figure(_)) => counts.figures += 1,
                Node::Block(Block::Table(_)) => counts.tables += 1,
                Node::Block(Block::Code(code)) => counts.characters += count_characters(&code.text),
                Node::Block(_) => {}
                Node::Text(text) => counts.characters += count_characters(&text.to_plain()),
            };
            section.flow.iter().for_each(|element| walk::element(element, &mut visit));
            section.notes.values().for_each(|note| walk::blocks(note, &mut visit));
        }
        counts.questions = book.questions;
        counts
    }

    fn line(&self, path: &Path, locale: Locale) -> String {
        let Self { articles, characters, figures, tables, notes, questions } = self;
        let path = path.display();
        match locale {
            Locale::En => format!(
                "{path}: {articles} articles, {characters} characters, {figures} figures, \
                 {tables} tables, {notes} notes, {questions} questions"
            ),
            Locale::Zh => format!(
                "{path}：{articles} 篇，{characters} 字，图 {figures}，表 {tables}，注 {notes}，思考题 {questions}"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_in_characters() {
        assert_eq!(place("一二\n三四五", "五"), Some(Pos::new(2, 3)));
        assert_eq!(place("一", "二"), None);
    }
}
