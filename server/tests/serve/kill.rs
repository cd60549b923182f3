//! What is left when it is killed: at points that were chosen, and at moments that were not.
//!
//! `VID_KILLS` says how often the moments are tried; a few times where it says nothing.

use std::io::{BufRead, BufReader};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

use crate::support::{Server, film};

/// How often the moments are tried where nobody says.
const DEFAULT_KILLS: u32 = 6;
/// Where the server can be made to die.
const POINTS: [&str; 6] = ["begin", "made", "publish", "published", "complete", "completed"];

pub fn kills() -> u32 {
    std::env::var("VID_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(DEFAULT_KILLS)
}

/// The bytes of the film when nobody is killed.
pub fn undisturbed(frames: u32, color: &str) -> Vec<u8> {
    let server = Server::start(1);
    let id = server.submit(&film(frames, color), None).json()["id"].as_str().unwrap().to_owned();
    let job = server.ended(&id);
    assert_eq!(job["status"], "completed", "{job}\n{}", server.log());
    server.fetch(&job["output"]["url"])
}

/// All jobs of the server, newest first.
pub fn jobs(server: &Server) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = server.get(&format!("/v1/renders?limit=100&cursor={cursor}")).json();
        all.extend(page["data"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => return all,
        }
    }
}

#[test]
fn killed_at_any_point_the_film_is_the_same() {
    let expected = undisturbed(12, "#336699");
    for point in POINTS {
        let mut server = Server::prepared(1, "");
        server.run(&[("VID_DIE_AT", point)]);
        let body = film(12, "#336699");
        let id = server.submit(&body, Some("once")).json()["id"].as_str().unwrap().to_owned();
        server.wait();
        server.run(&[]);
        let again = server.submit(&body, Some("once"));
        assert_eq!((again.status, again.json()["id"].as_str()), (200, Some(id.as_str())), "{point}");
        let job = server.ended(&id);
        assert_eq!(job["status"], "completed", "{point}: {job}\n{}", server.log());
        assert!(server.fetch(&job["output"]["url"]) == expected, "{point}: another film");
        assert_eq!(jobs(&server).len(), 1, "{point}");
    }
}

#[test]
fn killed_at_any_moment_no_job_is_lost_or_doubled() {
    let expected = undisturbed(30, "#112233");
    let mut server = Server::prepared(1, "requests_per_second = 100000\n");
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut accepted = Vec::new();
    for round in 0..kills() {
        server.run(&[]);
        for number in 0..3 {
            let key = format!("{round}-{number}");
            let answer = server.submit(&film(30, "#112233"), Some(&key));
            assert_eq!(answer.status, 202);
            accepted.push((key, answer.json()["id"].as_str().unwrap().to_owned()));
        }
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        // Nothing is ever sent: this only lets a moment pass.
        let (_keep, nothing) = mpsc::channel::<()>();
        let _ = nothing.recv_timeout(Duration::from_millis(seed % 700));
        server.kill();
    }
    server.run(&[]);
    for (key, id) in &accepted {
        let again = server.submit(&film(30, "#112233"), Some(key));
        assert_eq!((again.status, again.json()["id"].as_str()), (200, Some(id.as_str())));
        let job = server.ended(id);
        assert_eq!(job["status"], "completed", "{job}\n{}", server.log());
        assert!(server.fetch(&job["output"]["url"]) == expected, "another film");
    }
    assert_eq!(jobs(&server).len(), accepted.len());
    let left: Vec<_> = std::fs::read_dir(server.folder.path().join("data/work")).unwrap().collect();
    assert!(left.len() <= 1, "{left:?}");
}

#[test]
fn a_worker_of_its_own_is_killed_and_another_goes_on() {
    let expected = undisturbed(30, "#445566");
    let server = Server::start(0);
    let id = server.submit(&film(30, "#445566"), None).json()["id"].as_str().unwrap().to_owned();
    let folder = server.folder.path();
    let settings = std::fs::read_to_string(folder.join("server.toml")).unwrap();
    std::fs::write(folder.join("server.toml"), settings.replace("workers = 0", "workers = 1")).unwrap();
    let mut first = Server::program(folder, "worker", &[("VID_DIE_AT", "made")]);
    let mut line = String::new();
    BufReader::new(first.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "working\n");
    assert!(!first.wait().unwrap().success());
    let mut second = Server::program(folder, "worker", &[]);
    let job = server.ended(&id);
    second.kill().unwrap();
    second.wait().unwrap();
    assert_eq!(job["status"], "completed", "{job}\n{}", server.log());
    assert!(server.fetch(&job["output"]["url"]) == expected, "another film");
}
