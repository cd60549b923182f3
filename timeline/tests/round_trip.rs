//! Properties of the two conversions: identity on canonical bodies, frames that stay where they
//! are, and no panic on anything.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "bodies/mod.rs"]
mod bodies;

use bodies::body;
use proptest::prelude::*;
use serde_json::{Value, json};
use vid_timeline::api::{self, NoMedia, ToJsonOptions};
use vid_timeline::{
    Clip, Container, ContainerKind, Content, Element, FrameRate, Layer, MediaSource, Rational, Size, Sound,
    Text, Time, TimeRange, Timeline, Transition, TransitionAudio, TransitionType, validate,
};

fn read(text: &str) -> Timeline {
    let read = api::from_json(text, &NoMedia);
    read.timeline.unwrap_or_else(|| panic!("{:#?}\n{text}", read.violations))
}

fn write(timeline: &Timeline) -> String {
    api::to_json(timeline, &ToJsonOptions::default()).body.to_text()
}

proptest! {
    #[test]
    fn canonical_bodies_come_back_unchanged(body in body()) {
        let first = write(&read(&body));
        let second = write(&read(&first));
        prop_assert_eq!(first, second);
    }

    #[test]
    fn a_body_of_the_contract_keeps_its_frames(body in body()) {
        let before = read(&body);
        prop_assert!(validate(&before).is_ok());
        let after = read(&write(&before));
        prop_assert_eq!(before.frame_count(), after.frame_count());
        for transition in &before.transitions {
            let same = after.transitions.iter().find(|t| t.from == transition.from && t.to == transition.to);
            let range = transition.record_range.frames(before.frame_rate);
            prop_assert_eq!(Some(range), same.map(|t| t.record_range.frames(after.frame_rate)));
        }
        prop_assert_eq!(ids_in_paint_order(&before), ids_in_paint_order(&after));
    }

    #[test]
    fn timelines_keep_their_frames_and_samples(timeline in timeline()) {
        prop_assert!(validate(&timeline).is_ok(), "{:?}", validate(&timeline));
        let after = read(&write(&timeline));
        prop_assert_eq!(timeline.frame_count(), after.frame_count());
        prop_assert_eq!(timeline.sample_count(), after.sample_count());
        let rate = timeline.frame_rate;
        for element in &timeline.elements {
            let same = after.element(&element.id).unwrap();
            prop_assert_eq!(element.record_range.frames(rate), same.record_range.frames(rate));
            prop_assert_eq!(element.record_range.start.to_sample(), same.record_range.start.to_sample());
            prop_assert_eq!(element.record_range.end.to_sample(), same.record_range.end.to_sample());
            prop_assert!(never_earlier(element, same, rate));
        }
    }

    #[test]
    fn overlaps_become_the_same_windows(a in 2..6_i64, d in 1..12_i64, b in 2..6_i64, speed in 1..5_i64) {
        let timeline = overlap(a, Time::new(d, 7), b, Rational::ratio(speed, 3));
        prop_assert!(validate(&timeline).is_ok(), "{:?}", validate(&timeline));
        let after = read(&write(&timeline));
        let rate = timeline.frame_rate;
        let window = timeline.transitions[0].record_range;
        prop_assert_eq!(window.frames(rate), after.transitions[0].record_range.frames(rate));
        // Both media run on the lines they ran on before.
        for (old, new) in timeline.elements.iter().zip(&after.elements) {
            let at = |e: &Element| e.content.clip().unwrap().source_from_record(e.record_range, window.start).to_f64();
            prop_assert!((at(old) - at(new)).abs() < 1e-7);
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,200}") {
        let _ = api::from_json(&text, &NoMedia);
        let _ = api::media_urls(&text);
    }

    #[test]
    fn no_json_panics(mut value in body().prop_map(|body| serde_json::from_str::<Value>(&body).unwrap()), damage in damage()) {
        damage_one(&mut value, damage);
        let read = api::from_json(&value.to_string(), &NoMedia);
        if let Some(timeline) = read.timeline {
            prop_assert!(validate(&timeline).is_ok());
            let _ = write(&timeline);
        }
    }
}

fn ids_in_paint_order(timeline: &Timeline) -> Vec<&str> {
    timeline.paint_order().into_iter().map(|index| timeline.elements[index].id.as_str()).collect()
}

/// Whether no frame of the media is shown earlier than before, and none later by more than a
/// millionth of a second: a frame that begins at the very instant of an output frame is still found.
fn never_earlier(before: &Element, after: &Element, rate: FrameRate) -> bool {
    let (Some(old), Some(new)) = (before.content.clip(), after.content.clip()) else { return true };
    let frames = before.record_range.frames(rate);
    let mut probes = [frames.start, (frames.start + frames.end) / 2, frames.end - 1].into_iter();
    probes.all(|frame| {
        let at = Time::from_frame(frame, rate);
        let shown = |clip: &Clip, element: &Element| clip.source_from_record(element.record_range, at);
        let late = shown(new, after) - shown(old, before);
        !late.is_negative() && late.to_f64() < 1e-6
    })
}

fn empty(rate: FrameRate, duration: Time) -> Timeline {
    let mut timeline = api::from_json("{}", &NoMedia).timeline.unwrap();
    timeline.frame_rate = rate;
    timeline.duration = duration;
    timeline.size = Size { width: 640, height: 360 };
    timeline.containers = vec![Container {
        kind: ContainerKind::Stack,
        name: None,
        parent: None,
        record_range: TimeRange::new(Time::ZERO, duration),
        origin: None,
    }];
    timeline
}

fn place(id: String, record_range: TimeRange, content: Content) -> Element {
    let is_audio = matches!(content, Content::Audio(_));
    let has_sound = content.clip().is_some();
    let layer = Layer { fit: vid_timeline::Fit::Stretch, ..Layer::default() };
    Element {
        id,
        name: None,
        track: None,
        record_range,
        content,
        layer: (!is_audio).then_some(layer),
        sound: has_sound.then(Sound::default),
        container: 0,
        origin: None,
    }
}

fn clip(source_start: Time, record: TimeRange, speed: Rational) -> Clip {
    let source = MediaSource { location: "https://m.example/v.mp4".to_owned(), natural: None };
    Clip::once(source, TimeRange::at(source_start, record.duration() * speed), speed)
}

/// Times that no decimal can say: thirds, sevenths, frames of 29.97.
fn awkward(range: std::ops::Range<i64>) -> impl Strategy<Value = Time> {
    let (low, high) = (range.start, range.end);
    prop_oneof![
        (low * 30000..high * 30000).prop_map(|n| Time::new(n * 1001, 30_000_000)),
        (low * 60..high * 60).prop_map(|n| Time::new(n, 60)),
        (low * 48000..high * 48000).prop_map(|n| Time::new(n, 48_000)),
        (low * 96000..high * 96000).prop_map(|n| Time::new(n, 96_000)),
        (low * 7..high * 7).prop_map(|n| Time::new(n, 7)),
    ]
}

fn timeline() -> impl Strategy<Value = Timeline> {
    let speed = prop::sample::select(vec![(1, 1), (2, 3), (4, 7), (3, 1), (1, 3)]);
    let element = (0..4, awkward(0..40), awkward(1..20), awkward(0..100), speed);
    let rate = prop::sample::select(vec![24, 25, 30, 50, 60]);
    (prop::collection::vec(element, 1..6), rate, awkward(1..60)).prop_map(|(elements, rate, duration)| {
        let mut timeline = empty(FrameRate::whole(rate).unwrap(), duration);
        for (index, (kind, start, length, source, (n, d))) in elements.into_iter().enumerate() {
            let record = TimeRange::at(start, length + Time::new(1, 10));
            let content = match kind {
                0 => Content::Video(clip(source, record, Rational::ratio(n, d))),
                1 => Content::Audio(clip(source, record, Rational::ratio(n, d))),
                2 => Content::Image(clip(source, record, Rational::ONE).source),
                _ => Content::Text(Box::new(Text::new("words"))),
            };
            timeline.elements.push(place(format!("e{index}"), record, content));
        }
        timeline
    })
}

/// Two clips of `a` and `b` seconds that overlap by `d`.
fn overlap(a: i64, d: Time, b: i64, speed: Rational) -> Timeline {
    let first = TimeRange::new(Time::ZERO, Time::new(a, 1));
    let window = TimeRange::new(first.end - d, first.end);
    let second = TimeRange::at(window.start, Time::new(b, 1));
    let mut timeline = empty(FrameRate::DEFAULT, second.end);
    timeline.elements.push(place("a".to_owned(), first, Content::Video(clip(Time::new(1, 3), first, speed))));
    timeline.elements.push(place(
        "b".to_owned(),
        second,
        Content::Video(clip(Time::new(5, 3), second, speed)),
    ));
    timeline.transitions.push(Transition {
        kind: TransitionType::CrossDissolve,
        from: Some("a".to_owned()),
        to: Some("b".to_owned()),
        record_range: window,
        audio: TransitionAudio::Crossfade,
        z_index: None,
        origin: None,
    });
    timeline
}

/// Something that does not belong where it is put.
fn damage() -> impl Strategy<Value = (usize, Value)> {
    let value = prop_oneof![
        Just(json!(null)),
        Just(json!([])),
        Just(json!({})),
        Just(json!(-1)),
        Just(json!(1e300)),
        Just(json!(1e-300)),
        Just(json!(u64::MAX)),
        Just(json!("-9999999999999999999999%")),
        Just(json!("")),
        Just(json!(true)),
        any::<f64>().prop_map(|float| json!(float)),
    ];
    (any::<usize>(), value)
}

/// Replaces one value somewhere in the tree.
fn damage_one(value: &mut Value, (place, replacement): (usize, Value)) {
    let mut children: Vec<&mut Value> = match value {
        Value::Object(map) => map.values_mut().collect(),
        Value::Array(items) => items.iter_mut().collect(),
        _ => Vec::new(),
    };
    let count = children.len() + 1;
    match children.get_mut((place % count).wrapping_sub(1)) {
        Some(child) => damage_one(child, (place / count, replacement)),
        None => *value = replacement,
    }
}
