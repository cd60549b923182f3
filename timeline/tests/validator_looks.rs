//! One broken timeline for each thing the validator says about groups, shapes, masks and easings.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use vid_timeline::api::{self, NoMedia};
use vid_timeline::{
    Angle, Animated, Background, Blending, Color, Content, Easing, Element, FillRule, Geometry, GradientStop,
    Group, Keyframe, Layer, Mask, MaskMode, MaskPlace, MaskSource, MediaSource, Paint, Rational, Shape, Size,
    Sound, Stroke, Time, Timeline, Transition, TransitionAudio, TransitionType, ViewBox, validate,
};

/// A text and a video with sound.
fn film() -> Timeline {
    let body = r#"{ "width": 640, "height": 360, "duration": 8, "frame_rate": 25, "elements": [
        { "type": "text", "id": "title", "text": "hi", "duration": 2 },
        { "type": "video", "id": "clip", "source_url": "https://m.example/v.mp4", "out_point": 4 } ] }"#;
    api::from_json(body, &NoMedia).timeline.unwrap()
}

fn errors(timeline: &Timeline) -> Vec<String> {
    let errors = validate(timeline).map_or_else(|errors| errors, |()| Vec::new());
    errors.iter().map(ToString::to_string).collect()
}

fn check(change: impl FnOnce(&mut Timeline), expected: &[&str]) {
    let mut timeline = film();
    change(&mut timeline);
    assert_eq!(errors(&timeline), expected);
}

fn title(timeline: &mut Timeline) -> &mut Element {
    &mut timeline.elements[0]
}

fn layer(timeline: &mut Timeline) -> &mut Layer {
    title(timeline).layer.as_mut().unwrap()
}

fn number(value: i64) -> Rational {
    Rational::integer(value)
}

fn rect() -> Shape {
    let fill = Some(Paint::Solid(Color::WHITE));
    Shape { geometry: Geometry::Rect { radius: vid_timeline::Length::ZERO }, fill, stroke: None }
}

fn group(elements: Vec<Element>) -> Content {
    Content::Group(Box::new(Group {
        size: Size { width: 100, height: 50 },
        frame_rate: None,
        background: None,
        blending: Blending::Gamma,
        elements,
        transitions: Vec::new(),
    }))
}

/// The title as the only element of a group of that name, `depth` times.
fn nested(timeline: &Timeline, depth: usize) -> Element {
    let mut inner = timeline.elements[0].clone();
    for level in 0..depth {
        let mut outer = inner.clone();
        outer.id = format!("g{level}");
        outer.content = group(vec![inner]);
        inner = outer;
    }
    inner
}

#[test]
fn groups() {
    check(|t| t.elements[0] = nested(t, 3), &[]);
    check(|t| t.elements[0] = nested(t, 66), &["`g0`: groups and mattes are nested more than 64 deep"]);
    check(
        |t| {
            let mut outer = nested(t, 1);
            outer.id = "title".to_owned();
            t.elements[0] = outer;
        },
        &["`title`: another element has the same id"],
    );
    check(
        |t| {
            let Content::Group(mut group) = group(Vec::new()) else { unreachable!() };
            group.size.width = 4;
            group.background = Some(Background { color: Color::BLACK, image: Some(String::new()) });
            title(t).content = Content::Group(group);
            title(t).sound = Some(Sound::default());
        },
        &[
            "`title`: the group cannot have a sound",
            "`title`: a canvas of 4x50 has a side outside 16–8192 pixels",
            "`title`: the source names no file",
        ],
    );
}

#[test]
fn transitions_stay_inside_their_group() {
    let passage = |from: Option<&str>, to: Option<&str>| Transition {
        kind: TransitionType::Iris,
        from: from.map(str::to_owned),
        to: to.map(str::to_owned),
        record_range: vid_timeline::TimeRange::at(Time::ZERO, Time::new(1, 1)),
        audio: TransitionAudio::Cut,
        z_index: None,
        origin: None,
    };
    check(|t| t.transitions.push(passage(None, Some("title"))), &[]);
    check(
        |t| t.transitions.push(passage(None, None)),
        &["transition: it joins nothing: neither side is an element"],
    );
    check(|t| t.transitions.push(passage(Some("clip"), None)), &[]);
    check(
        |t| {
            t.elements[0] = nested(t, 1);
            t.transitions.push(passage(None, Some("title")));
        },
        &["transition into `title`: no element has the id `title`"],
    );
}

#[test]
fn shapes() {
    let shape = |change: fn(&mut Shape)| {
        move |t: &mut Timeline| {
            let mut shape = rect();
            change(&mut shape);
            title(t).content = Content::Shape(Box::new(shape));
        }
    };
    check(shape(|_| {}), &[]);
    check(
        shape(|shape| {
            let view_box = ViewBox { x: number(0), y: number(0), width: number(0), height: number(9) };
            let data = "M 1 1 X".to_owned();
            let fill_rule = FillRule::Nonzero;
            shape.geometry = Geometry::Path { data, view_box: Some(view_box), fill_rule };
        }),
        &[
            "`title`: the shape has a broken path: `X` is no command of a path; the commands are M L H V C S Q T A Z",
            "`title`: `view_box` is 0, but must be greater than zero",
        ],
    );
    check(
        shape(|shape| {
            let stop = |offset| GradientStop { offset: number(offset), color: Color::BLACK };
            shape.fill = Some(Paint::Linear { angle: Angle::ZERO, stops: vec![stop(5)] });
            let stops = vec![stop(50), stop(120), stop(20)];
            let center = [vid_timeline::Length::HALF; 2];
            let paint = Paint::Radial { center, stops };
            shape.stroke = Some(Stroke { dash: vec![number(0); 2], ..Stroke::plain(paint, number(0)) });
        }),
        &[
            "`title`: a gradient needs two stops or more, and has 1",
            "`title`: `stop` is 120, outside 0 to 100",
            "`title`: the stop of a gradient at 20% comes after one at 120%",
            "`title`: `stroke_width` is 0, but must be greater than zero",
            "`title`: dashes of a stroke are two lengths or more, not all of them zero",
        ],
    );
}

#[test]
fn masks() {
    let mask =
        |source| Some(Mask { source, mode: MaskMode::Alpha, inverted: false, feather: Rational::ZERO });
    check(
        |t| {
            let source = MediaSource { location: String::new(), natural: None };
            let place =
                MaskPlace { width: vid_timeline::Length::Pixels(number(-1)).into(), ..MaskPlace::default() };
            layer(t).mask = mask(MaskSource::Image { source, place: Box::new(place) });
            layer(t).mask.as_mut().unwrap().feather = number(-2);
        },
        &[
            "`title`: the source names no file",
            "`title`: `feather` is -2, outside 0 to 1000",
            "`title`: `width` is -1, below zero",
        ],
    );
    check(
        |t| {
            let mut matte = t.elements.remove(1);
            let mut inner = t.elements[0].clone();
            inner.id = "inner".to_owned();
            matte.sound = Some(Sound::default());
            matte.layer.as_mut().unwrap().mask = mask(MaskSource::Element(Box::new(inner)));
            layer(t).mask = mask(MaskSource::Element(Box::new(matte)));
        },
        &["`title`: the matte has a sound", "`title`: the matte has another element as its own matte"],
    );
}

#[test]
fn easings_and_sound() {
    let eased = |easing| {
        move |t: &mut Timeline| {
            let key = |time, value| Keyframe { time: Time::new(time, 1), value: number(value), easing };
            layer(t).opacity = Animated::Keyframes(vec![key(0, 0), key(1, 100)]);
        }
    };
    let [none, half, two] = [number(0), Rational::ratio(1, 2), number(2)];
    check(eased(Easing::Cubic { x1: half, y1: two, x2: none, y2: -two }), &[]);
    check(
        eased(Easing::Cubic { x1: two, y1: none, x2: half, y2: number(1001) }),
        &[
            "`title`: `cubic time` is 2, outside 0 to 1",
            "`title`: `cubic progress` is 1001, outside -1000 to 1000",
            "`title`: `cubic time` is 2, outside 0 to 1",
            "`title`: `cubic progress` is 1001, outside -1000 to 1000",
        ],
    );
    let steps = "`title`: `steps` is 0, outside 1 to 10000";
    check(eased(Easing::Steps { count: 0 }), &[steps, steps]);
    let bounce = "`title`: `bounce` is 2, outside 0 to 0.9";
    check(eased(Easing::Spring { bounce: two }), &[bounce, bounce]);
    check(
        |t| {
            let sound = t.elements[1].sound.as_mut().unwrap();
            sound.pan = Animated::Constant(number(101));
            sound.duck = Some(Animated::Keyframes(Vec::new()));
        },
        &[
            "`clip`: `duck` has a list of keyframes without a keyframe",
            "`clip`: `pan` is 101, outside -100 to 100",
        ],
    );
}
