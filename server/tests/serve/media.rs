//! Media: sent here, copied here, named in bodies.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::{Value, json};

use crate::support::Server;

/// A picture of four by two red pixels.
const PICTURE: &str = "89504e470d0a1a0a0000000d4948445200000004000000020802000000f0caea34000000104944415478da63f8cfc000\
    470cc81c006faa07f968ddafa70000000049454e44ae426082";

pub fn picture() -> Vec<u8> {
    vid_server::sign::from_hex(PICTURE).unwrap()
}

fn post(server: &Server, path: &str, body: &Value) -> (u16, Value) {
    let answer = server.ask("POST", path, &[], Some(&body.to_string()));
    (answer.status, answer.json())
}

/// Sends bytes to an address; returns the status and what was answered.
pub fn put(url: &str, declared: &str, bytes: &[u8]) -> (u16, String) {
    let (address, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let length = bytes.len();
    let head = format!(
        "PUT /{path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-type: {declared}\r\n\
         content-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    // A server that has said no already need not hear the rest.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
}

fn showing(source: &Value) -> Value {
    json!({ "width": 64, "height": 36, "duration": 0.2, "frame_rate": 10,
        "elements": [{ "type": "image", "id": "a", "duration": 0.2, "source_url": source }] })
}

#[test]
fn a_picture_is_sent_and_shown() {
    let server = Server::start(1);
    let (status, place) =
        post(&server, "/v1/uploads", &json!({ "content_type": "image/png", "filename": "../../red.png" }));
    assert_eq!(status, 201);
    let (upload, source) = (place["upload_url"].as_str().unwrap(), &place["source_url"]);
    assert!(source.as_str().unwrap().ends_with(".png"), "{source}");
    // Submitted before the bytes are there: it waits for them.
    let id = server.submit(&showing(source), None).json()["id"].as_str().unwrap().to_owned();
    assert_eq!(put(upload, "image/jpeg", &picture()).0, 422);
    assert_eq!(put(&upload.replace("signature=", "signature=0"), "image/png", &picture()).0, 403);
    assert_eq!(put(&upload.replace("expires=", "expires=9"), "image/png", &picture()).0, 403);
    assert_eq!(put(upload, "image/png", &picture()).0, 200);
    assert_eq!(put(upload, "image/png", &picture()).0, 409);
    let job = server.ended(&id);
    assert_eq!(job["status"], "completed", "{job}\n{}", server.log());
    let path = format!("/{}", source.as_str().unwrap().splitn(4, '/').nth(3).unwrap());
    let opened = server.get(&path);
    assert_eq!(opened.status, 302);
    assert_eq!(server.fetch(&json!(opened.header("location").unwrap())), picture());
    // Films and sounds are listed, stills are not.
    assert_eq!(server.get("/v1/workspace/assets").json()["data"], json!([]));
    assert!(!server.log().contains("signature="));
}

#[test]
fn a_film_of_ours_is_measured_and_listed() {
    let server = Server::start(1);
    let id =
        server.submit(&crate::support::film(5, "#123456"), None).json()["id"].as_str().unwrap().to_owned();
    let film = server.fetch(&server.ended(&id)["output"]["url"]);
    let (_, place) = post(&server, "/v1/uploads", &json!({ "content_type": "video/mp4" }));
    assert_eq!(put(place["upload_url"].as_str().unwrap(), "video/mp4", &film).0, 200);
    let listed = server.get("/v1/workspace/assets?limit=1").json()["data"][0].clone();
    let seen =
        json!([listed["kind"], listed["width"], listed["height"], listed["duration"], listed["size_bytes"]]);
    assert_eq!(seen, json!(["video", 64, 36, 0.5, film.len()]));
    assert_eq!(listed["source_url"], place["source_url"]);
}

#[test]
fn what_is_no_medium_is_refused() {
    let server = Server::start(0);
    for declared in ["text/html", "application/octet-stream", "image/svg+xml", "video/mp4\r\nx: y"] {
        let (status, answer) = post(&server, "/v1/uploads", &json!({ "content_type": declared }));
        assert_eq!(
            (status, &answer["error"]["code"]),
            (422, &json!("unsupported_content_type")),
            "{declared}"
        );
    }
    for body in
        [json!({}), json!({ "content_type": 1 }), json!([]), json!({ "content_type": "image/png", "x": 1 })]
    {
        let (status, answer) = post(&server, "/v1/uploads", &body);
        assert_eq!((status, &answer["error"]["code"]), (422, &json!("invalid_request")), "{body}");
    }
    let (_, place) = post(&server, "/v1/uploads", &json!({ "content_type": "video/mp4" }));
    // A list of files to play, called a film.
    let playlist = b"ffconcat version 1.0\nfile '/etc/passwd'\n";
    let (status, answer) = put(place["upload_url"].as_str().unwrap(), "video/mp4", playlist);
    assert_eq!(status, 422);
    assert!(answer.contains("invalid_source") && !answer.contains("/incoming/"), "{answer}");
}

#[test]
fn too_many_bytes_are_not_taken() {
    let mut server = Server::prepared(0, "[outside]\nmax_bytes = 1000");
    server.run(&[]);
    let (_, place) = post(&server, "/v1/uploads", &json!({ "content_type": "video/mp4" }));
    let (status, answer) = put(place["upload_url"].as_str().unwrap(), "video/mp4", &[0; 1001]);
    assert_eq!(status, 422);
    assert!(answer.contains("source_too_large"), "{answer}");
    assert_eq!(std::fs::read_dir(server.folder.path().join("data/incoming")).unwrap().count(), 0);
}

#[test]
fn a_remote_picture_is_copied() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                request.push(byte[0]);
            }
            let is_there = String::from_utf8_lossy(&request).starts_with("GET /red.png");
            let (status, body) = if is_there { (200, picture()) } else { (404, Vec::new()) };
            let head = format!(
                "HTTP/1.1 {status} Word\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            stream.write_all(&[head.as_bytes(), &body].concat()).unwrap();
        }
    });
    let outside = format!("[outside]\nnetworks = [\"127.0.0.1\"]\nplain_http = true\nports = [{port}]");
    let mut server = Server::prepared(1, &outside);
    server.run(&[]);
    let copied = |url: &str| {
        let (status, import) = post(&server, "/v1/imports", &json!({ "url": url }));
        assert_eq!(
            (status, &import["status"], &import["source_url"]),
            (202, &json!("processing"), &Value::Null)
        );
        let path = format!("/v1/imports/{}", import["id"].as_str().unwrap());
        loop {
            let import = server.get(&path).json();
            if import["status"] != "processing" {
                return import;
            }
        }
    };
    let there = copied(&format!("http://127.0.0.1:{port}/red.png?sig=secret"));
    assert_eq!(there["status"], "ready", "{there}\n{}", server.log());
    let id = server.submit(&showing(&there["source_url"]), None).json()["id"].as_str().unwrap().to_owned();
    assert_eq!(server.ended(&id)["status"], "completed");
    let missing = copied(&format!("http://127.0.0.1:{port}/blue.png"));
    assert_eq!(
        (&missing["status"], &missing["error"]["code"]),
        (&json!("failed"), &json!("source_not_found"))
    );
    // Straight from a body, and copied first.
    for ingest in [false, true] {
        let mut body = showing(&json!(format!("http://127.0.0.1:{port}/red.png")));
        body["ingest_external"] = json!(ingest);
        let job = server.submit(&body, None).json();
        assert_eq!(job["status"], if ingest { "ingesting" } else { "queued" });
        let job = server.ended(job["id"].as_str().unwrap());
        assert_eq!(job["status"], "completed", "{job}\n{}", server.log());
    }
    for url in ["http://127.0.0.1:1/a.png", "https://169.254.169.254/a.png", "file:///etc/passwd", "", "x"] {
        let (status, answer) = post(&server, "/v1/imports", &json!({ "url": url }));
        assert_eq!(status, 422, "{url} {answer}");
    }
    assert_eq!(server.get("/v1/imports/import_01K0000000000000000000000A").status, 404);
    assert!(!server.log().contains("sig=secret"));
}
