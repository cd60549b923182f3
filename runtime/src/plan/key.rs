//! Keys: the names of pieces in the store.

use serde::Serialize;

use crate::assets::ContentHash;
use crate::audio::Programme;
use crate::executor::Executor;
use crate::media::{AudioEncodeSettings, EncodeSettings, library_versions};
use crate::scene::Scene;

/// Raised whenever the same scene would be drawn as other pixels, or the same programme as other
/// samples, so that pieces of an older runtime are not mistaken for ours.
const RENDER_VERSION: u32 = 2;

/// The key of a segment: everything that its bytes depend on.
pub fn of_segment(scene: &Scene, encode: &EncodeSettings, executor: &Executor) -> ContentHash {
    hash(&("segment", RENDER_VERSION, library_versions(), executor.identity(), scene, encode))
}

/// The key of the programme's sound.
pub fn of_sound(programme: &Programme, encode: &AudioEncodeSettings) -> ContentHash {
    hash(&("sound", RENDER_VERSION, library_versions(), programme, encode))
}

fn hash(value: &impl Serialize) -> ContentHash {
    // JSON names every field, so two values that differ never serialise alike. Writing to a vector
    // does not fail, and the types hold no maps with keys other than strings.
    ContentHash::of(&serde_json::to_vec(value).expect("scenes and settings serialise"))
}
