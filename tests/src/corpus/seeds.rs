//! The sound files.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// A small file of one format.
#[derive(Clone, Copy, Debug)]
pub struct Seed {
    /// Its name, whose ending tells the container.
    pub name: &'static str,
    /// Arguments of the `ffmpeg` tool between its inputs and the name.
    arguments: &'static str,
    input: Input,
}

/// What a seed shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Input {
    /// Moving pictures and a tone.
    Film,
    /// Moving pictures alone.
    Pictures,
    /// One picture.
    Still,
    /// A tone.
    Tone,
}

const fn seed(name: &'static str, arguments: &'static str, input: Input) -> Seed {
    Seed { name, arguments, input }
}

/// All of them: every family of containers and codecs that is read.
pub const SEEDS: [Seed; 20] = [
    seed("h264.mp4", "-c:v libx264 -g 12 -c:a aac", Input::Film),
    seed("fragments.mp4", "-c:v libx264 -g 12 -c:a aac -movflags +frag_keyframe+empty_moov", Input::Film),
    seed("hevc.mkv", "-c:v libx265 -x265-params log-level=none:keyint=12:pools=1 -c:a aac", Input::Film),
    seed("vp8.webm", "-c:v libvpx -g 12 -c:a libvorbis", Input::Film),
    seed("vp9.webm", "-c:v libvpx-vp9 -g 12 -c:a libopus", Input::Film),
    seed("mpeg4.avi", "-c:v mpeg4 -g 12 -c:a libmp3lame", Input::Film),
    seed("ffv1.mkv", "-c:v ffv1 -c:a flac", Input::Film),
    seed("prores.mov", "-c:v prores_ks -c:a pcm_s16le", Input::Film),
    seed("mpeg2.ts", "-c:v mpeg2video -g 12 -c:a mp2", Input::Film),
    seed("mjpeg.avi", "-c:v mjpeg -c:a pcm_s16le", Input::Film),
    seed("theora.ogg", "-c:v libtheora -g 12 -c:a libvorbis", Input::Film),
    seed("moving.gif", "", Input::Pictures),
    seed("moving.png", "-f apng", Input::Pictures),
    seed("still.png", "-frames:v 1", Input::Still),
    seed("still.jpg", "-frames:v 1", Input::Still),
    seed("still.webp", "-frames:v 1", Input::Still),
    seed("tone.wav", "", Input::Tone),
    seed("tone.mp3", "", Input::Tone),
    seed("tone.flac", "", Input::Tone),
    seed("tone.opus", "-c:a libopus", Input::Tone),
];

/// Makes a seed in `folder`.
///
/// # Errors
/// When the tool is missing, was built without the codec, or fails.
pub fn make(seed: &Seed, folder: &Path) -> io::Result<Vec<u8>> {
    let picture = "-f lavfi -i testsrc2=size=64x48:rate=25:duration=1.2";
    let tone = "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=1.2";
    let inputs = match seed.input {
        Input::Film => format!("{picture} {tone}"),
        Input::Pictures | Input::Still => picture.to_owned(),
        Input::Tone => tone.to_owned(),
    };
    let path = folder.join(seed.name);
    // One thread and no marks of time or version: the same tool makes the same file.
    let line = format!(
        "-nostdin -y -v error {inputs} {} -threads 1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact",
        seed.arguments
    );
    let mut command = Command::new("ffmpeg");
    command.args(line.split_whitespace()).arg(&path).stdin(Stdio::null());
    let output = command.output()?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(io::Error::other(format!("{}: {words}", seed.name)));
    }
    std::fs::read(path)
}
