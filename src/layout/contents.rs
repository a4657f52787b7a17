//! The contents page: entries, leaders and page numbers on the line grid.

use super::block::{Area, titling};
use super::inline::Flat;
use super::line::LineLink;
use super::paragraph::{one_line, set};
use super::section::body_area;
use super::setter::Setter;
use super::strip::{Break, FRAME_ASCENT, Strip};
use super::style::{Align, ParagraphStyle, TextStyle};
use super::{Color, NodeId, Rect, Role as Tagged, Shape, decoration};
use crate::compose::{Anchor, ContentsEntry, LinkTarget, SectionKind};
use crate::labels::Label;
use crate::model::Text;
use crate::theme::Role;
use crate::units::{Em, Pt};

/// Width kept free for page numbers, in ems.
const FOLIO_COLUMN: Em = Em(2.5);
/// Distance of leader dots, in ems, and their radius.
const LEADER: (Em, Em) = (Em(0.5), Em(0.045));

/// Sets the contents.
///
/// - `entries`: in reading order;
/// - `folio`: the page number of an anchor, as it is shown.
pub(crate) fn contents(
    setter: &mut Setter<'_>,
    entries: &[ContentsEntry],
    folio: &dyn Fn(&Anchor) -> Option<String>,
) -> Vec<Strip> {
    let group = setter.node(Tagged::Sect, NodeId(0));
    let title_node = setter.node(Tagged::H(1), group);
    let node = setter.node(Tagged::Toc, group);
    let area = body_area(setter, node);
    let title = Text::plain(Label::Contents.text(&setter.language));
    let style = setter.theme.title.clone();
    let mut out = titling(setter, &title, &style, area, title_node, 0);
    // Two levels: parts with their articles, or articles with their first headings.
    let deepest = 2;
    for entry in entries.iter().filter(|e| e.level <= deepest) {
        let strips = entry_strips(setter, entry, folio(&entry.anchor), area);
        out.extend(strips);
    }
    out
}

fn entry_strips(
    setter: &mut Setter<'_>,
    entry: &ContentsEntry,
    folio: Option<String>,
    area: Area,
) -> Vec<Strip> {
    let node = setter.node(Tagged::TocItem, area.node);
    let reference = setter.node(Tagged::Reference, node);
    let link = setter.node(Tagged::Link, reference);
    let part = entry.kind == Some(SectionKind::Part);
    let role = if part { Role::Bold } else { Role::Song };
    let size = area.size;
    let style = setter.style(role, size, link);
    let indent = size * (2.0 * f64::from(entry.level.saturating_sub(1)));
    let column = FOLIO_COLUMN.at(size);
    // Entries that turn keep clear of the page numbers.
    let measure = area.measure - indent - column - size;
    let paragraph = ParagraphStyle {
        measure,
        first_indent: Pt::ZERO,
        indent: size,
        align: Align::Left,
        preset: setter.theme.punctuation,
        by_sense: true,
        han_space: Em(1.0),
    };
    let flat = Flat::new(setter, &entry.title, style.clone());
    let lines = set(setter, &flat, &paragraph);
    let count = lines.len();
    let mut out = Vec::new();
    if part {
        out.push(Strip::space(area.pitch));
    }
    for (index, mut line) in lines.into_iter().enumerate() {
        line.shift(indent, Pt::ZERO);
        let lead = if index == 0 { Pt::ZERO } else { size };
        let end = indent + lead + line.width;
        let mut strip = Strip::line(line, size, area.pitch);
        strip.before = if index == 0 { Break::Allowed } else { Break::Forbidden };
        if index + 1 == count
            && let Some(folio) = &folio
        {
            number(setter, &mut strip, folio, &style, area, end);
        }
        let rect =
            Rect { x: indent, y: Pt::ZERO, width: area.measure - indent, height: size * 1.2 };
        strip.links.push(LineLink {
            rect,
            target: LinkTarget::Internal(entry.anchor.clone()),
            description: entry.title.to_plain(),
            node: link,
        });
        out.push(strip);
    }
    out
}

/// The page number at the right, and dots up to it on a grid that all entries share.
fn number(
    setter: &mut Setter<'_>,
    strip: &mut Strip,
    folio: &str,
    style: &TextStyle,
    area: Area,
    end: Pt,
) {
    let size = area.size;
    let style = TextStyle { role: Role::Song, ..style.clone() };
    let mut line = one_line(setter, &Flat::plain(folio, style));
    let start = area.measure - line.width;
    line.shift(start, Pt::ZERO);
    strip.add_line(line, size * FRAME_ASCENT);
    let step = LEADER.0.at(size);
    let (from, to) = (end + size * 0.6, start - size * 0.5);
    let first = (from / step).ceil();
    let y = size * 0.62;
    for k in 0.. {
        let x = step * (first + f64::from(k));
        if x > to {
            break;
        }
        let path = decoration::circle(x, y, LEADER.1.at(size));
        strip.add_shape(Shape { path, fill: Some(Color::grey(110)), stroke: None });
    }
}
