//! Puts changes and questions in the order of the wire.
//!
//! The framework calls its service for each message in wire order, but polls what the calls return in
//! any order. So everything that has to do with order happens inside of the call: changes are applied
//! there, before the next message is read, and everything else is given a [`Ticket`] that says which
//! revision it was asked on.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use serde::de::DeserializeOwned;
use serde_json::json;
use tower_lsp::ExitedError;
use tower_lsp::jsonrpc::{Request, Response};
use tower_lsp::ls_types::{
    DidChangeConfigurationParams, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    WorkDoneProgressCancelParams,
};
use tower_service::Service;

use crate::background::Background;
use crate::proto;
use crate::world::{Settings, Shared, Ticket, lock};

tokio::task_local! {
    /// The revision that the message being handled was asked on.
    static TICKET: Ticket;
}

/// The ticket of the message being handled.
pub fn current_ticket() -> Option<Ticket> {
    TICKET.try_with(Clone::clone).ok()
}

/// A service around another one that sees messages in the order of the wire.
pub struct Ordered<S> {
    inner: S,
    world: Shared,
    background: Background,
    /// Before that, and after the end, changes are nobody's.
    is_initialized: bool,
}

impl<S> Ordered<S> {
    /// The service around `inner`.
    pub fn new(inner: S, world: Shared, background: Background) -> Self {
        Self { inner, world, background, is_initialized: false }
    }

    /// Applies a message that changes the world; whether it was one.
    fn apply(&mut self, request: &Request) -> bool {
        let params = request.params();
        let mut world = lock(&self.world);
        match request.method() {
            "textDocument/didOpen" => {
                if let Some(params) = read::<DidOpenTextDocumentParams>(params) {
                    world.open(params.text_document);
                }
            }
            "textDocument/didChange" => {
                if let Some(params) = read::<DidChangeTextDocumentParams>(params) {
                    world.change(params);
                }
            }
            "textDocument/didClose" => {
                if let Some(params) = read::<DidCloseTextDocumentParams>(params) {
                    world.close(&params.text_document.uri);
                }
            }
            "workspace/didChangeWatchedFiles" => {
                if let Some(params) = read::<DidChangeWatchedFilesParams>(params) {
                    world.disk_changed(&params);
                }
            }
            "workspace/didChangeConfiguration" => {
                let settings = read::<DidChangeConfigurationParams>(params)
                    .and_then(|params| params.settings.get("vid").cloned())
                    .and_then(|settings| serde_json::from_value::<Settings>(settings).ok());
                if let Some(settings) = settings {
                    world.settings = settings;
                }
            }
            "workspace/didChangeWorkspaceFolders" => {
                if let Some(params) = read::<DidChangeWorkspaceFoldersParams>(params) {
                    let removed: Vec<_> = params
                        .event
                        .removed
                        .iter()
                        .filter_map(|folder| proto::path_of(&folder.uri))
                        .collect();
                    world.roots.retain(|root| !removed.contains(root));
                    world
                        .roots
                        .extend(params.event.added.iter().filter_map(|folder| proto::path_of(&folder.uri)));
                }
            }
            "window/workDoneProgress/cancel" => {
                if let Some(params) = read::<WorkDoneProgressCancelParams>(params) {
                    world.shown.cancel(&params);
                }
            }
            // What is on disk then is what the client has said already.
            "textDocument/didSave" => {}
            _ => return false,
        }
        drop(world);
        self.background.wake();
        true
    }
}

/// The answer to `initialize`, with the documents in it that the server has the text of.
fn with_document_content(answer: Response) -> Response {
    let (id, body) = answer.into_parts();
    let body = body.map(|mut result| {
        if let Some(workspace) = result.pointer_mut("/capabilities/workspace") {
            workspace["textDocumentContent"] = json!({ "schemes": [proto::BUNDLED_SCHEME] });
        }
        result
    });
    Response::from_parts(id, body)
}

fn read<P: DeserializeOwned>(params: Option<&serde_json::Value>) -> Option<P> {
    serde_json::from_value(params?.clone()).ok()
}

impl<S> Service<Request> for Ordered<S>
where
    S: Service<Request, Response = Option<Response>, Error = ExitedError>,
    S::Future: Send + 'static,
{
    type Response = Option<Response>;
    type Error = ExitedError;
    type Future = Pin<Box<dyn Future<Output = Result<Option<Response>, ExitedError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), ExitedError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match request.method() {
            "initialized" => self.is_initialized = true,
            "shutdown" => self.is_initialized = false,
            _ => {}
        }
        if self.is_initialized && request.id().is_none() && self.apply(&request) {
            return Box::pin(std::future::ready(Ok(None)));
        }
        if request.method() == "initialize" {
            // What version 3.18 adds is not in the types of the framework.
            let asks = request.params().is_some_and(|params| {
                params.pointer("/capabilities/workspace/textDocumentContent").is_some()
            });
            lock(&self.world).client.has_virtual_documents = asks;
            let answer = self.inner.call(request);
            return Box::pin(async move { Ok(answer.await?.map(with_document_content)) });
        }
        let ticket = lock(&self.world).ticket();
        Box::pin(TICKET.scope(ticket, self.inner.call(request)))
    }
}
