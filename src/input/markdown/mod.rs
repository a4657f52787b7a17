//! Markdown files: front matter, then CommonMark with the extensions people use.
//!
//! Tables, footnotes, task lists, strikethrough, definition lists and alerts as GitHub has them;
//! inline markup as in [`crate::model::Text`]; poems as fenced blocks of the kind `poem` (or `诗`),
//! with title and poet after it: ```` ```poem 静夜思 李白 ````; a caption of a table as a paragraph
//! `表：…` or `Table: …` beside it; a picture alone in its paragraph is a figure with its title as
//! caption; `{#id}` after a heading names it; the last line `—— 某某` of a quotation is its source;
//! `<!-- pagebreak -->` begins a new page.

mod blocks;
mod front;
mod html;

use crate::diagnostic::{Code, Diagnostic, Message, Outcome};
use crate::model::{Article, Block, Heading, Origin, Pos};

use super::written::Source;

/// Blocks of a Markdown text, headings from level 1.
///
/// - `source`: the text; its origin places the warnings.
/// - `warnings`: gains what could not be used as it was written.
pub(crate) fn blocks(source: &Source, warnings: &mut Vec<Diagnostic>) -> Vec<Block> {
    let mut blocks = blocks::read(&source.text, source.origin, warnings);
    normalise_levels(&mut blocks);
    blocks
}

/// A Markdown file as an article. Without a title in the front matter, a leading heading of
/// level 1 is the title.
pub(super) fn article(text: &str, warnings: &mut Vec<Diagnostic>) -> Outcome<Article> {
    read(text, false, warnings)
}

/// A Markdown file as it was found: front matter may hold fields that no article has.
pub(crate) fn wild_article(text: &str, warnings: &mut Vec<Diagnostic>) -> Outcome<Article> {
    read(text, true, warnings)
}

fn read(text: &str, wild: bool, warnings: &mut Vec<Diagnostic>) -> Outcome<Article> {
    let front::Front { mut article, lines, body } = front::read(text, wild, warnings)?;
    let origin = Origin { start: Pos::new(lines + 1, 1), indent: Some(0) };
    let mut blocks = blocks::read(body, Some(origin), warnings);
    let leading = match blocks.first() {
        Some(Block::Heading(Heading { level: 1, text, .. })) => Some(text.clone()),
        _ => None,
    };
    match leading {
        Some(heading) if article.title.is_empty() && !heading.is_empty() => {
            article.title = heading;
            blocks.remove(0);
        }
        // the title repeated over the text
        Some(heading) if heading.to_plain() == article.title.to_plain() => {
            blocks.remove(0);
        }
        _ => {}
    }
    if article.title.is_empty() {
        let message = Message::new("the article has no title", "文章没有标题");
        let hint = Message::new(
            "begin with '# Title', or give 'title' in the front matter",
            "请以“# 标题”开头，或在 front matter 中给出 title",
        );
        let pos = Pos::new(lines + 1, 1);
        return Err(Diagnostic::error(Code::MissingField, message).at(Some(pos)).hint(hint).into());
    }
    normalise_levels(&mut blocks);
    article.body = blocks;
    Ok(article)
}

/// Moves all headings up together so that the highest is of level 1.
fn normalise_levels(blocks: &mut [Block]) {
    fn each(blocks: &mut [Block], visit: &mut dyn FnMut(&mut Heading)) {
        for block in blocks {
            match block {
                Block::Heading(heading) => visit(heading),
                Block::Quote(quote) => each(&mut quote.body, visit),
                Block::Callout(callout) => each(&mut callout.body, visit),
                Block::List(list) => {
                    list.items.iter_mut().for_each(|item| each(&mut item.body, visit));
                }
                _ => {}
            }
        }
    }
    let mut highest = 6;
    each(blocks, &mut |heading| highest = highest.min(heading.level));
    each(blocks, &mut |heading| heading.level -= highest - 1);
}

#[cfg(test)]
mod tests;
