use expect_test::{Expect, expect};
use vid_timeline::api::{NoMedia, from_json};

use super::import;

/// The source that a body becomes, and what is remarked.
fn check(body: &str, expected: Expect) {
    let read = from_json(body, &NoMedia);
    let timeline = read.timeline.unwrap_or_else(|| panic!("{:?}", read.violations));
    let imported = import(&timeline, "film");
    let mut text = imported.source;
    for remark in imported.remarks {
        text.push_str(&format!("// {}: {}\n", remark.element.as_deref().unwrap_or("film"), remark.message));
    }
    expected.assert_eq(&text);
}

#[test]
fn clauses_instead_of_properties() {
    check(
        r##"{ "width": 1920, "height": 1080, "duration": 8, "frame_rate": 25, "background_color": "#101820",
        "elements": [
        { "type": "video", "id": "main", "source_url": "https://m.example/screen.mp4", "out_point": 8, "z_index": 0 },
        { "type": "video", "id": "cam", "source_url": "https://m.example/cam.mp4", "time": 1, "in_point": 0.5,
          "out_point": 6, "volume": 0, "x": "84%", "y": 82, "speed": 2, "z_index": 1,
          "effects": [ { "type": "vhs", "intensity": 35 }, { "type": "sepia" } ] },
        { "type": "text", "id": "title", "text": "Build {log}\n\"now\"", "time": 1, "duration": 4, "font_size": 96, "z_index": 3,
          "motion": [ { "type": "slide_up", "time": 1, "duration": 0.5, "easing": "ease_out" },
                      { "type": "fade", "time": 4.5, "duration": 0.5, "reversed": true },
                      { "type": "bounce", "time": 2, "duration": 1 },
                      { "type": "loop_wiggle", "time": 1, "duration": 4 } ] } ] }"##,
        expect![[r#"
            composition film 1920x1080 25fps {
              background_color: #101820
              set video { fit: stretch }

              video main "https://m.example/screen.mp4" [0s..8s]
              video cam "https://m.example/cam.mp4" [500ms..6s] at 1s {
                speed: 2
                volume: 0%
                x: 84%
                y: 82px
                effect vhs 35%
                effect sepia
              }
              text title "Build \{log\}\n\"now\"" at 1s for 4s {
                font_size: 96
                enter slide_up for 500ms ease_out
                exit fade for 500ms
                motion bounce at 1s for 1s
                loop loop_wiggle
              }
            }
        "#]],
    );
}

#[test]
fn neighbours_are_a_sequence() {
    check(
        r#"{ "duration": 9, "elements": [
        { "type": "image", "id": "show.one", "source_url": "https://m.example/1.png", "time": 1, "duration": 3, "z_index": 0 },
        { "type": "image", "id": "show.two", "source_url": "https://m.example/2.png", "time": 4, "duration": 2, "z_index": 1 },
        { "type": "video", "id": "clip", "source_url": "https://m.example/3.mp4", "time": 6, "out_point": 3, "z_index": 2 },
        { "type": "text", "id": "over", "text": "over all", "time": 0, "duration": 9, "z_index": 3 } ],
        "transitions": [ { "type": "wipe_left", "from_id": "show.two", "to_id": "clip", "duration": 1 } ] }"#,
        expect![[r#"
            composition film {
              set video { fit: stretch }
              set image { fit: stretch }

              sequence at 1s {
                image show_one "https://m.example/1.png" for 3s { id: "show.one" }
                image show_two "https://m.example/2.png" for 2s { id: "show.two" }
                transition wipe_left for 1s through { audio: cut }
                video clip "https://m.example/3.mp4" [0s..3s]
              }
              text over "over all"
            }
        "#]],
    );
}

#[test]
fn ids_become_names() {
    check(
        r#"{ "duration": 4, "elements": [
        { "type": "text", "id": "lower third #1", "text": "a", "time": 0, "duration": 1, "z_index": 0 },
        { "type": "text", "id": "end", "text": "b", "time": 2, "duration": 1, "z_index": 1 },
        { "type": "text", "id": "3", "text": "c", "time": 1, "duration": 3, "z_index": 2 },
        { "type": "text", "text": "d", "time": 3.5, "duration": 0.5, "z_index": 3 } ] }"#,
        expect![[r#"
            composition film {
              text lower_third_1 "a" for 1s { id: "lower third #1" }
              text end_1 "b" at 2s for 1s { id: "end" }
              text text_3 "c" at 1s for 3s { id: "3" }
              text text_1 "d" at 3.5s for 500ms { id: "text#1" }
            }
        "#]],
    );
}

#[test]
fn what_a_film_says_about_itself() {
    check(
        r##"{ "width": 640, "height": 360, "duration": 2, "frame_rate": 25, "output_format": "webm",
        "output_filename": "overlay", "alpha": true, "background_color": "#00000000",
        "webhook_url": "https://m.example/hook", "ingest_external": true,
        "metadata": { "campaign": "spring", "start": "now", "not a name": "x" },
        "elements": [ { "type": "text", "id": "t", "text": "t", "time": 0, "duration": 2 } ] }"##,
        expect![[r#"
            composition film 640x360 25fps for 2s {
              background_color: #00000000
              webhook_url: "https://m.example/hook"
              ingest_external: true
              metadata: { campaign: "spring" start: "now" "not a name": "x" }

              text t "t"

              output webm "overlay" { alpha: true }
            }
        "#]],
    );
}

#[test]
fn what_is_said_otherwise_is_told() {
    check(
        r#"{ "duration": 4, "elements": [
        { "type": "audio", "id": "bed", "source_url": "https://m.example/bed.mp3", "out_point": 5, "fade_out_duration": 2 },
        { "type": "text", "id": "late", "text": "late", "time": 4, "duration": 1, "z_index": 0 },
        { "type": "image", "id": "long", "source_url": "https://m.example/l.png", "time": 0, "duration": 4, "z_index": 1 },
        { "type": "image", "id": "short", "source_url": "https://m.example/s.png", "time": 1, "duration": 2, "z_index": 2 } ],
        "transitions": [ { "type": "cross_dissolve", "from_id": "long", "to_id": "short", "duration": 1 } ] }"#,
        expect![[r#"
            composition film {
              set image { fit: stretch }

              audio bed "https://m.example/bed.mp3" [0s..4s]
              sequence {
                image long "https://m.example/l.png" for 1s
                transition cross_dissolve for 1s through
                image short "https://m.example/s.png" for 2s
              }
            }
            // late: it starts at 4s, when the film has ended, and is left out
            // long: it ends at 1s, with its transition, instead of 4s
            // bed: its sound does not fade out: the ramp ends after the film, or after its transition
        "#]],
    );
}

#[test]
fn a_ramp_longer_than_a_day_is_a_day() {
    check(
        r#"{ "duration": 2, "elements": [ { "type": "audio", "id": "bed", "source_url": "https://m.example/bed.mp3",
        "out_point": 2, "fade_in_duration": 510000000 } ] }"#,
        expect![[r#"
            composition film {
              audio bed "https://m.example/bed.mp3" [0s..2s] { fade_in_duration: 86400s }
            }
            // bed: its sound fades for 510000000s, which is written as a day
        "#]],
    );
}
