//! The last step: from stored pieces to the file that is delivered.
//!
//! Films are joined without encoding again. A gif is written here, because its palette depends on all
//! frames, and so are stills; both are stored without loss.

mod dither;
mod gif;
mod palette;
mod picture;
mod still;

pub use picture::{Room, picture, poster, thumbnail};

use std::path::Path;

use vid_timeline::{Output, OutputFormat};

use crate::error::RenderError;
use crate::media::{
    AudioFile, Container, DecodeOptions, EncodeSettings, JoinSettings, SegmentFile, VideoFrame, VideoSource,
    join, join_sound,
};
use crate::progress::CancelToken;

/// What a file is made of.
pub struct Pieces<'a> {
    /// Segments in order; none of a file of sound alone.
    pub segments: &'a [SegmentFile],
    /// How they are encoded.
    pub encode: Option<&'a EncodeSettings>,
    /// The sound, if there is any.
    pub sound: Option<&'a AudioFile>,
}

/// Writes the pieces to `out` in the output's format, replacing a file of that name. The path should be
/// a temporary one that is renamed afterwards.
///
/// # Errors
/// A stored piece that is damaged, a file that cannot be written, [`RenderError::Cancelled`].
pub fn deliver(
    output: &Output,
    pieces: &Pieces<'_>,
    out: &Path,
    cancel: &CancelToken,
) -> Result<(), RenderError> {
    let container = match output.format {
        OutputFormat::Mp4 => Container::Mp4,
        OutputFormat::Webm => Container::Webm,
        OutputFormat::Mov => Container::Mov,
        OutputFormat::Wav => {
            let sound = pieces.sound.ok_or_else(|| RenderError::broken_timeline("a programme"))?;
            return Ok(join_sound(sound, out)?);
        }
        OutputFormat::Gif => return gif::write(output, pieces, out, cancel),
        OutputFormat::Png | OutputFormat::Jpg => return still::write(output, pieces, out),
    };
    let encode = pieces.encode.ok_or_else(|| RenderError::broken_timeline("pictures"))?;
    let settings = JoinSettings {
        container,
        frame_rate: encode.frame_rate,
        codec: encode.codec,
        format: encode.frame.format,
    };
    Ok(join(pieces.segments, pieces.sound, out, settings)?)
}

/// Lets `work` see every `step`-th frame of the film, counted from its first, in order.
fn each_frame(
    pieces: &Pieces<'_>,
    step: u64,
    cancel: &CancelToken,
    mut work: impl FnMut(u64, &VideoFrame) -> Result<(), RenderError>,
) -> Result<(), RenderError> {
    let encode = pieces.encode.ok_or_else(|| RenderError::broken_timeline("pictures"))?;
    let mut number = 0;
    for segment in pieces.segments {
        let mut source = VideoSource::open(&segment.path, DecodeOptions::default())?;
        for frame in 0..segment.frames {
            if cancel.is_cancelled() {
                return Err(RenderError::Cancelled);
            }
            if u64::is_multiple_of(number, step) {
                let frame = i64::try_from(frame).unwrap_or(i64::MAX);
                let time = vid_timeline::Time::from_frame(frame, encode.frame_rate);
                let found = source.frame_at(time)?;
                if !encode.frame.fits(&found.frame) {
                    let (wanted, found) = (encode.frame.to_string(), found.frame.shape());
                    return Err(crate::media::MediaError::FrameMismatch { wanted, found }.into());
                }
                work(number, &found.frame)?;
            }
            number += 1;
        }
    }
    Ok(())
}
