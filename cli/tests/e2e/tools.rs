//! Commands around the language: import, timeline, new, tables of values, other formats, depfiles.

use expect_test::expect;

use crate::media::{clip, frames, plain};
use crate::stage::{Outcome, Stage};

const BODY: &str = r##"{ "width": 320, "height": 180, "duration": 4, "frame_rate": 25, "elements": [
    { "type": "video", "id": "intro", "source_url": "https://m.example/films/clip.mp4", "in_point": 0, "out_point": 2, "volume": 0, "z_index": 0 },
    { "type": "image", "id": "logo", "source_url": "https://m.example/films/logo.png", "time": 2, "duration": 2, "z_index": 1 },
    { "type": "text", "id": "the title", "text": "Hi", "time": 1, "duration": 2, "font_size": 24, "z_index": 2,
      "motion": [ { "type": "fade", "time": 1, "duration": 0.5 } ] } ] }"##;

const FILM: &str = r#"composition card(name: string, hold: time in 1s..5s = 1s) 160x90 25fps {
  text title "{name}" for hold { font_size: 24 }
}
"#;

fn piped(stage: &Stage, arguments: &[&str], input: &str) -> Outcome {
    stage.write("input", input);
    let mut command = stage.command(arguments);
    command.stdin(std::fs::File::open(stage.path("input")).unwrap());
    Outcome::of(command)
}

#[test]
fn a_body_becomes_a_source_and_comes_back() {
    let stage = Stage::new();
    stage.write("body.json", BODY);
    let imported = stage.vid(&["import", "body.json"]);
    expect![[r#"
        composition body 320x180 25fps {
          set video { fit: stretch }
          set image { fit: stretch }

          sequence {
            video intro "https://m.example/films/clip.mp4" [0s..2s] { volume: 0% }
            image logo "https://m.example/films/logo.png" for 2s
          }
          text the_title "Hi" at 1s for 2s {
            id: "the title"
            font_size: 24
            enter fade for 500ms
          }
        }
        exit 0
    "#]]
    .assert_eq(&imported.all());
    assert_eq!(piped(&stage, &["import", "-", "-o", "film.vid"], BODY).all(), "exit 0\n");
    let first = stage.vid(&["json", "film.vid"]);
    assert_eq!(first.code, 0, "{}", first.stderr);
    let again = piped(&stage, &["import", "-"], &first.stdout);
    let second = piped(&stage, &["json", "-"], &again.stdout);
    assert_eq!(second.all(), first.all());
}

#[test]
fn an_imported_film_finds_its_files() {
    let stage = Stage::new();
    std::fs::create_dir(stage.path("films")).unwrap();
    clip(&stage, "films/clip.mp4", 2);
    plain(&stage, "films/logo.png", "orange", "64x64", &["-frames:v", "1"]);
    stage.write("body.json", BODY.replace("\"frame_rate\": 25", "\"frame_rate\": 30"));
    let arguments = ["--asset-base", "https://m.example/films", "--asset-root", "films"];
    let imported = stage.vid(&[&["import", "body.json", "-o", "film.vid"][..], &arguments].concat());
    assert_eq!(imported.all(), "exit 0\n");
    let source = std::fs::read_to_string(stage.path("film.vid")).unwrap();
    assert!(source.contains("\"films/clip.mp4\"") && source.contains("\"films/logo.png\""), "{source}");
    assert_eq!(stage.vid(&["check", "--strict", "film.vid"]).all(), "exit 0\n");
}

#[test]
fn what_cannot_be_imported_is_told() {
    let stage = Stage::new();
    stage.write(
        "body.json",
        r#"{ "elements": [ { "type": "video", "source_url": "https://m.example/a.mp4" } ] }"#,
    );
    let outcome = stage.vid(&["import", "body.json", "-o", "film.vid"]);
    expect![[r#"
        error[UNKNOWN_MEDIA_LENGTH]: how long `https://m.example/a.mp4` is cannot be known here; write `out_point`
          --> body.json:/elements/0
        warning[EMPTY_TIMELINE]: no element is visible
          --> body.json:/elements
        vid: 1 error found
        exit 1
    "#]]
    .assert_eq(&outcome.all());
    assert!(!stage.path("film.vid").exists());
}

#[test]
fn a_timeline_is_drawn() {
    let stage = Stage::new();
    stage.write("film.vid", "composition film 160x90 25fps { text title \"Hello\" for 2s }\n");
    let drawn = stage.vid(&["timeline", "film.vid"]);
    assert_eq!(drawn.code, 0, "{}", drawn.stderr);
    assert!(drawn.stdout.starts_with("<svg ") && drawn.stdout.contains(">Hello</text>"));
    stage.write("body.json", BODY);
    let body = stage.vid(&["timeline", "body.json", "-o", "film.svg", "--depfile", "film.d"]);
    assert_eq!(body.all(), "exit 0\n");
    assert!(stage.path("film.svg").exists());
    expect![[r"
        film.svg: \
          body.json

        body.json:
    "]]
    .assert_eq(&std::fs::read_to_string(stage.path("film.d")).unwrap());
}

#[test]
fn a_new_project_renders_at_once() {
    let stage = Stage::new();
    let made = stage.vid(&["new", "summer-launch"]);
    expect![[r#"
        summer-launch: a film, its colours and a README
          vid render summer-launch/film.vid -o summer-launch/film.mp4
        exit 0
    "#]]
    .assert_eq(&made.all());
    assert_eq!(
        stage.vid(&["check", "--strict", "summer-launch/film.vid", "summer-launch/brand.vid"]).all(),
        "exit 0\n"
    );
    assert_eq!(
        stage.vid(&["fmt", "--check", "summer-launch/film.vid", "summer-launch/brand.vid"]).all(),
        "exit 0\n"
    );
    let frame = stage.vid(&["frame", "summer-launch/film.vid", "--at", "2s", "-o", "frame.png"]);
    assert_eq!(frame.all(), "exit 0\n");
    let again = stage.vid(&["new", "summer-launch"]);
    expect![[r#"
        vid: `summer-launch` is not empty; nothing in it was touched
        exit 2
    "#]]
    .assert_eq(&again.all());
}

#[test]
fn each_row_is_a_film() {
    let stage = Stage::new();
    stage.write("film.vid", FILM);
    stage.write("rows.csv", "name,hold\nAda,2s\n\"Grace, H.\",\nEve,soon\n");
    let made = stage.vid(&[
        "render",
        "film.vid",
        "--data",
        "rows.csv",
        "-o",
        "out/{name}.mp4",
        "--progress",
        "none",
        "--depfile",
        "out.d",
    ]);
    expect![[r#"
        error[wrong-type]: `soon` was given for `hold`, which takes a time
          ┌─ film.vid:1:32
          │
        1 │ composition card(name: string, hold: time in 1s..5s = 1s) 160x90 25fps {
          │                                ^^^^

        vid: rows.csv, line 4, column `hold`: 1 error found
        rows.csv: 2 films made, 1 failed
        vid: 1 of 3 films could not be made
        exit 1
    "#]]
    .assert_eq(&made.all());
    let mut names: Vec<_> = std::fs::read_dir(stage.path("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["Ada.mp4", "Grace, H..mp4"]);
    let rule = std::fs::read_to_string(stage.path("out.d")).unwrap();
    assert!(rule.starts_with("out/Ada.mp4 out/Grace,\\ H..mp4: \\\n") && rule.contains("rows.csv"), "{rule}");
}

#[test]
fn each_row_is_a_body() {
    let stage = Stage::new();
    stage.write("film.vid", FILM);
    stage.write("rows.json", r#"[ { "name": "Ada" }, { "name": "Grace", "hold": "2s" } ]"#);
    let made = stage.vid(&["json", "film.vid", "--data", "rows.json"]);
    expect![[r#"
        rows.json: 2 films made, 0 failed
        exit 0
    "#]]
    .assert_eq(&made.all());
    assert_eq!(stage.names(), ["card-1.json", "card-2.json", "film.vid", "rows.json"]);
}

#[test]
fn a_table_that_does_not_fit_is_refused() {
    let stage = Stage::new();
    stage.write("film.vid", FILM);
    let refused = |rows: &str, more: &[&str]| {
        stage.write("rows.csv", rows);
        stage.vid(&[&["json", "film.vid", "--data", "rows.csv"][..], more].concat()).all()
    };
    expect![[r#"
        vid: rows.csv: the column `nme` is no parameter of the composition; did you mean `name`?
        exit 1
    "#]]
    .assert_eq(&refused("nme\nAda\n", &[]));
    expect![[r#"
        vid: rows.csv: the column `name` is given with `--set` too; say it once
        exit 1
    "#]]
    .assert_eq(&refused("name\nAda\n", &["--set", "name=Eve"]));
    expect![[r#"
        vid: line 2 and line 3 of `rows.csv` would both be `Ada.json`; put `{row}` into `--output`
        exit 2
    "#]]
    .assert_eq(&refused("name\nAda\nAda\n", &["-o", "{name}.json"]));
    expect![[r#"
        vid: `{nme}` in `{nme}.json` is no column; there are `{name}`, `{row}`, `{composition}`
        exit 2
    "#]]
    .assert_eq(&refused("name\nAda\n", &["-o", "{nme}.json"]));
}

#[test]
fn diagnostics_as_sarif() {
    let stage = Stage::new();
    stage.write("a.vid", "composition a 320x180 30fps {\n  text t \"ä\" for 1s { color: #ff0000 }\n}\n");
    let sarif = stage.vid(&["check", "--format", "sarif", "a.vid"]);
    assert_eq!((sarif.code, sarif.stderr.as_str()), (1, ""));
    let log: serde_json::Value = serde_json::from_str(&sarif.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "unknown-property");
    expect![[r##"
        {
          "ruleId": "unknown-property",
          "ruleIndex": 0,
          "level": "error",
          "message": {
            "text": "a `text` has no property `color`\nhelp: it is called `text_color`"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "a.vid"
                },
                "region": {
                  "startLine": 2,
                  "startColumn": 23,
                  "endLine": 2,
                  "endColumn": 28
                }
              }
            }
          ],
          "fixes": [
            {
              "description": {
                "text": "write `text_color`"
              },
              "artifactChanges": [
                {
                  "artifactLocation": {
                    "uri": "a.vid"
                  },
                  "replacements": [
                    {
                      "deletedRegion": {
                        "startLine": 2,
                        "startColumn": 23,
                        "endLine": 2,
                        "endColumn": 28
                      },
                      "insertedContent": {
                        "text": "text_color"
                      }
                    }
                  ]
                }
              ]
            }
          ]
        }"##]]
    .assert_eq(&format!("{:#}", run["results"][0]));
}

#[test]
fn fixes_say_what_they_did_and_find_nothing_the_second_time() {
    let stage = Stage::new();
    let wrong = "composition a 320x180 30fps {\n  text t \"x\" for 1s { color: #ff0000 }\n}\n";
    stage.write("a.vid", wrong);
    expect![[r#"
        fixed a.vid:2: write `text_color` (unknown-property)
        exit 0
    "#]]
    .assert_eq(&stage.vid(&["check", "--fix", "a.vid"]).all());
    assert_eq!(stage.vid(&["check", "--fix", "a.vid"]).all(), "exit 0\n");
    let piped = piped(&stage, &["check", "--fix", "-"], wrong);
    assert_eq!(piped.stdout, wrong.replace("color", "text_color"));
}

#[test]
fn depfiles_are_written_on_failure_too() {
    let stage = Stage::new();
    stage.write("film.vid", "composition film 160x90 25fps { image a \"no #1.png\" for 1s }\n");
    for (command, target) in [("json", "film.json"), ("check", "film.checked"), ("frame", "film.png")] {
        let mut arguments = vec![command, "film.vid", "--depfile", "film.d", "--strict"];
        match command {
            "check" => {}
            "frame" => {
                arguments.pop();
                arguments.extend(["--at", "0", "-o", "film.png"]);
            }
            _ => {
                arguments.pop();
            }
        }
        assert_eq!(stage.vid(&arguments).code, 1, "{command}");
        let rule = std::fs::read_to_string(stage.path("film.d")).unwrap();
        assert!(
            rule.starts_with(&format!("{target}: \\\n  film.vid \\\n  no\\ \\#1.png\n")),
            "{command}: {rule}"
        );
    }
}

#[test]
fn the_rows_of_a_verdict_are_explained() {
    let stage = Stage::new();
    let explained = stage.vid(&["explain", "fractional-frame-rate"]);
    expect![[r#"
        # fractional-frame-rate

        A body of the render API cannot say this as well as the film.

        fractional frame rate
          refused; the body says: the nearest whole rate
        exit 0
    "#]]
    .assert_eq(&explained.all());
}

const SLIDES: &str = r#"composition film 160x90 25fps {
  sequence {
    text one "one" for 5s { font_size: 24 }
    text two "two" for 5s { font_size: 24 }
    text three "three" for 5s { font_size: 24 }
  }
}
"#;

#[test]
fn a_part_of_a_film_is_rendered() {
    let stage = Stage::new();
    let whole = stage.render(SLIDES, &[]);
    assert_eq!(whole["frames"], 375);
    let all = frames(&stage, "film.mp4");
    let part = stage.render(SLIDES, &["--from", "1s", "--to", "00:00:14:05"]);
    assert_eq!((&part["frames"], part["frames_reused"].as_i64() > Some(0)), (&330.into(), true), "{part}");
    assert_eq!(frames(&stage, "film.mp4").len(), 330);
    // The middle of the part is what it is in the film.
    assert_eq!(frames(&stage, "film.mp4")[100..225], all[125..250]);
    let outside = stage.vid(&["render", "film.vid", "--from", "20s", "-o", "none.mp4"]);
    expect![[r#"
        vid: there is no frame from 20s to 15s; the film lasts 15s
        exit 2
    "#]]
    .assert_eq(&outside.all());
}

#[test]
fn a_cache_is_verified() {
    let stage = Stage::new();
    stage.render(SLIDES, &[]);
    let verified = stage.render(SLIDES, &["--verify-cache"]);
    assert_eq!(
        (verified["segments_verified"].as_i64() > Some(0), &verified["segments_differing"]),
        (true, &0.into()),
        "{verified}"
    );
    // One piece with the content of another: a film that looks whole and is wrong.
    let pieces = stage.pieces();
    let mut paths = pieces.keys().filter(|path| path.extension().is_some_and(|extension| extension == "mkv"));
    let (first, second) = (paths.next().unwrap(), paths.next().unwrap());
    std::fs::copy(first, second).unwrap();
    let mended = stage.render(SLIDES, &["--verify-cache"]);
    assert_eq!((&mended["segments_differing"], &mended["frames_reused"]), (&1.into(), &0.into()), "{mended}");
    assert_eq!(stage.pieces(), pieces);
}
