//! How loud the programme is made.
//!
//! Loudness is that of EBU R 128 (ITU-R BS.1770: K-weighted, gated). The mix is measured from its start
//! to its end, then played again with one constant gain: nothing is squeezed, unless peaks would pass
//! the limit, where the limiter holds them and the gain makes up for what that takes away.

use ebur128::{EbuR128, Mode};
use serde::Serialize;
use vid_timeline::{Rational, SAMPLE_RATE};

use super::limiter::{Limiter, PeakKind};
use super::mix::Mixer;
use super::programme::Programme;
use crate::assets::Assets;
use crate::error::RenderError;
use crate::media::CHANNELS;
use crate::progress::CancelToken;

/// Highest true peak where a loudness is asked for, in decibels of full scale: what EBU R 128 allows.
pub const MAX_TRUE_PEAK: f32 = -1.0;

/// How far below its limit the limiter works, in decibels: meters that compute more or other points
/// between samples find peaks this much higher.
const PEAK_MARGIN: f32 = 0.1;
/// Distance from the target, in LU, at which the search for the gain ends.
const CLOSE_ENOUGH: f64 = 0.05;
/// Most times that the programme is played to find the gain. Each brings the distance down by more
/// than half where the limiter works moderately.
const MAX_ROUNDS: usize = 8;
/// Shortest sound that has a loudness by definition, in samples: 0.4 s.
const SHORTEST: usize = 19_200;
/// Samples measured at a time.
const BLOCK: usize = 16_384;

/// A loudness that is asked for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Loudness {
    /// Integrated loudness in LUFS.
    pub target: Rational,
    /// The programme that has that loudness, where it is not the one itself: a window of a film is as
    /// loud as it is in the film.
    pub whole: Option<Box<Programme>>,
}

impl Loudness {
    /// A programme of that loudness in LUFS.
    pub const fn new(target: Rational) -> Self {
        Self { target, whole: None }
    }

    /// The same for a window of `programme`.
    pub(super) fn in_window(&self, programme: &Programme) -> Self {
        let whole =
            self.whole.clone().unwrap_or_else(|| Box::new(Programme { loudness: None, ..programme.clone() }));
        Self { target: self.target, whole: Some(whole) }
    }
}

/// What a meter says about a programme.
#[derive(Clone, Copy, Debug)]
struct Reading {
    /// Integrated loudness in LUFS; `None` for silence.
    loudness: Option<f64>,
    /// Highest true peak, 1 being full scale.
    peak: f64,
}

/// The largest value that the limiter lets pass.
pub fn ceiling() -> f32 {
    factor((MAX_TRUE_PEAK - PEAK_MARGIN).into()) as f32
}

/// The gain at which the programme, limited to [`ceiling`], has the loudness asked for; 1 for silence.
/// Where the limiter makes the target unreachable, the nearest that was found.
///
/// # Errors
/// A source that cannot be read, or [`RenderError::Cancelled`].
pub fn gain_for(
    programme: &Programme,
    loudness: &Loudness,
    assets: &Assets,
    cancel: &CancelToken,
) -> Result<f32, RenderError> {
    let whole = loudness.whole.as_deref().unwrap_or(programme);
    let target = loudness.target.to_f64();
    let plain = measured(whole, assets, cancel, None)?;
    let Some(mixed) = plain.loudness else { return Ok(1.0) };
    let mut decibels = target - mixed;
    if plain.peak * factor(decibels) <= f64::from(ceiling()) {
        return Ok(factor(decibels) as f32);
    }
    let mut nearest = (f64::INFINITY, decibels);
    for _ in 0..MAX_ROUNDS {
        let reading = measured(whole, assets, cancel, Some(factor(decibels) as f32))?;
        let Some(limited) = reading.loudness else { break };
        let missing = target - limited;
        if missing.abs() < nearest.0 {
            nearest = (missing.abs(), decibels);
        }
        if missing.abs() <= CLOSE_ENOUGH {
            break;
        }
        // What the limiter takes grows with the gain: a little more than is missing.
        decibels += missing * 1.25;
    }
    Ok(factor(nearest.1) as f32)
}

/// Plays the programme into a meter: as mixed, or with a gain and the limiter.
fn measured(
    programme: &Programme,
    assets: &Assets,
    cancel: &CancelToken,
    gain: Option<f32>,
) -> Result<Reading, RenderError> {
    let mut meter = Meter::new()?;
    let mut limiter = gain.map(|_| Limiter::new(ceiling(), PeakKind::True));
    let mut mixer = Mixer::new(programme, assets);
    let mut block = vec![0.0; BLOCK * CHANNELS];
    let mut out = Vec::new();
    loop {
        if cancel.is_cancelled() {
            return Err(RenderError::Cancelled);
        }
        let count = mixer.next(&mut block)?;
        let samples = &mut block[..count * CHANNELS];
        match (&mut limiter, gain) {
            (Some(limiter), Some(gain)) => {
                samples.iter_mut().for_each(|sample| *sample *= gain);
                out.clear();
                limiter.push(samples, &mut out);
                if count == 0 {
                    limiter.finish(&mut out);
                }
                meter.feed(&out)?;
            }
            _ => meter.feed(samples)?,
        }
        if count == 0 {
            return meter.read();
        }
    }
}

/// A meter that also knows what to do with very short sounds.
struct Meter {
    meter: EbuR128,
    /// The beginning, as long as it could be all.
    beginning: Vec<f32>,
}

impl Meter {
    fn new() -> Result<Self, RenderError> {
        let meter = EbuR128::new(CHANNELS as u32, SAMPLE_RATE, Mode::I | Mode::TRUE_PEAK);
        Ok(Self { meter: meter.map_err(failed)?, beginning: Vec::new() })
    }

    fn feed(&mut self, samples: &[f32]) -> Result<(), RenderError> {
        let room = (SHORTEST * CHANNELS).saturating_sub(self.beginning.len()).min(samples.len());
        self.beginning.extend_from_slice(&samples[..room]);
        self.meter.add_frames_f32(samples).map_err(failed)
    }

    fn read(mut self) -> Result<Reading, RenderError> {
        let length = self.beginning.len() / CHANNELS;
        if length > 0 && length < SHORTEST {
            // Shorter than one measuring block: as loud as it would be if it went on.
            for _ in 0..SHORTEST.div_ceil(length) {
                self.meter.add_frames_f32(&self.beginning).map_err(failed)?;
            }
        }
        let loudness = self.meter.loudness_global().map_err(failed)?;
        let mut peak = 0.0_f64;
        for channel in 0..CHANNELS as u32 {
            peak = peak.max(self.meter.true_peak(channel).map_err(failed)?);
        }
        Ok(Reading { loudness: loudness.is_finite().then_some(loudness), peak })
    }
}

/// Decibels as a factor.
fn factor(decibels: f64) -> f64 {
    libm::pow(10.0, decibels / 20.0)
}

fn failed(_: ebur128::Error) -> RenderError {
    RenderError::broken_timeline("a programme whose loudness can be measured")
}
