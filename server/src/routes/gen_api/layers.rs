//! Layers of a cell.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::attributes::{merge, taken};
use super::compose::Kind;
use super::document::{Cell, Document, Layer};
use super::error::GenError;
use super::request::{Asked, Call, Guest, integer_of, nothing_else, positions_of, text_of};
use super::sheets::{MAX_NAME, change, inner, open};
use super::view::{layer_json, now};
use crate::app::App;

/// What a request says of a layer.
#[derive(Clone)]
pub struct LayerChange {
    name: Option<String>,
    kind: Option<String>,
    position: Option<i64>,
    attributes: Map<String, Value>,
}

impl LayerChange {
    /// Reads it from the fields of a layer.
    ///
    /// # Errors
    /// When one of them makes no sense.
    pub fn read(mut fields: Map<String, Value>) -> Result<Self, GenError> {
        let change = Self {
            name: text_of(&mut fields, "name", MAX_NAME)?,
            kind: text_of(&mut fields, "type", MAX_NAME)?,
            position: integer_of(&mut fields, "position")?,
            attributes: taken(&mut fields)?,
        };
        nothing_else(&fields)?;
        match &change.kind {
            Some(kind) if Kind::of(kind).is_none() => Err(GenError::invalid(format!(
                "there is no layer type `{kind}`; there are clip, sound, text, caption, image, shape"
            ))),
            _ => Ok(change),
        }
    }

    fn asked(asked: Asked) -> Result<Self, GenError> {
        asked.agent()?;
        Self::read(asked.fields("video_layer"))
    }

    /// Changes a layer as it says.
    ///
    /// # Errors
    /// When its attributes would break their bounds.
    pub fn apply(&self, layer: &mut Layer) -> Result<(), GenError> {
        layer.name = self.name.clone().or(layer.name.take());
        layer.kind = self.kind.clone().or(layer.kind.take());
        layer.position = self.position.unwrap_or(layer.position);
        layer.updated_at = now();
        merge(&mut layer.attributes, self.attributes.clone())
    }
}

/// The cell of a number on the wire, to be changed.
///
/// # Errors
/// When there is none.
pub fn cell_of<'d>(document: &'d mut Document, sheet: i64, cell: &str) -> Result<&'d mut Cell, GenError> {
    let n = inner(sheet, cell, "cell")?;
    document.cell_mut(n).ok_or_else(|| GenError::not_found("cell"))
}

/// Where in a cell the layer of a number on the wire is.
///
/// # Errors
/// When it is not.
pub fn place_of(cell: &Cell, sheet: i64, layer: &str) -> Result<usize, GenError> {
    let n = inner(sheet, layer, "layer")?;
    cell.layers.iter().position(|layer| layer.n == n).ok_or_else(|| GenError::not_found("layer"))
}

/// A layer in front of the others of a cell, not put into it yet.
///
/// # Errors
/// When there is no such cell.
pub fn blank(document: &mut Document, sheet: i64, cell: &str) -> Result<Layer, GenError> {
    let n = document.number();
    let cell = cell_of(document, sheet, cell)?;
    let position = cell.layers.iter().map(|layer| layer.position.saturating_add(1)).max().unwrap_or(0);
    let now = now();
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
pub async fn add(
    State(app): State<Arc<App>>,
    Guest(caller): Guest,
    Path((id, cell)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, GenError> {
    let wanted = LayerChange::asked(asked)?;
    let (open, layer) = change(&app, &caller.workspace, &id, |document, sheet| {
        let mut layer = blank(document, sheet, &cell)?;
        wanted.apply(&mut layer)?;
        cell_of(document, sheet, &cell)?.layers.push(layer.clone());
        Ok(layer)
    })
    .await?;
    Ok((StatusCode::CREATED, Json(layer_json(open.sheet.id, &layer))).into_response())
}

/// `GET …/layers/{layer}`.
pub async fn read(
    Path((id, cell, layer)): Path<(String, String, String)>,
    Call { app, caller, .. }: Call,
) -> Result<Json<Value>, GenError> {
    let mut open = open(&app, &caller.workspace, &id).await?;
    let sheet = open.sheet.id;
    let cell = cell_of(&mut open.document, sheet, &cell)?;
    let place = place_of(cell, sheet, &layer)?;
    Ok(Json(layer_json(sheet, &cell.layers[place])))
}

/// `PATCH` and `PUT …/layers/{layer}`.
pub async fn update(
    State(app): State<Arc<App>>,
    Guest(caller): Guest,
    Path((id, cell, layer)): Path<(String, String, String)>,
    asked: Asked,
) -> Result<Json<Value>, GenError> {
    let wanted = LayerChange::asked(asked)?;
    let (open, layer) = change(&app, &caller.workspace, &id, |document, sheet| {
        let cell = cell_of(document, sheet, &cell)?;
        let place = place_of(cell, sheet, &layer)?;
        wanted.apply(&mut cell.layers[place])?;
        Ok(cell.layers[place].clone())
    })
    .await?;
    Ok(Json(layer_json(open.sheet.id, &layer)))
}

/// `DELETE …/layers/{layer}`.
pub async fn remove(
    Path((id, cell, layer)): Path<(String, String, String)>,
    Call { app, caller, .. }: Call,
) -> Result<StatusCode, GenError> {
    change(&app, &caller.workspace, &id, |document, sheet| {
        let cell = cell_of(document, sheet, &cell)?;
        let place = place_of(cell, sheet, &layer)?;
        cell.layers.remove(place);
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST …/layers/{layer}/duplicate`.
pub async fn duplicate(
    State(app): State<Arc<App>>,
    Guest(caller): Guest,
    Path((id, cell, layer)): Path<(String, String, String)>,
    asked: Asked,
) -> Result<Response, GenError> {
    let wanted = LayerChange::asked(asked)?;
    let (open, copy) = change(&app, &caller.workspace, &id, |document, sheet| {
        let blank = blank(document, sheet, &cell)?;
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
    Path((id, cell)): Path<(String, String)>,
    Call { app, caller, asked }: Call,
) -> Result<Json<Value>, GenError> {
    let wanted = positions_of(asked.fields("video_layers"), "layers")?;
    let (open, layers) = change(&app, &caller.workspace, &id, |document, sheet| {
        let cell = cell_of(document, sheet, &cell)?;
        for (layer, position) in &wanted {
            let place = place_of(cell, sheet, layer)?;
            cell.layers[place].position = *position;
            cell.layers[place].updated_at = now();
        }
        Ok(cell.layers.clone())
    })
    .await?;
    Ok(Json(layers.iter().map(|layer| layer_json(open.sheet.id, layer)).collect()))
}
