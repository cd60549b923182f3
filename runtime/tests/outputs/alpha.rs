//! Transparent films: what is seen through them is what was below.

use vid_timeline::{Background, Color, EncoderSettings, Output, OutputFormat, Time};

use crate::film::{Film, title};
use crate::stage::{decoded, disc, rendered};

const BELOW: Color = Color::rgb(64, 96, 255);
const PIXELS: usize = 320 * 180;

/// Translucent discs that overlap, and words that fade in.
fn overlay(background: Color) -> Film {
    let mut film = Film::new(1);
    film.timeline.background = Background { color: background, ..Background::default() };
    let mut words = title("words", "Half", 0, 1000);
    words.layer.as_mut().unwrap().opacity = vid_timeline::Rational::integer(70).into();
    film.timeline.elements = vec![
        disc("red", 30, Color::rgb(255, 0, 0), 50, &film),
        disc("green", 60, Color::rgb(0, 255, 0), 80, &film),
        disc("solid", 75, Color::rgb(250, 240, 10), 100, &film),
        words,
    ];
    film.z_by_order();
    film
}

fn at_half(output: Output) -> Output {
    let encoder = EncoderSettings { time: Some(Time::from_millis(500)), ..output.encoder };
    Output { encoder, ..output }
}

/// The frame over [`BELOW`], from colours that are not multiplied.
fn over_below(rgba: &[u8]) -> Vec<u8> {
    let below = [BELOW.r, BELOW.g, BELOW.b].map(f64::from);
    rgba.chunks_exact(4)
        .flat_map(|p| {
            let a = f64::from(p[3]) / 255.0;
            [0, 1, 2].map(|i| (f64::from(p[i]) * a + below[i] * (1.0 - a)).round() as u8)
        })
        .collect()
}

fn differences(a: &[u8], b: &[u8]) -> (u8, f64) {
    assert_eq!(a.len(), b.len());
    let each = a.iter().zip(b).map(|(a, b)| a.abs_diff(*b));
    (each.clone().max().unwrap_or(0), each.map(f64::from).sum::<f64>() / a.len() as f64)
}

#[test]
fn over_a_colour_it_is_the_film_on_that_colour() {
    let still = at_half(Output::new(OutputFormat::Png));
    let wanted = decoded(&rendered(&mut overlay(BELOW), &still, "wanted"), &[], "rgb24");
    let clear = Output { alpha: true, ..still };
    let png = decoded(&rendered(&mut overlay(Color::BLACK), &clear, "png"), &[], "rgba");
    let (most, _) = differences(&over_below(&png), &wanted);
    assert!(most <= 2, "png: {most}");

    let frame = |format: OutputFormat, decoder: &[&str]| {
        let output = Output { alpha: true, ..Output::new(format) };
        let rgba = decoded(&rendered(&mut overlay(Color::BLACK), &output, format.name()), decoder, "rgba");
        assert_eq!(rgba.len(), 25 * PIXELS * 4, "{format}");
        rgba[12 * PIXELS * 4..13 * PIXELS * 4].to_vec()
    };
    let mov = frame(OutputFormat::Mov, &[]);
    let (most, mean) = differences(&over_below(&mov), &wanted);
    assert!(most <= 24 && mean < 0.6, "mov: at most {most}, {mean} in the mean");
    // Half of the chroma's resolution and all of VP9's loss.
    let webm = frame(OutputFormat::Webm, &["-c:v", "libvpx-vp9"]);
    let (_, mean) = differences(&over_below(&webm), &wanted);
    assert!(mean < 1.5, "webm: {mean} in the mean");
    // Opacity itself: clear outside, half in the red disc, full in the solid one.
    for (name, rgba) in [("png", &png), ("mov", &mov), ("webm", &webm)] {
        let at = |x: usize, y: usize| i32::from(rgba[(y * 320 + x) * 4 + 3]);
        for (x, y, wanted) in [(5, 5, 0), (60, 120, 128), (280, 90, 255)] {
            assert!((at(x, y) - wanted).abs() <= 4, "{name} at {x},{y}: {}", at(x, y));
        }
    }
}

#[test]
fn a_colour_that_can_be_seen_through_stays() {
    let still = at_half(Output { alpha: true, ..Output::new(OutputFormat::Png) });
    let mut film = Film::new(1);
    film.timeline.background.color = Color { r: 200, g: 100, b: 0, a: 128 };
    let rgba = decoded(&rendered(&mut film, &still, "half"), &[], "rgba");
    let pixel = &rgba[..4];
    assert!(pixel[3] == 128 && pixel[0].abs_diff(200) <= 1 && pixel[1].abs_diff(100) <= 1, "{pixel:?}");
    // Where nothing may be transparent, it is the solid colour.
    let solid = decoded(&rendered(&mut film, &Output::new(OutputFormat::Png), "solid"), &[], "rgb24");
    assert_eq!(solid[..3], [200, 100, 0]);
}
