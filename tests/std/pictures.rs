//! The picture in the middle of each film of the library.

use std::fs;

use vid_timeline::{Rational, Time};

use crate::harness::{Case, Piece, file_block, markdown_files, pieces, root, show};
use crate::picture::Picture;
use crate::studio::Studio;

/// A film of a page of the suite.
struct Film {
    page: String,
    name: String,
    case: Case,
}

/// Every film of the pages about the library.
fn films() -> Vec<Film> {
    let mut films = Vec::new();
    for path in markdown_files(&root().join("tests/suite/std")) {
        let page = path.file_stem().expect("it has a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("it is text");
        let mut name = String::new();
        let mut case = Case::default();
        for piece in pieces(&text) {
            match piece {
                Piece::Prose(prose) => {
                    if let Some(heading) = prose.lines().rev().find_map(|line| line.strip_prefix("## ")) {
                        name = heading.replace(", ", "+");
                        case = Case::default();
                    }
                }
                Piece::Block { info, text } if info == "media" => case.stage.media = text,
                Piece::Block { info, text } if info == "vid" => {
                    case.stage.source = text;
                    let case = std::mem::take(&mut case);
                    films.push(Film { page: page.clone(), name: name.clone(), case });
                }
                Piece::Block { info, text } => case.stage.files.extend(file_block(&info, text)),
            }
        }
    }
    films
}

#[test]
fn every_film_looks_as_it_did() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let studio = Studio::new();
    let folder = root().join("tests/std/pictures");
    let mut wrong = Vec::new();
    for Film { page, name, case } in films() {
        let outcome = case.run();
        let timeline = outcome.compiled.and_then(|compiled| compiled.timeline);
        let Some(timeline) = timeline.filter(|_| outcome.diagnostics.is_empty()) else {
            wrong.push(format!("{page}/{name}:\n{}", show(&outcome.diagnostics, &case)));
            continue;
        };
        let middle = Time::from_seconds(timeline.duration.seconds() / Rational::integer(2));
        let kept = folder.join(&page).join(format!("{name}.png"));
        match studio.shoot(&timeline, middle) {
            Err(reason) => wrong.push(format!("{page}/{name}: {reason}")),
            Ok(picture) if update => picture.write(&kept),
            Ok(picture) => {
                if Picture::read(&kept).as_ref() != Some(&picture) {
                    let actual = std::env::temp_dir().join(format!("{page}.{name}.actual.png"));
                    picture.write(&actual);
                    wrong.push(format!("{page}/{name} differs; it is now {}", actual.display()));
                }
            }
        }
        let size = fs::metadata(&kept).map_or(0, |file| file.len());
        assert!(size <= 20 << 10, "{} has {size} bytes, more than 20 KiB", kept.display());
    }
    assert!(wrong.is_empty(), "{}\nUPDATE_EXPECT=1 keeps what was drawn", wrong.join("\n"));
}
