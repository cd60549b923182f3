//! `/v1/renders`: submit, list, read, cancel, download.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use vid_timeline::api::{self, NoMedia, PathPart, RenderBody, Severity, Violation, ViolationCode};

use super::request::{ListQuery, invalid, text};
use crate::app::App;
use crate::auth::Caller;
use crate::config::UnknownKeys;
use crate::error::{ApiError, ErrorCode};
use crate::id::{RenderId, WorkspaceId};
use crate::moment::Moment;
use crate::store::{Cancelled, NewRender, Render, RenderStatus, Submitted};
use crate::worker::sources::addresses;

/// How long an idempotency key holds.
const KEY_LIVES: Duration = Duration::from_secs(24 * 3600);
/// Longest idempotency key, in characters.
const MAX_KEY_CHARS: usize = 255;
/// Longest time a read waits for a render to end, in seconds.
const MAX_WAIT_SECONDS: u64 = 30;
/// How often is looked at renders that other processes work on.
const GLANCE: Duration = Duration::from_millis(500);
/// Says that an answer is that of an earlier request.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// A render as callers see it.
pub fn job_json(app: &App, render: &Render) -> Value {
    let output = render.output.as_ref().map(|output| {
        let url = |key: &str| app.signed_url(&format!("/v1/files/{key}"), app.config.view_lives);
        let seconds = output.duration_millis as f64 / 1000.0;
        json!({
            "url": url(&output.key),
            "thumbnail_url": output.thumbnail_key.as_deref().map(url),
            "width": output.width,
            "height": output.height,
            "duration": (output.duration_millis > 0).then_some(seconds),
            "size_bytes": output.size_bytes,
        })
    });
    let metadata: Value = serde_json::from_str(&render.metadata).unwrap_or_else(|_| json!({}));
    json!({
        "id": render.id.as_str(),
        "kind": "render",
        "workspace_id": render.workspace.as_str(),
        "status": render.status.name(),
        "created_at": render.created_at,
        "updated_at": render.updated_at,
        "completed_at": render.completed_at,
        "task_type": null,
        "progress_percent": render.progress_percent,
        "progress_stage": render.progress_stage.map(|stage| stage.name()),
        "output": output,
        "error": render.error.as_ref().map(|error| json!({ "code": error.code.name(), "message": error.message })),
        "metadata": metadata,
    })
}

/// `POST /v1/renders`.
///
/// # Errors
/// When the body has mistakes, or its idempotency key is taken by another one.
pub async fn submit(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    app.room.check()?;
    let body = text(body)?;
    let key = idempotency_key(&headers)?;
    let read = checked(&app, &body)?;
    if let Some(url) = &read.job.webhook_url
        && let Err(refusal) = app.config.outside.target(url)
    {
        return Err(invalid("webhook_url", refusal.to_string()));
    }
    let metadata = serde_json::to_string(&read.metadata).expect("pairs of strings are JSON");
    let ingests = read.job.ingest_external.unwrap_or(app.config.ingest_external)
        && addresses(&body).iter().any(|url| !app.is_own(url));
    let new = NewRender {
        id: RenderId::generate(),
        workspace: caller.workspace,
        idempotency: key.map(|key| (key, fingerprint(&body))),
        metadata,
        webhook_url: read.job.webhook_url,
        ingests,
        body: body.clone(),
    };
    match app.store.submit(new, Moment::now(), KEY_LIVES).await? {
        Submitted::Created(render) => {
            Ok((StatusCode::ACCEPTED, Json(job_json(&app, &render))).into_response())
        }
        Submitted::Replayed(render) => {
            let replayed = [(REPLAYED, HeaderValue::from_static("true"))];
            Ok((StatusCode::OK, replayed, Json(job_json(&app, &render))).into_response())
        }
        Submitted::Clash(id) => {
            let first = app.store.body(&id).await?.unwrap_or_default();
            let place = difference(&first, &body);
            let message = format!("this idempotency key was used for another body; they differ at `{place}`");
            let details = json!({ "render_id": id.as_str(), "path": place });
            Err(ApiError::new(ErrorCode::Conflict, message).with_details(details))
        }
    }
}

/// `GET /v1/renders`.
///
/// # Errors
/// When the query makes no sense.
pub async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<Value>, ApiError> {
    let page = query.page(|cursor| RenderId::parse(cursor).is_some())?;
    let status = match &query.status {
        None => None,
        Some(name) => Some(RenderStatus::from_name(name).ok_or_else(|| {
            let names: Vec<&str> = RenderStatus::ALL.iter().map(|status| status.name()).collect();
            invalid("status", format!("is none of {}", names.join(", ")))
        })?),
    };
    let found = app.store.renders(&caller.workspace, status, &page).await?;
    Ok(Json(json!(found.map(|render| job_json(&app, &render)))))
}

/// The query of a read.
#[derive(Deserialize)]
pub struct ReadQuery {
    wait: Option<String>,
}

/// `GET /v1/renders/{id}`, with `?wait=` seconds until the render has ended.
///
/// # Errors
/// When there is no such render, or the query makes no sense.
pub async fn read(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<ReadQuery>,
) -> Result<Json<Value>, ApiError> {
    let seconds = match query.wait.as_deref() {
        None => 0,
        Some(text) => text.parse().map_err(|_| invalid("wait", "is not a number of seconds"))?,
    };
    let until = tokio::time::Instant::now() + Duration::from_secs(u64::min(seconds, MAX_WAIT_SECONDS));
    // Listening begins before looking, so that nothing happens unseen in between.
    let mut changes = app.store.signals().changes();
    loop {
        let render = find(&app, &caller.workspace, &id).await?;
        if render.status.is_final() || tokio::time::Instant::now() >= until {
            return Ok(Json(job_json(&app, &render)));
        }
        let glance = (tokio::time::Instant::now() + GLANCE).min(until);
        let changed = async {
            // Somebody who missed changes looks for himself.
            while changes.recv().await.is_ok_and(|changed| changed != render.id) {}
        };
        let _ = tokio::time::timeout_at(glance, changed).await;
    }
}

/// `DELETE /v1/renders/{id}`.
///
/// # Errors
/// When there is no such render, or it has ended already.
pub async fn cancel(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let id = RenderId::parse(&id).ok_or_else(|| ApiError::not_found("render"))?;
    match app.store.cancel(&caller.workspace, &id, Moment::now()).await? {
        Cancelled::Done(render) => Ok(Json(job_json(&app, &render))),
        Cancelled::Unknown => Err(ApiError::not_found("render")),
        Cancelled::TooLate(status) => {
            Err(ApiError::new(ErrorCode::Conflict, format!("the render is {status} already")))
        }
    }
}

/// `GET /v1/renders/{id}/download`.
///
/// # Errors
/// When there is no such render, or it has no file.
pub async fn download(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let render = find(&app, &caller.workspace, &id).await?;
    let output = render.output.ok_or_else(|| {
        ApiError::new(ErrorCode::Conflict, format!("the render is {}; it has no file", render.status))
    })?;
    let path = format!("/v1/files/{}/{}", output.key, encoded(&output.filename));
    let url = app.signed_url(&path, app.config.download_lives);
    let size = i64::try_from(output.size_bytes).unwrap_or(i64::MAX);
    app.store.add_egress(&caller.workspace, size, Moment::now()).await?;
    let location = HeaderValue::from_str(&url)
        .map_err(|_| ApiError::new(ErrorCode::Internal, "the file has no address"))?;
    let no_store = HeaderValue::from_static("no-store");
    Ok((StatusCode::FOUND, [(header::LOCATION, location), (header::CACHE_CONTROL, no_store)]).into_response())
}

async fn find(app: &App, workspace: &WorkspaceId, id: &str) -> Result<Render, ApiError> {
    let missing = || ApiError::not_found("render");
    let id = RenderId::parse(id).ok_or_else(missing)?;
    app.store.render(workspace, &id).await?.ok_or_else(missing)
}

/// The idempotency key of a request, if it has one.
///
/// # Errors
/// When it is too long, or nothing that can be shown.
pub fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=MAX_KEY_CHARS).contains(&key.len()) => Ok(Some(key.to_owned())),
        _ => Err(invalid("Idempotency-Key", format!("is not 1 to {MAX_KEY_CHARS} printable characters"))),
    }
}

/// Everything that is wrong with a body, as the settings have it.
pub fn violations(app: &App, body: &str) -> Vec<Violation> {
    let mut found = api::from_json(body, &NoMedia).violations;
    let (read, _) = api::read_body(body);
    let brings_lengths = read.is_some_and(|body| body.job.ingest_external == Some(false));
    for violation in &mut found {
        if violation.code == ViolationCode::UnknownField && app.config.unknown_keys == UnknownKeys::Refuse {
            violation.severity = Severity::Error;
            // The reader's words are those for a body that is taken all the same.
            let length = violation.message.trim_end_matches("; it is ignored").len();
            violation.message.truncate(length);
        }
    }
    // How long media are is found out before they are rendered, unless the body said to leave them alone.
    found.retain(|violation| violation.code != ViolationCode::UnknownMediaLength || brings_lengths);
    found
}

/// The body, if nothing is wrong with it.
pub(super) fn checked(app: &App, body: &str) -> Result<RenderBody, ApiError> {
    let found = violations(app, body);
    let errors: Vec<&Violation> =
        found.iter().filter(|violation| violation.severity == Severity::Error).collect();
    let read = api::read_body(body).0.filter(|_| errors.is_empty());
    read.ok_or_else(|| refusal(&errors, &found))
}

fn refusal(errors: &[&Violation], all: &[Violation]) -> ApiError {
    let is_unsupported = |violation: &&Violation| {
        matches!(violation.code, ViolationCode::UnsupportedFeature | ViolationCode::UnsupportedSource)
    };
    let code = match !errors.is_empty() && errors.iter().all(is_unsupported) {
        true => ErrorCode::UnsupportedFeature,
        false => ErrorCode::InvalidRequest,
    };
    let message = match errors {
        [] => "the body is no film".to_owned(),
        [only] => worded(only),
        [first, rest @ ..] => format!("{}, and {} more", worded(first), rest.len()),
    };
    let step = |part: &PathPart| match part {
        PathPart::Key(key) => json!(key),
        PathPart::Index(index) => json!(index),
    };
    let errors: Vec<Value> = errors
        .iter()
        .map(|violation| {
            let path: Vec<Value> = violation.path.iter().map(step).collect();
            json!({ "path": path, "message": violation.message, "type": violation.code })
        })
        .collect();
    ApiError::new(code, message).with_details(json!({ "errors": errors, "violations": all }))
}

fn worded(violation: &Violation) -> String {
    match violation.pointer() {
        pointer if pointer.is_empty() => violation.message.clone(),
        pointer => format!("{pointer}: {}", violation.message),
    }
}

/// The same for bodies that say the same, however they are written.
fn fingerprint(body: &str) -> String {
    let value: Value = serde_json::from_str(body).unwrap_or_default();
    let mut text = String::from("POST /v1/renders\n");
    canonical(&value, &mut text);
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

/// JSON with its keys in order. The reader bounds nesting.
fn canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_unstable();
            text.push('{');
            for key in keys {
                text.push_str(&json!(key).to_string());
                text.push(':');
                canonical(&map[key], text);
                text.push(',');
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for item in items {
                canonical(item, text);
                text.push(',');
            }
            text.push(']');
        }
        // A whole number is the same with and without a fraction of nothing.
        Value::Number(number) => match number.as_f64().filter(|_| !number.is_i64() && !number.is_u64()) {
            Some(float) if float.fract() == 0.0 && float.abs() < 1e15 => {
                text.push_str(&format!("{float:.0}"))
            }
            _ => text.push_str(&number.to_string()),
        },
        other => text.push_str(&other.to_string()),
    }
}

/// The first place at which two bodies differ, as a JSON pointer; empty where that is the whole.
fn difference(first: &str, second: &str) -> String {
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let (mut one, mut other) = (read(first), read(second));
    let mut place = String::new();
    loop {
        let step = match (&one, &other) {
            (Value::Object(a), Value::Object(b)) => {
                let mut keys: Vec<&String> = a.keys().chain(b.keys()).collect();
                keys.sort_unstable();
                let key = keys.into_iter().find(|key| fingerprints_differ(a.get(*key), b.get(*key)));
                key.map(|key| (key.replace('~', "~0").replace('/', "~1"), a.get(key), b.get(key)))
            }
            (Value::Array(a), Value::Array(b)) => (0..a.len().max(b.len()))
                .find(|index| fingerprints_differ(a.get(*index), b.get(*index)))
                .map(|index| (index.to_string(), a.get(index), b.get(index))),
            _ => None,
        };
        let Some((name, Some(a), Some(b))) = step.clone() else {
            if let Some((name, ..)) = step {
                place.push('/');
                place.push_str(&name);
            }
            return place;
        };
        place.push('/');
        place.push_str(&name);
        (one, other) = (a.clone(), b.clone());
    }
}

fn fingerprints_differ(one: Option<&Value>, other: Option<&Value>) -> bool {
    let text = |value: Option<&Value>| {
        value.map(|value| {
            let mut text = String::new();
            canonical(value, &mut text);
            text
        })
    };
    text(one) != text(other)
}

/// A name as part of a path: letters, digits and `-._~` stay, everything else is written as bytes.
fn encoded(name: &str) -> String {
    name.bytes().fold(String::new(), |mut text, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => text.push(byte.into()),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_that_say_the_same_have_one_fingerprint() {
        let same = [r#"{"width":64,"height":36}"#, "{ \"height\": 36.0, \"width\": 64 }"];
        assert_eq!(fingerprint(same[0]), fingerprint(same[1]));
        assert_ne!(fingerprint(same[0]), fingerprint(r#"{"width":64,"height":"36"}"#));
        assert_ne!(fingerprint(r#"{"a":[1,2]}"#), fingerprint(r#"{"a":[2,1]}"#));
    }

    #[test]
    fn the_first_difference_is_found() {
        let body = r#"{"a":1,"e":[{"x":1},{"y":2}]}"#;
        for (other, place) in [
            (r#"{"a":2,"e":[]}"#, "/a"),
            (r#"{"a":1,"e":[{"x":1},{"y":3}]}"#, "/e/1/y"),
            (r#"{"a":1,"e":[{"x":1}]}"#, "/e/1"),
            (r#"{"a":1.0,"e":[{"x":1},{"y":2}],"z/z":0}"#, "/z~1z"),
            ("[]", ""),
        ] {
            assert_eq!(difference(body, other), place, "{other}");
        }
    }

    #[test]
    fn names_are_safe_in_a_path() {
        assert_eq!(encoded("a b/ü\r\n.mp4"), "a%20b%2F%C3%BC%0D%0A.mp4");
    }
}
