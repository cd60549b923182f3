//! Cuts that are not heard.
//!
//! Sound that begins or ends in the middle of a file jumps from or to silence, which clicks. Such edges
//! get a ramp of 3 ms *inside* the voice: nothing outside the cut is heard, and nothing moves. Where
//! a file itself begins or ends nothing is done (its first attack stays whole), nor where a fade is
//! already. Two voices on one line that meet are one sound: between them nothing is done either, or,
//! where their levels differ, the one glides into the other.

use std::collections::BTreeMap;

use vid_timeline::{Clip, Rational};

use super::programme::Voice;
use super::ramp::{Ramp, RampShape};
use super::tape::{EDGE_SAMPLES, Round};
use crate::assets::{Assets, MediaAsset};
use crate::error::RenderError;
use crate::scene::Direction;

/// How near an edge must be to the end of the file's sound to count as that: a millisecond, as times
/// in many containers are rounded to it.
const TOLERANCE: i64 = 48;

/// What is done about one edge of a voice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Edge {
    /// It begins or ends by itself.
    Open,
    /// Another voice on the same line goes on there.
    Joined,
}

/// Joins voices that meet on one line, and softens all other edges that cut media in the middle.
///
/// # Errors
/// A medium that `assets` does not hold.
pub fn smooth(voices: &mut [Voice], assets: &Assets) -> Result<(), RenderError> {
    let mut edges = vec![[Edge::Open; 2]; voices.len()];
    join(voices, &mut edges);
    for (voice, [start, end]) in voices.iter_mut().zip(edges) {
        let asset = assets.by_hash(voice.line.media)?;
        let length = EDGE_SAMPLES.min((voice.end - voice.start) / 4).max(1);
        let speed = voice.line.speed.ceil();
        let tolerance = TOLERANCE.saturating_mul(i64::try_from(speed).unwrap_or(1));
        let [first, last] = [voice.start, voice.end - 1]
            .map(|sample| voice.line.tape.file_sample(voice.line.position(sample)));
        let (sound_start, sound_end) = extent(asset);
        let is_near = |place: i64, edge: i64| place.saturating_sub(edge).abs() <= tolerance;
        let (begins, ends) = match voice.line.tape.direction {
            Direction::Forwards => (
                first <= sound_start || is_near(first, sound_start),
                last >= sound_end || is_near(last, sound_end),
            ),
            Direction::Backwards => (
                first >= sound_end || is_near(first, sound_end),
                last <= sound_start || is_near(last, sound_start),
            ),
        };
        let silent_at = |sample| voice.ramps.iter().any(|ramp| ramp.gain(sample) <= 0.0);
        let soften_start = start == Edge::Open && !begins && !silent_at(voice.start);
        let soften_end = end == Edge::Open && !ends && !silent_at(voice.end);
        if soften_start {
            let ramp = Ramp { start: voice.start, end: voice.start + length, shape: RampShape::LinearIn };
            voice.ramps.push(ramp);
        }
        if soften_end {
            let ramp = Ramp { start: voice.end - length, end: voice.end, shape: RampShape::LinearOut };
            voice.ramps.push(ramp);
        }
    }
    Ok(())
}

/// The round that a clip which repeats goes.
pub fn round(asset: &MediaAsset, clip: &Clip) -> Round {
    let (start, end) = extent(asset);
    let range = clip.source_range;
    Round {
        range,
        cuts_start: range.start.to_sample() > start.saturating_add(TOLERANCE),
        cuts_end: range.end.to_sample() < end.saturating_sub(TOLERANCE),
    }
}

/// First sample of a file's sound and one past its last, which is never reached where it is not known.
fn extent(asset: &MediaAsset) -> (i64, i64) {
    let Some(audio) = &asset.facts.audio else { return (0, 0) };
    let end = audio.duration.map_or(i64::MAX, |duration| (audio.start + duration).to_sample());
    (audio.start.to_sample(), end)
}

fn join(voices: &mut [Voice], edges: &mut [[Edge; 2]]) {
    let mut by_end: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (index, voice) in voices.iter().enumerate() {
        by_end.entry(voice.end).or_default().push(index);
    }
    let mut in_order: Vec<usize> = (0..voices.len()).collect();
    in_order.sort_by_key(|index| voices[*index].start);
    for index in in_order {
        let here = &voices[index];
        let enders = by_end.get(&here.start).map_or(&[][..], Vec::as_slice);
        let before = enders.iter().copied().find(|before| {
            *before != index && edges[*before][1] == Edge::Open && voices[*before].line.continues(&here.line)
        });
        let Some(before) = before else { continue };
        // Both play one run of changed speed, so that it goes on without a seam.
        voices[index].line.origin = voices[before].line.origin;
        let is_plain = voices[index].line.speed == Rational::ONE;
        if !are_level(&voices[before], &voices[index]) {
            if !is_plain {
                // The run cannot be heard twice at once: both ends are softened.
                continue;
            }
            glide(voices, before, index);
        }
        edges[before][1] = Edge::Joined;
        edges[index][0] = Edge::Joined;
    }
}

/// Whether the level does not change where one voice goes on as the next.
fn are_level(before: &Voice, after: &Voice) -> bool {
    let still = !before.is_moving() && !after.is_moving();
    let cut = after.start;
    let full = before.ramps.iter().chain(&after.ramps).all(|ramp| ramp.is_full(cut - 1, cut + 1));
    still && full && before.volume == after.volume && before.duck == after.duck && before.pan == after.pan
}

/// Lets the earlier voice sound on under the later one while their levels are exchanged. It is the same
/// sound, so the sum has no dip.
fn glide(voices: &mut [Voice], before: usize, after: usize) {
    let cut = voices[after].start;
    let end = (cut + EDGE_SAMPLES).min(voices[after].end);
    voices[before].end = end;
    voices[before].ramps.push(Ramp { start: cut, end, shape: RampShape::LinearOut });
    voices[after].ramps.push(Ramp { start: cut, end, shape: RampShape::LinearIn });
}
