//! What motions do to a layer's pixels before it takes its pose.

use vid_timeline::Size;

use crate::cpu::nodes::pixels::{BAND, SHIMMER, scattered, shares};
use crate::error::RenderError;
use crate::gpu::executor::GpuExecutor;
use crate::gpu::kernels::{Family, Kernel};
use crate::gpu::picture::{Pixels, Placed, Plate};
use crate::raster::{Beyond, blur_reach};
use crate::scene::{Area, MotionState};

/// Puts `state` on a sheet whose layer has its box at `area` on a canvas of that size.
pub fn apply(
    gpu: &mut GpuExecutor<'_>,
    plate: &mut Plate,
    area: Area,
    state: &MotionState,
    canvas: Size,
) -> Result<(), RenderError> {
    if state.clip != [0.0; 4] {
        cut(gpu, plate, area, state.clip);
    }
    if let Some(at) = state.shimmer {
        shimmer(gpu, plate, area, at);
    }
    if state.split != 0.0 {
        split(gpu, plate, state.split);
    }
    if state.blur_x > 0.0 || state.blur_y > 0.0 {
        soften(gpu, plate, (state.blur_x, state.blur_y))?;
    }
    if state.scatter.is_some_and(|pieces| pieces.amount > 0.0) {
        // Pieces are painted over one another in their order, which is work for one thread.
        let mut sheet = plate.download(&mut gpu.recorder)?;
        scattered(&mut sheet, area, state, canvas);
        *plate = Plate::upload(&mut gpu.recorder, &sheet);
    }
    Ok(())
}

fn cut(gpu: &mut GpuExecutor<'_>, plate: &mut Plate, area: Area, [left, top, right, bottom]: [f64; 4]) {
    let (across, down) = plate.densities();
    // An edge that cuts nothing leaves what reaches beyond the box, such as a shadow.
    let edge = |cut: f64, at: f64, otherwise: f64| if cut > 0.0 { at } else { otherwise };
    let x0 = edge(left, (area.0 + left * area.2 - plate.left) * across, f64::NEG_INFINITY);
    let x1 = edge(right, (area.0 + (1.0 - right) * area.2 - plate.left) * across, f64::INFINITY);
    let y0 = edge(top, (area.1 + top * area.3 - plate.top) * down, f64::NEG_INFINITY);
    let y1 = edge(bottom, (area.1 + (1.0 - bottom) * area.3 - plate.top) * down, f64::INFINITY);
    let columns = shares(plate.pixels.width, x0, x1);
    let rows = shares(plate.pixels.height, y0, y1);
    let table: Vec<u32> = columns.into_iter().chain(rows).map(f32::to_bits).collect();
    let table = gpu.recorder.upload_words(&table);
    let kernel = Kernel::of(Family::Pixels, "cut");
    let solid = plate.pixels.solid.filter(|solid| !solid);
    plate.pixels = plate.pixels.changed(&mut gpu.recorder, kernel, Some(&table), &[]);
    plate.pixels.solid = solid;
}

fn shimmer(gpu: &mut GpuExecutor<'_>, plate: &mut Plate, area: Area, at: f64) {
    let (across, down) = plate.densities();
    let (half, lean) = BAND;
    let middle = -half - lean + at * (1.0 + 2.0 * half + lean);
    let u = |column: u32| ((f64::from(column) + 0.5) / across + plate.left - area.0) / area.2.max(1.0);
    let v = |row: u32| ((f64::from(row) + 0.5) / down + plate.top - area.1) / area.3.max(1.0);
    let columns = (0..plate.pixels.width).map(|column| u(column) - middle);
    let rows = (0..plate.pixels.height).map(|row| -lean * (1.0 - v(row)));
    let table: Vec<u32> = columns.chain(rows).map(|away| (away as f32).to_bits()).collect();
    let table = gpu.recorder.upload_words(&table);
    let kernel = Kernel::of(Family::Pixels, "shimmer");
    let further = [half as f32, SHIMMER].map(f32::to_bits);
    plate.pixels = plate.pixels.changed(&mut gpu.recorder, kernel, Some(&table), &further);
}

fn split(gpu: &mut GpuExecutor<'_>, plate: &mut Plate, distance: f64) {
    let densities = plate.densities();
    let shift = (distance * densities.0 + 0.5).floor().clamp(0.0, 4096.0) as u32;
    if shift == 0 {
        return;
    }
    let before = &plate.pixels;
    let made = Pixels::blank(&gpu.recorder, before.width + 2 * shift, before.height, None);
    let reads = [Some(&before.memory), None];
    made.fill(&mut gpu.recorder, Kernel::of(Family::Pixels, "split"), reads, &[shift]);
    plate.extended(made, (shift, 0), densities);
}

/// Blurred by deviations in pixels of the canvas. What is solid to its edges stays so.
fn soften(gpu: &mut GpuExecutor<'_>, plate: &mut Plate, sigma: (f64, f64)) -> Result<(), RenderError> {
    let (across, down) = plate.densities();
    let sigma = (sigma.0 * across, sigma.1 * down);
    if plate.pixels.is_solid(&mut gpu.recorder)? {
        plate.pixels = plate.pixels.clone().blurred(&mut gpu.recorder, sigma, Beyond::Edge);
        return Ok(());
    }
    let reach = (blur_reach(sigma.0), blur_reach(sigma.1));
    let size = (plate.pixels.width + 2 * reach.0, plate.pixels.height + 2 * reach.1);
    let place = (reach.0 as i32, reach.1 as i32);
    let wider = plate.pixels.placed(&mut gpu.recorder, size, place, Placed::Itself);
    let soft = wider.blurred(&mut gpu.recorder, sigma, Beyond::Clear);
    plate.extended(soft, reach, (across, down));
    Ok(())
}
