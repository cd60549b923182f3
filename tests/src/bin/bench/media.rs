//! The media of the scenarios, made once by FFmpeg's generators and kept.

use std::fs;
use std::io;
use std::path::Path;

use crate::Bench;
use crate::measure::{Usage, run_in};
use crate::scenario::words;

const X264: &str = "-c:v libx264 -preset veryfast -crf 20 -pix_fmt yuv420p -colorspace bt709 \
                    -color_primaries bt709 -color_trc bt709 -color_range tv";

/// A photo of 3000x2000 as JPEG: a place in the Mandelbrot set, at a scale.
const PHOTOS: [(&str, &str, &str); 10] = [
    ("-0.743643887037151", "-0.131825904205330", "0.02"),
    ("-0.1011", "0.9563", "0.012"),
    ("-1.25066", "0.02012", "0.01"),
    ("0.275", "0.0061", "0.008"),
    ("-0.7463", "0.1102", "0.005"),
    ("-0.16", "1.0405", "0.02"),
    ("-0.748", "0.1", "0.02"),
    ("-1.768778833", "-0.001738996", "0.01"),
    ("0.3602", "0.6413", "0.02"),
    ("-0.5615", "0.6425", "0.02"),
];

/// Clips: name, generator, seconds.
const CLIPS: [(&str, &str, &str); 8] = [
    ("clip0.mp4", "testsrc2=size=1920x1080:rate=30", "6"),
    ("clip1.mp4", "mandelbrot=size=960x540:rate=30:end_pts=300,scale=1920:1080:flags=bicubic", "6"),
    (
        "clip2.mp4",
        "gradients=size=1920x1080:rate=30:c0=#0b1d3a:c1=#1e66f5:c2=#0aa39a:c3=#3b1d60:n=4:speed=0.012:seed=7",
        "6",
    ),
    (
        "clip3.mp4",
        "life=size=320x180:mold=12:rate=30:ratio=0.16:death_color=#7a1020:life_color=#ffd400:mold_color=#401030:seed=3,scale=1920:1080:flags=neighbor",
        "6",
    ),
    ("clip4.mp4", "testsrc=size=1920x1080:rate=30", "6"),
    ("ground.mp4", "mandelbrot=size=960x540:rate=30:end_pts=300,scale=1920:1080:flags=bicubic", "12"),
    ("inset.mp4", "testsrc2=size=1280x720:rate=30", "12"),
    ("minute.mp4", "testsrc2=size=1920x1080:rate=30", "60"),
];

/// Sounds: name, generator, encoding.
const SOUNDS: [(&str, &str, &str); 3] = [
    (
        "music.mp3",
        "aevalsrc=0.2*sin(2*PI*220*t)*exp(-1.1*mod(t\\,2)):s=48000:d=64",
        "-c:a libmp3lame -b:a 160k",
    ),
    ("voice.wav", "aevalsrc=0.2*sin(2*PI*440*t)*exp(-3*mod(t\\,0.5)):s=44100:d=8", "-c:a pcm_s16le"),
    ("bell.m4a", "aevalsrc=0.2*sin(2*PI*880*t)*exp(-6*t):s=48000:d=2", "-c:a aac -b:a 128k"),
];

/// Stills: name, generator. A logo with alpha, and for FFmpeg's picture in picture a round mask and a
/// border.
const STILLS: [(&str, &str); 3] = [
    (
        "logo.png",
        "color=c=black:size=160x160:rate=1,format=rgba,geq=r=255:g='if(lt(hypot(X-80\\,Y-80)\\,42)\\,212\\,255)':\
         b='if(lt(hypot(X-80\\,Y-80)\\,42)\\,0\\,255)':a='255*max(clip(76-hypot(X-80\\,Y-80)\\,0\\,1)*\
         clip(hypot(X-80\\,Y-80)-62\\,0\\,1)\\,clip(42-hypot(X-80\\,Y-80)\\,0\\,1))'",
    ),
    (
        "mask.png",
        "color=c=black:size=640x360:rate=1,format=gray,\
         geq=lum='255*clip(24.5-hypot(max(abs(X-319.5)-296\\,0)\\,max(abs(Y-179.5)-156\\,0))\\,0\\,1)'",
    ),
    (
        "border.png",
        "color=c=white:size=640x360:rate=1,format=rgba,geq=r=255:g=255:b=255:\
         a='255*clip(hypot(max(abs(X-319.5)-296\\,0)\\,max(abs(Y-179.5)-156\\,0))-18\\,0\\,1)'",
    ),
];

/// What the captions say, twenty times in all.
const LINES: [&str; 5] = [
    "The quick brown fox",
    "jumps over the lazy dog",
    "while twenty captions",
    "are burned into the film",
    "one after another",
];

/// Makes whatever is not there yet.
///
/// # Errors
/// When FFmpeg cannot be run.
pub fn make_all(bench: &Bench) -> io::Result<()> {
    fs::create_dir_all(&bench.media)?;
    for (number, (x, y, scale)) in PHOTOS.iter().enumerate() {
        let source = format!(
            "mandelbrot=size=3000x2000:rate=1:start_x={x}:start_y={y}:start_scale={scale}:end_scale={scale}:maxiter=800"
        );
        make(bench, &format!("photo{number}.jpg"), &source, &["-frames:v", "1", "-q:v", "2"])?;
    }
    for (name, source, seconds) in CLIPS {
        make(bench, name, source, &[&["-t", seconds][..], &words(X264)].concat())?;
    }
    for (name, source, encoding) in SOUNDS {
        make(bench, name, source, &words(encoding))?;
    }
    for (name, source) in STILLS {
        make(bench, name, source, &["-frames:v", "1"])?;
    }
    fs::write(bench.media.join("captions.srt"), captions())
}

fn make(bench: &Bench, name: &str, source: &str, encoding: &[&str]) -> io::Result<()> {
    if bench.media.join(name).exists() {
        return Ok(());
    }
    eprintln!("bench: making {name}");
    // Under another name first, so that a broken run leaves nothing that looks finished.
    let new = format!("new-{name}");
    ffmpeg(bench, &[&["-f", "lavfi", "-i", source][..], encoding, &[&new]].concat())?;
    fs::rename(bench.media.join(new), bench.media.join(name))
}

/// Twenty captions of two and a half seconds, one every three.
fn captions() -> String {
    let mut text = String::new();
    for number in 0..20 {
        let start = 3 * number;
        let (minutes, seconds) = (start / 60, start % 60);
        text += &format!(
            "{}\n00:{minutes:02}:{seconds:02},000 --> 00:{minutes:02}:{:02},500\n{} {}\n\n",
            number + 1,
            seconds + 2,
            LINES[number % LINES.len()],
            number + 1
        );
    }
    text
}

/// Writes a film beside its media and returns its path.
///
/// # Errors
/// When it cannot be written, or media cannot be made.
pub fn film(bench: &Bench, name: &str, source: &str) -> io::Result<String> {
    make_all(bench)?;
    let path = bench.media.join(format!("{name}.vid"));
    fs::write(&path, source)?;
    Ok(path.display().to_string())
}

/// Runs the ffmpeg tool in the folder of the media.
///
/// # Errors
/// When it cannot be started or does not end well.
pub fn ffmpeg(bench: &Bench, arguments: &[&str]) -> io::Result<Usage> {
    let folder: &Path = &bench.media;
    run_in(folder, "ffmpeg", &[&["-v", "error", "-nostdin", "-y"], arguments].concat())
}
