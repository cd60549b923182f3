//! `make fuzz`: random damage to real sources, for as long as asked.
//!
//! `fuzz [SECONDS] [SEED] [TARGET]`: all targets in turn, or one of them. Every input is a pure function of the seed and its number, which are
//! printed when a property fails; the input itself is then written to `fuzz-failure.txt`, to be kept
//! as a test.

mod mutate;
mod targets;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use mutate::Random;
use targets::{TARGETS, Target};

/// Analysis recurses as deep as brackets may nest; the main thread's stack is the system's choice.
const STACK_BYTES: usize = 16 << 20;

fn main() -> ExitCode {
    let argument = |at: usize| std::env::args().nth(at).and_then(|text| text.parse().ok());
    let (seconds, seed) = (argument(1).unwrap_or(60), argument(2).unwrap_or(1));
    let wanted = std::env::args().nth(3);
    let run = move || run(Duration::from_secs(seconds), seed, wanted.as_deref());
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(run);
    match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        Ok(Ok(Err(message))) => {
            eprintln!("fuzz: {message}");
            ExitCode::FAILURE
        }
        Ok(Err(_)) | Err(_) => ExitCode::FAILURE,
    }
}

#[expect(clippy::disallowed_methods, reason = "how long to go on is a matter of time")]
fn run(length: Duration, seed: u64, wanted: Option<&str>) -> Result<(), String> {
    let targets: Vec<&Target> =
        TARGETS.iter().filter(|target| wanted.is_none_or(|wanted| target.name == wanted)).collect();
    if targets.is_empty() {
        let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        return Err(format!("the targets are {}", names.join(", ")));
    }
    let seeds = corpus(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))?;
    let mut counts = vec![0_u64; targets.len()];
    let started = Instant::now();
    let mut number = 0;
    while started.elapsed() < length {
        let mut random = Random::new(seed, number);
        let at = random.below(targets.len());
        let input = mutate::input(&mut random, &seeds, targets[at].takes);
        let outcome = catch_unwind(AssertUnwindSafe(|| (targets[at].run)(&input)));
        let problem = match outcome {
            Ok(Ok(())) => None,
            Ok(Err(message)) => Some(message),
            Err(_) => Some("it panicked".to_owned()),
        };
        if let Some(problem) = problem {
            fs::write("fuzz-failure.txt", &input).map_err(|error| error.to_string())?;
            let name = targets[at].name;
            return Err(format!("{name}, seed {seed}, input {number}: {problem} (see fuzz-failure.txt)"));
        }
        counts[at] += 1;
        number += 1;
    }
    for (target, count) in targets.iter().zip(counts) {
        println!("{:<10} {count:>9} inputs, 0 findings", target.name);
    }
    Ok(())
}

/// What inputs grow from: the examples, the language suite, the bundled sources and JSON bodies.
pub struct Corpus {
    /// Sources in the language.
    pub sources: Vec<String>,
    /// API bodies.
    pub bodies: Vec<String>,
    /// Files of data.
    pub data: Vec<String>,
}

fn corpus(root: &Path) -> Result<Corpus, String> {
    let mut corpus = Corpus {
        sources: Vec::new(),
        bodies: vec![targets::SAMPLE_BODY.to_owned()],
        data: targets::SAMPLE_DATA.map(str::to_owned).to_vec(),
    };
    for folder in
        ["examples", "stdlib", "stdlib/prelude", "tests/suite", "tests/suite/wrong", "tests/suite/std"]
    {
        let mut paths: Vec<PathBuf> = fs::read_dir(root.join(folder))
            .map_err(|error| format!("cannot read {folder}: {error}"))?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .collect();
        paths.sort();
        for path in paths {
            let is_text = path.extension().is_some_and(|extension| extension == "vid" || extension == "md");
            if let Some(text) = fs::read_to_string(&path).ok().filter(|_| is_text) {
                corpus.sources.extend(sources_of(&path, &text));
            }
        }
    }
    Ok(corpus)
}

/// The text itself, or the fenced `vid` blocks of a suite page.
fn sources_of(path: &Path, text: &str) -> Vec<String> {
    if path.extension().is_some_and(|extension| extension == "vid") {
        return vec![text.to_owned()];
    }
    let blocks = text.split("```vid").skip(1);
    blocks
        .filter_map(|block| block.split_once('\n')?.1.split_once("```").map(|(source, _)| source.to_owned()))
        .collect()
}
