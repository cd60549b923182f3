//! Opening local files for reading packets: the one door through which foreign bytes come in.
//!
//! Only a list of self-contained formats is accepted, only the `file` protocol is reachable, and
//! sizes are bounded before anything is decoded. A script or playlist under a film's name would make
//! FFmpeg read other files; none of the accepted formats can.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::ptr::{self, NonNull};

use ffmpeg_next::ffi;
use vid_timeline::{Rational, Time};

use super::deadline::Deadline;
use super::error::{MediaError, StreamKind};
use super::limits::{self, Limit};
use super::log;
use super::stream::Stream;
use super::sys::{self, AvError, Options, Packet};

/// Demuxers that may open a file, by FFmpeg's names.
const FORMATS: &str = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,wav,mp3,flac,ogg,aac,mpegts,avi,gif";
/// Decoders that may run on a foreign file, by FFmpeg's names.
pub(super) const DECODERS: &str = "h264,hevc,vp8,vp9,libvpx,libvpx-vp9,libdav1d,libaom-av1,av1,\
mpeg4,mpeg2video,mpeg1video,mjpeg,\
prores,dnxhd,ffv1,theora,gif,rawvideo,png,qtrle,huffyuv,ffvhuff,utvideo,v210,msmpeg4v3,h263,vc1,wmv3,\
aac,aac_latm,mp3float,mp3,mp2float,mp2,vorbis,opus,libopus,flac,alac,ac3,eac3,wavpack,\
pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be,\
pcm_u8,pcm_s8,pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt";

/// A file open for reading packets.
pub(super) struct Demuxer {
    context: NonNull<ffi::AVFormatContext>,
    /// Asked by the context while it is being opened.
    deadline: Box<Deadline>,
    path: PathBuf,
    /// Packets read ahead while looking for the start; handed out before further ones.
    ahead: VecDeque<Packet>,
    video: Option<usize>,
    audio: Option<usize>,
    /// Timestamp of the first presented instant of the file.
    start: Time,
    /// Timestamp of the first presented picture, where the packets tell.
    video_start: Option<Time>,
    /// Timestamp of the first presented sample, where the packets tell.
    audio_start: Option<Time>,
}

// SAFETY: a demuxer is used by one thread at a time and holds nothing tied to a thread.
unsafe impl Send for Demuxer {}

impl Demuxer {
    /// Opens a foreign file.
    ///
    /// # Errors
    /// See [`MediaError`]: missing, unreadable, empty, foreign, incomplete or too large files each
    /// have their own variant.
    pub(super) fn open(path: &Path) -> Result<Self, MediaError> {
        check_file(path)?;
        let mut demuxer = Self::open_context(path)?;
        demuxer.check_streams()?;
        demuxer.find_streams_info()?;
        demuxer.video = demuxer.first_stream(StreamKind::Video);
        demuxer.audio = demuxer.first_stream(StreamKind::Audio);
        if demuxer.video.is_none() && demuxer.audio.is_none() {
            let reason = "it has neither pictures nor sound".to_owned();
            return Err(MediaError::NotMedia { path: path.to_owned(), reason });
        }
        demuxer.check_limits()?;
        demuxer.find_start()?;
        demuxer.deadline.check(path)?;
        demuxer.deadline.lift();
        Ok(demuxer)
    }

    /// Opens a segment that we stored ourselves: its header is complete and nothing is looked ahead,
    /// and its packets are handed out as stored.
    pub(super) fn open_stored(path: &Path) -> Result<Self, MediaError> {
        check_file(path)?;
        let mut demuxer = Self::open_context(path)?;
        demuxer.check_streams()?;
        // SAFETY: the context is valid and exclusively ours.
        unsafe {
            (*demuxer.context.as_ptr()).flags |= ffi::AVFMT_FLAG_NOPARSE | ffi::AVFMT_FLAG_NOFILLIN;
        }
        demuxer.video = demuxer.first_stream(StreamKind::Video);
        demuxer.audio = demuxer.first_stream(StreamKind::Audio);
        demuxer.deadline.lift();
        Ok(demuxer)
    }

    fn open_context(path: &Path) -> Result<Self, MediaError> {
        log::init();
        log::clear();
        let url = sys::file_url(path)?;
        let mut options = Options::new();
        options.set(c"format_whitelist", FORMATS);
        options.set(c"codec_whitelist", DECODERS);
        options.set(c"protocol_whitelist", "file");
        options.set(c"probesize", &limits::MAX_PROBE_BYTES.to_string());
        options.set(c"analyzeduration", &limits::MAX_ANALYZE_MICROSECONDS.to_string());
        options.set(c"max_streams", &(limits::MAX_STREAMS + 1).to_string());
        options.set(c"max_probe_packets", &limits::MAX_PROBE_PACKETS.to_string());
        let deadline = Deadline::for_probing();
        // SAFETY: plain allocation; null is checked.
        let context = NonNull::new(unsafe { ffi::avformat_alloc_context() });
        let mut context = context.ok_or(MediaError::OutOfMemory { what: "a demuxer" })?.as_ptr();
        // SAFETY: the context is ours, and the deadline is kept beside it; all arguments are valid for
        // the call; on failure the context is freed by FFmpeg.
        let opened = unsafe {
            (*context).interrupt_callback = deadline.callback();
            ffi::avformat_open_input(&raw mut context, url.as_ptr(), ptr::null(), options.as_mut_ptr())
        };
        sys::check(opened).map_err(|error| late_or(&deadline, path, open_error(path, error)))?;
        let context = NonNull::new(context).ok_or(MediaError::OutOfMemory { what: "a demuxer" })?;
        Ok(Self {
            context,
            deadline,
            path: path.to_owned(),
            ahead: VecDeque::new(),
            video: None,
            audio: None,
            start: Time::ZERO,
            video_start: None,
            audio_start: None,
        })
    }

    /// Path of the file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// FFmpeg's name of the container, such as `mov,mp4,m4a,3gp,3g2,mj2`.
    pub(super) fn format_name(&self) -> String {
        // SAFETY: an open context has an input format with a static name.
        unsafe { sys::text((*(*self.context.as_ptr()).iformat).name) }
    }

    /// Whether the container is of the MP4 family, whose index lists every sample.
    pub(super) fn is_mov(&self) -> bool {
        self.format_name().starts_with("mov")
    }

    /// Timestamp of the first presented instant of the file; media time is counted from here. It is
    /// the first picture's when sound begins less than half a frame before it.
    pub(super) fn start(&self) -> Time {
        self.start
    }

    /// Length of the file as the container states it, from its first presented instant.
    pub(super) fn container_duration(&self) -> Option<Time> {
        // SAFETY: the context is valid; a plain field is read.
        let duration = unsafe { (*self.context.as_ptr()).duration };
        sys::known(duration).filter(|&d| d > 0).map(|d| Time::new(d, ffi::AV_TIME_BASE.into()))
    }

    /// The first stream of a kind that is not a cover picture.
    pub(super) fn stream(&self, kind: StreamKind) -> Result<Stream<'_>, MediaError> {
        let index = match kind {
            StreamKind::Video => self.video,
            StreamKind::Audio => self.audio,
        };
        index
            .map(|index| self.stream_at(index))
            .ok_or(MediaError::NoSuchStream { path: self.path.clone(), kind })
    }

    /// Number of streams of any kind.
    fn stream_count(&self) -> usize {
        // SAFETY: the context is valid; a plain field is read.
        unsafe { (*self.context.as_ptr()).nb_streams as usize }
    }

    fn stream_at(&self, index: usize) -> Stream<'_> {
        assert!(index < self.stream_count(), "stream indices come from this file");
        // SAFETY: the index is in range; streams live as long as the context.
        unsafe { Stream::new(&*(*self.context.as_ptr()).streams.add(index).read()) }
    }

    /// Reads only one stream from now on.
    pub(super) fn keep_only(&mut self, index: usize) {
        for other in 0..self.stream_count() {
            if other != index {
                // SAFETY: the index is in range, and `self` is exclusively borrowed.
                unsafe {
                    let stream = (*self.context.as_ptr()).streams.add(other).read();
                    (*stream).discard = ffi::AVDiscard::AVDISCARD_ALL;
                }
            }
        }
        self.ahead.retain(|packet| usize::try_from(packet.get().stream_index) == Ok(index));
    }

    /// Reads the next packet; `false` at the end of the file.
    pub(super) fn read(&mut self, packet: &mut Packet) -> Result<bool, AvError> {
        if let Some(next) = self.ahead.pop_front() {
            *packet = next;
            return Ok(true);
        }
        self.read_fresh(packet)
    }

    fn read_fresh(&mut self, packet: &mut Packet) -> Result<bool, AvError> {
        packet.clear();
        // SAFETY: context and packet are valid and exclusively borrowed.
        match sys::check(unsafe { ffi::av_read_frame(self.context.as_ptr(), packet.as_mut_ptr()) }) {
            Ok(_) => Ok(true),
            Err(AvError::END) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Moves to the key frame at or before `ticks` of a stream; `false` when the container cannot.
    pub(super) fn seek(&mut self, stream: usize, ticks: i64) -> bool {
        let Ok(stream) = i32::try_from(stream) else { return false };
        self.ahead.clear();
        // SAFETY: the context is valid and exclusively borrowed.
        let sought =
            unsafe { ffi::av_seek_frame(self.context.as_ptr(), stream, ticks, ffi::AVSEEK_FLAG_BACKWARD) };
        sys::check(sought).is_ok()
    }

    fn first_stream(&self, kind: StreamKind) -> Option<usize> {
        (0..self.stream_count()).find(|&index| self.stream_at(index).is_kind(kind))
    }

    fn check_streams(&self) -> Result<(), MediaError> {
        Limit::Streams.at_most(&self.path, self.stream_count() as u64, limits::MAX_STREAMS.into())?;
        // SAFETY: the context is valid; a plain field is read.
        let chapters = unsafe { (*self.context.as_ptr()).nb_chapters };
        Limit::Chapters.at_most(&self.path, chapters.into(), limits::MAX_CHAPTERS.into())?;
        let attached: Vec<u64> = (0..self.stream_count())
            .map(|index| self.stream_at(index))
            .filter(Stream::is_attachment)
            .map(|stream| stream.extradata().len() as u64)
            .collect();
        Limit::Attachments.at_most(&self.path, attached.len() as u64, limits::MAX_ATTACHMENTS.into())?;
        let largest = attached.into_iter().max().unwrap_or(0);
        Limit::AttachmentBytes.at_most(&self.path, largest, limits::MAX_ATTACHMENT_BYTES)?;
        // Before any decoder opens: the sizes the container declares.
        self.check_limits()
    }

    fn check_limits(&self) -> Result<(), MediaError> {
        for index in 0..self.stream_count() {
            let stream = self.stream_at(index);
            if stream.is_kind(StreamKind::Video) {
                let (width, height) = stream.coded_size();
                if (width, height) != (0, 0) {
                    limits::check_picture(&self.path, width, height)?;
                }
            } else if stream.is_kind(StreamKind::Audio) && stream.sample_rate() > 0 {
                limits::check_sound(&self.path, stream.sample_rate(), stream.channels())?;
            }
        }
        Ok(())
    }

    /// Lets FFmpeg look at the first packets for what the header does not say.
    fn find_streams_info(&mut self) -> Result<(), MediaError> {
        let mut lists: Vec<_> = (0..self.stream_count()).map(|_| decoder_bounds().into_raw()).collect();
        let lists_pointer = if lists.is_empty() { ptr::null_mut() } else { lists.as_mut_ptr() };
        // SAFETY: the context is valid; there is one list per stream. The call replaces the lists by
        // what is left of them, which is ours to free.
        let found = unsafe {
            let found = ffi::avformat_find_stream_info(self.context.as_ptr(), lists_pointer);
            lists.into_iter().for_each(|list| drop(Options::from_raw(list)));
            found
        };
        let failed = |error| late_or(&self.deadline, &self.path, open_error(&self.path, error));
        sys::check(found).map_err(failed)?;
        // FFmpeg ends its search quietly when it is told to.
        self.deadline.check(&self.path)?;
        self.check_streams()
    }

    /// Finds the first presented instant: the earliest presented picture or sample among the first
    /// packets, after the edit list and without encoder priming. The container's own start time is
    /// not it: it ignores reordering at a cut and rounds to microseconds.
    fn find_start(&mut self) -> Result<(), MediaError> {
        let mut search = StartSearch::new(self);
        let mut ahead = VecDeque::new();
        while !search.is_done() && ahead.len() < limits::MAX_START_PACKETS {
            let mut packet = Packet::new()?;
            match self.read_fresh(&mut packet) {
                Ok(true) => search.look_at(&packet),
                // A damaged packet is met again, with its time, by whoever decodes.
                Ok(false) | Err(_) => break,
            }
            ahead.push_back(packet);
        }
        self.video_start = search.video.and_then(|(_, found)| found.time);
        self.audio_start = search.audio.and_then(|(_, found)| found.time);
        self.ahead = ahead;
        // Relative to zero here, as `start` still is.
        let [video, audio] = [StreamKind::Video, StreamKind::Audio].map(|kind| self.stream_start(kind).ok());
        self.start = match (video, audio) {
            (Some(video), Some(audio)) if video - audio > self.sound_lead() => audio,
            (Some(video), _) => video,
            (None, audio) => audio.unwrap_or(Time::ZERO),
        };
        Ok(())
    }

    /// How much earlier than the pictures sound may begin without moving the start of the file: half
    /// a frame. Encoder delays put many films a few milliseconds off, and counting from the sound
    /// would then put every picture on the wrong frame of an output of the same rate.
    fn sound_lead(&self) -> Time {
        let rate = self.stream(StreamKind::Video).ok().and_then(|stream| stream.grid_rate());
        let half = Rational::ratio(1, 2);
        (rate.unwrap_or_default().frame_duration() * half).min(Time::from_millis(MAX_SOUND_LEAD_MILLIS))
    }

    /// Timestamp of the first sample that the index places beyond the end of the file.
    pub(super) fn missing_end(&self, kind: StreamKind) -> Option<i64> {
        let stream = self.stream(kind).ok()?;
        let size = std::fs::metadata(&self.path).ok()?.len();
        let missing = stream.index_entries().find(|entry| entry.end.is_some_and(|end| end > size));
        missing.map(|entry| entry.ticks)
    }

    /// First presented instant of a stream, counted from the start of the media.
    pub(super) fn stream_start(&self, kind: StreamKind) -> Result<Time, MediaError> {
        let stream = self.stream(kind)?;
        let start = match kind {
            StreamKind::Video => self.video_start,
            StreamKind::Audio => self.audio_start,
        };
        Ok(start.unwrap_or_else(|| stream.declared_start()) - self.start)
    }
}

impl Drop for Demuxer {
    fn drop(&mut self) {
        let mut context = self.context.as_ptr();
        // SAFETY: the context is ours and is not used afterwards.
        unsafe { ffi::avformat_close_input(&raw mut context) }
    }
}

/// Bound of [`Demuxer::sound_lead`] for very low rates, in milliseconds: lost sound must stay
/// inaudible.
const MAX_SOUND_LEAD_MILLIS: i64 = 20;

/// Looks at packets until the first presented instant of the chosen streams is certain.
struct StartSearch {
    video: Option<(usize, Earliest)>,
    audio: Option<(usize, Earliest)>,
}

/// What is known of a stream's start.
#[derive(Default)]
struct Earliest {
    time: Option<Time>,
    packets: usize,
    time_base: Option<ffi::AVRational>,
    sample_rate: u32,
    /// Priming that no packet announces, in samples.
    padding: u32,
    /// Packets at the start from which nothing is presented.
    silent_packets: usize,
}

/// Pictures looked at: no codec reorders by more than sixteen.
const REORDER_WINDOW: usize = 17;

impl StartSearch {
    fn new(demuxer: &Demuxer) -> Self {
        let earliest = |index: usize| {
            let stream = demuxer.stream_at(index);
            let (time_base, sample_rate) = (Some(stream.time_base()), stream.sample_rate());
            let padding = stream.initial_padding();
            // Vorbis packets overlap: the first only prepares the second.
            let silent_packets = usize::from(stream.codec_name() == "vorbis");
            (index, Earliest { time_base, sample_rate, padding, silent_packets, ..Earliest::default() })
        };
        Self { video: demuxer.video.map(earliest), audio: demuxer.audio.map(earliest) }
    }

    fn is_done(&self) -> bool {
        let video = self.video.as_ref().is_none_or(|(_, found)| found.packets >= REORDER_WINDOW);
        let audio = self.audio.as_ref().is_none_or(|(_, found)| found.time.is_some());
        video && audio
    }

    fn look_at(&mut self, packet: &Packet) {
        let index = usize::try_from(packet.get().stream_index).ok();
        if packet.has_flag(ffi::AV_PKT_FLAG_DISCARD) {
            return;
        }
        for (stream, found) in [&mut self.video, &mut self.audio].into_iter().flatten() {
            if Some(*stream) == index {
                found.look_at(packet);
            }
        }
    }
}

impl Earliest {
    fn look_at(&mut self, packet: &Packet) {
        let (Some(ticks), Some(time_base)) = (packet.timestamp(), self.time_base) else { return };
        self.packets += 1;
        if self.packets <= self.silent_packets {
            return;
        }
        let is_sound = self.sample_rate > 0;
        if is_sound && self.time.is_some() {
            return;
        }
        let mut time = sys::time_from_ticks(ticks, time_base);
        if is_sound {
            let skipped = packet.skipped_samples().unwrap_or(self.padding);
            time = time + Time::new(skipped.into(), self.sample_rate.into());
        }
        self.time = Some(self.time.map_or(time, |earlier| earlier.min(time)));
    }
}

/// Options every decoder of foreign bytes gets.
pub(super) fn decoder_bounds() -> Options {
    let mut options = Options::new();
    options.set(c"max_pixels", &limits::MAX_PIXELS.to_string());
    options
}

/// Looks at the file itself before FFmpeg does.
pub(crate) fn check_file(path: &Path) -> Result<(), MediaError> {
    let reading = |error: std::io::Error| MediaError::reading(path, &error);
    let facts = std::fs::metadata(path).map_err(reading)?;
    if facts.is_dir() {
        let reason = "it is a folder".to_owned();
        return Err(MediaError::Unreadable { path: path.to_owned(), reason });
    }
    if !facts.is_file() {
        // A pipe or device could block for ever.
        let reason = "it is not a regular file".to_owned();
        return Err(MediaError::Unreadable { path: path.to_owned(), reason });
    }
    if facts.len() == 0 {
        return Err(MediaError::Empty { path: path.to_owned() });
    }
    Limit::FileBytes.at_most(path, facts.len(), limits::MAX_FILE_BYTES)?;
    File::open(path).map_err(reading).map(|_| ())
}

/// The error of a passed deadline, or `error` where there is time left.
fn late_or(deadline: &Deadline, path: &Path, error: MediaError) -> MediaError {
    deadline.check(path).err().unwrap_or(error)
}

/// Why FFmpeg could not open a file that exists.
fn open_error(path: &Path, error: AvError) -> MediaError {
    let reason = log::reason_or(|| error.describe());
    if reason.contains("exceeds max_streams") {
        // FFmpeg stops counting at the first one too many.
        let most = u64::from(limits::MAX_STREAMS);
        return Limit::Streams.passed(path, most + 1, most);
    }
    if reason.contains("not on whitelist") {
        let reason = if reason.starts_with("codec") { "its codec" } else { "its format" };
        let reason = format!("{reason} is not among those accepted");
        return MediaError::NotMedia { path: path.to_owned(), reason };
    }
    if let Some(error) = error.system_error() {
        return MediaError::reading(path, &error);
    }
    let head = head(path);
    if is_text(&head) {
        return MediaError::NotMedia { path: path.to_owned(), reason: "it holds text".to_owned() };
    }
    if reason.contains("moov atom not found") && is_mp4(&head) {
        let reason = "it breaks off before its index (the `moov` box of an MP4)".to_owned();
        return MediaError::Truncated { path: path.to_owned(), reason };
    }
    let reason = if reason.contains("moov atom") { AvError::INVALID_DATA.describe() } else { reason };
    MediaError::NotMedia { path: path.to_owned(), reason }
}

/// The first bytes of a file; what cannot be read is left out.
fn head(path: &Path) -> Vec<u8> {
    let mut head = Vec::new();
    if let Ok(file) = File::open(path) {
        // A shorter head only makes the message less exact.
        let _ = file.take(512).read_to_end(&mut head);
    }
    head
}

/// Whether the bytes are printable text, of ASCII or any superset of it.
fn is_text(head: &[u8]) -> bool {
    let printable = |&b: &u8| matches!(b, b'\n' | b'\r' | b'\t') || (b >= 0x20 && b != 0x7f);
    !head.is_empty() && head.iter().all(printable)
}

/// Whether the bytes begin with a box that only MP4 and QuickTime files begin with.
fn is_mp4(head: &[u8]) -> bool {
    let kind = head.get(4..8);
    [b"ftyp", b"mdat", b"free", b"wide", b"skip"].into_iter().any(|known| kind == Some(known))
}
