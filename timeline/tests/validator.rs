//! One broken timeline for each thing the validator says.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use vid_timeline::api::{self, NoMedia};
use vid_timeline::{
    Animated, ChromaSettings, Content, Crop, Easing, Effect, EffectType, Keyframe, Layer, Length, Level, Lut,
    Motion, MotionScope, MotionType, OutputFormat, Rational, Size, Sound, Text, Time, TimeRange, Timeline,
    Transition, TransitionAudio, TransitionType, Word, WordAnimation, WordStyle, validate,
};

/// A clip, an image, a text and an audio; a transition from the clip to the image.
fn film() -> Timeline {
    let body = r#"{ "width": 640, "height": 360, "duration": 8, "frame_rate": 25, "elements": [
        { "type": "video", "id": "clip", "source_url": "https://m.example/v.mp4", "out_point": 4, "z_index": 0 },
        { "type": "image", "id": "still", "source_url": "https://m.example/i.png", "time": 4, "duration": 4, "z_index": 1 },
        { "type": "text", "id": "title", "text": "hi", "duration": 2, "z_index": 2 },
        { "type": "audio", "id": "bed", "source_url": "https://m.example/a.mp3", "out_point": 8 } ],
      "transitions": [ { "type": "iris", "from_id": "clip", "to_id": "still", "duration": 1 } ] }"#;
    let timeline = api::from_json(body, &NoMedia).timeline.unwrap();
    validate(&timeline).unwrap();
    timeline
}

fn check(break_it: impl FnOnce(&mut Timeline), expected: &[&str]) {
    let mut timeline = film();
    break_it(&mut timeline);
    let errors = validate(&timeline).map_or_else(|errors| errors, |()| Vec::new());
    let shown: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(shown, expected);
}

const CLIP: usize = 0;
const STILL: usize = 1;
const TITLE: usize = 2;
const BED: usize = 3;

fn layer(timeline: &mut Timeline, index: usize) -> &mut Layer {
    timeline.elements[index].layer.as_mut().unwrap()
}

fn text(timeline: &mut Timeline) -> &mut Text {
    match &mut timeline.elements[TITLE].content {
        Content::Text(text) => text,
        other => panic!("{other:?}"),
    }
}

fn clip(timeline: &mut Timeline) -> &mut vid_timeline::Clip {
    match &mut timeline.elements[CLIP].content {
        Content::Video(clip) => clip,
        other => panic!("{other:?}"),
    }
}

fn seconds(start: i64, end: i64) -> TimeRange {
    TimeRange { start: Time::new(start, 1), end: Time::new(end, 1) }
}

fn number(value: i64) -> Rational {
    Rational::integer(value)
}

fn motion(kind: MotionType, scope: MotionScope, reversed: bool) -> Motion {
    let record_range = seconds(0, 1);
    Motion { kind, record_range, easing: Easing::Linear, reversed, scope, delay: Time::ZERO, repeats: false }
}

#[test]
fn the_film() {
    check(|t| t.duration = Time::ZERO, &["the film has no length"]);
    check(|t| t.duration = Time::new(86_401, 1), &["the film lasts 86401s, longer than a day"]);
    check(|t| t.duration = Time::new(1, 100), &["the film lasts 0.01s, less than half a frame"]);
    check(
        |t| t.size = Size { width: 15, height: 8193 },
        &["a canvas of 15x8193 has a side outside 16–8192 pixels"],
    );
    check(|t| t.background.image = Some(String::new()), &["the source names no file"]);
}

#[test]
fn outputs() {
    check(|t| t.outputs.clear(), &["the film is written nowhere: there is no output"]);
    check(|t| t.outputs[0].alpha = true, &["output 1: mp4 cannot keep the background transparent"]);
    check(
        |t| {
            t.outputs[0].alpha = true;
            t.outputs[0].format = OutputFormat::Webm;
        },
        &[],
    );
    check(
        |t| t.outputs[0].encoder.crf = Some(52),
        &["output 1: `crf` of h264 cannot be 52: it goes from 0 to 51"],
    );
    check(
        |t| t.outputs[0].encoder.audio_bitrate_kbps = Some(8),
        &["output 1: `audio_bitrate` of aac cannot be 8: it goes from 32 to 512"],
    );
}

#[test]
fn containers() {
    check(
        |t| t.containers.clear(),
        &[
            "there is no composition",
            "`clip`: it is in container 0, which does not exist",
            "`still`: it is in container 0, which does not exist",
            "`title`: it is in container 0, which does not exist",
            "`bed`: it is in container 0, which does not exist",
        ],
    );
    check(|t| t.containers[0].parent = Some(0), &["container 0: the composition cannot have a parent"]);
    let second = |t: &mut Timeline, parent| {
        let mut container = t.containers[0].clone();
        container.parent = parent;
        t.containers.push(container);
    };
    check(|t| second(t, Some(0)), &[]);
    check(|t| second(t, Some(1)), &["container 1: its parent does not come before it"]);
    check(|t| second(t, None), &["container 1: its parent does not come before it"]);
    check(
        |t| t.containers[0].record_range = seconds(3, 2),
        &["container 0: the range 3s..2s ends before it starts"],
    );
}

#[test]
fn too_many_of_anything() {
    let many = |t: &mut Timeline| {
        let element = t.elements[BED].clone();
        let numbered = (0..10_000).map(|n| vid_timeline::Element { id: n.to_string(), ..element.clone() });
        t.elements.extend(numbered);
    };
    check(many, &["there are 10004 elements, more than 10000"]);
    check(
        |t| layer(t, STILL).effects = vec![effect(50); 101],
        &["`still`: there are 101 effects, more than 100"],
    );
    check(
        |t| text(t).text = "x".repeat(100_001),
        &["`title`: there are 100001 bytes of text, more than 100000"],
    );
}

#[test]
fn ids() {
    check(|t| t.elements[BED].id.clear(), &["``: the element has no id"]);
    check(|t| t.elements[BED].id = "title".to_owned(), &["`title`: another element has the same id"]);
}

#[test]
fn parts() {
    check(|t| t.elements[STILL].layer = None, &["`still`: the image has no layer, so it cannot be placed"]);
    check(|t| t.elements[BED].layer = Some(Layer::default()), &["`bed`: an audio cannot have a layer"]);
    check(|t| t.elements[BED].sound = None, &["`bed`: an audio needs a sound"]);
    check(|t| t.elements[CLIP].sound = None, &[]);
    check(|t| t.elements[TITLE].sound = Some(Sound::default()), &["`title`: the text cannot have a sound"]);
    check(|t| clip(t).source.location.clear(), &["`clip`: the source names no file"]);
}

#[test]
fn ranges_and_speed() {
    check(|t| t.elements[BED].record_range = seconds(2, 2), &["`bed`: the record range 2s..2s is empty"]);
    check(
        |t| t.elements[BED].record_range = seconds(-1, 2),
        &["`bed`: the record range -1s..2s starts before zero"],
    );
    check(
        |t| clip(t).source_range = seconds(-1, 2),
        &["`clip`: the source range -1s..2s starts before zero"],
    );
    check(
        |t| clip(t).source_range = seconds(0, 2_000_000_000),
        &["`clip`: the source range 0s..2000000000s reaches past 1000000000 seconds"],
    );
    check(|t| clip(t).speed = number(5), &["`clip`: `speed` is 5, outside 0.25 to 4"]);
    check(|t| clip(t).speed = Rational::ratio(1, 5), &["`clip`: `speed` is 0.2, outside 0.25 to 4"]);
}

#[test]
fn keyframes() {
    let key =
        |time, value| Keyframe { time: Time::new(time, 1), value: number(value), easing: Easing::Linear };
    check(
        |t| layer(t, CLIP).opacity = Animated::Keyframes(vec![]),
        &["`clip`: `opacity` has a list of keyframes without a keyframe"],
    );
    check(
        |t| layer(t, CLIP).opacity = Animated::Keyframes(vec![key(1, 0), key(1, 50)]),
        &["`clip`: the keyframe of `opacity` at 1s is not later than the one before it"],
    );
    check(
        |t| layer(t, CLIP).opacity = Animated::Keyframes(vec![key(0, 0), key(1, 101)]),
        &["`clip`: `opacity` is 101, outside 0 to 100"],
    );
}

#[test]
fn layers() {
    let minus = Length::Pixels(number(-1));
    check(|t| layer(t, STILL).width = minus.into(), &["`still`: `width` is -1, below zero"]);
    check(|t| layer(t, STILL).style.border_radius = minus, &["`still`: `border_radius` is -1, below zero"]);
    check(
        |t| layer(t, STILL).aspect_ratio = Some(number(0)),
        &["`still`: `aspect_ratio` is 0, but must be greater than zero"],
    );
    check(
        |t| layer(t, STILL).x = Length::Pixels(number(2_000_000_000)).into(),
        &["`still`: `x` is 2000000000, outside -1000000000 to 1000000000"],
    );
    let half = Rational::ratio(1, 2);
    check(
        |t| layer(t, STILL).crop = Crop { left: half, right: half, ..Crop::default() },
        &["`still`: `crop_left` and `crop_right` together leave nothing of the picture"],
    );
    check(|t| layer(t, STILL).crop.top = number(-1), &["`still`: `crop_top` is -1, outside 0 to 1"]);
    check(
        |t| layer(t, STILL).adjust.hue_rotate = number(181),
        &["`still`: `hue_rotate` is 181, outside -180 to 180"],
    );
    check(
        |t| layer(t, STILL).lut = Some(Lut { location: String::new(), intensity: number(-1) }),
        &["`still`: `lut_intensity` is -1, outside 0 to 100", "`still`: the source names no file"],
    );
}

fn effect(intensity: i64) -> Effect {
    Effect { kind: EffectType::Vhs, intensity: number(intensity), chroma_settings: None }
}

#[test]
fn effects_and_motions() {
    check(
        |t| layer(t, STILL).effects = vec![effect(101)],
        &["`still`: `intensity` is 101, outside 0 to 100"],
    );
    let chroma = ChromaSettings { sat_max: Some(number(2)), ..ChromaSettings::default() };
    check(
        |t| layer(t, STILL).effects = vec![Effect { chroma_settings: Some(chroma), ..effect(1) }],
        &[
            "`still`: `chroma_settings` belong to chroma_key, not to vhs",
            "`still`: `sat_max` is 2, outside 0 to 1",
        ],
    );
    check(
        |t| layer(t, STILL).motion = vec![motion(MotionType::ZoomIn, MotionScope::Element, true)],
        &["`still`: motion zoom_in does not exist as an exit of element scope"],
    );
    check(
        |t| layer(t, STILL).motion = vec![motion(MotionType::Fade, MotionScope::Character, false)],
        &["`still`: only a text has characters for motion fade to move"],
    );
    let empty =
        Motion { record_range: seconds(1, 1), ..motion(MotionType::Fade, MotionScope::Element, true) };
    check(|t| layer(t, STILL).motion = vec![empty], &["`still`: the motion range 1s..1s is empty"]);
}

#[test]
fn sounds() {
    let sound = |t: &mut Timeline| t.elements[BED].sound.take().unwrap();
    check(
        |t| {
            let volume = Level::Decibels(number(61)).into();
            t.elements[BED].sound = Some(Sound { volume, ..sound(t) });
        },
        &["`bed`: `volume` is 61, outside -60 to 60"],
    );
    check(
        |t| {
            let volume = Level::Percent(number(-1)).into();
            t.elements[BED].sound = Some(Sound { volume, ..sound(t) });
        },
        &["`bed`: `volume` is -1, outside 0 to 100000"],
    );
    check(
        |t| t.elements[BED].sound = Some(Sound { fade_in_duration: Time::new(-1, 1), ..sound(t) }),
        &["`bed`: `fade_in_duration` is -1, below zero"],
    );
}

#[test]
fn texts() {
    check(|t| text(t).text.clear(), &["`title`: the text is empty"]);
    check(|t| text(t).font_size = number(0), &["`title`: `font_size` is 0, but must be greater than zero"]);
    check(|t| text(t).font_weight = 1000, &["`title`: `font_weight` is 1000, outside 100 to 900"]);
    let words = |ranges: &[TimeRange]| {
        let word = |range: &TimeRange| Word { text: "w".to_owned(), record_range: *range };
        Some(WordAnimation { style: WordStyle::Box, words: ranges.iter().map(word).collect() })
    };
    check(|t| text(t).word_animation = words(&[]), &["`title`: the caption has no words"]);
    check(
        |t| text(t).word_animation = words(&[seconds(2, 1), seconds(-1, 1)]),
        &[
            "`title`: the time of a word 2s..1s ends before it starts",
            "`title`: the time of a word -1s..1s starts before zero",
        ],
    );
}

#[test]
fn transitions() {
    let window = |start, end| move |t: &mut Timeline| t.transitions[0].record_range = seconds(start, end);
    let between = "transition from `clip` to `still`: ";
    check(window(4, 4), &[&format!("{between}the record range 4s..4s is empty")]);
    check(window(-1, 5), &[&format!("{between}it starts at -1s, before `clip` at 0s")]);
    check(window(3, 9), &[&format!("{between}it ends at 9s, after `still` at 8s")]);
    check(window(5, 6), &[&format!("{between}`clip` has left at 4s, before it starts at 5s")]);
    check(window(2, 3), &[&format!("{between}`still` comes at 4s, after it ends at 3s")]);
    check(
        |t| t.transitions[0].to = Some("clip".to_owned()),
        &["transition from `clip` to `clip`: it leads from an element to itself", {
            "transition from `clip` to `clip`: it ends at 4.5s, after `clip` at 4s"
        }],
    );
    check(
        |t| t.transitions[0].to = Some("nobody".to_owned()),
        &["transition from `clip` to `nobody`: no element has the id `nobody`"],
    );
    check(
        |t| t.transitions[0].to = Some("bed".to_owned()),
        &["transition from `clip` to `bed`: `bed` is an audio; transitions join pictures"],
    );
    let second = Transition {
        kind: TransitionType::Burn,
        from: Some("title".to_owned()),
        to: Some("still".to_owned()),
        record_range: TimeRange::new(Time::new(17, 4), Time::new(5, 1)),
        audio: TransitionAudio::Cut,
        z_index: None,
        origin: None,
    };
    check(
        |t| {
            t.elements[TITLE].record_range = seconds(0, 6);
            t.transitions.push(second);
        },
        &["transition from `title` to `still`: `still` is in another transition at the same time"],
    );
}
