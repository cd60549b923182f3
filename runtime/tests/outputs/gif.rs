//! GIFs: times, palettes and what changes.

use vid_timeline::{Color, EncoderSettings, FrameRate, Output, OutputFormat};

use crate::film::{Film, clip, title};
use crate::stage::{decoded, disc, probed, rendered};

/// Hundredths of a second at which each frame begins, and the end.
fn times(file: &std::path::Path) -> Vec<u64> {
    let packets = probed(file, "packet=pts_time,duration_time");
    let hundredths = |text: &str| (text.parse::<f64>().unwrap() * 100.0).round() as u64;
    let mut times: Vec<u64> = Vec::new();
    let mut end = 0;
    for line in packets.lines() {
        let (start, length) = line.split_once(',').unwrap();
        times.push(hundredths(start));
        end = hundredths(start) + hundredths(length);
    }
    times.push(end);
    times
}

fn moving(rate: FrameRate, seconds: i64) -> Film {
    let mut film = Film::new(seconds);
    film.timeline.frame_rate = rate;
    film.timeline.elements = vec![clip("a", "moving.mp4", 0, seconds * 1000)];
    film
}

#[test]
fn every_frame_begins_at_its_hundredth() {
    let rate = FrameRate::new(30000, 1001).unwrap();
    let mut film = moving(rate, 2);
    // The clip has 25 frames a second, so some frames are shown twice; a frame that is like the one
    // before is not written again.
    let found = times(&rendered(&mut film, &Output::new(OutputFormat::Gif), "ntsc"));
    let due: Vec<u64> = (0..=60).map(|n: u64| (2 * n * 100_100 + 30_000) / 60_000).collect();
    assert!(found.iter().all(|time| due.contains(time)), "{found:?}");
    assert_eq!((found[0], found[found.len() - 1]), (0, 200));
    assert!(found.len() > 45);
    // Browsers show nothing shorter than two hundredths: at 60 every second frame is left out.
    let mut film = moving(FrameRate::whole(60).unwrap(), 1);
    let found = times(&rendered(&mut film, &Output::new(OutputFormat::Gif), "sixty"));
    assert!(found.windows(2).all(|pair| pair[1] - pair[0] >= 2), "{found:?}");
    assert_eq!(found.last(), Some(&100));
}

#[test]
fn flat_colours_are_exact_and_what_stands_still_is_one_frame() {
    let mut film = Film::new(3);
    film.timeline.background.color = Color::rgb(16, 24, 32);
    film.timeline.elements = vec![disc("disc", 50, Color::rgb(255, 90, 54), 100, &film)];
    let file = rendered(&mut film, &Output::new(OutputFormat::Gif), "flat");
    assert_eq!(times(&file), [0, 300]);
    let rgb = decoded(&file, &[], "rgb24");
    let pixel = |x: usize, y: usize| &rgb[(y * 320 + x) * 3..(y * 320 + x) * 3 + 3];
    assert_eq!((pixel(2, 2), pixel(160, 90)), (&[16, 24, 32][..], &[255, 90, 54][..]));
}

#[test]
fn a_transparent_gif_is_clear_where_nothing_is() {
    let mut film = Film::new(1);
    film.timeline.elements = vec![title("words", "Hi", 0, 500)];
    let output = Output { alpha: true, ..Output::new(OutputFormat::Gif) };
    let file = rendered(&mut film, &output, "clear");
    // Half a second is twelve and a half frames, so thirteen.
    assert_eq!(times(&file), [0, 52, 100]);
    let rgba = decoded(&file, &[], "rgba");
    let frames: Vec<&[u8]> = rgba.chunks_exact(320 * 180 * 4).collect();
    let solid = |frame: &[u8]| frame.chunks_exact(4).filter(|pixel| pixel[3] == 255).count();
    assert!(solid(frames[0]) > 200 && frames[0][3] == 0);
    // What has gone is gone: nothing of the words stays behind.
    assert_eq!(solid(frames[1]), 0);
}

#[test]
fn how_often_it_plays_is_in_the_file() {
    let bytes = |plays: u16| {
        let mut film = Film::new(1);
        let encoder = EncoderSettings { plays: Some(plays), ..EncoderSettings::DEFAULT };
        let output = Output { encoder, ..Output::new(OutputFormat::Gif) };
        std::fs::read(rendered(&mut film, &output, &format!("plays{plays}"))).unwrap()
    };
    let repeats = |bytes: &[u8]| {
        let at = bytes.windows(11).position(|part| part == b"NETSCAPE2.0")?;
        Some(u16::from_le_bytes([bytes[at + 13], bytes[at + 14]]))
    };
    assert_eq!([0, 1, 3].map(|plays| repeats(&bytes(plays))), [Some(0), None, Some(2)]);
}
