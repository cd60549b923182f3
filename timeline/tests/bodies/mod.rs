//! Bodies of the contract, at random.

#![allow(dead_code, reason = "each test takes what it needs")]

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use vid_timeline::TransitionType;

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
pub fn body() -> impl Strategy<Value = String> {
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
