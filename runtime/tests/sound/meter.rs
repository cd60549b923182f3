//! The flash-and-beep meter: a film whose flashes and beeps begin together is rendered, and another
//! program says when they do.

use std::path::Path;
use std::process::Command;

use vid_runtime::{CancelToken, Executor, RenderRequest, Silent, Verify, render};
use vid_timeline::{Clip, Content, Element, Rational, Sound, Time, TimeRange};

use crate::film::{Film, clip_from};

/// Two frames of white every two seconds, at 25 frames a second, and a beep as long.
const PICTURE: &str = "color=black:s=320x180:r=25:d=10,drawbox=c=white:t=fill:enable='lt(mod(n,50),2)'";
const BEEP: &str = "aevalsrc=0.8*sin(2*PI*1000*t+PI/2)*lt(mod(t\\,2)\\,0.08):s=48000:d=10";

/// Begins of flashes and of beeps in a file, in milliseconds of its presentation.
fn flashes_and_beeps(file: &Path) -> (Vec<f64>, Vec<f64>) {
    let ffmpeg = |arguments: &[&str]| {
        let output =
            Command::new("ffmpeg").args(["-v", "error", "-i"]).arg(file).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let filter = "signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-";
    let text = String::from_utf8(ffmpeg(&["-an", "-vf", filter, "-f", "null", "-"])).unwrap();
    let (mut flashes, mut time, mut was_bright) = (Vec::new(), 0.0, false);
    for line in text.lines() {
        if let Some((_, stamp)) = line.split_once("pts_time:") {
            time = stamp.trim().parse::<f64>().unwrap();
        } else if let Some((_, level)) = line.split_once("YAVG=") {
            let is_bright = level.trim().parse::<f64>().unwrap() > 120.0;
            if is_bright && !was_bright {
                flashes.push(time * 1000.0);
            }
            was_bright = is_bright;
        }
    }
    let filter = "aresample=async=1:first_pts=0";
    let bytes = ffmpeg(&["-vn", "-af", filter, "-ac", "1", "-ar", "48000", "-f", "f32le", "-"]);
    let samples = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let (mut beeps, mut last) = (Vec::new(), i64::MIN / 2);
    for (at, sample) in (0_i64..).zip(samples) {
        if sample.abs() > 0.25 {
            if at - last > 4800 {
                beeps.push(at as f64 / 48.0);
            }
            last = at;
        }
    }
    (flashes, beeps)
}

/// What the meter reads from a film of those elements.
fn measured(media: &str, encoding: &[&str], elements: Vec<Element>) -> (Vec<f64>, Vec<f64>) {
    let mut film = Film::new(1);
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", PICTURE, "-f", "lavfi", "-i", BEEP])
        .args(encoding)
        .arg(film.folder().join(media))
        .status()
        .unwrap();
    assert!(made.success());
    film.timeline.duration = elements.iter().map(|element| element.record_range.end).max().unwrap();
    film.timeline.elements = elements;
    film.z_by_order();
    let file = film.folder().join("film.mp4");
    let (store, cancel) = (film.store(), CancelToken::default());
    render(&RenderRequest {
        timeline: &film.timeline,
        assets: &film.assets(),
        executor: &Executor::Cpu,
        output: 0,
        window: None,
        verify: Verify::Trust,
        destination: &file,
        store: &store,
        workers: None,
        progress: &Silent,
        cancel: &cancel,
    })
    .unwrap();
    flashes_and_beeps(&file)
}

/// A clip with its sound, over a range of its media, changed at will.
fn piece(
    id: &str,
    media: &str,
    range_ms: (i64, i64),
    start: Time,
    change: impl FnOnce(&mut Clip),
) -> Element {
    let mut element = clip_from(id, media, range_ms.0, 0, range_ms.1 - range_ms.0);
    element.sound = Some(Sound::default());
    let Content::Video(clip) = &mut element.content else { panic!("a clip") };
    change(clip);
    let length = clip.source_range.duration() * (Rational::ONE / clip.speed);
    element.record_range = TimeRange::at(start, length);
    element
}

/// Every flash has its beep within so many milliseconds, at the wanted times.
fn together((flashes, beeps): (Vec<f64>, Vec<f64>), wanted: &[f64], tolerance: f64) {
    assert_eq!(flashes.len(), wanted.len(), "flashes at {flashes:?}");
    assert_eq!(beeps.len(), wanted.len(), "beeps at {beeps:?}");
    for ((flash, beep), due) in flashes.iter().zip(&beeps).zip(wanted) {
        assert!((flash - due).abs() < 0.6, "a flash at {flash} ms, due at {due}");
        assert!((beep - flash).abs() <= tolerance, "flash at {flash} ms, beep at {beep}");
    }
}

const X264: &[&str] =
    &["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "60", "-pix_fmt", "yuv420p"];

fn with(more: &[&'static str]) -> Vec<&'static str> {
    [X264, more].concat()
}

#[test]
fn at_the_start_and_after_ten_seconds() {
    for (media, sound) in [("m.mov", ["-c:a", "pcm_s16le"]), ("m.mp4", ["-c:a", "aac"])] {
        let whole = piece("a", media, (0, 10_000), Time::ZERO, |_| {});
        together(measured(media, &with(&sound), vec![whole]), &[0.0, 2000.0, 4000.0, 6000.0, 8000.0], 1.0);
    }
}

#[test]
fn after_cuts() {
    let mut start = Time::ZERO;
    let mut elements = Vec::new();
    for (index, range) in [(1480, 2520), (5800, 6600), (3960, 4400)].into_iter().enumerate() {
        let element = piece(&format!("e{index}"), "m.mov", range, start, |_| {});
        start = element.record_range.end;
        elements.push(element);
    }
    let found = measured("m.mov", &with(&["-c:a", "pcm_s16le"]), elements);
    together(found, &[520.0, 1040.0 + 200.0, 1840.0 + 40.0], 1.0);
}

#[test]
fn at_other_speeds() {
    let quick = piece("a", "m.mov", (960, 8960), Time::ZERO, |clip| clip.speed = Rational::integer(2));
    let slow =
        piece("b", "m.mov", (1000, 3000), quick.record_range.end, |clip| clip.speed = Rational::ratio(1, 2));
    let found = measured("m.mov", &with(&["-c:a", "pcm_s16le"]), vec![quick, slow]);
    // An attack may be moved by up to 3 ms for the sake of the sound around it.
    together(found, &[520.0, 1520.0, 2520.0, 3520.0, 4000.0 + 2000.0], 4.0);
}

#[test]
fn backwards_and_round() {
    let back = piece("a", "m.mov", (0, 5000), Time::ZERO, |clip| clip.reversed = true);
    let mut round = piece("b", "m.mov", (1800, 2600), back.record_range.end, |clip| clip.repeats = true);
    round.record_range.end = round.record_range.start + Time::from_millis(2400);
    let found = measured("m.mov", &with(&["-c:a", "pcm_s16le"]), vec![back, round]);
    let wanted = [920.0, 2920.0, 4920.0, 5200.0, 6000.0, 6800.0];
    together(found, &wanted, 1.0);
}

#[test]
fn from_a_source_of_variable_rate() {
    // Two frames of three are kept, and the flashes.
    let vfr = ["-vf", "select='lt(mod(n,50),2)+gt(mod(n,3),0)'", "-fps_mode", "vfr", "-c:a", "pcm_s16le"];
    let whole = piece("a", "m.mov", (0, 10_000), Time::ZERO, |_| {});
    together(measured("m.mov", &with(&vfr), vec![whole]), &[0.0, 2000.0, 4000.0, 6000.0, 8000.0], 1.0);
}
