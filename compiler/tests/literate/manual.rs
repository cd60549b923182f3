//! The manual: every `vid` block of `docs/*.md`, of the example's page and of the README compiles, and those
//! with a code behind the word show that code and no other error.
//!
//! A block without a `composition` is the inside of a film. `media` blocks and `file PATH` blocks count from
//! where they stand to the end of the page. A block `vid declarations` is of the prelude and only parsed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;

use vid_compiler::{Code, Severity};

use crate::harness::{Case, Piece, file_block, pieces, root, show};
use crate::support::Stage;

/// What the pages for beginners take for granted.
const MEDIA: &str = "media/clip.mp4 video 20s 1920x1080 30fps sound\n";

/// Pages with examples.
fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md"), root().join("examples/README.md")];
    for entry in std::fs::read_dir(root().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    pages.sort();
    pages
}

#[test]
fn every_example_of_the_manual_does_what_it_says() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        let mut media = MEDIA.to_owned();
        let mut files = Vec::new();
        for piece in pieces(&text) {
            let Piece::Block { info, text } = piece else { continue };
            if info == "media" {
                media = format!("{MEDIA}{text}");
                continue;
            }
            files.extend(file_block(&info, text.clone()));
            let Some(expected) = info.strip_prefix("vid").map(str::trim) else { continue };
            count += 1;
            let found = problem(expected, text, &media, &files);
            wrong.extend(found.map(|problem| format!("{}:\n{problem}", page.display())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 20, "the pages have {count} examples");
}

/// What is wrong with an example.
fn problem(expected: &str, text: String, media: &str, files: &[(String, String)]) -> Option<String> {
    if expected == "declarations" {
        let parse = vid_grammar::parse(&text);
        return (!parse.errors().is_empty()).then(|| format!("{text}\n{:?}", parse.errors()));
    }
    let fragment = !text.contains("composition ");
    let source =
        if fragment { format!("composition film 640x360 30fps for 30s {{\n{text}}}\n") } else { text };
    let stage = Stage { source, media: media.to_owned(), files: files.to_vec() };
    let case = Case { stage, request: String::new() };
    let found = case.run().diagnostics;
    let errors: Vec<_> = found.iter().filter(|d| d.severity == Severity::Error).collect();
    let right = match expected {
        "" => errors.is_empty(),
        code => !errors.is_empty() && errors.iter().all(|d| Some(d.code) == Code::from_text(code)),
    };
    (!right).then(|| format!("{}\n{}", case.stage.source, show(&found, &case)))
}
