//! Where the pages of the printed edition begin in the text: the page list and its marks.
//!
//! When PDF and EPUB are made in one run, layout tells how each page begins
//! ([`PrintedPage`]). A page's first words are looked for in the text of its section, near where
//! the length of the pages before it says they should be; there an empty element with the page's
//! number is put into the XHTML (EPUB 3.3 §7.4.3, DPUB-ARIA 1.1 `doc-pagebreak`). A page whose
//! words are not found (a picture alone) is marked where it should begin by length.

use super::names::encode_fragment;
use super::scan::{self, Token};
use crate::compose::Section;
use crate::layout::{PrintedPage, PrintedPart, counts_in_pages};

/// One line of the page list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PageTarget {
    /// The page's number as it is printed.
    pub(super) label: String,
    /// Where it begins, relative to the package document.
    pub(super) href: String,
}

/// Characters that are looked for at once: enough to be unlike any other place nearby.
const WINDOW: usize = 16;
/// Characters that a place may be off from where lengths say, beside half a page.
const SLACK: usize = 400;

/// A letter or digit of a section's text that both editions have.
struct Place {
    c: char,
    /// Index of the document among the section's.
    document: usize,
    /// Where a mark before it is put, in bytes.
    at: usize,
}

/// Puts the marks of a section's pages into its documents (file name, text) and returns the lines
/// of the page list.
///
/// `pages` are those of this section, in order.
pub(super) fn mark(
    section: &Section,
    pages: &[&PrintedPage],
    documents: &mut [(String, String)],
) -> Vec<PageTarget> {
    let places: Vec<Place> =
        documents.iter().enumerate().flat_map(|(index, (_, text))| places(index, text)).collect();
    let mut targets = Vec::new();
    // Marks by document, in the order of the text.
    let mut marks: Vec<Vec<(usize, String)>> = vec![Vec::new(); documents.len()];
    let (mut from, mut expected) = (0, 0);
    for (count, page) in pages.iter().enumerate() {
        let start = match count {
            0 => 0, // a section begins on a page of its own
            _ => find(&places, &page.opening, from, expected, page.chars).unwrap_or(expected),
        }
        .clamp(from, places.len().max(from));
        (from, expected) = (start, start + page.chars);
        if page.label.is_empty() {
            continue;
        }
        let mut id = format!("page-{}", page.label);
        while section.anchors.contains(&id) {
            id.push('_');
        }
        let (document, at) = match places.get(start).or(places.last()) {
            Some(place) if count > 0 => (place.document, place.at),
            _ => (0, documents.first().map_or(0, |(_, text)| body(text))),
        };
        let Some((file, _)) = documents.get(document) else { continue };
        let href = format!("{file}#{}", encode_fragment(&id));
        targets.push(PageTarget { label: page.label.clone(), href });
        let mut mark = super::xml::Xml::default();
        mark.open("span").attr("epub:type", "pagebreak").attr("role", "doc-pagebreak");
        mark.attr("id", &id).attr("aria-label", &page.label).close_full();
        marks[document].push((at, mark.into_fragment()));
    }
    for ((_, text), marks) in documents.iter_mut().zip(marks) {
        let mut out = String::with_capacity(text.len() + 128 * marks.len());
        let mut done = 0;
        for (at, mark) in marks {
            out.push_str(&text[done..at]);
            out.push_str(&mark);
            done = at;
        }
        out.push_str(&text[done..]);
        *text = out;
    }
    targets
}

/// The lines for pages outside the text: the cover and the contents.
pub(super) fn outside(pages: &[PrintedPage], part: &PrintedPart, file: &str) -> Vec<PageTarget> {
    let named = pages.iter().filter(|p| p.part == *part && !p.label.is_empty());
    // One file holds them all, so only the first of them has a place there.
    named.take(1).map(|p| PageTarget { label: p.label.clone(), href: file.to_owned() }).collect()
}

/// The first words of a page, looked for between `from` and somewhat after `expected`.
fn find(
    places: &[Place],
    opening: &[char],
    from: usize,
    expected: usize,
    chars: usize,
) -> Option<usize> {
    let last = (expected + chars / 2 + SLACK).min(places.len());
    let window = opening.len().min(WINDOW);
    if window < WINDOW / 4 {
        return None;
    }
    let look = |wanted: &[char]| {
        (from..(last + 1).saturating_sub(wanted.len()))
            .filter(|at| {
                let there = &places[*at..at + wanted.len()];
                there.iter().map(|p| p.c).eq(wanted.iter().copied())
            })
            .min_by_key(|at| at.abs_diff(expected))
    };
    // What comes first on a page may be nowhere in the text (the head of a table, repeated): then
    // what follows it is looked for. A short heading before such a thing is tried by itself.
    look(&opening[..window]).or_else(|| look(&opening[..window.min(WINDOW / 2)])).or_else(|| {
        let skips = (4..=opening.len() - window).step_by(4);
        skips.map(|skip| &opening[skip..skip + window]).find_map(look)
    })
}

/// Right after the start tag of the section.
fn body(text: &str) -> usize {
    let section = text.find("<section").unwrap_or(0);
    text[section..].find(">\n").map_or(text.len(), |end| section + end + 2)
}

/// The characters of a document that both editions have: no readings, note marks, list numbers,
/// terms (labels to the printed edition) and notes.
fn places(document: usize, text: &str) -> Vec<Place> {
    /// What a mark goes in front of rather than inside: it would become part of a heading's name,
    /// a link's text, a reading's base.
    const AROUND: [&str; 19] = [
        "h1", "h2", "h3", "h4", "h5", "h6", "a", "b", "cite", "code", "em", "mark", "ruby", "s",
        "span", "strong", "sub", "sup", "u",
    ];
    const OPENING: &str = "“‘（《〈「『【〖〔［｛\u{3018}\u{301A}\u{301D}([{«";
    let mut out = Vec::new();
    let mut depth = 0_usize;
    let mut skipped: Option<usize> = None;
    // Where the tags begin that opened right before the next text.
    let mut outside: Option<usize> = None;
    for (range, token) in scan::tokens(text) {
        match token {
            Token::Start { name, attributes, empty } => {
                let skips = matches!(name, "head" | "rt" | "dt")
                    || ["notes", "noteref", "label"].iter().any(|c| scan::has_class(attributes, c));
                if skips && skipped.is_none() && !empty {
                    skipped = Some(depth);
                }
                if !empty {
                    depth += 1;
                }
                outside = match (AROUND.contains(&name) && !empty, outside) {
                    (true, None) => Some(range.start),
                    (true, before) => before,
                    (false, _) => None,
                };
            }
            Token::End => {
                depth = depth.saturating_sub(1);
                if skipped == Some(depth) {
                    skipped = None;
                }
                outside = None;
            }
            Token::Text(written) => {
                if skipped.is_some() {
                    continue;
                }
                let before = outside.take();
                // Opening marks belong to what they open.
                let mut opened: Option<usize> = before;
                for (at, c) in scan::chars(written) {
                    let here = range.start + at;
                    if counts_in_pages(c) {
                        out.push(Place { c, document, at: opened.take().unwrap_or(here) });
                    } else if OPENING.contains(c) {
                        opened = opened.or(Some(here));
                    } else {
                        opened = None;
                    }
                }
            }
        }
    }
    out
}
