//! Frames of a film from its end to its start: exact, within bounded memory.
//!
//! Films are decoded forwards from a key frame only. Going back, the stretch from the key frame to
//! the wanted frame is decoded once, and its last frames are kept: those are wanted next. A group of
//! pictures that does not fit is gone through again for each window of frames that does, so memory is
//! bounded and time is the price: with w frames kept, a group of n frames is decoded about n/(2w)
//! times.

use std::collections::VecDeque;
use std::path::Path;

use vid_timeline::Time;

use super::decode::{DecodeOptions, Decoded, FrameAt, Placement, VideoSource};
use super::error::MediaError;
use super::frame::VideoFrame;

/// A film open for taking frames on the way from its end to its start.
///
/// The media runs backwards, so a frame that is presented over `[a, b)` forwards is found for the
/// times `(a, b]`: a film of n frames played backwards shows frame n − 1 − k where forwards it shows
/// frame k. Times may be asked for in any order; falling ones are cheap.
pub struct BackwardSource {
    source: VideoSource,
    /// Frames in order of presentation, without gaps.
    window: VecDeque<Decoded>,
    /// Last tick that `window` knows the frame of.
    known_to: i64,
    /// Whether `window` begins with the first frame of the file.
    has_first: bool,
}

impl BackwardSource {
    /// Opens a film.
    ///
    /// # Errors
    /// As [`VideoSource::open`].
    pub fn open(path: &Path, options: DecodeOptions) -> Result<Self, MediaError> {
        let source = VideoSource::open(path, options)?;
        Ok(Self { source, window: VecDeque::new(), known_to: i64::MIN, has_first: false })
    }

    /// The frame presented just before `time`. At most `memory` bytes of frames are kept for the
    /// times before it, but always one.
    ///
    /// # Errors
    /// As [`VideoSource::frame_at`].
    pub fn frame_before(&mut self, time: Time, memory: usize) -> Result<FrameAt, MediaError> {
        // The boundary itself belongs to the frame that ends there.
        let target = self.source.tick_at(time).saturating_sub(1);
        let reaches = self.window.front().is_some_and(|first| first.ticks <= target || self.has_first);
        if !reaches || target > self.known_to {
            self.fill(target, memory)?;
        }
        // What comes later is not wanted again on the way back.
        while self.window.len() > 1 && self.window.back().is_some_and(|last| last.ticks > target) {
            self.window.pop_back();
            self.known_to = target;
        }
        let found = self.window.back().ok_or_else(|| self.nothing())?;
        let placement = if found.ticks > target { Placement::BeforeFirst } else { Placement::Inside };
        Ok(FrameAt { frame: found.frame.clone(), start: self.source.time_at(found.ticks), placement })
    }

    /// Decodes from the key frame before `target` to `target` and keeps the last frames of that.
    fn fill(&mut self, target: i64, memory: usize) -> Result<(), MediaError> {
        // Given back first, so that one window's worth of frames exists at a time.
        self.window.clear();
        self.known_to = target;
        let mut next = self.source.land(target)?;
        self.has_first = next.is_none();
        if next.is_none() {
            next = self.source.step()?;
        }
        while let Some(decoded) = next {
            if decoded.ticks > target && !self.window.is_empty() {
                break;
            }
            let room = (memory / bytes_of(&decoded.frame).max(1)).max(1);
            let is_past = decoded.ticks > target;
            self.window.push_back(decoded);
            if self.window.len() > room {
                self.window.pop_front();
                self.has_first = false;
            }
            if is_past {
                break;
            }
            next = self.source.step()?;
        }
        Ok(())
    }

    fn nothing(&self) -> MediaError {
        let reason = "no picture could be decoded".to_owned();
        MediaError::Damaged { path: self.source.path().to_owned(), at: Time::ZERO, reason }
    }
}

/// Memory of a frame's samples.
fn bytes_of(frame: &VideoFrame) -> usize {
    (0..frame.planes()).map(|index| frame.plane(index)).map(|plane| plane.stride * plane.rows).sum()
}
