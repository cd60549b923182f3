//! Samples of a file by position: exact, in any order, as float stereo at 48 kHz.

use std::path::{Path, PathBuf};

use ffmpeg_next::ffi;
use vid_timeline::{Rational, SAMPLE_RATE, Time};

use super::audio_encode::CHANNELS;
use super::decoder::{Decoder, Received, frame_damage};
use super::error::{MediaError, StreamKind};
use super::leniency::Leniency;
use super::limits::{self, Limit};
use super::log;
use super::open::Demuxer;
use super::resample::{Resampler, SoundShape};
use super::sys::{self, Packet, RawFrame};
use super::work::Work;

/// Sound open for taking samples.
///
/// Position zero is the first presented instant of the file, so sound that begins after the picture
/// has silence first. Encoder priming is left out, gaps between packets are silence, and an instant
/// `t` of the file lands on sample `t × 48000` whatever the file's rate.
pub struct AudioSource {
    path: PathBuf,
    input: Input,
    resampler: Option<Resampler>,
    /// Converted samples not yet passed by: interleaved, beginning at `buffer_start`.
    buffer: Vec<f32>,
    /// Position of the first sample of `buffer`.
    buffer_start: i64,
    /// First position after the sound; known once the end has been reached.
    end: Option<i64>,
    /// Set where damaged packets are silence instead of refused.
    leniency: Option<Leniency>,
}

/// Demuxer and decoder with their place in the file's own samples, counted from the first presented
/// one.
struct Input {
    demuxer: Demuxer,
    decoder: Decoder,
    stream: usize,
    time_base: ffi::AVRational,
    sample_rate: u32,
    /// First presented instant of this stream as a timestamp.
    start: Time,
    /// The same from the start of the file, rounded to 48 kHz.
    first_position: i64,
    /// Samples of the stream, where the container tells it exactly.
    length: Option<i64>,
    /// Samples a packet holds, for snapping coarse timestamps after a seek.
    packet_samples: Option<i64>,
    seeking: Seeking,
    /// The sample that the next decoded one should be; unknown right after a seek.
    expected: Option<i64>,
    packet: Packet,
    raw: RawFrame,
    /// Packets of the stream read so far.
    packets: u64,
    work: Work,
}

/// Whether positions after a seek are as exact as those of reading through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Seeking {
    /// Timestamps name the sample, or can be snapped to it.
    Exact,
    /// They do not; going elsewhere means decoding from the start.
    ReadThrough,
}

/// A piece of decoded sound lying at `at` in the file's samples.
struct Piece {
    at: i64,
    samples: usize,
}

/// Deviation of a timestamp from the count of samples that is taken for rounding, not for a gap, in
/// milliseconds. Containers round to a millisecond or jitter by a packet's share; a fiftieth of a
/// second is below what ears notice as lip-sync.
const TOLERANCE_MILLIS: i64 = 20;
/// The same for the very first frame, where a larger deviation is priming that the decoder keeps.
const FIRST_TOLERANCE_MILLIS: i64 = 2;
/// Decoded and thrown away before the target of a seek, in seconds: predictors, overlapping windows
/// and bit reservoirs of all codecs have settled long before.
const PREROLL_SECONDS: i64 = 1;
/// Least part of the preroll that must remain after a landing, as a divisor of it.
const LEAST_PREROLL: i64 = 4;
/// Distance ahead, in positions, from which seeking is tried instead of decoding on.
const SEEK_GAIN: i64 = 10 * SAMPLE_RATE as i64;
/// Passed samples kept before the buffer is moved down, in floats.
const BUFFER_SLACK: usize = 1 << 16;

impl AudioSource {
    /// Opens the first sound stream of a file.
    ///
    /// # Errors
    /// As [`super::probe`], and [`MediaError::NoSuchStream`] for files without sound.
    pub fn open(path: &Path) -> Result<Self, MediaError> {
        let input = Input::open(path)?;
        Ok(Self {
            path: path.to_owned(),
            buffer_start: input.first_position,
            input,
            resampler: None,
            buffer: Vec::new(),
            end: None,
            leniency: None,
        })
    }

    /// Opens sound that may be damaged: a packet that does not decode is silence. As with
    /// [`VideoSource::open_lenient`](super::VideoSource::open_lenient), what is heard around damage
    /// is to be kept, not read again.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_lenient(path: &Path) -> Result<Self, MediaError> {
        Ok(Self { leniency: Some(Leniency::default()), ..Self::open(path)? })
    }

    /// Packets that were left out so far.
    pub fn skipped(&self) -> u64 {
        self.leniency.as_ref().map_or(0, Leniency::skipped)
    }

    /// Path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Fills `out` (left and right in turn) with the samples from position `start` on and returns
    /// how many pairs of them lie before the end of the sound. The others are silence, and so is
    /// what lies before its beginning.
    ///
    /// # Errors
    /// [`MediaError::Damaged`] when a part on the way does not decode, [`MediaError::Changed`] when
    /// rate, channels or format change in the middle.
    ///
    /// # Panics
    /// When `out` ends with half a sample pair.
    pub fn read(&mut self, start: i64, out: &mut [f32]) -> Result<usize, MediaError> {
        assert!(out.len().is_multiple_of(CHANNELS), "blocks hold whole sample pairs");
        let pairs = i64::try_from(out.len() / CHANNELS).unwrap_or(i64::MAX);
        let stop = start.saturating_add(pairs);
        out.fill(0.0);
        // From the beginning, where the container cannot seek.
        self.input.work.begin(Time::from_sample(stop));
        // Before the sound begins there is nothing to decode.
        if stop > self.input.first_position {
            self.move_to(start.max(self.input.first_position))?;
            while self.end.is_none() && self.buffer_end() < stop {
                self.drop_before(start);
                self.decode_more()?;
            }
            self.copy_to(start, out);
            self.drop_before(stop);
        }
        let end = self.end.map_or(stop, |end| end.clamp(start, stop));
        Ok(usize::try_from(end - start).unwrap_or(0))
    }

    fn buffer_end(&self) -> i64 {
        self.buffer_start + (self.buffer.len() / CHANNELS) as i64
    }

    fn copy_to(&self, start: i64, out: &mut [f32]) {
        let offset = self.buffer_start - start;
        let (from, to) = if offset < 0 { (-offset, 0) } else { (0, offset) };
        let from = usize::try_from(from).unwrap_or(usize::MAX).saturating_mul(CHANNELS);
        let to = usize::try_from(to).unwrap_or(usize::MAX).saturating_mul(CHANNELS);
        if let (Some(source), Some(target)) = (self.buffer.get(from..), out.get_mut(to..)) {
            let count = source.len().min(target.len());
            target[..count].copy_from_slice(&source[..count]);
        }
    }

    /// Forgets samples before `position`, moving memory only when it pays.
    fn drop_before(&mut self, position: i64) {
        let passed = (position - self.buffer_start).clamp(0, (self.buffer.len() / CHANNELS) as i64);
        let floats = passed as usize * CHANNELS;
        if floats >= BUFFER_SLACK || floats == self.buffer.len() {
            self.buffer.drain(..floats);
            self.buffer_start += passed;
        }
    }

    /// Makes decoding on reach `position`.
    fn move_to(&mut self, position: i64) -> Result<(), MediaError> {
        let is_behind = position < self.buffer_start;
        let is_past_end = self.end.is_some_and(|end| position >= end);
        let is_far = self.end.is_none() && position > self.buffer_end().saturating_add(SEEK_GAIN);
        if is_past_end || !(is_behind || is_far) {
            return Ok(());
        }
        if self.input.seeking == Seeking::Exact && self.seek(position)? {
            return Ok(());
        }
        if is_behind { self.rewind() } else { Ok(()) }
    }

    /// Lands before `position` with enough preroll; `false` leaves the place undefined for a rewind
    /// or, where nothing was moved, as it was.
    fn seek(&mut self, position: i64) -> Result<bool, MediaError> {
        let target = self.input.sample_from_position(position);
        let preroll = PREROLL_SECONDS * i64::from(self.input.sample_rate);
        if target <= preroll {
            // The start itself is near, and exact.
            return Ok(false);
        }
        self.forget();
        if !self.input.seek(target - preroll) {
            self.rewind()?;
            return Ok(true);
        }
        match self.input.decode()? {
            Some(piece) if piece.at <= target - preroll / LEAST_PREROLL => {
                self.begin_at(piece)?;
                Ok(true)
            }
            _ => {
                self.rewind()?;
                Ok(true)
            }
        }
    }

    /// Starts the conversion with the first piece after a seek, at a sample whose position is whole,
    /// so that the conversion runs in step with one from the beginning.
    fn begin_at(&mut self, piece: Piece) -> Result<(), MediaError> {
        let unit = self.input.unit();
        let mut piece = piece;
        loop {
            let aligned = piece.at.div_euclid(unit) * unit;
            let aligned = if aligned < piece.at { aligned + unit } else { aligned };
            let skip = usize::try_from(aligned - piece.at).unwrap_or(usize::MAX);
            if skip < piece.samples {
                self.buffer_start = self.input.position_from_sample(aligned);
                let mut resampler = Resampler::new(&self.input.raw)?;
                resampler.push(&self.input.raw, skip, &mut self.buffer)?;
                self.resampler = Some(resampler);
                return Ok(());
            }
            match self.input.decode()? {
                Some(next) => piece = next,
                None => return self.rewind(),
            }
        }
    }

    /// Begins again at the start of the file.
    fn rewind(&mut self) -> Result<(), MediaError> {
        self.forget();
        let work = self.input.work.clone();
        self.input = Input { work, ..Input::open(&self.path)? };
        self.buffer_start = self.input.first_position;
        Ok(())
    }

    fn forget(&mut self) {
        self.buffer.clear();
        self.resampler = None;
        self.end = None;
    }

    /// The next piece that decodes, of the shape of those before it.
    fn decode_piece(&mut self) -> Result<Option<Piece>, MediaError> {
        loop {
            let decoded = self.input.decode();
            let Some(leniency) = &mut self.leniency else { return decoded };
            match decoded {
                Ok(Some(piece)) => {
                    let shape = SoundShape::of(&self.input.raw);
                    if self.resampler.as_ref().is_none_or(|resampler| shape == resampler.shape()) {
                        return Ok(Some(piece));
                    }
                    leniency.skip();
                }
                Ok(None) => return Ok(None),
                Err(error) => {
                    if !leniency.overlooks(error, self.input.packets)? {
                        return Ok(None);
                    }
                }
            }
        }
    }

    /// Decodes and converts the next piece.
    fn decode_more(&mut self) -> Result<(), MediaError> {
        let expected = self.input.expected.unwrap_or(0);
        let Some(piece) = self.decode_piece()? else {
            if let Some(resampler) = &mut self.resampler {
                resampler.drain(&mut self.buffer)?;
            }
            // The converter may owe or add a sample at the very end: the exact length decides.
            let end = self.input.position_from_sample(expected);
            let pairs = usize::try_from((end - self.buffer_start).max(0)).unwrap_or(0);
            self.buffer.resize(pairs * CHANNELS, 0.0);
            self.end = Some(end);
            return Ok(());
        };
        let resampler = match &mut self.resampler {
            Some(resampler) => resampler,
            None => self.resampler.insert(Resampler::new(&self.input.raw)?),
        };
        let shape = SoundShape::of(&self.input.raw);
        if shape != resampler.shape() {
            return Err(MediaError::Changed {
                path: self.path.clone(),
                at: self.input.media_time(piece.at),
                was: resampler.shape().describe(),
                now: shape.describe(),
            });
        }
        // A gap is silence; an overlap loses what was heard already.
        let gap = usize::try_from(piece.at - expected).unwrap_or(0);
        let overlap = usize::try_from(expected - piece.at).unwrap_or(0);
        resampler.push_silence(gap, &mut self.buffer)?;
        resampler.push(&self.input.raw, overlap, &mut self.buffer)
    }
}

impl Input {
    fn open(path: &Path) -> Result<Self, MediaError> {
        let mut demuxer = Demuxer::open(path)?;
        let stream = demuxer.stream(StreamKind::Audio)?;
        limits::check_sound(path, stream.sample_rate(), stream.channels())?;
        let (time_base, sample_rate, index) = (stream.time_base(), stream.sample_rate(), stream.index());
        let rate = Rational::from(sample_rate);
        let packet_samples = stream.frame_size().map(i64::from);
        // Only the MP4 family states a length that is meant to the sample.
        let length = stream.duration().filter(|_| demuxer.is_mov());
        let length = length.map(|length| to_i64((length.seconds() * rate).round_half_up()));
        let offset = demuxer.stream_start(StreamKind::Audio)?;
        let start = demuxer.start() + offset;
        let is_fine = sys::tick_seconds(time_base) * rate <= Rational::ONE;
        let format = demuxer.format_name();
        let names_samples = match format.as_str() {
            "wav" | "flac" => true,
            "matroska,webm" => packet_samples.is_some(),
            _ => demuxer.is_mov() && is_fine,
        };
        let decoder = Decoder::open(path, &stream, 1)?;
        demuxer.keep_only(index);
        Ok(Self {
            demuxer,
            decoder,
            stream: index,
            time_base,
            sample_rate,
            start,
            first_position: offset.to_sample(),
            length,
            packet_samples: packet_samples.filter(|_| !is_fine),
            seeking: if names_samples { Seeking::Exact } else { Seeking::ReadThrough },
            expected: Some(0),
            packet: Packet::new()?,
            raw: RawFrame::new()?,
            packets: 0,
            work: Work::new(None),
        })
    }

    /// Samples of the file after which positions are whole again.
    fn unit(&self) -> i64 {
        let (mut a, mut b) = (self.sample_rate, SAMPLE_RATE);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        i64::from(self.sample_rate / a.max(1)).max(1)
    }

    /// Position of a sample of the file; rounded where it is not whole.
    fn position_from_sample(&self, sample: i64) -> i64 {
        let scaled = Rational::integer(sample) * Rational::ratio(SAMPLE_RATE.into(), self.sample_rate.into());
        self.first_position.saturating_add(to_i64(scaled.round_half_up()))
    }

    /// The sample of the file at or before a position.
    fn sample_from_position(&self, position: i64) -> i64 {
        let offset = Rational::integer(position.saturating_sub(self.first_position));
        to_i64((offset * Rational::ratio(self.sample_rate.into(), SAMPLE_RATE.into())).floor())
    }

    fn media_time(&self, sample: i64) -> Time {
        self.start - self.demuxer.start() + Time::new(sample, self.sample_rate.into())
    }

    fn damaged(&self, reason: String) -> MediaError {
        let at = self.media_time(self.expected.unwrap_or(0));
        MediaError::Damaged { path: self.decoder.path().to_owned(), at, reason }
    }

    /// Moves to a packet at or before a sample of the file; `false` when the container cannot.
    fn seek(&mut self, sample: i64) -> bool {
        let time = self.start + Time::new(sample, self.sample_rate.into());
        if !self.demuxer.seek(self.stream, sys::ticks_from_time(time, self.time_base)) {
            return false;
        }
        self.decoder.flush();
        self.expected = None;
        true
    }

    /// Decodes the next piece into `raw`; `None` at the end.
    fn decode(&mut self) -> Result<Option<Piece>, MediaError> {
        loop {
            if self.length.zip(self.expected).is_some_and(|(length, expected)| expected >= length) {
                return Ok(None);
            }
            let received = self.decoder.receive(&mut self.raw);
            match received.map_err(|error| self.damaged(log::reason_or(|| error.describe())))? {
                Received::End => return Ok(None),
                Received::NeedsPacket => self.feed()?,
                Received::Frame => {
                    if let Some(reason) = frame_damage(&self.raw) {
                        return Err(self.damaged(reason));
                    }
                    let piece = self.place_frame()?;
                    if piece.samples > 0 {
                        return Ok(Some(piece));
                    }
                }
            }
        }
    }

    fn feed(&mut self) -> Result<(), MediaError> {
        log::clear();
        loop {
            let read = self.demuxer.read(&mut self.packet);
            if !read.map_err(|error| self.damaged(log::reason_or(|| error.describe())))? {
                if self.demuxer.missing_end(StreamKind::Audio).is_some() {
                    return Err(self.damaged("the file breaks off".to_owned()));
                }
                return self.decoder.send(None).map_err(|error| self.damaged(error.describe()));
            }
            if usize::try_from(self.packet.get().stream_index) == Ok(self.stream) {
                break;
            }
        }
        self.packets += 1;
        self.work.packet(self.decoder.path())?;
        if self.packet.has_flag(ffi::AV_PKT_FLAG_CORRUPT) {
            return Err(self.damaged("a packet is incomplete".to_owned()));
        }
        let sent = self.decoder.send(Some(&self.packet));
        sent.map_err(|error| self.damaged(log::reason_or(|| error.describe())))
    }

    /// Finds where a decoded frame lies and moves the expectation past it.
    fn place_frame(&mut self) -> Result<Piece, MediaError> {
        let shape = SoundShape::of(&self.raw);
        limits::check_sound(self.decoder.path(), shape.sample_rate, shape.channels)?;
        if shape.sample_rate != self.sample_rate {
            return Err(MediaError::Changed {
                path: self.decoder.path().to_owned(),
                at: self.media_time(self.expected.unwrap_or(0)),
                was: format!("{} Hz", self.sample_rate),
                now: format!("{} Hz", shape.sample_rate),
            });
        }
        // SAFETY: the frame is valid; plain fields are read.
        let (count, ticks) =
            unsafe { ((*self.raw.as_ptr()).nb_samples, (*self.raw.as_ptr()).best_effort_timestamp) };
        let mut samples = i64::from(count.max(0));
        let longest = i64::from(limits::MAX_PACKET_SECONDS) * i64::from(self.sample_rate);
        let path = self.decoder.path();
        Limit::PacketSamples.at_most(path, samples.unsigned_abs(), longest.unsigned_abs())?;
        let at = self.place(sys::known(ticks))?;
        if let Some(length) = self.length {
            samples = samples.min(length - at);
        }
        if samples <= 0 {
            return Ok(Piece { at, samples: 0 });
        }
        // SAFETY: the frame is ours; fewer samples than it has room for.
        unsafe { (*self.raw.as_mut_ptr()).nb_samples = samples as i32 };
        self.expected = Some(self.expected.unwrap_or(at).max(at + samples));
        Ok(Piece { at, samples: samples as usize })
    }

    /// The sample at which a frame with this timestamp begins.
    fn place(&self, ticks: Option<i64>) -> Result<i64, MediaError> {
        let Some(ticks) = ticks else {
            return self.expected.ok_or_else(|| self.damaged("a packet has no timestamp".to_owned()));
        };
        if ticks.abs() > limits::MAX_TIMESTAMP {
            return Err(self.damaged("a packet has no usable timestamp".to_owned()));
        }
        let offset = sys::time_from_ticks(ticks, self.time_base) - self.start;
        let stamped = to_i64((offset.seconds() * Rational::from(self.sample_rate)).round_half_up());
        let tolerance = if self.expected == Some(0) { FIRST_TOLERANCE_MILLIS } else { TOLERANCE_MILLIS };
        let tolerance = tolerance * i64::from(self.sample_rate) / 1000;
        match (self.expected, self.packet_samples) {
            (Some(expected), _) if (stamped - expected).abs() <= tolerance => Ok(expected),
            (Some(expected), _)
                if stamped - expected > limits::MAX_GAP_SECONDS * i64::from(self.sample_rate) =>
            {
                Err(self.damaged("its timestamps jump by more than an hour".to_owned()))
            }
            // After a seek, timestamps coarser than a sample are snapped to the grid of packets.
            (None, Some(packet)) => Ok(Rational::ratio(stamped, packet).round_half_up() as i64 * packet),
            _ => Ok(stamped),
        }
    }
}

fn to_i64(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN / 2 } else { i64::MAX / 2 })
}
