//! What a body cannot say as well as the timeline, and what it says instead.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use vid_timeline::api::{self, NoMedia, ToJsonOptions};
use vid_timeline::{
    Animated, Clip, Content, Easing, EncoderSettings, Fit, FrameRate, Keyframe, Layer, Length, Level,
    MediaSource, Motion, MotionScope, MotionType, Natural, Output, OutputFormat, Rational, Size, Sound, Time,
    TimeRange, Timeline, Transition, TransitionAudio, TransitionType, validate,
};

/// A clip of four seconds, a text, an audio.
fn film() -> Timeline {
    let body = r#"{ "width": 1280, "height": 720, "duration": 8, "frame_rate": 30, "elements": [
        { "type": "video", "id": "clip", "source_url": "https://m.example/v.mp4", "in_point": 1, "out_point": 5, "z_index": 0 },
        { "type": "text", "id": "title", "text": "hi", "duration": 2, "z_index": 2 },
        { "type": "audio", "id": "bed", "source_url": "https://m.example/a.mp3", "out_point": 8 } ] }"#;
    api::from_json(body, &NoMedia).timeline.unwrap()
}

const CLIP: usize = 0;
const TITLE: usize = 1;
const BED: usize = 2;

fn convert(change: impl FnOnce(&mut Timeline), options: &ToJsonOptions) -> (Value, Vec<String>) {
    let mut timeline = film();
    change(&mut timeline);
    validate(&timeline).unwrap();
    let written = api::to_json(&timeline, options);
    let shown = written.verdicts.iter().map(ToString::to_string).collect();
    (serde_json::to_value(&written.body).unwrap(), shown)
}

/// The verdicts on a changed film, and the values that its body has at these pointers.
fn check(change: impl FnOnce(&mut Timeline), verdicts: &[&str], values: &[(&str, Value)]) {
    let (body, shown) = convert(change, &ToJsonOptions::default());
    assert_eq!(shown, verdicts);
    for (pointer, value) in values {
        assert_eq!(body.pointer(pointer).unwrap_or(&Value::Null), value, "{pointer} of {body:#}");
    }
}

fn layer(timeline: &mut Timeline, index: usize) -> &mut Layer {
    timeline.elements[index].layer.as_mut().unwrap()
}

fn clip(timeline: &mut Timeline, index: usize) -> &mut Clip {
    match &mut timeline.elements[index].content {
        Content::Video(clip) | Content::Audio(clip) => clip,
        other => panic!("{other:?}"),
    }
}

fn number(value: i64) -> Rational {
    Rational::integer(value)
}

fn millis(start: i64, end: i64) -> TimeRange {
    TimeRange::new(Time::from_millis(start), Time::from_millis(end))
}

#[test]
fn what_no_body_can_say() {
    check(
        |t| t.frame_rate = FrameRate::new(30000, 1001).unwrap(),
        &[
            "refused[fractional-frame-rate] a body knows whole frame rates alone, and the film has 30000/1001fps",
        ],
        &[("/frame_rate", json!(30))],
    );
    check(
        |t| t.outputs[0].encoder = EncoderSettings { crf: Some(18), ..EncoderSettings::DEFAULT },
        &["approximated[encoder-settings] a body has no encoder settings; the service chooses its own"],
        &[],
    );
    check(
        |t| t.size = Size { width: 641, height: 360 },
        &["approximated[odd-size] what a service makes of the odd size 641x360 is not published"],
        &[],
    );
    check(
        |t| layer(t, TITLE).adjust.contrast = number(5),
        &["refused[not-on-text] title: a text of a body cannot have colour adjustments"],
        &[("/elements/1/contrast", Value::Null)],
    );
    check(
        |t| clip(t, CLIP).source.location = "https://m.example/v.mkv".to_owned(),
        &[
            "refused[source-format] clip: `https://m.example/v.mkv` is not an mp4, mov or webm, the containers that a body can name",
        ],
        &[],
    );
}

#[test]
fn one_body_for_each_output() {
    let webm = Output { alpha: true, ..Output::new(OutputFormat::Webm) };
    let second = ToJsonOptions { output: 1, ..ToJsonOptions::default() };
    let (body, verdicts) = convert(|t| t.outputs.push(webm), &second);
    assert_eq!((&body["output_format"], &body["alpha"]), (&json!("webm"), &json!(true)));
    assert_eq!(verdicts, Vec::<String>::new());
    let (_, verdicts) = convert(|_| {}, &second);
    assert_eq!(verdicts, ["refused[no-such-output] there is no output 2; the film has 1"]);
}

#[test]
fn local_media_get_addresses() {
    let at = |location: &str, base: Option<&str>| {
        let options = ToJsonOptions {
            asset_base: base.map(str::to_owned),
            asset_root: "/films/launch".to_owned(),
            output: 0,
        };
        let (body, verdicts) = convert(|t| clip(t, CLIP).source.location = location.to_owned(), &options);
        (body.pointer("/elements/0/source_url").unwrap().as_str().unwrap().to_owned(), verdicts)
    };
    let (url, verdicts) = at("/films/launch/./media/a b#1é.mp4", Some("https://cdn.example/x/"));
    assert_eq!(url, "https://cdn.example/x/media/a%20b%231%C3%A9.mp4");
    assert_eq!(verdicts, Vec::<String>::new());
    let (_, verdicts) = at("/films/launch/../secret.mp4", Some("https://cdn.example"));
    assert_eq!(
        verdicts,
        [
            "refused[local-media] clip: `/films/launch/../secret.mp4` is outside `/films/launch`, the folder that is served as https://cdn.example; move it there or copy it"
        ]
    );
    let (_, verdicts) = at("/films/launched/a.mp4", Some("https://cdn.example"));
    assert_eq!(verdicts.len(), 1);
    let (url, verdicts) = at("/films/launch/a.mp4", None);
    assert_eq!(url, "/films/launch/a.mp4");
    assert_eq!(
        verdicts,
        [
            "refused[local-media] clip: `/films/launch/a.mp4` is a local file; say under which URL its folder is served"
        ]
    );
}

#[test]
fn sound() {
    let loud =
        |level: Level| move |t: &mut Timeline| t.elements[BED].sound.as_mut().unwrap().volume = level.into();
    check(loud(Level::Decibels(number(-12))), &[], &[("/elements/2/volume", json!(25.118864315))]);
    check(loud(Level::Decibels(number(0))), &[], &[("/elements/2/volume", json!(100))]);
    check(
        loud(Level::Decibels(number(6))),
        &[
            "refused[volume-too-loud] bed: a volume of 199.526231497% is louder than the 100% that a body can ask for",
        ],
        &[("/elements/2/volume", json!(100))],
    );
    // A silent audio is left out; a silent clip is muted.
    check(loud(Level::Percent(number(0))), &[], &[("/elements/2", Value::Null)]);
    check(|t| t.elements[CLIP].sound = None, &[], &[("/elements/0/volume", json!(0))]);
}

fn keyframes(points: &[(i64, i64, Easing)]) -> Animated<Rational> {
    let key = |&(ms, value, easing): &(i64, i64, Easing)| Keyframe {
        time: Time::from_millis(ms),
        value: number(value),
        easing,
    };
    Animated::Keyframes(points.iter().map(key).collect())
}

#[test]
fn keyframes_that_are_fades() {
    use Easing::{EaseIn, EaseOut, Hold, Linear};
    let fade = |points: &[(i64, i64, Easing)]| {
        let opacity = keyframes(points);
        move |t: &mut Timeline| layer(t, CLIP).opacity = opacity
    };
    let motion = |time: Value, duration: Value, easing: &str, reversed: bool| json!({"type": "fade", "time": time, "duration": duration, "easing": easing, "reversed": reversed});
    check(
        fade(&[(0, 0, Linear), (300, 80, EaseOut), (3500, 80, Linear), (4000, 0, Linear)]),
        &[],
        &[
            ("/elements/0/opacity", json!(80)),
            (
                "/elements/0/motion",
                json!([
                    motion(json!(0), json!(0.3), "ease_out", false),
                    motion(json!(3.5), json!(0.5), "linear", true)
                ]),
            ),
        ],
    );
    check(fade(&[(0, 70, Linear), (500, 70, Hold)]), &[], &[("/elements/0/opacity", json!(70))]);
    check(
        fade(&[(500, 0, Linear), (900, 100, Linear)]),
        &[
            "approximated[fade-form] clip: the fade in begins after its element; what is shown before it is left to the service",
        ],
        &[("/elements/0/motion/0/time", json!(0.5))],
    );
    check(
        fade(&[(3500, 100, Linear), (4000, 0, EaseIn)]),
        &["approximated[fade-form] clip: whether ease_in is mirrored in a fade out is left to the service"],
        &[],
    );
    let refused = "refused[keyframes] clip: keyframes of `opacity` are not a plain fade in or fade out, which is all a body can say";
    for other in [
        vec![(0, 0, Linear), (500, 100, Hold)],
        vec![(0, 20, Linear), (500, 100, Linear)],
        vec![(0, 0, Linear), (500, 100, Linear), (900, 50, Linear), (1200, 100, Linear)],
        vec![(0, 0, Linear), (500, 100, Linear), (900, 0, Linear), (1200, 100, Linear)],
    ] {
        check(fade(&other), &[refused], &[]);
    }
}

#[test]
fn other_keyframes() {
    let travel = Animated::Keyframes(vec![
        Keyframe { time: Time::ZERO, value: Length::ZERO, easing: Easing::Linear },
        Keyframe { time: Time::new(1, 1), value: Length::FULL, easing: Easing::Linear },
    ]);
    check(
        |t| layer(t, CLIP).x = travel,
        &["refused[keyframes] clip: `x` has keyframes; a body moves things by motion presets alone"],
        &[("/elements/0/x", json!(0))],
    );
}

#[test]
fn motions() {
    let motion = Motion {
        kind: MotionType::Fade,
        record_range: millis(-500, 500),
        easing: Easing::Hold,
        reversed: false,
        scope: MotionScope::Element,
        delay: Time::ZERO,
        repeats: false,
    };
    check(
        |t| layer(t, TITLE).motion.push(motion),
        &[
            "approximated[motion-before-start] title: fade starts at zero instead of -0.5s, before the film",
            "refused[easing-hold] title: fade is eased by `hold`, which a body does not know",
        ],
        &[("/elements/1/motion/0/duration", json!(0.5))],
    );
}

fn fitted(fit: Fit, natural: Option<(u32, u32)>) -> impl FnOnce(&mut Timeline) {
    move |t: &mut Timeline| {
        layer(t, CLIP).fit = fit;
        clip(t, CLIP).source.natural =
            natural.map(|(width, height)| Natural { width, height, duration: None, has_sound: true });
    }
}

#[test]
fn fits_become_boxes_and_crops() {
    let at = |key: &'static str, value| (key, value);
    check(
        fitted(Fit::Contain, Some((640, 480))),
        &[],
        &[at("/elements/0/width", json!(960)), at("/elements/0/height", json!("100%"))],
    );
    check(
        fitted(Fit::Contain, Some((2560, 1080))),
        &[],
        &[at("/elements/0/width", json!("100%")), at("/elements/0/height", json!(540))],
    );
    check(fitted(Fit::Contain, Some((1920, 1080))), &[], &[at("/elements/0/height", json!("100%"))]);
    check(
        fitted(Fit::Cover, Some((640, 480))),
        &[],
        &[
            at("/elements/0/crop_top", json!(0.125)),
            at("/elements/0/crop_bottom", json!(0.125)),
            at("/elements/0/crop_left", Value::Null),
        ],
    );
    check(
        fitted(Fit::Cover, Some((2560, 720))),
        &[],
        &[at("/elements/0/crop_left", json!(0.25)), at("/elements/0/crop_right", json!(0.25))],
    );
    check(
        fitted(Fit::None, Some((64, 48))),
        &[],
        &[at("/elements/0/width", json!(64)), at("/elements/0/height", json!(48))],
    );
    check(
        fitted(Fit::Cover, None),
        &[
            "refused[unknown-media-shape] clip: how `fit: cover` falls out depends on the size of the media, which is not known",
        ],
        &[],
    );
}

/// A contained picture keeps its middle and the point it turns about, wherever its anchor is.
#[test]
fn anchors_follow_the_picture() {
    let left_edge = |t: &mut Timeline| {
        fitted(Fit::Contain, Some((640, 480)))(t);
        layer(t, CLIP).x_anchor = Length::Percent(number(0));
        layer(t, CLIP).style.border_radius = Length::Pixels(number(9));
    };
    check(
        left_edge,
        &[
            "approximated[fit-style] clip: corners, edge, shadow and clip are at the picture itself, not at the box that holds it",
        ],
        // The box began 160 pixels left of the picture, which is a sixth of the picture's width.
        &[("/elements/0/x_anchor", json!("-16.666666667%"))],
    );
}

/// `clip` (0–4) and `next` (3.5–7.5 of the film, from 10 s of its media at double speed) overlap by
/// half a second.
fn overlap(audio: TransitionAudio) -> impl FnOnce(&mut Timeline) {
    move |t: &mut Timeline| {
        let mut next = t.elements[CLIP].clone();
        next.id = "next".to_owned();
        next.record_range = millis(3500, 7500);
        let source = MediaSource { location: "https://m.example/w.mp4".to_owned(), natural: None };
        next.content = Content::Video(Clip::once(source, millis(10_000, 18_000), number(2)));
        next.layer.as_mut().unwrap().z_index = 1;
        t.elements.push(next);
        t.transitions.push(Transition {
            kind: TransitionType::CrossDissolve,
            from: Some("clip".to_owned()),
            to: Some("next".to_owned()),
            record_range: millis(3500, 4000),
            audio,
            z_index: None,
            origin: None,
        });
    }
}

#[test]
fn overlaps_become_cuts_in_their_middle() {
    let placed = [
        ("/elements/0/out_point", json!(4.75)),
        ("/elements/3/time", json!(3.75)),
        ("/elements/3/in_point", json!(10.5)),
        ("/elements/3/out_point", json!(18)),
        ("/transitions/0/duration", json!(0.5)),
    ];
    let silent = |t: &mut Timeline| {
        overlap(TransitionAudio::Crossfade)(t);
        t.elements[CLIP].sound = None;
        t.elements[3].sound = None;
    };
    check(silent, &[], &placed);
    let fades =
        [("/elements/0/fade_out_duration", json!(0.25)), ("/elements/3/fade_in_duration", json!(0.25))];
    check(
        overlap(TransitionAudio::Crossfade),
        &[
            "approximated[transition-audio] next: sound does not cross-fade: `clip` fades out for 0.25s up to the cut, `next` fades in for 0.25s after it",
        ],
        &[placed.as_slice(), fades.as_slice()].concat(),
    );
    check(
        overlap(TransitionAudio::Cut),
        &[
            "approximated[transition-audio] next: the sound of `next` begins at 3.75s instead of 3.5s",
            "approximated[transition-audio] next: the sound of `clip` ends at 3.75s instead of 4s",
        ],
        &placed,
    );
}

#[test]
fn texts_and_images_overlap_too() {
    let titles = |t: &mut Timeline| {
        let mut second = t.elements[TITLE].clone();
        second.id = "second".to_owned();
        second.record_range = millis(1000, 4000);
        second.layer.as_mut().unwrap().z_index = 3;
        t.elements.push(second);
        overlap(TransitionAudio::Crossfade)(t);
        t.elements.retain(|element| element.id != "next");
        let window = t.transitions.last_mut().unwrap();
        (window.from, window.to) = (Some("title".to_owned()), Some("second".to_owned()));
        window.record_range = millis(1000, 2000);
    };
    check(
        titles,
        &[],
        &[
            ("/elements/1/duration", json!(1.5)),
            ("/elements/3/time", json!(1.5)),
            ("/elements/3/duration", json!(2.5)),
        ],
    );
}

/// A transition that ends at the cut needs media from before the in-point of the clip that comes.
#[test]
fn a_window_that_cannot_be_centred_stays_at_the_cut() {
    let early = |t: &mut Timeline| {
        overlap(TransitionAudio::Cut)(t);
        t.elements[3].record_range = millis(4000, 7500);
        clip(t, 3).source_range = millis(0, 7000);
        t.elements[3].sound = None;
    };
    check(
        early,
        &[
            "approximated[transition-moved] next: the transition is centred on 4s instead of 3.75s: the media has nothing before its start",
        ],
        &[("/elements/3/time", json!(4)), ("/elements/3/in_point", json!(0))],
    );
}

#[test]
fn equal_layers_are_counted_anew() {
    let level = |t: &mut Timeline| {
        overlap(TransitionAudio::Cut)(t);
        for index in [CLIP, TITLE, 3] {
            layer(t, index).z_index = 5;
        }
        t.elements[CLIP].sound = None;
        t.elements[3].sound = None;
        t.transitions[0].z_index = Some(5);
    };
    check(
        level,
        &[],
        &[
            ("/elements/0/z_index", json!(0)),
            ("/elements/1/z_index", json!(10)),
            ("/elements/3/z_index", json!(20)),
            ("/transitions/0/z_index", json!(25)),
        ],
    );
}

/// Thirds have no decimal: the body's times are rounded so that nothing leaves its frame.
#[test]
fn thirds_stay_on_their_frames() {
    let thirds = |t: &mut Timeline| {
        t.elements[CLIP].record_range = TimeRange::new(Time::new(1, 3), Time::new(5, 3));
        clip(t, CLIP).source_range = TimeRange::new(Time::new(2, 3), Time::new(2, 1));
        t.elements[TITLE].record_range = TimeRange::new(Time::new(1, 60), Time::new(5, 60));
    };
    check(
        thirds,
        &[],
        &[
            ("/elements/0/time", json!(0.333333333)),
            ("/elements/0/in_point", json!(0.666666667)),
            ("/elements/0/out_point", json!(2.000000001)),
            // Exactly between two frames: down would be a frame too early.
            ("/elements/1/time", json!(0.016666667)),
            ("/elements/1/duration", json!(0.066666667)),
        ],
    );
}

/// The sound of a film with every default is written as it is.
#[test]
fn fades_of_sound_are_kept() {
    check(
        |t| {
            let sound = Sound { fade_out_duration: Time::new(2, 1), ..Sound::default() };
            t.elements[BED].sound = Some(sound);
        },
        &[],
        &[("/elements/2/fade_out_duration", json!(2)), ("/elements/2/fade_in_duration", Value::Null)],
    );
}

fn from_background(kind: TransitionType, audio: TransitionAudio) -> impl FnOnce(&mut Timeline) {
    move |timeline| {
        timeline.transitions.push(Transition {
            kind,
            from: None,
            to: Some("clip".to_owned()),
            record_range: millis(0, 1000),
            audio,
            z_index: None,
            origin: None,
        });
    }
}

#[test]
fn a_dissolve_from_or_to_the_background_is_a_fade() {
    let fade = json!({ "type": "fade", "time": 0, "duration": 1, "easing": "linear", "reversed": false });
    check(
        from_background(TransitionType::CrossDissolve, TransitionAudio::Cut),
        &[],
        &[("/transitions", Value::Null), ("/elements/0/motion/0", fade), ("/elements/0/time", json!(0))],
    );
    check(
        from_background(TransitionType::CrossDissolve, TransitionAudio::Crossfade),
        &[
            "approximated[transition-audio] clip: the sound fades for 1s along a straight line, not with equal power",
        ],
        &[("/elements/0/fade_in_duration", json!(1))],
    );
    check(
        |timeline| {
            timeline.transitions.push(Transition {
                kind: TransitionType::CrossDissolve,
                from: Some("title".to_owned()),
                to: None,
                record_range: millis(1500, 2000),
                audio: TransitionAudio::Crossfade,
                z_index: None,
                origin: None,
            });
        },
        &[],
        &[("/elements/1/motion/0/reversed", json!(true)), ("/elements/1/motion/0/time", json!(1.5))],
    );
    check(
        from_background(TransitionType::WipeLeft, TransitionAudio::Cut),
        &[
            "refused[transition-background] clip: a transition of a body joins two elements; `wipe_left` has only one, from or to the background",
        ],
        &[("/transitions", Value::Null)],
    );
}

#[test]
fn looped_media_are_played_again_and_again() {
    let looped = |timeline: &mut Timeline| {
        let clip = clip(timeline, CLIP);
        clip.repeats = true;
        clip.source_range = millis(1000, 2500);
    };
    let elements = "/elements";
    let (body, verdicts) = convert(looped, &ToJsonOptions::default());
    assert_eq!(verdicts, Vec::<String>::new());
    let pieces: Vec<_> = body.pointer(elements).unwrap().as_array().unwrap().iter().take(3).collect();
    let shown: Vec<_> =
        pieces.iter().map(|e| json!([e["id"], e["time"], e["in_point"], e["out_point"]])).collect();
    assert_eq!(
        shown,
        [json!(["clip", 0, 1, 2.5]), json!(["clip~2", 1.5, 1, 2.5]), json!(["clip~3", 3, 1, 2])]
    );
    let under_way = |timeline: &mut Timeline| {
        looped(timeline);
        clip(timeline, CLIP).phase = Time::from_millis(500);
    };
    let (body, _) = convert(under_way, &ToJsonOptions::default());
    for (at, wanted) in [[0.0, 1.5, 2.5], [1.0, 1.0, 2.5]].into_iter().enumerate() {
        let piece = &body["elements"][at];
        let found = ["time", "in_point", "out_point"].map(|name| piece[name].as_f64());
        assert_eq!(found, wanted.map(Some), "{at}");
    }
    check(
        |timeline| {
            looped(timeline);
            layer(timeline, CLIP).opacity = keyframes(&[(0, 0, Easing::Linear), (4000, 100, Easing::Linear)]);
        },
        &["refused[repeats] clip: a body cannot play a range of media again and again"],
        &[],
    );
}

/// The bed of six seconds, turned down by 12 dB from second 2 to second 4, with ramps of a second.
fn ducked(timeline: &mut Timeline, index: usize) {
    let key = |at: i64, level: i64| Keyframe {
        time: Time::from_millis(at),
        value: Level::Decibels(number(level)),
        easing: Easing::Linear,
    };
    let envelope = vec![key(1000, 0), key(2000, -12), key(4000, -12), key(5000, 0)];
    let sound = timeline.elements[index].sound.get_or_insert_with(Sound::default);
    sound.duck = Some(Animated::Keyframes(envelope));
}

#[test]
fn sound_under_other_sound_goes_down_in_steps() {
    let change = |timeline: &mut Timeline| {
        ducked(timeline, BED);
        let sound = timeline.elements[BED].sound.as_mut().unwrap();
        sound.volume = Animated::Constant(Level::Decibels(number(-6)));
        sound.fade_out_duration = Time::from_millis(500);
    };
    let (body, verdicts) = convert(change, &ToJsonOptions::default());
    assert_eq!(
        verdicts,
        ["approximated[duck] bed: it is turned down in steps, by 11 pieces of constant volume"]
    );
    let pieces: Vec<_> = body["elements"].as_array().unwrap().iter().skip(BED).collect();
    let line = |at: usize| {
        let piece = pieces[at];
        json!([piece["id"], piece["time"], piece["in_point"], piece["out_point"], piece["volume"]])
    };
    assert_eq!(pieces.len(), 11);
    assert_eq!(line(0), json!(["bed", 0, 0, 1, 50.118723363]));
    assert_eq!(line(1), json!(["bed~2", 1, 1, 1.25, 42.169650343]));
    assert_eq!(line(5), json!(["bed~6", 2, 2, 4, 12.589254118]));
    assert_eq!(line(10), json!(["bed~11", 5, 5, 8, 50.118723363]));
    assert_eq!(
        (&pieces[9]["fade_out_duration"], &pieces[10]["fade_out_duration"]),
        (&Value::Null, &json!(0.5))
    );
    check(
        |timeline| ducked(timeline, CLIP),
        &["refused[duck] clip: a body cannot turn one sound down under another"],
        &[],
    );
}
