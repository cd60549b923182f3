//! Changes and questions in any mixture: each answer is for the text it was asked about.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use vid_compiler::MemorySystem;

use crate::client::{Client, uri};
use crate::model::Model;
use crate::questions::questions;
use crate::random::Random;

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
async fn opening_what_is_known_outdates_no_question() {
    let system = Arc::new(MemorySystem::new());
    system.write("/film/brand.vid", "let accent = 1s\n");
    let (mut client, _) = Client::start(system, json!({})).await;
    let (film, brand) = (uri("film.vid"), uri("brand.vid"));
    client.open(&film, "import \"brand.vid\" { accent }\nlet x = accent\n").await;
    let of = json!({ "textDocument": { "uri": film } });
    client.result("textDocument/documentLink", of.clone()).await;
    let prelude = "vid-std:///std/prelude/units.vid";
    let mut asked = Vec::new();
    for _ in 0..50 {
        for (opened, text) in [(prelude, "// as it is bundled"), (&*brand, "let accent = 1s\n")] {
            asked.push(client.request("textDocument/documentSymbol", of.clone()).await);
            client.open(opened, text).await;
            asked.push(client.request("textDocument/documentSymbol", of.clone()).await);
            client.tell("textDocument/didClose", json!({ "textDocument": { "uri": opened } })).await;
        }
    }
    for id in asked {
        let answer = client.answer(id).await;
        assert!(answer.get("error").is_none(), "{answer}");
    }
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

/// Edits of the storm, unless `VID_STORM` says another number.
const STORM: i32 = 10_000;
/// Edits after which every answer is waited for and the text compared.
const GUST: i32 = 250;

/// What depends on every word of a text: its tokens.
async fn tokens(client: &mut Client, film: &str) -> Value {
    let of = json!({ "textDocument": { "uri": film } });
    client.result("textDocument/semanticTokens/full", of).await["data"].clone()
}

/// Where a text ends.
async fn end(client: &mut Client, film: &str) -> Value {
    let params = json!({ "textDocument": { "uri": film }, "positions": [{ "line": 0, "character": 0 }] });
    let selection = client.result("textDocument/selectionRange", params).await;
    let mut widest = &selection[0];
    while !widest["parent"].is_null() {
        widest = &widest["parent"];
    }
    widest["range"]["end"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_edits_questions_and_cancels_loses_nothing() {
    let edits = std::env::var("VID_STORM").ok().and_then(|edits| edits.parse().ok()).unwrap_or(STORM);
    let mut random = Random::new(5);
    let (mut client, _) = Client::start(Arc::new(MemorySystem::new()), json!({})).await;
    let film = uri("film.vid");
    let mut model = Model::new("// é😀\nlet a = 1\ncomposition c {\n  text \"x\" for 1s\n}\n");
    client.open(&film, &model.text()).await;
    let (mut answered, mut gone, mut taken_back) = (0, 0, 0);
    for gust in 0..(edits / GUST).max(1) {
        let mut asked = Vec::new();
        for nth in 0..GUST {
            let change = model.edit(&mut random, 4_000);
            client.edit(&film, gust * GUST + nth + 2, json!([change])).await;
            if random.below(5) == 0 {
                let all = questions(&film, random.below(40), random.below(30));
                let (method, params) = all[random.below(all.len())].clone();
                let id = client.request(method, params).await;
                let is_cancelled = random.below(3) == 0;
                if is_cancelled {
                    client.tell("$/cancelRequest", json!({ "id": id })).await;
                }
                asked.push((id, method, is_cancelled));
            }
        }
        for (id, method, is_cancelled) in asked {
            let answer = client.answer(id).await;
            match answer.get("error").map(|error| error["code"].as_i64()) {
                None => answered += 1,
                Some(Some(CONTENT_MODIFIED)) => gone += 1,
                Some(Some(CANCELLED)) if is_cancelled => taken_back += 1,
                Some(_) => panic!("{method}: {answer}"),
            }
        }
        // A server that has been told the whole text at once knows it as this one does.
        let (mut fresh, _) = Client::start(Arc::new(MemorySystem::new()), json!({})).await;
        fresh.open(&film, &model.text()).await;
        assert_eq!(end(&mut client, &film).await, end(&mut fresh, &film).await, "{}", model.text());
        assert_eq!(tokens(&mut client, &film).await, tokens(&mut fresh, &film).await, "{}", model.text());
        fresh.stop().await;
    }
    assert!(answered > 0 && gone > 0 && taken_back > 0, "{answered} {gone} {taken_back}");
    client.stop().await;
}
