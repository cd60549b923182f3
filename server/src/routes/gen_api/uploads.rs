//! Files on their way in: sent with a form, or to an address that was asked for before.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{FromRequest, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt;
use md5::{Digest, Md5};
use multer::{Constraints, Field, Multipart, SizeLimit};
use serde_json::{Value, json};

use super::error::GenError;
use super::request::{Asked, Guest, integer_of, nothing_else, text_of};
use super::resources::{MAX_NAME, Shelved, envelope, number_of, token};
use crate::app::App;
use crate::auth::Caller;
use crate::error::{ApiError, ErrorCode};
use crate::id::{self, AssetId};
use crate::intake::{self, IntakeError};
use crate::mime::MediaType;
use crate::moment::Moment;
use crate::routes::uploads::{receive, upload_url, waiting};
use crate::store::{AssetStatus, NewResource, Promise, Resource};

/// Most bytes of a file that is sent to an address, as the contract has it.
const MAX_BYTES: u64 = 1 << 30;
/// Bytes of an MD5.
const MD5_BYTES: usize = 16;
/// Most bytes of what a form says beside its file.
const MAX_TEXT: u64 = 65_536;
/// Most parts of a form.
const MAX_PARTS: usize = 16;
/// How long is waited for bytes that a bucket has and this server has not looked at.
const ARRIVAL: Duration = Duration::from_secs(20);
/// How often is looked whether they have been.
const GLANCE: Duration = Duration::from_millis(200);
/// What the part of a form with the file is called.
const FILE_PARTS: [&str; 2] = ["content_resource[file]", "file"];

fn failed(message: impl Into<String>) -> GenError {
    GenError::coded("content_resource_creation_failed", message)
}

/// What went wrong with bytes on their way in; what is our fault stays ours.
fn refused(error: ApiError) -> GenError {
    match error.code {
        ErrorCode::Internal | ErrorCode::RateLimited => error.into(),
        _ => failed(error.message),
    }
}

fn unkept(error: IntakeError) -> GenError {
    match error {
        IntakeError::Store(error) => error.into(),
        IntakeError::Storage(error) => crate::routes::uploads::unkept(error).into(),
    }
}

/// `POST /v1/direct_upload`: an address for bytes that are described before.
pub async fn direct(
    State(app): State<Arc<App>>,
    Guest(caller): Guest,
    asked: Asked,
) -> Result<Json<Value>, GenError> {
    app.room.check()?;
    let wrong = |message: String| GenError::coded("direct_upload_failed", message);
    let mut blob = asked.fields("blob");
    let filename = text_of(&mut blob, "filename", MAX_NAME).ok().flatten();
    let filename = filename.filter(|name| !name.trim().is_empty());
    let filename = filename
        .ok_or_else(|| wrong(format!("`blob.filename` is no name of at most {MAX_NAME} characters")))?;
    let declared = text_of(&mut blob, "content_type", MAX_NAME).ok().flatten().unwrap_or_default();
    let kind = MediaType::of_declared(&declared)
        .ok_or_else(|| GenError::coded("invalid_content_type", format!("`{declared}` is not taken")))?;
    let bytes = integer_of(&mut blob, "byte_size").ok().flatten().and_then(|bytes| u64::try_from(bytes).ok());
    let bytes = bytes.filter(|bytes| *bytes > 0);
    let bytes = bytes.ok_or_else(|| wrong("`blob.byte_size` is no number of bytes".to_owned()))?;
    let most = MAX_BYTES.min(app.config.outside.max_bytes());
    if bytes > most {
        let message = format!("a file may have {most} bytes, not {bytes}");
        return Err(GenError::coded("file_size_exceeded", message));
    }
    let checksum = text_of(&mut blob, "checksum", MAX_NAME).ok().flatten().unwrap_or_default();
    if STANDARD.decode(&checksum).ok().is_none_or(|md5| md5.len() != MD5_BYTES) {
        return Err(wrong("`blob.checksum` is no MD5 in base64".to_owned()));
    }
    // The contract lets callers say more, which nothing here depends on.
    blob.remove("metadata");
    if let Some(name) = blob.keys().next() {
        return Err(wrong(format!("`blob.{name}` is not known here")));
    }
    let (asset, url) = place(&app, &caller, kind, &filename).await?;
    let promise = Promise { bytes, md5: checksum.clone() };
    let (signed, content_type) = (asset.id.to_string(), asset.content_type.clone());
    let new = NewResource { asset, token: token()?, filename: filename.clone(), promise: Some(promise) };
    let (key, number) = (new.token.clone(), app.store.add_resource(new, Moment::now()).await?);
    let found = app.store.resource(&caller.workspace, number).await?;
    let number = found.as_ref().map(number_of);
    let headers = json!({ "Content-Type": content_type, "Content-MD5": checksum });
    Ok(Json(json!({
        "id": number,
        "key": key,
        "filename": filename,
        "content_type": content_type,
        "byte_size": bytes,
        "checksum": checksum,
        "signed_id": signed,
        "direct_upload": { "url": url, "headers": headers },
        // Where one of the known clients looks for them.
        "url": url,
        "headers": headers,
    })))
}

/// A place for a file that is called so, and the address to send it to.
async fn place(
    app: &App,
    caller: &Caller,
    kind: MediaType,
    filename: &str,
) -> Result<(crate::store::Asset, String), GenError> {
    // The name says which spelling of the extension it is to be, and nothing that the type does not.
    let named = MediaType::of_name(filename).filter(|named| named.kind == kind.kind).unwrap_or(kind);
    let asset = waiting(app, &caller.workspace, kind, named.extension, Moment::now());
    let url = upload_url(app, &asset, kind, Moment::now()).await.map_err(|error| {
        let error = crate::routes::uploads::unkept(error);
        GenError::coded("direct_upload_failed", error.message)
    })?;
    Ok((asset, url))
}

/// `POST /v1/content_resources`: a form with a file, or the `signed_id` of one that was sent.
pub async fn create(
    State(app): State<Arc<App>>,
    Guest(caller): Guest,
    request: Request,
) -> Result<Response, GenError> {
    app.room.check()?;
    let declared = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let boundary = declared.and_then(|declared| multer::parse_boundary(declared).ok());
    let file = match boundary {
        Some(boundary) => form(&app, &caller, request, boundary).await?,
        None => {
            let asked = Asked::from_request(request, &app).await?;
            asked.agent()?;
            let (mut fields, mut beside) = asked.split("content_resource");
            no_folder(beside.remove("asset_folder").or_else(|| fields.remove("asset_folder")))?;
            let signed = match fields.remove("file") {
                Some(Value::String(signed)) => signed,
                _ => return Err(failed("`content_resource.file` is not the `signed_id` of an upload")),
            };
            nothing_else(&fields)?;
            nothing_else(&beside)?;
            arrived(&app, &caller, &signed).await?
        }
    };
    let answer = envelope(&app, &Shelved::Sent(Box::new(file)));
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

/// There are no folders here, so nothing can be put into one.
fn no_folder(folder: Option<Value>) -> Result<(), GenError> {
    let named = folder.and_then(|folder| folder.get("id").cloned()).filter(|id| !id.is_null());
    match named {
        None => Ok(()),
        Some(id) => Err(failed(format!("there is no folder {id}; there are none here"))),
    }
}

/// What a form brings.
async fn form(app: &App, caller: &Caller, request: Request, boundary: String) -> Result<Resource, GenError> {
    let most = app.config.outside.max_bytes();
    let mut sizes = SizeLimit::new().whole_stream(most.saturating_add(MAX_TEXT * 2)).per_field(MAX_TEXT);
    for part in FILE_PARTS {
        sizes = sizes.for_field(part, most);
    }
    let query = request.uri().query().unwrap_or_default();
    let mut agent = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "agent_id")
        .map(|(_, value)| value.into_owned());
    let stream = request.into_body().into_data_stream();
    let mut form = Multipart::with_constraints(stream, boundary, Constraints::new().size_limit(sizes));
    let unreadable = |error: multer::Error| failed(format!("the form cannot be read: {error}"));
    let mut taken = None;
    for _ in 0..MAX_PARTS {
        let Some(part) = form.next_field().await.map_err(unreadable)? else { break };
        let name = part.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "agent_id" => agent = agent.or(Some(part.text().await.map_err(unreadable)?)),
            "asset_folder[id]" => {
                let id = part.text().await.map_err(unreadable)?;
                no_folder((!id.is_empty()).then(|| json!({ "id": id })))?;
            }
            name if FILE_PARTS.contains(&name) => {
                // Nothing is taken in for somebody who may not send it.
                Asked::of_agent(agent.as_deref()).agent()?;
                if taken.is_some() {
                    return Err(failed("the form has more than one file"));
                }
                taken = Some(match part.file_name() {
                    Some(_) => sent(app, caller, part, most).await?,
                    None => arrived(app, caller, &short(part).await?).await?,
                });
            }
            other => return Err(failed(format!("`{other}` is not known here"))),
        }
    }
    Asked::of_agent(agent.as_deref()).agent()?;
    taken.ok_or_else(|| failed("the form has no `content_resource[file]`"))
}

/// The text of a part that could have been a file, and so may be long.
async fn short(mut part: Field<'_>) -> Result<String, GenError> {
    let mut text = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(|_| failed("the form cannot be read"))? {
        text.extend_from_slice(&piece);
        if text.len() as u64 > MAX_TEXT {
            return Err(failed("`content_resource[file]` is neither a file nor a `signed_id`"));
        }
    }
    String::from_utf8(text)
        .map_err(|_| failed("`content_resource[file]` is neither a file nor a `signed_id`"))
}

/// Takes the file of a form in.
async fn sent(app: &App, caller: &Caller, part: Field<'_>, most: u64) -> Result<Resource, GenError> {
    let filename: String = part.file_name().unwrap_or_default().chars().take(MAX_NAME).collect();
    let declared = part.content_type().map(|kind| kind.essence_str().to_owned());
    let kind = declared.as_deref().and_then(MediaType::of_declared).or_else(|| MediaType::of_name(&filename));
    let Some(kind) = kind else {
        return Err(failed(format!("neither the type nor the name of `{filename}` is one of those taken")));
    };
    let named = MediaType::of_name(&filename).filter(|named| named.kind == kind.kind).unwrap_or(kind);
    let file = intake::folder(&app.config).join(id::ulid().to_string());
    let done = async {
        let bytes = receive(&file, part, most).await.map_err(refused)?;
        app.metrics.received(bytes);
        let asset = waiting(app, &caller.workspace, kind, named.extension, Moment::now());
        let filename = if filename.is_empty() { format!("upload.{}", named.extension) } else { filename };
        let new = NewResource { asset: asset.clone(), token: token()?, filename, promise: None };
        let number = app.store.add_resource(new, Moment::now()).await?;
        let asset = intake::settle(app, asset, &file).await.map_err(unkept)?;
        if let Some(failure) = asset.error {
            app.store.remove_resource(&caller.workspace, number).await?;
            return Err(refused(ApiError::new(failure.code, failure.message)));
        }
        app.store.attach_resource(&caller.workspace, number).await?;
        let found = app.store.resource(&caller.workspace, number).await?;
        found.ok_or_else(|| failed("the file was removed in the meantime"))
    }
    .await;
    // The bytes are in the object store, or of no use.
    let _ = tokio::fs::remove_file(&file).await;
    done
}

/// The file whose bytes were sent to the address that [`direct`] gave out, once they are what was promised.
async fn arrived(app: &App, caller: &Caller, signed: &str) -> Result<Resource, GenError> {
    let unknown = || failed("there is no upload with this `signed_id`");
    let id = AssetId::parse(signed).ok_or_else(unknown)?;
    let until = tokio::time::Instant::now() + ARRIVAL;
    let found = loop {
        let found = app.store.resource_with(&caller.workspace, &id).await?.ok_or_else(unknown)?;
        // What is sent through here is looked at before its sender hears of it; what is sent to a bucket, soon.
        let is_late = app.artifacts.address().is_none() || tokio::time::Instant::now() >= until;
        match found.asset.status {
            AssetStatus::Waiting if is_late => return Err(failed("the bytes of the upload are not here")),
            AssetStatus::Waiting => tokio::time::sleep(GLANCE).await,
            AssetStatus::Ready | AssetStatus::Failed => break found,
        }
    };
    if let Some(failure) = &found.asset.error {
        return Err(refused(ApiError::new(failure.code, failure.message.clone())));
    }
    if found.is_attached {
        return Ok(found);
    }
    if let Some(promise) = &found.promise {
        let size = found.asset.size_bytes;
        if size != Some(promise.bytes) {
            let size = size.unwrap_or(0);
            return Err(failed(format!("{} bytes were promised and {size} sent", promise.bytes)));
        }
        if md5_of(app, &found).await? != promise.md5 {
            return Err(failed("the bytes are not those of the `checksum`"));
        }
    }
    app.store.attach_resource(&caller.workspace, found.id).await?;
    Ok(Resource { is_attached: true, ..found })
}

/// The MD5 of a kept file, in base64.
async fn md5_of(app: &App, file: &Resource) -> Result<String, GenError> {
    let unkept = |error| GenError::from(crate::routes::uploads::unkept(error));
    let key = file.asset.key.as_deref().unwrap_or_default();
    let mut pieces = app.artifacts.get(key, None).await.map_err(unkept)?.into_stream();
    let mut hasher = Md5::new();
    while let Some(piece) = pieces.next().await {
        hasher.update(piece.map_err(|error| unkept(error.into()))?);
    }
    Ok(STANDARD.encode(hasher.finalize()))
}
