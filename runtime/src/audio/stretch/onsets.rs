//! Finding attacks: places where a sound suddenly begins.

use std::collections::VecDeque;

use crate::media::CHANNELS;

/// How long an attack lasts, in samples: 2 ms.
pub const ATTACK: i64 = 96;
/// How much of the tape must be known beyond a place to know the attacks before it: a step.
pub const LOOK_AHEAD: i64 = STEP as i64;

/// Samples that are looked at together: 2.5 ms.
const STEP: usize = 120;
/// Steps whose average a sound has to rise over: 20 ms.
const MEMORY: usize = 8;
/// By how much an attack's energy exceeds what was before.
const RISE: f32 = 10.0;
/// Least energy of a step: differences of about −66 dB of full scale. Below, nothing is heard.
const FLOOR: f32 = 5e-7 * STEP as f32;
/// Least distance of two attacks: 40 ms. Nearer ones are one to the ear.
const DISTANCE: i64 = 1920;

/// The attacks of a sound that comes in pieces.
///
/// Energy is that of the differences from sample to sample, which weighs high tones more: attacks have
/// them, and sustained bass does not.
pub struct Onsets {
    /// Place of the first sample of `step`.
    place: i64,
    /// Differences of the step that is not complete yet.
    step: Vec<f32>,
    last: [f32; CHANNELS],
    energies: VecDeque<f32>,
    found: VecDeque<i64>,
    latest: Option<i64>,
}

impl Onsets {
    /// A search that begins at `place`.
    pub fn new(place: i64) -> Self {
        Self {
            place,
            step: Vec::with_capacity(STEP),
            last: [0.0; CHANNELS],
            energies: VecDeque::from([0.0; MEMORY]),
            found: VecDeque::new(),
            latest: None,
        }
    }

    /// Looks at the next samples, left and right in turn.
    pub fn feed(&mut self, samples: &[f32]) {
        for pair in samples.chunks_exact(CHANNELS) {
            let mut energy = 0.0;
            for (sample, last) in pair.iter().zip(&mut self.last) {
                energy += (sample - *last) * (sample - *last);
                *last = *sample;
            }
            self.step.push(energy);
            if self.step.len() == STEP {
                self.close_step();
            }
        }
    }

    /// The first known attack of which `is_due` holds.
    pub fn next_due(&self, is_due: impl Fn(i64) -> bool) -> Option<i64> {
        self.found.iter().copied().find(|onset| is_due(*onset))
    }

    /// Forgets attacks before `place`.
    pub fn forget_before(&mut self, place: i64) {
        while self.found.front().is_some_and(|onset| *onset < place) {
            self.found.pop_front();
        }
    }

    fn close_step(&mut self) {
        let energy: f32 = self.step.iter().sum();
        let before = self.energies.iter().sum::<f32>() / MEMORY as f32;
        let is_new = self.latest.is_none_or(|latest| self.place - latest >= DISTANCE);
        if energy > FLOOR && energy > RISE * before && is_new {
            // Where a tenth of the step's energy has come.
            let mut sum = 0.0;
            let at = self.step.iter().position(|energy_here| {
                sum += energy_here;
                sum >= energy / 10.0
            });
            let onset = self.place + at.unwrap_or(0) as i64;
            self.found.push_back(onset);
            self.latest = Some(onset);
        }
        self.energies.pop_front();
        self.energies.push_back(energy);
        self.place += STEP as i64;
        self.step.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Attacks of a mono sound, fed in pieces.
    fn found(samples: &[f32]) -> Vec<i64> {
        let mut onsets = Onsets::new(0);
        let pairs: Vec<f32> = samples.iter().flat_map(|sample| [*sample; 2]).collect();
        pairs.chunks(2 * 1000).for_each(|piece| onsets.feed(piece));
        onsets.found.into_iter().collect()
    }

    #[test]
    fn clicks_and_the_starts_of_tones_are_attacks() {
        let mut sound = vec![0.0; 48_000];
        sound[10_000] = 0.5;
        for (n, sample) in sound[20_000..40_000].iter_mut().enumerate() {
            *sample = 0.3 * libm::sinf(n as f32 * 0.13);
        }
        let found = found(&sound);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!((found[0] - 10_000).abs() <= 1 && (found[1] - 20_000).abs() <= 24, "{found:?}");
    }

    #[test]
    fn a_steady_tone_and_silence_have_none() {
        assert_eq!(found(&[0.0; 20_000]), [0; 0]);
        let tone: Vec<f32> = (0..48_000).map(|n| 0.5 * libm::sinf(n as f32 * 0.0576)).collect();
        assert!(found(&tone).len() <= 1);
    }
}
