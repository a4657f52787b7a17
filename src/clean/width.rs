//! Half-width `,:;?!().` between Han become full-width (GB/T 15834: signs take a whole place).
//! Never in numbers, times, addresses, code or Latin sentences.

use super::runs::{Char, Context, WALL, is_cjk, is_wide_sign};
use super::{Log, Rule};

pub(super) fn widen(line: &mut [Char], context: Context, log: &mut Log) {
    if !line.iter().any(|c| matches!(c.c, ',' | ':' | ';' | '?' | '!' | '(' | ')' | '.')) {
        return;
    }
    let before = line.to_vec();
    brackets(line, &before, log);
    let before = line.to_vec();
    for at in 0..line.len() {
        if line[at].fixed {
            continue;
        }
        // what stands before may have been widened just now
        if let Some(wide) = wide(line, at, context) {
            log.change(Rule::Width, &before, at, 1, &wide.to_string());
            line[at].c = wide;
        }
    }
    let before = line.to_vec();
    brackets(line, &before, log); // beside signs that have become full-width
}

/// The nearest character beyond blanks, and whether blanks lie between.
fn beyond(line: &[Char], at: usize, step: isize) -> (Option<char>, bool) {
    let mut place = at as isize + step;
    let mut blank = false;
    while let Some(c) = usize::try_from(place).ok().and_then(|p| line.get(p)) {
        if !matches!(c.c, ' ' | '\u{A0}' | '\u{3000}') {
            return (Some(c.c), blank);
        }
        blank = true;
        place += step;
    }
    (None, blank)
}

fn wide(line: &[Char], at: usize, context: Context) -> Option<char> {
    let c = line[at].c;
    let (before, _) = beyond(line, at, -1);
    let (after, after_blank) = beyond(line, at, 1);
    let closes = |c: char| is_cjk(c) || is_wide_sign(c) || matches!(c, '”' | '’' | '％' | '℃');
    let opens = |c: char| is_cjk(c) || matches!(c, '“' | '‘' | '《' | '（' | '「' | '『' | '【');
    let han_before = before.is_some_and(closes);
    let han_after = after.is_some_and(opens);
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let wall = before == Some(WALL) && !han_after;
    if wall {
        return None;
    }
    match c {
        ',' | ';' => {
            let inside_number = digit(before) && digit(after) && !after_blank;
            // `"` closes a quotation here: quotes are mended later
            let quoted = before == Some('"') && han_after;
            let fits = han_before
                || quoted
                || han_after
                    && before.is_some_and(|b| b.is_alphanumeric() || matches!(b, '%' | ')' | '"'));
            (fits && !inside_number).then_some(if c == ',' { '，' } else { '；' })
        }
        ':' => {
            let address = after == Some('/') && line.get(at + 2).is_some_and(|c| c.c == '/');
            let fits = han_before || han_after && before.is_some_and(|b| b.is_ascii_alphanumeric());
            (fits && !address).then_some('：')
        }
        '?' | '!' => {
            let fits = han_before || matches!(before, Some('"')) && (han_after || after.is_none());
            fits.then_some(if c == '?' { '？' } else { '！' })
        }
        '.' => {
            if context.title {
                return None;
            }
            let near = |c: Option<char>| c == Some('.');
            let ends = after.is_none()
                || han_after
                || matches!(after, Some('”' | '"' | '\n' | '）' | ')'));
            // 一. and 第二. number headings
            let number = "〇一二三四五六七八九十".contains(before.unwrap_or(' '));
            let stops = before.is_some_and(is_cjk) || matches!(before, Some('”' | '》' | '）'));
            (stops && ends && !number && !near(after) && !near(before) && at >= 6).then_some('。')
        }
        _ => None,
    }
}

/// Brackets go by pairs: full-width when Han stand in them or before them.
fn brackets(line: &mut [Char], before: &[Char], log: &mut Log) {
    let mut open = Vec::new();
    for at in 0..line.len() {
        if before[at].fixed {
            continue;
        }
        match before[at].c {
            '(' | '（' => open.push(at),
            ')' | '）' => {
                let Some(from) = open.pop() else { continue };
                let both_wide = before[from].c == '（' && before[at].c == '）';
                if both_wide {
                    continue;
                }
                let inner = &before[from + 1..at];
                let has_han = inner.iter().any(|c| is_cjk(c.c));
                let call = before
                    .get(from.wrapping_sub(1))
                    .is_some_and(|c| c.c.is_ascii_alphanumeric() || c.c == WALL || c.c == '_');
                let (left, _) = beyond(before, from, -1);
                let han_left = left.is_some_and(|c| is_cjk(c) || is_wide_sign(c) || c == '”');
                let numbers_only =
                    !inner.is_empty() && inner.iter().all(|c| c.c.is_ascii_digit()) && from == 0;
                let mixed = before[from].c == '（' || before[at].c == '）';
                if (has_han || han_left && !call || mixed) && !numbers_only {
                    for (place, wide) in [(from, '（'), (at, '）')] {
                        if line[place].c != wide {
                            log.change(Rule::Width, before, place, 1, &wide.to_string());
                            line[place].c = wide;
                        }
                    }
                }
            }
            _ => {}
        }
    }
}
