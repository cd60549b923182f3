//! What runs in a confined process.

use std::fs::File;
use std::io::{self, IoSlice, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use vid_timeline::Time;

use super::confine::{self, Confined, Side};
use super::escape;
use super::kernel;
use super::wire::{self, Hello, MAX_PAIRS, Problem, Reply, Request, StillTrouble, Way};
use crate::media::{
    self, AudioSource, BackwardSource, CHANNELS, DecodeOptions, FrameAt, Limit, MediaError, VideoFrame,
    VideoSource, limits,
};
use crate::raster::load_still;

/// Rows written in one call: what the system takes at once.
const ROWS_AT_ONCE: usize = 512;

/// The work of a confined process: locks itself in, then answers over standard input until nobody
/// asks any more. Standard output is the medium. Called first thing by a program that was started as
/// a [`WorkerCommand`](super::WorkerCommand); starts no thread.
pub fn worker() -> ExitCode {
    match serve() {
        Ok(status) => status,
        // Nobody is left to be told.
        Err(_) => ExitCode::FAILURE,
    }
}

fn serve() -> io::Result<ExitCode> {
    // Nothing that was open in whoever started us stays open here.
    kernel::close_from(3);
    // Plain reads and writes: the calls of sockets are not among those that stay allowed.
    let mut line = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let medium = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let hello: Hello = wire::receive(&mut line)?;
    let confined = match confine::enter(&medium, &line, &hello.path, hello.cpu_seconds)? {
        Side::Watcher(status) => return Ok(status),
        Side::Confined(confined) => confined,
    };
    let Confined { layers, reasons, medium } = confined;
    wire::send(&mut line, &Reply::Ready { layers, reasons })?;
    let mut desk = Desk { medium, outside: hello.path, video: Video::Closed, sound: None, last: None };
    loop {
        let request = match wire::receive(&mut line) {
            Ok(request) => request,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(ExitCode::SUCCESS),
            Err(error) => return Err(error),
        };
        desk.answer(request, &mut line)?;
    }
}

/// What a worker has open.
struct Desk {
    medium: PathBuf,
    /// Where the medium is outside.
    outside: PathBuf,
    video: Video,
    sound: Option<AudioSource>,
    /// When the frame that was sent last began.
    last: Option<Time>,
}

enum Video {
    Closed,
    Forwards(Box<VideoSource>),
    Backwards(Box<BackwardSource>),
}

impl Desk {
    fn answer(&mut self, request: Request, line: &mut File) -> io::Result<()> {
        let answered = match request {
            Request::Probe => {
                media::probe(&self.medium).map(|facts| wire::send(line, &Reply::Facts(Box::new(facts))))
            }
            Request::Still => return self.send_still(line),
            Request::OpenVideo { way } => self.open_video(way).map(|()| wire::send(line, &Reply::Opened)),
            Request::Frame { at } => {
                self.frame(|source| source.frame_at(at)).map(|found| self.send_frame(line, &found))
            }
            Request::FrameBefore { time, memory } => {
                self.frame_before(time, memory).map(|found| self.send_frame(line, &found))
            }
            Request::OpenSound { lenient } => {
                self.open_sound(lenient).map(|()| wire::send(line, &Reply::Opened))
            }
            Request::Skipped => Ok(wire::send(line, &self.skipped())),
            Request::Samples { start, pairs } => {
                self.samples(start, pairs).map(|(inside, block)| send_samples(line, inside, &block))
            }
            Request::Escape(escape) => {
                let refused = escape::attempt(escape, &self.outside);
                Ok(wire::send(line, &Reply::Attempted { refused }))
            }
        };
        match answered {
            Ok(sent) => sent,
            Err(error) => wire::send(line, &Reply::Failed(Problem::of(&out_of_memory(error)))),
        }
    }

    fn open_sound(&mut self, lenient: bool) -> Result<(), MediaError> {
        let open = if lenient { AudioSource::open_lenient } else { AudioSource::open };
        self.sound = Some(open(&self.medium)?);
        Ok(())
    }

    fn skipped(&self) -> Reply {
        let pictures = if let Video::Forwards(source) = &self.video { source.skipped() } else { 0 };
        Reply::Skipped { pictures, packets: self.sound.as_ref().map_or(0, AudioSource::skipped) }
    }

    fn open_video(&mut self, way: Way) -> Result<(), MediaError> {
        // More threads are not allowed here, and give the same pictures.
        let options = DecodeOptions { threads: 1 };
        self.last = None;
        self.video = match way {
            Way::Forwards => Video::Forwards(Box::new(VideoSource::open(&self.medium, options)?)),
            Way::Backwards => Video::Backwards(Box::new(BackwardSource::open(&self.medium, options)?)),
            Way::Lenient => Video::Forwards(Box::new(VideoSource::open_lenient(&self.medium)?)),
        };
        Ok(())
    }

    fn frame(
        &mut self,
        find: impl FnOnce(&mut VideoSource) -> Result<FrameAt, MediaError>,
    ) -> Result<FrameAt, MediaError> {
        match &mut self.video {
            Video::Forwards(source) => find(source),
            _ => Err(not_open(&self.medium)),
        }
    }

    fn frame_before(&mut self, time: Time, memory: usize) -> Result<FrameAt, MediaError> {
        match &mut self.video {
            Video::Backwards(source) => source.frame_before(time, memory),
            _ => Err(not_open(&self.medium)),
        }
    }

    fn samples(&mut self, start: i64, pairs: usize) -> Result<(usize, Vec<f32>), MediaError> {
        let Some(sound) = &mut self.sound else { return Err(not_open(&self.medium)) };
        let mut block = vec![0.0; pairs.min(MAX_PAIRS) * CHANNELS];
        let inside = sound.read(start, &mut block)?;
        Ok((inside, block))
    }

    fn send_frame(&mut self, line: &mut File, found: &FrameAt) -> io::Result<()> {
        // One instant has one picture.
        let is_new = self.last != Some(found.start);
        self.last = Some(found.start);
        wire::send(line, &Reply::frame(found, is_new))?;
        if is_new { send_planes(line, &found.frame) } else { Ok(()) }
    }

    fn send_still(&self, line: &mut File) -> io::Result<()> {
        match load_still(&self.medium) {
            Ok(pixmap) => {
                let (width, height) = (pixmap.width(), pixmap.height());
                wire::send(line, &Reply::Still { width, height })?;
                line.write_all(pixmap.pixels())
            }
            Err(error) => wire::send(line, &Reply::StillFailed(StillTrouble::of(&error.problem))),
        }
    }
}

/// The planes of a frame, one after the other, without the padding of their rows.
fn send_planes(line: &mut File, frame: &VideoFrame) -> io::Result<()> {
    for index in 0..frame.planes() {
        let plane = frame.plane(index);
        for first in (0..plane.rows).step_by(ROWS_AT_ONCE) {
            let rows = first..plane.rows.min(first + ROWS_AT_ONCE);
            let mut slices: Vec<IoSlice<'_>> = rows.map(|row| IoSlice::new(plane.row(row))).collect();
            let mut left = slices.as_mut_slice();
            while !left.is_empty() {
                match line.write_vectored(left)? {
                    0 => return Err(io::ErrorKind::WriteZero.into()),
                    written => IoSlice::advance_slices(&mut left, written),
                }
            }
        }
    }
    Ok(())
}

fn send_samples(line: &mut File, inside: usize, block: &[f32]) -> io::Result<()> {
    wire::send(line, &Reply::Samples { inside })?;
    let bytes: Vec<u8> = block.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    line.write_all(&bytes)
}

/// Asked for before it was opened: whoever asks has made a mistake.
fn not_open(medium: &Path) -> MediaError {
    MediaError::Unreadable { path: medium.to_owned(), reason: "it was not opened".to_owned() }
}

/// A decoder that gets no memory calls that damage; here it is the limit on its process.
fn out_of_memory(error: MediaError) -> MediaError {
    let is_memory = match &error {
        MediaError::OutOfMemory { .. } => true,
        MediaError::Damaged { reason, .. } => reason == "cannot allocate memory",
        _ => false,
    };
    match (is_memory, error.path()) {
        (true, path) => {
            let most = limits::MAX_DECODER_BYTES;
            Limit::Memory.passed(path.unwrap_or(Path::new("")), most + 1, most)
        }
        (false, _) => error,
    }
}
