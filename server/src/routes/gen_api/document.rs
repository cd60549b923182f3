//! A sheet as it is kept: columns, rows, cells, layers, each with a number of its own.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::error::GenError;

/// Numbers of things in a sheet are below this; on the wire they are put after that of the sheet, so that
/// they differ between sheets.
pub const SPAN: i64 = 1_000_000;
/// Longest document, in bytes.
const MAX_BYTES: usize = 8 << 20;
/// Longest attributes of a layer, in bytes, as the contract has it.
const MAX_ATTRIBUTES: usize = 2_097_152;
/// Deepest nesting of them, as the contract has it.
const MAX_DEPTH: usize = 16;
/// Longest key in them, in letters, as the contract has it.
const MAX_KEY: usize = 64;

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
}

/// A column.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Column {
    /// Its number.
    pub n: i64,
    /// What it is called.
    pub title: String,
    /// What its cells hold.
    pub role: ColumnRole,
}

/// What the cells of a column are for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnRole {
    /// Layers to be put together.
    Video,
    /// What came of them.
    FinalVideo,
}

/// A row: one film.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Its number.
    pub n: i64,
    /// A cell for each column.
    pub cells: Vec<Cell>,
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
    /// A sheet with two columns and one row.
    pub fn new(title: String) -> Self {
        let column = |n, title: &str, role| Column { n, title: title.to_owned(), role };
        let columns =
            vec![column(1, "VIDEO", ColumnRole::Video), column(2, "FINAL VIDEO", ColumnRole::FinalVideo)];
        let mut document = Self { title, next: 3, columns, rows: Vec::new() };
        document.add_row();
        document
    }

    /// A number that nothing in the sheet has had.
    pub fn number(&mut self) -> i64 {
        self.next += 1;
        self.next - 1
    }

    /// Another row, at the end. Returns its number.
    pub fn add_row(&mut self) -> i64 {
        let n = self.number();
        let columns: Vec<i64> = self.columns.iter().map(|column| column.n).collect();
        let cells = columns.into_iter().map(|column| Cell {
            n: self.number(),
            column,
            value: None,
            attributes: Map::new(),
            layers: Vec::new(),
        });
        let cells = cells.collect();
        self.rows.push(Row { n, cells });
        n
    }

    /// The cell of that number.
    pub fn cell(&self, n: i64) -> Option<&Cell> {
        self.rows.iter().flat_map(|row| &row.cells).find(|cell| cell.n == n)
    }

    /// The same, to be changed.
    pub fn cell_mut(&mut self, n: i64) -> Option<&mut Cell> {
        self.rows.iter_mut().flat_map(|row| &mut row.cells).find(|cell| cell.n == n)
    }

    /// What a column is for.
    pub fn role(&self, column: i64) -> ColumnRole {
        let found = self.columns.iter().find(|other| other.n == column);
        found.map_or(ColumnRole::Video, |column| column.role)
    }

    /// The cell whose layers are rendered for a cell: itself, if it has any, otherwise the one of its row
    /// that is for layers.
    pub fn source_of(&self, n: i64) -> Option<&Cell> {
        let row = self.rows.iter().find(|row| row.cells.iter().any(|cell| cell.n == n))?;
        let own = row.cells.iter().find(|cell| cell.n == n && !cell.layers.is_empty());
        own.or_else(|| {
            row.cells
                .iter()
                .find(|cell| self.role(cell.column) == ColumnRole::Video && !cell.layers.is_empty())
        })
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

/// Takes changes into attributes: objects are merged, everything else is replaced.
///
/// # Errors
/// When the attributes would break the bounds of the contract.
pub fn merge(into: &mut Map<String, Value>, changes: Map<String, Value>) -> Result<(), GenError> {
    check(&Value::Object(changes.clone()), 0)?;
    merge_objects(into, changes);
    let length = serde_json::to_vec(&into).map_or(usize::MAX, |bytes| bytes.len());
    match length <= MAX_ATTRIBUTES {
        true => Ok(()),
        false => Err(GenError::invalid(format!("the attributes are longer than {MAX_ATTRIBUTES} bytes"))),
    }
}

fn merge_objects(into: &mut Map<String, Value>, changes: Map<String, Value>) {
    for (key, change) in changes {
        match (into.get_mut(&key), change) {
            (Some(Value::Object(before)), Value::Object(change)) => merge_objects(before, change),
            (_, change) => {
                into.insert(key, change);
            }
        }
    }
}

fn check(value: &Value, depth: usize) -> Result<(), GenError> {
    if depth > MAX_DEPTH {
        return Err(GenError::invalid(format!("the attributes are nested deeper than {MAX_DEPTH}")));
    }
    match value {
        Value::Object(fields) => fields.iter().try_for_each(|(key, value)| {
            let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
            if !(1..=MAX_KEY).contains(&key.len()) || !key.bytes().all(is_letter) {
                return Err(GenError::invalid(format!("attributes have no key such as {key:?}")));
            }
            check(value, depth + 1)
        }),
        Value::Array(items) => items.iter().try_for_each(|item| check(item, depth + 1)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn attributes_are_merged_deep_and_bounded() {
        let mut attributes = object(json!({ "styles": { "volume": 1, "opacity": 1 }, "captions": [1, 2] }));
        merge(&mut attributes, object(json!({ "styles": { "volume": 0.5 }, "captions": [3] }))).unwrap();
        let wanted = json!({ "styles": { "volume": 0.5, "opacity": 1 }, "captions": [3] });
        assert_eq!(Value::Object(attributes.clone()), wanted);
        assert!(merge(&mut attributes, object(json!({ "a b": 1 }))).is_err());
        let deep = (0..20).fold(json!(1), |inner, _| json!({ "a": inner }));
        assert!(merge(&mut attributes, object(deep)).is_err());
        let long = object(json!({ "a": "x".repeat(MAX_ATTRIBUTES) }));
        assert!(merge(&mut attributes, long).is_err());
    }

    #[test]
    fn a_cell_without_layers_is_rendered_from_its_row() {
        let mut document = Document::new("a".to_owned());
        let (video, last) = (document.rows[0].cells[0].n, document.rows[0].cells[1].n);
        assert_eq!(document.source_of(last), None);
        let layer = Layer {
            n: document.number(),
            name: None,
            kind: None,
            position: 0,
            attributes: Map::new(),
            created_at: 0,
            updated_at: 0,
        };
        document.cell_mut(video).unwrap().layers.push(layer);
        assert_eq!(document.source_of(last).map(|cell| cell.n), Some(video));
        document.add_row();
        let other = document.rows[1].cells[1].n;
        assert_eq!(document.source_of(other), None);
    }
}
