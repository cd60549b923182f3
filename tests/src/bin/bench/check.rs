//! Checking a long file.

use std::fmt::Write as _;
use std::fs;
use std::io;

use crate::measure::{median, run};
use crate::{Bench, Figure};

/// Lines of the file that is checked.
const LINES: usize = 1000;

/// Measures `vid check` on a file of a thousand lines, as a whole process with the file in memory.
///
/// # Errors
/// When a program cannot be run.
pub fn measure(bench: &Bench) -> io::Result<Vec<Figure>> {
    let path = bench.scratch("long.vid");
    fs::write(&path, source(LINES))?;
    let check = || run(&bench.vid, &["check", &path]);
    check()?;
    let mut walls = Vec::new();
    for _ in 0..bench.turns.max(5) {
        walls.push(check()?.wall * 1000.0);
    }
    let empty = run(&bench.vid, &["--version"])?.wall * 1000.0;
    Ok(vec![
        Figure { name: "check: 1,000 lines", value: median(walls), limit: Some(30.0), unit: "ms" },
        Figure { name: "check: of that, starting the program", value: empty, limit: None, unit: "ms" },
    ])
}

/// A composition of `lines` lines: titles with properties, one after another.
fn source(lines: usize) -> String {
    let mut text = String::from("composition long 1280x720 30fps {\n  sequence titles {\n");
    let block = 8;
    for number in 0..(lines - 4) / block {
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "    text title{number} \"Title number {number}\" for 1s {{\n      y: 20%\n      font_size: 48\n      \
             font_weight: 700\n      text_color: #ffffff\n      opacity: 90%\n      enter fade for 200ms\n    }}"
        );
    }
    text.push_str("  }\n}\n");
    text
}
