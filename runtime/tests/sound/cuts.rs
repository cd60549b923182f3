//! Cuts are not heard: no step that the sound itself does not have.

use vid_timeline::{Animated, Level, Rational, Time};

use crate::film::audio;
use crate::stage::{film, heard, level, peak, playing, steepest};

/// Four seconds of 200 Hz at half scale.
const TONE: (&str, &str) = ("tone.wav", "aevalsrc=0.5*sin(2*PI*200*t):s=48000:d=4");
/// Largest step of that tone between two samples: 0.5·2π·200/48000.
const STEEPEST: f32 = 0.0131;
/// What a fade of 3 ms adds: 0.5/144.
const FADE: f32 = 0.0035;

#[test]
fn sound_cut_in_the_middle_does_not_click() {
    // Cut at crests, forwards, backwards and at another speed.
    let film = film(
        6,
        &[TONE],
        vec![
            playing("a", "tone.wav", (1001, 1999), 500, |_| {}),
            playing("b", "tone.wav", (1001, 1999), 2000, |clip| clip.reversed = true),
            playing("c", "tone.wav", (1001, 2999), 3500, |clip| clip.speed = Rational::integer(2)),
        ],
    );
    let heard = heard(&film);
    let (step, at) = steepest(&heard);
    assert!(step < STEEPEST + FADE, "{step} at {at}");
    // The cut itself stays where it is: silent before it, and full 3 ms after.
    assert!(peak(&heard[..24_000]) == 0.0 && peak(&heard[24_144..24_500]) > 0.49);
    let end = 24_000 + 998 * 48;
    assert!(peak(&heard[end..96_000]) == 0.0 && peak(&heard[end - 400..end - 144]) > 0.49);
}

#[test]
fn a_file_keeps_its_own_first_attack() {
    let burst = ("burst.wav", "aevalsrc=0.5*cos(2*PI*200*t):s=48000:d=1");
    let heard = heard(&film(2, &[burst], vec![playing("a", "burst.wav", (0, 1000), 500, |_| {})]));
    assert_eq!((heard[23_999], heard[24_000]), (0.0, 0.5));
    assert!((heard[24_000 + 47_999] - 0.5).abs() < 0.001);
}

#[test]
fn two_halves_of_one_file_sound_like_the_whole() {
    let noise = ("noise.wav", "anoisesrc=seed=3:a=0.3:r=48000:d=4");
    // Cut where no sample is: at frames of 30000/1001.
    let cut = Time::new(31 * 1001, 30_000);
    for speed in [Rational::ONE, Rational::ratio(4, 5)] {
        let whole =
            heard(&film(5, &[noise], vec![playing("w", "noise.wav", (0, 3000), 0, |c| c.speed = speed)]));
        let first = playing("a", "noise.wav", (0, 3000), 0, |clip| {
            clip.speed = speed;
            clip.source_range.end = cut;
        });
        let mut second = playing("b", "noise.wav", (0, 3000), 0, |clip| {
            clip.speed = speed;
            clip.source_range.start = cut;
        });
        second.record_range = second.record_range.shifted(first.record_range.end);
        let halves = heard(&film(5, &[noise], vec![first, second]));
        let differs = (0..whole.len()).find(|at| whole[*at].to_bits() != halves[*at].to_bits());
        assert_eq!(differs, None, "at speed {speed}");
    }
}

#[test]
fn halves_at_other_levels_glide_into_one_another() {
    let mut second = playing("b", "tone.wav", (1001, 2000), 1001, |_| {});
    second.sound.as_mut().unwrap().volume = Animated::Constant(Level::Percent(Rational::integer(20)));
    let film = film(3, &[TONE], vec![playing("a", "tone.wav", (0, 1001), 0, |_| {}), second]);
    let heard = heard(&film);
    let (step, at) = steepest(&heard[..80_000]);
    assert!(step < STEEPEST + FADE, "{step} at {at}");
    // No dip: the quieter half is the least that is heard.
    for window in heard[47_000..49_000].chunks_exact(240) {
        assert!(level(window) > 0.09 * 0.7, "{}", level(window));
    }
}

#[test]
fn seams_of_a_round_do_not_click() {
    for reversed in [false, true] {
        // 1001..1499 ms hold 99.6 periods.
        let element = playing("a", "tone.wav", (1001, 1499), 0, |clip| {
            clip.repeats = true;
            clip.reversed = reversed;
        });
        let mut film = film(3, &[TONE], vec![element]);
        film.timeline.elements[0].record_range.end = Time::new(3, 1);
        let (step, at) = steepest(&heard(&film));
        assert!(step < STEEPEST + FADE, "{step} at {at}");
    }
}

#[test]
fn the_end_of_the_film_cuts_softly_too() {
    let film = film(1, &[TONE], vec![audio("a", "tone.wav", 0, 0, 3000)]);
    let heard = heard(&film);
    assert!(heard[47_999].abs() < 0.005);
}

#[test]
fn a_sum_above_full_scale_is_turned_down_and_not_clipped() {
    let loud = ("loud.wav", "aevalsrc=0.8*sin(2*PI*200*t):s=48000:d=3");
    let film =
        film(3, &[loud], vec![audio("a", "loud.wav", 0, 0, 3000), audio("b", "loud.wav", 0, 1000, 2000)]);
    let heard = heard(&film);
    assert!(peak(&heard) <= 1.0);
    // Where one sounds alone, long before the sum, nothing is changed.
    let alone = |at: usize| 0.8 * libm::sin(std::f64::consts::TAU * 200.0 * at as f64 / 48_000.0);
    assert!((100..47_000).all(|at| (f64::from(heard[at]) - alone(at)).abs() < 1e-6));
    // A clipped sine has flat tops: many samples at the ceiling. This one has a few at each crest.
    let at_ceiling = heard[60_000..90_000].iter().filter(|sample| sample.abs() > 0.9995).count();
    assert!(at_ceiling < 2_000, "{at_ceiling}");
}
