//! Keeping the sum below a ceiling without distortion.
//!
//! The gain of every sample is known 5 ms ahead: it goes down along a straight line that arrives when
//! the peak does, and comes back slowly. Where nothing reaches the ceiling the sound is passed on bit
//! for bit.

use std::collections::VecDeque;

use super::peaks::TruePeaks;
use crate::media::CHANNELS;

/// How far the limiter looks ahead, and how long it takes to turn down, in samples: 5 ms.
const AHEAD: usize = 240;
/// The gain comes back by this part of what is missing each sample, as a power of two: a time
/// constant of 8192 samples, 0.17 s. Faster is heard as distortion of low tones.
const RELEASE_SHIFT: u32 = 13;
/// Unity as a whole number. Gains are added up as whole numbers, so that nothing is left over.
const UNITY: i64 = 1 << 30;

/// Which peaks are kept below the ceiling.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PeakKind {
    /// Those of the samples.
    Sample,
    /// Those of the wave that the samples stand for, which passes between them (ITU-R BS.1770).
    True,
}

/// Limits a stream of stereo samples; what goes in comes out 5 ms later.
pub struct Limiter {
    ceiling: f32,
    peaks: Option<TruePeaks>,
    /// Samples whose gain is not known yet.
    waiting: VecDeque<[f32; CHANNELS]>,
    /// Number of samples taken in.
    taken: u64,
    /// Gains that come within the look-ahead, in rising order with their places: the first is least.
    least: VecDeque<(u64, i64)>,
    /// The gain after release.
    envelope: i64,
    /// The last gains, whose mean is the gain in force, and their sum.
    recent: VecDeque<i64>,
    sum: i64,
}

impl Limiter {
    /// A limiter to `ceiling`, 1 being full scale.
    pub fn new(ceiling: f32, kind: PeakKind) -> Self {
        Self {
            ceiling,
            peaks: (kind == PeakKind::True).then(|| TruePeaks::new(ceiling)),
            waiting: VecDeque::new(),
            taken: 0,
            least: VecDeque::new(),
            envelope: UNITY,
            recent: VecDeque::from([UNITY; AHEAD]),
            sum: AHEAD as i64 * UNITY,
        }
    }

    /// Takes `input` in and appends to `out` what is finished.
    pub fn push(&mut self, input: &[f32], out: &mut Vec<f32>) {
        for pair in input.chunks_exact(CHANNELS) {
            let pair = [pair[0], pair[1]];
            // The peak around the sample some places back: the wave between samples takes both sides.
            let (peak, late) = match &mut self.peaks {
                Some(peaks) => (peaks.push(pair), TruePeaks::DELAY),
                None => (pair[0].abs().max(pair[1].abs()), 0),
            };
            self.waiting.push_back(pair);
            self.taken += 1;
            self.require(peak);
            if self.waiting.len() > AHEAD + late {
                self.release(out);
            }
        }
    }

    /// Appends what is still inside; the stream is over then.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        let left = self.waiting.len();
        let mut padded = Vec::new();
        self.push(&vec![0.0; left.max(AHEAD + TruePeaks::DELAY) * CHANNELS], &mut padded);
        padded.truncate(left * CHANNELS);
        out.extend_from_slice(&padded);
        self.waiting.clear();
    }

    /// Notes the gain that the latest known peak asks for.
    fn require(&mut self, peak: f32) {
        let gain = if peak > self.ceiling {
            // Rounded down, so that the ceiling holds.
            (f64::from(self.ceiling) / f64::from(peak) * UNITY as f64) as i64
        } else {
            UNITY
        };
        while self.least.back().is_some_and(|(_, other)| *other >= gain) {
            self.least.pop_back();
        }
        self.least.push_back((self.taken, gain));
    }

    /// Passes the oldest waiting sample on.
    fn release(&mut self, out: &mut Vec<f32>) {
        // Peaks of the next `AHEAD` samples, and of the one that leaves.
        let horizon = self.taken - AHEAD as u64;
        while self.least.front().is_some_and(|(place, _)| *place < horizon) {
            self.least.pop_front();
        }
        let wanted = self.least.front().map_or(UNITY, |(_, gain)| *gain);
        let back = self.envelope + (((UNITY - self.envelope) >> RELEASE_SHIFT).max(1));
        self.envelope = wanted.min(back);
        self.recent.push_back(self.envelope);
        self.sum += self.envelope - self.recent.pop_front().unwrap_or(UNITY);
        let Some(pair) = self.waiting.pop_front() else { return };
        if self.sum == AHEAD as i64 * UNITY {
            out.extend_from_slice(&pair);
        } else {
            let gain = (self.sum as f64 / (AHEAD as f64 * UNITY as f64)) as f32;
            // Rounding alone could pass the ceiling, by a bit.
            out.extend(pair.map(|sample| (sample * gain).clamp(-self.ceiling, self.ceiling)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limited(input: &[f32], kind: PeakKind, ceiling: f32) -> Vec<f32> {
        let mut limiter = Limiter::new(ceiling, kind);
        let mut out = Vec::new();
        input.chunks(2 * 777).for_each(|block| limiter.push(block, &mut out));
        limiter.finish(&mut out);
        assert_eq!(out.len(), input.len());
        out
    }

    fn tone(level: f32, step: f32, count: usize) -> Vec<f32> {
        (0..count).flat_map(|n| [level * libm::sinf(n as f32 * step + 0.7); 2]).collect()
    }

    #[test]
    fn what_stays_below_the_ceiling_is_passed_on_bit_for_bit() {
        let input = tone(1.0, 0.13, 10_000);
        assert_eq!(limited(&input, PeakKind::Sample, 1.0), input);
        let quiet = tone(0.7, 0.13, 10_000);
        assert_eq!(limited(&quiet, PeakKind::True, 0.89), quiet);
    }

    #[test]
    fn a_loud_passage_is_turned_down_and_comes_back() {
        let mut input = tone(0.5, 0.13, 48_000);
        input[40_000..48_000].iter_mut().for_each(|sample| *sample *= 4.0);
        let out = limited(&input, PeakKind::Sample, 1.0);
        assert!(out.iter().all(|sample| sample.abs() <= 1.0));
        // Before the look-ahead, and long after the passage, nothing has changed.
        assert_eq!(out[..39_000], input[..39_000]);
        let peak = |range: std::ops::Range<usize>| out[range].iter().fold(0.0_f32, |a, b| a.max(b.abs()));
        assert!(peak(42_000..47_000) > 0.98, "{}", peak(42_000..47_000));
        assert!(peak(90_000..96_000) > 0.45, "{}", peak(90_000..96_000));
        // No step: the gain moves by less than half a percent a sample.
        let gains = input.iter().zip(&out).map(|(from, to)| (from.abs() > 0.3).then(|| to / from));
        let gains: Vec<_> = gains.step_by(2).collect();
        for pair in gains.windows(2) {
            if let [Some(before), Some(after)] = pair {
                assert!((before - after).abs() < 0.005, "{before} {after}");
            }
        }
    }

    #[test]
    fn a_peak_between_samples_is_kept_below_the_ceiling() {
        // A quarter of the rate, sampled at 45 degrees: the samples are at 0.707 of the wave's peak.
        let input: Vec<f32> =
            (0..4800).flat_map(|n: i32| [if n.rem_euclid(4) < 2 { 0.8_f32 } else { -0.8 }; 2]).collect();
        let out = limited(&input, PeakKind::True, 0.89);
        let highest = out[2000..9000].iter().fold(0.0_f32, |a, b| a.max(b.abs()));
        assert!((0.6..0.89 * 0.72).contains(&highest), "{highest}");
    }
}
