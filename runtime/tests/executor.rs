//! What the executor draws, on small canvases: equal however it is asked, and as the source says.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::single_range_in_vec_init, reason = "a film is drawn as one range of frames or several")]

mod film;

use film::{Film, clip, still, title};
use vid_runtime::cpu::{CpuExecutor, SharedRasters};
use vid_runtime::media::VideoFrame;
use vid_runtime::plan::frame_spec;
use vid_runtime::scene::scene_from_timeline;
use vid_timeline::{Animated, Color, Easing, Keyframe, Length, Rational, Time, TransitionType};

/// Every byte of the picture, row by row.
fn bytes(frame: &VideoFrame) -> Vec<u8> {
    let planes = (0..frame.planes()).map(|index| frame.plane(index));
    planes.flat_map(|plane| (0..plane.rows).flat_map(move |row| plane.row(row).to_vec())).collect()
}

/// Frames `numbers` of the film, drawn in scenes of the given frames.
fn drawn(film: &Film, scenes: &[std::ops::Range<i64>]) -> Vec<Vec<u8>> {
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

fn busy_film() -> Film {
    let mut film = Film::new(2);
    let mut inset = clip("inset", "moving.mp4", 0, 2000);
    let layer = inset.layer.as_mut().unwrap();
    layer.width = Length::Percent(Rational::integer(40)).into();
    layer.x = Animated::Keyframes(vec![
        Keyframe { time: Time::ZERO, value: Length::Percent(Rational::integer(20)), easing: Easing::Linear },
        Keyframe {
            time: Time::new(2, 1),
            value: Length::Percent(Rational::integer(80)),
            easing: Easing::EaseInOut,
        },
    ]);
    let mut words = title("title", "Hello", 300, 1700);
    words.layer.as_mut().unwrap().motion = vec![film::fade_in(300, 400), film::slide_out(1300, 400)];
    film.timeline.elements = vec![clip("base", "moving.mp4", 0, 2000), inset, words];
    film.z_by_order();
    film
}

#[test]
fn a_frame_is_the_same_alone_in_pieces_and_in_the_whole() {
    let film = busy_film();
    let whole = drawn(&film, &[0..50]);
    let pieces = drawn(&film, &[0..7, 7..8, 8..31, 31..50]);
    assert!(whole == pieces, "pieces differ from the whole");
    for frame in [0_i64, 1, 13, 24, 25, 49] {
        let alone = drawn(&film, &[frame..frame + 1]);
        assert!(alone[0] == whole[usize::try_from(frame).unwrap()], "frame {frame} alone differs");
    }
}

/// A film of everything that changes from frame to frame outside the frame's own planes.
fn lively_film() -> Film {
    let key = |ms, value: i64| Keyframe {
        time: Time::from_millis(ms),
        value: Rational::integer(value),
        easing: Easing::EaseInOut,
    };
    let mut film = Film::new(2);
    let mut photo = still("photo", "card.png", 0, 2000);
    let layer = photo.layer.as_mut().unwrap();
    layer.x_scale = Animated::Keyframes(vec![key(200, 100), key(1800, 130)]);
    layer.y_scale = layer.x_scale.clone();
    let mut turning = clip("turning", "moving.mp4", 0, 2000);
    let layer = turning.layer.as_mut().unwrap();
    (layer.width, layer.height) = (Length::HALF.into(), Length::HALF.into());
    layer.z_rotation = Animated::Keyframes(vec![
        Keyframe { time: Time::ZERO, value: vid_timeline::Angle::ZERO, easing: Easing::Linear },
        Keyframe {
            time: Time::new(1, 1),
            value: vid_timeline::Angle::Degrees(Rational::integer(40)),
            easing: Easing::Linear,
        },
    ]);
    layer.adjust.noise = Rational::integer(20);
    let mut caption = title("caption", "one two", 200, 1800);
    if let vid_timeline::Content::Text(text) = &mut caption.content {
        let word = |text: &str, start, end| vid_timeline::Word {
            text: text.to_owned(),
            record_range: vid_timeline::TimeRange::new(Time::from_millis(start), Time::from_millis(end)),
        };
        text.word_animation = Some(vid_timeline::WordAnimation {
            style: vid_timeline::WordStyle::SlideUp,
            words: vec![word("one", 300, 900), word("two", 900, 1700)],
        });
    }
    let mut group = still("group", "card.png", 100, 1900);
    let mut inner = clip("inner", "moving.mp4", 100, 1900);
    inner.layer.as_mut().unwrap().opacity = Rational::integer(80).into();
    group.content = vid_timeline::Content::Group(Box::new(vid_timeline::Group {
        size: vid_timeline::Size { width: 160, height: 90 },
        frame_rate: vid_timeline::FrameRate::whole(10),
        background: None,
        blending: vid_timeline::Blending::Linear,
        elements: vec![inner],
        transitions: Vec::new(),
    }));
    let layer = group.layer.as_mut().unwrap();
    (layer.width, layer.x) = (Length::Percent(Rational::integer(30)).into(), Length::ZERO.into());
    film.timeline.elements = vec![photo, turning, caption, group];
    film.z_by_order();
    film
}

#[test]
fn lively_layers_do_not_know_the_frames_around_them() {
    let film = lively_film();
    let whole = drawn(&film, &[0..50]);
    let pieces = drawn(&film, &[0..7, 7..8, 8..31, 31..50]);
    for (frame, (whole, piece)) in whole.iter().zip(&pieces).enumerate() {
        assert!(whole == piece, "frame {frame} differs in a piece");
    }
    for frame in [3_i64, 22, 48] {
        let alone = drawn(&film, &[frame..frame + 1]);
        assert!(alone[0] == whole[usize::try_from(frame).unwrap()], "frame {frame} alone differs");
    }
}

#[test]
fn scenes_in_any_order_draw_the_same_frames() {
    let film = busy_film();
    let forward = drawn(&film, &[0..10, 20..30, 40..50]);
    let backward = drawn(&film, &[40..50, 20..30, 0..10]);
    assert!(
        forward[..10] == backward[20..]
            && forward[10..20] == backward[10..20]
            && forward[20..] == backward[..10]
    );
}

#[test]
fn a_clip_that_fills_the_canvas_passes_unchanged() {
    let mut film = Film::new(2);
    film.timeline.elements = vec![clip("base", "moving.mp4", 0, 2000)];
    assert!(drawn(&film, &[0..50])[..] == film.decoded("moving.mp4")[..50]);
}

#[test]
fn a_trimmed_clip_starts_at_its_in_point() {
    let mut film = Film::new(1);
    film.timeline.elements = vec![film::clip_from("base", "moving.mp4", 600, 0, 1000)];
    assert!(drawn(&film, &[0..25])[..] == film.decoded("moving.mp4")[15..40]);
}

#[test]
fn a_dissolve_goes_evenly_from_one_to_the_other() {
    let mut film = Film::new(2);
    film.timeline.elements =
        vec![still("black", "black.png", 0, 1500), still("white", "white.png", 500, 2000)];
    film.z_by_order();
    film.timeline.transitions =
        vec![film::transition(TransitionType::CrossDissolve, "black", "white", 500, 1500)];
    let frames = drawn(&film, &[0..50]);
    let at = |ms: usize| luma(&frames[ms / 40], 160, 90);
    // Frame 12 begins at 480 ms, 25 at 1000 ms, 37 at 1480 ms; the window's edges lie half a frame
    // off the grid.
    assert_eq!([at(0), at(480), at(1000), at(1480), at(1520), at(1960)], [16, 16, 126, 231, 235, 235]);
}

#[test]
fn a_still_is_contained_in_the_canvas_over_the_background() {
    let mut film = Film::new(1);
    film.timeline.background.color = Color::rgb(255, 255, 255);
    film.timeline.elements = vec![still("square", "black-square.png", 0, 1000)];
    let frames = drawn(&film, &[0..1]);
    // 320x180 holds a square of 180 in its middle: columns 70 to 249.
    let row = |x| luma(&frames[0], x, 90);
    assert_eq!([row(0), row(69), row(70), row(160), row(249), row(250)], [235, 235, 16, 16, 16, 235]);
}

#[test]
fn half_opacity_is_half_way() {
    let mut film = Film::new(1);
    let mut square = still("white", "white.png", 0, 1000);
    square.layer.as_mut().unwrap().opacity = Rational::integer(50).into();
    film.timeline.elements = vec![square];
    let frames = drawn(&film, &[0..1]);
    assert_eq!(luma(&frames[0], 160, 90), 126);
}

#[test]
fn later_elements_are_on_top_unless_z_says_otherwise() {
    let mut film = Film::new(1);
    film.timeline.elements = vec![still("white", "white.png", 0, 1000), still("black", "black.png", 0, 1000)];
    assert_eq!(luma(&drawn(&film, &[0..1])[0], 5, 5), 16);
    film.timeline.elements[0].layer.as_mut().unwrap().z_index = 7;
    assert_eq!(luma(&drawn(&film, &[0..1])[0], 5, 5), 235);
}

#[test]
fn an_element_shows_from_its_rounded_start_to_its_rounded_end() {
    let mut film = Film::new(1);
    // 25 frames a second: 220 ms is frame 5.5 and rounds up to 6, 419 ms is 10.475 and rounds to 10.
    film.timeline.elements = vec![still("white", "white.png", 220, 419)];
    let frames = drawn(&film, &[0..25]);
    let visible: Vec<_> = (0..25).filter(|&n| luma(&frames[n], 5, 5) == 235).collect();
    assert_eq!(visible, [6, 7, 8, 9]);
}
