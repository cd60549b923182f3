//! What is heard when.

use serde::Serialize;
use vid_timeline::{
    Animated, Clip, Element, Level, Rational, SAMPLE_RATE, Sound, Time, TimeRange, Timeline, TransitionAudio,
};

use super::edges;
use super::loudness::Loudness;
use super::ramp::{Ramp, RampShape};
use super::tape::Tape;
use crate::assets::{Assets, ContentHash, MediaAsset};
use crate::error::RenderError;
use crate::scene::Direction;

/// The whole sound of a film.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Programme {
    /// Length in samples at 48 kHz.
    pub sample_count: i64,
    /// Every source of sound, in the timeline's order.
    pub voices: Vec<Voice>,
    /// How loud the whole is made; `None` leaves the levels as they are mixed.
    pub loudness: Option<Loudness>,
}

/// A stretch of a file's sound, placed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Voice {
    /// What is played.
    pub line: Line,
    /// First sample on the timeline.
    pub start: i64,
    /// One past the last sample on the timeline.
    pub end: i64,
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

/// A file's sound laid along the timeline. Voices on the same line are parts of one sound: where one
/// ends and the next begins, nothing is to be heard of the cut.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Line {
    /// The file.
    pub media: ContentHash,
    /// In which order its samples are played.
    pub tape: Tape,
    /// Media seconds per second; greater than zero.
    pub speed: Rational,
    /// Tape position at sample zero of the timeline, in samples; whole at speed 1.
    pub offset: Rational,
    /// Sample of the timeline at which playing at another speed begins: what is heard later depends on
    /// it. Zero at speed 1, where it does not matter.
    pub origin: i64,
}

impl Line {
    /// Tape position at a sample of the timeline, rounded down to a sample.
    pub fn position(&self, sample: i64) -> i64 {
        let exact = self.offset + self.speed * Rational::integer(sample);
        i64::try_from(exact.floor()).unwrap_or(i64::MAX)
    }

    /// Whether the two are the same sound in the same place.
    pub fn continues(&self, other: &Self) -> bool {
        Self { origin: other.origin, ..*self } == *other
    }

    /// The same line on a timeline that begins `by` samples later.
    fn shifted(self, by: i64) -> Self {
        let is_plain = self.speed == Rational::ONE;
        Self {
            offset: self.offset + self.speed * Rational::integer(by),
            origin: if is_plain { 0 } else { self.origin - by },
            ..self
        }
    }
}

impl Voice {
    /// Whether anything about it follows keyframes, so that it matters where local time begins.
    pub fn is_moving(&self) -> bool {
        self.volume.constant().is_none()
            || self.pan.constant().is_none()
            || self.duck.as_ref().is_some_and(|duck| duck.constant().is_none())
    }
}

impl Programme {
    /// The timeline's sound at the levels it is mixed at; `None` when nothing can be heard.
    ///
    /// # Errors
    /// A medium that `assets` does not hold.
    pub fn from_timeline(timeline: &Timeline, assets: &Assets) -> Result<Option<Self>, RenderError> {
        let mut voices = Vec::new();
        for element in timeline.all_elements() {
            if let Some(sound) = &element.sound {
                voices.extend(voice(timeline, assets, element, sound)?);
            }
        }
        edges::smooth(&mut voices, assets)?;
        let sample_count = timeline.sample_count();
        Ok((!voices.is_empty()).then_some(Self { sample_count, voices, loudness: None }))
    }

    /// Silence of that many samples.
    pub const fn silent(sample_count: i64) -> Self {
        Self { sample_count, voices: Vec::new(), loudness: None }
    }

    /// What is heard in a range of samples, counted from its start, as loud as it is in the whole. A
    /// film whose sound lies elsewhere keeps a silent stream.
    pub fn window(self, samples: std::ops::Range<i64>) -> Self {
        let shift = samples.start;
        let loudness = self.loudness.as_ref().map(|loudness| loudness.in_window(&self));
        let voices = self.voices.into_iter().filter_map(|voice| {
            let (start, end) = (voice.start.max(samples.start), voice.end.min(samples.end));
            let is_moving = voice.is_moving();
            (start < end).then_some(Voice {
                line: voice.line.shifted(shift),
                start: start - shift,
                end: end - shift,
                local_zero: if is_moving { voice.local_zero - shift } else { voice.local_zero },
                ramps: voice.ramps.into_iter().map(|ramp| ramp.shifted(shift)).collect(),
                ..voice
            })
        });
        Self { voices: voices.collect(), sample_count: samples.end - samples.start, loudness }
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
    let endless = clip.repeats && clip.source_range.is_empty();
    if asset.facts.audio.is_none() || silent || endless {
        return Ok(None);
    }
    let (heard, mut ramps) = crossfaded(timeline, element);
    let range = element.record_range;
    ramps.extend(fade(range.start, range.start + sound.fade_in_duration, RampShape::LinearIn));
    ramps.extend(fade(range.end - sound.fade_out_duration, range.end, RampShape::LinearOut));
    let start = heard.start.to_sample().max(0);
    let end = heard.end.to_sample().min(timeline.sample_count());
    let mut voice = Voice {
        line: line(asset, clip, range, start),
        start,
        end,
        volume: sound.volume.clone(),
        duck: sound.duck.clone(),
        pan: sound.pan.clone(),
        local_zero: range.start.to_sample(),
        ramps,
    };
    if !voice.is_moving() {
        // Where nothing moves the same sound elsewhere is the same voice.
        voice.local_zero = 0;
    }
    Ok((start < end).then_some(voice))
}

/// The line of a clip placed at `range`, which begins to be heard at sample `start`.
fn line(asset: &MediaAsset, clip: &Clip, range: TimeRange, start: i64) -> Line {
    let direction = if clip.reversed { Direction::Backwards } else { Direction::Forwards };
    let round = clip.repeats.then(|| edges::round(asset, clip));
    // Tape position, in seconds, at the clip's own start.
    let from = match (round, direction) {
        (Some(_), _) => clip.phase,
        (None, Direction::Forwards) => clip.source_range.start,
        (None, Direction::Backwards) => -clip.source_range.end,
    };
    let exact = (from - range.start * clip.speed).seconds() * Rational::from(SAMPLE_RATE);
    // One rounding for the whole line, so that two halves of one sound meet exactly.
    let is_plain = clip.speed == Rational::ONE;
    let whole = || Rational::new(exact.round_half_up(), 1).unwrap_or(exact);
    Line {
        media: asset.hash,
        tape: Tape { direction, round },
        speed: clip.speed,
        offset: if is_plain { whole() } else { exact },
        origin: if is_plain { 0 } else { start },
    }
}

/// The range over which the element is heard, and the ramps of its cross-fades: its own, and those of
/// the units it is in, whose sounds all fade together.
fn crossfaded(timeline: &Timeline, element: &Element) -> (TimeRange, Vec<Ramp>) {
    let mut heard = element.record_range;
    let mut ramps = Vec::new();
    let all = timeline.all_transitions();
    for (transition, beside) in all.filter(|(t, _)| t.audio == TransitionAudio::Crossfade) {
        let window = transition.record_range;
        let is_inside = |side: &Option<String>| {
            let side = beside.iter().find(|other| Some(&other.id) == side.as_ref());
            side.is_some_and(|side| holds(side, &element.id))
        };
        if is_inside(&transition.to) {
            ramps.extend(fade(window.start, window.end, RampShape::EqualPowerIn));
        }
        if is_inside(&transition.from) {
            ramps.extend(fade(window.start, window.end, RampShape::EqualPowerOut));
        }
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

/// Whether an element of this id is inside of a unit.
fn holds(unit: &Element, id: &str) -> bool {
    unit.group().is_some_and(|group| group.elements.iter().any(|inner| inner.id == id || holds(inner, id)))
}

fn fade(start: Time, end: Time, shape: RampShape) -> Option<Ramp> {
    let ramp = Ramp { start: start.to_sample(), end: end.to_sample(), shape };
    (ramp.start < ramp.end).then_some(ramp)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voice(start: i64, end: i64, speed: Rational) -> Voice {
        Voice {
            line: Line {
                media: ContentHash::of(b"a"),
                tape: Tape::ONCE,
                speed,
                offset: Rational::integer(1000),
                origin: if speed == Rational::ONE { 0 } else { start },
            },
            start,
            end,
            volume: Animated::Constant(Level::UNITY),
            duck: None,
            pan: Animated::Constant(Rational::ZERO),
            local_zero: 0,
            ramps: vec![Ramp { start: 50, end: 150, shape: RampShape::LinearIn }],
        }
    }

    #[test]
    fn a_window_counts_from_its_own_start() {
        let voices = vec![voice(50, 300, Rational::ONE), voice(0, 90, Rational::ONE)];
        let programme = Programme { sample_count: 400, voices, loudness: None };
        let window = programme.window(100..200);
        assert_eq!((window.sample_count, window.voices.len()), (100, 1));
        let heard = &window.voices[0];
        assert_eq!((heard.start, heard.end, heard.line.position(0)), (0, 100, 1100));
        assert_eq!((heard.ramps[0].start, heard.ramps[0].end), (-50, 50));
    }

    #[test]
    fn a_window_keeps_where_another_speed_began() {
        let voices = vec![voice(50, 300, Rational::integer(2))];
        let window = Programme { sample_count: 400, voices, loudness: None }.window(100..200);
        let line = window.voices[0].line;
        assert_eq!((line.origin, line.position(0), line.position(-50)), (-50, 1200, 1100));
    }
}
