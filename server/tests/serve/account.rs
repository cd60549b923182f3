//! Keys, usage, receivers, and what is said of the server itself.

use serde_json::{Value, json};

use crate::support::{Answer, Server, film};

fn post(server: &Server, path: &str, body: &Value) -> Answer {
    server.ask("POST", path, &[], Some(&body.to_string()))
}

#[test]
fn a_key_is_made_used_and_revoked() {
    let server = Server::start(0);
    let made = post(&server, "/v1/api-keys", &json!({ "name": "build" }));
    assert_eq!(made.status, 201);
    let made = made.json();
    let key = made["key"].as_str().unwrap();
    assert!(key.starts_with("fl_live_") && key.starts_with(made["key_prefix"].as_str().unwrap()));
    let bearer = format!("Bearer {key}");
    let with = |path: &str| server.ask("GET", path, &[("authorization", &bearer)], None);
    assert_eq!(with("/v1/renders").status, 200);
    let listed = server.get("/v1/api-keys").json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 2);
    assert_eq!((&listed["data"][0]["id"], &listed["data"][0]["key"]), (&made["id"], &Value::Null));
    let path = format!("/v1/api-keys/{}", made["id"].as_str().unwrap());
    assert_eq!(server.ask("DELETE", &path, &[], None).status, 204);
    assert_eq!(with("/v1/renders").status, 401);
    assert!(server.get("/v1/api-keys").json()["data"][0]["revoked_at"].is_string());
    for body in [json!({}), json!({ "name": "" }), json!({ "name": "a".repeat(256) }), json!({ "name": 1 })] {
        assert_eq!(post(&server, "/v1/api-keys", &body).status, 422, "{body}");
    }
    assert_eq!(server.ask("DELETE", "/v1/api-keys/key_01K0000000000000000000000A", &[], None).status, 404);
    let kept: Vec<u8> = ["vid.db", "vid.db-wal"]
        .iter()
        .flat_map(|name| std::fs::read(server.folder.path().join("data").join(name)).unwrap_or_default())
        .collect();
    assert!(!kept.windows(key.len()).any(|part| part == key.as_bytes()), "the key is in the database");
}

#[test]
fn what_was_made_is_counted() {
    let server = Server::start(1);
    let id = server.submit(&film(5, "#ff0000"), None).json()["id"].as_str().unwrap().to_owned();
    server.ended(&id);
    server.get(&format!("/v1/renders/{id}/download"));
    let usage = server.get("/v1/workspace/usage?period=7d").json();
    let minutes = usage["render_minutes"].as_f64().unwrap();
    assert!((minutes * 60.0 - 0.5).abs() < 0.001, "{usage}");
    assert!(usage["egress_bytes"].as_i64().unwrap() > 0);
    assert_eq!(server.get("/v1/workspace/usage?period=x").status, 422);
    let workspace = server.get("/v1/workspace").json();
    assert_eq!((&workspace["name"], &workspace["plan"]), (&json!("default"), &json!("enterprise")));
}

#[test]
fn receivers_are_registered_changed_and_removed() {
    let server = Server::start(0);
    let made = post(
        &server,
        "/v1/webhooks",
        &json!({ "url": "https://example.org/a", "events": ["render.failed", "render.completed"] }),
    );
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    assert_eq!(made["events"], json!(["render.completed", "render.failed"]));
    let second = post(&server, "/v1/webhooks", &json!({ "url": "https://example.org/b" })).json();
    // One secret signs everything.
    assert_eq!(made["secret"], second["secret"]);
    let path = format!("/v1/webhooks/{}", made["id"].as_str().unwrap());
    let changed = server.ask("PATCH", &path, &[], Some(r#"{"enabled":false,"events":[]}"#)).json();
    assert_eq!(
        (&changed["enabled"], &changed["events"], &changed["url"]),
        (&json!(false), &json!([]), &made["url"])
    );
    assert_eq!(server.get(&path).json(), changed);
    let page = server.get("/v1/webhooks?limit=1").json();
    assert_eq!((&page["data"][0]["id"], &page["has_more"]), (&second["id"], &json!(true)));
    assert!(page["data"][0].get("secret").is_none());
    let rotated = post(&server, &format!("{path}/rotate-secret"), &json!({})).json();
    assert_ne!(rotated["secret"], made["secret"]);
    let third = post(&server, "/v1/webhooks", &json!({ "url": "https://example.org/c" })).json();
    assert_eq!(third["secret"], rotated["secret"]);
    assert_eq!(
        server.get(&format!("{path}/deliveries")).json(),
        json!({ "data": [], "next_cursor": null, "has_more": false })
    );
    assert_eq!(server.ask("DELETE", &path, &[], None).status, 204);
    assert_eq!(server.get(&path).status, 404);
    assert_eq!(server.ask("DELETE", &path, &[], None).status, 404);
    for body in [
        json!({}),
        json!({ "url": "http://example.org/" }),
        json!({ "url": "https://127.0.0.1/" }),
        json!({ "url": "https://user@example.org/" }),
        json!({ "url": "https://example.org/", "events": ["render.queued"] }),
        json!({ "url": "https://example.org/", "events": "all" }),
        json!({ "url": "https://example.org/", "event": [] }),
        json!({ "url": format!("https://example.org/{}", "a".repeat(2083)) }),
    ] {
        let answer = post(&server, "/v1/webhooks", &body);
        assert_eq!(
            (answer.status, &answer.json()["error"]["code"]),
            (422, &json!("invalid_request")),
            "{body}"
        );
    }
}

#[test]
fn a_body_is_checked_and_nothing_is_made_of_it() {
    let server = Server::start(0);
    let mut body = film(5, "#ff0000");
    body["dry_run"] = json!(true);
    let good = post(&server, "/v1/preview", &body).json();
    assert_eq!((&good["valid"], &good["summary"]["duration"]), (&json!(true), &json!(0.5)));
    body["widht"] = json!(1);
    body["frame_rate"] = json!(0);
    let bad = post(&server, "/v1/preview", &body);
    assert_eq!(bad.status, 200);
    let bad = bad.json();
    assert_eq!((&bad["valid"], &bad["summary"]), (&json!(false), &Value::Null));
    let told: Vec<String> = bad["violations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|violation| format!("{} {} {}", violation["severity"], violation["code"], violation["path"]))
        .collect();
    assert!(told.contains(&r#""error" "UNKNOWN_FIELD" "/widht""#.to_owned()), "{told:?}");
    assert!(told.contains(&r#""error" "OUT_OF_RANGE" "/frame_rate""#.to_owned()), "{told:?}");
    assert_eq!(server.get("/v1/renders").json()["data"], json!([]));
    body["dry_run"] = json!(false);
    assert_eq!(post(&server, "/v1/preview", &body).json()["error"]["code"], "invalid_request");
}

#[test]
fn frames_are_shown_before_anything_is_rendered() {
    let server = Server::start(0);
    let with = |more: Value| {
        let mut body = film(5, "#00ff00");
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        post(&server, "/v1/preview", &body)
    };
    let answer = with(json!({ "times": [0, 0.2], "side": 32 }));
    assert_eq!(answer.status, 200, "{}\n{}", answer.text(), server.log());
    let answer = answer.json();
    assert_eq!(answer["frames"].as_array().unwrap().len(), 2);
    assert_eq!((&answer["frames"][1]["time"], &answer["summary"]["width"]), (&json!(0.2), &json!(64)));
    assert_eq!(server.fetch(&answer["frames"][0]["url"])[..3], [0xff, 0xd8, 0xff]);
    // What is at neither of the two places is not there.
    let picture =
        json!([{ "type": "image", "id": "a", "duration": 1, "source_url": "https://127.0.0.1/a.png" }]);
    assert_eq!(with(json!({ "elements": picture })).json()["error"]["code"], "invalid_source");
    for more in [
        json!({ "time": -1 }),
        json!({ "time": 1, "times": [1] }),
        json!({ "times": [] }),
        json!({ "side": 9 }),
    ] {
        assert_eq!(with(more.clone()).json()["error"]["code"], "invalid_request", "{more}");
    }
    assert_eq!(server.get("/v1/renders").json()["data"], json!([]));
    assert_eq!(std::fs::read_dir(server.folder.path().join("data/previews")).unwrap().count(), 0);
}

#[test]
fn the_server_says_what_it_is_and_how_it_is() {
    let server = Server::start(0);
    let open = |path: &str| server.ask("GET", path, &[("authorization", "")], None);
    for path in ["/healthz", "/readyz", "/v1/capabilities", "/openapi.json", "/metrics"] {
        assert_eq!(open(path).status, 200, "{path}");
    }
    let known = open("/v1/capabilities").json();
    assert_eq!(known["effects"].as_array().unwrap().len(), 46);
    assert_eq!(known["transitions"][0]["supported"], true);
    assert!(known["tasks"].as_array().unwrap().iter().all(|task| task["supported"] == false));
    server.submit(&film(1, "#000000"), None);
    let counted = open("/metrics").text();
    assert!(counted.contains("vid_renders{status=\"queued\"} 1\n"), "{counted}");
    assert!(counted.contains("vid_http_responses_total{class=\"2xx\"}"), "{counted}");
}

#[test]
fn what_is_not_done_here_is_said() {
    let server = Server::start(0);
    let said = |method: &str, path: &str| {
        let answer = server.ask(method, path, &[], Some("{}"));
        format!("{} {}", answer.status, answer.json()["error"]["code"])
    };
    for path in
        ["/v1/tasks/transcribe", "/v1/projects", "/v1/signup", "/v1/signup/verify", "/v1/billing/portal"]
    {
        assert_eq!(said("POST", path), r#"422 "unsupported_feature""#, "{path}");
    }
    assert_eq!(said("POST", "/v1/tasks/dance"), r#"404 "not_found""#);
    assert_eq!(said("GET", "/v1/tasks/task_01K0000000000000000000000A"), r#"404 "not_found""#);
    assert_eq!(server.get("/v1/tasks?limit=5").json()["data"], json!([]));
}

/// Asks every endpoint of the document, without a key and with nonsense.
#[test]
fn every_endpoint_keeps_to_the_document() {
    let server = Server::start(0);
    let document = server.get("/openapi.json").json();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let (method, is_open) = (method.to_uppercase(), operation["security"] == json!([]));
            let place: String =
                path.split('/')
                    .map(|part| {
                        if part.starts_with('{') { "nothing%00such%2f..".to_owned() } else { part.to_owned() }
                    })
                    .collect::<Vec<_>>()
                    .join("/");
            let stranger = server.ask(&method, &place, &[("authorization", "")], Some("{}"));
            assert_eq!(stranger.status == 401, !is_open, "{method} {path} {}", stranger.text());
            for (query, body) in [
                ("", "[]"),
                ("", "{"),
                ("", "{\"a\":1}"),
                ("?limit=x&wait=x&period=x&cursor=x", "{}"),
                ("?limit=1&limit=2&wait=1&wait=2&period=1d&period=2d&expires=1&expires=2", "{}"),
                ("%ff", "{}"),
            ] {
                if query == "%ff" && !path.ends_with('}') {
                    continue;
                }
                let answer = server.ask(&method, &format!("{place}{query}"), &[], Some(body));
                let known = operation["responses"].as_object().unwrap();
                let status = answer.status.to_string();
                assert!(known.contains_key(&status), "{method} {path}: {status} {}", answer.text());
                assert!(answer.status < 500, "{method} {path}: {}", answer.text());
                if answer.status >= 400 {
                    let answer = answer.json();
                    // The second interface has a form of its own for errors.
                    let (code, message) = match &answer["error"] {
                        Value::String(message) => (answer["error_code"].as_str(), Some(message.as_str())),
                        error => (error["code"].as_str(), error["message"].as_str()),
                    };
                    let code = code.unwrap_or_else(|| panic!("{method} {path}: {answer}"));
                    let named = known[&status]["description"].as_str().unwrap();
                    assert!(
                        named.contains(&format!("`{code}`")),
                        "{method} {path}: {code} is not in {named}"
                    );
                    assert!(message.is_some_and(|words| !words.is_empty()));
                }
            }
        }
    }
}
