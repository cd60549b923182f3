//! From an output of the timeline to encoder settings, and to the film that is drawn for it.

use std::borrow::Cow;

use vid_timeline::output::{DEFAULT_AUDIO_BITRATE_KBPS, DEFAULT_PRESET, DEFAULT_SAMPLE_FORMAT};
use vid_timeline::{
    AudioCodec, Color, Output, OutputFormat, ProresProfile, Timeline, VideoCodec as WrittenCodec,
};

use crate::media::{
    AudioEncodeSettings, ColorDescription, EncodeSettings, FrameSpec, Matrix, MediaError, PixelFormat, Range,
    VideoCodec,
};

/// Encoder threads of a segment. Fixed, because x264's pictures depend on it. Several threads on one
/// segment cost no more processor time than one, and they keep a small machine full without a second
/// segment, whose decoder would have to start over from a key frame; larger machines are filled by
/// rendering segments side by side.
pub const ENCODER_THREADS: u32 = 3;

/// Longest distance between key frames inside a segment, in frames: longer than any segment, whose
/// first frame is one.
const KEY_FRAME_DISTANCE: u32 = 1000;

/// Shape and meaning of the frames of a film that is looked at: opaque, in the planes that most films
/// are delivered in.
pub fn frame_spec(timeline: &Timeline) -> FrameSpec {
    spec(timeline, PixelFormat::YUV420P)
}

fn spec(timeline: &Timeline, format: PixelFormat) -> FrameSpec {
    let (width, height) = (timeline.size.width, timeline.size.height);
    let color = match format.is_rgb() {
        true => ColorDescription { matrix: Matrix::RGB, range: Range::Full, ..ColorDescription::BT709 },
        false => ColorDescription::BT709,
    };
    FrameSpec { width, height, format, color }
}

/// How the output's pictures are encoded as stored segments; `None` for one that has only sound.
///
/// Films are stored in the codec they are delivered in. A gif, whose palette depends on all frames, and
/// stills are stored without loss and written when all is there.
///
/// # Errors
/// [`MediaError::NoEncoder`] when this FFmpeg cannot write the codec.
pub fn encode_settings(timeline: &Timeline, output: &Output) -> Result<Option<EncodeSettings>, MediaError> {
    let codec = match (output.format, output.video_codec()) {
        (OutputFormat::Wav, _) => return Ok(None),
        (_, Some(WrittenCodec::H264)) => VideoCodec::H264,
        (_, Some(WrittenCodec::Hevc)) => VideoCodec::Hevc,
        (_, Some(WrittenCodec::Vp9)) => VideoCodec::Vp9,
        (_, Some(WrittenCodec::Av1)) => VideoCodec::av1()?,
        (_, Some(WrittenCodec::Prores)) => VideoCodec::Prores(output.prores_profile()),
        (_, None) => VideoCodec::Lossless,
    };
    let crf = output.video_codec().map_or(0, |codec| output.encoder.crf.unwrap_or(codec.default_crf()));
    Ok(Some(EncodeSettings {
        peak: None,
        codec: codec.installed()?,
        preset: output.encoder.preset.unwrap_or(DEFAULT_PRESET),
        crf,
        frame: spec(timeline, pixel_format(codec, output.alpha)),
        frame_rate: timeline.frame_rate,
        gop: KEY_FRAME_DISTANCE,
        threads: ENCODER_THREADS,
    }))
}

/// The format of pixels in which an encoder gets its frames.
const fn pixel_format(codec: VideoCodec, alpha: bool) -> PixelFormat {
    match (codec, alpha) {
        (VideoCodec::Vp9, true) => PixelFormat::YUVA420P,
        (VideoCodec::Prores(ProresProfile::P4444 | ProresProfile::P4444Xq), true) => PixelFormat::YUVA444P10,
        (VideoCodec::Prores(ProresProfile::P4444 | ProresProfile::P4444Xq), false) => PixelFormat::YUV444P10,
        (VideoCodec::Prores(_), _) => PixelFormat::YUV422P10,
        (VideoCodec::Lossless, _) => PixelFormat::BGRA,
        (VideoCodec::H264 | VideoCodec::Hevc | VideoCodec::Av1(_) | VideoCodec::Vp9, _) => {
            PixelFormat::YUV420P
        }
    }
}

/// How the output's sound is encoded; `None` where the format is silent.
///
/// # Errors
/// [`MediaError::NoEncoder`] when this FFmpeg cannot write the codec.
pub fn audio_settings(output: &Output) -> Result<Option<AudioEncodeSettings>, MediaError> {
    let Some(codec) = output.audio_codec() else { return Ok(None) };
    let encoder = &output.encoder;
    let kilobits = match codec {
        AudioCodec::Pcm => 0,
        AudioCodec::Aac | AudioCodec::Opus => {
            encoder.audio_bitrate_kbps.unwrap_or(DEFAULT_AUDIO_BITRATE_KBPS)
        }
    };
    let sample_format = encoder.sample_format.unwrap_or(DEFAULT_SAMPLE_FORMAT);
    let settings = AudioEncodeSettings { codec, bit_rate: kilobits * 1000, sample_format };
    settings.installed().map(Some)
}

/// The film as this output shows it: with `alpha`, an opaque background colour and the background picture
/// are left out, and a colour that can be seen through keeps its opacity. Without, the colour is opaque.
pub fn film_of<'t>(timeline: &'t Timeline, output: &Output) -> Cow<'t, Timeline> {
    let own = timeline.background.color;
    let solid = own.a == 255;
    let color = match (output.alpha, solid) {
        (true, true) => Color { a: 0, ..Color::BLACK },
        (true, false) => own,
        (false, _) => Color { a: 255, ..own },
    };
    if !output.alpha && color == own {
        return Cow::Borrowed(timeline);
    }
    let mut film = timeline.clone();
    film.background.color = color;
    if output.alpha {
        film.background.image = None;
    }
    Cow::Owned(film)
}
