//! Spaces: dropped between Han, one at most elsewhere. Around Latin words they stay: layout makes
//! the gap there, whatever is typed.

use super::runs::{Char, Context, is_cjk, is_wide_sign};
use super::{Log, Rule};

fn is_space(c: &Char) -> bool {
    !c.fixed
        && (matches!(c.c, ' ' | '\t' | '\u{A0}' | '\u{3000}')
            || matches!(c.c, '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}'))
}

/// Shortest clause that a space may part from the next one in a title: shorter ones are words.
const CLAUSE: usize = 2;

pub(super) fn drop(line: &mut Vec<Char>, context: Context, log: &mut Log) {
    if !line.iter().any(is_space) {
        return;
    }
    let before = std::mem::take(line);
    let is_list = is_spaced_list(&before);
    let mut in_title_marks = 0i32;
    let mut at = 0;
    while at < before.len() {
        let c = before[at];
        match c.c {
            '《' => in_title_marks += 1,
            '》' => in_title_marks -= 1,
            _ => {}
        }
        if !is_space(&c) {
            line.push(c);
            at += 1;
            continue;
        }
        let run = before[at..].iter().take_while(|c| is_space(c)).count();
        let left = at.checked_sub(1).and_then(|p| before.get(p)).map(|c| c.c);
        let right = before.get(at + run).map(|c| c.c);
        let han = |c: Option<char>| c.is_some_and(is_cjk);
        let sign = |c: Option<char>| {
            c.is_some_and(|c| is_wide_sign(c) || matches!(c, '“' | '”' | '‘' | '’'))
        };
        let at_edge = left.is_none() || right.is_none();
        let clause =
            clause_before(&before, at) >= CLAUSE && clause_after(&before, at + run) >= CLAUSE;
        let parts_clauses =
            (context.title || in_title_marks > 0 || is_list) && han(left) && han(right) && clause;
        if at_edge {
            line.extend(&before[at..at + run]); // the ends are the rule for blanks'
        } else if parts_clauses {
            line.push(c);
            if run > 1 {
                log.change(Rule::Spaces, &before, at, run, &c.c.to_string());
            }
        } else if context.east
            && (han(left) && han(right)
                || sign(left) && (han(right) || sign(right))
                || han(left) && sign(right)
                || sign(left)
                    && c.c != '\u{3000}'
                    && right.is_some_and(|c| c.is_alphanumeric())
                    && left != Some('·'))
        {
            log.change(Rule::Spaces, &before, at, run, "");
        } else if run > 1 || !matches!(c.c, ' ' | '\u{A0}' | '\u{3000}') {
            log.change(Rule::Spaces, &before, at, run, " ");
            line.push(Char { c: ' ', ..c });
        } else {
            line.push(c);
        }
        at += run;
    }
}

fn clause_before(line: &[Char], at: usize) -> usize {
    line[..at].iter().rev().take_while(|c| is_cjk(c.c)).count()
}

fn clause_after(line: &[Char], at: usize) -> usize {
    line[at..].iter().take_while(|c| is_cjk(c.c)).count()
}

/// A line of short words parted by spaces alone, as lists of names are written: their spaces are
/// what commas are elsewhere.
fn is_spaced_list(line: &[Char]) -> bool {
    let text: String = line.iter().map(|c| c.c).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    let has_sign = line.iter().any(|c| matches!(c.c, '，' | '。' | '；' | '！' | '？' | ','));
    // 《 parts its own words
    words.len() >= 3 && !has_sign && words.iter().all(|w| (2..=12).contains(&w.chars().count()))
}

/// Spaces at the ends, and line breaks there or one after another.
pub(super) fn trim(line: &mut Vec<Char>, log: &mut Log) {
    let blank = |c: &Char| is_space(c);
    let end = line.iter().rposition(|c| !blank(c)).map_or(0, |p| p + 1);
    let start = line.iter().position(|c| !blank(c)).unwrap_or(end);
    if end < line.len() || start > 0 {
        let before = line.clone();
        if start > 0 {
            log.change(Rule::Blanks, &before, 0, start, "");
        } else {
            log.change(Rule::Blanks, &before, end, before.len() - end, "");
        }
        line.truncate(end);
        line.drain(..start.min(end));
    }
}
