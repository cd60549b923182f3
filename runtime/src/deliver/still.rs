//! PNG and JPEG: one frame, tagged as sRGB.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use image::ImageEncoder;
use image::codecs::jpeg::JpegEncoder;
use moxcms::{ColorDateTime, ColorProfile};
use vid_timeline::output::DEFAULT_JPEG_QUALITY;
use vid_timeline::{Output, OutputFormat};

use super::picture::png;
use super::{Pieces, each_frame};
use crate::error::RenderError;
use crate::progress::CancelToken;

/// Writes the first frame to `out`.
pub fn write(output: &Output, pieces: &Pieces<'_>, out: &Path) -> Result<(), RenderError> {
    let mut written = false;
    each_frame(pieces, u64::MAX, &CancelToken::default(), |_, frame| {
        let plane = frame.plane(0);
        let pixels = (0..plane.rows).flat_map(|row| plane.row(row).chunks_exact(4));
        let (width, height) = (frame.width(), frame.height());
        let failed = |error| RenderError::io("write", out, error);
        let mut file = BufWriter::new(File::create(out).map_err(failed)?);
        match output.format {
            OutputFormat::Jpg => {
                let rgb: Vec<u8> = pixels.flat_map(|p| [p[2], p[1], p[0]]).collect();
                let quality = output.encoder.quality.unwrap_or(DEFAULT_JPEG_QUALITY);
                jpeg(&mut file, quality, &rgb, (width, height)).map_err(failed)?;
            }
            _ if output.alpha => {
                let rgba: Vec<u8> = pixels.flat_map(|p| [p[2], p[1], p[0], p[3]]).collect();
                png(&mut file, png::ColorType::Rgba, &rgba, (width, height)).map_err(failed)?;
            }
            _ => {
                let rgb: Vec<u8> = pixels.flat_map(|p| [p[2], p[1], p[0]]).collect();
                png(&mut file, png::ColorType::Rgb, &rgb, (width, height)).map_err(failed)?;
            }
        }
        written = true;
        file.flush().map_err(failed)
    })?;
    if written { Ok(()) } else { Err(RenderError::broken_timeline("a frame")) }
}

/// The colour profile of sRGB.
fn srgb() -> std::io::Result<Vec<u8>> {
    let mut profile = ColorProfile::new_srgb();
    // The bytes of a film do not depend on the day.
    profile.creation_date_time =
        ColorDateTime { year: 2000, month: 1, day_of_the_month: 1, hours: 0, minutes: 0, seconds: 0 };
    // Its codes describe Y'CbCr, which is not what the file holds; the curves and primaries say it all.
    profile.cicp = None;
    profile.encode().map_err(std::io::Error::other)
}

/// Writes a JPEG of eight bits a channel, tagged as sRGB; quality 1–100.
pub(super) fn jpeg(
    to: &mut impl Write,
    quality: u8,
    rgb: &[u8],
    (width, height): (u32, u32),
) -> std::io::Result<()> {
    let mut encoder = JpegEncoder::new_with_quality(to, quality);
    // A reader that ignores the profile takes it for sRGB anyway.
    encoder.set_icc_profile(srgb()?).map_err(std::io::Error::other)?;
    encoder.write_image(rgb, width, height, image::ExtendedColorType::Rgb8).map_err(|error| match error {
        image::ImageError::IoError(error) => error,
        other => std::io::Error::other(other),
    })
}
