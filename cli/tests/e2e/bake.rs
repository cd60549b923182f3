//! `vid json --bake`: what a body cannot say is rendered to files that it names, and the film is the same.

use expect_test::expect;

use crate::media::{clip, ffmpeg, frames, peak, plain, samples};
use crate::stage::Stage;

/// A still that fades, one behind a mask, one that moves into a transition, and a sound to one side.
const FILM: &str = r#"composition film 320x180 30fps {
  background_color: #203040
  video below "media/clip.mp4" [0s..2s] { volume: 0% }
  shape ellipse dot at 200ms for 1s { width: 60px  height: 60px  x: 25%  fill: gold  enter fade for 300ms }
  image cut "media/logo.png" for 2s { width: 64px  height: 64px  x: 80%  y: 25%  opacity: 60%  mask ellipse }
  sequence {
    shape rect bar for 1s { width: 80px  height: 20px  y: 85%  x: [0s: 20%, 1s: 80%]  fill: tomato }
    transition wipe_left for 200ms
    image plain "media/logo.png" for 1s { width: 40px  height: 40px  y: 85% }
  }
  audio tone "media/tone.wav" [0s..1s] at 500ms { pan: -100% }
}
"#;

const BASE: &str = "https://media.example.org/films";

fn stage() -> Stage {
    let stage = Stage::new();
    std::fs::create_dir(stage.path("media")).unwrap();
    clip(&stage, "media/clip.mp4", 2);
    plain(&stage, "media/logo.png", "orange", "64x64", &["-frames:v", "1"]);
    let tone = "sine=frequency=330:sample_rate=48000:duration=1";
    ffmpeg(&stage, &["-f", "lavfi", "-i", tone, "media/tone.wav"]);
    stage.write("film.vid", FILM);
    stage
}

/// The worst peak signal-to-noise ratio of a frame, in decibels.
fn worst_frame(stage: &Stage, a: &str, b: &str) -> f64 {
    ffmpeg(stage, &["-i", a, "-i", b, "-lavfi", "psnr=stats_file=psnr.log", "-f", "null", "-"]);
    let log = std::fs::read_to_string(stage.path("psnr.log")).unwrap();
    let ratios = log.split_whitespace().filter_map(|field| field.strip_prefix("psnr_avg:"));
    ratios.map(|ratio| ratio.parse().unwrap_or(100.0)).fold(100.0, f64::min)
}

#[test]
fn a_film_and_its_baked_body_look_and_sound_the_same() {
    let stage = stage();
    let json = stage.vid(&["json", "film.vid", "--asset-base", BASE, "--bake", "baked", "-o", "film.json"]);
    assert_eq!(json.code, 0, "{}", json.stderr);
    let mut endings: Vec<String> = std::fs::read_dir(stage.path("baked"))
        .unwrap()
        .map(|entry| entry.unwrap().path().extension().unwrap().to_string_lossy().into_owned())
        .collect();
    endings.sort();
    assert_eq!(endings, ["mov", "png", "png", "wav"]);

    stage.render(FILM, &[]);
    let body = ["render", "film.json", "--asset-base", BASE, "-o", "body.mp4", "--progress", "json"];
    stage.vid(&body).report();
    assert_eq!(frames(&stage, "film.mp4").len(), frames(&stage, "body.mp4").len());
    let worst = worst_frame(&stage, "film.mp4", "body.mp4");
    assert!(worst > 34.0, "a frame differs by {worst} dB");
    let heard = samples(&stage, "body.mp4");
    let left: Vec<i16> = heard.iter().step_by(2).copied().collect();
    let right: Vec<i16> = heard.iter().skip(1).step_by(2).copied().collect();
    assert!(peak(&left, 0, 1000) > 1000, "the tone is on the left");
    assert!(peak(&right, 0, 1000) < 200, "and not on the right");

    // The same again writes nothing new.
    let before = stage.names();
    let again = stage.vid(&["json", "film.vid", "--asset-base", BASE, "--bake", "baked", "-o", "film.json"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert_eq!(stage.names(), before);
}

#[test]
fn without_the_option_the_refusal_says_that_it_would_do() {
    let stage = stage();
    stage.write("film.vid", "composition film 320x180 30fps { shape rect bar for 1s { fill: red } }\n");
    let outcome = stage.vid(&["json", "film.vid", "--asset-base", BASE, "-o", "film.json"]);
    expect![[r#"
        error[shape]: a body has no shapes, and cannot draw a rect
          --> film.vid:1:34
        vid: with `--bake DIR`, files rendered of it stand for `bar`
        vid: 1 error found
        exit 1
    "#]]
    .assert_eq(&outcome.all());
}

#[test]
fn baked_files_lie_where_the_body_can_name_them() {
    let stage = stage();
    let outside = tempfile::tempdir().unwrap();
    let folder = outside.path().to_string_lossy().into_owned();
    let outcome =
        stage.vid(&["json", "film.vid", "--asset-base", BASE, "--bake", &folder, "-o", "film.json"]);
    assert_eq!(outcome.code, 2, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("the folder that `--asset-base` stands for"), "{}", outcome.stderr);
}
