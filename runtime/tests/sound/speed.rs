//! Other speeds: pitch, places and lengths.

use vid_timeline::Rational;

use crate::stage::{film, heard, level, playing};

const SPEEDS: [(i64, i64); 6] = [(1, 4), (1, 2), (4, 5), (5, 4), (2, 1), (4, 1)];

/// Frequency of a tone from the times at which it rises through zero.
fn frequency(samples: &[f32]) -> f64 {
    let rises: Vec<f64> = samples
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| pair[0] < 0.0 && pair[1] >= 0.0)
        .map(|(at, pair)| at as f64 + f64::from(pair[0] / (pair[0] - pair[1])))
        .collect();
    (rises.len() - 1) as f64 * 48_000.0 / (rises[rises.len() - 1] - rises[0])
}

#[test]
fn a_tone_keeps_its_pitch_and_its_level() {
    let tone = ("tone.wav", "aevalsrc=0.5*sin(2*PI*440*t):s=48000:d=8");
    for (over, under) in SPEEDS {
        let speed = Rational::ratio(over, under);
        let element = playing("a", "tone.wav", (0, 4000), 0, |clip| clip.speed = speed);
        let length = element.record_range.end.to_sample() as usize;
        let heard = heard(&film(17, &[tone], vec![element]));
        let middle = &heard[4_000..length - 4_000];
        let found = frequency(middle);
        assert!((found - 440.0).abs() < 1.0, "{speed}: {found} Hz");
        let loud = level(middle);
        assert!((loud - 0.5 / 2_f64.sqrt()).abs() < 0.01, "{speed}: {loud}");
        // To the sample: sound up to its last one, silence after.
        assert!(heard[length - 200..length - 144].iter().any(|s| s.abs() > 0.1), "{speed}");
        assert!(heard[length..].iter().all(|s| *s == 0.0), "{speed}");
    }
}

#[test]
fn clicks_are_heard_once_and_on_time_over_a_minute() {
    // 61 seconds; a click of one millisecond every 470 ms over a soft tone.
    let description =
        "aevalsrc=0.02*sin(2*PI*220*t)+0.8*lt(mod(n+10000\\,22560)\\,48)*cos(PI*n):s=48000:d=61";
    let clicks = ("clicks.wav", description);
    let places: Vec<i64> = (1..).map(|n| n * 22_560 - 10_000).take_while(|at| *at < 61 * 48_000).collect();
    for (over, under) in SPEEDS {
        let speed = Rational::ratio(over, under);
        let element = playing("a", "clicks.wav", (0, 61_000), 0, |clip| clip.speed = speed);
        let seconds = i64::try_from(element.record_range.end.seconds().ceil()).unwrap();
        let heard = heard(&film(seconds, &[clicks], vec![element]));
        // Starts of bursts: loud after 5 ms without.
        let mut found = Vec::new();
        let mut last = i64::MIN / 2;
        for (at, sample) in (0_i64..).zip(&heard) {
            if sample.abs() > 0.2 {
                if at - last > 240 {
                    found.push(at);
                }
                last = at;
            }
        }
        let due: Vec<i64> = places
            .iter()
            .map(|at| (at * under + over / 2) / over)
            .filter(|at| *at < heard.len() as i64 - 2400)
            .collect();
        found.retain(|at| *at < heard.len() as i64 - 2400);
        assert_eq!(found.len(), due.len(), "{speed}: each click once");
        let worst = found.iter().zip(&due).map(|(a, b)| (a - b).abs()).max().unwrap();
        assert!(worst <= 240, "{speed}: {} ms", worst as f64 / 48.0);
    }
}

#[test]
fn speed_backwards_and_round_and_round_keep_their_lengths() {
    let click = ("click.wav", "aevalsrc=0.8*lt(mod(n+10000\\,24000)\\,48)*cos(PI*n):s=48000:d=2");
    // Clicks at 14,000 + 24,000·n begin; backwards they end there.
    let backwards = playing("a", "click.wav", (0, 2000), 0, |clip| {
        clip.speed = Rational::integer(2);
        clip.reversed = true;
    });
    let heard_back = heard(&film(2, &[click], vec![backwards]));
    let mut around = playing("a", "click.wav", (0, 500), 0, |clip| {
        clip.speed = Rational::ratio(5, 4);
        clip.repeats = true;
    });
    around.record_range.end = vid_timeline::Time::new(2, 1);
    let heard_round = heard(&film(2, &[click], vec![around]));
    let bursts = |samples: &[f32]| {
        let loud: Vec<usize> = (0..samples.len()).filter(|at| samples[*at].abs() > 0.2).collect();
        let mut starts: Vec<usize> = Vec::new();
        let mut last = 0;
        for at in loud {
            if starts.is_empty() || at - last > 240 {
                starts.push(at);
            }
            last = at;
        }
        starts
    };
    let near = |found: Vec<usize>, due: &[usize]| {
        assert_eq!(found.len(), due.len(), "{found:?}");
        for (a, b) in found.iter().zip(due) {
            assert!(a.abs_diff(*b) <= 240, "{found:?}");
        }
    };
    let ends = [14_000, 38_000, 62_000, 86_000].map(|at: usize| (96_000 - at - 48) / 2);
    near(bursts(&heard_back), &[ends[3], ends[2], ends[1], ends[0]]);
    near(bursts(&heard_round), &[0, 1, 2, 3, 4].map(|turn| (turn * 24_000 + 14_000) * 4 / 5));
}

#[test]
fn the_same_speed_sounds_the_same_every_time() {
    let noise = ("noise.wav", "anoisesrc=seed=5:a=0.3:r=48000:d=3");
    let element = || playing("a", "noise.wav", (0, 3000), 0, |clip| clip.speed = Rational::ratio(3, 2));
    let film = film(2, &[noise], vec![element()]);
    assert!(heard(&film) == heard(&film));
}
