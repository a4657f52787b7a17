//! Source line ends inside a paragraph: nothing between two Han characters, else one space.
//!
//! CSS Text 4 §4.1.3 (segment break transformation) for Chinese and Japanese. Korean writes spaces
//! between words, so a line end beside Hangul is a space.

use crate::model::{Inline, Text};

/// Whether a line end between these two characters means nothing.
pub(crate) fn joins_without_space(before: char, after: char) -> bool {
    (is_wide(before) && (is_wide(after) || is_shared(after)))
        || (is_shared(before) && is_wide(after))
}

/// Characters written without spaces between words: Han, Kana, Bopomofo and their punctuation.
fn is_wide(c: char) -> bool {
    matches!(c as u32,
        0x2E80..=0x2FDF       // radicals
        | 0x2FF0..=0x312F     // description, CJK punctuation, Kana, Bopomofo
        | 0x3190..=0x9FFF     // Kanbun … CJK unified
        | 0xF900..=0xFAFF     // compatibility ideographs
        | 0xFE10..=0xFE1F | 0xFE30..=0xFE4F // vertical and compatibility forms
        | 0xFF01..=0xFF9F     // full-width forms, half-width Kana
        | 0xFFE0..=0xFFE6
        | 0x1B000..=0x1B16F
        | 0x20000..=0x3FFFF)
}

/// Punctuation that Chinese shares with Latin: Chinese only beside a wide character.
fn is_shared(c: char) -> bool {
    matches!(c, '‘' | '’' | '“' | '”' | '—' | '…' | '·' | '–')
}

/// Resolves every `\n` in plain runs of `text`, across the borders of inlines.
pub(crate) fn resolve_newlines(text: &mut Text) {
    let mut shown = Vec::new();
    text.visit(&mut |inline| match inline {
        Inline::Plain(s) => shown.extend(s.chars()),
        Inline::Code(s) => shown.extend(s.chars().map(|c| if c == '\n' { ' ' } else { c })),
        Inline::Ruby(pairs) => shown.extend(pairs.iter().flat_map(|p| p.base.chars())),
        Inline::Image(_) => shown.push('\u{FFFC}'),
        Inline::LineBreak => shown.push('\u{2028}'),
        _ => {}
    });
    if !shown.contains(&'\n') {
        return;
    }
    let is_blank = |c: &char| matches!(c, ' ' | '\t' | '\n');
    let mut keeps = Vec::new();
    for (i, _) in shown.iter().enumerate().filter(|(_, c)| **c == '\n') {
        let before = shown[..i].iter().rfind(|c| !is_blank(c));
        let after = shown[i + 1..].iter().find(|c| !is_blank(c));
        keeps.push(match (before, after) {
            (None | Some('\u{2028}'), _) | (_, None | Some('\u{2028}')) => false,
            (Some(before), Some(after)) => !joins_without_space(*before, *after),
        });
    }
    let mut state = State { keeps: keeps.into_iter(), in_gap: false };
    rewrite(text, &mut state);
}

struct State<I> {
    keeps: I,
    /// A line end has just been resolved: blanks that follow belong to it.
    in_gap: bool,
}

fn rewrite<I: Iterator<Item = bool>>(text: &mut Text, state: &mut State<I>) {
    for inline in &mut text.0 {
        match inline {
            Inline::Plain(s) => {
                let mut out = String::with_capacity(s.len());
                for c in s.chars() {
                    match c {
                        '\n' => {
                            let keep = state.keeps.next().unwrap_or(true);
                            if !state.in_gap {
                                out.truncate(out.trim_end_matches([' ', '\t']).len());
                                if keep {
                                    out.push(' ');
                                }
                            }
                            state.in_gap = true;
                        }
                        ' ' | '\t' if state.in_gap => {}
                        c => {
                            state.in_gap = false;
                            out.push(c);
                        }
                    }
                }
                *s = out;
            }
            Inline::Code(_) | Inline::Ruby(_) | Inline::Image(_) | Inline::LineBreak => {
                state.in_gap = false;
            }
            other => {
                if let Some(text) = other.children_mut() {
                    rewrite(text, state);
                }
            }
        }
    }
    text.normalise();
}
