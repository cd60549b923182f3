//! Groups on the way into a body: where their elements end up, and what is said about the rest.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use vid_timeline::api::{self, NoMedia, ToJsonOptions};
use vid_timeline::{
    Animated, Background, Blending, Color, Content, Easing, Element, Fit, Group, Keyframe, Layer, Length,
    Rational, Size, Time, TimeRange, Timeline, validate,
};

/// A film of 640×360 with a group of 200×100 that holds two texts one after the other.
fn film() -> Timeline {
    let body = r#"{ "width": 640, "height": 360, "duration": 8, "frame_rate": 25, "elements": [
        { "type": "text", "id": "below", "text": "below", "duration": 8, "z_index": 0 },
        { "type": "text", "id": "one", "text": "one", "time": 1, "duration": 2, "z_index": 1,
          "x": "25%", "y": 20, "width": "50%", "font_size": 10, "stroke_width": 4, "border_radius": 3 },
        { "type": "text", "id": "two", "text": "two", "time": 3, "duration": 2, "z_index": 2 },
        { "type": "text", "id": "above", "text": "above", "duration": 8, "z_index": 3 } ] }"#;
    let mut timeline = api::from_json(body, &NoMedia).timeline.unwrap();
    let inner: Vec<Element> = timeline.elements.drain(1..3).collect();
    let mut outer = timeline.elements[0].clone();
    outer.id = "card".to_owned();
    outer.record_range = TimeRange::new(Time::new(1, 1), Time::new(4, 1));
    outer.content = Content::Group(Box::new(Group {
        size: Size { width: 200, height: 100 },
        frame_rate: None,
        background: None,
        blending: Blending::Gamma,
        elements: inner,
        transitions: Vec::new(),
    }));
    timeline.elements.insert(1, outer);
    timeline
}

fn layer(timeline: &mut Timeline) -> &mut Layer {
    timeline.elements[1].layer.as_mut().unwrap()
}

/// Id, place, size, time and layer of each element of the body, then the verdicts.
fn check(change: impl FnOnce(&mut Timeline), expected: &[&str]) {
    let mut timeline = film();
    change(&mut timeline);
    validate(&timeline).unwrap();
    let written = api::to_json(&timeline, &ToJsonOptions::default());
    let body = serde_json::to_value(&written.body).unwrap();
    let elements = body["elements"].as_array().unwrap();
    let mut shown: Vec<String> = elements
        .iter()
        .filter(|element| !["below", "above"].contains(&element["id"].as_str().unwrap()))
        .map(|e| {
            let [x, y, w, h] = ["x", "y", "width", "height"].map(|key| e[key].to_string().replace('"', ""));
            let (id, size, z) = (e["id"].as_str().unwrap(), &e["font_size"], &e["z_index"]);
            format!("{id} {x} {y} {w}x{h} {}+{} size {size} z{z} {}", e["time"], e["duration"], e["opacity"])
        })
        .collect();
    shown.extend(written.verdicts.iter().map(ToString::to_string));
    assert_eq!(shown, expected);
}

fn number(value: i64) -> Rational {
    Rational::integer(value)
}

#[test]
fn a_group_that_fills_the_canvas_is_scaled_up_in_its_middle() {
    // 640 / 200 = 3.2; the canvas is 320 high and 20 from the top.
    check(|_| {}, &["one 160 84 320x320 1+2 size 32 z1 100", "two 320 180 640x320 3+1 size 51.2 z2 100"]);
}

#[test]
fn a_group_is_scaled_about_its_anchor() {
    check(
        |t| {
            let layer = layer(t);
            (layer.width, layer.height) =
                (Length::Pixels(number(200)).into(), Length::Pixels(number(100)).into());
            (layer.x, layer.x_anchor) = (Length::ZERO.into(), Length::ZERO);
            (layer.x_scale, layer.y_scale) = (number(50).into(), number(50).into());
        },
        &["one 25 165 50x50 1+2 size 5 z1 100", "two 50 180 100x50 3+1 size 8 z2 100"],
    );
}

#[test]
fn opacity_is_that_of_each_element() {
    check(
        |t| layer(t).opacity = number(50).into(),
        &["one 160 84 320x320 1+2 size 32 z1 50", "two 320 180 640x320 3+1 size 51.2 z2 50"],
    );
    check(
        |t| {
            let key = |time, value| Keyframe {
                time: Time::new(time, 1),
                value: number(value),
                easing: Easing::Linear,
            };
            layer(t).opacity = Animated::Keyframes(vec![key(0, 0), key(1, 100)]);
            let Content::Group(group) = &mut t.elements[1].content else { unreachable!() };
            group.elements.remove(1);
        },
        &["one 160 84 320x320 1+2 size 32 z1 100"],
    );
    check(
        |t| {
            layer(t).opacity = number(50).into();
            let Content::Group(group) = &mut t.elements[1].content else { unreachable!() };
            group.elements[1].record_range = group.elements[0].record_range;
        },
        &[
            "one 160 84 320x320 1+2 size 32 z1 50",
            "two 320 180 640x320 1+2 size 51.2 z2 50",
            "approximated[group] card: its opacity becomes that of each of its elements, which show through each other",
        ],
    );
}

#[test]
fn what_several_elements_cannot_have_together_is_refused() {
    check(
        |t| {
            layer(t).fit = Fit::Stretch;
            layer(t).flip_vertical = true;
            let Content::Group(group) = &mut t.elements[1].content else { unreachable!() };
            group.background = Some(Background { color: Color::BLACK, image: None });
            group.elements.truncate(1);
        },
        &[
            "one 50 20 100x100 1+2 size 10 z1 100",
            "refused[group] card: a body has no groups, so several elements cannot have a background of its own together",
            "refused[group] card: a body has no groups, so several elements cannot have a mirrored picture together",
            "refused[group] card: its picture is moved, or stretched unevenly, and a body cannot do that to several elements",
        ],
    );
}
