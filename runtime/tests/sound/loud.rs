//! Loudness as another meter sees it.

use std::io::Write;
use std::process::{Command, Stdio};

use vid_runtime::audio::Programme;

use crate::film::{Film, audio};
use crate::stage::{film, peak, played, programme};

/// Integrated loudness and true peak by FFmpeg's `ebur128` filter.
fn measured(samples: &[f32]) -> (f64, f64) {
    let mut child = Command::new("ffmpeg")
        .args(["-hide_banner", "-nostats", "-f", "f32le", "-ar", "48000", "-ac", "2", "-i", "-"])
        .args(["-af", "ebur128=peak=true", "-f", "null", "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let summary = text.rsplit("Summary:").next().unwrap();
    let value = |name: &str| {
        let line = summary.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
        let number = line.split(':').nth(1).unwrap().split_whitespace().next().unwrap();
        number.parse().unwrap_or(f64::NEG_INFINITY)
    };
    (value("I:"), value("Peak:"))
}

fn loud(film: &Film, lufs: i64) -> Vec<f32> {
    played(film, &programme(film, Some(lufs))).unwrap()
}

/// Speech-like: bursts of noise with rests, 20 seconds, far from full scale.
const BURSTS: (&str, &str) =
    ("bursts.wav", "anoisesrc=seed=1:a=0.1:r=48000:d=20,volume='lt(mod(t,1.1),0.7)':eval=frame");
/// A drum: short and high above its own average.
const DRUM: (&str, &str) = ("drum.wav", "aevalsrc=0.9*sin(2*PI*90*t)*exp(-20*mod(t\\,0.5)):s=48000:d=20");

#[test]
fn the_target_is_met_and_the_true_peak_kept() {
    for (media, name) in [(BURSTS, "bursts.wav"), (DRUM, "drum.wav")] {
        let film = film(20, &[media], vec![audio("a", name, 0, 0, 20_000)]);
        for target in [-14, -23, -16] {
            let (loudness, true_peak) = measured(&loud(&film, target));
            assert!((loudness - target as f64).abs() <= 0.5, "{name} to {target}: {loudness} LUFS");
            assert!(true_peak <= -1.0 + 0.05, "{name} to {target}: {true_peak} dBTP");
        }
    }
}

#[test]
fn sound_that_has_room_is_only_turned_up() {
    let film = film(20, &[BURSTS], vec![audio("a", "bursts.wav", 0, 0, 20_000)]);
    let plain = played(&film, &programme(&film, None)).unwrap();
    let target = loud(&film, -30);
    let gain = target[100_001] / plain[100_001];
    let furthest = plain.iter().zip(&target).map(|(a, b)| (a * gain - b).abs()).fold(0.0, f32::max);
    assert!(furthest < 1e-5, "{furthest}");
}

#[test]
fn silence_and_very_short_sounds_have_an_answer() {
    let silence = ("silence.wav", "aevalsrc=0:s=48000:d=2");
    let beep = ("beep.wav", "aevalsrc=0.1*sin(2*PI*1000*t):s=48000:d=0.1");
    let quiet = film(2, &[silence], vec![audio("a", "silence.wav", 0, 0, 2000)]);
    assert!(peak(&loud(&quiet, -14)) == 0.0);
    let mut short = film(1, &[beep], vec![audio("a", "beep.wav", 0, 0, 100)]);
    short.timeline.duration = vid_timeline::Time::from_millis(100);
    // As loud as a tone of −14 LUFS: 1 kHz at −14 LUFS on both sides has a peak of −14 dB.
    let found = peak(&loud(&short, -14));
    assert!((found - 0.1995).abs() < 0.012, "{found}");
    let empty = Programme::silent(4800);
    assert_eq!(played(&quiet, &empty).unwrap(), vec![0.0; 9600]);
}

#[test]
fn a_window_is_as_loud_as_it_is_in_the_film() {
    let film = film(20, &[BURSTS], vec![audio("a", "bursts.wav", 0, 0, 20_000)]);
    let whole = loud(&film, -20);
    let window = programme(&film, Some(-20)).window(100_000..200_000);
    assert!(played(&film, &window).unwrap() == whole[200_000..400_000]);
}
