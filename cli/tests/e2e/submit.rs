//! `vid submit` against `vid serve`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::media::{clip, frames, plain};
use crate::stage::{Outcome, Stage};

const KEY: &str = "key-0123456789abcdef";
const FILM: &str = r#"composition film 160x90 30fps {
  video clip "clip.mp4" [0s..1s] { width: 160px height: 90px }
  image logo "logo.png" for 1s { width: 20px height: 20px }
}
"#;

/// A server that is gone after the test.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(stage: &Stage) -> Self {
        Self::with_workers(stage, "1")
    }

    fn with_workers(stage: &Stage, workers: &str) -> Self {
        let data = stage.path("data");
        let arguments =
            ["serve", "--listen", "127.0.0.1:0", "--data-dir", data.to_str().unwrap(), "--api-key", KEY];
        let mut process = stage
            .command(&arguments)
            .env("VID_SERVER_ISOLATION", "off")
            .env("VID_SERVER_WORKERS", workers)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut talk = BufReader::new(process.stderr.take().unwrap()).lines();
        let address = talk.find_map(|line| line.unwrap().strip_prefix("listening on ").map(str::to_owned));
        // Its log has to go somewhere.
        std::thread::spawn(move || talk.for_each(drop));
        Self { process, url: format!("http://{}", address.unwrap()) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn submit(stage: &Stage, server: &str, key: &str, more: &[&str]) -> Outcome {
    let mut command = stage.command(&["submit", "--progress", "none"]);
    command.args(more).env("VID_SERVER", server).env("VID_API_KEY", key);
    Outcome::of(command)
}

fn job(outcome: &Outcome) -> serde_json::Value {
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    serde_json::from_str(outcome.stdout.trim()).unwrap()
}

#[test]
fn a_film_with_local_media_is_rendered_there_and_comes_back() {
    let stage = Stage::new();
    clip(&stage, "clip.mp4", 2);
    plain(&stage, "logo.png", "orange", "64x64", &["-frames:v", "1"]);
    stage.write("film.vid", FILM);
    let server = Server::start(&stage);
    let first = job(&submit(&stage, &server.url, KEY, &["film.vid", "-o", "there.mp4", "--json"]));
    assert_eq!(first["status"], "completed");
    let size = std::fs::metadata(stage.path("there.mp4")).unwrap().len();
    assert_eq!(first["output"]["size_bytes"], size);
    assert_eq!(stage.vid(&["render", "film.vid", "-o", "here.mp4", "--executor", "cpu"]).code, 0);
    assert_eq!(frames(&stage, "there.mp4"), frames(&stage, "here.mp4"));
    // The same again is the same job, and media are not sent twice.
    std::fs::remove_file(stage.path("there.mp4")).unwrap();
    let again = job(&submit(&stage, &server.url, KEY, &["film.vid", "-o", "there.mp4", "--json"]));
    assert_eq!(again["id"], first["id"]);
    assert_eq!(std::fs::metadata(stage.path("there.mp4")).unwrap().len(), size);
    // As a body whose addresses are local files, under another name of one of them.
    std::fs::copy(stage.path("clip.mp4"), stage.path("other.mp4")).unwrap();
    let body = stage.vid(&["json", "film.vid", "--asset-base", "https://m.example"]);
    stage.write("film.json", body.stdout.replace("clip.mp4", "other.mp4"));
    let arguments = ["film.json", "--asset-base", "https://m.example", "--no-wait", "--json"];
    let third = job(&submit(&stage, &server.url, KEY, &arguments));
    assert_eq!(third["id"], first["id"]);
    let plain_words = submit(&stage, &server.url, KEY, &["film.vid", "-o", "there.mp4"]);
    let wanted =
        format!("{} completed: there.mp4, 160x90, 1 s, {size} bytes\n", first["id"].as_str().unwrap());
    assert_eq!(plain_words.stdout, wanted);
}

#[test]
fn what_goes_wrong_is_said() {
    let stage = Stage::new();
    stage.write(
        "film.vid",
        "composition film 160x90 30fps { shape box rect for 1s { width: 50% height: 50% fill: #ff0000 } }\n",
    );
    stage.write("good.json", r##"{ "width": 64, "height": 36, "duration": 0.2, "elements": [] }"##);
    stage.write(
        "gone.json",
        r#"{ "width": 64, "height": 36, "elements": [
        { "type": "image", "id": "a", "duration": 1, "source_url": "https://127.0.0.1/a.png" }] }"#,
    );
    let odd = submit(&stage, "ftp://x", KEY, &["good.json"]);
    assert_eq!(
        (odd.code, odd.stderr.contains("is not the address of a server")),
        (2, true),
        "{}",
        odd.stderr
    );
    let server = Server::start(&stage);
    let wrong = submit(&stage, &server.url, "key-of-somebody-else", &["good.json"]);
    assert_eq!((wrong.code, wrong.stderr.contains("401 `unauthorized`")), (5, true), "{}", wrong.stderr);
    assert!(!wrong.stderr.contains("somebody"), "{}", wrong.stderr);
    let unsaid = submit(&stage, &server.url, KEY, &["film.vid"]);
    assert_eq!(unsaid.code, 1, "{}", unsaid.stderr);
    let failed = submit(&stage, &server.url, KEY, &["gone.json", "-o", "gone.mp4"]);
    assert_eq!(
        (failed.code, failed.stderr.contains("failed `invalid_source`")),
        (3, true),
        "{}",
        failed.stderr
    );
    assert!(!stage.path("gone.mp4").exists());
    let key = ["good.json", "--no-wait", "--idempotency-key", "mine"];
    assert_eq!(submit(&stage, &server.url, KEY, &key).code, 0);
    stage.write("good.json", r##"{ "width": 64, "height": 64, "duration": 0.2, "elements": [] }"##);
    let clash = submit(&stage, &server.url, KEY, &key);
    assert_eq!((clash.code, clash.stderr.contains("409 `conflict`")), (5, true), "{}", clash.stderr);
}

#[test]
fn ctrl_c_leaves_the_job_to_the_server() {
    let stage = Stage::new();
    stage.write("film.json", r##"{ "width": 64, "height": 36, "duration": 0.2, "elements": [] }"##);
    let idle = Server::with_workers(&stage, "0");
    let mut waiting = stage
        .command(&["submit", "film.json", "-o", "film.mp4", "--progress", "json"])
        .env("VID_SERVER", &idle.url)
        .env("VID_API_KEY", KEY)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(waiting.stderr.take().unwrap()).lines().map(Result::unwrap);
    // As soon as it waits.
    let line = lines.find(|line| line.contains(r#""phase":"render""#)).unwrap();
    let id = serde_json::from_str::<serde_json::Value>(&line).unwrap()["id"].as_str().unwrap().to_owned();
    let stopped = Command::new("kill").args(["-INT", &waiting.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    let rest: Vec<String> = lines.filter(|line| !line.starts_with('{')).collect();
    assert_eq!(waiting.wait().unwrap().code(), Some(130));
    assert!(rest.iter().any(|line| line.contains(&id)), "{rest:?}");
    assert!(!stage.path("film.mp4").exists());
    drop(idle);
    // The job was never called off: with somebody to do it, the same command fetches the film of it.
    let server = Server::start(&stage);
    let done = job(&submit(&stage, &server.url, KEY, &["film.json", "-o", "film.mp4", "--json"]));
    assert_eq!((done["id"].as_str(), done["status"].as_str()), (Some(id.as_str()), Some("completed")));
    assert!(stage.path("film.mp4").exists());
}
