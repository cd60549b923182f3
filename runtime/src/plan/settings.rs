//! From an output of the timeline to encoder settings.

use vid_timeline::{Output, Timeline};

use crate::media::{
    AudioEncodeSettings, ColorDescription, EncodeSettings, FrameSpec, PixelFormat, VideoCodec,
};

/// Encoder threads of a segment. Fixed, because x264's pictures depend on it. Several threads on one
/// segment cost no more processor time than one, and they keep a small machine full without a second
/// segment, whose decoder would have to start over from a key frame; larger machines are filled by
/// rendering segments side by side.
pub const ENCODER_THREADS: u32 = 3;

/// Longest distance between key frames inside a segment, in frames: longer than any segment, whose
/// first frame is one.
const KEY_FRAME_DISTANCE: u32 = 1000;

/// Shape and meaning of every frame of the output.
pub fn frame_spec(timeline: &Timeline) -> FrameSpec {
    FrameSpec {
        width: timeline.size.width,
        height: timeline.size.height,
        format: PixelFormat::YUV420P,
        color: ColorDescription::BT709,
    }
}

/// How the output's pictures are encoded.
pub fn encode_settings(timeline: &Timeline, output: &Output) -> EncodeSettings {
    EncodeSettings {
        codec: VideoCodec::H264,
        preset: output.encoder.preset,
        crf: output.encoder.crf,
        frame: frame_spec(timeline),
        frame_rate: timeline.frame_rate,
        gop: KEY_FRAME_DISTANCE,
        threads: ENCODER_THREADS,
    }
}

/// How the output's sound is encoded.
pub fn audio_settings(output: &Output) -> AudioEncodeSettings {
    AudioEncodeSettings { bit_rate: output.encoder.audio_bitrate_kbps * 1000 }
}
