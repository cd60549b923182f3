//! Prints how long checking a project takes, cold and after an edit, in milliseconds.
//!
//! `cargo run -p vid-compiler --example check_speed -- FILM EDITED 700 500`: the film, a file that it imports, and
//! a word of that file with what stands in its place after every second edit.

use std::time::Instant;

use vid_compiler::{Compiler, DiskSystem, MediaTrouble};

/// Edits that are timed.
const EDITS: usize = 200;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [film, edited, from, to] = arguments.as_slice() else {
        return Err("usage: check_speed FILM EDITED FROM TO".into());
    };
    let started = now();
    let mut compiler = Compiler::new(DiskSystem);
    let source = compiler.open(film);
    let found = compiler.check(source, MediaTrouble::Warns).len();
    println!("cold: {:.1} ms, {found} diagnostics", milliseconds(started));

    let before = std::fs::read_to_string(edited)?;
    let middle = before.len() / 2;
    let at = before[middle..].find(from.as_str()).ok_or("the word is not in the second half of the file")?;
    let after = format!("{}{to}{}", &before[..middle + at], &before[middle + at + from.len()..]);
    let mut times = Vec::new();
    for edit in 0..EDITS {
        let text = if edit % 2 == 0 { &after } else { &before };
        let started = now();
        let edited = compiler.set_text(edited, text);
        let own = milliseconds(started);
        compiler.check(edited, MediaTrouble::Warns);
        let file = milliseconds(started) - own;
        compiler.check(source, MediaTrouble::Warns);
        times.push((milliseconds(started), own, file));
    }
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (all, set, file) = times[EDITS / 2];
    println!("after an edit: {all:.1} ms, of these {set:.1} to take the text, {file:.1} to check its file");
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "measuring time is what this program is for")]
fn now() -> Instant {
    Instant::now()
}

fn milliseconds(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1000.0
}
