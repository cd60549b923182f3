//! Sound stays with the picture over an hour, at every common frame rate.

use vid_timeline::{FrameRate, Rational, Time, TimeRange};

use crate::film::audio;
use crate::stage::{film, heard, playing, programme};

const RATES: [(u32, u32); 8] =
    [(24_000, 1001), (24, 1), (25, 1), (30_000, 1001), (30, 1), (50, 1), (60_000, 1001), (60, 1)];

/// A millisecond in samples.
const MILLISECOND: i64 = 48;

#[test]
fn an_hour_of_cuts_and_speeds_stays_within_a_sample() {
    for (numerator, denominator) in RATES {
        let rate = FrameRate::new(numerator, denominator).unwrap();
        let frame = |number: i64| Time::from_frame(number, rate);
        let mut film = film(3700, &[("tone.wav", "aevalsrc=0.5:s=48000:d=1")], Vec::new());
        // A piece of 1,001 frames after the other, from anywhere in the media, at one speed or another.
        let mut at = 0;
        while frame(at) < Time::new(3590, 1) {
            let mut element = audio(&format!("e{at}"), "tone.wav", 0, 0, 1000);
            let media = at * 7 % 90_000;
            let (speed, length) = if at % 2 == 0 { (1, 1001) } else { (2, 500) };
            if let vid_timeline::Content::Audio(clip) = &mut element.content {
                clip.source_range = TimeRange::new(frame(media), frame(media + length * speed));
                clip.speed = Rational::integer(speed);
            }
            element.record_range = TimeRange::new(frame(at), frame(at + length));
            film.timeline.elements.push(element);
            at += length;
        }
        let programme = programme(&film, None);
        assert_eq!(programme.voices.len(), film.timeline.elements.len());
        for (voice, element) in programme.voices.iter().zip(&film.timeline.elements) {
            let clip = element.content.clip().unwrap();
            for (sample, edge) in
                [(voice.start, element.record_range.start), (voice.end, element.record_range.end)]
            {
                let off = (Time::from_sample(sample) - edge).seconds().abs() * Rational::integer(48_000);
                assert!(off <= Rational::ONE, "{rate}: an edge lies {off} samples off");
                let shown = clip.source_from_record(element.record_range, Time::from_sample(sample));
                let played = Time::from_sample(voice.line.position(sample));
                let drift = (shown - played).seconds().abs() * Rational::integer(48_000);
                assert!(drift <= Rational::ONE, "{rate}: sound is {drift} samples from its picture");
            }
        }
    }
}

#[test]
fn rates_of_files_do_not_drift() {
    // An impulse every five minutes less a bit, in files of other rates.
    for rate in [8_000_i64, 11_025, 22_050, 44_100] {
        let name = format!("impulses{rate}.wav");
        let place = 299 * rate;
        let description = format!("aevalsrc=0.9*eq(n\\,{place}):s={rate}:d=300");
        let film = film(300, &[(&name, &description)], vec![audio("a", &name, 0, 0, 300_000)]);
        let heard = heard(&film);
        let loudest = (0..heard.len()).max_by(|a, b| heard[*a].abs().total_cmp(&heard[*b].abs())).unwrap();
        assert_eq!(loudest, 299 * 48_000, "{rate} Hz");
    }
}

#[test]
fn a_long_stretch_ends_on_time() {
    // Ten minutes at 25/24: a beep at the end of each minute is where it is due.
    let beeps = ("beeps.wav", "aevalsrc=0.5*sin(2*PI*1000*t)*gt(mod(t\\,60)\\,59.5):s=48000:d=600");
    let element = playing("a", "beeps.wav", (0, 600_000), 0, |clip| clip.speed = Rational::ratio(25, 24));
    let heard = heard(&film(576, &[beeps], vec![element]));
    for minute in 0..10_i64 {
        let due = (minute * 60 * 48_000 + 59 * 48_000 + 24_000) * 24 / 25;
        let found = (due - 24_000..).find(|at| heard[*at as usize].abs() > 0.2).unwrap();
        assert!((found - due).abs() <= 4 * MILLISECOND, "minute {minute}: {}", found - due);
    }
}
