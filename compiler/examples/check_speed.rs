//! How long checking takes: `cargo run -p vid-compiler --example check_speed [LINES]`.
//!
//! Prints the time of a first check, of a check after an edit of one property, and of one after an
//! edit of a comment, for a generated file of about so many lines.

use std::time::Instant;

use vid_compiler::{Compiler, MediaTrouble, MemorySystem};

#[expect(clippy::disallowed_methods, reason = "a stopwatch is all this program is")]
fn main() {
    let lines: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1_000);
    let text = source(lines, "first");
    println!("{} lines, {} bytes", text.lines().count(), text.len());
    let mut compiler = Compiler::new(MemorySystem::new());
    let timed = |what: &str, compiler: &mut Compiler, text: &str| {
        let start = Instant::now();
        let file = compiler.set_text("film.vid", text);
        let diagnostics = compiler.check(file, MediaTrouble::Warns);
        println!(
            "{what}: {:.1} ms, {} diagnostics",
            start.elapsed().as_secs_f64() * 1000.0,
            diagnostics.len()
        );
    };
    timed("cold", &mut compiler, &text);
    for round in 0..5 {
        let edited = source(lines, &format!("edit {round}"));
        timed("after an edit", &mut compiler, &edited);
        let commented = format!("// {round}\n{edited}");
        timed("after a comment", &mut compiler, &commented);
    }
}

/// A film of scenes, about nine lines each.
fn source(lines: usize, title: &str) -> String {
    let mut text = String::from("composition film 1920x1080 30fps {\n");
    for scene in 0..lines / 9 {
        text.push_str(&format!(
            "  sequence scene{scene} at {start}s {{\n    image a{scene} \"a.png\" for 3s {{ width: 40% }}\n    \
             transition cross_dissolve for 500ms\n    image b{scene} \"b.png\" for 3s {{\n      opacity: [0s: 0%, 1s: 100% ease_out]\n    }}\n  }}\n  \
             text t{scene} \"{title} {scene}\" at a{scene}.start + 500ms for 2s {{ font_size: 48 }}\n\n",
            start = scene * 6,
        ));
    }
    text.push_str("}\n");
    text
}
