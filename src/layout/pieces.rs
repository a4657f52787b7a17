//! Clusters → units with their ink, and the pieces and gaps that lines are broken and adjusted by.

use std::ops::Range;

use super::inline::{Flat, Object};
use super::linebreak::Piece;
use super::ruby::{self, InlineBox};
use super::setter::Setter;
use super::strip::FRAME_ASCENT;
use super::style::{ParagraphStyle, TextStyle};
use super::upright;
use crate::model::Region;
use crate::text::{
    Class, Cluster, Gap, House, Neighbour, OBJECT, Opportunity, Preset, ShapedGlyph, frame_of_mark,
    gap_between, is_western_closing, is_western_opening,
};
use crate::units::{Em, Pt};

/// A cluster or an object, with what a line needs to place it.
#[derive(Debug)]
pub(super) struct Unit {
    /// Characters, as indices into the paragraph.
    pub chars: Range<usize>,
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
    /// Glyphs of a cluster.
    Cluster(ClusterInk),
    /// A box made beforehand (ruby, picture).
    Box(InlineBox),
    /// A footnote mark.
    Note(String),
}

/// A cluster's glyphs in their unit. Lengths in pt.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClusterInk {
    /// Index of the cluster.
    pub index: usize,
    /// How far its glyphs stand from the start of the body.
    pub dx: f64,
    /// How far they are lowered.
    pub dy: f64,
    /// How they are stretched along the line, 1 for not at all.
    pub stretch: f64,
}

/// A stretch of a paragraph between forced breaks, ready to be broken into lines.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    /// What is drawn.
    pub units: Vec<Unit>,
    /// What breaking sees of it, one for each unit.
    pub pieces: Vec<Piece>,
    /// Blank on the left of the first unit's ink, in pt: a paragraph may open with a mark.
    pub opening: f64,
}

/// A unit in its frame: its ink, and the widths left, body and right, in pt.
struct Framed {
    ink: Ink,
    widths: (f64, f64, f64),
}

/// Width of a footnote mark in ems of its own size, and that size in ems of the text.
pub(super) const NOTE_MARK: f64 = 0.62;
/// A dash is drawn this much shorter than its frame, in ems: it touches nothing.
const DASH_INSET: f64 = 0.1;
/// Height of the middle of an ellipsis, in ems, where a face draws it on the baseline: the middle of
/// the Han frame (0.88 above, 0.12 below the baseline).
const ELLIPSIS_MIDDLE: f64 = 0.38;
/// An ellipsis whose dots stand lower than this is one of Western text.
const ELLIPSIS_LOW: f64 = 0.2;

/// What `prepare` reads.
pub(super) struct Source<'a> {
    pub flat: &'a Flat,
    pub style: &'a ParagraphStyle,
    pub house: &'a House,
    pub clusters: &'a [Cluster],
    pub glyphs: &'a [ShapedGlyph],
    pub opportunities: &'a [Opportunity],
}

/// Units and pieces of the clusters in `range`, spaces turned into gaps.
pub(super) fn prepare(
    setter: &mut Setter<'_>,
    source: &Source<'_>,
    range: Range<usize>,
) -> Prepared {
    let Source { flat, clusters, .. } = *source;
    let mut out = Prepared::default();
    let mut sides: Vec<(Neighbour, Neighbour)> = Vec::with_capacity(range.len());
    let mut index = range.start;
    while index < range.end {
        let cluster = &clusters[index];
        let drawn = drawn_together(flat, clusters, index, range.end);
        let chars = cluster.chars.start..clusters[index + drawn - 1].chars.end;
        let after = source.opportunities[chars.end - 1];
        let text = &flat.table[cluster.style];
        let blank = flat.chars[chars.clone()].iter().all(|c| c.is_whitespace());
        if cluster.class == Class::Space && blank && !text.marks.code {
            if let (Some(unit), Some(piece)) = (out.units.last_mut(), out.pieces.last_mut()) {
                unit.spaced = true;
                piece.after = after;
            }
            index += drawn;
            continue;
        }
        let framed = match flat.objects.get(&chars.start) {
            Some(object) if flat.chars[chars.start] == OBJECT => object_ink(setter, object, text),
            _ => cluster_ink(setter, source, index, &chars),
        };
        let (left, body, right) = framed.widths;
        let keeps = source.house.preset == Preset::Plain;
        let (start_over, end_over) = match &framed.ink {
            Ink::Box(made) => made.over(),
            _ => (0.0, 0.0),
        };
        let hyphen = match after {
            Opportunity::Hyphen => setter.single('-', text).2.0,
            _ => 0.0,
        };
        sides.push(neighbours(cluster, text, framed.widths));
        out.pieces.push(Piece {
            body,
            gap: Gap::default(),
            start_blank: start_over + if keeps { left } else { 0.0 },
            end_blank: end_over + if keeps { right } else { 0.0 },
            hang: 0.0,
            after,
            hyphen,
            solid: solid(cluster.class, flat.chars[chars.start], flat.objects.get(&chars.start)),
        });
        out.units.push(Unit {
            chars,
            class: cluster.class,
            style: cluster.style,
            ink: framed.ink,
            spaced: false,
        });
        index += drawn;
    }
    out.opening = sides.first().map_or(0.0, |s| s.0.blank);
    narrow_stop_pairs(flat, &out.units, &mut sides, source.house);
    blanks_after_note_marks(&out, &mut sides);
    gaps(source, &mut out, &sides);
    part_readings(flat, &mut out);
    if source.house.hanging {
        hang_stops(flat, &mut out);
    }
    if let Some(last) = out.pieces.last_mut() {
        last.after = Opportunity::Mandatory;
        last.hyphen = 0.0;
    }
    out
}

/// How many clusters are drawn as one mark: two for —— that the face does not join, else one.
fn drawn_together(flat: &Flat, clusters: &[Cluster], index: usize, end: usize) -> usize {
    let single = |c: &Cluster| {
        c.class == Class::Dash && c.chars.len() == 1 && flat.chars[c.chars.start] == '—'
    };
    let joins = |a: &Cluster, b: &Cluster| single(a) && single(b) && a.style == b.style;
    let next = clusters.get(index + 1).filter(|_| index + 1 < end);
    if next.is_some_and(|next| joins(&clusters[index], next)) { 2 } else { 1 }
}

/// What spacing sees of a unit on its left and on its right.
fn neighbours(
    cluster: &Cluster,
    text: &TextStyle,
    (left, body, right): (f64, f64, f64),
) -> (Neighbour, Neighbour) {
    let size = text.size.0;
    let class = if text.marks.code {
        // Code stands off from the text around it as a Latin word does, whatever it begins with.
        Class::Latin
    } else {
        cluster.class
    };
    let side = |class: Class, blank: f64| Neighbour { class, size, blank };
    // Signs as wide as Han (％ ￥) have blank of their own: no gap on the outside, and none between
    // them and their number.
    match class {
        Class::Postfix if body > size * 0.9 => {
            (side(Class::NoteMark, left), side(Class::Han, right))
        }
        Class::Prefix if body > size * 0.9 => {
            (side(Class::Han, left), side(Class::NoteMark, right))
        }
        _ => (side(class, left), side(class, right)),
    }
}

/// How many characters of a unit can stand for a word at a line's edge: marks can't, Chinese,
/// Western or raised.
fn solid(class: Class, c: char, object: Option<&Object>) -> u32 {
    match (object, class) {
        (Some(Object::Ruby { base, .. }), _) => u32::try_from(base.chars().count()).unwrap_or(1),
        (_, Class::NoteMark | Class::Dash | Class::Ellipsis | Class::Interpunct) => 0,
        (_, Class::Connector | Class::Solidus) => 0,
        (_, Class::Latin) => u32::from(!is_western_closing(c) && !is_western_opening(c)),
        (_, class) => u32::from(!class.is_framed_mark()),
    }
}

/// ？！ and ！！ take one em together, three such marks two (GB/T 15834 5.1.2; CLREQ
/// §exclamatory_question_marks): inks side by side, with half an em of blank after an odd number.
fn narrow_stop_pairs(
    flat: &Flat,
    units: &[Unit],
    sides: &mut [(Neighbour, Neighbour)],
    house: &House,
) {
    if house.preset == Preset::Plain {
        return;
    }
    let calls = |unit: &Unit| {
        unit.class == Class::Stop
            && flat.table[unit.style].region == Region::Hans
            && matches!(flat.chars[unit.chars.start], '！' | '？')
    };
    let mut i = 0;
    while i < units.len() {
        let run = units[i..].iter().take_while(|u| calls(u)).count();
        let blanks_cut = run - run % 2;
        if run > 1 {
            sides[i..i + blanks_cut].iter_mut().for_each(|s| s.1.blank = 0.0);
        }
        i += run.max(1);
    }
}

/// A raised mark stands close to the stop before it, over the stop's blank; what is left of the
/// blank follows the mark.
fn blanks_after_note_marks(out: &Prepared, sides: &mut [(Neighbour, Neighbour)]) {
    for i in 1..out.units.len() {
        let before = sides[i - 1].1;
        if out.units[i].class == Class::NoteMark && before.class.is_framed_mark() {
            let blank = (before.blank - out.pieces[i].body).max(0.0);
            sides[i - 1].1.blank = 0.0;
            if blank > 0.0 {
                sides[i].1 = Neighbour { blank, ..before };
            }
        }
    }
}

fn gaps(source: &Source<'_>, out: &mut Prepared, sides: &[(Neighbour, Neighbour)]) {
    let flat = source.flat;
    let code = |u: &Unit| flat.table[u.style].marks.code;
    for i in 0..out.units.len().saturating_sub(1) {
        let (unit, next) = (&out.units[i], &out.units[i + 1]);
        let (left, right) = (sides[i].1, sides[i + 1].0);
        let mut gap = if code(unit) && code(next) {
            Gap::default()
        } else {
            gap_between(left, right, unit.spaced, source.house)
        };
        if unit.spaced && left.class == Class::Han && right.class == Class::Han {
            gap.natural = source.style.han_space.0 * left.size;
        }
        out.pieces[i].gap = gap;
    }
}

/// Blank kept between neighbouring readings, in ems of the text (CLREQ
/// §positioning_of_romanization).
const READING_GAP: Em = Em(0.25);

/// Widens gaps beside readings that are wider than their bases: neighbouring readings keep a
/// quarter of an em between them, and over characters without a reading they reach only so far that
/// two of them can't meet. Within one word all gaps grow alike, never pair by pair.
fn part_readings(flat: &Flat, out: &mut Prepared) {
    let reading = |unit: &Unit| match &unit.ink {
        Ink::Box(made) if made.has_reading() => Some(made.over().0),
        _ => None,
    };
    let mut needed = vec![0.0_f64; out.units.len()];
    for (pair, needed) in out.units.windows(2).zip(&mut needed) {
        let size = flat.table[pair[0].style].size.0;
        let reach = ruby::OVERHANG.0 * size;
        *needed = match (reading(&pair[0]), reading(&pair[1])) {
            (Some(left), Some(right)) => left + right + READING_GAP.0 * size,
            (Some(over), None) | (None, Some(over)) => over - reach,
            (None, None) => 0.0,
        };
    }
    let word = |unit: &Unit| match flat.objects.get(&unit.chars.start) {
        Some(Object::Ruby { word, .. }) => Some(*word),
        _ => None,
    };
    let mut i = 0;
    while i < out.units.len() {
        let id = word(&out.units[i]);
        let run = match id {
            Some(_) => out.units[i..].iter().take_while(|u| word(u) == id).count(),
            None => 1,
        };
        let inner = i..i + run - 1;
        let widest = needed[inner.clone()].iter().copied().fold(0.0, f64::max);
        needed[inner].fill(widest);
        i += run;
    }
    for (piece, needed) in out.pieces.iter_mut().zip(needed) {
        let gap = &mut piece.gap;
        if needed > 0.0 {
            gap.natural = gap.natural.max(needed);
            let room = gap.natural - needed;
            let wanted: f64 = gap.reduce.iter().sum();
            let share = if wanted > room { room / wanted } else { 1.0 };
            gap.reduce.iter_mut().for_each(|r| *r *= share);
        }
    }
}

/// Lets a single stop stand outside the measure (typesetting.md §3.5; CLREQ
/// §hanging_punctuation_marks_at_line_end): in Mainland style every stop, in Japanese 、 and 。, in
/// Taiwan and Hong Kong none; never one of several marks.
fn hang_stops(flat: &Flat, out: &mut Prepared) {
    for i in 1..out.units.len() {
        let mark = |unit: Option<&Unit>| unit.is_some_and(|u| u.class.is_framed_mark());
        let unit = &out.units[i];
        let c = flat.chars[unit.chars.start];
        let hangs = match flat.table[unit.style].region {
            Region::Hans => matches!(unit.class, Class::Pause | Class::Stop),
            Region::Ja => matches!(c, '、' | '。' | '，' | '．'),
            Region::Hant | Region::Hk | Region::Ko | Region::Western => false,
        };
        if hangs && !mark(out.units.get(i - 1)) && !mark(out.units.get(i + 1)) {
            out.pieces[i].hang = out.pieces[i].body;
        }
    }
}

fn object_ink(setter: &mut Setter<'_>, object: &Object, text: &TextStyle) -> Framed {
    let (ink, width) = match object {
        // In a vertical line the picture's height runs along the line, and its width has the room
        // of a character.
        Object::Picture { id, width, height } if setter.vertical => {
            let fit = (*height / width.max(Pt(1e-3))).min(1.0);
            let along = *height * fit;
            (Ink::Box(InlineBox::picture(*id, along, *width * fit, text)), along.0)
        }
        Object::Picture { id, width, height } => {
            (Ink::Box(InlineBox::picture(*id, *width, *height, text)), width.0)
        }
        Object::Upright { text: chars, how } => {
            let made = upright::set(setter, chars, *how, text);
            let width = made.width.0;
            (Ink::Box(made), width)
        }
        Object::Ruby { base, reading, .. } => {
            let made = ruby::set(setter, base, reading, text);
            let width = made.width.0;
            (Ink::Box(made), width)
        }
        Object::Note { label } => (Ink::Note(label.clone()), text.size.0 * NOTE_MARK),
    };
    Framed { ink, widths: (0.0, width, 0.0) }
}

/// How a cluster stands in its frame.
fn cluster_ink(
    setter: &Setter<'_>,
    source: &Source<'_>,
    index: usize,
    chars: &Range<usize>,
) -> Framed {
    let cluster = &source.clusters[index];
    let text = &source.flat.table[cluster.style];
    let size = text.size.0;
    let c = source.flat.chars[chars.start];
    let framed = |dx: f64, dy: f64, stretch: f64, widths| Framed {
        ink: Ink::Cluster(ClusterInk { index, dx, dy, stretch }),
        widths,
    };
    let plain = |dx: f64, widths| framed(dx, 0.0, 1.0, widths);
    let advance = cluster.advance.0;
    // Only marks ask for their ink: most characters are placed by their advance alone.
    let is_mark = cluster.class.is_framed_mark()
        || matches!(
            cluster.class,
            Class::Dash | Class::Ellipsis | Class::Interpunct | Class::Connector | Class::Solidus
        );
    let ink = source
        .glyphs
        .get(cluster.glyphs.start)
        .filter(|_| is_mark && !text.marks.code)
        .and_then(|g| setter.fonts().face(cluster.face)?.ink(g.id));
    let Some(ink) = ink else {
        let width = if cluster.class == Class::WideSpace { size } else { advance };
        return plain(0.0, (0.0, width, 0.0));
    };
    // Along the line: down from the top of the frame for what stands upright.
    let (x_min, x_max) = if cluster.upright {
        ((FRAME_ASCENT - ink.y_max.0) * size, (FRAME_ASCENT - ink.y_min.0) * size)
    } else {
        (ink.x_min.0 * size, ink.x_max.0 * size)
    };
    let centred = |width: f64| (width - (x_max + x_min)) / 2.0;
    match cluster.class {
        // In vertical lines they stand in the middle of their frame (typesetting.md §3.2).
        _ if cluster.upright && matches!(c, '：' | '；' | '？' | '！') => {
            plain(0.0, (0.0, advance, 0.0))
        }
        class if class.is_framed_mark() => {
            let bearings = (x_min.max(0.0), (advance - x_max).max(0.0));
            let widths = frame_of_mark(class, c, text.region, size, advance, bearings);
            let dx = if advance < 0.75 * size {
                // A proportional glyph in a frame: its ink in the middle of the half it stands in.
                (widths.1 - (x_max - x_min)) / 2.0 - x_min
            } else {
                -widths.0
            };
            plain(dx, widths)
        }
        Class::Dash => {
            // One line of as many ems as there are dashes, less a hair on either side.
            let ems = if c == '⸺' { 2 } else { chars.len() };
            let width = size * ems as f64;
            let stretch = (width - DASH_INSET * size) / (x_max - x_min).max(0.1);
            framed(DASH_INSET * size / 2.0 - x_min * stretch, 0.0, stretch, (0.0, width, 0.0))
        }
        Class::Ellipsis if chars.len() == 1 => {
            let middle = (ink.y_min.0 + ink.y_max.0) / 2.0;
            let raise = if middle < ELLIPSIS_LOW { ELLIPSIS_MIDDLE - middle } else { 0.0 };
            framed(centred(size), -raise * size, 1.0, (0.0, size, 0.0))
        }
        Class::Interpunct => {
            let wide = matches!(text.region, Region::Hant | Region::Hk | Region::Ja);
            let (blank, body) = if wide { (size / 4.0, size / 2.0) } else { (0.0, size / 2.0) };
            plain(centred(body), (blank, body, blank))
        }
        Class::Connector => {
            let width = if c == '–' { size / 2.0 } else { size };
            plain(centred(width), (0.0, width, 0.0))
        }
        Class::Solidus => plain(centred(size / 2.0), (0.0, size / 2.0, 0.0)),
        Class::WideSpace => plain(0.0, (0.0, size, 0.0)),
        _ => plain(0.0, (0.0, advance, 0.0)),
    }
}
