//! `Still`: a picture file, brought to its place.

use super::over::Placed;
use crate::assets::ContentHash;
use crate::cpu::executor::CpuExecutor;
use crate::error::RenderError;
use crate::scene::Placement;

/// The picture at its place. It is decoded, scaled and converted once for all frames and executors
/// that show it at this size.
pub fn place(
    executor: &mut CpuExecutor<'_>,
    at: &Placement,
    media: ContentHash,
) -> Result<Placed, RenderError> {
    if at.rect.is_empty() {
        return Ok(Placed::Nothing);
    }
    let color = executor.canvas.color();
    let placed = executor.rasters.still(executor.assets, media, at, executor.size(), color)?;
    Ok(placed.map_or(Placed::Nothing, Placed::Shared))
}
