use expect_test::{Expect, expect};

use super::*;
use crate::ide::fixture::Fixture;

/// Titles of what is offered, with the whole text after each.
fn check(text: &str, until: &str, expected: Expect) {
    check_beside(text, until, &[], expected);
}

/// The same with files in the project.
fn check_beside(text: &str, until: &str, files: &[&str], expected: Expect) {
    let fixture = Fixture::new(text);
    let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
    let end = if until.is_empty() { fixture.offset } else { fixture.text.find(until).unwrap() + until.len() };
    let shown: Vec<String> = actions(&fixture.source(), &(fixture.offset..end), &files)
        .into_iter()
        .map(|action| {
            let mut text = fixture.text.clone();
            for change in action.changes.iter().rev() {
                text.replace_range(change.range.clone(), &change.text);
            }
            format!("{}\n{text}\n", action.title)
        })
        .collect();
    expected.assert_eq(&shown.join("\n"));
}

#[test]
fn times_have_other_forms() {
    check(
        "composition c 640x360 25fps { text \"x\" for $02s }",
        "",
        expect![[r#"
        write it in milliseconds
        composition c 640x360 25fps { text "x" for 2000ms }

        write it in frames
        composition c 640x360 25fps { text "x" for 50f }

        write it as a clock shows it
        composition c 640x360 25fps { text "x" for 00:00:02:00 }
    "#]],
    );
    check(
        "composition c 640x360 25fps { text \"x\" for 0.$03s }",
        "",
        expect![[r#"
        write it in milliseconds
        composition c 640x360 25fps { text "x" for 300ms }

        move it to the nearest frame, 8
        composition c 640x360 25fps { text "x" for 8f }
    "#]],
    );
}

#[test]
fn a_gap_closes() {
    check(
        "composition c {\n  sequence {\n    text \"x\" for 1s\n    $0gap 1s\n  }\n}\n",
        "",
        expect![[r#"
        close the gap
        composition c {
          sequence {
            text "x" for 1s
          }
        }

    "#]],
    );
}

#[test]
fn a_clip_splits() {
    check(
        "composition c 640x360 25fps {\n  sequence {\n    video $0a \"clip.mp4\" [2s..6s]\n  }\n}\n",
        "",
        expect![[r#"
            split it in the middle, at 4 s of its media
            composition c 640x360 25fps {
              sequence {
                video a "clip.mp4" [2s..4s]
                video a_2 "clip.mp4" [4s..6s]
              }
            }

        "#]],
    );
}

#[test]
fn a_clip_splits_at_markers_and_takes_its_looks_along() {
    check(
        "composition c 640x360 25fps {\n  marker beat at 2s\n  marker later at 9s\n  video $0\"clip.mp4\" [2s..6s] at 1s {\n    enter fade for 400ms\n    width: 50%\n    exit fade for 400ms\n  }\n}\n",
        "",
        expect![[r#"
            split it at `beat`
            composition c 640x360 25fps {
              marker beat at 2s
              marker later at 9s
              video "clip.mp4" [2s..3s] at 1s {
                enter fade for 400ms
                width: 50%
              }
              video "clip.mp4" [3s..6s] at 2s {
                width: 50%
                exit fade for 400ms
              }
            }


            split it in the middle, at 4 s of its media
            composition c 640x360 25fps {
              marker beat at 2s
              marker later at 9s
              video "clip.mp4" [2s..4s] at 1s {
                enter fade for 400ms
                width: 50%
              }
              video "clip.mp4" [4s..6s] at 3s {
                width: 50%
                exit fade for 400ms
              }
            }

        "#]],
    );
    // Keyframes would begin anew, and what refers to the end of the whole would mean the end of a half.
    check(
        "composition c 640x360 25fps {\n  video $0\"clip.mp4\" [2s..6s] { opacity: [0s: 0%, end: 100%] }\n}\n",
        "",
        expect![[""]],
    );
    check(
        "composition c 640x360 25fps {\n  video $0a \"clip.mp4\" [2s..6s]\n  text \"x\" at a.end for 1s\n}\n",
        "",
        expect![[""]],
    );
}

#[test]
fn numbers_get_the_unit_that_fits() {
    check(
        "composition c { text \"x\" for $02 }",
        "",
        expect![[r#"
        write `2s`
        composition c { text "x" for 2s }

        write `2ms`
        composition c { text "x" for 2ms }

        write `2m`
        composition c { text "x" for 2m }

        write `2h`
        composition c { text "x" for 2h }

        write `2f`
        composition c { text "x" for 2f }
    "#]],
    );
    check(
        "composition c { text \"x\" for 1s { width: 5$00deg } }",
        "",
        expect![[r#"
        write `50px`
        composition c { text "x" for 1s { width: 50px } }

        write `50vw`
        composition c { text "x" for 1s { width: 50vw } }

        write `50vh`
        composition c { text "x" for 1s { width: 50vh } }

        write `50em`
        composition c { text "x" for 1s { width: 50em } }

        write `50%`
        composition c { text "x" for 1s { width: 50% } }
    "#]],
    );
    check(
        "composition c { text \"x\" for 1s { opacity: [0: 0%, 1s: $01] } }",
        "",
        expect![[r#"
        write `1%`
        composition c { text "x" for 1s { opacity: [0: 0%, 1s: 1%] } }
    "#]],
    );
    check(
        "composition c { text \"x\" for 1s { opacity: [$00: 0%, 1s: 100%] } }",
        "",
        expect![[r#"
        write `0s`
        composition c { text "x" for 1s { opacity: [0s: 0%, 1s: 100%] } }

        write `0ms`
        composition c { text "x" for 1s { opacity: [0ms: 0%, 1s: 100%] } }

        write `0m`
        composition c { text "x" for 1s { opacity: [0m: 0%, 1s: 100%] } }

        write `0h`
        composition c { text "x" for 1s { opacity: [0h: 0%, 1s: 100%] } }

        write `0f`
        composition c { text "x" for 1s { opacity: [0f: 0%, 1s: 100%] } }
    "#]],
    );
    check(
        "composition c { text \"x\" for 1s { z_index: $03px } }",
        "",
        expect![[r#"
        write `3`
        composition c { text "x" for 1s { z_index: 3 } }
    "#]],
    );
    // What is right stays, and what a calculation comes to is not looked at.
    check("composition c { text \"x\" for 1s { width: $0120 } }", "", expect![[""]]);
    check("composition c { text \"x\" for 1s { width: 2 * $050% } }", "", expect![[""]]);
}

#[test]
fn unknown_names_are_found_in_the_library() {
    check(
        "composition c { $0lower_third host(name: \"Ada\") }",
        "",
        expect![[r#"
        import `lower_third` from `std/lower_thirds`
        import "std/lower_thirds" { lower_third }

        composition c { lower_third host(name: "Ada") }

        import `lower_third` from `std/titles`
        import "std/titles" { lower_third }

        composition c { lower_third host(name: "Ada") }
    "#]],
    );
}

#[test]
fn elements_move_into_a_composition() {
    check(
        "composition c {\n  $0text a \"x\" for 1s\n  text b \"y\" at a.end for 1s\n  text z \"z\" for 1s\n}\n",
        "a.end for 1s",
        expect![[r#"
            sort the elements by time
            composition c {
              text a "x" for 1s
              text z "z" for 1s
              text b "y" at a.end for 1s
            }


            move them into a composition of their own
            composition c {
              part
              text z "z" for 1s
            }

            composition part {
              text a "x" for 1s
              text b "y" at a.end for 1s
            }

        "#]],
    );
    // What is left behind refers to it.
    check(
        "composition c {\n  $0text a \"x\" for 1s\n  text b \"y\" at a.end for 1s\n}\n",
        "\"x\" for 1s",
        expect![""],
    );
}

#[test]
fn elements_are_sorted_by_time() {
    check(
        "composition c {\n  // The end.\n  text b \"b\" at 2s for 1s // last\n  text $0a \"a\" for 1s\n\n  marker m at 1s\n}\n",
        "",
        expect![[r#"
            sort the elements by time
            composition c {
              text a "a" for 1s
              // The end.
              text b "b" at 2s for 1s // last

              marker m at 1s
            }

        "#]],
    );
    // They are on screen together, and the later one is on top.
    check("composition c {\n  text b \"b\" at 1s for 1s\n  text $0a \"a\" for 2s\n}\n", "", expect![[""]]);
    check(
        "composition c {\n  text b \"b\" at 1s for 1s\n  text $0a \"a\" at parent.start for next.duration\n  text c \"c\" at 3s for 1s\n}\n",
        "",
        expect![[""]],
    );
}

#[test]
fn files_of_the_project_stand_in_for_missing_ones() {
    check_beside(
        "composition c { video \"beach$0.mp4\" }",
        "",
        &["media/clip.mp4", "media/beach_1.mp4", "old/beach.mp4", "voice.wav", "film.vid"],
        expect![[r#"
            use `old/beach.mp4`
            composition c { video "old/beach.mp4" }

            use `media/beach_1.mp4`
            composition c { video "media/beach_1.mp4" }

            use `media/clip.mp4`
            composition c { video "media/clip.mp4" }
        "#]],
    );
    check_beside(
        "composition c { video \"cl$0ip.mp4\" }",
        "",
        &["clip.mp4", "other.mp4"],
        expect![[r#"
        split it in the middle, at 5 s of its media
        composition c { video "clip.mp4" [0s..5s]
        video "clip.mp4" [5s..10s] at 5s }
    "#]],
    );
}

#[test]
fn captions_are_generated_from_files() {
    check_beside(
        "composition c 640x360 25fps {\n  video \"clip.mp4\"$0\n  output mp4\n}\n",
        "",
        &["talk.srt", "more/words.vtt", "clip.mp4"],
        expect![[r#"
            split it in the middle, at 5 s of its media
            composition c 640x360 25fps {
              video "clip.mp4" [0s..5s]
              video "clip.mp4" [5s..10s] at 5s
              output mp4
            }


            show the captions of `talk.srt`
            composition c 640x360 25fps {
              video "clip.mp4"
              captions "talk.srt" {
                max_chars: 32
                max_lines: 2
              }
              output mp4
            }


            show the captions of `more/words.vtt`
            composition c 640x360 25fps {
              video "clip.mp4"
              captions "more/words.vtt" {
                max_chars: 32
                max_lines: 2
              }
              output mp4
            }

        "#]],
    );
    check_beside(
        "composition c { $0 }",
        "",
        &["talk.srt"],
        expect![[r#"
        show the captions of `talk.srt`
        composition c {
          captions "talk.srt" {
            max_chars: 32
            max_lines: 2
          }
        }
    "#]],
    );
    check_beside("composition c { captions $0\"talk.srt\" }", "", &["talk.srt"], expect![[""]]);
}
