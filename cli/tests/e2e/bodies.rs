//! API bodies: what `vid json` writes, `vid render` reads, and the frames are the same.

use expect_test::expect;

use crate::media::{clip, frames, plain, samples};
use crate::stage::Stage;

const FILM: &str = r#"composition film 320x180 30fps {
  sequence {
    video one "media/clip.mp4" [0s..2s] { volume: 50% }
    transition cross_dissolve for 500ms
    video two "media/clip.mp4" [2s..4s] { volume: 50% }
  }
  image logo "media/logo.png" { x: 80%  y: 20%  width: 64px  height: 64px  opacity: 75% }
  text title "Same frames" at 500ms for 2s {
    y: 80%
    font_size: 24
    enter slide_up for 300ms
    exit fade for 300ms
  }
}
"#;

fn stage() -> Stage {
    let stage = Stage::new();
    std::fs::create_dir(stage.path("media")).unwrap();
    clip(&stage, "media/clip.mp4", 4);
    plain(&stage, "media/logo.png", "orange", "64x64", &["-frames:v", "1"]);
    stage.write("film.vid", FILM);
    stage
}

/// The number of the first frame that differs.
fn first_difference(a: &[String], b: &[String]) -> Option<usize> {
    (0..a.len().max(b.len())).find(|&index| a.get(index) != b.get(index))
}

const BASE: &str = "https://media.example.org/films";

#[test]
fn a_film_and_its_body_give_the_same_frames() {
    let stage = stage();
    let json = stage.vid(&["json", "film.vid", "--asset-base", BASE, "-o", "film.json"]);
    assert_eq!(json.code, 0, "{}", json.stderr);
    assert_eq!(json.stdout, "");
    stage.render(FILM, &[]);
    let rendered = stage.vid(&[
        "render",
        "film.json",
        "--asset-base",
        BASE,
        "-o",
        "body.mp4",
        "--progress",
        "json",
        "--no-cache",
    ]);
    let report = rendered.report();
    assert_eq!(report["segments_reused"], 0);
    assert_eq!(frames(&stage, "film.mp4").len(), 105);
    assert_eq!(first_difference(&frames(&stage, "film.mp4"), &frames(&stage, "body.mp4")), None);
    assert_eq!(samples(&stage, "film.mp4").len(), samples(&stage, "body.mp4").len());
}

#[test]
fn a_body_can_come_through_a_pipe() {
    let stage = stage();
    let json = stage.vid(&["json", "film.vid", "--asset-base", BASE, "-o", "film.json"]);
    assert_eq!(json.code, 0, "{}", json.stderr);
    let mut command =
        stage.command(&["render", "-", "--asset-base", BASE, "-o", "body.mp4", "--progress", "json"]);
    command.stdin(std::fs::File::open(stage.path("film.json")).unwrap());
    crate::stage::Outcome::of(command).report();
    assert_eq!(frames(&stage, "body.mp4").len(), 105);
}

#[test]
fn violations_name_their_place() {
    let stage = Stage::new();
    stage.write(
        "film.json",
        r#"{"width":320,"height":180,"duration":1,"frame_rate":30,"elements":[
            {"type":"text","id":"a","text":"x","time":0,"duration":1,"opacity":900,"color":"white"},
            {"type":"video","id":"b","source_url":"https://media.example.org/films/no.mp4","time":0,"out_point":1}
        ]}"#,
    );
    let outcome = stage.vid(&["render", "film.json", "--asset-base", BASE, "-o", "film.mp4"]);
    expect![[r#"
        error[OUT_OF_RANGE]: `opacity` is 900, outside 0 to 100
          --> film.json:/elements/0/opacity
        warning[UNKNOWN_FIELD]: text has no field `color`; did you mean `text_color`?
          --> film.json:/elements/0/color
        error[MEDIA]: there is no file `no.mp4`
          --> film.json:/elements/1/source_url
        vid: 2 errors found
        exit 1
    "#]]
    .assert_eq(&outcome.all());
    assert_eq!(stage.names(), ["film.json"]);
}

#[test]
fn what_a_body_cannot_say_is_refused_at_its_place() {
    let stage = stage();
    stage.write(
        "film.vid",
        r#"composition film 320x180 30000/1001fps {
  video one "media/clip.mp4" { opacity: [0s: 0%, 1s: 50%] }
}
"#,
    );
    let outcome = stage.vid(&["json", "film.vid", "-o", "film.json"]);
    expect![[r#"
        warning[frame-rate-mismatch]: `one` has 30 frames a second, the film 29.97: some are shown twice or left out
          ┌─ film.vid:2:13
          │
        2 │   video one "media/clip.mp4" { opacity: [0s: 0%, 1s: 50%] }
          │             ^^^^^^^^^^^^^^^^ 30 frames a second
          │
          = help: write `30fps` after the size of the film, or convert the media

        error[fractional-frame-rate]: a body knows whole frame rates alone, and the film has 30000/1001fps
          --> film.vid
        error[local-media]: `media/clip.mp4` is a local file; say under which URL its folder is served
          --> film.vid:2:3
        vid: 2 errors found
        exit 1
    "#]]
    .assert_eq(&outcome.all());
    assert!(!stage.path("film.json").exists());
}
