//! What reading a file comes to.

use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::sync::Arc;

use vid_runtime::RenderError;
use vid_runtime::isolate::{ConfinedVideo, Confinement, Intake, Way};
use vid_runtime::media::{MediaError, VideoFrame};
use vid_timeline::{MediaKind, Time};

/// Seconds of a file that are read: more than any seed has.
const SECONDS: i64 = 2;
/// Frames asked for in a second, and samples asked for at a time.
const RATE: i64 = 25;
const BLOCK: usize = 48_000;

/// How reading a file ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// With frames and samples, which have this fingerprint.
    Read(u64),
    /// With an error that says what is wrong: the kind of it, and its words.
    Refused(&'static str, String),
    /// With a limit that it passes.
    Limited(String),
    /// With the end of the process that read it.
    Died(String),
}

impl Verdict {
    /// `ok`, the kind of error, `limit` or `died`.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Read(_) => "ok",
            Self::Refused(kind, _) => kind,
            Self::Limited(_) => "limit",
            Self::Died(_) => "died",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(_) => f.write_str("ok"),
            Self::Refused(_, words) | Self::Limited(words) | Self::Died(words) => f.write_str(words),
        }
    }
}

/// Probes a file and reads all of it, each in a confined process.
pub fn judge(path: &Path, confinement: &Arc<Confinement>) -> Verdict {
    let mut print = DefaultHasher::new();
    match read(path, confinement, &mut print) {
        Ok(()) => Verdict::Read(print.finish()),
        Err(RenderError::Media(error)) => verdict_of(&error, path),
        Err(error) => Verdict::Refused("still", plain(&error.to_string(), path)),
    }
}

fn verdict_of(error: &MediaError, path: &Path) -> Verdict {
    let words = plain(&error.to_string(), path);
    let kind = match error {
        MediaError::LimitExceeded { .. } => return Verdict::Limited(words),
        MediaError::DecoderDied { .. } | MediaError::NotConfined { .. } => return Verdict::Died(words),
        MediaError::Empty { .. } => "empty",
        MediaError::NotMedia { .. } => "no media",
        MediaError::Truncated { .. } => "incomplete",
        MediaError::NoSuchStream { .. } => "no stream",
        MediaError::Unsupported { .. } => "unsupported",
        MediaError::Damaged { .. } => "damaged",
        MediaError::Changed { .. } => "changed",
        MediaError::Convert { .. } => "no conversion",
        _ => "unreadable",
    };
    Verdict::Refused(kind, words)
}

/// A message without the folder of the file.
fn plain(message: &str, path: &Path) -> String {
    let folder = path.parent().map(|folder| format!("{}/", folder.display())).unwrap_or_default();
    message.replace(&folder, "")
}

fn read(path: &Path, confinement: &Arc<Confinement>, print: &mut impl Hasher) -> Result<(), RenderError> {
    let intake = Intake::Confined(Arc::clone(confinement));
    let facts = intake.probe(path)?;
    if facts.kind == MediaKind::Image {
        let still = intake.still(path)?;
        (still.width(), still.height(), still.pixels()).hash(print);
        return Ok(());
    }
    if facts.video.is_some() {
        let mut source = ConfinedVideo::open(confinement, path, facts.duration, Way::Forwards)?;
        for n in 0..SECONDS * RATE {
            hash_frame(&source.frame_at(Time::new(n, RATE))?.frame, print);
        }
    }
    if facts.audio.is_some() {
        let mut source = intake.sound(path, facts.duration)?;
        let mut block = vec![0.0; BLOCK * 2];
        for second in 0..SECONDS {
            source.read(second * BLOCK as i64, &mut block)?;
            block.iter().for_each(|sample| sample.to_bits().hash(print));
        }
    }
    Ok(())
}

fn hash_frame(frame: &VideoFrame, print: &mut impl Hasher) {
    for index in 0..frame.planes() {
        let plane = frame.plane(index);
        (0..plane.rows).for_each(|row| plane.row(row).hash(print));
    }
}
