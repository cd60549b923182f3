//! What the OpenAPI document says of values is so: every kind of difference that was found once.

use serde_json::{Value, json};

use crate::support::{Server, film};

/// The schema of a parameter of the query.
fn parameter<'a>(document: &'a Value, path: &str, name: &str) -> &'a Value {
    let all = document["paths"][path]["get"]["parameters"].as_array().unwrap();
    &all.iter().find(|parameter| parameter["name"] == name).unwrap()["schema"]
}

#[test]
fn an_empty_value_is_no_value() {
    let server = Server::start(0);
    let id = server.submit(&film(1, "#000000"), None).json()["id"].as_str().unwrap().to_owned();
    for path in ["/v1/workspace/usage?period=", &format!("/v1/renders/{id}?wait="), "/v1/renders?limit="] {
        assert_eq!(server.get(path).status, 422, "{path}");
    }
    // But for cursors, which the last page of a list has none of.
    assert_eq!(server.get("/v1/renders?cursor=").status, 200);
}

#[test]
fn patterns_are_those_of_the_server() {
    let server = Server::start(0);
    let document = server.get("/openapi.json").json();
    let pattern = |path, name| parameter(&document, path, name)["pattern"].as_str().unwrap().to_owned();
    assert!(pattern("/v1/renders", "cursor").starts_with("^(render_[0-7]"));
    assert_eq!(pattern("/v1/tasks", "cursor"), "^$");
    assert_eq!(server.get("/v1/tasks?cursor=x").status, 422);
    assert!(pattern("/v1/workspace/usage", "period").ends_with("|36[0-6])d$"));
    for (period, status) in [("366d", 200), ("1d", 200), ("0d", 422), ("367d", 422), ("07d", 200)] {
        assert_eq!(server.get(&format!("/v1/workspace/usage?period={period}")).status, status, "{period}");
    }
    let agent = parameter(&document, "/v1/vidsheet/{id}", "agent_id");
    assert_eq!(agent["enum"], json!([1]));
}

#[test]
fn what_may_be_null_is_said_to_be() {
    let server = Server::start(0);
    let document = server.get("/openapi.json").json();
    let schemas = &document["components"]["schemas"];
    let nulls = |schema: &str, names: &[&str]| {
        for name in names {
            let kinds = &schemas[schema]["properties"][name]["type"];
            assert!(kinds.as_array().is_some_and(|kinds| kinds.contains(&json!("null"))), "{schema} {name}");
        }
        Value::Object(names.iter().map(|name| ((*name).to_owned(), Value::Null)).collect())
    };
    let post = |path: &str, body: &Value| server.ask("POST", path, &[], Some(&body.to_string()));
    let mut dry = nulls("PreviewRequest", &["time", "times", "side"]);
    dry["dry_run"] = json!(true);
    assert_eq!(post("/v1/preview", &dry).status, 200);
    let mut receiver = nulls("WebhookRequest", &["events", "enabled"]);
    receiver["url"] = json!("https://example.org/");
    let made = post("/v1/webhooks", &receiver);
    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let change = nulls("WebhookChange", &["url", "events", "enabled"]).to_string();
    let changed = server.ask("PATCH", &format!("/v1/webhooks/{id}"), &[], Some(&change));
    assert_eq!((changed.status, changed.json()["url"].clone()), (200, json!("https://example.org/")));
}

#[test]
fn what_is_made_leads_to_what_can_be_done_with_it() {
    let server = Server::start(0);
    let document = server.get("/openapi.json").json();
    let links = &document["paths"]["/v1/renders"]["post"]["responses"]["202"]["links"];
    let read = &links["get_v1_renders_id"];
    assert_eq!(read["operationId"], "get_v1_renders_id");
    assert_eq!(read["parameters"]["id"], "$response.body#/id");
    let webhook = &document["paths"]["/v1/webhooks"]["post"]["responses"]["201"]["links"];
    assert_eq!(webhook.as_object().unwrap().len(), 5);
}

#[test]
fn the_receiver_of_a_job_is_judged_when_it_is_submitted() {
    let server = Server::start(0);
    for (url, word) in [
        ("https://10.0.0.1/hook", "private"),
        ("https://localhost/hook", "is not a name of the open internet"),
        ("http://example.org/hook", "https"),
        ("https://example.org:22/hook", "port"),
        ("https://user:word@example.org/hook", "user"),
    ] {
        let mut body = film(1, "#000000");
        body["webhook_url"] = json!(url);
        let answer = server.submit(&body, None);
        assert_eq!(answer.status, 422, "{url} {}", answer.text());
        let error = &answer.json()["error"];
        assert_eq!(error["details"]["errors"][0]["path"], json!(["webhook_url"]));
        assert!(error["message"].as_str().unwrap().contains(word), "{error}");
    }
    assert_eq!(server.get("/v1/renders").json()["data"], json!([]));
    let mut body = film(1, "#000000");
    body["webhook_url"] = json!("https://example.org/hook");
    assert_eq!(server.submit(&body, None).status, 202);
}

#[test]
fn a_signed_address_is_counted_by_itself() {
    let mut server = Server::prepared(1, "requests_per_second = 5\nrequests_per_second_per_address = 1\n");
    server.run(&[]);
    let id = server.submit(&film(1, "#000000"), None).json()["id"].as_str().unwrap().to_owned();
    let job = server.ended(&id);
    let path = |url: &Value| format!("/{}", url.as_str().unwrap().splitn(4, '/').nth(3).unwrap());
    let film = path(&job["output"]["url"]);
    let ask = |path: &str| server.ask("GET", path, &[("authorization", "")], None).status;
    // Twice what a stranger may ask at once, and as much as a key may.
    let answers: Vec<u16> = (0..30).map(|_| ask(&film)).collect();
    assert!(answers[..10].iter().all(|status| *status == 200), "{answers:?}");
    assert!(answers.contains(&429), "{answers:?}");
    // Another address has not been used.
    assert_eq!(ask(&path(&job["output"]["thumbnail_url"])), 200);
    // Whoever guesses is a stranger.
    let guesses: Vec<u16> = (0..9).map(|_| ask(&film.replace("signature=", "signature=0"))).collect();
    assert!(guesses.contains(&403) && guesses.contains(&429), "{guesses:?}");
}
