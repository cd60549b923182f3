//! `GET /openapi.json`: the interface, for programs that make clients and tests of it.

use std::sync::{Arc, OnceLock};

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};
use vid_timeline::api::json_schema;

use super::SHEETS;
use super::gen_api::operations::{GEN_LINKS, GEN_OPERATIONS, SHEET_OPERATIONS};
use super::gen_api::request::AGENT;
use super::openapi_schemas::schemas;
use crate::app::App;
use crate::error::ErrorCode;
use crate::id::{AssetId, AttemptId, KeyId, RenderId, WebhookId};

/// Who may ask.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
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
pub(super) struct Operation {
    method: &'static str,
    path: &'static str,
    about: &'static str,
    door: Door,
    /// Names of parameters of the query.
    query: &'static [&'static str],
    /// Whether an `Idempotency-Key` has it done once.
    keyed: bool,
    /// The schema of the body it takes.
    takes: Option<&'static str>,
    /// The schema of the form that may come instead.
    form: Option<&'static str>,
    /// Statuses of success, each with the schema of what comes back; empty for no JSON.
    gives: &'static [(u16, &'static str)],
    /// Codes of the errors that are its own, beside those of every endpoint.
    errors: &'static [ErrorCode],
}

/// What every endpoint of the second interface may answer.
const GUEST_ERRORS: &[(&str, &str)] = &[
    ("401", "`unauthorized`"),
    ("404", "`not_found`, `spreadsheet_not_found`, `project_not_found`, `content_resource_not_found`"),
    (
        "422",
        "`agent_not_found`, `content_resource_creation_failed`, `direct_upload_failed`, `file_size_exceeded`, \
         `invalid_content_type`, `job_cannot_be_stopped`, `validation_error`",
    ),
    ("429", "`rate_limited`"),
    ("500", "`internal`"),
];
const PAGE: &[&str] = &["limit", "cursor"];
/// Periods of use: 1d to 366d.
const PERIOD: &str = "^([1-9]|[1-9][0-9]|[12][0-9]{2}|3[0-5][0-9]|36[0-6])d$";
const SIGNED: &[&str] = &["expires", "signature"];

/// An endpoint of which nothing more is said.
pub(super) const fn operation(method: &'static str, path: &'static str, about: &'static str) -> Operation {
    Operation {
        method,
        path,
        about,
        door: Door::Key,
        query: &[],
        keyed: false,
        takes: None,
        form: None,
        gives: &[],
        errors: &[],
    }
}

impl Operation {
    pub(super) const fn door(self, door: Door) -> Self {
        Self { door, ..self }
    }

    pub(super) const fn query(self, query: &'static [&'static str]) -> Self {
        Self { query, ..self }
    }

    pub(super) const fn keyed(self) -> Self {
        Self { keyed: true, ..self }
    }

    pub(super) const fn form(self, schema: &'static str) -> Self {
        Self { form: Some(schema), ..self }
    }

    pub(super) const fn takes(self, schema: &'static str) -> Self {
        Self { takes: Some(schema), ..self }
    }

    pub(super) const fn gives(self, gives: &'static [(u16, &'static str)]) -> Self {
        Self { gives, ..self }
    }

    pub(super) const fn errors(self, errors: &'static [ErrorCode]) -> Self {
        Self { errors, ..self }
    }
}

use ErrorCode::{
    CodecUnsupported, Conflict, Forbidden, Internal, InvalidRequest, InvalidSource, NotFound, RateLimited,
    SourceNotFound, SourceTooLarge, Unauthorized, UnsupportedContentType, UnsupportedFeature,
};

/// Every endpoint of the first interface and beside them, in the order of the router.
const OPERATIONS: &[Operation] = &[
    operation("get", "/v1/renders", "Lists renders, newest first.")
        .query(&["limit", "cursor", "status"])
        .gives(&[(200, "JobPage")]),
    operation("post", "/v1/renders", "Submits a composition. With an `Idempotency-Key` it is accepted once.")
        .keyed()
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
];

/// Every endpoint of both interfaces.
fn operations() -> impl Iterator<Item = &'static Operation> {
    OPERATIONS.iter().chain(GEN_OPERATIONS).chain(SHEET_OPERATIONS.into_iter().flatten())
}

/// Whether a path is open to everybody.
pub(super) fn is_open(path: &str) -> bool {
    operations().any(|operation| operation.path == path && operation.door == Door::Open)
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
    for operation in operations() {
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
        if let Some(links) = links(operation) {
            response["links"] = links;
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
            let mut content = content(schema);
            if let Some(form) = operation.form {
                let schema = json!({ "$ref": format!("#/components/schemas/{form}") });
                content["multipart/form-data"] = json!({ "schema": schema });
            }
            // The second interface takes no body for an empty one.
            let is_needed = operation.door != Door::Guest;
            described["requestBody"] = json!({ "required": is_needed, "content": content });
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
    let mut all: Vec<Value> = names_in(operation.path)
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": text() }))
        .collect();
    for name in operation.query {
        let schema = match *name {
            "limit" => json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 50 }),
            "wait" => json!({ "type": "integer", "minimum": 0, "maximum": u64::MAX }),
            "page" | "project_id" | "workspace_id" => {
                json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX })
            }
            "expires" => json!({ "type": "integer" }),
            "agent_id" => json!({ "type": "integer", "enum": [AGENT] }),
            "page_size" => json!({ "type": "integer", "minimum": 1, "maximum": 1000 }),
            "type" => json!({ "type": "string", "enum": ["image", "video", "audio", "zip", "safe_tensors"] }),
            "ids[]" => {
                json!({ "type": "array", "maxItems": 100, "items": { "type": "integer", "minimum": 1 } })
            }
            "include_user_jobs" | "include_video_layers" | "with_execution_cost" => {
                json!({ "type": "boolean" })
            }
            "status" => json!({ "$ref": "#/components/schemas/Status" }),
            "period" => json!({ "type": "string", "pattern": PERIOD }),
            "cursor" => json!({ "type": "string", "pattern": cursor(operation.path) }),
            _ => text(),
        };
        // What takes a body may be told its agent there, too.
        let is_needed = operation.door == Door::Signed || *name == "agent_id";
        all.push(json!({ "name": name, "in": "query", "required": is_needed, "schema": schema }));
    }
    if operation.keyed {
        let schema = json!({ "type": "string", "pattern": "^[ -~]{1,255}$" });
        all.push(json!({ "name": "Idempotency-Key", "in": "header", "required": false, "schema": schema }));
    }
    all
}

/// What a page of this path is asked for with: the id of its last row, or nothing at all.
fn cursor(path: &str) -> String {
    let prefix = match path {
        "/v1/renders" => RenderId::PREFIX,
        "/v1/webhooks" => WebhookId::PREFIX,
        "/v1/api-keys" => KeyId::PREFIX,
        "/v1/workspace/assets" => AssetId::PREFIX,
        "/v1/webhooks/{id}/deliveries" => AttemptId::PREFIX,
        // Of what there is none, no page has ended anywhere.
        _ => return "^$".to_owned(),
    };
    format!("^({prefix}[0-7][0-9A-HJKMNP-TV-Z]{{25}})?$")
}

/// An endpoint, as method and path.
type Place = (&'static str, &'static str);

/// What can be done with a thing whose `id` an answer holds: who answers so, and who takes the id.
const LINKS: &[(Place, &[Place])] = &[
    (
        ("post", "/v1/renders"),
        &[("get", "/v1/renders/{id}"), ("get", "/v1/renders/{id}/download"), ("delete", "/v1/renders/{id}")],
    ),
    (("post", "/v1/imports"), &[("get", "/v1/imports/{id}")]),
    (
        ("post", "/v1/webhooks"),
        &[
            ("get", "/v1/webhooks/{id}"),
            ("patch", "/v1/webhooks/{id}"),
            ("post", "/v1/webhooks/{id}/rotate-secret"),
            ("get", "/v1/webhooks/{id}/deliveries"),
            ("delete", "/v1/webhooks/{id}"),
        ],
    ),
    (("post", "/v1/api-keys"), &[("delete", "/v1/api-keys/{id}")]),
];

/// The links of an answer with success, by name.
fn links(operation: &Operation) -> Option<Value> {
    let Some((_, targets)) = LINKS.iter().find(|(from, _)| *from == (operation.method, operation.path))
    else {
        return guest_links(operation);
    };
    let link = |(method, path): &Place| {
        let target = name_of(method, path);
        (target.clone(), json!({ "operationId": target, "parameters": { "id": "$response.body#/id" } }))
    };
    Some(Value::Object(targets.iter().map(link).collect()))
}

/// The links of an answer of the second interface: to every endpoint of its family whose path can be filled with
/// what the answer names, and what the request did.
fn guest_links(operation: &Operation) -> Option<Value> {
    let sheets = SHEETS.iter().find(|name| operation.path.starts_with(**name));
    let relative = sheets.map_or(operation.path, |name| &operation.path[name.len()..]);
    let (_, _, family, known) =
        GEN_LINKS.iter().find(|(method, path, ..)| (*method, *path) == (operation.method, relative))?;
    let family =
        format!("{}{family}", sheets.copied().filter(|_| !family.starts_with("/v1/")).unwrap_or_default());
    let mut links = Map::new();
    for target in operations().filter(|target| target.path.starts_with(&family)) {
        let names = names_in(target.path).collect::<Vec<&str>>();
        let filled: Option<Vec<_>> =
            names.iter().map(|name| known.iter().find(|(known, _)| known == name)).collect();
        let Some(filled) = filled.filter(|_| target.path != operation.path) else { continue };
        if filled.iter().any(|(_, from)| from.starts_with("$response")) {
            let parameters: Map<String, Value> =
                filled.into_iter().map(|(name, from)| ((*name).to_owned(), json!(from))).collect();
            let id = id_of(target);
            links.insert(id.clone(), json!({ "operationId": id, "parameters": parameters }));
        }
    }
    Some(Value::Object(links))
}

/// The names of what a path is filled with.
fn names_in(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// A name for programs: `get_v1_renders_id`.
fn id_of(operation: &Operation) -> String {
    name_of(operation.method, operation.path)
}

fn name_of(method: &str, path: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    let path: String = path.chars().filter(|letter| !matches!(letter, '{' | '}')).map(plain).collect();
    format!("{method}{path}")
}

#[cfg(test)]
mod tests {
    use super::super::{ENDPOINTS, SHEET_ENDPOINTS};
    use super::*;

    #[test]
    fn every_route_is_described_and_every_description_is_a_route() {
        let of = |operations: &mut dyn Iterator<Item = &'static Operation>| -> Vec<(&str, &str)> {
            operations.map(|operation| (operation.method, operation.path)).collect()
        };
        assert_eq!(of(&mut OPERATIONS.iter().chain(GEN_OPERATIONS)), ENDPOINTS);
        for (name, operations) in SHEETS.iter().zip(SHEET_OPERATIONS) {
            let found = of(&mut operations.iter());
            let found: Vec<(&str, &str)> =
                found.into_iter().map(|(method, path)| (method, path.strip_prefix(name).unwrap())).collect();
            assert_eq!(found, SHEET_ENDPOINTS);
        }
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
        let mut ids: Vec<String> = operations().map(id_of).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), operations().count());
        for (from, targets) in LINKS {
            for place in targets.iter().chain([from]) {
                assert!(operations().any(|one| (one.method, one.path) == *place), "{place:?}");
            }
        }
    }

    #[test]
    fn what_is_made_leads_to_what_can_be_done_with_it() {
        let document = document();
        for (method, path, ..) in GEN_LINKS {
            let path =
                if path.starts_with("/v1/") { (*path).to_owned() } else { format!("/v1/vidsheet{path}") };
            let answers = document["paths"][&path][method]["responses"].as_object().unwrap();
            let links: usize =
                answers.values().filter_map(|answer| Some(answer["links"].as_object()?.len())).sum();
            assert!(links > 0, "{path}");
        }
        let layer = "/paths/~1v1~1vidsheet~1{id}~1cells~1{cell}~1layers/post/responses/201/links/\
            patch_v1_vidsheet_id_cells_cell_layers_layer/parameters";
        let wanted =
            json!({ "id": "$request.path.id", "cell": "$request.path.cell", "layer": "$response.body#/id" });
        assert_eq!(document.pointer(layer), Some(&wanted));
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
