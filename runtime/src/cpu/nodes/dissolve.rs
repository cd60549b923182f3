//! `Dissolve`: one canvas becoming another.

use vid_timeline::TimeRange;

use crate::cpu::executor::{Context, CpuExecutor};
use crate::error::RenderError;
use crate::media::VideoFrame;
use crate::raster::{Rows, Weight, mix};
use crate::scene::progress;

/// `from·(1 − p) + to·p`, with `p` the progress through `range` at the frame's instant.
pub fn run(
    executor: &CpuExecutor<'_>,
    context: &Context<'_>,
    range: TimeRange,
    from: VideoFrame,
    to: &VideoFrame,
) -> Result<VideoFrame, RenderError> {
    let weight = Weight::from_unit(progress(range, context.scene.time_of(context.frame)));
    if weight == Weight::ZERO {
        return Ok(from);
    }
    let mut canvas = executor.canvas.blank()?;
    let (a, b) = (executor.canvas.planes(&from)?, executor.canvas.planes(to)?);
    executor.canvas.paint(&mut canvas, |planes| mix(planes, &a, &b, weight, Rows::Serial))?;
    Ok(canvas)
}
