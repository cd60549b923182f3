//! Playing faster or slower without changing the pitch.
//!
//! The result is laid together from windows of the tape, each fading in over the second half of the
//! one before (overlap and add). Where a window is taken from is free within a few milliseconds; it is
//! taken where it continues the one before best (waveform similarity), so tones keep their period.
//!
//! What people hear best are attacks: a drum that is heard twice, or not at all, or late. So attacks
//! are looked for ahead, and each is heard exactly once, as recorded, at the time where it is due:
//! the window that holds it is placed on it, and the windows around it are kept off it.
//!
//! Every sample of the result depends on the tape and the speed alone. The arithmetic is plain, in a
//! fixed order, so all machines agree.

mod onsets;
mod similar;

use vid_timeline::Rational;

use self::onsets::Onsets;
use super::tape::TapeReader;
use crate::error::RenderError;
use crate::media::CHANNELS;

/// Half a window, in samples: 15 ms. Two periods of the lowest tones fit a window of 30 ms.
const HALF: i64 = 720;
/// How far from its nominal place a window may be taken: up to 12.5 ms, half a period of 40 Hz.
const SEARCH: i64 = 600;
/// How far an attack may be from its due time where that spares a break: 3 ms.
const ONSET_SLACK: i64 = 144;
/// Samples read from the tape at a time.
const READ: usize = 4096;

/// A tape being played at another speed.
pub struct Stretcher {
    tape: TapeReader,
    /// Tape position that is heard at the first sample of the result.
    base: i64,
    speed: Speed,
    /// Samples of the tape, beginning at `held_start`; places on it count from `base`.
    held: Vec<f32>,
    held_start: i64,
    onsets: Onsets,
    /// Number of the next window; the first one, −1, gives its second half alone.
    window: i64,
    /// Where the last window was taken from.
    last: i64,
    /// The attack that the last window was placed on.
    played: Option<i64>,
    /// The second half of the last window, faded out.
    tail: Vec<f32>,
    /// Finished samples that nobody has taken.
    ready: Vec<f32>,
    taken: usize,
    fade: Vec<f32>,
}

/// Media seconds per second as a fraction.
#[derive(Clone, Copy)]
struct Speed {
    over: i128,
    under: i128,
}

impl Speed {
    /// The place on the tape that is due after `samples` of the result.
    fn place(self, samples: i64) -> i64 {
        clamped((i128::from(samples) * self.over).div_euclid(self.under))
    }

    /// The sample of the result at which a place on the tape is due.
    fn due(self, place: i64) -> i64 {
        clamped((i128::from(place) * self.under).div_euclid(self.over))
    }
}

fn clamped(value: i128) -> i64 {
    value.clamp(i64::MIN.into(), i64::MAX.into()) as i64
}

impl Stretcher {
    /// Plays `tape` from position `base` on at `speed`, which is greater than zero.
    pub fn new(tape: TapeReader, base: i64, speed: Rational) -> Self {
        // A quarter of a sine, squared: both halves of two windows add up to one.
        let fade = (0..HALF).map(|n| {
            let angle = (n as f32 + 0.5) / HALF as f32 * std::f32::consts::FRAC_PI_2;
            libm::powf(libm::sinf(angle), 2.0)
        });
        let first = -2 * HALF - SEARCH;
        Self {
            tape,
            base,
            speed: Speed { over: speed.numerator(), under: speed.denominator() },
            held: Vec::new(),
            held_start: first,
            onsets: Onsets::new(first),
            window: -1,
            last: -2 * HALF,
            played: None,
            tail: vec![0.0; HALF as usize * CHANNELS],
            ready: Vec::new(),
            taken: 0,
            fade: fade.collect(),
        }
    }

    /// Fills `out` (left and right in turn) with the next samples.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn read(&mut self, out: &mut [f32]) -> Result<(), RenderError> {
        let mut done = 0;
        while done < out.len() {
            if self.taken == self.ready.len() {
                self.lay()?;
            }
            let count = (out.len() - done).min(self.ready.len() - self.taken);
            out[done..done + count].copy_from_slice(&self.ready[self.taken..self.taken + count]);
            done += count;
            self.taken += count;
        }
        Ok(())
    }

    /// Passes over `samples` of the result.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn skip(&mut self, samples: i64) -> Result<(), RenderError> {
        let mut block = vec![0.0; HALF as usize * CHANNELS];
        let mut left = usize::try_from(samples).unwrap_or(0) * CHANNELS;
        while left > 0 {
            let count = left.min(block.len());
            self.read(&mut block[..count])?;
            left -= count;
        }
        Ok(())
    }

    /// Lays the next window down, which completes half a window of the result.
    fn lay(&mut self) -> Result<(), RenderError> {
        let nominal = self.nominal();
        // To the end of the latest window in reach, and of one placed on an attack.
        let natural = self.last + HALF;
        let reach = natural.max(nominal + SEARCH) + 2 * HALF + (self.speed.place(HALF) - HALF).max(0);
        self.hold(reach + onsets::LOOK_AHEAD, natural.min(nominal) - 2 * SEARCH)?;
        let from = self.choose(nominal).max(self.held_start);
        let first = self.window < 0;
        let (mut ready, mut tail) = (std::mem::take(&mut self.ready), std::mem::take(&mut self.tail));
        ready.clear();
        self.taken = 0;
        let (rising, falling) = self.samples(from, 2 * HALF).split_at(HALF as usize * CHANNELS);
        if !first {
            ready.extend(
                tail.iter()
                    .zip(rising)
                    .enumerate()
                    .map(|(n, (old, new))| old + new * self.fade[n / CHANNELS]),
            );
        }
        for (n, (slot, sample)) in tail.iter_mut().zip(falling).enumerate() {
            *slot = sample * self.fade[HALF as usize - 1 - n / CHANNELS];
        }
        (self.ready, self.tail) = (ready, tail);
        self.last = from;
        self.window += 1;
        if first { self.lay() } else { Ok(()) }
    }

    /// Where the next window lies when its middle is on time.
    fn nominal(&self) -> i64 {
        self.speed.place((self.window + 1) * HALF) - HALF
    }

    /// Where the next window is taken from.
    fn choose(&mut self, nominal: i64) -> i64 {
        let natural = self.last + HALF;
        if self.played.is_some_and(|onset| onset >= natural) {
            // The attack is still being heard.
            return natural;
        }
        let result = self.window * HALF;
        let second_half = result + HALF..result + 2 * HALF;
        let next = self.onsets.next_due(|onset| self.speed.due(onset) >= second_half.start);
        if let Some(onset) = next.filter(|onset| self.speed.due(*onset) < second_half.end) {
            let exact = onset - (self.speed.due(onset) - result);
            self.played = Some(onset);
            if self.window < 0 {
                return exact;
            }
            return self.search(natural, exact - ONSET_SLACK, exact + ONSET_SLACK);
        }
        if self.window < 0 {
            return nominal;
        }
        // Neither an attack that was heard, nor one that is not due.
        let after = self.played.map_or(i64::MIN, |onset| onset + onsets::ATTACK);
        let before = next.map_or(i64::MAX, |onset| onset - 2 * HALF);
        let (low, high) = (nominal - SEARCH, nominal + SEARCH);
        let high = high.min(before);
        let low = low.max(after.min(high));
        if natural >= low.min(high) && natural <= high {
            return natural;
        }
        self.search(natural, low.min(high), high)
    }

    /// The place between `low` and `high` whose window continues `natural` best.
    fn search(&self, natural: i64, low: i64, high: i64) -> i64 {
        if (low..=high).contains(&natural) {
            return natural;
        }
        let low = low.max(self.held_start);
        let wanted = self.samples(natural, HALF);
        let offered = self.samples(low, high - low + HALF);
        low + similar::best(wanted, offered)
    }

    /// Held samples from a place on.
    fn samples(&self, from: i64, count: i64) -> &[f32] {
        let start = usize::try_from(from - self.held_start).unwrap_or(0) * CHANNELS;
        let end = start + usize::try_from(count).unwrap_or(0) * CHANNELS;
        self.held.get(start..end).expect("`lay` holds all that is in reach")
    }

    /// Holds the tape up to `end`, and forgets what lies before `keep`.
    fn hold(&mut self, end: i64, keep: i64) -> Result<(), RenderError> {
        loop {
            let held_end = self.held_start + (self.held.len() / CHANNELS) as i64;
            if held_end >= end {
                break;
            }
            let start = self.held.len();
            self.held.resize(start + READ * CHANNELS, 0.0);
            self.tape.read(self.base + held_end, &mut self.held[start..])?;
            self.onsets.feed(&self.held[start..]);
        }
        let passed = (keep - self.held_start).clamp(0, (self.held.len() / CHANNELS) as i64);
        if passed >= READ as i64 {
            self.held.drain(..passed as usize * CHANNELS);
            self.held_start += passed;
        }
        self.onsets.forget_before(self.speed.place(self.window * HALF) - 4 * HALF);
        Ok(())
    }
}
