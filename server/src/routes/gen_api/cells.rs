//! Cells of a sheet.

use axum::Json;
use axum::extract::Path;
use serde_json::{Map, Value};

use super::attributes::{merge, taken};
use super::document::{Choice, Document};
use super::error::GenError;
use super::layers::{LayerChange, blank, place_of};
use super::renders::has_file;
use super::request::{Call, flag_of, id_of, items_of, nothing_else, text_of};
use super::sheets::{Open, change, inner, open};
use super::view::{ALL, cell_json, now, takes, wire};
use crate::app::App;
use crate::id::WorkspaceId;
use crate::store::GenerationFilter;

/// Longest text of a cell, in characters.
const MAX_VALUE: usize = 100_000;

/// What a request says of a cell.
#[derive(Clone)]
pub struct CellChange {
    /// The text, where it is named.
    value: Option<Option<String>>,
    attributes: Map<String, Value>,
    /// Layers: of those that are there, the number on the wire.
    layers: Vec<(Option<String>, LayerChange)>,
    /// The number of the take that is to be shown.
    take: Option<String>,
}

impl CellChange {
    /// Reads it from the fields of a cell.
    ///
    /// # Errors
    /// When one of them makes no sense.
    pub fn read(mut fields: Map<String, Value>) -> Result<Self, GenError> {
        let is_named = fields.contains_key("value");
        let value = text_of(&mut fields, "value", MAX_VALUE)?;
        let attributes = taken(&mut fields)?;
        let wrong = || GenError::invalid("`video_layers_attributes` is no list of layers");
        let layers = match fields.remove("video_layers_attributes") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(layers)) => layers,
            Some(_) => return Err(wrong()),
        };
        let layer = |layer: Value| {
            let Value::Object(mut fields) = layer else { return Err(wrong()) };
            let id = fields.remove("id").filter(|id| !id.is_null());
            Ok((id.as_ref().map(id_of), LayerChange::read(fields)?))
        };
        let layers = layers.into_iter().map(layer).collect::<Result<_, GenError>>()?;
        let take = fields.remove("default_user_job_id").filter(|id| !id.is_null());
        nothing_else(&fields)?;
        Ok(Self { value: is_named.then_some(value), attributes, layers, take: take.as_ref().map(id_of) })
    }

    /// Changes a cell as it says, but for its take.
    ///
    /// # Errors
    /// When there is no such cell or layer, or attributes would break their bounds.
    pub fn apply(&self, document: &mut Document, sheet: i64, n: i64) -> Result<(), GenError> {
        let cell = document.cell_mut(n).ok_or_else(|| GenError::not_found("cell"))?;
        if let Some(value) = &self.value {
            cell.value.clone_from(value);
        }
        cell.updated_at = now();
        merge(&mut cell.attributes, self.attributes.clone())?;
        for (id, wanted) in &self.layers {
            match id {
                Some(id) => {
                    let cell = document.cell_mut(n).ok_or_else(|| GenError::not_found("cell"))?;
                    let place = place_of(cell, sheet, id)?;
                    wanted.apply(&mut cell.layers[place])?;
                }
                None => {
                    let mut layer = blank(document, sheet, &wire(sheet, n).to_string())?;
                    wanted.apply(&mut layer)?;
                    let cell = document.cell_mut(n).ok_or_else(|| GenError::not_found("cell"))?;
                    cell.layers.push(layer);
                }
            }
        }
        Ok(())
    }
}

/// Changes several cells, and shows them.
async fn change_all(
    app: &App,
    workspace: &WorkspaceId,
    id: &str,
    wanted: &[(String, CellChange)],
) -> Result<Vec<Value>, GenError> {
    let mut choices = Vec::new();
    for (cell, wanted) in wanted {
        choices.push(match &wanted.take {
            Some(take) => Some(choice(app, workspace, id, cell, take).await?),
            None => None,
        });
    }
    let (open, changed) = change(app, workspace, id, |document, sheet| {
        let mut changed = Vec::new();
        for ((cell, wanted), choice) in wanted.iter().zip(&choices) {
            let n = inner(sheet, cell, "cell")?;
            wanted.apply(document, sheet, n)?;
            if let (Some(cell), Some(choice)) = (document.cell_mut(n), choice) {
                cell.choice = Some(*choice);
            }
            changed.push(n);
        }
        Ok(changed)
    })
    .await?;
    shown(app, workspace, &open, &changed).await
}

async fn shown(
    app: &App,
    workspace: &WorkspaceId,
    open: &Open,
    cells: &[i64],
) -> Result<Vec<Value>, GenError> {
    // Of one cell there are more takes to be seen than of one among many.
    let one = match cells {
        [one] => Some(*one),
        _ => None,
    };
    let takes = takes(app, workspace, open.sheet.id, one).await?;
    let found = cells.iter().filter_map(|n| open.document.cell(*n));
    Ok(found.map(|cell| cell_json(app, open, cell, &takes, ALL)).collect())
}

/// The choice of a take for a cell.
async fn choice(
    app: &App,
    workspace: &WorkspaceId,
    sheet: &str,
    cell: &str,
    take: &str,
) -> Result<Choice, GenError> {
    let open = open(app, workspace, sheet).await?;
    let n = inner(open.sheet.id, cell, "cell")?;
    open.document.cell(n).ok_or_else(|| GenError::not_found("cell"))?;
    let wrong = || GenError::invalid(format!("the generation {take} is none of this cell with a film"));
    let take: i64 = take.parse().map_err(|_| wrong())?;
    let found = app.store.generation(workspace, take).await?.filter(has_file);
    found.filter(|found| found.sheet == open.sheet.id && found.cell == n).ok_or_else(wrong)?;
    let filter = GenerationFilter { sheet: Some(open.sheet.id), cell: Some(n) };
    let newest = app.store.generations(workspace, filter, 0, 1).await?;
    Ok(Choice { take, newest: newest.first().map_or(take, |newest| newest.id) })
}

/// The only one of a list of one.
fn only(mut cells: Vec<Value>) -> Result<Json<Value>, GenError> {
    cells.pop().map(Json).ok_or_else(|| GenError::not_found("cell"))
}

/// `GET …/{id}/cells/{cell}`.
pub async fn read(
    Path((id, cell)): Path<(String, String)>,
    Call { app, caller, .. }: Call,
) -> Result<Json<Value>, GenError> {
    let open = open(&app, &caller.workspace, &id).await?;
    let n = inner(open.sheet.id, &cell, "cell")?;
    only(shown(&app, &caller.workspace, &open, &[n]).await?)
}

/// `PATCH …/{id}/cells/{cell}`.
pub async fn update(
    Path((id, cell)): Path<(String, String)>,
    Call { app, caller, asked }: Call,
) -> Result<Json<Value>, GenError> {
    let wanted = [(cell, CellChange::read(asked.fields("spreadsheet_cell"))?)];
    only(change_all(&app, &caller.workspace, &id, &wanted).await?)
}

/// `PUT …/{id}/cells/mass_update`: several cells.
pub async fn update_many(
    Path(id): Path<String>,
    Call { app, caller, asked }: Call,
) -> Result<Json<Value>, GenError> {
    let wanted = items_of(asked.whole(), &["cells", "spreadsheet_cells"], CellChange::read)?;
    Ok(Json(Value::Array(change_all(&app, &caller.workspace, &id, &wanted).await?)))
}

/// `PATCH …/cells/{cell}/set_default_user_job`: shows another take, until a newer one is made.
pub async fn set_default(
    Path((id, cell)): Path<(String, String)>,
    Call { app, caller, asked }: Call,
) -> Result<Json<Value>, GenError> {
    let mut fields = asked.fields("default_user_job");
    let take = fields.remove("user_job_id").filter(|take| !take.is_null());
    let take = take.ok_or_else(|| GenError::invalid("`user_job_id` is missing"))?;
    if flag_of(&mut fields, "is_user_job")? == Some(false) {
        return Err(GenError::invalid("only generations are takes here: `is_user_job` cannot be false"));
    }
    nothing_else(&fields)?;
    let take = Some(id_of(&take));
    let wanted = [(cell, CellChange { value: None, attributes: Map::new(), layers: Vec::new(), take })];
    only(change_all(&app, &caller.workspace, &id, &wanted).await?)
}
