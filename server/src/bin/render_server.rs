//! A server, a worker or a child in a process of its own: what the tests start and end. People use `vid`.
//!
//! `VID_DIE_AT=name:n` ends the process without ceremony the n-th time it comes to that point.

use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, Ordering};

use vid_server::{Launcher, Settings, render_child, serve_process, worker_process};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    die_where_told();
    let done = match words.as_slice() {
        ["child"] => return render_child(),
        ["media-worker", ..] => return vid_runtime::isolate::worker(),
        ["serve", file] => run(file, |config, launcher| {
            serve_process(config, launcher, |address| println!("listening on {address}"))
        }),
        ["worker", file] => run(file, |config, launcher| {
            println!("working");
            worker_process(config, launcher)
        }),
        _ => Err("serve FILE, worker FILE or child".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(
    file: &str,
    work: impl FnOnce(vid_server::Config, Launcher) -> Result<(), vid_server::StartError>,
) -> Result<(), String> {
    let config = Settings::from_file(Path::new(file)).and_then(Settings::finish);
    let launcher = Launcher::this_program(&["child"]).map_err(|error| error.to_string())?;
    work(config.map_err(|error| error.to_string())?, launcher).map_err(|error| error.to_string())
}

/// Arms the point that the environment names.
fn die_where_told() {
    let Ok(told) = std::env::var("VID_DIE_AT") else { return };
    let (point, turn) = told.split_once(':').unwrap_or((&told, "1"));
    let left = AtomicU32::new(turn.parse().unwrap_or(1));
    let die = move || {
        if left.fetch_sub(1, Ordering::SeqCst) == 1 {
            // As a kill: nothing is flushed, nothing is dropped.
            std::process::abort();
        }
    };
    fail::cfg_callback(point, die).expect("a point takes any callback");
}
