//! Rows of a sheet.

use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::attributes::{merge, taken};
use super::cells::CellChange;
use super::document::{Document, Row};
use super::error::GenError;
use super::request::{Call, id_of, integer_of, items_of, nothing_else, positions_of};
use super::sheets::{Open, change, inner, open};
use super::view::{ALL, Shown, now, row_json, rows_json, takes};
use crate::app::App;
use crate::routes::renders::idempotency_key;

/// Most rows of a page.
const MAX_PAGE: u32 = 1000;

/// Where the row of a number on the wire is.
fn place_of(document: &Document, sheet: i64, row: &str) -> Result<usize, GenError> {
    let n = inner(sheet, row, "row")?;
    document.rows.iter().position(|row| row.n == n).ok_or_else(|| GenError::not_found("row"))
}

/// Puts things to other positions; a position behind the end is the end.
pub fn moved<T>(items: &mut Vec<T>, mut wanted: Vec<(usize, i64)>) {
    wanted.sort_by_key(|(place, _)| std::cmp::Reverse(*place));
    wanted.dedup_by_key(|(place, _)| *place);
    let mut taken: Vec<(i64, T)> =
        wanted.into_iter().map(|(place, position)| (position, items.remove(place))).collect();
    // Whoever came first stays first among those with one position.
    taken.reverse();
    taken.sort_by_key(|(position, _)| *position);
    for (position, item) in taken {
        let place = usize::try_from(position).unwrap_or(0).min(items.len());
        items.insert(place, item);
    }
}

fn shown_row(app: &App, open: &Open, n: i64) -> Value {
    let place = open.document.rows.iter().position(|row| row.n == n);
    place.map_or(Value::Null, |at| row_json(app, open, &open.document.rows[at], at, &[], ALL))
}

/// `GET …/{id}/rows`, all of them, or a page where one is asked for.
pub async fn list(
    Path(id): Path<String>,
    Call { app, caller, asked }: Call,
) -> Result<Json<Value>, GenError> {
    asked.flag("with_execution_cost", false)?;
    let shown = Shown {
        takes: asked.flag("include_user_jobs", true)?,
        layers: asked.flag("include_video_layers", true)?,
    };
    let size = asked.number("page_size")?;
    if size.is_some_and(|size| !(1..=MAX_PAGE).contains(&size)) {
        return Err(GenError::invalid(format!("`page_size` is not between 1 and {MAX_PAGE}")));
    }
    let page = asked.number("page")?;
    let open = open(&app, &caller.workspace, &id).await?;
    let takes = takes(&app, &caller.workspace, open.sheet.id, None).await?;
    let mut rows = rows_json(&app, &open, &takes, shown);
    if page.is_some() || size.is_some() {
        let size = size.unwrap_or(20) as usize;
        // Pages are counted from 1; 0 is the first one, too.
        let skip = size.saturating_mul(page.unwrap_or(1).saturating_sub(1) as usize);
        rows = rows.into_iter().skip(skip).take(size).collect();
    }
    Ok(Json(Value::Array(rows)))
}

/// `GET …/rows/{row}`.
pub async fn read(
    Path((id, row)): Path<(String, String)>,
    Call { app, caller, .. }: Call,
) -> Result<Json<Value>, GenError> {
    let open = open(&app, &caller.workspace, &id).await?;
    let at = place_of(&open.document, open.sheet.id, &row)?;
    let takes = takes(&app, &caller.workspace, open.sheet.id, None).await?;
    Ok(Json(row_json(&app, &open, &open.document.rows[at], at, &takes, ALL)))
}

/// What a request says of the cells of a new row: the column of each, and its content.
fn cells_of(fields: &mut Map<String, Value>) -> Result<Vec<(String, CellChange)>, GenError> {
    let wrong = || GenError::invalid("`spreadsheet_cells_attributes` is no list of cells with their columns");
    let cells = match fields.remove("spreadsheet_cells_attributes") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(cells)) => cells,
        Some(_) => return Err(wrong()),
    };
    let cell = |cell: Value| {
        let Value::Object(mut fields) = cell else { return Err(wrong()) };
        let column = fields.remove("spreadsheet_column_id").ok_or_else(wrong)?;
        Ok((id_of(&column), CellChange::read(fields)?))
    };
    cells.into_iter().map(cell).collect()
}

/// `POST …/{id}/rows`.
pub async fn add(Path(id): Path<String>, Call { app, caller, asked }: Call) -> Result<Response, GenError> {
    let mut fields = asked.fields("spreadsheet_row");
    let position = integer_of(&mut fields, "position")?;
    let attributes = taken(&mut fields)?;
    let cells = cells_of(&mut fields)?;
    nothing_else(&fields)?;
    let (open, n) = change(&app, &caller.workspace, &id, |document, sheet| {
        let n = document.add_row(now());
        let at = document.rows.len() - 1;
        merge(&mut document.rows[at].attributes, attributes.clone())?;
        for (column, change) in &cells {
            let column = inner(sheet, column, "column")?;
            let cell = document.rows[at].cells.iter().find(|cell| cell.column == column).map(|cell| cell.n);
            let cell = cell.ok_or_else(|| GenError::not_found("column"))?;
            change.apply(document, sheet, cell)?;
        }
        // A row goes to the end, whatever place is asked for that is none among the others.
        let wanted = position.filter(|at| (0..document.rows.len() as i64).contains(at));
        moved(&mut document.rows, wanted.map(|position| (at, position)).into_iter().collect());
        Ok(n)
    })
    .await?;
    Ok((StatusCode::CREATED, Json(shown_row(&app, &open, n))).into_response())
}

/// `POST …/rows/{row}/duplicate`: a copy behind it, with its cells and layers.
pub async fn duplicate(
    Path((id, row)): Path<(String, String)>,
    headers: HeaderMap,
    Call { app, caller, asked }: Call,
) -> Result<Response, GenError> {
    nothing_else(&asked.fields("spreadsheet_row"))?;
    let key = idempotency_key(&headers)?;
    let (open, n) = change(&app, &caller.workspace, &id, |document, sheet| {
        let (endpoint, now) = (format!("duplicate row {row}"), now());
        if let Some(n) = key.as_deref().and_then(|key| document.done(&endpoint, key, now)) {
            return Ok(n);
        }
        let at = place_of(document, sheet, &row)?;
        let n = document.copy_row(at, now);
        if let Some(key) = &key {
            document.remember(&endpoint, key, n, now);
        }
        Ok(n)
    })
    .await?;
    Ok((StatusCode::CREATED, Json(shown_row(&app, &open, n))).into_response())
}

/// `PUT …/rows/update_positions`.
pub async fn reorder(
    Path(id): Path<String>,
    Call { app, caller, asked }: Call,
) -> Result<Json<Value>, GenError> {
    let wanted = positions_of(asked.fields("spreadsheet_rows"), "rows")?;
    let (open, ()) = change(&app, &caller.workspace, &id, |document, sheet| {
        let place = |(row, position): &(String, i64)| Ok((place_of(document, sheet, row)?, *position));
        let wanted: Vec<(usize, i64)> = wanted.iter().map(place).collect::<Result<_, GenError>>()?;
        moved(&mut document.rows, wanted);
        Ok(())
    })
    .await?;
    let takes = takes(&app, &caller.workspace, open.sheet.id, None).await?;
    Ok(Json(Value::Array(rows_json(&app, &open, &takes, ALL))))
}

/// `PUT …/rows/mass_update`: attributes of several rows.
pub async fn update_many(
    Path(id): Path<String>,
    Call { app, caller, asked }: Call,
) -> Result<Json<Value>, GenError> {
    let read = |mut fields| {
        let attributes = taken(&mut fields)?;
        nothing_else(&fields)?;
        Ok(attributes)
    };
    let wanted = items_of(asked.whole(), &["rows", "spreadsheet_rows"], read)?;
    let (open, changed) = change(&app, &caller.workspace, &id, |document, sheet| {
        let mut changed = Vec::new();
        for (row, attributes) in &wanted {
            let at = place_of(document, sheet, row)?;
            let row: &mut Row = &mut document.rows[at];
            merge(&mut row.attributes, attributes.clone())?;
            row.updated_at = now();
            changed.push(at);
        }
        Ok(changed)
    })
    .await?;
    let takes = takes(&app, &caller.workspace, open.sheet.id, None).await?;
    let row = |at: usize| row_json(&app, &open, &open.document.rows[at], at, &takes, ALL);
    Ok(Json(changed.into_iter().map(row).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_go_to_their_positions() {
        let after = |wanted: &[(usize, i64)]| {
            let mut items = vec!['a', 'b', 'c', 'd'];
            moved(&mut items, wanted.to_vec());
            items.into_iter().collect::<String>()
        };
        assert_eq!(after(&[(0, 2)]), "bcad");
        assert_eq!(after(&[(3, 0), (2, 1)]), "dcab");
        assert_eq!(after(&[(0, 99), (1, -5)]), "bcda");
        assert_eq!(after(&[(0, 3), (1, 2), (2, 1), (3, 0)]), "dcba");
        assert_eq!(after(&[(1, 0), (2, 0)]), "cbad");
        assert_eq!(after(&[]), "abcd");
    }
}
