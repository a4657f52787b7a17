//! Room to write: ruled lines under a question, ruled pages for notes, and the note column.

use super::block::{Area, aligned};
use super::inline::Flat;
use super::margin::{Hand, origin};
use super::paragraph::one_line;
use super::setter::Setter;
use super::strip::{Break, FRAME_ASCENT, Strip, fill_to_grid};
use super::style::{Align, TextStyle};
use super::{Color, Content, Item, NodeId, Page, Rect, Shape, Tag};
use crate::model::Text;
use crate::theme::{Role, Theme};
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

/// Share of the measure that a note column takes, and the fewest characters left to the text.
const COLUMN: (f64, u16) = (0.3, 14);
/// Blank between text and note column, in ems.
const COLUMN_GAP: f64 = 1.5;

/// The theme with its text narrowed towards the spine, so that a note column has room outside.
/// On pages too narrow for it the text keeps [`COLUMN`]'s fewest characters and the column what
/// is left.
pub(crate) fn with_note_column(theme: &Theme) -> Theme {
    let mut out = theme.clone();
    let (left, _) = origin(theme, Hand::Right);
    let chars = f64::from(theme.page.chars);
    let fewest = COLUMN.1.min(theme.page.chars);
    out.page.inner = Some(left);
    out.page.chars = ((chars * (1.0 - COLUMN.0)).round() as u16).max(fewest);
    out
}

/// Rules the note column of a page, from the edge of the text to that of the usual type area.
pub(crate) fn note_column(page: &mut Page, theme: &Theme, hand: Hand) {
    let (left, top) = origin(theme, hand);
    let (measure, height) = theme.area();
    // The outer margin is as wide as the inner one.
    let margin = theme.page.inner.unwrap_or(left);
    let gap = theme.page.size * COLUMN_GAP;
    let (from, to) = match hand {
        Hand::Right => (left + measure + gap, page.width - margin),
        Hand::Left => (margin, left - gap),
    };
    let mut rule = |x: Pt, y: Pt, width: Pt, height: Pt, grey: u8| {
        let shape = Shape::filled_rect(Rect { x, y, width, height }, Color::grey(grey));
        page.items.push(Item { tag: Tag::Artifact, content: Content::Shape(shape) });
    };
    if to - from < theme.page.size * 3.0 {
        return;
    }
    let edge = if hand == Hand::Right { from - gap * 0.4 } else { to + gap * 0.4 };
    rule(edge, top, Pt(0.5), height, 150);
    let count = (height / RULED).floor() as usize;
    for k in 1..=count {
        rule(from, top + RULED * k as f64, to - from, Pt(0.35), 195);
    }
}

/// Counts the lines of an article and numbers every few of them in the margin.
pub(crate) struct Counter {
    step: u16,
    count: u32,
}

impl Counter {
    /// Numbers every `step` lines; 0 numbers none.
    pub(crate) fn new(step: u16) -> Self {
        Self { step, count: 0 }
    }

    /// Begins with one again.
    pub(crate) fn restart(&mut self) {
        self.count = 0;
    }

    /// Counts a line whose strip stands at `y`; returns its number if it is due.
    pub(crate) fn count(&mut self, setter: &mut Setter<'_>, left: Pt, y: Pt) -> Vec<Item> {
        self.count += 1;
        if self.step == 0 || !self.count.is_multiple_of(u32::from(self.step)) {
            return Vec::new();
        }
        let body = setter.theme.page.size;
        let size = setter.theme.small * 0.8;
        let style =
            TextStyle { color: Color::grey(120), ..setter.style(Role::Song, size, NodeId(0)) };
        let mut line = one_line(setter, &Flat::plain(&self.count.to_string(), style));
        line.shift(left - body * 0.8 - line.width, y + body * FRAME_ASCENT);
        line.items.into_iter().map(|item| Item { tag: Tag::Artifact, ..item }).collect()
    }
}
