//! The programme as it is delivered: mixed, made as loud as asked for, and kept below full scale.

use super::limiter::{Limiter, PeakKind};
use super::loudness;
use super::mix::Mixer;
use super::programme::Programme;
use crate::assets::Assets;
use crate::error::RenderError;
use crate::media::CHANNELS;
use crate::progress::CancelToken;

/// Samples mixed at a time: a third of a second, 128 KiB.
pub const BLOCK_SAMPLES: usize = 16_384;

/// Plays a programme from its start to its end, within full scale.
pub struct Master<'a> {
    mixer: Mixer<'a>,
    gain: f32,
    limiter: Limiter,
    mixed: Vec<f32>,
    ready: Vec<f32>,
    taken: usize,
    is_over: bool,
}

impl<'a> Master<'a> {
    /// Makes a programme ready to be played. Where it has a loudness to meet, it is played to measure
    /// it first.
    ///
    /// # Errors
    /// A source that cannot be read, or [`RenderError::Cancelled`].
    pub fn new(
        programme: &'a Programme,
        assets: &'a Assets,
        cancel: &CancelToken,
    ) -> Result<Self, RenderError> {
        let (gain, limiter) = match &programme.loudness {
            None => (1.0, Limiter::new(1.0, PeakKind::Sample)),
            Some(wanted) => (
                loudness::gain_for(programme, wanted, assets, cancel)?,
                Limiter::new(loudness::ceiling(), PeakKind::True),
            ),
        };
        Ok(Self {
            mixer: Mixer::new(programme, assets),
            gain,
            limiter,
            mixed: vec![0.0; BLOCK_SAMPLES * CHANNELS],
            ready: Vec::new(),
            taken: 0,
            is_over: false,
        })
    }

    /// Fills `block` (left and right in turn) with the next samples and returns how many pairs there
    /// were; fewer than fit only at the end.
    ///
    /// # Errors
    /// A source that cannot be read.
    pub fn next(&mut self, block: &mut [f32]) -> Result<usize, RenderError> {
        let wanted = block.len() / CHANNELS * CHANNELS;
        let mut done = 0;
        while done < wanted {
            if self.taken == self.ready.len() {
                if self.is_over {
                    break;
                }
                self.advance()?;
            }
            let count = (wanted - done).min(self.ready.len() - self.taken);
            block[done..done + count].copy_from_slice(&self.ready[self.taken..self.taken + count]);
            done += count;
            self.taken += count;
        }
        Ok(done / CHANNELS)
    }

    fn advance(&mut self) -> Result<(), RenderError> {
        self.ready.clear();
        self.taken = 0;
        let count = self.mixer.next(&mut self.mixed)?;
        let samples = &mut self.mixed[..count * CHANNELS];
        if self.gain != 1.0 {
            samples.iter_mut().for_each(|sample| *sample *= self.gain);
        }
        self.limiter.push(samples, &mut self.ready);
        if count == 0 {
            self.limiter.finish(&mut self.ready);
            self.is_over = true;
        }
        Ok(())
    }
}
