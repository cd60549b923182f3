//! What the installed FFmpeg offers, for people who wonder why a machine cannot render.

use std::ffi::CStr;

use ffmpeg_next::ffi;

use super::versions::library_versions;

/// An encoder that films are made with.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum EncoderKind {
    /// H.264 pictures.
    H264,
    /// AAC sound.
    Aac,
}

impl EncoderKind {
    /// What it makes, in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::H264 => "H.264 pictures",
            Self::Aac => "AAC sound",
        }
    }

    /// FFmpeg's name of it.
    pub const fn library(self) -> &'static str {
        match self {
            Self::H264 => "libx264",
            Self::Aac => "aac",
        }
    }

    const fn c_name(self) -> &'static CStr {
        match self {
            Self::H264 => c"libx264",
            Self::Aac => c"aac",
        }
    }
}

/// Whether FFmpeg is built with the encoder.
pub fn has_encoder(kind: EncoderKind) -> bool {
    // SAFETY: the name ends with a zero byte, and the result is only compared.
    !unsafe { ffi::avcodec_find_encoder_by_name(kind.c_name().as_ptr()) }.is_null()
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
