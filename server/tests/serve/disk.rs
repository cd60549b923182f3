//! A disk that is full, and memory that is not there.
//!
//! The server is started with its data on a small disk in a name space of its own, which needs no privilege
//! where the system allows it; where it does not, the test says so.

use std::process::Command;

use serde_json::json;

use crate::media::{picture, put};
use crate::support::{Server, film};

/// Whether disks can be mounted here.
fn can_mount() -> bool {
    let allowed = Command::new("unshare").args(["-rm", "true"]).output();
    let can = allowed.is_ok_and(|output| output.status.success());
    if !can {
        eprintln!("no disk can be mounted here: a full one is not tried");
    }
    can
}

#[test]
fn nothing_is_taken_in_while_the_disk_is_full() {
    if !can_mount() {
        return;
    }
    let mut server = Server::prepared(1, "free_disk_mib = 8");
    server.run_on_disk(32 << 10);
    let first = server.submit(&film(3, "#ff0000"), None);
    assert_eq!(first.status, 202);
    let first = first.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(server.ended(&first)["status"], "completed", "{}", server.log());
    server.fill_disk(4 << 10);
    let refused = server.submit(&film(4, "#ff0000"), Some("again"));
    assert_eq!((refused.status, refused.json()["error"]["code"].clone()), (500, json!("internal")));
    assert_eq!(refused.header("retry-after"), Some("60"));
    let place = server.ask("POST", "/v1/uploads", &[], Some(r#"{"content_type":"video/mp4"}"#));
    assert_eq!((place.status, place.header("retry-after")), (500, Some("60")));
    // What is here is still given out, and nothing of what was refused is.
    assert_eq!(server.get("/readyz").status, 200);
    let listed = server.get("/v1/renders").json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
    server.free_disk();
    let again = server.submit(&film(4, "#ff0000"), Some("again"));
    assert_eq!(again.status, 202, "{}", again.text());
    let again = again.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(server.ended(&again)["status"], "completed");
}

#[test]
fn a_render_that_fills_the_disk_fails_and_the_next_one_does_not() {
    if !can_mount() {
        return;
    }
    let mut server = Server::prepared(1, "free_disk_mib = 2");
    server.run_on_disk(24 << 10);
    let place = server.ask("POST", "/v1/uploads", &[], Some(r#"{"content_type":"image/png"}"#)).json();
    assert_eq!(put(place["upload_url"].as_str().unwrap(), "image/png", &picture()).0, 200);
    // Taken in with room enough, and too large for it: noise does not get small.
    server.fill_disk(3 << 10);
    let mut body = film(600, "#808080");
    body["width"] = json!(640);
    body["height"] = json!(360);
    body["elements"] = json!([{ "type": "image", "id": "a", "duration": 60, "source_url": place["source_url"],
        "width": "100%", "height": "100%", "effects": [{ "type": "snow" }, { "type": "add_grain" }] }]);
    let answer = server.submit(&body, None);
    assert_eq!(answer.status, 202, "{}", answer.text());
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    let job = server.ended(&id);
    assert_eq!((&job["status"], &job["output"]), (&json!("failed"), &json!(null)), "{job}\n{}", server.log());
    assert_eq!(job["error"]["code"], "internal", "{job}\n{}", server.log());
    server.free_disk();
    let id = server.submit(&film(3, "#ff0000"), None).json()["id"].as_str().unwrap().to_owned();
    assert_eq!(server.ended(&id)["status"], "completed", "{}", server.log());
}

#[test]
fn a_render_that_needs_more_memory_than_it_may_have_fails_alone() {
    let mut server = Server::prepared(1, "render_memory_mib = 256");
    server.run(&[]);
    let mut body = film(2, "#ff0000");
    body["width"] = json!(8192);
    body["height"] = json!(8192);
    let id = server.submit(&body, None).json()["id"].as_str().unwrap().to_owned();
    let job = server.ended(&id);
    assert_eq!((&job["status"], &job["error"]["code"]), (&json!("failed"), &json!("internal")), "{job}");
    let id = server.submit(&film(3, "#ff0000"), None).json()["id"].as_str().unwrap().to_owned();
    assert_eq!(server.ended(&id)["status"], "completed", "{}", server.log());
}
