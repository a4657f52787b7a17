//! The one tree of contents: printed contents, PDF outline, EPUB navigation.

use super::{Anchor, Book, ContentsEntry, Element};
use crate::model::{Block, Inline, Text};

/// Turns the levels that headings were given into depths without gaps.
///
/// A heading stands one below the last heading of a smaller level: levels 2, 4, 4, 2 give depths
/// 1, 2, 2, 1, as assistive technology wants them (WCAG 2.2, technique G141).
#[derive(Debug, Clone, Default)]
pub struct HeadingDepths(Vec<u8>);

impl HeadingDepths {
    /// The depth, from 1, of the next heading in reading order, whose given level is `level`.
    pub fn next(&mut self, level: u8) -> u8 {
        while self.0.last().is_some_and(|above| *above >= level) {
            self.0.pop();
        }
        self.0.push(level);
        // Levels are at most 255 and strictly rising, so are depths.
        u8::try_from(self.0.len()).unwrap_or(u8::MAX)
    }
}

impl Book {
    /// The contents down to `depth` levels (1: parts and articles outside parts only).
    ///
    /// Entries are in reading order; none stands more than one level below the one before it.
    pub fn contents(&self, depth: u8) -> Vec<ContentsEntry> {
        let mut out = Vec::new();
        for section in &self.sections {
            if section.level > depth || !section.kind.in_contents() {
                continue;
            }
            out.push(ContentsEntry {
                level: section.level,
                title: section.title.clone(),
                anchor: Anchor { section: section.id.clone(), element: None },
                kind: Some(section.kind),
            });
            let mut depths = HeadingDepths::default();
            for element in &section.flow {
                let Element::Block(Block::Heading(heading)) = element else { continue };
                let level = section.level.saturating_add(depths.next(heading.level));
                if level <= depth {
                    out.push(ContentsEntry {
                        level,
                        title: running(&heading.text),
                        anchor: Anchor {
                            section: section.id.clone(),
                            element: heading.id.as_ref().map(|id| id.value.clone()),
                        },
                        kind: None,
                    });
                }
            }
        }
        out
    }
}

/// A title as contents and running heads show it: without notes, links, pictures and breaks.
pub(crate) fn running(text: &Text) -> Text {
    let mut out = Vec::new();
    for inline in &text.0 {
        match inline {
            Inline::NoteRef(_) => {}
            Inline::Link { text, .. } => out.extend(running(text).0),
            Inline::LineBreak => out.push(Inline::Plain(" ".to_owned())),
            Inline::Image(image) if image.alt.is_empty() => {}
            Inline::Image(image) => out.push(Inline::Plain(image.alt.clone())),
            Inline::Strong(t) => out.push(Inline::Strong(running(t))),
            Inline::Emphasis(t) => out.push(Inline::Emphasis(running(t))),
            Inline::Superscript(t) => out.push(Inline::Superscript(running(t))),
            Inline::Subscript(t) => out.push(Inline::Subscript(running(t))),
            Inline::ProperName(t) => out.push(Inline::ProperName(running(t))),
            Inline::BookTitle(t) => out.push(Inline::BookTitle(running(t))),
            Inline::Underline(t) => out.push(Inline::Underline(running(t))),
            Inline::Strike(t) => out.push(Inline::Strike(running(t))),
            Inline::Highlight(t) => out.push(Inline::Highlight(running(t))),
            Inline::Foreign { language, text } => {
                out.push(Inline::Foreign { language: language.clone(), text: running(text) });
            }
            Inline::Plain(_) | Inline::Code(_) | Inline::Ruby(_) => out.push(inline.clone()),
        }
    }
    Text(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depths_have_no_gaps() {
        let mut depths = HeadingDepths::default();
        let got: Vec<u8> = [2, 4, 4, 3, 2, 1, 6].into_iter().map(|l| depths.next(l)).collect();
        assert_eq!(got, [1, 2, 2, 2, 1, 1, 2]);
    }
}
