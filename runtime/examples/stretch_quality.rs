//! How well sound keeps its pitch and its attacks at other speeds, ours beside FFmpeg's filters.
//!
//! `cargo run -p vid-runtime --example stretch_quality` needs the `ffmpeg` tool; columns of filters that
//! it does not have are left out. A minute of a 443.3 Hz tone and a minute of clicks over a soft tone are
//! played at six speeds. Printed are the pitch, what is heard beside the tone, how many of the clicks
//! are heard how often, how far they are from their time, and the user seconds of our own.

#![expect(clippy::unwrap_used, reason = "a tool that cannot go on stops")]

use std::path::{Path, PathBuf};
use std::process::Command;

use vid_runtime::audio::{Stretcher, Tape, TapeReader};
use vid_runtime::isolate::Intake;
use vid_timeline::Rational;

const SPEEDS: [(i64, i64); 6] = [(1, 4), (1, 2), (4, 5), (5, 4), (2, 1), (4, 1)];
const SECONDS: i64 = 60;
const RATE: f64 = 48_000.0;
/// The tone in hertz: none whose period is a simple number of samples, which would flatter.
const TONE: f64 = 443.3;
/// Distance of clicks, and place of the first, in samples.
const CLICKS: (i64, i64) = (22_560, 12_560);

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let tone =
        make(folder.path(), "tone.wav", &format!("aevalsrc=0.5*sin(2*PI*{TONE}*t):s=48000:d={SECONDS}"));
    let clicks = format!(
        "aevalsrc=0.02*sin(2*PI*220*t)+0.8*lt(mod(n+10000\\,{})\\,48)*cos(PI*n):s=48000:d={SECONDS}",
        CLICKS.0
    );
    let clicks = make(folder.path(), "clicks.wav", &clicks);
    println!(
        "{:<11} {:>5}  {:>9}  {:>7}  {:>12}  {:>16}",
        "", "speed", "pitch Hz", "rest dB", "clicks heard", "off by ms"
    );
    for (over, under) in SPEEDS {
        let speed = Rational::ratio(over, under);
        for way in ["ours", "atempo", "rubberband"] {
            let play = |file: &Path| match way {
                "ours" => Some(ours(file, speed)),
                _ => filtered(folder.path(), file, way, speed.to_f64()),
            };
            let (Some(tone), Some(clicks)) = (play(&tone), play(&clicks)) else { continue };
            let (pitch, rest) = purity(&tone[24_000..tone.len() - 24_000]);
            let (due, heard, least, most) = attacks(&clicks, over, under);
            println!(
                "{way:<11} {:>5}  {pitch:>9.3}  {rest:>7.1}  {heard:>5} of {due:<3}  {least:>7.1} … {most:<6.1}",
                speed.to_f64()
            );
        }
    }
}

fn make(folder: &Path, name: &str, description: &str) -> PathBuf {
    let path = folder.join(name);
    let done = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", description, "-c:a", "pcm_f32le"])
        .arg(&path)
        .status()
        .unwrap();
    assert!(done.success());
    path
}

/// The left side of the file at that speed.
fn ours(file: &Path, speed: Rational) -> Vec<f32> {
    let tape = TapeReader::new(Tape::ONCE, Intake::Here.sound(file, None).unwrap());
    let mut stretcher = Stretcher::new(tape, 0, speed);
    let length = (Rational::integer(SECONDS * 48_000) / speed).round_half_up();
    let mut samples = vec![0.0; usize::try_from(length).unwrap() * 2];
    stretcher.read(&mut samples).unwrap();
    samples.into_iter().step_by(2).collect()
}

fn filtered(folder: &Path, file: &Path, filter: &str, speed: f64) -> Option<Vec<f32>> {
    let filter = match filter {
        "atempo" if speed < 0.5 => "atempo=0.5,atempo=0.5".to_owned(),
        "atempo" => format!("atempo={speed}"),
        other => format!("{other}=tempo={speed}"),
    };
    let out = folder.join("filtered.f32");
    let done = Command::new("ffmpeg")
        .args(["-y", "-v", "error", "-i"])
        .arg(file)
        .args(["-af", &filter, "-ac", "1", "-f", "f32le"])
        .arg(&out)
        .status()
        .unwrap();
    let bytes = std::fs::read(out).ok().filter(|_| done.success())?;
    Some(bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
}

/// Frequency from the rises through zero, and the level of what is not the tone, against it.
fn purity(samples: &[f32]) -> (f64, f64) {
    let rises: Vec<f64> = samples
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| pair[0] < 0.0 && pair[1] >= 0.0)
        .map(|(at, pair)| at as f64 + f64::from(pair[0] / (pair[0] - pair[1])))
        .collect();
    let pitch = (rises.len() - 1) as f64 * RATE / (rises[rises.len() - 1] - rises[0]);
    let (mut tone, mut rest) = (0.0, 0.0);
    // A quarter of a second at a time.
    for window in samples.chunks_exact(12_000) {
        let (mut c, mut s) = (0.0, 0.0);
        let angle = |at: usize| std::f64::consts::TAU * TONE * at as f64 / RATE;
        for (at, sample) in window.iter().enumerate() {
            c += f64::from(*sample) * libm::cos(angle(at)) / 6000.0;
            s += f64::from(*sample) * libm::sin(angle(at)) / 6000.0;
        }
        for (at, sample) in window.iter().enumerate() {
            let fit = c * libm::cos(angle(at)) + s * libm::sin(angle(at));
            tone += fit * fit;
            rest += (f64::from(*sample) - fit).powi(2);
        }
    }
    (pitch, 10.0 * libm::log10(rest / tone))
}

/// How many clicks are due and heard, and the least and largest distance from their times, in
/// milliseconds.
fn attacks(samples: &[f32], over: i64, under: i64) -> (usize, usize, f64, f64) {
    let steps: Vec<f32> = samples.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
    let loudest = steps.iter().fold(0.0_f32, |a, b| a.max(*b));
    let mut found: Vec<i64> = Vec::new();
    let mut last = i64::MIN / 2;
    for (at, step) in (0_i64..).zip(&steps) {
        if *step > loudest * 0.15 {
            if at - last > 240 {
                found.push(at);
            }
            last = at;
        }
    }
    let due: Vec<i64> = (0..)
        .map(|n| (CLICKS.1 + n * CLICKS.0) * under / over)
        .take_while(|at| *at < samples.len() as i64 - 4800)
        .collect();
    found.retain(|at| *at < samples.len() as i64 - 4800);
    let off = found.iter().map(|at| {
        let nearest = due.iter().min_by_key(|due| (*due - at).abs()).unwrap_or(at);
        (at - nearest) as f64 / 48.0
    });
    let (least, most) = off.fold((f64::MAX, f64::MIN), |(a, b), off| (a.min(off), b.max(off)));
    (due.len(), found.len(), least, most)
}
