//! Bad input: one clear message with its place, the documented end, no file, nothing lost in the
//! cache.

use expect_test::{Expect, expect};

use crate::media::{self, clip};
use crate::stage::{Outcome, Stage};

/// A folder with a clip, and a film of it that was rendered already.
fn stage() -> Stage {
    let stage = Stage::new();
    clip(&stage, "clip.mp4", 2);
    stage.render("composition good 320x180 30fps { video clip \"clip.mp4\" }\n", &[]);
    std::fs::rename(stage.path("film.mp4"), stage.path("good.mp4")).unwrap();
    stage
}

/// Renders `source` in vain.
fn fails(stage: &Stage, source: &str, expected: &Expect) {
    stage.write("bad.vid", source);
    expected.assert_eq(&render(stage).all());
}

fn render(stage: &Stage) -> Outcome {
    let pieces = stage.pieces();
    let names = stage.names();
    let outcome = stage.vid(&["render", "bad.vid", "-o", "bad.mp4", "--progress", "none"]);
    assert_eq!(stage.names(), names, "a failed render leaves no file");
    assert!(stage.pieces() == pieces, "a failed render leaves the cache alone");
    outcome
}

fn film(statement: &str) -> String {
    format!("composition bad 320x180 30fps {{\n  {statement}\n}}\n")
}

#[test]
fn a_missing_source() {
    let stage = stage();
    expect![[r#"
        bad.vid:1:1: error[file-not-found]: `bad.vid` cannot be read: there is no such file
        vid: 1 error found
        exit 1
    "#]]
    .assert_eq(&render(&stage).all());
}

#[test]
fn missing_media() {
    let stage = stage();
    fails(
        &stage,
        &film("video clip \"clap.mp4\""),
        &expect![[r#"
        error[media-missing]: `clap.mp4` is not there
          ┌─ bad.vid:2:14
          │
        2 │   video clip "clap.mp4"
          │              ^^^^^^^^^^
          │
          = help: paths start at the folder of the file that names them

        vid: 1 error found
        exit 1
    "#]],
    );
}

#[test]
fn a_text_that_is_called_a_film() {
    let stage = stage();
    stage.write("notes.mp4", "Remember the milk.\n");
    fails(
        &stage,
        &film("video clip \"notes.mp4\""),
        &expect![[r#"
        error[media-unreadable]: `notes.mp4` cannot be read: it is no media file: it holds text
          ┌─ bad.vid:2:14
          │
        2 │   video clip "notes.mp4"
          │              ^^^^^^^^^^^

        vid: 1 error found
        exit 1
    "#]],
    );
}

/// FFmpeg would follow it to another file.
#[test]
fn a_playlist_that_is_called_a_film() {
    let stage = stage();
    stage.write("list.mp4", "ffconcat version 1.0\nfile clip.mp4\n");
    fails(
        &stage,
        &film("video clip \"list.mp4\""),
        &expect![[r#"
        error[media-unreadable]: `list.mp4` cannot be read: it is no media file: its format is not among those accepted
          ┌─ bad.vid:2:14
          │
        2 │   video clip "list.mp4"
          │              ^^^^^^^^^^

        vid: 1 error found
        exit 1
    "#]],
    );
}

#[test]
fn a_film_that_breaks_off_before_its_index() {
    let stage = stage();
    clip(&stage, "cut.mp4", 2);
    media::cut_off(&stage.path("cut.mp4"), 20_000);
    fails(
        &stage,
        &film("video clip \"cut.mp4\""),
        &expect![[r#"
        error[media-unreadable]: `cut.mp4` cannot be read: it is incomplete: it breaks off before its index (the `moov` box of an MP4)
          ┌─ bad.vid:2:14
          │
        2 │   video clip "cut.mp4"
          │              ^^^^^^^^^

        vid: 1 error found
        exit 1
    "#]],
    );
}

/// Its index is whole, so only decoding finds out.
#[test]
fn a_picture_that_breaks_off_in_its_middle() {
    // Without sound: of two that break off, the one that is met first is named.
    breaks_off("video", &["-an"]);
}

#[test]
fn a_sound_that_breaks_off_in_its_middle() {
    breaks_off("audio", &["-vn"]);
}

/// Half of what FFmpeg makes of the clip is refused, and nothing that was there is touched.
fn breaks_off(kind: &str, arguments: &[&str]) {
    let stage = stage();
    let copy = ["-c", "copy", "-movflags", "faststart", "cut.mp4"];
    media::ffmpeg(&stage, &[&["-i", "clip.mp4"], arguments, &copy].concat());
    let length = std::fs::metadata(stage.path("cut.mp4")).unwrap().len();
    media::cut_off(&stage.path("cut.mp4"), length / 2);
    stage.write("bad.vid", film(&format!("{kind} clip \"cut.mp4\"")));
    let (names, pieces) = (stage.names(), stage.pieces());
    let said = stage.vid(&["render", "bad.vid", "-o", "bad.mp4", "--progress", "none"]).all();
    assert_eq!(stage.names(), names);
    assert!(pieces.iter().all(|(path, bytes)| std::fs::read(path).is_ok_and(|now| now == *bytes)));
    // The moment, and whether a packet ends there, are the encoder's affair.
    let (start, end) = ("vid: `cut.mp4` is damaged at ", "\n  --> bad.vid:2:3\nexit 3\n");
    let middle =
        said.strip_prefix(start).and_then(|rest| rest.strip_suffix(end)).unwrap_or_else(|| panic!("{said}"));
    let (moment, reason) = middle.split_once(" s: ").unwrap_or_else(|| panic!("{said}"));
    let moment: f64 = moment.parse().unwrap();
    assert!(0.0 < moment && moment < 2.0, "{said}");
    assert!(["the file breaks off", "a packet is incomplete"].contains(&reason), "{said}");
}

#[test]
fn an_image_of_no_bytes() {
    let stage = stage();
    stage.write("logo.png", "");
    fails(
        &stage,
        &film("image logo \"logo.png\" for 1s"),
        &expect![[r#"
        error[media-unreadable]: `logo.png` cannot be read: the file is empty (0 bytes)
          ┌─ bad.vid:2:14
          │
        2 │   image logo "logo.png" for 1s
          │              ^^^^^^^^^^

        vid: 1 error found
        exit 1
    "#]],
    );
}

#[test]
fn an_out_point_past_the_end() {
    let stage = stage();
    fails(
        &stage,
        &film("video clip \"clip.mp4\" [1s..9s]"),
        &expect![[r#"
        error[media-too-short]: the media of `clip` are too short: needs 210 more frames, 7 s
          ┌─ bad.vid:2:30
          │
        2 │   video clip "clip.mp4" [1s..9s]
          │              ----------      ^^ asks for the media up to 9 s
          │              │                
          │              has 2 s
          │
          = help: the media end at 2 s

        vid: 1 error found
        exit 1
    "#]],
    );
}

#[test]
fn sound_where_a_picture_is_wanted() {
    let stage = stage();
    media::ffmpeg(&stage, &["-f", "lavfi", "-i", "sine=duration=1", "tone.wav"]);
    fails(
        &stage,
        &film("video clip \"tone.wav\""),
        &expect![[r#"
        error[media-wrong-kind]: `tone.wav` is sound, not a video
          ┌─ bad.vid:2:14
          │
        2 │   video clip "tone.wav"
          │              ^^^^^^^^^^

        vid: 1 error found
        exit 1
    "#]],
    );
}

#[test]
fn a_font_that_is_not_installed() {
    let stage = stage();
    fails(
        &stage,
        &film("text title \"x\" for 1s { font_family: \"No Such Family\" }"),
        &expect![[r#"
        error[unknown-value]: font family `No Such Family` is not installed
          ┌─ bad.vid:2:3
          │
        2 │   text title "x" for 1s { font_family: "No Such Family" }
          │   ^^^^^^^^^^^^^^^^^^^^^

        vid: 1 error found
        exit 1
    "#]],
    );
}

#[test]
fn nesting_without_end() {
    let stage = stage();
    let nested = |open: &str, close: &str| open.repeat(20_000) + &close.repeat(20_000);
    fails(
        &stage,
        &film(&nested("stack { ", "} ")),
        &expect![[r#"
            bad.vid:2:2049: error[nesting-too-deep]: brackets nest more than 256 levels deep
             = help: name the inner parts with `let`, or move them into a composition of their own
            vid: 1 error found
            exit 1
        "#]],
    );
    fails(
        &stage,
        &film(&format!("x: {}", nested("(", ")"))),
        &expect![[r#"
            bad.vid:2:261: error[nesting-too-deep]: brackets nest more than 256 levels deep
             = help: name the inner parts with `let`, or move them into a composition of their own
            vid: 1 error found
            exit 1
        "#]],
    );
    fails(
        &stage,
        &film(&"stack { ".repeat(20_000)),
        &expect![[r#"
            bad.vid:2:2049: error[nesting-too-deep]: brackets nest more than 256 levels deep
             = help: name the inner parts with `let`, or move them into a composition of their own
            vid: 1 error found
            exit 1
        "#]],
    );
}

#[test]
fn a_source_of_fifty_megabytes() {
    let stage = stage();
    fails(
        &stage,
        &"// film\n".repeat(50_000_000 / 8),
        &expect![[r#"
            bad.vid:1:1: error[file-too-large]: `bad.vid` has more than the 1024 KiB that are read
            vid: 1 error found
            exit 1
        "#]],
    );
}

#[test]
fn a_source_that_is_not_text() {
    let stage = stage();
    stage.write("bad.vid", b"composition bad 320x180 30fps {\xff}");
    expect![[r#"
        bad.vid:1:1: error[not-utf8]: `bad.vid` is not UTF-8 text: byte 31 begins no character
        vid: 1 error found
        exit 1
    "#]]
    .assert_eq(&render(&stage).all());
}

#[test]
fn elements_that_wait_for_each_other() {
    let stage = stage();
    let source = film("text a \"a\" at b.end for 1s\n  text b \"b\" at a.end for 1s");
    fails(
        &stage,
        &source,
        &expect![[r#"
        error[reference-cycle]: times wait for each other: a.start → b.start → a.start
          ┌─ bad.vid:2:3
          │
        2 │   text a "a" at b.end for 1s
          │   ^^^^^^^^^^^^^^^^^^^^^^^^^^
        3 │   text b "b" at a.end for 1s
          │   -------------------------- `b.start` is in the circle
          │
          = help: give one of them a time that does not depend on the others

        vid: 1 error found
        exit 1
    "#]],
    );
}

#[test]
fn many_mistakes_are_said_once_each() {
    let stage = stage();
    let source = film("video clip \"clip.mp4\" { opactiy: 50%  volume: 3s }\n  txt title \"x\"");
    fails(
        &stage,
        &source,
        &expect![[r#"
        error[unknown-property]: a `video` has no property `opactiy`
          ┌─ bad.vid:2:27
          │
        2 │   video clip "clip.mp4" { opactiy: 50%  volume: 3s }
          │                           ^^^^^^^
          │
          = help: did you mean `opacity`?

        error[wrong-unit]: `3s` is a time, a level is needed
          ┌─ bad.vid:2:49
          │
        2 │   video clip "clip.mp4" { opactiy: 50%  volume: 3s }
          │                                                 ^^ a level is needed

        error[unknown-element]: there is no element `txt`
          ┌─ bad.vid:3:3
          │
        3 │   txt title "x"
          │   ^^^
          │
          = help: did you mean `text`?

        vid: 3 errors found
        exit 1
    "#]],
    );
}
