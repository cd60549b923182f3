//! A server in a process of its own, and the way its messages go.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use serde_json::{Value, json};

/// A server that runs.
pub struct Wire {
    server: Child,
    to_server: ChildStdin,
    messages: Receiver<Value>,
    answers: BTreeMap<i64, Value>,
    next_id: i64,
}

impl Wire {
    /// Starts a server.
    pub fn start(program: &Path) -> Result<Self, String> {
        let mut command = Command::new(program);
        command.args(["lsp", "--stdio", "--no-cache"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = command.spawn().map_err(|error| format!("{}: {error}", program.display()))?;
        let (to_server, output) = match (server.stdin.take(), server.stdout.take()) {
            (Some(input), Some(output)) => (input, output),
            _ => return Err("the server has no streams".to_owned()),
        };
        let (send, messages) = channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read(&mut output) {
                if send.send(message).is_err() {
                    return;
                }
            }
        });
        Ok(Self { server, to_server, messages, answers: BTreeMap::new(), next_id: 0 })
    }

    fn send(&mut self, message: &Value) -> Result<(), String> {
        let body = message.to_string();
        let sent = write!(self.to_server, "Content-Length: {}\r\n\r\n{body}", body.len());
        sent.and_then(|()| self.to_server.flush()).map_err(|error| format!("the server is gone: {error}"))
    }

    /// Sends a notification.
    pub fn tell(&mut self, method: &str, params: &Value) -> Result<(), String> {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    /// Sends a request and waits for its result.
    pub fn ask(&mut self, method: &str, params: &Value) -> Result<Value, String> {
        self.next_id += 1;
        let id = self.next_id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))?;
        loop {
            if let Some(answer) = self.answers.remove(&id) {
                return match answer.get("error") {
                    None => Ok(answer["result"].clone()),
                    Some(error) => Err(format!("{method}: {error}")),
                };
            }
            let message = self.messages.recv().map_err(|_| "the server ended".to_owned())?;
            match (message["id"].as_i64(), message.get("method")) {
                (Some(id), None) => {
                    self.answers.insert(id, message);
                }
                (_, Some(_)) if !message["id"].is_null() => {
                    let reply = json!({ "jsonrpc": "2.0", "id": message["id"], "result": null });
                    self.send(&reply)?;
                }
                _ => {}
            }
        }
    }

    /// A line of what the system says of the server's memory, in KiB: `VmHWM` is the most it ever had,
    /// `VmRSS` what it has.
    pub fn memory(&self, line: &str) -> Result<u64, String> {
        let path = format!("/proc/{}/status", self.server.id());
        let status = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        let found = status.lines().find_map(|row| row.strip_prefix(line)?.strip_prefix(':'));
        let number = found.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        number.ok_or_else(|| format!("{path} has no `{line}`"))
    }

    /// Seconds that the server's threads have worked so far, all together.
    pub fn worked(&self) -> Result<f64, String> {
        let folder = format!("/proc/{}/task", self.server.id());
        let threads = std::fs::read_dir(&folder).map_err(|error| format!("{folder}: {error}"))?;
        let mut nanoseconds: u64 = 0;
        for thread in threads.flatten() {
            // A thread may end while it is asked about.
            let Ok(text) = std::fs::read_to_string(thread.path().join("schedstat")) else { continue };
            nanoseconds += text.split_whitespace().next().and_then(|first| first.parse().ok()).unwrap_or(0);
        }
        #[expect(clippy::cast_precision_loss, reason = "nanoseconds of minutes fit into 53 bits")]
        Ok(nanoseconds as f64 / 1e9)
    }

    /// Says goodbye and waits for the end.
    pub fn stop(mut self) -> Result<(), String> {
        self.ask("shutdown", &Value::Null)?;
        self.tell("exit", &Value::Null)?;
        self.server.wait().map(|_| ()).map_err(|error| error.to_string())
    }
}

fn read(from: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().strip_prefix("Content-Length: ") {
            Some(number) => length = number.parse().ok()?,
            None if line.trim().is_empty() => break,
            None => {}
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
