//! Arrows between crates: who may use whom, and who alone owns a heavy dependency.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use crate::files;

/// What each crate may use of the others. `docs/architecture.md` draws the same picture.
const MAY_USE: [(&str, &[&str]); 8] = [
    ("vid-grammar", &[]),
    ("vid-timeline", &[]),
    ("vid-compiler", &["vid-grammar", "vid-timeline"]),
    ("vid-runtime", &["vid-timeline"]),
    ("vid-server", &["vid-timeline", "vid-runtime"]),
    ("vid-lsp", &["vid-compiler", "vid-grammar", "vid-timeline"]),
    ("vid", &["vid-grammar", "vid-timeline", "vid-compiler", "vid-lsp", "vid-runtime", "vid-server"]),
    ("vid-tests", &["vid-compiler", "vid-grammar", "vid-lsp", "vid-runtime", "vid-timeline"]),
];

/// Dependencies that one crate owns alone.
const OWNED: [(&str, &str); 17] = [
    ("pest", "vid-grammar"),
    ("rowan", "vid-grammar"),
    ("salsa", "vid-compiler"),
    ("codespan-reporting", "vid-compiler"),
    ("ffmpeg-next", "vid-runtime"),
    ("wgpu", "vid-runtime"),
    ("image", "vid-runtime"),
    ("rayon", "vid-runtime"),
    ("cosmic-text", "vid-runtime"),
    ("swash", "vid-runtime"),
    ("tower-lsp-server", "vid-lsp"),
    ("landlock", "vid-runtime"),
    ("seccompiler", "vid-runtime"),
    ("axum", "vid-server"),
    ("sqlx", "vid-server"),
    ("clap", "vid"),
    ("indicatif", "vid"),
];

/// Direct dependencies of each crate of the workspace, tests included.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(files::root())
        .output()
        .expect("cargo runs this test, so it can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("the workspace has packages");
    let name = |value: &serde_json::Value| value["name"].as_str().unwrap_or_default().to_owned();
    packages
        .iter()
        .map(|package| {
            let uses = package["dependencies"].as_array().into_iter().flatten().map(name).collect();
            (name(package), uses)
        })
        .collect()
}

#[test]
fn crates_use_only_what_they_may() {
    let dependencies = dependencies();
    let known: BTreeSet<&str> = MAY_USE.iter().map(|(name, _)| *name).collect();
    let found: BTreeSet<&str> = dependencies.keys().map(String::as_str).collect();
    assert_eq!(found, known, "a crate of the workspace has no line in MAY_USE, or the other way round");
    for (name, may_use) in MAY_USE {
        for used in dependencies[name].iter().filter(|used| known.contains(used.as_str())) {
            assert!(may_use.contains(&used.as_str()), "{name} must not use {used}");
        }
    }
}

#[test]
fn heavy_dependencies_have_one_owner() {
    let dependencies = dependencies();
    for (heavy, owner) in OWNED {
        let users: Vec<&String> =
            dependencies.iter().filter(|(_, uses)| uses.contains(heavy)).map(|(name, _)| name).collect();
        assert_eq!(users, [owner], "{heavy} belongs to {owner} alone");
    }
}
