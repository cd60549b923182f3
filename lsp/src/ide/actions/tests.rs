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
    check("composition c 640x360 25fps { text \"x\" for $02s }", "", expect![""]);
    check("composition c 640x360 25fps { text \"x\" for 0.$03s }", "", expect![""]);
}

#[test]
fn a_gap_closes() {
    check("composition c {\n  sequence {\n    text \"x\" for 1s\n    $0gap a\n  }\n}\n", "", expect![""]);
}

#[test]
fn a_clip_splits() {
    check(
        "composition c 640x360 25fps {\n  sequence {\n    video $0a \"clip.mp4\" [2s..6s]\n  }\n}\n",
        "",
        expect![""],
    );
}

#[test]
fn unknown_names_are_found_in_the_library() {
    check("composition c { $0lower_third host(name: \"Ada\") }", "", expect![""]);
}

#[test]
fn elements_move_into_a_composition() {
    check(
        "composition c {\n  $0text a \"x\" for 1s\n  text b \"y\" at a.end for 1s\n  text z \"z\" for 1s\n}\n",
        "a.end for 1s",
        expect![""],
    );
    // What is left behind refers to it.
    check("composition c {\n  $0text a \"x\" for 1s\n  text b \"y\" at a.end for 1s\n}\n", "\"x\" for 1s", expect![""]);
}
