//! Texts whose letters move by themselves.

use std::sync::Arc;

use vid_timeline::{BlendMode, Style, Text};

use super::{content, pixels};
use crate::cpu::executor::{Context, CpuExecutor};
use crate::cpu::sheet::Sheet;
use crate::error::RenderError;
use crate::raster::{PixelRect, Pixmap, Projection, Rows, Weight, blend_pixmap, project};
use crate::scene::{Area, GlyphStage, Grid, Placement, SceneLayer};
use crate::text::{TextBox, TextPart, rasterize_parts};

/// Most pixels across and down of a sheet of moving letters, in canvases: what has flown further is not
/// drawn.
const REACH: f64 = 1.0;

/// The text at its place at rest with every letter where its motion has it. `factor` is how many pixels of
/// the sheet make one of the canvas; at least 1.
pub fn sheet(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    (text, style): (&Text, &Style),
    at: &Placement,
    factor: f64,
) -> Result<Option<Sheet>, RenderError> {
    let (left, top, width, height) = at.area;
    let canvas = context.scene.size;
    let (large, large_style) = super::text::magnified(text, style, factor, canvas);
    let area = TextBox { left: 0.0, top: 0.0, width: width * factor, height: height * factor, canvas };
    let key =
        content::key(&("letters", &large, &large_style, [width, height, factor].map(f64::to_bits), canvas));
    let fonts = executor.assets.fonts();
    let parts: Arc<Vec<TextPart>> =
        executor.rasters.parts(key, || Ok(rasterize_parts(fonts, &large, &large_style, &area)?))?;
    // As on the way through the planes, a text at rest stands on whole pixels.
    let whole = |value: f64| match layer.place.grid {
        Grid::Pixels => (value + 0.5).floor(),
        Grid::Exact => value,
    };
    let (left, top) = (whole(left), whole(top));
    let room = room(at.area, (canvas.width, canvas.height), factor);
    let letters = parts.iter().filter(|part| part.cell.is_some()).count();
    let mut placed = Vec::new();
    let mut index = 0;
    for part in parts.iter() {
        let rect = part.raster.rect;
        let mut sheet = Sheet {
            pixmap: part.raster.pixmap.clone(),
            left: left + f64::from(rect.x0) / factor,
            top: top + f64::from(rect.y0) / factor,
            width: f64::from(rect.width()) / factor,
            height: f64::from(rect.height()) / factor,
        };
        let mut opacity = Weight::ONE;
        let mut pose = Projection::IDENTITY;
        if let Some((x, y, cell_width, cell_height)) = part.cell {
            let cell = (left + x / factor, top + y / factor, cell_width / factor, cell_height / factor);
            let glyph = GlyphStage { index, count: letters, em: text.font_size.to_f64() };
            let state = layer.glyph_motion_at(context.scene, glyph, context.frame);
            index += 1;
            opacity = Weight::from_unit(state.opacity);
            if opacity == Weight::ZERO {
                continue;
            }
            if state.touches_pixels() {
                pixels::apply(&mut sheet, cell, &state, canvas);
            }
            let middle = (cell.0 + cell.2 / 2.0, cell.1 + cell.3 / 2.0);
            pose = state.projection(cell, middle, canvas);
        }
        let map = sheet.placed().then(pose).then(Projection::scaled(factor, factor));
        if let Some((pixmap, x, y)) = project(&sheet.pixmap, map, room, Rows::Serial) {
            placed.push((pixmap, x, y, opacity));
        }
    }
    let around = placed.iter().fold(PixelRect::EMPTY, |rect, (pixmap, x, y, _)| {
        rect.union(PixelRect::at(*x, *y, pixmap.width(), pixmap.height()))
    });
    if around.is_empty() {
        return Ok(None);
    }
    let mut whole = Pixmap::transparent(around.width(), around.height());
    for (pixmap, x, y, opacity) in &placed {
        blend_pixmap(&mut whole, pixmap, (x - around.x0, y - around.y0), BlendMode::None, *opacity);
    }
    Ok(Some(Sheet {
        left: f64::from(around.x0) / factor,
        top: f64::from(around.y0) / factor,
        width: f64::from(around.width()) / factor,
        height: f64::from(around.height()) / factor,
        pixmap: whole,
    }))
}

/// The pixels of the sheet that letters may land on: the box and a canvas around it, on all sides.
fn room((left, top, width, height): Area, canvas: (u32, u32), factor: f64) -> PixelRect {
    let (across, down) = (REACH * f64::from(canvas.0), REACH * f64::from(canvas.1));
    let edge = |value: f64| (value * factor).clamp(-1e6, 1e6).floor() as i32;
    // A box may be far larger than the canvas; what lies two canvases from its corner is never seen.
    let (x1, y1) = (width.min(2.0 * across) + left + across, height.min(2.0 * down) + top + down);
    PixelRect { x0: edge(left - across), y0: edge(top - down), x1: edge(x1), y1: edge(y1) }
}
