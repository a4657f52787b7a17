//! A paragraph as one row of characters, whatever markup divides it.

use crate::import::evidence::is_han;
use crate::model::{Block, Inline, Text};

/// One character of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Char {
    pub(super) c: char,
    /// Number of the plain run it belongs to.
    pub(super) run: u32,
    /// Not to be touched: part of an address, of ruby, or a wall.
    pub(super) fixed: bool,
}

/// Where a paragraph stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    /// A title, heading, caption or cell: spaces in it part clauses.
    pub(super) title: bool,
    /// East Asian text, where full-width signs belong.
    pub(super) east: bool,
    /// A line of a poem.
    pub(super) verse: bool,
}

/// Stands for an inline that is not characters.
pub(super) const WALL: char = '\u{FFFC}';
/// Run of walls: no plain run has this number.
const NO_RUN: u32 = u32::MAX;

/// The characters of a text.
pub(super) fn read(text: &Text) -> Vec<Char> {
    let mut out = Vec::new();
    let mut run = 0;
    push(text, &mut run, &mut out);
    fix_addresses(&mut out);
    out
}

fn push(text: &Text, run: &mut u32, out: &mut Vec<Char>) {
    for inline in &text.0 {
        match inline {
            Inline::Plain(s) => {
                out.extend(s.chars().map(|c| Char { c, run: *run, fixed: false }));
                *run += 1;
            }
            Inline::LineBreak => out.push(Char { c: '\n', run: NO_RUN, fixed: true }),
            Inline::Ruby(pairs) => {
                // seen as Han by its neighbours, never changed
                out.extend(pairs.iter().flat_map(|p| p.base.chars()).map(|c| Char {
                    c,
                    run: NO_RUN,
                    fixed: true,
                }));
            }
            Inline::Code(_) | Inline::Image(_) | Inline::NoteRef(_) => {
                out.push(Char { c: WALL, run: NO_RUN, fixed: true });
            }
            Inline::Link { target, text, .. } if is_address(target, text) => {
                let from = out.len();
                push(text, run, out);
                out[from..].iter_mut().for_each(|c| c.fixed = true);
            }
            other => {
                if let Some(inner) = other.children() {
                    push(inner, run, out);
                }
            }
        }
    }
}

/// A link that shows its own address.
fn is_address(target: &str, text: &Text) -> bool {
    let shown = text.to_plain();
    shown.contains("://") || target.ends_with(shown.trim()) && shown.contains('.')
}

/// Characters of addresses may be any printable ASCII.
fn fix_addresses(line: &mut [Char]) {
    if !line.iter().any(|c| matches!(c.c, ':' | '@' | 'w')) {
        return;
    }
    let text: String = line.iter().map(|c| c.c).collect();
    let in_address = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"');
    for marker in ["http://", "https://", "ftp://", "www.", "mailto:"] {
        for (at, _) in text.match_indices(marker) {
            let start = text[..at].chars().count();
            for c in line.iter_mut().skip(start).take_while(|c| in_address(c.c)) {
                c.fixed = true;
            }
        }
    }
    // somebody@example.org
    for at in 0..line.len() {
        if line[at].c != '@' {
            continue;
        }
        let is_word = |c: &Char| c.c.is_ascii_alphanumeric() || "._-+".contains(c.c);
        let start = line[..at].iter().rposition(|c| !is_word(c)).map_or(0, |p| p + 1);
        let end =
            line[at + 1..].iter().position(|c| !is_word(c)).map_or(line.len(), |p| at + 1 + p);
        if start < at && end > at + 1 {
            line[start..end].iter_mut().for_each(|c| c.fixed = true);
        }
    }
}

/// Puts the characters back into their runs.
pub(super) fn write(text: &mut Text, line: &[Char]) {
    let mut runs: Vec<String> = Vec::new();
    for c in line.iter().filter(|c| c.run != NO_RUN) {
        let run = c.run as usize;
        if runs.len() <= run {
            runs.resize(run + 1, String::new());
        }
        runs[run].push(c.c);
    }
    let mut run = 0;
    fill(text, &runs, &mut run);
    text.normalise();
}

fn fill(text: &mut Text, runs: &[String], run: &mut usize) {
    for inline in &mut text.0 {
        match inline {
            Inline::Plain(s) => {
                *s = runs.get(*run).cloned().unwrap_or_default();
                *run += 1;
            }
            other => {
                if let Some(inner) = other.children_mut() {
                    fill(inner, runs, run);
                    inner.normalise();
                }
            }
        }
    }
}

/// Signs that belong to East Asian text.
pub(super) fn is_wide_sign(c: char) -> bool {
    matches!(
        c,
        '、' | '。'
            | '，'
            | '；'
            | '：'
            | '？'
            | '！'
            | '（'
            | '）'
            | '《'
            | '》'
            | '〈'
            | '〉'
            | '「'
            | '」'
            | '『'
            | '』'
            | '【'
            | '】'
            | '〔'
            | '〕'
            | '…'
            | '·'
            | '～'
            | '\u{3000}'
    )
}

/// Kana, which stand where Han could.
pub(super) fn is_kana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}')
}

/// Han and kana.
pub(super) fn is_cjk(c: char) -> bool {
    is_han(c) || is_kana(c)
}

/// Whether a paragraph is written in Chinese or Japanese: a Latin sentence with a few Han in it
/// is not.
pub(super) fn is_cjk_text(line: &[Char]) -> bool {
    let (mut cjk, mut words, mut in_word) = (0usize, 0usize, false);
    for c in line {
        if is_cjk(c.c) {
            cjk += 1;
        }
        let letter = c.c.is_ascii_alphabetic();
        words += usize::from(letter && !in_word);
        in_word = letter;
    }
    cjk > 0 && cjk >= words
}

/// All characters shown in blocks, a line for each block.
pub(crate) fn plain_of(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        each_text(block, &mut |line| {
            out.push_str(line);
            out.push('\n');
        });
    }
    out
}

fn each_text(block: &Block, visit: &mut dyn FnMut(&str)) {
    match block {
        Block::Heading(heading) => visit(&heading.text.to_plain()),
        Block::Paragraph(text) => visit(&text.to_plain()),
        Block::Quote(quote) => {
            quote.body.iter().for_each(|b| each_text(b, visit));
            quote.attribution.iter().for_each(|t| visit(&t.to_plain()));
        }
        Block::Poem(poem) => {
            let lines = poem.stanzas.iter().flatten();
            poem.title.iter().chain(&poem.author).chain(lines).for_each(|t| visit(&t.to_plain()));
        }
        Block::List(list) => {
            list.items.iter().flat_map(|i| &i.body).for_each(|b| each_text(b, visit));
        }
        Block::Definitions(list) => {
            for definition in list {
                visit(&definition.term.to_plain());
                definition.details.iter().flatten().for_each(|b| each_text(b, visit));
            }
        }
        Block::Table(table) => {
            table.caption.iter().for_each(|t| visit(&t.to_plain()));
            for row in table.head.iter().chain(&table.rows) {
                let cells: Vec<String> = row.cells.iter().map(|c| c.text.to_plain()).collect();
                visit(&cells.join("\t"));
            }
        }
        Block::Figure(figure) => {
            figure.caption.iter().chain(&figure.credit).for_each(|t| visit(&t.to_plain()));
        }
        Block::Code(code) => code.text.lines().for_each(visit),
        Block::Callout(callout) => {
            callout.title.iter().for_each(|t| visit(&t.to_plain()));
            callout.body.iter().for_each(|b| each_text(b, visit));
        }
        Block::Footnotes(notes) => notes.values().flatten().for_each(|b| each_text(b, visit)),
        Block::Divider | Block::PageBreak => {}
    }
}
