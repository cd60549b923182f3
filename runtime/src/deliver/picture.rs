//! Pictures of single frames in memory: as a PNG, and as a small one that keeps to a number of bytes.

use std::io::{self, Write};

use image::{RgbImage, imageops};
use png::{ColorType, EncodingError};
use vid_timeline::output::DEFAULT_JPEG_QUALITY;

use super::palette::Histogram;
use super::still::jpeg;
use crate::raster::Pixmap;

/// Ways to make a picture take fewer bytes, the best first: hundredths of the side, and the most colours
/// (`None` keeps those that it has).
const WAYS: [(u32, Option<usize>); 6] =
    [(100, None), (100, Some(256)), (100, Some(64)), (75, Some(64)), (50, Some(64)), (25, Some(16))];

/// The most that a small picture may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Room {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Bytes of the PNG.
    pub bytes: usize,
}

/// A PNG of an opaque frame, tagged as sRGB.
///
/// # Errors
/// When the encoder refuses the picture.
pub fn picture(frame: &Pixmap) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    png(&mut bytes, ColorType::Rgb, rgb(frame).as_raw(), (frame.width(), frame.height()))?;
    Ok(bytes)
}

/// A JPEG of an opaque frame, at most `side` pixels across and down.
///
/// # Errors
/// When the encoder refuses the picture.
pub fn poster(frame: &Pixmap, side: u32) -> io::Result<Vec<u8>> {
    let (width, height) = fitted((frame.width(), frame.height()), (side, side));
    let small = imageops::thumbnail(&rgb(frame), width, height);
    let mut bytes = Vec::new();
    jpeg(&mut bytes, DEFAULT_JPEG_QUALITY, small.as_raw(), (width, height))?;
    Ok(bytes)
}

/// A PNG of an opaque frame that keeps to `room`; `None` when none is small enough.
pub fn thumbnail(frame: &Pixmap, room: Room) -> Option<Vec<u8>> {
    let (width, height) = fitted((frame.width(), frame.height()), (room.width, room.height));
    let whole = rgb(frame);
    WAYS.iter().find_map(|(part, colors)| {
        let side = |full: u32| (full * part / 100).max(1);
        let small = imageops::thumbnail(&whole, side(width), side(height));
        encoded(&small, *colors).ok().filter(|bytes| bytes.len() <= room.bytes)
    })
}

/// Writes a PNG of eight bits a channel, tagged as sRGB.
pub(super) fn png(
    to: &mut impl Write,
    color: ColorType,
    pixels: &[u8],
    (width, height): (u32, u32),
) -> io::Result<()> {
    let mut encoder = png::Encoder::new(to, width, height);
    encoder.set_color(color);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    finish(encoder, pixels).map_err(|error| match error {
        EncodingError::IoError(error) => error,
        other => io::Error::other(other),
    })
}

fn finish(encoder: png::Encoder<'_, impl Write>, pixels: &[u8]) -> Result<(), EncodingError> {
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()
}

fn rgb(frame: &Pixmap) -> RgbImage {
    let colors = frame.pixels().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    RgbImage::from_raw(frame.width(), frame.height(), colors).unwrap_or_default()
}

/// The largest size of the same shape that is neither larger than the room nor than the frame.
fn fitted(frame: (u32, u32), room: (u32, u32)) -> (u32, u32) {
    let (width, height) = (u64::from(frame.0.max(1)), u64::from(frame.1.max(1)));
    let (most_wide, most_high) = (u64::from(room.0).min(width), u64::from(room.1).min(height));
    let is_wide = width * most_high >= height * most_wide;
    let (wide, high) = match is_wide {
        true => (most_wide, most_wide * height / width),
        false => (most_high * width / height, most_high),
    };
    let side = |value: u64| u32::try_from(value.max(1)).unwrap_or(u32::MAX);
    (side(wide), side(high))
}

/// A PNG without tags, as small as it gets.
fn encoded(picture: &RgbImage, colors: Option<usize>) -> Result<Vec<u8>, EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width(), picture.height());
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let Some(most) = colors else {
        encoder.set_color(ColorType::Rgb);
        finish(encoder, picture.as_raw())?;
        return Ok(bytes);
    };
    let mut seen = Histogram::new();
    picture.pixels().for_each(|pixel| seen.add(pixel.0));
    let mut palette = seen.palette(most);
    encoder.set_color(ColorType::Indexed);
    encoder.set_palette(palette.colors().concat());
    // Neighbouring indices have nothing to do with each other.
    encoder.set_filter(png::Filter::NoFilter);
    let indices: Vec<u8> = picture.pixels().map(|pixel| palette.nearest(pixel.0)).collect();
    finish(encoder, &indices)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Room = Room { width: 320, height: 180, bytes: 30 * 1024 };

    fn pixmap(width: u32, height: u32, color: impl Fn(u32, u32) -> [u8; 3]) -> Pixmap {
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let bytes = pixels.flat_map(|(x, y)| {
            let [r, g, b] = color(x, y);
            [r, g, b, 255]
        });
        Pixmap::from_premultiplied(width, height, bytes.collect()).unwrap()
    }

    fn decoded(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        (reader.info().width, reader.info().height, pixels)
    }

    #[test]
    fn what_is_simple_stays_as_it_is() {
        let frame = pixmap(640, 360, |x, _| if x < 320 { [255, 90, 54] } else { [0, 0, 0] });
        let (width, height, pixels) = decoded(&thumbnail(&frame, ROOM).unwrap());
        assert_eq!((width, height), (320, 180));
        assert_eq!((&pixels[..3], &pixels[pixels.len() - 3..]), (&[255, 90, 54][..], &[0, 0, 0][..]));
    }

    #[test]
    fn what_is_not_simple_still_fits() {
        // Noise is the worst there is.
        let noise = |x: u32, y: u32| {
            let value = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).wrapping_mul(2_246_822_519);
            let [r, g, b, _] = (value ^ value >> 13).to_be_bytes();
            [r, g, b]
        };
        let bytes = thumbnail(&pixmap(320, 180, noise), ROOM).unwrap();
        assert!(bytes.len() <= ROOM.bytes, "{}", bytes.len());
        let (width, ..) = decoded(&bytes);
        assert!(width >= 80, "{width}");
        assert_eq!(thumbnail(&pixmap(320, 180, noise), Room { bytes: 10, ..ROOM }), None);
    }

    #[test]
    fn a_poster_is_a_small_jpeg() {
        let bytes = poster(&pixmap(640, 360, |_, _| [255, 90, 54]), 64).unwrap();
        let read = image::load_from_memory_with_format(&bytes, image::ImageFormat::Jpeg).unwrap().to_rgb8();
        assert_eq!(read.dimensions(), (64, 36));
        assert!(read.pixels().all(|pixel| pixel.0[0] > 240 && pixel.0[2] < 70));
    }

    #[test]
    fn shapes_are_kept() {
        assert_eq!(fitted((1920, 1080), (320, 180)), (320, 180));
        assert_eq!(fitted((1080, 1920), (320, 180)), (101, 180));
        assert_eq!(fitted((100, 50), (320, 180)), (100, 50));
        assert_eq!(fitted((10_000, 10), (320, 180)), (320, 1));
    }
}
