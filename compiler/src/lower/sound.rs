//! How an element sounds.

use vid_timeline::{Level, Sound};

use crate::lower::read::Reader;

/// The sound of a video or an audio element.
pub(super) fn sound(reader: &Reader<'_>) -> Option<Sound> {
    Some(Sound {
        volume: reader.animated_level("volume")?,
        fade_in_duration: reader.time("fade_in_duration")?,
        fade_out_duration: reader.time("fade_out_duration")?,
    })
}

/// Whether nothing is heard for all of the element's life.
pub(super) fn is_silent(sound: &Sound) -> bool {
    sound.volume.values().all(|level: &Level| level.is_silent())
}
