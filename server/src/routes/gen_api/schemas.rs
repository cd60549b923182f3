//! The shapes of what comes and goes in this interface, for the document.

use serde_json::{Map, Value, json};

use super::request::AGENT;
use crate::mime::TAKEN;

fn of(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn list(schema: &str) -> Value {
    json!({ "type": "array", "items": of(schema) })
}

/// An object all of whose fields are always there.
fn object(fields: Value) -> Value {
    let names: Vec<&String> = fields.as_object().map(|fields| fields.keys().collect()).unwrap_or_default();
    json!({ "type": "object", "required": names, "properties": fields })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn number() -> Value {
    json!({ "type": "integer" })
}

fn text_or_null() -> Value {
    json!({ "type": ["string", "null"] })
}

fn short() -> Value {
    json!({ "type": ["string", "null"], "maxLength": 255 })
}

fn place() -> Value {
    json!({ "type": ["integer", "null"], "minimum": 0, "maximum": 1_000_000 })
}

/// What callers keep in attributes.
fn attributes() -> Value {
    json!({
        "type": ["object", "null"],
        "propertyNames": { "pattern": "^[A-Za-z0-9_.-]{1,64}$" },
        "additionalProperties": { "type": ["string", "number", "boolean", "null"] },
        "maxProperties": 100,
    })
}

fn agent() -> Value {
    json!({ "type": "integer", "enum": [AGENT] })
}

/// A body without a wrapper.
fn plain(needed: &[&str], fields: Value) -> Value {
    let mut fields = fields;
    fields["agent_id"] = agent();
    json!({ "type": "object", "required": needed, "properties": fields, "additionalProperties": false })
}

/// A body with or without its wrapper.
fn wrapped(wrapper: &str, needed: &[&str], fields: Value) -> Value {
    let inner =
        json!({ "type": "object", "required": needed, "properties": fields, "additionalProperties": false });
    json!({ "anyOf": [
        plain(needed, fields),
        plain(&[wrapper], json!({ wrapper: inner })),
    ] })
}

fn id() -> Value {
    json!({ "type": ["integer", "string"], "pattern": "^[0-9]{1,18}$" })
}

/// A list of changes, under either of its names.
fn changes(names: [&str; 2], fields: Value) -> Value {
    let mut fields = fields;
    fields["id"] = id();
    let item =
        json!({ "type": "object", "required": ["id"], "properties": fields, "additionalProperties": false });
    let items = json!({ "type": "array", "items": item });
    json!({ "anyOf": names.map(|name| plain(&[name], json!({ name: items.clone() }))) })
}

/// Positions, in either of their two ways.
fn positions(name: &str) -> Value {
    let position = json!({ "type": "integer", "minimum": 0, "maximum": 1_000_000 });
    let item = json!({ "type": "object", "required": ["id", "position"],
        "properties": { "id": id(), "position": position }, "additionalProperties": false });
    let map = json!({ "type": "object", "propertyNames": { "pattern": "^[0-9]{1,18}$" },
        "additionalProperties": position });
    json!({ "anyOf": [
        plain(&[name], json!({ name: { "type": "array", "items": item } })),
        plain(&["id_to_position"], json!({ "id_to_position": map })),
    ] })
}

/// Every shape of this interface.
pub fn schemas() -> Map<String, Value> {
    let mut all = Map::new();
    answers(&mut all);
    requests(&mut all);
    all
}

fn answers(all: &mut Map<String, Value>) {
    let mut add = |name: &str, schema: Value| all.insert(name.to_owned(), schema);
    let or_null = |schema: &str| json!({ "oneOf": [{ "type": "null" }, of(schema)] });
    let anything = || json!({ "type": "object" });
    let status = || json!({ "enum": ["pending", "processing", "completed", "failed", "stopped"] });
    add("GenError", object(json!({ "error": text(), "error_code": text() })));
    add(
        "GenOutput",
        object(json!({ "id": number(), "url": text(), "thumbnail_url": text(),
        "object_type": text(), "type": text() })),
    );
    add(
        "GenGeneration",
        object(json!({ "id": number(), "generation_id": number(), "status": status(),
        "user_job_type": text(), "result": { "type": "null" }, "failed_reason": text_or_null(),
        "output_resources": list("GenOutput"), "execution_cost": { "type": "null" } })),
    );
    add(
        "GenLayer",
        object(json!({ "id": number(), "name": text_or_null(), "position": number(),
        "type": text_or_null(), "additional_attributes": anything(), "created_at_ts": number(),
        "updated_at_ts": number(), "default_user_job": { "type": "null" }, "user_jobs": list("GenGeneration"),
        "execution_cost": { "type": "null" } })),
    );
    add("GenLayers", list("GenLayer"));
    add(
        "GenCell",
        object(json!({ "id": number(), "value": text_or_null(), "additional_attributes": anything(),
        "cell_role": text(), "spreadsheet_column_id": number(), "default_user_job": or_null("GenGeneration"),
        "user_jobs": list("GenGeneration"), "video_layers": list("GenLayer"),
        "execution_cost": { "type": "null" }, "created_at_ts": number(), "updated_at_ts": number() })),
    );
    add("GenCells", list("GenCell"));
    add(
        "GenRow",
        object(json!({ "id": number(), "position": number(), "additional_attributes": anything(),
        "created_at_ts": number(), "updated_at_ts": number(), "spreadsheet_cells": list("GenCell") })),
    );
    add("GenRows", list("GenRow"));
    add(
        "GenColumn",
        object(json!({ "id": number(), "title": text(), "temp_title": { "type": "null" },
        "description": text_or_null(), "position": number(),
        "type": { "enum": ["text", "image", "video", "audio", "media"] },
        "column_role": { "enum": ["ingredient", "video", "final_video"] },
        "additional_attributes": anything(), "created_at_ts": number(), "updated_at_ts": number() })),
    );
    add("GenColumns", list("GenColumn"));
    add(
        "GenSheet",
        object(json!({ "id": number(), "slug": text(), "title": text(), "project_type": text(),
        "is_default": { "type": "boolean" }, "uuid": { "type": "null" }, "status": text(), "created_at": text(),
        "created_at_ts": number(), "updated_at_ts": number(), "spreadsheet_columns": list("GenColumn"),
        "spreadsheet_rows": list("GenRow"), "global_variables_sheet": { "type": "null" } })),
    );
    add("GenStarted", object(json!({ "generation_id": number(), "status": { "const": "pending" } })));
    add(
        "GenTakes",
        object(json!({ "generations": { "type": "array", "items": object(json!({
        "generation_id": number(), "status": status(), "user_job_type": text(), "container_type": text(),
        "container_id": number(), "row_id": { "type": ["integer", "null"] }, "created_at": text() })) } })),
    );
    add("GenJob", object(json!({ "job_id": number() })));
    add(
        "GenJobs",
        json!({ "type": "array", "items": { "type": "object",
        "required": ["job_id", "created_at", "status"], "properties": { "job_id": number(),
        "created_at": text(), "status": { "enum": ["pending", "processing", "completed", "failed"] },
        "content_resource_id": number(), "url": text(), "thumbnail_url": text() } } }),
    );
    add(
        "GenResource",
        object(json!({ "id": number(), "url": text(), "thumbnail_url": text_or_null(),
        "file_name": text_or_null(), "content_type": text() })),
    );
    add("GenResources", list("GenResource"));
    let generator = object(json!({ "id": number(), "status": status(), "type": text() }));
    add(
        "GenEnvelope",
        object(json!({ "content_resource": of("GenResource"),
        "generator": { "oneOf": [{ "type": "null" }, generator] } })),
    );
    let headers = || object(json!({ "Content-Type": text(), "Content-MD5": text() }));
    add(
        "GenBlob",
        object(json!({ "id": number(), "key": text(), "filename": text(), "content_type": text(),
        "byte_size": number(), "checksum": text(), "signed_id": text(),
        "direct_upload": object(json!({ "url": text(), "headers": headers() })), "url": text(),
        "headers": headers() })),
    );
    add(
        "GenTemplate",
        object(json!({ "id": number(), "slug": text(), "title": text(), "name": text(),
        "description": text(), "cover": { "type": "null" }, "tutorial_url": { "type": "null" },
        "tags": { "type": "array", "items": text() }, "recent_generated_contents": { "type": "array" } })),
    );
    add("GenTemplates", list("GenTemplate"));
    add(
        "GenUserJob",
        object(json!({ "id": number(), "user_job_type": text(), "status": status(),
        "result": { "type": "null" }, "failed_reason": text_or_null() })),
    );
    add(
        "GenUser",
        object(json!({ "id": number(), "email": text_or_null(), "name": text_or_null(),
        "username": text_or_null(), "created_at": text_or_null() })),
    );
    add(
        "GenNamed",
        json!({ "type": "array", "items": { "type": "object", "required": ["id", "name"],
        "properties": { "id": number(), "name": text(), "workspace_id": number() } } }),
    );
    add(
        "GenOrganization",
        object(json!({ "id": number(), "name": text(), "credit": text(),
        "available_credit": object(json!({ "generic": text(), "aura": text() })) })),
    );
    add(
        "GenBalance",
        object(json!({ "agent_id": number(), "organization_id": number(),
        "available_credits": text(), "paid_media_access": { "type": "boolean" },
        "generation_access": { "type": "boolean" } })),
    );
    let variable = || object(json!({ "key": text(), "value": text() }));
    add(
        "GenVariables",
        json!({ "oneOf": [{ "type": "null" },
        object(json!({ "id": number(), "variables": { "type": "array", "items": variable() } }))] }),
    );
    add(
        "GenNames",
        object(json!({
        "local_variables": { "type": "array", "items": object(json!({ "id": number(), "name": text(), "value": text_or_null() })) },
        "video_layer_variables": { "type": "array", "items": object(json!({ "id": number(), "name": text_or_null(),
            "layer_type": text_or_null(), "cell_id": number() })) },
        "global_variables": { "type": "array", "items": object(json!({ "name": text(), "value": text() })) } })),
    );
    add(
        "GenLayout",
        object(json!({ "spreadsheet_id": number(), "vidsheet_project_id": number(),
        "vidsheet_url": text(), "layout_valid": { "type": "boolean" },
        "warnings": { "type": "array", "items": text() } })),
    );
}

fn requests(all: &mut Map<String, Value>) {
    let mut add = |name: &str, schema: Value| all.insert(name.to_owned(), schema);
    let kinds = ["clip", "video", "sound", "audio", "text", "caption", "captions", "image", "shape"];
    let layer = || {
        let mut names: Vec<Value> = kinds.iter().map(|kind| json!(kind)).collect();
        names.push(Value::Null);
        json!({ "name": short(), "type": { "enum": names }, "position": place(),
            "additional_attributes": attributes() })
    };
    let cell = || {
        let mut inner = layer();
        inner["id"] = id();
        let layers = json!({ "type": "array", "maxItems": 10, "items": { "type": "object", "properties": inner,
            "additionalProperties": false } });
        json!({ "value": { "type": ["string", "null"], "maxLength": 100_000 },
            "additional_attributes": attributes(), "video_layers_attributes": layers,
            "default_user_job_id": id() })
    };
    let title = || json!({ "type": "string", "maxLength": 255, "pattern": "\\S" });
    let about = || json!({ "type": ["string", "null"], "maxLength": 10_000 });
    add("GenAgentAlone", plain(&[], json!({})));
    add(
        "GenSheetRequest",
        wrapped(
            "spreadsheet",
            &[],
            json!({ "title": short(),
        "is_default": { "enum": [false, null] } }),
        ),
    );
    add("GenCloneRequest", plain(&[], json!({ "target_agent_id": agent() })));
    add(
        "GenColumnRequest",
        wrapped(
            "spreadsheet_column",
            &["title"],
            json!({ "title": title(),
        "type": { "enum": ["text", "image", "video", "audio", "media"] }, "description": about(),
        "position": place() }),
        ),
    );
    add(
        "GenColumnChange",
        wrapped("spreadsheet_column", &[], json!({ "title": title(), "description": about() })),
    );
    add(
        "GenColumnChanges",
        changes(
            ["columns", "spreadsheet_columns"],
            json!({ "title": title(),
        "description": about() }),
        ),
    );
    add("GenColumnPositions", positions("columns"));
    add("GenColumnCopyRequest", plain(&[], json!({ "with_cells": { "type": ["boolean", "null"] } })));
    let mut new_cell = cell();
    if let Some(fields) = new_cell.as_object_mut() {
        fields.remove("default_user_job_id");
        fields.remove("video_layers_attributes");
    }
    new_cell["spreadsheet_column_id"] = id();
    add(
        "GenRowRequest",
        wrapped(
            "spreadsheet_row",
            &[],
            json!({ "position": place(),
        "additional_attributes": attributes(),
        "spreadsheet_cells_attributes": { "type": ["array", "null"], "items": { "type": "object",
            "required": ["spreadsheet_column_id"], "properties": new_cell, "additionalProperties": false } } }),
        ),
    );
    add(
        "GenRowChanges",
        changes(["rows", "spreadsheet_rows"], json!({ "additional_attributes": attributes() })),
    );
    add("GenRowPositions", positions("rows"));
    add("GenCellChange", wrapped("spreadsheet_cell", &[], cell()));
    add("GenCellChanges", changes(["cells", "spreadsheet_cells"], cell()));
    add(
        "GenChoice",
        wrapped(
            "default_user_job",
            &["user_job_id"],
            json!({ "user_job_id": id(),
        "is_user_job": { "enum": [true, null] } }),
        ),
    );
    add(
        "GenGenerateRequest",
        plain(
            &["generation_type"],
            json!({ "generation_type": { "enum": ["render"] },
        "data": { "type": ["object", "null"], "additionalProperties": false } }),
        ),
    );
    add("GenLayerRequest", wrapped("video_layer", &[], layer()));
    add("GenLayerPositions", positions("layers"));
    let variable = json!({ "type": "object", "required": ["key", "value"], "additionalProperties": false,
        "properties": { "key": { "type": "string", "maxLength": 255, "pattern": "^[A-Za-z0-9 _.-]*[A-Za-z0-9][A-Za-z0-9 _.-]*$" },
            "value": { "type": "string", "maxLength": 100_000 } } });
    add(
        "GenVariablesRequest",
        plain(
            &["variables"],
            json!({ "variables": { "type": "array", "maxItems": 1000,
        "items": variable } }),
        ),
    );
    add(
        "GenJobRequest",
        wrapped(
            "job",
            &["project_id", "container_id", "container_type", "input"],
            json!({
        "project_id": id(), "container_id": id(), "container_type": { "enum": ["SpreadsheetCell"] },
        "input": { "type": "string", "contentMediaType": "application/json", "enum": ["{}"] } }),
        ),
    );
    let folder = json!({ "type": ["object", "null"], "properties": { "id": { "type": "null" } } });
    add(
        "GenResourceRequest",
        plain(
            &["content_resource"],
            json!({ "asset_folder": folder,
        "content_resource": { "type": "object", "required": ["file"], "additionalProperties": false,
            "properties": { "file": { "type": "string", "description": "the `signed_id` of a file that was sent" } } } }),
        ),
    );
    add(
        "GenResourceForm",
        json!({ "type": "object", "required": ["content_resource[file]"], "properties": {
        "content_resource[file]": { "type": "string", "format": "binary" }, "agent_id": agent() } }),
    );
    add("GenResourceName", wrapped("content_resource", &["filename"], json!({ "filename": title() })));
    let types: Vec<&str> = TAKEN.iter().map(|kind| kind.name).collect();
    add(
        "GenBlobRequest",
        wrapped(
            "blob",
            &["filename", "byte_size", "checksum", "content_type"],
            json!({
        "filename": title(), "byte_size": { "type": "integer", "minimum": 1, "maximum": 1 << 30 },
        "checksum": { "type": "string", "pattern": "^[A-Za-z0-9+/]{21}[AQgw]==$" },
        "content_type": { "enum": types }, "metadata": { "type": ["object", "null"] } }),
        ),
    );
    add(
        "GenUserJobRequest",
        wrapped(
            "user_job",
            &["user_job_type", "data"],
            json!({
        "user_job_type": { "enum": ["publish_content"] }, "data": text() }),
        ),
    );
}
