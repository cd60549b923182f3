//! A sheet as it is kept: columns, rows, cells, layers, each with a number of its own.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::error::GenError;

/// Numbers of things in a sheet are below this; on the wire they are put after that of the sheet, so that
/// they differ between sheets.
pub const SPAN: i64 = 1_000_000;
/// Longest document, in bytes.
const MAX_BYTES: usize = 8 << 20;
/// How long is remembered what was made under an idempotency key, in milliseconds.
const REMEMBERED: i64 = 24 * 3600 * 1000;

/// A sheet.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Document {
    /// What it is called.
    pub title: String,
    /// The number of the next thing in it.
    pub next: i64,
    /// Columns, in order.
    pub columns: Vec<Column>,
    /// Rows, in order.
    pub rows: Vec<Row>,
    /// Texts by name, for `{{name}}` in every row.
    #[serde(default)]
    pub variables: Vec<Variable>,
    /// What was made under idempotency keys.
    #[serde(default)]
    done: Vec<Done>,
}

/// A text by its name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Variable {
    /// The name.
    pub key: String,
    /// The text.
    pub value: String,
}

/// Something that was made under an idempotency key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Done {
    /// Where: keys of two endpoints have nothing to do with each other.
    endpoint: String,
    key: String,
    /// Its number.
    n: i64,
    /// When, in milliseconds since 1970.
    at: i64,
}

/// A column.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Column {
    /// Its number.
    pub n: i64,
    /// What it is called; no two columns of a sheet are called the same.
    pub title: String,
    /// What its cells are for.
    pub role: ColumnRole,
    /// What its cells hold.
    #[serde(default)]
    pub kind: ColumnKind,
    /// What it is good for, in the caller's words.
    #[serde(default)]
    pub description: Option<String>,
    /// When it was made, in milliseconds since 1970.
    #[serde(default)]
    pub created_at: i64,
    /// When it was changed last.
    #[serde(default)]
    pub updated_at: i64,
}

/// What the cells of a column are for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnRole {
    /// What films are made of; callers make and change such columns.
    Ingredient,
    /// Layers to be put together.
    Video,
    /// What came of them.
    FinalVideo,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Words.
    Text,
    /// A still.
    Image,
    /// A film.
    #[default]
    Video,
    /// Sound.
    Audio,
    /// Any of them.
    Media,
}

impl ColumnKind {
    /// The kind of that name.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "text" => Some(Self::Text),
            "image" => Some(Self::Image),
            "video" => Some(Self::Video),
            "audio" => Some(Self::Audio),
            "media" => Some(Self::Media),
            _ => None,
        }
    }
}

/// A row: one film.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Its number.
    pub n: i64,
    /// A cell for each column, in the order they were made.
    pub cells: Vec<Cell>,
    /// Settings.
    #[serde(default)]
    pub attributes: Map<String, Value>,
    /// When it was made, in milliseconds since 1970.
    #[serde(default)]
    pub created_at: i64,
    /// When it was changed last.
    #[serde(default)]
    pub updated_at: i64,
}

/// A cell.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Cell {
    /// Its number.
    pub n: i64,
    /// Its column's number.
    pub column: i64,
    /// A text.
    pub value: Option<String>,
    /// Settings.
    pub attributes: Map<String, Value>,
    /// Layers, in the order they were made.
    pub layers: Vec<Layer>,
    /// The take that was chosen for it.
    #[serde(default)]
    pub choice: Option<Choice>,
    /// When it was made, in milliseconds since 1970.
    #[serde(default)]
    pub created_at: i64,
    /// When it was changed last.
    #[serde(default)]
    pub updated_at: i64,
}

/// A take that was chosen: it is shown until a newer one than those that there were is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Choice {
    /// The number of its generation.
    pub take: i64,
    /// The newest take that there was.
    pub newest: i64,
}

/// A layer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Layer {
    /// Its number.
    pub n: i64,
    /// What it is called.
    pub name: Option<String>,
    /// Its kind, in the caller's word.
    pub kind: Option<String>,
    /// What is lower is further back.
    pub position: i64,
    /// Everything else.
    pub attributes: Map<String, Value>,
    /// When it was made, in milliseconds since 1970.
    pub created_at: i64,
    /// When it was changed last.
    pub updated_at: i64,
}

impl Document {
    /// A sheet with a column for layers, one for films, and one row.
    pub fn new(title: String, now: i64) -> Self {
        Self::with_ingredients(title, &[], now)
    }

    /// The same, after columns of text that are called so.
    pub fn with_ingredients(title: String, names: &[&str], now: i64) -> Self {
        let mut document = Self {
            title,
            next: 1,
            columns: Vec::new(),
            rows: Vec::new(),
            variables: Vec::new(),
            done: Vec::new(),
        };
        for name in names {
            document.add_column((*name).to_owned(), ColumnKind::Text, ColumnRole::Ingredient, now);
        }
        document.add_column("VIDEO".to_owned(), ColumnKind::Video, ColumnRole::Video, now);
        document.add_column("FINAL VIDEO".to_owned(), ColumnKind::Video, ColumnRole::FinalVideo, now);
        document.add_row(now);
        document
    }

    /// A number that nothing in the sheet has had.
    pub fn number(&mut self) -> i64 {
        self.next += 1;
        self.next - 1
    }

    fn blank_cell(&mut self, column: i64, now: i64) -> Cell {
        Cell {
            n: self.number(),
            column,
            value: None,
            attributes: Map::new(),
            layers: Vec::new(),
            choice: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// Another column, at the end, with a cell in each row. Returns its number.
    pub fn add_column(&mut self, title: String, kind: ColumnKind, role: ColumnRole, now: i64) -> i64 {
        let n = self.number();
        self.columns.push(Column {
            n,
            title,
            role,
            kind,
            description: None,
            created_at: now,
            updated_at: now,
        });
        for at in 0..self.rows.len() {
            let cell = self.blank_cell(n, now);
            self.rows[at].cells.push(cell);
        }
        n
    }

    /// Another row, at the end. Returns its number.
    pub fn add_row(&mut self, now: i64) -> i64 {
        let n = self.number();
        let columns: Vec<i64> = self.columns.iter().map(|column| column.n).collect();
        let cells = columns.into_iter().map(|column| self.blank_cell(column, now)).collect();
        self.rows.push(Row { n, cells, attributes: Map::new(), created_at: now, updated_at: now });
        n
    }

    /// A copy of a cell with numbers of its own, for a column; takes stay with the first.
    pub fn copy_cell(&mut self, cell: &Cell, column: i64, now: i64) -> Cell {
        let n = self.number();
        let layers = cell.layers.iter().map(|layer| Layer {
            n: self.number(),
            created_at: now,
            updated_at: now,
            ..layer.clone()
        });
        let layers = layers.collect();
        Cell { n, column, layers, choice: None, created_at: now, updated_at: now, ..cell.clone() }
    }

    /// A copy of a row behind it, with everything in it. Returns its number.
    pub fn copy_row(&mut self, at: usize, now: i64) -> i64 {
        let n = self.number();
        let row = self.rows[at].clone();
        let cells = row.cells.iter().map(|cell| self.copy_cell(cell, cell.column, now)).collect();
        self.rows.insert(at + 1, Row { n, cells, created_at: now, updated_at: now, ..row });
        n
    }

    /// Everything in it, as a sheet of its own that was made now.
    pub fn copy(&self, now: i64) -> Self {
        let mut copy = Self { done: Vec::new(), ..self.clone() };
        for column in &mut copy.columns {
            (column.created_at, column.updated_at) = (now, now);
        }
        for row in &mut copy.rows {
            (row.created_at, row.updated_at) = (now, now);
            for cell in &mut row.cells {
                (cell.created_at, cell.updated_at, cell.choice) = (now, now, None);
                for layer in &mut cell.layers {
                    (layer.created_at, layer.updated_at) = (now, now);
                }
            }
        }
        copy
    }

    /// The cell of that number.
    pub fn cell(&self, n: i64) -> Option<&Cell> {
        self.rows.iter().flat_map(|row| &row.cells).find(|cell| cell.n == n)
    }

    /// The same, to be changed.
    pub fn cell_mut(&mut self, n: i64) -> Option<&mut Cell> {
        self.rows.iter_mut().flat_map(|row| &mut row.cells).find(|cell| cell.n == n)
    }

    /// The row of a cell.
    pub fn row_of(&self, cell: i64) -> Option<&Row> {
        self.rows.iter().find(|row| row.cells.iter().any(|other| other.n == cell))
    }

    /// What a column is for.
    pub fn role(&self, column: i64) -> ColumnRole {
        let found = self.columns.iter().find(|other| other.n == column);
        found.map_or(ColumnRole::Video, |column| column.role)
    }

    /// The cell whose layers are rendered for a cell: itself, if it has any, otherwise the first one of its
    /// row, in the order of columns, that is for layers and has some.
    pub fn source_of(&self, n: i64) -> Option<&Cell> {
        let row = self.row_of(n)?;
        let own = row.cells.iter().find(|cell| cell.n == n && !cell.layers.is_empty());
        let videos = self.columns.iter().filter(|column| column.role == ColumnRole::Video);
        let mut cells = videos.filter_map(|column| row.cells.iter().find(|cell| cell.column == column.n));
        own.or_else(|| cells.find(|cell| !cell.layers.is_empty()))
    }

    /// What was made at an endpoint under a key within the last day.
    pub fn done(&self, endpoint: &str, key: &str, now: i64) -> Option<i64> {
        let mut done = self.done.iter().filter(|done| now - done.at < REMEMBERED);
        done.find(|done| done.endpoint == endpoint && done.key == key).map(|done| done.n)
    }

    /// Remembers what was made, and forgets what was made long ago.
    pub fn remember(&mut self, endpoint: &str, key: &str, n: i64, now: i64) {
        self.done.retain(|done| now - done.at < REMEMBERED);
        self.done.push(Done { endpoint: endpoint.to_owned(), key: key.to_owned(), n, at: now });
    }

    /// The document as it is kept.
    ///
    /// # Errors
    /// When it has become too long, or holds more things than there are numbers.
    pub fn to_text(&self) -> Result<String, GenError> {
        let text = serde_json::to_string(self)
            .map_err(|_| GenError::invalid("the sheet holds something that cannot be kept"))?;
        match text.len() <= MAX_BYTES && self.next < SPAN {
            true => Ok(text),
            false => Err(GenError::invalid(format!("the sheet would be longer than {MAX_BYTES} bytes"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(document: &mut Document) -> Layer {
        Layer {
            n: document.number(),
            name: None,
            kind: None,
            position: 0,
            attributes: Map::new(),
            created_at: 0,
            updated_at: 0,
        }
    }

    #[test]
    fn a_cell_without_layers_is_rendered_from_its_row() {
        let mut document = Document::new("a".to_owned(), 0);
        let (video, last) = (document.rows[0].cells[0].n, document.rows[0].cells[1].n);
        assert_eq!(document.source_of(last), None);
        let new = layer(&mut document);
        document.cell_mut(video).unwrap().layers.push(new);
        assert_eq!(document.source_of(last).map(|cell| cell.n), Some(video));
        document.add_row(0);
        let other = document.rows[1].cells[1].n;
        assert_eq!(document.source_of(other), None);
    }

    #[test]
    fn copies_share_no_numbers() {
        let mut document = Document::with_ingredients("a".to_owned(), &["TEXT"], 0);
        let video = document.rows[0].cells[1].n;
        let new = layer(&mut document);
        document.cell_mut(video).unwrap().layers.push(new);
        document.copy_row(0, 0);
        document.add_column("MORE".to_owned(), ColumnKind::Text, ColumnRole::Ingredient, 0);
        let mut numbers: Vec<i64> = document.columns.iter().map(|column| column.n).collect();
        for row in &document.rows {
            assert_eq!(row.cells.len(), 4);
            numbers.push(row.n);
            for cell in &row.cells {
                numbers.push(cell.n);
                numbers.extend(cell.layers.iter().map(|layer| layer.n));
            }
        }
        let count = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!((numbers.len(), document.rows[1].cells[1].layers.len()), (count, 1));
    }

    #[test]
    fn keys_are_remembered_for_a_day_at_their_endpoint() {
        let mut document = Document::new("a".to_owned(), 0);
        document.remember("columns", "k", 7, 0);
        assert_eq!(document.done("columns", "k", REMEMBERED - 1), Some(7));
        assert_eq!(document.done("columns", "k", REMEMBERED), None);
        assert_eq!(document.done("rows", "k", 0), None);
        document.remember("rows", "l", 8, REMEMBERED);
        assert_eq!(document.done.len(), 1);
    }

    #[test]
    fn a_document_of_the_first_version_is_read() {
        let text = r#"{ "title": "a", "next": 7, "columns": [{ "n": 1, "title": "VIDEO", "role": "video" }],
            "rows": [{ "n": 3, "cells": [{ "n": 4, "column": 1, "value": null, "attributes": {}, "layers": [] }] }] }"#;
        let document: Document = serde_json::from_str(text).unwrap();
        assert_eq!((document.columns[0].kind, document.rows[0].created_at), (ColumnKind::Video, 0));
    }
}
