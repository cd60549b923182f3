//! Templates: sheets to begin with. There is one.

use axum::Json;
use axum::extract::Path;
use axum::response::Response;
use serde_json::{Value, json};

use super::document::Document;
use super::error::GenError;
use super::request::{Asked, Call, Guest, nothing_else};
use super::sheets::keep;
use super::view::now;

/// Its number.
const ID: i64 = 1;
/// Its name for programs.
const SLUG: &str = "one-film-a-row";
/// Its name for people.
const TITLE: &str = "One film a row";
/// What it is good for.
const ABOUT: &str = "Two texts a row for layers to name, a cell for layers, and one for the film.";
/// Its columns of text.
const TEXTS: &[&str] = &["TEXT 1", "TEXT 2"];

fn template_json() -> Value {
    json!({
        "id": ID,
        "slug": SLUG,
        "title": TITLE,
        "name": TITLE,
        "description": ABOUT,
        "cover": null,
        "tutorial_url": null,
        "tags": [],
        "recent_generated_contents": [],
    })
}

fn check(name: &str) -> Result<(), GenError> {
    match name == SLUG || name.parse() == Ok(ID) {
        true => Ok(()),
        false => Err(GenError::not_found("template")),
    }
}

/// `GET /v1/templates/projects`; pages are counted from 1.
pub async fn list(_: Guest, asked: Asked) -> Result<Json<Value>, GenError> {
    Ok(Json(match asked.number("page")?.unwrap_or(1) {
        0 | 1 => json!([template_json()]),
        _ => json!([]),
    }))
}

/// `GET /v1/templates/projects/{name}`.
pub async fn read(_: Guest, Path(name): Path<String>) -> Result<Json<Value>, GenError> {
    check(&name)?;
    Ok(Json(template_json()))
}

/// `POST /v1/templates/spreadsheets/{name}/clone`: a sheet like it.
pub async fn clone(
    Path(name): Path<String>,
    Call { app, caller, asked }: Call,
) -> Result<Response, GenError> {
    nothing_else(&asked.fields("spreadsheet"))?;
    check(&name)?;
    let document = Document::with_ingredients(TITLE.to_owned(), TEXTS, now());
    keep(&app, &caller.workspace, &document).await
}
