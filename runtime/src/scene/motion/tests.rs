use vid_timeline::Easing;

use super::*;

const STAGE: Stage = Stage { canvas: Size { width: 200, height: 100 }, area: (50.0, 25.0, 100.0, 50.0) };

fn motion(kind: MotionType, reversed: bool, scope: MotionScope) -> SceneMotion {
    SceneMotion {
        kind,
        range: TimeRange::new(Time::new(1, 1), Time::new(3, 1)),
        easing: Easing::Linear,
        reversed,
        scope,
        delay: Time::ZERO,
        repeats: kind.directions(scope).repeats,
    }
}

/// The state of an element motion that runs from 1 s to 3 s.
fn at(kind: MotionType, reversed: bool, milliseconds: i64) -> MotionState {
    let motion = motion(kind, reversed, MotionScope::Element);
    element::state(
        kind,
        motion.is_exit(),
        motion.moment(motion.range, Time::from_millis(milliseconds)),
        STAGE,
    )
}

fn glyph(kind: MotionType, reversed: bool, index: usize, milliseconds: i64) -> MotionState {
    let motion = motion(kind, reversed, MotionScope::Character);
    let stage = GlyphStage { index, count: 5, em: 20.0 };
    let moment = motion.moment(motion.glyph_range(stage), Time::from_millis(milliseconds));
    glyph::state(kind, motion.is_exit(), moment, stage)
}

fn directions(scope: MotionScope) -> impl Iterator<Item = (MotionType, bool)> {
    MotionType::ALL.iter().flat_map(move |kind| {
        let directions = kind.directions(scope);
        let forms = [(directions.entrance && !directions.repeats, false), (directions.exit, true)];
        forms.into_iter().filter(|form| form.0).map(|form| (*kind, form.1))
    })
}

fn near_rest(state: MotionState) -> bool {
    let MotionState { dx, dy, scale_x, scale_y, rotation, tilt_x, tilt_y, opacity, zoom, .. } = state;
    [dx, dy, rotation, tilt_x, tilt_y, scale_x - 1.0, scale_y - 1.0, opacity - 1.0, zoom - 1.0]
        .iter()
        .all(|departure| departure.abs() < 1e-9)
        && !state.touches_pixels()
        && state.fill.is_none()
}

#[test]
fn entrances_arrive_at_rest_and_exits_depart_from_it() {
    for (kind, reversed) in directions(MotionScope::Element) {
        let (rest, away) = if reversed { ([0, 1000], [3000, 4000]) } else { ([3000, 4000], [0, 1000]) };
        // Ken Burns stays near, and fills end with their window.
        let stays = matches!(kind, MotionType::KenBurnsIn | MotionType::Overlay | MotionType::Difference);
        for time in rest {
            assert!(
                near_rest(at(kind, reversed, time)) != (kind == MotionType::KenBurnsIn),
                "{kind} at {time}"
            );
        }
        for time in away {
            let in_place = matches!(kind, MotionType::KenBurnsInOut);
            assert!(!near_rest(at(kind, reversed, time)) || stays || in_place, "{kind} at {time}");
        }
        assert!(!near_rest(at(kind, reversed, 1700)), "{kind} half way");
    }
}

#[test]
fn loops_begin_and_end_each_turn_at_rest() {
    for kind in MotionType::ALL.iter().copied().filter(|kind| kind.directions(MotionScope::Element).repeats) {
        let states = [0, 1000, 1500, 3000, 3500].map(|time| at(kind, false, time));
        assert_eq!(states[1], states[3], "{kind}");
        assert_eq!(states[2], states[4], "{kind}");
        assert!(near_rest(states[0]) && states[2] != states[1], "{kind}: {states:?}");
    }
}

#[test]
fn slides_come_from_one_side_and_go_on_to_the_other() {
    use MotionType::{SlideDown, SlideLeft, SlideRight, SlideUp};
    let way = |kind, reversed, time| {
        let state = at(kind, reversed, time);
        (state.dx, state.dy)
    };
    assert_eq!((way(SlideLeft, false, 1000), way(SlideLeft, true, 3000)), ((150.0, 0.0), (-150.0, 0.0)));
    assert_eq!((way(SlideRight, false, 1500), way(SlideRight, true, 1500)), ((-112.5, 0.0), (37.5, 0.0)));
    assert_eq!((way(SlideUp, false, 2000), way(SlideDown, false, 2500)), ((0.0, 37.5), (0.0, -18.75)));
}

#[test]
fn wipes_cut_on_the_side_their_edge_comes_from() {
    use MotionType::{WipeDown, WipeLeft, WipeRight, WipeUp};
    assert_eq!(at(WipeLeft, false, 1500).clip, [0.75, 0.0, 0.0, 0.0]);
    assert_eq!(at(WipeLeft, true, 1500).clip, [0.0, 0.0, 0.25, 0.0]);
    assert_eq!(at(WipeRight, false, 2500).clip, [0.0, 0.0, 0.25, 0.0]);
    assert_eq!(at(WipeUp, false, 1000).clip, [0.0, 1.0, 0.0, 0.0]);
    assert_eq!(at(WipeDown, true, 3000).clip, [0.0, 1.0, 0.0, 0.0]);
}

#[test]
fn presets_at_their_quarters() {
    use MotionType as M;
    let quarters = |kind, reversed| [1000, 1500, 2000, 3000].map(|time| at(kind, reversed, time));
    assert_eq!(quarters(M::Fade, false).map(|state| state.opacity), [0.0, 0.25, 0.5, 1.0]);
    assert_eq!(quarters(M::Fade, true).map(|state| state.opacity), [1.0, 0.75, 0.5, 0.0]);
    assert_eq!(quarters(M::ZoomIn, false).map(|state| state.scale_x), [0.0, 0.25, 0.5, 1.0]);
    // An exit alone, even where `reversed` is left out.
    assert_eq!(quarters(M::ZoomOut, false).map(|state| state.scale_y), [1.0, 0.75, 0.5, 0.0]);
    assert_eq!(quarters(M::KenBurnsIn, false).map(|state| state.zoom), [1.0, 1.05, 1.1, 1.2]);
    let degrees = |state: MotionState| state.rotation.to_degrees().round();
    assert_eq!(quarters(M::RotateCw, false).map(degrees), [-180.0, -135.0, -90.0, 0.0]);
    assert_eq!(quarters(M::RotateCw, true).map(degrees), [0.0, 45.0, 90.0, 180.0]);
    assert_eq!(quarters(M::LoopRotateSmooth, false).map(degrees), [0.0, 90.0, 180.0, 0.0]);
    assert_eq!(at(M::Bounce, false, 1000).dy, -75.0);
    assert_eq!(at(M::Overlay, false, 2000).fill, Some(Fill::Overlay));
    assert_eq!(at(M::Overlay, false, 3000).fill, None);
}

#[test]
fn glyphs_follow_one_another() {
    for (kind, reversed) in directions(MotionScope::Character) {
        let (before, after) = (glyph(kind, reversed, 4, 1000), glyph(kind, reversed, 4, 3000));
        let (gone, rest) = if reversed { (after, before) } else { (before, after) };
        assert!(near_rest(rest) && !near_rest(gone), "{kind} {reversed}: {rest:?} {gone:?}");
        let (first, last) = (glyph(kind, reversed, 0, 1900), glyph(kind, reversed, 4, 1900));
        assert_ne!(first, last, "{kind} {reversed}");
    }
    assert_eq!(glyph(MotionType::Fade, false, 0, 1500).opacity, 0.5);
    assert_eq!(glyph(MotionType::Fade, false, 4, 2000).opacity, 0.0);
}

#[test]
fn a_delay_is_the_stagger() {
    let mut motion = motion(MotionType::Fade, false, MotionScope::Character);
    motion.delay = Time::from_millis(100);
    let range = motion.glyph_range(GlyphStage { index: 3, count: 5, em: 10.0 });
    assert_eq!(range, TimeRange::new(Time::from_millis(1300), Time::from_millis(3300)));
    let from = |milliseconds| (Time::from_millis(milliseconds), Time::new(9, 1));
    assert!(motion.affects(from(3200), 5) && !motion.affects(from(3600), 5));
}

#[test]
fn motions_that_leave_a_stretch_alone_are_left_out() {
    let affects = |kind, reversed, first, last| {
        let times = (Time::from_millis(first), Time::from_millis(last));
        motion(kind, reversed, MotionScope::Element).affects(times, 0)
    };
    use MotionType as M;
    assert!(affects(M::Fade, false, 0, 500) && !affects(M::Fade, false, 3000, 4000));
    assert!(!affects(M::Fade, true, 0, 500) && affects(M::Fade, true, 3000, 4000));
    assert!(!affects(M::LoopRotate, false, 0, 500) && affects(M::LoopRotate, false, 8000, 9000));
    assert!(affects(M::KenBurnsIn, false, 8000, 9000) && !affects(M::KenBurnsOut, false, 8000, 9000));
    assert!(!affects(M::Difference, false, 3000, 9000) && affects(M::Difference, false, 2900, 9000));
}

#[test]
fn curves_start_arrive_and_overshoot() {
    use super::curves::{back, bounce, elastic, pendulum, rubber, rush};
    for curve in [back, bounce, elastic, rush] {
        assert!(curve(0.0).abs() < 1e-9 && (curve(1.0) - 1.0).abs() < 1e-9);
    }
    assert_eq!((pendulum(0.0), rubber(0.0), rubber(1.0)), (1.0, (0.0, 0.0), (1.0, 1.0)));
    assert!(pendulum(1.0).abs() < 1e-12 && pendulum(0.4) < -0.1);
    let most = |curve: fn(f64) -> f64| (0..=100).map(|n| curve(f64::from(n) / 100.0)).fold(0.0, f64::max);
    assert!(most(back) > 1.05 && most(elastic) > 1.05 && most(bounce) <= 1.0 && most(rush) <= 1.0);
}
