//! Cutting a composed layer off at its box.

use vid_timeline::Size;

use super::compose::Composed;
use crate::gpu::executor::GpuExecutor;
use crate::gpu::kernels::{Family, Kernel};
use crate::scene::Placement;

/// Leaves only what is inside the window through which a layer that comes nearer is seen.
pub fn to_window(gpu: &mut GpuExecutor<'_>, composed: &mut Composed, at: &Placement, canvas: Size) {
    if let Some(area) = crate::cpu::nodes::clip::window(at, canvas) {
        to_box(gpu, composed, &Placement { area, ..*at });
    }
}

/// Leaves only what is inside the layer's box, turned and scaled as the layer is.
pub fn to_box(gpu: &mut GpuExecutor<'_>, composed: &mut Composed, at: &Placement) {
    let Some(back) = at.pose.inverse() else { return };
    let (left, top, width, height) = at.area;
    let edges = [left, top, left + width, top + height];
    let map = back.0.into_iter().flatten().chain(edges).map(|number| (number as f32).to_bits());
    let further: Vec<u32> = [composed.x as u32, composed.y as u32].into_iter().chain(map).collect();
    let kernel = Kernel::of(Family::Pixels, "boxed");
    let mut made = composed.pixels.changed(&mut gpu.recorder, kernel, None, &further);
    made.solid = made.solid.filter(|solid| !solid);
    composed.pixels = made;
}
