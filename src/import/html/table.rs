//! Tables of data, and those that only arrange a page.

use dom_query::NodeRef;

use super::blocks::Page;
use super::{attr, inline, name};
use crate::model::{Align, Cell, Row, Table, Text};

/// Widest cell of a table of data. In characters.
const WIDEST: usize = 400;

fn rows<'a>(node: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    let mut out = Vec::new();
    for child in node.children_it(false) {
        match name(&child).as_str() {
            "tr" => out.push(child),
            "thead" | "tbody" | "tfoot" => {
                out.extend(child.children_it(false).filter(|r| name(r) == "tr"));
            }
            _ => {}
        }
    }
    out
}

fn cells<'a>(row: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    row.children_it(false).filter(|c| matches!(name(c).as_str(), "td" | "th")).collect()
}

/// Whether a table arranges a page: one cell or one column, another table in it, text that runs on.
pub(super) fn is_layout(node: &NodeRef<'_>) -> bool {
    if matches!(attr(node, "role").as_deref(), Some("presentation" | "none")) {
        return true;
    }
    if node.descendants_it().any(|n| name(&n) == "table") {
        return true;
    }
    let rows = rows(node);
    let columns = rows.iter().map(|r| cells(r).len()).max().unwrap_or(0);
    if columns < 2 {
        return true;
    }
    let all: Vec<NodeRef<'_>> = rows.iter().flat_map(cells).collect();
    if all.iter().any(|c| name(c) == "th") {
        return false;
    }
    all.iter().any(|c| {
        c.normalized_char_count() > WIDEST
            || c.descendants_it().filter(|n| matches!(name(n).as_str(), "p" | "h1" | "h2")).count()
                > 4
    }) || rows.len() < 2 && all.len() < 3
}

/// A table of data.
pub(super) fn read(page: &Page<'_>, node: &NodeRef<'_>) -> Option<Table> {
    let caption = node
        .children_it(false)
        .find(|c| name(c) == "caption")
        .map(|c| inline::tidy(inline::text(page, &c, 0)))
        .filter(|c| !c.is_empty());
    let (mut head, mut body) = (Vec::new(), Vec::new());
    for row in rows(node) {
        let cells = cells(&row);
        if cells.is_empty() {
            continue;
        }
        let in_head = row.parent().is_some_and(|p| name(&p) == "thead")
            || body.is_empty() && cells.iter().all(|c| name(c) == "th") && cells.len() > 1;
        let read = Row { cells: cells.iter().map(|c| cell(page, c, in_head)).collect() };
        if in_head { head.push(read) } else { body.push(read) }
    }
    if head.is_empty() && body.len() > 1 {
        // without marks: a first row that is all bold names the columns
        let bold = body[0]
            .cells
            .iter()
            .all(|c| matches!(c.text.0.as_slice(), [crate::model::Inline::Strong(_)]));
        if bold {
            head.push(body.remove(0));
        }
    }
    if body.is_empty() && head.is_empty() {
        return None;
    }
    Some(Table { head, rows: body, align: Vec::new(), caption, id: None })
}

fn cell(page: &Page<'_>, node: &NodeRef<'_>, in_head: bool) -> Cell {
    // paragraphs in a cell become lines
    let mut text = Text::default();
    for child in node.children_it(false) {
        let is_block = matches!(name(&child).as_str(), "p" | "div" | "li" | "ul" | "ol");
        if is_block && !text.to_plain().trim().is_empty() {
            text.0.push(crate::model::Inline::LineBreak);
        }
        inline::push(page, &child, 0, &mut text);
    }
    let span = |name: &str| {
        attr(node, name)
            .and_then(|v| v.parse::<u16>().ok())
            .filter(|v| (1..=100).contains(v))
            .unwrap_or(1)
    };
    let align = attr(node, "align").or_else(|| {
        let style = attr(node, "style")?.replace(' ', "");
        style.split(';').find_map(|r| r.strip_prefix("text-align:").map(str::to_owned))
    });
    let align = match align.as_deref() {
        Some("left") => Some(Align::Left),
        Some("right") => Some(Align::Right),
        Some("center") => Some(Align::Center),
        _ => None,
    };
    Cell {
        text: inline::tidy(text),
        colspan: span("colspan"),
        rowspan: span("rowspan"),
        header: !in_head && name(node) == "th",
        align: align.filter(|_| !in_head),
    }
}
