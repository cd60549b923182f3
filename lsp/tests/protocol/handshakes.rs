//! What editors say first, and what they are answered: the same short session with the `initialize`
//! message of each. Those of Neovim 0.11.4 and Emacs (eglot 1.9) are recorded, those of Visual Studio Code,
//! Helix and Kakoune follow what these say they can do.

use std::sync::Arc;

use expect_test::expect_file;
use serde_json::{Value, json};
use vid_compiler::MemorySystem;

use crate::client::{Client, Empty, uri};

const FILM: &str = "let hold = 1s\ncomposition c 640x360 25fps {\n  text one \"é😀\" for hold { colour: #fff }\n  video \"a.mp4\" for 2s\n}\n";

/// A session, written down: what was asked, and what came back.
async fn session(hello: &str) -> String {
    let hello: Value = serde_json::from_str(hello).unwrap();
    let pulls = !hello["capabilities"]["textDocument"]["diagnostic"].is_null();
    let (mut client, about) = Client::greet(Arc::new(MemorySystem::new()), Empty, hello).await;
    let mut written = format!("initialize\n{}\n", serde_json::to_string_pretty(&about).unwrap());
    let film = uri("film.vid");
    client.open(&film, FILM).await;
    // Until it is known that the medium is not there, answers may say one thing or another.
    let of = json!({ "textDocument": { "uri": film } });
    let diagnostics = loop {
        let found = if pulls {
            client.result("textDocument/diagnostic", of.clone()).await["items"].clone()
        } else {
            client.heard("textDocument/publishDiagnostics").await["diagnostics"].clone()
        };
        if found.as_array().unwrap().iter().any(|found| found["code"] == "media-missing") {
            break found;
        }
    };
    let how = if pulls { "pulled" } else { "pushed" };
    written.push_str(&format!(
        "\ndiagnostics, {how}\n{}\n",
        serde_json::to_string_pretty(&diagnostics).unwrap()
    ));
    let place = |line: u32, character: u32| json!({ "textDocument": { "uri": film }, "position": { "line": line, "character": character } });
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let here = json!({ "start": { "line": 3, "character": 10 }, "end": { "line": 3, "character": 10 } });
    let mut rename = place(3, 11);
    rename["newName"] = json!("b.mp4");
    let questions = [
        ("textDocument/hover", place(2, 8)),
        ("textDocument/inlayHint", json!({ "textDocument": { "uri": film }, "range": whole })),
        ("textDocument/documentHighlight", place(0, 5)),
        ("textDocument/codeLens", of),
        (
            "textDocument/codeAction",
            json!({ "textDocument": { "uri": film }, "range": here, "context": { "diagnostics": [] } }),
        ),
        ("textDocument/rename", rename),
    ];
    for (method, params) in questions {
        let answer = client.result(method, params).await;
        written.push_str(&format!("\n{method}\n{}\n", serde_json::to_string_pretty(&answer).unwrap()));
    }
    client.stop().await;
    written
}

macro_rules! handshakes {
    ($($editor:ident),*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $editor() {
                let written = session(include_str!(concat!("handshakes/", stringify!($editor), ".json"))).await;
                expect_file![concat!("handshakes/", stringify!($editor), ".txt")].assert_eq(&written);
            }
        )*
    };
}

handshakes!(vscode, neovim, helix, eglot, kakoune);
