//! The thin floor under this module: result codes, owned packets, frames, option lists, paths.
//!
//! Everything above works with these owners; raw pointers are only borrowed from them.

use std::ffi::{CStr, CString, c_char, c_int};
use std::io;
use std::mem::ManuallyDrop;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr::{self, NonNull};

use ffmpeg_next::ffi;
use vid_timeline::{Rational, Time};

use super::error::MediaError;

/// A negative result code of FFmpeg.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct AvError(c_int);

impl AvError {
    /// The call would need more input or room for output.
    pub(super) const AGAIN: Self = Self(ffi::AVERROR(ffmpeg_next::error::EAGAIN));
    /// The end of the stream.
    pub(super) const END: Self = Self(ffi::AVERROR_EOF);
    /// The bytes make no sense.
    pub(super) const INVALID_DATA: Self = Self(ffi::AVERROR_INVALIDDATA);

    /// FFmpeg's words for the code, in our voice.
    pub(super) fn describe(self) -> String {
        let mut buffer = [0 as c_char; 128];
        // SAFETY: the buffer is writable for its length and comes back terminated.
        let text = unsafe {
            ffi::av_strerror(self.0, buffer.as_mut_ptr(), buffer.len());
            CStr::from_ptr(buffer.as_ptr())
        };
        text.to_string_lossy().to_lowercase()
    }

    /// The system error behind the code, where it is one.
    pub(super) fn system_error(self) -> Option<io::Error> {
        // FFmpeg negates `errno` values; its own codes are four-letter tags far above them.
        let errno = self.0.saturating_neg();
        (1..4096).contains(&errno).then(|| io::Error::from_raw_os_error(errno))
    }

    fn as_io(self) -> io::Error {
        self.system_error().unwrap_or_else(|| io::Error::other(self.describe()))
    }

    /// The failure of a write to `path`.
    pub(super) fn writing(self, path: &Path) -> MediaError {
        MediaError::writing(path, &self.as_io())
    }
}

/// Turns a result code into a `Result`; zero and positive codes are values.
pub(super) fn check(code: c_int) -> Result<c_int, AvError> {
    if code < 0 { Err(AvError(code)) } else { Ok(code) }
}

/// Reads an enum field as a number: files decide these values, so they may be outside the enum that
/// the bindings know.
///
/// # Safety
/// `place` points to a readable enum of C's `int` size.
pub(super) unsafe fn enum_value<T>(place: *const T) -> c_int {
    const { assert!(size_of::<T>() == size_of::<c_int>()) };
    // SAFETY: promised by the caller; the size is checked above.
    unsafe { place.cast::<c_int>().read() }
}

/// Writes a number into an enum field.
///
/// # Safety
/// `place` points to a writable enum of C's `int` size, and FFmpeg accepts `value` there.
pub(super) unsafe fn set_enum_value<T>(place: *mut T, value: c_int) {
    const { assert!(size_of::<T>() == size_of::<c_int>()) };
    // SAFETY: promised by the caller; the size is checked above.
    unsafe { place.cast::<c_int>().write(value) }
}

/// An owned packet.
pub(super) struct Packet(NonNull<ffi::AVPacket>);

// SAFETY: a packet is plain data with reference-counted buffers; nothing in it is tied to a thread.
unsafe impl Send for Packet {}

impl Packet {
    /// An empty packet.
    pub(super) fn new() -> Result<Self, MediaError> {
        // SAFETY: plain allocation; null is checked.
        NonNull::new(unsafe { ffi::av_packet_alloc() })
            .map(Self)
            .ok_or(MediaError::OutOfMemory { what: "a packet" })
    }

    pub(super) fn as_ptr(&self) -> *const ffi::AVPacket {
        self.0.as_ptr()
    }

    pub(super) fn as_mut_ptr(&mut self) -> *mut ffi::AVPacket {
        self.0.as_ptr()
    }

    /// The packet's fields.
    pub(super) fn get(&self) -> &ffi::AVPacket {
        // SAFETY: allocated by `new`, valid until drop; the borrow follows `self`.
        unsafe { self.0.as_ref() }
    }

    /// The packet's fields, writable.
    pub(super) fn get_mut(&mut self) -> &mut ffi::AVPacket {
        // SAFETY: as in `get`, and `self` is borrowed exclusively.
        unsafe { self.0.as_mut() }
    }

    /// Gives the content back, keeping the packet for reuse.
    pub(super) fn clear(&mut self) {
        // SAFETY: the packet is valid.
        unsafe { ffi::av_packet_unref(self.0.as_ptr()) }
    }

    /// Presentation time in ticks; decoding time where the container has no other.
    pub(super) fn timestamp(&self) -> Option<i64> {
        let packet = self.get();
        known(packet.pts).or_else(|| known(packet.dts))
    }

    pub(super) fn has_flag(&self, flag: c_int) -> bool {
        self.get().flags & flag != 0
    }

    /// Samples that the decoder is told to drop at the start of this packet.
    pub(super) fn skipped_samples(&self) -> Option<u32> {
        let mut size = 0usize;
        // SAFETY: the packet is valid; the returned bytes live as long as the packet's content.
        unsafe {
            let kind = ffi::AVPacketSideDataType::AV_PKT_DATA_SKIP_SAMPLES;
            let data = ffi::av_packet_get_side_data(self.as_ptr(), kind, &raw mut size);
            if data.is_null() || size < 4 {
                return None;
            }
            Some(u32::from_le_bytes(data.cast::<[u8; 4]>().read()))
        }
    }
}

impl Drop for Packet {
    fn drop(&mut self) {
        let mut packet = self.0.as_ptr();
        // SAFETY: the packet is ours and is not used afterwards.
        unsafe { ffi::av_packet_free(&raw mut packet) }
    }
}

/// An owned frame structure, possibly without content.
pub(super) struct RawFrame(NonNull<ffi::AVFrame>);

// SAFETY: a frame is plain data with atomically counted buffers; nothing in it is tied to a thread.
unsafe impl Send for RawFrame {}
// SAFETY: shared access only reads fields and increments atomic counts.
unsafe impl Sync for RawFrame {}

impl RawFrame {
    /// A frame without content.
    pub(super) fn new() -> Result<Self, MediaError> {
        // SAFETY: plain allocation; null is checked.
        NonNull::new(unsafe { ffi::av_frame_alloc() })
            .map(Self)
            .ok_or(MediaError::OutOfMemory { what: "a frame" })
    }

    pub(super) fn as_ptr(&self) -> *const ffi::AVFrame {
        self.0.as_ptr()
    }

    pub(super) fn as_mut_ptr(&mut self) -> *mut ffi::AVFrame {
        self.0.as_ptr()
    }

    /// Columns times rows of the picture in it.
    pub(super) fn pixels(&self) -> u64 {
        // SAFETY: the frame is valid; plain fields are read.
        let (width, height) = unsafe { ((*self.as_ptr()).width, (*self.as_ptr()).height) };
        u64::try_from(width).unwrap_or(0) * u64::try_from(height).unwrap_or(0)
    }

    /// Another structure on the same buffers.
    pub(super) fn share(&self) -> Result<Self, MediaError> {
        // SAFETY: the frame is valid; null is checked.
        NonNull::new(unsafe { ffi::av_frame_clone(self.0.as_ptr()) })
            .map(Self)
            .ok_or(MediaError::OutOfMemory { what: "a frame" })
    }
}

impl Drop for RawFrame {
    fn drop(&mut self) {
        let mut frame = self.0.as_ptr();
        // SAFETY: the frame is ours and is not used afterwards.
        unsafe { ffi::av_frame_free(&raw mut frame) }
    }
}

/// An owned list of options for an FFmpeg call.
pub(super) struct Options(*mut ffi::AVDictionary);

impl Options {
    pub(super) fn new() -> Self {
        Self(ptr::null_mut())
    }

    /// Adds one option. Keys and values are constants or our own settings.
    pub(super) fn set(&mut self, key: &CStr, value: &str) {
        // Values come from our own settings and hold no NUL byte; one that does is left out.
        let Ok(value) = CString::new(value) else { return };
        // SAFETY: both strings are terminated and copied by the call.
        unsafe {
            ffi::av_dict_set(&raw mut self.0, key.as_ptr(), value.as_ptr(), 0);
        }
    }

    pub(super) fn as_mut_ptr(&mut self) -> *mut *mut ffi::AVDictionary {
        &raw mut self.0
    }

    /// Gives the list away; [`Self::from_raw`] takes it back.
    pub(super) fn into_raw(self) -> *mut ffi::AVDictionary {
        ManuallyDrop::new(self).0
    }

    /// Takes over a list.
    ///
    /// # Safety
    /// `list` is null or a valid list that nothing else owns.
    pub(super) unsafe fn from_raw(list: *mut ffi::AVDictionary) -> Self {
        Self(list)
    }

    /// An option that no one took, after the call that should have.
    pub(super) fn first_unused(&self) -> Option<String> {
        // SAFETY: the list is valid or null; the entry lives as long as the list.
        unsafe {
            let flags = ffi::AV_DICT_IGNORE_SUFFIX;
            let entry = ffi::av_dict_get(self.0, c"".as_ptr(), ptr::null(), flags);
            (!entry.is_null()).then(|| CStr::from_ptr((*entry).key).to_string_lossy().into_owned())
        }
    }
}

impl Drop for Options {
    fn drop(&mut self) {
        // SAFETY: the list is ours or null.
        unsafe { ffi::av_dict_free(&raw mut self.0) }
    }
}

/// The path as a URL that FFmpeg can only read as a local file: the prefix keeps names such as
/// `http:…` or `concat:…` from being taken for protocols.
pub(super) fn file_url(path: &Path) -> Result<CString, MediaError> {
    let mut url = b"file:".to_vec();
    url.extend_from_slice(path.as_os_str().as_bytes());
    CString::new(url).map_err(|_| MediaError::NotFound { path: path.to_owned() })
}

/// A terminated string of FFmpeg's as owned text; null gives an empty one.
///
/// # Safety
/// `text` is null or terminated.
pub(super) unsafe fn text(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: promised by the caller.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

/// A timestamp that is set.
pub(super) fn known(timestamp: i64) -> Option<i64> {
    (timestamp != ffi::AV_NOPTS_VALUE).then_some(timestamp)
}

/// `ticks` of `time_base` as a time.
pub(super) fn time_from_ticks(ticks: i64, time_base: ffi::AVRational) -> Time {
    Time::from_seconds(Rational::integer(ticks) * tick_seconds(time_base))
}

/// The last tick at or before `time`.
pub(super) fn ticks_from_time(time: Time, time_base: ffi::AVRational) -> i64 {
    let ticks = (time.seconds() / tick_seconds(time_base)).floor();
    i64::try_from(ticks).unwrap_or(if ticks < 0 { i64::MIN / 2 } else { i64::MAX / 2 })
}

/// The tick nearest to `time`, halves up.
pub(super) fn nearest_tick(time: Time, time_base: ffi::AVRational) -> i64 {
    let half = Time::from_seconds(tick_seconds(time_base) * Rational::ratio(1, 2));
    ticks_from_time(time + half, time_base)
}

/// Length of one tick; an unset time base counts as microseconds, FFmpeg's default.
pub(super) fn tick_seconds(time_base: ffi::AVRational) -> Rational {
    if time_base.num <= 0 || time_base.den <= 0 {
        return Rational::ratio(1, ffi::AV_TIME_BASE.into());
    }
    Rational::ratio(time_base.num.into(), time_base.den.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_errors_keep_their_class() {
        let full = AvError(ffi::AVERROR(ffmpeg_next::error::ENOSPC));
        assert!(full.writing(Path::new("a")).is_disk_full());
        assert!(!AvError::INVALID_DATA.writing(Path::new("a")).is_disk_full());
    }

    #[test]
    fn ticks_round_down() {
        let base = ffi::AVRational { num: 1, den: 1000 };
        assert_eq!(ticks_from_time(Time::new(1, 3), base), 333);
        assert_eq!(ticks_from_time(Time::new(-1, 3), base), -334);
        assert_eq!(nearest_tick(Time::new(2, 3), base), 667);
        assert_eq!(time_from_ticks(333, base), Time::new(333, 1000));
    }

    #[test]
    fn names_that_look_like_protocols_stay_files() {
        let url = file_url(Path::new("http://host/a.mp4")).unwrap();
        assert_eq!(url.as_bytes(), b"file:http://host/a.mp4");
    }
}
