//! The output's frames: where they come from and how kernels reach their planes.

use crate::error::RenderError;
use crate::media::{FramePool, FrameSpec, MediaError, VideoFrame};
use crate::raster::{ColorSpec, Plane, PlaneMut, Planes, PlanesMut};

/// Recycled frames of the output's shape.
pub struct Canvas {
    pool: FramePool,
}

impl Canvas {
    /// Frames from `pool`, which gives 8-bit 4:2:0.
    pub const fn new(pool: FramePool) -> Self {
        Self { pool }
    }

    /// Shape of the frames.
    pub fn spec(&self) -> &FrameSpec {
        self.pool.spec()
    }

    /// What the numbers in the planes mean.
    pub const fn color(&self) -> ColorSpec {
        ColorSpec::BT709
    }

    /// A frame with undefined content.
    ///
    /// # Errors
    /// Out of memory.
    pub fn blank(&self) -> Result<VideoFrame, RenderError> {
        Ok(self.pool.get()?)
    }

    /// `frame` itself when nobody else holds it, otherwise a copy.
    ///
    /// # Errors
    /// Out of memory.
    pub fn owned(&self, frame: VideoFrame) -> Result<VideoFrame, RenderError> {
        if frame.is_writable() { Ok(frame) } else { Ok(self.pool.copy(&frame)?) }
    }

    /// Lets `work` write the planes of a frame.
    ///
    /// # Errors
    /// When the frame is not 8-bit 4:2:0.
    pub fn paint<T>(
        &self,
        frame: &mut VideoFrame,
        work: impl FnOnce(&mut PlanesMut<'_>) -> T,
    ) -> Result<T, RenderError> {
        let (width, height) = (frame.width(), frame.height());
        let planes: Result<[_; 3], _> = frame.planes_mut()?.try_into();
        let planes = planes.ok().and_then(|planes: [_; 3]| {
            let planes =
                planes.map(|p: crate::media::PlaneMut<'_>| PlaneMut { data: p.data, stride: p.stride });
            PlanesMut::new(width, height, planes)
        });
        match planes {
            Some(mut planes) => Ok(work(&mut planes)),
            None => Err(self.mismatch(format!("{width}x{height} in other planes"))),
        }
    }

    /// The planes of a frame.
    ///
    /// # Errors
    /// When the frame is not 8-bit 4:2:0.
    pub fn planes<'f>(&self, frame: &'f VideoFrame) -> Result<Planes<'f>, RenderError> {
        let plane = |index| {
            let plane = frame.plane(index);
            Plane { data: plane.data, stride: plane.stride }
        };
        let planes = (frame.planes() == 3)
            .then(|| Planes::new(frame.width(), frame.height(), [plane(0), plane(1), plane(2)]));
        planes.flatten().ok_or_else(|| self.mismatch(frame.shape()))
    }

    fn mismatch(&self, found: String) -> RenderError {
        MediaError::FrameMismatch { wanted: self.spec().to_string(), found }.into()
    }
}
