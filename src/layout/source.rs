//! The end of an article: where it comes from, with the code that leads there.

use super::block::{Area, aligned};
use super::line::LineLink;
use super::setter::Setter;
use super::strip::{Break, Strip, whole_lines};
use super::style::Align;
use super::{Color, Content, Item, Rect, Role as Tagged, Segment, Shape, Tag};
use crate::compose::{LinkTarget, Qr};
use crate::labels::Label;
use crate::model::Text;
use crate::theme::Role;
use crate::units::Pt;

/// Side of a code: 20 mm, so that the longest usual address keeps modules of 0.4 mm, which every
/// telephone reads from paper.
const SIDE: Pt = Pt(56.7);
/// White around a code, in modules (ISO/IEC 18004 §6.3.8).
const QUIET: f64 = 4.0;

/// Sets the source line, and the code at its right.
pub(crate) fn source(
    setter: &mut Setter<'_>,
    text: Option<&Text>,
    qr: Option<&Qr>,
    area: Area,
) -> Vec<Strip> {
    let size = setter.theme.small.max(area.size * 0.85);
    let inner = Area { role: Role::Kai, size, ..area };
    let grey = Color::grey(60);
    let Some(qr) = qr else {
        return text.map_or_else(Vec::new, |t| aligned(setter, t, inner, Align::Right, grey));
    };
    let module = SIDE / qr.side.max(1) as f64;
    let room = SIDE + module * (QUIET * 2.0);
    let inner = inner.inset(Pt::ZERO, room);
    let lines = text.map_or_else(Vec::new, |t| aligned(setter, t, inner, Align::Left, grey));
    let text_height: Pt = lines.iter().map(|s| s.height).sum();
    let mut strip = Strip::default();
    let mut y = ((SIDE - text_height) / 2.0).max(Pt::ZERO);
    for line in lines {
        let height = line.height;
        strip.absorb(line, y);
        y += height;
    }
    strip.height = whole_lines(y.max(SIDE), area.pitch);
    code(setter, &mut strip, qr, area);
    strip.before = Break::Allowed;
    vec![strip]
}

/// Draws the dark modules as one shape at the right edge.
fn code(setter: &mut Setter<'_>, strip: &mut Strip, qr: &Qr, area: Area) {
    let node = setter.node(Tagged::Link, area.node);
    let figure = setter.node(Tagged::Figure, node);
    let alt = format!("{} {}", Label::SourceCode.text(&setter.language), qr.url);
    if let Some(node) = setter.node_mut(figure) {
        node.alt = Some(alt.clone());
    }
    let module = SIDE / qr.side.max(1) as f64;
    let (left, top) = (area.left + area.measure - SIDE, Pt::ZERO);
    let mut path = Vec::new();
    for (row, column, length) in qr.runs() {
        let (x, y) = (left + module * column as f64, top + module * row as f64);
        let (right, bottom) = (x + module * length as f64, y + module);
        path.extend([
            Segment::Move(x, y),
            Segment::Line(right, y),
            Segment::Line(right, bottom),
            Segment::Line(x, bottom),
            Segment::Close,
        ]);
    }
    let shape = Shape { path, fill: Some(Color::BLACK), stroke: None };
    strip.items.push(Item { tag: Tag::Node(figure), content: Content::Shape(shape) });
    strip.links.push(LineLink {
        rect: Rect { x: left, y: top, width: SIDE, height: SIDE },
        target: LinkTarget::External(qr.url.clone()),
        description: alt,
        node,
    });
}
