//! Encoding pictures into a stored segment.

use std::path::{Path, PathBuf};

use ffmpeg_next::ffi;
use serde::Serialize;
use vid_timeline::{FrameRate, Preset};

use super::codec::{self, VideoCodec};
use super::encoder::FileEncoder;
use super::error::MediaError;
use super::frame::{FrameSpec, VideoFrame};
use super::join::SegmentFile;
use super::peak::Peak;
use super::sys::{self, RawFrame};

/// What a segment is encoded to. Serialised, it is part of a segment's key.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct EncodeSettings {
    /// Codec.
    pub codec: VideoCodec,
    /// Speed against size.
    pub preset: Preset,
    /// Constant rate factor, in the codec's own range; of no effect where it has none.
    pub crf: u8,
    /// Size, pixel format and colour tags of every frame.
    pub frame: FrameSpec,
    /// Frames a second.
    pub frame_rate: FrameRate,
    /// Longest distance between key frames, in frames.
    pub gop: u32,
    /// Encoder threads. A constant of the codec, never the number of cores: pictures depend on it.
    pub threads: u32,
    /// The brightest light in the pictures, as the file is to note it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak: Option<Peak>,
}

/// Longest distance between key frames unless a profile says otherwise; x264's default.
pub const DEFAULT_GOP: u32 = 250;
/// Constant rate factor unless a profile says otherwise; x264's default.
pub const DEFAULT_CRF: u8 = 23;
/// Encoder threads unless a profile says otherwise: segments are encoded side by side instead.
pub const DEFAULT_THREADS: u32 = 1;

/// Encodes the frames of one segment, in order, into a Matroska file.
///
/// The first frame is an IDR frame and no frame refers outside the segment. Segments of equal
/// settings have equal parameter sets, so that [`super::join`] can put them side by side.
pub struct VideoEncoder {
    settings: EncodeSettings,
    path: PathBuf,
    encoder: FileEncoder,
    frames: u64,
}

impl VideoEncoder {
    /// Opens the encoder and creates the file, replacing one of that name. The path should be a
    /// temporary one that is renamed after [`Self::finish`].
    ///
    /// # Errors
    /// [`MediaError::Encode`] for settings the encoder refuses, [`MediaError::Write`].
    pub fn create(path: &Path, settings: EncodeSettings) -> Result<Self, MediaError> {
        let (codec, options) = (settings.codec, codec::options(&settings));
        let rate = settings.frame_rate;
        let (numerator, denominator) = (signed(rate.numerator()), signed(rate.denominator()));
        let encoder =
            FileEncoder::create(path, codec.what(), codec.encoder(), options, settings.peak, |context| {
                context.width = signed(settings.frame.width);
                context.height = signed(settings.frame.height);
                context.time_base = ffi::AVRational { num: denominator, den: numerator };
                context.framerate = ffi::AVRational { num: numerator, den: denominator };
                context.sample_aspect_ratio = ffi::AVRational { num: 1, den: 1 };
                // ProRes and FFV1 have nothing but key frames.
                if !matches!(codec, VideoCodec::Prores(_) | VideoCodec::Lossless) {
                    context.gop_size = signed(settings.gop.max(1));
                } else {
                    context.gop_size = 1;
                }
                if codec == VideoCodec::Lossless {
                    // The version whose parts are decoded side by side, each with a check sum.
                    context.level = 3;
                    context.slices = 4;
                }
                // Quality alone decides the size, also where the encoder thinks in bit rates.
                context.bit_rate = 0;
                context.thread_count = signed(settings.threads.max(1));
                context.flags |= ffi::AV_CODEC_FLAG_CLOSED_GOP as i32;
                // SAFETY: the field is an enum and the value one of FFmpeg's formats; the context is
                // valid and not open yet.
                unsafe {
                    sys::set_enum_value(&raw mut context.pix_fmt, settings.frame.format.code());
                    settings.frame.color.apply_to_encoder(context);
                }
            })?;
        Ok(Self { settings, path: path.to_owned(), encoder, frames: 0 })
    }

    /// What is being encoded to.
    pub fn settings(&self) -> &EncodeSettings {
        &self.settings
    }

    /// Encodes the next frame by reference; its samples are not copied on our side.
    ///
    /// # Errors
    /// [`MediaError::FrameMismatch`] when size or pixel format are not those of the settings,
    /// [`MediaError::Encode`], [`MediaError::Write`].
    pub fn send(&mut self, frame: &VideoFrame) -> Result<(), MediaError> {
        if !self.settings.frame.fits(frame) {
            let (wanted, found) = (self.settings.frame.to_string(), frame.shape());
            return Err(MediaError::FrameMismatch { wanted, found });
        }
        let mut plain = frame.raw().share()?;
        strip(&mut plain);
        self.settings.frame.color.apply_to_frame(&mut plain);
        // SAFETY: the structure is ours; its buffers are shared and stay untouched.
        unsafe { (*plain.as_mut_ptr()).pts = i64::try_from(self.frames).unwrap_or(i64::MAX) };
        self.encoder.send(Some(&plain))?;
        self.frames += 1;
        Ok(())
    }

    /// Completes the file.
    ///
    /// # Errors
    /// [`MediaError::WrongCount`] when the encoder lost or added frames, [`MediaError::Encode`],
    /// [`MediaError::Write`].
    pub fn finish(self) -> Result<SegmentFile, MediaError> {
        let packets = self.encoder.finish()?;
        if packets != self.frames {
            let (wanted, found) = (self.frames, packets);
            return Err(MediaError::WrongCount { path: self.path, unit: "frames", wanted, found });
        }
        Ok(SegmentFile { path: self.path, frames: self.frames })
    }
}

/// Removes what a decoder left on a frame beside its samples: picture types would force the
/// encoder's, and captions or encoder notes would be copied into the stream.
fn strip(frame: &mut RawFrame) {
    // SAFETY: the frame is valid and ours; removing by kind shortens the list by one or more.
    unsafe {
        let raw = frame.as_mut_ptr();
        for _ in 0..(*raw).nb_side_data {
            if (*raw).nb_side_data > 0 {
                ffi::av_frame_remove_side_data(raw, (*(*raw).side_data.read()).type_);
            }
        }
        ffi::av_dict_free(&raw mut (*raw).metadata);
        (*raw).pict_type = ffi::AVPictureType::AV_PICTURE_TYPE_NONE;
        (*raw).sample_aspect_ratio = ffi::AVRational { num: 1, den: 1 };
        (*raw).pkt_dts = ffi::AV_NOPTS_VALUE;
    }
}

/// A small positive setting as C's `int`; what does not fit is refused by the encoder as negative.
fn signed(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(-1)
}
