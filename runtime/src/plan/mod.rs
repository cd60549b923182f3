//! The plan of a render: which pieces the film is made of, and which of them exist already.

mod cuts;
mod key;
mod settings;

use std::ops::Range;

use vid_timeline::{Output, OutputFormat, Time, Timeline};

use crate::assets::{Assets, ContentHash};
use crate::audio::{Loudness, Programme};
use crate::error::RenderError;
use crate::executor::Executor;
use crate::media::{AudioEncodeSettings, EncodeSettings};
use crate::scene::{Scene, scene_from_timeline};
use crate::store::{Piece, SegmentStore};

pub use cuts::{MAX_SEGMENT_SECONDS, segment_ranges};
pub use settings::{ENCODER_THREADS, audio_settings, encode_settings, film_of, frame_spec};

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
    /// How it is encoded.
    pub encode: AudioEncodeSettings,
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
    /// How pictures are encoded; `None` for an output of sound alone, which has no segments.
    pub encode: Option<EncodeSettings>,
    /// Length of what is written, in frames.
    pub length: i64,
}

impl Plan {
    /// Plans one output of the timeline, or of it the frames in `window`. Pieces that `store` holds are
    /// reused; segments inside a window are the same as without one, and depend on who composes them. A still is a film of one frame.
    ///
    /// # Errors
    /// A medium or font that `assets` does not hold, a codec that this FFmpeg cannot write.
    pub fn new(
        timeline: &Timeline,
        output: &Output,
        assets: &Assets,
        window: Option<&Range<i64>>,
        store: &SegmentStore,
        executor: &Executor,
    ) -> Result<Self, RenderError> {
        let timeline = &*film_of(timeline, output);
        let encode = encode_settings(timeline, output)?;
        let window = window_of(timeline, output, window);
        let disposition = |piece, key| match store.find(piece, key) {
            Some(_) => Disposition::Reuse,
            None => Disposition::Render,
        };
        let mut segments = Vec::new();
        if let Some(encode) = &encode {
            for frames in segment_ranges(timeline) {
                let frames = frames.start.max(window.start)..frames.end.min(window.end);
                if frames.is_empty() {
                    continue;
                }
                let scene = scene_from_timeline(timeline, assets, frames.clone())?;
                let key = key::of_segment(&scene, encode, executor);
                segments.push(Segment { frames, scene, key, disposition: disposition(Piece::Video, key) });
            }
        }
        let sound = match audio_settings(output)? {
            Some(encode) => {
                let programme = programme(timeline, output, assets, &window)?;
                programme.map(|programme| {
                    let key = key::of_sound(&programme, &encode);
                    SoundPiece { programme, encode, key, disposition: disposition(Piece::Audio, key) }
                })
            }
            None => None,
        };
        Ok(Self { segments, sound, encode, length: window.end - window.start })
    }

    /// Frames that are drawn or reused; none of an output of sound alone.
    pub fn frame_count(&self) -> i64 {
        self.segments.iter().map(Segment::frame_count).sum()
    }

    /// Frames that have to be made.
    pub fn frames_to_render(&self) -> i64 {
        let made = self.segments.iter().filter(|segment| segment.disposition == Disposition::Render);
        made.map(Segment::frame_count).sum()
    }
}

/// The frames that are written: of a still the one on screen at its instant, and of the window the one
/// nearest to it.
fn window_of(timeline: &Timeline, output: &Output, window: Option<&Range<i64>>) -> Range<i64> {
    let all = 0..timeline.frame_count();
    let window = window.map_or(all.clone(), |w| w.start.max(all.start)..w.end.min(all.end));
    if !output.format.is_still() || window.is_empty() {
        return window;
    }
    let wanted = match output.encoder.time {
        // The frame that is on screen at the instant: the last one that has begun.
        Some(time) => (time.seconds() * timeline.frame_rate.per_second()).floor(),
        None => window.start.into(),
    };
    let frame = i64::try_from(wanted).unwrap_or(window.start).clamp(window.start, window.end - 1);
    frame..frame + 1
}

/// What is heard in the window. A file of sound alone has a programme even when nothing is heard.
fn programme(
    timeline: &Timeline,
    output: &Output,
    assets: &Assets,
    window: &Range<i64>,
) -> Result<Option<Programme>, RenderError> {
    let mut programme = Programme::from_timeline(timeline, assets)?;
    if programme.is_none() && output.format == OutputFormat::Wav {
        programme = Some(Programme::silent(timeline.sample_count()));
    }
    if let (Some(programme), Some(target)) = (&mut programme, output.encoder.loudness) {
        programme.loudness = Some(Loudness::new(target));
    }
    if *window == (0..timeline.frame_count()) {
        return Ok(programme);
    }
    let sample = |frame| Time::from_frame(frame, timeline.frame_rate).to_sample();
    Ok(programme.map(|programme| programme.window(sample(window.start)..sample(window.end))))
}
