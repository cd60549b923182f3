//! Broken texts with every question after each change: answers, never errors of the server's making.

use std::sync::Arc;

use serde_json::json;
use vid_compiler::MemorySystem;

use crate::client::{Client, uri};
use crate::model::Model;
use crate::questions::questions;
use crate::random::Random;

const FILM: &str = "import \"std/titles\" { title }\nlet accent: color = #ff5a36\nstyle big for text { font_size: 96 }\ncomposition film(name: string = \"Ada\", hold: time in 1s..9s = 2s) 1280x720 30fps {\n  sequence picture {\n    video intro \"a.mp4\" [2s..6s] { width: 50% }\n    transition cross_dissolve for 500ms\n    image logo \"b.png\" for hold { enter zoom_in for 400ms ease_out }\n  }\n  text head \"{name} 😀\" at intro.start + 500ms for 3s with big {\n    text_color: mix(accent, white, 50%)\n    opacity: [0s: 0%, 300ms: 100% ease_out, end: 0%]\n  }\n  marker drop at 1s\n  for n in [1, 2] { text \"{n}\" at markers.drop for 12f }\n  output mp4\n}\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_question_after_every_change_has_an_answer() {
    let (mut client, _) = Client::start(Arc::new(MemorySystem::new()), json!({})).await;
    let film = uri("film.vid");
    client.open(&film, FILM).await;
    let mut random = Random::new(11);
    let mut model = Model::new(FILM);
    for version in 2..60 {
        if version % 12 == 0 {
            model = Model::new(FILM);
            client.change(&film, version, FILM).await;
        } else {
            let change = model.edit(&mut random, 4_000);
            client.edit(&film, version, json!([change])).await;
        }
        let mut asked = Vec::new();
        for (method, params) in questions(&film, random.below(12), random.below(40)) {
            asked.push((method, client.request(method, params).await));
        }
        for (method, id) in asked {
            let answer = client.answer(id).await;
            assert!(answer.get("error").is_none(), "{method}: {answer}\n{}", model.text());
        }
    }
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_about_deep_texts_are_no_deeper_than_clients_read() {
    let (mut client, _) = Client::start(Arc::new(MemorySystem::new()), json!({})).await;
    let film = uri("film.vid");
    let stacks: String = (0..100).map(|depth| format!("stack s{depth} {{ ")).collect();
    let text =
        format!("composition c {{ {stacks}text \"x\" {{ x: {}1px{} }}", "(".repeat(90), ")".repeat(90));
    client.open(&film, &format!("{text}{}", " }".repeat(101))).await;
    let middle = text.find("1px").unwrap();
    // The client of these tests reads 128 levels, and fails at the next one.
    for (method, params) in questions(&film, 0, middle) {
        client.result(method, params).await;
    }
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_documents_are_refused_and_nothing_else_happens() {
    let (mut client, _) = Client::start(Arc::new(MemorySystem::new()), json!({})).await;
    for (method, params) in questions(&uri("nowhere.vid"), 0, 0) {
        let answer = client.ask(method, params).await;
        if method != "workspace/symbol" {
            assert_eq!(answer["error"]["code"], -32803, "{method}: {answer}");
        }
    }
    client.tell("textDocument/didChange", json!({ "nonsense": true })).await;
    client.tell("textDocument/didClose", json!({ "textDocument": { "uri": "untitled:x" } })).await;
    client.stop().await;
}
