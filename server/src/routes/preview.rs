//! `POST /v1/preview`: what would become of a body.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use serde_json::{Value, json};
use tokio::sync::watch;
use vid_timeline::api::{self, NoMedia, Severity, Violation};

use super::json::Fields;
use super::renders::{checked, violations};
use super::request::invalid;
use crate::app::App;
use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::id;
use crate::moment::Moment;
use crate::retention::PREVIEWS_FOLDER;
use crate::store::Failure;
use crate::worker::launch::Ended;
use crate::worker::order::{Order, Work};
use crate::worker::sources::{self, Found, SourceError};

/// Longest side of a picture that can be asked for, in pixels.
const MAX_SIDE: u32 = 1920;
/// The shortest.
const MIN_SIDE: u32 = 16;
/// That of a picture for which nothing is said.
const DEFAULT_SIDE: u32 = 640;
/// Most pictures of one request.
const MAX_TIMES: usize = 16;
/// Latest instant of a picture, in seconds: a day.
const MAX_SECONDS: f64 = 86_400.0;
/// How long is waited for others whose pictures are made.
const TURN: Duration = Duration::from_secs(10);
/// How long fetching media and making the pictures may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is wanted of a body.
struct Wish {
    /// The instants in milliseconds.
    times: Vec<i64>,
    /// Most pixels a side.
    side: u32,
}

/// A render request with `dry_run: true` is checked as a submission is and nothing is made of it; the answer
/// is 200 whatever is found, and `valid` says whether the same body would be accepted. Without, single frames
/// are made of it, of which `times`, `time` and `side` say which and how large.
///
/// # Errors
/// When the wish makes no sense, and for pictures when the body has mistakes, its media cannot be had or the
/// frames not be made.
pub async fn preview(
    State(app): State<Arc<App>>,
    caller: Caller,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, ApiError> {
    let mut fields = Fields::read(body)?;
    let is_dry = fields.flag("dry_run")? == Some(true);
    let wish = wish(&mut fields)?;
    let body = fields.rest().to_string();
    let found = violations(&app, &body);
    let is_valid = !found.iter().any(|violation: &Violation| violation.severity == Severity::Error);
    let mut answer = json!({ "valid": is_valid, "violations": found, "summary": summary(&body, is_valid) });
    if !is_dry {
        checked(&app, &body)?;
        app.room.check()?;
        let frames = pictures(&app, &caller, body, &wish).await?;
        answer["frames"] = json!(frames);
    }
    Ok(Json(answer))
}

fn wish(fields: &mut Fields) -> Result<Wish, ApiError> {
    let side = match fields.number("side")? {
        None => DEFAULT_SIDE,
        Some(side) if (f64::from(MIN_SIDE)..=f64::from(MAX_SIDE)).contains(&side) => side as u32,
        Some(_) => return Err(invalid("side", format!("is not a number from {MIN_SIDE} to {MAX_SIDE}"))),
    };
    let time = fields.number("time")?;
    let times = fields.numbers("times")?;
    let times = match (time, times) {
        (Some(_), Some(_)) => return Err(invalid("time", "is given beside `times`; one of them is enough")),
        (time, None) => vec![time.unwrap_or(0.0)],
        (None, Some(times)) => times,
    };
    if times.is_empty() || times.len() > MAX_TIMES {
        return Err(invalid("times", format!("has {} numbers; 1 to {MAX_TIMES}", times.len())));
    }
    if times.iter().any(|time| *time > MAX_SECONDS) {
        return Err(invalid("times", format!("has an instant after {MAX_SECONDS} s")));
    }
    Ok(Wish { times: times.into_iter().map(|time| (time * 1000.0).round() as i64).collect(), side })
}

fn summary(body: &str, is_valid: bool) -> Option<Value> {
    let timeline = api::from_json(body, &NoMedia).timeline.filter(|_| is_valid)?;
    let millis = timeline.duration.seconds() * vid_timeline::Rational::from(1000_i64);
    let millis = i64::try_from(millis.floor()).unwrap_or(i64::MAX);
    Some(json!({
        "width": timeline.size.width,
        "height": timeline.size.height,
        "duration": millis as f64 / 1000.0,
    }))
}

/// A folder that goes when it is no longer needed, whichever way that comes about.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left behind goes with the next start.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn pictures(app: &App, caller: &Caller, body: String, wish: &Wish) -> Result<Vec<Value>, ApiError> {
    let busy = || ApiError::new(ErrorCode::RateLimited, "too many previews at once").retry_after(1);
    let turn = tokio::time::timeout(TURN, app.previews.acquire()).await;
    let _turn = turn.map_err(|_| busy())?.map_err(|_| busy())?;
    let scratch = Scratch(app.config.previews().join(id::ulid().to_string()));
    tokio::fs::create_dir_all(&scratch.0).await.map_err(|error| {
        tracing::error!(%error, "there is no place to work");
        ApiError::new(ErrorCode::Internal, "something went wrong here")
    })?;
    let made = tokio::time::timeout(PATIENCE, make(app, caller, body, wish, &scratch.0)).await;
    made.map_err(|_| {
        ApiError::new(ErrorCode::Internal, format!("it took longer than {} s", PATIENCE.as_secs()))
    })?
}

async fn make(
    app: &App,
    caller: &Caller,
    body: String,
    wish: &Wish,
    scratch: &Path,
) -> Result<Vec<Value>, ApiError> {
    let sources = files(app, caller, &body, scratch).await?;
    let frames: Vec<(i64, PathBuf)> = wish
        .times
        .iter()
        .enumerate()
        .map(|(number, millis)| (*millis, scratch.join(format!("frame-{number}.jpg"))))
        .collect();
    let order = Order {
        body,
        sources,
        segments: app.config.segments(),
        work: Work::Frames { frames: frames.clone(), side: wish.side },
        isolation: app.config.isolation,
        memory: app.config.render_memory,
    };
    let (tell, _) = watch::channel(None);
    let ended = app.launcher.run(&order, &tell).await.map_err(|error| {
        tracing::error!(%error, "no child can be started");
        ApiError::new(ErrorCode::Internal, "the pictures could not be made here")
    })?;
    match ended {
        Ended::Done(_) => {}
        Ended::Failed(failure) | Ended::Hindered(failure) => return Err(told(failure)),
        Ended::Died(how) => {
            tracing::warn!(how, "the child of a preview died");
            let message = format!("the film ends the process that makes it: {how}");
            return Err(ApiError::new(ErrorCode::Internal, message));
        }
    }
    let mut answers = Vec::new();
    for (millis, file) in frames {
        let key = app.artifacts.put(PREVIEWS_FOLDER, "jpg", &file).await.map_err(|error| {
            tracing::error!(%error, "a picture cannot be kept");
            ApiError::new(ErrorCode::Internal, "the pictures could not be kept")
        })?;
        let url = app.signed_url(&format!("/v1/files/{key}"), app.config.view_lives);
        answers.push(json!({ "time": millis as f64 / 1000.0, "url": url }));
    }
    Ok(answers)
}

/// The local files of a body; what is elsewhere is fetched.
async fn files(
    app: &App,
    caller: &Caller,
    body: &str,
    scratch: &Path,
) -> Result<BTreeMap<String, PathBuf>, ApiError> {
    let found = sources::find(app, &caller.workspace, Moment::now(), body, scratch).await;
    let (mut files, elsewhere) = match found.map_err(unhad)? {
        Found::Here { files, elsewhere } => (files, elsewhere),
        Found::Later(_) => {
            return Err(ApiError::new(ErrorCode::Conflict, "the bytes of an upload are not here yet"));
        }
    };
    for (number, url) in elsewhere.into_iter().enumerate() {
        let file = sources::fetch(app, &url, scratch, number).await.map_err(unhad)?;
        files.insert(url, file);
    }
    Ok(files)
}

fn unhad(error: SourceError) -> ApiError {
    match error {
        SourceError::Refused(failure) => told(failure),
        SourceError::Later(reason) => ApiError::new(ErrorCode::InvalidSource, reason),
        SourceError::Store(error) => error.into(),
    }
}

fn told(failure: Failure) -> ApiError {
    ApiError::new(failure.code, failure.message)
}
