//! Files in a bucket: a small server that speaks as much of S3 as is needed stands for one, and checks signatures.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::sigv4::Secrets;
use crate::support::{Server, film};

/// What is in the bucket, by path, and every request that came.
#[derive(Default)]
struct Bucket {
    objects: Mutex<BTreeMap<String, Vec<u8>>>,
    requests: Mutex<Vec<String>>,
}

const SECRETS: Secrets<'_> = Secrets { key_id: "id", secret: "not to be shown" };
const DATE: &str = "Thu, 01 Jan 2026 00:00:00 GMT";

impl Bucket {
    /// Starts it. Returns its address.
    fn start() -> (Arc<Self>, String) {
        let bucket = Arc::new(Self::default());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let shared = bucket.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let bucket = shared.clone();
                std::thread::spawn(move || bucket.serve(&stream.unwrap()));
            }
        });
        (bucket, address)
    }

    fn keys(&self) -> Vec<String> {
        self.objects.lock().unwrap().keys().cloned().collect()
    }

    fn serve(&self, mut stream: &TcpStream) {
        let mut reader = BufReader::new(stream);
        loop {
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                if !matches!(reader.read_line(&mut head), Ok(1..)) {
                    return;
                }
            }
            let lower = head.to_ascii_lowercase();
            let length = lower.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
            let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
            reader.read_exact(&mut body).unwrap();
            let mut words = head.split(' ');
            let (method, target) = (words.next().unwrap(), words.next().unwrap());
            self.requests.lock().unwrap().push(format!("{method} {target}"));
            let fields = head.lines().skip(1).filter_map(|line| line.split_once(": "));
            let fields = fields.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
            let (status, more, answer) = match SECRETS.check(method, target, &fields) {
                Ok(()) => self.answer(method, target, body),
                Err(refusal) => {
                    let words = format!(
                        "<Error><Code>SignatureDoesNotMatch</Code><Message>{refusal}</Message></Error>"
                    );
                    (403, String::new(), words.into_bytes())
                }
            };
            // A HEAD says how long the answer would be, and sends nothing of it.
            let (length, answer) = (answer.len(), if method == "HEAD" { Vec::new() } else { answer });
            let head = format!("HTTP/1.1 {status} Word\r\ncontent-length: {length}\r\n{more}\r\n");
            if stream.write_all(&[head.as_bytes(), &answer].concat()).is_err() {
                return;
            }
        }
    }

    fn answer(&self, method: &str, target: &str, body: Vec<u8>) -> (u16, String, Vec<u8>) {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = path.to_owned();
        let facts = format!("etag: \"e\"\r\nlast-modified: {DATE}\r\n");
        let mut objects = self.objects.lock().unwrap();
        let part = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)).map(str::to_owned);
        match method {
            "GET" if query.contains("list-type=2") => {
                let prefix = part("prefix=").unwrap_or_default().replace("%2F", "/");
                let found: String = objects
                    .iter()
                    .filter_map(|(path, bytes)| {
                        let key = path.strip_prefix("/films/").filter(|key| key.starts_with(&prefix))?;
                        Some(format!(
                            "<Contents><Key>{key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>\
                             <ETag>e</ETag><Size>{}</Size></Contents>",
                            bytes.len()
                        ))
                    })
                    .collect();
                let list =
                    format!("<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>");
                (200, String::new(), list.into_bytes())
            }
            "GET" | "HEAD" => match objects.get(&path) {
                Some(bytes) => (200, facts, bytes.clone()),
                None => (404, String::new(), Vec::new()),
            },
            "POST" if query.starts_with("uploads") => {
                let answer =
                    "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>";
                (200, String::new(), answer.into())
            }
            "PUT" if query.contains("partNumber=") => {
                let number: u32 = part("partNumber=").unwrap().parse().unwrap();
                objects.insert(format!("part {path} {number:05}"), body);
                (200, facts, Vec::new())
            }
            "POST" => {
                let start = format!("part {path} ");
                let parts: Vec<String> =
                    objects.keys().filter(|key| key.starts_with(&start)).cloned().collect();
                let whole = parts.iter().flat_map(|part| objects.remove(part).unwrap()).collect();
                objects.insert(path, whole);
                let answer = "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>";
                (200, String::new(), answer.into())
            }
            "PUT" => {
                objects.insert(path, body);
                (200, facts, Vec::new())
            }
            "DELETE" => {
                objects.remove(&path);
                (204, String::new(), Vec::new())
            }
            _ => (405, String::new(), Vec::new()),
        }
    }
}

/// Asks an address exactly as it is, without a key. Returns the status and the whole answer.
fn plain(method: &str, url: &str, headers: &str, body: &[u8]) -> (u16, Vec<u8>) {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let length = body.len();
    let head =
        format!("{method} /{path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}\r\n{headers}\r\n");
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).unwrap() > 0, "{head}");
    }
    let length = head.to_ascii_lowercase();
    let length =
        length.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap().parse().unwrap();
    let mut answer = vec![0; length];
    reader.read_exact(&mut answer).unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), answer)
}

#[test]
fn films_and_uploads_are_in_the_bucket() {
    let (bucket, address) = Bucket::start();
    let settings = format!(
        "storage = \"s3://films/ours\"\n[s3]\nendpoint = {address:?}\naccess_key_id = \"id\"\n\
         secret_access_key = \"not to be shown\""
    );
    let mut server = Server::prepared(1, &settings);
    server.run(&[]);
    let id = server.submit(&film(5, "#ff0000"), None).json()["id"].as_str().unwrap().to_owned();
    let job = server.ended(&id);
    assert_eq!(job["status"], "completed", "{job}\n{}", server.log());
    // The address of the job leads to a signed one of the bucket.
    let leads = |url: &Value| {
        let path = url.as_str().unwrap().splitn(4, '/').nth(3).unwrap().to_owned();
        let answer = server.ask("GET", &format!("/{path}"), &[("authorization", "")], None);
        assert_eq!(answer.status, 302, "{}", answer.text());
        answer.header("location").unwrap().to_owned()
    };
    let there = leads(&job["output"]["url"]);
    assert!(there.starts_with(&format!("{address}/films/ours/renders/")), "{there}");
    for part in ["X-Amz-Signature=", "X-Amz-Expires=", "response-content-type=video%2Fmp4"] {
        assert!(there.contains(part), "{there}");
    }
    let (status, bytes) = plain("GET", &there, "", b"");
    assert_eq!((status, &bytes[4..8]), (200, b"ftyp".as_slice()));
    let download = server.get(&format!("/v1/renders/{id}/download"));
    let saved = leads(&json!(download.header("location").unwrap()));
    assert!(saved.contains("attachment") && saved.contains("render.mp4"), "{saved}");

    // The bytes of an upload go straight to the bucket, and are found there.
    let place = server.ask("POST", "/v1/uploads", &[], Some(r#"{"content_type":"video/mp4"}"#)).json();
    let upload = place["upload_url"].as_str().unwrap();
    assert!(upload.starts_with(&format!("{address}/films/ours/incoming/")), "{upload}");
    let body = json!({ "width": 64, "height": 36, "duration": 0.2, "frame_rate": 10, "elements":
        [{ "type": "video", "id": "a", "source_url": place["source_url"], "out_point": 0.2 }] });
    let waiting = server.submit(&body, None).json()["id"].as_str().unwrap().to_owned();
    // The address is good for nothing but that.
    let other = upload.replace("incoming", "renders");
    assert_eq!(plain("PUT", &other, "content-type: video/mp4\r\n", &bytes).0, 403);
    assert_eq!(plain("PUT", upload, "content-type: text/html\r\n", &bytes).0, 403);
    assert_eq!(plain("GET", upload, "", b"").0, 403);
    assert_eq!(plain("PUT", upload, "content-type: video/mp4\r\n", &bytes).0, 200);
    let job = server.ended(&waiting);
    assert_eq!(job["status"], "completed", "{job}\n{}", server.log());
    let asset = server.get("/v1/workspace/assets").json()["data"][0].clone();
    assert_eq!((&asset["width"], &asset["duration"]), (&json!(64), &json!(0.5)));
    // What was looked at is removed; the server does that after it has said so.
    while bucket.keys().iter().any(|key| key.contains("/incoming/")) {
        assert_eq!(server.get("/readyz").status, 200);
    }
    // Neither secrets nor signed addresses are in the log.
    for secret in ["not to be shown", "X-Amz-Signature"] {
        assert!(!server.log().contains(secret), "{}", server.log());
    }
    assert!(bucket.requests.lock().unwrap().iter().all(|request| !request.contains("..")));
}

#[test]
fn a_wrong_secret_fails_the_render_and_is_named_in_the_log() {
    let (bucket, address) = Bucket::start();
    let settings = format!(
        "storage = \"s3://films\"\n[s3]\nendpoint = {address:?}\naccess_key_id = \"id\"\n\
         secret_access_key = \"another one\""
    );
    let mut server = Server::prepared(1, &settings);
    server.run(&[]);
    let id = server.submit(&film(1, "#ff0000"), None).json()["id"].as_str().unwrap().to_owned();
    let job = server.ended(&id);
    assert_eq!((&job["status"], &job["error"]["code"]), (&json!("failed"), &json!("internal")), "{job}");
    assert!(server.log().contains("SignatureDoesNotMatch"), "{}", server.log());
    assert!(!server.log().contains("another one"), "{}", server.log());
    assert!(bucket.keys().is_empty());
}

#[test]
fn a_bucket_that_does_not_answer_fails_the_render() {
    // Nobody listens there.
    let settings = "storage = \"s3://films\"\n[s3]\nendpoint = \"http://127.0.0.1:1\"\naccess_key_id = \"id\"\n\
                    secret_access_key = \"a\"";
    let mut server = Server::prepared(0, settings);
    server.run(&[]);
    assert_eq!(server.submit(&film(1, "#ff0000"), None).status, 202);
    assert_eq!(server.get("/readyz").status, 200);
}
