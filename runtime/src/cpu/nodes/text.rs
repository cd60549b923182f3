//! `Text`: words, brought to their place.

use vid_timeline::{Length, Rational, Size, Style, Text};

use super::over::Placed;
use crate::cpu::executor::CpuExecutor;
use crate::error::RenderError;
use crate::scene::Placement;

/// The words at their place. They are set and rasterised once for all frames and executors that
/// show them in a box of this size.
pub fn place(
    executor: &mut CpuExecutor<'_>,
    at: &Placement,
    text: &Text,
    style: &Style,
) -> Result<Placed, RenderError> {
    let color = executor.canvas.color();
    let placed = executor.rasters.text(executor.assets, text, style, at.area, executor.size(), color)?;
    Ok(placed.map_or(Placed::Nothing, Placed::Shared))
}

/// The text and its style with all lengths `factor` times as large, for drawing it larger. Percentages
/// of the canvas become pixels on the way.
pub fn magnified(text: &Text, style: &Style, factor: f64, canvas: Size) -> (Text, Style) {
    let (mut text, mut style) = (text.clone(), style.clone());
    if factor <= 1.0 {
        return (text, style);
    }
    // Densities are steps: a few hundred thousandths more or less do not matter, exactness of the sums
    // does.
    let factor = Rational::ratio((factor * 1024.0) as i64, 1024);
    let across = Rational::from(canvas.width);
    let down = Rational::from(canvas.height);
    let grown = |length: Length, axis: Rational| Length::Pixels(length.resolve(axis) * factor);
    // Outlines up to 1 are shares of the font size and grow with it.
    if text.stroke_width > Rational::ONE {
        text.stroke_width = text.stroke_width * factor;
    }
    text.font_size = text.font_size * factor;
    text.tracking = text.tracking * factor;
    text.x_padding = grown(text.x_padding, across);
    text.y_padding = grown(text.y_padding, down);
    // Percent of these are of the plate, which grows.
    for length in [&mut style.border_radius, &mut style.border_width] {
        if let Length::Pixels(pixels) = length {
            *pixels = *pixels * factor;
        }
    }
    // The blur is a share of the font size already.
    style.shadow_x = grown(style.shadow_x, across);
    style.shadow_y = grown(style.shadow_y, down);
    (text, style)
}
