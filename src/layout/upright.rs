//! Western characters that stand upright in vertical lines (CLREQ §mixed_text…; typesetting.md
//! §11): single letters and short abbreviations in capitals one below the other, numbers of two or
//! three digits side by side. Longer words and numbers lie on their side.

use super::inline::{Flat, Object};
use super::ruby::InlineBox;
use super::setter::Setter;
use super::strip::FRAME_ASCENT;
use super::style::TextStyle;
use super::{Content, Glyph, GlyphRun, Item, Tag};
use crate::text::{Class, OBJECT};
use crate::units::Pt;

/// Longest abbreviation that stands upright, in letters: GDP, CCTV.
const CAPITALS: usize = 4;
/// Longest number that stands across, in digits.
const DIGITS: usize = 3;
/// Height of the middle of a line above its baseline, in ems: of the Han frame.
pub(crate) const MIDDLE: f64 = FRAME_ASCENT - 0.5;
/// Distance of capitals that stand one below the other, in ems: their height is 0.7.
const CAPITAL_PITCH: f64 = 0.9;

/// How characters that belong together stand in a vertical line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stand {
    /// Side by side in one frame.
    Across,
    /// One below the other.
    Stacked,
}

/// The same text with what stands upright made into objects.
pub(super) fn stand(flat: &Flat) -> Flat {
    let mut out = flat.emptied();
    let mut i = 0;
    while i < flat.chars.len() {
        let len = word(flat, i);
        let style = flat.styles[i];
        let stands = (len > 0).then(|| stands(flat, i, len)).flatten();
        let end = i + len.max(1);
        match stands {
            Some(how) => {
                let text = flat.chars[i..end].iter().collect();
                out.append_object(Object::Upright { text, how }, Class::Han, style);
            }
            None => out.append_from(flat, i..end),
        }
        i = end;
    }
    out
}

/// Length of the run of ASCII letters, digits and marks of one style that begins at `i`.
fn word(flat: &Flat, i: usize) -> usize {
    let style = flat.styles[i];
    let same = |at: usize| flat.chars[at].is_ascii_graphic() && flat.styles[at] == style;
    (i..flat.chars.len()).take_while(|at| same(*at)).count()
}

fn stands(flat: &Flat, i: usize, len: usize) -> Option<Stand> {
    let raised = (i..i + len).any(|at| flat.classes.contains_key(&at));
    if raised || flat.table[flat.styles[i]].marks.code {
        return None;
    }
    // Part of a Western phrase: beside another word, with or without a space between.
    let western = |c: Option<&char>| {
        c.is_some_and(|c| {
            c.is_ascii_graphic() || (c.is_alphabetic() && Class::of(*c) == Class::Latin)
        })
    };
    let before = flat.chars[..i].iter().rev().find(|c| **c != ' ');
    let after = flat.chars[i + len..].iter().find(|c| **c != ' ');
    if western(before) || western(after) {
        return None;
    }
    let text = &flat.chars[i..i + len];
    let all = |test: fn(&char) -> bool| text.iter().all(test);
    // A label of a list or a page number stands alone.
    let alone = len == flat.chars.len();
    let label = alone && len <= DIGITS && all(|c| c.is_ascii_alphanumeric() || *c == '.');
    if label || (len <= DIGITS && all(char::is_ascii_digit)) {
        return Some(Stand::Across);
    }
    let letters = len <= CAPITALS && all(char::is_ascii_uppercase);
    (letters || (len == 1 && all(char::is_ascii_alphabetic))).then_some(Stand::Stacked)
}

/// Sets such characters as a box.
pub(super) fn set(setter: &mut Setter<'_>, text: &str, how: Stand, style: &TextStyle) -> InlineBox {
    let size = style.size;
    let glyphs: Vec<(crate::font::FaceId, u16, Pt)> =
        text.chars().filter(|c| *c != OBJECT).map(|c| setter.single_western(c, style)).collect();
    let natural: Pt = glyphs.iter().map(|g| g.2).sum();
    let squeeze = match how {
        Stand::Across => (size / natural.max(Pt(1e-3))).min(1.0),
        Stand::Stacked => 1.0,
    };
    let baseline = size * FRAME_ASCENT;
    let mut across = natural * squeeze / 2.0 - size * MIDDLE;
    let mut along = baseline;
    if how == Stand::Stacked && glyphs.len() > 1 {
        along = size * (CAPITAL_PITCH - 0.08);
    }
    let mut items: Vec<Item> = Vec::new();
    for ((face, id, advance), c) in glyphs.iter().zip(text.chars()) {
        let (dx, dy) = match how {
            Stand::Across => (baseline, across),
            Stand::Stacked => (along, *advance / 2.0 - size * MIDDLE),
        };
        across -= *advance * squeeze;
        along += size * CAPITAL_PITCH;
        let glyph = |text_start: usize| Glyph { id: *id, dx, dy, text_start: text_start as u32 };
        match items.last_mut().map(|item| &mut item.content) {
            Some(Content::Glyphs(run)) if run.face == *face => {
                run.glyphs.push(glyph(run.text.len()));
                run.text.push(c);
            }
            _ => items.push(Item {
                tag: Tag::Node(style.node),
                content: Content::Glyphs(GlyphRun {
                    face: *face,
                    size,
                    x: Pt::ZERO,
                    y: Pt::ZERO,
                    stretch: squeeze,
                    turned: true,
                    color: style.color,
                    text: c.to_string(),
                    glyphs: vec![glyph(0)],
                }),
            }),
        }
    }
    let count = glyphs.len().max(1) as f64;
    let width = match how {
        Stand::Across => size,
        Stand::Stacked if count > 1.0 => size * (CAPITAL_PITCH * count + 0.1),
        Stand::Stacked => size,
    };
    InlineBox::of(width, baseline, items)
}
