//! The nodes of canvases: backgrounds, pictures in the canvas's planes, mixes.

use vid_timeline::{Animated, Color, Easing, Keyframe, Layer, Length, Rational, Size, Time};

use crate::film::{Film, clip, fade_in, slide_out, still, title};
use crate::parity::{USUAL, check, gpu, on_gpu, parity, samples};

/// A film of one second, at a size that is no multiple of a kernel's tile.
pub fn film() -> Film {
    let mut film = Film::new(1);
    film.timeline.size = Size { width: 250, height: 142 };
    film.timeline.background.color = Color::rgb(200, 205, 210);
    film
}

/// A film with those elements, painted in their order.
pub fn film_of(elements: Vec<vid_timeline::Element>) -> Film {
    let mut film = film();
    film.timeline.elements = elements;
    film.z_by_order();
    film
}

/// Changes the layer of an element.
pub fn with(mut element: vid_timeline::Element, work: impl FnOnce(&mut Layer)) -> vid_timeline::Element {
    work(element.layer.as_mut().unwrap());
    element
}

/// So many percent.
pub fn percent(value: i64) -> Length {
    Length::Percent(Rational::integer(value))
}

/// From one length to another over the film's second.
fn travel(from: i64, to: i64) -> Animated<Length> {
    let key = |ms, value| Keyframe {
        time: Time::from_millis(ms),
        value: Length::Pixels(Rational::integer(value)),
        easing: Easing::Linear,
    };
    Animated::Keyframes(vec![key(0, from), key(1000, to)])
}

parity!(background_alone, USUAL, film());

parity!(
    words_and_a_still_over_a_clip,
    USUAL,
    film_of(vec![
        clip("clip", "moving.mp4", 0, 1000),
        with(still("card", "card.png", 0, 1000), |layer| {
            (layer.width, layer.height) = (percent(37).into(), percent(41).into());
            layer.x = percent(33).into();
            layer.opacity = Rational::integer(70).into();
        }),
        with(title("words", "Words", 0, 1000), |layer| layer.motion =
            vec![fade_in(0, 800), slide_out(600, 400)]),
    ])
);

parity!(
    clips_in_places_even_and_odd,
    USUAL,
    film_of(vec![
        with(clip("even", "moving.mp4", 0, 1000), |layer| {
            layer.x = Length::Pixels(Rational::integer(60)).into();
            layer.y = Length::Pixels(Rational::integer(40)).into();
            layer.width = Length::Pixels(Rational::integer(96)).into();
            layer.height = Length::Pixels(Rational::integer(54)).into();
        }),
        with(clip("odd", "moving.mp4", 0, 1000), |layer| {
            layer.x = Length::Pixels(Rational::integer(171)).into();
            layer.y = Length::Pixels(Rational::integer(91)).into();
            layer.width = Length::Pixels(Rational::integer(95)).into();
            layer.height = Length::Pixels(Rational::integer(55)).into();
        }),
    ])
);

parity!(
    a_clip_that_travels_and_one_in_its_frame,
    USUAL,
    film_of(vec![
        with(clip("travels", "moving.mp4", 0, 1000), |layer| {
            (layer.width, layer.height) = (percent(40).into(), percent(40).into());
            layer.x = travel(20, 180);
            layer.opacity = Rational::integer(80).into();
        }),
        with(clip("framed", "moving.mp4", 0, 1000), |layer| {
            (layer.width, layer.height) = (percent(30).into(), percent(30).into());
            layer.style.border_radius = Length::Pixels(Rational::integer(9));
            layer.style.border_color = Some(Color::WHITE);
            layer.style.border_width = Length::Pixels(Rational::integer(2));
            layer.style.shadow_color = Some(Color::BLACK);
            layer.style.shadow_blur = Length::Pixels(Rational::integer(8));
        }),
    ])
);

/// A clip that fills the canvas as it is never touches the device.
#[test]
fn a_decoded_frame_passes_by() {
    let mut film = Film::new(1);
    film.timeline.elements = vec![clip("clip", "moving.mp4", 0, 1000)];
    film.z_by_order();
    check("a_decoded_frame_passes_by", USUAL, &film, &[0, 5]);
    let rasters = vid_runtime::cpu::SharedRasters::default();
    let assets = film.assets();
    let spec = vid_runtime::plan::frame_spec(&film.timeline);
    let mut executor = vid_runtime::gpu::GpuExecutor::new(gpu(), spec, &assets, &rasters).unwrap();
    let scene = vid_runtime::scene::scene_from_timeline(&film.timeline, &assets, 0..25).unwrap();
    executor.begin(&scene, 0);
    for frame in 0..5 {
        executor.push(frame).unwrap();
    }
    while executor.pull().unwrap().is_some() {}
    assert_eq!(executor.times(), vid_runtime::gpu::GpuTimes::default());
}

/// The same bytes in another executor, in another order, and one at a time.
#[test]
fn frames_are_the_same_however_they_are_asked_for() {
    let film = film_of(vec![
        clip("clip", "moving.mp4", 0, 1000),
        with(title("words", "Words", 0, 1000), |layer| {
            layer.z_rotation = vid_timeline::Angle::Degrees(Rational::integer(20)).into();
            layer.motion = vec![fade_in(0, 800)];
        }),
    ]);
    let all: Vec<i64> = (0..10).collect();
    let together: Vec<Vec<u8>> = on_gpu(&film, &all).iter().map(samples).collect();
    let again: Vec<Vec<u8>> = on_gpu(&film, &all).iter().map(samples).collect();
    assert!(together == again);
    for frame in [7, 2, 5] {
        let alone = on_gpu(&film, &[frame]);
        assert!(samples(&alone[0]) == together[frame as usize], "frame {frame}");
    }
}
