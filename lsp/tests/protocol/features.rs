//! Each feature once over the wire: what a client sees.

use std::sync::Arc;

use serde_json::{Value, json};
use vid_compiler::MemorySystem;

use crate::client::{Client, uri};

async fn with(text: &str) -> (Client, String) {
    let (mut client, _) = Client::start(Arc::new(MemorySystem::new()), json!({})).await;
    let film = uri("film.vid");
    client.open(&film, text).await;
    (client, film)
}

fn at(uri: &str, line: u32, character: u32) -> Value {
    json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn diagnostics_are_pushed_with_their_places() {
    let (mut client, film) = with("composition c {\n  text \"x\" for 1s { colour: #fff }\n}\n").await;
    let told = client.heard("textDocument/publishDiagnostics").await;
    assert_eq!((told["uri"].as_str(), &told["version"]), (Some(&*film), &json!(1)));
    let found = &told["diagnostics"][0];
    assert_eq!(found["code"], "unknown-property");
    assert_eq!(found["range"]["start"], json!({ "line": 1, "character": 20 }));
    assert!(found["codeDescription"]["href"].as_str().unwrap().ends_with("docs/codes/unknown-property.md"));
    client.change(&film, 2, "composition c {\n  text \"x\" for 1s\n}\n").await;
    loop {
        let told = client.heard("textDocument/publishDiagnostics").await;
        if told["version"] == 2 {
            assert_eq!(told["diagnostics"], json!([]));
            break;
        }
    }
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn diagnostics_are_pulled_with_result_ids() {
    let capabilities = json!({ "textDocument": { "diagnostic": {} } });
    let (mut client, _) = Client::start(Arc::new(MemorySystem::new()), capabilities).await;
    let film = uri("film.vid");
    client.open(&film, "let a: time = 1px\n").await;
    let of = json!({ "textDocument": { "uri": film } });
    let first = client.result("textDocument/diagnostic", of).await;
    assert_eq!((&first["kind"], first["items"].as_array().map(Vec::len)), (&json!("full"), Some(1)));
    let again = json!({ "textDocument": { "uri": film }, "previousResultId": first["resultId"] });
    let again = client.result("textDocument/diagnostic", again).await;
    assert_eq!(again["kind"], "unchanged");
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_misspelt_property_has_a_repair() {
    let (mut client, film) = with("composition c {\n  text \"x\" for 1s { color: #fff }\n}\n").await;
    let place = json!({ "line": 1, "character": 22 });
    let params = json!({
        "textDocument": { "uri": film },
        "range": { "start": place, "end": place },
        "context": { "diagnostics": [], "only": ["quickfix"] },
    });
    let actions = client.result("textDocument/codeAction", params).await;
    assert_eq!(actions[0]["title"], "write `text_color`");
    assert_eq!(actions[0]["edit"]["changes"][&film][0]["newText"], "text_color");
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_the_client_names_is_repaired_from_anywhere_in_the_line() {
    let (mut client, film) = with("composition c {\n  text \"x\" for 1s { color: #fff }\n}\n").await;
    let told = client.heard("textDocument/publishDiagnostics").await;
    let place = json!({ "line": 1, "character": 3 });
    for (named, is_offered) in [(json!([]), false), (told["diagnostics"].clone(), true)] {
        let params = json!({
            "textDocument": { "uri": film },
            "range": { "start": place, "end": place },
            "context": { "diagnostics": named, "only": ["quickfix"] },
        });
        let actions = client.result("textDocument/codeAction", params).await;
        assert_eq!(actions[0]["title"] == "write `text_color`", is_offered, "{actions}");
    }
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bundled_files_open_as_virtual_documents() {
    let (mut client, film) = with("composition c {\n  text \"x\" for 1s { opacity: 50% }\n}\n").await;
    let found = client.result("textDocument/definition", at(&film, 1, 22)).await;
    assert_eq!(found["uri"], "vid-std:///std/prelude/groups.vid");
    let content = client.result("workspace/textDocumentContent", json!({ "uri": found["uri"] })).await;
    let text = content["text"].as_str().unwrap().to_owned();
    let line = found["range"]["start"]["line"].as_u64().unwrap();
    assert!(text.lines().nth(usize::try_from(line).unwrap()).unwrap().trim().starts_with("opacity"));
    // The client opens what it was given; that is no file of an author.
    client.open("vid-std:///std/prelude/groups.vid", &text).await;
    let of = json!({ "textDocument": { "uri": "vid-std:///std/prelude/groups.vid" } });
    client.result("textDocument/semanticTokens/full", of.clone()).await;
    client.result("textDocument/documentSymbol", of).await;
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rename_reaches_other_files() {
    let system = Arc::new(MemorySystem::new());
    system.write("/film/brand.vid", "let accent = 1s\n");
    let (mut client, _) = Client::start(system, json!({})).await;
    let (film, brand) = (uri("film.vid"), uri("brand.vid"));
    client.open(&film, "import \"brand.vid\" { accent }\nlet x = accent\n").await;
    let prepared = client.result("textDocument/prepareRename", at(&film, 1, 10)).await;
    assert_eq!(prepared["placeholder"], "accent");
    let mut params = at(&film, 1, 10);
    params["newName"] = json!("hold");
    let edit = client.result("textDocument/rename", params).await;
    assert_eq!(edit["changes"][&film].as_array().map(Vec::len), Some(2));
    assert_eq!(edit["changes"][&brand].as_array().map(Vec::len), Some(1));
    let refused = client.ask("textDocument/prepareRename", at(&film, 0, 2)).await;
    assert_eq!(refused["error"]["message"], "nothing here has a name");
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_come_as_differences() {
    let (mut client, film) = with("let a = 1s\nlet b = 2s\n").await;
    let of = json!({ "textDocument": { "uri": film } });
    let first = client.result("textDocument/semanticTokens/full", of).await;
    assert_eq!(first["data"].as_array().map(Vec::len), Some(2 * 3 * 5));
    client.change(&film, 2, "let a = 1s\nlet bb = 2s\n").await;
    let params = json!({ "textDocument": { "uri": film }, "previousResultId": first["resultId"] });
    let second = client.result("textDocument/semanticTokens/full/delta", params).await;
    let edits = second["edits"].as_array().unwrap();
    let mut data = first["data"].as_array().unwrap().clone();
    for edit in edits {
        let (start, count) = (edit["start"].as_u64().unwrap(), edit["deleteCount"].as_u64().unwrap());
        let range = usize::try_from(start).unwrap()..usize::try_from(start + count).unwrap();
        data.splice(range, edit["data"].as_array().unwrap().iter().cloned());
    }
    let whole =
        client.result("textDocument/semanticTokens/full", json!({ "textDocument": { "uri": film } })).await;
    assert_eq!(whole["data"].as_array().unwrap(), &data);
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn media_are_looked_into_without_being_waited_for() {
    let capabilities = json!({
        "window": { "workDoneProgress": true },
        "workspace": { "inlayHint": { "refreshSupport": true } },
    });
    let (mut client, _) = Client::start(Arc::new(MemorySystem::new()), capabilities).await;
    let film = uri("film.vid");
    client.open(&film, "composition c {\n  video \"a.mp4\"\n}\n").await;
    loop {
        let told = client.heard("textDocument/publishDiagnostics").await;
        let codes = told["diagnostics"].as_array().unwrap();
        if codes.iter().any(|found| found["code"] == "media-missing") {
            break;
        }
    }
    client.heard("$/progress").await;
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hints_follow_the_settings() {
    let text = "composition c 640x360 30fps {\n  text \"x\" for 1s { width: 50% }\n}\n";
    let (mut client, film) = with(text).await;
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let params = json!({ "textDocument": { "uri": film }, "range": range });
    let labels = |hints: &Value| {
        let labels = hints.as_array().unwrap().iter().map(|hint| hint["label"].as_str().unwrap().to_owned());
        labels.collect::<Vec<_>>()
    };
    let hints = client.result("textDocument/inlayHint", params.clone()).await;
    assert_eq!(labels(&hints), ["00:00:00:00 → 00:00:01:00 (30 f)", "320 px"]);
    let settings = json!({ "settings": { "vid": { "hintTimes": false } } });
    client.tell("workspace/didChangeConfiguration", settings).await;
    let hints = client.result("textDocument/inlayHint", params).await;
    assert_eq!(labels(&hints), ["320 px"]);
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_advertised_is_answered() {
    let (mut client, about) = Client::start(Arc::new(MemorySystem::new()), json!({})).await;
    let can = &about["capabilities"];
    let film = uri("film.vid");
    client.open(&film, "composition c(a: time = 1s) {\n  text t \"x\" for a\n}\n").await;
    let hierarchy = client.result("textDocument/prepareCallHierarchy", at(&film, 0, 12)).await;
    assert_eq!(hierarchy[0]["name"], "c");
    let item = json!({ "item": hierarchy[0] });
    client.result("callHierarchy/incomingCalls", item.clone()).await;
    client.result("callHierarchy/outgoingCalls", item).await;
    let moved = json!({ "files": [{ "oldUri": uri("a.mp4"), "newUri": uri("b.mp4") }] });
    client.result("workspace/willRenameFiles", moved).await;
    let color = json!({ "red": 1.0, "green": 0.0, "blue": 0.0, "alpha": 1.0 });
    let place = json!({ "line": 0, "character": 0 });
    let forms = client
        .result(
            "textDocument/colorPresentation",
            json!({ "textDocument": { "uri": film }, "color": color, "range": { "start": place, "end": place } }),
        )
        .await;
    assert_eq!(forms[0]["label"], "red");
    for provider in [
        "hoverProvider",
        "completionProvider",
        "signatureHelpProvider",
        "definitionProvider",
        "referencesProvider",
        "documentHighlightProvider",
        "documentSymbolProvider",
        "workspaceSymbolProvider",
        "codeActionProvider",
        "codeLensProvider",
        "documentFormattingProvider",
        "documentRangeFormattingProvider",
        "documentOnTypeFormattingProvider",
        "renameProvider",
        "documentLinkProvider",
        "colorProvider",
        "foldingRangeProvider",
        "selectionRangeProvider",
        "callHierarchyProvider",
        "semanticTokensProvider",
        "inlayHintProvider",
        "diagnosticProvider",
    ] {
        assert!(!can[provider].is_null(), "{provider}");
    }
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_explained_on_its_page() {
    let text = "composition c {\n  text \"x\" for 1s { colour: #fff }\n}\n";
    let place = json!({ "line": 1, "character": 22 });
    for (content, page) in [
        (json!({}), "https://github.com/vid-lang/vid/blob/main/docs/codes/unknown-property.md"),
        (json!({ "textDocumentContent": {} }), "vid-std:///codes/unknown-property.md"),
    ] {
        let capabilities = json!({ "window": { "showDocument": { "support": true } }, "workspace": content });
        let (mut client, _) = Client::start(Arc::new(MemorySystem::new()), capabilities).await;
        let film = uri("film.vid");
        client.open(&film, text).await;
        let params = json!({
            "textDocument": { "uri": film },
            "range": { "start": place, "end": place },
            "context": { "diagnostics": [] },
        });
        let actions = client.result("textDocument/codeAction", params).await;
        let explain = actions.as_array().unwrap().iter().find(|action| !action["command"].is_null()).unwrap();
        assert_eq!(explain["title"], "explain `unknown-property`");
        client.result("workspace/executeCommand", explain["command"].clone()).await;
        assert_eq!(client.heard("window/showDocument").await["uri"], page);
        let uri = json!({ "uri": "vid-std:///codes/unknown-property.md" });
        let content = client.result("workspace/textDocumentContent", uri).await;
        assert!(content["text"].as_str().unwrap().contains("unknown-property"));
        client.stop().await;
    }
    let (mut client, film) = with(text).await;
    let refused = client.ask("workspace/executeCommand", json!({ "command": "vid.nothing" })).await;
    assert_eq!(refused["error"]["code"], -32602);
    // Without a place to show it, nothing is explained.
    let params = json!({
        "textDocument": { "uri": film },
        "range": { "start": place, "end": place },
        "context": { "diagnostics": [] },
    });
    let actions = client.result("textDocument/codeAction", params).await;
    assert!(actions.as_array().unwrap().iter().all(|action| action["command"].is_null()));
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn media_are_checked_again_when_asked_to() {
    let (mut client, film) = with("composition c {\n  video \"a.mp4\"\n}\n").await;
    let lenses = client.result("textDocument/codeLens", json!({ "textDocument": { "uri": film } })).await;
    let check = lenses.as_array().unwrap().iter().find(|lens| lens["command"]["title"] == "Check media");
    client.result("workspace/executeCommand", check.unwrap()["command"].clone()).await;
    // It is said again that the file is not there.
    loop {
        let told = client.heard("textDocument/publishDiagnostics").await;
        let found = told["diagnostics"].as_array().unwrap();
        if found.iter().any(|found| found["code"] == "media-missing") {
            break;
        }
    }
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lenses_are_those_that_the_client_has_commands_for() {
    let settings = json!({ "commands": ["vid.copyTimecode", "vid.timeline"] });
    let hello = json!({
        "capabilities": {}, "processId": null, "rootUri": null, "initializationOptions": settings,
    });
    let (mut client, _) = Client::greet(Arc::new(MemorySystem::new()), crate::client::Empty, hello).await;
    let film = uri("film.vid");
    client.open(&film, "composition c 640x360 25fps {\n  text t \"x\" for 1s\n}\n").await;
    let lenses = client.result("textDocument/codeLens", json!({ "textDocument": { "uri": film } })).await;
    let titles: Vec<&str> =
        lenses.as_array().unwrap().iter().map(|lens| lens["command"]["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Show timeline", "⧉ 00:00:00:00"]);
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hints_lead_to_what_they_follow_from() {
    let resolved = json!({ "properties": ["tooltip", "label.location"] });
    let capabilities = json!({ "textDocument": { "inlayHint": { "resolveSupport": resolved } } });
    let (mut client, about) = Client::start(Arc::new(MemorySystem::new()), capabilities).await;
    assert_eq!(about["capabilities"]["inlayHintProvider"]["resolveProvider"], true);
    let film = uri("film.vid");
    client.open(&film, "let hold = 2s\ncomposition c 640x360 30fps {\n  text \"x\" for hold\n}\n").await;
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let params = json!({ "textDocument": { "uri": film }, "range": range });
    let hints = client.result("textDocument/inlayHint", params).await;
    let hint = hints.as_array().unwrap().iter().find(|hint| hint["label"][0]["value"] == "2 s").unwrap();
    assert!(hint["tooltip"].is_null() && hint["label"][0]["location"].is_null());
    let hint = client.result("inlayHint/resolve", hint.clone()).await;
    let start = &hint["label"][0]["location"]["range"]["start"];
    assert_eq!(start, &json!({ "line": 0, "character": 4 }));
    assert!(hint["tooltip"]["value"].as_str().unwrap().contains("let hold = 2s"));
    client.stop().await;
}
