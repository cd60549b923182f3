//! Frames of a film by time: exact, in any order, refusing damage.

use std::path::{Path, PathBuf};

use ffmpeg_next::ffi;
use vid_timeline::Time;

use super::decoder::{Decoder, Received, frame_damage};
use super::deinterlace;
use super::error::{MediaError, StreamKind};
use super::frame::{FrameSpec, VideoFrame};
use super::leniency::Leniency;
use super::limits;
use super::log;
use super::open::Demuxer;
use super::orient::{self, Orientation};
use super::peak::Peak;
use super::pool::FramePool;
use super::scale::Scaler;
use super::sys::{self, Packet, RawFrame};
use super::work::Work;

/// How a film is decoded.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct DecodeOptions {
    /// Frames decoded at once, at least 1. Undamaged media give the same pictures for any number.
    pub threads: u32,
}

impl Default for DecodeOptions {
    fn default() -> Self {
        Self { threads: 1 }
    }
}

/// Where a wanted time lies with respect to the media.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Placement {
    /// A frame is presented at that time.
    Inside,
    /// The time is before the first frame, which is returned.
    BeforeFirst,
    /// The time is after the end of the last frame, which is returned.
    AfterLast,
}

/// A frame found for a time.
#[derive(Clone, Debug)]
pub struct FrameAt {
    /// The picture, upright, in the size and format of the media.
    pub frame: VideoFrame,
    /// When its presentation began.
    pub start: Time,
    /// Whether the wanted time was inside the media.
    pub placement: Placement,
}

/// A film open for taking frames.
///
/// The frame at a time is the one whose presentation interval, from its own timestamp to the next
/// frame's, holds the time. The time is rounded to the container's tick, as its timestamps are, so
/// frame `n` of an even rate is found at exactly `n / rate`. Time zero is the first presented
/// instant of the file: edit lists have been applied and start offsets removed, the offset between
/// picture and sound is kept. The answer depends on the file and the time only, not on what was
/// asked before.
pub struct VideoSource {
    path: PathBuf,
    options: DecodeOptions,
    input: Input,
    /// Timestamp of media time zero.
    origin: Time,
    time_base: ffi::AVRational,
    /// First tick after the last frame, where the container says.
    end: Option<i64>,
    shape: Option<Shape>,
    orientation: Orientation,
    /// What the container says of the brightest light, for pictures that say nothing themselves.
    peak: Option<Peak>,
    turner: Option<Turner>,
    current: Option<Decoded>,
    next: Option<Decoded>,
    /// Whether `current` is the first frame of the file.
    at_first: bool,
    /// Set where damaged pictures are left out instead of refused.
    leniency: Option<Leniency>,
}

/// Demuxer and decoder with their state of reading.
struct Input {
    demuxer: Demuxer,
    decoder: Decoder,
    stream: usize,
    packet: Packet,
    raw: RawFrame,
    /// Frames before this tick are left-overs of the place a seek came from.
    landing: Option<Landing>,
    /// Timestamp of the last packet read: the place a forward seek must beat.
    position: Option<i64>,
    is_drained: bool,
    /// Packets of the stream read so far.
    packets: u64,
    work: Work,
}

/// The key frame that decoding began at after a seek.
#[derive(Clone, Copy)]
enum Landing {
    /// The key packet has not been met yet.
    Awaited,
    /// Presentation time of the key frame.
    At(i64),
}

/// A decoded frame with its time.
pub(super) struct Decoded {
    pub(super) frame: VideoFrame,
    pub(super) ticks: i64,
}

/// What every frame of the stream must look like.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Shape {
    stored: FrameSpec,
}

/// Turns frames upright.
struct Turner {
    pool: FramePool,
    /// Set when the stored format cannot be turned as it is.
    converted: Option<(Scaler, FramePool)>,
}

impl VideoSource {
    /// Opens a film.
    ///
    /// # Errors
    /// As [`super::probe`], and [`MediaError::NoSuchStream`] for files without pictures.
    pub fn open(path: &Path, options: DecodeOptions) -> Result<Self, MediaError> {
        let demuxer = Demuxer::open(path)?;
        let stream = demuxer.stream(StreamKind::Video)?;
        let (time_base, orientation, peak) = (stream.time_base(), stream.orientation(), stream.peak());
        let origin = demuxer.start();
        let end = stream.duration().map(|duration| {
            let start = demuxer.stream_start(StreamKind::Video).unwrap_or(Time::ZERO);
            sys::ticks_from_time(origin + start + duration, time_base)
        });
        let input = Input::new(demuxer, options)?;
        Ok(Self {
            path: path.to_owned(),
            options,
            input,
            origin,
            time_base,
            end,
            shape: None,
            orientation,
            peak,
            turner: None,
            current: None,
            next: None,
            at_first: true,
            leniency: None,
        })
    }

    /// Opens a film that may be damaged: a picture that does not decode cleanly is left out, so that
    /// the one before it stays. Decodes with one thread. What is shown around damage may differ from
    /// run to run, so such a film is read once and what came of it is kept.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_lenient(path: &Path) -> Result<Self, MediaError> {
        let source = Self::open(path, DecodeOptions { threads: 1 })?;
        Ok(Self { leniency: Some(Leniency::default()), ..source })
    }

    /// Pictures that were left out so far.
    pub fn skipped(&self) -> u64 {
        self.leniency.as_ref().map_or(0, Leniency::skipped)
    }

    /// Path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Times at which decoding can begin, as far as the container's index knows, in ascending
    /// order. They are decoding times in some containers, so up to a few frames early.
    pub fn keyframe_times(&self) -> Vec<Time> {
        let Ok(stream) = self.input.demuxer.stream(StreamKind::Video) else { return Vec::new() };
        let keys = stream.index_entries().filter(|entry| entry.is_key);
        let mut times: Vec<_> =
            keys.map(|entry| sys::time_from_ticks(entry.ticks, self.time_base) - self.origin).collect();
        times.sort_unstable();
        times
    }

    /// The frame presented at `time`.
    ///
    /// # Errors
    /// [`MediaError::Damaged`] when the way from the nearest key frame to the frame does not decode
    /// cleanly, [`MediaError::Changed`] when the pictures change size or format.
    pub fn frame_at(&mut self, time: Time) -> Result<FrameAt, MediaError> {
        let target = sys::nearest_tick(self.origin + time, self.time_base);
        // At most everything since the frame at hand, or since the start, has to be decoded.
        let at_hand = self.current.as_ref().map(|current| self.time_at(current.ticks));
        let from = at_hand.filter(|start| *start <= time).unwrap_or(Time::ZERO);
        self.input.work.begin(time - from);
        self.move_to(target)?;
        while !self.settle(target) {
            let Some(decoded) = self.decode_next()? else { break };
            match self.current {
                None => self.current = Some(decoded),
                Some(_) => self.next = Some(decoded),
            }
        }
        self.found(target)
    }

    /// The tick that stands for a media time.
    pub(super) fn tick_at(&self, time: Time) -> i64 {
        sys::nearest_tick(self.origin + time, self.time_base)
    }

    /// The media time of a tick.
    pub(super) fn time_at(&self, ticks: i64) -> Time {
        sys::time_from_ticks(ticks, self.time_base) - self.origin
    }

    /// Goes to the latest key frame that is found to be presented at or before the tick, or to the
    /// first frame; [`Self::step`] goes on after it, and `landed` is that frame if it is decoded
    /// already.
    pub(super) fn land(&mut self, ticks: i64) -> Result<Option<Decoded>, MediaError> {
        self.input.work.begin(self.time_at(ticks));
        self.seek(ticks)?;
        Ok(self.current.as_ref().map(|key| Decoded { frame: key.frame.clone(), ticks: key.ticks }))
    }

    /// The frame after the last one that was landed on or stepped to; `None` at the end.
    pub(super) fn step(&mut self) -> Result<Option<Decoded>, MediaError> {
        let Some(next) = self.decode_next()? else { return Ok(None) };
        self.current = Some(Decoded { frame: next.frame.clone(), ticks: next.ticks });
        self.at_first = false;
        Ok(Some(next))
    }

    /// Makes the latest frame known to begin at or before `target` the current one, and says whether
    /// no later frame can be the one at `target`.
    fn settle(&mut self, target: i64) -> bool {
        if self.next.as_ref().is_some_and(|next| next.ticks <= target) {
            self.current = self.next.take();
            self.at_first = false;
        }
        self.current.as_ref().is_some_and(|current| current.ticks >= target || self.next.is_some())
    }

    fn found(&self, target: i64) -> Result<FrameAt, MediaError> {
        let current = self.current.as_ref().ok_or_else(|| MediaError::Damaged {
            path: self.path.clone(),
            at: Time::ZERO,
            reason: "no picture could be decoded".to_owned(),
        })?;
        let placement = if target < current.ticks {
            Placement::BeforeFirst
        } else if self.next.is_none() && self.input.is_drained && self.end.is_some_and(|end| target >= end) {
            Placement::AfterLast
        } else {
            Placement::Inside
        };
        let start = sys::time_from_ticks(current.ticks, self.time_base) - self.origin;
        Ok(FrameAt { frame: current.frame.clone(), start, placement })
    }

    /// Makes decoding forward reach the frame at `target`, by seeking when that is needed or saves
    /// decoding.
    fn move_to(&mut self, target: i64) -> Result<(), MediaError> {
        let behind = self.current.as_ref().is_some_and(|current| target < current.ticks);
        if behind {
            return if self.at_first { Ok(()) } else { self.seek(target) };
        }
        let is_at_hand = self.settle(target) || !self.has_key_ahead(target);
        if is_at_hand { Ok(()) } else { self.seek(target) }
    }

    /// Whether a key frame before `target` lies so far ahead that going there saves decoding.
    fn has_key_ahead(&self, target: i64) -> bool {
        let Ok(stream) = self.input.demuxer.stream(StreamKind::Video) else { return false };
        let start = sys::ticks_from_time(self.origin, self.time_base);
        let position = self.input.position.unwrap_or(start);
        let worthwhile = sys::ticks_from_time(Time::from_millis(SEEK_GAIN_MILLIS), self.time_base);
        stream.last_key(target).is_some_and(|key| key > position.saturating_add(worthwhile))
    }

    /// Lands on a key frame presented at or before `target` and leaves the frame there current.
    fn seek(&mut self, target: i64) -> Result<(), MediaError> {
        // The index of some containers holds decoding times, and some containers land late: each
        // attempt is checked, and goes further back than the one before.
        let mut wanted = target;
        let mut step = sys::ticks_from_time(Time::from_millis(500), self.time_base).max(1);
        for _ in 0..SEEK_ATTEMPTS {
            if !self.input.seek(wanted) {
                break;
            }
            self.forget();
            match self.decode_next()? {
                Some(decoded) if decoded.ticks <= target => {
                    self.current = Some(decoded);
                    self.at_first = false;
                    return Ok(());
                }
                _ => {
                    wanted = wanted.min(target).saturating_sub(step);
                    step = step.saturating_mul(4);
                }
            }
        }
        self.rewind()
    }

    /// Begins again at the start of the file.
    fn rewind(&mut self) -> Result<(), MediaError> {
        self.forget();
        self.at_first = true;
        let work = self.input.work.clone();
        self.input = Input { work, ..Input::new(Demuxer::open(&self.path)?, self.options)? };
        Ok(())
    }

    fn forget(&mut self) {
        self.current = None;
        self.next = None;
    }

    /// The next frame in presentation order, checked and upright.
    fn decode_next(&mut self) -> Result<Option<Decoded>, MediaError> {
        loop {
            let result = self.decode_one();
            let Some(leniency) = &mut self.leniency else { return result };
            match result {
                Ok(Some(decoded)) => {
                    let start = sys::time_from_ticks(decoded.ticks, self.time_base) - self.origin;
                    if !leniency.suspects(start) {
                        return Ok(Some(decoded));
                    }
                }
                Err(error) => {
                    if !leniency.overlooks(error, self.input.packets)? {
                        self.input.is_drained = true;
                        return Ok(None);
                    }
                }
                Ok(None) => return Ok(None),
            }
        }
    }

    fn decode_one(&mut self) -> Result<Option<Decoded>, MediaError> {
        let last = self.next.as_ref().or(self.current.as_ref()).map(|decoded| decoded.ticks);
        let Some(ticks) = self.input.decode(self.origin, self.time_base, last)? else { return Ok(None) };
        let at = sys::time_from_ticks(ticks, self.time_base) - self.origin;
        let frame = self.intake(at)?;
        Ok(Some(Decoded { frame, ticks }))
    }

    /// Takes the decoded frame over, checks it against the stream's shape and turns it upright.
    fn intake(&mut self, at: Time) -> Result<VideoFrame, MediaError> {
        let raw = std::mem::replace(&mut self.input.raw, RawFrame::new()?);
        let frame = VideoFrame::from_raw(raw).map_err(|error| MediaError::Unsupported {
            path: self.path.clone(),
            what: format!("pictures we cannot read ({error})"),
        })?;
        let stored = frame.spec();
        match self.shape {
            None => {
                limits::check_picture(&self.path, stored.width, stored.height)?;
                self.shape = Some(Shape { stored });
                if self.orientation != Orientation::UPRIGHT {
                    self.turner = Some(Turner::new(&stored, self.orientation)?);
                }
            }
            Some(shape) if !shape.stored.fits(&frame) => {
                let (was, now) = (shape.stored.to_string(), stored.to_string());
                return Err(MediaError::Changed { path: self.path.clone(), at, was, now });
            }
            Some(_) => {}
        }
        let mut frame = deinterlace::whole(frame)?;
        if self.peak.is_some() && frame.peak().is_none() {
            frame.set_peak(self.peak)?;
        }
        match &mut self.turner {
            None => Ok(frame),
            Some(turner) => turner.turn(&frame, self.orientation),
        }
    }
}

/// Least distance in milliseconds that is worth a seek: below it the frames held by the decoder are
/// lost for little.
const SEEK_GAIN_MILLIS: i64 = 500;

/// Seeks tried before decoding from the start; each goes four times further back.
const SEEK_ATTEMPTS: usize = 6;

impl Input {
    fn new(mut demuxer: Demuxer, options: DecodeOptions) -> Result<Self, MediaError> {
        let stream = demuxer.stream(StreamKind::Video)?;
        let decoder = Decoder::open(demuxer.path(), &stream, options.threads)?;
        let work = Work::new(stream.average_rate());
        let stream = stream.index();
        demuxer.keep_only(stream);
        Ok(Self {
            demuxer,
            decoder,
            stream,
            packet: Packet::new()?,
            raw: RawFrame::new()?,
            landing: None,
            position: None,
            is_drained: false,
            packets: 0,
            work,
        })
    }

    /// Moves to a key frame near `ticks`; `false` when the container cannot seek.
    fn seek(&mut self, ticks: i64) -> bool {
        if !self.demuxer.seek(self.stream, ticks) {
            return false;
        }
        self.decoder.flush();
        self.landing = Some(Landing::Awaited);
        self.position = None;
        self.is_drained = false;
        true
    }

    /// Decodes one frame into `raw` and returns its timestamp; `None` at the end.
    fn decode(
        &mut self,
        origin: Time,
        time_base: ffi::AVRational,
        last: Option<i64>,
    ) -> Result<Option<i64>, MediaError> {
        let media_time = |ticks: Option<i64>| {
            ticks.map_or(Time::ZERO, |ticks| sys::time_from_ticks(ticks, time_base) - origin)
        };
        let path = self.decoder.path().to_owned();
        let damaged = |ticks: Option<i64>, reason: String| MediaError::Damaged {
            path: path.clone(),
            at: media_time(ticks),
            reason,
        };
        loop {
            let received = self.decoder.receive(&mut self.raw);
            match received.map_err(|error| damaged(last, log::reason_or(|| error.describe())))? {
                Received::End => {
                    self.is_drained = true;
                    return Ok(None);
                }
                Received::NeedsPacket => self.feed(&damaged)?,
                Received::Frame => {
                    self.work.picture(&path, self.raw.pixels())?;
                    // SAFETY: the frame is valid; a plain field is read.
                    let ticks = sys::known(unsafe { (*self.raw.as_ptr()).best_effort_timestamp });
                    let Some(ticks) = ticks.filter(|ticks| ticks.abs() <= limits::MAX_TIMESTAMP) else {
                        return Err(damaged(last, "a picture has no usable timestamp".to_owned()));
                    };
                    // Pictures that lead the key frame refer to ones before it.
                    if matches!(self.landing, Some(Landing::At(key)) if ticks < key) {
                        continue;
                    }
                    if let Some(reason) = frame_damage(&self.raw) {
                        return Err(damaged(Some(ticks), reason));
                    }
                    if last.is_some_and(|last| ticks < last) {
                        return Err(damaged(Some(ticks), "its timestamps run backwards".to_owned()));
                    }
                    return Ok(Some(ticks));
                }
            }
        }
    }

    /// Whether a packet's timestamp is impossibly far from the one before it.
    fn jumps(&self, position: Option<i64>) -> bool {
        let Some((from, to)) = self.position.zip(position) else { return false };
        let Ok(stream) = self.demuxer.stream(StreamKind::Video) else { return false };
        let longest = Time::new(limits::MAX_GAP_SECONDS, 1);
        from.abs_diff(to) > sys::ticks_from_time(longest, stream.time_base()).unsigned_abs()
    }

    /// Feeds the decoder one packet of the stream, or the end.
    fn feed(&mut self, damaged: &impl Fn(Option<i64>, String) -> MediaError) -> Result<(), MediaError> {
        log::clear();
        loop {
            let read = self.demuxer.read(&mut self.packet);
            if !read.map_err(|error| damaged(self.position, log::reason_or(|| error.describe())))? {
                if let Some(missing) = self.demuxer.missing_end(StreamKind::Video) {
                    return Err(damaged(Some(missing), "the file breaks off".to_owned()));
                }
                return self.decoder.send(None).map_err(|error| damaged(self.position, error.describe()));
            }
            if usize::try_from(self.packet.get().stream_index) == Ok(self.stream) {
                break;
            }
        }
        self.packets += 1;
        self.work.packet(self.decoder.path())?;
        let ticks = self.packet.timestamp();
        let position = sys::known(self.packet.get().dts).or(ticks);
        if self.jumps(position) {
            return Err(damaged(self.position, "its timestamps jump by more than an hour".to_owned()));
        }
        self.position = position.or(self.position);
        let mut is_leading = false;
        match self.landing {
            Some(Landing::Awaited) if self.packet.has_flag(ffi::AV_PKT_FLAG_KEY) => {
                self.landing = ticks.map(Landing::At);
            }
            // Before the first key packet nothing can be decoded.
            Some(Landing::Awaited) => return Ok(()),
            Some(Landing::At(key)) => is_leading = ticks.is_some_and(|ticks| ticks < key),
            None => {}
        }
        if self.packet.has_flag(ffi::AV_PKT_FLAG_CORRUPT) && !is_leading {
            return Err(damaged(ticks, "a packet is incomplete".to_owned()));
        }
        let errors = log::decode_errors();
        let sent = self.decoder.send(Some(&self.packet));
        if is_leading {
            // Its references are missing by design, and it is not used.
            return Ok(());
        }
        sent.map_err(|error| damaged(ticks, log::reason_or(|| error.describe())))?;
        if log::decode_errors() != errors {
            return Err(damaged(ticks, log::reason_or(|| "the decoder reports errors".to_owned())));
        }
        Ok(())
    }
}

impl Turner {
    fn new(stored: &FrameSpec, orientation: Orientation) -> Result<Self, MediaError> {
        let spec = FrameSpec { format: orient::turnable(stored.format), ..*stored };
        let converted = match spec.format == stored.format {
            true => None,
            false => Some((Scaler::new(), FramePool::new(spec)?)),
        };
        Ok(Self { pool: FramePool::new(orient::turned_spec(&spec, orientation))?, converted })
    }

    fn turn(&mut self, frame: &VideoFrame, orientation: Orientation) -> Result<VideoFrame, MediaError> {
        let Some((scaler, pool)) = &mut self.converted else {
            return orient::turned(frame, orientation, &self.pool);
        };
        let mut plain = pool.get()?;
        plain.set_color(frame.color());
        plain.set_peak(frame.peak())?;
        scaler.convert(frame, &mut plain)?;
        orient::turned(&plain, orientation, &self.pool)
    }
}
