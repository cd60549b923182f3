//! The shapes of what comes and goes, for the document.

use serde_json::{Map, Value, json};

use super::webhooks::OF_TASKS;
use crate::error::ErrorCode;
use crate::mime::TAKEN;
use crate::store::{AssetKind, DeliveryStatus, EventKind, ImportStatus, RenderStatus, Stage};

/// An object all of whose fields are always there.
fn object(fields: Value) -> Value {
    let names: Vec<&String> = fields.as_object().map(|fields| fields.keys().collect()).unwrap_or_default();
    json!({ "type": "object", "required": names, "properties": fields })
}

/// The same object with one more field, which need not be there.
fn also(name: &str, schema: Value, mut object: Value) -> Value {
    object["properties"][name] = schema;
    object
}

/// The pictures of a preview.
fn frames() -> Value {
    json!({
        "type": "array",
        "items": object(json!({ "time": { "type": "number" }, "url": { "type": "string", "format": "uri" } })),
    })
}

/// An object of which only these fields have to be there, and no others may be.
fn request(needed: &[&str], fields: Value) -> Value {
    json!({ "type": "object", "required": needed, "properties": fields, "additionalProperties": false })
}

fn page(of: Value) -> Value {
    object(json!({
        "data": { "type": "array", "items": of },
        "next_cursor": { "type": ["string", "null"] },
        "has_more": { "type": "boolean" },
    }))
}

fn of(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn id(prefix: &str) -> Value {
    json!({ "type": "string", "pattern": format!("^{prefix}_[0-7][0-9A-HJKMNP-TV-Z]{{25}}$") })
}

fn names(names: Vec<&str>) -> Value {
    json!({ "type": "string", "enum": names })
}

/// Every shape but the body of a render.
pub fn schemas() -> Map<String, Value> {
    let text = || json!({ "type": "string" });
    let time = || json!({ "type": "string", "format": "date-time" });
    let or_null = |kind: &str| json!({ "type": [kind, "null"] });
    let time_or_null = || json!({ "type": ["string", "null"], "format": "date-time" });
    let failure = || json!({ "oneOf": [{ "type": "null" }, of("Failure")] });
    let codes = || names(ErrorCode::ALL.iter().map(|code| code.name()).collect());
    let events = || {
        let public = EventKind::ALL.iter().filter(|kind| kind.is_public());
        // Whoever lists those of tasks hears nothing of them: there are none.
        let known = public.map(|kind| kind.name()).chain(OF_TASKS.iter().copied());
        json!({ "type": ["array", "null"], "items": names(known.collect()) })
    };
    let mut all = Map::new();
    let mut add = |name: &str, schema: Value| all.insert(name.to_owned(), schema);
    add(
        "Error",
        object(json!({
            "error": {
                "type": "object",
                "required": ["code", "message"],
                "properties": { "code": codes(), "message": text(), "details": { "type": "object" } },
            },
            "request_id": text(),
        })),
    );
    add("Failure", object(json!({ "code": codes(), "message": text() })));
    add("Status", names(RenderStatus::ALL.iter().map(|status| status.name()).collect()));
    add(
        "Job",
        object(json!({
            "id": id("render"),
            "kind": { "const": "render" },
            "workspace_id": id("ws"),
            "status": of("Status"),
            "created_at": time(),
            "updated_at": time(),
            "completed_at": time_or_null(),
            "task_type": { "type": "null" },
            "progress_percent": { "type": "integer", "minimum": 0, "maximum": 100 },
            "progress_stage": { "oneOf": [{ "type": "null" }, names(Stage::ALL.iter().map(|stage| stage.name()).collect())] },
            "output": { "oneOf": [{ "type": "null" }, of("Output")] },
            "error": failure(),
            "metadata": { "type": "object", "additionalProperties": { "type": "string" } },
        })),
    );
    add(
        "Output",
        object(json!({
            "url": text(),
            "thumbnail_url": or_null("string"),
            "width": or_null("integer"),
            "height": or_null("integer"),
            "duration": or_null("number"),
            "size_bytes": or_null("integer"),
        })),
    );
    add("JobPage", page(of("Job")));
    add(
        "PreviewRequest",
        json!({
            "description": "A render request, and what is to be made of it.",
            "type": "object",
            "properties": {
                "dry_run": or_null("boolean"),
                "time": { "type": ["number", "null"], "minimum": 0, "maximum": 86400 },
                "times": {
                    "type": ["array", "null"],
                    "minItems": 1,
                    "maxItems": 16,
                    "items": { "type": "number", "minimum": 0, "maximum": 86400 },
                },
                "side": { "type": ["number", "null"], "minimum": 16, "maximum": 1920 },
            },
        }),
    );
    add(
        "Violation",
        json!({
            "type": "object",
            "required": ["code", "message", "severity"],
            "properties": {
                "code": text(),
                "message": text(),
                "severity": { "type": "string", "enum": ["error", "warning"] },
                "path": text(),
            },
        }),
    );
    add(
        "Preview",
        also(
            "frames",
            frames(),
            object(json!({
                "valid": { "type": "boolean" },
                "violations": { "type": "array", "items": of("Violation") },
                "summary": { "oneOf": [
                    { "type": "null" },
                    object(json!({
                        "width": { "type": "integer" },
                        "height": { "type": "integer" },
                        "duration": { "type": "number" },
                    })),
                ] },
            })),
        ),
    );
    add(
        "UploadRequest",
        request(
            &["content_type"],
            json!({
                "content_type": names(TAKEN.iter().map(|kind| kind.name).collect()),
                "filename": { "type": ["string", "null"], "maxLength": 255 },
                "duration": { "type": ["number", "null"], "minimum": 0 },
                "width": { "type": ["number", "null"], "minimum": 0 },
                "height": { "type": ["number", "null"], "minimum": 0 },
            }),
        ),
    );
    add("Upload", object(json!({ "upload_url": text(), "source_url": text(), "expires_at": time() })));
    add(
        "ImportRequest",
        request(
            &["url"],
            json!({
                "url": { "type": "string", "minLength": 1, "maxLength": 2083 },
                "filename": { "type": ["string", "null"], "maxLength": 255 },
            }),
        ),
    );
    add(
        "Import",
        object(json!({
            "id": id("import"),
            "status": names(ImportStatus::ALL.iter().map(|status| status.name()).collect()),
            "source_url": or_null("string"),
            "error": failure(),
            "created_at": time(),
        })),
    );
    add(
        "Asset",
        object(json!({
            "id": id("asset"),
            "source_url": text(),
            "kind": names(vec![AssetKind::Video.name(), AssetKind::Audio.name()]),
            "content_type": text(),
            "duration": or_null("number"),
            "width": or_null("integer"),
            "height": or_null("integer"),
            "size_bytes": or_null("integer"),
            "created_at": time(),
        })),
    );
    add("AssetPage", page(of("Asset")));
    add(
        "WebhookRequest",
        request(
            &["url"],
            json!({
                "url": { "type": "string", "minLength": 1, "maxLength": 2083 },
                "events": events(),
                "enabled": or_null("boolean"),
            }),
        ),
    );
    add(
        "WebhookChange",
        request(
            &[],
            json!({
                "url": { "type": ["string", "null"], "minLength": 1, "maxLength": 2083 },
                "events": events(),
                "enabled": or_null("boolean"),
            }),
        ),
    );
    let webhook = || {
        json!({
            "id": id("wh"),
            "url": text(),
            "events": { "type": "array", "items": text() },
            "enabled": { "type": "boolean" },
            "created_at": time(),
            "last_delivery_at": time_or_null(),
        })
    };
    add("Webhook", object(webhook()));
    let mut fresh = webhook();
    fresh["secret"] = text();
    add("NewWebhook", object(fresh));
    add("WebhookPage", page(of("Webhook")));
    add("Secret", object(json!({ "secret": { "type": "string", "pattern": "^whsec_" } })));
    add(
        "Delivery",
        object(json!({
            "id": id("att"),
            "delivery_id": id("dlv"),
            "webhook_id": or_null("string"),
            "event_type": text(),
            "status": names(DeliveryStatus::ALL.iter().map(|status| status.name()).collect()),
            "attempt_number": { "type": "integer", "minimum": 1 },
            "created_at": time(),
            "job_id": or_null("string"),
            "status_code": or_null("integer"),
            "response_body": or_null("string"),
            "attempted_at": time_or_null(),
            "next_retry_at": time_or_null(),
        })),
    );
    add("DeliveryPage", page(of("Delivery")));
    add(
        "KeyRequest",
        request(&["name"], json!({ "name": { "type": "string", "minLength": 1, "maxLength": 255 } })),
    );
    let key = || {
        json!({
            "id": id("key"),
            "name": text(),
            "key_prefix": text(),
            "created_at": time(),
            "last_used_at": time_or_null(),
            "revoked_at": time_or_null(),
        })
    };
    add("Key", object(key()));
    let mut fresh = key();
    fresh["key"] = text();
    add("NewKey", object(fresh));
    add("KeyPage", page(of("Key")));
    add(
        "Workspace",
        object(json!({
            "id": id("ws"),
            "name": text(),
            "plan": names(vec!["free", "pro", "enterprise"]),
            "created_at": time(),
        })),
    );
    add(
        "Usage",
        object(json!({
            "period_start": time(),
            "period_end": time(),
            "render_minutes": { "type": "number" },
            "task_count": { "type": "integer" },
            "egress_bytes": { "type": "integer" },
        })),
    );
    add(
        "Capabilities",
        json!({ "type": "object", "required": ["version"], "properties": { "version": text() } }),
    );
    add("Page", page(json!({})));
    add(
        "Document",
        json!({ "type": "object", "required": ["openapi"], "properties": { "openapi": text() } }),
    );
    add("Health", json!({ "type": "object", "required": ["status"], "properties": { "status": text() } }));
    all.extend(super::gen_api::schemas::schemas());
    all
}
