//! Straight quotes become pairs: “…” and ‘…’.
//!
//! In a paragraph with an even number of them they open and close in turn. Where the number is
//! odd, nothing is sure and they stay.

use super::runs::{Char, is_cjk, is_wide_sign};
use super::{Log, Rule};

pub(super) fn pair(line: &mut [Char], log: &mut Log) {
    let before = line.to_vec();
    let doubles: Vec<usize> = places(&before, |c| c == '"');
    if !doubles.is_empty() && doubles.len().is_multiple_of(2) && near_han(&before, &doubles) {
        alternate(line, &before, &doubles, ['“', '”'], log);
    }
    // ’ in don’t and 5' is no quote: only those that stand by Han
    let singles: Vec<usize> = places(&before, |c| c == '\'')
        .into_iter()
        .filter(|at| {
            let letter = |c: Option<&Char>| c.is_some_and(|c| c.c.is_ascii_alphanumeric());
            !(letter(at.checked_sub(1).and_then(|p| before.get(p))) && letter(before.get(at + 1)))
        })
        .collect();
    if !singles.is_empty() && singles.len().is_multiple_of(2) && near_han(&before, &singles) {
        alternate(line, &before, &singles, ['‘', '’'], log);
    }
    // ”引文” and “引文“: curly, but not paired
    let curly: Vec<usize> = places(&before, |c| matches!(c, '“' | '”'));
    let paired =
        curly.iter().enumerate().all(|(i, at)| (before[*at].c == '“') == i.is_multiple_of(2));
    let one_sided =
        curly.iter().all(|at| before[*at].c == '”') || curly.iter().all(|at| before[*at].c == '“');
    if !curly.is_empty()
        && curly.len().is_multiple_of(2)
        && !paired
        && one_sided
        && doubles.is_empty()
    {
        alternate(line, &before, &curly, ['“', '”'], log);
    }
}

fn places(line: &[Char], is: impl Fn(char) -> bool) -> Vec<usize> {
    line.iter().enumerate().filter(|(_, c)| !c.fixed && is(c.c)).map(|(at, _)| at).collect()
}

/// Whether Han or its signs stand beside one of the places.
fn near_han(line: &[Char], places: &[usize]) -> bool {
    let han = |c: Option<&Char>| c.is_some_and(|c| is_cjk(c.c) || is_wide_sign(c.c));
    places
        .iter()
        .any(|at| han(at.checked_sub(1).and_then(|p| line.get(p))) || han(line.get(at + 1)))
}

fn alternate(
    line: &mut [Char],
    before: &[Char],
    places: &[usize],
    signs: [char; 2],
    log: &mut Log,
) {
    for (i, at) in places.iter().enumerate() {
        let sign = signs[i % 2];
        if line[*at].c != sign {
            log.change(Rule::Quotes, before, *at, 1, &sign.to_string());
            line[*at].c = sign;
        }
    }
}
