//! Pictures of clips that run backwards or round and round, frame by frame.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::single_range_in_vec_init, reason = "a film is drawn as one range of frames or several")]

mod film;

use std::process::Command;

use film::{Film, clip, clip_from};
use vid_runtime::cpu::{CpuExecutor, SharedRasters};
use vid_runtime::media::{BackwardSource, DecodeOptions, Placement, VideoFrame};
use vid_runtime::plan::frame_spec;
use vid_runtime::scene::scene_from_timeline;
use vid_timeline::{Clip, Content, Element, Rational, Time, TimeRange};

fn bytes(frame: &VideoFrame) -> Vec<u8> {
    let planes = (0..frame.planes()).map(|index| frame.plane(index));
    planes.flat_map(|plane| (0..plane.rows).flat_map(move |row| plane.row(row).to_vec())).collect()
}

/// Which frames of `moving.mp4` the film shows in the given scenes.
fn shown(film: &Film, scenes: &[std::ops::Range<i64>]) -> Vec<usize> {
    let source = film.decoded("moving.mp4");
    let rasters = SharedRasters::default();
    let assets = film.assets();
    let mut executor = CpuExecutor::new(frame_spec(&film.timeline), &assets, &rasters).unwrap();
    let mut numbers = Vec::new();
    for range in scenes {
        let scene = scene_from_timeline(&film.timeline, &assets, range.clone()).unwrap();
        executor.begin(&scene, range.start);
        for frame in 0..scene.frame_count {
            let drawn = bytes(&executor.frame(frame).unwrap());
            numbers.push(source.iter().position(|frame| *frame == drawn).expect("a frame of the clip"));
        }
    }
    numbers
}

fn changed(mut element: Element, change: impl FnOnce(&mut Clip)) -> Element {
    let Content::Video(clip) = &mut element.content else { panic!("a clip") };
    change(clip);
    element
}

/// A film of `seconds` that shows `moving.mp4` (75 frames) alone.
fn film_of(seconds: i64, element: Element) -> Film {
    let mut film = Film::new(seconds);
    film.timeline.elements = vec![element];
    film
}

#[test]
fn a_clip_backwards_is_the_mirror_of_the_same_forwards() {
    let forwards = shown(&film_of(3, clip("a", "moving.mp4", 0, 3000)), &[0..75]);
    assert_eq!(forwards, (0..75).collect::<Vec<_>>());
    let film = film_of(3, changed(clip("a", "moving.mp4", 0, 3000), |clip| clip.reversed = true));
    let backwards = shown(&film, &[0..75]);
    assert_eq!(backwards, forwards.into_iter().rev().collect::<Vec<_>>());
    // However it is cut up.
    assert_eq!(shown(&film, &[0..7, 7..40, 40..41, 41..75]), backwards);
    assert_eq!(shown(&film, &[60..75, 10..12]), [&backwards[60..75], &backwards[10..12]].concat());
}

#[test]
fn a_part_backwards_begins_with_the_frame_before_its_end() {
    let film = film_of(1, changed(clip_from("a", "moving.mp4", 400, 0, 1000), |clip| clip.reversed = true));
    assert_eq!(shown(&film, &[0..25]), (10..35).rev().collect::<Vec<_>>());
}

#[test]
fn other_speeds_are_mirrored_about_the_middle_of_time() {
    // 1.2 s at 3/2 and at 2/5: frame k shows media time 1.2 s − k·speed/25, the boundary to the earlier.
    for (speed, seconds) in [(Rational::ratio(3, 2), 4), (Rational::ratio(2, 5), 3)] {
        let length = Time::from_millis(1200) * (Rational::ONE / speed);
        let element = changed(clip("a", "moving.mp4", 0, 0), |clip| {
            clip.speed = speed;
            clip.reversed = true;
            clip.source_range = TimeRange::new(Time::ZERO, Time::from_millis(1200));
        });
        let element = Element { record_range: TimeRange::at(Time::ZERO, length), ..element };
        let film = film_of(seconds, element);
        let frames = film.timeline.frame_rate.frame_from_time(length);
        let wanted: Vec<usize> = (0..frames)
            .map(|k| {
                let media = Rational::integer(30) - speed * Rational::integer(k);
                usize::try_from(media.ceil() - 1).unwrap_or(0)
            })
            .collect();
        assert_eq!(shown(&film, &[0..frames]), wanted, "{speed}");
    }
}

#[test]
fn rounds_return_to_their_first_frame() {
    let repeating = |reversed| {
        let element = changed(clip_from("a", "moving.mp4", 400, 0, 3000), |clip| {
            clip.source_range = TimeRange::new(Time::from_millis(400), Time::from_millis(1000));
            clip.repeats = true;
            clip.reversed = reversed;
        });
        film_of(3, element)
    };
    let forwards: Vec<usize> = (0..75).map(|k| 10 + k % 15).collect();
    assert_eq!(shown(&repeating(false), &[0..75]), forwards);
    assert_eq!(shown(&repeating(false), &[0..20, 20..21, 40..75])[20..22], [15, 20]);
    let backwards: Vec<usize> = (0..75).map(|k| 24 - k % 15).collect();
    assert_eq!(shown(&repeating(true), &[0..75]), backwards);
}

/// What was cut off before the first frame has been played all the same.
#[test]
fn a_round_that_is_under_way_goes_on() {
    for (reversed, wanted) in [(false, [18, 19, 20]), (true, [16, 15, 14])] {
        let element = changed(clip_from("a", "moving.mp4", 400, 0, 3000), |clip| {
            clip.source_range = TimeRange::new(Time::from_millis(400), Time::from_millis(1000));
            (clip.repeats, clip.reversed, clip.phase) = (true, reversed, Time::from_millis(320));
        });
        let film = film_of(3, element);
        let whole = shown(&film, &[0..75]);
        assert_eq!(whole[..3], wanted, "{reversed}");
        assert_eq!(whole[15..30], whole[..15]);
        assert_eq!(shown(&film, &[40..60]), whole[40..60]);
    }
}

#[test]
fn a_round_of_no_whole_number_of_frames_keeps_its_time() {
    // A turn of 1/7 s is 25/7 frames.
    let element = changed(clip("a", "moving.mp4", 0, 2000), |clip| {
        clip.source_range = TimeRange::new(Time::ZERO, Time::new(1, 7));
        clip.repeats = true;
    });
    let wanted: Vec<usize> = (0..50).map(|k| (k * 7 % 25) / 7).collect();
    assert_eq!(shown(&film_of(2, element), &[0..50]), wanted);
}

#[test]
fn a_segment_backwards_is_not_the_same_forwards() {
    let assets_scene = |reversed| {
        let film =
            film_of(1, changed(clip_from("a", "moving.mp4", 400, 0, 1000), |clip| clip.reversed = reversed));
        scene_from_timeline(&film.timeline, &film.assets(), 0..25).unwrap()
    };
    assert_ne!(assets_scene(true), assets_scene(false));
}

/// A film of one group of pictures of 120 frames.
fn long_group() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.mp4");
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25:duration=4.8"])
        .args(["-c:v", "libx264", "-g", "250", "-bf", "3", "-pix_fmt", "yuv420p"])
        .arg(&path)
        .status()
        .unwrap();
    assert!(made.success());
    (folder, path)
}

#[test]
fn a_long_group_of_pictures_is_taken_in_windows() {
    let (_folder, path) = long_group();
    let frame_at = |number: i64| Time::new(number + 1, 25);
    let all = |memory: usize| {
        let mut source = BackwardSource::open(&path, DecodeOptions::default()).unwrap();
        let frames = (0..120).rev().map(|number| source.frame_before(frame_at(number), memory).unwrap());
        frames.map(|found| (found.start, bytes(&found.frame))).collect::<Vec<_>>()
    };
    let roomy = all(1 << 30);
    let starts: Vec<_> = roomy.iter().map(|(start, _)| *start).collect();
    assert_eq!(starts, (0..120).rev().map(|number| Time::new(number, 25)).collect::<Vec<_>>());
    // Seven frames at a time, and one.
    assert!(all(7 * 8192) == roomy);
    assert!(all(1) == roomy);
}

#[test]
fn outside_the_media_the_first_and_last_frames_hold() {
    let (_folder, path) = long_group();
    let mut source = BackwardSource::open(&path, DecodeOptions::default()).unwrap();
    let late = source.frame_before(Time::new(100, 1), 1 << 20).unwrap();
    assert_eq!((late.start, late.placement), (Time::new(119, 25), Placement::Inside));
    for early in [Time::ZERO, Time::new(-5, 1)] {
        let early = source.frame_before(early, 1 << 20).unwrap();
        assert_eq!((early.start, early.placement), (Time::ZERO, Placement::BeforeFirst));
    }
    let again = source.frame_before(Time::new(2, 1), 1 << 20).unwrap();
    assert_eq!(again.start, Time::new(49, 25));
}
