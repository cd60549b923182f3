//! The client against a server that says what it is told to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tempfile::TempDir;

use super::retry::TRIES;
use super::{ClientError, Remote};
use crate::config::Secret;

const JOB: &str = r#"{"id":"render_1","status":"queued"}"#;

/// Answers one request after the other, each on a connection of its own.
struct Server {
    url: String,
    /// Method, path and `authorization` of each request, and how many bytes its body had.
    heard: Arc<Mutex<Vec<String>>>,
    _answers: std::thread::JoinHandle<()>,
}

impl Server {
    fn start(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let (log, own) = (heard.clone(), url.clone());
        let answers = std::thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                log.lock().unwrap().push(read(&stream));
                stream.write_all(answer.replace("SERVER", &own).as_bytes()).unwrap();
            }
        });
        Self { url, heard, _answers: answers }
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

fn read(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(reader.read_line(&mut head).unwrap(), 0, "{head}");
    }
    let field = |name: &str| {
        head.lines()
            .find_map(|line| Some(line.split_once(": ").filter(|(key, _)| *key == name)?.1.to_owned()))
    };
    let mut body = vec![0; field("content-length").map_or(0, |length| length.parse().unwrap())];
    reader.read_exact(&mut body).unwrap();
    let line = head.lines().next().unwrap().trim_end_matches(" HTTP/1.1");
    let with_key = if field("authorization").is_some() { ", with the key" } else { "" };
    format!("{line}: {} bytes{with_key}", body.len())
}

fn answer(status: u16, more: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} Word\r\nconnection: close\r\ncontent-length: {length}\r\n{more}\r\n{body}")
}

fn refusal(status: u16, code: &str, more: &str) -> String {
    answer(status, more, &format!(r#"{{"error":{{"code":"{code}","message":"no"}}}}"#))
}

/// A client whose pauses are counted in milliseconds and take no time.
struct Client {
    remote: Remote,
    pauses: Arc<Mutex<Vec<u128>>>,
    folder: TempDir,
}

impl Client {
    fn new(url: &str) -> Self {
        let mut remote = Remote::new(url, &Secret::new("key".to_owned()), Arc::new(|| false)).unwrap();
        let pauses: Arc<Mutex<Vec<u128>>> = Arc::default();
        let log = pauses.clone();
        remote.pace = Arc::new(move |pause| {
            log.lock().unwrap().push(pause.as_millis());
            Duration::ZERO
        });
        Self { remote, pauses, folder: TempDir::new().unwrap() }
    }

    fn pauses(&self) -> Vec<u128> {
        self.pauses.lock().unwrap().clone()
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("film.mp4")
    }

    fn upload(&self) -> Result<String, ClientError> {
        std::fs::write(self.file(), "medium").unwrap();
        self.remote.upload(&self.file(), "video/mp4", &|_| {})
    }

    fn download(&self) -> Result<Vec<u8>, ClientError> {
        self.remote.download("render_1", &self.file(), Some(4), &|_| {})?;
        Ok(std::fs::read(self.file()).unwrap())
    }
}

#[test]
fn what_may_pass_is_tried_again_when_the_server_says_so() {
    let server = Server::start(vec![
        refusal(429, "rate_limited", "retry-after: 7\r\n"),
        refusal(503, "internal", ""),
        answer(202, "", JOB),
    ]);
    let client = Client::new(&server.url);
    let done = client.remote.submit("{}", "one").unwrap();
    assert_eq!((done.job.id.as_str(), done.is_replayed), ("render_1", false));
    assert_eq!(client.pauses(), [7000, 1000]);
    assert_eq!(server.heard(), ["POST /v1/renders: 2 bytes, with the key"; 3]);
}

#[test]
fn what_does_not_pass_is_not_tried_again() {
    let server = Server::start(vec![
        refusal(422, "invalid_request", ""),
        refusal(429, "quota_exceeded", "retry-after: 1\r\n"),
    ]);
    let client = Client::new(&server.url);
    assert!(client.remote.submit("{}", "one").unwrap_err().is_status(422));
    assert!(client.remote.submit("{}", "one").unwrap_err().is_status(429));
    assert!(client.pauses().is_empty());
}

#[test]
fn a_server_that_is_not_there_is_given_up_after_a_while() {
    // Nobody listens on the port of a listener that is gone.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let client = Client::new(&format!("http://127.0.0.1:{port}"));
    let error = client.remote.read("render_1", 0).unwrap_err().to_string();
    assert!(error.starts_with(&format!("`127.0.0.1:{port}` cannot be reached: ")), "{error}");
    assert_eq!(client.pauses(), [500, 1000, 2000, 4000, 8000]);
    assert_eq!(client.pauses().len() + 1, TRIES as usize);
}

#[test]
fn an_upload_that_is_put_off_gets_another_place_and_never_the_key() {
    let place = |number: u32| {
        let body =
            format!(r#"{{"upload_url":"SERVER/place/{number}","source_url":"https://m.example/{number}"}}"#);
        // Longer once the server's address is in it.
        format!("HTTP/1.1 201 Word\r\nconnection: close\r\n\r\n{body}")
    };
    let server = Server::start(vec![
        place(1),
        refusal(429, "rate_limited", "retry-after: 3\r\n"),
        place(2),
        // Breaks off in the middle of its answer.
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-le".to_owned(),
        place(3),
        answer(200, "", ""),
    ]);
    let client = Client::new(&server.url);
    assert_eq!(client.upload().unwrap(), "https://m.example/3");
    assert_eq!(client.pauses(), [3000, 1000]);
    let heard = server.heard();
    assert_eq!(heard[1], "PUT /place/1: 6 bytes");
    assert_eq!(heard[5], "PUT /place/3: 6 bytes");
    assert!(heard[4].starts_with("POST /v1/uploads: ") && heard[4].ends_with("with the key"), "{heard:?}");
}

#[test]
fn a_download_that_breaks_off_begins_anew() {
    let forward = || answer(302, "location: SERVER/file\r\n", "");
    let server = Server::start(vec![
        refusal(429, "rate_limited", "retry-after: 2\r\n"),
        forward(),
        // Fewer bytes than it says, then fewer than the job says, then another film.
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 4\r\n\r\nfi".to_owned(),
        forward(),
        answer(200, "", "fil"),
        forward(),
        refusal(503, "internal", "retry-after: 400\r\n"),
        forward(),
        answer(200, "", "film"),
    ]);
    let client = Client::new(&server.url);
    assert_eq!(client.download().unwrap(), b"film");
    assert_eq!(client.pauses(), [2000, 1000, 2000, 60_000]);
    let heard = server.heard();
    assert_eq!(heard[7], "GET /v1/renders/render_1/download: 0 bytes, with the key");
    assert_eq!(heard[8], "GET /file: 0 bytes");
}

#[test]
fn a_film_of_another_size_is_none() {
    let answers = (0..TRIES).map(|_| answer(200, "", "longer")).collect();
    let client = Client::new(&Server::start(answers).url);
    let error = client.download().unwrap_err();
    assert_eq!(error.to_string(), "6 bytes came of a film that has 4");
}
