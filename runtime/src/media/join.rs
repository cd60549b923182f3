//! Joining stored segments and the sound into the delivered file, without encoding again.
//!
//! Times are made anew from frame numbers and sample counts. Those in the stored files are rounded
//! to milliseconds by Matroska and only serve to recover the order in which frames are shown.

use std::ffi::CStr;
use std::path::{Path, PathBuf};

use ffmpeg_next::ffi;
use rayon::prelude::*;
use vid_timeline::{AudioCodec, FrameRate, SAMPLE_RATE};

use super::audio_encode::AudioEncodeSettings;
use super::codec::VideoCodec;
use super::error::{MediaError, StreamKind};
use super::mux::Muxer;
use super::open::Demuxer;
use super::pixel::PixelFormat;
use super::sys::{self, Options, Packet};

/// A stored segment of pictures.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct SegmentFile {
    /// Matroska file written by [`super::VideoEncoder`].
    pub path: PathBuf,
    /// Frames in it.
    pub frames: u64,
}

/// The stored sound of the programme.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct AudioFile {
    /// Matroska file written by [`super::AudioEncoder`].
    pub path: PathBuf,
    /// Samples per channel that went in, and that players shall hear.
    pub samples: u64,
    /// How they are encoded.
    pub settings: AudioEncodeSettings,
}

/// Containers we deliver.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Container {
    /// MP4 with its index in front, so that it plays while it loads.
    Mp4,
    /// WebM with its index in front.
    Webm,
    /// QuickTime with its index in front.
    Mov,
}

impl Container {
    const fn format(self) -> &'static CStr {
        match self {
            Self::Mp4 => c"mp4",
            Self::Webm => c"webm",
            Self::Mov => c"mov",
        }
    }
}

/// How segments are joined.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct JoinSettings {
    /// Container of the delivered file.
    pub container: Container,
    /// Frames a second of all segments.
    pub frame_rate: FrameRate,
    /// Codec of all segments.
    pub codec: VideoCodec,
    /// Pixel format of all segments, which not every stored file says.
    pub format: PixelFormat,
}

/// Writes the segments one after another, with the sound, to `out`, replacing a file of that name.
/// The path should be a temporary one that is renamed afterwards.
///
/// Frame `n` of the film is shown from `n / rate` on, exactly, and the sound lasts exactly its
/// samples: what the encoder put before and after is outside the edit list.
///
/// # Errors
/// [`MediaError::WrongCount`] when a stored file does not hold what its record says,
/// [`MediaError::SegmentMismatch`] when segments were not encoded alike, [`MediaError::Damaged`] when
/// one cannot be read to its end, [`MediaError::Write`].
pub fn join(
    segments: &[SegmentFile],
    audio: Option<&AudioFile>,
    out: &Path,
    settings: JoinSettings,
) -> Result<(), MediaError> {
    let Some(first) = segments.first() else {
        let reason = "there are no segments".to_owned();
        return Err(MediaError::Encode { what: "the film".to_owned(), reason });
    };
    // A first pass reads all counts and orders, so that nothing is written for a broken store.
    let orders = segments
        .par_iter()
        .map(|segment| FrameOrder::read(segment, settings.frame_rate))
        .collect::<Result<Vec<_>, _>>()?;
    let delay = orders.iter().map(FrameOrder::delay).max().unwrap_or(0);
    let head = Demuxer::open_stored(&first.path)?;
    let mut sound = audio.map(Sound::open).transpose()?;
    let mut writer = Writer::create(out, settings, &head, sound.as_ref())?;
    let mut base = 0;
    for (segment, order) in segments.iter().zip(&orders) {
        writer.copy_segment(segment, order, base, delay, &head, &mut sound)?;
        base += order.shown.len() as i64;
    }
    if let Some(sound) = &mut sound {
        writer.copy_sound(sound, i64::MAX)?;
        sound.check_count()?;
    }
    writer.muxer.finish()
}

/// Writes the sound alone as a WAV file to `out`, replacing a file of that name. Beyond 4 GiB the file
/// is an RF64, which the same players read.
///
/// # Errors
/// As [`join`].
pub fn join_sound(audio: &AudioFile, out: &Path) -> Result<(), MediaError> {
    let mut sound = Sound::open(audio)?;
    let mut muxer = Muxer::create(out, c"wav")?;
    let stream = sound.add_to(&mut muxer)?;
    let mut options = Options::new();
    options.set(c"rf64", "auto");
    muxer.write_header(options)?;
    let frame_base = SAMPLE_BASE;
    let mut writer = Writer { muxer, video: stream, audio: Some(stream), frame_base, sound_delay: 0 };
    writer.copy_sound(&mut sound, i64::MAX)?;
    sound.check_count()?;
    writer.muxer.finish()
}

/// The order in which a segment's packets, stored as decoded, are shown.
struct FrameOrder {
    /// Place in the segment of each packet.
    shown: Vec<i64>,
}

impl FrameOrder {
    fn read(segment: &SegmentFile, rate: FrameRate) -> Result<Self, MediaError> {
        let mut demuxer = Demuxer::open_stored(&segment.path)?;
        let stream = demuxer.stream(StreamKind::Video)?;
        let (index, time_base) = (stream.index(), stream.time_base());
        let mut packet = Packet::new()?;
        let mut shown = Vec::new();
        while read_stored(&mut demuxer, &mut packet)? {
            if usize::try_from(packet.get().stream_index) != Ok(index) {
                continue;
            }
            let Some(ticks) = sys::known(packet.get().pts) else {
                return Err(mismatch(&segment.path, "a frame has no timestamp"));
            };
            shown.push(rate.frame_from_time(sys::time_from_ticks(ticks, time_base)));
        }
        let (wanted, found) = (segment.frames, shown.len() as u64);
        if wanted != found {
            return Err(MediaError::WrongCount { path: segment.path.clone(), unit: "frames", wanted, found });
        }
        // Rounding to milliseconds keeps frames apart at all accepted rates; what is not each frame
        // once was not written by our encoder.
        let mut seen = vec![false; shown.len()];
        for &place in &shown {
            match usize::try_from(place).ok().and_then(|place| seen.get_mut(place)) {
                Some(seen) if !*seen => *seen = true,
                _ => {
                    return Err(mismatch(
                        &segment.path,
                        "its frames are not numbered from zero without gaps",
                    ));
                }
            }
        }
        Ok(Self { shown })
    }

    /// Frames by which decoding must run ahead of showing.
    fn delay(&self) -> i64 {
        let ahead = self.shown.iter().enumerate().map(|(decoded, &shown)| decoded as i64 - shown);
        ahead.max().unwrap_or(0).max(0)
    }
}

/// The stored sound, read along with the pictures.
struct Sound {
    file: AudioFile,
    demuxer: Demuxer,
    packet: Packet,
    packets: i64,
    samples: i64,
    is_over: bool,
}

impl Sound {
    fn open(file: &AudioFile) -> Result<Self, MediaError> {
        let demuxer = Demuxer::open_stored(&file.path)?;
        let parameters = demuxer.stream(StreamKind::Audio)?.parameters();
        if parameters.codec_id != file.settings.codec_id() || parameters.sample_rate != SAMPLE_RATE as i32 {
            let reason = format!("its sound is not {} at 48 kHz", file.settings.codec);
            return Err(mismatch(&file.path, &reason));
        }
        let samples = i64::try_from(file.samples).unwrap_or(i64::MAX / 2);
        let packet = Packet::new()?;
        Ok(Self { file: file.clone(), demuxer, packet, packets: 0, samples, is_over: false })
    }

    /// Samples of one packet.
    fn packet_samples(&self) -> i64 {
        self.file.settings.packet_samples()
    }

    /// Position of the next packet's first sample; priming lies before zero.
    fn position(&self) -> i64 {
        self.packets * self.packet_samples() - self.file.settings.priming()
    }

    /// Packets that hold all samples.
    fn wanted_packets(&self) -> i64 {
        let (priming, block) = (self.file.settings.priming(), self.packet_samples());
        (self.samples + priming + block - 1) / block
    }

    /// Adds the stream to a file; returns its number there.
    fn add_to(&self, muxer: &mut Muxer) -> Result<i32, MediaError> {
        let stream = muxer.add_copy(self.demuxer.stream(StreamKind::Audio)?.parameters(), SAMPLE_BASE)?;
        let parameters = muxer.parameters_mut(stream);
        // What the stored file does not say.
        if self.file.settings.codec != AudioCodec::Pcm {
            parameters.frame_size = to_int(self.packet_samples().unsigned_abs());
            parameters.initial_padding = to_int(self.file.settings.priming().unsigned_abs());
        }
        Ok(stream)
    }

    fn check_count(&self) -> Result<(), MediaError> {
        if self.packets >= self.wanted_packets() {
            return Ok(());
        }
        let (wanted, found) = (self.wanted_packets().unsigned_abs(), self.packets.unsigned_abs());
        Err(MediaError::WrongCount { path: self.file.path.clone(), unit: "audio packets", wanted, found })
    }
}

/// The delivered file while it is written.
struct Writer {
    muxer: Muxer,
    video: i32,
    audio: Option<i32>,
    frame_base: ffi::AVRational,
    /// Samples by which sound is written later than it is heard: WebM states its priming as a delay that
    /// readers take off every time.
    sound_delay: i64,
}

const SAMPLE_BASE: ffi::AVRational = ffi::AVRational { num: 1, den: SAMPLE_RATE as i32 };

impl Writer {
    fn create(
        out: &Path,
        settings: JoinSettings,
        head: &Demuxer,
        sound: Option<&Sound>,
    ) -> Result<Self, MediaError> {
        let rate = settings.frame_rate;
        let mut muxer = Muxer::create(out, settings.container.format())?;
        let frame_base =
            ffi::AVRational { num: to_int(rate.denominator().into()), den: to_int(rate.numerator().into()) };
        let video = muxer.add_copy(head.stream(StreamKind::Video)?.parameters(), frame_base)?;
        muxer.set_frame_rate(video, ffi::AVRational { num: frame_base.den, den: frame_base.num });
        muxer.parameters_mut(video).format = settings.format.code();
        let audio = sound.map(|sound| sound.add_to(&mut muxer)).transpose()?;
        let mut options = Options::new();
        match settings.container {
            Container::Mp4 | Container::Mov => {
                if let Some(tag) = settings.codec.tag() {
                    muxer.parameters_mut(video).codec_tag = u32::from_le_bytes(tag);
                }
                let timescale = track_timescale(rate);
                options.set(c"movflags", "+faststart");
                options.set(c"video_track_timescale", &timescale.to_string());
                options.set(c"movie_timescale", &movie_timescale(timescale).to_string());
            }
            Container::Webm => {
                if settings.format.has_alpha() {
                    muxer.set_metadata(video, c"alpha_mode", c"1");
                }
                options.set(c"cues_to_front", "1");
                // Nothing is before zero here; were it so, moving everything would go unnoticed.
                options.set(c"avoid_negative_ts", "disabled");
            }
        }
        muxer.write_header(options)?;
        let sound_delay = match (settings.container, sound) {
            (Container::Webm, Some(sound)) => sound.file.settings.priming(),
            _ => 0,
        };
        Ok(Self { muxer, video, audio, frame_base, sound_delay })
    }

    /// Copies a segment whose first frame is frame `base` of the film.
    fn copy_segment(
        &mut self,
        segment: &SegmentFile,
        order: &FrameOrder,
        base: i64,
        delay: i64,
        head: &Demuxer,
        sound: &mut Option<Sound>,
    ) -> Result<(), MediaError> {
        let mut demuxer = Demuxer::open_stored(&segment.path)?;
        check_alike(head, &demuxer)?;
        let index = demuxer.stream(StreamKind::Video)?.index();
        let mut packet = Packet::new()?;
        let mut decoded = 0;
        while read_stored(&mut demuxer, &mut packet)? {
            if usize::try_from(packet.get().stream_index) != Ok(index) {
                continue;
            }
            let Some(&shown) = order.shown.get(decoded) else {
                return Err(mismatch(&segment.path, "it grew while it was read"));
            };
            if decoded == 0 && !packet.has_flag(ffi::AV_PKT_FLAG_KEY) {
                return Err(mismatch(&segment.path, "it does not begin with a key frame"));
            }
            let dts = base + decoded as i64 - delay;
            let fields = packet.get_mut();
            fields.pts = base + shown;
            fields.dts = dts;
            fields.duration = 1;
            if let Some(sound) = sound {
                self.copy_sound(sound, self.sample_from_frame(dts + delay))?;
            }
            self.muxer.write(&mut packet, self.video, self.frame_base)?;
            decoded += 1;
        }
        if decoded == order.shown.len() {
            Ok(())
        } else {
            Err(mismatch(&segment.path, "it shrank while it was read"))
        }
    }

    /// Copies sound up to a position, so that picture and sound lie side by side in the file.
    fn copy_sound(&mut self, sound: &mut Sound, until: i64) -> Result<(), MediaError> {
        let Some(stream) = self.audio else { return Ok(()) };
        while !sound.is_over && sound.position() < until.min(sound.samples) {
            if !read_stored(&mut sound.demuxer, &mut sound.packet)? {
                sound.is_over = true;
                return Ok(());
            }
            let position = sound.position();
            let (left, length) = (sound.samples - position, sound.packet_samples());
            let fields = sound.packet.get_mut();
            fields.pts = position + self.sound_delay;
            fields.dts = position + self.sound_delay;
            fields.duration = length.min(left);
            self.muxer.write(&mut sound.packet, stream, SAMPLE_BASE)?;
            sound.packets += 1;
        }
        Ok(())
    }

    fn sample_from_frame(&self, frame: i64) -> i64 {
        let samples = i128::from(frame) * i128::from(self.frame_base.num) * i128::from(SAMPLE_RATE);
        i64::try_from(samples / i128::from(self.frame_base.den.max(1))).unwrap_or(i64::MAX)
    }
}

/// Reads a packet of a stored file.
fn read_stored(demuxer: &mut Demuxer, packet: &mut Packet) -> Result<bool, MediaError> {
    demuxer.read(packet).map_err(|error| mismatch(demuxer.path(), &error.describe()))
}

/// Segments share one set of headers in the delivered file, so theirs must be equal.
fn check_alike(head: &Demuxer, other: &Demuxer) -> Result<(), MediaError> {
    let (a, b) = (head.stream(StreamKind::Video)?, other.stream(StreamKind::Video)?);
    let is_alike = a.parameters().codec_id == b.parameters().codec_id
        && a.coded_size() == b.coded_size()
        && a.color() == b.color()
        && a.extradata() == b.extradata();
    if is_alike { Ok(()) } else { Err(mismatch(other.path(), "it was encoded with other settings")) }
}

fn mismatch(path: &Path, reason: &str) -> MediaError {
    MediaError::SegmentMismatch { path: path.to_owned(), reason: reason.to_owned() }
}

/// Ticks a second of the picture track: a multiple of the rate's numerator, so that a frame is a
/// whole number of ticks. At least ten thousand, as players expect of film material.
fn track_timescale(rate: FrameRate) -> u64 {
    let mut timescale = u64::from(rate.numerator());
    while timescale < 10_000 {
        timescale *= 2;
    }
    timescale
}

/// Ticks a second of the edit lists: both tracks' lengths are whole in it, where it stays sensible.
fn movie_timescale(track: u64) -> u64 {
    let sample_rate = u64::from(SAMPLE_RATE);
    let (mut a, mut b) = (track, sample_rate);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    match track / a.max(1) * sample_rate {
        common if common <= 10_000_000 => common,
        _ => sample_rate,
    }
}

fn to_int(value: u64) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_whole_ticks_at_every_rate() {
        for (n, d) in
            [(24, 1), (25, 1), (30, 1), (24000, 1001), (30000, 1001), (60000, 1001), (240, 1), (1, 1)]
        {
            let rate = FrameRate::new(n, d).unwrap();
            let timescale = track_timescale(rate);
            assert_eq!(timescale * u64::from(d) % u64::from(n), 0, "{rate}");
            assert_eq!(movie_timescale(timescale) % 48_000, 0);
        }
    }
}
