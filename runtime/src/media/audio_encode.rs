//! Encoding the mixed sound of a whole programme.

use std::path::{Path, PathBuf};

use ffmpeg_next::ffi;
use serde::Serialize;
use vid_timeline::SAMPLE_RATE;

use super::encoder::FileEncoder;
use super::error::MediaError;
use super::join::AudioFile;
use super::sys::{self, Options, RawFrame};

/// Channels of every mix.
pub const CHANNELS: usize = 2;
/// Bits a second unless a profile says otherwise.
pub const DEFAULT_BIT_RATE: u32 = 192_000;

/// Samples that the encoder puts before the sound, and players leave out: one block. The stored file
/// does not record it, so it is fixed here and checked when the encoder opens.
pub(super) const PRIMING: i64 = 1024;

/// What the sound is encoded to. Serialised, it is part of the stored sound's key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct AudioEncodeSettings {
    /// Bits a second.
    pub bit_rate: u32,
}

impl Default for AudioEncodeSettings {
    fn default() -> Self {
        Self { bit_rate: DEFAULT_BIT_RATE }
    }
}

/// Encodes stereo sound at 48 kHz as AAC into a Matroska file.
///
/// One encoder serves the whole programme: each encoder start adds silence that joined pieces would
/// keep.
pub struct AudioEncoder {
    path: PathBuf,
    encoder: FileEncoder,
    /// Interleaved samples not yet a whole block of the encoder.
    pending: Vec<f32>,
    samples: u64,
}

impl AudioEncoder {
    /// Opens the encoder and creates the file, replacing one of that name. The path should be a
    /// temporary one that is renamed after [`Self::finish`].
    ///
    /// # Errors
    /// [`MediaError::Encode`] for settings the encoder refuses, [`MediaError::Write`].
    pub fn create(path: &Path, settings: AudioEncodeSettings) -> Result<Self, MediaError> {
        let rate = SAMPLE_RATE as i32;
        let encoder = FileEncoder::create(path, "aac audio", c"aac", Options::new(), |context| {
            context.sample_fmt = ffi::AVSampleFormat::AV_SAMPLE_FMT_FLTP;
            context.sample_rate = rate;
            context.time_base = ffi::AVRational { num: 1, den: rate };
            context.bit_rate = settings.bit_rate.into();
            // SAFETY: the layout is part of the context, which is valid.
            unsafe { ffi::av_channel_layout_default(&raw mut context.ch_layout, CHANNELS as i32) };
        })?;
        if i64::from(encoder.context().initial_padding) != PRIMING {
            let reason =
                format!("its priming is {} samples, not {PRIMING}", encoder.context().initial_padding);
            return Err(MediaError::Encode { what: "aac audio".to_owned(), reason });
        }
        Ok(Self { path: path.to_owned(), encoder, pending: Vec::new(), samples: 0 })
    }

    /// Encodes the next samples: left and right in turn, full scale ±1.
    ///
    /// # Errors
    /// [`MediaError::Encode`] for samples that are not numbers, [`MediaError::Write`].
    ///
    /// # Panics
    /// When the block ends with half a sample pair.
    pub fn send(&mut self, interleaved: &[f32]) -> Result<(), MediaError> {
        assert!(interleaved.len().is_multiple_of(CHANNELS), "blocks hold whole sample pairs");
        self.pending.extend_from_slice(interleaved);
        let block = self.block_samples() * CHANNELS;
        let whole = self.pending.len() / block * block;
        for start in (0..whole).step_by(block) {
            let frame = self.frame(&self.pending[start..start + block])?;
            self.encode(&frame, block / CHANNELS)?;
        }
        self.pending.drain(..whole);
        Ok(())
    }

    /// Encodes what is left and completes the file.
    ///
    /// # Errors
    /// [`MediaError::Encode`], [`MediaError::Write`].
    pub fn finish(mut self) -> Result<AudioFile, MediaError> {
        if !self.pending.is_empty() {
            let frame = self.frame(&self.pending)?;
            self.encode(&frame, self.pending.len() / CHANNELS)?;
        }
        self.encoder.finish()?;
        Ok(AudioFile { path: self.path, samples: self.samples })
    }

    fn encode(&mut self, frame: &RawFrame, samples: usize) -> Result<(), MediaError> {
        self.encoder.send(Some(frame))?;
        self.samples += samples as u64;
        Ok(())
    }

    /// Samples per channel of the encoder's block.
    fn block_samples(&self) -> usize {
        usize::try_from(self.encoder.context().frame_size).unwrap_or(0).max(1)
    }

    /// A frame of one plane per channel at the current position.
    fn frame(&self, interleaved: &[f32]) -> Result<RawFrame, MediaError> {
        let mut frame = RawFrame::new()?;
        let samples = interleaved.len() / CHANNELS;
        // SAFETY: the frame is ours; after the buffer call every channel has a plane of `samples`
        // aligned floats.
        unsafe {
            let raw = frame.as_mut_ptr();
            (*raw).format = ffi::AVSampleFormat::AV_SAMPLE_FMT_FLTP as i32;
            (*raw).nb_samples = samples as i32;
            (*raw).sample_rate = SAMPLE_RATE as i32;
            (*raw).pts = i64::try_from(self.samples).unwrap_or(i64::MAX);
            ffi::av_channel_layout_default(&raw mut (*raw).ch_layout, CHANNELS as i32);
            sys::check(ffi::av_frame_get_buffer(raw, 0))
                .map_err(|_| MediaError::OutOfMemory { what: "a block of sound" })?;
            for channel in 0..CHANNELS {
                let plane = std::slice::from_raw_parts_mut((*raw).data[channel].cast::<f32>(), samples);
                let source = interleaved.iter().skip(channel).step_by(CHANNELS);
                plane.iter_mut().zip(source).for_each(|(to, from)| *to = *from);
            }
        }
        Ok(frame)
    }
}
