//! The hello example: a 1080p clip with a title for its first five seconds.

use std::fs;
use std::io;

use crate::measure::{Usage, median, run};
use crate::{Bench, Figure};

/// The work of examples/hello.vid as a filter of FFmpeg.
const TITLE: &str = "drawtext=fontfile=/usr/share/fonts/opentype/inter/Inter-Bold.otf:text=Hello:fontsize=160:\
                     fontcolor=white:borderw=6:x=(w-text_w)/2:y=(h-text_h)/2:enable='lt(t,5)'";

/// The encoder settings that `vid` uses for MP4 by default.
const ENCODER: [&str; 6] = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "23"];

/// The same for its sound.
const SOUND: [&str; 8] = ["-c:a", "aac", "-b:a", "192k", "-ar", "48000", "-ac", "2"];

#[derive(Default)]
struct Turn {
    vid: Usage,
    again: Usage,
    ffmpeg: Usage,
    floor_cpu: f64,
}

/// What a turn runs. A shared machine drifts within a turn, and a program that always comes first or
/// last would be measured on another machine than its rival: every second turn goes backwards.
#[derive(Clone, Copy)]
enum Step {
    Vid,
    Ffmpeg,
    Floor,
}

const FORWARDS: [Step; 3] = [Step::Vid, Step::Ffmpeg, Step::Floor];
const BACKWARDS: [Step; 3] = [Step::Floor, Step::Ffmpeg, Step::Vid];

/// Measures the hello example.
///
/// # Errors
/// When a program cannot be run.
pub fn measure(bench: &Bench) -> io::Result<Vec<Figure>> {
    let clip = bench.example("media/clip.mp4");
    let composed = bench.scratch("composed.y4m");
    ffmpeg(&["-i", &clip, "-vf", TITLE, "-an", "-pix_fmt", "yuv420p", &composed])?;
    // The first turn warms files and caches up, and lets the composed frames reach the disk.
    turn(bench, &clip, &composed, FORWARDS)?;
    let mut turns = Vec::new();
    for number in 0..bench.turns {
        let steps = if number % 2 == 0 { FORWARDS } else { BACKWARDS };
        turns.push(turn(bench, &clip, &composed, steps)?);
    }
    fs::remove_file(&composed)?;
    let of = |value: fn(&Turn) -> f64| median(turns.iter().map(value));
    Ok(vec![
        figure("hello: wall time over FFmpeg's", of(|t| t.vid.wall / t.ffmpeg.wall), Some(1.0), ""),
        figure("hello: CPU seconds over the floor", of(|t| t.vid.cpu / t.floor_cpu), Some(1.05), ""),
        figure("hello: CPU seconds over FFmpeg's", of(|t| t.vid.cpu / t.ffmpeg.cpu), None, ""),
        figure("hello: FFmpeg's CPU seconds over the floor", of(|t| t.ffmpeg.cpu / t.floor_cpu), None, ""),
        figure("hello: second render over the first", of(|t| t.again.wall / t.vid.wall), Some(0.05), ""),
        figure("hello: peak memory", of(|t| t.vid.peak_mib), Some(400.0), "MiB"),
        figure("hello: FFmpeg's peak memory", of(|t| t.ffmpeg.peak_mib), None, "MiB"),
        figure("hello: wall time", of(|t| t.vid.wall), None, "s"),
        figure("hello: CPU seconds", of(|t| t.vid.cpu), None, "s"),
        figure("hello: FFmpeg's wall time", of(|t| t.ffmpeg.wall), None, "s"),
        figure("hello: floor in CPU seconds", of(|t| t.floor_cpu), None, "s"),
    ])
}

fn turn(bench: &Bench, clip: &str, composed: &str, steps: [Step; 3]) -> io::Result<Turn> {
    let mut turn = Turn::default();
    for step in steps {
        match step {
            Step::Vid => (turn.vid, turn.again) = vid(bench)?,
            Step::Ffmpeg => turn.ffmpeg = whole(bench, clip)?,
            Step::Floor => turn.floor_cpu = floor(bench, clip, composed)?,
        }
    }
    Ok(turn)
}

/// A first render and a second one of the same film.
fn vid(bench: &Bench) -> io::Result<(Usage, Usage)> {
    let (cache, output) = (bench.scratch("cache"), bench.scratch("ours.mp4"));
    let _ = fs::remove_dir_all(&cache);
    let _ = fs::remove_file(&output);
    let film = bench.example("hello.vid");
    let render = ["render", &film, "-o", &output, "--cache-dir", &cache, "--progress", "none"];
    Ok((run(&bench.vid, &render)?, run(&bench.vid, &render)?))
}

fn whole(bench: &Bench, clip: &str) -> io::Result<Usage> {
    let output = bench.scratch("theirs.mp4");
    let tail = ["-movflags", "+faststart", &output];
    ffmpeg(&[&["-i", clip, "-vf", TITLE][..], &ENCODER, &SOUND, &tail].concat())
}

/// CPU seconds of encoding finished frames, less what reading them from a file costs, and of decoding
/// the source; the sound is decoded and encoded once in either way of working.
fn floor(bench: &Bench, clip: &str, composed: &str) -> io::Result<f64> {
    let output = bench.scratch("floor.mp4");
    let encode = ffmpeg(&[&["-i", composed][..], &ENCODER, &["-f", "mp4", &output]].concat())?;
    let read = ffmpeg(&["-i", composed, "-f", "null", "-"])?;
    let decode = ffmpeg(&["-i", clip, "-an", "-f", "null", "-"])?;
    let mix = ffmpeg(&[&["-i", clip, "-vn"][..], &SOUND, &["-f", "mp4", &output]].concat())?;
    Ok(encode.cpu - read.cpu + decode.cpu + mix.cpu)
}

fn ffmpeg(arguments: &[&str]) -> io::Result<Usage> {
    run("ffmpeg", &[&["-v", "error", "-nostdin", "-y"], arguments].concat())
}

fn figure(name: &str, value: f64, limit: Option<f64>, unit: &'static str) -> Figure {
    Figure { name: name.to_owned(), value, limit, unit }
}
