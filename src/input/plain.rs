//! Plain text: paragraphs divided by blank lines, or begun by two ideographic spaces.

use crate::model::{Block, Text};

use super::written::Source;

/// Paragraphs of a plain text. Nothing in it is markup.
pub(crate) fn blocks(source: &Source) -> Vec<Block> {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut open = false;
    for line in source.text.lines() {
        let indented = line.starts_with("\u{3000}\u{3000}");
        let trimmed = line.trim();
        if trimmed.is_empty() {
            open = false;
            continue;
        }
        match paragraphs.last_mut().filter(|_| open && !indented) {
            Some(paragraph) => {
                let before = paragraph.chars().next_back().unwrap_or(' ');
                let after = trimmed.chars().next().unwrap_or(' ');
                if !crate::model::joins_without_space(before, after) {
                    paragraph.push(' ');
                }
                paragraph.push_str(trimmed);
            }
            None => paragraphs.push(trimmed.to_owned()),
        }
        open = true;
    }
    paragraphs.into_iter().map(|paragraph| Block::Paragraph(Text::plain(paragraph))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(blocks: &[Block]) -> Vec<String> {
        let text = |block: &Block| match block {
            Block::Paragraph(text) => text.to_plain(),
            other => format!("{other:?}"),
        };
        blocks.iter().map(text).collect()
    }

    #[test]
    fn blank_lines_and_ideographic_indents_divide_paragraphs() {
        let source = Source::bare("一行\n二行\n\n*三*\n　　四\n　　五\nsix\nseven");
        assert_eq!(plain(&blocks(&source)), ["一行二行", "*三*", "四", "五 six seven"]);
    }
}
