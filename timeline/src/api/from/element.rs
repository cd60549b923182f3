//! One element.

use super::super::wire::{self, Trim};
use super::span::{Span, speed};
use super::{MediaLookup, layer, seconds, text};
use crate::animate::Animated;
use crate::element::{Clip, Content, Element, MediaSource, Sound};
use crate::rational::Rational;
use crate::values::Level;

/// Percent of a sound whose body says nothing.
const DEFAULT_VOLUME: Rational = Rational::integer(100);

pub(super) fn convert(wire: &wire::Element, id: String, span: Span, facts: &dyn MediaLookup) -> Element {
    let clip = |url: &str, trim: &Trim| Clip::once(source(url, facts), span.source, speed(trim));
    let (content, layer, sound) = match wire {
        wire::Element::Video(video) => (
            Content::Video(clip(&video.source_url, &video.trim)),
            Some(layer::of_video(video)),
            sound(&video.trim),
        ),
        wire::Element::Audio(audio) => {
            (Content::Audio(clip(&audio.source_url, &audio.trim)), None, sound(&audio.trim))
        }
        wire::Element::Image(image) => {
            (Content::Image(source(&image.source_url, facts)), Some(layer::of_image(image)), None)
        }
        wire::Element::Text(words) => {
            (Content::Text(Box::new(text::convert(words))), Some(layer::of_text(words)), None)
        }
    };
    let common = wire.common();
    Element {
        id,
        name: common.name.clone(),
        track: common.track,
        record_range: span.record,
        content,
        layer,
        sound,
        container: 0,
        origin: None,
    }
}

fn source(url: &str, facts: &dyn MediaLookup) -> MediaSource {
    MediaSource { location: url.to_owned(), natural: facts.natural(url) }
}

/// The sound; a muted clip has none, whatever its fades.
fn sound(trim: &Trim) -> Option<Sound> {
    let volume = trim.volume.map_or(DEFAULT_VOLUME, |volume| volume.0);
    (!volume.is_zero()).then(|| Sound {
        volume: Animated::Constant(Level::Percent(volume)),
        fade_in_duration: seconds(trim.fade_in_duration),
        fade_out_duration: seconds(trim.fade_out_duration),
        ..Sound::default()
    })
}
