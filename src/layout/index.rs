//! The index in two columns, and the places it leads to.

use super::block::Area;
use super::inline::{Flat, FlatLink};
use super::paragraph::set;
use super::setter::Setter;
use super::strip::{Break, Strip};
use super::style::{Align, ParagraphStyle, TextStyle};
use super::{Content, Role as Tagged, Tag};
use crate::compose::{Anchor, IndexEntry, IndexGroup, IndexMark, LinkTarget, Section};
use crate::model::Text;
use crate::theme::Role;
use crate::units::{Em, Pt};

/// Blank between the columns, in ems.
const GUTTER: Em = Em(2.0);

/// Sets an index, down the first column of a page and then down the second.
///
/// - `above`: height already taken on the first page.
pub(crate) fn index(
    setter: &mut Setter<'_>,
    groups: &[IndexGroup],
    above: Pt,
    area: Area,
) -> Vec<Strip> {
    let gutter = GUTTER.at(area.size);
    let width = (area.measure - gutter) / 2.0;
    let column = Area { measure: width, size: setter.theme.small.max(area.size * 0.85), ..area };
    let mut lines: Vec<Strip> = Vec::new();
    for group in groups {
        let node = setter.node(Tagged::P, area.node);
        let style = setter.style(Role::Bold, column.size, node);
        let label = super::paragraph::one_line(setter, &Flat::plain(&group.label, style));
        lines.push(Strip::line(label, column.size, area.pitch));
        for (at, entry) in group.entries.iter().enumerate() {
            let mut strips = self::entry(setter, entry, column);
            // A letter never ends a column, and no line of an entry stands alone in one.
            if let Some(first) = strips.first_mut().filter(|_| at == 0) {
                first.before = Break::Forbidden;
            }
            let count = strips.len();
            for (line, strip) in strips.iter_mut().enumerate() {
                if line == 1 || line > 0 && line + 1 == count {
                    strip.before = Break::Forbidden;
                }
            }
            lines.append(&mut strips);
        }
    }
    let all = usize::from(setter.theme.page.lines).max(2);
    let taken = (above / area.pitch).ceil() as usize;
    let mut room = all.saturating_sub(taken).max(2);
    let mut out = Vec::new();
    let mut rest: std::collections::VecDeque<Strip> = lines.into();
    while !rest.is_empty() {
        // The last page has columns as even as their breaks allow.
        let fitting = (rest.len().div_ceil(2)..=room).find(|h| rest.len() - cut(&rest, *h) <= room);
        let (first, second) = match fitting {
            Some(height) => {
                let first: Vec<Strip> = rest.drain(..cut(&rest, height)).collect();
                (first, rest.drain(..).collect())
            }
            None => {
                let first: Vec<Strip> = rest.drain(..cut(&rest, room)).collect();
                let second: Vec<Strip> = rest.drain(..cut(&rest, room)).collect();
                (first, second)
            }
        };
        let rows = first.len().max(second.len());
        let (mut first, mut second) = (first.into_iter(), second.into_iter());
        for row in 0..rows {
            let mut strip = Strip { height: area.pitch, ..Strip::default() };
            for (x, line) in
                [(area.left, first.next()), (area.left + width + gutter, second.next())]
            {
                if let Some(mut line) = line {
                    line.shift(x, Pt::ZERO);
                    strip.absorb(line, Pt::ZERO);
                }
            }
            if row == 0 && !out.is_empty() {
                strip.before = Break::Page;
            }
            out.push(strip);
        }
        room = all;
    }
    out
}

/// How many lines a column takes that has room for `height`: it ends where it may.
fn cut(rest: &std::collections::VecDeque<Strip>, height: usize) -> usize {
    let mut count = height.min(rest.len());
    while count > 1 && rest.get(count).is_some_and(|s| s.before == Break::Forbidden) {
        count -= 1;
    }
    if count <= 1 { height.min(rest.len()) } else { count }
}

/// A word and the pages it stands on, each page once and a link.
fn entry(setter: &mut Setter<'_>, entry: &IndexEntry, area: Area) -> Vec<Strip> {
    let node = setter.node(Tagged::P, area.node);
    let style = setter.style(Role::Song, area.size, node);
    let mut flat = Flat::plain(&entry.term, style.clone());
    let mut pages: Vec<(String, &(Anchor, Text))> = Vec::new();
    for place in &entry.places {
        let folio = setter.folio(&place.0);
        if pages.last().is_none_or(|(last, _)| *last != folio) {
            pages.push((folio, place));
        }
    }
    // Pages in a row as a range, from three up: 4–9.
    let follows = |a: &(String, _), b: &(String, _)| match (a.0.parse(), b.0.parse::<u32>()) {
        (Ok(a), Ok(b)) => b == u32::saturating_add(a, 1),
        _ => false,
    };
    let shown: Vec<(String, &(Anchor, Text))> = pages
        .chunk_by(follows)
        .flat_map(|run| match run {
            [(first, place), _, .., (last, _)] => vec![(format!("{first}–{last}"), *place)],
            few => few.to_vec(),
        })
        .collect();
    for (at, (folio, (anchor, title))) in shown.into_iter().enumerate() {
        flat.push_str(if at == 0 { "　" } else { ", " }, &style);
        let link = setter.node(Tagged::Link, node);
        let style = TextStyle { link: Some(flat.links.len()), node: link, ..style.clone() };
        flat.push_str(&folio, &style);
        let description = format!("{}，{}", title.to_plain(), folio);
        flat.links.push(FlatLink { target: LinkTarget::Internal(anchor.clone()), description });
    }
    let paragraph = ParagraphStyle {
        measure: area.measure,
        first_indent: Pt::ZERO,
        indent: area.size * 2.0,
        align: Align::Left,
        preset: setter.theme.punctuation,
        by_sense: false,
        han_space: Em(1.0),
    };
    let lines = set(setter, &flat, &paragraph);
    lines.into_iter().map(|line| Strip::line(line, area.size, area.pitch)).collect()
}

/// Gives the strips of one element the places that the index leads to: the line where the word
/// begins, or the first one if it can't be found (in a picture's caption that floats, say).
pub(crate) fn place(section: &Section, marks: &[&IndexMark], strips: &mut [Strip]) {
    if marks.is_empty() || strips.is_empty() {
        return;
    }
    let mut text = String::new();
    let mut starts = Vec::with_capacity(strips.len());
    for strip in &*strips {
        starts.push(text.len());
        for item in &strip.items {
            if let (Tag::Node(_), Content::Glyphs(run)) = (item.tag, &item.content) {
                text.push_str(&run.text);
            }
        }
    }
    for mark in marks {
        let at = text.find(&mark.term).unwrap_or(0);
        let line = starts.partition_point(|start| *start <= at).saturating_sub(1);
        let anchor = Anchor { section: section.id.clone(), element: Some(mark.id.clone()) };
        strips[line].anchors.push(anchor);
    }
}
