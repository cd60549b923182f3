//! Still pictures: from a file to premultiplied pixels, and to the size they are shown at.
//!
//! The kind of file is told by its content, never by its name. A still is decoded once and scaled
//! once, before the first frame that shows it. Colours are taken as sRGB; an embedded profile is
//! not applied.

use std::fs::File;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::pixmap::Pixmap;
use super::planar::MAX_LAYER_PIXELS;

/// Longest side of a picture, in pixels.
pub const MAX_SIDE: u32 = 16_384;
/// Most pixels of a picture: a frame of 7680 × 4320.
pub const MAX_PIXELS: u64 = MAX_LAYER_PIXELS;
/// Largest file that is read: eight bytes for each pixel of the largest picture.
pub const MAX_FILE_BYTES: u64 = MAX_PIXELS * 8;

/// A picture that could not be had from a file.
#[derive(Debug, thiserror::Error)]
#[error("`{}` {problem}", path.display())]
pub struct StillError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it; reads on from the file's name.
    pub problem: StillProblem,
}

/// Why bytes are not a picture.
#[derive(Debug, thiserror::Error)]
pub enum StillProblem {
    /// The file cannot be opened or read.
    #[error("cannot be read: {0}")]
    Unreadable(#[source] std::io::Error),
    /// There are no bytes.
    #[error("is empty (0 bytes)")]
    Empty,
    /// The bytes are none of the formats that pictures have.
    #[error("is not an image; png, jpeg, webp, gif, tiff and bmp are read")]
    NotAnImage,
    /// A picture of a format, or of a kind within a format, that is not read.
    #[error("is an image that is not supported yet: {what}")]
    Unsupported {
        /// The format or the feature.
        what: String,
    },
    /// More pixels than [`MAX_PIXELS`] or a side above [`MAX_SIDE`].
    #[error("is {width}x{height}, more than the limit of {MAX_PIXELS} pixels and {MAX_SIDE} a side")]
    TooLarge {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// More bytes than [`MAX_FILE_BYTES`].
    #[error("is larger than the limit of {MAX_FILE_BYTES} bytes for an image")]
    FileTooLarge,
    /// The bytes end before the picture does.
    #[error("is cut short: the image data end early")]
    Truncated,
    /// The bytes contradict their format.
    #[error("is damaged: {reason}")]
    Damaged {
        /// What the decoder found.
        reason: String,
    },
}

/// Reads and decodes a picture, turned upright as its EXIF orientation says; of an animation, the
/// first frame. Sixteen-bit channels are rounded to eight.
///
/// # Errors
/// A [`StillProblem`] with the path. Size is checked before anything is decoded.
pub fn load_still(path: &Path) -> Result<Pixmap, StillError> {
    read(path)
        .and_then(|bytes| decode_still(&bytes))
        .map_err(|problem| StillError { path: path.to_owned(), problem })
}

fn read(path: &Path) -> Result<Vec<u8>, StillProblem> {
    let file = File::open(path).map_err(StillProblem::Unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(StillProblem::Unreadable)?;
    if bytes.len() as u64 > MAX_FILE_BYTES { Err(StillProblem::FileTooLarge) } else { Ok(bytes) }
}

/// Decodes the bytes of a picture, as [`load_still`] does.
///
/// # Errors
/// Whatever is wrong with them.
pub fn decode_still(bytes: &[u8]) -> Result<Pixmap, StillProblem> {
    if bytes.is_empty() {
        return Err(StillProblem::Empty);
    }
    // Pictures come from outside and decoders are not ours: a panic in one must not take the process
    // along. Nothing is shared with what is unwound.
    std::panic::catch_unwind(|| decode(bytes))
        .unwrap_or_else(|_| Err(StillProblem::Damaged { reason: "the decoder gave up on it".to_owned() }))
}

fn decode(bytes: &[u8]) -> Result<Pixmap, StillProblem> {
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(StillProblem::Unreadable)?;
    let Some(format) = reader.format() else { return Err(StillProblem::NotAnImage) };
    let mut limits = Limits::default();
    limits.max_alloc = Some(2 * MAX_FILE_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(problem)?;
    let (width, height) = decoder.dimensions();
    if width.max(height) > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(StillProblem::TooLarge { width, height });
    }
    if format == ImageFormat::Jpeg && !has_jpeg_end(bytes) {
        // The decoder would paint the missing rest grey.
        return Err(StillProblem::Truncated);
    }
    let orientation = decoder.orientation().map_err(problem)?;
    let too_few = || StillProblem::Damaged { reason: "the decoder returned too few pixels".to_owned() };
    if orientation == Orientation::NoTransforms && decoder.color_type() == ColorType::Rgb8 {
        let pixels = solid_pixels(decoder)?;
        return Pixmap::from_solid(width, height, pixels).ok_or_else(too_few);
    }
    let mut image = DynamicImage::from_decoder(decoder).map_err(problem)?;
    image.apply_orientation(orientation);
    let image = image.into_rgba8();
    let (width, height) = image.dimensions();
    Pixmap::from_straight(width, height, image.into_raw()).ok_or_else(too_few)
}

/// The picture of a decoder of red, green and blue as pixels with opacity, in no more memory than those take: a
/// photo of 6 million pixels has 18 MB more as it is decoded.
fn solid_pixels(decoder: impl ImageDecoder) -> Result<Vec<u8>, StillProblem> {
    let (width, height) = decoder.dimensions();
    let count = width as usize * height as usize;
    let mut pixels = vec![0; 4 * count];
    decoder.read_image(&mut pixels[count..]).map_err(problem)?;
    // What is read lies ahead of what is written, up to the last pixel.
    for pixel in 0..count {
        let from = count + 3 * pixel;
        let [red, green, blue] = [pixels[from], pixels[from + 1], pixels[from + 2]];
        pixels[4 * pixel..4 * pixel + 4].copy_from_slice(&[red, green, blue, 255]);
    }
    Ok(pixels)
}

fn problem(error: ImageError) -> StillProblem {
    match error {
        ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            StillProblem::Truncated
        }
        ImageError::IoError(error) => StillProblem::Damaged { reason: error.to_string() },
        ImageError::Unsupported(error) => StillProblem::Unsupported { what: error.to_string() },
        ImageError::Limits(error) => StillProblem::Damaged { reason: error.to_string() },
        other => StillProblem::Damaged { reason: other.to_string() },
    }
}

/// Whether a JPEG has its end marker after its picture. Segments before the picture are stepped
/// over by their lengths, so that an embedded thumbnail's marker does not count.
fn has_jpeg_end(bytes: &[u8]) -> bool {
    const START_OF_SCAN: u8 = 0xda;
    let mut at = 2;
    while let Some(&[0xff, marker]) = bytes.get(at..at + 2) {
        if marker == 0xff {
            at += 1;
            continue;
        }
        let Some(&[high, low]) = bytes.get(at + 2..at + 4) else { return false };
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
        if marker == START_OF_SCAN {
            // Inside a scan, 0xff is followed by zero or a restart marker unless the scan ends.
            return bytes.get(at..).is_some_and(|scan| scan.windows(2).any(|pair| pair == [0xff, 0xd9]));
        }
    }
    // Not the structure we know: let the decoder judge.
    true
}

/// What of a picture is shown, as fractions of its width and height.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Region {
    /// Left edge, 0–1.
    pub left: f64,
    /// Top edge, 0–1.
    pub top: f64,
    /// Right edge, 0–1, beyond the left one.
    pub right: f64,
    /// Bottom edge, 0–1, beyond the top one.
    pub bottom: f64,
}

impl Region {
    /// All of it.
    pub const WHOLE: Self = Self { left: 0.0, top: 0.0, right: 1.0, bottom: 1.0 };
}

/// Why a picture cannot be scaled.
#[derive(Clone, Copy, PartialEq, Debug, thiserror::Error)]
pub enum ScaleError {
    /// The size asked for is beyond [`MAX_PIXELS`] or [`MAX_SIDE`].
    #[error(
        "an image cannot be scaled to {width}x{height}: the limit is {MAX_PIXELS} pixels and {MAX_SIDE} a side"
    )]
    TooLarge {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// The region has no pixels, or is not inside the picture.
    #[error("the crop leaves nothing of the image")]
    EmptyRegion,
}

/// The region of a picture at `width` × `height` pixels: Lanczos (three lobes) to make it smaller in
/// either direction, Catmull-Rom to make it larger, on premultiplied pixels.
///
/// # Errors
/// [`ScaleError`].
pub fn scale(source: &Pixmap, region: Region, width: u32, height: u32) -> Result<Pixmap, ScaleError> {
    if width.max(height) > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(ScaleError::TooLarge { width, height });
    }
    if width == 0 || height == 0 {
        return Ok(Pixmap::transparent(width, height));
    }
    let (source_width, source_height) = (f64::from(source.width()), f64::from(source.height()));
    let (left, top) = (region.left * source_width, region.top * source_height);
    let (region_width, region_height) =
        ((region.right - region.left) * source_width, (region.bottom - region.top) * source_height);
    let inside = left >= 0.0 && top >= 0.0 && region.right <= 1.0 && region.bottom <= 1.0;
    // Written so that no number (NaN) is refused too.
    if !(inside && region_width > 0.0 && region_height > 0.0) {
        return Err(ScaleError::EmptyRegion);
    }
    if region == Region::WHOLE && (source.width(), source.height()) == (width, height) {
        return Ok(source.clone());
    }
    let smaller = f64::from(width) < region_width || f64::from(height) < region_height;
    let filter = if smaller { FilterType::Lanczos3 } else { FilterType::CatmullRom };
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(filter))
        .crop(left, top, region_width.min(source_width - left), region_height.min(source_height - top))
        .use_alpha(false);
    let from = ImageRef::new(source.width(), source.height(), source.pixels(), PixelType::U8x4)
        .map_err(|_| ScaleError::EmptyRegion)?;
    let mut to = Image::new(width, height, PixelType::U8x4);
    Resizer::new().resize(&from, &mut to, &options).map_err(|_| ScaleError::EmptyRegion)?;
    // Ringing can lift a channel above its alpha; building the pixmap lowers it.
    Ok(Pixmap::from_premultiplied(width, height, to.into_vec()).unwrap_or_else(|| Pixmap::transparent(0, 0)))
}

#[cfg(test)]
mod tests;
