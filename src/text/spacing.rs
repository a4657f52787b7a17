//! The space between two neighbours on a line: punctuation blanks and Chinese–Latin gaps.
//!
//! A full-width mark is half ink and half blank. The blank is not part of the mark's width here
//! but of the gap beside it, so that adjusting, trimming and justifying all work on gaps alone.
//! Source: typesetting.md §3, §4, §5 (CLREQ §punctuation_adjustment…, §line_adjustment).

use serde::Deserialize;

use super::Class;
use crate::model::Region;
use crate::units::Em;

/// House styles of punctuation width (typesetting.md §3.6; the names are those of `xeCJK`).
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
    /// CCT (科学院排版系统): marks seven tenths of an em, pairs one and a fifth.
    Cct,
    /// The face's own widths, nothing trimmed.
    Plain,
}

/// Where the first line stands when an indented paragraph opens with an opening mark
/// (typesetting.md §3.4; CLREQ §compression_of_punctuation_marks_at_line_start, rule 1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ParagraphStart {
    /// The mark keeps its blank: its ink stands two and a half ems in.
    Keep,
    /// The blank is cut: the ink stands two ems in.
    #[default]
    Trim,
    /// The mark hangs into the indent: the first Han character stands two ems in, in line with
    /// the first characters of other paragraphs.
    Hang,
}

/// Everything in which publishers differ about marks.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct House {
    /// Widths of marks.
    pub preset: Preset,
    /// Blank that a mark keeps however far a line is reduced, 0–0.5 (JLREQ 3.8.3 keeps 1/4 em in
    /// good work; CLREQ lets it go).
    pub mark_blank: Em,
    /// Whether 。！？ keep their width when lines are reduced.
    pub keep_stops: bool,
    /// Whether a stop may stand outside the measure at a line's end (悬挂).
    pub hanging: bool,
    /// Opening marks at the start of indented paragraphs.
    pub paragraph_start: ParagraphStart,
}

impl House {
    /// The house style of a preset, everything else as most Chinese books have it.
    pub fn of(preset: Preset) -> Self {
        Self { preset, ..Self::default() }
    }
}

/// Widths of marks in ems, by preset (typesetting.md §3.6).
struct Figures {
    /// A mark by itself.
    single: f64,
    /// A sentence stop by itself.
    stop: f64,
    /// Two marks together.
    pair: f64,
}

impl Preset {
    fn figures(self) -> Figures {
        let (single, stop, pair) = match self {
            Self::Quanjiao => (1.0, 1.0, 1.5),
            Self::Hangmobanjiao | Self::Plain => (1.0, 1.0, 2.0),
            Self::Kaiming => (0.5, 1.0, 1.0),
            Self::Banjiao => (0.5, 0.5, 1.0),
            Self::Cct => (0.7, 0.7, 1.2),
        };
        Figures { single, stop, pair }
    }

    /// Share of its blank that a mark keeps beside a character, 0–1.
    fn keeps(self, class: Class) -> f64 {
        let figures = self.figures();
        let width = match class {
            Class::Interpunct => 1.0,
            Class::Stop => figures.stop,
            _ => figures.single,
        };
        (width - 0.5) / 0.5
    }
}

/// Number of steps in which a line is reduced after its end mark (CLREQ
/// §procedures_for_inter-character_spacing_reduction b–g): word spaces, interpuncts, brackets,
/// pause marks, Chinese–Latin gaps, stops.
pub const REDUCTIONS: usize = 6;
const WORD_SPACE: usize = 0;
const INTERPUNCT: usize = 1;
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

impl Gap {
    /// Whether the last step of expansion begins with it: gaps that were widened before wait.
    pub fn is_plain(&self) -> bool {
        self.stretches && self.expand == [0.0; 2]
    }
}

/// Natural, narrowest and widest Chinese–Latin gap (CLREQ §mixed_text…, reduction f, expansion b).
const HAN_LATIN_GAP: (Em, Em, Em) = (Em(0.25), Em(0.125), Em(0.5));
/// Natural, narrowest and widest word space (JLREQ 3.8.3; CLREQ).
const WORD_GAP: (Em, Em, Em) = (Em(0.333), Em(0.25), Em(0.5));

/// The gap between `left` and `right`, adjacent in the text.
///
/// - `spaced`: whether a word space was typed between them;
/// - `house`: the house style.
pub fn gap_between(left: Neighbour, right: Neighbour, spaced: bool, house: &House) -> Gap {
    use Class::{Close, Connector, Dash, Ellipsis, Open, Pause, Solidus, Stop};
    let mut gap = Gap { space: spaced, ..Gap::default() };
    let size = left.size.min(right.size);
    let em = |length: Em| length.0 * size;

    let (from_left, from_right) = blanks(left, right, house.preset);
    gap.natural = from_left + from_right;
    if house.preset != Preset::Plain {
        for (class, blank) in [(left.class, from_left), (right.class, from_right)] {
            let step = match class {
                Pause => PAUSE,
                Stop => STOP,
                Class::Interpunct => INTERPUNCT,
                _ => BRACKET,
            };
            if !(class == Stop && house.keep_stops) {
                gap.reduce[step] += (blank - em(house.mark_blank)).max(0.0);
            }
        }
    }

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
    let word = |class: Class| class.is_western() || class == Class::Hangul;
    let within_word = word(left.class) && word(right.class) && !spaced;
    let drawn_pair = (left.class == Dash && right.class == Dash)
        || (left.class == Ellipsis && right.class == Ellipsis);
    gap.stretches = !within_word
        && !drawn_pair
        && !rigid(left.class)
        && !rigid(right.class)
        && left.class != Open
        && !matches!(right.class, Close | Pause | Stop);
    gap
}

/// What is left of the blanks that two neighbours have towards each other, in pt.
///
/// A mark by itself keeps what its preset gives it. Where two marks meet, the pair as a whole is to
/// take the preset's width: facing marks (》《) share what remains between them; marks of one
/// direction (。” and （“) stand close, and the outer one keeps its outer blank. Brackets stay close
/// to what they enclose. Source: typesetting.md §3.3 (CLREQ
/// §h-adjustment_of_adjacent_punctuation_marks; JLREQ 3.1.4 for the interpunct).
fn blanks(left: Neighbour, right: Neighbour, preset: Preset) -> (f64, f64) {
    use Class::{Close, Interpunct, Open, Pause, Stop};
    let blank = |side: Neighbour| {
        let has = side.class.is_framed_mark() || side.class == Interpunct;
        if has { side.blank * preset.keeps(side.class) } else { 0.0 }
    };
    let (from_left, from_right) = (blank(left), blank(right));
    let em = left.size.min(right.size);
    // Room between the inks of a pair whose inks take half an em each.
    let between = (preset.figures().pair - 1.0) * em;
    match (left.class, right.class) {
        _ if preset == Preset::Plain => (from_left, from_right),
        // The interpunct's own blank is a quarter of an em already.
        (Interpunct, mark) if mark.is_framed_mark() => (from_left, 0.0),
        (mark, Interpunct) if mark.is_framed_mark() => (0.0, from_right),
        (Close | Pause | Stop, Open) => {
            let (whole, keep) = (from_left + from_right, between.min(from_left + from_right));
            let share = if whole > 0.0 { keep / whole } else { 0.0 };
            (from_left * share, from_right * share)
        }
        (Open, Open) => {
            let outer = preset.keeps(Open) * em / 2.0;
            let keep = (between - outer).max(0.0);
            (from_left.min(keep), from_right.min(keep))
        }
        (Close | Pause | Stop, Close | Pause | Stop) => {
            let outer = preset.keeps(right.class) * em / 2.0 - from_right;
            let keep = (between - outer).max(0.0);
            (from_left.min((keep - from_right).max(0.0)), from_right.min(keep))
        }
        _ => (from_left, from_right),
    }
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
        // A middle dot keeps a quarter of an em on either side (JLREQ cl-05; Taiwan, Hong Kong).
        Class::Interpunct => (half / 2.0, advance - half, half / 2.0),
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

    fn in_house(left: Class, right: Class, house: House) -> Gap {
        gap_between(mark(left, true), mark(right, false), false, &house)
    }

    fn between(left: Class, right: Class, spaced: bool) -> Gap {
        let house = House::default();
        gap_between(mark(left, true), mark(right, false), spaced, &house)
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

    #[test]
    fn presets_give_marks_and_pairs_their_figures() {
        use Class::{Close, Han, Open, Pause, Stop};
        // Preset; width of ，《 and 。 by themselves; of the pairs ，“ 》《 。” （“.
        for (preset, singles, pairs) in [
            (Preset::Quanjiao, [10.0, 10.0, 10.0], [15.0, 15.0, 15.0, 15.0]),
            (Preset::Hangmobanjiao, [10.0, 10.0, 10.0], [20.0, 20.0, 20.0, 20.0]),
            (Preset::Kaiming, [5.0, 5.0, 10.0], [10.0, 10.0, 10.0, 10.0]),
            (Preset::Banjiao, [5.0, 5.0, 5.0], [10.0, 10.0, 10.0, 10.0]),
            (Preset::Cct, [7.0, 7.0, 7.0], [12.0, 12.0, 12.0, 12.0]),
            (Preset::Plain, [10.0, 10.0, 10.0], [20.0, 20.0, 20.0, 20.0]),
        ] {
            let gap = |l, r| in_house(l, r, House::of(preset)).natural;
            let single = [gap(Pause, Han), gap(Han, Open), gap(Stop, Han)].map(|g| 5.0 + g);
            let outer = (gap(Close, Han), gap(Han, Open));
            let pair = [
                10.0 + gap(Pause, Open),
                10.0 + gap(Close, Open),
                10.0 + gap(Stop, Close) + outer.0,
                10.0 + gap(Open, Open) + outer.1,
            ];
            for (got, want) in single.iter().chain(&pair).zip(singles.iter().chain(&pairs)) {
                assert!((got - want).abs() < 1e-9, "{preset:?}: {single:?} {pair:?}");
            }
        }
    }

    #[test]
    fn a_mark_keeps_the_least_blank_of_the_house_and_stops_their_width_if_asked() {
        use Class::{Han, Pause, Stop};
        let quarter = House { mark_blank: Em(0.25), ..House::default() };
        assert_eq!(in_house(Pause, Han, House::default()).reduce[PAUSE], 5.0);
        assert_eq!(in_house(Pause, Han, quarter).reduce[PAUSE], 2.5);
        let kept = House { keep_stops: true, ..House::default() };
        assert_eq!(in_house(Stop, Han, House::default()).reduce[STOP], 5.0);
        assert_eq!(in_house(Stop, Han, kept).reduce[STOP], 0.0);
    }

    #[test]
    fn marks_stand_close_to_an_interpunct() {
        assert_eq!(natural(Class::Close, Class::Interpunct), 0.0);
        assert_eq!(natural(Class::Interpunct, Class::Open), 0.0);
    }

    #[test]
    fn centred_marks_give_on_both_sides_and_fixed_ones_on_none() {
        for region in [Region::Hant, Region::Hk] {
            let comma = frame_of_mark(Class::Pause, '，', region, 10.0, 10.0, (4.0, 4.4));
            assert_eq!(comma, (2.5, 5.0, 2.5));
            let call = frame_of_mark(Class::Stop, '！', region, 10.0, 10.0, (4.4, 4.5));
            assert_eq!(call, (0.0, 10.0, 0.0));
        }
        let comma = frame_of_mark(Class::Pause, '，', Region::Hans, 10.0, 10.0, (0.8, 7.7));
        assert_eq!(comma, (0.0, 5.0, 5.0));
    }

    #[test]
    fn nothing_stretches_between_hangul_syllables_but_their_spaces_do() {
        assert!(!between(Class::Hangul, Class::Hangul, false).stretches);
        assert!(between(Class::Hangul, Class::Hangul, true).stretches);
    }
}
