//! Mixing the voices of a programme.

use vid_timeline::{Rational, Time};

use super::programme::{Line, Programme, Voice};
use super::stretch::Stretcher;
use super::tape::TapeReader;
use crate::assets::Assets;
use crate::error::RenderError;
use crate::media::CHANNELS;

/// Levels that move are evaluated this often and joined by straight lines: every 1.3 ms, well below
/// what is heard as a step.
const GAIN_STEP: usize = 64;

/// Sums the voices of a programme from its start to its end. The sum may exceed full scale.
pub struct Mixer<'a> {
    programme: &'a Programme,
    assets: &'a Assets,
    decks: Vec<Deck>,
    position: i64,
    scratch: Vec<f32>,
}

/// A line being played.
struct Deck {
    line: Line,
    player: Player,
    /// The sample of the timeline that comes next.
    next: i64,
}

enum Player {
    Plain(Box<TapeReader>),
    Stretched(Box<Stretcher>),
}

impl<'a> Mixer<'a> {
    /// A mixer at the programme's first sample.
    pub fn new(programme: &'a Programme, assets: &'a Assets) -> Self {
        Self { programme, assets, decks: Vec::new(), position: 0, scratch: Vec::new() }
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
        for voice in &self.programme.voices {
            self.add_voice(voice, block)?;
        }
        self.position += count as i64;
        // Decks at the end of this block may be taken up by the next voice on their line.
        let position = self.position;
        self.decks.retain(|deck| deck.next == position);
        Ok(count)
    }

    fn add_voice(&mut self, voice: &Voice, block: &mut [f32]) -> Result<(), RenderError> {
        let count = (block.len() / CHANNELS) as i64;
        let start = voice.start.max(self.position);
        let end = voice.end.min(self.position + count);
        if start >= end {
            return Ok(());
        }
        let samples = usize::try_from(end - start).unwrap_or(0);
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        scratch.resize(samples * CHANNELS, 0.0);
        self.deck(&voice.line, start)?.read(&mut scratch)?;
        let offset = usize::try_from(start - self.position).unwrap_or(0) * CHANNELS;
        add_with_gain(voice, start, &scratch, &mut block[offset..]);
        self.scratch = scratch;
        Ok(())
    }

    /// The deck that plays the line and stands at `sample` of the timeline.
    fn deck(&mut self, line: &Line, sample: i64) -> Result<&mut Deck, RenderError> {
        let found = self.decks.iter().position(|deck| deck.line == *line && deck.next == sample);
        let at = match found {
            Some(at) => at,
            None => {
                let asset = self.assets.by_hash(line.media)?;
                let source = self.assets.intake().sound(asset.sound_path(), asset.facts.duration)?;
                let tape = TapeReader::new(line.tape, source);
                self.decks.push(Deck::new(*line, tape, sample)?);
                self.decks.len() - 1
            }
        };
        Ok(&mut self.decks[at])
    }
}

impl Deck {
    fn new(line: Line, tape: TapeReader, sample: i64) -> Result<Self, RenderError> {
        let player = if line.speed == Rational::ONE {
            Player::Plain(Box::new(tape))
        } else {
            let mut stretcher = Stretcher::new(tape, line.position(line.origin), line.speed);
            stretcher.skip(sample - line.origin)?;
            Player::Stretched(Box::new(stretcher))
        };
        Ok(Self { line, player, next: sample })
    }

    fn read(&mut self, out: &mut [f32]) -> Result<(), RenderError> {
        match &mut self.player {
            Player::Plain(tape) => tape.read(self.line.position(self.next), out)?,
            Player::Stretched(stretcher) => stretcher.read(out)?,
        }
        self.next += (out.len() / CHANNELS) as i64;
        Ok(())
    }
}

/// Adds `input`, heard from sample `start` of the timeline on, to `output` at the voice's level.
fn add_with_gain(voice: &Voice, start: i64, input: &[f32], output: &mut [f32]) {
    let level_at = |sample: i64| {
        let local = Time::from_sample(sample - voice.local_zero);
        let duck = voice.duck.as_ref().map_or(1.0, |duck| duck.gain_in_decibels(local));
        let pan = voice.pan.at(local, 1.0) / 100.0;
        let both = voice.volume.at(local, 1.0) * duck;
        [both * (1.0 - pan).clamp(0.0, 1.0), both * (1.0 + pan).clamp(0.0, 1.0)].map(|gain| gain as f32)
    };
    let still = (!voice.is_moving()).then(|| level_at(start));
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
        let at_rest = voice.ramps.iter().all(|ramp| ramp.is_full(grid_start, grid_start + step));
        match still {
            Some(level) if at_rest => {
                for (out, sample) in target.zip(source) {
                    out[0] += sample[0] * level[0];
                    out[1] += sample[1] * level[1];
                }
            }
            _ => {
                let first = still.unwrap_or_else(|| level_at(grid_start));
                let last = still.unwrap_or_else(|| level_at(grid_start + step));
                let slope = [0, 1].map(|channel| (last[channel] - first[channel]) / GAIN_STEP as f32);
                for ((out, sample), at) in target.zip(source).zip(from..) {
                    // Ramps are short, and end where sound does: they are followed sample by sample.
                    let ramps = voice.ramps.iter().fold(1.0, |gain, ramp| gain * ramp.gain(at));
                    let passed = (at - grid_start) as f32;
                    out[0] += sample[0] * ((first[0] + slope[0] * passed) * ramps);
                    out[1] += sample[1] * ((first[1] + slope[1] * passed) * ramps);
                }
            }
        }
        done += count;
    }
}

#[cfg(test)]
mod tests {
    use vid_timeline::{Animated, Easing, Keyframe, Level, Rational};

    use super::*;
    use crate::assets::ContentHash;
    use crate::audio::tape::Tape;

    /// Left and right of a voice of ones at some of its samples.
    fn heard(duck: Option<Animated<Level>>, pan: i64, at: &[usize]) -> Vec<[f32; 2]> {
        let voice = Voice {
            line: Line {
                media: ContentHash::of(b"ones"),
                tape: Tape::ONCE,
                speed: Rational::ONE,
                offset: Rational::ZERO,
                origin: 0,
            },
            start: 0,
            end: 48_000,
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
