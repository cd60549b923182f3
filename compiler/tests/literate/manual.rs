//! The manual: every example of `docs/language.md` compiles, and those of what is not there yet are
//! refused.

use vid_compiler::{Code, Severity};

use crate::harness::{Case, Piece, pieces, root, show};

#[test]
fn every_example_of_the_manual_does_what_it_says() {
    let text = std::fs::read_to_string(root().join("docs/language.md")).unwrap();
    let mut count = 0;
    let mut wrong = Vec::new();
    let mut media = String::new();
    for piece in pieces(&text) {
        let Piece::Block { info, text } = piece else { continue };
        if info == "media" {
            media = text;
            continue;
        }
        let Some(expected) = info.strip_prefix("vid").map(str::trim) else { continue };
        count += 1;
        // A fragment is the inside of a film.
        let fragment = !text.contains("composition ");
        let source =
            if fragment { format!("composition film 640x360 30fps for 30s {{\n{text}}}\n") } else { text };
        let case = Case { source, media: media.clone(), request: String::new() };
        let found = case.run().diagnostics;
        let errors: Vec<_> = found.iter().filter(|d| d.severity == Severity::Error).collect();
        let right = match expected {
            "" => errors.is_empty(),
            code => !errors.is_empty() && errors.iter().all(|d| Some(d.code) == Code::from_text(code)),
        };
        if !right {
            wrong.push(format!("{}\n{}", case.source, show(&found, &case.source)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 15, "the manual has {count} examples");
}
