//! How long answers take: a scripted session over a film of so many lines, warm, each question right
//! after an edit. Prints milliseconds for each method; with `--json`, one JSON object.
//!
//! ```text
//! cargo run -p vid-lsp --example latency -- 1000
//! ```

#[path = "../tests/protocol/client.rs"]
#[expect(dead_code, clippy::unwrap_used, reason = "it is a part of the tests, which use more of it")]
mod client;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vid_compiler::MemorySystem;

use crate::client::{Client, uri};

/// Rounds of questions.
const ROUNDS: i32 = 60;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let lines = arguments.next().and_then(|lines| lines.parse().ok()).unwrap_or(1_000);
    let as_json = arguments.next().is_some_and(|flag| flag == "--json");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()
        .expect("the machine has room for two threads");
    let times = runtime.block_on(session(lines));
    let row = |times: &[Duration], part: usize| {
        let mut times = times.to_vec();
        times.sort();
        times[(times.len() * part / 100).min(times.len() - 1)].as_secs_f64() * 1000.0
    };
    if as_json {
        let all: BTreeMap<&String, Value> = times
            .iter()
            .map(|(method, times)| (method, json!({ "p50_ms": row(times, 50), "p95_ms": row(times, 95) })))
            .collect();
        println!("{}", json!({ "lines": lines, "methods": all }));
        return;
    }
    println!("{:40} {:>8} {:>8}", format!("{lines} lines"), "p50 ms", "p95 ms");
    for (method, times) in &times {
        println!("{method:40} {:8.1} {:8.1}", row(times, 50), row(times, 95));
    }
}

/// A film of about so many lines.
fn film(lines: usize) -> String {
    let mut text = String::from(
        "let accent = #ff5a36\nstyle big for text {\n  font_size: 96\n  text_color: accent\n}\n\ncomposition film 1280x720 30fps {\n",
    );
    let mut at = 0;
    while text.lines().count() + 10 < lines {
        text.push_str(&format!(
            "  text t{at} \"title {at}\" at {at}s for 2s with big {{\n    width: 50%\n    y: 20vh\n    opacity: [0s: 0%, 300ms: 100% ease_out, end: 0%]\n    enter fade for 300ms\n  }}\n"
        ));
        at += 1;
    }
    text.push_str("}\n");
    text
}

#[expect(clippy::disallowed_methods, reason = "this is what it measures")]
async fn session(lines: usize) -> BTreeMap<String, Vec<Duration>> {
    let capabilities = json!({ "textDocument": { "diagnostic": {} } });
    let (mut client, _) = Client::start(Arc::new(MemorySystem::new()), capabilities).await;
    let (film_uri, text) = (uri("film.vid"), film(lines));
    let middle = lines / 2;
    client.open(&film_uri, &text).await;
    let document = json!({ "uri": film_uri });
    let of = json!({ "textDocument": document });
    let position = json!({ "line": middle - middle % 6 + 1, "character": 9 });
    let at = json!({ "textDocument": document, "position": position });
    let screen = json!({
        "start": { "line": middle, "character": 0 },
        "end": { "line": middle + 60, "character": 0 },
    });
    let part = json!({ "textDocument": document, "range": screen });
    let options = json!({ "textDocument": document, "options": { "tabSize": 2, "insertSpaces": true } });
    let mut references = at.clone();
    references["context"] = json!({ "includeDeclaration": true });
    let questions = [
        ("textDocument/diagnostic", of.clone()),
        ("textDocument/completion", at.clone()),
        ("textDocument/hover", at.clone()),
        ("textDocument/inlayHint", part),
        ("textDocument/codeLens", of.clone()),
        ("textDocument/definition", at.clone()),
        ("textDocument/references", references),
        ("textDocument/documentColor", of.clone()),
        ("textDocument/documentLink", of.clone()),
        ("textDocument/semanticTokens/full", of.clone()),
        ("textDocument/formatting", options),
        ("textDocument/documentSymbol", of.clone()),
        ("textDocument/foldingRange", of),
        ("workspace/symbol", json!({ "query": "t1" })),
        ("textDocument/signatureHelp", at),
    ];
    let mut times: BTreeMap<String, Vec<Duration>> = BTreeMap::new();
    let mut version = 1;
    for round in 0..ROUNDS {
        for (method, params) in &questions {
            version += 1;
            // A comment comes and goes, and moves what stands behind it.
            let start = json!({ "line": middle - middle % 6 + 1, "character": 2 });
            let (insert, length) = if version % 2 == 0 { ("/**/", 0) } else { ("", 4) };
            let end = json!({ "line": middle - middle % 6 + 1, "character": 2 + length });
            let begin = Instant::now();
            let change = json!([{ "range": { "start": start, "end": end }, "text": insert }]);
            client.edit(&film_uri, version, change).await;
            client.result(method, params.clone()).await;
            // The first round warms up.
            if round > 0 {
                times.entry((*method).to_owned()).or_default().push(begin.elapsed());
            }
        }
    }
    client.stop().await;
    times
}
