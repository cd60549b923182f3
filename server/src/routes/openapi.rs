//! `GET /openapi.json`: the interface, for programs that make clients and tests of it.

use std::sync::{Arc, OnceLock};

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};
use vid_timeline::api::json_schema;

use super::openapi_schemas::schemas;
use crate::app::App;
use crate::error::ErrorCode;

/// Who may ask.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    /// Whoever has a key.
    Key,
    /// Everybody.
    Open,
    /// Whoever has a signed address.
    Signed,
    /// Whoever has a key, in the manner of the second interface.
    Guest,
}

/// What is said of an endpoint.
struct Operation {
    method: &'static str,
    path: &'static str,
    about: &'static str,
    door: Door,
    /// Names of parameters of the query.
    query: &'static [&'static str],
    /// The schema of the body it takes.
    takes: Option<&'static str>,
    /// Statuses of success, each with the schema of what comes back; empty for no JSON.
    gives: &'static [(u16, &'static str)],
    /// Codes of the errors that are its own, beside those of every endpoint.
    errors: &'static [ErrorCode],
}

/// What every endpoint of the second interface may answer.
const GUEST_ERRORS: &[(&str, &str)] = &[
    ("401", "`unauthorized`"),
    ("404", "`not_found`, `spreadsheet_not_found`, `project_not_found`, `content_resource_not_found`"),
    ("422", "`agent_not_found`, `job_cannot_be_stopped`, `validation_error`"),
    ("429", "`rate_limited`"),
    ("500", "`internal`"),
];
const PAGE: &[&str] = &["limit", "cursor"];
const SIGNED: &[&str] = &["expires", "signature"];

const fn operation(method: &'static str, path: &'static str, about: &'static str) -> Operation {
    Operation { method, path, about, door: Door::Key, query: &[], takes: None, gives: &[], errors: &[] }
}

impl Operation {
    const fn door(self, door: Door) -> Self {
        Self { door, ..self }
    }

    const fn query(self, query: &'static [&'static str]) -> Self {
        Self { query, ..self }
    }

    const fn takes(self, schema: &'static str) -> Self {
        Self { takes: Some(schema), ..self }
    }

    const fn gives(self, gives: &'static [(u16, &'static str)]) -> Self {
        Self { gives, ..self }
    }

    const fn errors(self, errors: &'static [ErrorCode]) -> Self {
        Self { errors, ..self }
    }
}

use ErrorCode::{
    CodecUnsupported, Conflict, Forbidden, Internal, InvalidRequest, InvalidSource, NotFound, RateLimited,
    SourceNotFound, SourceTooLarge, Unauthorized, UnsupportedContentType, UnsupportedFeature,
};

/// Every endpoint, in the order of the router.
const OPERATIONS: &[Operation] = &[
    operation("get", "/v1/renders", "Lists renders, newest first.")
        .query(&["limit", "cursor", "status"])
        .gives(&[(200, "JobPage")]),
    operation("post", "/v1/renders", "Submits a composition. With an `Idempotency-Key` it is accepted once.")
        .takes("RenderRequest")
        .gives(&[(202, "Job"), (200, "Job")])
        .errors(&[Conflict, UnsupportedFeature]),
    operation("get", "/v1/renders/{id}", "Reads a render, and waits for its end as long as `wait` says.")
        .query(&["wait"])
        .gives(&[(200, "Job")])
        .errors(&[NotFound]),
    operation("delete", "/v1/renders/{id}", "Calls a render off that has not ended.")
        .gives(&[(200, "Job")])
        .errors(&[NotFound, Conflict]),
    operation("get", "/v1/renders/{id}/download", "Leads to the finished file.")
        .gives(&[(302, "")])
        .errors(&[NotFound, Conflict]),
    operation(
        "post",
        "/v1/preview",
        "Checks a render request with `dry_run: true`; makes single frames of it without.",
    )
    .takes("PreviewRequest")
    .gives(&[(200, "Preview")])
    .errors(&[
        UnsupportedFeature,
        Conflict,
        InvalidSource,
        SourceNotFound,
        SourceTooLarge,
        CodecUnsupported,
    ]),
    operation("post", "/v1/uploads", "Asks for a place for a file.")
        .takes("UploadRequest")
        .gives(&[(201, "Upload")])
        .errors(&[UnsupportedContentType]),
    operation(
        "put",
        "/v1/uploads/{workspace}/{asset}",
        "Takes the bytes of a file, at the address that was given out.",
    )
    .door(Door::Signed)
    .query(SIGNED)
    .takes("")
    .gives(&[(200, "")])
    .errors(&[
        Forbidden,
        NotFound,
        Conflict,
        UnsupportedContentType,
        SourceTooLarge,
        InvalidSource,
        InvalidRequest,
    ]),
    operation("post", "/v1/imports", "Asks for a copy of a remote file.")
        .takes("ImportRequest")
        .gives(&[(202, "Import")])
        .errors(&[InvalidSource]),
    operation("get", "/v1/imports/{id}", "Reads how a copy is coming along.")
        .gives(&[(200, "Import")])
        .errors(&[NotFound]),
    operation("get", "/v1/media/{name}", "Leads to the file behind a source address.")
        .gives(&[(302, "")])
        .errors(&[NotFound, Conflict, InvalidSource]),
    operation("get", "/v1/files/{folder}/{shelf}/{name}", "Gives a kept file, or a range of it.")
        .door(Door::Signed)
        .query(SIGNED)
        .gives(&[(200, ""), (206, ""), (302, "")])
        .errors(&[Forbidden, NotFound]),
    operation(
        "get",
        "/v1/files/{folder}/{shelf}/{name}/{download}",
        "Gives a kept file, to be saved under a name.",
    )
    .door(Door::Signed)
    .query(SIGNED)
    .gives(&[(200, ""), (206, ""), (302, "")])
    .errors(&[Forbidden, NotFound]),
    operation("get", "/v1/webhooks", "Lists receivers, newest first.")
        .query(PAGE)
        .gives(&[(200, "WebhookPage")]),
    operation("post", "/v1/webhooks", "Registers a receiver. The answer holds the secret.")
        .takes("WebhookRequest")
        .gives(&[(201, "NewWebhook")]),
    operation("get", "/v1/webhooks/{id}", "Reads a receiver.").gives(&[(200, "Webhook")]).errors(&[NotFound]),
    operation("patch", "/v1/webhooks/{id}", "Changes a receiver: what is named.")
        .takes("WebhookChange")
        .gives(&[(200, "Webhook")])
        .errors(&[NotFound]),
    operation("delete", "/v1/webhooks/{id}", "Removes a receiver.").gives(&[(204, "")]).errors(&[NotFound]),
    operation(
        "post",
        "/v1/webhooks/{id}/rotate-secret",
        "Gives the workspace another secret; the old one stops at once.",
    )
    .gives(&[(200, "Secret")])
    .errors(&[NotFound]),
    operation("get", "/v1/webhooks/{id}/deliveries", "Lists attempts to tell a receiver, newest first.")
        .query(PAGE)
        .gives(&[(200, "DeliveryPage")])
        .errors(&[NotFound]),
    operation("get", "/v1/api-keys", "Lists keys, newest first, revoked ones included.")
        .query(PAGE)
        .gives(&[(200, "KeyPage")]),
    operation("post", "/v1/api-keys", "Makes a key, which is shown once.")
        .takes("KeyRequest")
        .gives(&[(201, "NewKey")]),
    operation("delete", "/v1/api-keys/{id}", "Revokes a key.").gives(&[(204, "")]).errors(&[NotFound]),
    operation("get", "/v1/workspace", "Reads the workspace.")
        .gives(&[(200, "Workspace")])
        .errors(&[NotFound]),
    operation("get", "/v1/workspace/usage", "Sums up what was used in the last days.")
        .query(&["period"])
        .gives(&[(200, "Usage")]),
    operation("get", "/v1/workspace/assets", "Lists films and sounds that can be used, newest first.")
        .query(PAGE)
        .gives(&[(200, "AssetPage")]),
    operation("get", "/v1/capabilities", "Says what is rendered here.")
        .door(Door::Open)
        .gives(&[(200, "Capabilities")]),
    operation("get", "/v1/tasks", "Lists AI tasks: there are none.").query(PAGE).gives(&[(200, "Page")]),
    operation("get", "/v1/tasks/{id}", "Reads an AI task: there are none.").errors(&[NotFound]),
    operation("post", "/v1/tasks/{id}", "Asks for an AI task: none is done here.")
        .errors(&[UnsupportedFeature, NotFound]),
    operation("delete", "/v1/tasks/{id}", "Calls off an AI task: there are none.").errors(&[NotFound]),
    operation("get", "/v1/tasks/{id}/download", "Leads to what an AI task made: there are none.")
        .errors(&[NotFound]),
    operation("get", "/v1/projects", "Lists projects: not supported.").errors(&[UnsupportedFeature]),
    operation("post", "/v1/projects", "Makes a project: not supported.").errors(&[UnsupportedFeature]),
    operation("post", "/v1/signup", "Makes a workspace: not supported.")
        .door(Door::Open)
        .errors(&[UnsupportedFeature]),
    operation("post", "/v1/signup/verify", "Confirms a workspace: not supported.")
        .door(Door::Open)
        .errors(&[UnsupportedFeature]),
    operation("post", "/v1/billing/portal", "Leads to bills: not supported.").errors(&[UnsupportedFeature]),
    operation("get", "/openapi.json", "This document.").door(Door::Open).gives(&[(200, "Document")]),
    operation("get", "/healthz", "Says that the process answers.").door(Door::Open).gives(&[(200, "Health")]),
    operation("get", "/readyz", "Says whether requests can be served.")
        .door(Door::Open)
        .gives(&[(200, "Health"), (503, "Health")]),
    operation("get", "/metrics", "Counters for Prometheus.").door(Door::Open).gives(&[(200, "")]),
    operation("get", "/status", "A page for people, with the renders of whoever has a key.")
        .door(Door::Open)
        .gives(&[(200, "")]),
    operation("get", "/status/page.js", "What the page does.").door(Door::Open).gives(&[(200, "")]),
    operation("get", "/status/page.css", "What the page looks like.").door(Door::Open).gives(&[(200, "")]),
    operation("get", "/status/page.svg", "The sign of the page.").door(Door::Open).gives(&[(200, "")]),
    operation("post", "/v1/autocontentengine", "Makes a sheet.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .takes("GenRequest")
        .gives(&[(201, "GenObject")]),
    operation("get", "/v1/autocontentengine/{id}", "Reads a sheet with everything in it.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .gives(&[(200, "GenObject")]),
    operation("delete", "/v1/autocontentengine/{id}", "Removes a sheet; what was rendered of it stays.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .gives(&[(204, "")]),
    operation("get", "/v1/autocontentengine/{id}/rows", "Lists the rows of a sheet.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .gives(&[(200, "GenList")]),
    operation("post", "/v1/autocontentengine/{id}/rows", "Adds a row to a sheet.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .takes("GenRequest")
        .gives(&[(201, "GenObject")]),
    operation("get", "/v1/autocontentengine/{id}/cells/{cell}", "Reads a cell with its layers and takes.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .gives(&[(200, "GenObject")]),
    operation("patch", "/v1/autocontentengine/{id}/cells/{cell}", "Changes a cell.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .takes("GenRequest")
        .gives(&[(200, "GenObject")]),
    operation(
        "post",
        "/v1/autocontentengine/{id}/cells/{cell}/render",
        "Renders the layers of a cell. With an `Idempotency-Key` it is done once.",
    )
    .door(Door::Guest)
    .query(&["agent_id"])
    .takes("GenRequest")
    .gives(&[(201, "GenObject")]),
    operation("post", "/v1/autocontentengine/{id}/cells/{cell}/layers", "Adds a layer to a cell.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .takes("GenRequest")
        .gives(&[(201, "GenObject")]),
    operation(
        "put",
        "/v1/autocontentengine/{id}/cells/{cell}/layers/update_positions",
        "Gives layers other positions.",
    )
    .door(Door::Guest)
    .query(&["agent_id"])
    .takes("GenRequest")
    .gives(&[(200, "GenList")]),
    operation("get", "/v1/autocontentengine/{id}/cells/{cell}/layers/{layer}", "Reads a layer.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .gives(&[(200, "GenObject")]),
    operation(
        "patch",
        "/v1/autocontentengine/{id}/cells/{cell}/layers/{layer}",
        "Changes a layer: what is named.",
    )
    .door(Door::Guest)
    .query(&["agent_id"])
    .takes("GenRequest")
    .gives(&[(200, "GenObject")]),
    operation(
        "put",
        "/v1/autocontentengine/{id}/cells/{cell}/layers/{layer}",
        "Changes a layer: what is named.",
    )
    .door(Door::Guest)
    .query(&["agent_id"])
    .takes("GenRequest")
    .gives(&[(200, "GenObject")]),
    operation("delete", "/v1/autocontentengine/{id}/cells/{cell}/layers/{layer}", "Removes a layer.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .gives(&[(204, "")]),
    operation(
        "post",
        "/v1/autocontentengine/{id}/cells/{cell}/layers/{layer}/duplicate",
        "Makes a copy of a layer.",
    )
    .door(Door::Guest)
    .query(&["agent_id"])
    .takes("GenRequest")
    .gives(&[(201, "GenObject")]),
    operation("post", "/v1/vidsheet", "Makes a sheet.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .takes("GenRequest")
        .gives(&[(201, "GenObject")]),
    operation("get", "/v1/vidsheet/{id}", "Reads a sheet with everything in it.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .gives(&[(200, "GenObject")]),
    operation("delete", "/v1/vidsheet/{id}", "Removes a sheet; what was rendered of it stays.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .gives(&[(204, "")]),
    operation("get", "/v1/vidsheet/{id}/rows", "Lists the rows of a sheet.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .gives(&[(200, "GenList")]),
    operation("post", "/v1/vidsheet/{id}/rows", "Adds a row to a sheet.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .takes("GenRequest")
        .gives(&[(201, "GenObject")]),
    operation("get", "/v1/vidsheet/{id}/cells/{cell}", "Reads a cell with its layers and takes.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .gives(&[(200, "GenObject")]),
    operation("patch", "/v1/vidsheet/{id}/cells/{cell}", "Changes a cell.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .takes("GenRequest")
        .gives(&[(200, "GenObject")]),
    operation(
        "post",
        "/v1/vidsheet/{id}/cells/{cell}/render",
        "Renders the layers of a cell. With an `Idempotency-Key` it is done once.",
    )
    .door(Door::Guest)
    .query(&["agent_id"])
    .takes("GenRequest")
    .gives(&[(201, "GenObject")]),
    operation("post", "/v1/vidsheet/{id}/cells/{cell}/layers", "Adds a layer to a cell.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .takes("GenRequest")
        .gives(&[(201, "GenObject")]),
    operation(
        "put",
        "/v1/vidsheet/{id}/cells/{cell}/layers/update_positions",
        "Gives layers other positions.",
    )
    .door(Door::Guest)
    .query(&["agent_id"])
    .takes("GenRequest")
    .gives(&[(200, "GenList")]),
    operation("get", "/v1/vidsheet/{id}/cells/{cell}/layers/{layer}", "Reads a layer.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .gives(&[(200, "GenObject")]),
    operation("patch", "/v1/vidsheet/{id}/cells/{cell}/layers/{layer}", "Changes a layer: what is named.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .takes("GenRequest")
        .gives(&[(200, "GenObject")]),
    operation("put", "/v1/vidsheet/{id}/cells/{cell}/layers/{layer}", "Changes a layer: what is named.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .takes("GenRequest")
        .gives(&[(200, "GenObject")]),
    operation("delete", "/v1/vidsheet/{id}/cells/{cell}/layers/{layer}", "Removes a layer.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .gives(&[(204, "")]),
    operation("post", "/v1/vidsheet/{id}/cells/{cell}/layers/{layer}/duplicate", "Makes a copy of a layer.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .takes("GenRequest")
        .gives(&[(201, "GenObject")]),
    operation("get", "/v1/remotion_jobs", "Lists renders of a sheet, newest first.")
        .door(Door::Guest)
        .query(&["agent_id", "project_id", "page"])
        .gives(&[(200, "GenList")]),
    operation("post", "/v1/remotion_jobs", "Renders the layers of a cell.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .takes("GenRequest")
        .gives(&[(201, "GenObject")]),
    operation("get", "/v1/generations/{id}", "Reads how a render is coming along.")
        .door(Door::Guest)
        .gives(&[(200, "GenObject")]),
    operation("post", "/v1/generations/{id}/stop", "Calls a render off that has not ended.")
        .door(Door::Guest)
        .gives(&[(200, "GenObject")]),
    operation(
        "post",
        "/v1/generations/{id}/continue",
        "Takes a render up again that was called off: not done here.",
    )
    .door(Door::Guest),
    operation("get", "/v1/content_resources", "Lists films, newest first.")
        .door(Door::Guest)
        .query(&["agent_id", "type", "project_id", "page"])
        .gives(&[(200, "GenList")]),
    operation("get", "/v1/content_resources/{id}", "Reads what is known of a film.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .gives(&[(200, "GenObject")]),
    operation("delete", "/v1/content_resources/{id}", "Closes a film for everybody.")
        .door(Door::Guest)
        .query(&["agent_id"])
        .gives(&[(200, "")]),
    operation("get", "/v1/me", "Says who is calling.").door(Door::Guest).gives(&[(200, "GenObject")]),
    operation("get", "/v1/workspaces", "Lists workspaces: there is one.")
        .door(Door::Guest)
        .gives(&[(200, "GenList")]),
    operation("get", "/v1/agents", "Lists agents: there is one.")
        .door(Door::Guest)
        .gives(&[(200, "GenList")]),
    operation(
        "get",
        "/outputs/{name}",
        "Leads to a film of the second interface, for everybody who has its address.",
    )
    .door(Door::Open)
    .gives(&[(302, "")])
    .errors(&[NotFound]),
    operation("get", "/thumbnails/{name}", "Leads to the picture of its first frame.")
        .door(Door::Open)
        .gives(&[(302, "")])
        .errors(&[NotFound]),
];

/// Whether a path takes requests without a key: what is open, and what has signed addresses.
pub(super) fn needs_no_key(path: &str) -> bool {
    OPERATIONS
        .iter()
        .any(|operation| operation.path == path && !matches!(operation.door, Door::Key | Door::Guest))
}

static DOCUMENT: OnceLock<Value> = OnceLock::new();

/// The document, with the address that callers use.
pub async fn read(State(app): State<Arc<App>>) -> Json<Value> {
    let mut document = DOCUMENT.get_or_init(document).clone();
    document["servers"] = json!([{ "url": app.public_url }]);
    Json(document)
}

fn document() -> Value {
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method] = described(operation);
    }
    let mut schemas = schemas();
    let request = hoisted(json_schema(), &mut schemas);
    schemas.insert("RenderRequest".to_owned(), request);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Render API",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "security": [{ "key": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": { "type": "http", "scheme": "bearer" },
                "guest_key": { "type": "apiKey", "in": "header", "name": "X-API-Key" },
            },
        },
    })
}

/// The schema of bodies without its definitions, which go to the others under names of their own.
fn hoisted(mut schema: Value, schemas: &mut Map<String, Value>) -> Value {
    let Some(fields) = schema.as_object_mut() else { return schema };
    fields.shift_remove("$schema");
    fields.shift_remove("$id");
    if let Some(Value::Object(definitions)) = fields.shift_remove("$defs") {
        for (name, mut definition) in definitions {
            point(&mut definition);
            schemas.insert(format!("Render{name}"), definition);
        }
    }
    point(&mut schema);
    schema
}

/// Leads references to where the definitions are now.
fn point(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(target) if key == "$ref" => {
                        *target = target.replace("#/$defs/", "#/components/schemas/Render");
                    }
                    other => point(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(point),
        _ => {}
    }
}

fn described(operation: &Operation) -> Value {
    let mut responses = Map::new();
    for (status, schema) in operation.gives {
        let mut response = json!({ "description": words(*status) });
        if !schema.is_empty() {
            response["content"] = content(schema);
        }
        if *status == 302 {
            response["headers"] = json!({ "Location": { "schema": { "type": "string" } } });
        }
        responses.insert(status.to_string(), response);
    }
    let common: &[ErrorCode] = match operation.door {
        Door::Key => &[Unauthorized, InvalidRequest, RateLimited, Internal],
        Door::Open | Door::Signed => &[InvalidRequest, RateLimited, Internal],
        Door::Guest => &[],
    };
    if operation.door == Door::Guest {
        for (status, about) in GUEST_ERRORS {
            let response = json!({ "description": about, "content": content("GenError") });
            responses.insert((*status).to_owned(), response);
        }
    }
    for code in ErrorCode::ALL.iter().filter(|code| operation.errors.contains(code) || common.contains(code))
    {
        let status = code.status().as_u16().to_string();
        let entry = responses
            .entry(status)
            .or_insert_with(|| json!({ "description": "", "content": content("Error") }));
        let before = entry["description"].as_str().unwrap_or_default();
        let named = if before.is_empty() {
            format!("`{}`", code.name())
        } else {
            format!("{before}, `{}`", code.name())
        };
        entry["description"] = json!(named);
    }
    let mut described = json!({
        "operationId": id_of(operation),
        "summary": operation.about,
        "parameters": parameters(operation),
        "responses": responses,
    });
    match operation.door {
        Door::Key => {}
        Door::Guest => described["security"] = json!([{ "guest_key": [] }, { "key": [] }]),
        Door::Open | Door::Signed => described["security"] = json!([]),
    }
    match operation.takes {
        None => {}
        Some("") => {
            let bytes = json!({ "*/*": { "schema": { "type": "string", "format": "binary" } } });
            described["requestBody"] = json!({ "required": true, "content": bytes });
        }
        Some(schema) => {
            described["requestBody"] = json!({ "required": true, "content": content(schema) });
        }
    }
    described
}

fn words(status: u16) -> &'static str {
    match status {
        201 => "made",
        202 => "accepted",
        204 => "done",
        206 => "part of it",
        302 => "it is there",
        503 => "not now",
        _ => "as asked",
    }
}

fn content(schema: &str) -> Value {
    json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{schema}") } } })
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let text = || json!({ "type": "string" });
    let mut all: Vec<Value> = operation
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": text() }))
        .collect();
    for name in operation.query {
        let schema = match *name {
            "limit" => json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 50 }),
            "wait" => json!({ "type": "integer", "minimum": 0 }),
            "expires" | "page" | "agent_id" | "project_id" => json!({ "type": "integer" }),
            "status" => json!({ "$ref": "#/components/schemas/Status" }),
            "period" => json!({ "type": "string", "pattern": "^[0-9]{1,3}d$" }),
            _ => text(),
        };
        let is_needed = operation.door == Door::Signed;
        all.push(json!({ "name": name, "in": "query", "required": is_needed, "schema": schema }));
    }
    if (operation.method, operation.path) == ("post", "/v1/renders") {
        let schema = json!({ "type": "string", "minLength": 1, "maxLength": 255 });
        all.push(json!({ "name": "Idempotency-Key", "in": "header", "required": false, "schema": schema }));
    }
    all
}

/// A name for programs: `get_v1_renders_id`.
fn id_of(operation: &Operation) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    let path: String =
        operation.path.chars().filter(|letter| !matches!(letter, '{' | '}')).map(plain).collect();
    format!("{}{path}", operation.method)
}

#[cfg(test)]
mod tests {
    use super::super::ENDPOINTS;
    use super::*;

    #[test]
    fn every_route_is_described_and_every_description_is_a_route() {
        let described: Vec<(&str, &str)> =
            OPERATIONS.iter().map(|operation| (operation.method, operation.path)).collect();
        assert_eq!(described, ENDPOINTS);
    }

    #[test]
    fn every_reference_leads_somewhere_and_nothing_lies_about() {
        let document = document();
        let mut wanted = Vec::new();
        references(&document, &mut wanted);
        let schemas = document["components"]["schemas"].as_object().unwrap();
        for name in &wanted {
            assert!(schemas.contains_key(name), "{name}");
        }
        for name in schemas.keys() {
            assert!(wanted.contains(name), "{name} is used by nothing");
        }
        let mut ids: Vec<String> = OPERATIONS.iter().map(id_of).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), OPERATIONS.len());
    }

    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    match value.as_str().filter(|_| key == "$ref") {
                        Some(target) => found.push(target.rsplit('/').next().unwrap().to_owned()),
                        None => references(value, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
}
