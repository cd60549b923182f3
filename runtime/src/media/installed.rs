//! What the installed FFmpeg offers, for people who wonder why a machine cannot render.

use std::ffi::CStr;

use ffmpeg_next::ffi;

use super::versions::library_versions;

/// An encoder that films are made with.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum EncoderKind {
    /// H.264 pictures.
    H264,
    /// HEVC pictures.
    Hevc,
    /// AV1 pictures by SVT-AV1.
    Av1,
    /// VP9 pictures.
    Vp9,
    /// ProRes pictures.
    Prores,
    /// AAC sound.
    Aac,
    /// Opus sound.
    Opus,
}

impl EncoderKind {
    /// Every one of them.
    pub const ALL: &'static [Self] =
        &[Self::H264, Self::Hevc, Self::Av1, Self::Vp9, Self::Prores, Self::Aac, Self::Opus];

    /// What it makes, in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::H264 => "H.264 pictures",
            Self::Hevc => "HEVC pictures",
            Self::Av1 => "AV1 pictures",
            Self::Vp9 => "VP9 pictures",
            Self::Prores => "ProRes pictures",
            Self::Aac => "AAC sound",
            Self::Opus => "Opus sound",
        }
    }

    /// FFmpeg's name of it.
    pub const fn library(self) -> &'static str {
        match self {
            Self::H264 => "libx264",
            Self::Hevc => "libx265",
            Self::Av1 => "libsvtav1",
            Self::Vp9 => "libvpx-vp9",
            Self::Prores => "prores_ks",
            Self::Aac => "aac",
            Self::Opus => "libopus",
        }
    }

    const fn c_name(self) -> &'static CStr {
        match self {
            Self::H264 => c"libx264",
            Self::Hevc => c"libx265",
            Self::Av1 => c"libsvtav1",
            Self::Vp9 => c"libvpx-vp9",
            Self::Prores => c"prores_ks",
            Self::Aac => c"aac",
            Self::Opus => c"libopus",
        }
    }
}

/// Whether FFmpeg is built with the encoder.
pub fn has_encoder(kind: EncoderKind) -> bool {
    is_installed(kind.c_name())
}

/// Whether FFmpeg is built with the encoder of that name.
pub(super) fn is_installed(name: &CStr) -> bool {
    // SAFETY: the name ends with a zero byte, and the result is only compared.
    !unsafe { ffi::avcodec_find_encoder_by_name(name.as_ptr()) }.is_null()
}

/// The libraries with their versions, such as `("libavcodec", "59.37.100")`.
pub fn libraries() -> [(&'static str, String); 4] {
    let names = ["libavcodec", "libavformat", "libswscale", "libswresample"];
    let mut versions = library_versions().into_iter();
    names.map(|name| {
        let version = versions.next().unwrap_or(0);
        (name, format!("{}.{}.{}", version >> 16, version >> 8 & 0xff, version & 0xff))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoders_of_every_film_are_there() {
        assert!(has_encoder(EncoderKind::H264));
        assert!(has_encoder(EncoderKind::Aac));
    }
}
