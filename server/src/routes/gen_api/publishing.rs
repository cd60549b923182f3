//! User jobs: what there is of them beside generations. Nothing is published from here.

use axum::Json;
use axum::extract::Path;
use serde_json::{Value, json};

use super::error::GenError;
use super::renders::{find, generation_json};
use super::request::{Asked, Call, Guest, text_of};
use super::sheets::MAX_NAME;

/// `POST /v1/user_jobs`: refused by name, for nothing here reaches a network that films are published on.
pub async fn submit(_: Guest, asked: Asked) -> Result<Json<Value>, GenError> {
    asked.agent()?;
    let mut fields = asked.fields("user_job");
    let kind = text_of(&mut fields, "user_job_type", MAX_NAME)?;
    let kind = kind.ok_or_else(|| GenError::invalid("`user_job_type` is missing"))?;
    if kind != "publish_content" {
        return Err(GenError::invalid(format!("jobs of the type `{kind}` are not done here")));
    }
    let data: Option<Value> = match fields.remove("data") {
        Some(Value::String(text)) => serde_json::from_str(&text).ok(),
        other => other,
    };
    let platform = data.as_ref().and_then(|data| data.get("platform")).and_then(Value::as_str);
    let platform = platform.ok_or_else(|| GenError::invalid("`data` is no JSON with a `platform`"))?;
    Err(GenError::invalid(format!("nothing is published from here: `{platform}` is not connected")))
}

/// `GET /v1/user_jobs/{id}`: a generation by its other name.
pub async fn read(Path(id): Path<String>, Call { app, caller, .. }: Call) -> Result<Json<Value>, GenError> {
    let job = generation_json(&app, &find(&app, &caller, &id).await?);
    Ok(Json(json!({
        "id": job["id"],
        "user_job_type": job["user_job_type"],
        "status": job["status"],
        "result": job["result"],
        "failed_reason": job["failed_reason"],
    })))
}
