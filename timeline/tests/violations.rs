//! What is said about bodies that are wrong, or only doubtful.

use std::collections::BTreeMap;

use vid_timeline::api::{self, FromJson, MAX_BODY_BYTES, NoMedia};
use vid_timeline::{Natural, Time};

fn shown(read: &FromJson) -> Vec<String> {
    read.violations.iter().map(ToString::to_string).collect()
}

/// What is said about a body.
fn check(body: &str, expected: &[&str]) {
    let read = api::from_json(body, &NoMedia);
    assert_eq!(shown(&read), expected, "{body}");
    let has_errors = expected.iter().any(|line| line.starts_with("error"));
    assert_eq!(read.timeline.is_none(), has_errors);
}

/// What is said about one more field of a text that is fine without it.
fn on_text(fields: &str, expected: &[&str]) {
    check(
        &format!(r#"{{"elements": [{{"type": "text", "text": "hi", "duration": 2, {fields}}}]}}"#),
        expected,
    );
}

/// What is said about one more field of a video that is fine without it.
fn on_video(fields: &str, expected: &[&str]) {
    let video = r#""type": "video", "source_url": "https://m.example/v.mp4""#;
    check(&format!(r#"{{"elements": [{{{video}, "out_point": 3, {fields}}}]}}"#), expected);
}

#[test]
fn what_is_no_body() {
    check("", &["error[INVALID_JSON] : the body is not JSON: EOF while parsing a value at line 1 column 0"]);
    check("[]", &["error[INVALID_TYPE] : the body must be an object, not an array"]);
    check(
        &format!("{}{}", "[".repeat(20_000), "]".repeat(20_000)),
        &["error[INVALID_JSON] : the body is not JSON: recursion limit exceeded at line 1 column 128"],
    );
    let long = " ".repeat(MAX_BODY_BYTES + 1);
    check(&long, &["error[BODY_TOO_LARGE] : the body has 1048577 bytes; at most 1048576 are read"]);
    check(
        &format!(r#"{{"elements": [{}]}}"#, vec!["0"; 10_001].join(",")),
        &["error[TOO_MANY_ITEMS] /elements: `elements` has 10001 items; at most 10000 are read"],
    );
}

#[test]
fn canvas_and_output() {
    let empty = "warning[EMPTY_TIMELINE] /elements: no element is visible";
    check(r#"{"width": 640}"#, &["error[SIZE_INCOMPLETE] /height: `width` is given without `height`"]);
    let even = "stores colour for two by two pixels, so the canvas is 322x180 instead of 321x180";
    check(r#"{"width": 321, "height": 180}"#, &[empty, &format!("warning[ODD_SIZE] /width: mp4 {even}")]);
    check(r#"{"width": 321, "height": 180, "output_format": "png"}"#, &[empty]);
    check(
        r#"{"width": 8, "height": 640}"#,
        &["error[OUT_OF_RANGE] /width: `width` is 8, outside 16 to 8192"],
    );
    check(
        r#"{"frame_rate": 29.97}"#,
        &["error[INVALID_TYPE] /frame_rate: `frame_rate` must be an integer, not the number 29.97"],
    );
    check(r#"{"frame_rate": 25.0}"#, &[empty]);
    check(r#"{"alpha": true}"#, &["error[ALPHA_FORMAT] /alpha: mp4 cannot be transparent; use webm or mov"]);
    check(r#"{"alpha": true, "output_format": "mov"}"#, &[empty]);
    check(
        r#"{"output_format": "mp5"}"#,
        &["error[UNKNOWN_VALUE] /output_format: `output_format` is `mp5`; did you mean `mp4`?"],
    );
    check(
        r#"{"duration": 0}"#,
        &["error[OUT_OF_RANGE] /duration: `duration` is 0, but must be greater than 0"],
    );
    check(
        r#"{"duration": 1e300}"#,
        &["error[OUT_OF_RANGE] /duration: `duration` is 1e+300, which is too large for a film"],
    );
    check(
        r#"{"duration": 90000}"#,
        &["error[OUT_OF_RANGE] /duration: `duration` is 90000 seconds, longer than a day"],
    );
    check(
        r#"{"duration": 0.001}"#,
        &[empty, "error[INVALID_TIMELINE] : the film lasts 0.001s, less than half a frame"],
    );
    check(
        r#"{"background_color": "black"}"#,
        &[
            "error[INVALID_COLOR] /background_color: `background_color` is `black`, not a colour such as #ff8800 or #ff8800cc",
        ],
    );
    check(
        r#"{"metadata": {"a": "b", "n": 1}}"#,
        &[
            "warning[METADATA_NOT_STRING] /metadata: metadata are strings, not the number 1; it is kept as text",
            empty,
        ],
    );
}

#[test]
fn unknown_keys_get_the_right_name() {
    let at = |key: &str, hint: &str| {
        format!("warning[UNKNOWN_FIELD] /elements/0/{key}: text has no field `{key}`; {hint}")
    };
    on_text(r##""color": "#fff000""##, &[&at("color", "did you mean `text_color`?")]);
    on_text(r#""letter_spacing": 2"#, &[&at("letter_spacing", "did you mean `tracking`?")]);
    on_text(r#""line_height": 2"#, &[&at("line_height", "did you mean `leading`?")]);
    on_text(r#""start": 2"#, &[&at("start", "did you mean `time`?")]);
    on_text(r#""fontSize": 2"#, &[&at("fontSize", "did you mean `font_size`?")]);
    on_text(r#""opacty": 2"#, &[&at("opacty", "did you mean `opacity`?")]);
    on_text(r#""keyframes": []"#, &[&at("keyframes", "use motion presets")]);
    on_text(r#""qqqqqq": 2"#, &[&at("qqqqqq", "it is ignored")]);
    on_video(
        r#""duration": 2, "fit": "cover""#,
        &[
            "warning[UNKNOWN_FIELD] /elements/0/duration: video has no field `duration`; its length is (`out_point` − `in_point`) / `speed`",
            "warning[UNKNOWN_FIELD] /elements/0/fit: video has no field `fit`; give the box the shape of the cropped source instead",
        ],
    );
}

#[test]
fn values_of_the_wrong_kind() {
    on_text(
        r#""opacity": "50%""#,
        &["error[INVALID_TYPE] /elements/0/opacity: `opacity` must be a number, not the string `50%`"],
    );
    on_text(
        r#""opacity": 120"#,
        &["error[OUT_OF_RANGE] /elements/0/opacity: `opacity` is 120, outside 0 to 100"],
    );
    on_text(
        r#""visible": 1"#,
        &["error[INVALID_TYPE] /elements/0/visible: `visible` must be true or false, not the number 1"],
    );
    on_text(
        r#""x": "1em""#,
        &[
            "error[INVALID_DIMENSION] /elements/0/x: `x` must be a number of pixels, \"12px\" or \"50%\", not the string `1em`",
        ],
    );
    on_text(
        r#""z_rotation": "0.25turn""#,
        &[
            "error[INVALID_DIMENSION] /elements/0/z_rotation: `z_rotation` must be a number of degrees, \"90deg\", \"90°\" or \"1.57rad\", not the string `0.25turn`",
        ],
    );
    on_text(
        r#""font_weight": 950"#,
        &["error[OUT_OF_RANGE] /elements/0/font_weight: `font_weight` is 950, outside 100 to 900"],
    );
    on_text(
        r#""text_align": "justify""#,
        &[
            "error[UNKNOWN_VALUE] /elements/0/text_align: `text_align` is `justify`, not one of left, center, right",
        ],
    );
    on_text(r#""x": null, "name": null"#, &[]);
    on_text(
        r#""width": -5"#,
        &["warning[OUT_OF_RANGE] /elements/0/width: `width` is -5, below 0; 0 is used"],
    );
    on_video(
        r#""brightness": 400"#,
        &[
            "warning[OUT_OF_RANGE] /elements/0/brightness: `brightness` is 400, outside -100 to 100; 100 is used",
        ],
    );
}

#[test]
fn elements_that_miss_something() {
    check(
        r#"{"elements": [{"type": "text"}, {"type": "image"}, {"type": "video"}, {}, 7]}"#,
        &[
            "error[MISSING_FIELD] /elements/0/text: text needs `text`",
            "error[MISSING_FIELD] /elements/0/duration: text needs `duration`",
            "error[MISSING_FIELD] /elements/1/id: image needs `id`",
            "error[MISSING_FIELD] /elements/1/source_url: image needs `source_url`",
            "error[MISSING_FIELD] /elements/1/duration: image needs `duration`",
            "error[MISSING_FIELD] /elements/2/source_url: video needs `source_url`",
            "error[MISSING_FIELD] /elements/3/type: element needs `type`",
            "error[INVALID_TYPE] /elements/4: element must be an object, not the number 7",
        ],
    );
    check(
        r#"{"elements": [{"type": "composition", "elements": []}, {"type": "vido"}]}"#,
        &[
            "error[UNSUPPORTED_FEATURE] /elements/0/type: nested compositions are not rendered; put their elements here instead",
            "error[UNKNOWN_VALUE] /elements/1/type: `type` is `vido`; did you mean `video`?",
        ],
    );
}

#[test]
fn sources_and_trims() {
    let with = |url: &str, rest: &str| {
        format!(r#"{{"elements": [{{"type": "video", "id": "v", "source_url": "{url}"{rest}}}]}}"#)
    };
    check(
        &with("https://m.example/v.mkv", r#", "out_point": 2"#),
        &[
            "error[UNSUPPORTED_SOURCE] /elements/0/source_url: `https://m.example/v.mkv` is not an mp4, mov or webm",
        ],
    );
    check(&with("HTTPS://m.example/v.MOV?token=a.b", r#", "out_point": 2"#), &[]);
    check(
        &with("media/v.mp4", ""),
        &[
            "error[INVALID_URL] /elements/0/source_url: `source_url` must be a URL that starts with https:// or http://",
        ],
    );
    check(
        &with("https://m.example/v.mp4", r#", "in_point": 3, "out_point": 3"#),
        &["error[EMPTY_TRIM] /elements/0/out_point: `out_point` is 3, not after `in_point` at 3"],
    );
    check(
        &with("https://m.example/v.mp4", r#", "out_point": 3, "speed": 5"#),
        &["error[OUT_OF_RANGE] /elements/0/speed: `speed` is 5, outside 0.25 to 4"],
    );
    check(
        &with("https://m.example/v.mp4", ""),
        &[
            "error[UNKNOWN_MEDIA_LENGTH] /elements/0: how long `v` is cannot be known here; write `out_point`",
            "warning[EMPTY_TIMELINE] /elements: no element is visible",
        ],
    );
    on_video(
        r#""crop_left": 0.5, "crop_right": 0.5"#,
        &[
            "error[EMPTY_CROP] /elements/0/crop_right: `crop_left` and `crop_right` together leave nothing of the picture",
        ],
    );
    check(
        r#"{"elements": [{"type": "audio", "source_url": "https://m.example/a.mp3", "out_point": 1, "volume": 0}]}"#,
        &[
            "error[OUT_OF_RANGE] /elements/0/volume: `volume` of an audio must be greater than 0; leave a silent one out",
        ],
    );
}

#[test]
fn open_clips_take_the_length_of_their_media() {
    let natural =
        |seconds| Natural { width: 64, height: 36, duration: Some(Time::new(seconds, 1)), has_sound: true };
    let facts = BTreeMap::from([("https://m.example/v.mp4".to_owned(), natural(20))]);
    let read = |rest: &str| {
        let video = r#""type": "video", "id": "v", "source_url": "https://m.example/v.mp4""#;
        api::from_json(&format!(r#"{{"elements": [{{{video}{rest}}}]}}"#), &facts)
    };
    let ranges = |rest: &str| {
        let timeline = read(rest).timeline.unwrap();
        let element = &timeline.elements[0];
        let source = element.content.clip().unwrap().source_range;
        format!("{} of {}, film {}", element.record_range, source, timeline.duration)
    };
    // Nothing counts for the length of the film, which is ten seconds and cuts the clip off.
    assert_eq!(ranges(""), "0s..10s of 0s..10s, film 10s");
    assert_eq!(ranges(r#", "in_point": 4, "speed": 2, "time": 1"#), "1s..9s of 4s..20s, film 10s");
    assert_eq!(ranges(r#", "out_point": 25"#), "0s..25s of 0s..25s, film 25s");
    assert_eq!(
        shown(&read(r#", "out_point": 25"#)),
        [
            "warning[OUT_POINT_PAST_SOURCE] /elements/0: `out_point` is 5s past the end of the source at 20s; its last frame is held"
        ]
    );
    assert_eq!(
        shown(&read(r#", "in_point": 20"#))[0],
        "error[EMPTY_TRIM] /elements/0: `in_point` is 20s, but the source ends at 20s"
    );
    assert_eq!(
        shown(&read(r#", "time": 10"#)),
        [
            "warning[ELEMENT_AFTER_END] /elements/0: the element starts at 10s, when the film has ended",
            "warning[EMPTY_TIMELINE] /elements: no element is visible",
        ]
    );
}

#[test]
fn text_and_captions() {
    on_text(
        r#""background": true, "shadow": true, "stroke": false"#,
        &["error[TEXT_DISPLAY_CONFLICT] /elements/0/shadow: `background` and `shadow` cannot both be true"],
    );
    on_text(
        r#""animation_preset": "pop""#,
        &[
            "warning[UNSUPPORTED_FEATURE] /elements/0/animation_preset: animation presets have no published meaning; use `motion`",
        ],
    );
    on_text(
        r#""word_animation": {"style": "box", "words": []}"#,
        &["error[MISSING_FIELD] /elements/0/word_animation/words: a caption needs at least one word"],
    );
    on_text(
        r#""word_animation": {"style": "box", "words": [{"text": "a", "start": 1, "end": 3}, {"text": "b", "start": 1, "end": 1}]}"#,
        &[
            "warning[EMPTY_WORD] /elements/0/word_animation/words/1/end: the word ends at 1, not after its start at 1",
            "warning[WORD_OUTSIDE_ELEMENT] /elements/0/word_animation/words/0: the word is spoken at 1s..3s, outside its text at 0s..2s",
        ],
    );
}

#[test]
fn motions_exist_in_some_forms_only() {
    let motion = |rest: &str| format!(r#""motion": [{{"time": 0, "duration": 1, {rest}}}]"#);
    on_text(
        &motion(r#""type": "zoom_in", "reversed": true"#),
        &[
            "error[MOTION_DIRECTION] /elements/0/motion/0/reversed: zoom_in does not exist as an exit (`reversed: true`)",
        ],
    );
    on_text(&motion(r#""type": "zoom_in", "reversed": true, "scope": "character""#), &[]);
    on_text(&motion(r#""type": "zoom_out""#), &[]);
    on_text(&motion(r#""type": "zoom_out", "reversed": false"#), &[]);
    on_text(
        &motion(r#""type": "swing_out", "reversed": false"#),
        &[
            "error[MOTION_DIRECTION] /elements/0/motion/0/reversed: swing_out does not exist as an entrance (`reversed: false`)",
        ],
    );
    on_text(
        &motion(r#""type": "rotate_cw", "scope": "character""#),
        &["error[MOTION_SCOPE] /elements/0/motion/0/scope: rotate_cw does not move characters"],
    );
    on_video(
        &motion(r#""type": "fade", "scope": "character""#),
        &["error[MOTION_SCOPE] /elements/0/motion/0/scope: only a text has characters to move"],
    );
    on_text(
        r#""motion": [{"type": "fade"}]"#,
        &[
            "error[MISSING_FIELD] /elements/0/motion/0/time: motion needs `time`",
            "error[MISSING_FIELD] /elements/0/motion/0/duration: motion needs `duration`",
        ],
    );
}

/// Three texts `a` (0–2), `b` (2–4) and `c` (a hidden one), and these transitions.
fn with_transitions(transitions: &str) -> FromJson {
    let text = |id: &str, time: u32, rest: &str| {
        format!(r#"{{"type": "text", "text": "x", "id": "{id}", "time": {time}, "duration": 2{rest}}}"#)
    };
    let elements = [text("a", 0, ""), text("b", 2, ""), text("c", 4, r#", "visible": false"#)].join(", ");
    api::from_json(&format!(r#"{{"elements": [{elements}], "transitions": [{transitions}]}}"#), &NoMedia)
}

#[test]
fn transitions() {
    let check =
        |transition: &str, expected: &[&str]| assert_eq!(shown(&with_transitions(transition)), expected);
    let base = r#""type": "iris", "duration": 1"#;
    check(&format!(r#"{{{base}, "from_id": "a", "to_id": "b"}}"#), &[]);
    check(
        &format!(r#"{{{base}, "from_id": "a", "to_id": "a"}}"#),
        &["error[TRANSITION_SELF] /transitions/0/to_id: the transition leads from an element to itself"],
    );
    check(
        &format!(r#"{{{base}, "from_id": "a", "to_id": "z"}}"#),
        &["error[DANGLING_TRANSITION] /transitions/0/to_id: no element has the id `z`"],
    );
    check(
        &format!(r#"{{{base}, "from_id": "b", "to_id": "c"}}"#),
        &[
            "warning[TRANSITION_IGNORED] /transitions/0: `c` is not in the film, so the transition is left out",
        ],
    );
    check(
        &format!(r#"{{{base}, "to_id": "b"}}"#),
        &[
            "warning[TRANSITION_IGNORED] /transitions/0: the transition names only one element, or none; it is left out",
        ],
    );
    check(
        &format!(r#"{{{base}, "from_id": "b", "to_id": "a"}}"#),
        &[
            "warning[TRANSITION_IGNORED] /transitions/0: `b` and `a` do not meet at 0s, so the transition is left out",
        ],
    );
    check(
        r#"{"type": "iris", "duration": 5, "from_id": "a", "to_id": "b"}"#,
        &["warning[TRANSITION_SHORTENED] /transitions/0: the elements have room for 4s of its 5s"],
    );
    check(
        r#"{"type": "fade", "duration": 1, "from_id": "a", "to_id": "b"}"#,
        &[
            "warning[UNKNOWN_VALUE] /transitions/0/type: transition `fade` is not in the contract; cross_dissolve is used",
        ],
    );
}

#[test]
fn equal_ids() {
    let two = r#"{"type": "text", "text": "x", "id": "a", "duration": 2}"#;
    let hidden = r#"{"type": "text", "text": "x", "id": "b", "time": 1, "duration": 2}"#;
    let body = |transitions: &str| {
        format!(r#"{{"elements": [{two}, {two}, {hidden}], "transitions": [{transitions}]}}"#)
    };
    let read = api::from_json(&body(""), &NoMedia);
    assert_eq!(
        shown(&read),
        ["warning[DUPLICATE_ELEMENT_ID] /elements/1/id: another element has the id `a` too"]
    );
    // Equal z: the three are reversed, so that the first is in front.
    let ids: Vec<String> = read.timeline.unwrap().elements.into_iter().map(|element| element.id).collect();
    assert_eq!(ids, ["b", "a#2", "a"]);
    check(
        &body(r#"{"type": "iris", "duration": 1, "from_id": "a", "to_id": "b"}"#),
        &[
            "error[DUPLICATE_ELEMENT_ID] /elements/1/id: several elements have the id `a` that a transition names",
        ],
    );
}

#[test]
fn what_lies_after_the_end() {
    check(
        r#"{"duration": 1, "elements": [{"type": "text", "text": "x", "time": 1, "duration": 1}]}"#,
        &["warning[ELEMENT_AFTER_END] /elements/0: the element starts at 1s, when the film has ended"],
    );
}

#[test]
fn very_many_problems_are_counted() {
    let keys: Vec<String> = (0..5_000).map(|n| format!(r#""unknown{n}": 1"#)).collect();
    let read = api::from_json(&format!("{{{}}}", keys.join(",")), &NoMedia);
    assert_eq!(read.violations.len(), 201);
    let last = read.violations.last().unwrap().to_string();
    assert_eq!(last, "warning[TOO_MANY_VIOLATIONS] : 4801 further problems are left out");
    assert!(read.timeline.is_some());
}

#[test]
fn violations_are_the_apis_objects() {
    let read = api::from_json(r#"{"a/b~c": 1, "duration": 1}"#, &NoMedia);
    let json = serde_json::to_string(&read.violations[0]).unwrap();
    assert_eq!(
        json,
        r#"{"code":"UNKNOWN_FIELD","message":"the body has no field `a/b~c`; it is ignored","severity":"warning","path":"/a~1b~0c"}"#
    );
}
