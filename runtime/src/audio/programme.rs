//! What is heard when.

use serde::Serialize;
use vid_timeline::{Animated, Element, Level, Rational, Sound, Time, TimeRange, Timeline, TransitionAudio};

use crate::assets::{Assets, ContentHash};
use crate::error::RenderError;
use crate::scene::Unsupported;

/// The whole sound of a film.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Programme {
    /// Length in samples at 48 kHz.
    pub sample_count: i64,
    /// Every source of sound, in the timeline's order.
    pub voices: Vec<Voice>,
}

/// A stretch of a file's sound, placed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Voice {
    /// The file.
    pub media: ContentHash,
    /// First sample on the timeline.
    pub start: i64,
    /// One past the last sample on the timeline.
    pub end: i64,
    /// The file's own sample, at 48 kHz, that is heard at `start`; before 0 is silence.
    pub source_start: i64,
    /// Level; keyframe times count from `local_zero`.
    pub volume: Animated<Level>,
    /// What other sounds take from it; keyframe times count from `local_zero`.
    pub duck: Option<Animated<Level>>,
    /// Left (−100) to right (100); keyframe times count from `local_zero`.
    pub pan: Animated<Rational>,
    /// The sample on the timeline at which local time is zero.
    pub local_zero: i64,
    /// Factors that come and go over the voice's life.
    pub ramps: Vec<Ramp>,
}

/// A factor between 0 and 1 that rises or falls over a stretch of the timeline.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Ramp {
    /// First sample of the way.
    pub start: i64,
    /// One past the last sample of the way; never before `start`.
    pub end: i64,
    /// Direction and curve.
    pub shape: RampShape,
}

/// Direction and curve of a [`Ramp`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RampShape {
    /// Silent before, straight up, full after.
    LinearIn,
    /// Full before, straight down, silent after.
    LinearOut,
    /// Silent before, up as a quarter of a sine, full after.
    EqualPowerIn,
    /// Full before, down as a quarter of a cosine, silent after.
    EqualPowerOut,
}

impl Voice {
    /// Whether anything about it follows keyframes, so that it matters where local time begins.
    fn is_moving(&self) -> bool {
        self.volume.constant().is_none()
            || self.pan.constant().is_none()
            || self.duck.as_ref().is_some_and(|duck| duck.constant().is_none())
    }
}

impl Ramp {
    /// The factor at `sample` of the timeline.
    pub fn gain(self, sample: i64) -> f32 {
        let length = self.end - self.start;
        let progress = match sample - self.start {
            before if before < 0 => 0.0,
            passed if passed >= length => 1.0,
            passed => passed as f32 / length as f32,
        };
        match self.shape {
            RampShape::LinearIn => progress,
            RampShape::LinearOut => 1.0 - progress,
            RampShape::EqualPowerIn => libm::sinf(progress * std::f32::consts::FRAC_PI_2),
            RampShape::EqualPowerOut => libm::cosf(progress * std::f32::consts::FRAC_PI_2),
        }
    }
}

impl Programme {
    /// The timeline's sound; `None` when nothing can be heard.
    ///
    /// # Errors
    /// A medium that `assets` does not hold, or sound that this runtime cannot play.
    pub fn from_timeline(timeline: &Timeline, assets: &Assets) -> Result<Option<Self>, RenderError> {
        let mut voices = Vec::new();
        for element in timeline.all_elements() {
            if let Some(sound) = &element.sound {
                voices.extend(voice(timeline, assets, element, sound)?);
            }
        }
        let sample_count = timeline.sample_count();
        Ok((!voices.is_empty()).then_some(Self { sample_count, voices }))
    }

    /// What is heard in a range of samples, counted from its start. A film whose sound lies elsewhere
    /// keeps a silent stream.
    pub fn window(self, samples: std::ops::Range<i64>) -> Self {
        let shift = samples.start;
        let voices = self.voices.into_iter().filter_map(|voice| {
            let (start, end) = (voice.start.max(samples.start), voice.end.min(samples.end));
            let is_moving = voice.is_moving();
            let ramps = voice.ramps.into_iter();
            let ramps = ramps.map(|r| Ramp { start: r.start - shift, end: r.end - shift, ..r }).collect();
            (start < end).then_some(Voice {
                source_start: voice.source_start + (start - voice.start),
                start: start - shift,
                end: end - shift,
                local_zero: if is_moving { voice.local_zero - shift } else { voice.local_zero },
                ramps,
                ..voice
            })
        });
        Self { voices: voices.collect(), sample_count: samples.end - samples.start }
    }
}

fn voice(
    timeline: &Timeline,
    assets: &Assets,
    element: &Element,
    sound: &Sound,
) -> Result<Option<Voice>, RenderError> {
    let Some(clip) = element.content.clip() else { return Ok(None) };
    let asset = assets.media(&clip.source.location)?;
    let silent = sound.volume.constant().is_some_and(|level| level.is_silent());
    if asset.facts.audio.is_none() || silent {
        return Ok(None);
    }
    // `unsupported` names these before any work; media that turn out to have sound after all end here.
    let gaps = [
        ("sound at another `speed` than 1", clip.speed != Rational::ONE),
        ("sound played backwards", clip.reversed),
        ("sound that repeats", clip.repeats),
    ];
    if let Some((what, _)) = gaps.iter().find(|(_, asked)| *asked) {
        return Err(RenderError::Unsupported(vec![Unsupported {
            element: element.id.clone(),
            what: (*what).to_owned(),
            origin: element.origin,
        }]));
    }
    let (heard, mut ramps) = crossfaded(timeline, element);
    let range = element.record_range;
    ramps.extend(fade(range.start, range.start + sound.fade_in_duration, RampShape::LinearIn));
    ramps.extend(fade(range.end - sound.fade_out_duration, range.end, RampShape::LinearOut));
    let start = heard.start.to_sample().max(0);
    let end = heard.end.to_sample().min(timeline.sample_count());
    // The element's own start is the one edge that ties media to the timeline.
    let local_zero = range.start.to_sample();
    let mut voice = Voice {
        media: asset.hash,
        start,
        end,
        source_start: clip.source_range.start.to_sample() + (start - local_zero),
        volume: sound.volume.clone(),
        duck: sound.duck.clone(),
        pan: sound.pan.clone(),
        local_zero,
        ramps,
    };
    if !voice.is_moving() {
        // Where nothing moves the same sound elsewhere is the same voice.
        voice.local_zero = 0;
    }
    Ok((start < end).then_some(voice))
}

/// The range over which the element is heard, and the ramps of its cross-fades.
fn crossfaded(timeline: &Timeline, element: &Element) -> (TimeRange, Vec<Ramp>) {
    let mut heard = element.record_range;
    let mut ramps = Vec::new();
    let all = timeline.all_transitions().map(|(transition, _)| transition);
    for transition in all.filter(|t| t.audio == TransitionAudio::Crossfade) {
        let window = transition.record_range;
        if transition.to.as_ref() == Some(&element.id) {
            heard.start = window.start;
            ramps.extend(fade(window.start, window.end, RampShape::EqualPowerIn));
        }
        if transition.from.as_ref() == Some(&element.id) {
            heard.end = window.end;
            ramps.extend(fade(window.start, window.end, RampShape::EqualPowerOut));
        }
    }
    (heard, ramps)
}

fn fade(start: Time, end: Time, shape: RampShape) -> Option<Ramp> {
    let ramp = Ramp { start: start.to_sample(), end: end.to_sample(), shape };
    (ramp.start < ramp.end).then_some(ramp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ramps_hold_outside_their_way() {
        let ramp = |shape| Ramp { start: 100, end: 200, shape };
        let gains = |shape| [0, 100, 150, 200, 900].map(|sample| ramp(shape).gain(sample));
        assert_eq!(gains(RampShape::LinearIn), [0.0, 0.0, 0.5, 1.0, 1.0]);
        assert_eq!(gains(RampShape::LinearOut), [1.0, 1.0, 0.5, 0.0, 0.0]);
    }

    #[test]
    fn a_window_counts_from_its_own_start() {
        let ramp = Ramp { start: 50, end: 150, shape: RampShape::LinearIn };
        let voice = |start, end| Voice {
            media: ContentHash::of(b"a"),
            start,
            end,
            source_start: 1000,
            volume: Animated::Constant(Level::UNITY),
            duck: None,
            pan: Animated::Constant(Rational::ZERO),
            local_zero: 0,
            ramps: vec![ramp],
        };
        let programme = Programme { sample_count: 400, voices: vec![voice(50, 300), voice(0, 90)] };
        let window = programme.window(100..200);
        assert_eq!((window.sample_count, window.voices.len()), (100, 1));
        let heard = &window.voices[0];
        assert_eq!((heard.start, heard.end, heard.source_start), (0, 100, 1050));
        assert_eq!((heard.ramps[0].start, heard.ramps[0].end), (-50, 50));
    }

    #[test]
    fn equal_power_keeps_the_power() {
        for sample in 100..200 {
            let gain = |shape| Ramp { start: 100, end: 200, shape }.gain(sample);
            let power = gain(RampShape::EqualPowerIn).powi(2) + gain(RampShape::EqualPowerOut).powi(2);
            assert!((power - 1.0).abs() < 1e-6);
        }
    }
}
