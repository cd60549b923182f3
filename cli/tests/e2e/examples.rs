//! The examples: they check clean, and they can be said to the API.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::stage::Stage;

/// Films that can be said to the API.
const FILMS: [&str; 3] = ["hello", "slideshow", "layers"];

/// Films with shapes and units, which are only drawn here.
const DRAWN_HERE: [&str; 1] = ["trailer"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")
}

/// Makes the media that are not there yet; `make test` has made them already.
fn make_media() {
    let made = Command::new(folder().join("assets.sh")).status().expect("the script is part of the project");
    assert!(made.success());
}

#[test]
fn every_example_is_without_fault() {
    make_media();
    let stage = Stage::new();
    for film in FILMS.iter().chain(&DRAWN_HERE) {
        let path = folder().join(format!("{film}.vid"));
        let path = path.to_str().unwrap();
        let checked = stage.vid(&["check", "--strict", path]);
        assert_eq!(checked.all(), "exit 0\n", "{film}");
        let formatted = stage.vid(&["fmt", "--check", path]);
        assert_eq!(formatted.all(), "exit 0\n", "{film} is not in its usual form");
        if DRAWN_HERE.contains(film) {
            let still = stage.vid(&["frame", path, "--at", "3s", "-o", "frame.png"]);
            assert_eq!(still.all(), "exit 0\n", "{film}");
            continue;
        }
        let json = stage.vid(&["json", path, "--asset-base", "https://media.example.org"]);
        assert_eq!(json.code, 0, "{film}: {}", json.stderr);
        stage.write(&format!("{film}.json"), &json.stdout);
    }
    // What is written is read again.
    let root = folder();
    for film in FILMS {
        let name = format!("{film}.json");
        let still = stage.vid(&[
            "frame",
            &name,
            "--at",
            "3s",
            "-o",
            "frame.png",
            "--asset-base",
            "https://media.example.org",
            "--asset-root",
            root.to_str().unwrap(),
        ]);
        assert_eq!(still.all(), "exit 0\n", "{film}");
    }
}

#[test]
fn no_example_is_forgotten() {
    let entries = std::fs::read_dir(folder()).unwrap();
    let names = entries.map(|entry| entry.unwrap().path());
    let sources = names.filter(|path| path.extension().is_some_and(|extension| extension == "vid")).count();
    assert_eq!(sources, FILMS.len() + DRAWN_HERE.len());
}
