//! Content resources: films that were made here and files that callers sent.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::error::GenError;
use super::renders::{file_url, has_file, picture_url, status};
use super::request::{Call, nothing_else, text_of};
use crate::app::App;
use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::id::{AssetId, WorkspaceId};
use crate::mime;
use crate::moment::Moment;
use crate::sign::to_hex;
use crate::store::{Asset, AssetKind, AssetStatus, Generation, Listed, Output, Resource, ResourceFilter};

/// Rows of a page.
const PAGE: u32 = 20;
/// Most resources that are asked for by number at once.
const MOST: usize = 100;
/// On the wire, numbers of files that were sent come after this one, and those of films before it, so that
/// the two never meet. Every program keeps whole numbers of this size exactly.
const SENT: i64 = 1_000_000_000_000;
/// Longest name of a file, in characters.
pub const MAX_NAME: usize = 255;

/// Random bytes of what opens a file to everybody.
const TOKEN_BYTES: usize = 20;

/// What opens a file to everybody who has it. Ids would not do: those of one moment follow each other.
///
/// # Errors
/// When the system gives no random numbers.
pub fn token() -> Result<String, GenError> {
    let mut bytes = [0; TOKEN_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(%error, "there are no random numbers");
        GenError::internal()
    })?;
    Ok(to_hex(&bytes))
}

/// A film or a file.
pub enum Shelved {
    /// The film of a generation.
    Film(Box<Generation>),
    /// A file that was sent.
    Sent(Box<Resource>),
}

impl Shelved {
    fn listed(&self) -> Listed {
        match self {
            Self::Film(film) => Listed::Film(film.id),
            Self::Sent(file) => Listed::Sent(file.id),
        }
    }
}

fn missing() -> GenError {
    GenError::missing("content_resource_not_found", "content resource")
}

/// The number of a file that was sent, on the wire.
pub const fn number_of(file: &Resource) -> i64 {
    SENT + file.id
}

/// What a number on the wire stands for.
fn listed(text: &str) -> Option<Listed> {
    let number: i64 = text.parse().ok()?;
    match number.checked_sub(SENT) {
        Some(sent) if sent > 0 => Some(Listed::Sent(sent)),
        _ => Some(Listed::Film(number)),
    }
}

async fn load(app: &App, workspace: &WorkspaceId, which: Listed) -> Result<Option<Shelved>, GenError> {
    Ok(match which {
        Listed::Film(id) => {
            let film = app.store.generation(workspace, id).await?.filter(has_file);
            film.map(|film| Shelved::Film(Box::new(film)))
        }
        Listed::Sent(id) => {
            let file = app.store.resource(workspace, id).await?.filter(|file| file.is_attached);
            file.map(|file| Shelved::Sent(Box::new(file)))
        }
    })
}

/// The film or file of a number.
///
/// # Errors
/// When there is none.
pub async fn find(app: &App, workspace: &WorkspaceId, id: &str) -> Result<Shelved, GenError> {
    let which = listed(id).ok_or_else(missing)?;
    load(app, workspace, which).await?.ok_or_else(missing)
}

/// The public address of a file that was sent.
pub fn sent_url(app: &App, file: &Resource) -> String {
    format!("{}/uploads/{}.{}", app.public_url, file.token, mime::extension_of(&file.asset.source_url))
}

/// A resource as callers see it.
pub fn resource_json(app: &App, shelved: &Shelved) -> Value {
    match shelved {
        Shelved::Film(film) => {
            let own = film.render.output.as_ref().map(|output| output.filename.clone());
            json!({
                "id": film.id,
                "url": file_url(app, film),
                "thumbnail_url": picture_url(app, film),
                "file_name": film.filename.clone().or(own),
                "content_type": "video/mp4",
            })
        }
        Shelved::Sent(file) => json!({
            "id": number_of(file),
            "url": sent_url(app, file),
            "thumbnail_url": null,
            "file_name": file.filename,
            "content_type": file.asset.content_type,
        }),
    }
}

/// A resource in its envelope, with what made it.
pub fn envelope(app: &App, shelved: &Shelved) -> Value {
    let generator = match shelved {
        Shelved::Film(film) => {
            json!({ "id": film.id, "status": status(film.render.status), "type": "remotion" })
        }
        Shelved::Sent(_) => Value::Null,
    };
    json!({ "content_resource": resource_json(app, shelved), "generator": generator })
}

/// `GET /v1/content_resources`.
pub async fn list(Call { app, caller, asked }: Call) -> Result<Json<Value>, GenError> {
    let kind = match asked.query("type") {
        None | Some("") => None,
        Some("video") => Some(AssetKind::Video),
        Some("image") => Some(AssetKind::Image),
        Some("audio") => Some(AssetKind::Audio),
        Some("zip" | "safe_tensors") => return Ok(Json(json!([]))),
        Some(other) => return Err(GenError::invalid(format!("there is no type `{other}`"))),
    };
    let skip = asked.number("page")?.unwrap_or(0).saturating_mul(PAGE);
    let sheet = asked.number("project_id")?.map(i64::from);
    let ids = asked.queries("ids[]");
    let mut found = Vec::new();
    if ids.is_empty() {
        let filter = ResourceFilter { kind, sheet };
        for which in app.store.resources(&caller.workspace, filter, skip, PAGE).await? {
            // One that was removed in between is left out.
            found.extend(load(&app, &caller.workspace, which).await?);
        }
    } else if ids.len() > MOST {
        return Err(GenError::invalid(format!("at most {MOST} `ids[]` can be asked for at once")));
    } else {
        for id in ids {
            let which = listed(id).ok_or_else(|| GenError::invalid("`ids[]` has what is no number"))?;
            found.extend(load(&app, &caller.workspace, which).await?);
        }
        found.retain(|shelved| match shelved {
            Shelved::Film(film) => {
                kind.is_none_or(|kind| kind == AssetKind::Video) && sheet.is_none_or(|id| id == film.sheet)
            }
            Shelved::Sent(file) => kind.is_none_or(|kind| kind == file.asset.kind) && sheet.is_none(),
        });
    }
    Ok(Json(found.iter().map(|shelved| resource_json(&app, shelved)).collect()))
}

/// `GET /v1/content_resources/{id}`.
pub async fn read(Path(id): Path<String>, Call { app, caller, .. }: Call) -> Result<Json<Value>, GenError> {
    Ok(Json(envelope(&app, &find(&app, &caller.workspace, &id).await?)))
}

/// `PATCH /v1/content_resources/{id}`: another name.
pub async fn rename(
    Path(id): Path<String>,
    Call { app, caller, asked }: Call,
) -> Result<StatusCode, GenError> {
    let mut fields = asked.fields("content_resource");
    let name = text_of(&mut fields, "filename", MAX_NAME)?.filter(|name| !name.trim().is_empty());
    nothing_else(&fields)?;
    let name = name.ok_or_else(|| GenError::invalid("`filename` is missing"))?;
    let found = find(&app, &caller.workspace, &id).await?;
    match app.store.rename_resource(&caller.workspace, found.listed(), &name).await? {
        true => Ok(StatusCode::OK),
        false => Err(missing()),
    }
}

/// `DELETE /v1/content_resources/{id}`: it is open to nobody any more, and its bytes go.
pub async fn remove(Path(id): Path<String>, Call { app, caller, .. }: Call) -> Result<StatusCode, GenError> {
    let done = match find(&app, &caller.workspace, &id).await? {
        Shelved::Film(film) => {
            app.store.remove_film(&caller.workspace, film.id, &file_url(&app, &film)).await?
        }
        Shelved::Sent(file) => app.store.remove_resource(&caller.workspace, file.id).await?,
    };
    match done {
        true => Ok(StatusCode::OK),
        false => Err(missing()),
    }
}

/// `GET /outputs/{name}`: a film, to everybody who has its address.
///
/// # Errors
/// When it is not there any more.
pub async fn output(State(app): State<Arc<App>>, Path(name): Path<String>) -> Result<Response, ApiError> {
    lead_to(&app, &film_of(&app, &name, ".mp4").await?.key)
}

/// `GET /thumbnails/{name}`: the picture of its first frame.
///
/// # Errors
/// As [`output`].
pub async fn thumbnail(State(app): State<Arc<App>>, Path(name): Path<String>) -> Result<Response, ApiError> {
    let output = film_of(&app, &name, ".jpg").await?;
    lead_to(&app, &output.thumbnail_key.ok_or_else(|| ApiError::not_found("file"))?)
}

/// `GET /uploads/{name}`: a file that was sent, to everybody who has its address.
///
/// # Errors
/// As [`output`].
pub async fn sent(State(app): State<Arc<App>>, Path(name): Path<String>) -> Result<Response, ApiError> {
    let missing = || ApiError::not_found("file");
    let file = app.store.resource_of(named_token(&name)).await?.ok_or_else(missing)?;
    let is_named = mime::extension_of(&name) == mime::extension_of(&file.asset.source_url);
    match file.asset.key.filter(|_| is_named) {
        Some(key) => lead_to(&app, &key),
        None => Err(missing()),
    }
}

/// What stands before the first dot.
fn named_token(name: &str) -> &str {
    name.split('.').next().unwrap_or_default()
}

fn lead_to(app: &App, key: &str) -> Result<Response, ApiError> {
    let url = app.signed_url(&format!("/v1/files/{key}"), app.config.view_lives);
    let location = HeaderValue::from_str(&url)
        .map_err(|_| ApiError::new(ErrorCode::Internal, "the file has no address"))?;
    let no_store = HeaderValue::from_static("no-store");
    Ok((StatusCode::FOUND, [(header::LOCATION, location), (header::CACHE_CONTROL, no_store)]).into_response())
}

async fn film_of(app: &App, name: &str, ending: &str) -> Result<Output, ApiError> {
    let missing = || ApiError::not_found("file");
    let token = name.strip_suffix(ending).ok_or_else(missing)?;
    let found = app.store.generation_of(token).await?.filter(has_file).ok_or_else(missing)?;
    found.render.output.ok_or_else(missing)
}

/// The address by which a body names what is open under a public address of this interface; `None` for every
/// other address.
///
/// # Errors
/// When nothing is there, or it belongs to somebody else.
pub async fn source_of(app: &App, caller: &Caller, url: &str) -> Result<Option<String>, GenError> {
    let gone = || GenError::invalid(format!("there is nothing at `{url}`"));
    let Some(path) = url.strip_prefix(&app.public_url) else { return Ok(None) };
    if let Some(name) = path.strip_prefix("/outputs/") {
        let token = name.strip_suffix(".mp4").ok_or_else(gone)?;
        let film = app.store.generation_of(token).await?.filter(has_file).ok_or_else(gone)?;
        if film.render.workspace != caller.workspace {
            return Err(gone());
        }
        return as_asset(app, caller, url, &film).await.map(Some);
    }
    if let Some(name) = path.strip_prefix("/uploads/") {
        let file = app.store.resource_of(named_token(name)).await?;
        let file = file.filter(|file| file.asset.workspace == caller.workspace).ok_or_else(gone)?;
        return Ok(Some(file.asset.source_url));
    }
    Ok(None)
}

/// The address by which bodies name the film of a generation. The bytes are those that are kept already.
async fn as_asset(app: &App, caller: &Caller, url: &str, film: &Generation) -> Result<String, GenError> {
    if let Some(asset) = app.store.copy_of(&caller.workspace, url).await? {
        return Ok(asset.source_url);
    }
    let output = film.render.output.as_ref();
    let output = output.ok_or_else(|| GenError::not_found("file"))?;
    let id = AssetId::generate();
    let asset = Asset {
        source_url: app.asset_url(&id, "mp4"),
        id,
        workspace: caller.workspace.clone(),
        kind: AssetKind::Video,
        content_type: output.content_type.clone(),
        status: AssetStatus::Ready,
        key: Some(output.key.clone()),
        copied_from: Some(url.to_owned()),
        size_bytes: Some(output.size_bytes),
        duration_millis: Some(output.duration_millis),
        size: Some((output.width, output.height)),
        created_at: Moment::now(),
        expires_at: None,
        error: None,
    };
    app.store.add_asset(&asset).await?;
    Ok(asset.source_url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_do_not_follow_each_other() {
        let (first, second) = (token().unwrap(), token().unwrap());
        let beside = first.bytes().zip(second.bytes()).filter(|(a, b)| a != b).count();
        assert!(first.len() == 40 && beside > 20, "{first} {second}");
    }

    #[test]
    fn numbers_of_films_and_files_do_not_meet() {
        assert_eq!(listed("7"), Some(Listed::Film(7)));
        assert_eq!(listed("1000000000007"), Some(Listed::Sent(7)));
        assert_eq!(listed("1000000000000"), Some(Listed::Film(SENT)));
        assert_eq!(listed("-9223372036854775808"), Some(Listed::Film(i64::MIN)));
        assert_eq!(listed("9223372036854775807"), Some(Listed::Sent(i64::MAX - SENT)));
        assert_eq!((listed(""), listed("x"), listed("99999999999999999999")), (None, None, None));
    }
}
