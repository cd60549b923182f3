//! `make hostile`: thousands of broken files, each read in a confined process.
//!
//! `hostile [FILES] [SEED]` prints what reading came to, how long a file took, and the most memory a
//! process used. It fails when a decoder died or a file could not be confined, and then names the files by their
//! numbers: `hostile [FILES] [SEED] [FIRST]` begins at one of them and keeps the first file that kills its
//! decoder as `hostile-failure`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use vid_runtime::isolate::{Confinement, MissingLayers, WorkerCommand};
use vid_tests::corpus::{Mutation, Random, SEEDS, Verdict, judge, make, mutated};

/// The argument that makes this program a worker.
const WORKER: &str = "worker";

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(WORKER) {
        return vid_runtime::isolate::worker();
    }
    let number = |at: usize| std::env::args().nth(at).and_then(|text| text.parse().ok());
    match run(number(1).unwrap_or(2000), number(2).unwrap_or(1), number(3).unwrap_or(0)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("hostile: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Reads `files` broken files and returns how many killed their decoder.
#[expect(clippy::disallowed_methods, reason = "how long a file takes is what is measured")]
fn run(files: u64, seed: u64, first: u64) -> std::io::Result<usize> {
    let folder = tempfile::tempdir()?;
    let worker = WorkerCommand::this_program(&[WORKER])?;
    let confinement = Arc::new(Confinement::new(worker, MissingLayers::Refuse));
    let mut seeds = Vec::new();
    for seed in &SEEDS {
        match make(seed, folder.path()) {
            Ok(bytes) => seeds.push((seed.name, bytes)),
            Err(error) => println!("left out: {error}"),
        }
    }
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut millis = Vec::new();
    let mut died = 0;
    let started = Instant::now();
    for number in first..first + files {
        let (name, bytes) = case(&seeds, seed, number);
        let path = folder.path().join(format!("{number}-{name}"));
        std::fs::write(&path, &bytes)?;
        let began = Instant::now();
        let verdict = judge(&path, &confinement);
        millis.push(began.elapsed().as_secs_f64() * 1e3);
        *classes.entry(verdict.class()).or_default() += 1;
        if let Verdict::Died(words) = &verdict {
            println!("file {number}: {words}");
            if died == 0 {
                std::fs::copy(&path, Path::new("hostile-failure"))?;
            }
            died += 1;
        }
        std::fs::remove_file(&path)?;
    }
    println!(
        "{files} files of {} seeds, run {seed}, in {:.0} s",
        seeds.len(),
        started.elapsed().as_secs_f64()
    );
    for (class, count) in &classes {
        println!("  {class:14} {count:6}");
    }
    millis.sort_by(f64::total_cmp);
    let share = |part: usize| millis.get((millis.len() * part / 100).min(millis.len() - 1)).copied();
    if let (Some(half), Some(most), Some(last)) = (share(50), share(99), millis.last()) {
        println!("  p50 {half:.0} ms, p99 {most:.0} ms, longest {last:.0} ms");
    }
    println!("  most memory of a process {} MiB", peak_mebibytes());
    Ok(died)
}

/// The broken file of that number: seeds in turn, ways to break them in turn.
fn case<'a>(seeds: &'a [(&'a str, Vec<u8>)], run: u64, number: u64) -> (&'a str, Vec<u8>) {
    let (name, whole) = &seeds[(number % seeds.len().max(1) as u64) as usize];
    let way = Mutation::ALL[(number / seeds.len().max(1) as u64 % 7) as usize];
    (name, mutated(whole, way, &mut Random::new(run, number)))
}

/// The most memory that any process of ours which has ended held at a time.
fn peak_mebibytes() -> i64 {
    // SAFETY: all-zero is a value of this plain structure, and the pointer is valid for the call.
    unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut usage);
        usage.ru_maxrss / 1024
    }
}
