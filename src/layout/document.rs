//! The whole publication: sections made up to pages, numbered, with contents, running heads and
//! links that know their places.

use std::collections::BTreeMap;

use super::cover::{cover, margin_line};
use super::line::{LineLink, LineNote};
use super::page::{Draft, Frame, make_up};
use super::setter::Setter;
use super::style::TextStyle;
use super::{
    AreaTarget, Color, Content, Document, Glyph, GlyphRun, Item, LinkArea, NodeId, OutlineEntry,
    Page, Place, Rect, Role as Tagged, Shape, Tag, contents, section,
};
use crate::compose::{Anchor, Book, LinkTarget, Section, SectionKind};
use crate::diagnostic::{Code, Diagnostic, Message};
use crate::font::FontBook;
use crate::numbering::{circled, roman};
use crate::theme::{FolioPlace, Role, Theme};
use crate::units::Pt;

/// Sets a book in a theme.
///
/// Returns the pages and what has to be reported: characters without a glyph, links that lead
/// nowhere. Deterministic: the same book, theme and font book give the same document.
pub fn layout(book: &Book, theme: &Theme, fonts: &FontBook) -> (Document, Vec<Diagnostic>) {
    let mut setter = Setter::new(book, theme, fonts);
    let mut assembly = Assembly::default();
    let cover_page = cover(&mut setter);

    let mut made: Vec<(&Section, Vec<Draft>)> = Vec::new();
    for part in &book.sections {
        made.push((part, make_section(&mut setter, part)));
    }
    let is_front = |s: &Section| s.kind == SectionKind::Foreword;

    // Numbers: front matter i, ii, …; body 1, 2, …. Contents come after the foreword, so every
    // folio they show is known before they are set.
    let mut folios: BTreeMap<Anchor, String> = BTreeMap::new();
    let (mut front, mut body) = (0u32, 0u32);
    for (part, drafts) in &made {
        let counter = if is_front(part) { &mut front } else { &mut body };
        for draft in drafts {
            *counter += 1;
            let label = if is_front(part) { roman(*counter) } else { counter.to_string() };
            for anchor in draft.strips.iter().flat_map(|(_, s)| &s.anchors) {
                folios.entry(anchor.clone()).or_insert_with(|| label.clone());
            }
        }
    }

    setter.section = None;
    setter.language = book.language.clone();
    let toc = book.has_contents.then(|| {
        let strips =
            contents::contents(&mut setter, &book.contents(2), &|a| folios.get(a).cloned());
        make_up(strips, &BTreeMap::new(), frame(theme))
    });

    if let Some(page) = cover_page {
        assembly.document.pages.push(page);
    }
    let mut number = Numbering::default();
    for (part, drafts) in made.iter().filter(|(s, _)| is_front(s)) {
        assembly.section(&mut setter, Some(part), drafts, &mut number, true);
    }
    if let Some(drafts) = &toc {
        assembly.section(&mut setter, None, drafts, &mut number, true);
    }
    number.count = 0;
    for (part, drafts) in made.iter().filter(|(s, _)| !is_front(s)) {
        assembly.section(&mut setter, Some(part), drafts, &mut number, false);
    }
    let mut document = assembly.finish(&setter);
    document.outline = outline(book, &document);
    document.structure = std::mem::take(&mut setter.structure);
    let mut warnings = std::mem::take(&mut setter.warnings);
    warnings.extend(missing_glyphs(&setter));
    (document, warnings)
}

fn frame(theme: &Theme) -> Frame {
    let page = &theme.page;
    Frame { pitch: page.pitch, lines: page.lines, size: page.size, measure: page.measure() }
}

fn make_section<'a>(setter: &mut Setter<'a>, part: &'a Section) -> Vec<Draft> {
    setter.section = Some(part);
    setter.language = part.language.clone();
    let role = match part.kind {
        SectionKind::Part => Tagged::Part,
        SectionKind::Article => Tagged::Art,
        SectionKind::Foreword | SectionKind::Afterword => Tagged::Sect,
    };
    let node = setter.node(role, NodeId(0));
    if part.language != setter.book.language
        && let Some(node) = setter.node_mut(node)
    {
        node.language = Some(part.language.tag().to_owned());
    }
    let strips = section::section(setter, part, node);
    let notes = section::notes(setter, part, node);
    make_up(strips, &notes, frame(setter.theme))
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
}

impl Assembly {
    /// Turns the drafts of a section into pages.
    fn section(
        &mut self,
        setter: &mut Setter<'_>,
        part: Option<&Section>,
        drafts: &[Draft],
        number: &mut Numbering,
        front: bool,
    ) {
        let (paper, theme) = (setter.theme.page.paper, setter.theme);
        let (left, top) = origin(theme);
        for (index, draft) in drafts.iter().enumerate() {
            number.count += 1;
            let label = if front { roman(number.count) } else { number.count.to_string() };
            let page_index = self.document.pages.len();
            let mut page =
                Page { width: paper.width, height: paper.height, label, ..Page::default() };
            for (y, strip) in &draft.strips {
                for anchor in &strip.anchors {
                    let place = Place { page: page_index, x: left, y: top + *y };
                    self.document.anchors.push((anchor.clone(), place));
                }
                page.items.extend(strip.items.iter().cloned().map(|mut item| {
                    item.shift(left, top + *y);
                    item
                }));
                for link in &strip.links {
                    let mut link = link.clone();
                    link.rect.x += left;
                    link.rect.y += top + *y;
                    self.links.push((page_index, link));
                }
                for note in &strip.notes {
                    let n = draft.note_order.iter().position(|l| *l == note.label);
                    if let Some(n) = n {
                        page.items.extend(mark(setter, note, n as u32 + 1, left, top + *y));
                    }
                }
            }
            if theme.running_heads && index > 0 {
                running_head(setter, &mut page, part, number.count);
            }
            folio(setter, &mut page, number.count);
            self.document.pages.push(page);
        }
    }

    fn finish(self, _setter: &Setter<'_>) -> Document {
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

/// Top left corner of the type area: in the middle of the page, on a whole point so that every
/// page begins on the same device pixels.
fn origin(theme: &Theme) -> (Pt, Pt) {
    let page = &theme.page;
    let middle = |paper: Pt, area: Pt| Pt(((paper - area) / 2.0).0.floor());
    (middle(page.paper.width, page.measure()), middle(page.paper.height, page.height()))
}

/// The number of a footnote, at its mark in the text or before the note itself.
fn mark(setter: &mut Setter<'_>, note: &LineNote, n: u32, left: Pt, top: Pt) -> Option<Item> {
    let text = circled(n);
    let mut x = Pt::ZERO;
    let mut glyphs = Vec::new();
    let mut chosen = None;
    for (start, c) in text.char_indices() {
        let (face, id, advance) = setter.single(c, &note.style);
        if *chosen.get_or_insert(face) != face {
            continue; // brackets and digits of one face: circled numbers are single characters
        }
        glyphs.push(Glyph { id, dx: x, dy: Pt::ZERO, text_start: start as u32 });
        x += advance;
    }
    Some(Item {
        tag: Tag::Node(note.style.node),
        content: Content::Glyphs(GlyphRun {
            face: chosen?,
            size: note.style.size,
            x: left + note.x,
            y: top + note.y,
            stretch: 1.0,
            turned: false,
            color: note.style.color,
            text,
            glyphs,
        }),
    })
}

/// Verso carries the book's title, recto the section's, over a thin rule; opening pages none
/// (CLREQ §headers_footers).
fn running_head(setter: &mut Setter<'_>, page: &mut Page, part: Option<&Section>, number: u32) {
    let theme = setter.theme;
    let (left, top) = origin(theme);
    let measure = theme.page.measure();
    let size = theme.small * 0.92;
    let style = TextStyle { color: Color::grey(70), ..setter.style(Role::Kai, size, NodeId(0)) };
    let recto = number % 2 == 1;
    let text = match part {
        Some(part) if recto => part.title.to_plain(),
        _ => setter.book.title.to_plain(),
    };
    let mut line = margin_line(setter, &text, &style, measure * 0.8);
    let x = if recto { left + measure - line.width } else { left };
    let baseline = (top - theme.page.pitch * 1.1).max(top * 0.6);
    line.shift(x, baseline);
    artifacts(page, line.items);
    let rect = Rect { x: left, y: baseline + size * 0.45, width: measure, height: Pt(0.4) };
    let rule = Shape::filled_rect(rect, Color::grey(150));
    page.items.push(Item { tag: Tag::Artifact, content: Content::Shape(rule) });
}

/// The page number below the type area.
fn folio(setter: &mut Setter<'_>, page: &mut Page, number: u32) {
    let theme = setter.theme;
    let (left, top) = origin(theme);
    let measure = theme.page.measure();
    let style = setter.style(Role::Song, theme.small, NodeId(0));
    let label = page.label.clone();
    let mut line = margin_line(setter, &label, &style, measure);
    let x = match theme.folio {
        FolioPlace::Center => left + (measure - line.width) / 2.0,
        FolioPlace::Outer if number % 2 == 1 => left + measure - line.width,
        FolioPlace::Outer => left,
    };
    let bottom = top + theme.page.height();
    let margin = page.height - bottom;
    line.shift(x, bottom + (theme.page.pitch * 1.4).min(margin * 0.6) + theme.small * 0.4);
    artifacts(page, line.items);
}

fn artifacts(page: &mut Page, items: Vec<Item>) {
    page.items.extend(items.into_iter().map(|item| Item { tag: Tag::Artifact, ..item }));
}
