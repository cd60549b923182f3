//! Cutting a scene out of a timeline.

use std::ops::Range;

use vid_timeline::{
    Animated, Clip, Content, Element, Layer, MediaSource, Motion, Rational, Time, TimeRange, Timeline,
    Transition,
};

use super::{Picture, Place, Scene, SceneItem, SceneLayer, SceneMotion, SceneTransition};
use crate::assets::Assets;
use crate::error::RenderError;

/// The scene of `frames` of the timeline, which must be a non-empty part of its frames.
///
/// # Errors
/// A medium or font that `assets` does not hold.
pub fn scene_from_timeline(
    timeline: &Timeline,
    assets: &Assets,
    frames: Range<i64>,
) -> Result<Scene, RenderError> {
    let cutter = Cutter { timeline, assets, frames: frames.clone() };
    let mut items = Vec::new();
    for index in timeline.paint_order() {
        let element = &timeline.elements[index];
        items.extend(cutter.own_layers(element)?.into_iter().map(|layer| SceneItem::Layer(Box::new(layer))));
        for transition in timeline.transitions.iter().filter(|t| t.to == element.id) {
            items.extend(cutter.transition(transition)?.map(|t| SceneItem::Transition(Box::new(t))));
        }
    }
    let background_image = match &timeline.background.image {
        Some(location) => Some(assets.media(location)?.hash),
        None => None,
    };
    Ok(Scene {
        size: timeline.size,
        frame_rate: timeline.frame_rate,
        frame_count: frames.end - frames.start,
        background: timeline.background.color,
        background_image,
        items,
    })
}

struct Cutter<'a> {
    timeline: &'a Timeline,
    assets: &'a Assets,
    frames: Range<i64>,
}

impl Cutter<'_> {
    /// The element's stretches inside the scene during which no transition has taken it over.
    fn own_layers(&self, element: &Element) -> Result<Vec<SceneLayer>, RenderError> {
        let rate = self.timeline.frame_rate;
        let mut own = vec![element.record_range.frames(rate)];
        for transition in &self.timeline.transitions {
            if transition.from == element.id || transition.to == element.id {
                let taken = transition.record_range.frames(rate);
                own = own.into_iter().flat_map(|range| without(range, &taken)).collect();
            }
        }
        let mut layers = Vec::new();
        for range in own {
            layers.extend(self.layer(element, range)?);
        }
        Ok(layers)
    }

    fn transition(&self, transition: &Transition) -> Result<Option<SceneTransition>, RenderError> {
        let frames = self.inside(transition.record_range.frames(self.timeline.frame_rate));
        let element = |id: &str| self.timeline.element(id).ok_or_else(|| RenderError::broken_timeline(id));
        let record_frames = transition.record_range.frames(self.timeline.frame_rate);
        let from = self.layer(element(&transition.from)?, record_frames.clone())?;
        let to = self.layer(element(&transition.to)?, record_frames)?;
        let (Some(from), Some(to)) = (from, to) else { return Ok(None) };
        Ok(Some(SceneTransition {
            frames,
            kind: transition.kind,
            range: transition.record_range.shifted(-self.start()),
            from,
            to,
        }))
    }

    /// The element as a layer on the timeline's frames `record_frames`; `None` when nothing of that
    /// is in the scene or nothing of the element can be seen.
    fn layer(&self, element: &Element, record_frames: Range<i64>) -> Result<Option<SceneLayer>, RenderError> {
        let frames = self.inside(record_frames);
        let Some(layer) = &element.layer else { return Ok(None) };
        if frames.is_empty() {
            return Ok(None);
        }
        let local_start = self.start() - element.record_range.start;
        let local = |frame| local_start + Time::from_frame(frame, self.timeline.frame_rate);
        let seen = TimeRange::new(local(frames.start), local(frames.end - 1));
        let opacity = settled(&layer.opacity, seen);
        let motions: Vec<_> = layer.motion.iter().filter_map(|motion| self.motion(motion, &frames)).collect();
        if opacity.constant().is_some_and(|value| *value <= Rational::ZERO) {
            return Ok(None);
        }
        let place = settled_place(layer, seen);
        let holds_still = opacity.constant().is_some() && place.is_static();
        Ok(Some(SceneLayer {
            frames,
            picture: self.picture(element)?,
            place,
            opacity,
            motions,
            local_start: if holds_still { Time::ZERO } else { local_start },
        }))
    }

    fn picture(&self, element: &Element) -> Result<Picture, RenderError> {
        match &element.content {
            Content::Video(clip) => self.video(element, clip),
            Content::Image(source) => {
                let asset = self.assets.media(&source.location)?;
                Ok(Picture::Still { media: asset.hash, natural: natural(source, asset.display_size()) })
            }
            Content::Text(text) => {
                let style = element.layer.as_ref().map(|layer| layer.style.clone()).unwrap_or_default();
                let fonts = self.assets.fonts_of(text)?;
                Ok(Picture::Text { text: text.clone(), style: Box::new(style), fonts })
            }
            Content::Audio(_) => Err(RenderError::broken_timeline(&element.id)),
        }
    }

    fn video(&self, element: &Element, clip: &Clip) -> Result<Picture, RenderError> {
        let asset = self.assets.media(&clip.source.location)?;
        Ok(Picture::Video {
            media: asset.hash,
            source_start: clip.source_from_record(element.record_range, self.start()),
            speed: clip.speed,
            natural: natural(&clip.source, asset.display_size()),
        })
    }

    /// The motion in scene time; `None` when it leaves all of `frames` as they are.
    fn motion(&self, motion: &Motion, frames: &Range<i64>) -> Option<SceneMotion> {
        let range = motion.record_range.shifted(motion.delay - self.start());
        let time = |frame| Time::from_frame(frame, self.timeline.frame_rate);
        let at_rest = match motion.reversed {
            false => range.end <= time(frames.start),
            true => time(frames.end - 1) <= range.start,
        };
        (!at_rest).then_some(SceneMotion {
            kind: motion.kind,
            range,
            easing: motion.easing,
            reversed: motion.reversed,
        })
    }

    fn inside(&self, record_frames: Range<i64>) -> Range<i64> {
        let start = record_frames.start.max(self.frames.start);
        let end = record_frames.end.min(self.frames.end).max(start);
        start - self.frames.start..end - self.frames.start
    }

    fn start(&self) -> Time {
        Time::from_frame(self.frames.start, self.timeline.frame_rate)
    }
}

fn natural(source: &MediaSource, probed: (u32, u32)) -> (u32, u32) {
    source.natural.map_or(probed, |natural| (natural.width, natural.height))
}

/// The value as a constant when it holds still over `seen` (both ends included).
fn settled<T: Clone + PartialEq>(value: &Animated<T>, seen: TimeRange) -> Animated<T> {
    let Animated::Keyframes(keyframes) = value else { return value.clone() };
    let constant = match (keyframes.first(), keyframes.last()) {
        (Some(first), _) if seen.end <= first.time => Some(&first.value),
        (_, Some(last)) if last.time <= seen.start => Some(&last.value),
        (Some(first), _) if keyframes.iter().all(|k| k.value == first.value) => Some(&first.value),
        _ => None,
    };
    constant.map_or_else(|| value.clone(), |value| Animated::Constant(value.clone()))
}

fn settled_place(layer: &Layer, seen: TimeRange) -> Place {
    Place {
        x: settled(&layer.x, seen),
        y: settled(&layer.y, seen),
        width: settled(&layer.width, seen),
        height: settled(&layer.height, seen),
        aspect_ratio: layer.aspect_ratio,
        x_anchor: layer.x_anchor,
        y_anchor: layer.y_anchor,
        fit: layer.fit,
        crop: layer.crop,
    }
}

/// What is left of `range` without `taken`: nothing, one piece or two.
fn without(range: Range<i64>, taken: &Range<i64>) -> Vec<Range<i64>> {
    let before = range.start..range.end.min(taken.start);
    let after = range.start.max(taken.end)..range.end;
    [before, after].into_iter().filter(|piece| !piece.is_empty()).collect()
}
