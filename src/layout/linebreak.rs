//! Choosing the breaks of a paragraph, and how each line is brought to its measure.
//!
//! A paragraph is a row of *pieces* that can't be broken (characters, words' syllables, boxes) with
//! *gaps* between them that give a little. Every way to break it into lines has a cost: the sum over
//! its lines of how hard each had to be adjusted, and over neighbouring lines of how ill they go
//! together. Adjusting follows CLREQ: what is too long is reduced step by step (word spaces,
//! interpuncts, brackets, pauses, Chinese–Latin gaps, stops), and only what is too short is widened
//! (word spaces, Chinese–Latin gaps, then all gaps alike). The dearer the step, the more rarely the
//! cheapest way uses it: "squeeze in first, push out last" (先挤进，后推出) falls out of the costs.
//!
//! The cheapest way is found by dynamic programming (Knuth & Plass 1981). For every opportunity, in
//! order, the best way to reach it is kept, once for each *manner* of the line that ends there: tight
//! or loose, hyphenated or not, since the next line's cost depends on that. A line's width and how
//! far each step gives come from prefix sums, so a candidate line costs the same however long it is;
//! and only starts within one measure are looked at. Time grows linearly with the paragraph.
//!
//! Source: typesetting.md §5; CLREQ §line_adjustment; JLREQ 3.8.

use crate::text::{Gap, Opportunity, REDUCTIONS};

/// One unbreakable piece of a line, as far as breaking needs it. Lengths are in pt.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    /// Width without the blanks of a mark.
    pub body: f64,
    /// Gap after it, to the next piece.
    pub gap: Gap,
    /// Width that a line needs besides when it begins with this piece.
    pub start_blank: f64,
    /// Width that a line needs besides when it ends with this piece.
    pub end_blank: f64,
    /// How far it may stand outside the measure at a line's end (悬挂).
    pub hang: f64,
    /// Whether a line may end after it.
    pub after: Opportunity,
    /// Width of the hyphen if a line ends after it.
    pub hyphen: f64,
    /// How many characters it holds that can stand for a word (marks can't): a last line wants two.
    pub solid: u32,
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
}

impl Measure {
    fn of_line(&self, start: usize) -> f64 {
        if start == 0 { self.first } else { self.rest }
    }
}

/// How the gaps of one line are changed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Adjustment {
    /// Share of each step's reduction that is used, 0–1.
    pub reduce: [f64; REDUCTIONS],
    /// Share of each step's expansion that is used, 0–1.
    pub expand: [f64; 2],
    /// Added to every gap between characters that no step before has widened, in pt.
    pub extra: f64,
    /// Added to every gap that stretches, those widened before included, in pt.
    pub beyond: f64,
    /// Whether the last mark stands outside the measure.
    pub hung: bool,
}

impl Adjustment {
    /// Width of a gap under this adjustment.
    pub(crate) fn apply(&self, gap: &Gap) -> f64 {
        let reduced: f64 =
            gap.reduce.iter().zip(&self.reduce).map(|(room, share)| room * share).sum();
        let expanded: f64 =
            gap.expand.iter().zip(&self.expand).map(|(room, share)| room * share).sum();
        let extra = if gap.is_plain() { self.extra } else { 0.0 };
        let beyond = if gap.stretches { self.beyond } else { 0.0 };
        gap.natural - reduced + expanded + extra + beyond
    }
}

/// Lengths below this are rounding: 1/1000 pt.
const EPSILON: f64 = 1e-3;
/// How far gaps between characters are widened, in ems, before those that were widened already are
/// widened with them (JLREQ 3.8.4: up to a quarter em, then all alike).
const FIRST_PASS: f64 = 0.25;

// Costs. Two units are what a reader just notices: a line whose gaps all grow by 1/100 em. Marks are
// meant to give before characters leave their pitch, so blank inside marks is cheap.
/// Full use of each reduction step, in CLREQ's order: the later the step, the dearer.
const REDUCE_COST: [f64; REDUCTIONS] = [8.0, 8.0, 10.0, 14.0, 30.0, 45.0];
/// Full use of each expansion step: dearer than the reductions that come before them.
const EXPAND_COST: [f64; 2] = [20.0, 40.0];
/// Cost of widening all gaps by one em, squared: 0.01 em costs 2, 0.04 em 32, 0.25 em 1250.
const EXTRA_COST: f64 = 20_000.0;
/// A line that nothing can widen (an address) and that falls short by one em, squared: as bad as gaps
/// of a third of an em. A short line disturbs less than one torn wide open.
const UNFILLED_COST: f64 = 2_000.0;
/// A mark outside the measure: dearer than full reduction of pauses, cheaper than of stops, since
/// CLREQ tries hanging after reducing and before pushing out.
const HUNG: f64 = 40.0;
/// A last line of one character (孤字): dearer than any line that is merely loose.
const RUNT: f64 = 20_000.0;
/// A last line that is the rest of a hyphenated word: as bad as gaps of 0.07 em.
const HYPHEN_REST: f64 = 100.0;
/// A hyphen at a line's end.
const HYPHEN: f64 = 30.0;
/// A hyphen below another: a ladder is seen from afar.
const HYPHEN_LADDER: f64 = 60.0;
/// A break between a number and its unit.
const DISCOURAGED: f64 = 25.0;
/// A break inside a run of marks: as bad as gaps of half an em, which CLREQ calls too loose.
const TOLERATED: f64 = 5_000.0;
/// A break between marks that are wider than the measure: dearer than anything but running over.
const LAST_RESORT: f64 = 1e6;
/// A third loose line in a row: the paragraph looks pale there.
const PALE: f64 = 20.0;
/// A tight line beside a loose one: each makes the other look worse.
const CONTRAST: f64 = 15.0;
/// A line that can't be brought within its measure.
const OVERFULL: f64 = 1e9;
/// Each line, so that of two ways alike the one with fewer lines wins.
const LINE: f64 = 0.5;

/// Costs that differ by less are the same but for rounding.
const SAME: f64 = 1e-6;

/// A line is loose when its gaps are this much wider, in ems: half of what readers complain of.
const LOOSE: f64 = 0.02;
/// A line is tight when its pauses, or what is reduced after them, lose more than this share.
const TIGHT: f64 = 0.5;

/// How a line looks to the one after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tone {
    Tight,
    Even,
    Loose,
    /// Loose after a loose one.
    Pale,
}

/// What the next line has to know of a line: its tone, and whether it ends with a hyphen.
#[derive(Debug, Clone, Copy)]
struct Manner {
    tone: Tone,
    hyphen: bool,
}

/// How many manners there are.
const MANNERS: usize = 8;

impl Manner {
    const FIRST: Self = Self { tone: Tone::Even, hyphen: false };

    fn index(self) -> usize {
        self.tone as usize * 2 + usize::from(self.hyphen)
    }

    fn from_index(index: usize) -> Self {
        let tone = [Tone::Tight, Tone::Even, Tone::Loose, Tone::Pale][(index / 2).min(3)];
        Self { tone, hyphen: index % 2 == 1 }
    }
}

/// The best way to reach a place with a line of one manner: its cost, where that line begins and
/// in which manner the line before it ends.
#[derive(Debug, Clone, Copy)]
struct Way {
    cost: f64,
    start: u32,
    before: u8,
}

const NO_WAY: Way = Way { cost: f64::INFINITY, start: 0, before: 0 };

/// The breaks of a paragraph: index of the last piece of each line, in order.
///
/// Together the lines hold every piece once; the last index is always the last piece. A piece
/// wider than the measure stands alone on a line.
pub(crate) fn choose(pieces: &[Piece], measure: Measure) -> Vec<usize> {
    let sums = Sums::new(pieces);
    let n = pieces.len();
    // ways[k]: the best ways to set pieces 0..k.
    let mut ways = vec![[NO_WAY; MANNERS]; n + 1];
    ways[0][Manner::FIRST.index()].cost = 0.0;
    let mut starts: Vec<usize> = vec![0];
    // Starts before this one make lines that are too long already.
    let mut first_active = 0;
    for end in 1..=n {
        let after = pieces[end - 1].after;
        if after == Opportunity::Forbidden {
            continue;
        }
        let last = end == n;
        let mut here = [NO_WAY; MANNERS];
        let mut reached = false;
        let mut still_active = first_active;
        // From the nearest start outwards: lines only get longer.
        for (index, &start) in starts.iter().enumerate().skip(first_active).rev() {
            let line = sums.line(pieces, start, end);
            let width = measure.of_line(start);
            // What stands at the edges only (hyphens, blanks) says nothing of longer lines.
            if line.least > width + EPSILON && reached {
                still_active = index + 1;
                break;
            }
            let fit = fit(&line, width, &measure, last);
            let own = LINE + fit.cost + break_cost(after) + runt_cost(&sums, start, end, n);
            // Of ways alike, the one that gave up a character last: the line above the last one
            // makes room for a runt, not some line far up.
            for (before, way) in ways[start].iter().enumerate().rev() {
                if way.cost.is_finite() {
                    let hyphen = after == Opportunity::Hyphen;
                    let (extra, manner) = beside(Manner::from_index(before), &fit, hyphen, last);
                    let cost = way.cost + own + extra;
                    let best = &mut here[manner.index()];
                    if cost < best.cost - SAME {
                        *best = Way { cost, start: start as u32, before: before as u8 };
                        reached = true;
                    }
                }
            }
        }
        ways[end] = here;
        first_active = still_active.min(starts.len().saturating_sub(1));
        starts.push(end);
    }
    trace(&ways)
}

/// The ends of the lines of the cheapest way, followed back from the last piece.
fn trace(ways: &[[Way; MANNERS]]) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut end = ways.len() - 1;
    let last = ways[end].iter().enumerate().min_by(|a, b| a.1.cost.total_cmp(&b.1.cost));
    let mut manner = last.map_or(0, |(index, _)| index);
    while end > 0 {
        ends.push(end - 1);
        let way = ways[end][manner];
        (end, manner) = (way.start as usize, usize::from(way.before));
    }
    ends.reverse();
    ends
}

fn break_cost(after: Opportunity) -> f64 {
    match after {
        Opportunity::Hyphen => HYPHEN,
        Opportunity::Discouraged => DISCOURAGED,
        Opportunity::Tolerated => TOLERATED,
        Opportunity::LastResort => LAST_RESORT,
        Opportunity::Allowed | Opportunity::Mandatory | Opportunity::Forbidden => 0.0,
    }
}

/// The last line of a paragraph wants two characters, unless it is the only one.
fn runt_cost(sums: &Sums, start: usize, end: usize, n: usize) -> f64 {
    if end == n && start > 0 && sums.solid(start, end) < 2 { RUNT } else { 0.0 }
}

/// What a line costs besides for the line before it, and how it looks to the next.
fn beside(before: Manner, fit: &Fit, hyphen: bool, last: bool) -> (f64, Manner) {
    use Tone::{Even, Loose, Pale, Tight};
    let mut cost = 0.0;
    let tone = match (before.tone, fit.tone) {
        (Loose | Pale, Loose) => Pale,
        (_, tone) => tone,
    };
    match (before.tone, fit.tone) {
        (Pale, Loose) => cost += PALE,
        (Tight, Loose) | (Loose | Pale, Tight) => cost += CONTRAST,
        (Tight | Even | Loose | Pale, _) => {}
    }
    if before.hyphen && hyphen {
        cost += HYPHEN_LADDER;
    }
    if before.hyphen && last {
        cost += HYPHEN_REST;
    }
    (cost, Manner { tone, hyphen })
}

/// How the line of pieces `start..end` is brought to `width`; a `natural` one is only reduced.
pub(crate) fn adjust(
    pieces: &[Piece],
    start: usize,
    end: usize,
    width: f64,
    measure: &Measure,
    natural: bool,
) -> Adjustment {
    let line = Sums::new(&pieces[start..end]).line(&pieces[start..end], 0, end - start);
    if natural && line.natural <= width + EPSILON {
        return Adjustment::default();
    }
    fit(&line, width, &Measure { justify: true, ..*measure }, false).adjustment
}

/// Narrowest width of the line of pieces `start..end`, in pt.
pub(crate) fn narrowest_width(pieces: &[Piece], start: usize, end: usize) -> f64 {
    Sums::new(&pieces[start..end]).line(&pieces[start..end], 0, end - start).narrowest
}

/// Natural width of the line of pieces `start..end`, in pt.
pub(crate) fn natural_width(pieces: &[Piece], start: usize, end: usize) -> f64 {
    Sums::new(&pieces[start..end]).line(&pieces[start..end], 0, end - start).natural
}

/// What the cost of a line depends on. Lengths in pt.
struct LineTotals {
    natural: f64,
    narrowest: f64,
    /// The narrowest it can be without what only its edges add: longer lines are wider.
    least: f64,
    hang: f64,
    reduce: [f64; REDUCTIONS],
    expand: [f64; 2],
    /// Gaps that are widened in the first pass, and in the second.
    plain: f64,
    stretching: f64,
}

/// A line brought to its measure.
struct Fit {
    cost: f64,
    tone: Tone,
    adjustment: Adjustment,
}

/// The better of setting a line within its measure and of hanging its last mark.
fn fit(line: &LineTotals, width: f64, measure: &Measure, last: bool) -> Fit {
    let within = fit_within(line, width, measure, last);
    if line.hang <= 0.0 || line.natural <= width + EPSILON {
        return within;
    }
    let without_mark = LineTotals {
        natural: line.natural - line.hang,
        narrowest: line.narrowest - line.hang,
        ..*line
    };
    let mut hung = fit_within(&without_mark, width, measure, last);
    hung.cost += HUNG;
    hung.adjustment.hung = true;
    if hung.cost < within.cost { hung } else { within }
}

fn fit_within(line: &LineTotals, width: f64, measure: &Measure, last: bool) -> Fit {
    let over = line.narrowest - width;
    let natural = line.natural <= width + EPSILON;
    if !measure.justify || (last && natural) {
        let cost = if over > EPSILON {
            OVERFULL + over
        } else if !natural {
            // Ragged lines are reduced only where nothing else helps.
            RUNT
        } else if last {
            0.0
        } else {
            let slack = (width - line.natural) / width;
            100.0 * slack * slack
        };
        let adjustment = if natural { Adjustment::default() } else { adjustment(line, width, 0.0) };
        return Fit { cost, tone: Tone::Even, adjustment };
    }
    let adjustment = adjustment(line, width, FIRST_PASS * measure.em);
    let mut cost = if over > EPSILON { OVERFULL + over } else { 0.0 };
    for (share, price) in adjustment.reduce.iter().zip(REDUCE_COST) {
        cost += price * share * share;
    }
    for (share, price) in adjustment.expand.iter().zip(EXPAND_COST) {
        cost += price * share * share;
    }
    let filled: f64 = line.expand.iter().zip(&adjustment.expand).map(|(r, s)| r * s).sum::<f64>()
        + adjustment.extra * line.plain
        + adjustment.beyond * line.stretching;
    let missing = width - line.natural - filled;
    if missing > EPSILON && natural {
        // Nothing left that stretches: the line stays short.
        cost += UNFILLED_COST * (missing / measure.em).powi(2);
    }
    let widened = (adjustment.extra + adjustment.beyond) / measure.em;
    cost += EXTRA_COST * widened * widened;
    let [.., pause, han_latin, stop] = adjustment.reduce;
    let tone = if widened > LOOSE {
        Tone::Loose
    } else if pause > TIGHT || han_latin > TIGHT || stop > 0.0 {
        Tone::Tight
    } else {
        Tone::Even
    };
    Fit { cost, tone, adjustment }
}

/// The adjustment of a line in CLREQ's order: each step is used as far as needed before the next.
fn adjustment(line: &LineTotals, width: f64, first_pass: f64) -> Adjustment {
    let mut out = Adjustment::default();
    let mut over = line.natural - width;
    if over > EPSILON {
        for (room, share) in line.reduce.iter().zip(&mut out.reduce) {
            if over > 0.0 && *room > EPSILON {
                *share = (over / room).min(1.0);
                over -= room * *share;
            }
        }
    } else if over < -EPSILON {
        let mut missing = -over;
        for (room, share) in line.expand.iter().zip(&mut out.expand) {
            if missing > 0.0 && *room > EPSILON {
                *share = (missing / room).min(1.0);
                missing -= room * *share;
            }
        }
        if missing > EPSILON && line.plain > 0.5 {
            out.extra = (missing / line.plain).min(first_pass);
            missing -= out.extra * line.plain;
        }
        if missing > EPSILON && line.stretching > 0.5 {
            out.beyond = missing / line.stretching;
        }
    }
    out
}

/// Prefix sums over pieces: `[k]` is the sum over pieces `0..k` and the gaps after them.
struct Sums(Vec<Sum>);

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    width: f64,
    reduce: [f64; REDUCTIONS],
    expand: [f64; 2],
    plain: f64,
    stretching: f64,
    solid: u32,
}

impl Sums {
    fn new(pieces: &[Piece]) -> Self {
        let mut sums = Vec::with_capacity(pieces.len() + 1);
        let mut sum = Sum::default();
        sums.push(sum);
        for piece in pieces {
            let gap = &piece.gap;
            sum.width += piece.body + gap.natural;
            sum.reduce.iter_mut().zip(gap.reduce).for_each(|(sum, v)| *sum += v);
            sum.expand.iter_mut().zip(gap.expand).for_each(|(sum, v)| *sum += v);
            sum.plain += f64::from(u8::from(gap.is_plain()));
            sum.stretching += f64::from(u8::from(gap.stretches));
            sum.solid += piece.solid;
            sums.push(sum);
        }
        Self(sums)
    }

    fn solid(&self, start: usize, end: usize) -> u32 {
        self.0[end].solid - self.0[start].solid
    }

    /// Totals of the line of pieces `start..end`: the gap after the last one does not count.
    fn line(&self, pieces: &[Piece], start: usize, end: usize) -> LineTotals {
        let last = &pieces[end - 1];
        let (from, to) = (&self.0[start], &self.0[end - 1]);
        let hyphen = if last.after == Opportunity::Hyphen { last.hyphen } else { 0.0 };
        let edges = pieces[start].start_blank + last.end_blank + hyphen;
        let inner = to.width - from.width + last.body;
        let mut reduce = to.reduce;
        reduce.iter_mut().zip(from.reduce).for_each(|(sum, v)| *sum -= v);
        let mut expand = to.expand;
        expand.iter_mut().zip(from.expand).for_each(|(sum, v)| *sum -= v);
        let reducible = reduce.iter().sum::<f64>();
        LineTotals {
            natural: inner + edges,
            narrowest: inner + edges - reducible,
            least: inner - reducible - last.hang,
            hang: last.hang,
            reduce,
            expand,
            plain: to.plain - from.plain,
            stretching: to.stretching - from.stretching,
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
            hang: 0.0,
            after: Opportunity::Allowed,
            hyphen: 0.0,
            solid: 1,
        };
        let mut pieces = vec![piece; n];
        if let Some(last) = pieces.last_mut() {
            last.after = Opportunity::Mandatory;
        }
        pieces
    }

    fn measure(ems: f64) -> Measure {
        Measure { first: ems * 10.0, rest: ems * 10.0, em: 10.0, justify: true }
    }

    #[test]
    fn pure_han_lines_are_full_and_unadjusted() {
        let pieces = han(25);
        assert_eq!(choose(&pieces, measure(10.0)), [9, 19, 24]);
        assert_eq!(adjust(&pieces, 0, 10, 100.0, &measure(10.0), false), Adjustment::default());
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
        let got = adjust(&pieces, 0, 3, 35.0, &measure(3.5), false);
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
    fn gaps_between_characters_are_widened_up_to_a_quarter_em_before_all_are() {
        // One Chinese–Latin gap and one gap between characters, five points and more short.
        let mut pieces = han(3);
        pieces[0].gap.expand[1] = 2.5;
        let narrow = adjust(&pieces, 0, 3, 34.0, &measure(3.4), false);
        assert_eq!((narrow.expand[1], narrow.extra, narrow.beyond), (1.0, 1.5, 0.0));
        let wide = adjust(&pieces, 0, 3, 37.0, &measure(3.7), false);
        assert_eq!((wide.expand[1], wide.extra, wide.beyond), (1.0, 2.5, 1.0));
    }

    #[test]
    fn a_hung_mark_leaves_the_character_before_it_flush() {
        // Ten characters and a stop in ten ems, nothing that could be reduced.
        let mut pieces = han(14);
        pieces[10].body = 5.0;
        pieces[9].after = Opportunity::Forbidden;
        pieces[9].gap.stretches = false;
        let pushed = choose(&pieces, measure(10.0));
        assert_eq!(pushed[0], 8);
        pieces[10].hang = 5.0;
        assert_eq!(choose(&pieces, measure(10.0))[0], 10);
        let got = adjust(&pieces, 0, 11, 100.0, &measure(10.0), false);
        assert!(got.hung);
        assert_eq!((got.extra, got.beyond), (0.0, 0.0));
    }

    #[test]
    fn a_mark_that_fits_does_not_hang() {
        let mut pieces = han(10);
        pieces[9].hang = 5.0;
        assert!(!adjust(&pieces, 0, 10, 100.0, &measure(10.0), false).hung);
    }

    #[test]
    fn hyphens_below_one_another_and_the_rest_of_a_word_alone_cost_more() {
        let fit = Fit { cost: 0.0, tone: Tone::Even, adjustment: Adjustment::default() };
        let after = |before, hyphen, last| {
            beside(Manner { tone: Tone::Even, hyphen: before }, &fit, hyphen, last).0
        };
        assert_eq!(after(false, true, false), 0.0);
        assert_eq!(after(true, true, false), HYPHEN_LADDER);
        assert_eq!(after(true, false, true), HYPHEN_REST);
    }

    #[test]
    fn a_line_costs_more_beside_its_opposite_and_as_the_third_loose_one() {
        let fit = |tone| Fit { cost: 0.0, tone, adjustment: Adjustment::default() };
        let after = |tone, next| beside(Manner { tone, hyphen: false }, &fit(next), false, false);
        assert_eq!(after(Tone::Loose, Tone::Loose).0, 0.0);
        assert_eq!(after(Tone::Loose, Tone::Loose).1.tone, Tone::Pale);
        assert_eq!(after(Tone::Pale, Tone::Loose).0, PALE);
        assert_eq!(after(Tone::Tight, Tone::Loose).0, CONTRAST);
        assert_eq!(after(Tone::Even, Tone::Tight).0, 0.0);
    }

    #[test]
    fn manners_survive_their_index() {
        for index in 0..MANNERS {
            assert_eq!(Manner::from_index(index).index(), index);
        }
    }

    #[test]
    fn an_empty_paragraph_has_no_lines() {
        assert!(choose(&[], measure(10.0)).is_empty());
    }
}
