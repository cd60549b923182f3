//! Sources: their size, their shape, and words that have no place in them.

use std::path::{Path, PathBuf};

use crate::files;

/// Lines a file may have.
const MAX_LINES: usize = 1000;

/// Files that may be longer, each with its reason.
const LONGER: [(&str, &str); 0] = [];

#[test]
fn no_source_is_longer_than_a_reader_can_hold() {
    let longer: Vec<String> = files::rust()
        .into_iter()
        .filter(|path| !LONGER.iter().any(|(listed, _)| path == Path::new(listed)))
        .filter_map(|path| {
            let lines = files::text(&path)?.lines().count();
            (lines > MAX_LINES).then(|| format!("{} has {lines} lines", path.display()))
        })
        .collect();
    assert_eq!(longer, [""; 0]);
}

#[test]
fn every_listed_exception_exists() {
    for (path, _) in LONGER {
        assert!(files::root().join(path).is_file(), "{path} is listed and not there");
    }
}

#[test]
fn a_crate_root_is_a_contents_page() {
    let logic = ["fn ", "struct ", "enum ", "impl ", "trait ", "static "];
    for path in files::rust().into_iter().filter(|path| path.ends_with("src/lib.rs")) {
        let text = files::text(&path).expect("a source is text");
        for line in text.lines().map(str::trim_start).filter(|line| !line.starts_with("//")) {
            let line = line.strip_prefix("pub ").unwrap_or(line);
            let found = logic.iter().find(|word| line.starts_with(**word));
            assert_eq!(found, None, "{} holds logic: {line}", path.display());
        }
    }
}

#[test]
fn every_source_says_what_it_is() {
    // The tests of a module are described by the module they stand beside.
    let is_tests = |path: &Path| {
        path.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "tests.rs")
    };
    let is_silent =
        |path: &PathBuf| !is_tests(path) && files::text(path).is_some_and(|text| !text.starts_with("//!"));
    let silent: Vec<String> =
        files::rust().into_iter().filter(is_silent).map(|path| path.display().to_string()).collect();
    assert_eq!(silent, [""; 0]);
}

/// Paths and words that only mean something on one machine or to one person.
#[test]
fn nothing_speaks_of_where_it_was_made() {
    // Put together here, so that this file does not hold them itself.
    let words = ["/wo".to_owned() + "rk/", "/ro".to_owned() + "ot/", "/ho".to_owned() + "me/"];
    for path in files::below(".") {
        let Some(text) = files::text(&path) else { continue };
        // The lock file is written by cargo.
        if path.ends_with("Cargo.lock") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let found = words.iter().find(|word| line.contains(word.as_str()));
            assert_eq!(found, None, "{}:{}: {line}", path.display(), number + 1);
        }
    }
}

#[test]
fn no_test_is_ignored_and_no_test_waits() {
    let banned = ["#[ign".to_owned() + "ore", "thread::sl".to_owned() + "eep"];
    // Programs that measure are no tests, and may let what they measure rest.
    let measures = |path: &Path| path.components().any(|part| part.as_os_str() == "examples");
    for path in files::rust().into_iter().filter(|path| !measures(path)) {
        let text = files::text(&path).expect("a source is text");
        for (number, line) in text.lines().enumerate() {
            let found = banned.iter().find(|word| line.contains(word.as_str()));
            assert_eq!(found, None, "{}:{}: {line}", path.display(), number + 1);
        }
    }
}
