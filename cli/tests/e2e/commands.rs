//! The small commands, and what all of them have in common.

use expect_test::expect;

use crate::media::{HALF, clip, plain};
use crate::stage::{Outcome, Stage};

const UNTIDY: &str = "composition a 320x180 30fps{text t \"x\" for 1s{font_size:12,opacity:50%}}\n";

#[test]
fn fmt_rewrites_in_place_and_only_what_changes() {
    let stage = Stage::new();
    stage.write("a.vid", UNTIDY);
    assert_eq!(stage.vid(&["fmt", "--check", "a.vid"]).all(), "a.vid\nexit 1\n");
    assert_eq!(stage.vid(&["fmt", "a.vid"]).all(), "exit 0\n");
    let tidy = std::fs::read_to_string(stage.path("a.vid")).unwrap();
    expect![[r#"
        composition a 320x180 30fps {
          text t "x" for 1s { font_size: 12  opacity: 50% }
        }
    "#]]
    .assert_eq(&tidy);
    assert_eq!(stage.vid(&["fmt", "--check", "a.vid"]).all(), "exit 0\n");
    let mut piped = stage.command(&["fmt", "-"]);
    stage.write("untidy", UNTIDY);
    piped.stdin(std::fs::File::open(stage.path("untidy")).unwrap());
    assert_eq!(Outcome::of(piped).stdout, tidy);
    assert_eq!(stage.names(), ["a.vid", "untidy"]);
}

#[test]
fn check_says_what_is_wrong_and_mends_what_is_certain() {
    let stage = Stage::new();
    stage.write("a.vid", "composition a 320x180 30fps {\n  text t \"x\" for 1s { color: #ff0000 }\n}\n");
    expect![[r#"
        error[unknown-property]: a `text` has no property `color`
          ┌─ a.vid:2:23
          │
        2 │   text t "x" for 1s { color: #ff0000 }
          │                       ^^^^^
          │
          = help: it is called `text_color`

        vid: 1 error found
        exit 1
    "#]]
    .assert_eq(&stage.vid(&["check", "a.vid"]).all());
    let json = stage.vid(&["check", "--format", "json", "a.vid"]);
    expect![[r#"
        [
          {
            "code": "unknown-property",
            "severity": "error",
            "message": "a `text` has no property `color`",
            "primary": {
              "path": "a.vid",
              "start": 52,
              "end": 57,
              "message": ""
            },
            "secondary": [],
            "help": [
              "it is called `text_color`"
            ],
            "fix": {
              "title": "write `text_color`",
              "applicability": "safe",
              "edits": [
                {
                  "path": "a.vid",
                  "start": 52,
                  "end": 57,
                  "replacement": "text_color"
                }
              ]
            }
          }
        ]
        exit 1
    "#]]
    .assert_eq(&json.all());
    let fixed = "fixed a.vid:2: write `text_color` (unknown-property)\nexit 0\n";
    assert_eq!(stage.vid(&["check", "--fix", "a.vid"]).all(), fixed);
    let mended = std::fs::read_to_string(stage.path("a.vid")).unwrap();
    assert!(mended.contains("{ text_color: #ff0000 }"), "{mended}");
}

#[test]
fn strict_fails_where_check_only_warns() {
    let stage = Stage::new();
    stage.write("a.vid", "composition a 320x180 30fps {\n  video v \"later.mp4\" [0s..1s]\n}\n");
    let lenient = stage.vid(&["check", "a.vid"]);
    assert_eq!(lenient.code, 0, "{}", lenient.all());
    assert!(lenient.stdout.starts_with("warning[media-missing]"), "{}", lenient.stdout);
    let strict = stage.vid(&["check", "--strict", "a.vid"]);
    assert_eq!(strict.code, 1, "{}", strict.all());
    assert!(strict.stdout.starts_with("error[media-missing]"), "{}", strict.stdout);
}

#[test]
fn explain_knows_every_code() {
    let stage = Stage::new();
    let codes = stage.vid(&["explain"]).stdout;
    assert!(codes.lines().count() > 50);
    let page = stage.vid(&["explain", "unknown-property"]);
    assert!(page.stdout.starts_with("# unknown-property\n"), "{}", page.all());
    expect![[r#"
        vid: there is no code `no-such-code`; `vid explain` lists all of them
        exit 2
    "#]]
    .assert_eq(&stage.vid(&["explain", "no-such-code"]).all());
}

#[test]
fn probe_describes_media() {
    let stage = Stage::new();
    clip(&stage, "clip.mp4", 2);
    plain(&stage, "still.png", "red", "32x16", &["-vf", HALF, "-frames:v", "1"]);
    let size = std::fs::metadata(stage.path("clip.mp4")).unwrap().len();
    let words = stage.vid(&["probe", "clip.mp4"]).all().replace(&size.to_string(), "SIZE");
    expect![[r#"
        video (mp4), SIZE bytes, 2 s
        picture: h264 320x180 yuv420p, 30 fps, 60 frames, 2 s, colour bt709/bt709/bt709/tv
        sound: aac 48000 Hz mono, 2 s
        exit 0
    "#]]
    .assert_eq(&words);
    let json: serde_json::Value =
        serde_json::from_str(&stage.vid(&["probe", "--json", "still.png"]).stdout).unwrap();
    assert_eq!((&json["kind"], &json["video"]["width"]), (&"image".into(), &32.into()));
    assert_eq!(json["video"]["has_alpha"], true);
    stage.write("notes.mp4", "x");
    let outcome = stage.vid(&["probe", "notes.mp4"]);
    assert_eq!(outcome.code, 3);
}

#[test]
fn frame_takes_the_forms_of_time() {
    let stage = Stage::new();
    clip(&stage, "clip.mp4", 2);
    stage.write("film.vid", "composition film 320x180 30fps { video clip \"clip.mp4\" }\n");
    for at in ["1.5", "1.5s", "1500ms", "45f", "00:00:01:15", "00:00:01.500"] {
        let outcome =
            stage.vid(&["frame", "film.vid", "--at", at, "-o", &format!("{}.png", at.replace(':', "-"))]);
        assert_eq!(outcome.all(), "exit 0\n", "{at}");
    }
    let read = |name: &str| std::fs::read(stage.path(name)).unwrap();
    let first = read("1.5.png");
    assert!(first.starts_with(b"\x89PNG"));
    for other in ["1.5s.png", "1500ms.png", "45f.png", "00-00-01-15.png", "00-00-01.500.png"] {
        assert!(first == read(other), "{other}");
    }
    expect![[r#"
        vid: the film is over at 2s, so there is no frame at 2s
        exit 2
    "#]]
    .assert_eq(&stage.vid(&["frame", "film.vid", "--at", "2s", "-o", "late.png"]).all());
}

#[test]
fn parameters_come_from_the_command_line() {
    let stage = Stage::new();
    stage.write(
        "film.vid",
        "composition film(words: string = \"one\", long: time = 1s) 320x180 30fps {\n  text t \"{words}\" for long\n}\n",
    );
    let json = stage.vid(&["json", "film.vid", "--set", "words=two = 2", "--set", "long=1.5s"]);
    let body: serde_json::Value = serde_json::from_str(&json.stdout).expect(&json.stderr);
    assert_eq!(body["elements"][0]["text"], "two = 2");
    assert_eq!(body["duration"], 1.5);
    let unknown = stage.vid(&["json", "film.vid", "--set", "word=two"]);
    expect![[r#"
        error[unknown-parameter]: `film` has no parameter `word`
          ┌─ film.vid:1:13
          │
        1 │ composition film(words: string = "one", long: time = 1s) 320x180 30fps {
          │             ^^^^
          │
          = help: did you mean `words`?

        vid: 1 error found
        exit 1
    "#]]
    .assert_eq(&unknown.all());
}

#[test]
fn the_rule_names_every_file_even_when_there_is_no_film() {
    let stage = Stage::new();
    clip(&stage, "clip.mp4", 1);
    stage.write(
        "film.vid",
        "composition film 320x180 30fps {\n  video a \"clip.mp4\"\n  video b \"gone.mp4\"\n}\n",
    );
    let outcome = stage.vid(&["render", "film.vid", "-o", "film.mp4", "--depfile", "film.d"]);
    assert_eq!(outcome.code, 1);
    expect![[r#"
        film.mp4: \
          clip.mp4 \
          film.vid \
          gone.mp4

        clip.mp4:

        film.vid:

        gone.mp4:
    "#]]
    .assert_eq(&std::fs::read_to_string(stage.path("film.d")).unwrap());
}

#[test]
fn a_film_can_leave_through_a_pipe() {
    let stage = Stage::new();
    clip(&stage, "clip.mp4", 1);
    stage.render("composition film 320x180 30fps { video clip \"clip.mp4\" }\n", &[]);
    let output = stage.command(&["render", "film.vid", "-o", "-", "--progress", "none"]).output().unwrap();
    assert!(output.status.success());
    assert!(output.stdout == std::fs::read(stage.path("film.mp4")).unwrap());
}

#[test]
fn what_makes_no_sense_is_usage() {
    let stage = Stage::new();
    stage.write("film.vid", "composition film 320x180 30fps { text t \"x\" for 1s }\n");
    stage.write("film.json", "{}");
    let mut all = String::new();
    for arguments in [
        &["render", "film.vid", "--asset-base", "https://media.example.org"][..],
        &["render", "film.json", "--set", "a=1"],
        &["json", "film.vid", "--output-number", "2"],
    ] {
        all += &stage.vid(arguments).all();
    }
    expect![[r#"
        vid: `--asset-base` is for API bodies; a source names its files by path
        exit 2
        vid: `--composition` and `--set` are for sources; an API body has neither
        exit 2
        vid: the film has no output number 2; it has 1 in all
        exit 2
    "#]]
    .assert_eq(&all);
    for arguments in [
        &["render"][..],
        &["no-such-command"],
        &["frame", "film.vid", "--at", "soon", "-o", "a.png"],
        &["render", "film.vid", "--workers", "0"],
    ] {
        assert_eq!(stage.vid(arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn the_doctor_lists_what_is_rendered() {
    let stage = Stage::new();
    let lists = stage.vid(&["doctor", "--catalog"]);
    assert_eq!(lists.code, 0, "{}", lists.all());
    assert!(lists.stdout.starts_with("effects (46)\n  vintage\n  polaroid\n"), "{}", lists.stdout);
    assert!(lists.stdout.contains("\nencoders ("), "{}", lists.stdout);
    assert!(lists.stdout.contains("\n  libx264\n"), "{}", lists.stdout);
    let json: serde_json::Value =
        serde_json::from_str(&stage.vid(&["doctor", "--catalog", "--format", "json"]).stdout).unwrap();
    assert_eq!(json["transitions"][0], "cross_dissolve");
    assert_eq!(json["word_styles"].as_array().map(Vec::len), Some(6));
    assert_eq!(stage.vid(&["doctor", "--format", "json"]).code, 2);
}

#[test]
fn the_doctor_finds_what_rendering_needs() {
    let stage = Stage::new();
    let outcome = Outcome::of({
        // Where there is no desktop no driver complains about it.
        let mut command = stage.command(&["doctor"]);
        command.env_remove("XDG_RUNTIME_DIR");
        command
    });
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.all());
    for words in ["libavcodec", "libx264", "`Inter` is there", "`auto` chooses "] {
        assert!(outcome.stdout.contains(words), "{}", outcome.stdout);
    }
}
