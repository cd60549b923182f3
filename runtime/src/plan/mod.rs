//! The plan of a render: which pieces the film is made of, and which of them exist already.

mod cuts;
mod key;
mod settings;

use std::ops::Range;

use vid_timeline::{Output, Time, Timeline};

use crate::assets::{Assets, ContentHash};
use crate::audio::Programme;
use crate::error::RenderError;
use crate::media::{AudioEncodeSettings, EncodeSettings};
use crate::scene::{Scene, scene_from_timeline};
use crate::store::{Piece, SegmentStore};

pub use cuts::{MAX_SEGMENT_SECONDS, segment_ranges};
pub use settings::{ENCODER_THREADS, audio_settings, encode_settings, frame_spec};

/// What happens to a piece.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Disposition {
    /// It is made.
    Render,
    /// It is taken from the store as it is.
    Reuse,
}

/// One segment of the film: a closed group of pictures of its own.
#[derive(Debug)]
pub struct Segment {
    /// Its frames on the timeline.
    pub frames: Range<i64>,
    /// What they show.
    pub scene: Scene,
    /// Names everything its bytes depend on.
    pub key: ContentHash,
    /// Whether it is made or taken from the store.
    pub disposition: Disposition,
}

impl Segment {
    /// Number of frames.
    pub fn frame_count(&self) -> i64 {
        self.frames.end - self.frames.start
    }
}

/// The programme's sound as one piece.
#[derive(Debug)]
pub struct SoundPiece {
    /// What is heard.
    pub programme: Programme,
    /// Names everything its bytes depend on.
    pub key: ContentHash,
    /// Whether it is made or taken from the store.
    pub disposition: Disposition,
}

/// Everything that has to exist before the film can be joined.
#[derive(Debug)]
pub struct Plan {
    /// In order, without gaps, covering the film or the window of it that is rendered.
    pub segments: Vec<Segment>,
    /// The sound; `None` for a silent film, which gets no stream of sound.
    pub sound: Option<SoundPiece>,
    /// How pictures are encoded.
    pub encode: EncodeSettings,
    /// How sound is encoded.
    pub encode_audio: AudioEncodeSettings,
}

impl Plan {
    /// Plans one output of the timeline, or of it the frames in `window`. Pieces that `store` holds are
    /// reused; segments inside a window are the same as without one.
    ///
    /// # Errors
    /// A medium or font that `assets` does not hold.
    pub fn new(
        timeline: &Timeline,
        output: &Output,
        assets: &Assets,
        window: Option<&Range<i64>>,
        store: &SegmentStore,
    ) -> Result<Self, RenderError> {
        let encode = encode_settings(timeline, output);
        let encode_audio = audio_settings(output);
        let disposition = |piece, key| match store.find(piece, key) {
            Some(_) => Disposition::Reuse,
            None => Disposition::Render,
        };
        let mut segments = Vec::new();
        for frames in segment_ranges(timeline) {
            let frames = match window {
                Some(window) => frames.start.max(window.start)..frames.end.min(window.end),
                None => frames,
            };
            if frames.is_empty() {
                continue;
            }
            let scene = scene_from_timeline(timeline, assets, frames.clone())?;
            let key = key::of_segment(&scene, &encode);
            segments.push(Segment { frames, scene, key, disposition: disposition(Piece::Video, key) });
        }
        let programme = Programme::from_timeline(timeline, assets)?;
        let programme = match window {
            Some(window) => programme.map(|programme| {
                let sample = |frame| Time::from_frame(frame, timeline.frame_rate).to_sample();
                programme.window(sample(window.start)..sample(window.end))
            }),
            None => programme,
        };
        let sound = programme.map(|programme| {
            let key = key::of_sound(&programme, &encode_audio);
            SoundPiece { programme, key, disposition: disposition(Piece::Audio, key) }
        });
        Ok(Self { segments, sound, encode, encode_audio })
    }

    /// Frames that are written.
    pub fn frame_count(&self) -> i64 {
        self.segments.iter().map(Segment::frame_count).sum()
    }

    /// Frames that have to be made.
    pub fn frames_to_render(&self) -> i64 {
        let made = self.segments.iter().filter(|segment| segment.disposition == Disposition::Render);
        made.map(Segment::frame_count).sum()
    }
}
