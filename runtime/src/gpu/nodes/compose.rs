//! The general way of a layer onto the canvas: sheet, look, pose, box, mask, opacity and blend mode, as on
//! the CPU.

use vid_timeline::BlendMode;

use super::convert::{self, blend_number};
use super::finish::{Setting, finish};
use super::{clip, group, mask, pixels, project};
use crate::cpu::executor::Context;
use crate::cpu::nodes::content;
use crate::cpu::sheet::pixel_size;
use crate::error::RenderError;
use crate::gpu::canvas::Planes;
use crate::gpu::executor::{GpuExecutor, Value};
use crate::gpu::kernels::{Family, Kernel};
use crate::gpu::picture::{Pixels, Plate};
use crate::raster::{ColorSpec, PixelRect, Region, Weight, scale};
use crate::scene::{Fill, Picture, Placement, SceneLayer};

/// A layer's pixels on the canvas, before its opacity.
#[derive(Clone)]
pub struct Composed {
    /// The pixels.
    pub pixels: Pixels,
    /// Column of the first.
    pub x: i32,
    /// Row of the first.
    pub y: i32,
}

impl Composed {
    /// The pixels of the canvas that it may change.
    pub fn rect(&self) -> PixelRect {
        PixelRect::at(self.x, self.y, self.pixels.width, self.pixels.height)
    }
}

/// The canvas `below` with the layer on it.
pub fn run(
    gpu: &mut GpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    at: &Placement,
    opacity: Weight,
    below: Value,
) -> Result<Value, RenderError> {
    let own = layer.look.blend_mode.0;
    if own != BlendMode::None || at.motion.fill.is_some() {
        let Some(composed) = compose(gpu, context, layer, at)? else { return Ok(below) };
        let mode = match at.motion.fill {
            None => blend_number(own),
            Some(Fill::Overlay) => blend_number(BlendMode::Overlay),
            Some(Fill::Difference) => convert::DIFFERENCE,
        };
        let canvas = gpu.device(below).owned(&mut gpu.recorder);
        blend_mode(gpu, &canvas, &composed, mode, opacity);
        return Ok(Value::Device(canvas));
    }
    if layer.is_static() {
        let key = content::key(&("composed", layer, context.scene.size));
        let known = match gpu.kept.composed.find(|known| *known == key) {
            Some(known) => known,
            None => {
                let composed = compose(gpu, context, layer, at)?;
                let made =
                    composed.map(|composed| convert::layer(gpu, &composed.pixels, (composed.x, composed.y)));
                gpu.kept.composed.keep(key, made.clone());
                made
            }
        };
        return Ok(match known {
            Some(layer) => super::over::painted(gpu, below, &[layer], opacity),
            None => below,
        });
    }
    Ok(match compose(gpu, context, layer, at)? {
        Some(Composed { pixels, x, y }) => lay_over(gpu, pixels, (x, y), opacity, below),
        None => below,
    })
}

/// Pixels on a canvas, as they are. Solid ones that fill it become it, as on the CPU, by FFmpeg's
/// conversion; which way it is may be known to the device alone.
pub fn lay_over(
    gpu: &mut GpuExecutor<'_>,
    pixels: Pixels,
    (x, y): (i32, i32),
    opacity: Weight,
    below: Value,
) -> Value {
    let fills = (x, y, pixels.width, pixels.height) == (0, 0, gpu.shape.width, gpu.shape.height);
    if !fills || opacity != Weight::ONE || pixels.solid == Some(false) {
        let layer = convert::layer(gpu, &pixels, (x, y));
        return super::over::painted(gpu, below, &[layer], opacity);
    }
    if pixels.solid == Some(true) {
        return Value::Device(convert::canvas(gpu, &pixels));
    }
    let flag = pixels.clear_flag(&mut gpu.recorder);
    let layer = convert::layer(gpu, &pixels, (x, y));
    let canvas = gpu.device(below).owned(&mut gpu.recorder);
    convert::canvas_unless(gpu, &pixels, &canvas, &flag);
    canvas.blend(&mut gpu.recorder, &layer, opacity, Some(&flag));
    Value::Device(canvas)
}

fn blend_mode(gpu: &mut GpuExecutor<'_>, canvas: &Planes, composed: &Composed, mode: u32, opacity: Weight) {
    let PixelRect { x0, y0, x1, y1 } = composed.rect();
    let spec = ColorSpec::BT709;
    let [kr, _, kb] = spec.luma_shares();
    let (luma, chroma) = spec.extents();
    let share = opacity.parts() as f32 / (65_536.0 * 255.0);
    let floats = [share, kr, kb, spec.black() as f32, luma as f32, chroma as f32].map(f32::to_bits);
    let edges = [x0, y0, x1, y1].map(|edge| edge as u32);
    let further: Vec<u32> = edges.into_iter().chain([mode]).chain(floats).collect();
    let reads = [Some(&composed.pixels.memory), None];
    canvas.run(&mut gpu.recorder, Kernel::of(Family::Blend, "blend_canvas"), reads, None, &further);
}

/// The layer's pixels on the canvas; `None` when nothing of it is there.
pub fn compose(
    gpu: &mut GpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    at: &Placement,
) -> Result<Option<Composed>, RenderError> {
    let Some(mut plate) = sheet(gpu, context, layer, at)? else { return Ok(None) };
    if at.motion.touches_pixels() {
        pixels::apply(gpu, &mut plate, at.area, &at.motion, context.scene.size)?;
    }
    let canvas = PixelRect::of(context.scene.size);
    let map = plate.placed().then(at.pose);
    let Some(mut composed) = project::project(&mut gpu.recorder, &plate.pixels, map, canvas) else {
        return Ok(None);
    };
    if at.motion.zoom > 1.0 && !layer.look.has_edges() {
        clip::to_window(gpu, &mut composed, at, context.scene.size);
    }
    if layer.look.clip {
        clip::to_box(gpu, &mut composed, at);
    }
    if let Some(own) = &layer.mask {
        mask::apply(gpu, context, layer, own, at, &mut composed)?;
    }
    Ok(Some(composed))
}

/// The layer's picture with its look.
fn sheet(
    gpu: &mut GpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    at: &Placement,
) -> Result<Option<Plate>, RenderError> {
    let lives = matches!(layer.picture, Picture::Video { .. } | Picture::Group { .. })
        || layer.look.is_timed()
        || layer.is_caption()
        || layer.glyphs_move(context.scene, context.frame);
    if lives {
        return finished(gpu, context, layer, at);
    }
    // Made once for all frames on which it has this size.
    let key = content::sheet_key(layer, Some(&layer.look), at, context.scene.size);
    let corner = (at.edges[0], at.edges[1]);
    let known = match gpu.kept.sheets.find(|known| *known == key) {
        Some(known) => known,
        None => {
            let made = finished(gpu, context, layer, at)?.map(|plate| (plate, corner));
            gpu.kept.sheets.keep(key, made.clone());
            made
        }
    };
    Ok(known.map(|(plate, made_at)| {
        let (dx, dy) = (corner.0 - made_at.0, corner.1 - made_at.1);
        Plate { left: plate.left + dx, top: plate.top + dy, ..plate }
    }))
}

fn finished(
    gpu: &mut GpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    at: &Placement,
) -> Result<Option<Plate>, RenderError> {
    let Some(mut plate) = picture(gpu, context, layer, at)? else { return Ok(None) };
    let time = layer.local_start + context.scene.time_of(context.frame);
    let frame = context.scene.frame_rate.frame_from_time(time);
    let assets = gpu.cpu.assets;
    let lut = layer.look.lut.as_ref().map(|lut| assets.lut(lut.file)).transpose()?;
    finish(gpu, &mut plate, &layer.look, Setting { canvas: context.scene.size, frame, lut })?;
    Ok(Some(plate))
}

/// The layer's picture at its place at rest: a group's canvas is made here, any other picture by the CPU.
fn picture(
    gpu: &mut GpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    at: &Placement,
) -> Result<Option<Plate>, RenderError> {
    let Picture::Group { scene, ahead } = &layer.picture else {
        let sheet = content::sheet(&mut gpu.cpu, context, layer, at)?;
        return Ok(sheet.map(|sheet| Plate::upload(&mut gpu.recorder, &sheet)));
    };
    let [left, top, right, bottom] = at.edges;
    let (width, height) = (right - left, bottom - top);
    if !(width > 0.0 && height > 0.0) {
        return Ok(None);
    }
    let size = pixel_size(width, height, crate::cpu::sheet::density(at));
    let mut drawn = group::draw(gpu, context, scene, *ahead)?;
    if at.source != (0.0, 0.0, 1.0, 1.0) || (drawn.width, drawn.height) != size {
        // Scaling is a library's kernel on the CPU.
        let (left, top, right, bottom) = at.source;
        let canvas = drawn.download(&mut gpu.recorder)?;
        let scaled = scale(&canvas, Region { left, top, right, bottom }, size.0, size.1)?;
        drawn = gpu.upload(&scaled);
    }
    let (mut left, mut top) = (left, top);
    let place = &layer.place;
    if place.flip_horizontal || place.flip_vertical {
        let further = [place.flip_horizontal, place.flip_vertical].map(u32::from);
        drawn = drawn.changed(&mut gpu.recorder, Kernel::of(Family::Pixels, "flipped"), None, &further);
        let (area_left, area_top, area_width, area_height) = at.area;
        if place.flip_horizontal {
            left = 2.0 * area_left + area_width - left - width;
        }
        if place.flip_vertical {
            top = 2.0 * area_top + area_height - top - height;
        }
    }
    Ok(Some(Plate { pixels: drawn, left, top, width, height }))
}
