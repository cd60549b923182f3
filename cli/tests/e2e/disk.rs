//! Disks that are full and places that cannot be written.

use std::process::Command;

use expect_test::expect;

use crate::media::clip;
use crate::stage::{Outcome, Stage};

const FILM: &str = r#"composition film 320x180 30fps {
  video clip "clip.mp4"
}
"#;

fn stage() -> Stage {
    let stage = Stage::new();
    clip(&stage, "clip.mp4", 6);
    stage.write("film.vid", FILM);
    stage
}

#[test]
fn an_output_that_cannot_be_written_is_found_out_before_the_work() {
    let stage = stage();
    std::fs::create_dir(stage.path("folder")).unwrap();
    let mut all = String::new();
    // A folder that is not there, a file in place of a folder, a folder in place of a file. Missing
    // permission would be another, but tests may run as root, who has every permission.
    for output in ["missing/film.mp4", "clip.mp4/film.mp4", "folder"] {
        all += &stage.vid(&["render", "film.vid", "-o", output, "--progress", "none"]).all();
    }
    expect![[r#"
        vid: cannot write `missing/film.mp4`: no such file or directory
        exit 4
        vid: cannot write `clip.mp4/film.mp4`: not a directory
        exit 4
        vid: cannot write `folder`: is a directory
        exit 4
    "#]]
    .assert_eq(&all);
    assert!(stage.pieces().is_empty(), "nothing was rendered in vain");
    assert_eq!(stage.names(), ["clip.mp4", "film.vid", "folder"]);
}

#[test]
fn a_cache_that_cannot_be_written_is_named() {
    let stage = stage();
    let outcome = stage.vid(&["render", "film.vid", "-o", "film.mp4", "--cache-dir", "clip.mp4/cache"]);
    expect![[r#"
        vid: cannot create `clip.mp4/cache/segments`: not a directory
        exit 4
    "#]]
    .assert_eq(&outcome.all());
    assert_eq!(stage.names(), ["clip.mp4", "film.vid"]);
}

/// Runs the program with `folder` on a disk of `kibibytes`, in a name space of its own, which needs no
/// privilege where the system allows it. `None` where it does not.
fn on_small_disk(stage: &Stage, folder: &str, kibibytes: u32, arguments: &[&str]) -> Option<Outcome> {
    let allowed = Command::new("unshare").args(["-rm", "true"]).output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        return None;
    }
    // What is on the small disk is copied out of the name space, which ends with the shell.
    let script = r#"
        mount -t tmpfs -o size="$1"k tmpfs "$2" || exit 125
        folder="$2"; shift 2
        "$@"; code=$?
        ls -A "$folder" >listing
        find "$folder" -name '*.mkv' -o -name '*.mka' | wc -l >pieces
        exit $code
    "#;
    std::fs::create_dir_all(stage.path(folder)).unwrap();
    let program = stage.command(arguments);
    let mut command = Command::new("unshare");
    command.args(["-rm", "sh", "-c", script, "sh", &kibibytes.to_string(), folder]);
    command.arg(program.get_program()).args(program.get_args()).current_dir(stage.folder());
    command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    Some(Outcome::of(command)).filter(|outcome| outcome.code != 125)
}

#[test]
fn a_disk_that_is_full_at_the_output_keeps_the_pieces() {
    let stage = stage();
    let arguments = ["render", "film.vid", "-o", "out/film.mp4", "--progress", "none"];
    let Some(outcome) = on_small_disk(&stage, "out", 64, &arguments) else { return };
    expect![[r#"
        vid: cannot write `out/film.mp4`: no space left on device
             the disk is full; finished segments are kept, and the next run goes on from there
        exit 4
    "#]]
    .assert_eq(&outcome.all());
    assert_eq!(std::fs::read_to_string(stage.path("listing")).unwrap(), "");
    let report = stage.render(FILM, &[]);
    assert_eq!(report["segments_reused"], report["segments"]);
}

#[test]
fn a_disk_that_is_full_at_the_cache_keeps_what_was_finished() {
    let stage = stage();
    let arguments = ["render", "film.vid", "-o", "film.mp4", "--progress", "none", "--workers", "1"];
    let Some(outcome) = on_small_disk(&stage, "cache", 160, &arguments) else { return };
    assert_eq!(outcome.code, 4, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("no space left on device"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("finished segments are kept"), "{}", outcome.stderr);
    assert_eq!(outcome.stderr.lines().count(), 2, "{}", outcome.stderr);
    assert!(!stage.path("film.mp4").exists());
}
