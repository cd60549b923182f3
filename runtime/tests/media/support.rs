//! A folder to make media in, and what the tools say about them.

use std::path::{Path, PathBuf};
use std::process::Command;

use vid_runtime::media::{DecodeOptions, FrameSpec, PixelFormat, VideoFrame, VideoSource};
use vid_timeline::{Rational, Time};

/// A temporary folder with the tools working inside it.
pub struct Lab {
    folder: tempfile::TempDir,
}

impl Lab {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `ffmpeg` with arguments split at blanks and returns the path of the last one.
    pub fn ffmpeg(&self, arguments: &str) -> PathBuf {
        self.run("ffmpeg", &format!("-nostdin -y -v error {arguments}"));
        self.path(arguments.split_whitespace().last().unwrap())
    }

    /// Numbers printed by `ffprobe`, one line each, fields separated by commas.
    pub fn ffprobe(&self, file: &str, arguments: &str) -> String {
        let output = self.run("ffprobe", &format!("-v error -of csv=p=0 {arguments} {file}"));
        String::from_utf8(output)
            .unwrap()
            .lines()
            .map(|line| line.trim_end_matches(','))
            .collect::<Vec<_>>()
            .join("\n")
    }

    pub fn run(&self, program: &str, arguments: &str) -> Vec<u8> {
        let output = Command::new(program)
            .args(arguments.split_whitespace())
            .current_dir(self.folder.path())
            .output()
            .unwrap_or_else(|error| panic!("cannot start {program}: {error}"));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {arguments}\n{stderr}");
        output.stdout
    }

    /// The frames of a file as the `ffmpeg` tool decodes them.
    pub fn tool_frames(&self, file: &str) -> Vec<Vec<u8>> {
        let size = self.ffprobe(file, "-select_streams v:0 -show_entries stream=width,height,pix_fmt");
        let fields: Vec<_> = size.lines().next().unwrap().split(',').collect();
        let (width, height) = (fields[0].parse().unwrap(), fields[1].parse().unwrap());
        let format = PixelFormat::from_name(fields[2]).unwrap();
        let bytes: usize = (0..format.planes())
            .map(|plane| {
                let (row, rows) = format.plane_size(plane, width, height);
                row * rows
            })
            .sum();
        let arguments = format!(
            "-nostdin -v error -noautorotate -i {file} -map 0:v:0 -fps_mode passthrough -f rawvideo -"
        );
        let raw = self.run("ffmpeg", &arguments);
        assert_eq!(raw.len() % bytes, 0, "{file}");
        raw.chunks(bytes).map(<[u8]>::to_vec).collect()
    }

    /// When the frames of a file are presented, relative to its first presented instant.
    pub fn tool_times(&self, file: &str) -> Vec<Time> {
        let base = self.ffprobe(file, "-select_streams v:0 -show_entries stream=time_base");
        let (num, den) = base.lines().next().unwrap().split_once('/').unwrap();
        let tick = Rational::ratio(num.parse().unwrap(), den.parse().unwrap());
        let frames = self.ffprobe(file, "-select_streams v:0 -show_entries frame=best_effort_timestamp");
        let ticks: Vec<i64> =
            frames.lines().filter_map(|line| line.split(',').next()?.parse().ok()).collect();
        let time = |ticks: i64| Time::from_seconds(Rational::integer(ticks) * tick);
        let start = self.start_of(file);
        ticks.into_iter().map(|t| time(t) - start).collect()
    }

    /// First timestamp of all streams, as `ffprobe` computes it, to the microsecond.
    fn start_of(&self, file: &str) -> Time {
        let start = self.ffprobe(file, "-show_entries format=start_time");
        Time::from_seconds(Rational::from_decimal(start.trim()).unwrap())
    }
}

/// All samples of a frame without padding, plane after plane.
pub fn bytes(frame: &VideoFrame) -> Vec<u8> {
    let mut bytes = Vec::new();
    for index in 0..frame.planes() {
        let plane = frame.plane(index);
        (0..plane.rows).for_each(|row| bytes.extend_from_slice(plane.row(row)));
    }
    bytes
}

pub fn open(path: &Path) -> VideoSource {
    VideoSource::open(path, DecodeOptions::default()).unwrap()
}

/// Pseudo-random numbers that are the same in every run.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % bound
    }
}

/// A frame with a moving pattern.
pub fn pattern(spec: &FrameSpec, number: usize) -> VideoFrame {
    let mut frame = VideoFrame::allocate(spec).unwrap();
    for (index, mut plane) in frame.planes_mut().unwrap().into_iter().enumerate() {
        for y in 0..plane.rows {
            for (x, sample) in plane.row_mut(y).iter_mut().enumerate() {
                let wave = (x * 3 + y * 5 + number * 7 + index * 40) % 160;
                *sample = 40 + if wave < 80 { wave } else { 160 - wave } as u8;
            }
        }
    }
    frame
}
