//! How a submission comes along, for people and for programs, on standard error.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vid_server::client::Job;

use crate::clock;
use crate::failure::Failure;
use crate::progress::{ProgressMode, Shown, line};

/// Least time between two lines about the same.
const INTERVAL: Duration = Duration::from_millis(500);

/// How the bar looks.
const BAR: &str = "{prefix:12} {bar:32} {pos:>3} % {msg}";

/// Shows how a submission comes along.
pub struct Reporter {
    mode: Shown,
    state: RefCell<State>,
}

struct State {
    /// What was told last: what it was about, how far that was, and when.
    told: Option<(String, u64, Instant)>,
}

impl Reporter {
    /// A reporter that shows things so.
    pub fn new(mode: ProgressMode) -> Self {
        let mode = Shown::new(mode, BAR);
        Self { mode, state: RefCell::new(State { told: None }) }
    }

    /// So much of a file was sent.
    pub fn upload(&self, file: &str, sent: u64, all: u64) {
        let value = || json!({ "phase": "upload", "file": file, "bytes_done": sent, "bytes_total": all });
        self.part("upload", file, sent, Some(all), value);
    }

    /// A job is so far.
    pub fn job(&self, job: &Job) {
        let stage = job.stage.as_deref().unwrap_or_else(|| job.status.name());
        match &self.mode {
            Shown::None => {}
            Shown::Bar(bar) => {
                bar.set_length(100);
                bar.set_position(job.percent.into());
                bar.set_prefix(stage.to_owned());
                bar.set_message(job.id.clone());
            }
            Shown::Plain => {
                if self.is_news(&format!("{} {stage}", job.id), u64::from(job.percent / 10), None) {
                    eprintln!("{}: {stage}, {} %", job.id, job.percent);
                }
            }
            Shown::Json => {
                if self.is_news(&format!("{} {stage}", job.id), u64::from(job.percent), None) {
                    line(&json!({
                        "phase": "render",
                        "id": job.id,
                        "status": job.status.name(),
                        "stage": job.stage,
                        "percent": job.percent,
                    }));
                }
            }
        }
    }

    /// So much of a result has come.
    pub fn download(&self, name: &str, received: u64, all: Option<u64>) {
        let value =
            || json!({ "phase": "download", "output": name, "bytes_done": received, "bytes_total": all });
        self.part("download", name, received, all, value);
    }

    /// A result is here.
    pub fn done(&self, job: &Job, name: &str, bytes: u64) {
        match &self.mode {
            Shown::None => {}
            Shown::Json => {
                line(&json!({ "phase": "done", "id": job.id, "output": name, "bytes_total": bytes }));
            }
            Shown::Bar(bar) => {
                bar.finish_and_clear();
                eprintln!("{name}: written; {bytes} bytes");
            }
            Shown::Plain => eprintln!("{name}: written; {bytes} bytes"),
        }
    }

    /// It ended otherwise.
    pub fn failed(&self, failure: &Failure) {
        self.mode.failed(failure);
    }

    fn part(&self, phase: &str, name: &str, done: u64, all: Option<u64>, value: impl Fn() -> Value) {
        match &self.mode {
            Shown::None => {}
            Shown::Bar(bar) => {
                bar.set_length(100);
                bar.set_position(percent(done, all));
                bar.set_prefix(phase.to_owned());
                bar.set_message(name.to_owned());
            }
            Shown::Plain => {
                // One line is enough for what is over in a moment.
                if self.is_news(
                    &format!("{phase} {name}"),
                    percent(done, all) / 25,
                    all.filter(|all| *all == done),
                ) {
                    eprintln!(
                        "{phase}: {name}, {done}{} bytes",
                        all.map(|all| format!(" of {all}")).unwrap_or_default()
                    );
                }
            }
            Shown::Json => {
                if self.is_news(&format!("{phase} {name}"), done, all.filter(|all| *all == done)) {
                    line(&value());
                }
            }
        }
    }

    /// Whether something is worth a line: it is about something else, or has come further and some time has
    /// passed, or is at its end.
    fn is_news(&self, about: &str, far: u64, end: Option<u64>) -> bool {
        let mut state = self.state.borrow_mut();
        let now = clock::now();
        let is_news = match &state.told {
            Some((before, how_far, when)) if before == about => {
                far > *how_far && (end.is_some() || now.duration_since(*when) >= INTERVAL)
            }
            _ => true,
        };
        if is_news {
            state.told = Some((about.to_owned(), far, now));
        }
        is_news
    }
}

fn percent(done: u64, all: Option<u64>) -> u64 {
    match all {
        Some(all) if all > 0 => (u128::from(done) * 100 / u128::from(all)).min(100) as u64,
        _ => 0,
    }
}
