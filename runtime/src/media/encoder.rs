//! An encoder writing into a file: the part that pictures and sound share.

use std::ffi::{CStr, c_int};
use std::path::Path;
use std::ptr::{self, NonNull};

use ffmpeg_next::ffi;

use super::error::MediaError;
use super::log;
use super::mux::Muxer;
use super::peak::Peak;
use super::sys::{self, AvError, Options, Packet, RawFrame};

/// An open encoder whose packets go straight into a file with one stream.
pub(super) struct FileEncoder {
    context: CodecContext,
    muxer: Muxer,
    stream: c_int,
    packet: Packet,
    packets: u64,
    /// For messages, such as `h264 video`.
    what: &'static str,
}

/// An owned codec context.
struct CodecContext(NonNull<ffi::AVCodecContext>);

// SAFETY: a context is used by one thread at a time; its own worker threads are its affair.
unsafe impl Send for CodecContext {}

impl FileEncoder {
    /// Finds the encoder `name`, lets `set_up` fill its fields, opens it and creates the file, which
    /// notes the brightest light of its pictures where one is given.
    ///
    /// # Errors
    /// [`MediaError::Encode`] when the encoder is not there or refuses the settings,
    /// [`MediaError::Write`].
    pub(super) fn create(
        path: &Path,
        what: &'static str,
        name: &CStr,
        mut options: Options,
        peak: Option<Peak>,
        set_up: impl FnOnce(&mut ffi::AVCodecContext),
    ) -> Result<Self, MediaError> {
        log::init();
        log::clear();
        let refused = |reason: String| MediaError::Encode { what: what.to_owned(), reason };
        // SAFETY: the name is terminated.
        let codec = unsafe { ffi::avcodec_find_encoder_by_name(name.as_ptr()) };
        if codec.is_null() {
            return Err(refused(format!("this FFmpeg is built without `{}`", name.to_string_lossy())));
        }
        // SAFETY: plain allocation; null is checked.
        let context = NonNull::new(unsafe { ffi::avcodec_alloc_context3(codec) })
            .map(CodecContext)
            .ok_or(MediaError::OutOfMemory { what: "an encoder" })?;
        // SAFETY: the context is ours, valid and not open yet. Parameter sets go into the file's
        // header, and nothing that names a library version into the stream.
        let opened = unsafe {
            let raw = &mut *context.0.as_ptr();
            set_up(raw);
            raw.flags |= (ffi::AV_CODEC_FLAG_GLOBAL_HEADER | ffi::AV_CODEC_FLAG_BITEXACT) as c_int;
            ffi::avcodec_open2(raw, codec, options.as_mut_ptr())
        };
        sys::check(opened).map_err(|error| refused(log::reason_or(|| error.describe())))?;
        if let Some(option) = options.first_unused() {
            return Err(refused(format!("the encoder does not know the option `{option}`")));
        }
        let mut muxer = Muxer::create(path, c"matroska")?;
        // SAFETY: the context is valid and open.
        let stream = unsafe { muxer.add_encoder(context.0.as_ptr())? };
        if let Some(peak) = peak {
            muxer.note_peak(stream, peak)?;
        }
        muxer.write_header(Options::new())?;
        Ok(Self { context, muxer, stream, packet: Packet::new()?, packets: 0, what })
    }

    /// Fields of the open encoder.
    pub(super) fn context(&self) -> &ffi::AVCodecContext {
        // SAFETY: valid until drop; the borrow follows `self`.
        unsafe { self.context.0.as_ref() }
    }

    /// Encodes a frame, or with `None` what the encoder still holds, and writes what comes out.
    pub(super) fn send(&mut self, frame: Option<&RawFrame>) -> Result<(), MediaError> {
        log::clear();
        let frame = frame.map_or(ptr::null(), RawFrame::as_ptr);
        // SAFETY: context and frame are valid; the encoder takes its own reference.
        let sent = unsafe { ffi::avcodec_send_frame(self.context.0.as_ptr(), frame) };
        sys::check(sent).map_err(|error| self.error(error))?;
        loop {
            // SAFETY: context and packet are valid and exclusively borrowed.
            let received =
                unsafe { ffi::avcodec_receive_packet(self.context.0.as_ptr(), self.packet.as_mut_ptr()) };
            match sys::check(received) {
                Ok(_) => {}
                Err(AvError::AGAIN | AvError::END) => return Ok(()),
                Err(error) => return Err(self.error(error)),
            }
            self.packets += 1;
            let time_base = self.context().time_base;
            self.muxer.write(&mut self.packet, self.stream, time_base)?;
        }
    }

    /// Encodes what is left, completes the file and returns the number of packets in it.
    pub(super) fn finish(mut self) -> Result<u64, MediaError> {
        self.send(None)?;
        self.muxer.finish()?;
        Ok(self.packets)
    }

    fn error(&self, error: AvError) -> MediaError {
        let reason = log::reason_or(|| error.describe());
        MediaError::Encode { what: self.what.to_owned(), reason }
    }
}

impl Drop for CodecContext {
    fn drop(&mut self) {
        let mut context = self.0.as_ptr();
        // SAFETY: the context is ours and is not used afterwards.
        unsafe { ffi::avcodec_free_context(&raw mut context) }
    }
}
