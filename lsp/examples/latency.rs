//! How long answers take: a scripted session with a real `vid lsp`, in a process of its own and over its standard
//! streams, on generated projects of 100, 1,000 and 10,000 lines. Each question comes right after an edit, warm.
//! Prints a table, with the budgets beside it, and writes the figures as JSON.
//!
//! ```text
//! cargo run -p vid-lsp --example latency -- [--rounds 40] [--json out/latency.json] [--lines 1000]
//! ```
//!
//! `VID` names the program; without it, that of the last build is measured. Times are those of a clock on the
//! wall and mean little where other programs run; `work` is how long the server's own threads ran for one edit
//! and one question. `--lines 0` measures memory over many edits alone.

#[path = "latency/project.rs"]
mod project;
#[path = "latency/session.rs"]
mod session;
#[path = "latency/wire.rs"]
mod wire;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Map, Value, json};

use crate::session::{Figures, Memory, Method};

/// Sizes of the projects, in lines.
const SIZES: [usize; 3] = [100, 1_000, 10_000];
/// What memory is held against: the most that a project of 10,000 lines may take, in MiB.
const MEMORY_BUDGET_MIB: u64 = 150;
/// The longest from the start of the program to the first diagnostics, in milliseconds.
const START_BUDGET_MS: u32 = 300;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("latency: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let (mut rounds, mut json_path, mut sizes) = (40, None, SIZES.to_vec());
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("`{name}` needs a value"))?;
        let number = || value.parse::<usize>().map_err(|_| format!("`{value}` is no number"));
        match &*name {
            "--rounds" => rounds = number()?.max(2),
            "--lines" => sizes = Some(number()?).filter(|lines| *lines > 0).into_iter().collect(),
            "--json" => json_path = Some(PathBuf::from(&value)),
            _ => return Err(format!("there is no option `{name}`")),
        }
    }
    let vid = program()?;
    println!("measured: {} lsp, {rounds} rounds\n", vid.display());
    let mut all = Map::new();
    for lines in sizes {
        let figures = session::measure(&vid, lines, rounds)?;
        print(lines, &figures);
        all.insert(lines.to_string(), written(&figures));
    }
    let growth = session::growth(&vid)?;
    print_growth(&growth);
    let growth = growth.iter().map(|at| json!({ "edits": at.edits, "rss_kib": at.kib }));
    all.insert("growth".to_owned(), growth.collect());
    if let Some(path) = json_path {
        let text = serde_json::to_string_pretty(&Value::Object(all)).map_err(|error| error.to_string())?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        }
        std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        println!("written to {}", path.display());
    }
    Ok(())
}

/// The program that is measured.
fn program() -> Result<PathBuf, String> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/debug/vid");
    let path = std::env::var_os("VID").map_or(built, PathBuf::from);
    match path.is_file() {
        true => Ok(path),
        false => Err(format!("{} is not there; build it, or name it with `VID`", path.display())),
    }
}

fn print(lines: usize, figures: &Figures) {
    let head = format!("{lines} lines");
    println!("{head:38} {:>8} {:>8} {:>8} {:>8} {:>8}", "p50 ms", "p95 ms", "p99 ms", "work ms", "budget");
    for (method, measured) in &figures.methods {
        let [p50, p95, p99] = parts(&measured.times);
        let work = measured.work * 1_000.0;
        let budget = budget(method);
        let mark = if lines == 1_000 && p95 > f64::from(budget) { " over" } else { "" };
        println!("{method:38} {p50:8.1} {p95:8.1} {p99:8.1} {work:8.1} {budget:8}{mark}");
    }
    let start = figures.first_diagnostics * 1_000.0;
    println!("{:38} {start:8.1} {START_BUDGET_MS:>35}", "start to first diagnostics");
    println!("{:38} {:8} {MEMORY_BUDGET_MIB:>35}\n", "peak memory, MiB", figures.peak_mib);
}

fn print_growth(growth: &[Memory]) {
    let Some(first) = growth.first() else { return };
    println!("memory while a film of 1,000 lines is edited (budget ±5 % from the first row on)");
    for at in growth {
        let more = (at.kib as f64 / first.kib.max(1) as f64 - 1.0) * 100.0;
        println!("after {:6} edits {:8} KiB {more:+6.1} %", at.edits, at.kib);
    }
}

/// Median and tails, in milliseconds.
fn parts(times: &[f64]) -> [f64; 3] {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |part: usize| sorted.get((sorted.len() * part / 100).min(sorted.len() - 1)).copied();
    [50, 95, 99].map(|part| at(part).unwrap_or_default() * 1_000.0)
}

fn written(figures: &Figures) -> Value {
    let methods = figures.methods.iter().map(|(method, Method { times, work })| {
        let ([p50, p95, p99], work) = (parts(times), work * 1_000.0);
        let budget = budget(method);
        let figures =
            json!({ "p50_ms": p50, "p95_ms": p95, "p99_ms": p99, "work_ms": work, "budget_ms": budget });
        (method.clone(), figures)
    });
    json!({
        "methods": methods.collect::<Map<_, _>>(),
        "first_diagnostics_ms": figures.first_diagnostics * 1_000.0,
        "peak_memory_mib": figures.peak_mib,
    })
}

/// What a method may take on a project of 1,000 lines, 95 times of 100, in milliseconds.
fn budget(method: &str) -> u32 {
    match method.trim_start_matches("textDocument/") {
        "diagnostic" | "hover" | "formatting" | "rangeFormatting" | "onTypeFormatting" => 30,
        "completion" => 50,
        "inlayHint" | "codeLens" => 40,
        "definition" | "documentHighlight" => 20,
        "references" | "rename" | "prepareRename" | "codeAction" | "prepareCallHierarchy" => 60,
        "workspace/symbol" => 100,
        _ => 20,
    }
}
