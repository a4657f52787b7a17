//! Tables: three rules, no uprights; broken between rows, heads repeated on every page.
//!
//! Source: typesetting.md §12.6 (CLREQ; JLREQ 4.4): caption above, split only between rows.

use std::rc::Rc;

use super::block::{Area, aligned, framed_by_space};
use super::inline::Flat;
use super::line::Line;
use super::paragraph::set;
use super::setter::Setter;
use super::strip::{Break, FRAME_ASCENT, Strip};
use super::style::{Align, ParagraphStyle};
use super::{Color, NodeId, Rect, Role as Tagged, Scope, Shape};
use crate::compose::Anchor;
use crate::model::{self, Cell, Row, Table, Text};
use crate::theme::Role;
use crate::units::{Em, Pt};

/// Widths of the rules at top and foot, and of those inside.
const RULES: (Pt, Pt) = (Pt(1.0), Pt(0.5));
/// Blank at each side of a cell, in ems of the table's type.
const CELL_PAD: Em = Em(0.6);
/// Narrowest a column is made, in ems of the table's type.
const NARROWEST: Em = Em(2.5);

/// A cell at its place in the grid.
struct Placed<'t> {
    cell: &'t Cell,
    column: usize,
    row: usize,
    header: bool,
}

/// The grid of a table: which cell stands where, spans taken into account.
struct Grid<'t> {
    cells: Vec<Placed<'t>>,
    columns: usize,
    rows: usize,
    heads: usize,
}

/// Sets a table.
pub(crate) fn table(setter: &mut Setter<'_>, table: &Table, area: Area) -> Vec<Strip> {
    let node = setter.node(Tagged::Table, area.node);
    let (size, pitch) = (setter.theme.small, setter.theme.small_pitch);
    let inner = Area { size, pitch, role: Role::Song, indent: Em::ZERO, node, ..area };
    let grid = Grid::new(table);
    let mut out = Vec::new();
    if let Some(caption) = &table.caption {
        let caption_node = setter.node(Tagged::Caption, node);
        let head = Area { role: Role::Hei, node: caption_node, ..inner };
        let mut lines = aligned(setter, caption, head, Align::Center, Color::BLACK);
        if let Some(last) = lines.last_mut() {
            last.height += pitch * 0.25;
        }
        out.append(&mut lines);
    }
    if grid.columns > 0 {
        let widths = column_widths(setter, &grid, inner);
        out.append(&mut rows(setter, table, &grid, &widths, inner, out_is_captioned(&out)));
    }
    if let (Some(section), Some(id), Some(first)) = (setter.section, &table.id, out.first_mut()) {
        first.anchors.push(Anchor { section: section.id.clone(), element: Some(id.value.clone()) });
    }
    framed_by_space(out, setter.theme.page.pitch)
}

fn out_is_captioned(out: &[Strip]) -> bool {
    !out.is_empty()
}

impl<'t> Grid<'t> {
    fn new(table: &'t Table) -> Self {
        let heads = table.head.len();
        let all: Vec<&Row> = table.head.iter().chain(&table.rows).collect();
        // taken[c]: rows, from the current one, that a cell above still covers in column c.
        let mut taken: Vec<usize> = Vec::new();
        let mut cells = Vec::new();
        for (row, line) in all.iter().enumerate() {
            let mut column = 0;
            for cell in &line.cells {
                while taken.get(column).is_some_and(|t| *t > 0) {
                    column += 1;
                }
                let span = usize::from(cell.colspan.max(1));
                if taken.len() < column + span {
                    taken.resize(column + span, 0);
                }
                for slot in &mut taken[column..column + span] {
                    *slot = usize::from(cell.rowspan.max(1)).min(all.len() - row);
                }
                cells.push(Placed { cell, column, row, header: row < heads || cell.header });
                column += span;
            }
            taken.iter_mut().for_each(|t| *t = t.saturating_sub(1));
        }
        Self { cells, columns: taken.len(), rows: all.len(), heads }
    }
}

/// Widths of the columns: natural if all fit, else the widest give way first.
fn column_widths(setter: &mut Setter<'_>, grid: &Grid<'_>, area: Area) -> Vec<Pt> {
    let pad = CELL_PAD.at(area.size) * 2.0;
    let mut natural = vec![NARROWEST.at(area.size); grid.columns];
    let mut wide: Vec<(usize, usize, Pt)> = Vec::new();
    for placed in &grid.cells {
        let width = natural_width(setter, &placed.cell.text, area, placed.header) + pad;
        let span = usize::from(placed.cell.colspan.max(1));
        if span == 1 {
            let column = &mut natural[placed.column];
            *column = column.max(width);
        } else {
            wide.push((placed.column, span, width));
        }
    }
    for (column, span, width) in wide {
        let slots = &mut natural[column..column + span];
        let have: Pt = slots.iter().copied().sum();
        if have < width {
            let more = (width - have) / span as f64;
            slots.iter_mut().for_each(|slot| *slot += more);
        }
    }
    let total: Pt = natural.iter().copied().sum();
    if total <= area.measure {
        // Loosened a little, but never beyond the measure.
        let scale = (area.measure / total.max(Pt(1e-3))).min(1.6);
        return natural.into_iter().map(|w| w * scale).collect();
    }
    shrink(&natural, area.measure, NARROWEST.at(area.size))
}

/// Brings columns to a total of `measure`: a common ceiling is lowered over the widest ones.
fn shrink(natural: &[Pt], measure: Pt, floor: Pt) -> Vec<Pt> {
    let mut low = Pt::ZERO;
    let mut high = measure;
    for _ in 0..60 {
        let ceiling = (low + high) / 2.0;
        let total: Pt = natural.iter().map(|w| w.min(ceiling)).sum();
        if total > measure {
            high = ceiling;
        } else {
            low = ceiling;
        }
    }
    let ceiling = low.max(floor);
    let widths: Vec<Pt> = natural.iter().map(|w| w.min(ceiling)).collect();
    let total: Pt = widths.iter().copied().sum();
    // With very many columns even the floor is too much: all give way alike.
    let scale = (measure / total.max(Pt(1e-3))).min(1.0);
    widths.into_iter().map(|w| w * scale).collect()
}

fn natural_width(setter: &mut Setter<'_>, text: &Text, area: Area, header: bool) -> Pt {
    // Measured on a scratch structure: the real nodes come when the cell is set.
    let keep = setter.structure.len();
    let references = setter.references.clone();
    let role = if header { Role::Bold } else { area.role };
    let style = setter.style(role, area.size, NodeId(0));
    let flat = Flat::new(setter, text, style);
    let paragraph = cell_paragraph(setter, Pt(1e6), Align::Left);
    let lines = set(setter, &flat, &paragraph);
    setter.structure.truncate(keep);
    setter.references = references;
    lines.iter().map(|l| l.width).fold(Pt::ZERO, Pt::max)
}

fn cell_paragraph(setter: &Setter<'_>, measure: Pt, align: Align) -> ParagraphStyle {
    ParagraphStyle {
        measure,
        first_indent: Pt::ZERO,
        indent: Pt::ZERO,
        align,
        preset: setter.theme.punctuation,
        by_sense: false,
        han_space: Em(0.25),
    }
}

fn rows(
    setter: &mut Setter<'_>,
    table: &Table,
    grid: &Grid<'_>,
    widths: &[Pt],
    area: Area,
    captioned: bool,
) -> Vec<Strip> {
    let total: Pt = widths.iter().copied().sum();
    let left = area.left + (area.measure - total) / 2.0;
    let edge = |column: usize| left + widths[..column].iter().copied().sum::<Pt>();
    let pad = CELL_PAD.at(area.size);
    let gap = (area.pitch - area.size) * 0.5 + area.size * 0.15;

    // Structure first: rows in order, cells in theirs.
    let head_node = (grid.heads > 0).then(|| setter.node(Tagged::TableHead, area.node));
    let body_node = setter.node(Tagged::TableBody, area.node);
    let row_nodes: Vec<NodeId> = (0..grid.rows)
        .map(|row| {
            let parent = head_node.filter(|_| row < grid.heads).unwrap_or(body_node);
            setter.node(Tagged::TableRow, parent)
        })
        .collect();

    struct Set {
        lines: Vec<Line>,
        height: Pt,
        row: usize,
        rows: usize,
    }
    let mut cells: Vec<Set> = Vec::new();
    for placed in &grid.cells {
        let span = usize::from(placed.cell.colspan.max(1));
        let rows = usize::from(placed.cell.rowspan.max(1)).min(grid.rows - placed.row);
        let width =
            widths[placed.column..placed.column + span].iter().copied().sum::<Pt>() - pad * 2.0;
        let tag = if placed.header { Tagged::HeaderCell } else { Tagged::DataCell };
        let node = setter.node(tag, row_nodes[placed.row]);
        if let Some(n) = setter.node_mut(node) {
            n.span = (span > 1 || rows > 1).then_some((span as u16, rows as u16));
            let scope = if placed.row < grid.heads { Scope::Column } else { Scope::Row };
            n.scope = placed.header.then_some(scope);
        }
        let role = if placed.header { Role::Bold } else { area.role };
        let style = setter.style(role, area.size, node);
        let flat = Flat::new(setter, &placed.cell.text, style);
        let wanted = placed.cell.align.or(table.align.get(placed.column).copied());
        let lines = cell_lines(setter, &flat, width, wanted.unwrap_or_default(), placed, span);
        let height = area.pitch * lines.len().max(1) as f64 - (area.pitch - area.size) + gap * 2.0;
        let mut lines = lines;
        lines.iter_mut().for_each(|l| l.shift(edge(placed.column) + pad, Pt::ZERO));
        cells.push(Set { lines, height, row: placed.row, rows });
    }

    let mut heights = vec![area.size + gap * 2.0; grid.rows];
    for cell in cells.iter().filter(|c| c.rows == 1) {
        heights[cell.row] = heights[cell.row].max(cell.height);
    }
    for cell in cells.iter().filter(|c| c.rows > 1) {
        let slots = &mut heights[cell.row..cell.row + cell.rows];
        let have: Pt = slots.iter().copied().sum();
        if have < cell.height {
            let more = (cell.height - have) / cell.rows as f64;
            slots.iter_mut().for_each(|h| *h += more);
        }
    }

    // A row that would fill most of a page is cut between its lines; any other one stays whole.
    let most = setter.theme.page.height() * 0.6;
    let mut strips: Vec<Vec<Strip>> =
        heights.iter().map(|h| slices(*h, area.pitch, gap, most)).collect();
    for cell in cells {
        let own: Pt = heights[cell.row..cell.row + cell.rows].iter().copied().sum();
        // Cells that span rows stand in their middle; others begin at the top of theirs.
        let text = area.pitch * cell.lines.len() as f64 - (area.pitch - area.size);
        let top = if cell.rows > 1 { (own - text) / 2.0 } else { gap };
        for (index, line) in cell.lines.into_iter().enumerate() {
            let row = &mut strips[cell.row];
            let y = top + area.size * FRAME_ASCENT;
            match row.len() {
                1 => row[0].add_line(line, y + area.pitch * index as f64),
                count => {
                    row[index.min(count - 1)].add_line(line, if index == 0 { y } else { y - gap });
                }
            }
        }
        for row in &mut strips[cell.row + 1..cell.row + cell.rows] {
            row[0].before = Break::Forbidden;
        }
    }
    rules(&mut strips, grid, left, total);
    for (row, slices) in strips.iter_mut().enumerate() {
        // Heads stay with two rows at least, and no page gets fewer than three.
        let with_head = row > 0 && row <= grid.heads + usize::from(grid.heads > 0);
        let last = row + 2 >= grid.rows && row > grid.heads;
        if with_head || (row == 0 && captioned) || last {
            slices[0].before = Break::Forbidden;
        }
    }
    // A row that is one cell from edge to edge heads the rows below it.
    for placed in grid.cells.iter().filter(|p| usize::from(p.cell.colspan) == grid.columns) {
        if grid.columns > 1 && placed.row + 1 < grid.rows {
            strips[placed.row + 1][0].before = Break::Forbidden;
        }
    }
    let heads: Pt = heights[..grid.heads].iter().copied().sum();
    if grid.heads > 0 && grid.heads < grid.rows && heads < most {
        let head: Rc<Vec<Strip>> =
            Rc::new(strips[..grid.heads].iter().flatten().map(repeatable).collect());
        for strip in strips[grid.heads..].iter_mut().flatten() {
            strip.repeat = Some(Rc::clone(&head));
        }
    }
    strips.into_iter().flatten().collect()
}

/// Strips for a row: one, or one for each line of a row higher than `most`. Never empty.
fn slices(height: Pt, pitch: Pt, gap: Pt, most: Pt) -> Vec<Strip> {
    let strip = |height| Strip { height, ..Strip::default() };
    if height <= most {
        return vec![strip(height)];
    }
    let count = ((height - gap * 2.0) / pitch).ceil().max(1.0) as usize;
    let mut out = vec![strip(pitch); count];
    out[0].height += gap;
    out[count - 1].height += gap;
    out
}

/// A head for the second time: the same picture, but no content (ISO 14289-1, 7.8: artifacts).
fn repeatable(strip: &Strip) -> Strip {
    let mut copy = Strip { height: strip.height, items: strip.items.clone(), ..Strip::default() };
    copy.items.iter_mut().for_each(|item| item.tag = super::Tag::Artifact);
    copy
}

fn cell_lines(
    setter: &mut Setter<'_>,
    flat: &Flat,
    width: Pt,
    align: model::Align,
    placed: &Placed<'_>,
    span: usize,
) -> Vec<Line> {
    let explicit = match align {
        model::Align::Left => Some(Align::Left),
        model::Align::Center => Some(Align::Center),
        model::Align::Right => Some(Align::Right),
        model::Align::Auto => None,
    };
    let first_try = explicit.unwrap_or(Align::Left);
    let paragraph = cell_paragraph(setter, width, first_try);
    let lines = set(setter, flat, &paragraph);
    if explicit.is_some() {
        return lines;
    }
    // By content: what takes one line is centred in heads and spans, long text is justified.
    if lines.len() > 1 {
        return set(setter, flat, &ParagraphStyle { align: Align::Justify, ..paragraph });
    }
    if placed.header || span > 1 {
        return set(setter, flat, &ParagraphStyle { align: Align::Center, ..paragraph });
    }
    lines
}

/// Heavy rules at top and foot, a light one under the head.
fn rules(strips: &mut [Vec<Strip>], grid: &Grid<'_>, x: Pt, width: Pt) {
    let rule = |y: Pt, height: Pt| {
        Shape::filled_rect(Rect { x, y: y - height / 2.0, width, height }, Color::BLACK)
    };
    if let Some(first) = strips.first_mut().and_then(|row| row.first_mut()) {
        first.add_shape(rule(Pt::ZERO, RULES.0));
    }
    if grid.heads > 0
        && let Some(head) = strips.get_mut(grid.heads - 1).and_then(|row| row.last_mut())
    {
        let bottom = head.height;
        head.add_shape(rule(bottom, RULES.1));
    }
    if let Some(last) = strips.last_mut().and_then(|row| row.last_mut()) {
        let bottom = last.height;
        last.add_shape(rule(bottom, RULES.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[(u16, u16)]) -> Row {
        let cells = cells
            .iter()
            .map(|(colspan, rowspan)| Cell {
                colspan: *colspan,
                rowspan: *rowspan,
                ..Cell::new("x")
            })
            .collect();
        Row { cells }
    }

    #[test]
    fn spans_push_later_cells_to_the_next_free_column() {
        let table = Table {
            head: vec![],
            rows: vec![row(&[(1, 2), (2, 1)]), row(&[(1, 1), (1, 1)])],
            align: vec![],
            caption: None,
            id: None,
        };
        let grid = Grid::new(&table);
        let places: Vec<_> = grid.cells.iter().map(|p| (p.row, p.column)).collect();
        assert_eq!(places, [(0, 0), (0, 1), (1, 1), (1, 2)]);
        assert_eq!(grid.columns, 3);
    }

    #[test]
    fn columns_never_exceed_the_measure() {
        let widths = shrink(&[Pt(300.0), Pt(20.0), Pt(500.0)], Pt(200.0), Pt(25.0));
        let total: Pt = widths.iter().copied().sum();
        assert!((total.0 - 200.0).abs() < 0.1);
        assert_eq!(widths[1], Pt(20.0));
        let many = shrink(&[Pt(100.0); 50], Pt(200.0), Pt(25.0));
        assert!(many.iter().copied().sum::<Pt>() <= Pt(200.1));
    }
}
