//! One frame, without encoding it.

use vid_timeline::{Time, Timeline};

use crate::assets::Assets;
use crate::cpu::{CpuExecutor, SharedRasters};
use crate::error::RenderError;
use crate::media::{FrameSpec, PixelFormat, Scaler, VideoFrame};
use crate::plan::frame_spec;
use crate::raster::Pixmap;
use crate::scene::scene_from_timeline;

/// Which frame of which film.
pub struct StillRequest<'a> {
    /// The film; it has passed the validator.
    pub timeline: &'a Timeline,
    /// Its files.
    pub assets: &'a Assets,
    /// The instant; what lies outside the film shows its first or last frame.
    pub time: Time,
}

/// The frame at an instant, as pixels: exactly what a render hands to the encoder, converted to
/// R′G′B′.
///
/// # Errors
/// What a render of the frame would fail with.
pub fn frame_at(request: &StillRequest<'_>) -> Result<Pixmap, RenderError> {
    let timeline = request.timeline;
    let last = (timeline.frame_count() - 1).max(0);
    // The frame that is on screen at the instant: the last one that has begun.
    let number = (request.time.seconds() * timeline.frame_rate.per_second()).floor();
    let number = i64::try_from(number).unwrap_or(last).clamp(0, last);
    let scene = scene_from_timeline(timeline, request.assets, number..number + 1)?;
    let rasters = SharedRasters::default();
    let mut executor = CpuExecutor::new(frame_spec(timeline), request.assets, &rasters)?;
    executor.begin(&scene, number);
    pixmap(&executor.frame(0)?)
}

fn pixmap(frame: &VideoFrame) -> Result<Pixmap, RenderError> {
    let mut rgba = VideoFrame::allocate(&FrameSpec { format: PixelFormat::RGBA, ..frame.spec() })?;
    Scaler::new().convert(frame, &mut rgba)?;
    let plane = rgba.plane(0);
    let pixels = (0..plane.rows).flat_map(|row| plane.row(row)).copied().collect();
    Pixmap::from_premultiplied(rgba.width(), rgba.height(), pixels)
        .ok_or_else(|| RenderError::broken_timeline("a frame of whole rows"))
}
