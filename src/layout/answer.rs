//! Room to write: ruled lines under a question, ruled pages for notes, and the note column.

use super::block::{Area, aligned};
use super::setter::Setter;
use super::strip::{Break, Strip, fill_to_grid};
use super::style::Align;
use super::{Color, Rect, Shape};
use crate::model::Text;
use crate::theme::Role;
use crate::units::Pt;

/// Distance of ruled lines: 8 mm, that of Chinese writing paper for adults.
pub(crate) const RULED: Pt = Pt(22.68);
/// Most ruled lines that are kept on one page with their question.
const TOGETHER: usize = 8;

/// Ruled lines for an answer, on the page of its question.
pub(crate) fn answer(lines: u16, area: Area) -> Vec<Strip> {
    let inner = area.inset(area.size * 2.0, Pt::ZERO);
    let count = usize::from(lines);
    let mut out: Vec<Strip> = (0..count).map(|_| ruled(inner)).collect();
    for (index, strip) in out.iter_mut().enumerate() {
        // Two lines stay with the question however many there are.
        if index < 2 || count <= TOGETHER {
            strip.before = Break::Forbidden;
        }
    }
    fill_to_grid(&mut out, area.pitch);
    if let Some(last) = out.last_mut() {
        last.height += area.pitch; // blank before the next question
    }
    out
}

/// A page of ruled lines under a title.
pub(crate) fn note_page(setter: &mut Setter<'_>, title: &str, area: Area) -> Vec<Strip> {
    let head = Area { role: Role::Hei, ..area };
    let mut out = aligned(setter, &Text::plain(title), head, Align::Left, Color::grey(90));
    if let Some(first) = out.first_mut() {
        first.before = Break::Page;
    }
    let used: Pt = out.iter().map(|s| s.height).sum();
    let room = area.pitch * f64::from(setter.theme.page.lines) - used;
    let count = (room / RULED).floor().max(0.0) as usize;
    out.extend((0..count).map(|_| Strip { before: Break::Forbidden, ..ruled(area) }));
    out
}

/// One ruled line.
fn ruled(area: Area) -> Strip {
    let mut strip = Strip { height: RULED, ..Strip::default() };
    let rect = Rect { x: area.left, y: RULED - Pt(0.4), width: area.measure, height: Pt(0.4) };
    strip.add_shape(Shape::filled_rect(rect, Color::grey(165)));
    strip
}
