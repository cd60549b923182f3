//! Sheets, rows, cells and layers as callers see them.

use serde_json::{Value, json};

use super::document::{Cell, Column, ColumnRole, Layer, Row, SPAN};
use super::error::GenError;
use super::renders::{file_url, generation_json, has_file};
use super::sheets::Open;
use crate::app::App;
use crate::id::WorkspaceId;
use crate::moment::Moment;
use crate::store::{Generation, GenerationFilter};

/// Takes of a sheet, or of a cell, that are shown: the newest.
const TAKES: u32 = 1000;

/// What of a row is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shown {
    /// Whether takes are.
    pub takes: bool,
    /// Whether layers are.
    pub layers: bool,
}

/// Everything.
pub const ALL: Shown = Shown { takes: true, layers: true };

/// The number on the wire of something in a sheet.
pub const fn wire(sheet: i64, n: i64) -> i64 {
    sheet * SPAN + n
}

/// The takes of a sheet, newest first.
///
/// # Errors
/// When the store fails.
pub async fn takes(
    app: &App,
    workspace: &WorkspaceId,
    sheet: i64,
    cell: Option<i64>,
) -> Result<Vec<Generation>, GenError> {
    let filter = GenerationFilter { sheet: Some(sheet), cell };
    Ok(app.store.generations(workspace, filter, 0, TAKES).await?)
}

/// The take that a cell shows, of its takes, newest first: the newest film, unless another one was chosen since
/// it was asked for.
fn shown_take<'t>(cell: &Cell, takes: &'t [Generation]) -> Option<&'t Generation> {
    let films = || takes.iter().filter(|take| has_file(take));
    let newest = films().next();
    let Some(choice) = cell.choice else { return newest };
    let newer = newest.filter(|take| take.id > choice.newest);
    newer.or_else(|| films().find(|take| take.id == choice.take)).or(newest)
}

/// A sheet with everything in it.
pub fn sheet_json(app: &App, open: &Open, takes: &[Generation]) -> Value {
    let Open { sheet, document } = open;
    json!({
        "id": sheet.id,
        "slug": format!("sheet-{}", sheet.id),
        "title": document.title,
        "project_type": "autocontentengine",
        "is_default": false,
        "uuid": null,
        "status": "active",
        "created_at": sheet.created_at,
        "created_at_ts": sheet.created_at.millis(),
        "updated_at_ts": sheet.updated_at.millis(),
        "spreadsheet_columns": columns_json(open),
        "spreadsheet_rows": rows_json(app, open, takes, ALL),
        "global_variables_sheet": null,
    })
}

/// All columns, in order.
pub fn columns_json(open: &Open) -> Vec<Value> {
    let columns = open.document.columns.iter().enumerate();
    columns.map(|(position, column)| column_json(open.sheet.id, column, position)).collect()
}

/// A column.
pub fn column_json(sheet: i64, column: &Column, position: usize) -> Value {
    json!({
        "id": wire(sheet, column.n),
        "title": column.title,
        "temp_title": null,
        "description": column.description,
        "position": position,
        "type": column.kind,
        "column_role": column.role,
        "additional_attributes": {},
        "created_at_ts": column.created_at,
        "updated_at_ts": column.updated_at,
    })
}

/// All rows, in order.
pub fn rows_json(app: &App, open: &Open, takes: &[Generation], shown: Shown) -> Vec<Value> {
    let rows = open.document.rows.iter().enumerate();
    rows.map(|(position, row)| row_json(app, open, row, position, takes, shown)).collect()
}

/// A row, its cells in the order of columns.
pub fn row_json(
    app: &App,
    open: &Open,
    row: &Row,
    position: usize,
    takes: &[Generation],
    shown: Shown,
) -> Value {
    let columns = open.document.columns.iter();
    let cells = columns.filter_map(|column| row.cells.iter().find(|cell| cell.column == column.n));
    let cells: Vec<Value> = cells.map(|cell| cell_json(app, open, cell, takes, shown)).collect();
    json!({
        "id": wire(open.sheet.id, row.n),
        "position": position,
        "additional_attributes": row.attributes,
        "created_at_ts": row.created_at,
        "updated_at_ts": row.updated_at,
        "spreadsheet_cells": cells,
    })
}

/// A cell, with those of the takes that are its own.
pub fn cell_json(app: &App, open: &Open, cell: &Cell, takes: &[Generation], shown: Shown) -> Value {
    let sheet = open.sheet.id;
    let takes: Vec<Generation> = takes.iter().filter(|take| take.cell == cell.n).cloned().collect();
    let take = shown_take(cell, &takes);
    let url = take.map(|take| file_url(app, take));
    let value = match open.document.role(cell.column) {
        ColumnRole::FinalVideo => url.or_else(|| cell.value.clone()),
        ColumnRole::Video | ColumnRole::Ingredient => cell.value.clone(),
    };
    let layers = cell.layers.iter().filter(|_| shown.layers);
    let jobs = takes.iter().filter(|_| shown.takes);
    json!({
        "id": wire(sheet, cell.n),
        "value": value,
        "additional_attributes": cell.attributes,
        "cell_role": "content",
        "spreadsheet_column_id": wire(sheet, cell.column),
        "default_user_job": take.map(|take| generation_json(app, take)),
        "user_jobs": jobs.map(|take| generation_json(app, take)).collect::<Vec<Value>>(),
        "video_layers": layers.map(|layer| layer_json(sheet, layer)).collect::<Vec<Value>>(),
        "execution_cost": null,
        "created_at_ts": cell.created_at,
        "updated_at_ts": cell.updated_at,
    })
}

/// A layer.
pub fn layer_json(sheet: i64, layer: &Layer) -> Value {
    json!({
        "id": wire(sheet, layer.n),
        "name": layer.name,
        "position": layer.position,
        "type": layer.kind,
        "additional_attributes": layer.attributes,
        "created_at_ts": layer.created_at,
        "updated_at_ts": layer.updated_at,
        "default_user_job": null,
        "user_jobs": [],
        "execution_cost": null,
    })
}

/// Now, as documents have it.
pub fn now() -> i64 {
    Moment::now().millis()
}
