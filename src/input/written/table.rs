//! Tables, rows and cells.

use schemars::{JsonSchema, json_schema};
use serde::de::{self, MapAccess, SeqAccess};
use serde::ser::{Serialize, Serializer};
use serde::{Deserialize, Serialize as DeriveSerialize};

use super::block::fields;
use super::scalar::{Ranged, written};
use super::{Either, Source, both};
use crate::model::{Align, At, Cell, Row, Table, Text};

#[derive(Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CellFields {
    /// What it holds
    text: Text,
    /// Columns it covers; 1 when not given
    #[serde(skip_serializing_if = "Option::is_none")]
    colspan: Option<Ranged<1000>>,
    /// Rows it covers; 1 when not given
    #[serde(skip_serializing_if = "Option::is_none")]
    rowspan: Option<Ranged<1000>>,
    /// Whether it names its row or column
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    header: bool,
    /// Its own alignment, over its column's
    #[serde(skip_serializing_if = "Option::is_none")]
    align: Option<Align>,
}

impl<'de> Either<'de> for Cell {
    const EXPECTED: &'static str = "a text, a number or a map with 'text'";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Ok(Cell::new(source.to_text()))
    }

    fn null<E: de::Error>() -> Result<Self, E> {
        Ok(Cell::new(Text::default()))
    }

    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        let CellFields { text, colspan, rowspan, header, align } = fields(map)?;
        let span = |span: Option<Ranged<1000>>| span.map_or(1, |span| span.0);
        Ok(Cell { text, colspan: span(colspan), rowspan: span(rowspan), header, align })
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let span = |span: u16| (span != 1).then_some(Ranged(span));
        let (colspan, rowspan) = (span(self.colspan), span(self.rowspan));
        let (header, align) = (self.header, self.align);
        if colspan.is_none() && rowspan.is_none() && !header && align.is_none() {
            return self.text.serialize(s);
        }
        CellFields { text: self.text.clone(), colspan, rowspan, header, align }.serialize(s)
    }
}

impl<'de> Either<'de> for Row {
    const EXPECTED: &'static str = "a list";

    fn list<A: SeqAccess<'de>>(mut seq: A) -> Result<Self, A::Error> {
        let mut cells = Vec::new();
        while let Some(cell) = seq.next_element()? {
            cells.push(cell);
        }
        Ok(Row { cells })
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.cells.serialize(s)
    }
}

/// Header rows: a list of rows, or the cells of the only one.
#[derive(Default)]
struct Head(Vec<Row>);

enum CellOrRow {
    Cell(Cell),
    Row(Row),
}

impl<'de> Either<'de> for CellOrRow {
    const EXPECTED: &'static str = "a list of cells or of rows";

    fn text<E: de::Error>(source: Source) -> Result<Self, E> {
        Cell::text(source).map(Self::Cell)
    }

    fn null<E: de::Error>() -> Result<Self, E> {
        Cell::null().map(Self::Cell)
    }

    fn map<A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        Cell::map(map).map(Self::Cell)
    }

    fn list<A: SeqAccess<'de>>(seq: A) -> Result<Self, A::Error> {
        Row::list(seq).map(Self::Row)
    }
}

impl<'de> Either<'de> for Head {
    const EXPECTED: &'static str = "a list of cells or of rows";

    fn list<A: SeqAccess<'de>>(mut seq: A) -> Result<Self, A::Error> {
        let (mut cells, mut rows) = (Vec::new(), Vec::new());
        while let Some(entry) = seq.next_element()? {
            match entry {
                CellOrRow::Cell(cell) => cells.push(cell),
                CellOrRow::Row(row) => rows.push(row),
            }
            if !cells.is_empty() && !rows.is_empty() {
                return Err(both(
                    "'head' is either a list of cells or a list of rows",
                    "“head”须为单元格列表或行列表，不能混用",
                ));
            }
        }
        if !cells.is_empty() {
            rows.push(Row { cells });
        }
        Ok(Self(rows))
    }

    fn null<E: de::Error>() -> Result<Self, E> {
        Ok(Self::default())
    }
}

impl Serialize for Head {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [row] if !row.cells.is_empty() => row.serialize(s),
            rows => rows.serialize(s),
        }
    }
}

#[derive(Deserialize, DeriveSerialize, JsonSchema)]
#[serde(deny_unknown_fields, rename = "Table")]
struct TableFields {
    /// The header: a list of cells, or of rows of cells
    #[serde(default, skip_serializing_if = "Head::is_empty")]
    head: Head,
    /// The rows of data, each a list of cells
    rows: Vec<Row>,
    /// Alignment of each column
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    align: Vec<Align>,
    /// Caption, set above the table
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<Text>,
    /// Name for links to it
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<At<String>>,
}

impl Head {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de> serde::Deserialize<'de> for Table {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let TableFields { head, rows, align, caption, id } = serde::Deserialize::deserialize(d)?;
        Ok(Table { head: head.0, rows, align, caption, id })
    }
}

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let Table { head, rows, align, caption, id } = self.clone();
        TableFields { head: Head(head), rows, align, caption, id }.serialize(s)
    }
}

impl JsonSchema for Table {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Table".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        TableFields::json_schema(generator)
    }
}

written!(Cell, "Cell", |generator| {
    let text = generator.subschema_for::<Text>();
    let fields = generator.subschema_for::<CellFields>();
    json_schema!({ "anyOf": [text, { "type": "null" }, fields] })
});
written!(Row, "Row", |generator| {
    let cell = generator.subschema_for::<Cell>();
    json_schema!({ "type": "array", "items": cell })
});
written!(CellOrRow, "CellOrRow", |generator| {
    let (cell, row) = (generator.subschema_for::<Cell>(), generator.subschema_for::<Row>());
    json_schema!({ "anyOf": [cell, row] })
});
written!(Head, "Head", |generator| {
    let (cell, row) = (generator.subschema_for::<Cell>(), generator.subschema_for::<Row>());
    json_schema!({ "anyOf": [
        { "type": "array", "items": cell },
        { "type": "array", "items": row },
        { "type": "null" }
    ] })
});
