//! Checking and lowering a project of ten thousand lines in many files.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::time::Instant;

use vid_compiler::{Compiler, MediaTrouble, MemorySystem};

use crate::measure::{median, run};
use crate::{Bench, Figure};

/// Files with scenes, apart from the film that places them.
const FILES: usize = 20;
/// Scenes of a file.
const SCENES: usize = 23;
/// Edits that are timed.
const EDITS: usize = 41;

/// Measures a project whose film imports every scene of all its files.
///
/// # Errors
/// When a program cannot be run.
pub fn measure(bench: &Bench) -> io::Result<Vec<Figure>> {
    let folder = bench.scratch("project");
    fs::create_dir_all(&folder)?;
    let mut lines = 0;
    for (name, text) in sources() {
        lines += text.lines().count();
        fs::write(Path::new(&folder).join(name), text)?;
    }
    let film = format!("{folder}/film.vid");
    let timed = |command: &str| -> io::Result<f64> {
        run(&bench.vid, &[command, &film])?;
        let mut walls = Vec::new();
        for _ in 0..bench.turns.max(5) {
            walls.push(run(&bench.vid, &[command, &film])?.wall * 1000.0);
        }
        Ok(median(walls))
    };
    let (check, json) = (timed("check")?, timed("json")?);
    let ms = |name: &str, value, limit| Figure { name: name.to_owned(), value, limit, unit: "ms" };
    Ok(vec![
        Figure { name: "project: lines".to_owned(), value: lines as f64, limit: None, unit: "" },
        ms("project: check, whole process, cold", check, Some(300.0)),
        ms("project: check after an edit", after_edits()?, Some(10.0)),
        ms("project: json, whole process", json, Some(500.0)),
    ])
}

/// Milliseconds from an edit of one file to the diagnostics of the film, the median of many.
#[expect(clippy::disallowed_methods, reason = "measuring time is what this file is for")]
fn after_edits() -> io::Result<f64> {
    let system = MemorySystem::new();
    for (name, text) in sources() {
        system.write(name, text);
    }
    let mut compiler = Compiler::new(system);
    let film = compiler.open("film.vid");
    compiler.check(film, MediaTrouble::Warns);
    let mut times = Vec::new();
    for edit in 0..EDITS {
        let text = scenes(FILES / 2, 400 + edit);
        let started = Instant::now();
        let edited = compiler.set_text(name_of(FILES / 2), &text);
        let mut found = compiler.check(edited, MediaTrouble::Warns);
        found.extend(compiler.check(film, MediaTrouble::Warns));
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        if let Some(first) = found.first() {
            return Err(io::Error::other(format!("the project has mistakes: {}", first.message)));
        }
    }
    Ok(median(times))
}

/// Name and text of every file.
fn sources() -> Vec<(String, String)> {
    let mut film = String::new();
    let names: Vec<String> =
        (0..FILES * SCENES).map(|scene| format!("scene_{}_{}", scene / SCENES, scene % SCENES)).collect();
    for (file, names) in names.chunks(SCENES).enumerate() {
        // Writing to a string does not fail.
        let _ = writeln!(film, "import \"{}\" {{ {} }}", name_of(file), names.join(", "));
    }
    film.push_str("\ncomposition film 1280x720 30fps {\n  sequence scenes {\n");
    for name in &names {
        let _ = writeln!(film, "    {name} part_{name}(headline: \"{name}\")");
    }
    film.push_str("  }\n}\n");
    let files = (0..FILES).map(|file| (name_of(file), scenes(file, 700)));
    files.chain([("film.vid".to_owned(), film)]).collect()
}

fn name_of(file: usize) -> String {
    format!("scenes_{file}.vid")
}

/// A file of scenes; `weight` is the font weight in the middle one.
fn scenes(file: usize, weight: usize) -> String {
    let mut text = String::from("let accent = #ff5a36\n\n");
    for scene in 0..SCENES {
        let weight = if scene == SCENES / 2 { weight } else { 700 };
        let _ = write!(
            text,
            "/// A scene of the film.\ncomposition scene_{file}_{scene}(headline: string = \"Scene\") for 8s {{\n  \
             text kicker \"part {file}\" for 3s {{\n    y: 30%\n    font_size: 32\n    enter fade for 400ms ease_out\n  }}\n  \
             text title \"{{headline}}\" at kicker.start + 500ms for 3s {{\n    y: 20%\n    font_size: 96\n    \
             font_weight: {weight}\n    text_color: accent\n    opacity: [0s: 0%, 300ms: 100% ease_out]\n  }}\n  \
             text footer \"number {scene}\" until 6s {{\n    y: 90%\n    font_size: 24\n    opacity: 80%\n  }}\n}}\n\n"
        );
    }
    text
}
