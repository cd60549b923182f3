//! Writing packets into a container file.

use std::ffi::{CStr, c_int};
use std::path::{Path, PathBuf};
use std::ptr::{self, NonNull};

use ffmpeg_next::ffi;

use super::error::MediaError;
use super::log;
use super::peak::Peak;
use super::sys::{self, AvError, Options, Packet};

/// A container file being written. Dropped before [`Muxer::finish`], it leaves an unusable file
/// behind, which the caller removes: the path is always a temporary one.
pub(super) struct Muxer {
    context: NonNull<ffi::AVFormatContext>,
    path: PathBuf,
}

// SAFETY: a muxer is used by one thread at a time and holds nothing tied to a thread.
unsafe impl Send for Muxer {}

impl Muxer {
    /// Creates the file, replacing one of that name.
    ///
    /// # Errors
    /// [`MediaError::Write`].
    pub(super) fn create(path: &Path, format: &CStr) -> Result<Self, MediaError> {
        log::init();
        log::clear();
        let url = sys::file_url(path)?;
        let mut context = ptr::null_mut();
        // SAFETY: all strings are terminated; a failed call leaves null.
        let allocated = unsafe {
            ffi::avformat_alloc_output_context2(&raw mut context, ptr::null(), format.as_ptr(), url.as_ptr())
        };
        sys::check(allocated).map_err(|error| error.writing(path))?;
        let context = NonNull::new(context).ok_or(MediaError::OutOfMemory { what: "a muxer" })?;
        let muxer = Self { context, path: path.to_owned() };
        // SAFETY: the context is ours. Bit-exact mode leaves library versions, dates and random
        // identifiers out of the file.
        let opened = unsafe {
            let raw = context.as_ptr();
            (*raw).flags |= ffi::AVFMT_FLAG_BITEXACT;
            ffi::avio_open(&raw mut (*raw).pb, url.as_ptr(), ffi::AVIO_FLAG_WRITE)
        };
        sys::check(opened).map_err(|error| error.writing(path))?;
        Ok(muxer)
    }

    /// Adds a stream with the parameters of an open encoder; returns its number.
    ///
    /// # Safety
    /// `encoder` is a valid, open codec context.
    pub(super) unsafe fn add_encoder(
        &mut self,
        encoder: *const ffi::AVCodecContext,
    ) -> Result<c_int, MediaError> {
        let stream = self.new_stream()?;
        // SAFETY: the stream is new and ours; the encoder is valid by the caller's promise.
        let copied = unsafe {
            (*stream).time_base = (*encoder).time_base;
            (*stream).avg_frame_rate = (*encoder).framerate;
            sys::check(ffi::avcodec_parameters_from_context((*stream).codecpar, encoder))
        };
        copied.map_err(|_| MediaError::OutOfMemory { what: "a stream" })?;
        // SAFETY: as above.
        Ok(unsafe { (*stream).index })
    }

    /// Adds a stream that copies another file's, with its own time base; returns its number.
    pub(super) fn add_copy(
        &mut self,
        parameters: &ffi::AVCodecParameters,
        time_base: ffi::AVRational,
    ) -> Result<c_int, MediaError> {
        let stream = self.new_stream()?;
        // SAFETY: the stream is new and ours; the parameters are valid.
        let copied = unsafe {
            (*stream).time_base = time_base;
            sys::check(ffi::avcodec_parameters_copy((*stream).codecpar, parameters))
        };
        copied.map_err(|_| MediaError::OutOfMemory { what: "a stream" })?;
        // SAFETY: as above. The tag belongs to the other container; zero lets this one choose.
        unsafe {
            (*(*stream).codecpar).codec_tag = 0;
            Ok((*stream).index)
        }
    }

    /// The parameters of a stream, for the last corrections before the header.
    pub(super) fn parameters_mut(&mut self, stream: c_int) -> &mut ffi::AVCodecParameters {
        // SAFETY: stream numbers come from `add_…` of this muxer; streams live as long as it.
        unsafe { &mut *(*self.stream(stream)).codecpar }
    }

    /// Sets the rate that the container states for a stream of pictures.
    pub(super) fn set_frame_rate(&mut self, stream: c_int, rate: ffi::AVRational) {
        // SAFETY: as in `parameters_mut`.
        unsafe {
            (*self.stream(stream)).avg_frame_rate = rate;
            (*self.stream(stream)).r_frame_rate = rate;
        }
    }

    /// Notes something about a stream, as the container's own vocabulary has it.
    pub(super) fn set_metadata(&mut self, stream: c_int, key: &CStr, value: &CStr) {
        // SAFETY: as in `parameters_mut`; both strings are terminated and copied.
        unsafe {
            let metadata = &raw mut (*self.stream(stream)).metadata;
            ffi::av_dict_set(metadata, key.as_ptr(), value.as_ptr(), 0);
        }
    }

    /// Notes the brightest light in a stream of pictures; before the header.
    pub(super) fn note_peak(&mut self, stream: c_int, peak: Peak) -> Result<(), MediaError> {
        // SAFETY: as in `parameters_mut`.
        unsafe { peak.note_of_stream(self.stream(stream)) }
    }

    /// Writes the header. All options must be known to the container.
    pub(super) fn write_header(&mut self, mut options: Options) -> Result<(), MediaError> {
        // SAFETY: the context is valid and its file is open.
        let written = unsafe { ffi::avformat_write_header(self.context.as_ptr(), options.as_mut_ptr()) };
        sys::check(written).map_err(|error| self.error(error))?;
        match options.first_unused() {
            None => Ok(()),
            Some(option) => Err(MediaError::Encode {
                what: "the container".to_owned(),
                reason: format!("this version of FFmpeg does not know the option `{option}`"),
            }),
        }
    }

    /// The time base that the container chose for a stream, after the header.
    pub(super) fn time_base(&self, stream: c_int) -> ffi::AVRational {
        // SAFETY: as in `parameters_mut`.
        unsafe { (*self.stream(stream)).time_base }
    }

    /// Writes a packet whose times are in `time_base`; the packet is empty afterwards.
    pub(super) fn write(
        &mut self,
        packet: &mut Packet,
        stream: c_int,
        time_base: ffi::AVRational,
    ) -> Result<(), MediaError> {
        packet.get_mut().stream_index = stream;
        packet.get_mut().pos = -1;
        let target = self.time_base(stream);
        // SAFETY: packet and context are valid; the header has been written.
        let written = unsafe {
            ffi::av_packet_rescale_ts(packet.as_mut_ptr(), time_base, target);
            ffi::av_interleaved_write_frame(self.context.as_ptr(), packet.as_mut_ptr())
        };
        sys::check(written).map(|_| ()).map_err(|error| self.error(error))
    }

    /// Completes and closes the file.
    pub(super) fn finish(self) -> Result<(), MediaError> {
        // SAFETY: the context is valid and the header has been written. Both results count: what is
        // still buffered may meet a full disk only when the file is closed.
        let (trailer, closed) = unsafe {
            let raw = self.context.as_ptr();
            (ffi::av_write_trailer(raw), ffi::avio_closep(&raw mut (*raw).pb))
        };
        sys::check(trailer).and_then(|_| sys::check(closed)).map(|_| ()).map_err(|error| self.error(error))
    }

    fn new_stream(&mut self) -> Result<*mut ffi::AVStream, MediaError> {
        // SAFETY: the context is valid; null is checked.
        let stream = unsafe { ffi::avformat_new_stream(self.context.as_ptr(), ptr::null()) };
        if stream.is_null() { Err(MediaError::OutOfMemory { what: "a stream" }) } else { Ok(stream) }
    }

    fn stream(&self, index: c_int) -> *mut ffi::AVStream {
        // SAFETY: the context is valid; a plain field is read.
        let count = unsafe { (*self.context.as_ptr()).nb_streams };
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        assert!(index < count as usize, "stream numbers come from this muxer");
        // SAFETY: the index was checked.
        unsafe { (*self.context.as_ptr()).streams.add(index).read() }
    }

    fn error(&self, error: AvError) -> MediaError {
        match error.system_error() {
            Some(_) => error.writing(&self.path),
            None => MediaError::Encode {
                what: "the container".to_owned(),
                reason: log::reason_or(|| error.describe()),
            },
        }
    }
}

impl Drop for Muxer {
    fn drop(&mut self) {
        // SAFETY: the context is ours and is not used afterwards; closing a closed file does nothing.
        unsafe {
            let raw = self.context.as_ptr();
            ffi::avio_closep(&raw mut (*raw).pb);
            ffi::avformat_free_context(raw);
        }
    }
}
