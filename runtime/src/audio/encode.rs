//! Writing the programme.

use std::path::Path;

use super::master::{BLOCK_SAMPLES, Master};
use super::programme::Programme;
use crate::assets::Assets;
use crate::error::RenderError;
use crate::media::{AudioEncodeSettings, AudioEncoder, CHANNELS};
use crate::progress::CancelToken;

/// Plays the programme and writes it, encoded, to `file`.
///
/// # Errors
/// A source that cannot be read, a full disk, or [`RenderError::Cancelled`].
pub fn encode_programme(
    programme: &Programme,
    assets: &Assets,
    settings: AudioEncodeSettings,
    file: &Path,
    cancel: &CancelToken,
) -> Result<(), RenderError> {
    let mut encoder = AudioEncoder::create(file, settings)?;
    let mut master = Master::new(programme, assets, cancel)?;
    let mut block = vec![0.0; BLOCK_SAMPLES * CHANNELS];
    loop {
        if cancel.is_cancelled() {
            return Err(RenderError::Cancelled);
        }
        let count = master.next(&mut block)?;
        if count == 0 {
            break;
        }
        encoder.send(&block[..count * CHANNELS])?;
    }
    encoder.finish()?;
    Ok(())
}
