//! The language suite: every case of `tests/suite` has the outcome that is written there.

use crate::harness::{self, Piece};

#[test]
fn every_case_has_its_outcome() {
    // `1` for every file, or a part of the path of those that are meant.
    let update = std::env::var("UPDATE_EXPECT").ok();
    let mut cases = 0;
    let mut wrong = Vec::new();
    for path in harness::markdown_files(&harness::root().join("tests/suite")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let (found, count) = harness::rerun(&text);
        cases += count;
        if found == text {
            continue;
        }
        let wanted = |part: &String| part == "1" || path.to_string_lossy().contains(part.as_str());
        if update.as_ref().is_some_and(wanted) {
            std::fs::write(&path, &found).unwrap();
        } else {
            let line = text.lines().zip(found.lines()).position(|(a, b)| a != b).unwrap_or_default();
            let around = |text: &str| text.lines().skip(line).take(8).collect::<Vec<_>>().join("\n  ");
            wrong.push(format!(
                "{}:{}\nexpected\n  {}\nfound\n  {}\n",
                path.display(),
                line + 1,
                around(&text),
                around(&found)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}\nUPDATE_EXPECT=1 writes what was found", wrong.join("\n"));
    assert!(cases >= 150, "the suite has {cases} cases, fewer than it once had");
}

#[test]
fn a_hundred_wrong_programs_are_answered() {
    let diagnosed = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let pieces = harness::pieces(&text);
        let is_diagnosis =
            |piece: &&Piece| matches!(piece, Piece::Block { info, .. } if info == "diagnostics");
        pieces.iter().filter(is_diagnosis).count()
    };
    let paths = harness::markdown_files(&harness::root().join("tests/suite"));
    let wrong: usize = paths.iter().map(diagnosed).sum();
    assert!(wrong >= 150, "the suite has {wrong} wrong programs, fewer than it once had");
}
