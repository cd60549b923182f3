//! The language server: after edits, its answers are those of a server that has seen nothing else.

#[path = "../../../../../lsp/tests/protocol/client.rs"]
#[expect(dead_code, clippy::unwrap_used, reason = "it is a part of the tests, which use more of it")]
mod client;
#[path = "../../../../../lsp/tests/protocol/model.rs"]
#[expect(clippy::unwrap_used, reason = "it is a part of the tests")]
mod model;
#[path = "../../../../../lsp/tests/protocol/questions.rs"]
#[expect(clippy::unwrap_used, reason = "it is a part of the tests")]
mod questions;
#[path = "../../../../../lsp/tests/protocol/random.rs"]
mod random;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use serde_json::{Value, json};
use vid_compiler::{MediaProblem, MediaProblemKind, MemorySystem};
use vid_lsp::Host;
use vid_timeline::MediaFacts;

use client::{Client, uri};
use model::Model;
use questions::questions;
use random::Random;

use super::Reach;

/// Edits of one input.
const EDITS: i32 = 6;
/// Largest document, in units of UTF-16.
const MOST: usize = 6_000;

/// A host that says nothing about media while a session goes on: what is known of them depends on all texts
/// that there were, and when it becomes known is nobody's choice.
#[derive(Clone, Default)]
struct Silent {
    gate: Arc<(Mutex<bool>, Condvar)>,
}

impl Silent {
    fn open(&self) {
        *self.gate.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.gate.1.notify_all();
    }
}

impl Host for Silent {
    fn probe(&self, location: &str) -> Result<MediaFacts, MediaProblem> {
        let (is_open, bell) = &*self.gate;
        let guard = is_open.lock().unwrap_or_else(PoisonError::into_inner);
        drop(bell.wait_while(guard, |is_open| !*is_open));
        Err(MediaProblem { kind: MediaProblemKind::Missing, message: location.to_owned() })
    }
}

/// Every question after every edit is answered without an error, and as a fresh server answers it.
pub fn editor(source: &str) -> Result<Reach, String> {
    if source.len() > MOST {
        return Ok(Reach::Short);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let host = Silent::default();
    let outcome = runtime.block_on(session(source, &host));
    host.open();
    runtime.shutdown_background();
    outcome.map(|()| Reach::Tried)
}

async fn start(host: &Silent) -> Client {
    let hello = json!({ "capabilities": {}, "processId": null, "rootUri": null });
    Client::greet(Arc::new(MemorySystem::new()), host.clone(), hello).await.0
}

async fn session(source: &str, host: &Silent) -> Result<(), String> {
    let mut hasher = DefaultHasher::new();
    source.hash(&mut hasher);
    let mut random = Random::new(hasher.finish());
    let film = uri("film.vid");
    let mut edited = start(host).await;
    edited.open(&film, source).await;
    let mut model = Model::new(source);
    for version in 2..2 + EDITS {
        let change = model.edit(&mut random, MOST);
        edited.edit(&film, version, json!([change])).await;
        let mut fresh = start(host).await;
        fresh.open(&film, &model.text()).await;
        let lines = model.text().lines().count();
        for (method, params) in questions(&film, random.below(lines + 1), random.below(60)) {
            same(&mut edited, &mut fresh, method, &params).await?;
        }
        fresh.stop().await;
    }
    edited.stop().await;
    Ok(())
}

/// Asks both servers, and compares.
async fn same(edited: &mut Client, fresh: &mut Client, method: &str, params: &Value) -> Result<(), String> {
    let (one, other) = (answer(edited, method, params).await?, answer(fresh, method, params).await?);
    match one == other {
        true => Ok(()),
        false => Err(format!("{method} with {params}: after edits {one}, afresh {other}")),
    }
}

/// An answer without what numbers the answers of one server.
async fn answer(client: &mut Client, method: &str, params: &Value) -> Result<Value, String> {
    let answer = client.ask(method, params.clone()).await;
    match answer.get("error") {
        Some(error) => Err(format!("{method} with {params}: {error}")),
        None => {
            let mut result = answer["result"].clone();
            if let Some(fields) = result.as_object_mut() {
                fields.remove("resultId");
            }
            Ok(result)
        }
    }
}
