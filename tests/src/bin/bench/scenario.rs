//! A film, the same work as a command of FFmpeg, and the pieces of the floor.

use std::fs;
use std::io;

use crate::measure::{Usage, likeness, median, packets, run};
use crate::media;
use crate::{Bench, Figure};

/// The encoder settings that `vid` uses for MP4 by default.
pub const ENCODER: &str = "-c:v libx264 -preset veryfast -crf 23";
/// The same for its sound.
pub const SOUND: &str = "-c:a aac -b:a 192k -ar 48000 -ac 2";

/// One kind of work, done by us and by FFmpeg.
pub struct Scenario {
    /// How it is asked for.
    pub name: &'static str,
    /// Our source.
    pub film: &'static str,
    /// FFmpeg's inputs, in the order in which its graph counts them.
    pub inputs: Vec<&'static str>,
    /// FFmpeg's filter graph, ending in `[v]` and `[a]`: the best we know for the work.
    pub graph: String,
    /// Seconds of the film.
    pub seconds: u32,
    /// The files whose pictures any renderer has to decode, with what of them (options of an input).
    pub decoded: Vec<(&'static str, &'static str)>,
    /// The graph that mixes the sound alone, over the same inputs.
    pub mix: &'static str,
    /// Bytes that a compositor cannot help moving, over the whole film: what it reads of pictures and
    /// writes into frames, frames that pass unchanged not counted.
    pub moved: f64,
    /// What we hold ourselves to.
    pub aims: Aims,
}

/// The most that a scenario may take.
#[derive(Clone, Copy)]
pub struct Aims {
    /// CPU seconds over those of the floor.
    pub cpu: f64,
    /// Wall time over FFmpeg's.
    pub wall: f64,
}

#[derive(Default)]
struct Turn {
    ours: Usage,
    theirs: Usage,
    floor: f64,
    composing: f64,
}

/// What a turn runs. A shared machine drifts within a turn, and a program that always comes first or
/// last would be measured on another machine than its rival: every second turn goes backwards.
#[derive(Clone, Copy)]
enum Step {
    Ours,
    Theirs,
    Floor,
}

const FORWARDS: [Step; 3] = [Step::Ours, Step::Theirs, Step::Floor];
const BACKWARDS: [Step; 3] = [Step::Floor, Step::Theirs, Step::Ours];

/// A scenario with its files.
struct Stage<'a> {
    bench: &'a Bench,
    scenario: &'a Scenario,
    film: String,
    composed: String,
}

/// Measures a scenario.
///
/// # Errors
/// When a program cannot be run, or the two films are not of one length.
pub fn measure(bench: &Bench, scenario: &Scenario) -> io::Result<Vec<Figure>> {
    let name = scenario.name;
    let film = media::film(bench, name, scenario.film)?;
    let composed = bench.scratch("composed.y4m");
    let stage = Stage { bench, scenario, film, composed };
    run(&bench.own, &["compose", &stage.film, &stage.composed])?;
    // The first turn warms files and caches up, and lets the composed frames reach the disk.
    stage.ours()?;
    stage.theirs()?;
    let (ours, theirs) = (bench.scratch("ours.mp4"), bench.scratch("theirs.mp4"));
    let frames = (packets(&ours)?, packets(&theirs)?);
    if frames.0 != frames.1 {
        return Err(io::Error::other(format!("{name}: {} frames, and {} of FFmpeg's", frames.0, frames.1)));
    }
    let difference = 1.0 - likeness(&ours, &theirs)?;
    let size = |path: &str| fs::metadata(path).map(|facts| facts.len() as f64);
    let larger = size(&ours)? / size(&theirs)?;
    let mut turns = Vec::new();
    for number in 0..bench.turns {
        turns.push(stage.turn(if number % 2 == 0 { FORWARDS } else { BACKWARDS })?);
    }
    fs::remove_file(&stage.composed)?;
    let of = |value: &dyn Fn(&Turn) -> f64| median(turns.iter().map(value));
    let n_frames = frames.0 as f64;
    // Time of moving the bytes that have to be moved, at the speed of this machine's copies.
    let traffic = scenario.moved * bench.seconds_per_byte;
    let figure =
        |what: &str, value, limit, unit| Figure { name: format!("{name}: {what}"), value, limit, unit };
    Ok(vec![
        figure("wall time over FFmpeg's", of(&|t| t.ours.wall / t.theirs.wall), Some(scenario.aims.wall), ""),
        figure("CPU seconds over the floor", of(&|t| t.ours.cpu / t.floor), Some(scenario.aims.cpu), ""),
        figure("CPU seconds over FFmpeg's", of(&|t| t.ours.cpu / t.theirs.cpu), None, ""),
        figure("FFmpeg's CPU seconds over the floor", of(&|t| t.theirs.cpu / t.floor), None, ""),
        figure("composing", of(&|t| t.composing * 1000.0 / n_frames), None, "ms a frame"),
        figure("composing over its memory traffic", of(&|t| t.composing / traffic), None, ""),
        figure("peak memory", of(&|t| t.ours.peak_mib), Some(500.0), "MiB"),
        figure("FFmpeg's peak memory", of(&|t| t.theirs.peak_mib), None, "MiB"),
        figure("difference of the films (1 - SSIM)", difference, Some(0.05), ""),
        figure("size over FFmpeg's", larger, None, ""),
        figure("wall time", of(&|t| t.ours.wall), None, "s"),
        figure("CPU seconds", of(&|t| t.ours.cpu), None, "s"),
        figure("FFmpeg's wall time", of(&|t| t.theirs.wall), None, "s"),
        figure("floor in CPU seconds", of(&|t| t.floor), None, "s"),
    ])
}

/// Measures the memory that a film at 3840x2160 takes.
///
/// # Errors
/// When a program cannot be run.
pub fn memory(bench: &Bench, film: &'static str) -> io::Result<Vec<Figure>> {
    let film = media::film(bench, "uhd", film)?;
    let mut peaks = Vec::new();
    for _ in 0..bench.turns {
        peaks.push(render(bench, &film)?.peak_mib);
    }
    let name = "uhd: peak memory at 3840x2160".to_owned();
    Ok(vec![Figure { name, value: median(peaks), limit: Some(1228.8), unit: "MiB" }])
}

fn render(bench: &Bench, film: &str) -> io::Result<Usage> {
    let (cache, output) = (bench.scratch("cache"), bench.scratch("ours.mp4"));
    let _ = fs::remove_dir_all(&cache);
    let _ = fs::remove_file(&output);
    let options = ["--cache-dir", &cache, "--executor", "cpu", "--progress", "none"];
    run(&bench.vid, &[&["render", film, "-o", &output][..], &options].concat())
}

impl Stage<'_> {
    fn turn(&self, steps: [Step; 3]) -> io::Result<Turn> {
        let mut turn = Turn::default();
        for step in steps {
            match step {
                Step::Ours => turn.ours = self.ours()?,
                Step::Theirs => turn.theirs = self.theirs()?,
                Step::Floor => (turn.floor, turn.composing) = self.floor()?,
            }
        }
        Ok(turn)
    }

    fn ours(&self) -> io::Result<Usage> {
        render(self.bench, &self.film)
    }

    fn theirs(&self) -> io::Result<Usage> {
        let seconds = self.scenario.seconds.to_string();
        let graph = ["-filter_complex", &self.scenario.graph, "-map", "[v]", "-map", "[a]", "-t", &seconds];
        let output = self.bench.scratch("theirs.mp4");
        let tail = ["-movflags", "+faststart", &output];
        self.ffmpeg(&[&self.inputs()[..], &graph, &words(ENCODER), &words(SOUND), &tail].concat())
    }

    /// CPU seconds of encoding finished frames, less what reading them from a file costs, of decoding the
    /// sources and of the sound; and those of composing the frames without encoding them, less the
    /// decoding.
    fn floor(&self) -> io::Result<(f64, f64)> {
        let output = self.bench.scratch("floor.mp4");
        let file = ["-f", "mp4", &output];
        let encode = self.ffmpeg(&[&["-i", &self.composed][..], &words(ENCODER), &file].concat())?;
        let read = self.ffmpeg(&["-i", &self.composed, "-f", "null", "-"])?;
        let (mut sources, mut maps) = (Vec::new(), Vec::new());
        for (number, (name, part)) in self.scenario.decoded.iter().enumerate() {
            sources.extend(words(part));
            sources.extend(["-i", name]);
            maps.extend(["-map".to_owned(), format!("{number}:v")]);
        }
        let maps: Vec<&str> = maps.iter().map(String::as_str).collect();
        let decode = self.ffmpeg(&[&sources[..], &maps, &["-f", "null", "-"]].concat())?;
        let mix = ["-filter_complex", self.scenario.mix, "-map", "[a]"];
        let mix = self.ffmpeg(&[&self.inputs()[..], &mix, &words(SOUND), &file].concat())?;
        let composed = run(&self.bench.own, &["compose", &self.film])?;
        Ok((encode.cpu - read.cpu + decode.cpu + mix.cpu, composed.cpu - decode.cpu))
    }

    fn inputs(&self) -> Vec<&str> {
        self.scenario.inputs.iter().flat_map(|name| ["-i", *name]).collect()
    }

    fn ffmpeg(&self, arguments: &[&str]) -> io::Result<Usage> {
        media::ffmpeg(self.bench, arguments)
    }
}

/// The words of a command line without quotes.
pub fn words(line: &'static str) -> Vec<&'static str> {
    line.split_whitespace().collect()
}
