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

struct Turn {
    vid: Usage,
    again: Usage,
    ffmpeg: Usage,
    floor_cpu: f64,
}

/// Measures the hello example.
///
/// # Errors
/// When a program cannot be run.
pub fn measure(bench: &Bench) -> io::Result<Vec<Figure>> {
    let clip = bench.example("media/clip.mp4");
    let composed = bench.scratch("composed.y4m");
    ffmpeg(&["-i", &clip, "-vf", TITLE, "-an", "-pix_fmt", "yuv420p", &composed])?;
    let mut turns = Vec::new();
    for _ in 0..bench.turns {
        turns.push(turn(bench, &clip, &composed)?);
    }
    fs::remove_file(&composed)?;
    let of = |value: fn(&Turn) -> f64| median(turns.iter().map(value));
    Ok(vec![
        figure("hello: wall time over FFmpeg's", of(|t| t.vid.wall / t.ffmpeg.wall), Some(1.0), ""),
        figure("hello: CPU seconds over the floor", of(|t| t.vid.cpu / t.floor_cpu), Some(1.05), ""),
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

fn turn(bench: &Bench, clip: &str, composed: &str) -> io::Result<Turn> {
    let cache = bench.scratch("cache");
    let _ = fs::remove_dir_all(&cache);
    let film = bench.example("hello.vid");
    let (ours, theirs) = (bench.scratch("ours.mp4"), bench.scratch("theirs.mp4"));
    let _ = fs::remove_file(&ours);
    let render = ["render", &film, "-o", &ours, "--cache-dir", &cache, "--progress", "none"];
    let vid = run(&bench.vid, &render)?;
    let again = run(&bench.vid, &render)?;
    let sound = ["-c:a", "aac", "-b:a", "192k", "-ar", "48000", "-ac", "2"];
    let tail = ["-movflags", "+faststart", &theirs];
    let whole = [&["-i", clip, "-vf", TITLE][..], &ENCODER, &sound, &tail].concat();
    let full = ffmpeg(&whole)?;
    // Encoding finished frames, less what reading them from a file costs, and decoding the source;
    // the sound is decoded and encoded once in either way of working.
    let encode = ffmpeg(&[&["-i", composed][..], &ENCODER, &["-f", "mp4", &theirs]].concat())?;
    let read = ffmpeg(&["-i", composed, "-f", "null", "-"])?;
    let decode = ffmpeg(&["-i", clip, "-an", "-f", "null", "-"])?;
    let mix = ffmpeg(&[&["-i", clip, "-vn"][..], &sound, &["-f", "mp4", &theirs]].concat())?;
    let floor_cpu = encode.cpu - read.cpu + decode.cpu + mix.cpu;
    Ok(Turn { vid, again, ffmpeg: full, floor_cpu })
}

fn ffmpeg(arguments: &[&str]) -> io::Result<Usage> {
    run("ffmpeg", &[&["-v", "error", "-nostdin", "-y"], arguments].concat())
}

const fn figure(name: &'static str, value: f64, limit: Option<f64>, unit: &'static str) -> Figure {
    Figure { name, value, limit, unit }
}
