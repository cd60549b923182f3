//! The decoders of one executor.

use vid_timeline::{FrameRate, Time};

use crate::assets::{Assets, ContentHash};
use crate::error::RenderError;
use crate::isolate::{ConfinedVideo, Intake, Way};
use crate::media::{BackwardSource, DecodeOptions, VideoFrame, VideoSource};
use crate::scene::{Course, Direction};

/// Bytes of decoded frames that all clips running backwards keep together: about 60 frames at 1080p
/// and 15 at 4K. See [`crate::media::BackwardSource`] for what it costs when that is little.
const BACKWARD_BYTES: usize = 192 << 20;

/// Open decoders. Each follows one course along the film, so that a clip that goes on in the next
/// segment is decoded on, and two clips of one file do not fight over one decoder.
#[derive(Default)]
pub struct Sources {
    open: Vec<Open>,
    /// The film's instant of the scene's first frame.
    record_start: Time,
    /// Number of the scene, for finding decoders out of use.
    scene: u64,
}

struct Open {
    media: ContentHash,
    /// As seen from the film's first frame.
    course: Course,
    reader: Reader,
    used_in: u64,
}

enum Reader {
    Forwards(VideoSource),
    Backwards(BackwardSource),
    Confined(ConfinedVideo, Direction),
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

    /// The frame of `media` that `course` comes to at `time`, counted from the scene's first frame.
    ///
    /// # Errors
    /// When the file cannot be opened or decoded.
    pub fn frame(
        &mut self,
        assets: &Assets,
        media: ContentHash,
        course: &Course,
        time: Time,
    ) -> Result<VideoFrame, RenderError> {
        let along_film = course.shifted(-self.record_start);
        let at = match self.open.iter().position(|open| open.media == media && open.course == along_film) {
            Some(at) => at,
            None => {
                let asset = assets.by_hash(media)?;
                let (path, direction) = (&asset.path, course.direction);
                let options = DecodeOptions::default();
                let reader = match (assets.intake(), direction) {
                    (Intake::Here, Direction::Forwards) => {
                        Reader::Forwards(VideoSource::open(path, options)?)
                    }
                    (Intake::Here, Direction::Backwards) => {
                        Reader::Backwards(BackwardSource::open(path, options)?)
                    }
                    (Intake::Confined(confinement), _) => {
                        let way = match direction {
                            Direction::Forwards => Way::Forwards,
                            Direction::Backwards => Way::Backwards,
                        };
                        let source = ConfinedVideo::open(confinement, path, asset.facts.duration, way)?;
                        Reader::Confined(source, direction)
                    }
                };
                self.open.push(Open { media, course: along_film, reader, used_in: self.scene });
                self.open.len() - 1
            }
        };
        let is_backwards = |open: &&Open| {
            matches!(open.reader, Reader::Backwards(_) | Reader::Confined(_, Direction::Backwards))
        };
        let memory = BACKWARD_BYTES / self.open.iter().filter(is_backwards).count().max(1);
        let open = &mut self.open[at];
        open.used_in = self.scene;
        let wanted = course.at(time);
        Ok(match &mut open.reader {
            Reader::Forwards(source) => source.frame_at(wanted)?.frame,
            Reader::Backwards(source) => source.frame_before(wanted, memory)?.frame,
            Reader::Confined(source, Direction::Forwards) => source.frame_at(wanted)?.frame,
            Reader::Confined(source, Direction::Backwards) => source.frame_before(wanted, memory)?.frame,
        })
    }
}
