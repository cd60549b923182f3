//! Mixing the programme and encoding it.

use std::path::Path;

use vid_timeline::Time;

use super::programme::{Programme, Voice};
use crate::assets::Assets;
use crate::error::RenderError;
use crate::media::{AudioEncodeSettings, AudioEncoder, AudioSource};
use crate::progress::CancelToken;

/// Samples mixed at a time: a third of a second, 128 KiB.
const BLOCK_SAMPLES: usize = 16_384;

/// Gains of moving levels are evaluated this often and joined by straight lines: every 1.3 ms, well
/// below what is heard as a step.
const GAIN_STEP: usize = 64;

/// Interleaved channels.
const CHANNELS: usize = 2;

/// Mixes a programme from its start to its end.
pub struct Mixer<'a> {
    programme: &'a Programme,
    assets: &'a Assets,
    sources: Vec<Option<AudioSource>>,
    position: i64,
    scratch: Vec<f32>,
}

impl<'a> Mixer<'a> {
    /// A mixer at the programme's first sample.
    pub fn new(programme: &'a Programme, assets: &'a Assets) -> Self {
        let sources = programme.voices.iter().map(|_| None).collect();
        Self { programme, assets, sources, position: 0, scratch: Vec::new() }
    }

    /// Fills `block` (interleaved stereo) with the next samples and returns how many there were;
    /// zero at the end.
    ///
    /// # Errors
    /// A source that cannot be read.
    pub fn next(&mut self, block: &mut [f32]) -> Result<usize, RenderError> {
        let left = usize::try_from(self.programme.sample_count - self.position).unwrap_or(0);
        let count = left.min(block.len() / CHANNELS);
        let block = &mut block[..count * CHANNELS];
        block.fill(0.0);
        for index in 0..self.programme.voices.len() {
            self.add_voice(index, block)?;
        }
        for sample in block.iter_mut() {
            *sample = sample.clamp(-1.0, 1.0);
        }
        self.position += count as i64;
        Ok(count)
    }

    fn add_voice(&mut self, index: usize, block: &mut [f32]) -> Result<(), RenderError> {
        let voice = &self.programme.voices[index];
        let count = (block.len() / CHANNELS) as i64;
        let start = voice.start.max(self.position);
        let end = voice.end.min(self.position + count);
        if self.position >= voice.end {
            // Its decoder is of no more use.
            self.sources[index] = None;
        }
        if start >= end {
            return Ok(());
        }
        let samples = usize::try_from(end - start).unwrap_or(0);
        self.scratch.clear();
        self.scratch.resize(samples * CHANNELS, 0.0);
        if self.sources[index].is_none() {
            self.sources[index] = Some(AudioSource::open(&self.assets.by_hash(voice.media)?.path)?);
        }
        if let Some(source) = &mut self.sources[index] {
            read_from(source, voice.source_start + (start - voice.start), &mut self.scratch)?;
        }
        let offset = usize::try_from(start - self.position).unwrap_or(0) * CHANNELS;
        add_with_gain(voice, start, &self.scratch, &mut block[offset..]);
        Ok(())
    }
}

/// Reads `out.len() / 2` samples from `position` of the file on; before the file's start is silence.
fn read_from(source: &mut AudioSource, position: i64, out: &mut [f32]) -> Result<(), RenderError> {
    let early = usize::try_from(-position).unwrap_or(0).min(out.len() / CHANNELS);
    let rest = &mut out[early * CHANNELS..];
    if !rest.is_empty() {
        source.read(position.max(0), rest)?;
    }
    Ok(())
}

/// Adds `input`, heard from sample `start` of the timeline on, to `output` at the voice's level.
fn add_with_gain(voice: &Voice, start: i64, input: &[f32], output: &mut [f32]) {
    let is_still = voice.volume.constant().is_some()
        && voice.duck.as_ref().is_none_or(|duck| duck.constant().is_some())
        && voice.pan.constant().is_some();
    let level_at = |sample: i64| {
        let local = Time::from_sample(sample - voice.local_zero);
        let duck = voice.duck.as_ref().map_or(1.0, |duck| duck.gain_in_decibels(local));
        let pan = voice.pan.at(local, 1.0) / 100.0;
        let both = voice.volume.at(local, 1.0) * duck;
        [both * (1.0 - pan).clamp(0.0, 1.0), both * (1.0 + pan).clamp(0.0, 1.0)].map(|gain| gain as f32)
    };
    let still = is_still.then(|| level_at(start));
    let gains_at = |sample: i64| {
        let ramps = voice.ramps.iter().fold(1.0, |gain, ramp| gain * ramp.gain(sample));
        still.unwrap_or_else(|| level_at(sample)).map(|level| level * ramps)
    };
    let is_steady =
        |from: i64, to: i64| is_still && voice.ramps.iter().all(|ramp| to <= ramp.start || ramp.end <= from);
    // Steps lie on the timeline's own grid, so that the mix does not depend on how it is blocked.
    let mut done = 0;
    while done < input.len() / CHANNELS {
        let from = start + done as i64;
        let step = GAIN_STEP as i64;
        let grid_start = from.div_euclid(step) * step;
        let count = usize::try_from(grid_start + step - from).unwrap_or(1).min(input.len() / CHANNELS - done);
        let here = done * CHANNELS..(done + count) * CHANNELS;
        let source = input[here.clone()].chunks_exact(CHANNELS);
        let target = output[here].chunks_exact_mut(CHANNELS);
        let first = gains_at(grid_start);
        if is_steady(grid_start, grid_start + step) {
            for (out, sample) in target.zip(source) {
                out[0] += sample[0] * first[0];
                out[1] += sample[1] * first[1];
            }
        } else {
            let last = gains_at(grid_start + step);
            let slope = [0, 1].map(|channel| (last[channel] - first[channel]) / GAIN_STEP as f32);
            for (i, (out, sample)) in target.zip(source).enumerate() {
                let passed = (from - grid_start) as f32 + i as f32;
                out[0] += sample[0] * (first[0] + slope[0] * passed);
                out[1] += sample[1] * (first[1] + slope[1] * passed);
            }
        }
        done += count;
    }
}

/// Mixes the programme and writes it, encoded, to `file`.
///
/// # Errors
/// A source that cannot be read, a full disk, or [`RenderError::Cancelled`].
pub fn encode_programme(
    programme: &Programme,
    assets: &Assets,
    settings: AudioEncodeSettings,
    file: &Path,
    cancel: &CancelToken,
) -> Result<(), RenderError> {
    let mut encoder = AudioEncoder::create(file, settings)?;
    let mut mixer = Mixer::new(programme, assets);
    let mut block = vec![0.0; BLOCK_SAMPLES * CHANNELS];
    loop {
        if cancel.is_cancelled() {
            return Err(RenderError::Cancelled);
        }
        let count = mixer.next(&mut block)?;
        if count == 0 {
            break;
        }
        encoder.send(&block[..count * CHANNELS])?;
    }
    encoder.finish()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use vid_timeline::{Animated, Easing, Keyframe, Level, Rational};

    use super::*;
    use crate::assets::ContentHash;

    /// Left and right of a voice of ones at some of its samples.
    fn heard(duck: Option<Animated<Level>>, pan: i64, at: &[usize]) -> Vec<[f32; 2]> {
        let voice = Voice {
            media: ContentHash::of(b"ones"),
            start: 0,
            end: 48_000,
            source_start: 0,
            volume: Animated::Constant(Level::Percent(Rational::integer(50))),
            duck,
            pan: Animated::Constant(Rational::integer(pan)),
            local_zero: 0,
            ramps: Vec::new(),
        };
        let mut output = vec![0.0; 96_000];
        // In two blocks of odd lengths, which must not be heard.
        let (first, second) = output.split_at_mut(2 * 12_345);
        add_with_gain(&voice, 0, &vec![1.0; first.len()], first);
        add_with_gain(&voice, 12_345, &vec![1.0; second.len()], second);
        at.iter().map(|&sample| [output[2 * sample], output[2 * sample + 1]]).collect()
    }

    #[test]
    fn pan_turns_down_the_side_it_leaves() {
        assert_eq!(heard(None, 0, &[7]), [[0.5, 0.5]]);
        assert_eq!(heard(None, 50, &[7]), [[0.25, 0.5]]);
        assert_eq!(heard(None, -100, &[7]), [[0.5, 0.0]]);
    }

    #[test]
    fn a_duck_travels_straight_in_decibels() {
        let key = |millis, decibels| Keyframe {
            time: Time::from_millis(millis),
            value: Level::Decibels(Rational::integer(decibels)),
            easing: Easing::Linear,
        };
        let duck = Animated::Keyframes(vec![key(200, 0), key(400, -12)]);
        let heard = heard(Some(duck), 0, &[0, 14_400, 30_000]);
        for ([left, right], decibels) in heard.into_iter().zip([0.0, -6.0, -12.0]) {
            let wanted = 0.5 * libm::powf(10.0, decibels / 20.0);
            assert!((left - wanted).abs() < 1e-4 && left.to_bits() == right.to_bits(), "{left} for {wanted}");
        }
    }
}
