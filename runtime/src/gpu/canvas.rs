//! Canvases and layers on the device.

use vid_timeline::Color;

use super::kernels::{Family, Kernel};
use super::pool::Memory;
use super::recorder::{Dispatch, Recorder};
use crate::error::RenderError;
use crate::media::VideoFrame;
use crate::raster::{ColorSpec, PixelRect, PlanarLayer, Weight, Ycc};

/// Columns that one run of a kernel owns: with fewer, two runs would share a word of chroma.
const TILE: (u32, u32) = (8, 2);

/// Width and height of a canvas, and how its planes lie in memory: padded to whole tiles, luma first, then
/// Cb, then Cr, four samples to a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shape {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl Shape {
    /// Tiles across and down.
    pub const fn tiles(self) -> (u32, u32) {
        (self.width.div_ceil(TILE.0), self.height.div_ceil(TILE.1))
    }

    /// Words that it takes.
    pub const fn words(self) -> usize {
        let (across, down) = self.tiles();
        // Two words a luma row, and one of each chroma.
        across as usize * down as usize * 6
    }

    /// What kernels on canvases are told first.
    pub const fn numbers(self) -> [u32; 4] {
        let (across, down) = self.tiles();
        [across, down, self.width, self.height]
    }
}

/// A canvas on the device.
#[derive(Clone)]
pub struct Planes {
    /// Its samples.
    pub memory: Memory,
    /// Its shape.
    pub shape: Shape,
}

impl Planes {
    /// A canvas with undefined content.
    pub fn blank(recorder: &Recorder, shape: Shape) -> Self {
        Self { memory: recorder.memory(shape.words()), shape }
    }

    /// A frame of 8-bit 4:2:0.
    pub fn upload(recorder: &mut Recorder, frame: &VideoFrame) -> Self {
        let shape = Shape { width: frame.width(), height: frame.height() };
        let (across, down) = shape.tiles();
        let memory = recorder.upload(shape.words(), |put| {
            let zeros = [0; 8];
            for index in 0..3 {
                let plane = frame.plane(index);
                let (stride, rows) = if index == 0 { (8 * across, 2 * down) } else { (4 * across, down) };
                for row in 0..rows as usize {
                    // A row of padding repeats the last one.
                    let samples = plane.row(row.min(plane.rows.saturating_sub(1)));
                    let samples = &samples[..samples.len().min(stride as usize)];
                    put(samples);
                    put(&zeros[..stride as usize - samples.len()]);
                }
            }
        });
        Self { memory, shape }
    }

    /// Copies bytes that were read back into a frame of the canvas's size.
    ///
    /// # Errors
    /// When the frame cannot be written.
    pub fn store(shape: Shape, bytes: &[u8], frame: &mut VideoFrame) -> Result<(), RenderError> {
        let (across, down) = shape.tiles();
        let luma = 16 * across as usize * down as usize;
        let (luma, chroma) = bytes.split_at(luma.min(bytes.len()));
        let (blue, red) = chroma.split_at(chroma.len() / 2);
        let planes = frame.planes_mut()?.into_iter().zip([luma, blue, red]);
        for (index, (mut plane, samples)) in planes.enumerate() {
            let stride = if index == 0 { 8 * across } else { 4 * across } as usize;
            let rows = plane.rows;
            for (y, samples) in samples.chunks_exact(stride).take(rows).enumerate() {
                let row = plane.row_mut(y);
                let n = row.len().min(stride);
                row[..n].copy_from_slice(&samples[..n]);
            }
        }
        Ok(())
    }

    /// Runs a kernel of the canvases' families on each tile of `self`, with further numbers.
    pub fn run(
        &self,
        recorder: &mut Recorder,
        kernel: Kernel,
        reads: [Option<&Memory>; 2],
        flag: Option<&Memory>,
        further: &[u32],
    ) {
        let mut numbers = self.shape.numbers().to_vec();
        numbers.extend_from_slice(further);
        let writes = &self.memory;
        let runs = self.shape.tiles();
        recorder.run(&Dispatch { kernel, numbers: &numbers, reads, writes, flag, runs });
    }

    /// The canvas itself when nobody else holds it, otherwise a copy.
    pub fn owned(self, recorder: &mut Recorder) -> Self {
        if self.memory.is_unshared() {
            return self;
        }
        let words = self.shape.words();
        Self { memory: recorder.copy(&self.memory, words), ..self }
    }

    /// A canvas of one colour.
    pub fn filled(recorder: &mut Recorder, shape: Shape, color: Color) -> Self {
        let planes = Self::blank(recorder, shape);
        planes.run(recorder, Kernel::of(Family::Planes, "fill"), [None; 2], None, &samples(color));
        planes
    }

    /// Blends a layer into the canvas; only where the flag is set, if one is given.
    pub fn blend(&self, recorder: &mut Recorder, layer: &Layer, opacity: Weight, flag: Option<&Memory>) {
        let PixelRect { x0, y0, x1, y1 } = layer.rect;
        let edges = [x0, y0, x1, y1].map(|edge| edge as u32);
        let further = [edges[0], edges[1], edges[2], edges[3], opacity.parts(), u32::from(flag.is_some())];
        let kernel = Kernel::of(Family::Planes, "blend");
        self.run(recorder, kernel, [Some(&layer.memory), None], flag, &further);
    }

    /// Copies another canvas to an even place.
    pub fn patch(&self, recorder: &mut Recorder, other: &Self, x: i32, y: i32) {
        let [across, down, width, height] = other.shape.numbers();
        let further = [across, down, width, height, x as u32, y as u32];
        self.run(
            recorder,
            Kernel::of(Family::Planes, "patch_in"),
            [Some(&other.memory), None],
            None,
            &further,
        );
    }

    /// A dissolve of two canvases.
    pub fn mixed(recorder: &mut Recorder, from: &Self, to: &Self, weight: Weight) -> Self {
        let mixed = Self::blank(recorder, from.shape);
        let reads = [Some(&from.memory), Some(&to.memory)];
        mixed.run(recorder, Kernel::of(Family::Planes, "mix_canvases"), reads, None, &[weight.parts()]);
        mixed
    }

    /// Brings the canvas towards one colour.
    pub fn tint(&self, recorder: &mut Recorder, color: Color, weight: Weight) {
        let [y, cb, cr] = samples(color);
        let further = [y, cb, cr, weight.parts()];
        self.run(recorder, Kernel::of(Family::Planes, "tint"), [None; 2], None, &further);
    }
}

/// A colour in the canvas's planes, four times over.
fn samples(color: Color) -> [u32; 3] {
    let Ycc { y, cb, cr } = Ycc::from_color(color, ColorSpec::BT709);
    [y, cb, cr].map(|sample| u32::from_le_bytes([sample; 4]))
}

/// A planar layer on the device.
#[derive(Clone)]
pub struct Layer {
    /// Weighted samples and opacities.
    pub memory: Memory,
    /// Where it lies on the canvas.
    pub rect: PixelRect,
}

impl Layer {
    /// Words of a layer at that place: one a luma sample, two a chroma sample.
    pub fn words(rect: PixelRect) -> usize {
        let area = |rect: PixelRect| rect.width() as usize * rect.height() as usize;
        area(rect) + 2 * area(rect.chroma())
    }

    /// A layer that the CPU has made.
    pub fn upload(recorder: &mut Recorder, layer: &PlanarLayer) -> Self {
        let rect = layer.rect();
        let memory = recorder.upload(Self::words(rect), |put| {
            let mut line = Vec::with_capacity(4 * rect.width() as usize);
            for (weighted, alpha) in layer.rows(0) {
                line.clear();
                for (weighted, alpha) in weighted.iter().zip(alpha) {
                    line.extend_from_slice(&(u32::from(*weighted) | u32::from(*alpha) << 16).to_le_bytes());
                }
                put(&line);
            }
            for ((blue, _), (red, _)) in layer.rows(1).zip(layer.rows(2)) {
                line.clear();
                for (blue, red) in blue.iter().zip(red) {
                    line.extend_from_slice(&(u32::from(*blue) | u32::from(*red) << 16).to_le_bytes());
                }
                put(&line);
            }
            for (_, alpha) in layer.rows(1) {
                line.clear();
                alpha.iter().for_each(|alpha| line.extend_from_slice(&u32::from(*alpha).to_le_bytes()));
                put(&line);
            }
        });
        Self { memory, rect }
    }
}
