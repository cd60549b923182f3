//! A group's own canvas, in R'G'B' with opacity.

use vid_timeline::{BlendMode, Blending, Time, TransitionType};

use super::compose::{Composed, compose};
use super::transitions;
use crate::cpu::executor::{Context, CpuExecutor};
use crate::error::RenderError;
use crate::media::VideoFrame;
use crate::raster::modes::mixed;
use crate::raster::{Pixmap, Region, Weight, blend_light, blend_pixmap, blend_pixmap_with, scale};
use crate::scene::{Fill, Scene, SceneItem, SceneLayer, SceneTransition, placement, progress};

/// What the group's canvas shows on the frame of `context`. Its scene began `ahead` before the one
/// around it.
pub fn draw(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    scene: &Scene,
    ahead: Time,
) -> Result<Pixmap, RenderError> {
    let time = context.scene.time_of(context.frame) + ahead;
    let frame = (time.seconds() * scene.frame_rate.per_second()).floor();
    let frame = i64::try_from(frame).unwrap_or(0).clamp(0, (scene.frame_count - 1).max(0));
    items(executor, &Context { scene, frame, after: context.after - ahead })
}

/// The canvas of a film whose colours are mixed in linear light.
pub fn film(executor: &mut CpuExecutor<'_>, context: &Context<'_>) -> Result<VideoFrame, RenderError> {
    let pixmap = items(executor, context)?;
    transitions::canvas_of(executor, &pixmap)
}

/// What the items of a scene make on its background.
pub fn items(executor: &mut CpuExecutor<'_>, context: &Context<'_>) -> Result<Pixmap, RenderError> {
    let mut canvas = background(executor, context.scene)?;
    let blending = context.scene.blending;
    for item in context.scene.items.iter().filter(|item| item.frames().contains(&context.frame)) {
        match item {
            SceneItem::Layer(layer) => paint(executor, context, layer, &mut canvas)?,
            SceneItem::Transition(transition)
                if blending == Blending::Linear
                    && transition.kind == TransitionType::CrossDissolve
                    && canvas.is_opaque() =>
            {
                // Of two solid canvases, the second at an opacity is their mix.
                let mut to = canvas.clone();
                for (layer, canvas) in [(&transition.from, &mut canvas), (&transition.to, &mut to)] {
                    if let Some(layer) = layer {
                        paint(executor, context, layer, canvas)?;
                    }
                }
                let share = progress(transition.range, context.scene.time_of(context.frame));
                lay(&mut canvas, &to, (0, 0), BlendMode::None, Weight::from_unit(share), blending);
            }
            SceneItem::Transition(transition) => {
                let joined = joined(executor, context, transition)?;
                lay(&mut canvas, &joined, (0, 0), BlendMode::None, Weight::ONE, blending);
            }
        }
    }
    Ok(canvas)
}

/// Blends a picture on a canvas in the light that is asked for.
fn lay(
    canvas: &mut Pixmap,
    picture: &Pixmap,
    place: (i32, i32),
    mode: BlendMode,
    opacity: Weight,
    blending: Blending,
) {
    match blending {
        Blending::Gamma => blend_pixmap(canvas, picture, place, mode, opacity),
        Blending::Linear => blend_light(canvas, picture, place, &|b, s| mixed(mode, b, s), opacity),
    }
}

fn background(executor: &CpuExecutor<'_>, scene: &Scene) -> Result<Pixmap, RenderError> {
    let (width, height) = (scene.size.width, scene.size.height);
    let color = scene.background;
    let pixels = [color.r, color.g, color.b, color.a].repeat(width as usize * height as usize);
    let filled = Pixmap::from_straight(width, height, pixels);
    let mut canvas = filled.unwrap_or_else(|| Pixmap::transparent(width, height));
    if let Some(media) = scene.background_image {
        let image = executor.rasters.decoded(executor.assets, media)?;
        let image = scale(&image, Region::WHOLE, width, height)?;
        lay(&mut canvas, &image, (0, 0), BlendMode::None, Weight::ONE, scene.blending);
    }
    Ok(canvas)
}

/// Paints a layer on a group's canvas.
fn paint(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    canvas: &mut Pixmap,
) -> Result<(), RenderError> {
    let opacity = Weight::from_unit(layer.opacity_at(context.scene, context.frame));
    if opacity == Weight::ZERO {
        return Ok(());
    }
    let at = placement(context.scene, layer, layer.picture.natural(), context.frame);
    let Some(Composed { pixmap, x, y }) = compose(executor, context, layer, &at)? else { return Ok(()) };
    let blending = context.scene.blending;
    match (at.motion.fill, blending) {
        (None, _) => lay(canvas, &pixmap, (x, y), layer.look.blend_mode.0, opacity, blending),
        (Some(Fill::Overlay), _) => lay(canvas, &pixmap, (x, y), BlendMode::Overlay, opacity, blending),
        (Some(Fill::Difference), Blending::Gamma) => {
            blend_pixmap_with(canvas, &pixmap, (x, y), &difference, opacity);
        }
        (Some(Fill::Difference), Blending::Linear) => {
            blend_light(canvas, &pixmap, (x, y), &difference, opacity);
        }
    }
    Ok(())
}

fn difference(below: f32, source: f32) -> f32 {
    (below - source).abs()
}

/// What a transition makes of its two layers on an empty canvas.
fn joined(
    executor: &mut CpuExecutor<'_>,
    context: &Context<'_>,
    transition: &SceneTransition,
) -> Result<Pixmap, RenderError> {
    let (width, height) = (context.scene.size.width, context.scene.size.height);
    let mut side = |layer: Option<&SceneLayer>| {
        let mut canvas = Pixmap::transparent(width, height);
        if let Some(layer) = layer {
            paint(executor, context, layer, &mut canvas)?;
        }
        Ok::<_, RenderError>(canvas)
    };
    let (from, to) = (side(transition.from.as_ref())?, side(transition.to.as_ref())?);
    Ok(transitions::joined(context, transition.kind, transition.range, from, to))
}
