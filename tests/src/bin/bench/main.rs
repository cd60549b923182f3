//! `make bench`: our renders against FFmpeg's own command line, in one run on one machine.
//!
//! `bench [SCENARIO] [TURNS]`, where a scenario is one of [`SCENARIOS`]; all of them otherwise.
//!
//! Programs take turns (A B A B …), so that a machine that slows down slows all of them; what is
//! compared is the median of the ratios of a turn. The *floor* is what no renderer can avoid:
//! encoding the finished frames and sound, and decoding the sources.

mod check;
mod compose;
mod films;
mod hello;
mod measure;
mod media;
mod project;
mod scenario;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What can be measured.
const SCENARIOS: [&str; 8] = ["hello", "captions", "layers", "chain", "slideshow", "uhd", "check", "project"];

/// Where things are.
pub struct Bench {
    /// The `vid` program.
    pub vid: String,
    /// This program.
    pub own: String,
    /// The media of the scenarios; kept from run to run.
    pub media: PathBuf,
    /// Seconds that this machine takes to read or write a byte in a long copy.
    pub seconds_per_byte: f64,
    /// The examples.
    pub examples: PathBuf,
    /// Room for large files; removed at the end.
    pub scratch: tempfile::TempDir,
    /// Turns per comparison.
    pub turns: usize,
}

impl Bench {
    /// A path in the scratch folder.
    pub fn scratch(&self, name: &str) -> String {
        self.scratch.path().join(name).display().to_string()
    }

    /// A path in the examples folder.
    pub fn example(&self, name: &str) -> String {
        self.examples.join(name).display().to_string()
    }
}

/// A figure with the limit it is held to.
pub struct Figure {
    /// What is measured.
    pub name: String,
    /// The value.
    pub value: f64,
    /// The value it should not exceed.
    pub limit: Option<f64>,
    /// The unit, or nothing for ratios.
    pub unit: &'static str,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [mode, film, frames @ ..] = arguments.as_slice()
        && mode == "compose"
    {
        return compose::compose(film, frames.first().map(String::as_str));
    }
    let mut turns = 5;
    let mut wanted = SCENARIOS.to_vec();
    for argument in &arguments {
        match (argument.parse(), SCENARIOS.iter().find(|name| *name == argument)) {
            (Ok(number), _) => turns = number,
            (Err(_), Some(name)) => wanted = vec![name],
            (Err(_), None) => {
                let known = SCENARIOS.join(", ");
                return Err(std::io::Error::other(format!("there is no scenario `{argument}`: {known}")));
            }
        }
    }
    let bench = Bench {
        vid: root.join("target/debug/vid").display().to_string(),
        own: std::env::current_exe()?.display().to_string(),
        media: root.join("target/bench-media"),
        seconds_per_byte: measure::seconds_per_byte(),
        examples: root.join("examples"),
        scratch: tempfile::tempdir()?,
        turns,
    };
    let mut figures = Vec::new();
    for name in wanted {
        eprintln!("bench: {name}");
        figures.extend(match name {
            "hello" => hello::measure(&bench)?,
            "captions" => scenario::measure(&bench, &films::captions())?,
            "layers" => scenario::measure(&bench, &films::layers())?,
            "chain" => scenario::measure(&bench, &films::chain())?,
            "slideshow" => scenario::measure(&bench, &films::slideshow())?,
            "uhd" => scenario::memory(&bench, include_str!("films/uhd.vid"))?,
            "check" => check::measure(&bench)?,
            _ => project::measure(&bench)?,
        });
    }
    println!("{:<44} {:>10} {:>10}", "figure", "measured", "limit");
    for figure in &figures {
        let limit = figure.limit.map_or("-".to_owned(), |limit| format!("{limit:.2}"));
        let mark = if figure.limit.is_some_and(|limit| figure.value > limit) { "  over" } else { "" };
        println!("{:<44} {:>10.3} {:>10} {}{mark}", figure.name, figure.value, limit, figure.unit);
    }
    for figure in &figures {
        let (name, value, limit) = (&figure.name, figure.value, figure.limit);
        println!(
            "{}",
            serde_json::json!({ "name": name, "value": value, "limit": limit, "unit": figure.unit })
        );
    }
    Ok(())
}
