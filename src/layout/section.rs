//! A section of the book → strips: its head, its body, its end; and its notes.

use std::collections::BTreeMap;

use super::block::{Area, aligned, blocks, blocks_from, paragraph, titling};
use super::inline::Flat;
use super::paragraph::set;
use super::setter::Setter;
use super::strip::{Break, Strip, paragraph_strips};
use super::style::{Align, ParagraphStyle};
use super::{Color, NodeId, Role as Tagged, answer, front, index, source};
use crate::compose::{Anchor, Element, LabelledRole, Section, SectionKind};
use crate::model::{Block, Region, Text};
use crate::theme::Role;
use crate::units::{Em, Pt};

/// The type area as blocks see it.
pub(crate) fn body_area(setter: &Setter<'_>, node: NodeId) -> Area {
    let page = &setter.theme.page;
    Area {
        left: Pt::ZERO,
        measure: page.measure(),
        role: setter.theme.body,
        size: page.size,
        pitch: page.pitch,
        indent: first_line_indent(setter),
        node,
    }
}

/// Indent of first lines: the theme's in Chinese, one em in Japanese and Korean (JLREQ 3.1.2 sets
/// off paragraphs by one character), and in Western text.
fn first_line_indent(setter: &Setter<'_>) -> Em {
    match setter.region() {
        Region::Hans | Region::Hant | Region::Hk => setter.theme.indent,
        Region::Ja | Region::Ko | Region::Western => Em(setter.theme.indent.0.min(1.0)),
    }
}

/// Sets everything of a section but its notes.
pub(crate) fn section(setter: &mut Setter<'_>, section: &Section, node: NodeId) -> Vec<Strip> {
    if matches!(section.kind, SectionKind::TitlePage | SectionKind::Colophon) {
        return front::page(setter, section, node);
    }
    let area = body_area(setter, node);
    let mut out: Vec<Strip> = Vec::new();
    if section.kind == SectionKind::Part {
        // The name of a part stands a quarter down its opening page. Not blank: it stays there.
        let lines = f64::from(setter.theme.page.lines / 4);
        out.push(Strip { height: area.pitch * lines, ..Strip::default() });
    }
    let mut i = 0;
    while i < section.flow.len() {
        match &section.flow[i] {
            Element::Title(text) => out.extend(title(setter, section, text, area)),
            Element::Subtitle(text) => {
                let inner = Area { role: Role::Kai, size: area.size * 1.15, ..area };
                out.extend(centred(setter, text, inner));
            }
            Element::Byline(text) => {
                let inner = Area { role: Role::Kai, ..area };
                out.extend(centred(setter, text, inner));
            }
            Element::Dateline(text) => {
                let small = setter.theme.small.max(area.size * 0.85);
                let inner = Area { role: Role::Song, size: small, ..area };
                let (inner, align) = in_head(setter, inner);
                out.extend(aligned(setter, text, inner, align, Color::grey(80)));
            }
            Element::Labelled { role, label, text } => {
                out.extend(labelled(setter, *role, label, text, area));
                let more = section.flow.get(i + 1);
                if !matches!(more, Some(Element::Labelled { .. })) {
                    out.push(Strip::space(area.pitch));
                }
            }
            Element::Block(_) => {
                // All blocks in a row together: headings look at what follows them.
                let run: Vec<Block> = section.flow[i..]
                    .iter()
                    .map_while(|e| match e {
                        Element::Block(b) => Some(b.clone()),
                        _ => None,
                    })
                    .collect();
                let mut starts = Vec::with_capacity(run.len() + 1);
                let mut strips = blocks_from(setter, &run, area, &mut starts);
                starts.push(strips.len());
                for (at, ends) in starts.windows(2).enumerate() {
                    let marks: Vec<_> =
                        section.marks.iter().filter(|m| m.element == i + at).collect();
                    index::place(section, &marks, &mut strips[ends[0]..ends[1]]);
                }
                i += run.len();
                out.append(&mut strips);
                continue;
            }
            Element::SourceLine(text) => {
                // Never alone on a page: it belongs to the last lines of the text.
                let mut space = Strip::space(area.pitch);
                space.before = Break::Forbidden;
                out.push(space);
                let qr = match section.flow.get(i + 1) {
                    Some(Element::Qr(qr)) => Some(qr),
                    _ => None,
                };
                let mut line = source::source(setter, Some(text), qr, area);
                line.iter_mut().for_each(|s| s.before = Break::Forbidden);
                out.append(&mut line);
                i += usize::from(qr.is_some());
            }
            Element::Qr(qr) => out.extend(source::source(setter, None, Some(qr), area)),
            Element::Answer(lines) => out.extend(answer::answer(*lines, area)),
            Element::NotePage { .. } => {} // a page of its own, made up after the text
            Element::Imprint(text) => out.extend(centred(setter, text, area)),
            Element::Facts(facts) => {
                for (name, text) in facts {
                    let role = LabelledRole::Keywords;
                    out.extend(labelled(setter, role, name, text, area));
                }
            }
            Element::GroupLabel(label) => {
                let inner = Area { role: Role::Bold, ..area };
                let text = Text::plain(label.as_str());
                let accent = setter.theme.accent;
                out.push(Strip::space(area.pitch * 0.5));
                out.extend(aligned(setter, &text, inner, Align::Left, accent));
                // A letter stays with its first term.
                let mut low = Strip::space(area.pitch * 0.5);
                low.before = Break::Forbidden;
                out.push(low);
            }
            Element::Index(groups) => {
                let above = out.iter().map(|s| s.height).sum();
                out.extend(index::index(setter, groups, above, area));
            }
        }
        let is_head = |e: Option<&Element>| {
            matches!(e, Some(Element::Subtitle(_) | Element::Byline(_) | Element::Dateline(_)))
        };
        if is_head(section.flow.get(i)) && !is_head(section.flow.get(i + 1)) {
            close_head(&mut out, area);
        }
        i += 1;
    }
    let anchor = Anchor { section: section.id.clone(), element: None };
    match out.first_mut() {
        Some(first) => first.anchors.insert(0, anchor),
        // A section without anything is still a page that links lead to.
        None => out.push(Strip { anchors: vec![anchor], height: area.pitch, ..Strip::default() }),
    }
    out
}

fn title(setter: &mut Setter<'_>, section: &Section, text: &Text, area: Area) -> Vec<Strip> {
    let node = setter.node(Tagged::H(1), area.node);
    let mut style = setter.theme.title.clone();
    if section.kind == SectionKind::Part {
        style.size = style.size * 1.15;
    }
    let mut strips = titling(setter, text, &style, area, node, 0);
    strips.iter_mut().for_each(|s| s.before = Break::Forbidden);
    strips
}

/// Lines of the head in the middle, never parted from the title.
fn centred(setter: &mut Setter<'_>, text: &Text, area: Area) -> Vec<Strip> {
    let (area, align) = in_head(setter, area);
    let mut strips = aligned(setter, text, area, align, Color::BLACK);
    strips.iter_mut().for_each(|s| s.before = Break::Forbidden);
    strips
}

/// Where lines of the head stand: in the middle, and in vertical books near the foot, where authors
/// sign below the title.
fn in_head(setter: &Setter<'_>, area: Area) -> (Area, Align) {
    if setter.vertical {
        (area.inset(Pt::ZERO, setter.theme.page.size * 3.0), Align::Right)
    } else {
        (area, Align::Center)
    }
}

/// One blank line between the head and what follows.
fn close_head(out: &mut Vec<Strip>, area: Area) {
    if let Some(last) = out.last_mut() {
        last.before = Break::Forbidden;
    }
    let mut space = Strip::space(area.pitch);
    space.before = Break::Forbidden;
    out.push(space);
}

/// A label in Hei and the text after it, two ems in from both sides; editor's notes in Kai.
fn labelled(
    setter: &mut Setter<'_>,
    role: LabelledRole,
    label: &str,
    text: &Text,
    area: Area,
) -> Vec<Strip> {
    let node = setter.node(Tagged::P, area.node);
    let inner = Area { node, ..area.inset(area.size * 2.0, area.size * 2.0) };
    let face = if role == LabelledRole::Keywords { Role::Song } else { Role::Kai };
    let colon = crate::labels::colon(&setter.language);
    let mut flat =
        Flat::plain(&format!("{label}{colon}"), setter.style(Role::Hei, area.size, node));
    let style = setter.style(face, area.size, node);
    flat.push_text(setter, text, &style);
    let paragraph = ParagraphStyle {
        measure: inner.measure,
        first_indent: Pt::ZERO,
        indent: Pt::ZERO,
        align: Align::Justify,
        preset: setter.theme.punctuation,
        by_sense: false,
        han_space: Em(0.25),
    };
    let lines = set(setter, &flat, &paragraph);
    let mut strips = paragraph_strips(lines, area.size, area.pitch);
    strips.iter_mut().for_each(|s| s.shift(inner.left, Pt::ZERO));
    strips
}

/// Sets the notes of a section: number, then text hanging behind it, in small type.
pub(crate) fn notes(
    setter: &mut Setter<'_>,
    section: &Section,
    node: NodeId,
) -> BTreeMap<String, Vec<Strip>> {
    let mut out = BTreeMap::new();
    for label in &section.note_order {
        let Some(body) = section.notes.get(label) else { continue };
        // Read after the block that refers to it.
        let block = setter.references.get(label).map(|reference| setter.block_of(*reference));
        let parent = block.and_then(|b| setter.structure.get(b.0 as usize)?.parent);
        let note = setter.node(Tagged::Note, parent.unwrap_or(node));
        if let Some(node) = setter.node_mut(note) {
            node.follows = block.filter(|_| parent.is_some());
        }
        let number = setter.node(Tagged::Label, note);
        let number = setter.node(Tagged::Link, number);
        let (size, pitch) = setter.theme.note_size();
        let hang = size * 1.5;
        let page = body_area(setter, note);
        let area = Area { size, pitch, indent: Em::ZERO, ..page.inset(hang, Pt::ZERO) };
        let mut strips = Vec::new();
        for block in body {
            match block {
                Block::Paragraph(text) => strips.extend(paragraph(setter, text, area)),
                other => strips.extend(blocks(setter, std::slice::from_ref(other), area)),
            }
        }
        if strips.is_empty() {
            strips.push(Strip { height: pitch, ..Strip::default() });
        }
        if let Some(first) = strips.first_mut() {
            let mark = setter.style(Role::Song, size, number);
            first.items.insert(0, super::line::note_place(&mark));
            first.notes.insert(
                0,
                super::line::LineNote {
                    label: label.clone(),
                    x: Pt::ZERO,
                    y: size * super::strip::FRAME_ASCENT,
                    style: mark,
                },
            );
        }
        out.insert(label.clone(), strips);
    }
    out
}
