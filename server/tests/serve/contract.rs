//! What callers see.

use serde_json::{Value, json};

use crate::support::{KEY, Server, film};

#[test]
fn a_film_is_submitted_waited_for_and_downloaded() {
    let server = Server::start(1);
    let body = film(5, "#ff0000");
    let answer = server.submit(&body, None);
    assert_eq!(answer.status, 202, "{}", answer.text());
    let job = answer.json();
    assert_eq!(
        (&job["status"], &job["kind"], &job["progress_percent"]),
        (&json!("queued"), &json!("render"), &json!(0))
    );
    assert_eq!(job["metadata"], json!({ "color": "#ff0000" }));
    let id = job["id"].as_str().unwrap();
    let job = server.ended(id);
    assert_eq!(job["status"], "completed", "{job}\n{}", server.log());
    let output = &job["output"];
    assert_eq!(
        (&output["width"], &output["height"], &output["duration"]),
        (&json!(64), &json!(36), &json!(0.5))
    );
    let film = server.fetch(&output["url"]);
    assert_eq!(film.len() as u64, output["size_bytes"].as_u64().unwrap());
    assert_eq!(&film[4..8], b"ftyp");
    let picture = server.fetch(&output["thumbnail_url"]);
    assert_eq!(&picture[..3], [0xff, 0xd8, 0xff]);
    let download = server.get(&format!("/v1/renders/{id}/download"));
    assert_eq!(download.status, 302);
    let address = download.header("location").unwrap().to_owned();
    assert!(address.contains("/render.mp4?expires="), "{address}");
    assert_eq!(server.fetch(&json!(address)), film);
    // Part of it, and an address that was changed.
    let path = format!("/{}", address.splitn(4, '/').nth(3).unwrap());
    let part = server.ask("GET", &path, &[("range", "bytes=4-7")], None);
    assert_eq!((part.status, part.body.as_slice()), (206, b"ftyp".as_slice()));
    let changed = server.get(&path.replace("render.mp4", "other.mp4"));
    assert_eq!((changed.status, changed.json()["error"]["code"].clone()), (403, json!("forbidden")));
    // What has ended cannot be called off.
    let late = server.ask("DELETE", &format!("/v1/renders/{id}"), &[], None);
    assert_eq!((late.status, late.json()["error"]["code"].clone()), (409, json!("conflict")));
}

#[test]
fn the_same_key_gives_the_same_job() {
    let server = Server::start(0);
    let body = film(5, "#00ff00");
    let first = server.submit(&body, Some("a key"));
    assert_eq!((first.status, first.header("idempotent-replayed")), (202, None));
    // The same, written differently.
    let again = server.ask(
        "POST",
        "/v1/renders",
        &[("idempotency-key", "a key")],
        Some(&serde_json::to_string_pretty(&body).unwrap()),
    );
    assert_eq!((again.status, again.header("idempotent-replayed")), (200, Some("true")));
    assert_eq!(again.json()["id"], first.json()["id"]);
    let clash = server.submit(&film(6, "#00ff00"), Some("a key"));
    assert_eq!(clash.status, 409);
    assert_eq!(clash.json()["error"]["details"]["path"], "/duration");
    assert_eq!(server.submit(&body, Some("another")).status, 202);
    assert_eq!(server.submit(&body, Some(&"k".repeat(256))).status, 422);
}

#[test]
fn mistakes_are_told_with_their_places() {
    let server = Server::start(0);
    let refused = |body: &Value| {
        let answer = server.submit(body, None);
        assert_eq!(answer.status, 422);
        let error = answer.json()["error"].clone();
        format!("{}: {} {}", error["code"], error["message"], error["details"]["errors"][0]["path"])
    };
    let told = [
        refused(&json!({ "width": 640 })),
        refused(&json!({ "widht": 640 })),
        refused(
            &json!({ "elements": [{ "type": "text", "text": "a", "duration": 1, "opacity": 200, "colour": 1 }] }),
        ),
        refused(&json!({ "elements": [{ "type": "composition" }] })),
    ];
    expect_test::expect![[r#"
        "invalid_request": "/height: `width` is given without `height`" ["height"]
        "invalid_request": "/widht: the body has no field `widht`; did you mean `width`?" ["widht"]
        "invalid_request": "/elements/0/opacity: `opacity` is 200, outside 0 to 100, and 1 more" ["elements",0,"opacity"]
        "unsupported_feature": "/elements/0/type: nested compositions are not rendered; put their elements here instead" ["elements",0,"type"]"#]]
    .assert_eq(&told.join("\n"));
    let answer = server.ask("POST", "/v1/renders", &[], Some("{"));
    assert_eq!((answer.status, answer.json()["error"]["code"].clone()), (422, json!("invalid_request")));
    let long = format!("{{\"x\":\"{}\"}}", "a".repeat(1 << 21));
    assert_eq!(server.ask("POST", "/v1/renders", &[], Some(&long)).status, 422);
}

#[test]
fn nobody_gets_in_without_a_key() {
    let server = Server::start(0);
    for path in ["/v1/renders", "/v1/renders/render_01K0000000000000000000000A"] {
        let answer = server.ask("GET", path, &[("authorization", "")], None);
        let expected = json!({ "code": "unauthorized", "message": "Missing Authorization header." });
        let told = answer.json();
        assert_eq!((answer.status, &told["error"]), (401, &expected));
        assert_eq!(told["request_id"].as_str(), answer.header("x-request-id"));
        for wrong in ["Bearer fl_live_0123456789abcdeg", "Basic x", "Bearer", "Bearer "] {
            assert_eq!(server.ask("GET", path, &[("authorization", wrong)], None).status, 401, "{wrong}");
        }
    }
    let bearer = format!("bearer {KEY}");
    assert_eq!(server.ask("GET", "/v1/renders", &[("authorization", &bearer)], None).status, 200);
    assert_eq!(server.get("/v1/nothing").json()["error"]["code"], "not_found");
    assert_eq!(server.get("/v1/renders/render_01K0000000000000000000000A").status, 404);
    assert_eq!(server.get("/v1/renders/..%2f..").status, 404);
    assert!(!server.log().contains(KEY));
}

#[test]
fn lists_come_in_pages_and_a_waiting_job_is_called_off() {
    let server = Server::start(0);
    let ids: Vec<Value> =
        (0..3).map(|n| server.submit(&film(n + 1, "#0000ff"), None).json()["id"].clone()).collect();
    let page = server.get("/v1/renders?limit=2").json();
    assert_eq!((&page["data"][0]["id"], &page["data"][1]["id"]), (&ids[2], &ids[1]));
    assert_eq!(page["has_more"], true);
    let rest = server.get(&format!("/v1/renders?cursor={}", page["next_cursor"].as_str().unwrap())).json();
    assert_eq!(
        (&rest["data"][0]["id"], &rest["has_more"], &rest["next_cursor"]),
        (&ids[0], &json!(false), &Value::Null)
    );
    let path = format!("/v1/renders/{}", ids[1].as_str().unwrap());
    let cancelled = server.ask("DELETE", &path, &[], None);
    assert_eq!((cancelled.status, cancelled.json()["status"].clone()), (200, json!("cancelled")));
    assert_eq!(server.get(&format!("{path}?wait=25")).json()["status"], "cancelled");
    assert_eq!(server.get(&format!("{path}/download")).status, 409);
    let found = server.get("/v1/renders?status=cancelled").json();
    assert_eq!(found["data"].as_array().unwrap().len(), 1);
    for wrong in ["limit=0", "limit=101", "limit=x", "cursor=x", "status=done"] {
        assert_eq!(server.get(&format!("/v1/renders?{wrong}")).status, 422, "{wrong}");
    }
}

#[test]
fn a_job_that_is_being_made_is_called_off_within_a_second() {
    let server = Server::start(1);
    // Long enough to be met in the middle.
    let mut body = film(36_000, "#ffffff");
    body["frame_rate"] = json!(60);
    body["width"] = json!(1280);
    body["height"] = json!(720);
    let id = server.submit(&body, None).json()["id"].as_str().unwrap().to_owned();
    loop {
        let job = server.get(&format!("/v1/renders/{id}?wait=1")).json();
        if job["status"] == "processing" && job["progress_stage"] == "compositing" {
            break;
        }
        assert!(matches!(job["status"].as_str(), Some("queued" | "processing")), "{job}");
    }
    let cancelled = server.ask("DELETE", &format!("/v1/renders/{id}"), &[], None).json();
    assert_eq!(cancelled["status"], "cancelled");
    // The only worker is free again, long before that film would have been finished.
    let next = server.submit(&film(1, "#000000"), None).json()["id"].as_str().unwrap().to_owned();
    assert_eq!(server.ended(&next)["status"], "completed");
    assert_eq!(server.get(&format!("/v1/renders/{id}")).json()["status"], "cancelled");
}

#[test]
fn what_is_not_here_is_refused() {
    let server = Server::start(1);
    let picture =
        |url: &str| json!({ "elements": [{ "type": "image", "id": "a", "duration": 1, "source_url": url }] });
    let ended = |url: &str| {
        let id = server.submit(&picture(url), None).json()["id"].as_str().unwrap().to_owned();
        let job = server.ended(&id);
        (job["status"].clone(), job["error"]["code"].clone())
    };
    assert_eq!(ended("https://127.0.0.1/a.png"), (json!("failed"), json!("invalid_source")));
}
