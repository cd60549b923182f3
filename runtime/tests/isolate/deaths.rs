//! Decoders that stop, or are stopped, in the middle of a film.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use vid_runtime::isolate::{ConfinedSound, ConfinedVideo, Confinement, Damage, Way};
use vid_runtime::media::{AudioSource, DecodeOptions, Limit, MediaError, VideoSource};
use vid_timeline::Time;

use crate::support::{Lab, bytes};
use crate::{FILM, confinement};

/// Processes that the one of that number has started and that have not ended.
fn children(id: u32) -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    numbers
        .filter(|number| {
            let Ok(stat) = std::fs::read_to_string(format!("/proc/{number}/stat")) else { return false };
            // After the name, which may hold anything: the state and the parent.
            let mut fields = stat.rsplit(')').next().unwrap().split_whitespace();
            fields.next() != Some("Z") && fields.next() == Some(&id.to_string())
        })
        .collect()
}

/// Sends a signal to the confined process that the watcher of that number guards.
fn signal(watcher: u32, name: &str) {
    let confined = children(watcher);
    assert_eq!(confined.len(), 1, "a watcher guards one process");
    send(confined[0], name);
}

fn send(id: u32, name: &str) {
    assert!(Command::new("kill").args([name, &id.to_string()]).status().unwrap().success());
}

/// Waits until a watcher has seen its process end and has ended itself.
fn gone(watcher: u32) {
    let state = || std::fs::read_to_string(format!("/proc/{watcher}/stat")).unwrap_or_default();
    while !state().rsplit(')').next().unwrap().trim_start().starts_with('Z') && !state().is_empty() {
        std::thread::yield_now();
    }
}

fn film(lab: &Lab) -> std::path::PathBuf {
    lab.ffmpeg(&format!("{FILM} -c:v libx264 -g 20 -bf 2 -pix_fmt yuv420p -c:a flac a.mkv"))
}

fn named(path: &Path, error: &MediaError) -> String {
    error.to_string().replace(&format!("{}/", path.parent().unwrap().display()), "")
}

#[test]
fn a_decoder_that_is_ended_in_the_middle_is_replaced() {
    let lab = Lab::new();
    let path = film(&lab);
    let mut here = VideoSource::open(&path, DecodeOptions::default()).unwrap();
    let mut there = ConfinedVideo::open(&confinement(), &path, Some(Time::new(3, 1)), Way::Forwards).unwrap();
    let mut same = |there: &mut ConfinedVideo, n: i64| {
        let time = Time::new(n, 25);
        let (a, b) = (here.frame_at(time).unwrap(), there.frame_at(time).unwrap());
        assert_eq!(a.start, b.start);
        assert!(bytes(&a.frame) == bytes(&b.frame), "frame {n}");
    };
    same(&mut there, 0);
    signal(there.process(), "-KILL");
    gone(there.process());
    same(&mut there, 30);
    // The same picture again, and then the watcher with what it guards.
    let watcher = there.process();
    send(watcher, "-KILL");
    gone(watcher);
    same(&mut there, 30);
    same(&mut there, 31);
    signal(there.process(), "-KILL");
    gone(there.process());
    let error = there.frame_at(Time::new(32, 25)).unwrap_err();
    assert_eq!(named(&path, &error), "`a.mkv` ended its decoder at 1.280 s: it was ended");
}

#[test]
fn sound_goes_on_after_a_death() {
    let lab = Lab::new();
    let path = film(&lab);
    let mut here = AudioSource::open(&path).unwrap();
    let mut there =
        ConfinedSound::open(&confinement(), &path, Some(Time::new(3, 1)), Damage::Refuse).unwrap();
    let (mut a, mut b) = (vec![1.0; 9600], vec![2.0; 9600]);
    for start in [0, 4800, 9600] {
        assert_eq!(here.read(start, &mut a).unwrap(), there.read(start, &mut b).unwrap());
        assert!(a == b, "from {start}");
        if start == 4800 {
            signal(there.process(), "-KILL");
            gone(there.process());
        }
    }
}

#[test]
fn a_decoder_that_dies_of_its_first_question_is_an_error() {
    let lab = Lab::new();
    let path = film(&lab);
    let mut there = ConfinedVideo::open(&confinement(), &path, Some(Time::new(3, 1)), Way::Forwards).unwrap();
    signal(there.process(), "-KILL");
    gone(there.process());
    let error = there.frame_at(Time::new(1, 1)).unwrap_err();
    assert_eq!(named(&path, &error), "`a.mkv` ended its decoder at 1.000 s: it was ended");
}

/// One that answers nothing is ended when patience is over, and says so; nothing waits for ever.
#[test]
fn a_silent_decoder_is_ended_and_named() {
    let lab = Lab::new();
    let path = film(&lab);
    // Long enough that a busy machine starts a process meanwhile.
    let patience = Duration::from_secs(4);
    let confinement = Confinement { patience: Some(patience), ..confinement() };
    let mut there = ConfinedVideo::open(&confinement, &path, Some(Time::new(3, 1)), Way::Forwards).unwrap();
    there.frame_at(Time::ZERO).unwrap();
    let confined = children(there.process())[0];
    send(confined, "-STOP");
    let error = there.frame_at(Time::new(1, 1)).unwrap_err();
    let expected =
        MediaError::LimitExceeded { path: path.clone(), what: Limit::Patience, value: 5, limit: 4 };
    assert_eq!(error, expected);
    assert_eq!(
        named(&path, &error),
        "`a.mkv` is over a limit: seconds without an answer from its decoder 5, at most 4 accepted"
    );
    // It is gone, although it was stopped.
    while Path::new(&format!("/proc/{confined}")).exists() {
        std::thread::yield_now();
    }
}

/// What is played again and again outlasts the time that one process is granted.
#[test]
fn rounds_without_end_use_up_no_decoder() {
    let lab = Lab::new();
    let path = lab.ffmpeg("-f lavfi -i testsrc2=size=32x32:rate=25:duration=1 -c:v ffv1 round.mkv");
    let mut there = ConfinedVideo::open(&confinement(), &path, Some(Time::new(1, 1)), Way::Forwards).unwrap();
    let first = there.process();
    for _ in 0..20 {
        there.frame_at(Time::ZERO).unwrap();
        there.frame_at(Time::new(24, 25)).unwrap();
    }
    assert_ne!(there.process(), first);
}
