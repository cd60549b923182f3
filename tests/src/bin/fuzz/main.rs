//! `make fuzz`: random damage to real sources, for as long as asked.
//!
//! `fuzz [SECONDS] [SEED] [TARGET]`: all targets in turn, or one of them. Every input is a pure function of the
//! seed and its number, which are printed when a property fails; the input itself is then written to
//! `fuzz-failure.txt`, to be kept as a test.

mod bodies;
mod corpus;
mod mutate;
mod samples;
#[path = "../../../../compiler/tests/support/mod.rs"]
mod support;
mod targets;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use corpus::Corpus;
use mutate::Random;
use targets::{Reach, TARGETS, Target};

/// Analysis recurses as deep as brackets may nest; the main thread's stack is the system's choice.
const STACK_BYTES: usize = 16 << 20;

/// Inputs after which a target that none has put to the test is a mistake of this program.
const IDLE: u64 = 1_000;

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
    let seeds = Corpus::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))?;
    // Inputs of each target, and those that put its property to the test.
    let mut counts = vec![(0_u64, 0_u64); targets.len()];
    let started = Instant::now();
    let mut number = 0;
    while started.elapsed() < length {
        let mut random = Random::new(seed, number);
        let at = random.below(targets.len());
        let input = mutate::input(&mut random, &seeds, targets[at].takes);
        let outcome = catch_unwind(AssertUnwindSafe(|| (targets[at].run)(&input)));
        let problem = match outcome {
            Ok(Ok(reach)) => {
                counts[at].0 += 1;
                counts[at].1 += u64::from(reach == Reach::Tried);
                None
            }
            Ok(Err(message)) => Some(message),
            Err(_) => Some("it panicked".to_owned()),
        };
        if let Some(problem) = problem {
            fs::write("fuzz-failure.txt", &input).map_err(|error| error.to_string())?;
            let name = targets[at].name;
            return Err(format!("{name}, seed {seed}, input {number}: {problem} (see fuzz-failure.txt)"));
        }
        number += 1;
    }
    for (target, (inputs, tried)) in targets.iter().zip(&counts) {
        println!("{:<10} {inputs:>9} inputs, {tried:>9} of them to the end, 0 findings", target.name);
    }
    let idle = targets.iter().zip(&counts).find(|(_, (inputs, tried))| *inputs > IDLE && *tried == 0);
    idle.map_or(Ok(()), |(target, _)| {
        Err(format!("{}: no input came to its end, so nothing was tested", target.name))
    })
}
