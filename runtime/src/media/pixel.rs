//! Pixel formats: FFmpeg's numbers with their layout.

use std::ffi::{CString, c_char, c_int};
use std::fmt;

use ffmpeg_next::ffi::{self, AVPixelFormat};
use serde::{Serialize, Serializer};

use super::sys;

unsafe extern "C" {
    // Declared here over plain numbers, so that a value from a file never has to be one of the enum
    // that the bindings know.
    fn av_pix_fmt_desc_get(format: c_int) -> *const ffi::AVPixFmtDescriptor;
    fn av_get_pix_fmt(name: *const c_char) -> c_int;
}

/// How samples of a picture lie in memory.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PixelFormat(c_int);

impl PixelFormat {
    /// 8-bit Y'CbCr, chroma halved both ways: what films are delivered in.
    pub const YUV420P: Self = Self(AVPixelFormat::AV_PIX_FMT_YUV420P as c_int);
    /// [`Self::YUV420P`] tagged full range by its name, as JPEG-like files use it.
    pub const YUVJ420P: Self = Self(AVPixelFormat::AV_PIX_FMT_YUVJ420P as c_int);
    /// 8-bit Y'CbCr with an opacity plane, chroma halved both ways.
    pub const YUVA420P: Self = Self(AVPixelFormat::AV_PIX_FMT_YUVA420P as c_int);
    /// 8-bit Y'CbCr, chroma halved across.
    pub const YUV422P: Self = Self(AVPixelFormat::AV_PIX_FMT_YUV422P as c_int);
    /// 8-bit Y'CbCr, chroma in full.
    pub const YUV444P: Self = Self(AVPixelFormat::AV_PIX_FMT_YUV444P as c_int);
    /// 8-bit Y'CbCr with opacity, chroma in full.
    pub const YUVA444P: Self = Self(AVPixelFormat::AV_PIX_FMT_YUVA444P as c_int);
    /// 10-bit Y'CbCr, chroma halved both ways, little endian.
    pub const YUV420P10: Self = Self(AVPixelFormat::AV_PIX_FMT_YUV420P10LE as c_int);
    /// 16-bit green, blue, red, a plane each, little endian.
    pub(super) const GBRP16: Self = Self(AVPixelFormat::AV_PIX_FMT_GBRP16LE as c_int);
    /// [`Self::GBRP16`] with opacity.
    pub(super) const GBRAP16: Self = Self(AVPixelFormat::AV_PIX_FMT_GBRAP16LE as c_int);
    /// 8-bit luma alone.
    pub const GRAY8: Self = Self(AVPixelFormat::AV_PIX_FMT_GRAY8 as c_int);
    /// 8-bit red, green, blue in one plane.
    pub const RGB24: Self = Self(AVPixelFormat::AV_PIX_FMT_RGB24 as c_int);
    /// 8-bit red, green, blue, opacity in one plane, not premultiplied.
    pub const RGBA: Self = Self(AVPixelFormat::AV_PIX_FMT_RGBA as c_int);

    /// 8-bit blue, green, red, opacity in one plane, not premultiplied.
    pub const BGRA: Self = Self(AVPixelFormat::AV_PIX_FMT_BGRA as c_int);
    /// 10-bit Y'CbCr, chroma halved across, little endian.
    pub const YUV422P10: Self = Self(AVPixelFormat::AV_PIX_FMT_YUV422P10LE as c_int);
    /// 10-bit Y'CbCr, chroma in full, little endian.
    pub const YUV444P10: Self = Self(AVPixelFormat::AV_PIX_FMT_YUV444P10LE as c_int);
    /// 10-bit Y'CbCr with opacity, chroma in full, little endian.
    pub const YUVA444P10: Self = Self(AVPixelFormat::AV_PIX_FMT_YUVA444P10LE as c_int);

    /// FFmpeg's number; `None` when it names no format.
    pub(super) fn from_code(code: c_int) -> Option<Self> {
        let format = Self(code);
        format.descriptor().map(|_| format)
    }

    /// The format of FFmpeg's name, such as `yuv420p`.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = CString::new(name).ok()?;
        // SAFETY: the name is terminated.
        Self::from_code(unsafe { av_get_pix_fmt(name.as_ptr()) })
    }

    pub(super) const fn code(self) -> c_int {
        self.0
    }

    fn descriptor(self) -> Option<&'static ffi::AVPixFmtDescriptor> {
        // SAFETY: accepts any number and returns null or a static description.
        unsafe { av_pix_fmt_desc_get(self.0).as_ref() }
    }

    fn layout(self) -> &'static ffi::AVPixFmtDescriptor {
        self.descriptor().expect("formats are only made from numbers that have a description")
    }

    /// FFmpeg's name.
    pub fn name(self) -> String {
        // SAFETY: descriptions hold terminated static names.
        unsafe { sys::text(self.layout().name) }
    }

    /// Number of planes, 1–4.
    pub fn planes(self) -> usize {
        let layout = self.layout();
        let last = layout.comp.iter().take(layout.nb_components.into()).map(|c| c.plane).max();
        usize::try_from(last.unwrap_or(0)).unwrap_or(0) + 1
    }

    /// Bits of the widest component.
    pub fn bit_depth(self) -> u8 {
        let layout = self.layout();
        let depth = layout.comp.iter().take(layout.nb_components.into()).map(|c| c.depth).max();
        u8::try_from(depth.unwrap_or(8)).unwrap_or(8)
    }

    /// Whether pixels carry opacity.
    pub fn has_alpha(self) -> bool {
        self.has(ffi::AV_PIX_FMT_FLAG_ALPHA as u64) || self.has(ffi::AV_PIX_FMT_FLAG_PAL as u64)
    }

    /// Whether components are red, green and blue.
    pub fn is_rgb(self) -> bool {
        self.has(ffi::AV_PIX_FMT_FLAG_RGB as u64) || self.has(ffi::AV_PIX_FMT_FLAG_PAL as u64)
    }

    /// Whether the planes can be addressed as rows of whole bytes: no hardware surface, palette or
    /// bit-packed format.
    pub fn is_plain(self) -> bool {
        let unusual = ffi::AV_PIX_FMT_FLAG_PAL as u64
            | ffi::AV_PIX_FMT_FLAG_HWACCEL as u64
            | ffi::AV_PIX_FMT_FLAG_BITSTREAM as u64;
        self.layout().flags & unusual == 0
    }

    /// Whether the planes hold one component each.
    pub fn is_planar(self) -> bool {
        self.is_plain() && self.planes() == usize::from(self.layout().nb_components)
    }

    /// Columns (`0`) and rows (`1`) of a plane per chroma sample, as shifts.
    pub fn chroma_shift(self) -> (u32, u32) {
        (self.layout().log2_chroma_w.into(), self.layout().log2_chroma_h.into())
    }

    /// Shifts that apply to a plane: chroma planes are the second and third of three or more.
    pub(super) fn plane_shift(self, plane: usize) -> (u32, u32) {
        match plane {
            1 | 2 if self.planes() > 2 || (self.planes() == 2 && plane == 1) => self.chroma_shift(),
            _ => (0, 0),
        }
    }

    /// Bytes from one sample to the next in a plane.
    pub fn plane_step(self, plane: usize) -> usize {
        let layout = self.layout();
        let components = layout.comp.iter().take(layout.nb_components.into());
        let step = components.filter(|c| usize::try_from(c.plane) == Ok(plane)).map(|c| c.step).max();
        usize::try_from(step.unwrap_or(1)).unwrap_or(1)
    }

    /// Bytes of a row and number of rows of a plane in a picture of the given size.
    pub fn plane_size(self, plane: usize, width: u32, height: u32) -> (usize, usize) {
        let (across, down) = self.plane_shift(plane);
        let samples = (width as usize).div_ceil(1 << across);
        let rows = (height as usize).div_ceil(1 << down);
        (samples * self.plane_step(plane), rows)
    }

    fn has(self, flag: u64) -> bool {
        self.layout().flags & flag != 0
    }
}

impl fmt::Display for PixelFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

impl fmt::Debug for PixelFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// By name: the numbers differ between FFmpeg versions.
impl Serialize for PixelFormat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_known() {
        let format = PixelFormat::YUV420P;
        assert_eq!((format.planes(), format.bit_depth(), format.has_alpha()), (3, 8, false));
        assert_eq!(format.plane_size(0, 101, 51), (101, 51));
        assert_eq!(format.plane_size(1, 101, 51), (51, 26));
        assert_eq!(PixelFormat::RGBA.plane_size(0, 10, 10), (40, 10));
        assert_eq!(PixelFormat::YUV420P10.plane_size(2, 10, 10), (10, 5));
        let alpha = PixelFormat::YUVA420P;
        assert_eq!((alpha.planes(), alpha.plane_size(3, 10, 10)), (4, (10, 10)));
        assert!(alpha.has_alpha() && alpha.is_planar());
    }

    #[test]
    fn names_go_both_ways() {
        assert_eq!(PixelFormat::from_name("yuv422p"), Some(PixelFormat::YUV422P));
        assert_eq!(PixelFormat::from_name("no such format"), None);
        assert_eq!(PixelFormat::from_code(-1), None);
        assert_eq!(PixelFormat::from_name("nv12").unwrap().plane_size(1, 10, 10), (10, 5));
    }
}
