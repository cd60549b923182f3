//! The second interface: sheets, layers, and what is rendered of them.

use serde_json::{Value, json};

use crate::support::{KEY, Server};

pub const P: &str = "/v1/autocontentengine";

/// Asks in the manner of that interface.
pub fn ask(server: &Server, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
    let mark = if path.contains('?') { '&' } else { '?' };
    let path = format!("{path}{mark}agent_id=1");
    let body = body.map(|body| body.to_string());
    let answer = server.ask(method, &path, &[("authorization", ""), ("x-api-key", KEY)], body.as_deref());
    let value = if answer.body.is_empty() { Value::Null } else { answer.json() };
    (answer.status, value)
}

/// A sheet: its number, the cell for layers, and the one for the film.
pub fn sheet(server: &Server) -> (Value, Value, Value) {
    let (status, sheet) = ask(server, "POST", P, Some(json!({ "spreadsheet": { "title": "films" } })));
    assert_eq!(status, 201, "{sheet}");
    let cells = &sheet["spreadsheet_rows"][0]["spreadsheet_cells"];
    (sheet["id"].clone(), cells[0]["id"].clone(), cells[1]["id"].clone())
}

pub fn text(server: &Server, sheet: &Value, cell: &Value, kind: &str) -> Value {
    let layers = format!("{P}/{sheet}/cells/{cell}/layers");
    let new = json!({ "video_layer": { "name": "words", "type": kind, "additional_attributes": {
        "content": "Hi", "from": 0, "durationInFrames": 6, "styles": { "fontSize": "12px", "color": "#fff" } } } });
    let (status, layer) = ask(server, "POST", &layers, Some(new));
    assert_eq!(status, 201, "{layer}");
    layer["id"].clone()
}

/// A small canvas.
pub fn small(server: &Server, sheet: &Value, cell: &Value) {
    let path = format!("{P}/{sheet}/cells/{cell}");
    let size = json!({ "spreadsheet_cell": { "additional_attributes": { "width": 64, "height": 36 } } });
    assert_eq!(ask(server, "PATCH", &path, Some(size)).0, 200);
}

#[test]
fn layers_become_a_film_that_is_open_until_it_is_removed() {
    let server = Server::start(1);
    let (sheet, video, last) = sheet(&server);
    small(&server, &sheet, &video);
    text(&server, &sheet, &video, "text");
    let render = format!("{P}/{sheet}/cells/{last}/render?agent_id=1");
    let trigger = || server.ask("POST", &render, &[("idempotency-key", "once")], None);
    let first = trigger();
    assert_eq!((first.status, first.json()["status"].clone()), (201, json!("pending")), "{}", first.text());
    let id = first.json()["generation_id"].clone();
    assert_eq!(trigger().json()["generation_id"], id);
    // Also when the layers can no longer be rendered.
    let odd = json!({ "type": "text", "additional_attributes": { "glow": 1, "durationInFrames": 1 } });
    let odd = ask(&server, "POST", &format!("{P}/{sheet}/cells/{video}/layers"), Some(odd)).1["id"].clone();
    assert_eq!(trigger().json()["generation_id"], id);
    ask(&server, "DELETE", &format!("{P}/{sheet}/cells/{video}/layers/{odd}"), None);
    let renders = server.get("/v1/renders").json();
    assert_eq!(renders["data"].as_array().unwrap().len(), 1);
    let job = server.ended(renders["data"][0]["id"].as_str().unwrap());
    assert_eq!(job["status"], "completed", "{job}\n{}", server.log());
    let (_, generation) = ask(&server, "GET", &format!("/v1/generations/{id}"), None);
    assert_eq!((&generation["status"], &generation["id"]), (&json!("completed"), &id));
    let output = &generation["output_resources"][0];
    assert_eq!((&output["object_type"], &output["id"]), (&json!("video"), &id));
    // Without a key, and by the way that it leads.
    let open = |url: &Value| {
        let path = format!("/{}", url.as_str().unwrap().splitn(4, '/').nth(3).unwrap());
        let answer = server.ask("GET", &path, &[("authorization", "")], None);
        (answer.status, answer.header("location").map(|location| json!(location)))
    };
    let (status, film) = open(&output["url"]);
    assert_eq!(status, 302);
    assert_eq!(&server.fetch(&film.unwrap())[4..8], b"ftyp");
    let (_, picture) = open(&output["thumbnail_url"]);
    assert_eq!(&server.fetch(&picture.unwrap())[..3], [0xff, 0xd8, 0xff]);
    let (_, cell) = ask(&server, "GET", &format!("/v1/vidsheet/{sheet}/cells/{last}"), None);
    assert_eq!((&cell["value"], &cell["default_user_job"]["id"]), (&output["url"], &id));
    let jobs = ask(&server, "GET", &format!("/v1/remotion_jobs?project_id={sheet}"), None).1;
    assert_eq!((&jobs[0]["content_resource_id"], &jobs[0]["url"]), (&id, &output["url"]));
    let stopped = ask(&server, "POST", &format!("/v1/generations/{id}/stop"), None);
    assert_eq!((stopped.0, &stopped.1["error_code"]), (422, &json!("job_cannot_be_stopped")));
    // A sheet that is gone leaves its films.
    assert_eq!(ask(&server, "DELETE", &format!("{P}/{sheet}"), None).0, 204);
    assert_eq!(open(&output["url"]).0, 302);
    let resource = format!("/v1/content_resources/{id}");
    assert_eq!(ask(&server, "GET", &resource, None).1["content_resource"]["url"], output["url"]);
    assert_eq!(ask(&server, "DELETE", &resource, None), (200, Value::Null));
    assert_eq!(open(&output["url"]).0, 404);
    assert_eq!(ask(&server, "GET", &resource, None).1["error_code"], "content_resource_not_found");
}

#[test]
fn mistakes_have_the_codes_of_that_contract() {
    let server = Server::start(0);
    let (sheet, video, last) = sheet(&server);
    let told = |answer: (u16, Value)| format!("{} {}", answer.0, answer.1["error_code"]);
    let keyless = server.ask("GET", "/v1/agents", &[("authorization", "")], None);
    let agentless = server.ask("GET", &format!("{P}/{sheet}"), &[], None);
    let layers = format!("{P}/{sheet}/cells/{video}/layers");
    let odd = ask(&server, "POST", &layers, Some(json!({ "type": "hologram" })));
    let job = |project: &Value, input: &str| {
        let job = json!({ "job": { "project_id": project, "container_id": last,
            "container_type": "SpreadsheetCell", "input": input } });
        told(ask(&server, "POST", "/v1/remotion_jobs", Some(job)))
    };
    let found = [
        told((keyless.status, keyless.json())),
        told((agentless.status, agentless.json())),
        told(ask(&server, "GET", &format!("{P}/77"), None)),
        told(ask(&server, "GET", &format!("{P}/{sheet}/cells/77"), None)),
        told(ask(&server, "POST", &format!("{P}/{sheet}/cells/{last}/render"), None)),
        told(odd),
        job(&json!(77), "{}"),
        job(&sheet, "{}"),
        job(&sheet, "x"),
        told(ask(&server, "GET", "/v1/generations/77", None)),
        told(ask(&server, "DELETE", "/v1/content_resources/77", None)),
    ];
    expect_test::expect![[r#"
        401 "unauthorized"
        422 "agent_not_found"
        404 "spreadsheet_not_found"
        404 "not_found"
        422 "validation_error"
        422 "validation_error"
        404 "project_not_found"
        422 "validation_error"
        422 "validation_error"
        404 "not_found"
        404 "content_resource_not_found""#]]
    .assert_eq(&found.join("\n"));
    text(&server, &sheet, &video, "shape");
    let refused = ask(&server, "POST", &format!("{P}/{sheet}/cells/{last}/render"), None).1;
    assert!(refused["error"].as_str().unwrap().contains("neither a `styles.fill`"), "{refused}");
}

#[test]
fn odd_paths_are_answered_in_the_words_of_that_contract() {
    let server = Server::start(0);
    let (sheet, ..) = sheet(&server);
    let told = |(status, body): (u16, Value)| format!("{status} {} {}", body["error_code"], body["error"]);
    let found = [
        told(ask(&server, "PUT", &format!("/v1/vidsheet/{sheet}"), None)),
        told(ask(&server, "GET", "/v1/vidsheet/1/2/3", None)),
        told(ask(&server, "GET", &format!("{P}/-9223372036854775808"), None)),
        told(ask(&server, "GET", &format!("{P}/{sheet}/cells/-9223372036854775808"), None)),
        told(ask(&server, "GET", &format!("{P}/{sheet}/cells/9223372036854775807"), None)),
        told(ask(&server, "GET", &format!("{P}/{sheet}/rows/-9223372036854775808"), None)),
        told(ask(&server, "GET", "/v1/content_resources/-9223372036854775808", None)),
        told(ask(&server, "GET", "/v1/generations/99999999999999999999", None)),
        told(ask(&server, "GET", "/v1/organizations/2", None)),
        told(ask(
            &server,
            "POST",
            "/v1/user_jobs",
            Some(json!({ "user_job_type": "publish_content",
            "data": json!({ "platform": "tiktok" }).to_string() })),
        )),
    ];
    expect_test::expect![[r#"
        404 "not_found" "there is no such endpoint for this method"
        404 "not_found" "there is no such endpoint"
        404 "spreadsheet_not_found" "there is no such sheet"
        404 "not_found" "there is no such cell"
        404 "not_found" "there is no such cell"
        404 "not_found" "there is no such row"
        404 "content_resource_not_found" "there is no such content resource"
        404 "not_found" "there is no such generation"
        404 "not_found" "there is no such organization"
        422 "validation_error" "nothing is published from here: `tiktok` is not connected""#]]
    .assert_eq(&found.join("\n"));
}

#[test]
fn layers_are_changed_moved_copied_and_removed() {
    let server = Server::start(0);
    let (sheet, video, last) = sheet(&server);
    let layer = text(&server, &sheet, &video, "text");
    let layers = format!("{P}/{sheet}/cells/{video}/layers");
    let path = format!("{layers}/{layer}");
    // Unwrapped, with the agent in the body.
    let change = json!({ "additional_attributes": { "styles": { "color": "red" } }, "agent_id": "1" });
    let changed = server.ask("PATCH", &path, &[], Some(&change.to_string())).json();
    assert_eq!(changed["additional_attributes"]["styles"], json!({ "fontSize": "12px", "color": "red" }));
    let (status, copy) = ask(&server, "POST", &format!("{path}/duplicate"), None);
    assert_eq!((status, &copy["position"]), (201, &json!(1)));
    let places = json!({ "id_to_position": { layer.to_string(): 9 } });
    let moved = ask(&server, "PUT", &format!("{layers}/update_positions"), Some(places)).1;
    assert_eq!((&moved[0]["position"], &moved[1]["position"]), (&json!(9), &json!(1)));
    assert_eq!(ask(&server, "DELETE", &path, None).0, 204);
    assert_eq!(ask(&server, "GET", &path, None).0, 404);
    // What waits can be stopped, once.
    let render = format!("{P}/{sheet}/cells/{last}/render");
    let id = ask(&server, "POST", &render, None).1["generation_id"].clone();
    let stop = format!("/v1/generations/{id}/stop");
    assert_eq!(ask(&server, "POST", &stop, None).1["status"], "stopped");
    assert_eq!(ask(&server, "POST", &stop, None).0, 422);
    let overlays =
        json!({ "overlays": [{ "type": "text", "content": "a", "durationInFrames": 1 }] }).to_string();
    let job = json!({ "project_id": sheet, "container_id": video, "container_type": "SpreadsheetCell", "input": overlays });
    assert_eq!(ask(&server, "POST", "/v1/remotion_jobs", Some(job)).0, 201);
    let jobs = ask(&server, "GET", &format!("/v1/remotion_jobs?project_id={sheet}"), None).1;
    let states: Vec<&Value> = jobs.as_array().unwrap().iter().map(|job| &job["status"]).collect();
    assert_eq!(states, ["pending", "failed"]);
}
