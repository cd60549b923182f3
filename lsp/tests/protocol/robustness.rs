//! Broken texts with every question after each change: answers, never errors of the server's making.

use std::sync::Arc;

use serde_json::{Value, json};
use vid_compiler::MemorySystem;

use crate::client::{Client, uri};

const FILM: &str = "import \"std/titles\" { title }\nlet accent: color = #ff5a36\nstyle big for text { font_size: 96 }\ncomposition film(name: string = \"Ada\", hold: time in 1s..9s = 2s) 1280x720 30fps {\n  sequence picture {\n    video intro \"a.mp4\" [2s..6s] { width: 50% }\n    transition cross_dissolve for 500ms\n    image logo \"b.png\" for hold { enter zoom_in for 400ms ease_out }\n  }\n  text head \"{name} 😀\" at intro.start + 500ms for 3s with big {\n    text_color: mix(accent, white, 50%)\n    opacity: [0s: 0%, 300ms: 100% ease_out, end: 0%]\n  }\n  marker drop at 1s\n  for n in [1, 2] { text \"{n}\" at markers.drop for 12f }\n  output mp4\n}\n";

/// Every question that is about a document, with what it needs.
fn questions(uri: &str, line: usize, character: usize) -> Vec<(&'static str, Value)> {
    let document = json!({ "uri": uri });
    let position = json!({ "line": line, "character": character });
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let at = json!({ "textDocument": document, "position": position });
    let of = json!({ "textDocument": document });
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    let with = |base: &Value, more: Value| {
        let mut all = base.clone();
        for (key, value) in more.as_object().unwrap() {
            all[key] = value.clone();
        }
        all
    };
    vec![
        ("textDocument/hover", at.clone()),
        ("textDocument/completion", at.clone()),
        ("textDocument/signatureHelp", at.clone()),
        ("textDocument/definition", at.clone()),
        ("textDocument/references", with(&at, json!({ "context": { "includeDeclaration": true } }))),
        ("textDocument/documentHighlight", at.clone()),
        ("textDocument/prepareCallHierarchy", at.clone()),
        ("textDocument/documentSymbol", of.clone()),
        ("textDocument/documentLink", of.clone()),
        ("textDocument/documentColor", of.clone()),
        ("textDocument/foldingRange", of.clone()),
        ("textDocument/codeLens", of.clone()),
        ("textDocument/diagnostic", of.clone()),
        ("textDocument/semanticTokens/full", of.clone()),
        ("textDocument/semanticTokens/range", with(&of, json!({ "range": whole }))),
        ("textDocument/inlayHint", with(&of, json!({ "range": whole }))),
        ("textDocument/selectionRange", with(&of, json!({ "positions": [position] }))),
        ("textDocument/formatting", with(&of, json!({ "options": options }))),
        ("textDocument/rangeFormatting", with(&of, json!({ "options": options, "range": whole }))),
        ("textDocument/onTypeFormatting", with(&at, json!({ "options": options, "ch": "}" }))),
        (
            "textDocument/codeAction",
            with(
                &of,
                json!({ "range": { "start": position, "end": position }, "context": { "diagnostics": [] } }),
            ),
        ),
        ("workspace/symbol", json!({ "query": "a" })),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_question_after_every_change_has_an_answer() {
    let (mut client, _) = Client::start(Arc::new(MemorySystem::new()), json!({})).await;
    let film = uri("film.vid");
    client.open(&film, FILM).await;
    let mut text: Vec<char> = FILM.chars().collect();
    let mut seed: u64 = 11;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(seed >> 33).unwrap() % below
    };
    let pieces = ["{", "}", "\"", "(", "[", ".", ":", " for ", "at ", "\n", "😀", "x", "//", "/*", "1", "#"];
    for version in 2..60 {
        let at = random(text.len() + 1);
        if random(3) == 0 {
            let until = (at + random(30)).min(text.len());
            text.drain(at..until);
        } else {
            text.splice(at..at, pieces[random(pieces.len())].chars());
        }
        if version % 12 == 0 {
            text = FILM.chars().collect();
        }
        let whole: String = text.iter().collect();
        client.change(&film, version, &whole).await;
        let cursor = at.min(text.len());
        let before: String = text[..cursor].iter().collect();
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().encode_utf16().count();
        let mut asked = Vec::new();
        for (method, params) in questions(&film, line, column) {
            asked.push((method, client.request(method, params).await));
        }
        for (method, id) in asked {
            let answer = client.answer(id).await;
            assert!(answer.get("error").is_none(), "{method}: {answer}\n{whole}");
        }
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
