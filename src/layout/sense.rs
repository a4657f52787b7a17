//! Headings turn by sense: at the ends of words, the first line the longest.
//!
//! Source: typesetting.md §7 (house rules on headings), §2.4.

use super::linebreak::{Measure, Piece, choose, natural_width};
use crate::text::{Class, Opportunity, is_han_numeral};

/// Characters that belong to the word before them: a line does not begin with them.
const TRAILING: &str = "的地得之了着过们吗呢吧等";
/// Characters that lead to what follows: a line does not end with them.
const LEADING: &str = "和与及或在把被从向对为于以将而但";

/// Leaves opportunities only where a heading may turn: between words (by dictionary, through
/// `icu_segmenter`), never after its number (第三章, 一、), and hardly ever before 的 or after 和.
pub(super) fn keep_words(chars: &[char], classes: &[Class], opportunities: &mut [Opportunity]) {
    let boundary = word_boundaries(chars);
    let number = number_length(chars);
    for (i, opportunity) in opportunities.iter_mut().enumerate() {
        let han = |class: Option<&Class>| matches!(class, Some(Class::Han));
        let after_mark = !han(classes.get(i));
        match *opportunity {
            Opportunity::Allowed | Opportunity::Discouraged | Opportunity::Hyphen
                if i < number || !boundary[i + 1] =>
            {
                *opportunity = Opportunity::Forbidden;
            }
            Opportunity::Hyphen => *opportunity = Opportunity::Forbidden,
            Opportunity::Allowed if !after_mark => {
                let next = chars.get(i + 1).copied().unwrap_or(' ');
                if TRAILING.contains(next) || LEADING.contains(chars[i]) {
                    *opportunity = Opportunity::Discouraged;
                }
            }
            _ => {}
        }
    }
}

/// Where words end: `[i]` tells it of the place before character `i`.
///
/// The dictionary holds Japanese words too and would take 的中 out of 新的中国. So 的 is cut out
/// beforehand, unless it stands in one of the few Chinese words it is part of, and so are 年 月 日
/// after digits.
fn word_boundaries(chars: &[char]) -> Vec<bool> {
    let segmenter = icu_segmenter::WordSegmenter::new_dictionary(
        icu_segmenter::options::WordBreakInvariantOptions::default(),
    );
    let mut boundary = vec![false; chars.len() + 1];
    let mut start = 0;
    while start < chars.len() {
        let cut = (start + 1..chars.len()).find(|i| is_cut(chars, *i)).unwrap_or(chars.len());
        let text: String = chars[start..cut].iter().collect();
        let mut index = start;
        let mut byte = 0;
        for stop in segmenter.segment_str(&text) {
            while byte < stop {
                byte += chars[index].len_utf8();
                index += 1;
            }
            boundary[index] = true;
        }
        start = cut;
    }
    boundary
}

/// Whether the text is cut before character `i`, whatever the dictionary says.
fn is_cut(chars: &[char], i: usize) -> bool {
    let word = |word: &str, at: Option<usize>| {
        at.is_some_and(|at| word.chars().eq(chars[at..].iter().copied().take(word.chars().count())))
    };
    let particle = |i: usize| {
        chars[i] == '的'
            && !["目的", "标的", "有的放矢"].iter().any(|w| word(w, i.checked_sub(1)))
            && !["的确", "的士"].iter().any(|w| word(w, Some(i)))
    };
    let date =
        |i: usize| matches!(chars[i], '年' | '月' | '日') && i > 0 && is_numeral(chars[i - 1]);
    particle(i) || (i > 0 && (particle(i - 1) || date(i - 1)))
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || is_han_numeral(c)
}

/// Length of the number that a heading begins with, and of the space after it: 第三章　, 一、, （二）,
/// 3.1 and the like. Nothing if it has none.
fn number_length(chars: &[char]) -> usize {
    let mut end = 0;
    let open = matches!(chars.first(), Some('（' | '(' | '第'));
    end += usize::from(open);
    let digits =
        chars[end..].iter().take_while(|c| is_numeral(**c) || **c == '.' || **c == ' ').count();
    if digits == 0 {
        return 0;
    }
    end += digits;
    match chars.get(end) {
        Some('、' | '）' | ')' | '．') => end += 1,
        Some(_) if chars[0] == '第' => end += 1,
        // A number that is part of the title (2024年, 三国演义) is no heading number.
        _ if chars[end - 1] == ' ' || chars[end - 1] == '.' => {}
        _ => return 0,
    }
    end + chars[end.min(chars.len())..].iter().take_while(|c| c.is_whitespace()).count()
}

/// Cost of a heading's line: dearer than any slack, so that there are as few as can be.
const LINE: f64 = 1_000.0;
/// A line longer than the one before it.
const GROWING: f64 = 300.0;
/// A break before 的 or after 和.
const AGAINST_SENSE: f64 = 30.0;
/// A last line of one character.
const RUNT: f64 = 400.0;
/// More opportunities than a heading has: longer text is set as a paragraph is.
const MOST: usize = 120;

/// The breaks of a heading: index of the last piece of each line.
///
/// As few lines as can be, as even as words allow, none longer than the one before. Every pair of
/// neighbouring lines is looked at, which is cubic in the number of opportunities; headings have few.
pub(super) fn choose_by_sense(pieces: &[Piece], measure: Measure) -> Vec<usize> {
    let places: Vec<usize> = std::iter::once(0)
        .chain((1..=pieces.len()).filter(|k| pieces[k - 1].after != Opportunity::Forbidden))
        .collect();
    let fits = natural_width(pieces, 0, pieces.len()) <= measure.first;
    if fits || places.len() > MOST || pieces.is_empty() {
        return choose(pieces, measure);
    }
    let n = places.len();
    let width = |a: usize, b: usize| natural_width(pieces, places[a], places[b]);
    let room = |a: usize| if a == 0 { measure.first } else { measure.rest };
    // best[a][b]: cheapest way whose last line is a..b, and where the line before it begins.
    let mut best = vec![vec![(f64::INFINITY, 0_usize); n]; n];
    for b in 1..n {
        for a in (0..b).rev() {
            let own = width(a, b);
            if own > room(a) + 1e-3 {
                break;
            }
            let slack = (room(a) - own) / room(a);
            let last = b == n - 1;
            let solid: u32 = pieces[places[a]..places[b]].iter().map(|p| p.solid).sum();
            let mut cost = LINE + 100.0 * slack * slack;
            if pieces[places[b] - 1].after == Opportunity::Discouraged {
                cost += AGAINST_SENSE;
            }
            if last && solid < 2 {
                cost += RUNT;
            }
            if a == 0 {
                best[a][b] = (cost, 0);
                continue;
            }
            for before in 0..a {
                let (so_far, _) = best[before][a];
                let grows = so_far.is_finite() && own > width(before, a) + 1e-3;
                let total = so_far + cost + if grows { GROWING } else { 0.0 };
                if total < best[a][b].0 {
                    best[a][b] = (total, before);
                }
            }
        }
    }
    let mut b = n - 1;
    let last = (0..b).min_by(|x, y| best[*x][b].0.total_cmp(&best[*y][b].0));
    let Some(mut a) = last.filter(|a| best[*a][b].0.is_finite()) else {
        // A word wider than the measure: the general way deals with that.
        return choose(pieces, measure);
    };
    let mut ends = vec![places[b] - 1];
    while a > 0 {
        ends.push(places[a] - 1);
        (a, b) = (best[a][b].1, a);
    }
    ends.reverse();
    ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Breaks, Kinsoku, classify};

    fn turned(text: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        let classes = classify(&chars, true);
        let mut found = Breaks { kinsoku: Kinsoku::Gb }.find(&chars, &classes, |_| None);
        keep_words(&chars, &classes, &mut found);
        let mut out = String::new();
        for (c, o) in chars.iter().zip(&found[..chars.len() - 1]) {
            out.push(*c);
            match o {
                Opportunity::Allowed => out.push('|'),
                Opportunity::Discouraged => out.push('~'),
                _ => {}
            }
        }
        out.push(chars[chars.len() - 1]);
        out
    }

    #[test]
    fn headings_turn_between_words_and_rather_not_beside_particles() {
        assert_eq!(turned("新时代的中国建设"), "新时代~的|中国|建设");
    }

    #[test]
    fn a_heading_keeps_its_number() {
        assert_eq!(turned("第三章 中国道路"), "第三章 中国|道路");
        assert_eq!(turned("一、中国道路"), "一、中国|道路");
        assert_eq!(turned("（二）中国道路"), "（二）中国|道路");
        assert_eq!(turned("3.1 中国道路"), "3.1 中国|道路");
        assert!(turned("2024年中国经济").ends_with("年|中国|经济"));
    }
}
