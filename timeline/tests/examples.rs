//! The example bodies of the contract, both ways.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use expect_test::{Expect, expect};
use vid_timeline::api::{self, NoMedia, ToJsonOptions};
use vid_timeline::{Timeline, validate};

/// Reads a body without problems.
fn read(body: &str) -> Timeline {
    let read = api::from_json(body, &NoMedia);
    let shown: Vec<String> = read.violations.iter().map(ToString::to_string).collect();
    assert_eq!(shown, Vec::<String>::new());
    let timeline = read.timeline.unwrap();
    validate(&timeline).unwrap();
    timeline
}

/// The canonical body of `body` is `expected`, and the canonical body of that is itself.
fn canonical(body: &str, expected: Expect) {
    let written = api::to_json(&read(body), &ToJsonOptions::default());
    assert_eq!(written.verdicts, []);
    let text = written.body.to_text();
    expected.assert_eq(&text);
    let again = api::to_json(&read(&text), &ToJsonOptions::default());
    assert_eq!(again.body.to_text(), text);
}

const A: &str = r#"{ "width": 1280, "height": 720, "duration": 4, "frame_rate": 30, "output_format": "mp4",
  "elements": [
    { "type": "video", "id": "v1", "source_url": "https://media.example.org/a.mp4",
      "time": 0, "in_point": 1.5, "out_point": 5.5, "volume": 100, "z_index": 0 } ] }"#;

const B: &str = r#"{ "width": 1920, "height": 1080, "duration": 6, "frame_rate": 25, "output_format": "mp4",
  "elements": [
    { "type": "video", "id": "a", "source_url": "https://media.example.org/a.mp4",
      "time": 0, "in_point": 2, "out_point": 5, "volume": 0, "z_index": 0 },
    { "type": "video", "id": "b", "source_url": "https://media.example.org/b.mp4",
      "time": 3, "in_point": 2, "out_point": 5, "volume": 0, "z_index": 0 },
    { "type": "audio", "id": "bed", "source_url": "https://media.example.org/bed.mp3",
      "time": 0, "in_point": 0, "out_point": 6, "volume": 35,
      "fade_in_duration": 0.5, "fade_out_duration": 1 } ],
  "transitions": [ { "type": "cross_dissolve", "from_id": "a", "to_id": "b", "duration": 0.8 } ] }"#;

const C: &str = r##"{ "width": 1920, "height": 1080, "duration": 8, "frame_rate": 30, "background_color": "#101820ff",
  "elements": [
    { "type": "video", "id": "main", "source_url": "https://media.example.org/screen.mp4",
      "time": 0, "in_point": 0, "out_point": 8, "volume": 100, "z_index": 0,
      "contrast": 8, "saturation": 12 },
    { "type": "video", "id": "cam", "source_url": "https://media.example.org/cam.mp4",
      "time": 1, "in_point": 0, "out_point": 6, "volume": 0,
      "x": "84%", "y": "82%", "width": "24%", "height": "24%",
      "border_radius": 18, "border_color": "#ffffff", "border_width": 3, "z_index": 10 },
    { "type": "image", "id": "logo", "source_url": "https://media.example.org/logo.png",
      "time": 0, "duration": 8, "x": 120, "y": 90, "width": 160, "height": 90,
      "opacity": 85, "z_index": 20 },
    { "type": "text", "id": "title", "text": "Build log", "time": 1, "duration": 4,
      "x": "50%", "y": "18%", "width": "80%", "font_family": "Inter", "font_size": 96,
      "font_weight": 700, "text_color": "#ffffff", "stroke_color": "#000000", "stroke_width": 0.06,
      "z_index": 30,
      "motion": [ { "type": "slide_up", "time": 1, "duration": 0.5, "easing": "ease_out" },
                  { "type": "fade", "time": 4.5, "duration": 0.5, "reversed": true } ] } ] }"##;

const D: &str = r##"{ "width": 1080, "height": 1920, "duration": 3, "frame_rate": 30,
  "elements": [
    { "type": "video", "id": "v", "source_url": "https://media.example.org/talk.mp4",
      "time": 0, "in_point": 40, "out_point": 43, "volume": 100, "z_index": 0,
      "crop_left": 0.3418, "crop_right": 0.3418 },
    { "type": "text", "id": "cap1", "text": "ship it today", "time": 0.4, "duration": 1.8,
      "x": "50%", "y": "74%", "width": "86%", "font_size": 88, "font_style": "bold",
      "background_color": "#1e66f5", "z_index": 5,
      "word_animation": { "style": "box", "words": [
        { "text": "ship", "start": 0.40, "end": 0.80 },
        { "text": "it", "start": 0.80, "end": 1.05 },
        { "text": "today", "start": 1.05, "end": 2.10 } ] } } ] }"##;

const E: &str = r##"{ "width": 1280, "height": 720, "duration": 2, "frame_rate": 30,
  "output_format": "webm", "alpha": true, "background_color": "#00000000",
  "elements": [
    { "type": "text", "id": "t", "text": "NEW", "time": 0, "duration": 2, "font_size": 200,
      "text_color": "#ffd400", "z_index": 1,
      "motion": [ { "type": "zoom_in", "time": 0, "duration": 0.4 } ] } ] }"##;

const F: &str = r#"{ "width": 1080, "height": 1080, "duration": 1, "frame_rate": 1, "output_format": "png",
  "elements": [
    { "type": "image", "id": "bg", "source_url": "https://media.example.org/bg.jpg", "time": 0, "duration": 1,
      "z_index": 0, "effects": [ { "type": "box_blur", "intensity": 40 } ] },
    { "type": "video", "id": "fg", "source_url": "https://media.example.org/green.mp4",
      "time": 0, "in_point": 3, "out_point": 4, "volume": 0, "z_index": 1,
      "effects": [ { "type": "chroma_key", "intensity": 100,
        "chroma_settings": { "hue_min": 90, "hue_max": 150, "sat_min": 0.3, "sat_max": 1, "lum_min": 0.2, "lum_max": 0.9 } } ] } ] }"#;

#[test]
fn a_one_clip() {
    canonical(
        A,
        expect![[r##"
        {
          "width": 1280,
          "height": 720,
          "duration": 4,
          "frame_rate": 30,
          "output_format": "mp4",
          "background_color": "#000000",
          "elements": [
            {
              "type": "video",
              "id": "v1",
              "time": 0,
              "source_url": "https://media.example.org/a.mp4",
              "in_point": 1.5,
              "out_point": 5.5,
              "speed": 1,
              "volume": 100,
              "x": "50%",
              "y": "50%",
              "width": "100%",
              "height": "100%",
              "opacity": 100,
              "z_index": 0
            }
          ],
          "ingest_external": true
        }
    "##]],
    );
}

#[test]
fn b_dissolve_with_music() {
    canonical(
        B,
        expect![[r##"
            {
              "width": 1920,
              "height": 1080,
              "duration": 6,
              "frame_rate": 25,
              "output_format": "mp4",
              "background_color": "#000000",
              "elements": [
                {
                  "type": "video",
                  "id": "b",
                  "time": 3,
                  "source_url": "https://media.example.org/b.mp4",
                  "in_point": 2,
                  "out_point": 5,
                  "speed": 1,
                  "volume": 0,
                  "x": "50%",
                  "y": "50%",
                  "width": "100%",
                  "height": "100%",
                  "opacity": 100,
                  "z_index": 0
                },
                {
                  "type": "video",
                  "id": "a",
                  "time": 0,
                  "source_url": "https://media.example.org/a.mp4",
                  "in_point": 2,
                  "out_point": 5,
                  "speed": 1,
                  "volume": 0,
                  "x": "50%",
                  "y": "50%",
                  "width": "100%",
                  "height": "100%",
                  "opacity": 100,
                  "z_index": 1
                },
                {
                  "type": "audio",
                  "id": "bed",
                  "time": 0,
                  "source_url": "https://media.example.org/bed.mp3",
                  "in_point": 0,
                  "out_point": 6,
                  "speed": 1,
                  "volume": 35,
                  "fade_in_duration": 0.5,
                  "fade_out_duration": 1
                }
              ],
              "transitions": [
                {
                  "type": "cross_dissolve",
                  "duration": 0.8,
                  "from_id": "a",
                  "to_id": "b"
                }
              ],
              "ingest_external": true
            }
        "##]],
    );
}

#[test]
fn c_picture_in_picture() {
    canonical(
        C,
        expect![[r##"
            {
              "width": 1920,
              "height": 1080,
              "duration": 8,
              "frame_rate": 30,
              "output_format": "mp4",
              "background_color": "#101820",
              "elements": [
                {
                  "type": "video",
                  "id": "main",
                  "time": 0,
                  "source_url": "https://media.example.org/screen.mp4",
                  "in_point": 0,
                  "out_point": 8,
                  "speed": 1,
                  "volume": 100,
                  "x": "50%",
                  "y": "50%",
                  "width": "100%",
                  "height": "100%",
                  "opacity": 100,
                  "z_index": 0,
                  "contrast": 8,
                  "saturation": 12
                },
                {
                  "type": "video",
                  "id": "cam",
                  "time": 1,
                  "source_url": "https://media.example.org/cam.mp4",
                  "in_point": 0,
                  "out_point": 6,
                  "speed": 1,
                  "volume": 0,
                  "x": "84%",
                  "y": "82%",
                  "width": "24%",
                  "height": "24%",
                  "opacity": 100,
                  "z_index": 1,
                  "border_radius": 18,
                  "border_color": "#ffffff",
                  "border_width": 3
                },
                {
                  "type": "image",
                  "id": "logo",
                  "time": 0,
                  "duration": 8,
                  "source_url": "https://media.example.org/logo.png",
                  "x": 120,
                  "y": 90,
                  "width": 160,
                  "height": 90,
                  "opacity": 85,
                  "z_index": 2
                },
                {
                  "type": "text",
                  "id": "title",
                  "time": 1,
                  "duration": 4,
                  "text": "Build log",
                  "x": "50%",
                  "y": "18%",
                  "width": "80%",
                  "height": "100%",
                  "opacity": 100,
                  "z_index": 3,
                  "font_family": "Inter",
                  "font_size": 96,
                  "font_weight": 700,
                  "font_style": "normal",
                  "text_color": "#ffffff",
                  "text_align": "center",
                  "leading": 1.2,
                  "text_wrap": "wrap",
                  "stroke_color": "#000000",
                  "stroke_width": 0.06,
                  "motion": [
                    {
                      "type": "slide_up",
                      "time": 1,
                      "duration": 0.5,
                      "easing": "ease_out",
                      "reversed": false
                    },
                    {
                      "type": "fade",
                      "time": 4.5,
                      "duration": 0.5,
                      "easing": "ease_in_out",
                      "reversed": true
                    }
                  ]
                }
              ],
              "ingest_external": true
            }
        "##]],
    );
}

#[test]
fn d_vertical_caption() {
    canonical(
        D,
        expect![[r##"
            {
              "width": 1080,
              "height": 1920,
              "duration": 3,
              "frame_rate": 30,
              "output_format": "mp4",
              "background_color": "#000000",
              "elements": [
                {
                  "type": "video",
                  "id": "v",
                  "time": 0,
                  "source_url": "https://media.example.org/talk.mp4",
                  "in_point": 40,
                  "out_point": 43,
                  "speed": 1,
                  "volume": 100,
                  "x": "50%",
                  "y": "50%",
                  "width": "100%",
                  "height": "100%",
                  "opacity": 100,
                  "z_index": 0,
                  "crop_left": 0.3418,
                  "crop_right": 0.3418
                },
                {
                  "type": "text",
                  "id": "cap1",
                  "time": 0.4,
                  "duration": 1.8,
                  "text": "ship it today",
                  "x": "50%",
                  "y": "74%",
                  "width": "86%",
                  "height": "100%",
                  "opacity": 100,
                  "z_index": 1,
                  "font_family": "Inter",
                  "font_size": 88,
                  "font_weight": 400,
                  "font_style": "bold",
                  "text_color": "#ffffff",
                  "text_align": "center",
                  "leading": 1.2,
                  "text_wrap": "wrap",
                  "background_color": "#1e66f5",
                  "word_animation": {
                    "style": "box",
                    "words": [
                      {
                        "text": "ship",
                        "start": 0.4,
                        "end": 0.8
                      },
                      {
                        "text": "it",
                        "start": 0.8,
                        "end": 1.05
                      },
                      {
                        "text": "today",
                        "start": 1.05,
                        "end": 2.1
                      }
                    ]
                  }
                }
              ],
              "ingest_external": true
            }
        "##]],
    );
}

#[test]
fn e_transparent_overlay() {
    canonical(
        E,
        expect![[r##"
            {
              "width": 1280,
              "height": 720,
              "duration": 2,
              "frame_rate": 30,
              "output_format": "webm",
              "background_color": "#00000000",
              "alpha": true,
              "elements": [
                {
                  "type": "text",
                  "id": "t",
                  "time": 0,
                  "duration": 2,
                  "text": "NEW",
                  "x": "50%",
                  "y": "50%",
                  "width": "100%",
                  "height": "100%",
                  "opacity": 100,
                  "z_index": 0,
                  "font_family": "Inter",
                  "font_size": 200,
                  "font_weight": 400,
                  "font_style": "normal",
                  "text_color": "#ffd400",
                  "text_align": "center",
                  "leading": 1.2,
                  "text_wrap": "wrap",
                  "motion": [
                    {
                      "type": "zoom_in",
                      "time": 0,
                      "duration": 0.4,
                      "easing": "ease_in_out",
                      "reversed": false
                    }
                  ]
                }
              ]
            }
        "##]],
    );
}

#[test]
fn f_keyed_still() {
    canonical(
        F,
        expect![[r##"
        {
          "width": 1080,
          "height": 1080,
          "duration": 1,
          "frame_rate": 1,
          "output_format": "png",
          "background_color": "#000000",
          "elements": [
            {
              "type": "image",
              "id": "bg",
              "time": 0,
              "duration": 1,
              "source_url": "https://media.example.org/bg.jpg",
              "x": "50%",
              "y": "50%",
              "width": "100%",
              "height": "100%",
              "opacity": 100,
              "z_index": 0,
              "effects": [
                {
                  "type": "box_blur",
                  "intensity": 40
                }
              ]
            },
            {
              "type": "video",
              "id": "fg",
              "time": 0,
              "source_url": "https://media.example.org/green.mp4",
              "in_point": 3,
              "out_point": 4,
              "speed": 1,
              "volume": 0,
              "x": "50%",
              "y": "50%",
              "width": "100%",
              "height": "100%",
              "opacity": 100,
              "z_index": 1,
              "effects": [
                {
                  "type": "chroma_key",
                  "intensity": 100,
                  "chroma_settings": {
                    "hue_min": 90,
                    "hue_max": 150,
                    "sat_min": 0.3,
                    "sat_max": 1,
                    "lum_min": 0.2,
                    "lum_max": 0.9
                  }
                }
              ]
            }
          ],
          "ingest_external": true
        }
    "##]],
    );
}

/// The smallest body of all: canvas, length and everything else is derived.
#[test]
fn an_empty_body_is_ten_black_seconds() {
    let read = api::from_json("{}", &NoMedia);
    let timeline = read.timeline.unwrap();
    assert_eq!((timeline.size.to_string(), timeline.frame_count()), ("1280x720".to_owned(), 300));
    let shown: Vec<String> = read.violations.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["warning[EMPTY_TIMELINE] /elements: no element is visible"]);
}

/// The dissolve of example B is centred on the cut, as the contract is read.
#[test]
fn windows_are_centred_on_the_cut() {
    let timeline = read(B);
    let transition = &timeline.transitions[0];
    assert_eq!(transition.record_range.to_string(), "2.6s..3.4s");
    // Equal `z_index`: the earlier of the body is in front, so it comes later on the timeline.
    let ids: Vec<&str> = timeline.elements.iter().map(|element| element.id.as_str()).collect();
    assert_eq!(ids, ["b", "a", "bed"]);
}

#[test]
fn media_urls_are_found_before_converting() {
    assert_eq!(
        api::media_urls(F),
        ["https://media.example.org/bg.jpg", "https://media.example.org/green.mp4"]
    );
    assert_eq!(api::media_urls("no json"), Vec::<String>::new());
    let _: &dyn api::MediaLookup = &BTreeMap::new();
}
