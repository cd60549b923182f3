//! From a composed picture in R'G'B' to the frame that an encoder of another format than the canvas's
//! own planes takes.
//!
//! Y'CbCr is BT.709 in limited range, computed from R'G'B' at once in the depth of the target, rounded to
//! nearest. Chroma lies at every second column, on the left pixel of its pair, and of two rows in the
//! middle, as video has it.
//!
//! Opacity is kept beside the colours, not multiplied into them. Chroma that several pixels share is the
//! mean of what is seen of them, so that a clear neighbour does not darken an edge. Where nothing is
//! seen, colours go on from the nearest pixel of the row that is, for a few pixels: what an encoder with
//! loss smears across an edge is then of the edge's own colour.

use crate::error::RenderError;
use crate::media::{FramePool, FrameSpec, PixelFormat, PlaneMut, VideoFrame};
use crate::raster::Pixmap;

/// Pixels by which colours go on beyond what is seen: half a block of the encoders' transforms.
const BLEED: usize = 16;

/// Fractional bits of the matrix.
const BITS: u32 = 16;

/// Makes frames of one format from pictures.
pub struct Delivery {
    pool: FramePool,
    target: Target,
}

/// What the samples of a format are.
#[derive(Clone, Copy)]
enum Target {
    /// Blue, green, red, opacity.
    Bgra,
    /// Planes of Y'CbCr.
    Ycc(Ycc),
}

#[derive(Clone, Copy)]
struct Ycc {
    /// Bits of a sample above eight.
    extra: u32,
    /// Whether two columns, and two rows, share chroma.
    halved: (bool, bool),
    has_alpha: bool,
}

/// Rows of the matrix to luma and both chromas, for eight-bit R'G'B' and the target's depth.
struct Matrix {
    luma: [i64; 3],
    blue: [i64; 3],
    red: [i64; 3],
    extra: u32,
}

impl Delivery {
    /// For frames of that shape.
    ///
    /// # Errors
    /// When the format is none that pictures are delivered in, or no frame of it can be allocated.
    pub fn new(spec: FrameSpec) -> Result<Self, RenderError> {
        let ycc = |extra, halved, has_alpha| Target::Ycc(Ycc { extra, halved, has_alpha });
        let target = match spec.format {
            PixelFormat::BGRA => Target::Bgra,
            PixelFormat::YUVA420P => ycc(0, (true, true), true),
            PixelFormat::YUV422P10 => ycc(2, (true, false), false),
            PixelFormat::YUV444P10 => ycc(2, (false, false), false),
            PixelFormat::YUVA444P10 => ycc(2, (false, false), true),
            _ => return Err(RenderError::broken_timeline("a format that films are delivered in")),
        };
        Ok(Self { pool: FramePool::new(spec)?, target })
    }

    /// The frame of a picture of the canvas's size.
    ///
    /// # Errors
    /// Out of memory.
    pub fn frame(&self, pixmap: &Pixmap) -> Result<VideoFrame, RenderError> {
        let mut frame = self.pool.get()?;
        let (width, height) = (frame.width().min(pixmap.width()), frame.height().min(pixmap.height()));
        let picture = Straight::of(pixmap, width as usize, height as usize);
        let mut planes = frame.planes_mut()?;
        match self.target {
            Target::Bgra => bgra(&picture, &mut planes),
            Target::Ycc(ycc) => to_planes(&picture, ycc, &mut planes),
        }
        drop(planes);
        Ok(frame)
    }
}

/// A picture whose colours are not multiplied by its opacity.
struct Straight<'p> {
    pixels: std::borrow::Cow<'p, [u8]>,
    width: usize,
    height: usize,
    is_opaque: bool,
}

impl<'p> Straight<'p> {
    fn of(pixmap: &'p Pixmap, width: usize, height: usize) -> Self {
        let is_opaque = pixmap.is_opaque();
        let pixels = match is_opaque {
            true => pixmap.pixels().into(),
            false => {
                let mut pixels = pixmap.pixels().to_vec();
                for row in pixels.chunks_exact_mut(width.max(1) * 4) {
                    straighten(row);
                }
                pixels.into()
            }
        };
        Self { pixels, width, height, is_opaque }
    }

    fn row(&self, y: usize) -> &[u8] {
        &self.pixels[y * self.width * 4..(y + 1) * self.width * 4]
    }
}

/// Divides the colours of a row by its opacity, and lets them go on where nothing is seen.
fn straighten(row: &mut [u8]) {
    for pixel in row.chunks_exact_mut(4) {
        let alpha = u32::from(pixel[3]);
        if alpha != 0 && alpha != 255 {
            for channel in &mut pixel[..3] {
                *channel = ((u32::from(*channel) * 255 + alpha / 2) / alpha).min(255) as u8;
            }
        }
    }
    let count = row.len() / 4;
    let bleed = |row: &mut [u8], at: usize, from: &mut Option<([u8; 3], usize)>| {
        let pixel = &mut row[at * 4..at * 4 + 4];
        match (pixel[3], &mut *from) {
            (0, Some((color, left))) if *left > 0 => {
                // Black is what a clear pixel is before anything reaches it.
                if pixel[..3] == [0, 0, 0] {
                    pixel[..3].copy_from_slice(color);
                }
                *left -= 1;
            }
            (0, _) => {}
            (_, from) => *from = Some(([pixel[0], pixel[1], pixel[2]], BLEED)),
        }
    };
    let mut last = None;
    (0..count).for_each(|at| bleed(row, at, &mut last));
    let mut last = None;
    (0..count).rev().for_each(|at| bleed(row, at, &mut last));
}

fn bgra(picture: &Straight<'_>, planes: &mut [PlaneMut<'_>]) {
    let Some(plane) = planes.first_mut() else { return };
    for y in 0..picture.height {
        for (to, from) in plane.row_mut(y).chunks_exact_mut(4).zip(picture.row(y).chunks_exact(4)) {
            // What is not seen has no colour here, so that it packs well.
            let [r, g, b, a] = [from[0], from[1], from[2], from[3]];
            to.copy_from_slice(&if a == 0 { [0; 4] } else { [b, g, r, a] });
        }
    }
}

impl Matrix {
    /// BT.709 in limited range with `extra` bits above eight.
    fn new(extra: u32) -> Self {
        let unit = f64::from(1_u32 << (BITS + extra)) / 255.0;
        let fixed = |share: f64, extent: f64| (share * extent * unit).round() as i64;
        let (kr, kb) = (0.2126, 0.0722);
        let kg = 1.0 - kr - kb;
        let (to_blue, to_red) = (0.5 / (1.0 - kb), 0.5 / (1.0 - kr));
        Self {
            luma: [kr, kg, kb].map(|share| fixed(share, 219.0)),
            blue: [-kr * to_blue, -kg * to_blue, 0.5].map(|share| fixed(share, 224.0)),
            red: [0.5, -kg * to_red, -kb * to_red].map(|share| fixed(share, 224.0)),
            extra,
        }
    }

    fn luma(&self, pixel: &[u8]) -> u16 {
        self.sample(&self.luma, [pixel[0], pixel[1], pixel[2]].map(i64::from), 1, 16)
    }

    /// A sample of `row` of `sum`, the colours of several pixels whose weights add up to `weight`.
    fn sample(&self, row: &[i64; 3], sum: [i64; 3], weight: i64, zero: i64) -> u16 {
        let value = row.iter().zip(sum).map(|(factor, channel)| factor * channel).sum::<i64>();
        let half = weight << (BITS - 1);
        let rounded = (value + half).div_euclid(weight << BITS);
        ((zero << self.extra) + rounded) as u16
    }
}

/// A sample into a row of bytes, two of them when it has more than eight bits.
fn put(row: &mut [u8], at: usize, value: u16, extra: u32) {
    match extra {
        0 => row[at] = value as u8,
        _ => row[at * 2..at * 2 + 2].copy_from_slice(&value.to_le_bytes()),
    }
}

fn to_planes(picture: &Straight<'_>, ycc: Ycc, planes: &mut [PlaneMut<'_>]) {
    let matrix = Matrix::new(ycc.extra);
    let [luma, blue, red, opacity @ ..] = planes else { return };
    for y in 0..picture.height {
        let row = luma.row_mut(y);
        for (x, pixel) in picture.row(y).chunks_exact(4).enumerate() {
            put(row, x, matrix.luma(pixel), ycc.extra);
        }
    }
    if let (true, Some(plane)) = (ycc.has_alpha, opacity.first_mut()) {
        for y in 0..picture.height {
            let row = plane.row_mut(y);
            for (x, pixel) in picture.row(y).chunks_exact(4).enumerate() {
                let alpha = u32::from(pixel[3]);
                // Opacity uses all code values, at every depth.
                let full = (1 << (8 + ycc.extra)) - 1;
                put(row, x, ((alpha * full + 127) / 255) as u16, ycc.extra);
            }
        }
    }
    let (across, down) = ycc.halved;
    let step = (if across { 2 } else { 1 }, if down { 2 } else { 1 });
    for (index, y) in (0..picture.height).step_by(step.1).enumerate() {
        let rows = [picture.row(y), picture.row((y + step.1 - 1).min(picture.height - 1))];
        let rows = if down { &rows[..] } else { &rows[..1] };
        let (blue, red) = (blue.row_mut(index), red.row_mut(index));
        for (at, x) in (0..picture.width).step_by(step.0).enumerate() {
            let (sum, weight) = seen(picture, rows, x, across);
            put(blue, at, matrix.sample(&matrix.blue, sum, weight, 128), ycc.extra);
            put(red, at, matrix.sample(&matrix.red, sum, weight, 128), ycc.extra);
        }
    }
}

/// Sum of the colours around column `x`, each weighted by how much of it is seen, and the sum of the
/// weights.
fn seen(picture: &Straight<'_>, rows: &[&[u8]], x: usize, across: bool) -> ([i64; 3], i64) {
    let last = picture.width - 1;
    let taps = [(x.saturating_sub(1), 1), (x, 2), ((x + 1).min(last), 1)];
    let taps = if across { &taps[..] } else { &taps[1..2] };
    let (mut sum, mut weight) = ([0; 3], 0);
    let mut add = |is_seen: bool| {
        for row in rows {
            for (column, share) in taps {
                let pixel = &row[column * 4..column * 4 + 4];
                let own = if is_seen { share * i64::from(pixel[3]) } else { *share };
                weight += own;
                sum.iter_mut().zip(pixel).for_each(|(sum, channel)| *sum += own * i64::from(*channel));
            }
        }
        weight > 0
    };
    if picture.is_opaque || !add(true) {
        add(false);
    }
    (sum, weight)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::ColorDescription;

    fn delivered(format: PixelFormat, width: u32, pixels: &[[u8; 4]]) -> Vec<Vec<u16>> {
        let height = pixels.len() as u32 / width;
        let spec = FrameSpec { width, height, format, color: ColorDescription::BT709 };
        let pixmap = Pixmap::from_straight(width, height, pixels.concat()).unwrap();
        let frame = Delivery::new(spec).unwrap().frame(&pixmap).unwrap();
        let wide = format.bit_depth() > 8;
        (0..frame.planes())
            .map(|index| {
                let plane = frame.plane(index);
                let bytes: Vec<u8> = (0..plane.rows).flat_map(|y| plane.row(y)).copied().collect();
                match wide {
                    true => bytes.chunks(2).map(|b| u16::from_le_bytes([b[0], b[1]])).collect(),
                    false => bytes.into_iter().map(u16::from).collect(),
                }
            })
            .collect()
    }

    #[test]
    fn bars_are_the_codes_of_bt_709() {
        let bars = [[255, 255, 255, 255], [255, 0, 0, 255], [0, 0, 255, 255], [0, 0, 0, 255]];
        let planes = delivered(PixelFormat::YUV444P10, 4, &bars);
        // White, red, blue and black in ten bits, by the definition.
        assert_eq!(planes, [[940, 250, 127, 64], [512, 409, 960, 512], [512, 960, 471, 512]]);
    }

    #[test]
    fn what_is_not_seen_does_not_colour_its_neighbours() {
        let red = [255, 0, 0, 255];
        let planes = delivered(PixelFormat::YUVA420P, 2, &[red, [0; 4], [0; 4], [0; 4]]);
        // Luma goes on to the right and not down; chroma is that of the one pixel that is seen.
        assert_eq!(planes, [vec![63, 63, 16, 16], vec![102], vec![240], vec![255, 0, 0, 0]]);
    }

    #[test]
    fn half_opacity_keeps_its_colour() {
        let planes = delivered(PixelFormat::YUVA444P10, 1, &[[255, 0, 0, 128]]);
        assert_eq!(planes, [[250], [409], [960], [514]]);
        assert_eq!(delivered(PixelFormat::BGRA, 1, &[[255, 0, 0, 128]]), [[0, 0, 255, 128]]);
        assert_eq!(delivered(PixelFormat::BGRA, 1, &[[9, 8, 7, 0]]), [[0, 0, 0, 0]]);
    }
}
