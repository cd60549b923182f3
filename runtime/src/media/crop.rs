//! Parts of pictures, without copying them.

use ffmpeg_next::ffi;

use super::error::MediaError;
use super::frame::VideoFrame;
use super::sys;

impl VideoFrame {
    /// The `width` × `height` pixels from column `x`, row `y` on, sharing the planes of this
    /// picture. `x` and `y` lie on the format's chroma grid.
    ///
    /// # Errors
    /// [`MediaError::FrameMismatch`] when the part leaves the picture or is off the grid,
    /// [`MediaError::OutOfMemory`].
    pub fn cropped(&self, x: u32, y: u32, width: u32, height: u32) -> Result<Self, MediaError> {
        let (across, down) = self.format().chroma_shift();
        let inside = |first: u32, length: u32, whole: u32| {
            length > 0 && u64::from(first) + u64::from(length) <= u64::from(whole)
        };
        let is_aligned = x.trailing_zeros() >= across && y.trailing_zeros() >= down;
        if !inside(x, width, self.width()) || !inside(y, height, self.height()) || !is_aligned {
            let wanted = format!("a part of {}", self.shape());
            return Err(MediaError::FrameMismatch { wanted, found: format!("{width}x{height} at {x},{y}") });
        }
        let mut part = self.raw().share()?;
        // SAFETY: the structure is ours, its buffers are shared and only pointed into; the part is
        // inside the picture, so each moved pointer stays inside its plane.
        let moved = unsafe {
            let frame = part.as_mut_ptr();
            (*frame).crop_left = x as usize;
            (*frame).crop_top = y as usize;
            (*frame).crop_right = (self.width() - x - width) as usize;
            (*frame).crop_bottom = (self.height() - y - height) as usize;
            sys::check(ffi::av_frame_apply_cropping(frame, ffi::AV_FRAME_CROP_UNALIGNED as i32))
        };
        moved.map_err(|_| MediaError::OutOfMemory { what: "a part of a picture" })?;
        Self::from_raw(part)
    }
}
