//! Pictures as sheets of pixels, ready for a look and a pose.

use serde::Serialize;
use vid_timeline::{Size, Text};

use super::source::{self, Line};
use super::{captions, glyphs, group};
use crate::assets::ContentHash;
use crate::cpu::executor::{Context, CpuExecutor};
use crate::cpu::sheet::{Sheet, density, pixel_size};
use crate::error::RenderError;
use crate::raster::{Pixmap, Region, draw_shape, scale};
use crate::scene::{Look, Picture, Placement, SceneLayer};
use crate::text::{MAX_FONT_SIZE, MAX_TEXT_PIXELS, TextBox, rasterize};

/// Largest density at which letters that move by themselves are drawn.
const MAX_LETTERS: f64 = 2.0;

/// The layer's picture at its place at rest; `None` when nothing of it is to be seen.
///
/// Edges of pictures that lie between pixels stay there: the pixels are stretched to them.
pub fn sheet(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    at: &Placement,
) -> Result<Option<Sheet>, RenderError> {
    let [left, top, right, bottom] = at.edges;
    let (width, height) = (right - left, bottom - top);
    // A line may have a box without width or height.
    let has_area = (width > 0.0 && height > 0.0) || matches!(layer.picture, Picture::Shape { .. });
    if !has_area {
        return Ok(None);
    }
    let density = density(at);
    let size = pixel_size(width, height, density);
    let placed = |pixmap: Pixmap| Sheet { pixmap, left, top, width, height };
    let mut sheet = match &layer.picture {
        Picture::Video { media, course, .. } => {
            let line = Line { media: *media, course: *course };
            placed(source::pixmap(executor, context, at, line, size)?)
        }
        Picture::Still { media, .. } => {
            let still = executor.rasters.decoded(executor.assets, *media)?;
            let (left, top, right, bottom) = at.source;
            placed(scale(&still, Region { left, top, right, bottom }, size.0, size.1)?)
        }
        Picture::Text { text, style, .. } if text.word_animation.is_some() => {
            let factor = text_density(density, text, at).min(MAX_LETTERS);
            let Some(words) = &text.word_animation else { return Ok(None) };
            match captions::sheet(executor, context, layer, (text, style, words), at, factor)? {
                Some(sheet) => sheet,
                None => return Ok(None),
            }
        }
        Picture::Text { text, style, .. } if layer.glyphs_move(context.scene, context.frame) => {
            // Not shrunk: letters may be larger than the text.
            let factor = text_density(density, text, at).min(MAX_LETTERS);
            match glyphs::sheet(executor, context, layer, (text, style), at, factor)? {
                Some(sheet) => sheet,
                None => return Ok(None),
            }
        }
        Picture::Text { text, style, .. } => {
            let (left, top, width, height) = at.area;
            // Letters are drawn larger where they are seen larger, and drawn once and shrunk where they
            // are seen smaller, so that they keep their places while they grow.
            let factor = text_density(density, text, at);
            let (text, style) = super::text::magnified(text, style, factor, context.scene.size);
            let area = TextBox {
                left: 0.0,
                top: 0.0,
                width: width * factor,
                height: height * factor,
                canvas: context.scene.size,
            };
            let raster = rasterize(executor.assets.fonts(), &text, &style, &area)?;
            if raster.rect.is_empty() {
                return Ok(None);
            }
            // As on the way through the planes, a text at rest stands on whole pixels.
            let whole = |value: f64| match layer.place.grid {
                crate::scene::Grid::Pixels => (value + 0.5).floor(),
                crate::scene::Grid::Exact => value,
            };
            let pixmap = shrunk(raster.pixmap, density / factor)?;
            Sheet {
                pixmap,
                left: whole(left) + f64::from(raster.rect.x0) / factor,
                top: whole(top) + f64::from(raster.rect.y0) / factor,
                width: f64::from(raster.rect.width()) / factor,
                height: f64::from(raster.rect.height()) / factor,
            }
        }
        Picture::Shape { shape, fit } => {
            let Some(drawn) = draw_shape(shape, (width, height), *fit, density) else { return Ok(None) };
            let [x0, y0, x1, y1] = drawn.edges;
            Sheet { pixmap: drawn.pixmap, left: left + x0, top: top + y0, width: x1 - x0, height: y1 - y0 }
        }
        Picture::Group { scene, ahead } => {
            let canvas = group::draw(executor, context, scene, *ahead)?;
            let (left, top, right, bottom) = at.source;
            placed(scale(&canvas, Region { left, top, right, bottom }, size.0, size.1)?)
        }
    };
    let place = &layer.place;
    if place.flip_horizontal || place.flip_vertical {
        sheet.pixmap = sheet.pixmap.flipped(place.flip_horizontal, place.flip_vertical);
        let (left, top, width, height) = at.area;
        if place.flip_horizontal {
            sheet.left = 2.0 * left + width - sheet.left - sheet.width;
        }
        if place.flip_vertical {
            sheet.top = 2.0 * top + height - sheet.top - sheet.height;
        }
    }
    Ok(Some(sheet))
}

/// The density that a text is drawn with: at least one, and so that neither its font nor its box is larger
/// than may be drawn.
fn text_density(density: f64, text: &Text, at: &Placement) -> f64 {
    let font = MAX_FONT_SIZE as f64 / text.font_size.to_f64().max(1.0);
    let (_, _, width, height) = at.area;
    let area = (MAX_TEXT_PIXELS as f64 / 2.0 / (width * height).max(1.0)).sqrt();
    density.min(font).min(area).max(1.0)
}

fn shrunk(pixmap: Pixmap, factor: f64) -> Result<Pixmap, RenderError> {
    if factor >= 1.0 {
        return Ok(pixmap);
    }
    let (width, height) = pixel_size(pixmap.width().into(), pixmap.height().into(), factor);
    Ok(scale(&pixmap, Region::WHOLE, width, height)?)
}

/// A name for the layer's sheet with a look, or without: everything it depends on but where its left and top edges
/// are.
pub fn sheet_key(layer: &SceneLayer, look: Option<&Look>, at: &Placement, canvas: Size) -> ContentHash {
    let (left, top, right, bottom) = at.source;
    let [x0, y0, x1, y1] = at.edges;
    let (area_left, area_top, area_width, area_height) = at.area;
    let numbers = [
        left,
        top,
        right,
        bottom,
        x1 - x0,
        y1 - y0,
        area_left - x0,
        area_top - y0,
        area_width,
        area_height,
        density(at),
    ];
    let flips = (layer.place.flip_horizontal, layer.place.flip_vertical, layer.place.grid);
    // Where a text stands between pixels is part of what it looks like.
    let fraction = match layer.place.grid {
        crate::scene::Grid::Pixels => [area_left, area_top].map(|value| (value + 0.5).floor() - value),
        crate::scene::Grid::Exact => [0.0; 2],
    };
    key(&(
        "sheet",
        &layer.picture,
        look,
        flips,
        numbers.map(f64::to_bits),
        fraction.map(f64::to_bits),
        canvas,
    ))
}

/// The hash of plain data.
pub fn key(value: &impl Serialize) -> ContentHash {
    ContentHash::of(&serde_json::to_vec(value).expect("layers serialise: plain data without maps"))
}
