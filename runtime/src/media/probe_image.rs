//! What a still holds: its header is read, its pixels are not.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use image::{AnimationDecoder, ImageDecoder, ImageFormat, ImageReader};
use vid_timeline::Time;
use vid_timeline::media::{ColorTags, MediaFacts, MediaKind, VideoFacts};

use super::error::MediaError;
use super::limits::{self, Limit};

/// The facts of a still; `None` when the file is not one (an animated GIF is a film).
pub(super) fn probe(path: &Path) -> Result<Option<MediaFacts>, MediaError> {
    let reading = |error: std::io::Error| MediaError::reading(path, &error);
    let facts = std::fs::metadata(path).map_err(reading)?;
    if !facts.is_file() || facts.len() == 0 {
        // The film side has the words for these.
        return Ok(None);
    }
    let Some(format) = still_format(path).map_err(reading)? else { return Ok(None) };
    if format == ImageFormat::Gif && is_animated(path).map_err(reading)? {
        return Ok(None);
    }
    let file = BufReader::new(File::open(path).map_err(reading)?);
    let mut reader = ImageReader::with_format(file, format);
    reader.limits(decode_limits());
    let mut decoder = reader.into_decoder().map_err(|error| unreadable(path, format, &error))?;
    let (width, height) = decoder.dimensions();
    limits::check_picture(path, width, height)?;
    let color = decoder.color_type();
    let rotation = match decoder.orientation() {
        Ok(orientation) => degrees(orientation),
        // A still whose note on orientation is broken is shown as stored.
        Err(_) => 0,
    };
    let (width, height) = if rotation % 180 == 90 { (height, width) } else { (width, height) };
    let name = name(format);
    let channels = color.channel_count().max(1);
    let video = VideoFacts {
        codec: name.to_owned(),
        width,
        height,
        frame_rate: None,
        variable_frame_rate: false,
        frame_count: Some(1),
        duration: None,
        start: Time::ZERO,
        pixel_format: format!("{color:?}").to_lowercase(),
        bit_depth: u8::try_from(color.bits_per_pixel() / u16::from(channels)).unwrap_or(8),
        has_alpha: color.has_alpha(),
        sample_aspect: (1, 1),
        rotation,
        interlaced: false,
        color: ColorTags::default(),
    };
    Ok(Some(MediaFacts {
        kind: MediaKind::Image,
        container: name.to_owned(),
        duration: None,
        video: Some(video),
        audio: None,
        size_bytes: facts.len(),
    }))
}

/// The still format that the first bytes speak of, if it is one we read.
fn still_format(path: &Path) -> std::io::Result<Option<ImageFormat>> {
    let mut head = Vec::new();
    File::open(path)?.take(64).read_to_end(&mut head)?;
    let accepted = [
        ImageFormat::Png,
        ImageFormat::Jpeg,
        ImageFormat::WebP,
        ImageFormat::Gif,
        ImageFormat::Tiff,
        ImageFormat::Bmp,
    ];
    Ok(image::guess_format(&head).ok().filter(|format| accepted.contains(format)))
}

/// Whether a GIF has a second picture.
fn is_animated(path: &Path) -> std::io::Result<bool> {
    let mut file = BufReader::new(File::open(path)?);
    file.rewind()?;
    let Ok(mut decoder) = image::codecs::gif::GifDecoder::new(file) else { return Ok(false) };
    let (width, height) = decoder.dimensions();
    if limits::check_picture(path, width, height).is_err() || decoder.set_limits(decode_limits()).is_err() {
        return Ok(false);
    }
    Ok(decoder.into_frames().take(2).filter(Result::is_ok).count() == 2)
}

/// Bounds for the image library; the size of the picture we look at ourselves.
fn decode_limits() -> image::Limits {
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some(limits::MAX_STILL_BYTES);
    bounds
}

fn unreadable(path: &Path, format: ImageFormat, error: &image::ImageError) -> MediaError {
    let path = path.to_owned();
    match error {
        image::ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            MediaError::Truncated { path, reason: format!("the {} header breaks off", name(format)) }
        }
        // The library does not say how much it would have taken.
        image::ImageError::Limits(_) => {
            Limit::StillBytes.passed(&path, limits::MAX_STILL_BYTES + 1, limits::MAX_STILL_BYTES)
        }
        other => {
            let reason = other.to_string().to_lowercase();
            MediaError::NotMedia { path, reason: reason.trim_end_matches('.').to_owned() }
        }
    }
}

fn degrees(orientation: image::metadata::Orientation) -> u16 {
    use image::metadata::Orientation;
    match orientation {
        Orientation::NoTransforms | Orientation::FlipHorizontal => 0,
        Orientation::Rotate90 | Orientation::Rotate90FlipH => 90,
        Orientation::Rotate180 | Orientation::FlipVertical => 180,
        Orientation::Rotate270 | Orientation::Rotate270FlipH => 270,
    }
}

/// Short name of a still format.
fn name(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Png => "png",
        ImageFormat::Jpeg => "jpeg",
        ImageFormat::WebP => "webp",
        ImageFormat::Gif => "gif",
        ImageFormat::Tiff => "tiff",
        ImageFormat::Bmp => "bmp",
        _ => "image",
    }
}
