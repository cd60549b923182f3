//! How an element sounds.

use vid_timeline::{Animated, Easing, Keyframe, Level, Sound};

use crate::lower::read::Reader;
use crate::schedule::Placed;

/// The sound of a video or an audio element.
pub(super) fn sound(placed: &Placed, reader: &Reader<'_>) -> Option<Sound> {
    Some(Sound {
        volume: reader.animated_level("volume")?,
        fade_in_duration: reader.time("fade_in_duration")?,
        fade_out_duration: reader.time("fade_out_duration")?,
        duck: duck(placed),
        pan: reader.animated_percent("pan")?,
    })
}

/// What other sounds take from it.
fn duck(placed: &Placed) -> Option<Animated<Level>> {
    let keyframes = placed.duck.iter().map(|(time, level)| Keyframe {
        time: *time,
        value: Level::Decibels(*level),
        easing: Easing::Linear,
    });
    (!placed.duck.is_empty()).then(|| Animated::Keyframes(keyframes.collect()))
}

/// Whether nothing is heard for all of the element's life.
pub(super) fn is_silent(sound: &Sound) -> bool {
    sound.volume.values().all(|level: &Level| level.is_silent())
}
