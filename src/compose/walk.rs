//! Walking through the blocks and texts of a section in reading order.

use super::Element;
use crate::model::{Block, Inline, Text};

/// What a walk comes to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Node<'a> {
    /// A block, before what it holds.
    Block(&'a Block),
    /// A run of rich text: a paragraph, a cell, a caption, a line of a poem.
    Text(&'a Text),
}

/// Visits what an element holds, in the order it is read.
pub(crate) fn element<'a>(element: &'a Element, visit: &mut dyn FnMut(Node<'a>)) {
    match element {
        Element::Title(text)
        | Element::Subtitle(text)
        | Element::Byline(text)
        | Element::Dateline(text)
        | Element::Labelled { text, .. }
        | Element::Imprint(text)
        | Element::SourceLine(text) => visit(Node::Text(text)),
        Element::Block(b) => block(b, visit),
        Element::Facts(facts) => facts.iter().for_each(|(_, text)| visit(Node::Text(text))),
        Element::Qr(_)
        | Element::Answer(_)
        | Element::NotePage { .. }
        | Element::GroupLabel(_)
        | Element::Index(_) => {}
    }
}

/// Visits a list of blocks and all they hold, in the order they are read.
pub(crate) fn blocks<'a>(list: &'a [Block], visit: &mut dyn FnMut(Node<'a>)) {
    list.iter().for_each(|b| block(b, visit));
}

/// Visits a block and all it holds, in the order it is read. Bodies of footnotes are left out:
/// they are not read where they are defined.
pub(crate) fn block<'a>(block: &'a Block, visit: &mut dyn FnMut(Node<'a>)) {
    visit(Node::Block(block));
    let mut text = |t: &'a Text| visit(Node::Text(t));
    match block {
        Block::Heading(heading) => text(&heading.text),
        Block::Paragraph(t) => text(t),
        Block::Quote(quote) => {
            blocks(&quote.body, visit);
            quote.attribution.iter().for_each(|t| visit(Node::Text(t)));
        }
        Block::Poem(poem) => {
            poem.title.iter().chain(&poem.author).for_each(&mut text);
            poem.stanzas.iter().flatten().for_each(text);
        }
        Block::List(list) => list.items.iter().for_each(|item| blocks(&item.body, visit)),
        Block::Definitions(definitions) => {
            for definition in definitions {
                visit(Node::Text(&definition.term));
                definition.details.iter().for_each(|detail| blocks(detail, visit));
            }
        }
        Block::Table(table) => {
            table.caption.iter().for_each(&mut text);
            let rows = table.head.iter().chain(&table.rows);
            rows.flat_map(|row| &row.cells).for_each(|cell| text(&cell.text));
        }
        Block::Figure(figure) => figure.caption.iter().chain(&figure.credit).for_each(text),
        Block::Code(code) => code.caption.iter().for_each(text),
        Block::Callout(callout) => {
            callout.title.iter().for_each(text);
            blocks(&callout.body, visit);
        }
        Block::Divider | Block::PageBreak | Block::Footnotes(_) => {}
    }
}

/// Visits every inline of a list of blocks, in reading order.
pub(crate) fn inlines<'a>(list: &'a [Block], visit: &mut dyn FnMut(&'a Inline)) {
    blocks(list, &mut |node| {
        if let Node::Text(text) = node {
            text.visit(visit);
        }
    });
}

/// Visits the texts of a list of blocks to change them, in reading order; headings are left out,
/// notes are not.
pub(crate) fn texts_mut(list: &mut [Block], visit: &mut dyn FnMut(&mut Text)) {
    for block in list {
        match block {
            Block::Paragraph(text) => visit(text),
            Block::Quote(quote) => {
                texts_mut(&mut quote.body, visit);
                quote.attribution.iter_mut().for_each(&mut *visit);
                continue;
            }
            Block::Poem(poem) => {
                poem.title.iter_mut().chain(&mut poem.author).for_each(&mut *visit);
                poem.stanzas.iter_mut().flatten().for_each(&mut *visit);
            }
            Block::Definitions(list) => {
                for definition in list {
                    visit(&mut definition.term);
                    definition.details.iter_mut().for_each(|d| texts_mut(d, visit));
                }
                continue;
            }
            Block::Table(table) => {
                table.caption.iter_mut().for_each(&mut *visit);
                let rows = table.head.iter_mut().chain(&mut table.rows);
                rows.flat_map(|row| &mut row.cells).for_each(|cell| visit(&mut cell.text));
            }
            Block::Figure(figure) => {
                figure.caption.iter_mut().chain(&mut figure.credit).for_each(&mut *visit);
            }
            Block::Code(code) => code.caption.iter_mut().for_each(&mut *visit),
            Block::Callout(callout) => callout.title.iter_mut().for_each(&mut *visit),
            Block::Heading(_)
            | Block::List(_)
            | Block::Divider
            | Block::PageBreak
            | Block::Footnotes(_) => {}
        }
        bodies_mut(block).into_iter().for_each(|body| texts_mut(body, visit));
    }
}

/// The lists of blocks that stand inside a block, for changing them.
pub(crate) fn bodies_mut(block: &mut Block) -> Vec<&mut Vec<Block>> {
    match block {
        Block::Quote(quote) => vec![&mut quote.body],
        Block::List(list) => list.items.iter_mut().map(|item| &mut item.body).collect(),
        Block::Definitions(list) => list.iter_mut().flat_map(|d| &mut d.details).collect(),
        Block::Callout(callout) => vec![&mut callout.body],
        Block::Footnotes(notes) => notes.values_mut().collect(),
        Block::Heading(_)
        | Block::Paragraph(_)
        | Block::Poem(_)
        | Block::Table(_)
        | Block::Figure(_)
        | Block::Code(_)
        | Block::Divider
        | Block::PageBreak => Vec::new(),
    }
}
