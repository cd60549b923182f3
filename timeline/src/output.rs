//! What a film is written as: its format, and how that is encoded.
//!
//! A setting that is left out takes the default of its format and codec; one that they do not have is a
//! [`SettingProblem`]. This is the only place that knows which format takes which codec and which codec
//! which setting; the compiler's messages, the validator and the runtime read it here.

mod problem;

use serde::{Deserialize, Serialize};

use crate::catalog::{OutputFormat, named_enum};
use crate::element::Origin;
use crate::rational::Rational;
use crate::time::Time;

pub use problem::{ProblemKind, SettingProblem};

/// A file to write.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Output {
    /// Container and codec family.
    pub format: OutputFormat,
    /// Base name without extension; `None` derives it.
    pub filename: Option<String>,
    /// Transparent background.
    pub alpha: bool,
    /// Encoder settings.
    pub encoder: EncoderSettings,
    /// Where it was written.
    pub origin: Option<Origin>,
}

/// How hard the encoders work and how much they may lose; `None` takes the default of the format.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct EncoderSettings {
    /// How pictures are encoded.
    pub codec: Option<VideoCodec>,
    /// Which ProRes.
    pub profile: Option<ProresProfile>,
    /// Speed against size.
    pub preset: Option<Preset>,
    /// Constant rate factor, lower is better; its range is that of the codec.
    pub crf: Option<u8>,
    /// Quality of a JPEG, 1–100; higher is better.
    pub quality: Option<u8>,
    /// Colours of a GIF's palette, 2–256.
    pub colors: Option<u16>,
    /// How a GIF's palette stands for other colours.
    pub dither: Option<Dither>,
    /// How often a GIF plays; 0 for ever.
    pub plays: Option<u16>,
    /// Which instant a still shows.
    pub time: Option<Time>,
    /// How sound is encoded.
    pub audio_codec: Option<AudioCodec>,
    /// Kilobits of sound per second, 32–512.
    pub audio_bitrate_kbps: Option<u32>,
    /// What a sample of sound is that is not compressed.
    pub sample_format: Option<SampleFormat>,
    /// How loud the whole is made, in LUFS, −40 to −5; `None` leaves it as it is mixed.
    pub loudness: Option<Rational>,
}

named_enum! {
    /// How pictures are encoded.
    VideoCodec {
        H264 = "h264",
        Hevc = "hevc",
        Av1 = "av1",
        Vp9 = "vp9",
        Prores = "prores",
    }
}

named_enum! {
    /// The kinds of ProRes, smallest first; the last two keep all colour and can be transparent.
    ProresProfile {
        Proxy = "proxy",
        Lt = "lt",
        Standard = "standard",
        Hq = "hq",
        P4444 = "p4444",
        P4444Xq = "p4444xq",
    }
}

named_enum! {
    /// Speed presets under x264's names, fastest first.
    Preset {
        Ultrafast = "ultrafast",
        Superfast = "superfast",
        Veryfast = "veryfast",
        Faster = "faster",
        Fast = "fast",
        Medium = "medium",
        Slow = "slow",
        Slower = "slower",
        Veryslow = "veryslow",
    }
}

named_enum! {
    /// How a palette stands for colours that it does not have.
    Dither {
        None = "none",
        Bayer = "bayer",
        FloydSteinberg = "floyd_steinberg",
        Sierra = "sierra",
    }
}

named_enum! {
    /// How sound is encoded.
    AudioCodec {
        Aac = "aac",
        Opus = "opus",
        Pcm = "pcm",
    }
}

named_enum! {
    /// What a sample of sound is that is not compressed: 16 or 24 bits, or a float of 32.
    SampleFormat {
        S16 = "s16",
        S24 = "s24",
        F32 = "f32",
    }
}

/// Speed of the encoders where nothing is said.
pub const DEFAULT_PRESET: Preset = Preset::Veryfast;
/// Quality of a JPEG where nothing is said.
pub const DEFAULT_JPEG_QUALITY: u8 = 90;
/// Colours of a GIF's palette where nothing is said.
pub const DEFAULT_COLORS: u16 = 256;
/// Dithering of a GIF where nothing is said.
pub const DEFAULT_DITHER: Dither = Dither::Sierra;
/// Kilobits of sound per second where nothing is said.
pub const DEFAULT_AUDIO_BITRATE_KBPS: u32 = 192;
/// Lowest and highest loudness that can be asked for, in LUFS: whispering, and as loud as sound without
/// any rest can be.
pub const LOUDNESS_RANGE: (i64, i64) = (-40, -5);
/// Samples of sound that is not compressed where nothing is said.
pub const DEFAULT_SAMPLE_FORMAT: SampleFormat = SampleFormat::S24;

impl Output {
    /// An output of `format` with default settings.
    pub const fn new(format: OutputFormat) -> Self {
        Self { format, filename: None, alpha: false, encoder: EncoderSettings::DEFAULT, origin: None }
    }

    /// How its pictures are encoded; `None` where the format itself says it, or holds no pictures.
    pub fn video_codec(&self) -> Option<VideoCodec> {
        let own = self.format.video_codecs().first().copied()?;
        Some(self.encoder.codec.unwrap_or(own))
    }

    /// How its sound is encoded; `None` where the format is silent.
    pub fn audio_codec(&self) -> Option<AudioCodec> {
        let own = self.format.audio_codecs().first().copied()?;
        Some(self.encoder.audio_codec.unwrap_or(own))
    }

    /// Which ProRes it is, if it is one: a transparent film keeps all colour.
    pub fn prores_profile(&self) -> ProresProfile {
        let default = if self.alpha { ProresProfile::P4444 } else { ProresProfile::Standard };
        self.encoder.profile.unwrap_or(default)
    }

    /// Everything that its format or codec does not have, in the order of [`EncoderSettings`].
    pub fn problems(&self) -> Vec<SettingProblem> {
        problem::problems(self)
    }
}

impl EncoderSettings {
    /// Nothing said: what an API body, which cannot say, is rendered with.
    pub const DEFAULT: Self = Self {
        codec: None,
        profile: None,
        preset: None,
        crf: None,
        quality: None,
        colors: None,
        dither: None,
        plays: None,
        time: None,
        audio_codec: None,
        audio_bitrate_kbps: None,
        sample_format: None,
        loudness: None,
    };
}

impl OutputFormat {
    /// Codecs of pictures that it holds, its default first; none where it has only its own.
    pub const fn video_codecs(self) -> &'static [VideoCodec] {
        use VideoCodec::{Av1, H264, Hevc, Prores, Vp9};
        match self {
            Self::Mp4 => &[H264, Hevc, Av1],
            Self::Webm => &[Vp9, Av1],
            Self::Mov => &[Prores, H264, Hevc],
            Self::Gif | Self::Png | Self::Jpg | Self::Wav => &[],
        }
    }

    /// Codecs of sound that it holds, its default first; none where it is silent.
    pub const fn audio_codecs(self) -> &'static [AudioCodec] {
        match self {
            Self::Mp4 => &[AudioCodec::Aac],
            Self::Webm => &[AudioCodec::Opus],
            Self::Mov => &[AudioCodec::Pcm, AudioCodec::Aac],
            Self::Wav => &[AudioCodec::Pcm],
            Self::Gif | Self::Png | Self::Jpg => &[],
        }
    }
}

impl VideoCodec {
    /// Largest constant rate factor; `None` where quality is a matter of the profile.
    pub const fn max_crf(self) -> Option<u8> {
        match self {
            Self::H264 | Self::Hevc => Some(51),
            Self::Vp9 | Self::Av1 => Some(63),
            Self::Prores => None,
        }
    }

    /// Constant rate factor where nothing is said: what looks alike in all of them, by the advice of
    /// their makers.
    pub const fn default_crf(self) -> u8 {
        match self {
            Self::H264 => 23,
            Self::Hevc => 28,
            Self::Vp9 => 31,
            Self::Av1 => 32,
            Self::Prores => 0,
        }
    }

    /// Whether it can be transparent in some form.
    pub const fn supports_alpha(self) -> bool {
        matches!(self, Self::Vp9 | Self::Prores)
    }

    /// Whether it stores one colour for two by two pixels, so that sides are even.
    pub const fn halves_color(self) -> bool {
        !matches!(self, Self::Prores)
    }
}

impl ProresProfile {
    /// Whether it keeps the colour of every pixel, and can be transparent.
    pub const fn is_4444(self) -> bool {
        matches!(self, Self::P4444 | Self::P4444Xq)
    }
}
