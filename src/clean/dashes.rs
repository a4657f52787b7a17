//! `...`, `。。。` and a single … by Han become ……, `--` and the like become —— (GB/T 15834 §4.10, §4.11).

use super::runs::{Char, is_cjk, is_wide_sign};
use super::{Log, Rule};

pub(super) fn mend(line: &mut Vec<Char>, log: &mut Log) {
    if !line.iter().any(|c| matches!(c.c, '.' | '。' | '…' | '-' | '―' | '─' | '－' | '—' | '・'))
    {
        return;
    }
    let before = std::mem::take(line);
    let mut at = 0;
    while at < before.len() {
        let c = before[at];
        let run = before[at..].iter().take_while(|o| o.c == c.c && !o.fixed).count();
        if run == 0 {
            line.push(c);
            at += 1;
            continue;
        }
        let whole = at == 0 && run == before.len();
        let (left, left_blanks) = side(&before[..at], true);
        let (right, right_blanks) = side(&before[at + run..], false);
        let han = |c: Option<char>| {
            c.is_some_and(|c| is_cjk(c) || is_wide_sign(c) || matches!(c, '“' | '”' | '‘' | '’'))
        };
        let by_han = han(left) || han(right);
        let mended = match c.c {
            _ if whole || !by_han => None,
            '.' if run >= 3 && !left.is_some_and(|c| c == '/' || c == '\\') => Some("……"),
            '。' | '・' if run >= 3 => Some("……"),
            '…' if run == 1 && left != Some('…') => Some("……"),
            // between numbers a dash is a range, between Latin words a hyphen
            '-' | '－'
                if run >= 2 && (han(left) && right.is_some() || left.is_none() && han(right)) =>
            {
                Some("——")
            }
            '―' | '─' if run >= 1 && (run >= 2 || han(left) && han(right)) => Some("——"),
            _ => None,
        };
        match mended {
            Some(text) => {
                let strip = text == "——";
                let (mut from, mut length) = (at, run);
                if strip {
                    for _ in 0..left_blanks {
                        line.pop();
                    }
                    from -= left_blanks;
                    length += left_blanks + right_blanks;
                }
                log.change(Rule::Dashes, &before, from, length, text);
                line.extend(text.chars().map(|sign| Char { c: sign, ..c }));
                at += run + if strip { right_blanks } else { 0 };
            }
            None => {
                line.extend(&before[at..at + run]);
                at += run;
            }
        }
    }
}

/// The nearest character that is not blank, and how many blanks lie before it.
fn side(chars: &[Char], backwards: bool) -> (Option<char>, usize) {
    let blank = |c: &&Char| matches!(c.c, ' ' | '\u{A0}') && !c.fixed;
    let count = match backwards {
        true => chars.iter().rev().take_while(blank).count(),
        false => chars.iter().take_while(blank).count(),
    };
    let found = match backwards {
        true => chars.iter().rev().nth(count),
        false => chars.get(count),
    };
    (found.map(|c| c.c), count)
}
