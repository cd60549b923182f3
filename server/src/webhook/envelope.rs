//! What a receiver is told: one JSON object, the same at every attempt but for addresses that expire.

use serde_json::{Value, json};

use crate::app::App;
use crate::routes::renders::job_json;
use crate::store::{EventKind, EventRow, StoreError};

/// The body for an event. A render is told as it is now, with what the event itself says of it on top, so
/// that news that come late do not say more than they meant to.
///
/// # Errors
/// When the store fails.
pub async fn envelope(app: &App, event: &EventRow) -> Result<String, StoreError> {
    let said: Value = serde_json::from_str(&event.data).unwrap_or_else(|_| json!({}));
    let data = match (&event.render, event.kind) {
        // An asset has no job around it, also when it was copied for one.
        (_, EventKind::AssetReady | EventKind::AssetFailed) | (None, _) => said,
        (Some(id), kind) => match app.store.render(&event.workspace, id).await? {
            None => said,
            Some(render) => {
                let mut job = job_json(app, &render);
                if kind == EventKind::RenderProgress {
                    job["status"] = json!("processing");
                    for field in ["progress_percent", "progress_stage"] {
                        if let Some(value) = said.get(field) {
                            job[field] = value.clone();
                        }
                    }
                    for field in ["output", "error", "completed_at"] {
                        job[field] = Value::Null;
                    }
                }
                job
            }
        },
    };
    let body = json!({
        "id": event.id.as_str(),
        "type": event.kind.name(),
        "created_at": event.created_at,
        "workspace_id": event.workspace.as_str(),
        "data": data,
    });
    Ok(body.to_string())
}
