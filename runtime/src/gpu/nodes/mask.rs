//! What a mask leaves of a composed layer.

use vid_timeline::MaskMode;

use super::compose::{Composed, compose};
use crate::cpu::executor::Context;
use crate::error::RenderError;
use crate::gpu::executor::GpuExecutor;
use crate::gpu::kernels::{Family, Kernel};
use crate::gpu::picture::Pixels;
use crate::raster::{Beyond, PixelRect, Weight, blur_reach};
use crate::scene::{Placement, SceneLayer, SceneMask, SceneMatte, placement};

/// Multiplies the layer's pixels by what the mask shows there.
pub fn apply(
    gpu: &mut GpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    mask: &SceneMask,
    at: &Placement,
    composed: &mut Composed,
) -> Result<(), RenderError> {
    let own = composed.rect();
    let sigma = mask.feather.to_f64();
    // What a blur brings in from beside the layer counts too.
    let reach = blur_reach(sigma) as i32;
    let wide = PixelRect { x0: own.x0 - reach, y0: own.y0 - reach, x1: own.x1 + reach, y1: own.y1 + reach };
    let shares = match matte(gpu, context, layer, mask, at, wide)? {
        Some((matte, opacity)) => {
            let shares = Pixels::blank(&gpu.recorder, wide.width(), wide.height(), Some(false));
            let further = [
                matte.pixels.width,
                matte.pixels.height,
                (matte.x - wide.x0) as u32,
                (matte.y - wide.y0) as u32,
                u32::from(mask.mode == MaskMode::Luma),
                opacity.parts(),
            ];
            let reads = [Some(&matte.pixels.memory), None];
            shares.fill(&mut gpu.recorder, Kernel::of(Family::Pixels, "matte"), reads, &further);
            shares.blurred(&mut gpu.recorder, (sigma, sigma), Beyond::Clear)
        }
        None => Pixels::flooded(&mut gpu.recorder, (wide.width(), wide.height()), [0; 4]),
    };
    let further = [shares.width, reach as u32, reach as u32, u32::from(mask.inverted)];
    let kernel = Kernel::of(Family::Pixels, "masked");
    let mut made = composed.pixels.changed(&mut gpu.recorder, kernel, Some(&shares.memory), &further);
    made.solid = made.solid.filter(|solid| !solid);
    composed.pixels = made;
    Ok(())
}

/// The matte's pixels, and its opacity; `None` where there are none. Shapes and stills are drawn by the
/// CPU; a layer is composed here.
fn matte(
    gpu: &mut GpuExecutor<'_>,
    context: &Context<'_>,
    layer: &SceneLayer,
    mask: &SceneMask,
    at: &Placement,
    wide: PixelRect,
) -> Result<Option<(Composed, Weight)>, RenderError> {
    if let SceneMatte::Layer(matte) = &mask.matte {
        if !matte.frames.contains(&context.frame) {
            return Ok(None);
        }
        let opacity = Weight::from_unit(matte.opacity_at(context.scene, context.frame));
        let place = placement(context.scene, matte, matte.picture.natural(), context.frame);
        return Ok(compose(gpu, context, matte, &place)?.map(|composed| (composed, opacity)));
    }
    let drawn = crate::cpu::nodes::mask::matte(&mut gpu.cpu, context, layer, mask, at, wide)?;
    Ok(drawn.map(|(drawn, opacity)| {
        let pixels = gpu.upload(&drawn.pixmap);
        (Composed { pixels, x: drawn.x, y: drawn.y }, opacity)
    }))
}
