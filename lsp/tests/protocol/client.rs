//! A client that sends what a test says, and knows every message that comes back.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream};
use tokio::sync::mpsc;
use vid_compiler::{MediaProblem, MediaProblemKind, MemorySystem};
use vid_lsp::{Host, Server};
use vid_timeline::MediaFacts;

/// Room in the streams between client and server, in bytes.
const PIPE: usize = 64 * 1024;

/// Media without a single file.
pub struct Empty;

impl Host for Empty {
    fn probe(&self, location: &str) -> Result<MediaFacts, MediaProblem> {
        let message = format!("`{location}` is not there");
        Err(MediaProblem { kind: MediaProblemKind::Missing, message })
    }
}

/// A client with a server of its own.
pub struct Client {
    to_server: DuplexStream,
    from_server: mpsc::UnboundedReceiver<Value>,
    next_id: i64,
    /// Notifications that nobody has asked for yet.
    pub told: VecDeque<Value>,
    /// Answers that nobody has waited for yet.
    answers: BTreeMap<i64, Value>,
    server: tokio::task::JoinHandle<()>,
}

impl Client {
    /// A client that has said hello, with a server over files in memory.
    pub async fn start(system: Arc<MemorySystem>, capabilities: Value) -> (Self, Value) {
        let hello = json!({ "capabilities": capabilities, "processId": null, "rootUri": null });
        Self::greet(system, Empty, hello).await
    }

    /// A client that has said hello in its own words, with a server over files in memory and a host.
    pub async fn greet(system: Arc<MemorySystem>, host: impl Host, hello: Value) -> (Self, Value) {
        let mut client = Self::connect(system, host);
        let about = client.ask("initialize", hello).await;
        client.tell("initialized", json!({})).await;
        (client, about["result"].clone())
    }

    fn connect(system: Arc<MemorySystem>, host: impl Host) -> Self {
        let (to_server, server_in) = tokio::io::duplex(PIPE);
        let (server_out, from_server) = tokio::io::duplex(PIPE);
        let (read, messages) = mpsc::unbounded_channel();
        tokio::spawn(read_all(from_server, read));
        let server = tokio::spawn(Server::new(system, host).serve(server_in, server_out));
        Self {
            to_server,
            from_server: messages,
            next_id: 0,
            told: VecDeque::new(),
            answers: BTreeMap::new(),
            server,
        }
    }

    async fn send(&mut self, message: Value) {
        let body = message.to_string();
        let message = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.to_server.write_all(message.as_bytes()).await.unwrap();
    }

    async fn read(&mut self) -> Value {
        self.from_server.recv().await.expect("the server ended")
    }

    /// Sends a notification.
    pub async fn tell(&mut self, method: &str, params: Value) {
        self.send(json!({ "jsonrpc": "2.0", "method": method, "params": params })).await;
    }

    /// Sends a request and does not wait.
    pub async fn request(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        let id = self.next_id;
        self.send(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })).await;
        id
    }

    /// The whole answer to a request.
    pub async fn answer(&mut self, id: i64) -> Value {
        loop {
            if let Some(answer) = self.answers.remove(&id) {
                return answer;
            }
            let message = self.read().await;
            if let Some(reply) = self.take(message) {
                self.send(reply).await;
            }
        }
    }

    /// Sends a request and waits for the whole answer.
    pub async fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params).await;
        self.answer(id).await
    }

    /// Sends a request that must succeed.
    pub async fn result(&mut self, method: &str, params: Value) -> Value {
        let answer = self.ask(method, params).await;
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// Waits for a notification.
    pub async fn heard(&mut self, method: &str) -> Value {
        loop {
            if let Some(at) = self.told.iter().position(|told| told["method"] == method) {
                return self.told.remove(at).map(|told| told["params"].clone()).unwrap_or_default();
            }
            let message = self.read().await;
            if let Some(reply) = self.take(message) {
                self.send(reply).await;
            }
        }
    }

    /// Files a message away; what it wants as a reply.
    fn take(&mut self, message: Value) -> Option<Value> {
        match (message.get("id"), message.get("method")) {
            (Some(id), None) => {
                self.answers.insert(id.as_i64().unwrap(), message);
                None
            }
            (Some(id), Some(method)) => {
                let known = [
                    "client/registerCapability",
                    "window/showDocument",
                    "window/workDoneProgress/create",
                    "workspace/inlayHint/refresh",
                    "workspace/codeLens/refresh",
                    "workspace/diagnostic/refresh",
                ];
                assert!(known.iter().any(|known| method == known), "unhandled request: {message}");
                let result = match method == "window/showDocument" {
                    true => json!({ "success": true }),
                    false => Value::Null,
                };
                let reply = json!({ "jsonrpc": "2.0", "id": id, "result": result });
                self.told.push_back(message);
                Some(reply)
            }
            _ => {
                let known = ["textDocument/publishDiagnostics", "$/progress", "window/logMessage"];
                assert!(known.iter().any(|known| message["method"] == *known), "unhandled: {message}");
                self.told.push_back(message);
                None
            }
        }
    }

    /// Opens a document.
    pub async fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "vid", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document })).await;
    }

    /// Puts a whole new text into a document.
    pub async fn change(&mut self, uri: &str, version: i32, text: &str) {
        let changes = json!([{ "text": text }]);
        self.edit(uri, version, changes).await;
    }

    /// Changes a document.
    pub async fn edit(&mut self, uri: &str, version: i32, changes: Value) {
        let document = json!({ "uri": uri, "version": version });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }))
            .await;
    }

    /// Says goodbye; the server must end.
    pub async fn stop(mut self) {
        let answer = self.ask("shutdown", Value::Null).await;
        assert!(answer.get("error").is_none(), "{answer}");
        self.tell("exit", Value::Null).await;
        drop(self.to_server);
        self.server.await.unwrap();
        assert!(self.answers.is_empty(), "nobody waited for {:?}", self.answers);
    }
}

/// Reads messages for as long as there are any, so that the server never waits for its client.
async fn read_all(from: DuplexStream, into: mpsc::UnboundedSender<Value>) {
    let mut from = BufReader::new(from);
    loop {
        let (mut line, mut length) = (String::new(), 0);
        loop {
            line.clear();
            if from.read_line(&mut line).await.unwrap() == 0 {
                return;
            }
            match line.trim().strip_prefix("Content-Length: ") {
                Some(number) => length = number.parse().unwrap(),
                None if line.trim().is_empty() => break,
                None => {}
            }
        }
        let mut body = vec![0; length];
        from.read_exact(&mut body).await.unwrap();
        if into.send(serde_json::from_slice(&body).unwrap()).is_err() {
            return;
        }
    }
}

/// The address of a file of the tests.
pub fn uri(name: &str) -> String {
    format!("file:///film/{name}")
}
