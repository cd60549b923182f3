//! What a body cannot say of an element, as a file that says it.
//!
//! A body has no shapes, masks, groups or keyframes. What it refuses of one element can often be drawn
//! or mixed beforehand: [`bakes`] lists those elements, each with a film that shows nothing else, and
//! [`Bake::put`] puts the file that was rendered of it in the element's place. An element that stands
//! still becomes a picture, with its opacity left to the body; one that changes becomes a film as large
//! as the canvas with everything it does, and its sound; a sound becomes a sound. How its colours meet
//! what lies below, and its place among the others, stay with the element.
//!
//! Not for single elements, and so never baked: what is said of the whole film, of addresses, and of
//! transitions from and to the background.

use std::ops::Range;

use super::to::{ToJsonOptions, VerdictCode, VerdictLevel, to_json};
use crate::animate::Animated;
use crate::catalog::{BlendMode, EffectType, Fit, MotionType, OutputFormat};
use crate::element::{Clip, Content, Element, MediaSource, Natural, Sound};
use crate::layer::Layer;
use crate::mask::{MaskPlace, MaskSource};
use crate::output::Output;
use crate::rational::Rational;
use crate::time::{Time, TimeRange};
use crate::timeline::{Background, Timeline};
use crate::values::Color;

crate::catalog::named_enum! {
    /// What an element is rendered to; the name is the ending of the file.
    BakeKind {
        /// A still with transparency.
        Picture = "png",
        /// A film with transparency and sound.
        Film = "mov",
        /// Sound alone.
        Sound = "wav",
    }
}

/// An element that is rendered to a file, which then stands in its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bake {
    /// Its index in [`Timeline::elements`].
    pub element: usize,
    /// What it becomes.
    pub kind: BakeKind,
    /// A film of the same canvas and length that shows or plays this element alone; its only output is
    /// what has to be rendered.
    pub film: Timeline,
    /// The frames of that film that are needed; never empty.
    pub window: Range<i64>,
}

impl VerdictCode {
    /// Whether what is refused under this code can be rendered to a file that a body can name.
    pub const fn can_be_baked(self) -> bool {
        matches!(
            self,
            Self::Shape
                | Self::Group
                | Self::Mask
                | Self::NotOnText
                | Self::Keyframes
                | Self::EasingHold
                | Self::Easing
                | Self::VolumeTooLoud
                | Self::Reversed
                | Self::Repeats
                | Self::Pan
                | Self::Duck
        )
    }
}

/// The elements of a valid timeline that a body cannot hold and a file can, in their order.
pub fn bakes(timeline: &Timeline, options: &ToJsonOptions) -> Vec<Bake> {
    let verdicts = to_json(timeline, options).verdicts;
    let refused = verdicts.iter().filter(|v| v.level == VerdictLevel::Refused && v.code.can_be_baked());
    let mut wanted: Vec<usize> = Vec::new();
    for verdict in refused {
        // Of a transition beside a group, the verdict is about its neighbour.
        let found = verdict.element.as_deref().and_then(|id| holder(timeline, id));
        let is_meant = |index: &usize| {
            verdict.code != VerdictCode::Group
                || timeline.elements.get(*index).is_some_and(|e| e.group().is_some())
        };
        wanted.extend(found.filter(is_meant));
        if verdict.code == VerdictCode::Group {
            let sides = timeline.transitions.iter().flat_map(|transition| [&transition.from, &transition.to]);
            let groups = sides.flatten().filter_map(|id| holder(timeline, id));
            wanted.extend(groups.filter(is_meant));
        }
    }
    wanted.sort_unstable();
    wanted.dedup();
    wanted.into_iter().filter_map(|index| bake(timeline, index)).collect()
}

/// The element of the film that is, or holds, the one of this id; one that is written several times has
/// a number behind its id.
fn holder(timeline: &Timeline, id: &str) -> Option<usize> {
    let named = |id: &str| timeline.elements.iter().position(|element| holds(element, id));
    named(id).or_else(|| named(id.rsplit_once('~')?.0))
}

fn holds(element: &Element, id: &str) -> bool {
    element.id == id || element.inner().any(|inner| holds(inner, id))
}

fn bake(timeline: &Timeline, index: usize) -> Option<Bake> {
    let element = timeline.elements.get(index)?;
    let frames = element.record_range.frames(timeline.frame_rate);
    let window = frames.start.max(0)..frames.end.min(timeline.frame_count());
    if window.is_empty() {
        return None;
    }
    let kind = match &element.layer {
        None => BakeKind::Sound,
        Some(_) if is_still(element, element.record_range, Nesting::Outermost) => BakeKind::Picture,
        Some(_) => BakeKind::Film,
    };
    // A film shows its frames on the film's grid; where a transition needs the element's own edges, they
    // must lie on it.
    let on_grid =
        |time: Time| Time::from_frame(timeline.frame_rate.frame_from_time(time), timeline.frame_rate) == time;
    let is_joined = timeline.transitions.iter().any(|transition| {
        [&transition.from, &transition.to].into_iter().flatten().any(|id| *id == element.id)
    });
    if kind == BakeKind::Film
        && is_joined
        && !(on_grid(element.record_range.start) && on_grid(element.record_range.end))
    {
        return None;
    }
    let mut alone = element.clone();
    if let Some(layer) = &mut alone.layer {
        layer.blend_mode = BlendMode::None;
        if kind == BakeKind::Picture {
            layer.opacity = Animated::Constant(Rational::integer(100));
            layer.motion = Vec::new();
        }
    }
    let (format, alpha) = match kind {
        BakeKind::Picture => (OutputFormat::Png, true),
        BakeKind::Film => (OutputFormat::Mov, true),
        BakeKind::Sound => (OutputFormat::Wav, false),
    };
    let output = Output { alpha, ..Output::new(format) };
    let window = match kind {
        BakeKind::Picture => window.start..window.start + 1,
        BakeKind::Film => window,
        BakeKind::Sound => around(element.record_range, timeline),
    };
    let film = Timeline {
        background: Background { color: Color { a: 0, ..Color::BLACK }, image: None },
        elements: vec![alone],
        transitions: Vec::new(),
        markers: Vec::new(),
        outputs: vec![output],
        ..timeline.clone()
    };
    Some(Bake { element: index, kind, film, window })
}

/// All frames that a sound touches: none of it may be lost to the grid.
fn around(range: TimeRange, timeline: &Timeline) -> Range<i64> {
    let rate = timeline.frame_rate.per_second();
    let start = i64::try_from((range.start.seconds() * rate).floor()).unwrap_or(0);
    let end = i64::try_from((range.end.seconds() * rate).ceil()).unwrap_or(i64::MAX);
    start.max(0)..end.min(timeline.frame_count())
}

impl Bake {
    /// Puts the file at `location` in the place of the element.
    pub fn put(&self, timeline: &mut Timeline, location: String) {
        let (rate, size) = (timeline.frame_rate, timeline.size);
        let Some(element) = timeline.elements.get_mut(self.element) else { return };
        let frames = Time::from_frame(self.window.end - self.window.start, rate);
        let has_sound = has_sound(element);
        let natural = |duration| Natural { width: size.width, height: size.height, duration, has_sound };
        if self.kind != BakeKind::Picture {
            let start = Time::from_frame(self.window.start, rate);
            element.record_range = TimeRange::new(start, start + frames);
        }
        let whole = TimeRange::new(Time::ZERO, frames);
        let old = element.layer.take();
        let clip =
            |natural| Clip::once(MediaSource { location: location.clone(), natural }, whole, Rational::ONE);
        match self.kind {
            BakeKind::Picture => {
                element.content = Content::Image(MediaSource { location, natural: Some(natural(None)) });
            }
            BakeKind::Film => {
                element.content = Content::Video(clip(Some(natural(Some(frames)))));
                element.sound = has_sound.then(Sound::default);
            }
            BakeKind::Sound => {
                let natural = Natural { width: 0, height: 0, duration: Some(frames), has_sound: true };
                element.content = Content::Audio(clip(Some(natural)));
                element.sound = Some(Sound::default());
            }
        }
        element.layer = old.map(|old| {
            let keeps_look = self.kind == BakeKind::Picture;
            let full = Layer {
                fit: Fit::Stretch,
                z_index: old.z_index,
                blend_mode: old.blend_mode,
                ..Layer::default()
            };
            match keeps_look {
                true => Layer { opacity: old.opacity, motion: old.motion, ..full },
                false => full,
            }
        });
    }
}

fn has_sound(element: &Element) -> bool {
    element.sound.is_some() || element.group().is_some_and(|group| group.elements.iter().any(has_sound))
}

/// Where an element stands that is asked whether it moves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nesting {
    /// On the film's canvas, where a body can fade it.
    Outermost,
    /// In another element.
    Inside,
}

/// Whether an element looks the same for all of `around`, apart from fades that a body can say.
fn is_still(element: &Element, around: TimeRange, nesting: Nesting) -> bool {
    let Some(layer) = &element.layer else { return false };
    let range = element.record_range;
    let content = match &element.content {
        Content::Video(_) | Content::Audio(_) => false,
        Content::Image(_) | Content::Shape(_) => true,
        Content::Text(text) => text.word_animation.is_none(),
        Content::Group(group) => {
            group.transitions.is_empty()
                && group.elements.iter().all(|inner| is_still(inner, around, Nesting::Inside))
        }
    };
    content
        && range.start <= around.start
        && range.end >= around.end
        && is_still_layer(layer, around, nesting)
}

fn is_still_layer(layer: &Layer, around: TimeRange, nesting: Nesting) -> bool {
    let fades = match nesting {
        Nesting::Outermost => layer.motion.iter().all(|motion| motion.kind == MotionType::Fade),
        Nesting::Inside => layer.motion.is_empty() && layer.opacity.constant().is_some(),
    };
    let lengths = [&layer.x, &layer.y, &layer.width, &layer.height];
    fades
        && lengths.into_iter().all(|length| length.constant().is_some())
        && layer.z_rotation.constant().is_some()
        && layer.x_scale.constant().is_some()
        && layer.y_scale.constant().is_some()
        && layer.adjust.noise.is_zero()
        && layer.effects.iter().all(|effect| stands_still(effect.kind))
        && layer.mask.as_ref().is_none_or(|mask| match &mask.source {
            MaskSource::Shape { place, .. } | MaskSource::Image { place, .. } => is_still_place(place),
            MaskSource::Element(matte) => is_still(matte, around, Nesting::Inside),
        })
}

fn is_still_place(place: &MaskPlace) -> bool {
    [&place.x, &place.y, &place.width, &place.height].into_iter().all(|length| length.constant().is_some())
        && place.rotation.constant().is_some()
}

/// Effects that are known to make the same of the same picture at any time; others may live.
const fn stands_still(kind: EffectType) -> bool {
    use EffectType as E;
    matches!(
        kind,
        E::Polaroid
            | E::Filmic
            | E::Sepia
            | E::Duotone
            | E::CrossProcess
            | E::BleachBypass
            | E::Scanlines
            | E::RgbSplit
            | E::ChromaticAberration
            | E::CameraLensBlur
            | E::CameraLensBlurBg
            | E::BoxBlur
            | E::OpticsCompensation
            | E::Glow
            | E::Prism
            | E::Posterize
            | E::Mosaic
            | E::MosaicBlur
            | E::MosaicPosterize
            | E::CcHalftone
            | E::CcHalftoneRed
            | E::CcHalftoneGreen
            | E::CcHalftoneBlue
            | E::Invert
            | E::Thermal
            | E::ChromaKey
    )
}
