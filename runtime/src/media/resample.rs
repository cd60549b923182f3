//! Any sound to interleaved float stereo at 48 kHz.

use std::ffi::c_int;
use std::ptr::{self, NonNull};

use ffmpeg_next::ffi;
use vid_timeline::SAMPLE_RATE;

use super::audio_encode::CHANNELS;
use super::error::MediaError;
use super::sys::{self, RawFrame};

/// The shape of decoded sound.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct SoundShape {
    pub(super) sample_rate: u32,
    pub(super) channels: u32,
    pub(super) format: ffi::AVSampleFormat,
}

/// A running conversion: what goes in comes out, in order and without shift. The first sample out
/// stands for the instant of the first sample in.
///
/// One channel is copied to both sides. More than two are mixed down as BS.775 says: centre and
/// surrounds at −3 dB, the low-frequency channel left out.
pub(super) struct Resampler {
    context: NonNull<ffi::SwrContext>,
    shape: SoundShape,
    /// Channels that FFmpeg puts out: one or two.
    channels_out: usize,
    scratch: Vec<f32>,
}

// SAFETY: used by one thread at a time and not tied to one.
unsafe impl Send for Resampler {}

impl SoundShape {
    /// The shape of a decoded frame of sound.
    pub(super) fn of(frame: &RawFrame) -> Self {
        // SAFETY: the frame is valid; plain fields are read.
        let (rate, channels, format) = unsafe {
            let raw = frame.as_ptr();
            ((*raw).sample_rate, (*raw).ch_layout.nb_channels, (*raw).format)
        };
        Self {
            sample_rate: u32::try_from(rate).unwrap_or(0),
            channels: u32::try_from(channels).unwrap_or(0),
            format: sample_format(format),
        }
    }

    /// In words.
    pub(super) fn describe(&self) -> String {
        format!("{} Hz with {} channels", self.sample_rate, self.channels)
    }
}

impl Resampler {
    /// A conversion for frames like this one.
    pub(super) fn new(frame: &RawFrame) -> Result<Self, MediaError> {
        let shape = SoundShape::of(frame);
        let channels_out = if shape.channels == 1 { 1 } else { CHANNELS };
        let impossible = |reason: String| MediaError::Convert {
            from: shape.describe(),
            to: "stereo at 48 kHz".to_owned(),
            reason,
        };
        let mut context = ptr::null_mut();
        // SAFETY: the frame and both layouts are valid; the converter copies the layouts.
        let ready = unsafe {
            let mut out: ffi::AVChannelLayout = std::mem::zeroed();
            ffi::av_channel_layout_default(&raw mut out, channels_out as c_int);
            let mut input: ffi::AVChannelLayout = std::mem::zeroed();
            let declared = &raw const (*frame.as_ptr()).ch_layout;
            if (*declared).order == ffi::AVChannelOrder::AV_CHANNEL_ORDER_UNSPEC {
                // A count without positions: the usual arrangement for that count.
                ffi::av_channel_layout_default(&raw mut input, (*declared).nb_channels);
            } else {
                ffi::av_channel_layout_copy(&raw mut input, declared);
            }
            let set = ffi::swr_alloc_set_opts2(
                &raw mut context,
                &raw mut out,
                ffi::AVSampleFormat::AV_SAMPLE_FMT_FLT,
                SAMPLE_RATE as c_int,
                &raw mut input,
                shape.format,
                shape.sample_rate as c_int,
                0,
                ptr::null_mut(),
            );
            ffi::av_channel_layout_uninit(&raw mut input);
            sys::check(set).and_then(|_| sys::check(ffi::swr_init(context)))
        };
        let Some(context) = NonNull::new(context) else {
            return Err(impossible("the converter does not know the layout".to_owned()));
        };
        let resampler = Self { context, shape, channels_out, scratch: Vec::new() };
        ready.map_err(|error| impossible(error.describe()))?;
        Ok(resampler)
    }

    /// The shape it was made for.
    pub(super) fn shape(&self) -> SoundShape {
        self.shape
    }

    /// Converts the samples of a frame from the sample `skip` on, appending to `out`.
    pub(super) fn push(
        &mut self,
        frame: &RawFrame,
        skip: usize,
        out: &mut Vec<f32>,
    ) -> Result<(), MediaError> {
        // As many planes are read as the shape has, of its format.
        assert_eq!(self.shape, SoundShape::of(frame));
        // SAFETY: the frame is valid; plain fields are read.
        let count = usize::try_from(unsafe { (*frame.as_ptr()).nb_samples }).unwrap_or(0);
        if skip >= count {
            return Ok(());
        }
        let mut places = self.places(frame, skip);
        self.convert(places.as_mut_ptr(), count - skip, out)
    }

    /// Appends what `samples` of silence at the source's rate become.
    pub(super) fn push_silence(&mut self, samples: usize, out: &mut Vec<f32>) -> Result<(), MediaError> {
        let mut left = samples;
        while left > 0 {
            let step = left.min(self.shape.sample_rate as usize);
            let zeros = self.silence(step)?;
            let mut places = self.places(&zeros, 0);
            self.convert(places.as_mut_ptr(), step, out)?;
            left -= step;
        }
        Ok(())
    }

    /// Appends what is still inside; the conversion is over then.
    pub(super) fn drain(&mut self, out: &mut Vec<f32>) -> Result<(), MediaError> {
        self.convert(ptr::null_mut(), 0, out)
    }

    /// Where the samples of each plane begin.
    fn places(&self, frame: &RawFrame, skip: usize) -> Vec<*const u8> {
        let channels = self.shape.channels as usize;
        // SAFETY: the frame is valid and `skip` within it; planar formats have a plane per channel
        // in `extended_data`, packed ones a single plane.
        unsafe {
            let raw = frame.as_ptr();
            let format = self.shape.format;
            let bytes = usize::try_from(ffi::av_get_bytes_per_sample(format)).unwrap_or(0);
            let is_planar = ffi::av_sample_fmt_is_planar(format) != 0;
            let (planes, step) = if is_planar { (channels, bytes) } else { (1, bytes * channels) };
            (0..planes)
                .map(|plane| (*raw).extended_data.add(plane).read().add(skip * step).cast_const())
                .collect()
        }
    }

    /// A silent frame of the source's shape.
    fn silence(&self, samples: usize) -> Result<RawFrame, MediaError> {
        let mut frame = RawFrame::new()?;
        // SAFETY: the frame is ours; the buffer call makes all planes, which are then filled.
        unsafe {
            let raw = frame.as_mut_ptr();
            (*raw).format = self.shape.format as c_int;
            (*raw).nb_samples = samples as c_int;
            (*raw).sample_rate = self.shape.sample_rate as c_int;
            ffi::av_channel_layout_default(&raw mut (*raw).ch_layout, self.shape.channels as c_int);
            sys::check(ffi::av_frame_get_buffer(raw, 0))
                .map_err(|_| MediaError::OutOfMemory { what: "a block of sound" })?;
            let (planes, channels) = ((*raw).extended_data, self.shape.channels as c_int);
            ffi::av_samples_set_silence(planes, 0, samples as c_int, channels, self.shape.format);
        }
        Ok(frame)
    }

    /// Converts `count` samples, or with null what is left inside.
    fn convert(&mut self, input: *mut *const u8, count: usize, out: &mut Vec<f32>) -> Result<(), MediaError> {
        // SAFETY: the context is valid; a negative answer is an error and becomes zero room.
        let room = unsafe { ffi::swr_get_out_samples(self.context.as_ptr(), count as c_int) };
        let room = usize::try_from(room).unwrap_or(0);
        self.scratch.resize(room * self.channels_out, 0.0);
        // SAFETY: the input has `count` samples per channel; the scratch has room for `room`.
        let written = unsafe {
            let mut place = self.scratch.as_mut_ptr().cast::<u8>();
            ffi::swr_convert(
                self.context.as_ptr(),
                &raw mut place,
                room as c_int,
                input.cast(),
                count as c_int,
            )
        };
        let written = sys::check(written).map_err(|error| MediaError::Convert {
            from: self.shape.describe(),
            to: "stereo at 48 kHz".to_owned(),
            reason: error.describe(),
        })?;
        let written = usize::try_from(written).unwrap_or(0) * self.channels_out;
        match self.channels_out {
            1 => out.extend(self.scratch[..written].iter().flat_map(|&sample| [sample; CHANNELS])),
            _ => out.extend_from_slice(&self.scratch[..written]),
        }
        Ok(())
    }
}

/// FFmpeg's number as the enum of the bindings; others become "none", which the converter refuses.
fn sample_format(code: c_int) -> ffi::AVSampleFormat {
    let known =
        ffi::AVSampleFormat::AV_SAMPLE_FMT_U8 as c_int..ffi::AVSampleFormat::AV_SAMPLE_FMT_NB as c_int;
    if !known.contains(&code) {
        return ffi::AVSampleFormat::AV_SAMPLE_FMT_NONE;
    }
    // SAFETY: the numbers from the first format to the count are those of the enum, without gaps.
    unsafe { std::mem::transmute::<c_int, ffi::AVSampleFormat>(code) }
}

impl Drop for Resampler {
    fn drop(&mut self) {
        let mut context = self.context.as_ptr();
        // SAFETY: the context is ours and is not used afterwards.
        unsafe { ffi::swr_free(&raw mut context) }
    }
}
