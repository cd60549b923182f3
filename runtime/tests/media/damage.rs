//! Broken and hostile files end in one clear error each.

use expect_test::{Expect, expect};
use vid_runtime::media::{AudioSource, DecodeOptions, MediaError, VideoSource, probe};
use vid_timeline::Time;

use crate::support::{Lab, Numbers, bytes};

const FILM: &str = "-f lavfi -i testsrc2=size=64x48:rate=25:duration=3 -f lavfi -i sine=duration=3 -c:v libx264 -g 25 -c:a aac -movflags +faststart";

/// The message without the temporary folder.
fn message(lab: &Lab, error: &MediaError) -> String {
    error.to_string().replace(&lab.path("").display().to_string(), "")
}

fn check_probe(lab: &Lab, name: &str, expected: Expect) {
    let error = probe(&lab.path(name)).map(|facts| format!("{facts:?}")).unwrap_err();
    expected.assert_eq(&message(lab, &error));
}

#[test]
fn files_that_are_no_media() {
    let lab = Lab::new();
    std::fs::write(lab.path("empty.mp4"), b"").unwrap();
    std::fs::write(lab.path("text.mp4"), b"Hello, this is not a film.\n").unwrap();
    std::fs::write(lab.path("noise.mp4"), (0..4000u32).map(|n| ((n * n) >> 3) as u8).collect::<Vec<_>>())
        .unwrap();
    std::fs::write(lab.path("empty.png"), b"").unwrap();
    std::fs::create_dir(lab.path("folder.mp4")).unwrap();
    check_probe(&lab, "missing.mp4", expect!["there is no file `missing.mp4`"]);
    check_probe(&lab, "empty.mp4", expect!["`empty.mp4` is empty (0 bytes)"]);
    check_probe(&lab, "empty.png", expect!["`empty.png` is empty (0 bytes)"]);
    check_probe(&lab, "text.mp4", expect!["`text.mp4` is not a media file we can read: it holds text"]);
    check_probe(
        &lab,
        "noise.mp4",
        expect!["`noise.mp4` is not a media file we can read: invalid data found when processing input"],
    );
    check_probe(&lab, "folder.mp4", expect!["cannot read `folder.mp4`: it is a folder"]);
}

#[test]
fn scripts_under_the_name_of_a_film_read_nothing() {
    let lab = Lab::new();
    lab.ffmpeg(&format!("{FILM} other.mp4"));
    std::fs::write(lab.path("concat.mp4"), b"ffconcat version 1.0\nfile other.mp4\n").unwrap();
    std::fs::write(
        lab.path("list.mp4"),
        b"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nother.mp4\n#EXT-X-ENDLIST\n",
    )
    .unwrap();
    check_probe(
        &lab,
        "concat.mp4",
        expect!["`concat.mp4` is not a media file we can read: its format is not among those accepted"],
    );
    check_probe(
        &lab,
        "list.mp4",
        expect!["`list.mp4` is not a media file we can read: its format is not among those accepted"],
    );
}

#[test]
fn a_film_without_its_index() {
    let lab = Lab::new();
    let path = lab.ffmpeg(&format!("{} cut.mp4", FILM.replace("-movflags +faststart", "")));
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    check_probe(
        &lab,
        "cut.mp4",
        expect!["`cut.mp4` is incomplete: it breaks off before its index (the `moov` box of an MP4)"],
    );
}

#[test]
fn a_film_that_breaks_off_plays_until_there() {
    let lab = Lab::new();
    let path = lab.ffmpeg(&format!("{FILM} short.mp4"));
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() * 2 / 3]).unwrap();
    let mut source = VideoSource::open(&path, DecodeOptions::default()).unwrap();
    assert!(source.frame_at(Time::new(1, 2)).is_ok());
    let error = source.frame_at(Time::new(29, 10)).unwrap_err();
    assert!(matches!(error, MediaError::Damaged { .. }), "{error}");
    let mut sound = AudioSource::open(&path).unwrap();
    let mut block = vec![0.0; 48_000 * 2];
    assert_eq!(sound.read(0, &mut block).unwrap(), 48_000);
    let error = sound.read(96_000, &mut block).unwrap_err();
    assert!(matches!(error, MediaError::Damaged { .. }), "{error}");
}

#[test]
fn missing_streams_are_named() {
    let lab = Lab::new();
    let silent = lab.ffmpeg("-f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -c:v libx264 silent.mp4");
    let sound = lab.ffmpeg("-f lavfi -i sine=duration=1 sound.wav");
    let error = AudioSource::open(&silent).err().unwrap();
    expect!["`silent.mp4` has no audio stream"].assert_eq(&message(&lab, &error));
    let error = VideoSource::open(&sound, DecodeOptions::default()).err().unwrap();
    expect!["`sound.wav` has no video stream"].assert_eq(&message(&lab, &error));
}

#[test]
fn pictures_that_change_size_are_refused() {
    let lab = Lab::new();
    lab.ffmpeg("-f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -c:v mpeg2video -g 5 -f mpegts a.ts");
    lab.ffmpeg("-f lavfi -i testsrc2=size=96x48:rate=25:duration=1 -c:v mpeg2video -g 5 -f mpegts b.ts");
    std::fs::write(lab.path("list"), "file a.ts\nfile b.ts\n").unwrap();
    lab.ffmpeg("-f concat -i list -c copy both.ts");
    let mut source = VideoSource::open(&lab.path("both.ts"), DecodeOptions::default()).unwrap();
    assert!(source.frame_at(Time::new(1, 2)).is_ok());
    let error = (0..50).find_map(|n| source.frame_at(Time::new(n, 25)).err()).unwrap();
    assert!(matches!(error, MediaError::Changed { .. }), "{error}");
}

#[test]
fn oversized_pictures_are_refused_by_their_header() {
    let lab = Lab::new();
    let path = lab
        .ffmpeg("-f lavfi -i color=size=16x16:rate=1:duration=1 -c:v rawvideo -pix_fmt gray -f avi big.avi");
    let mut bytes = std::fs::read(&path).unwrap();
    let place = bytes.windows(4).position(|window| window == b"strf").unwrap() + 8;
    bytes[place + 4..place + 8].copy_from_slice(&20_000u32.to_le_bytes());
    std::fs::write(&path, &bytes).unwrap();
    check_probe(
        &lab,
        "big.avi",
        expect!["`big.avi` is over a limit: picture width 20000, at most 16384 accepted"],
    );
}

/// A flipped bit ends in an error or in pictures that do not depend on the number of threads.
#[test]
fn flipped_bits_never_pass_as_different_pictures() {
    let lab = Lab::new();
    let source = "-f lavfi -i testsrc2=size=64x48:rate=25:duration=2";
    // HEVC, VP8 and VP9 carry no redundancy: any bits are pictures, so little can be noticed.
    for (arguments, least) in [
        ("-c:v libx264 -g 25 a.mp4", 8),
        ("-c:v libx265 -x265-params log-level=error:keyint=25:pools=1 b.mp4", 0),
        ("-c:v libvpx-vp9 -g 25 c.webm", 0),
        ("-c:v libvpx -g 25 d.webm", 0),
        ("-c:v mpeg4 -g 25 e.mp4", 10),
    ] {
        let path = lab.ffmpeg(&format!("{source} {arguments}"));
        let whole = std::fs::read(&path).unwrap();
        let mut numbers = Numbers(5);
        let mut refused = 0;
        let decode = |threads: u32| -> Result<Vec<Vec<u8>>, MediaError> {
            let mut source = VideoSource::open(&path, DecodeOptions { threads })?;
            (0..50).map(|n| source.frame_at(Time::new(n, 25)).map(|found| bytes(&found.frame))).collect()
        };
        for _ in 0..25 {
            let mut broken = whole.clone();
            let place = whole.len() / 10 + numbers.below(whole.len() * 8 / 10);
            broken[place] ^= 1 << numbers.below(8);
            std::fs::write(&path, &broken).unwrap();
            match (decode(1), decode(3)) {
                (Ok(one), Ok(three)) => assert!(one == three, "{arguments}: byte {place}"),
                _ => refused += 1,
            }
        }
        assert!(refused >= least, "{arguments}: only {refused} of 25 broken films were noticed");
    }
}

/// Files broken in every way of the trade end in an error or in frames and samples, never worse.
#[test]
fn mutations_are_survived() {
    let lab = Lab::new();
    let sound = "-f lavfi -i sine=duration=1";
    let source = format!("-f lavfi -i testsrc2=size=32x32:rate=25:duration=1 {sound}");
    for name in [
        "a.mp4",
        "b.mkv",
        "c.ts",
        "d.avi",
        "-movflags +frag_keyframe+empty_moov e.mp4",
        "f.mp3",
        "g.flac",
        "h.ogg",
        "i.wav",
        "j.gif",
    ] {
        let path = lab.ffmpeg(&format!("{source} {name}"));
        let whole = std::fs::read(&path).unwrap();
        let mut numbers = Numbers(9);
        for round in 0..21 {
            let broken = mutated(&whole, round % 7, &mut numbers);
            std::fs::write(&path, broken).unwrap();
            let _ = probe(&path);
            if let Ok(mut source) = VideoSource::open(&path, DecodeOptions::default()) {
                for n in [0, 3, 20, 7, 24, 40] {
                    let _ = source.frame_at(Time::new(n, 25));
                }
            }
            if let Ok(mut source) = AudioSource::open(&path) {
                let mut block = vec![0.0; 9000];
                for n in [0, 4500, 40_000, 100, 60_000] {
                    let _ = source.read(n, &mut block);
                }
            }
        }
    }
}

fn mutated(whole: &[u8], way: usize, numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    let place = numbers.below(bytes.len());
    let length = 1 + numbers.below(bytes.len() - place).min(300);
    match way {
        0 => bytes.truncate(place),
        1 => (0..20).for_each(|_| bytes[numbers.below(whole.len())] ^= 1 << numbers.below(8)),
        2 => bytes[place..place + length].fill(0),
        3 => drop(bytes.splice(place..place, std::iter::repeat_n(0xA5, length))),
        4 => (0..8).for_each(|_| bytes[numbers.below(64)] = numbers.below(256) as u8),
        5 => bytes.rotate_left(place),
        _ => drop(bytes.drain(place..place + length)),
    }
    bytes
}
