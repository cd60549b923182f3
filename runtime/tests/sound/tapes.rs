//! Sound backwards, and round and round.

use vid_timeline::{Content, Time, TimeRange};

use crate::stage::{film, heard, playing};

/// Two seconds in which every sample is known: a ramp from 0 to 0.5.
const RAMP: (&str, &str) = ("ramp.wav", "aevalsrc=n/192000:s=48000:d=2");

fn ramp(sample: i64) -> f32 {
    sample as f32 / 192_000.0
}

fn near(found: f32, wanted: f32) -> bool {
    (found - wanted).abs() < 1e-6
}

#[test]
fn sound_backwards_is_the_mirror_to_the_sample() {
    let element = playing("a", "ramp.wav", (0, 2000), 500, |clip| clip.reversed = true);
    let heard = heard(&film(3, &[RAMP], vec![element]));
    for at in [0, 1, 7_000, 50_000, 95_999] {
        assert!(near(heard[24_000 + at], ramp(95_999 - at as i64)), "{at}: {}", heard[24_000 + at]);
    }
    assert!(near(heard[23_999], 0.0) && near(heard[24_000 + 96_000], 0.0));
}

#[test]
fn formats_without_exact_places_play_backwards_too() {
    // MP3 in its own container cannot be entered in the middle.
    let element =
        |id: &str, file: &str, reversed| playing(id, file, (200, 1800), 0, |clip| clip.reversed = reversed);
    let tone = "aevalsrc=0.5*sin(2*PI*(200*t+150*t*t)):s=44100:d=2";
    let media = [("tone.mp3", tone), ("tone.ogg", tone)];
    for file in ["tone.mp3", "tone.ogg"] {
        let forwards = heard(&film(2, &media, vec![element("a", file, false)]));
        let backwards = heard(&film(2, &media, vec![element("a", file, true)]));
        let mirrored: Vec<f32> = forwards[..76_800].iter().rev().copied().collect();
        // But for the fades at the cuts, which begin at nothing and end a step before it.
        assert!(backwards[144..76_656] == mirrored[144..76_656], "{file}");
    }
}

#[test]
fn a_whole_file_goes_round_without_a_seam() {
    // 440 whole periods: the end continues into the start.
    let tone = ("tone.wav", "aevalsrc=0.5*sin(2*PI*440*t):s=48000:d=1");
    let element = playing("a", "tone.wav", (0, 1000), 0, |clip| clip.repeats = true);
    let mut film = film(3, &[tone], vec![element]);
    film.timeline.elements[0].record_range.end = Time::new(3, 1);
    for (at, sample) in heard(&film).into_iter().enumerate() {
        let wanted = 0.5 * libm::sin(std::f64::consts::TAU * 440.0 * at as f64 / 48_000.0);
        assert!((f64::from(sample) - wanted).abs() < 1e-4, "{at}");
    }
}

#[test]
fn every_turn_is_the_same_to_the_sample() {
    for reversed in [false, true] {
        let element = playing("a", "ramp.wav", (500, 1000), 0, |clip| {
            clip.repeats = true;
            clip.reversed = reversed;
        });
        let mut film = film(4, &[RAMP], vec![element]);
        film.timeline.elements[0].record_range.end = Time::new(4, 1);
        let heard = heard(&film);
        // Away from the seams, which step and are faded.
        for turn in 0..8 {
            for passed in [200, 12_000, 23_800] {
                let file = if reversed { 47_999 - passed } else { 24_000 + passed };
                assert!(near(heard[turn * 24_000 + passed as usize], ramp(file)), "{turn} {passed}");
            }
        }
    }
}

#[test]
fn a_round_that_cuts_a_tone_at_a_period_has_no_seam_either() {
    let tone = ("tone.wav", "aevalsrc=0.5*sin(2*PI*400*t):s=48000:d=2");
    let element = playing("a", "tone.wav", (250, 750), 0, |clip| clip.repeats = true);
    let mut film = film(2, &[tone], vec![element]);
    film.timeline.elements[0].record_range.end = Time::new(2, 1);
    let heard = heard(&film);
    for at in (200..95_000).step_by(7) {
        let wanted = 0.5 * libm::sin(std::f64::consts::TAU * 400.0 * at as f64 / 48_000.0);
        assert!((f64::from(heard[at]) - wanted).abs() < 1e-4, "{at}");
    }
}

#[test]
fn a_round_that_is_under_way_goes_on() {
    let noise = ("noise.wav", "anoisesrc=seed=7:a=0.3:r=48000:d=1");
    let element = |phase| {
        let mut element = playing("a", "noise.wav", (0, 1000), 0, |clip| {
            (clip.repeats, clip.phase) = (true, Time::from_millis(phase));
        });
        element.record_range.end = Time::new(2, 1);
        element
    };
    let whole = heard(&film(2, &[noise], vec![element(0)]));
    let late = heard(&film(2, &[noise], vec![element(300)]));
    // But for the first three milliseconds, which cut into the sound.
    assert!(late[144..48_000] == whole[14_544..62_400]);
}

#[test]
fn rounds_of_broken_samples_stay_with_the_picture() {
    // A click at the start of each turn of 1/7 s; turn 70 begins at 10 s.
    let click = ("click.wav", "aevalsrc=0.9*eq(n\\,0):s=48000:d=1");
    let element = playing("a", "click.wav", (0, 1000), 0, |clip| {
        clip.source_range = TimeRange::new(Time::ZERO, Time::new(1, 7));
        clip.repeats = true;
    });
    let mut film = film(11, &[click], vec![element]);
    film.timeline.elements[0].record_range.end = Time::new(11, 1);
    let heard = heard(&film);
    let clicks: Vec<usize> = (0..heard.len()).filter(|at| heard[*at] > 0.5).collect();
    let due: Vec<usize> = (0..77).map(|turn| (turn * 48_000 * 2 + 7) / 14).collect();
    assert_eq!(clicks, due);
}

#[test]
fn a_window_sounds_like_the_whole_does_there() {
    let noise = ("noise.wav", "anoisesrc=seed=7:a=0.3:r=48000:d=4");
    let mut elements = vec![
        playing("fast", "noise.wav", (0, 3000), 0, |clip| clip.speed = vid_timeline::Rational::ratio(5, 4)),
        playing("back", "noise.wav", (500, 2500), 700, |clip| clip.reversed = true),
        playing("round", "noise.wav", (100, 400), 300, |clip| clip.repeats = true),
    ];
    elements[2].record_range.end = Time::new(3, 1);
    for element in &elements {
        assert!(matches!(element.content, Content::Audio(_)));
    }
    let film = film(3, &[noise], elements);
    let whole = heard(&film);
    let window = crate::stage::programme(&film, None).window(30_011..99_000);
    let part = crate::stage::played(&film, &window).unwrap();
    let left: Vec<f32> = part.into_iter().step_by(2).collect();
    assert!(left == whole[30_011..99_000]);
}
