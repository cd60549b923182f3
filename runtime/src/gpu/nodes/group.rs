//! A group's own canvas, in R'G'B' with opacity; and whole films that are composed so.

use vid_timeline::{BlendMode, Blending, Time, TransitionType};

use super::compose::{Composed, compose};
use super::convert::{self, DIFFERENCE, blend_number};
use super::transitions;
use crate::cpu::executor::Context;
use crate::error::RenderError;
use crate::gpu::executor::{GpuExecutor, Value};
use crate::gpu::kernels::{Family, Kernel};
use crate::gpu::picture::Pixels;
use crate::gpu::pool::Memory;
use crate::gpu::recorder::Dispatch;
use crate::raster::{PixelRect, Pixmap, Region, Weight, light, scale};
use crate::scene::{Fill, Scene, SceneItem, SceneLayer, SceneTransition, placement, progress};

/// What the group's canvas shows on the frame of `context`. Its scene began `ahead` before the one
/// around it.
pub fn draw(
    gpu: &mut GpuExecutor<'_>,
    context: &Context<'_>,
    scene: &Scene,
    ahead: Time,
) -> Result<Pixels, RenderError> {
    let time = context.scene.time_of(context.frame) + ahead;
    let frame = (time.seconds() * scene.frame_rate.per_second()).floor();
    let frame = i64::try_from(frame).unwrap_or(0).clamp(0, (scene.frame_count - 1).max(0));
    items(gpu, &Context { scene, frame, after: context.after - ahead })
}

/// `Light`: the canvas of a film whose colours are mixed in linear light.
pub fn film(gpu: &mut GpuExecutor<'_>, context: &Context<'_>) -> Result<Value, RenderError> {
    let pixels = items(gpu, context)?;
    Ok(Value::Device(convert::canvas(gpu, &pixels)))
}

/// Everything that the scene of `context` shows, on a canvas with opacity.
pub fn items(gpu: &mut GpuExecutor<'_>, context: &Context<'_>) -> Result<Pixels, RenderError> {
    let mut canvas = background(gpu, context.scene)?;
    let blending = context.scene.blending;
    for item in context.scene.items.iter().filter(|item| item.frames().contains(&context.frame)) {
        match item {
            SceneItem::Layer(layer) => paint(gpu, context, layer, &mut canvas)?,
            SceneItem::Transition(transition)
                if blending == Blending::Linear
                    && transition.kind == TransitionType::CrossDissolve
                    && canvas.is_solid(&mut gpu.recorder)? =>
            {
                // Of two solid canvases, the second at an opacity is their mix.
                let memory = gpu.recorder.copy(&canvas.memory, canvas.len());
                let mut to = Pixels { memory, ..canvas.clone() };
                for (layer, canvas) in [(&transition.from, &mut canvas), (&transition.to, &mut to)] {
                    if let Some(layer) = layer {
                        paint(gpu, context, layer, canvas)?;
                    }
                }
                let share = progress(transition.range, context.scene.time_of(context.frame));
                lay(gpu, &mut canvas, &to, (0, 0), 0, Weight::from_unit(share), blending);
            }
            SceneItem::Transition(transition) => {
                let joined = joined(gpu, context, transition)?;
                lay(gpu, &mut canvas, &joined, (0, 0), 0, Weight::ONE, blending);
            }
        }
    }
    Ok(canvas)
}

/// Blends a picture on a canvas in the light that is asked for.
fn lay(
    gpu: &mut GpuExecutor<'_>,
    canvas: &mut Pixels,
    picture: &Pixels,
    (x, y): (i32, i32),
    mode: u32,
    opacity: Weight,
    blending: Blending,
) {
    let rect = PixelRect::at(x, y, picture.width, picture.height);
    let seen = rect.intersection(PixelRect::at(0, 0, canvas.width, canvas.height));
    if seen.is_empty() {
        return;
    }
    let curve = (blending == Blending::Linear).then(|| curve(gpu));
    let edges = [rect.x0, rect.y0, rect.x1, rect.y1].map(|edge| edge as u32);
    let further = [mode, opacity.parts(), u32::from(curve.is_some())];
    let numbers: Vec<u32> =
        [0, 0, canvas.width, canvas.height].into_iter().chain(edges).chain(further).collect();
    gpu.recorder.run(&Dispatch {
        kernel: Kernel::of(Family::Blend, "blend_pixels"),
        numbers: &numbers,
        reads: [Some(&picture.memory), curve.as_ref()],
        writes: &canvas.memory,
        flag: None,
        runs: (seen.width(), seen.height()),
    });
    // What is solid stays so; what is not may become it.
    canvas.solid = canvas.solid.filter(|solid| *solid);
}

/// The curve of light, both ways.
fn curve(gpu: &mut GpuExecutor<'_>) -> Memory {
    if let Some(known) = &gpu.kept.light {
        return known.clone();
    }
    let (light, codes) = light::tables();
    let mut words: Vec<u32> = light.iter().map(|value| value.to_bits()).collect();
    words.extend(codes.chunks(4).map(|codes| {
        let mut bytes = [0; 4];
        bytes[..codes.len()].copy_from_slice(codes);
        u32::from_le_bytes(bytes)
    }));
    let made = gpu.recorder.upload_words(&words);
    gpu.kept.light = Some(made.clone());
    made
}

fn background(gpu: &mut GpuExecutor<'_>, scene: &Scene) -> Result<Pixels, RenderError> {
    let (width, height) = (scene.size.width, scene.size.height);
    let color = scene.background;
    let pixel = Pixmap::from_straight(1, 1, vec![color.r, color.g, color.b, color.a]);
    let pixel = pixel.and_then(|pixel| pixel.pixels().try_into().ok()).unwrap_or([0; 4]);
    let mut canvas = Pixels::flooded(&mut gpu.recorder, (width, height), pixel);
    if let Some(media) = scene.background_image {
        let image = gpu.cpu.rasters.decoded(gpu.cpu.assets, media)?;
        let image = scale(&image, Region::WHOLE, width, height)?;
        let image = gpu.upload(&image);
        lay(gpu, &mut canvas, &image, (0, 0), 0, Weight::ONE, scene.blending);
    }
    Ok(canvas)
}

/// Paints a layer on a group's canvas.
fn paint(
    gpu: &mut GpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    canvas: &mut Pixels,
) -> Result<(), RenderError> {
    let opacity = Weight::from_unit(layer.opacity_at(context.scene, context.frame));
    if opacity == Weight::ZERO {
        return Ok(());
    }
    let at = placement(context.scene, layer, layer.picture.natural(), context.frame);
    let Some(Composed { pixels, x, y }) = compose(gpu, context, layer, &at)? else { return Ok(()) };
    let mode = match at.motion.fill {
        None => blend_number(layer.look.blend_mode.0),
        Some(Fill::Overlay) => blend_number(BlendMode::Overlay),
        Some(Fill::Difference) => DIFFERENCE,
    };
    lay(gpu, canvas, &pixels, (x, y), mode, opacity, context.scene.blending);
    Ok(())
}

/// What a transition makes of its two layers on an empty canvas.
fn joined(
    gpu: &mut GpuExecutor<'_>,
    context: &Context<'_>,
    transition: &SceneTransition,
) -> Result<Pixels, RenderError> {
    let (width, height) = (context.scene.size.width, context.scene.size.height);
    let mut side = |layer: Option<&SceneLayer>| {
        let mut canvas = Pixels::flooded(&mut gpu.recorder, (width, height), [0; 4]);
        canvas.solid = None;
        if let Some(layer) = layer {
            paint(gpu, context, layer, &mut canvas)?;
        }
        Ok::<_, RenderError>(canvas)
    };
    let (from, to) = (side(transition.from.as_ref())?, side(transition.to.as_ref())?);
    transitions::joined(gpu, context, transition.kind, transition.range, from, to)
}
