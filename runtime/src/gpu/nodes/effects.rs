//! Effects. Those that read a picture at another size are the CPU's; all others have kernels.

use vid_timeline::{ChromaSettings, Effect, EffectType, Rational, Size};

use crate::cpu::nodes::effects::{self, glyphs};
use crate::error::RenderError;
use crate::gpu::executor::GpuExecutor;
use crate::gpu::kernels::{Family, Kernel};
use crate::gpu::picture::{Pixels, Plate};
use crate::gpu::recorder::Dispatch;
use crate::raster::Beyond;

/// Deviation of the strongest `box_blur`, in lines.
const BLUR: f32 = 38.0;
/// Deviation of a glow, in lines.
const GLOW: f32 = 22.0;
/// Side of the largest mosaic tile, in lines.
const TILE: f32 = 54.0;
/// What is keyed when nothing is said: green screens.
const GREEN: [f32; 6] = [90.0, 150.0, 0.3, 1.0, 0.2, 0.9];

/// An effect about to be put on a picture.
struct Work {
    pixels: Pixels,
    /// Pixels of the picture to a line of the canvas.
    line: f32,
    /// Strength, 0–1.
    intensity: f32,
    /// Frames since the layer's start.
    frame: u32,
}

/// Puts the effects on a sheet of a canvas of that size, in order. `frame` counts from the layer's start.
pub fn apply(
    gpu: &mut GpuExecutor<'_>,
    plate: &mut Plate,
    all: &[Effect],
    canvas: Size,
    frame: i64,
) -> Result<(), RenderError> {
    for effect in all {
        let intensity = (effect.intensity.to_f64() / 100.0).clamp(0.0, 1.0) as f32;
        if intensity <= 0.0 || plate.pixels.len() == 0 {
            continue;
        }
        let shorter = f64::from(canvas.width.min(canvas.height));
        let work = Work {
            pixels: plate.pixels.clone(),
            line: (plate.densities().0 * shorter / 1080.0).max(1e-3) as f32,
            intensity,
            frame: frame.rem_euclid(1 << 31) as u32,
        };
        match work.made(gpu, effect.kind, effect.chroma_settings) {
            Some(pixels) => plate.pixels = pixels,
            None => {
                let mut sheet = plate.download(&mut gpu.recorder)?;
                effects::apply(&mut sheet, std::slice::from_ref(effect), canvas, frame);
                *plate = Plate::upload(&mut gpu.recorder, &sheet);
            }
        }
    }
    Ok(())
}

impl Work {
    /// The picture with the effect; `None` when there is no kernel for it.
    fn made(
        &self,
        gpu: &mut GpuExecutor<'_>,
        kind: EffectType,
        chroma: Option<ChromaSettings>,
    ) -> Option<Pixels> {
        use EffectType as E;
        let frame = self.frame as f32;
        Some(match kind {
            E::Vintage => self.grade(gpu, "vintage"),
            E::Polaroid => self.grade(gpu, "polaroid"),
            E::Portra => self.grade(gpu, "portra"),
            E::Super8 => self.grade(gpu, "super8"),
            E::Filmic => self.grade(gpu, "filmic"),
            E::AddGrain => self.grade(gpu, "add_grain"),
            E::FilmBurn => self.grade(gpu, "film_burn"),
            E::LightLeaks => self.grade(gpu, "light_leaks"),
            E::Sepia => self.grade(gpu, "sepia"),
            E::Duotone => self.grade(gpu, "duotone"),
            E::CrossProcess => self.grade(gpu, "cross_process"),
            E::BleachBypass => self.grade(gpu, "bleach_bypass"),
            E::Invert => self.grade(gpu, "invert"),
            E::NightVision => self.grade(gpu, "night_vision"),
            E::Thermal => self.grade(gpu, "thermal"),
            E::Scanlines => self.grade(gpu, "scanlines"),
            E::StrobeLight => self.grade(gpu, "strobe_light"),
            E::Posterize => self.grade(gpu, "posterize"),
            E::VhsOverlay => self.display(gpu, "vhs_overlay", b"PLAY >"),
            E::Viewfinder => self.display(gpu, "viewfinder", b"REC"),
            E::LensFlare => {
                let sway = libm::sinf(frame / 40.0) * 0.02;
                let place = (0.76 + sway) * self.pixels.width as f32;
                self.run(gpu, Family::Grade, "lens_flare", None, &[place.to_bits()])
            }
            E::Snow => {
                let drift = |n: f32| 10.0 * self.line * libm::sinf(frame / 50.0 + n * 2.1);
                let drifts = [0.0, 1.0, 2.0].map(|n| drift(n).to_bits());
                self.run(gpu, Family::Grade, "snow", None, &drifts)
            }
            E::Glow => {
                let bright = self.grade(gpu, "bright_parts");
                let sigma = f64::from(GLOW * self.line);
                let bloom = bright.blurred(&mut gpu.recorder, (sigma, sigma), Beyond::Edge);
                self.run(gpu, Family::Grade, "glow", Some(&bloom), &[])
            }
            E::ChromaKey => {
                let ranges = chroma.map_or(GREEN, |settings| ranges(&settings)).map(f32::to_bits);
                let mut keyed = self.run(gpu, Family::Grade, "chroma_key", None, &ranges);
                keyed.solid = keyed.solid.filter(|solid| !solid);
                keyed
            }
            E::Vhs => self.warp(gpu, "vhs"),
            E::Crt => self.warp(gpu, "crt"),
            E::Television => self.warp(gpu, "television"),
            E::Glitch => self.warp(gpu, "glitch"),
            E::CompressionGlitch => self.warp(gpu, "compression_glitch"),
            E::RgbSplit => self.warp(gpu, "rgb_split"),
            E::ChromaticAberration => self.warp(gpu, "chromatic_aberration"),
            E::OpticsCompensation => self.warp(gpu, "optics_compensation"),
            E::Prism => self.warp(gpu, "prism"),
            E::Echo => self.warp(gpu, "echo"),
            E::DisplacementMap => self.warp(gpu, "displacement_map"),
            E::Ghosting => {
                let way = (34.0 + 18.0 * libm::sinf(frame / 14.0)) * self.line;
                self.run(gpu, Family::Warp, "ghosting", None, &[way.to_bits()])
            }
            E::BoxBlur => {
                let sigma = f64::from(BLUR * self.line * self.intensity);
                self.pixels.clone().blurred(&mut gpu.recorder, (sigma, sigma), Beyond::Edge)
            }
            E::Mosaic => self.tiles(gpu, "mosaic"),
            E::MosaicBlur => {
                let sigma = f64::from(self.tile() * 0.32);
                self.tiles(gpu, "mosaic").blurred(&mut gpu.recorder, (sigma, sigma), Beyond::Edge)
            }
            E::MosaicPosterize => self.tiles(gpu, "mosaic_posterize"),
            E::CcHalftone => self.warp(gpu, "cc_halftone"),
            E::CcHalftoneRed => self.run(gpu, Family::Warp, "halftone_ink", None, &[0]),
            E::CcHalftoneGreen => self.run(gpu, Family::Warp, "halftone_ink", None, &[1]),
            E::CcHalftoneBlue => self.run(gpu, Family::Warp, "halftone_ink", None, &[2]),
            // Both scale the picture, by a library's kernel.
            E::CameraLensBlur | E::CameraLensBlurBg => return None,
        })
    }

    fn grade(&self, gpu: &mut GpuExecutor<'_>, name: &'static str) -> Pixels {
        self.run(gpu, Family::Grade, name, None, &[])
    }

    fn warp(&self, gpu: &mut GpuExecutor<'_>, name: &'static str) -> Pixels {
        self.run(gpu, Family::Warp, name, None, &[])
    }

    /// An overlay that shows a word and a counter.
    fn display(&self, gpu: &mut GpuExecutor<'_>, name: &'static str, word: &[u8]) -> Pixels {
        let word = glyphs::dots(word);
        // The word begins at number 6, the counter after it.
        let mut further = vec![6 + word.len() as u32];
        further.extend(word);
        further.extend(glyphs::dots(&glyphs::counter(self.frame)));
        self.run(gpu, Family::Grade, name, None, &further)
    }

    fn run(
        &self,
        gpu: &mut GpuExecutor<'_>,
        family: Family,
        name: &'static str,
        second: Option<&Pixels>,
        further: &[u32],
    ) -> Pixels {
        let numbers = self.numbers(further);
        let second = second.map(|second| &second.memory);
        self.pixels.changed(&mut gpu.recorder, Kernel::of(family, name), second, &numbers)
    }

    /// What every effect is told after the picture's size.
    fn numbers(&self, further: &[u32]) -> Vec<u32> {
        let own = [self.line.to_bits(), self.intensity.to_bits(), self.frame];
        own.into_iter().chain(further.iter().copied()).collect()
    }

    /// Side of a mosaic tile in pixels.
    fn tile(&self) -> f32 {
        (TILE * self.line * self.intensity).max(2.0)
    }

    /// The picture in tiles, drawn by a kernel that reads their means.
    fn tiles(&self, gpu: &mut GpuExecutor<'_>, name: &'static str) -> Pixels {
        let side = self.tile();
        let count = |length: u32| (length as f32 / side).ceil() as u32 + 1;
        let (columns, rows) = (count(self.pixels.width), count(self.pixels.height));
        let means = gpu.recorder.memory(4 * columns as usize * rows as usize);
        let further = self.numbers(&[side.to_bits(), columns, rows]);
        let numbers: Vec<u32> = [self.pixels.width, self.pixels.height].into_iter().chain(further).collect();
        gpu.recorder.run(&Dispatch {
            kernel: Kernel::of(Family::Warp, "tile_means"),
            numbers: &numbers,
            reads: [Some(&self.pixels.memory), None],
            writes: &means,
            flag: None,
            runs: (columns, rows),
        });
        let kernel = Kernel::of(Family::Warp, name);
        self.pixels.changed(&mut gpu.recorder, kernel, Some(&means), &numbers[2..])
    }
}

fn ranges(settings: &ChromaSettings) -> [f32; 6] {
    let side =
        |value: Option<Rational>, otherwise: f32| value.map_or(otherwise, |value| value.to_f64() as f32);
    [
        side(settings.hue_min, 0.0),
        side(settings.hue_max, 360.0),
        side(settings.sat_min, 0.0),
        side(settings.sat_max, 1.0),
        side(settings.lum_min, 0.0),
        side(settings.lum_max, 1.0),
    ]
}
