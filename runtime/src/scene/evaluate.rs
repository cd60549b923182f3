//! Cutting a scene out of a timeline.

use std::ops::Range;

use vid_timeline::group::paint_order;
use vid_timeline::{
    Animated, Background, Blending, Clip, Color, Content, Crop, Element, Fit, FrameRate, Group, Layer, Mask,
    MaskSource, MediaSource, Motion, MotionScope, Rational, Size, Style, Time, TimeRange, Timeline,
    Transition,
};

use super::{
    Course, Direction, Grid, Look, MattePlace, Picture, Place, Scene, SceneItem, SceneLayer, SceneLut,
    SceneMask, SceneMatte, SceneMotion, SceneTransition,
};
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
    let cutter = Cutter {
        elements: &timeline.elements,
        transitions: &timeline.transitions,
        rate: timeline.frame_rate,
        origin: Time::ZERO,
        assets,
        frames,
    };
    cutter.scene(timeline.size, Some(&timeline.background), timeline.blending)
}

/// Cuts scenes out of the elements of a film, or of a group.
struct Cutter<'a> {
    elements: &'a [Element],
    transitions: &'a [Transition],
    /// Frames per second.
    rate: FrameRate,
    /// The instant of frame zero, in time of the film.
    origin: Time,
    assets: &'a Assets,
    /// The frames that are cut out; at least one.
    frames: Range<i64>,
}

impl Cutter<'_> {
    fn scene(
        &self,
        size: Size,
        background: Option<&Background>,
        blending: Blending,
    ) -> Result<Scene, RenderError> {
        // Each item with its level; one with a level of its own comes above all others on it.
        let mut levels = Vec::new();
        let mut raised = Vec::new();
        for index in paint_order(self.elements) {
            let element = &self.elements[index];
            let level = element.layer.as_ref().map_or(0, |layer| layer.z_index);
            let own = self.own_layers(element)?;
            levels.extend(own.into_iter().map(|layer| (level, SceneItem::Layer(Box::new(layer)))));
            for transition in self.transitions.iter().filter(|t| t.seat() == Some(&element.id)) {
                let Some(made) = self.transition(transition)? else { continue };
                let item = SceneItem::Transition(Box::new(made));
                match transition.z_index {
                    Some(level) => raised.push((level, item)),
                    None => levels.push((level, item)),
                }
            }
        }
        levels.extend(raised);
        levels.sort_by_key(|(level, _)| *level);
        let items = levels.into_iter().map(|(_, item)| item).collect();
        let image = background.and_then(|background| background.image.as_ref());
        Ok(Scene {
            size,
            frame_rate: self.rate,
            frame_count: self.frames.end - self.frames.start,
            background: background.map_or(Color::TRANSPARENT, |background| background.color),
            blending,
            background_image: image
                .map(|location| Ok::<_, RenderError>(self.assets.media(location)?.hash))
                .transpose()?,
            items,
        })
    }

    /// The frames of a stretch of the film.
    fn frames_of(&self, range: TimeRange) -> Range<i64> {
        range.shifted(-self.origin).frames(self.rate)
    }

    /// The element's stretches inside the scene during which no transition has taken it over.
    fn own_layers(&self, element: &Element) -> Result<Vec<SceneLayer>, RenderError> {
        let mut own = vec![self.frames_of(element.record_range)];
        for transition in self.transitions {
            if transition.joins(&element.id) {
                let taken = self.frames_of(transition.record_range);
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
        let record_frames = self.frames_of(transition.record_range);
        let frames = self.inside(record_frames.clone());
        let element = |id: &str| {
            let found = self.elements.iter().find(|element| element.id == id);
            found.ok_or_else(|| RenderError::broken_timeline(id))
        };
        let side = |id: &Option<String>| match id {
            Some(id) => self.layer(element(id)?, record_frames.clone()),
            None => Ok(None),
        };
        let (from, to) = (side(&transition.from)?, side(&transition.to)?);
        if from.is_none() && to.is_none() {
            return Ok(None);
        }
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
        let local = |frame| local_start + Time::from_frame(frame, self.rate);
        let seen = TimeRange::new(local(frames.start), local(frames.end - 1));
        let opacity = settled(&layer.opacity, seen);
        let n_glyphs = match &element.content {
            Content::Text(text) => text.text.chars().count(),
            _ => 0,
        };
        let motions: Vec<_> =
            layer.motion.iter().filter_map(|motion| self.motion(motion, &frames, n_glyphs)).collect();
        if opacity.constant().is_some_and(|value| *value <= Rational::ZERO) {
            return Ok(None);
        }
        let mut place = settled_place(layer, seen);
        if matches!(element.content, Content::Text(_) | Content::Shape(_)) {
            // Words and shapes fill their box.
            (place.fit, place.crop) = (Fit::Stretch, Crop::default());
        }
        let look = self.look(element, layer)?;
        let mask = layer.mask.as_ref().map(|mask| self.mask(mask, &frames, seen)).transpose()?;
        let holds_still = opacity.constant().is_some()
            && place.is_static()
            && !look.is_timed()
            && mask.as_ref().is_none_or(|mask| !mask.is_timed());
        let picture = self.picture(element, layer, &frames)?;
        Ok(Some(SceneLayer {
            frames,
            picture,
            mask: mask.map(Box::new),
            place,
            look,
            opacity,
            motions,
            local_start: if holds_still { Time::ZERO } else { local_start },
        }))
    }

    fn look(&self, element: &Element, layer: &Layer) -> Result<Look, RenderError> {
        let mut look = Look::of(layer);
        if let Some(lut) = layer.lut.as_ref().filter(|lut| !lut.intensity.is_zero()) {
            look.lut =
                Some(SceneLut { file: self.assets.lut_hash(&lut.location)?, intensity: lut.intensity });
        }
        if matches!(element.content, Content::Text(_)) {
            // Letters and plate have it already.
            look.style = Style::default();
        }
        Ok(look)
    }

    fn mask(&self, mask: &Mask, frames: &Range<i64>, seen: TimeRange) -> Result<SceneMask, RenderError> {
        let matte = match &mask.source {
            MaskSource::Shape { shape, place } => {
                SceneMatte::Shape { shape: shape.clone(), place: Box::new(MattePlace::of(place, seen)) }
            }
            MaskSource::Image { source, place } => {
                let asset = self.assets.media(&source.location)?;
                SceneMatte::Still {
                    media: asset.hash,
                    natural: natural(source, asset.display_size()),
                    place: Box::new(MattePlace::of(place, seen)),
                }
            }
            MaskSource::Element(element) => {
                let own = self.frames_of(element.record_range);
                let first = self.frames.start;
                let shared = own.start.max(first + frames.start)..own.end.min(first + frames.end);
                match self.layer(element, shared)? {
                    Some(layer) => SceneMatte::Layer(Box::new(layer)),
                    None => SceneMatte::Absent,
                }
            }
        };
        Ok(SceneMask { matte, mode: mask.mode, inverted: mask.inverted, feather: mask.feather })
    }

    /// A group's own scene for `frames` of this one.
    fn group(&self, element: &Element, group: &Group, frames: &Range<i64>) -> Result<Picture, RenderError> {
        let time = |frame| Time::from_frame(frame, self.rate);
        let (origin, rate) = match group.frame_rate {
            None => (self.origin, self.rate),
            Some(rate) => (element.record_range.start, rate),
        };
        // The group's frame on screen at a frame of this scene.
        let shown = |frame| {
            let at = self.start() + time(frame) - origin;
            (at.seconds() * rate.per_second()).floor()
        };
        let frame =
            |number: i128| i64::try_from(number).map_err(|_| RenderError::broken_timeline(&element.id));
        let (first, last) = (frame(shown(frames.start))?, frame(shown(frames.end - 1))?);
        let cutter = Cutter {
            elements: &group.elements,
            transitions: &group.transitions,
            rate,
            origin,
            assets: self.assets,
            frames: first..last + 1,
        };
        let scene = cutter.scene(group.size, group.background.as_ref(), group.blending)?;
        Ok(Picture::Group { scene: Box::new(scene), ahead: self.start() - cutter.start() })
    }

    fn picture(&self, element: &Element, layer: &Layer, frames: &Range<i64>) -> Result<Picture, RenderError> {
        match &element.content {
            Content::Video(clip) => self.video(element, clip),
            Content::Image(source) => {
                let asset = self.assets.media(&source.location)?;
                Ok(Picture::Still { media: asset.hash, natural: natural(source, asset.display_size()) })
            }
            Content::Text(text) => {
                let style = element.layer.as_ref().map(|layer| layer.style.clone()).unwrap_or_default();
                let fonts = self.assets.fonts_of(text)?;
                let mut text = text.clone();
                for word in text.word_animation.iter_mut().flat_map(|words| &mut words.words) {
                    word.record_range = word.record_range.shifted(-self.start());
                }
                Ok(Picture::Text { text, style: Box::new(style), fonts })
            }
            Content::Shape(shape) => Ok(Picture::Shape { shape: shape.clone(), fit: layer.fit }),
            Content::Group(group) => self.group(element, group, frames),
            Content::Audio(_) => Err(RenderError::broken_timeline(&element.id)),
        }
    }

    fn video(&self, element: &Element, clip: &Clip) -> Result<Picture, RenderError> {
        let asset = self.assets.media(&clip.source.location)?;
        Ok(Picture::Video {
            media: asset.hash,
            course: Course {
                start: clip.source_from_record(element.record_range, self.start()),
                speed: clip.speed,
                direction: if clip.reversed { Direction::Backwards } else { Direction::Forwards },
                around: clip.repeats.then_some(clip.source_range),
            },
            natural: natural(&clip.source, asset.display_size()),
        })
    }

    /// The motion in scene time; `None` when it leaves all of `frames` as they are.
    fn motion(&self, motion: &Motion, frames: &Range<i64>, n_glyphs: usize) -> Option<SceneMotion> {
        let per_glyph = motion.scope == MotionScope::Character;
        let (wait, delay) = if per_glyph { (Time::ZERO, motion.delay) } else { (motion.delay, Time::ZERO) };
        let moved = SceneMotion {
            kind: motion.kind,
            range: motion.record_range.shifted(wait - self.start()),
            easing: motion.easing,
            reversed: motion.reversed,
            scope: motion.scope,
            delay,
            repeats: motion.repeats,
        };
        let time = |frame| Time::from_frame(frame, self.rate);
        let seen = (time(frames.start), time(frames.end - 1));
        moved.affects(seen, n_glyphs).then_some(moved)
    }

    fn inside(&self, record_frames: Range<i64>) -> Range<i64> {
        let start = record_frames.start.max(self.frames.start);
        let end = record_frames.end.min(self.frames.end).max(start);
        start - self.frames.start..end - self.frames.start
    }

    fn start(&self) -> Time {
        self.origin + Time::from_frame(self.frames.start, self.rate)
    }
}

fn natural(source: &MediaSource, probed: (u32, u32)) -> (u32, u32) {
    source.natural.map_or(probed, |natural| (natural.width, natural.height))
}

/// The value as a constant when it holds still over `seen` (both ends included).
pub(super) fn settled<T: Clone + PartialEq>(value: &Animated<T>, seen: TimeRange) -> Animated<T> {
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
    let lengths = [&layer.x, &layer.y, &layer.width, &layer.height];
    let travels = lengths.iter().any(|length| {
        let mut values = length.values();
        let first = values.next();
        values.any(|value| Some(value) != first)
    });
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
        x_scale: settled(&layer.x_scale, seen),
        y_scale: settled(&layer.y_scale, seen),
        x_rotation: layer.x_rotation,
        y_rotation: layer.y_rotation,
        z_rotation: settled(&layer.z_rotation, seen),
        flip_horizontal: layer.flip_horizontal,
        flip_vertical: layer.flip_vertical,
        grid: if travels { Grid::Exact } else { Grid::Pixels },
    }
}

/// What is left of `range` without `taken`: nothing, one piece or two.
fn without(range: Range<i64>, taken: &Range<i64>) -> Vec<Range<i64>> {
    let before = range.start..range.end.min(taken.start);
    let after = range.start.max(taken.end)..range.end;
    [before, after].into_iter().filter(|piece| !piece.is_empty()).collect()
}
