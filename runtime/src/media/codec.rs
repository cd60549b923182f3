//! Picture codecs and how their libraries are told what we want of them.
//!
//! Every codec is set up so that a segment stands alone (closed groups of pictures, headers that do not
//! depend on the content), carries its colour tags, and comes out the same whatever the machine: thread
//! counts are constants, and nothing adapts to the processor.

use std::ffi::CStr;

use serde::Serialize;
use vid_timeline::{Preset, ProresProfile};

use super::encode::EncodeSettings;
use super::error::MediaError;
use super::installed::is_installed;
use super::sys::Options;

/// Picture codecs we write.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VideoCodec {
    /// H.264 by libx264.
    H264,
    /// HEVC by libx265.
    Hevc,
    /// AV1, by the library that is installed.
    Av1(Av1Library),
    /// VP9 by libvpx.
    Vp9,
    /// ProRes.
    Prores(ProresProfile),
    /// FFV1: without loss, for what another program of ours reads again.
    Lossless,
}

/// Libraries that encode AV1, the preferred first.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Av1Library {
    /// SVT-AV1.
    Svt,
    /// The reference encoder.
    Aom,
}

impl VideoCodec {
    /// AV1 by the best library that this FFmpeg is built with.
    ///
    /// # Errors
    /// [`MediaError::NoEncoder`].
    pub fn av1() -> Result<Self, MediaError> {
        let mut known = [Av1Library::Svt, Av1Library::Aom].into_iter().map(Self::Av1);
        let found = known.find(|codec| is_installed(codec.encoder()));
        found.ok_or(MediaError::NoEncoder { what: "av1", libraries: "libsvtav1 or libaom-av1" })
    }

    /// The codec, when this FFmpeg can write it.
    ///
    /// # Errors
    /// [`MediaError::NoEncoder`].
    pub fn installed(self) -> Result<Self, MediaError> {
        let libraries = self.encoder().to_str().unwrap_or_default();
        if is_installed(self.encoder()) {
            Ok(self)
        } else {
            Err(MediaError::NoEncoder { what: self.name(), libraries })
        }
    }

    /// The word for it in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::H264 => "h264",
            Self::Hevc => "hevc",
            Self::Av1(_) => "av1",
            Self::Vp9 => "vp9",
            Self::Prores(_) => "prores",
            Self::Lossless => "ffv1",
        }
    }

    /// What is encoded, for messages.
    pub(super) const fn what(self) -> &'static str {
        match self {
            Self::H264 => "h264 video",
            Self::Hevc => "hevc video",
            Self::Av1(_) => "av1 video",
            Self::Vp9 => "vp9 video",
            Self::Prores(_) => "prores video",
            Self::Lossless => "ffv1 video",
        }
    }

    /// FFmpeg's name of the encoder.
    pub(super) const fn encoder(self) -> &'static CStr {
        match self {
            Self::H264 => c"libx264",
            Self::Hevc => c"libx265",
            Self::Av1(Av1Library::Svt) => c"libsvtav1",
            Self::Av1(Av1Library::Aom) => c"libaom-av1",
            Self::Vp9 => c"libvpx-vp9",
            Self::Prores(_) => c"prores_ks",
            Self::Lossless => c"ffv1",
        }
    }

    /// Tag that players of MP4 and MOV know the codec by, where FFmpeg's own choice is another.
    pub(super) const fn tag(self) -> Option<[u8; 4]> {
        match self {
            // With parameter sets in the header alone, as Apple's players want it.
            Self::Hevc => Some(*b"hvc1"),
            Self::Prores(ProresProfile::Proxy) => Some(*b"apco"),
            Self::Prores(ProresProfile::Lt) => Some(*b"apcs"),
            Self::Prores(ProresProfile::Standard) => Some(*b"apcn"),
            Self::Prores(ProresProfile::Hq) => Some(*b"apch"),
            Self::Prores(ProresProfile::P4444) => Some(*b"ap4h"),
            Self::Prores(ProresProfile::P4444Xq) => Some(*b"ap4x"),
            Self::H264 | Self::Av1(_) | Self::Vp9 | Self::Lossless => None,
        }
    }
}

/// The encoder's options for these settings.
pub(super) fn options(settings: &EncodeSettings) -> Options {
    let mut options = Options::new();
    let crf = settings.crf.to_string();
    match settings.codec {
        VideoCodec::H264 => {
            options.set(c"preset", settings.preset.name());
            options.set(c"crf", &crf);
            options.set(c"x264-params", &x264_parameters());
        }
        VideoCodec::Hevc => {
            options.set(c"preset", settings.preset.name());
            options.set(c"crf", &crf);
            // One frame at a time on a pool of fixed size; no note of the settings in the stream.
            let parameters =
                format!("log-level=error:info=0:open-gop=0:frame-threads=1:pools={}", settings.threads);
            options.set(c"x265-params", &parameters);
        }
        VideoCodec::Av1(Av1Library::Svt) => {
            options.set(c"preset", &svt_preset(settings.preset).to_string());
            options.set(c"crf", &crf);
            options.set(c"svtav1-params", &format!("lp={}", settings.threads));
        }
        VideoCodec::Av1(Av1Library::Aom) => {
            options.set(c"cpu-used", &aom_speed(settings.preset).to_string());
            options.set(c"crf", &crf);
            options.set(c"row-mt", "1");
        }
        VideoCodec::Vp9 => {
            options.set(c"deadline", "good");
            options.set(c"cpu-used", &vpx_speed(settings.preset).to_string());
            options.set(c"crf", &crf);
            options.set(c"row-mt", "1");
            options.set(c"lag-in-frames", "25");
            // Frames that are never shown and opacity do not go together in this library.
            let has_alpha = settings.frame.format.has_alpha();
            options.set(c"auto-alt-ref", if has_alpha { "0" } else { "1" });
        }
        VideoCodec::Prores(profile) => {
            options.set(c"profile", &prores_number(profile).to_string());
            options.set(c"vendor", "apl0");
            if settings.frame.format.has_alpha() {
                options.set(c"alpha_bits", "16");
            }
        }
        VideoCodec::Lossless => {
            options.set(c"slicecrc", "1");
        }
    }
    options
}

/// What FFmpeg's own options do not reach.
///
/// `stitchable` keeps the headers independent of the content, so that all segments share them.
///
/// On processors with AVX-512 the widest instructions are left out: with them, x264 (build 164) gives
/// other bytes from run to run when its lookahead has a thread of its own and the machine is busy
/// (docs/performance.md), with AVX2 never.
fn x264_parameters() -> String {
    let mut parameters = "stitchable=1".to_owned();
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx512f") {
        parameters.push_str(":asm=avx2,bmi2,fma3,lzcnt");
    }
    parameters
}

/// SVT-AV1's presets go from 0, slowest, to 13; those below 3 are for research.
const fn svt_preset(preset: Preset) -> u8 {
    match preset {
        Preset::Ultrafast => 12,
        Preset::Superfast => 11,
        Preset::Veryfast => 10,
        Preset::Faster => 9,
        Preset::Fast => 8,
        Preset::Medium => 7,
        Preset::Slow => 6,
        Preset::Slower => 5,
        Preset::Veryslow => 3,
    }
}

/// libaom's speeds go from 0, slowest, to 8.
const fn aom_speed(preset: Preset) -> u8 {
    match preset {
        Preset::Ultrafast | Preset::Superfast => 8,
        Preset::Veryfast => 7,
        Preset::Faster | Preset::Fast => 6,
        Preset::Medium => 5,
        Preset::Slow => 4,
        Preset::Slower => 3,
        Preset::Veryslow => 2,
    }
}

/// libvpx's speeds go from 0, slowest, to 5 with this way of spending time.
const fn vpx_speed(preset: Preset) -> u8 {
    match preset {
        Preset::Ultrafast | Preset::Superfast => 5,
        Preset::Veryfast | Preset::Faster => 4,
        Preset::Fast => 3,
        Preset::Medium => 2,
        Preset::Slow | Preset::Slower => 1,
        Preset::Veryslow => 0,
    }
}

/// The encoder's number of a profile.
const fn prores_number(profile: ProresProfile) -> u8 {
    match profile {
        ProresProfile::Proxy => 0,
        ProresProfile::Lt => 1,
        ProresProfile::Standard => 2,
        ProresProfile::Hq => 3,
        ProresProfile::P4444 => 4,
        ProresProfile::P4444Xq => 5,
    }
}
