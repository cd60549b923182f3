//! The second interface: columns, rows and cells, copies, names in contents, takes.

use serde_json::{Value, json};

use crate::gen_api::{P, ask, sheet, small, text};
use crate::support::{KEY, Server};

/// The titles of columns, in order, with their roles.
fn titles(columns: &Value) -> Vec<(&str, &str)> {
    let columns = columns.as_array().unwrap().iter();
    columns.map(|one| (one["title"].as_str().unwrap(), one["column_role"].as_str().unwrap())).collect()
}

/// The ids of things, in order.
fn ids(things: &Value) -> Vec<Value> {
    things.as_array().unwrap().iter().map(|one| one["id"].clone()).collect()
}

fn keyed(server: &Server, path: &str, key: &str, body: &Value) -> (u16, Value) {
    let headers = [("authorization", ""), ("x-api-key", KEY), ("idempotency-key", key)];
    let answer = server.ask("POST", &format!("{path}?agent_id=1"), &headers, Some(&body.to_string()));
    (answer.status, answer.json())
}

#[test]
fn a_template_is_cloned_filled_and_rendered() {
    let server = Server::start(1);
    let templates = ask(&server, "GET", "/v1/templates/projects", None).1;
    let slug = templates[0]["slug"].as_str().unwrap();
    assert_eq!(ask(&server, "GET", &format!("/v1/templates/projects/{slug}"), None).1, templates[0]);
    assert_eq!(ask(&server, "GET", "/v1/templates/projects/none", None).0, 404);
    let clone = format!("/v1/templates/spreadsheets/{slug}/clone");
    // The agent in the body alone.
    let answer = server.ask("POST", &clone, &[], Some(r#"{ "agent_id": 1 }"#));
    assert_eq!(answer.status, 201, "{}", answer.text());
    let sheet = answer.json();
    let wanted = [
        ("TEXT 1", "ingredient"),
        ("TEXT 2", "ingredient"),
        ("VIDEO", "video"),
        ("FINAL VIDEO", "final_video"),
    ];
    assert_eq!(titles(&sheet["spreadsheet_columns"]), wanted);
    let (id, row) = (&sheet["id"], &sheet["spreadsheet_rows"][0]);
    let cell = |at: usize| &row["spreadsheet_cells"][at]["id"];
    small(&server, id, cell(2));
    let globals =
        json!({ "variables": [{ "key": "who", "value": "you" }, { "key": "TEXT 1", "value": "no" }] });
    assert_eq!(ask(&server, "GET", &format!("{P}/{id}/global_variables"), None), (200, Value::Null));
    assert_eq!(ask(&server, "PUT", &format!("{P}/{id}/global_variables"), Some(globals)).0, 200);
    let layers = format!("{P}/{id}/cells/{}/layers", cell(2));
    let words = json!({ "type": "text", "name": "words", "additional_attributes": {
        "content": "{{TEXT 1}} {{who}}", "durationInFrames": 3, "styles": { "fontSize": "12px" } } });
    assert_eq!(ask(&server, "POST", &layers, Some(words)).0, 201);
    // What has no text yet is found before it is rendered: the row's own text is empty, that of the sheet is not.
    let layout = ask(&server, "POST", &format!("{P}/{id}/validate_video_layout"), None).1;
    assert_eq!(layout["layout_valid"], true, "{layout}");
    let value = json!({ "spreadsheet_cell": { "value": "Hello" } });
    let path = format!("{P}/{id}/cells/{}", cell(0));
    assert_eq!(ask(&server, "PATCH", &path, Some(value)).1["value"], "Hello");
    let names = format!("{P}/{id}/cells/{}/available_variables", cell(2));
    let names = ask(&server, "GET", &names, None).1;
    assert_eq!(names["local_variables"][0]["value"], "Hello");
    assert_eq!(
        (&names["global_variables"][0]["name"], &names["video_layer_variables"][0]["name"]),
        (&json!("who"), &json!("words"))
    );
    let render = format!("{P}/{id}/cells/{}/generate", cell(3));
    let other = ask(&server, "POST", &render, Some(json!({ "generation_type": "text", "data": {} })));
    assert_eq!((other.0, &other.1["error_code"]), (422, &json!("validation_error")));
    let take = ask(&server, "POST", &render, Some(json!({ "generation_type": "render" }))).1;
    let first = take["generation_id"].clone();
    let renders = server.get("/v1/renders").json();
    let job = server.ended(renders["data"][0]["id"].as_str().unwrap());
    assert_eq!(job["status"], "completed", "{job}\n{}", server.log());
    // A newer take is shown, until the first one is chosen.
    ask(&server, "POST", &format!("{P}/{id}/cells/{}/render", cell(3)), None);
    let renders = server.get("/v1/renders").json();
    server.ended(renders["data"][0]["id"].as_str().unwrap());
    let last = format!("{P}/{id}/cells/{}", cell(3));
    let shown = || ask(&server, "GET", &last, None).1["default_user_job"]["id"].clone();
    assert_ne!(shown(), first);
    let choose = |body: Value| ask(&server, "PATCH", &format!("{last}/set_default_user_job"), Some(body));
    assert_eq!(
        choose(json!({ "default_user_job": { "user_job_id": first.to_string(), "is_user_job": true } })).0,
        200
    );
    assert_eq!(shown(), first);
    assert_eq!(choose(json!({ "user_job_id": 77 })).0, 422);
    let takes = ask(&server, "GET", &format!("{P}/{id}/generations"), None).1;
    assert_eq!(takes["generations"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&takes["generations"][1]["generation_id"], &takes["generations"][1]["row_id"]),
        (&first, &row["id"])
    );
    let job = ask(&server, "GET", &format!("/v1/user_jobs/{first}"), None).1;
    assert_eq!((&job["id"], &job["status"]), (&first, &json!("completed")));
    // A copy has everything but the takes.
    let copy = ask(&server, "POST", &format!("{P}/{id}/clone"), Some(json!({ "target_agent_id": 1 }))).1;
    let cells = &copy["spreadsheet_rows"][0]["spreadsheet_cells"];
    assert_eq!((&cells[0]["value"], &cells[3]["value"]), (&json!("Hello"), &Value::Null));
    assert_eq!(cells[2]["video_layers"][0]["name"], "words");
    assert_eq!(
        ask(&server, "POST", &format!("{P}/{id}/clone"), Some(json!({ "target_agent_id": 2 }))).0,
        422
    );
}

#[test]
fn columns_are_made_moved_copied_and_removed() {
    let server = Server::start(0);
    let (sheet, ..) = sheet(&server);
    let columns = format!("{P}/{sheet}/columns");
    let list = || ask(&server, "GET", &columns, None).1;
    let new = json!({ "spreadsheet_column": { "title": "PROMPT", "type": "text", "position": 0 } });
    let (status, made) = keyed(&server, &columns, "k", &new);
    assert_eq!((status, &made["position"]), (201, &json!(0)));
    assert_eq!(keyed(&server, &columns, "k", &new).1["id"], made["id"]);
    // The same title again, a kind that there is not, a role that is not for callers.
    for wrong in [
        json!({ "title": "PROMPT", "type": "text" }),
        json!({ "title": "A", "type": "hologram" }),
        json!({ "title": "A", "type": "video", "column_role": "final_video" }),
        json!({ "type": "text" }),
    ] {
        assert_eq!(ask(&server, "POST", &columns, Some(wrong)).1["error_code"], "validation_error");
    }
    let path = format!("{columns}/{}", made["id"]);
    let about = json!({ "columns": [{ "id": made["id"], "description": "what to say" }] });
    assert_eq!(
        ask(&server, "PUT", &format!("{columns}/mass_update"), Some(about)).1[0]["description"],
        "what to say"
    );
    assert_eq!(ask(&server, "PATCH", &path, Some(json!({ "title": "WORDS" }))).1["title"], "WORDS");
    let row = ask(&server, "GET", &format!("{P}/{sheet}/rows"), None).1[0].clone();
    let cells = json!({ "cells": [{ "id": row["spreadsheet_cells"][0]["id"], "value": "a" }] });
    ask(&server, "PUT", &format!("{P}/{sheet}/cells/mass_update"), Some(cells));
    let copy = ask(&server, "POST", &format!("{path}/duplicate"), None);
    assert_eq!((copy.0, &copy.1["title"], &copy.1["position"]), (201, &json!("WORDS copy"), &json!(1)));
    let empty = ask(&server, "POST", &format!("{path}/duplicate"), Some(json!({ "with_cells": false }))).1;
    assert_eq!(empty["title"], "WORDS copy 2");
    let row = ask(&server, "GET", &format!("{P}/{sheet}/rows/{}", row["id"]), None).1;
    let values: Vec<&Value> =
        row["spreadsheet_cells"].as_array().unwrap().iter().map(|cell| &cell["value"]).collect();
    assert_eq!(values, [&json!("a"), &Value::Null, &json!("a"), &Value::Null, &Value::Null]);
    let places = json!({ "columns": [{ "id": made["id"], "position": 4 }] });
    ask(&server, "PATCH", &format!("{columns}/update_positions"), Some(places));
    let names: Vec<String> = titles(&list()).iter().map(|(title, _)| (*title).to_owned()).collect();
    assert_eq!(names, ["WORDS copy 2", "WORDS copy", "VIDEO", "FINAL VIDEO", "WORDS"]);
    assert_eq!(ask(&server, "DELETE", &path, None).0, 204);
    assert_eq!(ask(&server, "DELETE", &path, None).0, 404);
    // What is not for callers stays.
    let video = list()[2]["id"].clone();
    for (method, path) in [("DELETE", ""), ("PATCH", ""), ("POST", "/duplicate")] {
        assert_eq!(ask(&server, method, &format!("{columns}/{video}{path}"), None).0, 422, "{method}");
    }
}

#[test]
fn rows_are_made_moved_copied_and_changed() {
    let server = Server::start(0);
    let (sheet, video, _) = sheet(&server);
    let rows = format!("{P}/{sheet}/rows");
    text(&server, &sheet, &video, "text");
    let first = ask(&server, "GET", &rows, None).1[0].clone();
    let (status, copy) = keyed(&server, &format!("{rows}/{}/duplicate", first["id"]), "once", &json!({}));
    assert_eq!(status, 201);
    assert_eq!(
        keyed(&server, &format!("{rows}/{}/duplicate", first["id"]), "once", &json!({})).1["id"],
        copy["id"]
    );
    let layer = |row: &Value| row["spreadsheet_cells"][0]["video_layers"][0].clone();
    assert_eq!(layer(&copy)["additional_attributes"], layer(&first)["additional_attributes"]);
    assert_ne!(layer(&copy)["id"], layer(&first)["id"]);
    let column = &first["spreadsheet_cells"][0]["spreadsheet_column_id"];
    let new = json!({ "spreadsheet_row": { "position": 0, "additional_attributes": { "a": 1 },
        "spreadsheet_cells_attributes": [{ "spreadsheet_column_id": column, "value": "v",
            "additional_attributes": { "ratio": "16:9" } }] } });
    let made = ask(&server, "POST", &rows, Some(new)).1;
    assert_eq!((&made["position"], &made["additional_attributes"]["a"]), (&json!(0), &json!(1)));
    assert_eq!(
        (
            &made["spreadsheet_cells"][0]["value"],
            &made["spreadsheet_cells"][0]["additional_attributes"]["ratio"]
        ),
        (&json!("v"), &json!("16:9"))
    );
    let places = json!({ "id_to_position": { made["id"].to_string(): 2 } });
    let moved = ask(&server, "PUT", &format!("{rows}/update_positions"), Some(places)).1;
    assert_eq!(ids(&moved), [&first["id"], &copy["id"], &made["id"]].map(Value::clone));
    let pages = format!("{rows}?page_size=2&include_video_layers=false");
    let page = |number: u32| ask(&server, "GET", &format!("{pages}&page={number}"), None).1;
    assert_eq!((ids(&page(1)).len(), ids(&page(2)), ids(&page(3)).len()), (2, vec![made["id"].clone()], 0));
    assert_eq!(page(1)[0]["spreadsheet_cells"][0]["video_layers"], json!([]));
    for name in ["rows", "spreadsheet_rows"] {
        let change = json!({ name: [{ "id": made["id"], "additional_attributes": { "b": name } }] });
        let changed = ask(&server, "PUT", &format!("{rows}/mass_update"), Some(change)).1;
        assert_eq!(changed[0]["additional_attributes"], json!({ "a": 1, "b": name }));
    }
    // Cells with their layers, under the other name.
    let cells = json!({ "spreadsheet_cells": [{ "id": video, "value": "x", "video_layers_attributes": [
        { "id": layer(&first)["id"], "name": "other", "position": 4 }, { "type": "clip" }] }] });
    let changed = ask(&server, "PUT", &format!("{P}/{sheet}/cells/mass_update"), Some(cells)).1;
    let layers = &changed[0]["video_layers"];
    assert_eq!((&layers[0]["name"], &layers[0]["position"]), (&json!("other"), &json!(4)));
    assert_eq!(
        (&layers[1]["type"], &layers[1]["position"], &changed[0]["value"]),
        (&json!("clip"), &json!(5), &json!("x"))
    );
    // One mistake, and nothing is changed.
    let cells = json!({ "cells": [{ "id": video, "value": "y" }, { "id": 1, "value": "z" }] });
    assert_eq!(ask(&server, "PUT", &format!("{P}/{sheet}/cells/mass_update"), Some(cells)).0, 404);
    assert_eq!(ask(&server, "GET", &format!("{P}/{sheet}/cells/{video}"), None).1["value"], "x");
}

#[test]
fn what_was_stopped_goes_on_under_its_number() {
    let server = Server::start(0);
    let (sheet, video, last) = sheet(&server);
    text(&server, &sheet, &video, "text");
    let take =
        ask(&server, "POST", &format!("{P}/{sheet}/cells/{last}/render"), None).1["generation_id"].clone();
    let path = |deed: &str| format!("/v1/generations/{take}/{deed}");
    let early = ask(&server, "POST", &path("continue"), None);
    assert_eq!((early.0, &early.1["error_code"]), (422, &json!("validation_error")));
    assert_eq!(ask(&server, "POST", &path("stop"), None).1["status"], "stopped");
    let (status, on) = keyed(&server, &path("continue"), "k", &json!({}));
    assert_eq!((status, &on["status"], &on["id"]), (200, &json!("pending"), &take));
    assert_eq!(keyed(&server, &path("continue"), "k", &json!({})), (200, on));
    assert_eq!(ask(&server, "POST", &path("continue"), None).0, 422);
    // The render that was called off stays what it is, and another one has its body.
    let renders = server.get("/v1/renders").json();
    let states: Vec<&Value> = renders["data"].as_array().unwrap().iter().map(|job| &job["status"]).collect();
    assert_eq!(states, ["queued", "cancelled"]);
}
