//! `make bench`: our renders against FFmpeg's own command line, in one run on one machine.
//!
//! Programs take turns (A B A B …), so that a machine that slows down slows all of them; what is
//! compared is the median of the ratios of a turn. The *floor* is what no renderer can avoid:
//! encoding the finished frames and sound, and decoding the sources.

mod check;
mod hello;
mod measure;
mod project;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where things are.
pub struct Bench {
    /// The `vid` program.
    pub vid: String,
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
    pub name: &'static str,
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
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let turns = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(5);
    let bench = Bench {
        vid: root.join("target/debug/vid").display().to_string(),
        examples: root.join("examples"),
        scratch: tempfile::tempdir()?,
        turns,
    };
    let mut figures = hello::measure(&bench)?;
    figures.extend(check::measure(&bench)?);
    figures.extend(project::measure(&bench)?);
    println!("{:<44} {:>10} {:>10}", "figure", "measured", "limit");
    for figure in &figures {
        let limit = figure.limit.map_or("-".to_owned(), |limit| format!("{limit:.2}"));
        let mark = if figure.limit.is_some_and(|limit| figure.value > limit) { "  over" } else { "" };
        println!("{:<44} {:>10.3} {:>10} {}{mark}", figure.name, figure.value, limit, figure.unit);
    }
    for figure in &figures {
        let (name, value, limit) = (figure.name, figure.value, figure.limit);
        println!(
            "{}",
            serde_json::json!({ "name": name, "value": value, "limit": limit, "unit": figure.unit })
        );
    }
    Ok(())
}
