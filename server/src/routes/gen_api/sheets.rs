//! Sheets: made, read, copied, removed; and how what is in them is found and changed.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::document::{Document, SPAN};
use super::error::GenError;
use super::request::{Call, agent_of, flag_of, nothing_else, text_of};
use super::view::{now, sheet_json, takes};
use crate::app::App;
use crate::id::WorkspaceId;
use crate::moment::Moment;
use crate::store::Sheet;

/// Longest title and name, in characters.
pub const MAX_NAME: usize = 255;
/// How often a change is tried when others change the same sheet.
const TRIES: u32 = 20;

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
    let document = read_document(id, &sheet.document)?;
    Ok(Open { sheet, document })
}

fn read_document(id: i64, text: &str) -> Result<Document, GenError> {
    serde_json::from_str(text).map_err(|error| {
        tracing::error!(%error, id, "a sheet cannot be read");
        GenError::internal()
    })
}

/// Changes a sheet, again when somebody else was faster.
///
/// # Errors
/// When there is none of that number, or the change is refused.
pub async fn change<T>(
    app: &App,
    workspace: &WorkspaceId,
    id: &str,
    mut how: impl FnMut(&mut Document, i64) -> Result<T, GenError>,
) -> Result<(Open, T), GenError> {
    for _ in 0..TRIES {
        let mut open = open(app, workspace, id).await?;
        let done = how(&mut open.document, open.sheet.id)?;
        let text = open.document.to_text()?;
        let at = Moment::now();
        if app.store.change_sheet(workspace, &open.sheet, &text, at).await? {
            open.sheet.updated_at = at;
            return Ok((open, done));
        }
    }
    Err(GenError::busy())
}

/// The number within a sheet that a number on the wire stands for.
///
/// # Errors
/// When it stands for nothing in this sheet.
pub fn inner(sheet: i64, text: &str, what: &str) -> Result<i64, GenError> {
    let number: Option<i64> = text.parse().ok();
    let inner = number.and_then(|number| number.checked_sub(sheet.checked_mul(SPAN)?));
    inner.filter(|inner| (0..SPAN).contains(inner)).ok_or_else(|| GenError::not_found(what))
}

/// Keeps a new sheet and shows it.
///
/// # Errors
/// When it is too large, or the store fails.
pub async fn keep(app: &App, workspace: &WorkspaceId, document: &Document) -> Result<Response, GenError> {
    let id = app.store.add_sheet(workspace, &document.to_text()?, Moment::now()).await?;
    let open = open(app, workspace, &id.to_string()).await?;
    Ok((StatusCode::CREATED, Json(sheet_json(app, &open, &[]))).into_response())
}

/// `POST …`: a sheet with the columns VIDEO and FINAL VIDEO and one row.
pub async fn create(Call { app, caller, asked }: Call) -> Result<Response, GenError> {
    let mut fields = asked.fields("spreadsheet");
    let title = text_of(&mut fields, "title", MAX_NAME)?.unwrap_or_else(|| "Untitled".to_owned());
    if flag_of(&mut fields, "is_default")? == Some(true) {
        return Err(GenError::invalid("no sheet is the default one here: `is_default` cannot be true"));
    }
    nothing_else(&fields)?;
    keep(&app, &caller.workspace, &Document::new(title, now())).await
}

/// `GET …/{id}`.
pub async fn read(
    Path(id): Path<String>,
    Call { app, caller, asked }: Call,
) -> Result<Json<Value>, GenError> {
    asked.flag("with_execution_cost", false)?;
    let open = open(&app, &caller.workspace, &id).await?;
    let takes = takes(&app, &caller.workspace, open.sheet.id, None).await?;
    Ok(Json(sheet_json(&app, &open, &takes)))
}

/// `POST …/{id}/clone`: everything in it but its takes.
pub async fn clone(Path(id): Path<String>, Call { app, caller, asked }: Call) -> Result<Response, GenError> {
    let mut fields = asked.fields("spreadsheet");
    agent_of(fields.remove("target_agent_id"))?;
    nothing_else(&fields)?;
    let open = open(&app, &caller.workspace, &id).await?;
    keep(&app, &caller.workspace, &open.document.copy(now())).await
}

/// `DELETE …/{id}`. What was rendered of it stays.
pub async fn remove(Path(id): Path<String>, Call { app, caller, .. }: Call) -> Result<StatusCode, GenError> {
    let number = id.parse().unwrap_or(0);
    match app.store.remove_sheet(&caller.workspace, number).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(GenError::missing("spreadsheet_not_found", "sheet")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::worker::Launcher;

    #[tokio::test]
    async fn a_sheet_that_cannot_be_read_is_our_fault() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { data_dir: Some(folder.path().join("data")), ..Settings::default() };
        let app = App::open(settings.finish().unwrap(), Launcher::this_program(&[]).unwrap()).await.unwrap();
        let id = app.store.add_sheet(&app.workspace, "no document", Moment::now()).await.unwrap();
        // Under the name of the other endpoint, too: it is there, whatever it is called.
        let told = async |id: &str| {
            let error = open(&app, &app.workspace, id).await.err().unwrap();
            error.named("spreadsheet_not_found", "project_not_found").into_response().status().as_u16()
        };
        assert_eq!((told(&id.to_string()).await, told("77").await), (500, 404));
    }

    #[test]
    fn numbers_of_other_sheets_are_none_of_this_one() {
        assert_eq!(inner(2, "2000007", "cell"), Ok(7));
        for odd in ["1000007", "3000000", "-9223372036854775808", "9223372036854775807", "", "x"] {
            assert!(inner(2, odd, "cell").is_err(), "{odd}");
        }
        assert!(inner(i64::MAX, "1", "cell").is_err());
    }
}
