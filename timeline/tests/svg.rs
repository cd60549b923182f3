//! The drawing of a timeline: what is in it, and that it is always the same.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use expect_test::{expect, expect_file};
use vid_timeline::api::{self, NoMedia};
use vid_timeline::svg::draw;
use vid_timeline::{
    Animated, Container, ContainerKind, Easing, Keyframe, Level, Marker, Rational, Time, TimeRange, Timeline,
    TransitionAudio, validate,
};

fn read(body: &str) -> Timeline {
    let read = api::from_json(body, &NoMedia);
    read.timeline.unwrap_or_else(|| panic!("{:?}", read.violations))
}

fn seconds(from: i64, to: i64) -> TimeRange {
    TimeRange::new(Time::from_millis(from), Time::from_millis(to))
}

/// Two clips that overlap in a dissolve, a third after a wipe, a logo, a caption and titles, music that
/// is turned down under the clips.
fn film() -> Timeline {
    let mut film = read(
        r#"{ "width": 1920, "height": 1080, "duration": 14, "frame_rate": 25, "output_filename": "launch", "elements": [
        { "type": "video", "id": "picture.intro", "source_url": "https://m.example/media/intro.mp4", "time": 0, "in_point": 2, "out_point": 6, "volume": 60, "fade_in_duration": 0.5 },
        { "type": "video", "id": "picture.demo", "source_url": "https://m.example/media/demo.mp4", "time": 4, "in_point": 12, "out_point": 22, "speed": 2, "z_index": 1 },
        { "type": "image", "id": "picture.logo", "source_url": "https://m.example/media/logo.png", "time": 9, "duration": 5, "z_index": 2 },
        { "type": "text", "id": "title", "text": "Ship it", "time": 0.5, "duration": 3, "z_index": 3, "motion": [ { "type": "slide_up", "time": 0.5, "duration": 0.4 } ] },
        { "type": "text", "id": "line", "text": "it is as easy <as> that", "time": 4.4, "duration": 2.4, "z_index": 4, "word_animation": { "style": "box", "words": [
            { "text": "it", "start": 4.4, "end": 4.8 }, { "text": "is", "start": 4.8, "end": 5.2 }, { "text": "as", "start": 5.2, "end": 5.5 } ] } },
        { "type": "image", "id": "bug", "source_url": "https://m.example/media/bug.png", "time": 0, "duration": 14, "z_index": 9 },
        { "type": "audio", "id": "bed", "source_url": "https://m.example/media/bed.mp3", "time": 0, "out_point": 14, "volume": 80, "fade_out_duration": 2 },
        { "type": "audio", "id": "voice", "source_url": "https://m.example/media/voice.wav", "time": 5, "out_point": 4 } ],
        "transitions": [
        { "type": "cross_dissolve", "from_id": "picture.intro", "to_id": "picture.demo", "duration": 1 },
        { "type": "wipe_left", "from_id": "picture.demo", "to_id": "picture.logo", "duration": 0.6 } ] }"#,
    );
    let container = |kind, name: Option<&str>, parent, range| Container {
        kind,
        name: name.map(str::to_owned),
        parent: Some(parent),
        record_range: range,
        origin: None,
    };
    film.containers.push(container(ContainerKind::Sequence, Some("picture"), 0, seconds(0, 14_000)));
    film.containers.push(container(ContainerKind::Stack, None, 1, seconds(4_000, 9_000)));
    for (name, time) in [("drop", 4_000), ("applause", 4_200), ("end", 12_000)] {
        film.markers.push(Marker { name: name.to_owned(), time: Time::from_millis(time), origin: None });
    }
    let bed = film.elements.iter_mut().find(|element| element.id == "bed").unwrap();
    let key = |time, value| Keyframe {
        time: Time::from_millis(time),
        value: Level::Decibels(Rational::integer(value)),
        easing: Easing::EaseInOut,
    };
    let sound = bed.sound.as_mut().unwrap();
    sound.duck =
        Some(Animated::Keyframes(vec![key(4_700, 0), key(5_000, -12), key(9_000, -12), key(9_500, 0)]));
    film.transitions[0].audio = TransitionAudio::Crossfade;
    film
}

#[test]
fn a_film_is_drawn() {
    expect_file!["svg/film.svg"].assert_eq(&draw(&film()));
}

/// Every text between tags, in order.
fn labels(svg: &str) -> String {
    let texts = svg.lines().filter_map(|line| line.strip_prefix("<text class=\""));
    let shown = texts.filter_map(|line| {
        let (class, rest) = line.split_once('"')?;
        let text = rest.split_once('>')?.1.strip_suffix("</text>")?;
        Some(format!("{class}: {text}\n"))
    });
    shown.collect()
}

#[test]
fn the_smallest_film_is_drawn() {
    let film = read(r#"{ "width": 16, "height": 16, "duration": 0.04, "frame_rate": 25, "elements": [] }"#);
    expect![[r#"
        name: render
        facts: 16x16 · 25fps · 00:00:00:01 · 1 frames
        tick-name: 00:00:00
    "#]]
    .assert_eq(&labels(&draw(&film)));
}

#[test]
fn what_is_in_front_is_higher() {
    let film = read(
        r#"{ "duration": 10, "elements": [
        { "type": "text", "id": "back", "text": "back", "time": 0, "duration": 10, "z_index": 0 },
        { "type": "text", "id": "front", "text": "front", "time": 2, "duration": 2, "z_index": 1 },
        { "type": "text", "id": "later", "text": "later", "time": 6, "duration": 2, "z_index": 2 },
        { "type": "text", "id": "top", "text": "top", "time": 3, "duration": 4, "z_index": 3 } ] }"#,
    );
    expect![[r#"
        name: render
        facts: 1280x720 · 30fps · 00:00:10:00 · 300 frames
        label: top
        label: front
        label: later
        label: back
        tick-name: 00:00:00
        tick-name: 00:01:00
        tick-name: 00:02:00
        tick-name: 00:03:00
        tick-name: 00:04:00
        tick-name: 00:05:00
        tick-name: 00:06:00
        tick-name: 00:07:00
        tick-name: 00:08:00
        tick-name: 00:09:00
    "#]]
    .assert_eq(&labels(&draw(&film)));
}

#[test]
fn text_cannot_break_out_of_the_drawing() {
    let mut film = film();
    film.name = "</title><script>alert(1)</script>\u{0}\u{ffff}".to_owned();
    let svg = draw(&film);
    assert!(!svg.contains("<script"), "{svg}");
    assert!(!svg.contains('\u{0}') && !svg.contains('\u{ffff}'));
}

#[test]
fn a_day_and_ten_thousand_elements_are_drawn() {
    let mut film = read(
        r#"{ "duration": 86400, "elements": [
        { "type": "text", "id": "t", "text": "t", "time": 0, "duration": 86400 } ] }"#,
    );
    let one = film.elements[0].clone();
    film.elements = (0..10_000_i64)
        .map(|index| {
            let mut element = one.clone();
            element.id = format!("t{index}");
            element.record_range = seconds(index * 8_000, index * 8_000 + 8_000);
            element
        })
        .collect();
    validate(&film).unwrap();
    let svg = draw(&film);
    assert_eq!(svg.matches("<g class=\"text\">").count(), 10_000);
    assert_eq!(svg.matches("class=\"row\"").count(), 1);
}
