//! `Over`: a picture placed on a canvas.

use super::compose;
use crate::cpu::executor::Context;
use crate::cpu::nodes::over::{Placed, Prepared, prepare};
use crate::error::RenderError;
use crate::gpu::canvas::{Layer, Planes};
use crate::gpu::executor::{GpuExecutor, Value};
use crate::graph::NodeKind;
use crate::raster::Weight;
use crate::scene::SceneLayer;

/// The canvas `below` with the layer's picture on it. What stays in the canvas's planes is brought to its
/// place by the CPU's code and painted here; everything else is composed here.
pub fn run(
    gpu: &mut GpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    picture: &NodeKind,
    below: Value,
) -> Result<Value, RenderError> {
    let opacity = Weight::from_unit(layer.opacity_at(context.scene, context.frame));
    let placed = match prepare(&mut gpu.cpu, context, layer, picture, opacity)? {
        Prepared::Clear => return Ok(below),
        Prepared::Composed(at) => return compose::run(gpu, context, layer, &at, opacity, below),
        Prepared::Framed(frame, clip) => {
            let surround = gpu.shared_layer(frame.surround());
            let clip = Layer::upload(&mut gpu.recorder, &clip);
            return Ok(painted(gpu, below, &[surround, clip], opacity));
        }
        Prepared::Placed(placed) => placed,
    };
    Ok(match placed {
        Placed::Nothing => below,
        Placed::Canvas(filled) if opacity == Weight::ONE => Value::Host(filled),
        Placed::Canvas(filled) => {
            let below = gpu.device(below);
            let filled = Planes::upload(&mut gpu.recorder, &filled);
            Value::Device(Planes::mixed(&mut gpu.recorder, &below, &filled, opacity))
        }
        Placed::Patch(patch, x, y) => {
            let patch = Planes::upload(&mut gpu.recorder, &patch);
            let canvas = gpu.device(below).owned(&mut gpu.recorder);
            canvas.patch(&mut gpu.recorder, &patch, x, y);
            Value::Device(canvas)
        }
        Placed::Layer(layer) => {
            let layer = Layer::upload(&mut gpu.recorder, &layer);
            painted(gpu, below, &[layer], opacity)
        }
        Placed::Shared(layer) => {
            let layer = gpu.shared_layer(&layer);
            painted(gpu, below, &[layer], opacity)
        }
    })
}

/// The canvas with layers on it, in order.
pub fn painted(gpu: &mut GpuExecutor<'_>, below: Value, layers: &[Layer], opacity: Weight) -> Value {
    let canvas = gpu.device(below).owned(&mut gpu.recorder);
    for layer in layers {
        canvas.blend(&mut gpu.recorder, layer, opacity, None);
    }
    Value::Device(canvas)
}
