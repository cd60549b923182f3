//! Encoding the mixed sound of a whole programme.

use std::ffi::CStr;
use std::path::{Path, PathBuf};

use ffmpeg_next::ffi;
use serde::Serialize;
use vid_timeline::output::DEFAULT_SAMPLE_FORMAT;
use vid_timeline::{AudioCodec, SAMPLE_RATE, SampleFormat};

use super::encoder::FileEncoder;
use super::error::MediaError;
use super::installed::is_installed;
use super::join::AudioFile;
use super::sys::{self, Options, RawFrame};

/// Channels of every mix.
pub const CHANNELS: usize = 2;
/// Bits a second unless a profile says otherwise.
pub const DEFAULT_BIT_RATE: u32 = 192_000;

/// What the sound is encoded to. Serialised, it is part of the stored sound's key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct AudioEncodeSettings {
    /// Codec.
    pub codec: AudioCodec,
    /// Bits a second, of AAC and Opus.
    pub bit_rate: u32,
    /// What a sample of PCM is.
    pub sample_format: SampleFormat,
}

impl Default for AudioEncodeSettings {
    fn default() -> Self {
        Self { codec: AudioCodec::Aac, bit_rate: DEFAULT_BIT_RATE, sample_format: DEFAULT_SAMPLE_FORMAT }
    }
}

impl AudioEncodeSettings {
    /// Samples that the encoder puts before the sound, and players leave out. Not every stored file
    /// records it, so it is fixed here and checked when the encoder opens: a block of AAC, and Opus's
    /// look-ahead of 6.5 ms.
    pub(super) const fn priming(self) -> i64 {
        match self.codec {
            AudioCodec::Aac => 1024,
            AudioCodec::Opus => 312,
            AudioCodec::Pcm => 0,
        }
    }

    /// Samples of a packet: what the codec has, and for PCM as many as AAC has.
    pub(super) const fn packet_samples(self) -> i64 {
        match self.codec {
            AudioCodec::Aac | AudioCodec::Pcm => 1024,
            AudioCodec::Opus => 960,
        }
    }

    /// FFmpeg's number of the codec.
    pub(super) const fn codec_id(self) -> ffi::AVCodecID {
        match (self.codec, self.sample_format) {
            (AudioCodec::Aac, _) => ffi::AVCodecID::AV_CODEC_ID_AAC,
            (AudioCodec::Opus, _) => ffi::AVCodecID::AV_CODEC_ID_OPUS,
            (AudioCodec::Pcm, SampleFormat::S16) => ffi::AVCodecID::AV_CODEC_ID_PCM_S16LE,
            (AudioCodec::Pcm, SampleFormat::S24) => ffi::AVCodecID::AV_CODEC_ID_PCM_S24LE,
            (AudioCodec::Pcm, SampleFormat::F32) => ffi::AVCodecID::AV_CODEC_ID_PCM_F32LE,
        }
    }

    /// What is encoded, for messages.
    const fn what(self) -> &'static str {
        match self.codec {
            AudioCodec::Aac => "aac audio",
            AudioCodec::Opus => "opus audio",
            AudioCodec::Pcm => "pcm audio",
        }
    }

    /// FFmpeg's name of the encoder.
    const fn encoder(self) -> &'static CStr {
        match (self.codec, self.sample_format) {
            (AudioCodec::Aac, _) => c"aac",
            (AudioCodec::Opus, _) => c"libopus",
            (AudioCodec::Pcm, SampleFormat::S16) => c"pcm_s16le",
            (AudioCodec::Pcm, SampleFormat::S24) => c"pcm_s24le",
            (AudioCodec::Pcm, SampleFormat::F32) => c"pcm_f32le",
        }
    }

    /// How the encoder takes its samples.
    const fn layout(self) -> Layout {
        match (self.codec, self.sample_format) {
            (AudioCodec::Aac, _) => Layout::FloatPlanes,
            (AudioCodec::Opus, _) | (AudioCodec::Pcm, SampleFormat::F32) => Layout::Float,
            (AudioCodec::Pcm, SampleFormat::S16) => Layout::Whole16,
            (AudioCodec::Pcm, SampleFormat::S24) => Layout::Whole32,
        }
    }

    /// These settings, when this FFmpeg can write them.
    ///
    /// # Errors
    /// [`MediaError::NoEncoder`].
    pub fn installed(self) -> Result<Self, MediaError> {
        let libraries = self.encoder().to_str().unwrap_or_default();
        match is_installed(self.encoder()) {
            true => Ok(self),
            false => Err(MediaError::NoEncoder { what: self.codec.name(), libraries }),
        }
    }
}

/// How an encoder takes its samples.
#[derive(Clone, Copy)]
enum Layout {
    /// Floats, one plane a channel.
    FloatPlanes,
    /// Floats, channels in turn.
    Float,
    /// 16-bit numbers, channels in turn.
    Whole16,
    /// 32-bit numbers, channels in turn; of 24-bit sound, the upper bits.
    Whole32,
}

impl Layout {
    const fn code(self) -> i32 {
        let format = match self {
            Self::FloatPlanes => ffi::AVSampleFormat::AV_SAMPLE_FMT_FLTP,
            Self::Float => ffi::AVSampleFormat::AV_SAMPLE_FMT_FLT,
            Self::Whole16 => ffi::AVSampleFormat::AV_SAMPLE_FMT_S16,
            Self::Whole32 => ffi::AVSampleFormat::AV_SAMPLE_FMT_S32,
        };
        format as i32
    }
}

/// Encodes stereo sound at 48 kHz into a Matroska file.
///
/// One encoder serves the whole programme: each encoder start adds silence that joined pieces would
/// keep.
pub struct AudioEncoder {
    path: PathBuf,
    settings: AudioEncodeSettings,
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
        let what = settings.what();
        let encoder = FileEncoder::create(path, what, settings.encoder(), Options::new(), None, |context| {
            context.sample_rate = rate;
            context.time_base = ffi::AVRational { num: 1, den: rate };
            if settings.codec != AudioCodec::Pcm {
                context.bit_rate = settings.bit_rate.into();
            }
            if settings.codec == AudioCodec::Pcm && settings.sample_format == SampleFormat::S24 {
                context.bits_per_raw_sample = 24;
            }
            // SAFETY: the field is an enum and the value one of FFmpeg's formats; the layout is part of
            // the context, which is valid.
            unsafe {
                sys::set_enum_value(&raw mut context.sample_fmt, settings.layout().code());
                ffi::av_channel_layout_default(&raw mut context.ch_layout, CHANNELS as i32);
            }
        })?;
        let (context, priming) = (encoder.context(), settings.priming());
        if i64::from(context.initial_padding) != priming {
            let reason = format!("its priming is {} samples, not {priming}", context.initial_padding);
            return Err(MediaError::Encode { what: what.to_owned(), reason });
        }
        let block = i64::from(context.frame_size);
        if block != 0 && block != settings.packet_samples() {
            let reason = format!("its block is {block} samples, not {}", settings.packet_samples());
            return Err(MediaError::Encode { what: what.to_owned(), reason });
        }
        Ok(Self { path: path.to_owned(), settings, encoder, pending: Vec::new(), samples: 0 })
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
        Ok(AudioFile { path: self.path, samples: self.samples, settings: self.settings })
    }

    fn encode(&mut self, frame: &RawFrame, samples: usize) -> Result<(), MediaError> {
        self.encoder.send(Some(frame))?;
        self.samples += samples as u64;
        Ok(())
    }

    /// Samples per channel of the encoder's block.
    fn block_samples(&self) -> usize {
        usize::try_from(self.settings.packet_samples()).unwrap_or(1)
    }

    /// A frame of the samples in the encoder's layout, at the current position.
    fn frame(&self, interleaved: &[f32]) -> Result<RawFrame, MediaError> {
        let mut frame = RawFrame::new()?;
        let samples = interleaved.len() / CHANNELS;
        let layout = self.settings.layout();
        // SAFETY: the frame is ours; after the buffer call every channel has a plane of `samples`
        // aligned values, or all have one, in the layout's type.
        unsafe {
            let raw = frame.as_mut_ptr();
            (*raw).format = layout.code();
            (*raw).nb_samples = samples as i32;
            (*raw).sample_rate = SAMPLE_RATE as i32;
            (*raw).pts = i64::try_from(self.samples).unwrap_or(i64::MAX);
            ffi::av_channel_layout_default(&raw mut (*raw).ch_layout, CHANNELS as i32);
            sys::check(ffi::av_frame_get_buffer(raw, 0))
                .map_err(|_| MediaError::OutOfMemory { what: "a block of sound" })?;
            let data = &(*raw).data;
            match layout {
                Layout::FloatPlanes => {
                    for (channel, plane) in data.iter().enumerate().take(CHANNELS) {
                        let source = interleaved.iter().skip(channel).step_by(CHANNELS);
                        fill(plane.cast::<f32>(), samples, source, |sample| sample);
                    }
                }
                Layout::Float => fill(data[0].cast::<f32>(), interleaved.len(), interleaved.iter(), |s| s),
                Layout::Whole16 => {
                    fill(data[0].cast::<i16>(), interleaved.len(), interleaved.iter(), |s| {
                        whole(s, 16) as i16
                    });
                }
                Layout::Whole32 => {
                    let widened = |sample| whole(sample, 24) << 8;
                    fill(data[0].cast::<i32>(), interleaved.len(), interleaved.iter(), widened);
                }
            }
        }
        Ok(frame)
    }
}

/// Writes converted samples to a plane.
///
/// # Safety
/// `plane` points to `count` writable, aligned values of the type.
unsafe fn fill<'s, T>(
    plane: *mut T,
    count: usize,
    source: impl Iterator<Item = &'s f32>,
    convert: impl Fn(f32) -> T,
) {
    // SAFETY: promised by the caller.
    let plane = unsafe { std::slice::from_raw_parts_mut(plane, count) };
    plane.iter_mut().zip(source).for_each(|(to, from)| *to = convert(*from));
}

/// A sample as the nearest whole number of that many bits; full scale and beyond is the largest.
fn whole(sample: f32, bits: u32) -> i32 {
    let scale = f64::from(1_u32 << (bits - 1));
    let value = f64::from(sample) * scale;
    (value + 0.5).floor().clamp(-scale, scale - 1.0) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_scale_is_the_largest_number() {
        assert_eq!(
            [-1.0, -0.5, 0.0, 0.5, 1.0, 7.0].map(|s| whole(s, 16)),
            [-32768, -16384, 0, 16384, 32767, 32767]
        );
        assert_eq!(whole(1.0, 24), 8_388_607);
        assert_eq!(whole(f32::NAN, 16), 0);
    }
}
