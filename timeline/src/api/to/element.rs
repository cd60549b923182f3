//! One element.

use super::super::wire::{self, Common, Number, Trim};
use super::decimal::nearest;
use super::edges::Fades;
use super::fit::{Fitted, fit};
use super::verdict::{Notes, VerdictCode};
use super::{ToJsonOptions, layer, place, source, text};
use crate::element::{Clip, Content, Element, Natural, Sound};
use crate::layer::Layer;
use crate::rational::Rational;
use crate::time::{FrameRate, Time, TimeRange};
use crate::values::{Length, Level, Size};

/// What the elements of one body share.
pub(super) struct Stage<'a> {
    pub(super) options: &'a ToJsonOptions,
    pub(super) rate: FrameRate,
    pub(super) canvas: Size,
}

/// What the rest of the timeline does to an element.
#[derive(Clone, Copy)]
pub(super) struct Context {
    /// Where it lies once its transitions are centred.
    pub(super) record: TimeRange,
    /// Ramps of sound that stand for cross-fades.
    pub(super) fades: Fades,
    /// Its distinct place from back to front.
    pub(super) z_index: i64,
}

/// The element as the body writes it; `None` for what a body cannot hold: a silent audio, and what
/// gets a verdict of refusal.
pub(super) fn convert(
    element: &Element,
    context: Context,
    stage: &Stage<'_>,
    notes: &mut Notes,
) -> Option<wire::Element> {
    match &element.content {
        Content::Video(clip) => Some(wire::Element::Video(video(element, clip, context, stage, notes))),
        Content::Audio(clip) => audio(element, clip, context, stage, notes).map(wire::Element::Audio),
        Content::Image(image) => {
            let place = place::still(context.record, stage.rate);
            let picture = Picture::of(element, image.natural, context, stage, notes);
            Some(wire::Element::Image(wire::Image {
                common: common(element, place.time),
                duration: Number(place.duration),
                source_url: source::url(&image.location, stage.options, notes),
                visual: picture.look.visual,
                style: picture.look.style,
                crop: picture.crop,
                colour: picture.colour,
                lut: picture.lut,
                effects: picture.effects,
                motion: picture.look.motion,
            }))
        }
        Content::Text(words) => {
            Some(wire::Element::Text(text_element(element, words, context, stage, notes)))
        }
        Content::Shape(shape) => {
            let message = format!("a body has no shapes, and cannot draw a {}", shape.geometry.name());
            notes.refused(VerdictCode::Shape, message);
            None
        }
        Content::Group(_) => {
            // Groups are flattened before.
            notes.refused(VerdictCode::Group, "a body cannot place a composition as a unit");
            None
        }
    }
}

fn common(element: &Element, time: Rational) -> Common {
    Common {
        id: Some(element.id.clone()),
        name: element.name.clone(),
        track: element.track,
        time: Some(Number(time)),
        visible: None,
    }
}

fn video(
    element: &Element,
    clip: &Clip,
    context: Context,
    stage: &Stage<'_>,
    notes: &mut Notes,
) -> wire::Video {
    let place = clip_place(element, clip, context, stage, notes);
    let source_url = source::video_url(&clip.source, stage.options, notes);
    let volume = element.sound.as_ref().map_or(Rational::ZERO, |sound| volume(sound, notes));
    let picture = Picture::of(element, clip.source.natural, context, stage, notes);
    wire::Video {
        common: common(element, place.time),
        source_url,
        trim: trim(&place, volume, element.sound.as_ref(), context.fades),
        visual: picture.look.visual,
        style: picture.look.style,
        crop: picture.crop,
        colour: picture.colour,
        lut: picture.lut,
        effects: picture.effects,
        motion: picture.look.motion,
    }
}

fn audio(
    element: &Element,
    clip: &Clip,
    context: Context,
    stage: &Stage<'_>,
    notes: &mut Notes,
) -> Option<wire::Audio> {
    let sound = element.sound.as_ref()?;
    let volume = volume(sound, notes);
    if volume.is_zero() {
        return None;
    }
    let place = clip_place(element, clip, context, stage, notes);
    Some(wire::Audio {
        common: common(element, place.time),
        source_url: source::url(&clip.source.location, stage.options, notes),
        trim: trim(&place, volume, Some(sound), context.fades),
    })
}

fn text_element(
    element: &Element,
    words: &crate::element::Text,
    context: Context,
    stage: &Stage<'_>,
    notes: &mut Notes,
) -> wire::Text {
    let place = place::still(context.record, stage.rate);
    let default = Layer::default();
    let layer = element.layer.as_ref().unwrap_or(&default);
    text::refuse_picture_fields(layer, notes);
    let (width, height) = sides(layer, notes);
    let fitted = Fitted {
        width,
        height,
        aspect_ratio: layer.aspect_ratio,
        x_anchor: layer.x_anchor,
        y_anchor: layer.y_anchor,
        crop: layer.crop,
    };
    let look = layer::look(layer, &fitted, context.z_index, element.record_range, stage.rate, notes);
    wire::Text {
        common: common(element, place.time),
        duration: Number(place.duration),
        text: words.text.clone(),
        visual: look.visual,
        style: look.style,
        typography: text::typography(words),
        word_animation: words.word_animation.as_ref().map(|words| text::word_animation(words, stage.rate)),
        motion: look.motion,
    }
}

/// What pictures have beyond texts.
struct Picture {
    look: layer::Look,
    crop: wire::Crop,
    colour: wire::Colour,
    lut: wire::Lut,
    effects: Vec<wire::Effect>,
}

impl Picture {
    fn of(
        element: &Element,
        natural: Option<Natural>,
        context: Context,
        stage: &Stage<'_>,
        notes: &mut Notes,
    ) -> Self {
        let default = Layer::default();
        let layer = element.layer.as_ref().unwrap_or(&default);
        let sides = sides(layer, notes);
        let fitted = fit(layer, sides, natural, stage.canvas, notes);
        Self {
            look: layer::look(layer, &fitted, context.z_index, element.record_range, stage.rate, notes),
            crop: layer::crop(fitted.crop),
            colour: layer::colour(&layer.adjust),
            lut: layer::lut(layer.lut.as_ref(), stage.options, notes),
            effects: layer.effects.iter().map(layer::effect).collect(),
        }
    }
}

fn sides(layer: &Layer, notes: &mut Notes) -> (Length, Length) {
    let width = layer::settled("width", &layer.width, Length::FULL, notes);
    (width, layer::settled("height", &layer.height, Length::FULL, notes))
}

fn clip_place(
    element: &Element,
    clip: &Clip,
    context: Context,
    stage: &Stage<'_>,
    notes: &mut Notes,
) -> place::ClipPlace {
    if clip.reversed {
        notes.refused(VerdictCode::Reversed, "a body cannot play media backwards");
    }
    if clip.repeats {
        notes.refused(VerdictCode::Repeats, "a body cannot play a range of media again and again");
    }
    let in_point = clip.source_from_record(element.record_range, context.record.start);
    place::clip(context.record, in_point, clip.speed, stage.rate)
}

fn trim(place: &place::ClipPlace, volume: Rational, sound: Option<&Sound>, fades: Fades) -> Trim {
    let fade = |own: fn(&Sound) -> Time, extra: Time| {
        let longest = sound.map_or(Time::ZERO, own).max(extra);
        (!longest.is_zero() && !volume.is_zero()).then(|| Number(nearest(longest.seconds())))
    };
    Trim {
        in_point: Some(Number(place.in_point)),
        out_point: Some(Number(place.out_point)),
        speed: Some(Number(place.speed)),
        volume: Some(Number(volume)),
        fade_in_duration: fade(|sound| sound.fade_in_duration, fades.fade_in),
        fade_out_duration: fade(|sound| sound.fade_out_duration, fades.fade_out),
    }
}

/// The volume in percent, at most the 100 of the contract.
fn volume(sound: &Sound, notes: &mut Notes) -> Rational {
    let hundred = Rational::integer(100);
    if sound.duck.is_some() {
        notes.refused(VerdictCode::Duck, "a body cannot turn one sound down under another");
    }
    if sound.pan.values().any(|pan| !pan.is_zero()) {
        notes.refused(VerdictCode::Pan, "a body cannot place a sound between left and right");
    }
    let percent = match layer::settled("volume", &sound.volume, Level::UNITY, notes) {
        Level::Percent(percent) => percent,
        level @ Level::Decibels(_) => {
            let percent = level.gain() * 100.0;
            Rational::from_decimal(&format!("{percent:.9}")).unwrap_or(hundred)
        }
    };
    if percent > hundred {
        let message = format!("a volume of {percent}% is louder than the 100% that a body can ask for");
        notes.refused(VerdictCode::VolumeTooLoud, message);
        return hundred;
    }
    nearest(percent)
}
