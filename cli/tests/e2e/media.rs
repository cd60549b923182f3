//! Media made and looked at with FFmpeg's command line: the second opinion on everything we write.

use std::path::Path;
use std::process::Command;

use crate::stage::Stage;

/// Runs FFmpeg in the folder and insists that it works.
pub fn ffmpeg(stage: &Stage, arguments: &[&str]) -> Vec<u8> {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-nostdin", "-y"]).args(arguments).current_dir(stage.folder());
    let output = command.output().expect("the tests need the ffmpeg tool; scripts/setup.sh installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// A moving picture with a counter and a tone, 320x180 at 30 frames a second.
pub fn clip(stage: &Stage, name: &str, seconds: u32) {
    let picture = format!("testsrc2=size=320x180:rate=30:duration={seconds}");
    let sound = format!("sine=frequency=330:sample_rate=48000:duration={seconds}");
    ffmpeg(
        stage,
        &[
            "-f",
            "lavfi",
            "-i",
            &picture,
            "-f",
            "lavfi",
            "-i",
            &sound,
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-pix_fmt",
            "yuv420p",
            "-colorspace",
            "bt709",
            "-color_primaries",
            "bt709",
            "-color_trc",
            "bt709",
            "-c:a",
            "aac",
            name,
        ],
    );
}

/// A picture, or a silent film, of one colour.
pub fn plain(stage: &Stage, name: &str, color: &str, size: &str, more: &[&str]) {
    let source = format!("color=c={color}:size={size}:rate=30");
    let mut arguments = vec!["-f", "lavfi", "-i", &source];
    arguments.extend(more);
    arguments.push(name);
    ffmpeg(stage, &arguments);
}

/// The filter that makes a picture half transparent.
pub const HALF: &str = "format=rgba,colorchannelmixer=aa=0.5";

/// A checksum of each decoded frame of the picture.
pub fn frames(stage: &Stage, name: &str) -> Vec<String> {
    let bytes = ffmpeg(stage, &["-i", name, "-map", "0:v", "-f", "framemd5", "-"]);
    let text = String::from_utf8(bytes).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.rsplit(',').next().unwrap_or_default().trim().to_owned()).collect()
}

/// The decoded sound, interleaved stereo at 48 kHz.
pub fn samples(stage: &Stage, name: &str) -> Vec<i16> {
    let bytes = ffmpeg(stage, &["-i", name, "-map", "0:a", "-ar", "48000", "-ac", "2", "-f", "s16le", "-"]);
    bytes.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
}

/// The loudest sample between two instants in milliseconds.
pub fn peak(samples: &[i16], from: usize, to: usize) -> u16 {
    let range = from * 48 * 2..(to * 48 * 2).min(samples.len());
    samples[range].iter().map(|sample| sample.unsigned_abs()).max().unwrap_or(0)
}

/// Red, green and blue of the pixel at `x`, `y` of frame `frame`.
pub fn pixel(stage: &Stage, name: &str, frame: u32, x: u32, y: u32) -> [u8; 3] {
    let filter = format!("select=eq(n\\,{frame}),format=rgb24,crop=1:1:{x}:{y}");
    let bytes = ffmpeg(stage, &["-i", name, "-vf", &filter, "-frames:v", "1", "-f", "rawvideo", "-"]);
    bytes[..3].try_into().unwrap()
}

/// Whether two colours look the same: chroma is stored at half the size, so edges bleed a little.
pub fn near(a: [u8; 3], b: [u8; 3]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 12)
}

/// What ffprobe says about a stream: `entries` as `name=value` lines.
pub fn probe(stage: &Stage, name: &str, stream: &str, entries: &str) -> String {
    let entries = format!("stream={entries}");
    let mut command = Command::new("ffprobe");
    command
        .args(["-v", "error", "-count_packets", "-select_streams", stream, "-show_entries", &entries])
        .args(["-of", "default=noprint_wrappers=1", name])
        .current_dir(stage.folder());
    let output = command.output().expect("ffprobe comes with ffmpeg");
    String::from_utf8(output.stdout).unwrap()
}

/// Keeps the first `bytes` of a file.
pub fn cut_off(path: &Path, bytes: u64) {
    std::fs::File::options().write(true).open(path).unwrap().set_len(bytes).unwrap();
}
