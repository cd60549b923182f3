//! Mixing the programme and encoding it.

use std::path::Path;

use vid_timeline::{Scalar, Time};

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
    let constant = voice.volume.constant().map(|level| level.scalar(1.0) as f32);
    let moving = |sample: i64| {
        let local = Time::from_sample(sample - voice.local_zero);
        voice.volume.at(local, 1.0) as f32
    };
    let gain_at = |sample: i64| {
        let level = constant.unwrap_or_else(|| moving(sample));
        voice.ramps.iter().fold(level, |gain, ramp| gain * ramp.gain(sample))
    };
    let is_steady = |from: i64, to: i64| {
        constant.is_some() && voice.ramps.iter().all(|ramp| to <= ramp.start || ramp.end <= from)
    };
    // Steps lie on the timeline's own grid, so that the mix does not depend on how it is blocked.
    let mut done = 0;
    while done < input.len() / CHANNELS {
        let from = start + done as i64;
        let step = GAIN_STEP as i64;
        let grid_start = from.div_euclid(step) * step;
        let count = usize::try_from(grid_start + step - from).unwrap_or(1).min(input.len() / CHANNELS - done);
        let here = done * CHANNELS..(done + count) * CHANNELS;
        let (source, target) = (&input[here.clone()], &mut output[here]);
        let (first, last) = (gain_at(grid_start), gain_at(grid_start + step));
        if is_steady(grid_start, grid_start + step) {
            for (out, sample) in target.iter_mut().zip(source) {
                *out += sample * first;
            }
        } else {
            let slope = (last - first) / GAIN_STEP as f32;
            for (i, (out, sample)) in
                target.chunks_exact_mut(CHANNELS).zip(source.chunks_exact(CHANNELS)).enumerate()
            {
                let gain = first + slope * ((from - grid_start) as f32 + i as f32);
                out[0] += sample[0] * gain;
                out[1] += sample[1] * gain;
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
