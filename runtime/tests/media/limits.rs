//! Every limit on a file that a file can pass: one just within it where that is cheap, one beyond it.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;

use vid_runtime::media::{DecodeOptions, Limit, MediaError, VideoSource, probe};
use vid_timeline::Time;

use crate::support::Lab;

/// Which limit the file passes, with the value found and the most that is accepted.
fn passed(path: &Path) -> (Limit, u64, u64) {
    match probe(path) {
        Err(MediaError::LimitExceeded { what, value, limit, .. }) => (what, value, limit),
        other => panic!("{}: {other:?}", path.display()),
    }
}

/// A WAV of 8-bit silence that claims and has that many bytes of it, most of which take no disk.
fn silence(path: &Path, rate: u32, channels: u16, bytes: u32) {
    let mut head = b"RIFF".to_vec();
    head.extend((36 + bytes).to_le_bytes());
    head.extend(b"WAVEfmt ");
    head.extend(16u32.to_le_bytes());
    head.extend(1u16.to_le_bytes());
    head.extend(channels.to_le_bytes());
    head.extend(rate.to_le_bytes());
    head.extend((rate * u32::from(channels)).to_le_bytes());
    head.extend(channels.to_le_bytes());
    head.extend(8u16.to_le_bytes());
    head.extend(b"data");
    head.extend(bytes.to_le_bytes());
    fs::write(path, &head).unwrap();
    File::options().write(true).open(path).unwrap().set_len(head.len() as u64 + u64::from(bytes)).unwrap();
}

#[test]
fn sound_of_too_many_samples() {
    let lab = Lab::new();
    let path = lab.path("sound.wav");
    silence(&path, 192_000, 16, 1 << 20);
    assert!(probe(&path).is_ok());
    silence(&path, 192_001, 1, 1 << 20);
    assert_eq!(passed(&path), (Limit::SampleRate, 192_001, 192_000));
    silence(&path, 48_000, 17, 17 << 16);
    assert_eq!(passed(&path), (Limit::Channels, 17, 16));
    silence(&path, 8_000, 1, 8_000 * 86_400);
    assert!(probe(&path).is_ok());
    silence(&path, 8_000, 1, 8_000 * 86_500);
    assert_eq!(passed(&path), (Limit::Duration, 86_500, 86_400));
}

#[test]
fn files_of_too_many_bytes() {
    let lab = Lab::new();
    let path = lab.path("sound.wav");
    silence(&path, 48_000, 1, 1 << 20);
    let bytes = (20 << 30) + 1;
    File::options().write(true).open(&path).unwrap().set_len(bytes).unwrap();
    assert_eq!(passed(&path), (Limit::FileBytes, bytes, bytes - 1));
}

#[test]
fn attached_files_that_are_too_many() {
    let lab = Lab::new();
    fs::write(lab.path("font.ttf"), [0; 100]).unwrap();
    let attached = |count: usize| {
        let attach: String = (0..count)
            .map(|n| format!(" -attach font.ttf -metadata:s:t:{n} mimetype=application/x-truetype-font"))
            .collect();
        lab.ffmpeg(&format!("-f lavfi -i testsrc2=size=32x32:duration=1{attach} -c:v ffv1 a.mkv"))
    };
    assert!(probe(&attached(8)).is_ok());
    assert_eq!(passed(&attached(9)), (Limit::Attachments, 9, 8));
    fs::write(lab.path("font.ttf"), vec![0; (64 << 20) + 1]).unwrap();
    assert_eq!(passed(&attached(1)), (Limit::AttachmentBytes, (64 << 20) + 1, 64 << 20));
}

#[test]
fn chapters_that_are_too_many() {
    let lab = Lab::new();
    let marked = |count: usize| {
        let mut text = ";FFMETADATA1\n".to_owned();
        for n in 0..count {
            let _ = write!(text, "[CHAPTER]\nTIMEBASE=1/100000\nSTART={n}\nEND={}\n", n + 1);
        }
        fs::write(lab.path("chapters"), text).unwrap();
        lab.ffmpeg("-f lavfi -i testsrc2=size=32x32:duration=1 -f ffmetadata -i chapters -map_metadata 1 -c:v ffv1 a.mkv")
    };
    assert!(probe(&marked(10_000)).is_ok());
    assert_eq!(passed(&marked(10_001)), (Limit::Chapters, 10_001, 10_000));
}

/// Ten thousand pictures a second, of which only the first can be begun at.
#[test]
fn pictures_that_are_too_dense() {
    let lab = Lab::new();
    let path = lab.ffmpeg(
        "-f lavfi -i color=size=16x16:rate=25:duration=200 -c:v libx264 -preset ultrafast -g 100000 -sc_threshold 0 \
         -bf 0 -video_track_timescale 90000 -bsf:v setts=ts=N*9:duration=9 dense.mp4",
    );
    let mut source = VideoSource::open(&path, DecodeOptions::default()).unwrap();
    assert!(source.frame_at(Time::new(1, 10)).is_ok());
    // Played through, each is on the film's way.
    assert!(source.frame_at(Time::new(2, 10)).is_ok());
    let mut source = VideoSource::open(&path, DecodeOptions::default()).unwrap();
    match source.frame_at(Time::new(49, 100)) {
        Err(MediaError::LimitExceeded { what, value, limit, .. }) => {
            assert_eq!((what, value, limit), (Limit::Search, 4096 + 240 + 1, 4096 + 240));
        }
        other => panic!("{other:?}"),
    }
}
