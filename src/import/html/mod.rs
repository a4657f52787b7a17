//! HTML pages: where the article stands in the page, what the page says about it, its blocks.
//!
//! [`locate`] finds the element that holds the article, [`meta`] reads what head and marks say,
//! [`blocks`] turns the element into drafts. Lines just before and after the article's element
//! come along: by-lines often stand there.

mod blocks;
mod inline;
mod locate;
mod media;
mod meta;
mod notes;
mod table;

use dom_query::{Document, NodeId, NodeRef};

pub(super) use meta::from_seconds;

use super::draft::{Draft, Known};
use super::evidence::byline;
use super::evidence::{dates, key};
use super::report::Report;
use crate::model::Block;

/// Lines outside the article's element that may be its head.
const BEFORE: usize = 10;
/// Lines after it that may be its closing by-line.
const AFTER: usize = 6;

/// Drafts of a page, and what it says about itself.
pub(crate) fn page(source: &str, stem: &str, report: &mut Report) -> (Vec<Draft>, Known) {
    let document = Document::from(source);
    let mut known = meta::read(&document, stem);
    let main = locate::main(&document);
    let page = blocks::Page::new(&document, known.url.as_deref());
    let Some(body) = document.body() else { return (Vec::new(), known) };
    let main = main.unwrap_or(body.id);
    let whole = page.drafts(&body, Some(main), report);
    let inside: Vec<usize> = (0..whole.len()).filter(|i| whole[*i].1).collect();
    let (Some(first), Some(last)) = (inside.first().copied(), inside.last().copied()) else {
        return (whole.into_iter().map(|(draft, _)| draft).collect(), known);
    };
    let (mut head, mut text, mut tail) = (Vec::new(), Vec::new(), Vec::new());
    for (i, (draft, is_inside)) in whole.into_iter().enumerate() {
        match is_inside {
            true => text.push(draft),
            false if i < first => head.push(draft),
            false if i > last => tail.push(draft),
            false => {}
        }
    }
    let mut drafts = nearest_head(head, &text, &known);
    drafts.append(&mut text);
    for draft in tail.iter().take(AFTER) {
        let line = byline::read(&draft.text);
        if line.is_pure() && draft.is_line() {
            drafts.push(draft.clone());
        }
    }
    meta::by_class(&document, main, &mut known);
    (drafts, known)
}

/// Drafts of a piece of HTML that is all article: an entry of a feed, a chapter of a book.
pub(crate) fn fragment(source: &str, url: Option<&str>, report: &mut Report) -> Vec<Draft> {
    let document = Document::from(source);
    let page = blocks::Page::new(&document, url);
    let Some(body) = document.body() else { return Vec::new() };
    page.drafts(&body, None, report).into_iter().map(|(draft, _)| draft).collect()
}

/// Of the lines before the article's element, those from the title on.
fn nearest_head(mut head: Vec<Draft>, text: &[Draft], known: &Known) -> Vec<Draft> {
    let titles: Vec<String> = known.title.iter().map(|t| key(&t.value)).collect();
    let has_own_title = text.iter().take(6).any(|d| {
        matches!(&d.block, Block::Heading(h) if h.level == 1)
            || titles.contains(&key(&d.text)) && d.text.chars().count() > 3
    });
    let is_title = |draft: &Draft| {
        let own = key(&draft.text);
        matches!(&draft.block, Block::Heading(heading) if heading.level == 1)
            || own.chars().count() >= 4
                && titles.iter().any(|t| t.contains(&own))
                && draft.look.links < 0.5
    };
    let from = match head.iter().rposition(is_title) {
        // a title in several places: the first of those near each other
        Some(at) => (at.saturating_sub(4)..=at).find(|i| is_title(&head[*i])).unwrap_or(at),
        None => head.len().saturating_sub(if has_own_title { 3 } else { 5 }),
    };
    let has_title = head.get(from).is_some_and(is_title);
    let mut out: Vec<Draft> =
        head.drain(from..).filter(|d| d.is_line() && !d.is_running()).collect();
    if out.len() > BEFORE {
        out.truncate(BEFORE);
    }
    if !has_title {
        // without a title only data is of use
        out.retain(|d| {
            let line = byline::read(&d.text);
            line.is_pure()
                || dates::find(&d.text).is_some() && d.text.chars().count() < 60
                || matches!(&d.block, Block::Heading(_)) && !has_own_title
        });
    }
    out
}

/// Name of an element, lower case; empty for what is none.
fn name(node: &NodeRef<'_>) -> String {
    node.node_name().map(|n| n.to_string()).unwrap_or_default()
}

fn attr(node: &NodeRef<'_>, name: &str) -> Option<String> {
    node.attr(name).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty())
}

/// Words of an element's class and id: `post-Content_main` → post, content, main.
fn tokens(node: &NodeRef<'_>) -> Vec<String> {
    let mut out = Vec::new();
    for value in [node.attr("class"), node.attr("id")].into_iter().flatten() {
        let mut word = String::new();
        let mut was_lower = false;
        for c in value.chars() {
            let boundary = !c.is_ascii_alphanumeric() || c.is_ascii_uppercase() && was_lower;
            if boundary && !word.is_empty() {
                out.push(std::mem::take(&mut word));
            }
            if c.is_ascii_alphanumeric() {
                word.push(c.to_ascii_lowercase());
            }
            was_lower = c.is_ascii_lowercase();
        }
        if !word.is_empty() {
            out.push(word);
        }
    }
    out
}

/// Whether `node` is `ancestor` or lies in it.
fn is_within(node: &NodeRef<'_>, ancestor: NodeId) -> bool {
    node.id == ancestor || node.ancestors_it(None).any(|a| a.id == ancestor)
}
