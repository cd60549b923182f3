//! Media read in a confined process: the same frames, samples and facts; and no way out.
//!
//! The machine these tests run on has to offer every layer; where one is missing the tests name it.

#![expect(clippy::unwrap_used, reason = "a failure in a test's own preparations is a failed test")]

#[path = "../media/support.rs"]
#[expect(dead_code, reason = "the tests of media use the rest")]
mod support;

mod deaths;

use std::path::{Path, PathBuf};

use expect_test::expect;
use vid_runtime::isolate::{
    ConfinedSound, ConfinedVideo, Confinement, Damage, Escape, Intake, Layer, MissingLayers, Way,
    WorkerCommand, self_test,
};
use vid_runtime::media::{AudioSource, BackwardSource, DecodeOptions, MediaError, VideoSource, probe};
use vid_runtime::raster::load_still;
use vid_timeline::Time;

use support::{Lab, bytes};

fn confinement() -> Confinement {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_media-worker"));
    Confinement::new(WorkerCommand { program, arguments: Vec::new() }, MissingLayers::Refuse)
}

fn intake() -> Intake {
    Intake::Confined(confinement().into())
}

#[test]
fn this_machine_has_every_layer() {
    let layers = Confinement { missing: MissingLayers::Accept, ..confinement() }.check().unwrap();
    assert_eq!(Layer::missing(&layers), [""; 0], "this machine lacks layers that confine decoders");
}

#[test]
fn none_of_ten_escapes_works() {
    let (layers, outcomes) = self_test(&confinement()).unwrap();
    assert_eq!(layers, Layer::ALL);
    let mut text = String::new();
    for outcome in &outcomes {
        let how = outcome.refused.as_deref().unwrap_or("IT WORKED");
        text.push_str(&format!("{}: {how}\n", outcome.escape.name()));
    }
    assert_eq!(outcomes.len(), Escape::ALL.len());
    expect![[r#"
        read the list of users: no such file or directory
        read the file beside the medium: no such file or directory
        write a file: operation not permitted
        open a connection: it made a call that is not allowed
        start a process: operation not permitted
        run a shell: it made a call that is not allowed
        look into another process: it made a call that is not allowed
        mount a file system: it made a call that is not allowed
        go round the filter of calls: it made a call that is not allowed
        take 3 GiB of memory: out of memory
    "#]]
    .assert_eq(&text);
}

const FILM: &str =
    "-f lavfi -i testsrc2=size=102x58:rate=25:duration=3 -f lavfi -i sine=sample_rate=44100:duration=3";

#[test]
fn pictures_and_facts_are_those_of_reading_here() {
    let lab = Lab::new();
    for arguments in [
        "-c:v libx264 -g 20 -bf 2 -pix_fmt yuv420p -c:a aac a.mp4",
        "-c:v libvpx-vp9 -pix_fmt yuva420p -c:a libopus b.webm",
        "-c:v ffv1 -pix_fmt yuv444p10le -color_range pc -c:a flac c.mkv",
        "-c:v prores_ks -c:a pcm_s16le d.mov",
    ] {
        let path = lab.ffmpeg(&format!("{FILM} {arguments}"));
        assert_eq!(intake().probe(&path), probe(&path), "{arguments}");
        let mut here = VideoSource::open(&path, DecodeOptions::default()).unwrap();
        let mut there = ConfinedVideo::open(&confinement(), &path, None, Way::Forwards).unwrap();
        for n in [0, 1, 2, 2, 40, 41, 7, 74, 200, 30] {
            let time = Time::new(n, 25);
            let (a, b) = (here.frame_at(time).unwrap(), there.frame_at(time).unwrap());
            assert_eq!((a.start, a.placement), (b.start, b.placement), "{arguments}: {n}");
            assert_eq!(a.frame.spec(), b.frame.spec(), "{arguments}: {n}");
            assert!(bytes(&a.frame) == bytes(&b.frame), "{arguments}: frame {n}");
        }
        let mut here = BackwardSource::open(&path, DecodeOptions::default()).unwrap();
        let mut there = ConfinedVideo::open(&confinement(), &path, None, Way::Backwards).unwrap();
        for n in [75, 74, 60, 59, 1] {
            let time = Time::new(n, 25);
            let (a, b) =
                (here.frame_before(time, 1 << 20).unwrap(), there.frame_before(time, 1 << 20).unwrap());
            assert!(bytes(&a.frame) == bytes(&b.frame), "{arguments}: frame before {n}");
        }
    }
}

#[test]
fn sound_is_that_of_reading_here() {
    let lab = Lab::new();
    for name in ["a.mp3", "b.flac", "c.wav", "d.ogg", "e.m4a"] {
        let path = lab.ffmpeg(&format!("-f lavfi -i sine=sample_rate=44100:duration=5 {name}"));
        let mut here = AudioSource::open(&path).unwrap();
        let mut there =
            ConfinedSound::open(&confinement(), &path, Some(Time::new(5, 1)), Damage::Refuse).unwrap();
        // The second block is longer than one answer, the last lies beyond the end.
        for (start, pairs) in [(0, 1000), (1000, 100_000), (48_000, 700), (230_000, 20_000)] {
            let (mut a, mut b) = (vec![1.0; pairs * 2], vec![2.0; pairs * 2]);
            assert_eq!(here.read(start, &mut a).unwrap(), there.read(start, &mut b).unwrap(), "{name}");
            assert!(a == b, "{name}: {pairs} pairs from {start}");
        }
    }
}

#[test]
fn stills_are_those_of_reading_here() {
    let lab = Lab::new();
    for name in ["a.png", "b.jpg", "c.webp", "d.bmp", "e.tiff"] {
        let path = lab.ffmpeg(&format!("-f lavfi -i testsrc2=size=61x37,format=rgb24 -frames:v 1 {name}"));
        let (here, there) = (load_still(&path).unwrap(), intake().still(&path).unwrap());
        assert_eq!((here.width(), here.height()), (there.width(), there.height()));
        assert!(here.pixels() == there.pixels(), "{name}");
    }
}

fn message(path: &Path, error: &impl ToString) -> String {
    let folder = path.parent().unwrap().display().to_string();
    error.to_string().replace(&format!("{folder}/"), "")
}

/// What goes wrong is told in the words of reading here, with the name the file has outside.
#[test]
fn errors_are_those_of_reading_here() {
    let lab = Lab::new();
    std::fs::write(lab.path("text.mp4"), "no film\n").unwrap();
    std::fs::write(lab.path("empty.mp4"), "").unwrap();
    let film = lab.ffmpeg(&format!("{FILM} -c:v libx264 -g 20 -movflags +faststart film.mp4"));
    let whole = std::fs::read(&film).unwrap();
    std::fs::write(lab.path("cut.mp4"), &whole[..whole.len() / 2]).unwrap();
    for name in ["text.mp4", "empty.mp4", "missing.mp4"] {
        let path = lab.path(name);
        assert_eq!(intake().probe(&path).unwrap_err(), probe(&path).unwrap_err());
    }
    let path = lab.path("text.mp4");
    let there = intake().still(&path).err().unwrap();
    assert_eq!(
        message(&path, &there),
        "`text.mp4` is not an image; png, jpeg, webp, gif, tiff and bmp are read"
    );
    let path = lab.path("cut.mp4");
    let mut here = VideoSource::open(&path, DecodeOptions::default()).unwrap();
    let mut there = ConfinedVideo::open(&confinement(), &path, None, Way::Forwards).unwrap();
    let last = |result: Result<_, MediaError>| result.map(|_: vid_runtime::media::FrameAt| ()).unwrap_err();
    let time = Time::new(29, 10);
    assert_eq!(last(here.frame_at(time)), last(there.frame_at(time)));
    let silent = lab.ffmpeg("-f lavfi -i testsrc2=size=32x32:duration=1 silent.mp4");
    let error = ConfinedSound::open(&confinement(), &silent, None, Damage::Refuse).err().unwrap();
    assert_eq!(message(&silent, &error), "`silent.mp4` has no audio stream");
}

/// A worker that is no worker is an error, not a hang.
#[test]
fn programs_that_are_no_workers_are_errors() {
    let lab = Lab::new();
    let path = lab.ffmpeg("-f lavfi -i testsrc2=size=32x32:duration=1 a.mp4");
    let probed = |program: &str| {
        let worker = WorkerCommand { program: program.into(), arguments: Vec::new() };
        let intake = Intake::Confined(Confinement { worker, ..confinement() }.into());
        message(&path, &intake.probe(&path).unwrap_err())
    };
    expect!["`a.mp4` ended its decoder at 0.000 s: it ended with status 0"].assert_eq(&probed("/bin/true"));
    expect!["media cannot be confined on this machine: no such file or directory"]
        .assert_eq(&probed("/no/such/program"));
}
