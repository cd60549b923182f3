//! The brightest light of a picture, where its file says so.
//!
//! Files of PQ pictures may note the brightest light that is in them (MaxCLL of CTA-861.3) and the brightest that
//! the display they were graded on can show (SMPTE ST 2086). A frame of ours carries whichever it is as FFmpeg's
//! own note of the first kind.

use ffmpeg_next::ffi;
use serde::Serialize;

use super::error::MediaError;
use super::frame::VideoFrame;

/// A light in candela per square metre.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct Peak(u16);

/// FFmpeg's `AVContentLightMetadata`: the brightest pixel and the brightest picture, in cd/m²; zero is unknown.
#[repr(C)]
struct ContentLight {
    max_cll: u32,
    max_fall: u32,
}

/// FFmpeg's `AVMasteringDisplayMetadata`.
#[repr(C)]
struct MasteringDisplay {
    primaries: [[ffi::AVRational; 2]; 3],
    white: [ffi::AVRational; 2],
    least: ffi::AVRational,
    most: ffi::AVRational,
    has_primaries: i32,
    has_luminance: i32,
}

impl Peak {
    /// Lights below that are no peak of anything: they are mistakes, or notes in another unit.
    const LEAST: u32 = 50;
    /// The brightest light that PQ has.
    const MOST: u32 = 10_000;

    /// `None` for what cannot be meant.
    pub fn new(nits: u32) -> Option<Self> {
        let nits = (nits >= Self::LEAST).then(|| nits.min(Self::MOST))?;
        u16::try_from(nits).ok().map(Self)
    }

    /// In cd/m², 50 to 10,000.
    pub fn nits(self) -> u16 {
        self.0
    }

    /// What the notes of a picture say, given where each of them is: that on the content before that on the display.
    ///
    /// # Safety
    /// Each is null, or what it points to has so many readable bytes.
    unsafe fn of_notes(content: (*const u8, usize), display: (*const u8, usize)) -> Option<Self> {
        // SAFETY: promised by the caller; the sizes are compared with those of FFmpeg's structures.
        let (content, display) =
            unsafe { (note::<ContentLight>(content), note::<MasteringDisplay>(display)) };
        let of_display = |display: MasteringDisplay| {
            let (most, unit) = (display.most.num, display.most.den);
            let is_known = display.has_luminance != 0 && most > 0 && unit > 0;
            is_known.then(|| most.unsigned_abs() / unit.unsigned_abs()).and_then(Self::new)
        };
        content.and_then(|content| Self::new(content.max_cll)).or_else(|| display.and_then(of_display))
    }

    /// What a container notes of a stream.
    ///
    /// # Safety
    /// The stream is valid.
    pub(super) unsafe fn of_stream(stream: *const ffi::AVStream) -> Option<Self> {
        use ffi::AVPacketSideDataType as Kind;
        // SAFETY: the stream is valid; what is found lives as long as it.
        unsafe {
            let note = |kind: Kind| {
                let mut size = 0_usize;
                let data = ffi::av_stream_get_side_data(stream, kind, &raw mut size);
                (data.cast_const(), size)
            };
            Self::of_notes(
                note(Kind::AV_PKT_DATA_CONTENT_LIGHT_LEVEL),
                note(Kind::AV_PKT_DATA_MASTERING_DISPLAY_METADATA),
            )
        }
    }
}

impl Peak {
    /// Notes it of a stream that is about to be written.
    ///
    /// # Safety
    /// The stream is valid and exclusively borrowed.
    pub(super) unsafe fn note_of_stream(self, stream: *mut ffi::AVStream) -> Result<(), MediaError> {
        let kind = ffi::AVPacketSideDataType::AV_PKT_DATA_CONTENT_LIGHT_LEVEL;
        // SAFETY: promised by the caller; a new note has the size that is asked for.
        unsafe {
            let note = ffi::av_stream_new_side_data(stream, kind, size_of::<ContentLight>());
            self.write(note)
        }
    }

    /// Writes FFmpeg's note of it to a place that was made for one; null is a place that could not be made.
    ///
    /// # Safety
    /// The place is null or large enough.
    unsafe fn write(self, place: *mut u8) -> Result<(), MediaError> {
        if place.is_null() {
            return Err(MediaError::OutOfMemory { what: "a note on a picture" });
        }
        // No picture is brighter than its brightest pixel; readers pass over a note without this one.
        let light = ContentLight { max_cll: self.0.into(), max_fall: self.0.into() };
        // SAFETY: promised by the caller.
        unsafe { place.cast::<ContentLight>().write_unaligned(light) };
        Ok(())
    }
}

/// A copy of the structure that begins there; `None` where there is none.
///
/// # Safety
/// The pointer is null, or that many bytes can be read from it; any bytes are a `T`.
unsafe fn note<T>((data, size): (*const u8, usize)) -> Option<T> {
    // SAFETY: promised by the caller.
    (!data.is_null() && size >= size_of::<T>()).then(|| unsafe { data.cast::<T>().read_unaligned() })
}

impl VideoFrame {
    /// The brightest light in it, as far as its file says.
    pub(crate) fn peak(&self) -> Option<Peak> {
        use ffi::AVFrameSideDataType as Kind;
        // SAFETY: the frame is valid; what is found lives as long as it.
        unsafe {
            let note = |kind: Kind| {
                let found = ffi::av_frame_get_side_data(self.raw().as_ptr(), kind);
                found.as_ref().map_or((std::ptr::null(), 0), |note| (note.data.cast_const(), note.size))
            };
            Peak::of_notes(
                note(Kind::AV_FRAME_DATA_CONTENT_LIGHT_LEVEL),
                note(Kind::AV_FRAME_DATA_MASTERING_DISPLAY_METADATA),
            )
        }
    }

    /// Notes the brightest light in it; `None` forgets what was noted.
    ///
    /// # Errors
    /// [`MediaError::OutOfMemory`].
    pub(crate) fn set_peak(&mut self, peak: Option<Peak>) -> Result<(), MediaError> {
        use ffi::AVFrameSideDataType as Kind;
        let frame = self.raw_mut().as_mut_ptr();
        // SAFETY: the frame is valid and exclusively borrowed; a new note has the size that is asked for.
        unsafe {
            ffi::av_frame_remove_side_data(frame, Kind::AV_FRAME_DATA_CONTENT_LIGHT_LEVEL);
            ffi::av_frame_remove_side_data(frame, Kind::AV_FRAME_DATA_MASTERING_DISPLAY_METADATA);
            let Some(peak) = peak else { return Ok(()) };
            let kind = Kind::AV_FRAME_DATA_CONTENT_LIGHT_LEVEL;
            let note = ffi::av_frame_new_side_data(frame, kind, size_of::<ContentLight>());
            peak.write(note.as_ref().map_or(std::ptr::null_mut(), |note| note.data))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::{ColorDescription, FrameSpec, PixelFormat};

    fn frame() -> VideoFrame {
        let spec =
            FrameSpec { width: 4, height: 4, format: PixelFormat::YUV420P, color: ColorDescription::BT709 };
        VideoFrame::allocate(&spec).unwrap()
    }

    #[test]
    fn a_note_stays_with_its_picture_and_its_parts() {
        let mut noted = frame();
        assert_eq!(noted.peak(), None);
        noted.set_peak(Peak::new(4000)).unwrap();
        assert_eq!(noted.clone().peak(), Peak::new(4000));
        assert_eq!(noted.cropped(0, 0, 2, 2).unwrap().peak(), Peak::new(4000));
        noted.set_peak(None).unwrap();
        assert_eq!(noted.peak(), None);
    }

    #[test]
    fn what_is_in_the_picture_counts_before_what_its_display_can() {
        let ratio = |num, den| ffi::AVRational { num, den };
        let content = |max_cll| ContentLight { max_cll, max_fall: 0 };
        let display = |most, has_luminance| MasteringDisplay {
            primaries: [[ratio(0, 1); 2]; 3],
            white: [ratio(0, 1); 2],
            least: ratio(0, 1),
            most,
            has_primaries: 0,
            has_luminance,
        };
        let found = |content: &ContentLight, display: &MasteringDisplay| {
            let place = |start: *const u8, size| (start, size);
            // SAFETY: both live through the call and have these sizes.
            unsafe {
                Peak::of_notes(
                    place((&raw const *content).cast(), size_of::<ContentLight>()),
                    place((&raw const *display).cast(), size_of::<MasteringDisplay>()),
                )
            }
            .map(Peak::nits)
        };
        let graded = display(ratio(40_000_000, 10_000), 1);
        assert_eq!(found(&content(600), &graded), Some(600));
        assert_eq!(found(&content(0), &graded), Some(4000));
        assert_eq!(found(&content(0), &display(ratio(4000, 1), 0)), None);
        assert_eq!(found(&content(1), &display(ratio(1, 0), 1)), None);
        assert_eq!(found(&content(u32::MAX), &graded), Some(10_000));
    }
}
