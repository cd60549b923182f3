//! The peaks of the wave between samples.

use crate::media::CHANNELS;

/// Points between two samples at which the wave is computed, the sample itself included: the four of
/// ITU-R BS.1770-4, annex 2.
const PHASES: usize = 4;
/// Samples that one point is computed from.
const TAPS: usize = 12;

/// Follows the peak of the wave that samples stand for.
pub struct TruePeaks {
    kernels: [[f32; TAPS]; PHASES],
    history: [[f32; TAPS]; CHANNELS],
    /// Samples below this cannot make a peak that matters.
    floor: f32,
    /// How many of the last samples were below it.
    quiet: usize,
}

impl TruePeaks {
    /// By how many samples the peaks come later than what they belong to.
    pub const DELAY: usize = TAPS / 2;

    /// A meter that has heard silence. Among samples below half of `threshold` it only looks at the
    /// samples: the wave between them exceeds them by less than a factor of two.
    pub fn new(threshold: f32) -> Self {
        // A windowed sinc that passes what lies below half the rate.
        let kernels = std::array::from_fn(|phase| {
            let weights: [f32; TAPS] = std::array::from_fn(|tap| {
                let x = (tap as f32 - (TAPS / 2 - 1) as f32) - phase as f32 / PHASES as f32;
                let sinc = if x == 0.0 {
                    1.0
                } else {
                    libm::sinf(std::f32::consts::PI * x) / (std::f32::consts::PI * x)
                };
                let window = libm::cosf(std::f32::consts::FRAC_PI_2 * x / (TAPS as f32 / 2.0));
                sinc * window * window
            });
            let sum: f32 = weights.iter().sum();
            weights.map(|weight| weight / sum)
        });
        Self { kernels, history: [[0.0; TAPS]; CHANNELS], floor: threshold / 2.0, quiet: TAPS }
    }

    /// Takes the next sample of both sides and returns the peak of the wave about the one
    /// [`Self::DELAY`] samples earlier, between it and the next.
    pub fn push(&mut self, pair: [f32; CHANNELS]) -> f32 {
        let mut peak = 0.0_f32;
        let loudest = pair[0].abs().max(pair[1].abs());
        self.quiet = if loudest < self.floor { self.quiet + 1 } else { 0 };
        for (history, sample) in self.history.iter_mut().zip(pair) {
            history.copy_within(1.., 0);
            history[TAPS - 1] = sample;
            if self.quiet >= TAPS {
                peak = peak.max(history[TAPS / 2 - 1].abs());
                continue;
            }
            for kernel in &self.kernels {
                let value: f32 = kernel.iter().zip(history.iter()).map(|(a, b)| a * b).sum();
                peak = peak.max(value.abs());
            }
        }
        peak
    }
}
