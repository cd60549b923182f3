//! What a container says about one of its streams.

use std::marker::PhantomData;

use ffmpeg_next::ffi;
use vid_timeline::{FrameRate, Time};

use super::color::ColorDescription;
use super::error::StreamKind;
use super::orient::Orientation;
use super::peak::Peak;
use super::pixel::PixelFormat;
use super::sys;

/// A stream of an open file.
#[derive(Clone, Copy)]
pub(super) struct Stream<'a> {
    stream: *const ffi::AVStream,
    file: PhantomData<&'a ffi::AVStream>,
}

/// One entry of a container's index.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct IndexEntry {
    /// Timestamp in ticks; decoding time in MP4, presentation time in Matroska.
    pub(super) ticks: i64,
    /// Whether decoding can begin here.
    pub(super) is_key: bool,
    /// Whether the edit list hides the sample.
    pub(super) is_hidden: bool,
    /// First byte after the sample in the file; `None` where the index does not know sizes.
    pub(super) end: Option<u64>,
}

impl<'a> Stream<'a> {
    pub(super) fn new(stream: &'a ffi::AVStream) -> Self {
        Self { stream, file: PhantomData }
    }

    fn get(&self) -> &'a ffi::AVStream {
        // SAFETY: made from a reference that lives as long as `'a`.
        unsafe { &*self.stream }
    }

    /// Parameters of the codec.
    pub(super) fn parameters(&self) -> &'a ffi::AVCodecParameters {
        // SAFETY: every stream has parameters that live as long as it.
        unsafe { &*self.get().codecpar }
    }

    pub(super) fn index(&self) -> usize {
        usize::try_from(self.get().index).unwrap_or(0)
    }

    pub(super) fn time_base(&self) -> ffi::AVRational {
        self.get().time_base
    }

    /// Whether it is a stream of that kind; cover pictures are not films.
    pub(super) fn is_kind(&self, kind: StreamKind) -> bool {
        // SAFETY: the field is an enum.
        let found = unsafe { sys::enum_value(&raw const self.parameters().codec_type) };
        let wanted = match kind {
            StreamKind::Video => ffi::AVMediaType::AVMEDIA_TYPE_VIDEO,
            StreamKind::Audio => ffi::AVMediaType::AVMEDIA_TYPE_AUDIO,
        };
        found == wanted as i32 && self.get().disposition & ffi::AV_DISPOSITION_ATTACHED_PIC == 0
    }

    /// Whether it is a file attached to this one, such as a font.
    pub(super) fn is_attachment(&self) -> bool {
        // SAFETY: the field is an enum.
        let found = unsafe { sys::enum_value(&raw const self.parameters().codec_type) };
        found == ffi::AVMediaType::AVMEDIA_TYPE_ATTACHMENT as i32
    }

    /// FFmpeg's short name of the codec.
    pub(super) fn codec_name(&self) -> String {
        // SAFETY: the id was set by FFmpeg itself from its own table; the name is static.
        unsafe { sys::text(ffi::avcodec_get_name(self.parameters().codec_id)) }
    }

    /// Parameter sets and other out-of-band data of the codec.
    pub(super) fn extradata(&self) -> &'a [u8] {
        let parameters = self.parameters();
        let size = usize::try_from(parameters.extradata_size).unwrap_or(0);
        if parameters.extradata.is_null() || size == 0 {
            return &[];
        }
        // SAFETY: FFmpeg allocates as many bytes as it states; they live as long as the stream.
        unsafe { std::slice::from_raw_parts(parameters.extradata, size) }
    }

    /// Picture size as coded, before rotation.
    pub(super) fn coded_size(&self) -> (u32, u32) {
        let parameters = self.parameters();
        (u32::try_from(parameters.width).unwrap_or(0), u32::try_from(parameters.height).unwrap_or(0))
    }

    pub(super) fn pixel_format(&self) -> Option<PixelFormat> {
        PixelFormat::from_code(self.parameters().format)
    }

    pub(super) fn color(&self) -> ColorDescription {
        let parameters = self.parameters();
        // SAFETY: the fields are enums.
        unsafe {
            ColorDescription::from_codes(
                sys::enum_value(&raw const parameters.color_primaries),
                sys::enum_value(&raw const parameters.color_trc),
                sys::enum_value(&raw const parameters.color_space),
                sys::enum_value(&raw const parameters.color_range),
            )
        }
    }

    /// Whether the container announces opacity that the coded format does not show, as VP8 and VP9
    /// in WebM do.
    pub(super) fn declares_alpha(&self) -> bool {
        // SAFETY: the metadata list is null or valid, and so is the entry's value.
        unsafe {
            let entry = ffi::av_dict_get(self.get().metadata, c"alpha_mode".as_ptr(), std::ptr::null(), 0);
            !entry.is_null() && sys::text((*entry).value) == "1"
        }
    }

    /// Whether the stream declares itself interlaced.
    pub(super) fn is_interlaced(&self) -> bool {
        // SAFETY: the field is an enum; 0 is unknown, 1 progressive, the rest field orders.
        unsafe { sys::enum_value(&raw const self.parameters().field_order) > 1 }
    }

    /// Width of a pixel over its height; `(1, 1)` when square or unknown.
    pub(super) fn sample_aspect(&self) -> (u32, u32) {
        let declared = [self.get().sample_aspect_ratio, self.parameters().sample_aspect_ratio];
        let known = declared.into_iter().find(|aspect| aspect.num > 0 && aspect.den > 0);
        known.map_or((1, 1), |aspect| (aspect.num.unsigned_abs(), aspect.den.unsigned_abs()))
    }

    /// How the picture is turned and mirrored for display.
    pub(super) fn orientation(&self) -> Orientation {
        let mut size = 0usize;
        // SAFETY: the stream is valid; the returned bytes live as long as the stream, and a display
        // matrix is nine aligned 32-bit numbers.
        unsafe {
            let kind = ffi::AVPacketSideDataType::AV_PKT_DATA_DISPLAYMATRIX;
            let data = ffi::av_stream_get_side_data(self.stream, kind, &raw mut size);
            if data.is_null() || size < size_of::<[i32; 9]>() {
                return Orientation::UPRIGHT;
            }
            Orientation::from_display_matrix(&data.cast::<[i32; 9]>().read_unaligned())
        }
    }

    /// The brightest light of its pictures, where the container notes it.
    pub(super) fn peak(&self) -> Option<Peak> {
        // SAFETY: made from a reference that lives as long as `'a`.
        unsafe { Peak::of_stream(self.stream) }
    }

    pub(super) fn sample_rate(&self) -> u32 {
        u32::try_from(self.parameters().sample_rate).unwrap_or(0)
    }

    pub(super) fn channels(&self) -> u32 {
        u32::try_from(self.parameters().ch_layout.nb_channels).unwrap_or(0)
    }

    /// FFmpeg's name of the channel layout.
    pub(super) fn layout_name(&self) -> String {
        let mut buffer = [0 as std::ffi::c_char; 64];
        let layout = &raw const self.parameters().ch_layout;
        // SAFETY: the layout is valid; the buffer is writable for its length and is terminated.
        unsafe {
            let written = ffi::av_channel_layout_describe(layout, buffer.as_mut_ptr(), buffer.len());
            if written < 0 { String::new() } else { sys::text(buffer.as_ptr()) }
        }
    }

    /// Samples of encoder priming that lie before the presentation, as Matroska states them.
    pub(super) fn initial_padding(&self) -> u32 {
        u32::try_from(self.parameters().initial_padding).unwrap_or(0)
    }

    /// Samples a packet holds, where the codec fixes it.
    pub(super) fn frame_size(&self) -> Option<u32> {
        u32::try_from(self.parameters().frame_size).ok().filter(|&size| size > 0)
    }

    /// First timestamp as the container states it; zero where it is silent.
    pub(super) fn declared_start(&self) -> Time {
        sys::known(self.get().start_time).map_or(Time::ZERO, |t| sys::time_from_ticks(t, self.time_base()))
    }

    /// Length as the container states it.
    pub(super) fn duration(&self) -> Option<Time> {
        let ticks = sys::known(self.get().duration).filter(|&ticks| ticks > 0)?;
        Some(sys::time_from_ticks(ticks, self.time_base()))
    }

    /// Number of frames as the container states it.
    pub(super) fn frame_count(&self) -> Option<u64> {
        u64::try_from(self.get().nb_frames).ok().filter(|&count| count > 0)
    }

    /// Average frame rate.
    pub(super) fn average_rate(&self) -> Option<FrameRate> {
        rate(self.get().avg_frame_rate)
    }

    /// The lowest rate whose grid all timestamps fit on, as far as FFmpeg looked.
    pub(super) fn grid_rate(&self) -> Option<FrameRate> {
        rate(self.get().r_frame_rate)
    }

    /// Timestamp of the last key frame in the index at or before `ticks`.
    pub(super) fn last_key(&self, ticks: i64) -> Option<i64> {
        let stream = self.stream.cast_mut();
        // SAFETY: the stream is valid; the entry is copied before any other call.
        unsafe {
            let index = ffi::av_index_search_timestamp(stream, ticks, ffi::AVSEEK_FLAG_BACKWARD);
            if index < 0 {
                return None;
            }
            ffi::avformat_index_get_entry(stream, index).as_ref().map(|entry| entry.timestamp)
        }
    }

    /// The container's index as far as it has been read.
    pub(super) fn index_entries(&self) -> impl Iterator<Item = IndexEntry> + use<'a> {
        let stream = self.stream;
        // SAFETY: the stream is valid.
        let count = unsafe { ffi::avformat_index_get_entries_count(stream) };
        (0..count).filter_map(move |index| {
            // SAFETY: the index is in range; the entry is copied before any other call.
            let entry = unsafe { ffi::avformat_index_get_entry(stream.cast_mut(), index).as_ref()? };
            let end = u64::try_from(entry.pos).ok().zip(u64::try_from(entry.size()).ok());
            Some(IndexEntry {
                ticks: entry.timestamp,
                is_key: entry.flags() & ffi::AVINDEX_KEYFRAME != 0,
                is_hidden: entry.flags() & ffi::AVINDEX_DISCARD_FRAME != 0,
                end: end.filter(|&(_, size)| size > 0).map(|(pos, size)| pos.saturating_add(size)),
            })
        })
    }
}

fn rate(value: ffi::AVRational) -> Option<FrameRate> {
    FrameRate::new(u32::try_from(value.num).ok()?, u32::try_from(value.den).ok()?)
}
