//! Two servers and two workers that share a database and a folder, killed one after the other, whichever it is.
//!
//! On SQLite always, on PostgreSQL where `VID_TEST_POSTGRES` names a server on which databases may be made.
//! `VID_KILLS` says how often.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

use crate::kill::{jobs, kills, undisturbed};
use crate::support::{Server, film};

const FRAMES: u32 = 30;
const COLOR: &str = "#224466";

struct Worker {
    place: Server,
    process: Child,
}

impl Worker {
    fn start(settings: &str) -> Self {
        let place = Server::prepared(1, settings);
        let process = Self::run(&place);
        Self { place, process }
    }

    fn run(place: &Server) -> Child {
        let mut process = Server::program(place.folder.path(), "worker", &[]);
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "working\n");
        process
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.kill();
    }
}

fn killed_in_turn(database: &str, kills: u32) {
    let expected = undisturbed(FRAMES, COLOR);
    let shared = tempfile::tempdir().unwrap();
    let settings = format!(
        "database = {database:?}\nstorage = {:?}\npublic_url = \"http://films.example\"\n\
         requests_per_second = 100000\nrequests_per_second_per_address = 100000\n",
        shared.path().join("files")
    );
    let mut servers = [Server::prepared(0, &settings), Server::prepared(0, &settings)];
    for server in &mut servers {
        server.run(&[]);
    }
    let mut workers = [Worker::start(&settings), Worker::start(&settings)];
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    };
    let mut accepted = Vec::new();
    for round in 0..kills {
        let key = format!("round {round}");
        let server = &servers[usize::try_from(next(2)).unwrap()];
        let answer = server.submit(&film(FRAMES, COLOR), Some(&key));
        assert_eq!(answer.status, 202, "{}\n{}", answer.text(), server.log());
        accepted.push((key, answer.json()["id"].as_str().unwrap().to_owned()));
        // Nothing is ever sent: this only lets a moment pass.
        let (_keep, nothing) = mpsc::channel::<()>();
        let _ = nothing.recv_timeout(Duration::from_millis(next(500)));
        match usize::try_from(next(4)).unwrap() {
            number @ (0 | 1) => {
                servers[number].kill();
                servers[number].run(&[]);
            }
            number => {
                let worker = &mut workers[number - 2];
                worker.kill();
                worker.process = Worker::run(&worker.place);
            }
        }
    }
    for (key, id) in &accepted {
        let again = servers[0].submit(&film(FRAMES, COLOR), Some(key));
        assert_eq!((again.status, again.json()["id"].as_str()), (200, Some(id.as_str())));
        let job = servers[1].ended(id);
        assert_eq!(job["status"], "completed", "{job}\n{}{}", workers[0].place.log(), workers[1].place.log());
        assert!(servers[0].fetch(&job["output"]["url"]) == expected, "another film");
    }
    let there: BTreeSet<String> =
        jobs(&servers[0]).iter().map(|job| job["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(there, accepted.iter().map(|(_, id)| id.clone()).collect());
    // Each end is counted with the job that it is the end of: there was one for each.
    let used: Value = servers[0].get("/v1/workspace/usage").json();
    let seconds = used["render_minutes"].as_f64().unwrap() * 60.0;
    assert_eq!(seconds.round() as usize, accepted.len() * FRAMES as usize / 10);
}

#[test]
fn on_one_file_no_job_is_lost_or_doubled() {
    let folder = tempfile::tempdir().unwrap();
    killed_in_turn(&folder.path().join("vid.db").to_string_lossy(), kills());
}

#[test]
fn on_postgresql_no_job_is_lost_or_doubled() {
    let Ok(server) = std::env::var("VID_TEST_POSTGRES") else {
        eprintln!("VID_TEST_POSTGRES is not set: PostgreSQL is not tried");
        return;
    };
    let name = format!("vid_kill_{}", std::process::id());
    let made = Command::new("psql").args([&server, "-qc", &format!("CREATE DATABASE {name}")]).status();
    assert!(made.unwrap().success());
    let (base, _) = server.rsplit_once('/').unwrap();
    killed_in_turn(&format!("{base}/{name}"), kills());
}
