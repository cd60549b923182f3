//! Sheets, rows, cells and layers.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::compose::Kind;
use super::document::{Cell, ColumnRole, Document, Layer, Row, SPAN, merge};
use super::error::GenError;
use super::renders::generation_json;
use super::request::{Asked, Guest, integer_of, nothing_else, text_of};
use crate::app::App;
use crate::id::WorkspaceId;
use crate::moment::Moment;
use crate::store::{Generation, GenerationFilter, RenderStatus, Sheet};

/// Longest title and name, in characters.
const MAX_NAME: usize = 255;
/// Longest text of a cell, in characters.
const MAX_VALUE: usize = 100_000;
/// Takes of a cell that are shown.
const TAKES: u32 = 100;
/// How often a change is tried when others change the same sheet.
const TRIES: u32 = 20;
/// Kinds that are stored and not rendered.
const STORED: &[&str] = &["shape"];

/// A sheet that was read, and what is in it.
pub struct Open {
    /// The sheet as it was read.
    pub sheet: Sheet,
    /// What is in it.
    pub document: Document,
}

/// Opens a sheet.
///
/// # Errors
/// When there is none of that number.
pub async fn open(app: &App, workspace: &WorkspaceId, id: &str) -> Result<Open, GenError> {
    let missing = || GenError::missing("spreadsheet_not_found", "sheet");
    let id: i64 = id.parse().map_err(|_| missing())?;
    let sheet = app.store.sheet(workspace, id).await?.ok_or_else(missing)?;
    let document = serde_json::from_str(&sheet.document).map_err(|error| {
        tracing::error!(%error, id, "a sheet cannot be read");
        GenError::invalid("the sheet cannot be read")
    })?;
    Ok(Open { sheet, document })
}

/// Changes a sheet, again when somebody else was faster.
async fn change<T>(
    app: &App,
    workspace: &WorkspaceId,
    id: &str,
    mut how: impl FnMut(&mut Document, i64) -> Result<T, GenError>,
) -> Result<(Open, T), GenError> {
    for _ in 0..TRIES {
        let mut open = open(app, workspace, id).await?;
        let done = how(&mut open.document, open.sheet.id)?;
        let text = open.document.to_text()?;
        if app.store.change_sheet(workspace, &open.sheet, &text, Moment::now()).await? {
            return Ok((open, done));
        }
    }
    Err(GenError::invalid("the sheet is being changed by others; please try again"))
}

/// The number within a sheet that a number on the wire stands for.
pub fn inner(sheet: i64, text: &str, what: &str) -> Result<i64, GenError> {
    let number: Option<i64> = text.parse().ok();
    let inner = number.map(|number| number - sheet * SPAN).filter(|inner| (0..SPAN).contains(inner));
    inner.ok_or_else(|| GenError::not_found(what))
}

/// `POST …`: a sheet with the columns VIDEO and FINAL VIDEO and one row.
pub async fn create(State(app): State<Arc<App>>, guest: Guest, asked: Asked) -> Result<Response, GenError> {
    asked.agent()?;
    let mut fields = asked.fields("spreadsheet");
    let title = text_of(&mut fields, "title", MAX_NAME)?.unwrap_or_else(|| "Untitled".to_owned());
    fields.remove("is_default");
    nothing_else(&fields)?;
    let text = Document::new(title).to_text()?;
    let id = app.store.add_sheet(&guest.0.workspace, &text, Moment::now()).await?;
    let open = open(&app, &guest.0.workspace, &id.to_string()).await?;
    Ok((StatusCode::CREATED, Json(sheet_json(&app, &guest.0.workspace, &open).await?)).into_response())
}

/// `GET …/{id}`.
pub async fn read(
    State(app): State<Arc<App>>,
    guest: Guest,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Json<Value>, GenError> {
    asked.agent()?;
    let open = open(&app, &guest.0.workspace, &id).await?;
    Ok(Json(sheet_json(&app, &guest.0.workspace, &open).await?))
}

/// `DELETE …/{id}`. What was rendered of it stays.
pub async fn remove(
    State(app): State<Arc<App>>,
    guest: Guest,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<StatusCode, GenError> {
    asked.agent()?;
    let number = id.parse().unwrap_or(0);
    match app.store.remove_sheet(&guest.0.workspace, number).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(GenError::missing("spreadsheet_not_found", "sheet")),
    }
}

/// `GET …/{id}/rows`.
pub async fn rows(
    State(app): State<Arc<App>>,
    guest: Guest,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Json<Value>, GenError> {
    asked.agent()?;
    let open = open(&app, &guest.0.workspace, &id).await?;
    let whole = sheet_json(&app, &guest.0.workspace, &open).await?;
    Ok(Json(whole["spreadsheet_rows"].clone()))
}

/// `POST …/{id}/rows`.
pub async fn add_row(
    State(app): State<Arc<App>>,
    guest: Guest,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Response, GenError> {
    asked.agent()?;
    let mut fields = asked.fields("spreadsheet_row");
    // A row goes to the end, whatever place is asked for among none or several.
    let position = integer_of(&mut fields, "position")?;
    nothing_else(&fields)?;
    let workspace = &guest.0.workspace;
    let (open, n) = change(&app, workspace, &id, |document, _| {
        let n = document.add_row();
        if let Some(at) =
            position.and_then(|at| usize::try_from(at).ok()).filter(|at| *at < document.rows.len())
            && let Some(row) = document.rows.pop()
        {
            document.rows.insert(at, row);
        }
        Ok(n)
    })
    .await?;
    let position = open.document.rows.iter().position(|row| row.n == n).unwrap_or(0);
    let row = row_json(&app, &open, &open.document.rows[position], position, &[]);
    Ok((StatusCode::CREATED, Json(row)).into_response())
}

/// `GET …/{id}/cells/{cell}`.
pub async fn read_cell(
    State(app): State<Arc<App>>,
    guest: Guest,
    Path((id, cell)): Path<(String, String)>,
    asked: Asked,
) -> Result<Json<Value>, GenError> {
    asked.agent()?;
    let open = open(&app, &guest.0.workspace, &id).await?;
    cell_answer(&app, &guest.0.workspace, &open, &cell).await
}

async fn cell_answer(
    app: &App,
    workspace: &WorkspaceId,
    open: &Open,
    cell: &str,
) -> Result<Json<Value>, GenError> {
    let n = inner(open.sheet.id, cell, "cell")?;
    let cell = open.document.cell(n).ok_or_else(|| GenError::not_found("cell"))?;
    let filter = GenerationFilter { sheet: Some(open.sheet.id), cell: Some(n), with_file: false };
    let takes = app.store.generations(workspace, filter, 0, TAKES).await?;
    Ok(Json(cell_json(app, open, cell, &takes)))
}

/// `PATCH …/{id}/cells/{cell}`.
pub async fn change_cell(
    State(app): State<Arc<App>>,
    guest: Guest,
    Path((id, cell)): Path<(String, String)>,
    asked: Asked,
) -> Result<Json<Value>, GenError> {
    asked.agent()?;
    let mut fields = asked.fields("spreadsheet_cell");
    let has_value = fields.contains_key("value");
    let value = text_of(&mut fields, "value", MAX_VALUE)?;
    let attributes = attributes_of(&mut fields)?;
    nothing_else(&fields)?;
    let (open, ()) = change(&app, &guest.0.workspace, &id, |document, sheet| {
        let n = inner(sheet, &cell, "cell")?;
        let cell = document.cell_mut(n).ok_or_else(|| GenError::not_found("cell"))?;
        if has_value {
            cell.value.clone_from(&value);
        }
        merge(&mut cell.attributes, attributes.clone())
    })
    .await?;
    cell_answer(&app, &guest.0.workspace, &open, &cell).await
}

fn attributes_of(fields: &mut Map<String, Value>) -> Result<Map<String, Value>, GenError> {
    match fields.remove("additional_attributes") {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(attributes)) => Ok(attributes),
        Some(_) => Err(GenError::invalid("`additional_attributes` is no object")),
    }
}

/// What a request says of a layer.
struct LayerChange {
    name: Option<String>,
    kind: Option<String>,
    position: Option<i64>,
    attributes: Map<String, Value>,
}

impl LayerChange {
    fn read(asked: Asked) -> Result<Self, GenError> {
        asked.agent()?;
        let mut fields = asked.fields("video_layer");
        let change = Self {
            name: text_of(&mut fields, "name", MAX_NAME)?,
            kind: text_of(&mut fields, "type", MAX_NAME)?,
            position: integer_of(&mut fields, "position")?,
            attributes: attributes_of(&mut fields)?,
        };
        nothing_else(&fields)?;
        match &change.kind {
            Some(kind) if Kind::of(kind).is_none() && !STORED.contains(&kind.as_str()) => {
                Err(GenError::invalid(format!(
                    "there is no layer type `{kind}`; there are clip, sound, text, caption, image, shape"
                )))
            }
            _ => Ok(change),
        }
    }

    fn apply(&self, layer: &mut Layer) -> Result<(), GenError> {
        layer.name = self.name.clone().or(layer.name.take());
        layer.kind = self.kind.clone().or(layer.kind.take());
        layer.position = self.position.unwrap_or(layer.position);
        layer.updated_at = Moment::now().millis();
        merge(&mut layer.attributes, self.attributes.clone())
    }
}

fn cell_of<'d>(document: &'d mut Document, sheet: i64, cell: &str) -> Result<&'d mut Cell, GenError> {
    let n = inner(sheet, cell, "cell")?;
    document.cell_mut(n).ok_or_else(|| GenError::not_found("cell"))
}

fn place_of(cell: &Cell, sheet: i64, layer: &str) -> Result<usize, GenError> {
    let n = inner(sheet, layer, "layer")?;
    cell.layers.iter().position(|layer| layer.n == n).ok_or_else(|| GenError::not_found("layer"))
}

fn new_layer(document: &mut Document, sheet: i64, cell: &str) -> Result<Layer, GenError> {
    let n = document.number();
    let cell = cell_of(document, sheet, cell)?;
    let position = cell.layers.iter().map(|layer| layer.position + 1).max().unwrap_or(0);
    let now = Moment::now().millis();
    Ok(Layer {
        n,
        name: None,
        kind: None,
        position,
        attributes: Map::new(),
        created_at: now,
        updated_at: now,
    })
}

/// `POST …/layers`.
pub async fn add_layer(
    State(app): State<Arc<App>>,
    guest: Guest,
    Path((id, cell)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, GenError> {
    let wanted = LayerChange::read(asked)?;
    let (open, layer) = change(&app, &guest.0.workspace, &id, |document, sheet| {
        let mut layer = new_layer(document, sheet, &cell)?;
        wanted.apply(&mut layer)?;
        cell_of(document, sheet, &cell)?.layers.push(layer.clone());
        Ok(layer)
    })
    .await?;
    Ok((StatusCode::CREATED, Json(layer_json(open.sheet.id, &layer))).into_response())
}

/// `GET …/layers/{layer}`.
pub async fn read_layer(
    State(app): State<Arc<App>>,
    guest: Guest,
    Path((id, cell, layer)): Path<(String, String, String)>,
    asked: Asked,
) -> Result<Json<Value>, GenError> {
    asked.agent()?;
    let mut open = open(&app, &guest.0.workspace, &id).await?;
    let sheet = open.sheet.id;
    let cell = cell_of(&mut open.document, sheet, &cell)?;
    let place = place_of(cell, sheet, &layer)?;
    Ok(Json(layer_json(sheet, &cell.layers[place])))
}

/// `PATCH` and `PUT …/layers/{layer}`.
pub async fn change_layer(
    State(app): State<Arc<App>>,
    guest: Guest,
    Path((id, cell, layer)): Path<(String, String, String)>,
    asked: Asked,
) -> Result<Json<Value>, GenError> {
    let wanted = LayerChange::read(asked)?;
    let (open, layer) = change(&app, &guest.0.workspace, &id, |document, sheet| {
        let cell = cell_of(document, sheet, &cell)?;
        let place = place_of(cell, sheet, &layer)?;
        wanted.apply(&mut cell.layers[place])?;
        Ok(cell.layers[place].clone())
    })
    .await?;
    Ok(Json(layer_json(open.sheet.id, &layer)))
}

/// `DELETE …/layers/{layer}`.
pub async fn remove_layer(
    State(app): State<Arc<App>>,
    guest: Guest,
    Path((id, cell, layer)): Path<(String, String, String)>,
    asked: Asked,
) -> Result<StatusCode, GenError> {
    asked.agent()?;
    change(&app, &guest.0.workspace, &id, |document, sheet| {
        let cell = cell_of(document, sheet, &cell)?;
        let place = place_of(cell, sheet, &layer)?;
        cell.layers.remove(place);
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST …/layers/{layer}/duplicate`.
pub async fn duplicate_layer(
    State(app): State<Arc<App>>,
    guest: Guest,
    Path((id, cell, layer)): Path<(String, String, String)>,
    asked: Asked,
) -> Result<Response, GenError> {
    let wanted = LayerChange::read(asked)?;
    let (open, copy) = change(&app, &guest.0.workspace, &id, |document, sheet| {
        let blank = new_layer(document, sheet, &cell)?;
        let cell = cell_of(document, sheet, &cell)?;
        let place = place_of(cell, sheet, &layer)?;
        let Layer { n, position, created_at, .. } = blank;
        let mut copy = Layer { n, position, created_at, ..cell.layers[place].clone() };
        wanted.apply(&mut copy)?;
        cell.layers.push(copy.clone());
        Ok(copy)
    })
    .await?;
    Ok((StatusCode::CREATED, Json(layer_json(open.sheet.id, &copy))).into_response())
}

/// `PUT …/layers/update_positions`: a list of ids and positions, or an object of them.
pub async fn reorder(
    State(app): State<Arc<App>>,
    guest: Guest,
    Path((id, cell)): Path<(String, String)>,
    asked: Asked,
) -> Result<Json<Value>, GenError> {
    asked.agent()?;
    let fields = asked.fields("video_layers");
    let wrong = || GenError::invalid("neither `layers` with ids and positions nor `id_to_position` is given");
    let mut wanted: Vec<(String, i64)> = Vec::new();
    if let Some(Value::Object(places)) = fields.get("id_to_position") {
        for (id, position) in places {
            wanted.push((id.clone(), position.as_i64().ok_or_else(wrong)?));
        }
    } else {
        let layers = fields.get("layers").and_then(Value::as_array).ok_or_else(wrong)?;
        for layer in layers {
            let id = layer.get("id").ok_or_else(wrong)?.to_string();
            let position = layer.get("position").and_then(Value::as_i64).ok_or_else(wrong)?;
            wanted.push((id.trim_matches('"').to_owned(), position));
        }
    }
    let (open, layers) = change(&app, &guest.0.workspace, &id, |document, sheet| {
        let cell = cell_of(document, sheet, &cell)?;
        for (layer, position) in &wanted {
            let place = place_of(cell, sheet, layer)?;
            cell.layers[place].position = *position;
        }
        Ok(cell.layers.clone())
    })
    .await?;
    let layers: Vec<Value> = layers.iter().map(|layer| layer_json(open.sheet.id, layer)).collect();
    Ok(Json(json!(layers)))
}

async fn sheet_json(app: &App, workspace: &WorkspaceId, open: &Open) -> Result<Value, GenError> {
    let filter = GenerationFilter { sheet: Some(open.sheet.id), ..GenerationFilter::default() };
    let takes = app.store.generations(workspace, filter, 0, TAKES).await?;
    let Open { sheet, document } = open;
    let columns: Vec<Value> = document
        .columns
        .iter()
        .enumerate()
        .map(|(position, column)| {
            json!({
                "id": sheet.id * SPAN + column.n,
                "title": column.title,
                "position": position,
                "type": "video",
                "column_role": column.role,
                "additional_attributes": {},
            })
        })
        .collect();
    let rows = document.rows.iter().enumerate();
    let rows: Vec<Value> = rows.map(|(at, row)| row_json(app, open, row, at, &takes)).collect();
    Ok(json!({
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
        "spreadsheet_columns": columns,
        "spreadsheet_rows": rows,
        "global_variables_sheet": null,
    }))
}

fn row_json(app: &App, open: &Open, row: &Row, position: usize, takes: &[Generation]) -> Value {
    let cells: Vec<Value> = row
        .cells
        .iter()
        .map(|cell| {
            let own: Vec<Generation> = takes.iter().filter(|take| take.cell == cell.n).cloned().collect();
            cell_json(app, open, cell, &own)
        })
        .collect();
    json!({
        "id": open.sheet.id * SPAN + row.n,
        "position": position,
        "additional_attributes": {},
        "spreadsheet_cells": cells,
    })
}

fn cell_json(app: &App, open: &Open, cell: &Cell, takes: &[Generation]) -> Value {
    let sheet = open.sheet.id;
    let newest = takes.iter().find(|take| take.render.status == RenderStatus::Completed && !take.is_removed);
    let layers: Vec<Value> = cell.layers.iter().map(|layer| layer_json(sheet, layer)).collect();
    let shown: Vec<Value> = takes.iter().map(|take| generation_json(app, take)).collect();
    let url = newest.map(|take| super::renders::file_url(app, take));
    let value = match open.document.role(cell.column) {
        ColumnRole::FinalVideo => url.or_else(|| cell.value.clone()),
        ColumnRole::Video => cell.value.clone(),
    };
    json!({
        "id": sheet * SPAN + cell.n,
        "value": value,
        "additional_attributes": cell.attributes,
        "cell_role": "content",
        "spreadsheet_column_id": sheet * SPAN + cell.column,
        "default_user_job": newest.map(|take| generation_json(app, take)),
        "user_jobs": shown,
        "video_layers": layers,
        "execution_cost": null,
    })
}

fn layer_json(sheet: i64, layer: &Layer) -> Value {
    json!({
        "id": sheet * SPAN + layer.n,
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
