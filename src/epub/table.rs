//! Tables as XHTML, their grid made complete.

use super::content::Content;
use crate::model::{Align, Cell, Row, Table};

/// Most columns a cell may cover (HTML §4.9.11).
const WIDEST: usize = 1000;
/// Longest text, in characters, that is centred in a column of short texts.
const SHORT: usize = 8;

/// A place of the grid where a cell begins; `None` where the table gives no cell.
struct Place<'t> {
    cell: Option<&'t Cell>,
    column: usize,
    colspan: usize,
    rowspan: usize,
}

impl Content<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        let columns = grid(&table.head, 0).1.max(grid(&table.rows, 0).1).max(1);
        let (heads, _) = grid(&table.head, columns);
        let (rows, _) = grid(&table.rows, columns);
        let align: Vec<Align> = (0..columns).map(|c| column_align(table, &rows, c)).collect();
        self.xml.open("table");
        self.xml.attr_if("id", table.id.as_ref().map(|id| id.value.as_str()));
        if let Some(caption) = &table.caption {
            self.xml.open("caption");
            self.text(caption);
            self.xml.close_full();
        }
        if !heads.is_empty() {
            self.rows("thead", &heads, &align);
        }
        if !rows.is_empty() || heads.is_empty() {
            self.rows("tbody", &rows, &align);
        }
        self.xml.close_full().line();
    }

    fn rows(&mut self, group: &'static str, rows: &[Vec<Place<'_>>], align: &[Align]) {
        self.xml.open(group).line();
        for row in rows {
            self.xml.open("tr");
            row.iter().for_each(|place| self.cell(place, align, group == "thead"));
            self.xml.close_full().line();
        }
        self.xml.close_full().line();
    }

    fn cell(&mut self, place: &Place<'_>, align: &[Align], head: bool) {
        let Some(cell) = place.cell else {
            self.xml.open("td").close_full();
            return;
        };
        let empty = cell.text.is_empty();
        // An empty header names nothing (axe: empty-table-header).
        let header = (head || cell.header) && !empty;
        self.xml.open(if header { "th" } else { "td" });
        if header {
            self.xml.attr("scope", if head { "col" } else { "row" });
        }
        if place.colspan > 1 {
            self.xml.attr("colspan", &place.colspan.to_string());
        }
        if place.rowspan > 1 {
            self.xml.attr("rowspan", &place.rowspan.to_string());
        }
        let of_column = align.get(place.column).copied().unwrap_or_default();
        let class = match cell.align.filter(|a| *a != Align::Auto).unwrap_or(of_column) {
            Align::Auto => None,
            Align::Left => Some("left"),
            Align::Center => Some("center"),
            Align::Right => Some("right"),
        };
        self.xml.attr_if("class", class);
        self.text(&cell.text);
        self.xml.close_full();
    }
}

/// Puts cells in their places (HTML §4.9.12): spans never overlap nor leave the rows, and every
/// row is filled up to `columns`. Also returns how many columns the cells take.
fn grid(rows: &[Row], columns: usize) -> (Vec<Vec<Place<'_>>>, usize) {
    // Rows, from the current one, that a cell above still covers in each column.
    let mut taken: Vec<usize> = vec![0; columns];
    let mut out = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        let mut places = Vec::new();
        let mut cells = row.cells.iter();
        let mut column = 0;
        loop {
            if taken.get(column).is_some_and(|t| *t > 0) {
                column += 1;
                continue;
            }
            let cell = cells.next();
            if cell.is_none() && column >= columns {
                break;
            }
            let wish = cell.map_or(1, |c| usize::from(c.colspan).clamp(1, WIDEST));
            let blocked = taken.iter().skip(column).position(|t| *t > 0);
            let colspan = blocked.map_or(wish, |free| wish.min(free));
            let rowspan = cell.map_or(1, |c| usize::from(c.rowspan).clamp(1, rows.len() - index));
            if taken.len() < column + colspan {
                taken.resize(column + colspan, 0);
            }
            taken[column..column + colspan].fill(rowspan);
            places.push(Place { cell, column, colspan, rowspan });
            column += colspan;
        }
        taken.iter_mut().for_each(|t| *t = t.saturating_sub(1));
        out.push(places);
    }
    (out, taken.len())
}

/// How a column stands: as the table says, else numbers to the right, short texts centred.
fn column_align(table: &Table, rows: &[Vec<Place<'_>>], column: usize) -> Align {
    let given = table.align.get(column).copied().unwrap_or_default();
    if given != Align::Auto {
        return given;
    }
    let texts: Vec<String> = rows
        .iter()
        .flatten()
        .filter(|place| place.column == column && place.colspan == 1)
        .filter_map(|place| place.cell)
        .filter(|cell| !cell.header && !cell.text.is_empty())
        .map(|cell| cell.text.to_plain())
        .collect();
    if texts.is_empty() {
        Align::Auto
    } else if texts.iter().all(|t| is_number(t)) {
        Align::Right
    } else if texts.iter().all(|t| t.chars().count() <= SHORT) {
        Align::Center
    } else {
        Align::Auto
    }
}

fn is_number(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || "+-−±.,%‰ ¥$€～–".contains(c))
}
