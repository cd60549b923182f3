//! The general way of a layer onto the canvas: through R'G'B' with opacity.
//!
//! Layers that are turned, tilted, scaled, mirrored, recoloured, framed or blended in a mode of their own
//! come this way; the others stay in the frame's planes (see [`super::over`]). In order:
//!
//! 1. the picture as a [`Sheet`], at the density at which it will be seen;
//! 2. its look ([`super::finish`]);
//! 3. its pose: drawn through a projection onto the canvas's pixels;
//! 4. what the box and the mask leave of it;
//! 5. opacity and blend mode.

use std::sync::Arc;

use vid_timeline::BlendMode;

use super::finish::{Setting, finish};
use super::{clip, content, mask, pixels};
use crate::cpu::executor::{Context, CpuExecutor};
use crate::cpu::sheet::Sheet;
use crate::error::RenderError;
use crate::media::VideoFrame;
use crate::raster::resample::whole_move;
use crate::raster::{PixelRect, Pixmap, PlanarLayer, Rows, Weight, blend, blend_mode, blend_with, project};
use crate::scene::{Fill, Picture, Placement, SceneLayer};

/// A layer's pixels on the canvas, before its opacity.
pub struct Composed {
    /// Premultiplied.
    pub pixmap: Pixmap,
    /// Column of its first pixel.
    pub x: i32,
    /// Row of its first pixel.
    pub y: i32,
}

/// The canvas `below` with the layer on it.
pub fn run(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    at: &Placement,
    opacity: Weight,
    below: VideoFrame,
) -> Result<VideoFrame, RenderError> {
    let color = executor.canvas.color();
    let own = layer.look.blend_mode.0;
    if own != BlendMode::None || at.motion.fill.is_some() {
        let Some(composed) = compose(executor, context, layer, at)? else { return Ok(below) };
        let mut canvas = executor.canvas.owned(below)?;
        let place = (composed.x, composed.y);
        executor.canvas.paint(&mut canvas, |planes| match at.motion.fill {
            None => blend_mode(planes, &composed.pixmap, place, own, opacity, color),
            Some(Fill::Overlay) => {
                blend_mode(planes, &composed.pixmap, place, BlendMode::Overlay, opacity, color);
            }
            Some(Fill::Difference) => {
                let distance = |b: f32, s: f32| (b - s).abs();
                blend_with(planes, &composed.pixmap, place, &distance, opacity, color);
            }
        })?;
        return Ok(canvas);
    }
    let planar = |composed: &Composed| {
        PlanarLayer::from_pixmap(&composed.pixmap, composed.x, composed.y, color)
            .ok_or_else(|| RenderError::broken_timeline("a picture of drawable size"))
    };
    let layer = if layer.is_static() {
        // Made once for all frames and executors that show it.
        let rasters = executor.rasters;
        let key = content::key(&("composed", layer, context.scene.size));
        rasters.composed(key, || {
            let composed = compose(executor, context, layer, at)?;
            composed.as_ref().map(planar).transpose()
        })?
    } else {
        let composed = compose(executor, context, layer, at)?;
        if let Some(Composed { pixmap, x: 0, y: 0 }) = &composed
            && pixmap.is_opaque()
            && opacity == Weight::ONE
            && (pixmap.width(), pixmap.height()) == (executor.size().width, executor.size().height)
        {
            return super::transitions::canvas_of(executor, pixmap);
        }
        composed.as_ref().map(planar).transpose()?.map(Arc::new)
    };
    let Some(layer) = layer.filter(|layer| !layer.is_clear()) else { return Ok(below) };
    let mut canvas = executor.canvas.owned(below)?;
    executor.canvas.paint(&mut canvas, |planes| blend(planes, &layer, opacity, Rows::Serial))?;
    Ok(canvas)
}

/// The layer's pixels on the canvas; `None` when nothing of it is there.
pub fn compose(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    at: &Placement,
) -> Result<Option<Composed>, RenderError> {
    let Some(mut sheet) = sheet(executor, context, layer, at)? else { return Ok(None) };
    if at.motion.touches_pixels() {
        pixels::apply(Arc::make_mut(&mut sheet), at.area, &at.motion, context.scene.size);
    }
    let canvas = PixelRect::of(context.scene.size);
    let map = sheet.placed().then(at.pose);
    let mut composed = match whole_move(map).filter(|place| contains(canvas, &sheet.pixmap, *place)) {
        // What lies on whole pixels as it is needs no drawing, and no copy where nobody else holds it.
        Some((x, y)) => {
            let sheet = Arc::unwrap_or_clone(sheet);
            Composed { pixmap: sheet.pixmap, x, y }
        }
        None => match project(&sheet.pixmap, map, canvas, Rows::Serial) {
            Some((pixmap, x, y)) => Composed { pixmap, x, y },
            None => return Ok(None),
        },
    };
    if at.motion.zoom > 1.0 && !layer.look.has_edges() {
        clip::to_window(&mut composed, at, context.scene.size);
    }
    if layer.look.clip {
        clip::to_box(&mut composed, at);
    }
    if let Some(mask) = &layer.mask {
        mask::apply(executor, context, layer, mask, at, &mut composed)?;
    }
    Ok(Some(composed))
}

/// Whether all of a picture lies on the canvas when its first pixel is at `place`.
fn contains(canvas: PixelRect, pixmap: &Pixmap, (x, y): (i32, i32)) -> bool {
    let area = PixelRect::at(x, y, pixmap.width(), pixmap.height());
    !area.is_empty() && canvas.contains(area)
}

/// The layer's picture with its look.
fn sheet(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    at: &Placement,
) -> Result<Option<Arc<Sheet>>, RenderError> {
    let time = layer.local_start + context.scene.time_of(context.frame);
    let frame = context.scene.frame_rate.frame_from_time(time);
    let assets = executor.assets;
    let lut = layer.look.lut.as_ref().map(|lut| assets.lut(lut.file)).transpose()?;
    let setting = Setting { canvas: context.scene.size, frame, lut };
    let finished = |sheet: Option<Sheet>| {
        let mut sheet = sheet;
        if let Some(sheet) = &mut sheet {
            finish(sheet, &layer.look, setting);
        }
        sheet
    };
    let lives = matches!(layer.picture, Picture::Video { .. } | Picture::Group { .. })
        || layer.is_caption()
        || layer.glyphs_move(context.scene, context.frame);
    if lives {
        return Ok(finished(content::sheet(executor, context, layer, at)?).map(Arc::new));
    }
    // Made once for all frames on which it has this size; under a look that changes, without that look.
    let (rasters, corner) = (executor.rasters, (at.edges[0], at.edges[1]));
    if layer.look.is_timed() {
        let key = content::sheet_key(layer, None, at, context.scene.size);
        let bare = rasters.sheet(key, corner, || content::sheet(executor, context, layer, at))?;
        return Ok(finished(bare.map(Arc::unwrap_or_clone)).map(Arc::new));
    }
    let key = content::sheet_key(layer, Some(&layer.look), at, context.scene.size);
    rasters.sheet(key, corner, || Ok(finished(content::sheet(executor, context, layer, at)?)))
}
