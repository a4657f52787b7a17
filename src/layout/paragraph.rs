//! Setting a paragraph: flat characters → lines of frames.
//!
//! `classify → shape → pieces → choose breaks → adjust → place`. Lines come out with their
//! baseline at y = 0 and x counted from the left edge of the column.

use super::inline::Flat;
use super::line::{Line, Placer};
use super::linebreak::{self, Measure, Piece};
use super::pieces::{Prepared, Source, prepare};
use super::sense;
use super::setter::Setter;
use super::style::{Align, ParagraphStyle};
use super::upright;
use crate::model::Region;
use crate::text::{Breaks, Class, House, Opportunity, ParagraphStart, Preset, classify};
use crate::theme::Role;
use crate::units::Pt;

/// Sets one paragraph. An empty one has no lines.
pub(crate) fn set(setter: &mut Setter<'_>, flat: &Flat, style: &ParagraphStyle) -> Vec<Line> {
    let stood;
    let flat = if setter.vertical {
        stood = upright::stand(flat);
        &stood
    } else {
        flat
    };
    let classes = classes(setter, flat);
    let (clusters, glyphs) = setter.shape(&flat.chars, &classes, &flat.styles, &flat.table);
    let breaks = Breaks { kinsoku: setter.theme.kinsoku };
    let hyphens = |i: usize| flat.table[flat.styles[i]].hyphens;
    let mut opportunities = breaks.find(&flat.chars, &classes, hyphens);
    if style.by_sense {
        sense::keep_words(&flat.chars, &classes, &mut opportunities);
    }
    let house = House { preset: style.preset, ..setter.theme.house() };
    let source = Source {
        flat,
        style,
        house: &house,
        clusters: &clusters,
        glyphs: &glyphs,
        opportunities: &opportunities,
    };
    // Forced breaks divide the text into stretches that are broken each for itself.
    let mut lines = Vec::new();
    let mut from = 0;
    while from < clusters.len() {
        let len = clusters[from..].iter().position(|c| c.class == Class::Newline);
        let to = len.map_or(clusters.len(), |l| from + l);
        let prepared = prepare(setter, &source, from..to);
        let first_indent = if from == 0 { style.first_indent } else { style.indent };
        stretch(setter, &source, prepared, first_indent, &mut lines);
        from = to + 1;
    }
    lines
}

/// Breaks, adjusts and places the lines between two forced breaks.
fn stretch(
    setter: &mut Setter<'_>,
    source: &Source<'_>,
    mut prepared: Prepared,
    first_indent: Pt,
    lines: &mut Vec<Line>,
) {
    let Source { flat, style, clusters, glyphs, .. } = *source;
    if prepared.units.is_empty() {
        // Two forced breaks in a row: an empty line.
        lines.push(Line::default());
        return;
    }
    let first_indent = open_paragraph(&mut prepared, source.house, first_indent);
    let Prepared { units, mut pieces, .. } = prepared;
    let measure = Measure {
        first: (style.measure - first_indent).0.max(1.0),
        rest: (style.measure - style.indent).0.max(1.0),
        em: flat.table.first().map_or(10.0, |s| s.size.0),
        justify: style.align == Align::Justify,
    };
    allow_emergency_breaks(&mut pieces, &measure);
    let ends = if style.by_sense {
        sense::choose_by_sense(&pieces, measure)
    } else {
        linebreak::choose(&pieces, measure)
    };
    let mut start = 0;
    for (index, end) in ends.iter().map(|e| e + 1).enumerate() {
        let (indent, width) = match index {
            0 => (first_indent, measure.first),
            _ => (style.indent, measure.rest),
        };
        let natural = !measure.justify || end == pieces.len();
        let adjustment = linebreak::adjust(&pieces, start, end, width, &measure, natural);
        let mut placer = Placer::new(flat, clusters, glyphs, &units, &pieces);
        let mut line = placer.place(setter, start..end, adjustment);
        let slack = Pt(width) - line.width;
        let shift = match style.align {
            Align::Justify | Align::Left => indent,
            Align::Center => indent + slack / 2.0,
            Align::Right => indent + slack,
        };
        line.shift(shift, Pt::ZERO);
        lines.push(line);
        start = end;
    }
}

/// Places the mark that opens an indented paragraph as the house has it; returns the first indent.
fn open_paragraph(prepared: &mut Prepared, house: &House, indent: Pt) -> Pt {
    let (Some(unit), Some(piece)) = (prepared.units.first(), prepared.pieces.first_mut()) else {
        return indent;
    };
    let opens = unit.class == Class::Open && indent > Pt::ZERO && house.preset != Preset::Plain;
    match house.paragraph_start {
        ParagraphStart::Keep if opens => {
            piece.start_blank = prepared.opening;
            indent
        }
        ParagraphStart::Hang if opens => (indent - Pt(piece.body)).max(Pt::ZERO),
        _ => indent,
    }
}

fn classes(setter: &Setter<'_>, flat: &Flat) -> Vec<Class> {
    let mut classes = classify(&flat.chars, setter.language.is_cjk());
    for (index, class) in &flat.classes {
        classes[*index] = *class;
    }
    // Han characters in Korean text are parts of its words.
    for (i, class) in classes.iter_mut().enumerate() {
        let korean = flat.table[flat.styles[i]].region == Region::Ko;
        if korean && *class == Class::Han && flat.chars[i].is_alphabetic() {
            *class = Class::Hangul;
        }
    }
    classes
}

/// A stretch without any opportunity that is wider than the measure may break anywhere: nothing
/// may run off the page. Between characters first; between marks when nothing else helps.
fn allow_emergency_breaks(pieces: &mut [Piece], measure: &Measure) {
    let mut start = 0;
    while start < pieces.len() {
        let len = pieces[start..]
            .iter()
            .position(|p| !matches!(p.after, Opportunity::Forbidden | Opportunity::Tolerated))
            .map_or(pieces.len() - start, |l| l + 1);
        let end = start + len;
        let room = if start == 0 { measure.first } else { measure.rest };
        if linebreak::narrowest_width(pieces, start, end) > room {
            for i in start..end - 1 {
                if pieces[i].after == Opportunity::Forbidden {
                    let solid = pieces[i].solid > 0 && pieces[i + 1].solid > 0;
                    pieces[i].after =
                        if solid { Opportunity::Discouraged } else { Opportunity::LastResort };
                }
            }
        }
        start = end;
    }
}

/// Sets text on one line at its natural width, whatever that is: folios, labels, running heads.
pub(crate) fn one_line(setter: &mut Setter<'_>, flat: &Flat) -> Line {
    let style = ParagraphStyle {
        measure: Pt(1e6),
        first_indent: Pt::ZERO,
        indent: Pt::ZERO,
        align: Align::Left,
        preset: setter.theme.punctuation,
        by_sense: false,
        han_space: crate::units::Em(1.0),
    };
    set(setter, flat, &style).into_iter().next().unwrap_or_default()
}

/// The role that strong text and labels take beside text of `role`.
pub(crate) fn label_role(role: Role) -> Role {
    if role == Role::Mono { Role::Mono } else { Role::Bold }
}
