//! The decoders of one executor.

use vid_timeline::{FrameRate, Rational, Time};

use crate::assets::{Assets, ContentHash};
use crate::error::RenderError;
use crate::media::{DecodeOptions, VideoFrame, VideoSource};

/// Open decoders. Each follows one line of media time along the film, so that a clip that goes on
/// in the next segment is decoded on, and two clips of one file do not fight over one decoder.
#[derive(Default)]
pub struct Sources {
    open: Vec<Open>,
    /// The film's instant of the scene's first frame.
    record_start: Time,
    /// Number of the scene, for finding decoders out of use.
    scene: u64,
}

struct Open {
    line: Line,
    source: VideoSource,
    used_in: u64,
}

/// The file, its speed, and the media time that falls on the film's start.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Line {
    media: ContentHash,
    speed: Rational,
    offset: Time,
}

impl Sources {
    /// Goes on to the scene that begins at frame `record_start` of the film, and closes the decoders
    /// that the last scene did not use.
    pub fn begin(&mut self, record_start: i64, rate: FrameRate) {
        let last = self.scene;
        self.open.retain(|open| open.used_in == last);
        self.scene += 1;
        self.record_start = Time::from_frame(record_start, rate);
    }

    /// The frame of `media` at media time `source_start + time · speed`, `time` counting from the
    /// scene's first frame.
    ///
    /// # Errors
    /// When the file cannot be opened or decoded.
    pub fn frame(
        &mut self,
        assets: &Assets,
        media: ContentHash,
        source_start: Time,
        speed: Rational,
        time: Time,
    ) -> Result<VideoFrame, RenderError> {
        let line = Line { media, speed, offset: source_start - self.record_start * speed };
        let at = match self.open.iter().position(|open| open.line == line) {
            Some(at) => at,
            None => {
                let path = &assets.by_hash(media)?.path;
                let source = VideoSource::open(path, DecodeOptions::default())?;
                self.open.push(Open { line, source, used_in: self.scene });
                self.open.len() - 1
            }
        };
        let open = &mut self.open[at];
        open.used_in = self.scene;
        Ok(open.source.frame_at(source_start + time * speed)?.frame)
    }
}
