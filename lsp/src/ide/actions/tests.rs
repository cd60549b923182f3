use expect_test::{Expect, expect};

use super::*;
use crate::ide::fixture::Fixture;

/// Titles of what is offered, with the whole text after each.
fn check(text: &str, until: &str, expected: Expect) {
    let fixture = Fixture::new(text);
    let end = if until.is_empty() { fixture.offset } else { fixture.text.find(until).unwrap() + until.len() };
    let shown: Vec<String> = actions(&fixture.source(), &(fixture.offset..end))
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
        split it at 4 s of its media
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
