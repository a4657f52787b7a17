//! The whole publication: sections made up to pages, numbered, with contents, running heads and
//! links that know their places.

use std::collections::BTreeMap;

use super::answer::{self, Counter, note_column, with_note_column};
use super::cover::cover;
use super::line::{LineLink, LineNote};
use super::margin::{Hand, Titles, folio, has_room_for_a_line, origin, running_head};
use super::page::{Draft, Frame, NoteSource, make_up};
use super::place::Placement;
use super::setter::{Setter, Themes};
use super::strip::{Break, FRAME_ASCENT, Running, Strip};
use super::upright::MIDDLE;
use super::{
    AreaTarget, Content, Document, Glyph, GlyphRun, Item, LinkArea, NodeId, OutlineEntry, Page,
    Place, Rect, Role as Tagged, StructNode, Tag, contents, section,
};
use crate::compose::{Anchor, Book, Element, LinkTarget, Section, SectionKind};
use crate::diagnostic::{Code, Diagnostic, Message};
use crate::font::FontBook;
use crate::labels::Label;
use crate::model::WritingMode;
use crate::numbering::{circled, roman};
use crate::theme::{Opening, Paper, Theme};
use crate::units::Pt;

/// Sets a book in a theme.
///
/// Returns the pages and what has to be reported: characters without a glyph, links that lead
/// nowhere. Deterministic: the same book, theme and font book give the same document.
pub fn layout(book: &Book, theme: &Theme, fonts: &FontBook) -> (Document, Vec<Diagnostic>) {
    let narrowed = book.note_column.then(|| with_note_column(theme));
    let made = settle(book, theme, narrowed.as_ref(), fonts);
    (made.document, made.warnings)
}

/// Where everything stands in a whole book that is to be divided.
pub(super) struct Whole {
    /// Number of pages.
    pub pages: usize,
    /// Page numbers as they are shown.
    pub folios: BTreeMap<Anchor, String>,
    /// Indices of pages.
    pub places: BTreeMap<Anchor, usize>,
}

/// Sets a whole book to see where everything stands.
pub(super) fn lay_whole(book: &Book, theme: &Theme, fonts: &FontBook) -> Whole {
    let narrowed = book.note_column.then(|| with_note_column(theme));
    let Pass { document, folios, .. } = settle(book, theme, narrowed.as_ref(), fonts);
    let places = document.anchors.iter().map(|(a, place)| (a.clone(), place.page)).collect();
    Whole { pages: document.pages.len(), folios, places }
}

/// Sets a book as often as its references to its own pages need.
fn settle(book: &Book, theme: &Theme, narrowed: Option<&Theme>, fonts: &FontBook) -> Pass {
    // A volume takes its page numbers from the whole.
    if let Some(volume) = &book.volume {
        return lay(book, theme, narrowed, fonts, volume.folios.clone());
    }
    let mut folios = BTreeMap::new();
    let mut pass = 0;
    loop {
        pass += 1;
        let made = lay(book, theme, narrowed, fonts, folios.clone());
        // A book that names its own pages is set again until they stay where they are.
        if !made.asked || made.folios == folios || pass == MOST_PASSES {
            return made;
        }
        folios = made.folios;
    }
}

/// Passes over a book that refers to its own pages: the second knows the numbers, the third those
/// that moved because a number was longer than expected; more never brought a change.
const MOST_PASSES: usize = 4;

/// What one pass made.
struct Pass {
    document: Document,
    warnings: Vec<Diagnostic>,
    /// Page numbers of all anchors.
    folios: BTreeMap<Anchor, String>,
    /// Whether page numbers were asked for.
    asked: bool,
}

/// Sets a book once, with the page numbers of the pass before.
fn lay(
    book: &Book,
    theme: &Theme,
    narrowed: Option<&Theme>,
    fonts: &FontBook,
    known: BTreeMap<Anchor, String>,
) -> Pass {
    let mode = theme.writing_mode;
    let turned = theme.clone().in_mode(mode.other());
    let mut setter = Setter::new(book, theme, fonts);
    setter.themes = Themes { noted: narrowed.unwrap_or(theme), usual: theme, turned: &turned };
    setter.folios = known;
    setter.vertical = false;
    let mut assembly = Assembly::default();
    assembly.document.right_to_left = book.writing_mode(mode) == WritingMode::Vertical;
    let cover_page = cover(&mut setter);

    let mut made: Vec<(&Section, Vec<Draft>)> = Vec::new();
    for run in runs(&book.sections, theme) {
        made.push((&run[0], make_run(&mut setter, run)));
    }
    let is_front = |s: &Section| s.kind.is_front();

    // Numbers: front matter i, ii, …; body 1, 2, …. Contents come after the foreword, so every
    // folio they show is known before they are set.
    let mut folios: BTreeMap<Anchor, String> = BTreeMap::new();
    let before = book.volume.as_ref().map_or(0, |v| v.pages_before);
    let (mut front, mut body) = (0u32, before);
    for (part, drafts) in &made {
        let counter = if is_front(part) { &mut front } else { &mut body };
        *counter += blank_before(part, theme, *counter);
        for draft in drafts {
            *counter += 1;
            let label = if is_front(part) { roman(*counter) } else { counter.to_string() };
            for anchor in draft.strips.iter().flat_map(|(_, s)| &s.anchors) {
                folios.entry(anchor.clone()).or_insert_with(|| label.clone());
            }
        }
    }

    setter.section = None;
    setter.take_theme(None, mode);
    setter.language = book.language.clone();
    let toc = book.has_contents.then(|| {
        let strips = match &book.volume {
            Some(volume) => contents::contents(&mut setter, &volume.contents, &|a| {
                volume.folios.get(a).cloned()
            }),
            None => contents::contents(&mut setter, &book.contents(2), &|a| folios.get(a).cloned()),
        };
        drafts(&setter, strips, &NoteSource::new())
    });

    if let Some(page) = cover_page {
        assembly.document.pages.push(page);
    }
    let mut number = Numbering::default();
    // Drafts are given away, so that a long book is not held twice.
    let (front, body): (Vec<_>, Vec<_>) = made.into_iter().partition(|(s, _)| is_front(s));
    for (part, drafts) in front {
        assembly.section(&mut setter, Some(part), drafts, &mut number, true);
    }
    if let Some(drafts) = toc {
        assembly.section(&mut setter, None, drafts, &mut number, true);
    }
    number.count = before;
    for (part, drafts) in body {
        assembly.blanks(blank_before(part, theme, number.count), theme, &mut number);
        assembly.section(&mut setter, Some(part), drafts, &mut number, false);
    }
    let mut document = assembly.finish(&setter);
    document.outline = outline(book, &document);
    document.structure = std::mem::take(&mut setter.structure);
    let mut warnings = std::mem::take(&mut setter.warnings);
    warnings.extend(missing_glyphs(&setter));
    Pass { document, warnings, folios, asked: setter.asked }
}

fn frame(theme: &Theme) -> Frame {
    let page = &theme.page;
    let rule = page.measure() * theme.notes.rule.clamp(0.0, 1.0);
    let longer = has_room_for_a_line(theme);
    Frame { pitch: page.pitch, lines: page.lines, size: page.size, rule, longer }
}

/// The sections that are made up together: articles that run on are one run with what stands before
/// them; anything else is a run of its own. Never empty.
fn runs<'b>(sections: &'b [Section], theme: &Theme) -> impl Iterator<Item = &'b [Section]> {
    let run_on = theme.articles == Opening::RunOn;
    sections.chunk_by(move |before, section| {
        let joins = |s: &Section| s.kind == SectionKind::Article;
        let alike = before.level == section.level && before.writing_mode == section.writing_mode;
        run_on && joins(before) && joins(section) && alike
    })
}

/// Blank pages that a section wants before it, after `count` numbered ones: one if it opens on the
/// right and the next page is a left one. They are counted (typesetting.md §13).
fn blank_before(section: &Section, theme: &Theme, count: u32) -> u32 {
    let opening = match section.kind {
        SectionKind::Part => theme.parts,
        SectionKind::Article => theme.articles,
        _ => return 0,
    };
    u32::from(opening == Opening::Recto && count % 2 == 1)
}

/// Makes up sections that run on.
fn make_run<'a>(setter: &mut Setter<'a>, run: &'a [Section]) -> Vec<Draft> {
    let mut strips: Vec<Strip> = Vec::new();
    let mut notes = NoteSource::new();
    for section in run {
        let (mut own, mut own_notes) = make_section(setter, section);
        if run.len() > 1 {
            // Labels are names inside one section.
            let name = |label: &str| format!("{} {label}", section.id.0);
            let rename = |strips: &mut Vec<Strip>| {
                for note in strips.iter_mut().flat_map(|s| &mut s.notes) {
                    note.label = name(&note.label);
                }
            };
            rename(&mut own);
            own_notes.values_mut().for_each(rename);
            own_notes = own_notes.into_iter().map(|(label, s)| (name(&label), s)).collect();
        }
        if let Some(first) = own.first_mut() {
            first.running = Some(Running::Article(section.title.to_plain()));
            if !strips.is_empty() {
                first.before = Break::Allowed;
                strips.push(Strip::space(setter.theme.page.pitch));
            }
        }
        strips.append(&mut own);
        notes.append(&mut own_notes);
    }
    let mut made = drafts(setter, strips, &notes);
    // Pages to write on stand by themselves, so that they never spoil the last page of the text.
    for element in run.iter().flat_map(|section| section.flow.last()) {
        if let Element::NotePage { title } = element {
            let node = setter.node(Tagged::Sect, NodeId(0));
            let area = section::body_area(setter, node);
            let page = answer::note_page(setter, title, area);
            made.append(&mut drafts(setter, page, &NoteSource::new()));
        }
    }
    made
}

/// Makes up pages in the direction that is set.
fn drafts(setter: &Setter<'_>, strips: Vec<Strip>, notes: &NoteSource) -> Vec<Draft> {
    let mut drafts = make_up(strips, notes, frame(setter.theme));
    drafts.iter_mut().for_each(|draft| draft.vertical = setter.vertical);
    drafts
}

/// Direction of a section's lines.
fn mode_of(section: &Section, usual: WritingMode) -> WritingMode {
    match section.kind {
        // Facts about the book stand in rows.
        SectionKind::Colophon => WritingMode::Horizontal,
        _ => section.writing_mode.unwrap_or(usual),
    }
}

/// Sets a section and its notes.
fn make_section<'a>(setter: &mut Setter<'a>, part: &'a Section) -> (Vec<Strip>, NoteSource) {
    setter.section = Some(part);
    setter.take_theme(Some(part), mode_of(part, setter.themes.usual.writing_mode));
    setter.language = part.language.clone();
    let role = match part.kind {
        SectionKind::Part => Tagged::Part,
        SectionKind::Article | SectionKind::Appendix => Tagged::Art,
        _ => Tagged::Sect,
    };
    // What stands in a part belongs to it.
    if part.level <= 1 {
        setter.part = None;
    }
    let node = setter.node(role, setter.part.unwrap_or(NodeId(0)));
    if part.kind == SectionKind::Part {
        setter.part = Some(node);
    }
    setter.references.clear();
    if part.language != setter.book.language
        && let Some(node) = setter.node_mut(node)
    {
        node.language = Some(part.language.tag().to_owned());
    }
    let strips = section::section(setter, part, node);
    let notes = section::notes(setter, part, node);
    (strips, notes)
}

fn outline(book: &Book, document: &Document) -> Vec<OutlineEntry> {
    let places: BTreeMap<&Anchor, Place> = document.anchors.iter().map(|(a, p)| (a, *p)).collect();
    book.contents(u8::MAX)
        .into_iter()
        .filter_map(|entry| {
            let place = *places.get(&entry.anchor)?;
            Some(OutlineEntry { level: entry.level, title: entry.title.to_plain(), place })
        })
        .collect()
}

fn missing_glyphs(setter: &Setter<'_>) -> Option<Diagnostic> {
    let missing = setter.missing();
    if missing.is_empty() {
        return None;
    }
    let list: Vec<String> =
        missing.iter().map(|(c, count)| format!("U+{:04X} {c} ×{count}", u32::from(*c))).collect();
    let list = list.join(", ");
    Some(
        Diagnostic::warning(
            Code::MissingGlyph,
            Message::new(
                format!("no face has a glyph for {list}; a box stands in their place"),
                format!("没有字体含有以下字符：{list}；页面上以方框代替"),
            ),
        )
        .hint(Message::new(
            "name a folder with a font that has them: --font-dir DIR",
            "请用 --font-dir 指定含有这些字符的字体文件夹",
        )),
    )
}

#[derive(Default)]
struct Numbering {
    count: u32,
}

#[derive(Default)]
struct Assembly {
    document: Document,
    /// Links whose places are known only when all pages are there: page, link.
    links: Vec<(usize, LineLink)>,
    /// What running heads show.
    titles: Titles,
    /// Sections placed so far.
    sections: usize,
    /// Footnote marks.
    marks: Vec<NoteMark>,
}

/// A footnote mark on its page.
struct NoteMark {
    section: usize,
    label: String,
    node: NodeId,
    /// Whether it stands before the note itself, not in the text that refers to it.
    own: bool,
    page: usize,
    rect: Rect,
}

impl Assembly {
    /// Begins a section: what stands in a part belongs to it.
    fn open(&mut self, section: Option<&Section>) {
        let title = section.map(|s| s.title.to_plain());
        match section {
            Some(s) if s.kind == SectionKind::Part => self.titles.part = title.clone(),
            Some(s) if s.level > 1 => {}
            _ => self.titles.part = None,
        }
        self.titles.article = title;
        self.titles.heading = None;
    }

    /// Pages that are counted and show nothing.
    fn blanks(&mut self, count: u32, theme: &Theme, number: &mut Numbering) {
        let Paper { width, height } = theme.page.paper;
        for _ in 0..count {
            number.count += 1;
            let label = number.count.to_string();
            self.document.pages.push(Page { width, height, label, ..Page::default() });
        }
    }

    /// Turns the drafts of a section into pages.
    fn section(
        &mut self,
        setter: &mut Setter<'_>,
        part: Option<&Section>,
        drafts: Vec<Draft>,
        number: &mut Numbering,
        front: bool,
    ) {
        self.open(part);
        self.sections += 1;
        let body = part.is_some_and(|p| p.kind.is_text());
        let mut counter = Counter::new(setter.book.line_numbers);
        for (index, draft) in drafts.into_iter().enumerate() {
            let mode = match draft.vertical {
                true => WritingMode::Vertical,
                false => WritingMode::Horizontal,
            };
            setter.take_theme(part, mode);
            // What stands around the text runs across.
            setter.vertical = false;
            let (paper, theme) = (setter.theme.page.paper, setter.theme);
            number.count += 1;
            let label = if front { roman(number.count) } else { number.count.to_string() };
            let page_index = self.document.pages.len();
            let hand = Hand::of(number.count, self.document.right_to_left);
            let (left, top) = origin(theme, hand);
            let place = Placement { left, top, width: theme.area().0, vertical: draft.vertical };
            let mut page =
                Page { width: paper.width, height: paper.height, label, ..Page::default() };
            for (y, strip) in draft.strips {
                for anchor in &strip.anchors {
                    let (x, top) = place.point(Pt::ZERO, y);
                    let at = Place { page: page_index, x, y: top };
                    self.document.anchors.push((anchor.clone(), at));
                }
                page.items.extend(strip.items.into_iter().map(|item| place.item(item, y)));
                if body && strip.counted {
                    // Above the line where lines run down.
                    let em = theme.page.size;
                    let (x, y) = match draft.vertical {
                        true => place.point(em * -1.5, y - em * 0.7),
                        false => (left, top + y),
                    };
                    page.items.extend(counter.count(setter, x, y));
                }
                match &strip.running {
                    Some(Running::Article(title)) => {
                        counter.restart();
                        self.titles.article = Some(title.clone());
                        self.titles.heading = None;
                    }
                    Some(Running::Heading(title)) => self.titles.heading = Some(title.clone()),
                    None => {}
                }
                for mut link in strip.links {
                    link.rect.y += y;
                    link.rect = place.rect(link.rect);
                    self.links.push((page_index, link));
                }
                for note in &strip.notes {
                    let n = draft.note_order.iter().position(|l| *l == note.label);
                    let Some(n) = n else { continue };
                    let Some((item, width)) = mark(setter, note, n as u32 + 1, draft.vertical)
                    else {
                        continue;
                    };
                    let item = place.item(item, y);
                    let top = y + note.y - note.style.size;
                    let height = note.style.size * 1.2;
                    let rect = place.rect(Rect { x: note.x, y: top, width, height });
                    self.marks.push(NoteMark {
                        section: self.sections,
                        label: note.label.clone(),
                        node: note.style.node,
                        own: in_note(&setter.structure, note.style.node),
                        page: page_index,
                        rect,
                    });
                    match page.items.iter_mut().rev().find(|i| keeps_place(i, note.style.node)) {
                        Some(kept) => *kept = item,
                        None => page.items.push(item),
                    }
                }
            }
            if body && setter.book.note_column && !draft.vertical {
                note_column(&mut page, theme, hand);
            }
            // None on opening pages (CLREQ §headers_footers).
            if index > 0 {
                running_head(setter, &mut page, &self.titles, number.count, hand);
            }
            // Title page and copyright page are counted, but show no number (typesetting.md §13).
            if part.is_none_or(|p| p.kind.in_contents()) {
                folio(setter, &mut page, hand);
            }
            self.document.pages.push(page);
        }
    }

    /// Marks lead to their notes and notes back to their first marks.
    fn note_links(&mut self, setter: &Setter<'_>) {
        let mut ends: BTreeMap<(usize, &str, bool), usize> = BTreeMap::new();
        for (index, mark) in self.marks.iter().enumerate() {
            ends.entry((mark.section, &mark.label, mark.own)).or_insert(index);
        }
        for mark in &self.marks {
            let other = ends.get(&(mark.section, &mark.label, !mark.own));
            let Some(other) = other.and_then(|index| self.marks.get(*index)) else { continue };
            let label = if mark.own { Label::BackToText } else { Label::Note };
            self.document.pages[mark.page].links.push(LinkArea {
                rect: mark.rect,
                target: AreaTarget::Place(Place {
                    page: other.page,
                    x: other.rect.x,
                    y: other.rect.y,
                }),
                tag: Tag::Node(mark.node),
                description: label.text(&setter.book.language).to_owned(),
            });
        }
    }

    fn finish(mut self, setter: &Setter<'_>) -> Document {
        self.note_links(setter);
        let mut document = self.document;
        let places: BTreeMap<Anchor, Place> = document.anchors.iter().cloned().collect();
        for (page, link) in self.links {
            let target = match link.target {
                LinkTarget::External(url) => AreaTarget::Web(url),
                LinkTarget::Internal(anchor) => {
                    let whole = Anchor { element: None, ..anchor.clone() };
                    match places.get(&anchor).or_else(|| places.get(&whole)) {
                        Some(place) => AreaTarget::Place(*place),
                        None => continue, // reported as dead when the book was composed
                    }
                }
                LinkTarget::Dead => continue,
            };
            document.pages[page].links.push(LinkArea {
                rect: link.rect,
                target,
                tag: Tag::Node(link.node),
                description: link.description,
            });
        }
        document
    }
}

/// The number of a footnote, at its mark in the text or before the note itself.
fn mark(setter: &mut Setter<'_>, note: &LineNote, n: u32, vertical: bool) -> Option<(Item, Pt)> {
    let text = circled(n);
    let size = note.style.size;
    // A circled number stands upright in a vertical line; in brackets it lies along it.
    let upright = vertical && text.chars().count() == 1;
    let mut x = Pt::ZERO;
    let mut glyphs = Vec::new();
    let mut chosen = None;
    for (start, c) in text.char_indices() {
        let (face, id, advance) = setter.single(c, &note.style);
        if *chosen.get_or_insert(face) != face {
            continue; // brackets and digits of one face: circled numbers are single characters
        }
        let (dx, dy) = match upright {
            true => (size * FRAME_ASCENT, advance / 2.0 - size * MIDDLE),
            false => (x, Pt::ZERO),
        };
        glyphs.push(Glyph { id, dx, dy, text_start: start as u32 });
        x += advance;
    }
    let item = Item {
        tag: Tag::Node(note.style.node),
        content: Content::Glyphs(GlyphRun {
            face: chosen?,
            size,
            x: note.x,
            y: note.y,
            stretch: 1.0,
            turned: upright,
            color: note.style.color,
            text,
            glyphs,
        }),
    };
    Some((item, x))
}

/// Whether a node belongs to a note, not to the text.
fn in_note(structure: &[StructNode], node: NodeId) -> bool {
    let mut at = Some(node);
    while let Some(node) = at.and_then(|id| structure.get(id.0 as usize)) {
        match node.role {
            Tagged::Note => return true,
            Tagged::Reference => return false,
            _ => at = node.parent,
        }
    }
    false
}

/// Whether an item keeps the place of the footnote mark of `node`.
fn keeps_place(item: &Item, node: NodeId) -> bool {
    let empty = matches!(&item.content, Content::Glyphs(run) if run.glyphs.is_empty());
    empty && item.tag == Tag::Node(node)
}
