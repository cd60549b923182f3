//! Properties of the two conversions: identity on canonical bodies, frames that stay where they
//! are, and no panic on anything.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use serde_json::{Map, Value, json};
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

/// Numbers as people and programs write them: few places, many places, the dust of float sums.
fn seconds(range: std::ops::Range<i64>) -> impl Strategy<Value = f64> {
    let (low, high) = (range.start, range.end);
    prop_oneof![
        (low * 1000..high * 1000).prop_map(|millis| millis as f64 / 1000.0),
        (low * 3..high * 3).prop_map(|thirds| thirds as f64 / 3.0),
        (low..high).prop_map(|whole| whole as f64),
        Just(0.1 + 0.2 + low as f64),
    ]
}

fn percent() -> impl Strategy<Value = Value> {
    (0..=100_000).prop_map(|thousandths: i32| json!(f64::from(thousandths) / 1000.0))
}

fn dimension() -> impl Strategy<Value = Value> {
    let number = -4000..4000_i32;
    prop_oneof![
        number.clone().prop_map(|n| json!(n)),
        number.clone().prop_map(|n| json!(format!("{}%", f64::from(n) / 16.0))),
        number.prop_map(|n| json!(format!("{n}px"))),
    ]
}

fn size() -> impl Strategy<Value = Value> {
    prop_oneof![(1..4000).prop_map(|n| json!(n)), (1..200).prop_map(|n| json!(format!("{n}%")))]
}

fn angle() -> impl Strategy<Value = Value> {
    let number = -720..720_i32;
    prop_oneof![
        number.clone().prop_map(|n| json!(n)),
        number.clone().prop_map(|n| json!(format!("{n}°"))),
        number.clone().prop_map(|n| json!(format!("{n}deg"))),
        number.prop_map(|n| json!(format!("{}rad", f64::from(n) / 100.0))),
    ]
}

fn color() -> impl Strategy<Value = Value> {
    prop_oneof!["#[0-9a-fA-F]{6}", "#[0-9a-f]{8}"].prop_map(Value::from)
}

fn name<T: Copy + std::fmt::Debug + std::fmt::Display + 'static>(
    values: &'static [T],
) -> impl Strategy<Value = Value> {
    prop::sample::select(values).prop_map(|value| json!(value.to_string()))
}

/// Each field, or none of it.
fn fields(all: Vec<(&'static str, BoxedStrategy<Value>)>) -> impl Strategy<Value = Map<String, Value>> {
    let maybe = |(key, value): (&'static str, BoxedStrategy<Value>)| {
        prop::option::weighted(0.3, value).prop_map(move |value| value.map(|value| (key.to_owned(), value)))
    };
    all.into_iter().map(maybe).collect::<Vec<_>>().prop_map(|pairs| pairs.into_iter().flatten().collect())
}

fn visual() -> impl Strategy<Value = Map<String, Value>> {
    fields(vec![
        ("x", dimension().boxed()),
        ("y", dimension().boxed()),
        ("width", size().boxed()),
        ("height", size().boxed()),
        ("aspect_ratio", (1..400).prop_map(|n| json!(f64::from(n) / 100.0)).boxed()),
        ("x_anchor", dimension().boxed()),
        ("x_rotation", angle().boxed()),
        ("z_rotation", angle().boxed()),
        ("y_scale", (1..400).prop_map(|n| json!(format!("{n}%"))).boxed()),
        ("flip_vertical", any::<bool>().prop_map(Value::from).boxed()),
        ("opacity", percent().boxed()),
        ("z_index", (-3..3).prop_map(Value::from).boxed()),
        ("blend_mode", name(vid_timeline::BlendMode::ALL).boxed()),
        ("color_overlay", color().boxed()),
        ("border_radius", size().boxed()),
        ("shadow_color", color().boxed()),
        ("shadow_x", dimension().boxed()),
        ("name", "[a-z]{0,4}".prop_map(Value::from).boxed()),
        ("track", (0..256).prop_map(Value::from).boxed()),
    ])
}

fn picture() -> impl Strategy<Value = Map<String, Value>> {
    let effect = (name(vid_timeline::EffectType::ALL), percent())
        .prop_map(|(kind, intensity)| json!({"type": kind, "intensity": intensity}));
    fields(vec![
        ("crop_top", (0..49).prop_map(|n| json!(f64::from(n) / 100.0)).boxed()),
        ("crop_bottom", (0..49).prop_map(|n| json!(f64::from(n) / 100.0)).boxed()),
        ("brightness", (-100..=100).prop_map(Value::from).boxed()),
        ("hue_rotate", (-180..=180).prop_map(Value::from).boxed()),
        ("lut_url", Just(json!("https://m.example/l.cube")).boxed()),
        ("effects", prop::collection::vec(effect, 0..3).prop_map(Value::from).boxed()),
    ])
}

fn typography() -> impl Strategy<Value = Map<String, Value>> {
    fields(vec![
        ("font_size", (1..500).prop_map(|n| json!(f64::from(n) / 2.0)).boxed()),
        ("font_weight", (100..=900).prop_map(Value::from).boxed()),
        ("text_color", color().boxed()),
        ("text_align", name(vid_timeline::TextAlign::ALL).boxed()),
        ("tracking", (-20..20).prop_map(Value::from).boxed()),
        ("stroke_width", (0..30).prop_map(|n| json!(f64::from(n) / 10.0)).boxed()),
        ("background", any::<bool>().prop_map(Value::from).boxed()),
        ("background_color", color().boxed()),
    ])
}

fn trim() -> impl Strategy<Value = Map<String, Value>> {
    let speed = prop_oneof![Just(1.0), Just(2.0), Just(0.25), Just(1.5), Just(0.3), Just(4.0 / 3.0)];
    (seconds(0..50), seconds(1..40), speed, seconds(0..2)).prop_map(|(start, length, speed, fade)| {
        let object =
            json!({"in_point": start, "out_point": start + length, "speed": speed, "fade_in_duration": fade});
        object.as_object().cloned().unwrap()
    })
}

fn element() -> impl Strategy<Value = Map<String, Value>> {
    let video = (visual(), picture(), trim(), percent()).prop_map(|(a, b, c, volume)| {
        let base = json!({"type": "video", "source_url": "https://m.example/v.MP4?x=1", "volume": volume});
        merge([base.as_object().cloned().unwrap(), a, b, c])
    });
    let audio = trim().prop_map(|trim| {
        let base = json!({"type": "audio", "source_url": "https://m.example/a.mp3", "volume": 40});
        merge([base.as_object().cloned().unwrap(), trim])
    });
    let image = (visual(), picture(), seconds(1..20)).prop_map(|(a, b, duration)| {
        let base = json!({"type": "image", "source_url": "https://m.example/i.png", "duration": duration});
        merge([base.as_object().cloned().unwrap(), a, b])
    });
    let text = (visual(), typography(), seconds(1..20)).prop_map(|(a, b, duration)| {
        let base = json!({"type": "text", "text": "words\nof \"mine\"", "duration": duration});
        merge([base.as_object().cloned().unwrap(), a, b])
    });
    (prop_oneof![video, audio, image, text], seconds(0..30)).prop_map(|(mut element, time)| {
        element.insert("time".to_owned(), json!(time));
        element
    })
}

fn merge(parts: impl IntoIterator<Item = Map<String, Value>>) -> Map<String, Value> {
    parts.into_iter().flatten().collect()
}

/// A body the contract allows, with transitions between some of its pictures.
fn body() -> impl Strategy<Value = String> {
    let transition = (0..8_usize, 0..8_usize, name(TransitionType::ALL), seconds(1..3));
    let elements = prop::collection::vec(element(), 0..8);
    let rate = prop::sample::select(vec![1, 12, 24, 25, 30, 50, 60, 240]);
    (elements, prop::collection::vec(transition, 0..4), rate, prop::option::of(seconds(1..40))).prop_map(
        |(mut elements, transitions, rate, duration)| {
            for (index, element) in elements.iter_mut().enumerate() {
                element.insert("id".to_owned(), json!(format!("e{index}")));
            }
            let is_picture = |index: &usize| elements.get(*index).is_some_and(|e| e["type"] != "audio");
            let transitions: Vec<Value> = transitions
                .into_iter()
                .filter(|(from, to, ..)| from != to && is_picture(from) && is_picture(to))
                .map(|(from, to, kind, duration)| {
                    json!({"type": kind, "from_id": format!("e{from}"), "to_id": format!("e{to}"), "duration": duration})
                })
                .collect();
            let mut body = json!({"frame_rate": rate, "elements": elements, "transitions": transitions});
            if let Some(duration) = duration {
                body["duration"] = json!(duration);
            }
            body.to_string()
        },
    )
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
    Clip { source, source_range: TimeRange::at(source_start, record.duration() * speed), speed }
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
        from: "a".to_owned(),
        to: "b".to_owned(),
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
