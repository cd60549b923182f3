//! Pictures on the device: premultiplied pixels, and sheets of them.

use super::device::GpuError;
use super::kernels::{Family, Kernel};
use super::pool::Memory;
use super::recorder::{Dispatch, Recorder};
use crate::cpu::sheet::Sheet;
use crate::raster::blur::half_box;
use crate::raster::{Beyond, Pixmap, Projection};

/// Box passes of a blur in each direction.
const PASSES: usize = 3;

/// A picture: premultiplied R'G'B' with opacity, a word a pixel, no gaps.
#[derive(Clone)]
pub struct Pixels {
    /// The pixels.
    pub memory: Memory,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Whether every pixel is solid, where that is known.
    pub solid: Option<bool>,
}

impl Pixels {
    /// A picture that the CPU has made.
    pub fn upload(recorder: &mut Recorder, pixmap: &Pixmap) -> Self {
        let (width, height) = (pixmap.width(), pixmap.height());
        let memory = recorder.upload(pixmap.pixels().len() / 4, |put| put(pixmap.pixels()));
        Self { memory, width, height, solid: Some(pixmap.is_opaque()) }
    }

    /// A picture with undefined content.
    pub fn blank(recorder: &Recorder, width: u32, height: u32, solid: Option<bool>) -> Self {
        let memory = recorder.memory(width as usize * height as usize);
        Self { memory, width, height, solid }
    }

    /// A picture of one premultiplied pixel.
    pub fn flooded(recorder: &mut Recorder, (width, height): (u32, u32), pixel: [u8; 4]) -> Self {
        let made = Self::blank(recorder, width, height, Some(pixel[3] == 255));
        made.fill(recorder, Kernel::of(Family::Pixels, "flood"), [None; 2], &[u32::from_le_bytes(pixel)]);
        made
    }

    /// Number of pixels.
    pub fn len(&self) -> usize {
        self.width as usize * self.height as usize
    }

    /// The picture for the CPU; waits for the device.
    ///
    /// # Errors
    /// When the device has failed.
    pub fn download(&self, recorder: &mut Recorder) -> Result<Pixmap, GpuError> {
        let (width, height) = (self.width, self.height);
        if self.len() == 0 {
            return Ok(Pixmap::transparent(width, height));
        }
        let back = recorder.read_back(&self.memory, self.len());
        let bytes = recorder.finish(back, <[u8]>::to_vec)?;
        let pixmap = Pixmap::from_premultiplied(width, height, bytes);
        Ok(pixmap.unwrap_or_else(|| Pixmap::transparent(width, height)))
    }

    /// Writes every pixel by a kernel that is told width, height and `further`.
    pub fn fill(
        &self,
        recorder: &mut Recorder,
        kernel: Kernel,
        reads: [Option<&Memory>; 2],
        further: &[u32],
    ) {
        let mut numbers = vec![self.width, self.height];
        numbers.extend_from_slice(further);
        let runs = (self.width, self.height);
        recorder.run(&Dispatch { kernel, numbers: &numbers, reads, writes: &self.memory, flag: None, runs });
    }

    /// A picture of the same size made of this one and `second`; its opacity stays.
    pub fn changed(
        &self,
        recorder: &mut Recorder,
        kernel: Kernel,
        second: Option<&Memory>,
        further: &[u32],
    ) -> Self {
        let made = Self::blank(recorder, self.width, self.height, self.solid);
        made.fill(recorder, kernel, [Some(&self.memory), second], further);
        made
    }

    /// The picture with its first pixel at a place of a larger or smaller one that is clear around it.
    pub fn placed(
        &self,
        recorder: &mut Recorder,
        (width, height): (u32, u32),
        (x, y): (i32, i32),
        fill: Placed,
    ) -> Self {
        let same = (x, y, width, height) == (0, 0, self.width, self.height);
        let made = Self::blank(recorder, width, height, self.solid.filter(|solid| same || !solid));
        let (kind, [r, g, b, a]) = match fill {
            Placed::Itself => (0, [0; 4]),
            Placed::Opacity => (1, [0; 4]),
            Placed::Colored(color) => (2, color.map(u32::from)),
        };
        let further = [self.width, self.height, x as u32, y as u32, kind, r, g, b, a];
        made.fill(recorder, Kernel::of(Family::Pixels, "placed"), [Some(&self.memory), None], &further);
        made
    }

    /// The picture blurred with deviations of `sigma` pixels across and down.
    pub fn blurred(self, recorder: &mut Recorder, sigma: (f64, f64), beyond: Beyond) -> Self {
        let (across, down) = (half_box(sigma.0), half_box(sigma.1));
        if (across.is_none() && down.is_none()) || self.len() == 0 {
            return self;
        }
        let solid = self.solid.filter(|solid| beyond == Beyond::Edge || !solid);
        let words = 2 * self.len();
        let mut wide = recorder.memory(words);
        let mut other = recorder.memory(words);
        let size = [self.width, self.height];
        let run = |recorder: &mut Recorder, name, from: &Memory, to: &Memory, numbers: &[u32], runs| {
            let kernel = Kernel::of(Family::Blur, name);
            let reads = [Some(from), None];
            recorder.run(&Dispatch { kernel, numbers, reads, writes: to, flag: None, runs });
        };
        run(recorder, "widen", &self.memory, &wide, &size, (self.width, self.height));
        let clear = u32::from(beyond == Beyond::Clear);
        // First all passes across, then all down, as on the processor.
        let passes = [("box_across", across, (2, self.height)), ("box_down", down, (2 * self.width, 1))];
        for (name, half, runs) in passes {
            let Some((whole, share)) = half else { continue };
            let scale = 1.0 / (2.0 * whole as f32 + 1.0 + 2.0 * share);
            let numbers = [size[0], size[1], whole, share.to_bits(), scale.to_bits(), clear];
            for _ in 0..PASSES {
                run(recorder, name, &wide, &other, &numbers, runs);
                std::mem::swap(&mut wide, &mut other);
            }
        }
        let made = Self::blank(recorder, self.width, self.height, solid);
        run(recorder, "narrow", &wide, &made.memory, &size, (self.width, self.height));
        made
    }

    /// Whether every pixel is solid; asks the device where that is not known.
    ///
    /// # Errors
    /// When the device has failed.
    pub fn is_solid(&self, recorder: &mut Recorder) -> Result<bool, GpuError> {
        if let Some(solid) = self.solid {
            return Ok(solid);
        }
        let flag = self.clear_flag(recorder);
        let back = recorder.read_back(&flag, 1);
        recorder.finish(back, |bytes| bytes.iter().all(|byte| *byte == 0))
    }

    /// Memory whose first word is not zero when a pixel is not solid.
    pub fn clear_flag(&self, recorder: &mut Recorder) -> Memory {
        let flag = recorder.zeros(1);
        let unwritten = recorder.memory(1);
        recorder.run(&Dispatch {
            kernel: Kernel::of(Family::Pixels, "find_clear"),
            numbers: &[self.width, self.height],
            reads: [Some(&self.memory), None],
            writes: &unwritten,
            flag: Some(&flag),
            runs: (self.width, self.height),
        });
        flag
    }
}

/// What [`Pixels::placed`] puts down.
#[derive(Clone, Copy)]
pub enum Placed {
    /// The pixels.
    Itself,
    /// Their opacity in all four channels.
    Opacity,
    /// A colour (not premultiplied) at their opacity.
    Colored([u8; 4]),
}

/// Pixels, and the rectangle of the canvas at rest that they fill: [`Sheet`] on the device.
#[derive(Clone)]
pub struct Plate {
    /// The pixels.
    pub pixels: Pixels,
    /// Left edge of the rectangle, in pixels of the canvas.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Plate {
    /// A sheet that the CPU has made.
    pub fn upload(recorder: &mut Recorder, sheet: &Sheet) -> Self {
        let pixels = Pixels::upload(recorder, &sheet.pixmap);
        let Sheet { left, top, width, height, .. } = *sheet;
        Self { pixels, left, top, width, height }
    }

    /// The sheet for the CPU; waits for the device.
    ///
    /// # Errors
    /// When the device has failed.
    pub fn download(&self, recorder: &mut Recorder) -> Result<Sheet, GpuError> {
        let Self { left, top, width, height, .. } = *self;
        Ok(Sheet { pixmap: self.pixels.download(recorder)?, left, top, width, height })
    }

    /// From the plane of its pixels to the canvas at rest.
    pub fn placed(&self) -> Projection {
        let (across, down) = self.densities();
        Projection::scaled(1.0 / across, 1.0 / down).then(Projection::moved(self.left, self.top))
    }

    /// Its own pixels per pixel of the canvas at rest, across and down.
    pub fn densities(&self) -> (f64, f64) {
        let density = |pixels: u32, length: f64| if length > 0.0 { f64::from(pixels) / length } else { 1.0 };
        (density(self.pixels.width, self.width), density(self.pixels.height, self.height))
    }

    /// Replaces the pixels by ones that reach `before` pixels further to the left and up, and perhaps
    /// further to the right and down; `densities` are those that the pixels have.
    pub fn extended(&mut self, pixels: Pixels, before: (u32, u32), (across, down): (f64, f64)) {
        self.left -= f64::from(before.0) / across;
        self.top -= f64::from(before.1) / down;
        self.width = f64::from(pixels.width) / across;
        self.height = f64::from(pixels.height) / down;
        self.pixels = pixels;
    }
}
