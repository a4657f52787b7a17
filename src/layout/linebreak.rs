//! Choosing the breaks of a paragraph, and how each line is brought to its measure.
//!
//! Every way to break the paragraph has a cost: the sum over its lines of how hard each had to be
//! adjusted, in CLREQ's order (first blanks inside punctuation and spaces are reduced step by
//! step; only then gaps are widened). Dynamic programming over the break opportunities finds the
//! cheapest way (Knuth & Plass 1981). Prefix sums make the cost of one candidate line constant, and
//! only starts within one measure are looked at, so time grows linearly with the paragraph.
//!
//! Source: typesetting.md §5; CLREQ §line_adjustment.

use crate::text::{Gap, Opportunity, REDUCTIONS};

/// One unbreakable piece of a line, as far as breaking needs it. Lengths are in pt.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    /// Width without the blanks of a mark.
    pub body: f64,
    /// Gap after it, to the next piece.
    pub gap: Gap,
    /// Blank on its left that a line start keeps (nothing, unless the preset keeps blanks).
    pub start_blank: f64,
    /// Blank on its right that a line end keeps.
    pub end_blank: f64,
    /// Whether a line may end after it.
    pub after: Opportunity,
    /// Width of the hyphen if a line ends after it.
    pub hyphen: f64,
    /// Whether it is a character that can stand for a word (not a mark): a last line wants two.
    pub solid: bool,
}

/// The measure of the lines and what an em is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measure {
    /// Width of the first line.
    pub first: f64,
    /// Width of the others.
    pub rest: f64,
    /// One em of the paragraph.
    pub em: f64,
    /// Whether lines are brought to the measure, or left at their natural width.
    pub justify: bool,
    /// Whether ragged lines are made alike in length, the last one too (headings).
    pub balance: bool,
}

/// How the gaps of one line are changed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Adjustment {
    /// Share of each step's reduction that is used, 0–1.
    pub reduce: [f64; REDUCTIONS],
    /// Share of each step's expansion that is used, 0–1.
    pub expand: [f64; 2],
    /// Added to every gap that stretches.
    pub extra: f64,
}

impl Adjustment {
    /// Width of a gap under this adjustment.
    pub(crate) fn apply(&self, gap: &Gap) -> f64 {
        let reduced: f64 =
            gap.reduce.iter().zip(&self.reduce).map(|(room, share)| room * share).sum();
        let expanded: f64 =
            gap.expand.iter().zip(&self.expand).map(|(room, share)| room * share).sum();
        gap.natural - reduced + expanded + if gap.stretches { self.extra } else { 0.0 }
    }
}

/// Lengths below this are rounding: 1/1000 pt.
const EPSILON: f64 = 1e-3;

// Costs. One unit is what a reader just notices: a line whose gaps all grow by 1/100 em.
/// Full use of each reduction step, in CLREQ's order: the later the step, the dearer.
const REDUCE_COST: [f64; REDUCTIONS] = [8.0, 8.0, 10.0, 14.0, 30.0, 45.0];
/// Full use of each expansion step: dearer than the reductions that come before them.
const EXPAND_COST: [f64; 2] = [20.0, 40.0];
/// Cost of widening all gaps by one em, squared: 0.01 em costs 1, 0.04 em 16, 0.25 em 625.
const EXTRA_COST: f64 = 10_000.0;
/// A line that nothing can widen (an address) and that falls short by one em, squared: a short line
/// disturbs less than one torn open.
const UNFILLED_COST: f64 = 400.0;
/// A last line of one character (孤字): dearer than any line that is merely loose.
const RUNT: f64 = 20_000.0;
/// A hyphen at a line's end.
const HYPHEN: f64 = 30.0;
/// A break between a number and its unit.
const DISCOURAGED: f64 = 25.0;
/// A line that can't be brought within its measure.
const OVERFULL: f64 = 1e9;
/// Each line, so that of two ways alike the one with fewer lines wins.
const LINE: f64 = 0.5;

/// The breaks of a paragraph: index of the last piece of each line, in order.
///
/// Together the lines hold every piece once; the last index is always the last piece. A piece
/// wider than the measure stands alone on a line.
pub(crate) fn choose(pieces: &[Piece], measure: Measure) -> Vec<usize> {
    let sums = Sums::new(pieces);
    // best[k]: cheapest way to set pieces 0..k, and where its last line begins.
    let n = pieces.len();
    let mut best: Vec<(f64, usize)> = vec![(f64::INFINITY, 0); n + 1];
    let mut starts: Vec<usize> = vec![0];
    best[0] = (0.0, 0);
    let mut first_active = 0;
    for end in 1..=n {
        let after = pieces[end - 1].after;
        if after == Opportunity::Forbidden {
            continue;
        }
        let forced = after == Opportunity::Mandatory;
        let mut winner = (f64::INFINITY, 0);
        let mut still_active = first_active;
        // From the nearest start outwards: lines only get longer.
        for (index, &start) in starts.iter().enumerate().skip(first_active).rev() {
            let line = sums.line(pieces, start, end);
            let width = if start == 0 { measure.first } else { measure.rest };
            let fits = line.narrowest <= width + EPSILON;
            if !fits && winner.0.is_finite() {
                still_active = index + 1;
                break;
            }
            let mut cost = best[start].0 + LINE + line_cost(&line, width, &measure, forced);
            match after {
                Opportunity::Hyphen => cost += HYPHEN,
                Opportunity::Discouraged => cost += DISCOURAGED,
                _ => {}
            }
            if end == n && start > 0 && sums.solid(start, end) < 2 {
                cost += RUNT;
            }
            if cost < winner.0 {
                winner = (cost, start);
            }
        }
        best[end] = winner;
        // A start whose line to here is already too wide can't begin any later line.
        first_active = still_active.min(starts.len().saturating_sub(1));
        starts.push(end);
        if forced {
            first_active = starts.len() - 1;
        }
    }
    let mut ends = Vec::new();
    let mut end = n;
    while end > 0 {
        ends.push(end - 1);
        end = best[end].1;
    }
    ends.reverse();
    ends
}

/// How the line of pieces `start..end` is brought to `width`.
pub(crate) fn adjust(
    pieces: &[Piece],
    start: usize,
    end: usize,
    width: f64,
    natural: bool,
) -> Adjustment {
    let line = Sums::new(&pieces[start..end]).line(&pieces[start..end], 0, end - start);
    if natural && line.natural <= width + EPSILON {
        return Adjustment::default();
    }
    adjustment(&line, width)
}

/// Natural width of the line of pieces `start..end`, in pt.
pub(crate) fn natural_width(pieces: &[Piece], start: usize, end: usize) -> f64 {
    Sums::new(&pieces[start..end]).line(&pieces[start..end], 0, end - start).natural
}

/// What the cost of a line depends on. Lengths in pt.
struct LineTotals {
    natural: f64,
    narrowest: f64,
    reduce: [f64; REDUCTIONS],
    expand: [f64; 2],
    stretching: f64,
}

fn adjustment(line: &LineTotals, width: f64) -> Adjustment {
    let mut out = Adjustment::default();
    let mut over = line.natural - width;
    if over > EPSILON {
        for (room, share) in line.reduce.iter().zip(&mut out.reduce) {
            if over > 0.0 && *room > 0.0 {
                *share = (over / room).min(1.0);
                over -= room * *share;
            }
        }
    } else if over < -EPSILON {
        let mut missing = -over;
        for (room, share) in line.expand.iter().zip(&mut out.expand) {
            if missing > 0.0 && *room > 0.0 {
                *share = (missing / room).min(1.0);
                missing -= room * *share;
            }
        }
        if missing > EPSILON && line.stretching > 0.0 {
            out.extra = missing / line.stretching;
        }
    }
    out
}

fn line_cost(line: &LineTotals, width: f64, measure: &Measure, last: bool) -> f64 {
    if line.narrowest > width + EPSILON {
        return OVERFULL + (line.narrowest - width);
    }
    if !measure.justify {
        if line.natural > width + EPSILON {
            return OVERFULL;
        }
        // Ragged setting: a short last line costs nothing. Balanced lines: the last one costs a
        // little less than the others, so that the longest comes first.
        let slack = (width - line.natural) / width;
        let weight = match (last, measure.balance) {
            (false, _) => 100.0,
            (true, true) => 80.0,
            (true, false) => 0.0,
        };
        return weight * slack * slack;
    }
    if last && line.natural <= width + EPSILON {
        return 0.0;
    }
    let adjustment = adjustment(line, width);
    let mut cost = 0.0;
    for (share, price) in adjustment.reduce.iter().zip(REDUCE_COST) {
        cost += price * share * share;
    }
    for (share, price) in adjustment.expand.iter().zip(EXPAND_COST) {
        cost += price * share * share;
    }
    let filled: f64 = line.expand.iter().zip(&adjustment.expand).map(|(r, s)| r * s).sum();
    let missing = width - line.natural - filled - adjustment.extra * line.stretching;
    if missing > EPSILON && line.natural < width {
        // Nothing left that stretches: the line stays short.
        cost += UNFILLED_COST * (missing / measure.em).powi(2);
    }
    cost + EXTRA_COST * (adjustment.extra / measure.em).powi(2)
}

/// Prefix sums over pieces: `[k]` is the sum over pieces `0..k` and the gaps after them.
struct Sums {
    width: Vec<f64>,
    reduce: Vec<[f64; REDUCTIONS]>,
    expand: Vec<[f64; 2]>,
    stretching: Vec<f64>,
    solid: Vec<u32>,
}

impl Sums {
    fn new(pieces: &[Piece]) -> Self {
        let n = pieces.len() + 1;
        let mut sums = Self {
            width: Vec::with_capacity(n),
            reduce: Vec::with_capacity(n),
            expand: Vec::with_capacity(n),
            stretching: Vec::with_capacity(n),
            solid: Vec::with_capacity(n),
        };
        let (mut width, mut reduce, mut expand) = (0.0, [0.0; REDUCTIONS], [0.0; 2]);
        let (mut stretching, mut solid) = (0.0, 0);
        for piece in std::iter::once(None).chain(pieces.iter().map(Some)) {
            if let Some(piece) = piece {
                width += piece.body + piece.gap.natural;
                reduce.iter_mut().zip(piece.gap.reduce).for_each(|(sum, v)| *sum += v);
                expand.iter_mut().zip(piece.gap.expand).for_each(|(sum, v)| *sum += v);
                stretching += f64::from(u8::from(piece.gap.stretches));
                solid += u32::from(piece.solid);
            }
            sums.width.push(width);
            sums.reduce.push(reduce);
            sums.expand.push(expand);
            sums.stretching.push(stretching);
            sums.solid.push(solid);
        }
        sums
    }

    fn solid(&self, start: usize, end: usize) -> u32 {
        self.solid[end] - self.solid[start]
    }

    /// Totals of the line of pieces `start..end`: the gap after the last one does not count.
    fn line(&self, pieces: &[Piece], start: usize, end: usize) -> LineTotals {
        let last = &pieces[end - 1];
        let inner = end - 1;
        let hyphen = if last.after == Opportunity::Hyphen { last.hyphen } else { 0.0 };
        let natural = self.width[inner] - self.width[start]
            + last.body
            + pieces[start].start_blank
            + last.end_blank
            + hyphen;
        let mut reduce = self.reduce[inner];
        reduce.iter_mut().zip(self.reduce[start]).for_each(|(sum, v)| *sum -= v);
        let mut expand = self.expand[inner];
        expand.iter_mut().zip(self.expand[start]).for_each(|(sum, v)| *sum -= v);
        LineTotals {
            natural,
            narrowest: natural - reduce.iter().sum::<f64>(),
            reduce,
            expand,
            stretching: self.stretching[inner] - self.stretching[start],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn han(n: usize) -> Vec<Piece> {
        let gap = Gap { stretches: true, ..Gap::default() };
        let piece = Piece {
            body: 10.0,
            gap,
            start_blank: 0.0,
            end_blank: 0.0,
            after: Opportunity::Allowed,
            hyphen: 0.0,
            solid: true,
        };
        let mut pieces = vec![piece; n];
        if let Some(last) = pieces.last_mut() {
            last.after = Opportunity::Mandatory;
        }
        pieces
    }

    fn measure(ems: f64) -> Measure {
        Measure { first: ems * 10.0, rest: ems * 10.0, em: 10.0, justify: true, balance: false }
    }

    #[test]
    fn pure_han_lines_are_full_and_unadjusted() {
        let pieces = han(25);
        assert_eq!(choose(&pieces, measure(10.0)), [9, 19, 24]);
        assert_eq!(adjust(&pieces, 0, 10, 100.0, false), Adjustment::default());
    }

    #[test]
    fn a_single_character_is_not_left_on_the_last_line() {
        let ends = choose(&han(21), measure(10.0));
        assert!(ends[ends.len() - 1] - ends[ends.len() - 2] >= 2, "{ends:?}");
    }

    #[test]
    fn reduction_goes_step_by_step_and_stops_as_soon_as_the_line_fits() {
        let mut pieces = han(3);
        pieces[0].gap.natural = 5.0;
        pieces[0].gap.reduce[3] = 5.0;
        pieces[1].gap.natural = 2.5;
        pieces[1].gap.reduce[4] = 1.25;
        let got = adjust(&pieces, 0, 3, 35.0, false);
        assert_eq!(got.reduce, [0.0, 0.0, 0.0, 0.5, 0.0, 0.0]);
    }

    #[test]
    fn a_piece_wider_than_the_measure_stands_alone() {
        let mut pieces = han(5);
        pieces[2].body = 300.0;
        let ends = choose(&pieces, measure(10.0));
        assert!(ends.windows(2).any(|pair| pair == [1, 2]), "{ends:?}");
    }

    #[test]
    fn balanced_lines_are_alike_and_the_longest_comes_first() {
        let measure = Measure { justify: false, balance: true, ..measure(10.0) };
        assert_eq!(choose(&han(13), measure), [6, 12]);
    }

    #[test]
    fn an_empty_paragraph_has_no_lines() {
        assert!(choose(&[], measure(10.0)).is_empty());
    }
}
