//! The delivered file has exactly the frames and samples that went in, at exactly their times.

use std::path::PathBuf;

use vid_runtime::media::{
    AudioEncodeSettings, AudioEncoder, AudioFile, AudioSource, Container, JoinSettings, MediaError,
    PixelFormat, SegmentFile, VideoCodec, join,
};
use vid_timeline::FrameRate;

use crate::encode::{SPEC, encode};
use crate::support::{Lab, bytes, open, pattern};

fn settings(frame_rate: FrameRate) -> JoinSettings {
    JoinSettings {
        container: Container::Mp4,
        frame_rate,
        codec: VideoCodec::H264,
        format: PixelFormat::YUV420P,
    }
}

fn sound(lab: &Lab, samples: usize) -> AudioFile {
    let mut encoder = AudioEncoder::create(&lab.path("sound.mka"), AudioEncodeSettings::default()).unwrap();
    let tone: Vec<f32> = (0..samples)
        .flat_map(|n| [libm::sinf(n as f32 * 0.05) * 0.5, libm::sinf(n as f32 * 0.03) * 0.5])
        .collect();
    tone.chunks(3000).for_each(|block| encoder.send(block).unwrap());
    encoder.finish().unwrap()
}

fn film(lab: &Lab, rate: FrameRate, lengths: &[usize]) -> Vec<SegmentFile> {
    let mut first = 0;
    let encode = |(number, &length): (usize, &usize)| {
        let segment = encode(lab, &format!("s{number}.mkv"), rate, first..first + length);
        first += length;
        segment
    };
    lengths.iter().enumerate().map(encode).collect()
}

/// Samples that last as long as the frames, to the nearest.
fn samples_for(frames: usize, rate: FrameRate) -> usize {
    let exact = frames as u64 * 48_000 * u64::from(rate.denominator());
    ((exact + u64::from(rate.numerator()) / 2) / u64::from(rate.numerator())) as usize
}

#[test]
fn counts_times_and_lengths_are_exact_at_every_rate() {
    for (num, den) in [(30, 1), (25, 1), (24000, 1001), (30000, 1001), (60, 1), (240, 1)] {
        let lab = Lab::new();
        let rate = FrameRate::new(num, den).unwrap();
        let segments = film(&lab, rate, &[23, 1, 40, 2]);
        let samples = samples_for(66, rate);
        let out = lab.path("out.mp4");
        join(&segments, Some(&sound(&lab, samples)), &out, settings(rate)).unwrap();

        let video = lab.ffprobe("out.mp4", "-count_frames -select_streams v -show_entries stream=start_time,nb_frames,nb_read_frames,r_frame_rate");
        assert_eq!(video, format!("{num}/{den},0.000000,66,66"), "{rate}");
        let audio =
            lab.ffprobe("out.mp4", "-select_streams a -show_entries stream=time_base,start_pts,duration_ts");
        assert_eq!(audio, format!("1/48000,0,{samples}"), "{rate}");
        let base = lab.ffprobe("out.mp4", "-select_streams v -show_entries stream=time_base");
        let timescale: u64 = base.split_once('/').unwrap().1.parse().unwrap();
        let step = timescale * u64::from(den) / u64::from(num);
        let times = lab.ffprobe("out.mp4", "-select_streams v -show_entries frame=pts");
        let expected: Vec<_> = (0..66).map(|n| (n * step).to_string()).collect();
        let found: Vec<_> = times.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(found, expected, "{rate}");

        // Our own readers agree.
        let mut source = open(&out);
        for number in [0, 22, 23, 24, 63, 65] {
            let time = vid_timeline::Time::from_frame(number, rate);
            let found = source.frame_at(time).unwrap();
            assert_eq!(found.start, time, "{rate}");
            let sent = bytes(&pattern(&SPEC, number as usize));
            let error: f64 = sent
                .iter()
                .zip(bytes(&found.frame))
                .map(|(&a, b)| (f64::from(a) - f64::from(b)).powi(2))
                .sum();
            assert!(error / (sent.len() as f64) < 40.0, "{rate}: frame {number}");
        }
        let mut block = vec![0.0; (samples + 5000) * 2];
        assert_eq!(AudioSource::open(&out).unwrap().read(0, &mut block).unwrap(), samples, "{rate}");
        let facts = vid_runtime::media::probe(&out).unwrap();
        let facts_video = facts.video.unwrap();
        assert_eq!((facts_video.frame_count, facts_video.frame_rate), (Some(66), Some(rate)));
        assert_eq!(facts_video.duration, Some(vid_timeline::Time::from_frame(66, rate)), "{rate}");
        assert_eq!(
            facts.audio.unwrap().duration,
            Some(vid_timeline::Time::from_sample(samples as i64)),
            "{rate}"
        );
    }
}

#[test]
fn joined_pictures_are_those_of_the_segments() {
    let lab = Lab::new();
    let segments = film(&lab, FrameRate::DEFAULT, &[12, 30, 7]);
    join(&segments, None, &lab.path("out.mp4"), settings(FrameRate::DEFAULT)).unwrap();
    let apart: Vec<_> = (0..3).flat_map(|n| lab.tool_frames(&format!("s{n}.mkv"))).collect();
    assert!(lab.tool_frames("out.mp4") == apart);
}

#[test]
fn sound_is_where_it_was() {
    let lab = Lab::new();
    let segments = film(&lab, FrameRate::DEFAULT, &[30, 30]);
    let audio = sound(&lab, 96_000);
    let out = lab.path("out.mp4");
    join(&segments, Some(&audio), &out, settings(FrameRate::DEFAULT)).unwrap();
    let mut heard = vec![0.0; 96_000 * 2];
    AudioSource::open(&out).unwrap().read(0, &mut heard).unwrap();
    let error = |shift: i64| -> f64 {
        let sent = |n: i64| libm::sinf((n + shift) as f32 * 0.05) * 0.5;
        (2000..94_000).map(|n| f64::from(heard[n as usize * 2] - sent(n)).powi(2)).sum()
    };
    let best = (-50..=50).min_by(|&a, &b| error(a).total_cmp(&error(b))).unwrap();
    assert_eq!(best, 0);
}

#[test]
fn the_index_is_in_front_and_colour_is_tagged() {
    let lab = Lab::new();
    let segments = film(&lab, FrameRate::DEFAULT, &[10]);
    let out = lab.path("out.mp4");
    join(&segments, Some(&sound(&lab, 16_000)), &out, settings(FrameRate::DEFAULT)).unwrap();
    let file = std::fs::read(&out).unwrap();
    let place = |name: &[u8]| file.windows(4).position(|window| window == name).unwrap();
    assert!(place(b"moov") < place(b"mdat"));
    assert!(place(b"colr") < place(b"mdat"));
    let tags = lab.ffprobe(
        "out.mp4",
        "-select_streams v -show_entries stream=color_range,color_space,color_transfer,color_primaries",
    );
    assert_eq!(tags, "tv,bt709,bt709,bt709");
}

#[test]
fn equal_segments_give_equal_files() {
    let lab = Lab::new();
    let segments = film(&lab, FrameRate::DEFAULT, &[10, 20]);
    let audio = sound(&lab, 48_000);
    let join_as = |name: &str| -> Vec<u8> {
        join(&segments, Some(&audio), &lab.path(name), settings(FrameRate::DEFAULT)).unwrap();
        std::fs::read(lab.path(name)).unwrap()
    };
    assert!(join_as("a.mp4") == join_as("b.mp4"));
}

fn refusal(segments: &[SegmentFile], audio: Option<&AudioFile>, out: PathBuf) -> MediaError {
    join(segments, audio, &out, settings(FrameRate::DEFAULT)).unwrap_err()
}

#[test]
fn a_wrong_count_is_refused_before_anything_is_written() {
    let lab = Lab::new();
    let mut segments = film(&lab, FrameRate::DEFAULT, &[10, 20]);
    segments[1].frames = 21;
    let error = refusal(&segments, None, lab.path("out.mp4"));
    assert!(matches!(error, MediaError::WrongCount { wanted: 21, found: 20, .. }), "{error}");
    assert!(!lab.path("out.mp4").exists());
}

#[test]
fn sound_that_is_too_short_is_refused() {
    let lab = Lab::new();
    let segments = film(&lab, FrameRate::DEFAULT, &[30]);
    let audio = AudioFile { samples: 96_000, ..sound(&lab, 48_000) };
    let error = refusal(&segments, Some(&audio), lab.path("out.mp4"));
    assert!(matches!(error, MediaError::WrongCount { unit: "audio packets", .. }), "{error}");
}

#[test]
fn segments_encoded_differently_are_refused() {
    let lab = Lab::new();
    let mut segments = film(&lab, FrameRate::DEFAULT, &[10]);
    segments.push(encode(&lab, "other.mkv", FrameRate::whole(25).unwrap(), 0..10));
    let error = refusal(&segments, None, lab.path("out.mp4"));
    assert!(matches!(error, MediaError::SegmentMismatch { .. }), "{error}");
}

#[test]
fn a_truncated_segment_is_refused() {
    let lab = Lab::new();
    let segments = film(&lab, FrameRate::DEFAULT, &[40]);
    let bytes = std::fs::read(&segments[0].path).unwrap();
    std::fs::write(&segments[0].path, &bytes[..bytes.len() / 2]).unwrap();
    let error = refusal(&segments, None, lab.path("out.mp4"));
    assert!(matches!(error, MediaError::WrongCount { .. } | MediaError::SegmentMismatch { .. }), "{error}");
}
