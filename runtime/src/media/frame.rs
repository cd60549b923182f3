//! A picture in memory: reference-counted planes with their format and colour tags.

use std::fmt;

use ffmpeg_next::ffi;
use serde::Serialize;

use super::color::ColorDescription;
use super::error::MediaError;
use super::pixel::PixelFormat;
use super::sys::{self, RawFrame};

/// Most planes a format has.
pub const MAX_PLANES: usize = 4;

/// The shape of a picture.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct FrameSpec {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// How samples lie in memory.
    pub format: PixelFormat,
    /// What the samples mean.
    pub color: ColorDescription,
}

impl FrameSpec {
    /// Whether a frame has this size and pixel format; colour tags are not compared.
    pub fn fits(&self, frame: &VideoFrame) -> bool {
        (self.width, self.height, self.format) == (frame.width(), frame.height(), frame.format())
    }
}

impl fmt::Display for FrameSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{} {}", self.width, self.height, self.format)
    }
}

/// A picture. Cloning shares the planes; they are copied only when a shared picture is made
/// writable.
///
/// Invariants, checked when a frame enters: width and height are positive and within
/// [`super::limits`], the format is one of plain rows, every plane the format has is there, and
/// rows do not run backwards.
pub struct VideoFrame {
    raw: RawFrame,
    width: u32,
    height: u32,
    format: PixelFormat,
}

/// One plane, read-only.
#[derive(Clone, Copy)]
pub struct Plane<'a> {
    /// The samples; the last row ends without padding.
    pub data: &'a [u8],
    /// Bytes from one row to the next, at least [`Self::row_bytes`].
    pub stride: usize,
    /// Meaningful bytes of a row.
    pub row_bytes: usize,
    /// Number of rows.
    pub rows: usize,
}

/// One plane, writable.
pub struct PlaneMut<'a> {
    /// The samples; the last row ends without padding.
    pub data: &'a mut [u8],
    /// Bytes from one row to the next, at least [`Self::row_bytes`].
    pub stride: usize,
    /// Meaningful bytes of a row.
    pub row_bytes: usize,
    /// Number of rows.
    pub rows: usize,
}

impl VideoFrame {
    /// Takes over a frame that FFmpeg filled.
    ///
    /// # Errors
    /// [`MediaError::FrameMismatch`] when it is not a picture of plain rows with all its planes.
    pub(super) fn from_raw(raw: RawFrame) -> Result<Self, MediaError> {
        let raw = top_down(raw)?;
        // SAFETY: the frame is valid; plain fields are read.
        let (width, height, format) = unsafe {
            let frame = raw.as_ptr();
            ((*frame).width, (*frame).height, (*frame).format)
        };
        let unusable = |found: String| MediaError::FrameMismatch { wanted: "plain planes".to_owned(), found };
        let format = PixelFormat::from_code(format).ok_or_else(|| unusable("no pixel format".to_owned()))?;
        let (Ok(width), Ok(height)) = (u32::try_from(width), u32::try_from(height)) else {
            return Err(unusable(format!("size {width}x{height}")));
        };
        let frame = Self { raw, width, height, format };
        let complete =
            width > 0 && height > 0 && format.is_plain() && (0..format.planes()).all(|p| frame.has_plane(p));
        if complete { Ok(frame) } else { Err(unusable(frame.shape())) }
    }

    /// Allocates a frame with undefined content.
    ///
    /// # Errors
    /// [`MediaError::OutOfMemory`].
    pub fn allocate(spec: &FrameSpec) -> Result<Self, MediaError> {
        let mut raw = RawFrame::new()?;
        // SAFETY: the frame is ours and empty; the size is bounded by 31 bits below, and the buffer
        // call checks it against the format.
        let allocated = unsafe {
            let frame = raw.as_mut_ptr();
            (*frame).width = i32::try_from(spec.width).unwrap_or(0);
            (*frame).height = i32::try_from(spec.height).unwrap_or(0);
            (*frame).format = spec.format.code();
            sys::check(ffi::av_frame_get_buffer(frame, 0))
        };
        allocated.map_err(|_| MediaError::OutOfMemory { what: "a picture" })?;
        spec.color.apply_to_frame(&mut raw);
        Self::from_raw(raw)
    }

    /// Width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// How samples lie in memory.
    pub fn format(&self) -> PixelFormat {
        self.format
    }

    /// Colour tags as declared.
    pub fn color(&self) -> ColorDescription {
        ColorDescription::of_frame(&self.raw)
    }

    /// Declares colour tags; the samples stay as they are.
    pub fn set_color(&mut self, color: ColorDescription) {
        color.apply_to_frame(&mut self.raw);
    }

    /// Size, format and colour tags.
    pub fn spec(&self) -> FrameSpec {
        FrameSpec { width: self.width, height: self.height, format: self.format, color: self.color() }
    }

    /// Whether, of an interlaced picture, the upper row belongs to the earlier instant.
    pub(super) fn is_top_first(&self) -> bool {
        // SAFETY: the frame is valid.
        unsafe { (*self.raw.as_ptr()).top_field_first != 0 }
    }

    /// Whether the picture was coded as two fields.
    pub fn is_interlaced(&self) -> bool {
        // SAFETY: the frame is valid; a plain field is read.
        unsafe { (*self.raw.as_ptr()).interlaced_frame != 0 }
    }

    /// Declares whether the picture was coded as two fields; the samples stay as they are.
    pub(crate) fn set_interlaced(&mut self, interlaced: bool) {
        // SAFETY: the frame is valid and exclusively borrowed; a plain field is written.
        unsafe { (*self.raw.as_mut_ptr()).interlaced_frame = interlaced.into() }
    }

    /// Number of planes.
    pub fn planes(&self) -> usize {
        self.format.planes()
    }

    /// A plane, read-only; `index` is below [`Self::planes`].
    pub fn plane(&self, index: usize) -> Plane<'_> {
        assert!(index < self.planes(), "plane {index} of {}", self.format);
        let (row_bytes, rows) = self.format.plane_size(index, self.width, self.height);
        let (data, stride) = self.place(index);
        // SAFETY: `from_raw` checked that the plane is there with rows of at least `row_bytes`
        // every `stride` bytes; the borrow follows `self`, whose buffers are counted.
        let data = unsafe { std::slice::from_raw_parts(data, stride * (rows - 1) + row_bytes) };
        Plane { data, stride, row_bytes, rows }
    }

    /// Whether no other frame shares the planes, so that writing needs no copy.
    pub fn is_writable(&self) -> bool {
        // SAFETY: only reads reference counts; the binding's `mut` is historical.
        unsafe { ffi::av_frame_is_writable(self.raw.as_ptr().cast_mut()) > 0 }
    }

    /// Makes the planes exclusively ours, copying them if they are shared.
    ///
    /// # Errors
    /// [`MediaError::OutOfMemory`].
    pub fn make_writable(&mut self) -> Result<(), MediaError> {
        // SAFETY: the frame is valid and exclusively borrowed.
        sys::check(unsafe { ffi::av_frame_make_writable(self.raw.as_mut_ptr()) })
            .map(|_| ())
            .map_err(|_| MediaError::OutOfMemory { what: "a picture" })
    }

    /// All planes, writable; shared ones are copied first.
    ///
    /// # Errors
    /// [`MediaError::OutOfMemory`] when a copy was needed and not possible.
    pub fn planes_mut(&mut self) -> Result<Vec<PlaneMut<'_>>, MediaError> {
        self.make_writable()?;
        let planes = (0..self.planes()).map(|index| {
            let (row_bytes, rows) = self.format.plane_size(index, self.width, self.height);
            let (data, stride) = self.place(index);
            // SAFETY: as in `plane`; the buffers are exclusively ours after `make_writable`, planes
            // do not overlap, and the borrow follows `&mut self`.
            let data = unsafe { std::slice::from_raw_parts_mut(data, stride * (rows - 1) + row_bytes) };
            PlaneMut { data, stride, row_bytes, rows }
        });
        Ok(planes.collect())
    }

    /// Copies the samples of a frame of the same size and format.
    ///
    /// # Errors
    /// [`MediaError::FrameMismatch`] for another shape, [`MediaError::OutOfMemory`].
    pub fn copy_from(&mut self, source: &Self) -> Result<(), MediaError> {
        if !self.spec().fits(source) {
            return Err(MediaError::FrameMismatch { wanted: self.shape(), found: source.shape() });
        }
        for (index, plane) in self.planes_mut()?.into_iter().enumerate() {
            let from = source.plane(index);
            let target = plane.data.chunks_mut(plane.stride);
            for (to, from) in target.zip(from.data.chunks(from.stride)) {
                to[..plane.row_bytes].copy_from_slice(&from[..plane.row_bytes]);
            }
        }
        Ok(())
    }

    /// Size and format in words.
    pub fn shape(&self) -> String {
        format!("{}x{} {}", self.width, self.height, self.format)
    }

    pub(super) fn raw(&self) -> &RawFrame {
        &self.raw
    }

    pub(super) fn raw_mut(&mut self) -> &mut RawFrame {
        &mut self.raw
    }

    /// Start and row distance of a plane.
    fn place(&self, index: usize) -> (*mut u8, usize) {
        // SAFETY: the frame is valid; plain fields are read.
        let (data, stride) =
            unsafe { ((*self.raw.as_ptr()).data[index], (*self.raw.as_ptr()).linesize[index]) };
        (data, usize::try_from(stride).unwrap_or(0))
    }

    fn has_plane(&self, index: usize) -> bool {
        let (data, stride) = self.place(index);
        let (row_bytes, rows) = self.format.plane_size(index, self.width, self.height);
        !data.is_null() && rows > 0 && stride >= row_bytes
    }
}

/// The frame with rows running downwards: bitmap-like files store them upwards, which FFmpeg shows
/// as negative row distances.
fn top_down(raw: RawFrame) -> Result<RawFrame, MediaError> {
    // SAFETY: the frame is valid; plain fields are read.
    if unsafe { (*raw.as_ptr()).linesize.iter().all(|&stride| stride >= 0) } {
        return Ok(raw);
    }
    let mut turned = RawFrame::new()?;
    // SAFETY: both frames are valid; the new one gets buffers for the same size and format, and
    // FFmpeg's copy follows each frame's own row distances.
    let copied = unsafe {
        let (from, to) = (raw.as_ptr(), turned.as_mut_ptr());
        (*to).width = (*from).width;
        (*to).height = (*from).height;
        (*to).format = (*from).format;
        sys::check(ffi::av_frame_get_buffer(to, 0))
            .and_then(|_| sys::check(ffi::av_frame_copy(to, from)))
            .and_then(|_| sys::check(ffi::av_frame_copy_props(to, from)))
    };
    copied.map_err(|_| MediaError::OutOfMemory { what: "a picture" })?;
    Ok(turned)
}

impl Clone for VideoFrame {
    fn clone(&self) -> Self {
        let raw = self.raw.share().expect("sharing a frame allocates a few hundred bytes");
        Self { raw, ..*self }
    }
}

impl fmt::Debug for VideoFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VideoFrame({})", self.shape())
    }
}

impl<'a> Plane<'a> {
    /// A row without its padding.
    pub fn row(&self, index: usize) -> &'a [u8] {
        let start = index * self.stride;
        &self.data[start..start + self.row_bytes]
    }
}

impl PlaneMut<'_> {
    /// A row without its padding, writable.
    pub fn row_mut(&mut self, index: usize) -> &mut [u8] {
        let start = index * self.stride;
        &mut self.data[start..start + self.row_bytes]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: FrameSpec =
        FrameSpec { width: 5, height: 3, format: PixelFormat::YUV420P, color: ColorDescription::BT709 };

    #[test]
    fn writing_a_shared_frame_leaves_the_other_alone() {
        let mut first = VideoFrame::allocate(&SPEC).unwrap();
        first.planes_mut().unwrap()[0].row_mut(1).fill(7);
        let mut second = first.clone();
        assert!(!first.is_writable());
        second.planes_mut().unwrap()[0].row_mut(1).fill(9);
        assert_eq!(first.plane(0).row(1), [7; 5]);
        assert_eq!(second.plane(0).row(1), [9; 5]);
        assert_eq!(second.color(), ColorDescription::BT709);
    }

    #[test]
    fn copying_needs_the_same_shape() {
        let mut first = VideoFrame::allocate(&SPEC).unwrap();
        let other = VideoFrame::allocate(&FrameSpec { width: 6, ..SPEC }).unwrap();
        assert_eq!(
            first.copy_from(&other).unwrap_err().to_string(),
            "expected a frame of 5x3 yuv420p, got 6x3 yuv420p"
        );
    }

    #[test]
    fn impossible_sizes_are_refused() {
        assert!(VideoFrame::allocate(&FrameSpec { width: 0, ..SPEC }).is_err());
        assert!(VideoFrame::allocate(&FrameSpec { width: u32::MAX, ..SPEC }).is_err());
    }
}
