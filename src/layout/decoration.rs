//! Marks drawn with text: emphasis dots, name and title lines, underlines, grounds.
//!
//! They stand in the gap between lines and never change its height (CLREQ
//! §handling_interlinear_punctuation; typesetting.md §9).

use super::inline::Flat;
use super::line::{Extent, Line};
use super::style::{Marks, TextStyle};
use super::{Color, Content, Item, Rect, Segment, Shape, Stroke, Tag};
use crate::text::Class;
use crate::units::{Em, Pt};

/// Distance of a line below the baseline: under the frame of a Han character (0.12 em deep).
const LINE_DROP: Em = Em(0.2);
/// Distance of the centre of an emphasis dot below the baseline, and where a line runs below the
/// text: the line stands nearest, the dot outside it (CLREQ §handling_interlinear_punctuation).
const DOT_DROP: (Em, Em) = (Em(0.27), Em(0.4));
/// The same for dots on the right of vertical lines, which run along the other side: as far from
/// the frame.
const DOT_RISE: Em = Em(-1.03);
/// Radius of an emphasis dot.
const DOT_RADIUS: Em = Em(0.055);
/// Width of drawn lines.
const LINE_WIDTH: Em = Em(0.05);
/// Half a wave of a title line.
const HALF_WAVE: Em = Em(0.14);
/// Blank left at each end of a name or title line, so that neighbours stay visibly apart: two of
/// them make a fifth of an em (`xeCJKfntef` leaves half a wave).
const INSET: Em = Em(0.1);

/// Draws the marks of a line's styles.
///
/// Beside vertical lines what stands below in horizontal ones stands on the left, but emphasis dots
/// stand on the right (GB/T 15834).
pub(super) fn decorate(flat: &Flat, extents: &[Extent], vertical: bool, line: &mut Line) {
    let mut behind: Vec<Item> = Vec::new();
    let highlight = Color { r: 255, g: 240, b: 170 };
    spans(
        flat,
        extents,
        |m| u32::from(m.highlight),
        |style, x, end| {
            behind.push(ground(style, x, end, highlight));
        },
    );
    spans(
        flat,
        extents,
        |m| u32::from(m.tinted),
        |style, x, end| {
            let pad = style.size * 0.1;
            behind.push(ground(style, x - pad, end + pad, Color::grey(241)));
        },
    );
    if !behind.is_empty() {
        behind.append(&mut line.items);
        line.items = behind;
    }
    let items = &mut line.items;
    // Underlines pass over Chinese marks (their blank would be underlined too) and end where the
    // text ends, not where the gap after it does.
    for stretch in extents.split(|e| is_passed_over(e.class)) {
        spans(
            flat,
            stretch,
            |m| u32::from(m.underline),
            |style, x, end| items.push(rule(style, x, end, LINE_DROP)),
        );
    }
    spans(
        flat,
        extents,
        |m| m.proper_name,
        |style, x, end| {
            let inset = INSET.at(style.size);
            items.push(rule(style, x + inset, end - inset, LINE_DROP));
        },
    );
    spans(
        flat,
        extents,
        |m| m.book_title,
        |style, x, end| {
            let inset = INSET.at(style.size);
            items.push(wave(style, x + inset, end - inset));
        },
    );
    spans(
        flat,
        extents,
        |m| u32::from(m.strike),
        |style, x, end| {
            items.push(rule(style, x, end, Em(-0.34)));
        },
    );
    for extent in extents {
        let style = &flat.table[extent.style];
        if style.marks.dots && matches!(extent.class, Class::Han | Class::Hangul) {
            items.push(dot(style, vertical, (extent.x + extent.end) / 2.0));
        }
    }
}

/// Whether underlines leave the mark out.
fn is_passed_over(class: Class) -> bool {
    class.is_framed_mark() || matches!(class, Class::Dash | Class::Ellipsis | Class::Interpunct)
}

/// Calls `draw` with every unbroken stretch of one mark; `mark` tells marks apart, 0 is none.
fn spans(
    flat: &Flat,
    extents: &[Extent],
    mark: fn(&Marks) -> u32,
    mut draw: impl FnMut(&TextStyle, Pt, Pt),
) {
    let id = |extent: &Extent| mark(&flat.table[extent.style].marks);
    for stretch in extents.chunk_by(|a, b| id(a) == id(b)) {
        if let (Some(first), Some(last)) = (stretch.first(), stretch.last())
            && id(first) != 0
        {
            draw(&flat.table[first.style], first.x, last.end);
        }
    }
}

fn artifact(shape: Shape) -> Item {
    Item { tag: Tag::Artifact, content: Content::Shape(shape) }
}

fn ground(style: &TextStyle, x: Pt, end: Pt, color: Color) -> Item {
    let size = style.size;
    let rect = Rect { x, y: size * -0.96 - style.raise, width: end - x, height: size * 1.2 };
    artifact(Shape::filled_rect(rect, color))
}

fn rule(style: &TextStyle, x: Pt, end: Pt, drop: Em) -> Item {
    let height = LINE_WIDTH.at(style.size).max(Pt(0.4));
    let rect = Rect { x, y: drop.at(style.size) - style.raise, width: end - x, height };
    artifact(Shape::filled_rect(rect, style.color))
}

/// A wavy line of whole half-waves, stretched a little to end where the text ends.
fn wave(style: &TextStyle, x: Pt, end: Pt) -> Item {
    let size = style.size;
    let half = HALF_WAVE.at(size);
    let count = ((end - x) / half).round().max(2.0);
    let step = (end - x) / count;
    let y = LINE_DROP.at(size) + size * 0.04 - style.raise;
    let height = size * 0.075;
    let mut path = vec![Segment::Move(x, y)];
    for k in 0..count as usize {
        let from = x + step * k as f64;
        let up = if k % 2 == 0 { -height } else { height };
        path.push(Segment::Curve(
            from + step / 3.0,
            y + up,
            from + step * (2.0 / 3.0),
            y + up,
            from + step,
            y,
        ));
    }
    let stroke =
        Stroke { color: style.color, width: LINE_WIDTH.at(size).max(Pt(0.4)), dash: Vec::new() };
    artifact(Shape { path, fill: None, stroke: Some(stroke) })
}

fn dot(style: &TextStyle, vertical: bool, x: Pt) -> Item {
    let radius = DOT_RADIUS.at(style.size);
    let marks = &style.marks;
    let lined = marks.underline || marks.proper_name != 0 || marks.book_title != 0;
    let drop = if vertical {
        DOT_RISE
    } else if lined {
        DOT_DROP.1
    } else {
        DOT_DROP.0
    };
    let y = drop.at(style.size) - style.raise;
    artifact(Shape { path: circle(x, y, radius), fill: Some(style.color), stroke: None })
}

/// A circle of four curves.
pub(super) fn circle(x: Pt, y: Pt, radius: Pt) -> Vec<Segment> {
    let k = radius * 0.552_284_75; // handle length of a quarter circle
    let r = radius;
    vec![
        Segment::Move(x + r, y),
        Segment::Curve(x + r, y + k, x + k, y + r, x, y + r),
        Segment::Curve(x - k, y + r, x - r, y + k, x - r, y),
        Segment::Curve(x - r, y - k, x - k, y - r, x, y - r),
        Segment::Curve(x + k, y - r, x + r, y - k, x + r, y),
        Segment::Close,
    ]
}
