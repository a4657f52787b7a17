//! DOCX in: `word/document.xml` of Office Open XML (ECMA-376) as drafts.
//!
//! Paragraphs with their styles, runs with bold, emphasis marks and ruby, lists, tables, pictures,
//! footnotes and endnotes. Deleted text and field codes are left out, inserted text is text.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::draft::{Candidate, Draft, Known, Look};
use super::epub::{attribute, elements, entity_char, local};
use super::evidence::byline;
use super::package::{Package, broken, join};
use super::pictures::Store;
use crate::diagnostic::Failure;
use crate::model::{
    At, Block, Cell, Figure, Heading, Inline, List, ListItem, Numbering, Row, RubyPair, Table, Text,
};

/// A document taken apart.
pub(super) struct Document {
    pub(super) drafts: Vec<Draft>,
    pub(super) known: Known,
    pub(super) pictures: Store,
}

/// Deepest nesting that is followed; Word itself goes to a few dozen.
const DEEPEST: usize = 400;

pub(super) fn read(bytes: &[u8], stem: &str) -> Result<Document, Failure> {
    let mut package = Package::open(bytes)?;
    let main = package.text("word/document.xml").ok_or_else(|| broken("word/document.xml"))?;
    let mut known = Known { fallback: stem.to_owned(), ..Known::default() };
    if let Some(core) = package.text("docProps/core.xml") {
        elements(&core, |name, _, text| match name {
            "title" if !text.trim().is_empty() => {
                known.title.push(Candidate::new(text.trim().to_owned(), 0.4, "properties"));
            }
            "creator" => {
                let people = byline::authors(text);
                if !people.is_empty() {
                    // the owner of the computer, often enough
                    known.authors.push(Candidate::new(people, 0.4, "properties"));
                }
            }
            _ => {}
        });
    }
    let mut parts = Parts::default();
    if let Some(styles) = package.text("word/styles.xml") {
        parts.styles(&styles);
    }
    if let Some(numbering) = package.text("word/numbering.xml") {
        parts.numbering(&numbering);
    }
    if let Some(relations) = package.text("word/_rels/document.xml.rels") {
        elements(&relations, |name, element, _| {
            if name == "Relationship"
                && let (Some(id), Some(target)) =
                    (attribute(element, "Id"), attribute(element, "Target"))
            {
                let external = attribute(element, "TargetMode").as_deref() == Some("External");
                let target = if external { target } else { join("word/document.xml", &target) };
                parts.relations.insert(id, target);
            }
        });
    }
    let mut pictures = Store::new();
    for name in package.names() {
        if name.starts_with("word/media/")
            && let Some(bytes) = package.bytes(&name)
        {
            pictures.insert(format!("/{name}"), bytes);
        }
    }
    let mut drafts = parts.body(&main);
    let mut notes: BTreeMap<String, Vec<Block>> = BTreeMap::new();
    for (file, element, prefix) in
        [("word/footnotes.xml", "footnote", ""), ("word/endnotes.xml", "endnote", "e")]
    {
        if let Some(source) = package.text(file) {
            for (id, body) in parts.notes(&source, element) {
                let label = format!("{prefix}{id}");
                if parts.referred.contains(&label) && !body.is_empty() {
                    notes.insert(label, body);
                }
            }
        }
    }
    let undefined: Vec<String> =
        parts.referred.iter().filter(|l| !notes.contains_key(*l)).cloned().collect();
    for label in undefined {
        notes.insert(label, vec![Block::Paragraph(Text::plain("…"))]);
    }
    if !notes.is_empty() {
        let mut draft = Draft::new(Block::Footnotes(notes), drafts.len() as u32 + 1);
        draft.look.inner = true;
        drafts.push(draft);
    }
    Ok(Document { drafts, known, pictures })
}

/// What the parts of the package say.
#[derive(Default)]
struct Parts {
    /// Outline level (1–6, 0 for the title) by style.
    levels: BTreeMap<String, u8>,
    /// Names of styles that are captions or quotations.
    roles: BTreeMap<String, &'static str>,
    /// Whether the levels of a numbering are numbers, by its id.
    ordered: BTreeMap<String, bool>,
    relations: BTreeMap<String, String>,
    referred: Vec<String>,
}

/// The paragraph being read.
#[derive(Default)]
struct Paragraph {
    text: Text,
    level: Option<u8>,
    title: bool,
    role: Option<&'static str>,
    list: Option<(usize, bool)>,
    centred: bool,
    figures: Vec<Figure>,
}

/// Marks of the run being read.
#[derive(Default, Clone, Copy)]
struct Run {
    bold: bool,
    italic: bool,
    underline: bool,
    strike: bool,
    dots: bool,
    raised: i8,
}

impl Parts {
    fn styles(&mut self, source: &str) {
        let (mut level, mut name) = (None, String::new());
        elements(source, |element, start, _| match element {
            "outlineLvl" => {
                level = attribute(start, "val")
                    .and_then(|v| v.parse::<u8>().ok())
                    .filter(|l| *l < 6)
                    .map(|l| l + 1);
            }
            "name" => name = attribute(start, "val").unwrap_or_default().to_lowercase(),
            "style" => {
                let id = attribute(start, "styleId").unwrap_or_default();
                let by_name = name
                    .strip_prefix("heading ")
                    .or_else(|| name.strip_prefix("标题 "))
                    .and_then(|n| n.trim().parse::<u8>().ok())
                    .filter(|l| (1..=6).contains(l));
                if name == "title" || name == "标题" {
                    self.levels.insert(id.clone(), 0);
                } else if let Some(level) = by_name.or(level) {
                    self.levels.insert(id.clone(), level);
                }
                if name.contains("caption") || name.contains("题注") {
                    self.roles.insert(id, "caption");
                } else if name.contains("quote") || name.contains("引用") {
                    self.roles.insert(id, "quote");
                }
                (level, name) = (None, String::new());
            }
            _ => {}
        });
    }

    fn numbering(&mut self, source: &str) {
        let mut abstracts: BTreeMap<String, bool> = BTreeMap::new();
        let (mut format, mut inner) = (None, String::new());
        elements(source, |element, start, _| match element {
            "numFmt" => {
                format.get_or_insert_with(|| {
                    attribute(start, "val").is_some_and(|v| v != "bullet" && v != "none")
                });
            }
            "abstractNum" => {
                abstracts.insert(
                    attribute(start, "abstractNumId").unwrap_or_default(),
                    format.take().unwrap_or(false),
                );
            }
            "abstractNumId" => inner = attribute(start, "val").unwrap_or_default(),
            "num" => {
                let ordered = abstracts.get(&inner).copied().unwrap_or(false);
                self.ordered.insert(attribute(start, "numId").unwrap_or_default(), ordered);
            }
            _ => {}
        });
    }

    /// Drafts of the document's body.
    fn body(&mut self, source: &str) -> Vec<Draft> {
        let mut out: Vec<Draft> = Vec::new();
        let blocks = self.blocks(source, |_| true);
        for (block, look) in blocks.into_iter().flat_map(|(_, b)| b) {
            let line = out.len() as u32 + 1;
            // items in a row are one list
            if let (Block::List(list), Some(Draft { block: Block::List(last), .. })) =
                (&block, out.last_mut())
                && last.numbering == list.numbering
            {
                last.items.extend(list.items.clone());
                let text = crate::clean::plain_of(std::slice::from_ref(&block));
                if let Some(draft) = out.last_mut() {
                    draft.text.push('\n');
                    draft.text.push_str(text.trim());
                }
                continue;
            }
            let draft = Draft::new(block, line);
            out.push(Draft { look, ..draft });
        }
        out
    }

    fn notes(&mut self, source: &str, element: &str) -> Vec<(String, Vec<Block>)> {
        let parts = self.blocks(source, |name| name == element);
        parts
            .into_iter()
            .map(|(id, blocks)| (id, blocks.into_iter().map(|(b, _)| b).collect()))
            .collect()
    }

    /// The blocks of a part, grouped by the elements that `opens` names (notes by their ids).
    fn blocks(
        &mut self,
        source: &str,
        opens: impl Fn(&str) -> bool,
    ) -> Vec<(String, Vec<(Block, Look)>)> {
        let mut reader = Reader::from_str(source);
        reader.config_mut().check_end_names = false;
        let mut groups: Vec<(String, Vec<(Block, Look)>)> = vec![(String::new(), Vec::new())];
        let mut path: Vec<String> = Vec::new();
        let mut at = State::default();
        loop {
            match reader.read_event() {
                Ok(Event::Start(start)) => {
                    let name = local(&start);
                    if path.len() > DEEPEST {
                        break;
                    }
                    if matches!(name.as_str(), "footnote" | "endnote") && opens(&name) {
                        groups.push((attribute(&start, "id").unwrap_or_default(), Vec::new()));
                    }
                    self.open(&name, &start, &mut at);
                    path.push(name);
                }
                Ok(Event::Empty(start)) => {
                    let name = local(&start);
                    self.open(&name, &start, &mut at);
                    self.close(&name, &mut at, &mut groups);
                }
                Ok(Event::End(_)) => {
                    if let Some(name) = path.pop() {
                        self.close(&name, &mut at, &mut groups);
                    }
                }
                Ok(Event::Text(text)) => {
                    if path.last().is_some_and(|n| n == "t") {
                        at.string.push_str(&text);
                    }
                }
                Ok(Event::GeneralRef(entity)) => {
                    if path.last().is_some_and(|n| n == "t") {
                        at.string.push(entity_char(&entity));
                    }
                }
                Ok(Event::Eof) | Err(_) => break,
                Ok(_) => {}
            }
        }
        groups
    }

    fn open(&mut self, name: &str, start: &BytesStart<'_>, at: &mut State) {
        let on = || {
            attribute(start, "val")
                .is_none_or(|v| !matches!(v.as_str(), "0" | "false" | "none" | "off"))
        };
        match name {
            "p" => at.paragraphs.push(Paragraph::default()),
            "r" => at.run = Run::default(),
            "b" if at.in_run() => at.run.bold = on(),
            "i" if at.in_run() => at.run.italic = on(),
            "u" if at.in_run() => at.run.underline = on(),
            "strike" if at.in_run() => at.run.strike = on(),
            "em" if at.in_run() => at.run.dots = on(),
            "vertAlign" => {
                at.run.raised = match attribute(start, "val").as_deref() {
                    Some("superscript") => 1,
                    Some("subscript") => -1,
                    _ => 0,
                };
            }
            "pStyle" => {
                let id = attribute(start, "val").unwrap_or_default();
                let level = self.levels.get(&id).copied();
                let role = self.roles.get(&id).copied();
                if let Some(paragraph) = at.paragraphs.last_mut() {
                    paragraph.title = level == Some(0);
                    paragraph.level = level.filter(|l| *l > 0);
                    paragraph.role = role;
                }
            }
            "outlineLvl" => {
                let level =
                    attribute(start, "val").and_then(|v| v.parse::<u8>().ok()).filter(|l| *l < 6);
                if let (Some(paragraph), Some(level)) = (at.paragraphs.last_mut(), level) {
                    paragraph.level = Some(level + 1);
                }
            }
            "jc" => {
                if let Some(paragraph) = at.paragraphs.last_mut() {
                    paragraph.centred = attribute(start, "val").as_deref() == Some("center");
                }
            }
            "ilvl" => at.depth = attribute(start, "val").and_then(|v| v.parse().ok()).unwrap_or(0),
            "numId" => {
                let id = attribute(start, "val").unwrap_or_default();
                let ordered = self.ordered.get(&id).copied().unwrap_or(false);
                let depth = at.depth;
                if let Some(paragraph) = at.paragraphs.last_mut().filter(|_| id != "0") {
                    paragraph.list = Some((depth, ordered));
                }
            }
            "rubyBase" | "rt" => at.string.clear(),
            "ruby" => at.ruby = Some((String::new(), String::new())),
            "hyperlink" => {
                let target = attribute(start, "id").and_then(|id| self.relations.get(&id).cloned());
                let from = at.paragraphs.last().map_or(0, |p| p.text.0.len());
                at.links.push((target.filter(|t| t.contains("://")), from));
            }
            "footnoteReference" | "endnoteReference" => {
                let prefix = if name == "endnoteReference" { "e" } else { "" };
                let label = format!("{prefix}{}", attribute(start, "id").unwrap_or_default());
                if !self.referred.contains(&label) {
                    self.referred.push(label.clone());
                }
                at.push(Inline::NoteRef(At::from(label)));
            }
            "br" | "cr" if attribute(start, "type").is_none_or(|t| t == "textWrapping") => {
                at.push(Inline::LineBreak);
            }
            "tab" if at.in_run() => at.push(Inline::Plain(" ".to_owned())),
            "noBreakHyphen" => at.push(Inline::Plain("-".to_owned())),
            "docPr" => at.alt = attribute(start, "descr").filter(|d| !d.trim().is_empty()),
            "blip" | "imagedata" => {
                let id = attribute(start, "embed")
                    .or_else(|| attribute(start, "id"))
                    .or_else(|| attribute(start, "link"));
                if let (Some(target), Some(paragraph)) =
                    (id.and_then(|id| self.relations.get(&id)), at.paragraphs.last_mut())
                {
                    let src =
                        if target.contains("://") { target.clone() } else { format!("/{target}") };
                    if !paragraph
                        .figures
                        .iter()
                        .any(|f| f.src.as_ref().is_some_and(|s| s.value == src))
                    {
                        paragraph.figures.push(Figure {
                            src: Some(At::from(src)),
                            alt: at.alt.take(),
                            caption: None,
                            credit: None,
                            width: None,
                            id: None,
                        });
                    }
                }
            }
            "tbl" => at.tables.push(Vec::new()),
            "tr" => {
                if let Some(table) = at.tables.last_mut() {
                    table.push(Vec::new());
                }
            }
            "tc" => {
                if let Some(row) = at.tables.last_mut().and_then(|t| t.last_mut()) {
                    row.push(Cell::new(Text::default()));
                }
            }
            "gridSpan" => {
                let span = attribute(start, "val")
                    .and_then(|v| v.parse::<u16>().ok())
                    .filter(|v| (1..=100).contains(v));
                if let (Some(cell), Some(span)) = (at.cell(), span) {
                    cell.colspan = span;
                }
            }
            "vMerge" => {
                let begins = attribute(start, "val").as_deref() == Some("restart");
                if let Some(cell) = at.cell() {
                    // 0 marks a place that the cell above covers, until the table is closed
                    cell.rowspan = u16::from(begins);
                }
                at.merges = true;
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str, at: &mut State, groups: &mut [(String, Vec<(Block, Look)>)]) {
        match name {
            "t" if at.ruby.is_none() => {
                let string = std::mem::take(&mut at.string);
                let inline = at.run.dress(Inline::Plain(string));
                at.push(inline);
            }
            "rt" => {
                if let Some((_, reading)) = &mut at.ruby {
                    *reading = std::mem::take(&mut at.string);
                }
            }
            "rubyBase" => {
                if let Some((base, _)) = &mut at.ruby {
                    *base = std::mem::take(&mut at.string);
                }
            }
            "ruby" => {
                if let Some((base, reading)) = at.ruby.take().filter(|(base, _)| !base.is_empty()) {
                    at.push(Inline::Ruby(vec![RubyPair { base, reading }]));
                }
            }
            "hyperlink" => {
                if let (Some((Some(target), from)), Some(paragraph)) =
                    (at.links.pop(), at.paragraphs.last_mut())
                {
                    let inner = paragraph.text.0.split_off(from.min(paragraph.text.0.len()));
                    if !inner.is_empty() {
                        paragraph.text.0.push(Inline::Link {
                            target: At::from(target),
                            title: None,
                            text: Text(inner),
                        });
                    }
                }
            }
            "p" => {
                let Some(paragraph) = at.paragraphs.pop() else { return };
                if let Some(cell) = at.cell() {
                    if !cell.text.is_empty() && !paragraph.text.is_empty() {
                        cell.text.0.push(Inline::LineBreak);
                    }
                    cell.text.0.extend(paragraph.text.0);
                    return;
                }
                if let Some((_, out)) = groups.last_mut() {
                    paragraph.finish(out);
                }
            }
            "tbl" => {
                let Some(rows) = at.tables.pop() else { return };
                let table = table(rows);
                if let Some(cell) = at.cell() {
                    // a table in a table: its text
                    let text = crate::clean::plain_of(&[Block::Table(table)]);
                    cell.text
                        .0
                        .push(Inline::Plain(text.split_whitespace().collect::<Vec<_>>().join(" ")));
                } else if let Some((_, out)) = groups.last_mut() {
                    out.push((Block::Table(table), Look::default()));
                }
            }
            _ => {}
        }
    }
}

/// Where the reader is.
#[derive(Default)]
struct State {
    paragraphs: Vec<Paragraph>,
    run: Run,
    string: String,
    ruby: Option<(String, String)>,
    links: Vec<(Option<String>, usize)>,
    tables: Vec<Vec<Vec<Cell>>>,
    merges: bool,
    alt: Option<String>,
    depth: usize,
}

impl State {
    fn in_run(&self) -> bool {
        !self.paragraphs.is_empty()
    }

    fn push(&mut self, inline: Inline) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.text.0.push(inline);
        }
    }

    fn cell(&mut self) -> Option<&mut Cell> {
        self.tables.last_mut()?.last_mut()?.last_mut()
    }
}

impl Run {
    /// An inline with the marks of its run.
    fn dress(self, mut inline: Inline) -> Inline {
        let wrap = |on: bool, with: fn(Text) -> Inline, inline: Inline| {
            if on { with(Text(vec![inline])) } else { inline }
        };
        inline = wrap(self.raised > 0, Inline::Superscript, inline);
        inline = wrap(self.raised < 0, Inline::Subscript, inline);
        inline = wrap(self.strike, Inline::Strike, inline);
        inline = wrap(self.underline, Inline::Underline, inline);
        inline = wrap(self.italic || self.dots, Inline::Emphasis, inline);
        wrap(self.bold, Inline::Strong, inline)
    }
}

impl Paragraph {
    fn finish(mut self, out: &mut Vec<(Block, Look)>) {
        merge(&mut self.text);
        let bold = !self.text.is_empty()
            && self.text.0.iter().all(|i| {
                matches!(i, Inline::Strong(_))
                    || matches!(i, Inline::Plain(s) if s.trim().is_empty())
            });
        let look = Look {
            bold: bold || self.title,
            centred: self.centred || self.title,
            ..Look::default()
        };
        for figure in std::mem::take(&mut self.figures) {
            out.push((Block::Figure(figure), Look::default()));
        }
        if self.text.to_plain().trim().is_empty()
            && !self.text.0.iter().any(|i| matches!(i, Inline::NoteRef(_)))
        {
            return;
        }
        if self.role == Some("caption") {
            match out.last_mut().map(|(b, _)| b) {
                Some(Block::Figure(figure)) if figure.caption.is_none() => {
                    figure.caption = Some(self.text);
                    return;
                }
                Some(Block::Table(table)) if table.caption.is_none() => {
                    table.caption = Some(self.text);
                    return;
                }
                _ => {}
            }
        }
        let block = match (self.level, self.list) {
            _ if self.title => Block::Heading(Heading::new(1, unbold(self.text))),
            (Some(level), _) => Block::Heading(Heading::new(level.max(1), unbold(self.text))),
            (None, Some((depth, ordered))) => {
                let numbering = ordered.then_some(Numbering::Arabic);
                let item = ListItem { checked: None, body: vec![Block::Paragraph(self.text)] };
                if depth > 0
                    && let Some((Block::List(outer), _)) = out.last_mut()
                    && let Some(last) = outer.items.last_mut()
                {
                    match last.body.last_mut() {
                        Some(Block::List(inner)) => inner.items.push(item),
                        _ => last.body.push(Block::List(List {
                            numbering,
                            start: 1,
                            items: vec![item],
                        })),
                    }
                    return;
                }
                if let Some((Block::List(list), _)) = out
                    .last_mut()
                    .filter(|(b, _)| matches!(b, Block::List(l) if l.numbering == numbering))
                {
                    list.items.push(item);
                    return;
                }
                Block::List(List { numbering, start: 1, items: vec![item] })
            }
            _ if self.role == Some("quote") => Block::Quote(crate::model::Quote {
                body: vec![Block::Paragraph(self.text)],
                attribution: None,
            }),
            _ => Block::Paragraph(self.text),
        };
        out.push((block, look));
    }
}

/// Joins runs that Word has parted without a reason one can see.
fn merge(text: &mut Text) {
    let mut out: Vec<Inline> = Vec::new();
    for inline in text.0.drain(..) {
        match (out.last_mut(), inline) {
            (Some(Inline::Strong(a)), Inline::Strong(b))
            | (Some(Inline::Emphasis(a)), Inline::Emphasis(b))
            | (Some(Inline::Underline(a)), Inline::Underline(b)) => {
                a.0.extend(b.0);
                merge(a);
            }
            (Some(Inline::Ruby(a)), Inline::Ruby(b)) => a.extend(b),
            (_, other) => out.push(other),
        }
    }
    text.0 = out;
    text.normalise();
}

fn unbold(text: Text) -> Text {
    let mut out = Text(
        text.0
            .into_iter()
            .flat_map(|i| if let Inline::Strong(inner) = i { inner.0 } else { vec![i] })
            .collect(),
    );
    out.normalise();
    out
}

/// Rows of cells, vertical merges made spans.
fn table(mut rows: Vec<Vec<Cell>>) -> Table {
    // rowspan 0 is covered, 1 begins or is ordinary
    let mut starts: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for (r, row) in rows.iter().enumerate() {
        let mut column = 0;
        for (c, cell) in row.iter().enumerate() {
            match cell.rowspan {
                0 => spans.extend(starts.get(&column).copied()),
                _ => {
                    starts.insert(column, (r, c));
                }
            }
            column += usize::from(cell.colspan);
        }
    }
    for (r, c) in spans {
        rows[r][c].rowspan += 1;
    }
    for row in &mut rows {
        row.retain(|cell| cell.rowspan > 0);
    }
    let mut rows: Vec<Row> =
        rows.into_iter().filter(|r| !r.is_empty()).map(|cells| Row { cells }).collect();
    let bold = rows.len() > 1
        && rows[0]
            .cells
            .iter()
            .all(|c| !c.text.is_empty() && c.text.0.iter().all(|i| matches!(i, Inline::Strong(_))));
    let head = if bold { vec![rows.remove(0)] } else { Vec::new() };
    let head = head
        .into_iter()
        .map(|row| Row {
            cells: row.cells.into_iter().map(|c| Cell { text: unbold(c.text), ..c }).collect(),
        })
        .collect();
    Table { head, rows, align: Vec::new(), caption: None, id: None }
}
