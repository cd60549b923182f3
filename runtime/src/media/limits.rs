//! Finite bounds on what a media file may ask of us. There is no spelling for "unlimited".
//!
//! Input size does not bound work: an 8 kB picture can unpack to hundreds of megabytes and a one
//! megabyte film to an hour of decoding. Each bound is checked before the work it bounds.

use std::path::Path;

use super::error::MediaError;

/// Pixels in one picture: 8K UHD (7680 × 4320). FFmpeg's own check only stops at about 268 million.
pub const MAX_PIXELS: u64 = 7680 * 4320;
/// Longest side of a picture in pixels; keeps row arithmetic far inside 32 bits.
pub const MAX_SIDE: u32 = 16_384;
/// Streams in one file. Real deliveries have a picture and a handful of sound tracks and captions.
pub const MAX_STREAMS: u32 = 16;
/// Bytes FFmpeg may read to find out what a file is; its own default.
pub const MAX_PROBE_BYTES: i64 = 5_000_000;
/// Media time FFmpeg may look at to find stream parameters, in microseconds; its own default.
pub const MAX_ANALYZE_MICROSECONDS: i64 = 5_000_000;
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
/// Longest silent gap between two packets of sound that is filled, in seconds. A larger jump is a
/// broken timestamp: filling it would only burn time.
pub const MAX_GAP_SECONDS: i64 = 3600;
/// Longest media we accept, in seconds: a day.
pub const MAX_DURATION_SECONDS: i64 = 24 * 3600;
/// Packets looked at to find the first presented instant. Sixteen reordered pictures are the most
/// H.264 and HEVC allow, and sound is interleaved at most a second away in any sane file.
pub const MAX_START_PACKETS: usize = 256;

/// Checks the size of a picture found in `path`.
///
/// # Errors
/// [`MediaError::LimitExceeded`] naming the dimension, [`MediaError::NotMedia`] for a size of zero.
pub fn check_picture(path: &Path, width: u32, height: u32) -> Result<(), MediaError> {
    if width == 0 || height == 0 {
        let reason = format!("its picture size is {width}x{height}");
        return Err(MediaError::NotMedia { path: path.to_owned(), reason });
    }
    at_most(path, "picture width", width.into(), MAX_SIDE.into())?;
    at_most(path, "picture height", height.into(), MAX_SIDE.into())?;
    at_most(path, "pixels per picture", u64::from(width) * u64::from(height), MAX_PIXELS)
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
    at_most(path, "sample rate", sample_rate.into(), MAX_SAMPLE_RATE.into())?;
    at_most(path, "audio channels", channels.into(), MAX_CHANNELS.into())
}

/// Compares one measured value with its limit.
pub(super) fn at_most(path: &Path, what: &'static str, value: u64, limit: u64) -> Result<(), MediaError> {
    if value <= limit {
        return Ok(());
    }
    Err(MediaError::LimitExceeded { path: path.to_owned(), what, value, limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_k_passes_and_one_row_more_does_not() {
        let path = Path::new("a.mp4");
        assert_eq!(check_picture(path, 7680, 4320), Ok(()));
        assert!(matches!(
            check_picture(path, 7680, 4321),
            Err(MediaError::LimitExceeded { what: "pixels per picture", .. })
        ));
        assert!(matches!(
            check_picture(path, 16_385, 1),
            Err(MediaError::LimitExceeded { what: "picture width", .. })
        ));
    }

    #[test]
    fn sound_is_bounded_on_both_sides() {
        let path = Path::new("a.wav");
        assert_eq!(check_sound(path, 8_000, 1), Ok(()));
        assert!(check_sound(path, 7_999, 1).is_err());
        assert!(check_sound(path, 192_001, 1).is_err());
        assert!(check_sound(path, 48_000, 17).is_err());
    }
}
