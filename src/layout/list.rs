//! Lists and definition lists.

use super::block::{Area, aligned, blocks, bullet};
use super::inline::Flat;
use super::line::Line;
use super::paragraph::one_line;
use super::setter::Setter;
use super::strip::{Break, FRAME_ASCENT, Strip};
use super::style::Align;
use super::{
    Color, Content, Item, ListNumbering, NodeId, Rect, Role as Tagged, Segment, Shape, Stroke, Tag,
};
use crate::model::{Block, Definition, List, ListItem, Numbering};
use crate::numbering::number;
use crate::theme::Role;
use crate::units::{Em, Pt};

/// Sets a list; `depth` counts the lists around it.
///
/// Items hang: their labels stand before a common edge, two ems in (凸排, CLREQ
/// §line_start_indent…).
pub(crate) fn list(setter: &mut Setter<'_>, list: &List, area: Area, depth: usize) -> Vec<Strip> {
    let node = setter.node(Tagged::List, area.node);
    if let Some(node) = setter.node_mut(node) {
        let boxes = list.items.iter().any(|item| item.checked.is_some());
        node.numbering = Some(match (list.numbering, boxes) {
            (_, true) => ListNumbering::Unordered,
            (None, false) => ListNumbering::Disc,
            (Some(Numbering::Alpha), false) => ListNumbering::LowerAlpha,
            (Some(Numbering::Roman), false) => ListNumbering::LowerRoman,
            (Some(_), false) => ListNumbering::Decimal,
        });
    }
    let em = area.size;
    let labels: Vec<String> = (0..list.items.len())
        .map(|i| list.numbering.map_or(String::new(), |n| number(n, list.start + i as u32)))
        .collect();
    let mut widest = Pt::ZERO;
    let mut set_labels = Vec::new();
    for label in &labels {
        let item = setter.node(Tagged::ListItem, node);
        let label_node = setter.node(Tagged::Label, item);
        let style = setter.style(area.role, area.size, label_node);
        let line = one_line(setter, &Flat::plain(label, style));
        widest = widest.max(line.width);
        set_labels.push((item, label_node, line));
    }
    // The first level stands under the paragraph indent; labels are set flush before the text.
    let lead = if depth == 0 { em } else { Pt::ZERO };
    let gap = if list.numbering.is_some() { em * 0.25 } else { Pt::ZERO };
    let hang = (widest + gap).max(em * 1.25);
    let mut out = Vec::new();
    for (item, (item_node, label_node, label)) in list.items.iter().zip(set_labels) {
        let body_node = setter.node(Tagged::ListBody, item_node);
        let inner = Area { node: body_node, indent: Em::ZERO, ..area.inset(lead + hang, Pt::ZERO) };
        let mut strips = item_body(setter, item, inner, depth);
        if strips.is_empty() {
            strips.push(Strip { height: area.pitch, ..Strip::default() });
        }
        if let Some(node) = setter.node_mut(label_node) {
            node.actual = match (item.checked, list.numbering) {
                (Some(true), _) => Some("☑".to_owned()),
                (Some(false), _) => Some("☐".to_owned()),
                (None, None) => Some("•".to_owned()),
                (None, Some(_)) => None,
            };
        }
        if let Some(first) = strips.iter_mut().find(|s| !s.blank) {
            mark(
                first,
                item,
                list,
                label,
                label_node,
                Place { x: area.left + lead, hang, gap, em },
            );
        }
        out.append(&mut strips);
    }
    out
}

fn item_body(setter: &mut Setter<'_>, item: &ListItem, area: Area, depth: usize) -> Vec<Strip> {
    let mut out = Vec::new();
    let mut rest: &[Block] = &item.body;
    while let Some((first, others)) = rest.split_first() {
        match first {
            Block::List(inner) => {
                out.append(&mut list(setter, inner, area, depth + 1));
                rest = others;
            }
            _ => {
                let run = rest.iter().take_while(|b| !matches!(b, Block::List(_))).count();
                out.append(&mut blocks(setter, &rest[..run], area));
                rest = &rest[run..];
            }
        }
    }
    out
}

/// Where the label of an item goes.
struct Place {
    x: Pt,
    hang: Pt,
    gap: Pt,
    em: Pt,
}

fn mark(
    strip: &mut Strip,
    item: &ListItem,
    list: &List,
    mut label: Line,
    node: NodeId,
    place: Place,
) {
    let middle = place.em * 0.5;
    match (item.checked, list.numbering) {
        (Some(done), _) => {
            let side = place.em * 0.7;
            let rect = Rect { x: place.x, y: middle - side / 2.0, width: side, height: side };
            let stroke =
                |width| Stroke { color: Color::grey(60), width: Pt(width), dash: Vec::new() };
            let boxed = Shape { path: rect.outline(), fill: None, stroke: Some(stroke(0.7)) };
            strip.items.push(shape(node, boxed));
            if done {
                let (x, y) = (rect.x, rect.y);
                let path = vec![
                    Segment::Move(x + side * 0.2, y + side * 0.5),
                    Segment::Line(x + side * 0.43, y + side * 0.75),
                    Segment::Line(x + side * 0.82, y + side * 0.22),
                ];
                strip
                    .items
                    .push(shape(node, Shape { path, fill: None, stroke: Some(stroke(1.2)) }));
            }
        }
        (None, None) => {
            strip
                .items
                .push(shape(node, bullet(place.x + place.em * 0.5, middle, place.em * 0.13)));
        }
        (None, Some(_)) => {
            label.shift(place.x + place.hang - place.gap - label.width, Pt::ZERO);
            strip.add_line(label, place.em * FRAME_ASCENT);
        }
    }
}

fn shape(node: NodeId, shape: Shape) -> Item {
    Item { tag: Tag::Node(node), content: Content::Shape(shape) }
}

/// Sets terms, each followed by what it means, two ems in.
pub(crate) fn definitions(setter: &mut Setter<'_>, list: &[Definition], area: Area) -> Vec<Strip> {
    let node = setter.node(Tagged::List, area.node);
    if let Some(node) = setter.node_mut(node) {
        node.numbering = Some(ListNumbering::Unordered);
    }
    let mut out = Vec::new();
    for definition in list {
        let item = setter.node(Tagged::ListItem, node);
        let label = setter.node(Tagged::Label, item);
        let head = Area { role: Role::Bold, node: label, ..area.inset(area.size * 2.0, Pt::ZERO) };
        out.append(&mut aligned(setter, &definition.term, head, Align::Left, Color::BLACK));
        let body = setter.node(Tagged::ListBody, item);
        let inner = Area { node: body, indent: Em::ZERO, ..area.inset(area.size * 4.0, Pt::ZERO) };
        let mut first = true;
        for detail in &definition.details {
            let mut strips = blocks(setter, detail, inner);
            if let (true, Some(strip)) = (first, strips.first_mut()) {
                strip.before = Break::Forbidden;
            }
            first = false;
            out.append(&mut strips);
        }
    }
    out
}
