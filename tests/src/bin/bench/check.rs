//! Checking a long file.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::time::Instant;

use vid_compiler::{Compiler, MediaTrouble, MemorySystem};

use crate::measure::{median, run};
use crate::{Bench, Figure};

/// Lines of the file that is checked.
const LINES: usize = 1000;
/// Edits that are timed.
const EDITS: usize = 41;

/// Measures `vid check` on a file of a thousand lines: in a running compiler after an edit, as an
/// editor does it, and as a whole process.
///
/// # Errors
/// When a program cannot be run.
pub fn measure(bench: &Bench) -> io::Result<Vec<Figure>> {
    let path = bench.scratch("long.vid");
    fs::write(&path, source(LINES, 0))?;
    let check = || run(&bench.vid, &["check", &path]);
    check()?;
    let mut walls = Vec::new();
    for _ in 0..bench.turns.max(5) {
        walls.push(check()?.wall * 1000.0);
    }
    let empty = run(&bench.vid, &["--version"])?.wall * 1000.0;
    Ok(vec![
        Figure {
            name: "check: 1,000 lines, warm".to_owned(),
            value: after_edits()?,
            limit: Some(30.0),
            unit: "ms",
        },
        Figure {
            name: "check: 1,000 lines, whole process".to_owned(),
            value: median(walls),
            limit: None,
            unit: "ms",
        },
        Figure {
            name: "check: of that, starting the program".to_owned(),
            value: empty,
            limit: None,
            unit: "ms",
        },
    ])
}

/// Milliseconds from an edit in the middle of the file to its diagnostics, the median of many.
#[expect(clippy::disallowed_methods, reason = "measuring time is what this file is for")]
fn after_edits() -> io::Result<f64> {
    let mut compiler = Compiler::new(MemorySystem::new());
    let mut times = Vec::new();
    for edit in 0..EDITS {
        let text = source(LINES, edit);
        let started = Instant::now();
        let file = compiler.set_text("long.vid", &text);
        let found = compiler.check(file, MediaTrouble::Warns);
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        if !found.is_empty() {
            return Err(io::Error::other(format!("the long file has mistakes: {}", found[0].message)));
        }
    }
    // The first one is cold.
    Ok(median(times.into_iter().skip(1)))
}

/// A composition of `lines` lines: titles with properties, one after another. `edit` is the font
/// weight of the one in the middle.
fn source(lines: usize, edit: usize) -> String {
    let mut text = String::from("composition long 1280x720 30fps {\n  sequence titles {\n");
    let block = 8;
    let titles = (lines - 4) / block;
    for number in 0..titles {
        let weight = if number == titles / 2 { 400 + edit } else { 700 };
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "    text title{number} \"Title number {number}\" for 1s {{\n      y: 20%\n      font_size: 48\n      \
             font_weight: {weight}\n      text_color: #ffffff\n      opacity: 90%\n      enter fade for 200ms\n    }}"
        );
    }
    text.push_str("  }\n}\n");
    text
}
