//! Facts about a media file, as found by a probe and given to the compiler from outside.
//!
//! This crate does no I/O: the runtime measures, the compiler reads.

use serde::{Deserialize, Serialize};

use crate::time::{FrameRate, Time};

/// What kind of media a file holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// Moving pictures, with or without sound.
    Video,
    /// Sound alone.
    Audio,
    /// A still picture.
    Image,
}

impl MediaKind {
    /// The word for it in messages and in `media<…>` types.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Image => "image",
        }
    }
}

/// Everything the compiler and the planner need to know about one file.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct MediaFacts {
    /// What the file holds.
    pub kind: MediaKind,
    /// Short name of the container, such as `mp4`, `matroska`, `mp3`, `png`.
    pub container: String,
    /// Length of the presentation from its first presented instant; `None` for stills.
    pub duration: Option<Time>,
    /// The first picture stream.
    pub video: Option<VideoFacts>,
    /// The first sound stream.
    pub audio: Option<AudioFacts>,
    /// Size of the file in bytes.
    pub size_bytes: u64,
}

impl MediaFacts {
    /// Width and height of the picture in square pixels, as a player shows it; zero for sound.
    pub fn display_size(&self) -> (u32, u32) {
        let Some(video) = &self.video else { return (0, 0) };
        let (across, down) = video.sample_aspect;
        if across == 0 || down == 0 || across == down {
            return (video.width, video.height);
        }
        // Players widen pixels that are wide and heighten those that are high, never shrink.
        let scaled = |side: u32, by: u32, over: u32| {
            let exact = u64::from(side) * u64::from(by);
            u32::try_from((exact + u64::from(over) / 2) / u64::from(over)).unwrap_or(u32::MAX)
        };
        if across > down {
            (scaled(video.width, across, down), video.height)
        } else {
            (video.width, scaled(video.height, down, across))
        }
    }
}

/// Facts about a stream of pictures, or about a still.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct VideoFacts {
    /// Short codec name, such as `h264`, `vp9`, `png`.
    pub codec: String,
    /// Width in pixels as displayed, after rotation, before the sample aspect is applied.
    pub width: u32,
    /// Height in pixels as displayed, after rotation.
    pub height: u32,
    /// Average rate; `None` for stills and where the file does not say.
    pub frame_rate: Option<FrameRate>,
    /// Whether the distances between frames vary.
    pub variable_frame_rate: bool,
    /// Number of frames, where the container states it.
    pub frame_count: Option<u64>,
    /// Length of this stream's presentation; `None` for stills.
    pub duration: Option<Time>,
    /// First presented instant of this stream, relative to the start of the media.
    pub start: Time,
    /// FFmpeg's name of the pixel format, such as `yuv420p`; for stills the image library's.
    pub pixel_format: String,
    /// Bits per component.
    pub bit_depth: u8,
    /// Whether pixels carry opacity.
    pub has_alpha: bool,
    /// Width of a pixel over its height as numerator and denominator; `(1, 1)` when square or unknown.
    pub sample_aspect: (u32, u32),
    /// Clockwise rotation to apply for display: 0, 90, 180 or 270 degrees.
    pub rotation: u16,
    /// Whether the stream declares itself interlaced.
    pub interlaced: bool,
    /// Colour tags as declared.
    pub color: ColorTags,
}

/// Declared colour description: FFmpeg's names, `None` where the file is silent.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct ColorTags {
    /// Primaries, such as `bt709`.
    pub primaries: Option<String>,
    /// Transfer characteristic, such as `bt709`.
    pub transfer: Option<String>,
    /// Matrix coefficients, such as `bt709`, `smpte170m`.
    pub matrix: Option<String>,
    /// `tv` (limited) or `pc` (full).
    pub range: Option<String>,
}

/// Facts about a stream of sound.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct AudioFacts {
    /// Short codec name, such as `aac`, `mp3`, `pcm_s16le`.
    pub codec: String,
    /// Samples per second of the file.
    pub sample_rate: u32,
    /// Number of channels.
    pub channels: u16,
    /// Name of the channel layout, such as `stereo`, `5.1`.
    pub layout: String,
    /// Length of this stream's presentation.
    pub duration: Option<Time>,
    /// First presented instant of this stream, relative to the start of the media.
    pub start: Time,
}
