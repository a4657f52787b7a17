//! Setting a paragraph: flat characters → lines of frames.
//!
//! `classify → shape → pieces → choose breaks → adjust → place`. Lines come out with their
//! baseline at y = 0 and x counted from the left edge of the column.

use super::inline::{Flat, Object};
use super::line::{Line, Placer};
use super::linebreak::{self, Measure, Piece};
use super::ruby::{self, InlineBox};
use super::setter::Setter;
use super::style::{Align, ParagraphStyle};
use crate::model::Region;
use crate::text::{
    Breaks, Class, Cluster, Gap, Neighbour, OBJECT, Opportunity, Preset, ShapedGlyph, classify,
    frame_of_mark, gap_between, is_western_closing, is_western_opening,
};
use crate::theme::Role;
use crate::units::Pt;

/// A cluster or an object, with what a line needs to place it.
#[derive(Debug)]
pub(super) struct Unit {
    /// Characters, as indices into the paragraph.
    pub chars: std::ops::Range<usize>,
    /// Class.
    pub class: Class,
    /// Style.
    pub style: usize,
    /// What is drawn.
    pub ink: Ink,
    /// Whether spaces were typed after it.
    pub spaced: bool,
}

/// What a unit draws.
#[derive(Debug)]
pub(super) enum Ink {
    /// A cluster, by its index, and how far its glyphs stand from the start of the body.
    Cluster { index: usize, dx: f64, stretch: f64 },
    /// A box made beforehand (ruby, picture).
    Box(InlineBox),
    /// A footnote mark.
    Note(String),
}

/// Width of a footnote mark in ems of its own size, and that size in ems of the text.
pub(super) const NOTE_MARK: f64 = 0.62;

/// Sets one paragraph. An empty one has no lines.
pub(crate) fn set(setter: &mut Setter<'_>, flat: &Flat, style: &ParagraphStyle) -> Vec<Line> {
    let mut lines = Vec::new();
    // Forced breaks divide the text into stretches that are broken each for itself.
    let classes = classes(setter, flat);
    let (clusters, glyphs) = setter.shape(&flat.chars, &classes, &flat.styles, &flat.table);
    let breaks = Breaks { kinsoku: setter.theme.kinsoku, hyphenation: setter.hyphenation() };
    let mut opportunities = breaks.find(&flat.chars, &classes);
    if style.by_sense {
        keep_words(&flat.chars, &mut opportunities);
    }
    let mut from = 0;
    let mut first = true;
    while from < clusters.len() {
        let len = clusters[from..].iter().position(|c| c.class == Class::Newline);
        let to = len.map_or(clusters.len(), |l| from + l);
        let (units, mut pieces) =
            prepare(setter, flat, style, &clusters, &glyphs, &opportunities, from..to);
        let first_indent = if first { style.first_indent } else { style.indent };
        let measure = Measure {
            first: (style.measure - first_indent).0.max(1.0),
            rest: (style.measure - style.indent).0.max(1.0),
            em: flat.table.first().map_or(10.0, |s| s.size.0),
            justify: style.align == Align::Justify,
            balance: style.by_sense && style.align == Align::Center,
        };
        allow_emergency_breaks(&mut pieces, measure.first.min(measure.rest));
        let ends = linebreak::choose(&pieces, measure);
        let mut start = 0;
        for (index, end) in ends.iter().map(|e| e + 1).enumerate() {
            let indent = if index == 0 { first_indent } else { style.indent };
            let width = if index == 0 { measure.first } else { measure.rest };
            let last = end == pieces.len();
            let natural = !measure.justify || last;
            let adjustment = linebreak::adjust(&pieces, start, end, width, natural);
            let mut placer = Placer::new(flat, &clusters, &glyphs, &units, &pieces);
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
        if units.is_empty() {
            // Two forced breaks in a row: an empty line.
            lines.push(Line::default());
        }
        from = to + 1;
        first = false;
    }
    lines
}

fn classes(setter: &Setter<'_>, flat: &Flat) -> Vec<Class> {
    let mut classes = classify(&flat.chars, setter.language.is_cjk());
    for (index, class) in &flat.classes {
        classes[*index] = *class;
    }
    classes
}

/// Only word boundaries stay opportunities between Han characters (headings turn by sense).
fn keep_words(chars: &[char], opportunities: &mut [Opportunity]) {
    let segmenter = icu_segmenter::WordSegmenter::new_dictionary(
        icu_segmenter::options::WordBreakInvariantOptions::default(),
    );
    let text: String = chars.iter().collect();
    let mut boundary = vec![false; chars.len() + 1];
    let mut index = 0;
    let mut byte = 0;
    for stop in segmenter.segment_str(&text) {
        while byte < stop {
            byte += chars[index].len_utf8();
            index += 1;
        }
        boundary[index] = true;
    }
    for (i, opportunity) in opportunities.iter_mut().enumerate() {
        if *opportunity == Opportunity::Allowed && !boundary[i + 1] {
            *opportunity = Opportunity::Forbidden;
        }
    }
}

/// Units and pieces of the clusters in `range`, spaces turned into gaps.
fn prepare(
    setter: &mut Setter<'_>,
    flat: &Flat,
    style: &ParagraphStyle,
    clusters: &[Cluster],
    glyphs: &[ShapedGlyph],
    opportunities: &[Opportunity],
    range: std::ops::Range<usize>,
) -> (Vec<Unit>, Vec<Piece>) {
    let mut units: Vec<Unit> = Vec::with_capacity(range.len());
    let mut pieces: Vec<Piece> = Vec::with_capacity(range.len());
    let mut sides: Vec<(Neighbour, Neighbour)> = Vec::with_capacity(range.len());
    for index in range {
        let cluster = &clusters[index];
        let after = opportunities[cluster.chars.end - 1];
        let blank = flat.chars[cluster.chars.clone()].iter().all(|c| c.is_whitespace());
        if cluster.class == Class::Space && blank && !flat.table[cluster.style].marks.code {
            if let (Some(unit), Some(piece)) = (units.last_mut(), pieces.last_mut()) {
                unit.spaced = true;
                piece.after = after;
            }
            continue;
        }
        let text = &flat.table[cluster.style];
        let size = text.size.0;
        let (ink, class, (left, body, right)) = match flat.objects.get(&cluster.chars.start) {
            Some(object) if flat.chars[cluster.chars.start] == OBJECT => {
                let (ink, width) = object_ink(setter, object, text, size);
                (ink, cluster.class, (0.0, width, 0.0))
            }
            _ => cluster_ink(setter, flat, cluster, index, glyphs),
        };
        let keeps = style.preset == Preset::Plain;
        let side = |blank: f64| Neighbour { class, size, blank };
        sides.push((side(left), side(right)));
        units.push(Unit {
            chars: cluster.chars.clone(),
            class,
            style: cluster.style,
            ink,
            spaced: false,
        });
        pieces.push(Piece {
            body,
            gap: Gap::default(),
            start_blank: if keeps { left } else { 0.0 },
            end_blank: if keeps { right } else { 0.0 },
            after,
            hyphen: 0.0,
            solid: is_solid(class, flat.chars[cluster.chars.start]),
        });
        if after == Opportunity::Hyphen {
            let (_, _, advance) = setter.single('-', text);
            if let Some(piece) = pieces.last_mut() {
                piece.hyphen = advance.0;
            }
        }
    }
    for i in 0..units.len().saturating_sub(1) {
        let spaced = units[i].spaced;
        let (left, right) = (sides[i].1, sides[i + 1].0);
        let code = |u: &Unit| flat.table[u.style].marks.code;
        let inside_code = code(&units[i]) && code(&units[i + 1]);
        let mut gap = if inside_code {
            Gap::default()
        } else {
            gap_between(left, right, spaced, style.preset)
        };
        if spaced && left.class == Class::Han && right.class == Class::Han {
            gap.natural = style.han_space.0 * left.size;
        }
        pieces[i].gap = gap;
    }
    if let Some(last) = pieces.last_mut() {
        last.after = Opportunity::Mandatory;
        last.hyphen = 0.0;
    }
    (units, pieces)
}

/// Whether a character can stand for a word at a line's edge: marks can't, Chinese or Western.
fn is_solid(class: Class, c: char) -> bool {
    match class {
        Class::Latin => !is_western_closing(c) && !is_western_opening(c),
        class => !class.is_framed_mark(),
    }
}

fn object_ink(
    setter: &mut Setter<'_>,
    object: &Object,
    text: &super::style::TextStyle,
    size: f64,
) -> (Ink, f64) {
    match object {
        Object::Picture { id, width, height } => {
            let made = InlineBox::picture(*id, *width, *height, text);
            (Ink::Box(made), width.0)
        }
        Object::Ruby { base, reading } => {
            let made = ruby::set(setter, base, reading, text);
            let width = made.width.0;
            (Ink::Box(made), width)
        }
        Object::Note { label } => (Ink::Note(label.clone()), size * NOTE_MARK),
    }
}

/// How a cluster stands in its frame: its ink, its class and the widths left, body, right.
fn cluster_ink(
    setter: &Setter<'_>,
    flat: &Flat,
    cluster: &Cluster,
    index: usize,
    glyphs: &[ShapedGlyph],
) -> (Ink, Class, (f64, f64, f64)) {
    let text = &flat.table[cluster.style];
    let size = text.size.0;
    let c = flat.chars[cluster.chars.start];
    let plain = |dx: f64, class, widths| (Ink::Cluster { index, dx, stretch: 1.0 }, class, widths);
    let advance = cluster.advance.0;
    if text.marks.code {
        return plain(0.0, cluster.class, (0.0, advance, 0.0));
    }
    // Only marks ask for their ink: most characters are placed by their advance alone.
    let is_mark = cluster.class.is_framed_mark()
        || matches!(
            cluster.class,
            Class::Dash | Class::Interpunct | Class::Connector | Class::Solidus
        );
    let ink = glyphs
        .get(cluster.glyphs.start)
        .filter(|_| is_mark)
        .and_then(|g| setter.fonts().face(cluster.face)?.ink(g.id))
        .map(|ink| (ink.x_min.0 * size, ink.x_max.0 * size));
    let wide_region = matches!(text.region, Region::Hant | Region::Hk | Region::Ja);
    match (cluster.class, ink) {
        (class, Some((x_min, x_max))) if class.is_framed_mark() => {
            let bearings = (x_min.max(0.0), (advance - x_max).max(0.0));
            let widths = frame_of_mark(class, c, text.region, size, advance, bearings);
            let dx = if advance < 0.75 * size {
                // A proportional glyph in a frame: its ink in the middle of the half it stands in.
                (widths.1 - (x_max - x_min)) / 2.0 - x_min
            } else {
                -widths.0
            };
            plain(dx, class, widths)
        }
        (Class::Dash, Some((x_min, x_max))) if cluster.chars.len() == 2 => {
            // One line of two ems, less a hair on either side so that it touches nothing.
            let width = 2.0 * size;
            let stretch = (width - 0.1 * size) / (x_max - x_min).max(0.1);
            let dx = 0.05 * size - x_min * stretch;
            (Ink::Cluster { index, dx, stretch }, Class::Dash, (0.0, width, 0.0))
        }
        (Class::Interpunct, Some((x_min, x_max))) => {
            let width = if wide_region { size } else { size / 2.0 };
            plain((width - (x_max + x_min)) / 2.0, Class::Interpunct, (0.0, width, 0.0))
        }
        (Class::Connector, Some((x_min, x_max))) => {
            let width = if c == '–' { size / 2.0 } else { size };
            plain((width - (x_max + x_min)) / 2.0, Class::Connector, (0.0, width, 0.0))
        }
        (Class::Solidus, Some((x_min, x_max))) => {
            let width = size / 2.0;
            plain((width - (x_max + x_min)) / 2.0, Class::Solidus, (0.0, width, 0.0))
        }
        (Class::WideSpace, _) => plain(0.0, Class::WideSpace, (0.0, size, 0.0)),
        (class, _) => plain(0.0, class, (0.0, advance, 0.0)),
    }
}

/// A stretch without any opportunity that is wider than the measure may break anywhere: nothing
/// may run off the page.
fn allow_emergency_breaks(pieces: &mut [Piece], measure: f64) {
    let mut start = 0;
    while start < pieces.len() {
        let len = pieces[start..]
            .iter()
            .position(|p| p.after != Opportunity::Forbidden)
            .map_or(pieces.len() - start, |l| l + 1);
        let end = start + len;
        if linebreak::natural_width(pieces, start, end) > measure {
            // Between characters first; between marks only when there is nothing else.
            let inner = start..end - 1;
            let solid = |i: usize, pieces: &[Piece]| pieces[i].solid && pieces[i + 1].solid;
            let any_solid = inner.clone().any(|i| solid(i, pieces));
            for i in inner {
                let allowed = !any_solid || solid(i, pieces);
                if allowed && pieces[i].after == Opportunity::Forbidden {
                    pieces[i].after = Opportunity::Discouraged;
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
