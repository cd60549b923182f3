//! Columns of a sheet. Callers make, change and remove those for ingredients; the others belong to the sheet.

use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::document::{Column, ColumnKind, ColumnRole, Document};
use super::error::GenError;
use super::request::{Call, flag_of, integer_of, items_of, nothing_else, positions_of, text_of};
use super::rows::moved;
use super::sheets::{MAX_NAME, Open, change, inner, open};
use super::view::{column_json, columns_json, now};
use crate::routes::renders::idempotency_key;

/// Longest description, in characters.
const MAX_TEXT: usize = 10_000;
/// Most columns of a sheet.
const MOST: usize = 500;

fn place_of(document: &Document, sheet: i64, column: &str) -> Result<usize, GenError> {
    let n = inner(sheet, column, "column")?;
    document.columns.iter().position(|column| column.n == n).ok_or_else(|| GenError::not_found("column"))
}

/// Where the column is that a caller wants to change.
fn own_place(document: &Document, sheet: i64, column: &str) -> Result<usize, GenError> {
    let at = place_of(document, sheet, column)?;
    let Column { title, role, .. } = &document.columns[at];
    match role {
        ColumnRole::Ingredient => Ok(at),
        ColumnRole::Video | ColumnRole::FinalVideo => {
            Err(GenError::invalid(format!("the column `{title}` is no ingredient and stays as it is")))
        }
    }
}

/// Insists that no other column has that title.
fn check_title(document: &Document, title: &str, own: Option<i64>) -> Result<(), GenError> {
    if title.trim().is_empty() {
        return Err(GenError::invalid("`title` is empty"));
    }
    match document.columns.iter().any(|column| column.title == title && Some(column.n) != own) {
        true => Err(GenError::invalid(format!("there is a column `{title}` already"))),
        false => Ok(()),
    }
}

fn check_room(document: &Document) -> Result<(), GenError> {
    match document.columns.len() < MOST {
        true => Ok(()),
        false => Err(GenError::invalid(format!("a sheet has at most {MOST} columns"))),
    }
}

fn shown(open: &Open, n: i64) -> Value {
    let place = open.document.columns.iter().position(|column| column.n == n);
    place.map_or(Value::Null, |at| column_json(open.sheet.id, &open.document.columns[at], at))
}

/// What a request says of a column that is there.
struct ColumnChange {
    title: Option<String>,
    description: Option<String>,
}

impl ColumnChange {
    fn read(mut fields: Map<String, Value>) -> Result<Self, GenError> {
        let change = Self {
            title: text_of(&mut fields, "title", MAX_NAME)?,
            description: text_of(&mut fields, "description", MAX_TEXT)?,
        };
        nothing_else(&fields)?;
        Ok(change)
    }

    fn apply(&self, document: &mut Document, sheet: i64, column: &str) -> Result<usize, GenError> {
        let at = own_place(document, sheet, column)?;
        if let Some(title) = &self.title {
            check_title(document, title, Some(document.columns[at].n))?;
            document.columns[at].title.clone_from(title);
        }
        let column = &mut document.columns[at];
        column.description = self.description.clone().or(column.description.take());
        column.updated_at = now();
        Ok(at)
    }
}

/// `GET …/{id}/columns`.
pub async fn list(Path(id): Path<String>, Call { app, caller, .. }: Call) -> Result<Json<Value>, GenError> {
    let open = open(&app, &caller.workspace, &id).await?;
    Ok(Json(Value::Array(columns_json(&open))))
}

/// `POST …/{id}/columns`: a column for ingredients.
pub async fn add(
    Path(id): Path<String>,
    headers: HeaderMap,
    Call { app, caller, asked }: Call,
) -> Result<Response, GenError> {
    let key = idempotency_key(&headers)?;
    let mut fields = asked.fields("spreadsheet_column");
    let title = text_of(&mut fields, "title", MAX_NAME)?;
    let title = title.ok_or_else(|| GenError::invalid("`title` is missing"))?;
    let kind = text_of(&mut fields, "type", MAX_NAME)?.unwrap_or_else(|| "text".to_owned());
    let kind = ColumnKind::of(&kind).ok_or_else(|| {
        GenError::invalid(format!(
            "there is no column type `{kind}`; there are text, image, video, audio, media"
        ))
    })?;
    // Words that are not known are ingredients, too.
    if let Some("video" | "final_video" | "stats" | "global_variable_name" | "global_variable_value") =
        text_of(&mut fields, "column_role", MAX_NAME)?.as_deref()
    {
        return Err(GenError::invalid("only columns for ingredients are made by callers"));
    }
    let description = text_of(&mut fields, "description", MAX_TEXT)?;
    let position = integer_of(&mut fields, "position")?;
    nothing_else(&fields)?;
    let (open, n) = change(&app, &caller.workspace, &id, |document, _| {
        let now = now();
        if let Some(n) = key.as_deref().and_then(|key| document.done("columns", key, now)) {
            return Ok(n);
        }
        check_title(document, &title, None)?;
        check_room(document)?;
        let n = document.add_column(title.clone(), kind, ColumnRole::Ingredient, now);
        let at = document.columns.len() - 1;
        document.columns[at].description.clone_from(&description);
        moved(&mut document.columns, position.map(|position| (at, position)).into_iter().collect());
        if let Some(key) = &key {
            document.remember("columns", key, n, now);
        }
        Ok(n)
    })
    .await?;
    Ok((StatusCode::CREATED, Json(shown(&open, n))).into_response())
}

/// `PATCH …/columns/{column}`.
pub async fn update(
    Path((id, column)): Path<(String, String)>,
    Call { app, caller, asked }: Call,
) -> Result<Json<Value>, GenError> {
    let wanted = ColumnChange::read(asked.fields("spreadsheet_column"))?;
    let (open, at) =
        change(&app, &caller.workspace, &id, |document, sheet| wanted.apply(document, sheet, &column))
            .await?;
    Ok(Json(column_json(open.sheet.id, &open.document.columns[at], at)))
}

/// `DELETE …/columns/{column}`, with its cells.
pub async fn remove(
    Path((id, column)): Path<(String, String)>,
    Call { app, caller, .. }: Call,
) -> Result<StatusCode, GenError> {
    change(&app, &caller.workspace, &id, |document, sheet| {
        let at = own_place(document, sheet, &column)?;
        let gone = document.columns.remove(at);
        for row in &mut document.rows {
            row.cells.retain(|cell| cell.column != gone.n);
        }
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST …/columns/{column}/duplicate`: a copy behind it, with what is in its cells unless that is not wanted.
pub async fn duplicate(
    Path((id, column)): Path<(String, String)>,
    Call { app, caller, asked }: Call,
) -> Result<Response, GenError> {
    let mut fields = asked.fields("spreadsheet_column");
    let with_cells = flag_of(&mut fields, "with_cells")?.unwrap_or(true);
    nothing_else(&fields)?;
    let (open, n) = change(&app, &caller.workspace, &id, |document, sheet| {
        let at = own_place(document, sheet, &column)?;
        check_room(document)?;
        let first = document.columns[at].clone();
        let title = (1..).map(|number| match number {
            1 => format!("{} copy", first.title),
            number => format!("{} copy {number}", first.title),
        });
        let title = title.take(MOST + 1).find(|title| check_title(document, title, None).is_ok());
        let title = title.ok_or_else(|| GenError::invalid("there are too many copies already"))?;
        let now = now();
        let n = document.add_column(title, first.kind, first.role, now);
        let last = document.columns.len() - 1;
        document.columns[last].description.clone_from(&first.description);
        moved(&mut document.columns, vec![(last, i64::try_from(at + 1).unwrap_or(i64::MAX))]);
        for row in 0..if with_cells { document.rows.len() } else { 0 } {
            let Some(cell) = document.rows[row].cells.iter().find(|cell| cell.column == first.n).cloned()
            else {
                continue;
            };
            let copy = document.copy_cell(&cell, n, now);
            document.rows[row].cells.retain(|cell| cell.column != n);
            document.rows[row].cells.push(copy);
        }
        Ok(n)
    })
    .await?;
    Ok((StatusCode::CREATED, Json(shown(&open, n))).into_response())
}

/// `PATCH …/columns/update_positions`.
pub async fn reorder(
    Path(id): Path<String>,
    Call { app, caller, asked }: Call,
) -> Result<Json<Value>, GenError> {
    let wanted = positions_of(asked.fields("spreadsheet_columns"), "columns")?;
    let (open, ()) = change(&app, &caller.workspace, &id, |document, sheet| {
        let place = |(column, position): &(String, i64)| Ok((place_of(document, sheet, column)?, *position));
        let wanted: Vec<(usize, i64)> = wanted.iter().map(place).collect::<Result<_, GenError>>()?;
        moved(&mut document.columns, wanted);
        Ok(())
    })
    .await?;
    Ok(Json(Value::Array(columns_json(&open))))
}

/// `PUT …/columns/mass_update`: titles and descriptions of several columns.
pub async fn update_many(
    Path(id): Path<String>,
    Call { app, caller, asked }: Call,
) -> Result<Json<Value>, GenError> {
    let wanted = items_of(asked.whole(), &["columns", "spreadsheet_columns"], ColumnChange::read)?;
    let (open, changed) = change(&app, &caller.workspace, &id, |document, sheet| {
        wanted
            .iter()
            .map(|(column, wanted)| wanted.apply(document, sheet, column))
            .collect::<Result<Vec<_>, _>>()
    })
    .await?;
    let column = |at: usize| column_json(open.sheet.id, &open.document.columns[at], at);
    Ok(Json(changed.into_iter().map(column).collect()))
}
