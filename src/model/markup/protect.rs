//! Hides from comrak what it would read wrongly, and brings it back.
//!
//! Every sign is swapped for a control character of the same length (one byte, one column), so
//! that places stay exact; what turns out to stand in code, in an address or in raw HTML is
//! swapped back there. Control characters of these values are never in the text itself: input
//! removes them, and so does [`protect`].

/// Opens ruby: `{`.
pub(super) const RUBY_OPEN: char = '\u{1D}';
/// Divides base and reading: `|`, which would else end a table cell.
pub(super) const RUBY_BAR: char = '\u{1F}';
/// Closes ruby: `}`.
pub(super) const RUBY_CLOSE: char = '\u{1E}';
/// A `~` that is no strikethrough: `3~5 天` is a range.
const TILDE: char = '\u{1C}';
/// A `^` that opens no superscript.
const CARET: char = '\u{19}';
/// Opens a note reference: `[`. Comrak only knows notes defined in the same string.
pub(crate) const NOTE_OPEN: char = '\u{10}';
/// The `^` of a note reference.
pub(super) const NOTE_CARET: char = '\u{11}';
/// Closes a note reference: `]`.
pub(super) const NOTE_CLOSE: char = '\u{12}';

const SWAPS: [(char, char); 8] = [
    (RUBY_OPEN, '{'),
    (RUBY_BAR, '|'),
    (RUBY_CLOSE, '}'),
    (TILDE, '~'),
    (CARET, '^'),
    (NOTE_OPEN, '['),
    (NOTE_CARET, '^'),
    (NOTE_CLOSE, ']'),
];

/// Text ready for comrak.
#[derive(Debug)]
pub(crate) struct Protected {
    /// The text with signs swapped.
    pub(crate) text: String,
    /// Line and column (from 1) of every [`NOTE_OPEN`], in order.
    pub(crate) notes: Vec<(u32, u32)>,
}

/// Swaps the signs of `source`. In a Markdown file (`blocks`), `[^label]:` at the beginning of a
/// line defines a note and is left to comrak.
pub(crate) fn protect(source: &str, blocks: bool) -> Protected {
    let mut chars: Vec<char> = source.chars().filter(|c| !is_swap(*c)).collect();
    let mut notes = Vec::new();
    let (mut line, mut line_start) = (1u32, 0usize);
    let mut i = 0;
    while i < chars.len() {
        match chars[i] {
            '\\' if chars.get(i + 1).is_some_and(char::is_ascii_punctuation) => i += 1,
            '\n' => {
                line += 1;
                line_start = i + 1;
            }
            '{' => i = ruby(&mut chars, i).unwrap_or(i),
            '~' => {
                let run = chars[i..].iter().take_while(|c| **c == '~').count();
                if run == 1 {
                    chars[i] = TILDE;
                }
                i += run - 1;
            }
            '[' if chars.get(i + 1) == Some(&'^') => {
                let begins_line = || chars[line_start..i].iter().all(|c| " \t>*+-".contains(*c));
                if let Some(close) = label_end(&chars, i + 2) {
                    if !(blocks && chars.get(close + 1) == Some(&':') && begins_line()) {
                        chars[i] = NOTE_OPEN;
                        chars[i + 1] = NOTE_CARET;
                        chars[close] = NOTE_CLOSE;
                        notes.push((line, (i - line_start) as u32 + 1));
                    }
                    i = close;
                }
            }
            '^' => match superscript_end(&chars, i) {
                Some(end) => i = end,
                None => chars[i] = CARET,
            },
            _ => {}
        }
        i += 1;
    }
    Protected { text: chars.into_iter().collect(), notes }
}

/// Puts the signs back, in strings that are not text (code, addresses, raw HTML).
pub(crate) fn unprotect(text: &str) -> String {
    text.chars().map(restore).collect()
}

/// The sign behind a control character; other characters are themselves.
pub(super) fn restore(c: char) -> char {
    SWAPS.iter().find(|(swapped, _)| *swapped == c).map_or(c, |(_, sign)| *sign)
}

fn is_swap(c: char) -> bool {
    SWAPS.iter().any(|(swapped, _)| *swapped == c)
}

/// `{base|reading}` on one line without markup in it, neither side empty: swaps its three signs,
/// returns its end.
fn ruby(chars: &mut [char], open: usize) -> Option<usize> {
    let mut bar = None;
    let mut i = open + 1;
    let close = loop {
        match chars.get(i)? {
            '\n' | '{' | '[' | '`' | '<' => return None,
            '\\' => i += 1,
            '|' if bar.is_none() => bar = Some(i),
            '|' => return None,
            '}' => break i,
            _ => {}
        }
        i += 1;
    };
    let bar = bar.filter(|bar| *bar > open + 1 && *bar + 1 < close)?;
    chars[open] = RUBY_OPEN;
    chars[bar] = RUBY_BAR;
    chars[close] = RUBY_CLOSE;
    Some(close)
}

/// Index of the `]` after a note's label; labels hold no spaces, brackets or line ends.
fn label_end(chars: &[char], from: usize) -> Option<usize> {
    let length = chars[from..].iter().position(|c| c.is_whitespace() || "[]`\\".contains(*c))?;
    (length > 0 && chars[from + length] == ']').then_some(from + length)
}

/// Index of the `^` that closes a superscript opened at `open`: no space between (as in
/// Pandoc), and no sign that may begin a code span, link or tag which goes beyond it.
fn superscript_end(chars: &[char], open: usize) -> Option<usize> {
    let ends = |c: &char| c.is_whitespace() || "^[`<".contains(*c);
    let length = chars[open + 1..].iter().position(ends)?;
    (length > 0 && chars[open + 1 + length] == '^').then_some(open + 1 + length)
}
