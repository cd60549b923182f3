//! Renders of cells, and what came of them.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use vid_timeline::api::Severity;

use super::compose::{Composed, RATIOS, compose};
use super::document::Layer;
use super::error::GenError;
use super::request::{Asked, Guest, integer_of, nothing_else};
use super::sheets::{Open, inner, open};
use crate::app::App;
use crate::auth::Caller;
use crate::config::UnknownKeys;
use crate::error::{ApiError, ErrorCode};
use crate::id::{RenderId, ulid};
use crate::moment::Moment;
use crate::routes::renders::{idempotency_key, violations};
use crate::store::{
    Cancelled, Generated, Generation, GenerationFilter, NewGeneration, NewRender, Output, RenderStatus,
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

fn picture_url(app: &App, generation: &Generation) -> String {
    format!("{}/thumbnails/{}.jpg", app.public_url, generation.token)
}

fn has_file(generation: &Generation) -> bool {
    generation.render.status == RenderStatus::Completed && !generation.is_removed
}

/// The status of a render in the words of the second interface.
fn status(status: RenderStatus) -> &'static str {
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

fn resource_json(app: &App, generation: &Generation) -> Value {
    let filename = generation.render.output.as_ref().map(|output| output.filename.clone());
    json!({
        "id": generation.id,
        "url": file_url(app, generation),
        "thumbnail_url": picture_url(app, generation),
        "file_name": filename,
        "content_type": "video/mp4",
    })
}

/// `POST …/cells/{cell}/render`.
pub async fn render_cell(
    State(app): State<Arc<App>>,
    Guest(caller): Guest,
    Path((id, cell)): Path<(String, String)>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response, GenError> {
    asked.agent()?;
    nothing_else(&asked.fields("render"))?;
    let open = open(&app, &caller.workspace, &id).await?;
    let n = inner(open.sheet.id, &cell, "cell")?;
    let number = trigger(&app, &caller, &headers, &open, n, None).await?;
    let answer = json!({ "generation_id": number, "status": "pending" });
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// `POST /v1/remotion_jobs`.
pub async fn submit_job(
    State(app): State<Arc<App>>,
    Guest(caller): Guest,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response, GenError> {
    asked.agent()?;
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
    let open = open.map_err(|_| GenError::missing("project_not_found", "project"))?;
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

async fn trigger(
    app: &App,
    caller: &Caller,
    headers: &HeaderMap,
    open: &Open,
    cell: i64,
    overlays: Option<Vec<Layer>>,
) -> Result<i64, GenError> {
    let target = open.document.cell(cell).ok_or_else(|| GenError::not_found("cell"))?;
    let source = open.document.source_of(cell);
    let own: &[Layer] = source.map_or(&[], |cell| &cell.layers);
    let layers = overlays.as_deref().unwrap_or(own);
    let attributes = [Some(&target.attributes), source.map(|cell| &cell.attributes)];
    let canvas = canvas(attributes.into_iter().flatten())?;
    let lenient = app.config.unknown_keys == UnknownKeys::Warn;
    let mut composed = compose(open.sheet.id, layers, canvas, lenient)?;
    own_addresses(app, caller, &mut composed).await?;
    let Composed { mut body, fits } = composed;
    let wrong = violations(app, &body.to_string());
    if let Some(error) = wrong.iter().find(|violation| violation.severity == Severity::Error) {
        return Err(GenError::invalid(format!("{}: {}", error.pointer(), error.message)));
    }
    body[fits::FIELD] = Value::Object(fits);
    let place = format!("{} {cell}", open.sheet.id);
    let new = NewRender {
        id: RenderId::generate(),
        workspace: caller.workspace.clone(),
        // The two interfaces do not share keys. The first answer holds, whatever became of the layers.
        idempotency: idempotency_key(headers)?.map(|key| (format!("generation {key}"), place)),
        metadata: "{}".to_owned(),
        webhook_url: None,
        ingests: crate::worker::sources::addresses(&body.to_string()).iter().any(|url| !app.is_own(url)),
        body: body.to_string(),
    };
    let token = format!("{}{}", ulid(), ulid()).to_lowercase();
    let new = NewGeneration { render: new, sheet: open.sheet.id, cell, token };
    match app.store.generate(new, Moment::now(), KEY_LIVES).await? {
        Generated::Is(number) => Ok(number),
        Generated::Clash => Err(GenError::invalid("this idempotency key was used for another cell")),
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

/// Films of this interface that are media of another film are read from where they are kept.
async fn own_addresses(app: &App, caller: &Caller, composed: &mut Composed) -> Result<(), GenError> {
    let prefix = format!("{}/outputs/", app.public_url);
    let elements = composed.body.get_mut("elements").and_then(Value::as_array_mut);
    for element in elements.into_iter().flatten() {
        let Some(url) = element.get("source_url").and_then(Value::as_str).map(str::to_owned) else {
            continue;
        };
        let Some(token) = url.strip_prefix(&prefix).and_then(|name| name.strip_suffix(".mp4")) else {
            continue;
        };
        let gone = || GenError::invalid(format!("there is no film at `{url}`"));
        let found = app.store.generation_of(token).await?.filter(has_file).ok_or_else(gone)?;
        if found.render.workspace != caller.workspace {
            return Err(gone());
        }
        element["source_url"] = json!(super::resources::as_asset(app, caller, &url, &found).await?);
    }
    Ok(())
}

/// `GET /v1/remotion_jobs`.
pub async fn list_jobs(
    State(app): State<Arc<App>>,
    Guest(caller): Guest,
    asked: Asked,
) -> Result<Json<Value>, GenError> {
    asked.agent()?;
    let project = asked.number("project_id")?;
    let project = project.ok_or_else(|| GenError::invalid("`project_id` is missing"))?;
    let skip = asked.number("page")?.unwrap_or(0).saturating_mul(PAGE);
    let filter = GenerationFilter { sheet: Some(i64::from(project)), ..GenerationFilter::default() };
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

async fn find(app: &App, caller: &Caller, id: &str) -> Result<Generation, GenError> {
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

/// `POST /v1/generations/{id}/continue`: a generation that was stopped is not taken up again.
pub async fn go_on(
    State(app): State<Arc<App>>,
    Guest(caller): Guest,
    Path(id): Path<String>,
) -> Result<Json<Value>, GenError> {
    find(&app, &caller, &id).await?;
    Err(GenError::invalid("a generation cannot be continued here; render the cell again"))
}

/// `GET /v1/content_resources`.
pub async fn list_resources(
    State(app): State<Arc<App>>,
    Guest(caller): Guest,
    asked: Asked,
) -> Result<Json<Value>, GenError> {
    asked.agent()?;
    match asked.query("type") {
        None | Some("" | "video") => {}
        Some("image" | "audio" | "zip" | "safe_tensors") => return Ok(Json(json!([]))),
        Some(other) => return Err(GenError::invalid(format!("there is no type `{other}`"))),
    }
    let skip = asked.number("page")?.unwrap_or(0).saturating_mul(PAGE);
    let sheet = asked.number("project_id")?.map(i64::from);
    let filter = GenerationFilter { sheet, cell: None, with_file: true };
    let found = app.store.generations(&caller.workspace, filter, skip, PAGE).await?;
    Ok(Json(json!(found.iter().map(|generation| resource_json(&app, generation)).collect::<Vec<Value>>())))
}

/// `GET /v1/content_resources/{id}`.
pub async fn read_resource(
    State(app): State<Arc<App>>,
    Guest(caller): Guest,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<Json<Value>, GenError> {
    asked.agent()?;
    let missing = || GenError::missing("content_resource_not_found", "content resource");
    let found = find(&app, &caller, &id).await.ok().filter(has_file).ok_or_else(missing)?;
    let state = status(found.render.status);
    Ok(Json(json!({
        "content_resource": resource_json(&app, &found),
        "generator": { "id": found.id, "status": state, "type": "remotion" },
    })))
}

/// `DELETE /v1/content_resources/{id}`: the film and its picture are open to nobody any more.
pub async fn remove_resource(
    State(app): State<Arc<App>>,
    Guest(caller): Guest,
    Path(id): Path<String>,
    asked: Asked,
) -> Result<StatusCode, GenError> {
    asked.agent()?;
    let missing = || GenError::missing("content_resource_not_found", "content resource");
    let found = find(&app, &caller, &id).await.ok().filter(has_file).ok_or_else(missing)?;
    match app.store.remove_file(&caller.workspace, found.id).await? {
        true => Ok(StatusCode::OK),
        false => Err(missing()),
    }
}

/// `GET /outputs/{name}`: the film, to everybody who has its address.
///
/// # Errors
/// When it is not there any more.
pub async fn output(State(app): State<Arc<App>>, Path(name): Path<String>) -> Result<Response, ApiError> {
    lead_to(&app, &open_file(&app, &name, ".mp4").await?.key)
}

/// `GET /thumbnails/{name}`: the picture of its first frame.
///
/// # Errors
/// As [`output`].
pub async fn thumbnail(State(app): State<Arc<App>>, Path(name): Path<String>) -> Result<Response, ApiError> {
    let output = open_file(&app, &name, ".jpg").await?;
    lead_to(&app, &output.thumbnail_key.ok_or_else(|| ApiError::not_found("file"))?)
}

fn lead_to(app: &App, key: &str) -> Result<Response, ApiError> {
    let url = app.signed_url(&format!("/v1/files/{key}"), app.config.view_lives);
    let location = HeaderValue::from_str(&url)
        .map_err(|_| ApiError::new(ErrorCode::Internal, "the file has no address"))?;
    let no_store = HeaderValue::from_static("no-store");
    Ok((StatusCode::FOUND, [(header::LOCATION, location), (header::CACHE_CONTROL, no_store)]).into_response())
}

async fn open_file(app: &App, name: &str, ending: &str) -> Result<Output, ApiError> {
    let missing = || ApiError::not_found("file");
    let token = name.strip_suffix(ending).ok_or_else(missing)?;
    let found = app.store.generation_of(token).await?.filter(has_file).ok_or_else(missing)?;
    found.render.output.ok_or_else(missing)
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
