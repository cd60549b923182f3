//! Transitions, motions and effects on small canvases: the same frame however it is asked for, and what
//! is below where nothing covers it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::single_range_in_vec_init, reason = "a film is drawn as one range of frames or several")]

mod film;

use std::ops::Range;

use film::{Film, clip, still, title, transition};
use vid_runtime::cpu::{CpuExecutor, SharedRasters};
use vid_runtime::media::VideoFrame;
use vid_runtime::plan::frame_spec;
use vid_runtime::scene::scene_from_timeline;
use vid_timeline::{
    Color, Easing, Effect, EffectType, Layer, Length, Motion, MotionScope, MotionType, Rational, Time,
    TimeRange, TransitionType,
};

fn bytes(frame: &VideoFrame) -> Vec<u8> {
    let planes = (0..frame.planes()).map(|index| frame.plane(index));
    planes.flat_map(|plane| (0..plane.rows).flat_map(move |row| plane.row(row).to_vec())).collect()
}

/// Frames of the film, drawn in scenes of the given frames.
fn drawn(film: &Film, scenes: &[Range<i64>]) -> Vec<Vec<u8>> {
    let rasters = SharedRasters::default();
    let assets = film.assets();
    let mut executor = CpuExecutor::new(frame_spec(&film.timeline), &assets, &rasters).unwrap();
    let mut frames = Vec::new();
    for range in scenes {
        let scene = scene_from_timeline(&film.timeline, &assets, range.clone()).unwrap();
        executor.begin(&scene, range.start);
        frames.extend((0..scene.frame_count).map(|frame| bytes(&executor.frame(frame).unwrap())));
    }
    frames
}

/// Luma of the pixel at `x`, `y` of a 320x180 frame.
fn luma(frame: &[u8], x: usize, y: usize) -> u8 {
    frame[y * 320 + x]
}

fn layer(film: &mut Film, index: usize) -> &mut Layer {
    film.timeline.elements[index].layer.as_mut().unwrap()
}

/// Whether the frames 23, 24 and 25 are the same drawn together and one by one, in another order.
fn holds_in_pieces(film: &Film) -> bool {
    let whole = drawn(film, &[23..26]);
    let alone = drawn(film, &[25..26, 23..24, 24..25]);
    whole[0] == alone[1] && whole[1] == alone[2] && whole[2] == alone[0]
}

#[test]
fn a_frame_of_a_transition_does_not_depend_on_its_scene() {
    for kind in TransitionType::ALL.iter().copied() {
        let mut film = Film::new(2);
        film.timeline.elements =
            vec![clip("one", "moving.mp4", 0, 1200), still("two", "white.png", 800, 2000)];
        layer(&mut film, 1).width = Length::Percent(Rational::integer(60)).into();
        film.timeline.transitions = vec![transition(kind, "one", "two", 800, 1200)];
        film.z_by_order();
        assert!(holds_in_pieces(&film), "{kind}");
    }
}

#[test]
fn a_frame_of_a_motion_does_not_depend_on_its_scene() {
    let scopes = [MotionScope::Element, MotionScope::Character];
    for (kind, scope) in MotionType::ALL.iter().flat_map(|kind| scopes.map(|scope| (*kind, scope))) {
        let directions = kind.directions(scope);
        if !directions.entrance && !directions.exit {
            continue;
        }
        let mut film = Film::new(2);
        film.timeline.elements = vec![title("words", "Four words move here", 200, 2000)];
        layer(&mut film, 0).motion = vec![Motion {
            kind,
            record_range: TimeRange::new(Time::from_millis(600), Time::from_millis(1400)),
            easing: Easing::EaseInOut,
            reversed: !directions.entrance,
            scope,
            delay: Time::ZERO,
            repeats: directions.repeats,
        }];
        assert!(holds_in_pieces(&film), "{kind} {scope}");
    }
}

#[test]
fn a_frame_with_an_effect_does_not_depend_on_its_scene() {
    for kind in EffectType::ALL.iter().copied() {
        let mut film = Film::new(2);
        film.timeline.elements = vec![still("picture", "black-square.png", 200, 2000)];
        let effect = Effect { kind, intensity: Rational::integer(80), chroma_settings: None };
        layer(&mut film, 0).effects = vec![effect];
        assert!(holds_in_pieces(&film), "{kind}");
    }
}

/// A transition from the background uncovers the picture over what is below it, and one to the background
/// takes it away again.
#[test]
fn a_transition_may_have_one_side() {
    let mut film = Film::new(2);
    film.timeline.background.color = Color::rgb(128, 128, 128);
    film.timeline.elements = vec![still("white", "white.png", 0, 2000)];
    let window = |kind, from: Option<&str>, to: Option<&str>, start, end| {
        let mut made = transition(kind, "white", "white", start, end);
        (made.from, made.to) = (from.map(str::to_owned), to.map(str::to_owned));
        made
    };
    film.timeline.transitions = vec![
        window(TransitionType::WipeLeft, None, Some("white"), 0, 800),
        window(TransitionType::DipToBlack, Some("white"), None, 1200, 2000),
    ];
    let frames = drawn(&film, &[0..50]);
    let at = |frame: usize, x| luma(&frames[frame], x, 90);
    assert_eq!((at(10, 40), at(10, 280)), (126, 235));
    assert_eq!((at(25, 40), at(25, 280)), (235, 235));
    // Half of the way from white to black, then black that gives way to the grey behind.
    assert!(at(35, 40).abs_diff(126) <= 1 && at(40, 40) <= 17);
    assert!(at(45, 40).abs_diff(71) <= 1 && at(49, 40).abs_diff(115) <= 1);
}

/// What a cube leaves open beside its faces shows the picture below.
#[test]
fn below_shows_where_a_transition_opens() {
    let mut film = Film::new(2);
    film.timeline.elements = vec![
        still("below", "white.png", 0, 2000),
        still("one", "black.png", 0, 1000),
        still("two", "black.png", 1000, 2000),
    ];
    film.timeline.transitions = vec![transition(TransitionType::Cube, "one", "two", 500, 1500)];
    film.z_by_order();
    let frame = &drawn(&film, &[25..26])[0];
    assert_eq!((luma(frame, 2, 2), luma(frame, 2, 177)), (235, 235));
    assert_eq!(luma(frame, 160, 90), 16);
}

/// Letters come one after the other, and a text at rest is the text without motion.
#[test]
fn letters_arrive_one_by_one() {
    let film = |moving: bool| {
        let mut film = Film::new(2);
        film.timeline.elements = vec![title("words", "IIIIIIII", 0, 2000)];
        if moving {
            layer(&mut film, 0).motion = vec![Motion {
                kind: MotionType::SlideUp,
                record_range: TimeRange::new(Time::ZERO, Time::new(1, 1)),
                easing: Easing::Linear,
                reversed: false,
                scope: MotionScope::Character,
                delay: Time::ZERO,
                repeats: false,
            }];
        }
        drawn(&film, &[0..50])
    };
    let (moving, still) = (film(true), film(false));
    let ink = |frame: &[u8], columns: Range<usize>| -> u64 {
        let rows = (0..180).flat_map(|y| columns.clone().map(move |x| (x, y)));
        rows.map(|(x, y)| u64::from(luma(frame, x, y)) - 16).sum()
    };
    let halves = |frame: &[u8]| (ink(frame, 0..160), ink(frame, 160..320));
    let (left, right) = halves(&moving[13]);
    assert!(left > 2 * right && right > 0, "{left} {right}");
    assert_eq!(halves(&moving[0]), (0, 0));
    assert!(moving[26] == still[26]);
    // On the last frames of the way the letters are nearly there.
    let (near, there) = (ink(&moving[24], 0..320), ink(&still[24], 0..320));
    assert!(near.abs_diff(there) < there / 20, "{near} {there}");
}

/// A transition with a level of its own is painted there, whatever its elements' levels are.
#[test]
fn a_transition_may_have_its_own_level() {
    let white_on_top = |level: Option<i64>| {
        let mut film = Film::new(2);
        film.timeline.elements = vec![
            still("one", "white.png", 0, 1000),
            still("two", "white.png", 1000, 2000),
            still("cover", "black.png", 0, 2000),
        ];
        film.z_by_order();
        let mut made = transition(TransitionType::WipeLeft, "one", "two", 500, 1500);
        made.z_index = level;
        film.timeline.transitions = vec![made];
        luma(&drawn(&film, &[25..26])[0], 160, 90) == 235
    };
    assert_eq!([None, Some(1), Some(2), Some(7)].map(white_on_top), [false, false, true, true]);
}
