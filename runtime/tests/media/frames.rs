//! The frame at a time is the one the `ffmpeg` tool shows there, whatever was asked before.

use std::path::PathBuf;

use vid_runtime::media::{DecodeOptions, Placement, VideoSource};
use vid_timeline::Time;

use crate::support::{Lab, Numbers, bytes, open};

const SOURCE: &str = "-f lavfi -i testsrc2=size=64x48:rate=25:duration=3";

/// Compares every frame of a file at its start and inside its interval, forwards, then in random
/// order, with one thread and with three.
fn check(lab: &Lab, path: PathBuf) {
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    let (frames, times) = (lab.tool_frames(&name), lab.tool_times(&name));
    assert_eq!(frames.len(), times.len(), "{name}");
    assert!(frames.len() > 20, "{name} has only {} frames", frames.len());
    // A moment past the start covers rounding of `ffprobe`'s start time to microseconds.
    let inside = Time::new(1, 500);
    let mut source = open(&path);
    for (number, (frame, &time)) in frames.iter().zip(&times).enumerate() {
        let found = source.frame_at(time + inside).unwrap();
        assert!(
            bytes(&found.frame) == *frame,
            "{name}: frame {number} at {time}, got the one at {}",
            found.start
        );
        assert_eq!(found.placement, Placement::Inside, "{name}: frame {number}");
    }
    for threads in [1, 3] {
        let mut source = VideoSource::open(&path, DecodeOptions { threads }).unwrap();
        let mut numbers = Numbers(7);
        for _ in 0..60 {
            let number = numbers.below(frames.len());
            let found = source.frame_at(times[number] + inside).unwrap();
            assert!(
                bytes(&found.frame) == frames[number],
                "{name}: frame {number} alone, {threads} threads, got the one at {}",
                found.start
            );
        }
    }
}

#[test]
fn b_frames() {
    let lab = Lab::new();
    check(&lab, lab.ffmpeg(&format!("{SOURCE} -c:v libx264 -bf 3 -g 12 b.mp4")));
}

#[test]
fn open_gops() {
    let lab = Lab::new();
    let options = "-c:v libx264 -bf 3 -g 12 -x264-params open-gop=1:scenecut=0";
    check(&lab, lab.ffmpeg(&format!("{SOURCE} {options} open.mp4")));
    check(&lab, lab.ffmpeg(&format!("{SOURCE} {options} open.mkv")));
}

#[test]
fn hevc_with_leading_pictures() {
    let lab = Lab::new();
    let options = "-c:v libx265 -x265-params log-level=error:keyint=12:bframes=3:open-gop=1:pools=1";
    check(&lab, lab.ffmpeg(&format!("{SOURCE} {options} hevc.mp4")));
}

#[test]
fn intra_only() {
    let lab = Lab::new();
    check(&lab, lab.ffmpeg(&format!("{SOURCE} -c:v mjpeg -q:v 4 intra.mov")));
}

#[test]
fn picture_later_than_sound() {
    let lab = Lab::new();
    let sound = "-f lavfi -i sine=duration=4";
    let path = lab.ffmpeg(&format!(
        "-itsoffset 1 {SOURCE} {sound} -map 0:v -map 1:a -c:v libx264 -bf 2 -fps_mode passthrough late.mp4"
    ));
    let mut source = open(&path);
    let early = source.frame_at(Time::ZERO).unwrap();
    assert_eq!((early.placement, early.start), (Placement::BeforeFirst, Time::new(1, 1)));
    check(&lab, path);
}

#[test]
fn an_edit_list_that_starts_between_key_frames() {
    let lab = Lab::new();
    lab.ffmpeg(&format!("{SOURCE} -c:v libx264 -bf 3 -g 50 whole.mp4"));
    let path = lab.ffmpeg("-ss 0.5 -i whole.mp4 -c copy cut.mp4");
    let first = open(&path).frame_at(Time::ZERO).unwrap();
    assert_eq!((first.placement, first.start), (Placement::Inside, Time::ZERO));
    check(&lab, path);
}

#[test]
fn start_offset() {
    let lab = Lab::new();
    let path =
        lab.ffmpeg(&format!("{SOURCE} -c:v libx264 -bf 2 -g 10 -output_ts_offset 7 -f mpegts shifted.ts"));
    let first = open(&path).frame_at(Time::ZERO).unwrap();
    assert_eq!((first.placement, first.start), (Placement::Inside, Time::ZERO));
    check(&lab, path);
}

#[test]
fn variable_rate() {
    let lab = Lab::new();
    let filter = "-vf select='not(mod(n,3))+not(mod(n,7))' -fps_mode vfr";
    let path = lab.ffmpeg(&format!("{SOURCE} {filter} -c:v libx264 -bf 2 -g 8 vfr.mp4"));
    // Frames 3 and 6 follow each other, so frame 3 is shown until 6/25.
    let held = open(&path).frame_at(Time::new(11, 50)).unwrap();
    assert_eq!(held.start, Time::new(3, 25));
    check(&lab, path);
}

#[test]
fn other_containers_and_codecs() {
    let lab = Lab::new();
    check(
        &lab,
        lab.ffmpeg(&format!(
            "{SOURCE} -c:v libvpx -b:v 300k -g 20 -auto-alt-ref 1 -lag-in-frames 10 vp8.webm"
        )),
    );
    check(&lab, lab.ffmpeg(&format!("{SOURCE} -c:v libvpx-vp9 -b:v 300k -g 20 vp9.webm")));
    check(&lab, lab.ffmpeg(&format!("{SOURCE} -c:v libx264 -bf 3 -g 12 b.mkv")));
    check(&lab, lab.ffmpeg(&format!("{SOURCE} -c:v mpeg4 -g 12 m4.avi")));
    check(&lab, lab.ffmpeg(&format!("{SOURCE} -c:v mpeg2video -bf 2 -g 12 m2.ts")));
    check(&lab, lab.ffmpeg(&format!("{SOURCE} -c:v ffv1 -pix_fmt yuv422p10le ffv1.mkv")));
}

#[test]
fn fractional_rate_falls_on_exact_times() {
    let lab = Lab::new();
    let source = "-f lavfi -i testsrc2=size=64x48:rate=30000/1001:duration=2";
    let path = lab.ffmpeg(&format!("{source} -c:v libx264 -bf 3 ntsc.mp4"));
    let mut source = open(&path);
    let rate = vid_timeline::FrameRate::new(30000, 1001).unwrap();
    for number in [0, 1, 17, 59, 30] {
        let time = Time::from_frame(number, rate);
        assert_eq!(source.frame_at(time).unwrap().start, time);
    }
}

#[test]
fn even_rates_are_found_on_their_grid_in_containers_that_round() {
    let lab = Lab::new();
    for (num, den) in [(24, 1), (30, 1), (60, 1), (24000, 1001), (30000, 1001)] {
        let rate = vid_timeline::FrameRate::new(num, den).unwrap();
        let source = format!("-f lavfi -i testsrc2=size=64x48:rate={num}/{den}:duration=2");
        let sound = "-f lavfi -i sine=duration=2";
        for arguments in [
            "-c:v libvpx -c:a libopus a.webm",
            "-c:v libx264 -bf 2 -c:a aac b.mkv",
            "-c:v libx264 -c:a aac c.ts",
        ] {
            let path = lab.ffmpeg(&format!("{source} {sound} {arguments}"));
            let frames = lab.tool_frames(path.file_name().unwrap().to_str().unwrap());
            let mut source = open(&path);
            let first = source.frame_at(Time::ZERO).unwrap().start;
            for (number, frame) in frames.iter().enumerate() {
                let found = source.frame_at(first + Time::from_frame(number as i64, rate)).unwrap();
                assert!(
                    bytes(&found.frame) == *frame,
                    "{arguments} {rate}: frame {number}, at {}",
                    found.start
                );
            }
        }
    }
}

#[test]
fn opacity_of_webm_is_decoded() {
    let lab = Lab::new();
    let source = "-f lavfi -i color=red@0.5:size=64x48:rate=25:duration=1,format=yuva420p";
    for arguments in ["-c:v libvpx -auto-alt-ref 0 a.webm", "-c:v libvpx-vp9 b.webm"] {
        let path = lab.ffmpeg(&format!("{source} {arguments}"));
        let frame = open(&path).frame_at(Time::new(1, 2)).unwrap().frame;
        assert!(frame.format().has_alpha(), "{arguments}: {}", frame.format());
        let opacity = frame.plane(3).row(20)[20];
        assert!(opacity.abs_diff(128) < 4, "{arguments}: {opacity}");
        assert_eq!(vid_runtime::media::probe(&path).unwrap().video.unwrap().pixel_format, "yuva420p");
    }
}

#[test]
fn rows_stored_upwards() {
    let lab = Lab::new();
    check(&lab, lab.ffmpeg(&format!("{SOURCE} -c:v rawvideo -pix_fmt bgr24 up.avi")));
}

#[test]
fn animated_gif() {
    let lab = Lab::new();
    check(&lab, lab.ffmpeg("-f lavfi -i testsrc2=size=64x48:rate=10:duration=3 a.gif"));
}

#[test]
fn before_and_after_the_media() {
    let lab = Lab::new();
    let path = lab.ffmpeg(&format!("{SOURCE} -c:v libx264 short.mp4"));
    let mut source = open(&path);
    let places = [-1, 0, 2, 3, 100].map(|seconds| {
        let found = source.frame_at(Time::new(seconds, 1)).unwrap();
        (found.start, found.placement)
    });
    let last = Time::new(74, 25);
    assert_eq!(
        places,
        [
            (Time::ZERO, Placement::BeforeFirst),
            (Time::ZERO, Placement::Inside),
            (Time::new(2, 1), Placement::Inside),
            (last, Placement::AfterLast),
            (last, Placement::AfterLast),
        ]
    );
}

#[test]
fn pictures_from_phones_are_upright() {
    let lab = Lab::new();
    lab.ffmpeg(&format!("{SOURCE} -c:v libx264 -qp 0 plain.mp4"));
    let path = lab.ffmpeg("-i plain.mp4 -c copy -metadata:s:v:0 rotate=90 turned.mp4");
    let upright = lab.run("ffmpeg", "-nostdin -v error -i turned.mp4 -frames:v 1 -f rawvideo -");
    let found = open(&path).frame_at(Time::ZERO).unwrap();
    assert_eq!((found.frame.width(), found.frame.height()), (48, 64));
    assert!(bytes(&found.frame) == upright);
    let facts = vid_runtime::media::probe(&path).unwrap().video.unwrap();
    assert_eq!((facts.width, facts.height), (48, 64));
}

#[test]
fn key_frames_are_known_from_the_index() {
    let lab = Lab::new();
    let path = lab.ffmpeg(&format!("{SOURCE} -c:v libx264 -bf 0 -g 25 -sc_threshold 0 keys.mp4"));
    assert_eq!(open(&path).keyframe_times(), [Time::ZERO, Time::new(1, 1), Time::new(2, 1)]);
}

/// Real clips, where a folder of them is named; passes silently elsewhere.
#[test]
fn real_clips() {
    let Some(folder) = std::env::var_os("VID_TEST_MEDIA").map(PathBuf::from) else { return };
    let lab = Lab::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_film = path.extension().is_some_and(|e| e == "mp4" || e == "webm");
        if !is_film {
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        std::os::unix::fs::symlink(&path, lab.path(&name)).unwrap();
        let (sums, times) = (tool_sums(&lab, &name), lab.tool_times(&name));
        let mut source = open(&path);
        let mut numbers = Numbers(3);
        let order = (0..times.len()).chain((0..40).map(|_| numbers.below(times.len())).collect::<Vec<_>>());
        for number in order {
            let found = source.frame_at(times[number] + Time::new(1, 500)).unwrap();
            assert_eq!(adler(&bytes(&found.frame)), sums[number], "{name}: frame {number}");
        }
    }
}

/// FFmpeg's checksum of each frame.
fn tool_sums(lab: &Lab, name: &str) -> Vec<u32> {
    let text = lab.run(
        "ffmpeg",
        &format!("-nostdin -v error -i {name} -map 0:v:0 -fps_mode passthrough -f framecrc -"),
    );
    let text = String::from_utf8(text).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| u32::from_str_radix(line.rsplit("0x").next().unwrap().trim(), 16).unwrap()).collect()
}

/// Adler-32 as the `framecrc` muxer computes it: with both sums starting at zero.
fn adler(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (0u32, 0u32);
    for block in bytes.chunks(5552) {
        for &byte in block {
            a += u32::from(byte);
            b += a;
        }
        a %= 65521;
        b %= 65521;
    }
    b << 16 | a
}
