//! What is encoded can be read by others, counted, and is the same every time.

use vid_runtime::media::{
    AudioEncodeSettings, AudioEncoder, ColorDescription, DEFAULT_CRF, DEFAULT_GOP, DEFAULT_THREADS,
    EncodeSettings, FrameSpec, MediaError, Peak, PixelFormat, SegmentFile, VideoCodec, VideoEncoder,
};
use vid_timeline::{FrameRate, Preset};

use crate::support::{Lab, bytes, pattern};

pub const SPEC: FrameSpec =
    FrameSpec { width: 64, height: 48, format: PixelFormat::YUV420P, color: ColorDescription::BT709 };

pub fn settings(rate: FrameRate) -> EncodeSettings {
    EncodeSettings {
        peak: None,
        codec: VideoCodec::H264,
        preset: Preset::Medium,
        crf: DEFAULT_CRF,
        frame: SPEC,
        frame_rate: rate,
        gop: DEFAULT_GOP,
        threads: DEFAULT_THREADS,
    }
}

/// Encodes frames of the moving pattern.
pub fn encode(lab: &Lab, name: &str, rate: FrameRate, frames: std::ops::Range<usize>) -> SegmentFile {
    let mut encoder = VideoEncoder::create(&lab.path(name), settings(rate)).unwrap();
    for number in frames {
        encoder.send(&pattern(&SPEC, number)).unwrap();
    }
    encoder.finish().unwrap()
}

#[test]
fn a_segment_has_its_frames_and_tags() {
    let lab = Lab::new();
    let segment = encode(&lab, "a.mkv", FrameRate::DEFAULT, 0..37);
    assert_eq!(segment.frames, 37);
    let counted = lab.ffprobe("a.mkv", "-count_frames -show_entries stream=nb_read_frames");
    assert_eq!(counted, "37");
    let tags = lab.ffprobe(
        "a.mkv",
        "-show_entries stream=codec_name,pix_fmt,color_range,color_space,color_transfer,color_primaries",
    );
    assert_eq!(tags, "h264,yuv420p,tv,bt709,bt709,bt709");
    // Another decoder sees what went in, within the loss of the codec.
    let decoded = lab.tool_frames("a.mkv");
    for (number, decoded) in decoded.iter().enumerate() {
        let sent = bytes(&pattern(&SPEC, number));
        let error: f64 = sent.iter().zip(decoded).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum();
        assert!(error / (sent.len() as f64) < 40.0, "frame {number}: mean square error {error}");
    }
}

/// What stands in for a damaged file keeps what it said about its light.
#[test]
fn the_brightest_light_is_noted_in_the_file() {
    let lab = Lab::new();
    let settings =
        EncodeSettings { codec: VideoCodec::Lossless, peak: Peak::new(1200), ..settings(FrameRate::DEFAULT) };
    let mut encoder = VideoEncoder::create(&lab.path("a.mkv"), settings).unwrap();
    encoder.send(&pattern(&SPEC, 0)).unwrap();
    encoder.finish().unwrap();
    assert_eq!(lab.ffprobe("a.mkv", "-show_entries stream_side_data=max_content").trim_end(), "1200");
}

#[test]
fn equal_input_gives_equal_bytes() {
    let lab = Lab::new();
    let read = |name: &str| std::fs::read(lab.path(name)).unwrap();
    encode(&lab, "a.mkv", FrameRate::DEFAULT, 0..20);
    encode(&lab, "b.mkv", FrameRate::DEFAULT, 0..20);
    assert!(read("a.mkv") == read("b.mkv"));
    for name in ["a.mka", "b.mka"] {
        let mut encoder = AudioEncoder::create(&lab.path(name), AudioEncodeSettings::default()).unwrap();
        encoder.send(&vec![0.25; 9600]).unwrap();
        assert_eq!(encoder.finish().unwrap().samples, 4800);
    }
    assert!(read("a.mka") == read("b.mka"));
}

#[test]
fn frames_of_another_shape_are_refused() {
    let lab = Lab::new();
    let mut encoder = VideoEncoder::create(&lab.path("a.mkv"), settings(FrameRate::DEFAULT)).unwrap();
    let wide = pattern(&FrameSpec { width: 66, ..SPEC }, 0);
    let error = encoder.send(&wide).unwrap_err();
    assert_eq!(error.to_string(), "expected a frame of 64x48 yuv420p, got 66x48 yuv420p");
}

#[test]
fn samples_that_are_no_numbers_are_refused() {
    let lab = Lab::new();
    let mut encoder = AudioEncoder::create(&lab.path("a.mka"), AudioEncodeSettings::default()).unwrap();
    let sent = encoder.send(&vec![f32::NAN; 1024 * 8]).and_then(|()| encoder.finish().map(|_| ()));
    assert!(matches!(sent, Err(MediaError::Encode { .. })), "{sent:?}");
}

#[test]
fn a_folder_that_does_not_exist_is_named() {
    let lab = Lab::new();
    let created = VideoEncoder::create(&lab.path("no/a.mkv"), settings(FrameRate::DEFAULT));
    let error = created.err().unwrap();
    assert!(matches!(error, MediaError::Write { kind: std::io::ErrorKind::NotFound, .. }), "{error}");
}

#[test]
fn a_full_disk_is_recognised() {
    // Linux has a device that is always full.
    let full = std::path::Path::new("/dev/full");
    if !full.exists() {
        return;
    }
    let mut encoder = VideoEncoder::create(full, settings(FrameRate::DEFAULT)).unwrap();
    let mut result = Ok(());
    for number in 0..100 {
        result = result.and_then(|()| encoder.send(&pattern(&SPEC, number)));
    }
    let error = result.and_then(|()| encoder.finish().map(|_| ())).unwrap_err();
    assert!(error.is_disk_full(), "{error}");
}
