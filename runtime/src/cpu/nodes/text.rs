//! `Text`: words, brought to their place.

use vid_timeline::{Style, Text};

use super::over::Placed;
use crate::cpu::executor::{Context, CpuExecutor};
use crate::error::RenderError;
use crate::scene::{SceneLayer, placement};

/// The words at their place. They are set and rasterised once for all frames and executors that
/// show them in a box of this size.
pub fn place(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    text: &Text,
    style: &Style,
) -> Result<Placed, RenderError> {
    // A box has no natural size of its own.
    let at = placement(context.scene, layer, (1, 1), context.frame);
    let color = executor.canvas.color();
    let placed = executor.rasters.text(executor.assets, text, style, at.area, executor.size(), color)?;
    Ok(placed.map_or(Placed::Nothing, Placed::Shared))
}
