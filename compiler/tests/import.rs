//! Bodies as source and back: what `vid import` writes compiles to the body it was made from.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../timeline/tests/bodies/mod.rs"]
mod bodies;
mod support;

use std::collections::BTreeMap;

use bodies::body;
use proptest::prelude::*;
use serde_json::Value;
use support::Stage;
use vid_compiler::import;
use vid_timeline::Timeline;
use vid_timeline::api::{self, NoMedia, ToJsonOptions};

fn read(body: &str) -> Timeline {
    let read = api::from_json(body, &NoMedia);
    read.timeline.unwrap_or_else(|| panic!("{:?}", read.violations))
}

fn write(timeline: &Timeline) -> String {
    api::to_json(timeline, &ToJsonOptions::default()).body.to_text()
}

fn compile(source: &str) -> Timeline {
    let film = Stage::of(source).film();
    Timeline::clone(&film.unwrap_or_else(|said| panic!("{said}\n{source}")))
}

/// The body as source and back, with the remarks on the way.
fn there_and_back(body: &str) -> (String, String, Vec<String>) {
    let imported = import(&read(body), "film");
    let remarks = imported.remarks.iter().map(|remark| remark.message.clone()).collect();
    (write(&compile(&imported.source)), imported.source, remarks)
}

/// The source of a body that comes back as it was, without a remark.
fn comes_back(body: &str) -> String {
    let canonical = write(&read(body));
    let (back, source, remarks) = there_and_back(&canonical);
    assert_eq!(remarks, Vec::<String>::new());
    assert_eq!(unordered(&back), unordered(&canonical));
    source
}

/// The source of a body that the language says otherwise, with the remarks: said so once, it stays.
fn settles(body: &str) -> (String, Vec<String>) {
    let (once, source, remarks) = there_and_back(body);
    assert_eq!(there_and_back(&once).0, once);
    (source, remarks)
}

/// Elements by their id, the transitions as a set, and everything else.
fn unordered(body: &str) -> (BTreeMap<String, Value>, Vec<String>, Value) {
    let mut body: Value = serde_json::from_str(body).unwrap();
    let mut taken = |key: &str| match body.as_object_mut().unwrap().shift_remove(key) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    };
    let elements = taken("elements").into_iter().map(|e| (e["id"].as_str().unwrap().to_owned(), e)).collect();
    let mut transitions: Vec<String> = taken("transitions").iter().map(Value::to_string).collect();
    transitions.sort();
    (elements, transitions, body)
}

/// Whether every element lies inside the film: a film cuts off what does not.
fn is_inside(body: &str) -> bool {
    let film = read(body);
    film.elements.iter().all(|element| element.record_range.end <= film.duration)
}

/// Such a film asks for a transition that its last element, cut off by the end, has no room for.
#[test]
fn a_transition_into_an_element_that_the_film_cuts_off() {
    let body = r#"{
        "duration": 13.107, "frame_rate": 1,
        "elements": [
            {"type": "video", "id": "a", "source_url": "https://m.example/v.mp4", "volume": 0, "time": 0.3,
             "in_point": 0, "out_point": 18.648, "speed": 0.25},
            {"type": "image", "id": "b", "source_url": "https://m.example/i.png", "time": 13.106, "duration": 1}
        ],
        "transitions": [{"type": "cross_dissolve", "from_id": "a", "to_id": "b", "duration": 1}]
    }"#;
    let imported = import(&read(body), "film");
    assert!(imported.source.contains("transition cross_dissolve for 2ms through"), "{}", imported.source);
    let said: Vec<&str> = imported.remarks.iter().map(|remark| remark.message.as_str()).collect();
    assert_eq!(said, ["the transition beside `b` takes 2ms instead of 1s, as the film ends before it"]);
    compile(&imported.source);
}

/// A clip whose out-point, four times slower, has more places than a number of the language: the cut moves
/// unless its length is said instead, and with the cut every in-point beside it.
#[test]
fn a_cut_that_an_out_point_cannot_say() {
    let body = r#"{
        "duration": 17, "frame_rate": 1,
        "elements": [
            {"type": "video", "id": "a", "source_url": "https://m.example/v.mp4", "volume": 0,
             "time": 11.666666666666666, "in_point": 0, "out_point": 1, "speed": 0.25},
            {"type": "image", "id": "b", "source_url": "https://m.example/i.png", "time": 16, "duration": 1}
        ],
        "transitions": [{"type": "cross_dissolve", "from_id": "a", "to_id": "b", "duration": 1}]
    }"#;
    let source = comes_back(body);
    assert!(source.contains("[0s..] for 4.333333333333334s"), "{source}");
}

/// A start that no decimal of the language says exactly makes the element longer than its window by less than
/// a body can say: what is written ends it at the cut, as it does when it is read again.
#[test]
fn an_element_that_outlives_its_transition_by_nothing_a_body_can_say() {
    let body = r#"{
        "duration": 6, "frame_rate": 1,
        "elements": [
            {"type": "video", "id": "a", "source_url": "https://m.example/v.mp4", "volume": 0,
             "time": 0.30000000000000004, "in_point": 0, "out_point": 1.3, "speed": 0.25},
            {"type": "image", "id": "b", "source_url": "https://m.example/i.png", "time": 5, "duration": 1}
        ],
        "transitions": [{"type": "cross_dissolve", "from_id": "a", "to_id": "b", "duration": 1}]
    }"#;
    let source = comes_back(body);
    assert!(source.contains("[0s..1.175s]"), "{source}");
}

/// A body may lay all lines upon each other, and so may a source.
#[test]
fn lines_without_height() {
    let body = r#"{"elements": [{"type": "text", "id": "t", "text": "hi", "duration": 1, "leading": -1.2}]}"#;
    let source = comes_back(body);
    assert!(source.contains("leading: 0"), "{source}");
}

/// The language goes as far as a body does.
#[test]
fn lengths_beyond_any_canvas() {
    let body = r##"{"elements": [
        {"type": "text", "id": "t", "text": "hi", "duration": 1, "font_size": 10000, "leading": 300,
         "tracking": 1000000, "x_padding": 1000000000, "y_padding": 200000, "stroke_width": 400000,
         "stroke": true, "stroke_color": "#ff0000"},
        {"type": "image", "id": "i", "source_url": "https://m.example/i.png", "duration": 1,
         "width": 900000000, "height": 900000000, "x": -900000000, "y": 900000000, "z_index": 100000000000, "x_scale": 20000, "y_scale": -50,
         "border_radius": 1000000000, "border_width": 200000, "border_color": "#00ff00",
         "shadow_color": "#000000", "shadow_blur": 1000000000, "shadow_x": -1000000000}
    ]}"##;
    comes_back(body);
}

/// Transcripts hold words of no length.
#[test]
fn a_word_of_no_length() {
    let body = r#"{"elements": [{"type": "text", "id": "t", "text": "ship it", "duration": 2, "word_animation": {
        "style": "box", "words": [{"text": "ship", "start": 1, "end": 1}, {"text": "it", "start": 1, "end": 1.5}]
    }}]}"#;
    comes_back(body);
}

/// A film is as long as its clips, also where none of their ends is a number that a body holds.
#[test]
fn a_film_that_ends_at_a_third_of_a_second() {
    let body = r#"{
        "frame_rate": 30, "duration": 3.3333333333333335,
        "elements": [
            {"type": "video", "id": "a", "source_url": "https://m.example/a.mp4", "in_point": 0, "out_point": 10,
             "speed": 2},
            {"type": "video", "id": "b", "source_url": "https://m.example/b.mp4", "in_point": 0, "out_point": 10}
        ]
    }"#;
    let (_, remarks) = settles(body);
    assert_eq!(remarks, Vec::<String>::new());
}

/// A transition that fills both halves of a cut stays inside them when thirds are rounded.
#[test]
fn a_transition_of_two_thirds_of_a_second() {
    let body = r#"{
        "frame_rate": 30,
        "elements": [
            {"type": "video", "id": "a", "source_url": "https://m.example/a.mp4", "in_point": 1, "out_point": 3.9},
            {"type": "video", "id": "b", "source_url": "https://m.example/b.mp4", "time": 0.3333333333333333,
             "in_point": 2, "out_point": 5.15}
        ],
        "transitions": [{"type": "cross_dissolve", "duration": 1, "from_id": "a", "to_id": "b"}]
    }"#;
    let (source, _) = settles(body);
    assert!(source.contains("for 0.666666666666s"), "{source}");
}

/// A transition takes as much of the element before the cut as lies there, wherever its own end was rounded to.
#[test]
fn a_transition_over_the_whole_of_a_slow_clip() {
    let body = r#"{
        "duration": 6.2, "frame_rate": 30,
        "elements": [
            {"type": "video", "id": "a", "source_url": "https://m.example/a.mp4", "in_point": 1, "out_point": 3.9,
             "speed": 0.3333333333333333},
            {"type": "video", "id": "b", "source_url": "https://m.example/b.mp4", "time": 0.9666666666666667,
             "in_point": 2, "out_point": 5.15, "speed": 3}
        ],
        "transitions": [{"type": "cross_dissolve", "duration": 2, "from_id": "a", "to_id": "b"}]
    }"#;
    settles(body);
}

/// Of an element that the film cuts off at once, nothing can be written.
#[test]
fn an_element_of_less_than_a_billionth_of_a_thousandth() {
    let body = r#"{"duration": 5, "elements": [
        {"type": "video", "id": "a", "source_url": "https://m.example/a.mp4", "in_point": 0, "out_point": 5},
        {"type": "text", "id": "t", "text": "hi", "duration": 0.0000000000000001}
    ]}"#;
    let imported = import(&read(body), "film");
    assert_eq!(imported.remarks.len(), 1, "{:?}", imported.remarks);
    compile(&imported.source);
}

/// A speed with more places than a number of the language is rounded, and what is played of the media with it.
#[test]
fn a_speed_that_no_number_can_say() {
    let body = r#"{
        "duration": 10,
        "elements": [
            {"type": "video", "id": "a", "source_url": "https://m.example/v.mp4", "volume": 0, "in_point": 0,
             "out_point": 10, "speed": 0.3333333333333333}
        ]
    }"#;
    let (source, _) = settles(body);
    assert!(source.contains("[0s..3.33333333333s]"), "{source}");
}

/// A motion may end with its element, which the end of the film cuts off.
#[test]
fn a_motion_longer_than_what_the_film_leaves_of_its_element() {
    let body = r#"{
        "duration": 3, "frame_rate": 30,
        "elements": [
            {"type": "text", "id": "t", "text": "hi", "time": 1, "duration": 5, "motion": [
                {"type": "fade", "time": 1, "duration": 4},
                {"type": "zoom_in", "time": 2, "duration": 2},
                {"type": "slide_up", "time": 5, "duration": 1, "reversed": true}
            ]}
        ]
    }"#;
    let imported = import(&read(body), "film");
    expect_test::expect![[r#"
        composition film {
          text t "hi" at 1s for 2s {
            motion fade for 4s
            motion zoom_in at 1s for 2s
            motion slide_up at 4s for 1s { reversed: true }
          }
        }
    "#]]
    .assert_eq(&imported.source);
    compile(&imported.source);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn canonical_bodies_come_back(body in body()) {
        let canonical = write(&read(&body));
        let (back, source, remarks) = there_and_back(&canonical);
        if remarks.is_empty() && is_inside(&canonical) {
            prop_assert_eq!(unordered(&back), unordered(&canonical), "{}", source);
        }
        // What the language says otherwise it says so once and for all. Elements that a body ends a
        // rounding after the film are cut off once more.
        let (again, source, _) = there_and_back(&back);
        let before = if is_inside(&back) { back } else { again.clone() };
        let after = if before == again { there_and_back(&again).0 } else { again };
        prop_assert_eq!(after, before, "{}", source);
    }
}
