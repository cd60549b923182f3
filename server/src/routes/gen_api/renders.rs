//! Renders of cells, and what came of them.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use vid_timeline::api::Severity;

use super::compose::{Composed, RATIOS, compose};
use super::document::{Cell, ColumnRole, Layer};
use super::error::GenError;
use super::request::{Call, Guest, integer_of, nothing_else, text_of};
use super::resources::{source_of, token};
use super::sheets::{MAX_NAME, Open, inner, open};
use super::variables::texts_of;
use super::view::{takes, wire};
use crate::app::App;
use crate::auth::Caller;
use crate::config::UnknownKeys;
use crate::id::RenderId;
use crate::moment::Moment;
use crate::routes::renders::{idempotency_key, violations};
use crate::store::{
    Cancelled, Continued, Generated, Generation, GenerationFilter, NewGeneration, NewRender, RenderStatus,
};
use crate::worker::fits;

/// How long an idempotency key holds.
const KEY_LIVES: Duration = Duration::from_secs(24 * 3600);
/// Rows of a page.
const PAGE: u32 = 20;

/// The public address of a generation's film.
pub fn file_url(app: &App, generation: &Generation) -> String {
    format!("{}/outputs/{}.mp4", app.public_url, generation.token)
}

/// The public address of the picture of its first frame.
pub fn picture_url(app: &App, generation: &Generation) -> String {
    format!("{}/thumbnails/{}.jpg", app.public_url, generation.token)
}

/// Whether its film is there.
pub fn has_file(generation: &Generation) -> bool {
    generation.render.status == RenderStatus::Completed && !generation.is_removed
}

/// The status of a render in the words of the second interface.
pub fn status(status: RenderStatus) -> &'static str {
    match status {
        RenderStatus::Ingesting | RenderStatus::Queued => "pending",
        RenderStatus::Processing => "processing",
        RenderStatus::Completed => "completed",
        RenderStatus::Failed => "failed",
        RenderStatus::Cancelled => "stopped",
    }
}

/// A generation as callers see it.
pub fn generation_json(app: &App, generation: &Generation) -> Value {
    let outputs = has_file(generation).then(|| {
        json!([{
            "id": generation.id,
            "url": file_url(app, generation),
            "thumbnail_url": picture_url(app, generation),
            "object_type": "video",
            "type": "output",
        }])
    });
    json!({
        "id": generation.id,
        "generation_id": generation.id,
        "status": status(generation.render.status),
        "user_job_type": "remotion",
        "result": null,
        "failed_reason": generation.render.error.as_ref().map(|error| error.message.clone()),
        "output_resources": outputs.unwrap_or_else(|| json!([])),
        "execution_cost": null,
    })
}

/// `POST …/cells/{cell}/render`.
pub async fn render_cell(
    Path((id, cell)): Path<(String, String)>,
    headers: HeaderMap,
    Call { app, caller, asked }: Call,
) -> Result<Response, GenError> {
    nothing_else(&asked.fields("render"))?;
    let open = open(&app, &caller.workspace, &id).await?;
    let n = inner(open.sheet.id, &cell, "cell")?;
    let number = trigger(&app, &caller, &headers, &open, n, None).await?;
    let answer = json!({ "generation_id": number, "status": "pending" });
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// `POST …/cells/{cell}/generate` and `…/layers/{layer}/generate`: of all that is generated there, only films
/// are made here.
pub async fn generate(
    Path(place): Path<Vec<String>>,
    headers: HeaderMap,
    Call { app, caller, asked }: Call,
) -> Result<Response, GenError> {
    let [id, cell, layers @ ..] = &place[..] else { return Err(GenError::not_found("cell")) };
    let mut fields = asked.whole();
    let open = open(&app, &caller.workspace, id).await?;
    let n = inner(open.sheet.id, cell, "cell")?;
    let found = open.document.cell(n).ok_or_else(|| GenError::not_found("cell"))?;
    for layer in layers {
        super::layers::place_of(found, open.sheet.id, layer)?;
    }
    let kind = text_of(&mut fields, "generation_type", MAX_NAME)?;
    match kind.as_deref() {
        Some("render" | "remotion") if layers.is_empty() => {}
        None => return Err(GenError::invalid("`generation_type` is missing")),
        Some(kind) => {
            return Err(GenError::invalid(format!(
                "the generation type `{kind}` is not made here, only `render`"
            )));
        }
    }
    match fields.remove("data") {
        None | Some(Value::Null) => {}
        Some(Value::Object(data)) => nothing_else(&data)?,
        Some(_) => return Err(GenError::invalid("`data` is no object")),
    }
    nothing_else(&fields)?;
    let number = trigger(&app, &caller, &headers, &open, n, None).await?;
    let answer = json!({ "generation_id": number, "status": "pending" });
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// `GET …/{id}/generations`: the takes of a sheet, newest first.
pub async fn list(Path(id): Path<String>, Call { app, caller, .. }: Call) -> Result<Json<Value>, GenError> {
    let open = open(&app, &caller.workspace, &id).await?;
    let found = takes(&app, &caller.workspace, open.sheet.id, None).await?;
    let one = |take: &Generation| {
        json!({
            "generation_id": take.id,
            "status": status(take.render.status),
            "user_job_type": "remotion",
            "container_type": "SpreadsheetCell",
            "container_id": wire(open.sheet.id, take.cell),
            "row_id": open.document.row_of(take.cell).map(|row| wire(open.sheet.id, row.n)),
            "created_at": take.render.created_at,
        })
    };
    Ok(Json(json!({ "generations": found.iter().map(one).collect::<Vec<Value>>() })))
}

/// `POST …/{id}/validate_video_layout`: what would be refused if every row were rendered now.
pub async fn validate(
    Path(id): Path<String>,
    Call { app, caller, asked }: Call,
) -> Result<Json<Value>, GenError> {
    nothing_else(&asked.whole())?;
    let open = open(&app, &caller.workspace, &id).await?;
    let mut warnings = Vec::new();
    for row in &open.document.rows {
        let is_last = |cell: &&Cell| open.document.role(cell.column) == ColumnRole::FinalVideo;
        let Some(cell) = row.cells.iter().find(is_last).or(row.cells.last()) else { continue };
        match body_of(&app, &caller, &open, cell.n, None).await {
            Ok(_) => {}
            Err(error) if error.is_refusal() => {
                warnings.push(format!("row {}: {}", wire(open.sheet.id, row.n), error.message()));
            }
            Err(error) => return Err(error),
        }
    }
    let sheet = open.sheet.id;
    Ok(Json(json!({
        "spreadsheet_id": sheet,
        "vidsheet_project_id": sheet,
        "vidsheet_url": format!("{}/v1/vidsheet/{sheet}", app.public_url),
        "layout_valid": warnings.is_empty(),
        "warnings": warnings,
    })))
}

/// `POST /v1/remotion_jobs`.
pub async fn submit_job(headers: HeaderMap, Call { app, caller, asked }: Call) -> Result<Response, GenError> {
    let mut job = asked.fields("job");
    let needed = |value: Option<i64>, name: &str| {
        value.ok_or_else(|| GenError::invalid(format!("`job.{name}` is missing")))
    };
    let project = needed(integer_of(&mut job, "project_id")?, "project_id")?;
    let container = needed(integer_of(&mut job, "container_id")?, "container_id")?;
    match job.remove("container_type") {
        Some(Value::String(kind)) if kind == "SpreadsheetCell" => {}
        _ => return Err(GenError::invalid("`job.container_type` is not `SpreadsheetCell`")),
    }
    let overlays = overlays(job.remove("input"))?;
    nothing_else(&job)?;
    let open = open(&app, &caller.workspace, &project.to_string()).await;
    let open = open.map_err(|error| error.named("spreadsheet_not_found", "project_not_found"))?;
    let n = inner(project, &container.to_string(), "cell")?;
    let number = trigger(&app, &caller, &headers, &open, n, overlays).await?;
    Ok((StatusCode::CREATED, Json(json!({ "job_id": number }))).into_response())
}

/// The layers that `job.input` brings; `None` where the cell's own are meant.
fn overlays(input: Option<Value>) -> Result<Option<Vec<Layer>>, GenError> {
    let wrong = |problem: &str| GenError::invalid(format!("`job.input` {problem}"));
    let Some(Value::String(text)) = input else { return Err(wrong("is not a text that holds JSON")) };
    let Ok(Value::Object(mut input)) = serde_json::from_str(&text) else {
        return Err(wrong("is not a text that holds a JSON object"));
    };
    let Some(overlays) = input.remove("overlays") else {
        nothing_else(&input)?;
        return Ok(None);
    };
    nothing_else(&input)?;
    let Value::Array(overlays) = overlays else { return Err(wrong("has `overlays` that are no list")) };
    let layer = |(n, overlay): (usize, Value)| {
        let Value::Object(attributes) = overlay else {
            return Err(wrong("has an overlay that is no object"));
        };
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        Ok(Layer {
            n,
            name: None,
            kind: attributes.get("type").and_then(Value::as_str).map(str::to_owned),
            position: attributes.get("position").and_then(Value::as_i64).unwrap_or(n),
            attributes,
            created_at: 0,
            updated_at: 0,
        })
    };
    overlays.into_iter().enumerate().map(layer).collect::<Result<Vec<Layer>, GenError>>().map(Some)
}

/// The body of a render of a cell, with what is said beside it.
async fn body_of(
    app: &App,
    caller: &Caller,
    open: &Open,
    cell: i64,
    overlays: Option<Vec<Layer>>,
) -> Result<Value, GenError> {
    let target = open.document.cell(cell).ok_or_else(|| GenError::not_found("cell"))?;
    let source = open.document.source_of(cell);
    let own: &[Layer] = source.map_or(&[], |cell| &cell.layers);
    let layers = overlays.as_deref().unwrap_or(own);
    let attributes = [Some(&target.attributes), source.map(|cell| &cell.attributes)];
    let canvas = canvas(attributes.into_iter().flatten())?;
    let lenient = app.config.unknown_keys == UnknownKeys::Warn;
    let texts = texts_of(&open.document, cell);
    let mut composed = compose(open.sheet.id, layers, canvas, &texts, lenient)?;
    own_addresses(app, caller, &mut composed).await?;
    let Composed { mut body, fits, shapes } = composed;
    let wrong = violations(app, &body.to_string());
    if let Some(error) = wrong.iter().find(|violation| violation.severity == Severity::Error) {
        return Err(GenError::invalid(format!("{}: {}", error.pointer(), error.message)));
    }
    body[fits::FIELD] = Value::Object(fits);
    body[fits::SHAPES] = Value::Object(shapes);
    Ok(body)
}

async fn trigger(
    app: &App,
    caller: &Caller,
    headers: &HeaderMap,
    open: &Open,
    cell: i64,
    overlays: Option<Vec<Layer>>,
) -> Result<i64, GenError> {
    // The two interfaces do not share keys. The first answer holds, whatever became of the layers.
    let place = format!("{} {cell}", open.sheet.id);
    let key = idempotency_key(headers)?.map(|key| (format!("generation {key}"), place));
    let clash = || GenError::invalid("this idempotency key was used for another cell");
    if let Some(key) = &key {
        match app.store.generated(&caller.workspace, key, Moment::now()).await? {
            Some(Generated::Is(number)) => return Ok(number),
            Some(Generated::Clash) => return Err(clash()),
            None => {}
        }
    }
    let body = body_of(app, caller, open, cell, overlays).await?.to_string();
    let new = NewRender {
        id: RenderId::generate(),
        workspace: caller.workspace.clone(),
        idempotency: key,
        metadata: "{}".to_owned(),
        webhook_url: None,
        ingests: is_ingesting(app, &body),
        body,
    };
    let new = NewGeneration { render: new, sheet: open.sheet.id, cell, token: token()? };
    match app.store.generate(new, Moment::now(), KEY_LIVES).await? {
        Generated::Is(number) => Ok(number),
        Generated::Clash => Err(clash()),
    }
}

/// The canvas that the attributes of cells ask for: `ratio`, or `width` and `height`; upright where none does.
fn canvas<'a>(attributes: impl Iterator<Item = &'a Map<String, Value>>) -> Result<(u32, u32), GenError> {
    for attributes in attributes {
        let side =
            |name: &str| attributes.get(name).and_then(Value::as_u64).and_then(|side| side.try_into().ok());
        if let (Some(width), Some(height)) = (side("width"), side("height")) {
            return Ok((width, height));
        }
        if let Some(ratio) = attributes.get("ratio").filter(|ratio| !ratio.is_null()) {
            let known = RATIOS.iter().find(|(name, _)| ratio.as_str() == Some(name));
            return known.map(|(_, size)| *size).ok_or_else(|| {
                GenError::invalid(format!("the cell's `ratio` is {ratio}; there are 9:16, 16:9 and 1:1"))
            });
        }
    }
    Ok(RATIOS[0].1)
}

/// Films and files of this interface that are media of a film are read from where they are kept.
async fn own_addresses(app: &App, caller: &Caller, composed: &mut Composed) -> Result<(), GenError> {
    let elements = composed.body.get_mut("elements").and_then(Value::as_array_mut);
    for element in elements.into_iter().flatten() {
        let Some(url) = element.get("source_url").and_then(Value::as_str) else { continue };
        if let Some(source) = source_of(app, caller, url).await? {
            element["source_url"] = json!(source);
        }
    }
    Ok(())
}

/// `GET /v1/remotion_jobs`.
pub async fn list_jobs(Call { app, caller, asked }: Call) -> Result<Json<Value>, GenError> {
    let project = asked.number("project_id")?;
    let project = project.ok_or_else(|| GenError::invalid("`project_id` is missing"))?;
    let skip = asked.number("page")?.unwrap_or(0).saturating_mul(PAGE);
    let filter = GenerationFilter { sheet: Some(i64::from(project)), cell: None };
    let found = app.store.generations(&caller.workspace, filter, skip, PAGE).await?;
    let job = |generation: &Generation| {
        let mut job = json!({
            "job_id": generation.id,
            "created_at": generation.render.created_at,
            // This list has no word for what was called off.
            "status": match status(generation.render.status) { "stopped" => "failed", other => other },
        });
        if has_file(generation) {
            job["content_resource_id"] = json!(generation.id);
            job["url"] = json!(file_url(&app, generation));
            job["thumbnail_url"] = json!(picture_url(&app, generation));
        }
        job
    };
    Ok(Json(json!(found.iter().map(job).collect::<Vec<Value>>())))
}

/// The generation of that number.
///
/// # Errors
/// When there is none.
pub async fn find(app: &App, caller: &Caller, id: &str) -> Result<Generation, GenError> {
    let missing = || GenError::not_found("generation");
    let id = id.parse().map_err(|_| missing())?;
    app.store.generation(&caller.workspace, id).await?.ok_or_else(missing)
}

/// `GET /v1/generations/{id}`.
pub async fn read(
    State(app): State<Arc<App>>,
    Guest(caller): Guest,
    Path(id): Path<String>,
) -> Result<Json<Value>, GenError> {
    Ok(Json(generation_json(&app, &find(&app, &caller, &id).await?)))
}

/// `POST /v1/generations/{id}/stop`.
pub async fn stop(
    State(app): State<Arc<App>>,
    Guest(caller): Guest,
    Path(id): Path<String>,
) -> Result<Json<Value>, GenError> {
    let generation = find(&app, &caller, &id).await?;
    match app.store.cancel(&caller.workspace, &generation.render.id, Moment::now()).await? {
        Cancelled::Done(render) => {
            Ok(Json(generation_json(&app, &Generation { render: *render, ..generation })))
        }
        Cancelled::TooLate(before) => Err(GenError::coded(
            "job_cannot_be_stopped",
            format!("the generation is {} already", status(before)),
        )),
        Cancelled::Unknown => Err(GenError::not_found("generation")),
    }
}

/// `POST /v1/generations/{id}/continue`: takes a generation up again that was stopped. It keeps its number; its
/// render is another one, of the same body, and what was finished of it is not made again.
pub async fn go_on(
    State(app): State<Arc<App>>,
    Guest(caller): Guest,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, GenError> {
    let found = find(&app, &caller, &id).await?;
    let key = idempotency_key(&headers)?.map(|key| (format!("continue {key}"), found.id.to_string()));
    let unfit =
        |state: &str| GenError::invalid(format!("the generation is {state}; only what is stopped goes on"));
    if found.render.status != RenderStatus::Cancelled && key.is_none() {
        return Err(unfit(status(found.render.status)));
    }
    let body = app.store.body(&found.render.id).await?.ok_or_else(|| GenError::not_found("generation"))?;
    let new = NewRender {
        id: RenderId::generate(),
        workspace: caller.workspace.clone(),
        idempotency: key,
        metadata: found.render.metadata.clone(),
        webhook_url: None,
        ingests: is_ingesting(&app, &body),
        body,
    };
    match app.store.go_on(found.id, &found.render.id, new, Moment::now(), KEY_LIVES).await? {
        Continued::Done => Ok(Json(generation_json(&app, &find(&app, &caller, &id).await?))),
        Continued::Unfit => Err(unfit(status(found.render.status))),
        Continued::Clash => Err(GenError::invalid("this idempotency key was used for another generation")),
    }
}

/// Whether a body reads what is not kept here.
fn is_ingesting(app: &App, body: &str) -> bool {
    crate::worker::sources::addresses(body).iter().any(|url| !app.is_own(url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canvas_is_upright_unless_it_is_said() {
        let of = |value: Value| canvas([value.as_object().unwrap()].into_iter());
        assert_eq!(of(json!({})), Ok((1080, 1920)));
        assert_eq!(of(json!({ "ratio": "16:9" })), Ok((1920, 1080)));
        assert_eq!(of(json!({ "width": 64, "height": 36, "ratio": "1:1" })), Ok((64, 36)));
        assert!(of(json!({ "ratio": "4:3" })).is_err());
    }
}
