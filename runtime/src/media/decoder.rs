//! A decoder fed with packets: the part that pictures and sound share.

use std::path::{Path, PathBuf};
use std::ptr::{self, NonNull};

use ffmpeg_next::ffi;

use super::error::MediaError;
use super::log;
use super::open::{DECODERS, decoder_bounds};
use super::stream::Stream;
use super::sys::{self, AvError, Packet, RawFrame};

/// An open decoder of one stream.
pub(super) struct Decoder {
    context: NonNull<ffi::AVCodecContext>,
    path: PathBuf,
}

// SAFETY: a decoder is used by one thread at a time; its own worker threads are its affair.
unsafe impl Send for Decoder {}

/// What asking for a frame brought.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Received {
    /// A frame is in place.
    Frame,
    /// More packets are needed.
    NeedsPacket,
    /// Everything has been decoded.
    End,
}

impl Decoder {
    /// Opens the decoder of a stream; `threads` above one makes it decode several frames at once.
    ///
    /// # Errors
    /// [`MediaError::Unsupported`] for codecs without an accepted decoder.
    pub(super) fn open(path: &Path, stream: &Stream<'_>, threads: u32) -> Result<Self, MediaError> {
        log::init();
        log::clear();
        let unsupported = |what: String| MediaError::Unsupported { path: path.to_owned(), what };
        let name = stream.codec_name();
        // SAFETY: the id was set by FFmpeg itself from its own table; the names are terminated.
        let codec = unsafe {
            match (name.as_str(), stream.declares_alpha()) {
                // FFmpeg's own decoders of these leave the opacity of WebM files out.
                ("vp8", true) => ffi::avcodec_find_decoder_by_name(c"libvpx".as_ptr()),
                ("vp9", true) => ffi::avcodec_find_decoder_by_name(c"libvpx-vp9".as_ptr()),
                _ => ffi::avcodec_find_decoder(stream.parameters().codec_id),
            }
        };
        if codec.is_null() {
            return Err(unsupported(format!("the codec `{name}`")));
        }
        // SAFETY: a found codec has a static name; allocation is checked for null.
        let (decoder_name, context) =
            unsafe { (sys::text((*codec).name), ffi::avcodec_alloc_context3(codec)) };
        let context = NonNull::new(context).ok_or(MediaError::OutOfMemory { what: "a decoder" })?;
        let decoder = Self { context, path: path.to_owned() };
        if !DECODERS.split(',').any(|accepted| accepted == decoder_name) {
            return Err(unsupported(format!("the codec `{name}`")));
        }
        let mut options = decoder_bounds();
        // SAFETY: the context is ours and not open yet; the parameters are valid.
        let opened = unsafe {
            let raw = context.as_ptr();
            sys::check(ffi::avcodec_parameters_to_context(raw, stream.parameters())).and_then(|_| {
                (*raw).pkt_timebase = stream.time_base();
                (*raw).thread_count = i32::try_from(threads.max(1)).unwrap_or(1);
                (*raw).thread_type = ffi::FF_THREAD_FRAME;
                (*raw).err_recognition = ffi::AV_EF_CRCCHECK | ffi::AV_EF_BITSTREAM;
                sys::check(ffi::avcodec_open2(raw, codec, options.as_mut_ptr()))
            })
        };
        opened.map_err(|error| {
            let reason = log::reason_or(|| error.describe());
            unsupported(format!("the codec `{name}` in a way we cannot decode ({reason})"))
        })?;
        Ok(decoder)
    }

    /// Path of the file being decoded.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Feeds a packet, or with `None` the end of the stream.
    ///
    /// All frames must have been received before, so that the decoder has room.
    pub(super) fn send(&mut self, packet: Option<&Packet>) -> Result<(), AvError> {
        let packet = packet.map_or(ptr::null(), Packet::as_ptr);
        // SAFETY: context and packet are valid; the packet is only read.
        match sys::check(unsafe { ffi::avcodec_send_packet(self.context.as_ptr(), packet) }) {
            // A second end of stream is answered so, and means nothing.
            Ok(_) | Err(AvError::END) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Takes the next frame, replacing the content of `frame`.
    pub(super) fn receive(&mut self, frame: &mut RawFrame) -> Result<Received, AvError> {
        // SAFETY: context and frame are valid and exclusively borrowed.
        match sys::check(unsafe { ffi::avcodec_receive_frame(self.context.as_ptr(), frame.as_mut_ptr()) }) {
            Ok(_) => Ok(Received::Frame),
            Err(AvError::AGAIN) => Ok(Received::NeedsPacket),
            Err(AvError::END) => Ok(Received::End),
            Err(error) => Err(error),
        }
    }

    /// Forgets everything, to decode from another place.
    pub(super) fn flush(&mut self) {
        // SAFETY: the context is valid and exclusively borrowed.
        unsafe { ffi::avcodec_flush_buffers(self.context.as_ptr()) }
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        let mut context = self.context.as_ptr();
        // SAFETY: the context is ours and is not used afterwards.
        unsafe { ffi::avcodec_free_context(&raw mut context) }
    }
}

/// Why a decoded frame must not be used, if there is a reason.
pub(super) fn frame_damage(frame: &RawFrame) -> Option<String> {
    // SAFETY: the frame is valid; plain fields are read.
    let (flags, errors) = unsafe { ((*frame.as_ptr()).flags, (*frame.as_ptr()).decode_error_flags) };
    let reasons = [
        (errors & ffi::FF_DECODE_ERROR_MISSING_REFERENCE != 0, "a picture it refers to is missing"),
        (errors & ffi::FF_DECODE_ERROR_CONCEALMENT_ACTIVE != 0, "parts of the picture are guessed"),
        (errors & ffi::FF_DECODE_ERROR_DECODE_SLICES != 0, "parts of the picture do not decode"),
        (errors & ffi::FF_DECODE_ERROR_INVALID_BITSTREAM != 0, "its bits make no sense"),
        (flags & ffi::AV_FRAME_FLAG_CORRUPT != 0, "the decoder marks it as corrupt"),
    ];
    reasons.into_iter().find(|(applies, _)| *applies).map(|(_, reason)| reason.to_owned())
}
