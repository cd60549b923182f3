//! GIF: one palette for the film, frames that say only what changes, times that do not drift.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use gif::{DisposalMethod, Encoder, Frame, Repeat};
use vid_timeline::output::{DEFAULT_COLORS, DEFAULT_DITHER};
use vid_timeline::{FrameRate, Output};

use super::dither::Mapper;
use super::palette::Histogram;
use super::{Pieces, each_frame};
use crate::error::RenderError;
use crate::media::VideoFrame;
use crate::progress::CancelToken;

/// Hundredths of a second that a frame stays at least: browsers show shorter ones for ten.
const SHORTEST: u64 = 2;

/// A hundredth is the unit of time in a GIF.
const UNITS: u64 = 100;

/// Opacity from which a pixel is drawn; a GIF knows no half.
const SOLID: u8 = 128;

/// Writes the film to `out`.
pub fn write(
    output: &Output,
    pieces: &Pieces<'_>,
    out: &Path,
    cancel: &CancelToken,
) -> Result<(), RenderError> {
    let encode = pieces.encode.ok_or_else(|| RenderError::broken_timeline("pictures"))?;
    let step = step_of(encode.frame_rate);
    let mut histogram = Histogram::new();
    each_frame(pieces, step, cancel, |_, frame| {
        for pixel in pixels(frame).filter(|pixel| pixel[3] >= SOLID) {
            histogram.add([pixel[0], pixel[1], pixel[2]]);
        }
        Ok(())
    })?;
    // One index stands for what stays as it is, or is not drawn.
    let colors = usize::from(output.encoder.colors.unwrap_or(DEFAULT_COLORS)) - 1;
    let palette = histogram.palette(colors);
    drop(histogram);
    let failed = |error| RenderError::io("write", out, error);
    let file = BufWriter::new(File::create(out).map_err(failed)?);
    let (width, height) = (encode.frame.width, encode.frame.height);
    let mut film = Film::new(file, (width, height), palette.colors(), output).map_err(failed)?;
    let dither = output.encoder.dither.unwrap_or(DEFAULT_DITHER);
    let mut mapper = Mapper::new(palette, dither, width as usize);
    let frames: u64 = pieces.segments.iter().map(|segment| segment.frames).sum();
    each_frame(pieces, step, cancel, |number, frame| {
        let end = (number + step).min(frames);
        let time = |frame| hundredths(frame, encode.frame_rate);
        let pixels: Vec<[u8; 4]> = pixels(frame).collect();
        let seen: Vec<bool> = pixels.iter().map(|pixel| pixel[3] >= SOLID).collect();
        film.add(mapper.frame(pixels), &seen, time(end) - time(number)).map_err(failed)
    })?;
    film.finish().and_then(|mut file| file.flush()).map_err(failed)
}

/// Every how many frames one is shown, so that none is shorter than [`SHORTEST`].
fn step_of(rate: FrameRate) -> u64 {
    let (frames, seconds) = (u64::from(rate.numerator()), u64::from(rate.denominator()));
    (frames * SHORTEST).div_ceil(seconds * UNITS).max(1)
}

/// When a frame begins, in whole hundredths of a second, rounded by itself.
fn hundredths(frame: u64, rate: FrameRate) -> u64 {
    let (frames, seconds) = (u128::from(rate.numerator()), u128::from(rate.denominator()));
    let exact = 2 * u128::from(frame) * seconds * u128::from(UNITS) + frames;
    u64::try_from(exact / (2 * frames)).unwrap_or(u64::MAX)
}

/// Red, green, blue, opacity of a frame that is stored in another order.
fn pixels(frame: &VideoFrame) -> impl Iterator<Item = [u8; 4]> {
    let plane = frame.plane(0);
    let rows = (0..plane.rows).map(move |row| plane.row(row));
    rows.flat_map(|row| row.chunks_exact(4)).map(|p| [p[2], p[1], p[0], p[3]])
}

/// The file while it is written. A frame waits until the next one differs from it, since frames that are
/// alike are one that stays longer.
struct Film<W: Write> {
    encoder: Encoder<W>,
    size: (usize, usize),
    alpha: bool,
    clear: u8,
    /// What is on screen once `waiting` is shown; the clear index where nothing is.
    shown: Vec<u8>,
    waiting: Option<Frame<'static>>,
    /// How long it stays, in hundredths.
    stays: u64,
}

impl<W: Write> Film<W> {
    fn new(to: W, (width, height): (u32, u32), colors: &[[u8; 3]], output: &Output) -> std::io::Result<Self> {
        let clear = colors.len() as u8;
        let mut palette = colors.concat();
        palette.extend([0; 3]);
        let side = |side: u32| u16::try_from(side).unwrap_or(u16::MAX);
        let mut encoder = Encoder::new(to, side(width), side(height), &palette).map_err(broken)?;
        let repeat = match output.encoder.plays.unwrap_or(0) {
            0 => Some(Repeat::Infinite),
            // Without the extension it plays once; with it, so many times more.
            1 => None,
            plays => Some(Repeat::Finite(plays - 1)),
        };
        if let Some(repeat) = repeat {
            encoder.set_repeat(repeat).map_err(broken)?;
        }
        let size = (width as usize, height as usize);
        let shown = vec![clear; size.0 * size.1];
        Ok(Self { encoder, size, alpha: output.alpha, clear, shown, waiting: None, stays: 0 })
    }

    /// Adds a frame of indices that stays for so many hundredths.
    fn add(&mut self, indices: &[u8], seen: &[bool], stays: u64) -> std::io::Result<()> {
        let wanted: Vec<u8> =
            indices.iter().zip(seen).map(|(index, seen)| if *seen { *index } else { self.clear }).collect();
        if self.waiting.is_some() && wanted == self.shown {
            self.stays += stays;
            return Ok(());
        }
        // A transparent film begins every frame on a clear canvas: nothing can be taken away otherwise.
        let before = if self.alpha { vec![self.clear; wanted.len()] } else { self.shown.clone() };
        let frame = self.frame(&wanted, &before);
        self.write_waiting()?;
        (self.waiting, self.stays, self.shown) = (Some(frame), stays, wanted);
        Ok(())
    }

    /// The smallest rectangle of what differs; a single pixel when nothing does.
    fn frame(&self, wanted: &[u8], before: &[u8]) -> Frame<'static> {
        let (width, height) = self.size;
        let (mut left, mut top, mut right, mut bottom) = (width, height, 0, 0);
        for (y, (new, old)) in wanted.chunks_exact(width).zip(before.chunks_exact(width)).enumerate() {
            let Some(first) = (0..width).find(|x| new[*x] != old[*x]) else { continue };
            let last = (first..width).rev().find(|x| new[*x] != old[*x]).unwrap_or(first);
            (left, right) = (left.min(first), right.max(last + 1));
            (top, bottom) = (top.min(y), y + 1);
        }
        if right == 0 {
            (left, top, right, bottom) = (0, 0, 1, 1);
        }
        let rows = (top..bottom).flat_map(|y| y * width + left..y * width + right);
        let buffer: Vec<u8> =
            rows.map(|at| if wanted[at] == before[at] { self.clear } else { wanted[at] }).collect();
        let dispose = if self.alpha { DisposalMethod::Background } else { DisposalMethod::Keep };
        Frame {
            dispose,
            transparent: Some(self.clear),
            left: left as u16,
            top: top as u16,
            width: (right - left) as u16,
            height: (bottom - top) as u16,
            buffer: buffer.into(),
            ..Frame::default()
        }
    }

    /// Writes the frame that waits, more than once if it stays longer than a frame can say.
    fn write_waiting(&mut self) -> std::io::Result<()> {
        let Some(mut frame) = self.waiting.take() else { return Ok(()) };
        let mut left = self.stays;
        loop {
            frame.delay = u16::try_from(left).unwrap_or(u16::MAX);
            self.encoder.write_frame(&frame).map_err(broken)?;
            left -= u64::from(frame.delay);
            if left == 0 {
                return Ok(());
            }
        }
    }

    fn finish(mut self) -> std::io::Result<W> {
        self.write_waiting()?;
        self.encoder.into_inner().map_err(broken)
    }
}

fn broken(error: gif::EncodingError) -> std::io::Error {
    match error {
        gif::EncodingError::Io(error) => error,
        other => std::io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_do_not_drift_and_no_frame_is_too_short() {
        for (frames, seconds, step) in [(30, 1, 1), (30000, 1001, 1), (50, 1, 1), (60, 1, 2), (240, 1, 5)] {
            let rate = FrameRate::new(frames, seconds).unwrap();
            assert_eq!(step_of(rate), step, "{rate}");
            let shortest =
                (0..1000_u64).map(|n| hundredths((n + 1) * step, rate) - hundredths(n * step, rate));
            assert!(shortest.min().unwrap() >= SHORTEST, "{rate}");
        }
        // An hour of 29.97 frames a second, to the hundredth.
        assert_eq!(hundredths(107_892, FrameRate::new(30000, 1001).unwrap()), 359_999 + 1);
    }
}
