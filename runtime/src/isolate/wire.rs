//! What goes over the line between a worker and whoever started it: small messages in JSON, each after
//! its length, and after some of them a block of samples whose length the reader computes itself.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use vid_timeline::{MediaFacts, Time};

use super::escape::Escape;
use super::layer::Layer;
use crate::media::{FrameAt, Limit, MediaError, Peak, Placement, StreamKind};
use crate::raster::{StillError, StillProblem};

/// Longest message in bytes.
const MAX_MESSAGE: u32 = 1 << 20;
/// Most pairs of samples in one answer.
pub(super) const MAX_PAIRS: usize = 1 << 16;

/// The first message to a worker, from whoever started it.
#[derive(Serialize, Deserialize)]
pub(super) struct Hello {
    /// Where the medium is outside.
    pub(super) path: PathBuf,
    /// Processor time the worker may use, in seconds.
    pub(super) cpu_seconds: u64,
}

/// How pictures are taken from a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Way {
    /// In any order, rising times cheap.
    Forwards,
    /// In any order, falling times cheap.
    Backwards,
    /// Rising times, leaving damaged pictures out.
    Lenient,
}

/// What is asked of a worker.
#[derive(Serialize, Deserialize)]
pub(super) enum Request {
    /// What the medium holds.
    Probe,
    /// The pixels of a still.
    Still,
    /// Opens the pictures.
    OpenVideo { way: Way },
    /// The frame presented at a time.
    Frame { at: Time },
    /// The frame presented just before a time, keeping that many bytes of frames.
    FrameBefore { time: Time, memory: usize },
    /// Opens the sound; leniently, where damaged packets are to be silence.
    OpenSound { lenient: bool },
    /// How much of pictures and sound was left out.
    Skipped,
    /// Samples from a position on, at most [`MAX_PAIRS`].
    Samples { start: i64, pairs: usize },
    /// Tries to get out.
    Escape(Escape),
}

/// What a worker answers.
#[derive(Serialize, Deserialize)]
pub(super) enum Reply {
    /// It is confined by these layers, and by the others not for these reasons.
    Ready { layers: Vec<Layer>, reasons: Vec<String> },
    /// The facts.
    Facts(Box<MediaFacts>),
    /// What was asked to be opened is open.
    Opened,
    /// A still of that size; its pixels follow, four bytes each.
    Still { width: u32, height: u32 },
    /// A frame; its planes follow, without padding, unless it is the one sent before.
    Frame { picture: Option<Picture>, start: Time, placement: Place },
    /// Samples; the pairs that were asked for follow, of which so many are before the end.
    Samples { inside: usize },
    /// So many pictures and packets of sound were left out.
    Skipped { pictures: u64, packets: u64 },
    /// What became of the attempt to get out: why it was refused, or that it was not.
    Attempted { refused: Option<String> },
    /// It cannot be done.
    Failed(Problem),
    /// The still cannot be had.
    StillFailed(StillTrouble),
}

/// The shape of a frame.
#[derive(Serialize, Deserialize)]
pub(super) struct Picture {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) format: String,
    pub(super) color: [u8; 4],
    pub(super) interlaced: bool,
    /// The brightest light in it, in cd/m², as far as that is noted.
    pub(super) peak: Option<u16>,
}

/// [`Placement`] on the line.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) enum Place {
    Inside,
    BeforeFirst,
    AfterLast,
}

/// What [`MediaError`]s a worker meets, without the path, which the reader knows better.
#[derive(Serialize, Deserialize)]
pub(super) enum Problem {
    NotFound,
    Unreadable(String),
    Empty,
    NotMedia(String),
    Truncated(String),
    NoSuchStream { is_video: bool },
    Unsupported(String),
    Limit { name: String, value: u64, limit: u64 },
    Damaged { at: Time, reason: String },
    Changed { at: Time, was: String, now: String },
    Other(String),
}

/// What [`StillProblem`]s a worker meets.
#[derive(Serialize, Deserialize)]
pub(super) enum StillTrouble {
    Unreadable(String),
    Empty,
    NotAnImage,
    Unsupported(String),
    TooLarge { width: u32, height: u32 },
    FileTooLarge,
    Truncated,
    Damaged(String),
}

/// Writes a message.
pub(super) fn send<T: Serialize>(line: &mut impl Write, message: &T) -> io::Result<()> {
    let text = serde_json::to_vec(message).map_err(io::Error::other)?;
    let length = u32::try_from(text.len()).ok().filter(|length| *length <= MAX_MESSAGE);
    let length = length.ok_or_else(|| io::Error::other("a message is too long"))?;
    let mut whole = length.to_le_bytes().to_vec();
    whole.extend_from_slice(&text);
    line.write_all(&whole)
}

/// Reads a message.
pub(super) fn receive<T: DeserializeOwned>(line: &mut impl Read) -> io::Result<T> {
    let mut length = [0; 4];
    line.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length);
    if length > MAX_MESSAGE {
        return Err(io::Error::other("a message is too long"));
    }
    let mut text = vec![0; length as usize];
    line.read_exact(&mut text)?;
    serde_json::from_slice(&text).map_err(io::Error::other)
}

impl Reply {
    /// The answer that a frame is, with or without its picture.
    pub(super) fn frame(found: &FrameAt, is_new: bool) -> Self {
        let frame = &found.frame;
        let picture = is_new.then(|| Picture {
            width: frame.width(),
            height: frame.height(),
            format: frame.format().name(),
            color: frame.color().to_codes(),
            interlaced: frame.is_interlaced(),
            peak: frame.peak().map(Peak::nits),
        });
        Self::Frame { picture, start: found.start, placement: found.placement.into() }
    }
}

impl From<Placement> for Place {
    fn from(placement: Placement) -> Self {
        match placement {
            Placement::Inside => Self::Inside,
            Placement::BeforeFirst => Self::BeforeFirst,
            Placement::AfterLast => Self::AfterLast,
        }
    }
}

impl From<Place> for Placement {
    fn from(place: Place) -> Self {
        match place {
            Place::Inside => Self::Inside,
            Place::BeforeFirst => Self::BeforeFirst,
            Place::AfterLast => Self::AfterLast,
        }
    }
}

impl Problem {
    /// The problem that an error is.
    pub(super) fn of(error: &MediaError) -> Self {
        match error {
            MediaError::NotFound { .. } => Self::NotFound,
            MediaError::Unreadable { reason, .. } => Self::Unreadable(reason.clone()),
            MediaError::Empty { .. } => Self::Empty,
            MediaError::NotMedia { reason, .. } => Self::NotMedia(reason.clone()),
            MediaError::Truncated { reason, .. } => Self::Truncated(reason.clone()),
            MediaError::NoSuchStream { kind, .. } => {
                Self::NoSuchStream { is_video: *kind == StreamKind::Video }
            }
            MediaError::Unsupported { what, .. } => Self::Unsupported(what.clone()),
            MediaError::LimitExceeded { what, value, limit, .. } => {
                Self::Limit { name: what.name().to_owned(), value: *value, limit: *limit }
            }
            MediaError::Damaged { at, reason, .. } => Self::Damaged { at: *at, reason: reason.clone() },
            MediaError::Changed { at, was, now, .. } => {
                Self::Changed { at: *at, was: was.clone(), now: now.clone() }
            }
            other => Self::Other(other.to_string()),
        }
    }

    /// The error that a problem with the file at `path` is.
    pub(super) fn into_error(self, path: &Path) -> MediaError {
        let path = path.to_owned();
        match self {
            Self::NotFound => MediaError::NotFound { path },
            Self::Unreadable(reason) => MediaError::Unreadable { path, reason },
            Self::Empty => MediaError::Empty { path },
            Self::NotMedia(reason) => MediaError::NotMedia { path, reason },
            Self::Truncated(reason) => MediaError::Truncated { path, reason },
            Self::NoSuchStream { is_video } => {
                let kind = if is_video { StreamKind::Video } else { StreamKind::Audio };
                MediaError::NoSuchStream { path, kind }
            }
            Self::Unsupported(what) => MediaError::Unsupported { path, what },
            Self::Limit { name, value, limit } => match Limit::from_name(&name) {
                Some(what) => MediaError::LimitExceeded { path, what, value, limit },
                None => MediaError::Unreadable { path, reason: name },
            },
            Self::Damaged { at, reason } => MediaError::Damaged { path, at, reason },
            Self::Changed { at, was, now } => MediaError::Changed { path, at, was, now },
            Self::Other(reason) => MediaError::Unreadable { path, reason },
        }
    }
}

impl StillTrouble {
    /// The trouble that a problem is.
    pub(super) fn of(problem: &StillProblem) -> Self {
        match problem {
            StillProblem::Unreadable(error) => Self::Unreadable(crate::error::plain_reason(error)),
            StillProblem::Empty => Self::Empty,
            StillProblem::NotAnImage => Self::NotAnImage,
            StillProblem::Unsupported { what } => Self::Unsupported(what.clone()),
            StillProblem::TooLarge { width, height } => Self::TooLarge { width: *width, height: *height },
            StillProblem::FileTooLarge => Self::FileTooLarge,
            StillProblem::Truncated => Self::Truncated,
            StillProblem::Damaged { reason } => Self::Damaged(reason.clone()),
        }
    }

    /// The error that trouble with the file at `path` is.
    pub(super) fn into_error(self, path: &Path) -> StillError {
        let problem = match self {
            Self::Unreadable(reason) => StillProblem::Unreadable(io::Error::other(reason)),
            Self::Empty => StillProblem::Empty,
            Self::NotAnImage => StillProblem::NotAnImage,
            Self::Unsupported(what) => StillProblem::Unsupported { what },
            Self::TooLarge { width, height } => StillProblem::TooLarge { width, height },
            Self::FileTooLarge => StillProblem::FileTooLarge,
            Self::Truncated => StillProblem::Truncated,
            Self::Damaged(reason) => StillProblem::Damaged { reason },
        };
        StillError { path: path.to_owned(), problem }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_comes_back_as_the_error_it_was() {
        let path = Path::new("a.mp4");
        let errors = [
            Limit::Channels.passed(path, 17, 16),
            MediaError::Damaged { path: path.to_owned(), at: Time::new(1, 3), reason: "x".to_owned() },
            MediaError::NoSuchStream { path: path.to_owned(), kind: StreamKind::Audio },
            MediaError::Empty { path: path.to_owned() },
        ];
        for error in errors {
            let mut line = Vec::new();
            send(&mut line, &Problem::of(&error)).unwrap();
            let back: Problem = receive(&mut line.as_slice()).unwrap();
            assert_eq!(back.into_error(path), error);
        }
    }

    #[test]
    fn no_message_takes_memory_without_a_bound() {
        let mut line = u32::MAX.to_le_bytes().to_vec();
        line.extend_from_slice(&[b' '; 16]);
        assert!(receive::<Reply>(&mut line.as_slice()).is_err());
        assert!(receive::<Reply>(&mut [9, 0, 0].as_slice()).is_err());
    }
}
