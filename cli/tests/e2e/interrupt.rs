//! Ctrl-C in the middle: nothing half-made, nothing lost.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use expect_test::expect;

use crate::media::clip;
use crate::stage::Stage;

const FILM: &str = r#"composition film 320x180 30fps {
  video clip "clip.mp4"
  output mp4 { preset: veryslow }
}
"#;

#[test]
fn ctrl_c_keeps_what_is_finished() {
    let stage = Stage::new();
    clip(&stage, "clip.mp4", 12);
    stage.write("film.vid", FILM);
    let arguments = ["render", "film.vid", "-o", "film.mp4", "--progress", "json", "--workers", "1"];
    let mut child = stage.command(&arguments).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let pictures =
        || stage.pieces().keys().filter(|path| path.extension().is_some_and(|e| e == "mkv")).count();
    // As soon as one piece with pictures is finished, and long before the last one is.
    let progress = lines.by_ref().map(Result::unwrap).find(|_| pictures() > 0);
    assert!(progress.is_some(), "the render was over before it was stopped");
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let rest: Vec<String> = lines.map(Result::unwrap).filter(|line| !line.starts_with('{')).collect();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    expect![[r#"
        vid: stopped
             finished segments are kept, and the next run goes on from there"#]]
    .assert_eq(&rest.join("\n"));
    assert_eq!(stage.names(), ["clip.mp4", "film.vid"]);

    let kept = pictures();
    let report = stage.vid(&arguments).report();
    assert_eq!(report["segments_reused"], kept);
    let resumed = std::fs::read(stage.path("film.mp4")).unwrap();
    stage.render(FILM, &["--no-cache"]);
    assert!(resumed == std::fs::read(stage.path("film.mp4")).unwrap());
}
