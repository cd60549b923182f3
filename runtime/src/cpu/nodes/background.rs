//! `Background`: the canvas filled with a colour.

use vid_timeline::Color;

use crate::cpu::executor::CpuExecutor;
use crate::error::RenderError;
use crate::media::VideoFrame;
use crate::raster::{Ycc, fill};

/// A canvas of `color`. Its opacity plays no part: the formats rendered here are opaque.
pub fn run(executor: &CpuExecutor<'_>, color: Color) -> Result<VideoFrame, RenderError> {
    let mut canvas = executor.canvas.blank()?;
    let color = Ycc::from_color(color, executor.canvas.color());
    executor.canvas.paint(&mut canvas, |planes| fill(planes, color))?;
    Ok(canvas)
}
