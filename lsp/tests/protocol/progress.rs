//! Work that is shown, and stopped by the client.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use serde_json::{Value, json};
use vid_compiler::{MediaProblem, MediaProblemKind, MemorySystem};
use vid_lsp::Host;
use vid_timeline::MediaFacts;

use crate::client::{Client, uri};

/// Looks into files for as long as it is told to wait, and counts.
#[derive(Clone, Default)]
struct Slow {
    begun: Arc<AtomicUsize>,
    gate: Arc<(Mutex<bool>, Condvar)>,
}

impl Slow {
    fn open(&self) {
        *self.gate.0.lock().unwrap() = true;
        self.gate.1.notify_all();
    }

    fn begun(&self) -> usize {
        self.begun.load(Ordering::SeqCst)
    }
}

impl Host for Slow {
    fn probe(&self, location: &str) -> Result<MediaFacts, MediaProblem> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        let (open, bell) = &*self.gate;
        drop(bell.wait_while(open.lock().unwrap(), |open| !*open).unwrap());
        Err(MediaProblem { kind: MediaProblemKind::Missing, message: location.to_owned() })
    }
}

/// Waits for progress of a kind.
async fn progress(client: &mut Client, kind: &str) -> Value {
    loop {
        let told = client.heard("$/progress").await;
        if told["value"]["kind"] == kind {
            return told;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looking_into_media_can_be_stopped_and_begun_again() {
    let host = Slow::default();
    let hello = json!({
        "capabilities": {
            "window": { "workDoneProgress": true },
            "workspace": { "inlayHint": { "refreshSupport": true } },
        },
        "processId": null,
        "rootUri": null,
    });
    let (mut client, _) = Client::greet(Arc::new(MemorySystem::new()), host.clone(), hello).await;
    let film = uri("film.vid");
    let clips: String = (0..40).map(|clip| format!("  video \"{clip}.mp4\"\n")).collect();
    client.open(&film, &format!("composition c {{\n{clips}}}\n")).await;
    let begun = progress(&mut client, "begin").await;
    assert_eq!(begun["value"]["cancellable"], true);
    client.tell("window/workDoneProgress/cancel", json!({ "token": begun["token"] })).await;
    // It is over for the client while the first file is still being looked into.
    let ended = progress(&mut client, "end").await;
    assert_eq!(ended["token"], begun["token"]);
    host.open();
    client.heard("workspace/inlayHint/refresh").await;
    assert!(host.begun() <= 1, "{}", host.begun());
    // A change of the text does not bring it back.
    client.change(&film, 2, &format!("composition c {{\n{clips}}}\n// more\n")).await;
    client.result("textDocument/documentSymbol", json!({ "textDocument": { "uri": film } })).await;
    assert!(host.begun() <= 1, "{}", host.begun());
    let again = json!({ "command": "vid.server.checkMedia", "arguments": [film] });
    client.result("workspace/executeCommand", again).await;
    while host.begun() < 40 {
        client.heard("workspace/inlayHint/refresh").await;
    }
    client.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_what_is_over_or_unknown_changes_nothing() {
    let (mut client, _) = Client::start(Arc::new(MemorySystem::new()), json!({})).await;
    for token in [json!("vid-0"), json!("nobody's"), json!(7)] {
        client.tell("window/workDoneProgress/cancel", json!({ "token": token })).await;
    }
    client.tell("window/workDoneProgress/cancel", json!({})).await;
    let film = uri("film.vid");
    client.open(&film, "let a = 1\n").await;
    client.result("textDocument/documentSymbol", json!({ "textDocument": { "uri": film } })).await;
    client.stop().await;
}
