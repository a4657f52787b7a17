//! The space between two neighbours on a line: punctuation blanks and Chinese–Latin gaps.
//!
//! A full-width mark is half ink and half blank. The blank is not part of the mark's width here
//! but of the gap beside it, so that adjusting, trimming and justifying all work on gaps alone.
//! Source: typesetting.md §3, §4, §5 (CLREQ §punctuation_adjustment…, §line_adjustment).

use serde::Deserialize;

use super::Class;
use crate::model::Region;
use crate::units::Em;

/// House styles of punctuation width (typesetting.md §3.6).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// 全角: marks one em, pairs one and a half, half an em at the line's end.
    #[default]
    Quanjiao,
    /// 行末半角: pairs are not tightened.
    Hangmobanjiao,
    /// 开明: only 。！？ keep one em inside a sentence.
    Kaiming,
    /// 半角: every mark half an em.
    Banjiao,
    /// The face's own widths, nothing trimmed.
    Plain,
}

/// Number of steps in which a line is reduced after its end mark (CLREQ
/// §procedures_for_inter-character_spacing_reduction b–g): word spaces, interpuncts, brackets,
/// pause marks, Chinese–Latin gaps, stops.
pub const REDUCTIONS: usize = 6;
const WORD_SPACE: usize = 0;
const BRACKET: usize = 2;
const PAUSE: usize = 3;
const HAN_LATIN: usize = 4;
const STOP: usize = 5;

/// One side of a gap: what spacing needs to know of a cluster. Lengths are in pt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// Its class.
    pub class: Class,
    /// Its type size.
    pub size: f64,
    /// Blank inside its frame on the side of the gap.
    pub blank: f64,
}

/// The space between two neighbours: its natural width, and how far it gives. Lengths are in pt.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Gap {
    /// Width before adjustment.
    pub natural: f64,
    /// How much it can lose in each step of reduction.
    pub reduce: [f64; REDUCTIONS],
    /// How much it can gain as a word space, then as a Chinese–Latin gap.
    pub expand: [f64; 2],
    /// Whether it takes part in the last step of expansion, which spaces all characters alike.
    pub stretches: bool,
    /// Whether it is a typed space: dropped at a line's end.
    pub space: bool,
}

/// Natural, narrowest and widest Chinese–Latin gap (CLREQ §mixed_text…; house cap of 1/2).
const HAN_LATIN_GAP: (Em, Em, Em) = (Em(0.25), Em(0.125), Em(0.5));
/// Natural, narrowest and widest word space (JLREQ 3.8.3; CLREQ).
const WORD_GAP: (Em, Em, Em) = (Em(0.333), Em(0.25), Em(0.5));

/// The gap between `left` and `right`, adjacent in the text.
///
/// - `spaced`: whether a word space was typed between them;
/// - `preset`: the house style.
pub fn gap_between(left: Neighbour, right: Neighbour, spaced: bool, preset: Preset) -> Gap {
    use Class::{Close, Connector, Dash, Ellipsis, Open, Pause, Solidus, Stop};
    let mut gap = Gap { space: spaced, ..Gap::default() };
    let size = left.size.min(right.size);
    let em = |length: Em| length.0 * size;

    // Blanks of marks, tightened where two marks meet (typesetting.md §3.3).
    let mut from_left = if left.class.is_framed_mark() { left.blank } else { 0.0 };
    let mut from_right = if right.class.is_framed_mark() { right.blank } else { 0.0 };
    let tightens = matches!(preset, Preset::Quanjiao | Preset::Kaiming | Preset::Banjiao);
    let halves = |class: Class| match preset {
        Preset::Banjiao => true,
        Preset::Kaiming => class != Stop,
        _ => false,
    };
    if left.class.is_framed_mark() && right.class.is_framed_mark() && tightens {
        match (left.class, right.class) {
            (Open, Open) => from_right = 0.0,
            (Close | Pause | Stop, Close | Pause | Stop) => from_left = 0.0,
            (Close | Pause | Stop, Open) => {
                let keep = em(Em(0.5)).min(from_left + from_right);
                (from_left, from_right) = (keep / 2.0, keep / 2.0);
            }
            _ => {}
        }
    }
    if halves(left.class) {
        from_left = 0.0;
    }
    if halves(right.class) {
        from_right = 0.0;
    }
    if preset != Preset::Plain {
        let step = |class: Class| match class {
            Pause => PAUSE,
            Stop => STOP,
            _ => BRACKET,
        };
        gap.reduce[step(left.class)] += from_left;
        gap.reduce[step(right.class)] += from_right;
    }
    gap.natural = from_left + from_right;

    let han_latin = (left.class.is_han_like() && right.class.is_western())
        || (left.class.is_western() && right.class.is_han_like());
    if han_latin {
        // A typed space is replaced by the gap, not added to it.
        gap.natural += em(HAN_LATIN_GAP.0);
        gap.reduce[HAN_LATIN] += em(HAN_LATIN_GAP.0) - em(HAN_LATIN_GAP.1);
        gap.expand[1] += em(HAN_LATIN_GAP.2) - em(HAN_LATIN_GAP.0);
    } else if spaced {
        let marks = left.class.is_framed_mark() || right.class.is_framed_mark();
        if !marks {
            gap.natural += em(WORD_GAP.0);
            gap.reduce[WORD_SPACE] += em(WORD_GAP.0) - em(WORD_GAP.1);
            gap.expand[0] += em(WORD_GAP.2) - em(WORD_GAP.0);
        }
    }
    let rigid = |class: Class| matches!(class, Connector | Solidus | Class::NoteMark);
    let within_word = left.class.is_western() && right.class.is_western() && !spaced;
    let drawn_pair = (left.class == Dash && right.class == Dash)
        || (left.class == Ellipsis && right.class == Ellipsis);
    gap.stretches = !within_word
        && !drawn_pair
        && !rigid(left.class)
        && !rigid(right.class)
        && left.class != Open
        && !matches!(right.class, Close | Pause | Stop)
        && !matches!((left.class, right.class), (Class::Hangul, Class::Hangul));
    gap
}

/// How much of the blank of a mark that opens an indented paragraph is taken away (typesetting.md
/// §3.4): all of it, so that the ink starts two ems in.
pub fn paragraph_start_trim(preset: Preset, blank: f64) -> f64 {
    if preset == Preset::Plain { 0.0 } else { blank }
}

/// The natural blanks left and right of the ink of a mark, in pt, and the width of what remains.
///
/// - `bearings`: the glyph's own side bearings in pt, which cap what may be taken away;
/// - `advance`: the glyph's advance in pt; narrower glyphs (proportional quotes) are set in a
///   full-width frame first.
///
/// Returns `(left, body, right)` with `left + body + right` the full frame. Source: typesetting.md
/// §3.1, §3.2 (by region).
pub(crate) fn frame_of_mark(
    class: Class,
    c: char,
    region: Region,
    size: f64,
    advance: f64,
    bearings: (f64, f64),
) -> (f64, f64, f64) {
    let half = size / 2.0;
    let centred = matches!(region, Region::Hant | Region::Hk);
    if advance < 0.75 * size {
        // A proportional glyph stands in the half of the frame where its ink belongs.
        return match class {
            Class::Open => (half, half, 0.0),
            _ => (0.0, half, half),
        };
    }
    match class {
        Class::Open => (half.min(bearings.0), advance - half.min(bearings.0), 0.0),
        Class::Stop if centred && matches!(c, '！' | '？') => (0.0, advance, 0.0),
        Class::Stop if region == Region::Ja && matches!(c, '！' | '？') => (0.0, advance, 0.0),
        Class::Pause | Class::Stop
            if centred || (region == Region::Ja && matches!(c, '：' | '；')) =>
        {
            let quarter = half / 2.0;
            let (left, right) = (quarter.min(bearings.0), quarter.min(bearings.1));
            (left, advance - left - right, right)
        }
        _ => (0.0, advance - half.min(bearings.1), half.min(bearings.1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A neighbour of ten points with the blank that a GB mark has on that side.
    fn mark(class: Class, left: bool) -> Neighbour {
        let blank = match class {
            Class::Open if !left => 5.0,
            Class::Close | Class::Pause | Class::Stop if left => 5.0,
            _ => 0.0,
        };
        Neighbour { class, size: 10.0, blank }
    }

    fn between(left: Class, right: Class, spaced: bool) -> Gap {
        gap_between(mark(left, true), mark(right, false), spaced, Preset::Quanjiao)
    }

    fn natural(left: Class, right: Class) -> f64 {
        between(left, right, false).natural
    }

    #[test]
    fn pairs_of_marks_stand_one_and_a_half_ems_wide() {
        // Both inks take 5 each; the pair takes 15 in all together with its outer blank of 5.
        assert_eq!(natural(Class::Stop, Class::Close), 0.0); // 。”
        assert_eq!(natural(Class::Open, Class::Open), 0.0); // （“
        assert_eq!(natural(Class::Close, Class::Pause), 0.0); // ”，
        assert_eq!(natural(Class::Close, Class::Open), 5.0); // 》《
        assert_eq!(natural(Class::Pause, Class::Open), 5.0); // ，“
    }

    #[test]
    fn a_gap_separates_han_from_latin_but_not_from_punctuation() {
        assert_eq!(natural(Class::Han, Class::Latin), 2.5);
        assert_eq!(natural(Class::Digit, Class::Han), 2.5);
        assert_eq!(natural(Class::Pause, Class::Latin), 5.0);
        assert_eq!(natural(Class::Latin, Class::Pause), 0.0);
    }

    #[test]
    fn a_typed_space_between_han_and_latin_is_replaced_not_added() {
        assert_eq!(between(Class::Han, Class::Latin, true).natural, 2.5);
    }

    #[test]
    fn nothing_stretches_inside_words_or_before_closing_marks() {
        let stretches = |l, r| between(l, r, false).stretches;
        assert!(stretches(Class::Han, Class::Han));
        assert!(!stretches(Class::Latin, Class::Latin));
        assert!(!stretches(Class::Han, Class::Close));
        assert!(!stretches(Class::Open, Class::Han));
    }
}
