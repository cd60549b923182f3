//! Which libraries decode, scale and encode.

use ffmpeg_next::ffi;

/// Versions of the libraries whose work ends up in stored pieces, as FFmpeg counts them.
pub fn library_versions() -> [u32; 4] {
    // SAFETY: these functions read constants of the libraries.
    unsafe {
        [ffi::avcodec_version(), ffi::avformat_version(), ffi::swscale_version(), ffi::swresample_version()]
    }
}
