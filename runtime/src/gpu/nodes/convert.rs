//! Between canvases, pixels and layers.

use vid_timeline::BlendMode;

use crate::gpu::canvas::{Layer, Planes};
use crate::gpu::executor::GpuExecutor;
use crate::gpu::kernels::{Family, Kernel};
use crate::gpu::picture::Pixels;
use crate::gpu::pool::Memory;
use crate::gpu::recorder::Dispatch;
use crate::raster::color::Weights;
use crate::raster::{ColorSpec, PixelRect};

/// The number by which kernels know the distance of two colours.
pub const DIFFERENCE: u32 = 10;

/// The number by which kernels know a blend mode.
pub const fn blend_number(mode: BlendMode) -> u32 {
    match mode {
        BlendMode::None => 0,
        BlendMode::Multiply => 1,
        BlendMode::Screen => 2,
        BlendMode::Overlay => 3,
        BlendMode::Darken => 4,
        BlendMode::Lighten => 5,
        BlendMode::ColorDodge => 6,
        BlendMode::ColorBurn => 7,
        BlendMode::HardLight => 8,
        BlendMode::SoftLight => 9,
    }
}

/// From BT.709 in limited range to full R'G'B' as FFmpeg's scaler computes it: black in units of 1/512,
/// then in 1/8192 the factors 255/219 of luma, of Cr in red and green, of Cb in green and blue.
const RGB_FROM_BT709: [i32; 6] = [8192, 9539, 14686, -4366, -1747, 17305];
/// The rows for Y', Cb and Cr of the way back, in 1/32768.
const BT709_FROM_RGB: [i32; 9] = [5983, 20127, 2032, -3298, -11094, 14392, 14392, -13073, -1320];

/// The canvas as solid pixels.
pub fn pixels(gpu: &mut GpuExecutor<'_>, canvas: &Planes) -> Pixels {
    let made = Pixels::blank(&gpu.recorder, canvas.shape.width, canvas.shape.height, Some(true));
    let further = RGB_FROM_BT709.map(|number| number as u32);
    let numbers: Vec<u32> = canvas.shape.numbers().into_iter().chain(further).collect();
    gpu.recorder.run(&Dispatch {
        kernel: Kernel::of(Family::Convert, "pixels_of_canvas"),
        numbers: &numbers,
        reads: [Some(&canvas.memory), None],
        writes: &made.memory,
        flag: None,
        runs: (made.width, made.height),
    });
    made
}

/// The layer that was painted on a black canvas and on a white one.
pub fn matted(gpu: &mut GpuExecutor<'_>, black: &Planes, white: &Planes) -> Pixels {
    let (on_black, on_white) = (pixels(gpu, black), pixels(gpu, white));
    let made = Pixels::blank(&gpu.recorder, on_black.width, on_black.height, None);
    gpu.recorder.run(&Dispatch {
        kernel: Kernel::of(Family::Convert, "matted"),
        numbers: &black.shape.numbers(),
        reads: [Some(&on_black.memory), Some(&on_white.memory)],
        writes: &made.memory,
        flag: None,
        runs: (made.width, made.height),
    });
    made
}

/// Solid pixels of the canvas's size as a canvas.
pub fn canvas(gpu: &mut GpuExecutor<'_>, pixels: &Pixels) -> Planes {
    let canvas = Planes::blank(&gpu.recorder, gpu.shape);
    let flag = gpu.recorder.zeros(1);
    canvas_unless(gpu, pixels, &canvas, &flag);
    canvas
}

/// Pixels of the canvas's size become the canvas, unless the flag is set.
pub fn canvas_unless(gpu: &mut GpuExecutor<'_>, pixels: &Pixels, canvas: &Planes, flag: &Memory) {
    let further = BT709_FROM_RGB.map(|number| number as u32);
    let kernel = Kernel::of(Family::Convert, "canvas_of_pixels");
    canvas.run(&mut gpu.recorder, kernel, [Some(&pixels.memory), None], Some(flag), &further);
}

/// The pixels in the canvas's planes, the first of them at a place.
pub fn layer(gpu: &mut GpuExecutor<'_>, pixels: &Pixels, (x, y): (i32, i32)) -> Layer {
    let rect = PixelRect::at(x, y, pixels.width, pixels.height);
    let memory = gpu.recorder.memory(Layer::words(rect));
    let Weights { luma, cb, cr, black } = Weights::of(ColorSpec::BT709);
    let edges = [rect.x0, rect.y0, rect.x1, rect.y1];
    let numbers = [0; 4].into_iter().chain(edges).chain(luma).chain([black]).chain(cb).chain(cr);
    let numbers: Vec<u32> = numbers.map(|number| number as u32).collect();
    let blocks = rect.chroma();
    gpu.recorder.run(&Dispatch {
        kernel: Kernel::of(Family::Convert, "layer_of_pixels"),
        numbers: &numbers,
        reads: [Some(&pixels.memory), None],
        writes: &memory,
        flag: None,
        runs: (blocks.width(), blocks.height()),
    });
    Layer { memory, rect }
}
