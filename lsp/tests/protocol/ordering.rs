//! Changes and questions in any mixture: each answer is for the text it was asked about.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use vid_compiler::MemorySystem;

use crate::client::{Client, uri};

/// The protocol's code for a question about a text that is gone.
const CONTENT_MODIFIED: i64 = -32801;
/// The protocol's code for a question that was taken back.
const CANCELLED: i64 = -32800;

/// A text of one value, from which an answer tells which text it is about.
fn text(number: i32) -> String {
    format!("let value_{number} = {number}\n")
}

fn outlined(answer: &Value) -> &str {
    answer["result"][0]["name"].as_str().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_changes_with_questions_between_them() {
    let (mut client, _) = Client::start(Arc::new(MemorySystem::new()), json!({})).await;
    let film = uri("film.vid");
    client.open(&film, &text(0)).await;
    let mut asked: BTreeMap<i64, i32> = BTreeMap::new();
    let document = json!({ "textDocument": { "uri": film } });
    for version in 1..=1_000 {
        client.change(&film, version, &text(version)).await;
        let id = client.request("textDocument/documentSymbol", document.clone()).await;
        asked.insert(id, version);
    }
    let last = asked.len();
    let mut answered = 0;
    for (nth, (id, version)) in asked.into_iter().enumerate() {
        let answer = client.answer(id).await;
        match answer.get("error") {
            None => {
                answered += 1;
                assert_eq!(outlined(&answer), format!("value_{version}"));
            }
            Some(error) => {
                assert_eq!(error["code"], CONTENT_MODIFIED, "{answer}");
                assert_ne!(nth + 1, last, "no change came after the last question");
            }
        }
    }
    assert!(answered > 0);
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_about_text_alone_are_always_answered() {
    let (mut client, _) = Client::start(Arc::new(MemorySystem::new()), json!({})).await;
    let film = uri("film.vid");
    client.open(&film, "").await;
    let mut asked = Vec::new();
    for version in 1..=300_usize {
        // So many spaces too many, which is so much text to take out.
        let text = format!("let{}a = 1\n", " ".repeat(version + 1));
        client.change(&film, i32::try_from(version).unwrap(), &text).await;
        let options = json!({ "tabSize": 2, "insertSpaces": true });
        let params = json!({ "textDocument": { "uri": film }, "options": options });
        asked.push((client.request("textDocument/formatting", params).await, version));
    }
    for (id, version) in asked {
        let answer = client.answer(id).await;
        let range = &answer["result"][0]["range"];
        let taken =
            range["end"]["character"].as_u64().unwrap() - range["start"]["character"].as_u64().unwrap();
        assert_eq!(usize::try_from(taken).unwrap(), version, "{answer}");
    }
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_that_are_taken_back_end() {
    let (mut client, _) = Client::start(Arc::new(MemorySystem::new()), json!({})).await;
    let film = uri("film.vid");
    let many: String = (0..300).map(|n| format!("text t{n} \"x\" at {n}s for 1s\n")).collect();
    client.open(&film, &format!("composition c {{\n{many}}}\n")).await;
    let mut asked = Vec::new();
    for _ in 0..200 {
        let params = json!({ "textDocument": { "uri": film }, "position": { "line": 3, "character": 6 } });
        let id = client.request("textDocument/hover", params).await;
        client.tell("$/cancelRequest", json!({ "id": id })).await;
        asked.push(id);
    }
    for id in asked {
        let answer = client.answer(id).await;
        if let Some(error) = answer.get("error") {
            assert_eq!(error["code"], CANCELLED, "{answer}");
        }
    }
    // The server has not lost its place.
    let symbols =
        client.result("textDocument/documentSymbol", json!({ "textDocument": { "uri": film } })).await;
    assert_eq!(symbols[0]["children"].as_array().unwrap().len(), 300);
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn small_changes_add_up_to_the_text_of_a_model() {
    for encoding in ["utf-8", "utf-16"] {
        let capabilities = json!({ "general": { "positionEncodings": [encoding] } });
        let (mut client, about) = Client::start(Arc::new(MemorySystem::new()), capabilities).await;
        assert_eq!(about["capabilities"]["positionEncoding"], encoding);
        let film = uri("film.vid");
        let mut model: Vec<char> = "// é😀\nlet a = 1\n".chars().collect();
        client.open(&film, &model.iter().collect::<String>()).await;
        let mut seed: u64 = 7;
        let mut random = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(seed >> 33).unwrap() % below
        };
        for version in 2..700 {
            let at = random(model.len() + 1);
            let until = (at + random(4)).min(model.len());
            let what = ["x", "é", "😀", "\n", "", "let b = 2\n", "// ", "{"][random(8)];
            let position = |at: usize| {
                let before = &model[..at];
                let line = before.iter().filter(|c| **c == '\n').count();
                let start = before.iter().rposition(|c| *c == '\n').map_or(0, |at| at + 1);
                let column: usize = before[start..]
                    .iter()
                    .map(|c| if encoding == "utf-8" { c.len_utf8() } else { c.len_utf16() })
                    .sum();
                json!({ "line": line, "character": column })
            };
            let range = json!({ "start": position(at), "end": position(until) });
            client.edit(&film, version, json!([{ "range": range, "text": what }])).await;
            model.splice(at..until, what.chars());
        }
        // A definition at the end shows where the server believes the end to be.
        let tail = "\n/* */ let the_end = 1\n";
        let lines = model.iter().filter(|c| **c == '\n').count() + 1;
        let end = json!({ "line": 1_000_000, "character": 0 });
        let at_end = json!([{ "range": { "start": end, "end": end }, "text": format!("*/\"}}{tail}") }]);
        client.edit(&film, 700, at_end).await;
        let params = json!({ "textDocument": { "uri": film }, "positions": [{ "line": 0, "character": 0 }] });
        let selection = client.result("textDocument/selectionRange", params).await;
        let mut widest = &selection[0];
        while !widest["parent"].is_null() {
            widest = &widest["parent"];
        }
        assert_eq!(widest["range"]["end"], json!({ "line": lines + 1, "character": 0 }));
        client.stop().await;
    }
}
