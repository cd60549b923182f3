//! Files made to be difficult, one for each trick of the trade, with what reading them comes to.

use std::fs;

use expect_test::{Expect, expect};
use vid_tests::corpus::judge;

use crate::{Lab, confinement};

const PICTURE: &str = "-f lavfi -i testsrc2=size=64x48:rate=25:duration=1.2";
const TONE: &str = "-f lavfi -i sine=sample_rate=48000:duration=1.2";

/// Reads each file, and says of each what it came to.
fn check(lab: &Lab, names: &[&str], expected: &Expect) {
    let confinement = confinement();
    let lines = names.iter().map(|name| format!("{name}: {}\n", judge(&lab.path(name), &confinement)));
    expected.assert_eq(&lines.collect::<String>());
}

/// Joins what `ffmpeg` makes of each arguments into one transport stream.
fn spliced(lab: &Lab, name: &str, parts: [&str; 2]) {
    let mut whole = Vec::new();
    for part in parts {
        whole.extend(fs::read(lab.ffmpeg(&format!("{part} -f mpegts part.ts"))).unwrap());
    }
    fs::write(lab.path(name), whole).unwrap();
}

#[test]
fn streams_that_change_in_the_middle() {
    let lab = Lab::new();
    let wide = PICTURE.replace("64x48", "96x48");
    let mpeg2 = "-c:v mpeg2video -g 5";
    lab.ffmpeg(&format!("{PICTURE} {mpeg2} a.ts"));
    lab.ffmpeg(&format!("{wide} {mpeg2} b.ts"));
    fs::write(lab.path("list"), "file a.ts\nfile b.ts\n").unwrap();
    lab.ffmpeg("-f concat -i list -c copy size.ts");
    let low = TONE.replace("48000", "44100");
    spliced(&lab, "rate.ts", [&format!("{TONE} -c:a mp2"), &format!("{low} -output_ts_offset 1.2 -c:a mp2")]);
    check(
        &lab,
        &["size.ts", "rate.ts"],
        &expect![[r#"
            size.ts: `size.ts` changes from 64x48 yuv420p to 96x48 yuv420p at 1.200 s
            rate.ts: `rate.ts` changes from 48000 Hz to 44100 Hz at 1.224 s
        "#]],
    );
}

#[test]
fn times_that_make_no_sense() {
    let lab = Lab::new();
    lab.ffmpeg(&format!("{PICTURE} -vf setpts=N*N/600/TB -fps_mode passthrough -c:v libx264 variable.mkv"));
    lab.ffmpeg(&format!("{PICTURE} -vf setpts=floor(N/2)/12/TB -fps_mode passthrough -c:v ffv1 twice.mkv"));
    lab.ffmpeg(&format!("{PICTURE} -c:v libx264 -bf 2 missing.avi"));
    lab.ffmpeg(&format!(
        "{PICTURE} {TONE} -c:v libx264 -output_ts_offset -0.5 -avoid_negative_ts disabled negative.mkv"
    ));
    lab.ffmpeg(&format!("{PICTURE} -c:v libx264 -g 12 -bf 2 whole.mp4"));
    lab.ffmpeg("-ss 0.3 -i whole.mp4 -c copy edited.mp4");
    lab.ffmpeg(&format!(
        "{PICTURE} -c:v libx264 -bsf:v setts=ts=N*95400000 -video_track_timescale 90000 hours.mp4"
    ));
    // The first decoding steps of an index.
    patch(&lab, "whole.mp4", "ticks.mp4", b"stts", 16, &0x7fff_ffffu32.to_be_bytes());
    patch(&lab, "whole.mp4", "offsets.mp4", b"ctts", 16, &0x7fff_ffffu32.to_be_bytes());
    patch(&lab, "whole.mp4", "no-length.mp4", b"mvhd", 20, &[0; 4]);
    check(
        &lab,
        &[
            "variable.mkv",
            "twice.mkv",
            "missing.avi",
            "negative.mkv",
            "edited.mp4",
            "hours.mp4",
            "ticks.mp4",
            "offsets.mp4",
            "no-length.mp4",
        ],
        &expect![[r#"
            variable.mkv: ok
            twice.mkv: ok
            missing.avi: `missing.avi` is damaged at 1.160 s: a picture has no usable timestamp
            negative.mkv: `negative.mkv` is damaged at 0.000 s: a picture has no usable timestamp
            edited.mp4: ok
            hours.mp4: ok
            ticks.mp4: `ticks.mp4` is damaged at -0.080 s: its timestamps jump by more than an hour
            offsets.mp4: `offsets.mp4` is damaged at 1.040 s: its timestamps run backwards
            no-length.mp4: ok
        "#]],
    );
}

/// A copy of a file with other bytes that far `after` where the name of a box begins.
fn patch(lab: &Lab, from: &str, to: &str, name: &[u8; 4], after: usize, bytes: &[u8]) {
    let mut whole = fs::read(lab.path(from)).unwrap();
    let at = whole.windows(4).position(|window| window == name).unwrap() + after;
    whole[at..at + bytes.len()].copy_from_slice(bytes);
    fs::write(lab.path(to), whole).unwrap();
}

#[test]
fn beginnings_and_ends_that_are_missing() {
    let lab = Lab::new();
    let film = format!("{PICTURE} -c:v libx264 -g 12");
    let stream = fs::read(lab.ffmpeg(&format!("{film} whole.ts"))).unwrap();
    // Whole packets are left out: the table of programmes comes first, then the key frame.
    let cut: Vec<u8> =
        stream.chunks(188).take(3).chain(stream.chunks(188).skip(12)).flatten().copied().collect();
    fs::write(lab.path("no-key.ts"), cut).unwrap();
    let whole = fs::read(lab.ffmpeg(&format!("{film} whole.mp4"))).unwrap();
    fs::write(lab.path("no-index.mp4"), &whole[..whole.len() / 2]).unwrap();
    let fast = fs::read(lab.ffmpeg(&format!("{film} -movflags +faststart fast.mp4"))).unwrap();
    fs::write(lab.path("no-end.mp4"), &fast[..fast.len() * 2 / 3]).unwrap();
    check(
        &lab,
        &["no-key.ts", "no-index.mp4", "no-end.mp4"],
        &expect![[r#"
        no-key.ts: ok
        no-index.mp4: `no-index.mp4` is incomplete: it breaks off before its index (the `moov` box of an MP4)
        no-end.mp4: `no-end.mp4` is damaged at 0.480 s: a packet is incomplete
    "#]],
    );
}

#[test]
fn pictures_of_unusual_shape() {
    let lab = Lab::new();
    let sized = |size: &str, more: &str| {
        lab.ffmpeg(&format!("-f lavfi -i testsrc2=size={size}:rate=25:duration=0.2 {more}"))
    };
    sized("63x47", "-c:v ffv1 odd.mkv");
    let gray = |size: &str, cut: &str, name: &str| {
        lab.ffmpeg(&format!(
            "-f lavfi -i color=size={size}:rate=25:duration=0.2,format=gray,crop={cut} {name}"
        ))
    };
    gray("2x2", "1:1", "-c:v ffv1 one.mkv");
    gray("16384x2", "16384:1", "-c:v ffv1 long.mkv");
    gray("16386x2", "16385:1", "-c:v ffv1 longer.mkv");
    gray("2x16386", "1:16385", "-frames:v 1 high.png");
    for format in ["yuv444p", "yuv411p", "yuv420p10le", "yuva420p", "gray16le", "bgra", "rgb48le"] {
        sized("64x48", &format!("-c:v ffv1 -pix_fmt {format} {format}.mkv"));
    }
    sized(
        "64x48",
        "-c:v libx264 -bsf:v h264_metadata=colour_primaries=199:matrix_coefficients=99 colors.mp4",
    );
    sized("64x48", "-c:v mpeg2video -flags +ildct+ilme -top 1 fields.ts");
    sized("64x48", "-c:v libx264 plain.mp4");
    lab.ffmpeg("-i plain.mp4 -c copy -metadata:s:v rotate=90 turned.mp4");
    check(
        &lab,
        &[
            "odd.mkv",
            "one.mkv",
            "long.mkv",
            "longer.mkv",
            "high.png",
            "yuv444p.mkv",
            "yuv411p.mkv",
            "yuv420p10le.mkv",
            "yuva420p.mkv",
            "gray16le.mkv",
            "bgra.mkv",
            "rgb48le.mkv",
            "colors.mp4",
            "fields.ts",
            "turned.mp4",
        ],
        &expect![[r#"
            odd.mkv: ok
            one.mkv: ok
            long.mkv: ok
            longer.mkv: `longer.mkv` is over a limit: picture width 16385, at most 16384 accepted
            high.png: `high.png` is over a limit: picture height 16385, at most 16384 accepted
            yuv444p.mkv: ok
            yuv411p.mkv: ok
            yuv420p10le.mkv: ok
            yuva420p.mkv: ok
            gray16le.mkv: ok
            bgra.mkv: ok
            rgb48le.mkv: ok
            colors.mp4: ok
            fields.ts: ok
            turned.mp4: ok
        "#]],
    );
}

#[test]
fn scripts_in_the_clothes_of_a_film() {
    let lab = Lab::new();
    lab.ffmpeg(&format!("{PICTURE} -c:v libx264 other.mp4"));
    fs::write(lab.path("concat.mp4"), "ffconcat version 1.0\nfile other.mp4\n").unwrap();
    let list = "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nother.mp4\n#EXT-X-ENDLIST\n";
    fs::write(lab.path("list.mp4"), list).unwrap();
    let manifest =
        "<?xml version=\"1.0\"?><MPD type=\"static\"><Period><BaseURL>other.mp4</BaseURL></Period></MPD>";
    fs::write(lab.path("manifest.mp4"), manifest).unwrap();
    fs::write(lab.path("drawing.png"), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>").unwrap();
    check(
        &lab,
        &["concat.mp4", "list.mp4", "manifest.mp4", "drawing.png"],
        &expect![[r#"
        concat.mp4: `concat.mp4` is not a media file we can read: its format is not among those accepted
        list.mp4: `list.mp4` is not a media file we can read: its format is not among those accepted
        manifest.mp4: `manifest.mp4` is not a media file we can read: it holds text
        drawing.png: `drawing.png` is not a media file we can read: its format is not among those accepted
    "#]],
    );
}

#[test]
fn small_files_that_ask_for_much() {
    let lab = Lab::new();
    // Within the limit on pixels, and beyond it: a few kilobytes each.
    lab.ffmpeg("-f lavfi -i color=size=7680x4320 -frames:v 1 -pix_fmt rgb24 large.png");
    lab.ffmpeg("-f lavfi -i color=size=8192x8192 -frames:v 1 -pix_fmt gray bomb.png");
    // Five thousand pictures within half a second, and none of them a place to begin at.
    lab.ffmpeg(
        "-f lavfi -i color=size=16x16:rate=25:duration=200 -c:v libx264 -preset ultrafast -g 100000 -sc_threshold 0 -bf 0 \
         -video_track_timescale 90000 -bsf:v setts=ts=N*9:duration=9 dense.mp4",
    );
    // The index of one stream, ten thousand times.
    let film =
        fs::read(lab.ffmpeg(&format!("{PICTURE} -c:v libx264 -movflags +faststart film.mp4"))).unwrap();
    fs::write(lab.path("streams.mp4"), with_tracks(&film, 10_000)).unwrap();
    check(
        &lab,
        &["large.png", "bomb.png", "dense.mp4", "streams.mp4"],
        &expect![[r#"
            large.png: ok
            bomb.png: `bomb.png` is over a limit: pixels per picture 67108864, at most 33177600 accepted
            dense.mp4: ok
            streams.mp4: `streams.mp4` is over a limit: number of streams 17, at most 16 accepted
        "#]],
    );
}

/// An MP4 whose one track is there `count` times.
fn with_tracks(whole: &[u8], count: usize) -> Vec<u8> {
    let find = |name: &[u8; 4]| whole.windows(4).position(|window| window == name).unwrap() - 4;
    let size = |at: usize| u32::from_be_bytes(whole[at..at + 4].try_into().unwrap()) as usize;
    let (moov, trak) = (find(b"moov"), find(b"trak"));
    let (moov_end, trak_end) = (moov + size(moov), trak + size(trak));
    let track = &whole[trak..trak_end];
    let mut made = whole[..trak_end].to_vec();
    (1..count).for_each(|_| made.extend_from_slice(track));
    made.extend_from_slice(&whole[trak_end..moov_end]);
    let length = u32::try_from(made.len() - moov).unwrap();
    made[moov..moov + 4].copy_from_slice(&length.to_be_bytes());
    made.extend_from_slice(&whole[moov_end..]);
    made
}
