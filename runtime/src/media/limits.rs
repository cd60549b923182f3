//! Finite bounds on what a media file may ask of us. There is no spelling for "unlimited".
//!
//! Input size does not bound work: an 8 kB picture can unpack to hundreds of megabytes and a one
//! megabyte film to an hour of decoding. Each bound is checked before the work it bounds, and what
//! passes one is a [`MediaError::LimitExceeded`] with the [`Limit`], the value found and the most
//! that is accepted.

use std::fmt;
use std::path::Path;

use super::error::MediaError;

/// Pixels in one picture: 8K UHD (7680 × 4320). FFmpeg's own check only stops at about 268 million.
pub const MAX_PIXELS: u64 = 7680 * 4320;
/// Longest side of a picture in pixels; keeps row arithmetic far inside 32 bits.
pub const MAX_SIDE: u32 = 16_384;
/// Streams in one file. Real deliveries have a picture and a handful of sound tracks and captions.
pub const MAX_STREAMS: u32 = 16;
/// Attached files in one file, fonts mostly. They are streams too, and never read.
pub const MAX_ATTACHMENTS: u32 = 8;
/// Bytes of one attached file.
pub const MAX_ATTACHMENT_BYTES: u64 = 64 << 20;
/// Chapter marks in one file.
pub const MAX_CHAPTERS: u32 = 10_000;
/// Bytes in one file: a day of a broadcaster's mezzanine would be more, but nothing that is cut.
pub const MAX_FILE_BYTES: u64 = 20 << 30;
/// Bytes FFmpeg may read to find out what a file is; its own default.
pub const MAX_PROBE_BYTES: i64 = 5_000_000;
/// Packets FFmpeg may look at to find stream parameters; its own default.
pub const MAX_PROBE_PACKETS: u32 = 2_500;
/// Media time FFmpeg may look at to find stream parameters, in microseconds; its own default.
pub const MAX_ANALYZE_MICROSECONDS: i64 = 5_000_000;
/// Processor seconds that finding out what a file is may take. Undamaged files take milliseconds;
/// processor time, because a busy machine must not make a good file a bad one.
pub const MAX_PROBE_SECONDS: u64 = 5;
/// Lowest accepted sample rate in hertz.
pub const MIN_SAMPLE_RATE: u32 = 8_000;
/// Highest accepted sample rate in hertz.
pub const MAX_SAMPLE_RATE: u32 = 192_000;
/// Most channels in a sound stream.
pub const MAX_CHANNELS: u32 = 16;
/// Longest piece of sound one packet may unpack to, in seconds.
pub const MAX_PACKET_SECONDS: u32 = 8;
/// Largest accepted timestamp in ticks: beyond 2^53 rescaling to nanoseconds leaves 64 bits.
pub const MAX_TIMESTAMP: i64 = 1 << 53;
/// Longest silent gap between two packets of sound that is filled, and longest step of decoding
/// times between two pictures, in seconds. A larger jump is a broken timestamp.
pub const MAX_GAP_SECONDS: i64 = 3600;
/// Longest media we accept, in seconds: a day.
pub const MAX_DURATION_SECONDS: i64 = 24 * 3600;
/// Highest rate of pictures that work is granted for, per second of media.
pub const MAX_PICTURE_RATE: u64 = 240;
/// Pictures of a file: a day at the highest rate.
pub const MAX_PICTURES: u64 = MAX_DURATION_SECONDS.unsigned_abs() * MAX_PICTURE_RATE;
/// Pictures that may be looked through for one beyond those its place in the media explains.
pub const SPARE_PICTURES: u64 = 4096;
/// How many times the pixels a film needs may be decoded for it.
pub const WORK_FACTOR: u64 = 4;
/// Pixels that may be decoded from a source beyond [`WORK_FACTOR`] times what the film needs:
/// [`SPARE_PICTURES`] of 4K UHD.
pub const SPARE_PIXELS: u64 = SPARE_PICTURES * 3840 * 2160;
/// Processor seconds that one picture or block of sound may take, beyond
/// [`DECODE_SECONDS_PER_SECOND`] for each second of media on the way to it.
pub const SPARE_DECODE_SECONDS: u64 = 60;
/// Processor seconds granted for each second of media that has to be decoded.
pub const DECODE_SECONDS_PER_SECOND: u64 = 20;
/// Packets looked at to find the first presented instant. Sixteen reordered pictures are the most
/// H.264 and HEVC allow, and sound is interleaved at most a second away in any sane file.
pub const MAX_START_PACKETS: usize = 256;
/// Bytes the still decoder may hold: eight for each pixel of the largest picture.
pub const MAX_STILL_BYTES: u64 = MAX_PIXELS * 8;
/// Largest single block of memory FFmpeg may ask for. The largest picture in its widest format takes
/// half of it.
pub const MAX_BLOCK_BYTES: usize = 1 << 30;
/// Address space of a confined decoder: the largest pictures with all their references, in bytes.
pub const MAX_DECODER_BYTES: u64 = 2 << 30;

/// A bounded dimension of a media file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Limit {
    /// Columns of a picture.
    PictureWidth,
    /// Rows of a picture.
    PictureHeight,
    /// Columns times rows.
    Pixels,
    /// Bytes a still unpacks to.
    StillBytes,
    /// Pictures a file says it has.
    Pictures,
    /// Pictures decoded to find one.
    Search,
    /// Pixels decoded, against those the film shows.
    Work,
    /// Processor seconds to find out what a file is.
    ProbeSeconds,
    /// Processor seconds to find one picture or block of sound.
    DecodeSeconds,
    /// Seconds by the clock that a confined decoder may keep us waiting.
    Patience,
    /// Address space of a confined decoder.
    Memory,
    /// Streams of any kind.
    Streams,
    /// Attached files.
    Attachments,
    /// Bytes of an attached file.
    AttachmentBytes,
    /// Chapter marks.
    Chapters,
    /// Bytes of the file.
    FileBytes,
    /// Length in seconds.
    Duration,
    /// Samples per second.
    SampleRate,
    /// Channels of sound.
    Channels,
    /// Samples one packet of sound unpacks to.
    PacketSamples,
}

impl Limit {
    /// Every limit, in the order of the manual.
    pub const ALL: [Self; 20] = [
        Self::PictureWidth,
        Self::PictureHeight,
        Self::Pixels,
        Self::StillBytes,
        Self::Pictures,
        Self::Search,
        Self::Work,
        Self::ProbeSeconds,
        Self::DecodeSeconds,
        Self::Patience,
        Self::Memory,
        Self::Streams,
        Self::Attachments,
        Self::AttachmentBytes,
        Self::Chapters,
        Self::FileBytes,
        Self::Duration,
        Self::SampleRate,
        Self::Channels,
        Self::PacketSamples,
    ];

    /// The words for it in messages; unique.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PictureWidth => "picture width",
            Self::PictureHeight => "picture height",
            Self::Pixels => "pixels per picture",
            Self::StillBytes => "bytes to unpack the picture",
            Self::Pictures => "number of pictures",
            Self::Search => "pictures decoded to find one",
            Self::Work => "pixels decoded for the film",
            Self::ProbeSeconds => "seconds to find out what it is",
            Self::DecodeSeconds => "seconds of decoding to find one place",
            Self::Patience => "seconds without an answer from its decoder",
            Self::Memory => "bytes of memory for its decoder",
            Self::Streams => "number of streams",
            Self::Attachments => "number of attached files",
            Self::AttachmentBytes => "bytes of an attached file",
            Self::Chapters => "number of chapters",
            Self::FileBytes => "bytes of the file",
            Self::Duration => "duration in seconds",
            Self::SampleRate => "sample rate",
            Self::Channels => "audio channels",
            Self::PacketSamples => "samples in a packet",
        }
    }

    /// The limit of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|limit| limit.name() == name)
    }

    /// Accepts a value up to `most`.
    ///
    /// # Errors
    /// [`MediaError::LimitExceeded`] of `path` for a larger one.
    pub(crate) fn at_most(self, path: &Path, value: u64, most: u64) -> Result<(), MediaError> {
        if value <= most {
            return Ok(());
        }
        Err(self.passed(path, value, most))
    }

    /// The error of a value that is known to be too large.
    pub(crate) fn passed(self, path: &Path, value: u64, most: u64) -> MediaError {
        MediaError::LimitExceeded { path: path.to_owned(), what: self, value, limit: most }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Checks the size of a picture found in `path`.
///
/// # Errors
/// [`MediaError::LimitExceeded`] naming the dimension, [`MediaError::NotMedia`] for a size of zero.
pub fn check_picture(path: &Path, width: u32, height: u32) -> Result<(), MediaError> {
    if width == 0 || height == 0 {
        let reason = format!("its picture size is {width}x{height}");
        return Err(MediaError::NotMedia { path: path.to_owned(), reason });
    }
    Limit::PictureWidth.at_most(path, width.into(), MAX_SIDE.into())?;
    Limit::PictureHeight.at_most(path, height.into(), MAX_SIDE.into())?;
    Limit::Pixels.at_most(path, u64::from(width) * u64::from(height), MAX_PIXELS)
}

/// Checks rate and channel count of a sound stream found in `path`.
///
/// # Errors
/// [`MediaError::LimitExceeded`] or, below the least accepted rate, [`MediaError::Unsupported`].
pub fn check_sound(path: &Path, sample_rate: u32, channels: u32) -> Result<(), MediaError> {
    if sample_rate < MIN_SAMPLE_RATE {
        let what = format!("a sample rate of {sample_rate} Hz (at least {MIN_SAMPLE_RATE} Hz needed)");
        return Err(MediaError::Unsupported { path: path.to_owned(), what });
    }
    if channels == 0 {
        let what = "sound without channels".to_owned();
        return Err(MediaError::Unsupported { path: path.to_owned(), what });
    }
    Limit::SampleRate.at_most(path, sample_rate.into(), MAX_SAMPLE_RATE.into())?;
    Limit::Channels.at_most(path, channels.into(), MAX_CHANNELS.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(result: Result<(), MediaError>) -> Option<(Limit, u64, u64)> {
        match result.unwrap_err() {
            MediaError::LimitExceeded { what, value, limit, .. } => Some((what, value, limit)),
            _ => None,
        }
    }

    #[test]
    fn eight_k_passes_and_one_row_more_does_not() {
        let path = Path::new("a.mp4");
        assert_eq!(check_picture(path, 7680, 4320), Ok(()));
        let passed = |width, height| limit(check_picture(path, width, height)).unwrap();
        assert_eq!(passed(7680, 4321), (Limit::Pixels, 7680 * 4321, MAX_PIXELS));
        assert_eq!(passed(16_385, 1), (Limit::PictureWidth, 16_385, 16_384));
        assert_eq!(passed(1, 16_385), (Limit::PictureHeight, 16_385, 16_384));
    }

    #[test]
    fn sound_is_bounded_on_both_sides() {
        let path = Path::new("a.wav");
        assert_eq!(check_sound(path, 8_000, 1), Ok(()));
        assert_eq!(check_sound(path, 192_000, 16), Ok(()));
        assert!(limit(check_sound(path, 7_999, 1)).is_none());
        assert_eq!(limit(check_sound(path, 192_001, 1)), Some((Limit::SampleRate, 192_001, 192_000)));
        assert_eq!(limit(check_sound(path, 48_000, 17)), Some((Limit::Channels, 17, 16)));
    }

    #[test]
    fn names_lead_back_to_their_limits() {
        for limit in Limit::ALL {
            assert_eq!(Limit::from_name(limit.name()), Some(limit));
        }
        assert_eq!(Limit::from_name("patience"), None);
    }

    #[test]
    fn the_manual_lists_every_limit() {
        let page = include_str!("../../../docs/reliability.md");
        let missing = Limit::ALL.iter().filter(|limit| !page.contains(&format!("| {limit} |")));
        assert_eq!(missing.collect::<Vec<_>>(), [&Limit::Pixels; 0]);
    }
}
