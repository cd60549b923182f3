//! What a layer's look does to its pixels, in the order of the CPU's.

use vid_timeline::{Adjustments, Color, Rational};

use super::effects;
use crate::cpu::nodes::content;
pub use crate::cpu::nodes::finish::Setting;
use crate::cpu::nodes::finish::{FULL_BLUR, FULL_NOISE, FULL_SHARPNESS, SHARPNESS_REACH, edges_of};
use crate::error::RenderError;
use crate::gpu::executor::GpuExecutor;
use crate::gpu::kernels::{Family, Kernel};
use crate::gpu::picture::{Pixels, Placed, Plate};
use crate::gpu::recorder::Dispatch;
use crate::raster::planar::MAX_LAYER_PIXELS;
use crate::raster::{Beyond, ColorAdjustment, Edges, Lut, PixelRect, Shadow, blur_reach};
use crate::scene::{Look, SceneLut};

/// Puts the layer's look on its pixels; all but `clip` and the blend mode, which come on the canvas.
pub fn finish(
    gpu: &mut GpuExecutor<'_>,
    plate: &mut Plate,
    look: &Look,
    setting: Setting<'_>,
) -> Result<(), RenderError> {
    if let Some(colors) = ColorAdjustment::of(&look.adjust) {
        adjust(gpu, plate, &colors);
    }
    if let (Some(lut), Some(own)) = (setting.lut, &look.lut) {
        grade(gpu, plate, lut, own);
    }
    let shorter = f64::from(setting.canvas.width.min(setting.canvas.height));
    detail(gpu, plate, &look.adjust, shorter);
    if !look.adjust.noise.is_zero() {
        let strength = look.adjust.noise.to_f64() as f32 / 100.0 * FULL_NOISE;
        let frame = setting.frame as u64;
        change(gpu, plate, "noise", &[strength.to_bits(), frame as u32, (frame >> 32) as u32]);
    }
    if !look.adjust.vignette.is_zero() {
        let strength = look.adjust.vignette.to_f64() as f32 / 100.0;
        change(gpu, plate, "vignette", &[strength.to_bits()]);
    }
    effects::apply(gpu, plate, &look.effects, setting.canvas, setting.frame)?;
    if let Some(Color { r, g, b, a }) = look.color_overlay {
        change(
            gpu,
            plate,
            "overlay_color",
            &[r, g, b, a].map(|channel| (f32::from(channel) / 255.0).to_bits()),
        );
    }
    let densities = plate.densities();
    let edges = edges_of(&look.style, (plate.width, plate.height), densities, setting.canvas);
    if !edges.is_plain() {
        framed(gpu, plate, &edges);
        if let Some(shadow) = edges.shadow.filter(|shadow| shadow.color.a > 0) {
            shaded(gpu, plate, shadow, densities);
        }
    }
    Ok(())
}

fn change(gpu: &mut GpuExecutor<'_>, plate: &mut Plate, name: &'static str, further: &[u32]) {
    let kernel = Kernel::of(Family::Pixels, name);
    plate.pixels = plate.pixels.changed(&mut gpu.recorder, kernel, None, further);
}

fn adjust(gpu: &mut GpuExecutor<'_>, plate: &mut Plate, colors: &ColorAdjustment) {
    let (curve, matrix) = colors.parts();
    let mut numbers: Vec<u32> = curve.iter().map(|value| value.to_bits()).collect();
    numbers.push(u32::from(matrix.is_some()));
    numbers.extend(matrix.into_iter().flatten().flatten().map(|value| value.to_bits()));
    change(gpu, plate, "adjust", &numbers);
}

/// The table's colour mixed with each pixel's own.
fn grade(gpu: &mut GpuExecutor<'_>, plate: &mut Plate, lut: &Lut, own: &SceneLut) {
    let (domain, is_cube, side, rows) = lut.parts();
    let table = match gpu.kept.luts.find(|known| *known == own.file) {
        Some(known) => known,
        None => {
            let words: Vec<u32> = rows.iter().flatten().map(|value| value.to_bits()).collect();
            let made = gpu.recorder.upload_words(&words);
            gpu.kept.luts.keep(own.file, made.clone());
            made
        }
    };
    let share = (own.intensity.to_f64() / 100.0) as f32;
    let mut numbers = vec![share.to_bits(), u32::from(is_cube), side as u32];
    numbers.extend(domain.iter().flatten().map(|value| value.to_bits()));
    let kernel = Kernel::of(Family::Pixels, "lut");
    plate.pixels = plate.pixels.changed(&mut gpu.recorder, kernel, Some(&table), &numbers);
}

fn detail(gpu: &mut GpuExecutor<'_>, plate: &mut Plate, adjust: &Adjustments, shorter: f64) {
    let (across, down) = plate.densities();
    let share = |value: Rational| value.to_f64() / 100.0;
    if !adjust.blur.is_zero() {
        let sigma = share(adjust.blur) * FULL_BLUR * shorter;
        let pixels = plate.pixels.clone();
        plate.pixels = pixels.blurred(&mut gpu.recorder, (sigma * across, sigma * down), Beyond::Edge);
    }
    if !adjust.sharpness.is_zero() {
        let sigma = SHARPNESS_REACH * shorter;
        let amount = (share(adjust.sharpness) * FULL_SHARPNESS) as f32;
        let pixels = plate.pixels.clone();
        let soft = pixels.blurred(&mut gpu.recorder, (sigma * across, sigma * down), Beyond::Edge);
        let kernel = Kernel::of(Family::Pixels, "sharpen");
        let further = [amount.to_bits()];
        plate.pixels = plate.pixels.changed(&mut gpu.recorder, kernel, Some(&soft.memory), &further);
    }
}

/// Corners and border, whose shares of each pixel are computed once for a size.
fn framed(gpu: &mut GpuExecutor<'_>, plate: &mut Plate, edges: &Edges) {
    let (width, height) = (plate.pixels.width, plate.pixels.height);
    let border = edges.border.map(|(thickness, color)| (thickness.to_bits(), color));
    let key = content::key(&("frame mask", width, height, edges.radius.to_bits(), border));
    let mask = match gpu.kept.frames.find(|known| *known == key) {
        Some(known) => known,
        None => {
            let Some(mask) = edges.frame_mask(width, height) else { return };
            let words: Vec<u32> = mask
                .iter()
                .flat_map(|(whole, ring)| [u32::from(*whole), u32::from_le_bytes(*ring)])
                .collect();
            let made = gpu.recorder.upload_words(&words);
            gpu.kept.frames.keep(key, made.clone());
            made
        }
    };
    let kernel = Kernel::of(Family::Pixels, "framed");
    let solid = plate.pixels.solid;
    plate.pixels = plate.pixels.changed(&mut gpu.recorder, kernel, Some(&mask), &[]);
    // A border on square corners leaves what is solid so.
    plate.pixels.solid = solid.filter(|solid| !solid);
}

/// The shadow below, which makes the sheet larger where it falls.
fn shaded(gpu: &mut GpuExecutor<'_>, plate: &mut Plate, shadow: Shadow, densities: (f64, f64)) {
    let reach = blur_reach(shadow.sigma) as i32;
    let whole = |value: f64| (value + 0.5).floor().clamp(-1e5, 1e5) as i32;
    let own = PixelRect::at(0, 0, plate.pixels.width, plate.pixels.height);
    let spread = PixelRect { x0: -reach, y0: -reach, x1: own.x1 + reach, y1: own.y1 + reach };
    let cast = spread.translated(whole(shadow.dx), whole(shadow.dy));
    let all = cast.union(own);
    if own.is_empty() || all.area() > MAX_LAYER_PIXELS {
        return;
    }
    let size = (spread.width(), spread.height());
    let shares = plate.pixels.placed(&mut gpu.recorder, size, (reach, reach), Placed::Opacity);
    let shares = shares.blurred(&mut gpu.recorder, (shadow.sigma, shadow.sigma), Beyond::Clear);
    let Color { r, g, b, a } = shadow.color;
    let below = shares.placed(
        &mut gpu.recorder,
        (all.width(), all.height()),
        (cast.x0 - all.x0, cast.y0 - all.y0),
        Placed::Colored([r, g, b, a]),
    );
    let place = (-all.x0, -all.y0);
    over(gpu, &below, &plate.pixels, place);
    plate.extended(below, (place.0 as u32, place.1 as u32), densities);
}

/// `source` over `below`, at full opacity.
fn over(gpu: &mut GpuExecutor<'_>, below: &Pixels, source: &Pixels, (x, y): (i32, i32)) {
    let rect = PixelRect::at(x, y, source.width, source.height);
    let edges = [rect.x0, rect.y0, rect.x1, rect.y1].map(|edge| edge as u32);
    let numbers: Vec<u32> =
        [0, 0, below.width, below.height].into_iter().chain(edges).chain([0, 65_536, 0]).collect();
    gpu.recorder.run(&Dispatch {
        kernel: Kernel::of(Family::Blend, "blend_pixels"),
        numbers: &numbers,
        reads: [Some(&source.memory), None],
        writes: &below.memory,
        flag: None,
        runs: (source.width, source.height),
    });
}
