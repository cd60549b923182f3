//! A server in a process of its own, and a client that says exactly what it is told to.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

pub const KEY: &str = "fl_live_0123456789abcdef";
/// How long any one answer may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A folder with everything a server keeps, and the server, when it runs.
pub struct Server {
    pub folder: TempDir,
    process: Option<Child>,
    output: Option<BufReader<ChildStdout>>,
    address: String,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl Server {
    /// A server with this many workers of its own.
    pub fn start(workers: u32) -> Self {
        let mut server = Self::prepared(workers, "");
        server.run(&[]);
        server
    }

    /// A folder with settings and no server yet.
    pub fn prepared(workers: u32, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = format!(
            "listen = \"127.0.0.1:0\"\ndata_dir = {:?}\napi_keys = [\"{KEY}\"]\nworkers = {workers}\n\
             isolation = \"off\"\n{more}",
            folder.path().join("data")
        );
        std::fs::write(folder.path().join("server.toml"), settings).unwrap();
        Self { folder, process: None, output: None, address: String::new() }
    }

    /// Starts the server with these variables in its environment.
    pub fn run(&mut self, environment: &[(&str, &str)]) {
        let process = Self::program(self.folder.path(), "serve", environment);
        self.listen(process);
    }

    /// Hears from a server where it listens.
    fn listen(&mut self, mut process: Child) {
        let mut line = String::new();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        self.output = Some(output);
        self.address =
            line.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("{line}")).to_owned();
        self.process = Some(process);
    }

    /// Starts the server with its data on a disk of so many kibibytes, in a name space of its own.
    pub fn run_on_disk(&mut self, kibibytes: u32) {
        let data = self.folder.path().join("data");
        std::fs::create_dir_all(&data).unwrap();
        let script = "mount -t tmpfs -o size=\"$1\"k tmpfs \"$2\" && exec \"$3\" serve \"$4\"";
        let log = self.folder.path().join("log");
        let log = std::fs::File::options().append(true).create(true).open(log).unwrap();
        let process = Command::new("unshare")
            .args(["-rm", "sh", "-c", script, "sh", &kibibytes.to_string()])
            .args([data.as_os_str(), env!("CARGO_BIN_EXE_render-server").as_ref()])
            .arg(self.folder.path().join("server.toml"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        self.listen(process);
    }

    /// Fills the server's disk until only so many kibibytes are free.
    pub fn fill_disk(&self, left: u32) {
        // Whatever goes wrong, no disk but the small one is filled.
        let script = "free=$(df -k --output=avail . | tail -1); [ \"$free\" -lt 65536 ] || exit 1
            head -c $(((free - $1) * 1024)) /dev/zero >ballast";
        self.on_disk(script, &left.to_string());
    }

    /// Empties it again.
    pub fn free_disk(&self) {
        self.on_disk("rm ballast", "");
    }

    /// Runs a script in the data folder as the server sees it.
    fn on_disk(&self, script: &str, argument: &str) {
        let server = self.process.as_ref().unwrap().id().to_string();
        let script = format!("cd \"$2\" || exit 1; {script}");
        let mut enter = Command::new("nsenter");
        enter.args([
            "--preserve-credentials",
            "-U",
            "-m",
            "-t",
            &server,
            "sh",
            "-c",
            &script,
            "sh",
            argument,
        ]);
        let done = enter.arg(self.folder.path().join("data")).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    /// The program on this folder's settings.
    pub fn program(folder: &Path, role: &str, environment: &[(&str, &str)]) -> Child {
        let log = std::fs::File::options().append(true).create(true).open(folder.join("log")).unwrap();
        Command::new(env!("CARGO_BIN_EXE_render-server"))
            .arg(role)
            .arg(folder.join("server.toml"))
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap()
    }

    /// Ends the server as `kill -9` does.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Waits until the server has ended by itself.
    pub fn wait(&mut self) {
        let mut output = self.output.take().unwrap();
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            // Its output ends with it.
            let _ = output.read_to_end(&mut Vec::new());
            let _ = tell.send(());
        });
        let is_over = told.recv_timeout(PATIENCE).is_ok();
        assert!(is_over, "it has not ended\n{}", self.log());
        self.kill();
    }

    /// Everything the server has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], None)
    }

    pub fn submit(&self, body: &Value, key: Option<&str>) -> Answer {
        let headers: Vec<_> = key.map(|key| ("idempotency-key", key)).into_iter().collect();
        self.ask("POST", "/v1/renders", &headers, Some(&body.to_string()))
    }

    /// The job, once it has ended.
    pub fn ended(&self, id: &str) -> Value {
        loop {
            let job = self.get(&format!("/v1/renders/{id}?wait=25")).json();
            if matches!(job["status"].as_str(), Some("completed" | "failed" | "cancelled")) {
                return job;
            }
            assert!(job["status"].is_string(), "{job}\n{}", self.log());
        }
    }

    /// The bytes that an address of a job leads to.
    pub fn fetch(&self, url: &Value) -> Vec<u8> {
        let url = url.as_str().unwrap();
        // A server that was started again has another port; the path is what was signed.
        let path = url.splitn(4, '/').nth(3).unwrap();
        let answer = self.ask("GET", &format!("/{path}"), &[], None);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.body
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> Answer {
        self.try_ask(method, path, headers, body).unwrap_or_else(|error| panic!("{error}\n{}", self.log()))
    }

    /// Sends bytes, whose type is among the headers.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], bytes: &[u8]) -> Answer {
        self.try_send(method, path, headers, Some(bytes))
            .unwrap_or_else(|error| panic!("{error}\n{}", self.log()))
    }

    /// Asks, unless the server dies of it.
    pub fn try_ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> std::io::Result<Answer> {
        self.try_send(method, path, headers, body.map(str::as_bytes))
    }

    fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> std::io::Result<Answer> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "authorization") {
            let _ = write!(request, "authorization: Bearer {KEY}\r\n");
        }
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        if let Some(body) = body {
            if !headers.iter().any(|(name, _)| *name == "content-type") {
                let _ = write!(request, "content-type: application/json\r\n");
            }
            let _ = write!(request, "content-length: {}\r\n", body.len());
        }
        request.push_str("\r\n");
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        // At once, as clients do it: a server that needs no body to answer closes the connection, and what comes after
        // that resets it.
        stream.write_all(&[request.as_bytes(), body.unwrap_or_default()].concat())?;
        let mut answer = Vec::new();
        match stream.read_to_end(&mut answer) {
            // The answer may have come whole before that.
            Err(error) if error.kind() != std::io::ErrorKind::ConnectionReset => return Err(error),
            _ => {}
        }
        parse(&answer).ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let rest = &bytes[end + 4..];
    let is_chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    let body = if is_chunked { unchunked(rest)? } else { rest.to_vec() };
    let length = headers.iter().find(|(name, _)| name == "content-length");
    if length.is_some_and(|(_, length)| length.parse() != Ok(body.len())) {
        return None;
    }
    Some(Answer { status, headers, body })
}

fn unchunked(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = bytes.windows(2).position(|two| two == b"\r\n")?;
        let length = usize::from_str_radix(std::str::from_utf8(&bytes[..end]).ok()?, 16).ok()?;
        let piece = bytes.get(end + 2..end + 2 + length)?;
        if length == 0 {
            return Some(body);
        }
        body.extend_from_slice(piece);
        bytes = bytes.get(end + 4 + length..)?;
    }
}

/// A film of a few small frames that needs no media. `frames` of them, ten a second.
pub fn film(frames: u32, color: &str) -> Value {
    json!({
        "width": 64, "height": 36, "duration": f64::from(frames) / 10.0, "frame_rate": 10,
        "background_color": color, "metadata": { "color": color }, "elements": []
    })
}
