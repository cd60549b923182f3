//! Recycled picture buffers: a frame given back to the pool by being dropped is the next one got.

use std::ptr::NonNull;

use ffmpeg_next::ffi;

use super::error::MediaError;
use super::frame::{FrameSpec, MAX_PLANES, VideoFrame};
use super::sys::RawFrame;

/// Alignment of rows in bytes: the widest vector load of the kernels that read them.
const ALIGNMENT: usize = 64;

/// Frames of one shape whose memory is recycled. May be used from several threads; frames may
/// outlive the pool.
pub struct FramePool {
    spec: FrameSpec,
    buffers: NonNull<ffi::AVBufferPool>,
    planes: [PlanePlace; MAX_PLANES],
}

/// Where a plane lies in a pooled buffer.
#[derive(Clone, Copy, Default)]
struct PlanePlace {
    offset: usize,
    stride: usize,
}

// SAFETY: FFmpeg's buffer pool is guarded by its own lock.
unsafe impl Send for FramePool {}
// SAFETY: as above.
unsafe impl Sync for FramePool {}

impl FramePool {
    /// A pool for frames of the given shape; nothing is allocated yet.
    ///
    /// # Errors
    /// [`MediaError::FrameMismatch`] for a shape without plain planes, [`MediaError::OutOfMemory`].
    pub fn new(spec: FrameSpec) -> Result<Self, MediaError> {
        let plain = spec.format.is_plain() && spec.width > 0 && spec.height > 0;
        let bounded = u64::from(spec.width) * u64::from(spec.height) <= super::limits::MAX_PIXELS;
        if !plain || !bounded {
            let wanted = "plain planes within the picture limits".to_owned();
            return Err(MediaError::FrameMismatch { wanted, found: spec.to_string() });
        }
        let mut planes = [PlanePlace::default(); MAX_PLANES];
        let mut size = 0;
        for (index, place) in planes.iter_mut().enumerate().take(spec.format.planes()) {
            let (row_bytes, rows) = spec.format.plane_size(index, spec.width, spec.height);
            *place = PlanePlace { offset: size, stride: row_bytes.next_multiple_of(ALIGNMENT) };
            size += place.stride * rows;
        }
        // Vector kernels may read one register past the last row.
        // SAFETY: plain call; null is checked.
        let buffers = unsafe { ffi::av_buffer_pool_init(size + ALIGNMENT, None) };
        let buffers = NonNull::new(buffers).ok_or(MediaError::OutOfMemory { what: "a frame pool" })?;
        Ok(Self { spec, buffers, planes })
    }

    /// Shape of the frames.
    pub fn spec(&self) -> &FrameSpec {
        &self.spec
    }

    /// A frame with undefined content, tagged with the pool's colour.
    ///
    /// # Errors
    /// [`MediaError::OutOfMemory`].
    pub fn get(&self) -> Result<VideoFrame, MediaError> {
        let mut raw = RawFrame::new()?;
        // SAFETY: the frame is ours and empty; the buffer is as large as `new` computed for exactly
        // these planes, and the frame owns it from here on.
        unsafe {
            let frame = raw.as_mut_ptr();
            let buffer = ffi::av_buffer_pool_get(self.buffers.as_ptr());
            if buffer.is_null() {
                return Err(MediaError::OutOfMemory { what: "a picture" });
            }
            (*frame).buf[0] = buffer;
            (*frame).width = self.spec.width as i32;
            (*frame).height = self.spec.height as i32;
            (*frame).format = self.spec.format.code();
            for (index, place) in self.planes.iter().enumerate().take(self.spec.format.planes()) {
                (*frame).data[index] = (*buffer).data.add(place.offset);
                (*frame).linesize[index] = place.stride as i32;
            }
            (*frame).extended_data = (&raw mut (*frame).data).cast();
        }
        self.spec.color.apply_to_frame(&mut raw);
        VideoFrame::from_raw(raw)
    }

    /// A frame with the samples of `source`, which has the pool's shape.
    ///
    /// # Errors
    /// [`MediaError::FrameMismatch`] for another shape, [`MediaError::OutOfMemory`].
    pub fn copy(&self, source: &VideoFrame) -> Result<VideoFrame, MediaError> {
        let mut frame = self.get()?;
        frame.copy_from(source)?;
        Ok(frame)
    }
}

impl Drop for FramePool {
    fn drop(&mut self) {
        let mut buffers = self.buffers.as_ptr();
        // SAFETY: the pool is ours; it frees itself when the last frame from it is gone.
        unsafe { ffi::av_buffer_pool_uninit(&raw mut buffers) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::{ColorDescription, PixelFormat};

    #[test]
    fn dropped_frames_come_back() {
        let spec =
            FrameSpec { width: 70, height: 3, format: PixelFormat::YUV420P, color: ColorDescription::BT709 };
        let pool = FramePool::new(spec).unwrap();
        let first = pool.get().unwrap();
        let place = first.plane(0).data.as_ptr();
        let second = pool.get().unwrap();
        assert_ne!(place, second.plane(0).data.as_ptr());
        drop(first);
        assert_eq!(place, pool.get().unwrap().plane(0).data.as_ptr());
        drop(pool);
        assert_eq!(second.plane(2).row(1).len(), 35);
    }
}
