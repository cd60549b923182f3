//! Facts are exact, and counted from the first presented instant.

use vid_runtime::media::probe;
use vid_timeline::media::MediaKind;
use vid_timeline::{FrameRate, Time};

use crate::support::Lab;

const PICTURE: &str = "-f lavfi -i testsrc2=size=64x48:rate=30000/1001:duration=2.002";

#[test]
fn a_film() {
    let lab = Lab::new();
    let tags = "-color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv";
    let sound = "-f lavfi -i sine=sample_rate=44100:duration=2";
    let path = lab.ffmpeg(&format!("{PICTURE} {sound} -c:v libx264 -bf 3 {tags} -c:a aac film.mp4"));
    let facts = probe(&path).unwrap();
    assert_eq!((facts.kind, facts.container.as_str()), (MediaKind::Video, "mp4"));
    assert_eq!(facts.size_bytes, std::fs::metadata(&path).unwrap().len());
    let video = facts.video.unwrap();
    assert_eq!((video.codec.as_str(), video.width, video.height), ("h264", 64, 48));
    assert_eq!(video.frame_rate, FrameRate::new(30000, 1001));
    assert!(!video.variable_frame_rate && !video.interlaced && !video.has_alpha);
    assert_eq!((video.frame_count, video.start), (Some(60), Time::ZERO));
    assert_eq!(video.duration, Some(Time::new(60 * 1001, 30000)));
    assert_eq!((video.pixel_format.as_str(), video.bit_depth, video.rotation), ("yuv420p", 8, 0));
    assert_eq!(video.color.matrix.as_deref(), Some("bt709"));
    let audio = facts.audio.unwrap();
    assert_eq!((audio.codec.as_str(), audio.sample_rate, audio.channels), ("aac", 44100, 1));
    assert_eq!((audio.layout.as_str(), audio.start), ("mono", Time::ZERO));
    assert_eq!(audio.duration, Some(Time::new(2, 1)));
    assert_eq!(facts.duration, Some(Time::new(60 * 1001, 30000)));
}

#[test]
fn a_cut_film_has_the_frames_of_its_edit_list() {
    let lab = Lab::new();
    lab.ffmpeg("-f lavfi -i testsrc2=size=64x48:rate=25:duration=3 -c:v libx264 -bf 3 -g 50 whole.mp4");
    let path = lab.ffmpeg("-ss 0.52 -i whole.mp4 -c copy cut.mp4");
    let video = probe(&path).unwrap().video.unwrap();
    let shown = lab.tool_frames("cut.mp4").len() as u64;
    assert_eq!((video.frame_count, video.start), (Some(shown), Time::ZERO));
    assert_eq!(video.frame_rate, FrameRate::whole(25));
}

#[test]
fn variable_rate_is_noticed() {
    let lab = Lab::new();
    let path = lab.ffmpeg(&format!(
        "{PICTURE} -vf select='not(mod(n,3))+not(mod(n,7))' -fps_mode vfr -c:v libx264 vfr.mp4"
    ));
    assert!(probe(&path).unwrap().video.unwrap().variable_frame_rate);
}

#[test]
fn rates_and_lengths_in_containers_that_round() {
    let lab = Lab::new();
    let path = lab.ffmpeg(&format!("{PICTURE} -c:v libx264 film.mkv"));
    let facts = probe(&path).unwrap();
    let video = facts.video.unwrap();
    assert_eq!((video.frame_rate, video.variable_frame_rate), (FrameRate::new(30000, 1001), false));
    let length = facts.duration.unwrap().to_f64();
    assert!((length - 2.002).abs() < 0.002, "{length}");
}

#[test]
fn opacity_depth_aspect_and_turn() {
    let lab = Lab::new();
    let source = "-f lavfi -i testsrc2=size=64x48:rate=25:duration=1";
    let alpha = probe(
        &lab.ffmpeg(&format!("{source} -vf format=yuva444p10le -c:v prores_ks -profile:v 4 alpha.mov")),
    );
    let alpha = alpha.unwrap().video.unwrap();
    assert!(alpha.has_alpha && alpha.bit_depth >= 10, "{alpha:?}");
    let webm =
        probe(&lab.ffmpeg(&format!("{source} -vf format=yuva420p -c:v libvpx -auto-alt-ref 0 alpha.webm")));
    assert!(webm.unwrap().video.unwrap().has_alpha);
    let wide = probe(&lab.ffmpeg(&format!("{source} -vf setsar=4/3 -c:v libx264 wide.mp4"))).unwrap();
    assert_eq!(wide.video.unwrap().sample_aspect, (4, 3));
    lab.ffmpeg(&format!("{source} -c:v libx264 plain.mp4"));
    let turned = probe(&lab.ffmpeg("-i plain.mp4 -c copy -metadata:s:v:0 rotate=270 turned.mp4")).unwrap();
    let turned = turned.video.unwrap();
    assert_eq!((turned.width, turned.height), (48, 64));
    assert!(turned.rotation == 90 || turned.rotation == 270);
}

#[test]
fn sound_alone() {
    let lab = Lab::new();
    let source = "-f lavfi -i sine=sample_rate=48000:duration=2";
    for (arguments, container, codec) in [
        ("s.wav", "wav", "pcm_s16le"),
        ("s.mp3", "mp3", "mp3"),
        ("s.flac", "flac", "flac"),
        ("-c:a libvorbis s.ogg", "ogg", "vorbis"),
    ] {
        let facts = probe(&lab.ffmpeg(&format!("{source} {arguments}"))).unwrap();
        assert_eq!((facts.kind, facts.container.as_str()), (MediaKind::Audio, container));
        let audio = facts.audio.unwrap();
        assert_eq!((audio.codec.as_str(), audio.sample_rate, audio.start), (codec, 48000, Time::ZERO));
        let length = facts.duration.unwrap().to_f64();
        assert!((length - 2.0).abs() < 1e-6, "{container}: {length}");
    }
}

#[test]
fn stills() {
    let lab = Lab::new();
    let source = "-f lavfi -i testsrc2=size=64x48:rate=1:duration=1 -frames:v 1";
    for (name, format) in
        [("a.png", "png"), ("a.jpg", "jpeg"), ("a.webp", "webp"), ("a.gif", "gif"), ("a.bmp", "bmp")]
    {
        let facts = probe(&lab.ffmpeg(&format!("{source} {name}"))).unwrap();
        assert_eq!(
            (facts.kind, facts.container.as_str(), facts.duration),
            (MediaKind::Image, format, None),
            "{name}"
        );
        let video = facts.video.unwrap();
        assert_eq!((video.width, video.height, video.frame_count), (64, 48, Some(1)), "{name}");
    }
    let opaque = probe(&lab.ffmpeg(&format!("{source} -pix_fmt rgb24 o.png"))).unwrap();
    let clear = probe(&lab.ffmpeg(&format!("{source} -pix_fmt rgba c.png"))).unwrap();
    assert!(!opaque.video.unwrap().has_alpha && clear.video.unwrap().has_alpha);
    let film = probe(&lab.ffmpeg("-f lavfi -i testsrc2=size=64x48:rate=10:duration=1 film.gif")).unwrap();
    assert_eq!(film.kind, MediaKind::Video);
}
