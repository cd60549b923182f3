//! Groups: their elements on the film's own canvas, which is all that a body has.
//!
//! A group that is only placed and scaled evenly is exact: every place, size and length of its
//! elements is computed on the film's canvas. Its opacity is that of each element; where two of them
//! overlap, that is near and no more. What a body cannot do to several elements at once is refused.

use std::borrow::Cow;

use super::verdict::{Notes, VerdictCode};
use crate::animate::{Animated, Keyframe};
use crate::catalog::BlendMode;
use crate::element::{Content, Element, Text};
use crate::group::{Group, paint_order};
use crate::layer::{Adjustments, Crop, Layer, Style, box_size};
use crate::rational::Rational;
use crate::time::{Time, TimeRange};
use crate::timeline::{Timeline, Transition};
use crate::values::{Color, Length, Size};

const HUNDRED: Rational = Rational::integer(100);

/// The film without groups.
pub(super) fn flattened<'a>(timeline: &'a Timeline, notes: &mut Notes) -> Cow<'a, Timeline> {
    if timeline.groups().next().is_none() {
        return Cow::Borrowed(timeline);
    }
    let mut flat = Flat { elements: Vec::new(), transitions: Vec::new(), level: 0 };
    let place = Placing {
        film: timeline.size,
        size: timeline.size,
        scale: Rational::ONE,
        left: Rational::ZERO,
        top: Rational::ZERO,
    };
    flat.stage(&timeline.elements, &timeline.transitions, &place, notes);
    let (elements, transitions) = (flat.elements, flat.transitions);
    Cow::Owned(Timeline { elements, transitions, ..timeline.clone() })
}

struct Flat {
    elements: Vec<Element>,
    transitions: Vec<Transition>,
    /// The next free layer, from back to front.
    level: i64,
}

/// Where a group's canvas lies on the film's.
#[derive(Clone, Copy)]
struct Placing {
    /// The film's size.
    film: Size,
    /// Its size in its own pixels.
    size: Size,
    /// Pixels of the film for one of its own.
    scale: Rational,
    left: Rational,
    top: Rational,
}

impl Flat {
    /// Adds what is drawn on one canvas; gives every layer the number of its place in the film.
    fn stage(&mut self, elements: &[Element], transitions: &[Transition], on: &Placing, notes: &mut Notes) {
        let mut done: Vec<Vec<Element>> = vec![Vec::new(); elements.len()];
        let mut own_levels = Vec::new();
        for index in paint_order(elements) {
            let Some(element) = elements.get(index) else { continue };
            let z_index = element.layer.as_ref().map_or(0, |layer| layer.z_index);
            // A transition's own layer is between those of two elements.
            self.level += 2;
            own_levels.push((z_index, self.level));
            let outer = std::mem::take(&mut self.elements);
            self.visual(element, on, notes);
            let added = std::mem::replace(&mut self.elements, outer);
            if let Some(slot) = done.get_mut(index) {
                *slot = added;
            }
        }
        for (element, added) in elements.iter().zip(done) {
            if element.layer.is_none() {
                self.elements.push(element.clone());
            }
            self.elements.extend(added);
        }
        for transition in transitions {
            notes.about(transition.seat(), transition.origin);
            let groups = [&transition.from, &transition.to];
            let is_group = |id: &str| elements.iter().any(|e| e.id == id && e.group().is_some());
            if let Some(group) = groups.into_iter().flatten().find(|id| is_group(id)) {
                let message =
                    format!("a transition of a body joins two elements, and `{group}` is drawn as a unit");
                notes.refused(VerdictCode::Group, message);
                continue;
            }
            let level = |own: i64| {
                let below = own_levels.iter().rev().find(|(z_index, _)| *z_index <= own);
                below.map_or(1, |(_, level)| level + 1)
            };
            self.transitions
                .push(Transition { z_index: transition.z_index.map(level), ..transition.clone() });
        }
    }

    fn visual(&mut self, element: &Element, on: &Placing, notes: &mut Notes) {
        match &element.content {
            Content::Group(group) => self.group(element, group, on, notes),
            _ => {
                let mut element = element.clone();
                on.put(&mut element);
                if let Some(layer) = &mut element.layer {
                    layer.z_index = self.level;
                }
                self.elements.push(element);
            }
        }
    }

    fn group(&mut self, element: &Element, group: &Group, on: &Placing, notes: &mut Notes) {
        notes.about(Some(&element.id), element.origin);
        let default = Layer::default();
        let layer = element.layer.as_ref().unwrap_or(&default);
        refuse(layer, group, notes);
        let place = on.inside(layer, group.size).unwrap_or_else(|| {
            let message =
                "its picture is moved, or stretched unevenly, and a body cannot do that to several elements";
            notes.refused(VerdictCode::Group, message);
            Placing { size: group.size, ..*on }
        });
        let before = self.elements.len();
        self.stage(&group.elements, &group.transitions, &place, notes);
        notes.about(Some(&element.id), element.origin);
        let added = self.elements.split_off(before);
        let mut added: Vec<Element> =
            added.into_iter().filter_map(|inner| cut_to(inner, element.record_range)).collect();
        dim(&mut added, layer, element.record_range, notes);
        self.elements.extend(added);
    }
}

/// Says what a group has that its elements cannot have one by one.
fn refuse(layer: &Layer, group: &Group, notes: &mut Notes) {
    let turned = !layer.x_rotation.is_zero()
        || !layer.y_rotation.is_zero()
        || layer.z_rotation.values().any(|angle| !angle.is_zero());
    let below = group.background.as_ref().is_some_and(|b| b.color.a != 0 || b.image.is_some());
    let things = [
        ("a frame rate of its own", group.frame_rate.is_some()),
        ("a background of its own", below),
        ("a rotation", turned),
        ("a mirrored picture", layer.flip_horizontal || layer.flip_vertical),
        ("a blend mode", layer.blend_mode != BlendMode::None),
        ("a tint", layer.color_overlay.is_some_and(|color: Color| color.a != 0)),
        ("corners, an edge or a shadow", layer.style != Style::default()),
        ("a crop", layer.crop != Crop::default()),
        ("colour adjustments", layer.adjust != Adjustments::default()),
        ("a look-up table", layer.lut.is_some()),
        ("effects", !layer.effects.is_empty()),
        ("motions", !layer.motion.is_empty()),
        ("a mask", layer.mask.is_some()),
    ];
    for (what, _) in things.into_iter().filter(|(_, there)| *there) {
        let message = format!("a body has no groups, so several elements cannot have {what} together");
        notes.refused(VerdictCode::Group, message);
    }
}

impl Placing {
    /// Where a canvas lies that a layer places on this one; `None` where it moves or is not scaled
    /// evenly.
    fn inside(&self, layer: &Layer, size: Size) -> Option<Self> {
        let sides = (*layer.width.constant()?, *layer.height.constant()?);
        let (width, height) = box_size(sides.0, sides.1, layer.aspect_ratio, self.size);
        let stretch = (*layer.x_scale.constant()?, *layer.y_scale.constant()?);
        let anchor = (layer.x_anchor.resolve(width), layer.y_anchor.resolve(height));
        let at = (
            layer.x.constant()?.resolve(self.size.width.into()),
            layer.y.constant()?.resolve(self.size.height.into()),
        );
        let (wide, high) = (Rational::from(size.width), Rational::from(size.height));
        let (across, down) = (width.checked_div(wide)?, height.checked_div(high)?);
        let fitted = match layer.fit {
            crate::catalog::Fit::Contain => across.min(down),
            crate::catalog::Fit::Cover => across.max(down),
            crate::catalog::Fit::None => Rational::ONE,
            crate::catalog::Fit::Stretch if across == down => across,
            crate::catalog::Fit::Stretch => return None,
        };
        if stretch.0 != stretch.1 || stretch.0 <= Rational::ZERO || fitted <= Rational::ZERO {
            return None;
        }
        let grown = stretch.0 / HUNDRED;
        let half = Rational::ratio(1, 2);
        // The canvas is in the middle of its box; scaling leaves the anchor where it is.
        let left = at.0 + ((width - wide * fitted) * half - anchor.0) * grown;
        let top = at.1 + ((height - high * fitted) * half - anchor.1) * grown;
        Some(Self {
            film: self.film,
            size,
            scale: self.scale * fitted * grown,
            left: self.left + left * self.scale,
            top: self.top + top * self.scale,
        })
    }

    /// Whether lengths and places are the same here as on the film's canvas.
    fn is_film(&self) -> bool {
        self.size == self.film && self.scale == Rational::ONE && self.left.is_zero() && self.top.is_zero()
    }

    /// Puts an element of this canvas on the film's.
    fn put(&self, element: &mut Element) {
        let Some(layer) = &mut element.layer else { return };
        let (wide, high) = (Rational::from(self.size.width), Rational::from(self.size.height));
        let pixels = |length: &Length, axis: Rational| Length::Pixels(length.resolve(axis) * self.scale);
        let sides = layer.width.constant().copied().zip(layer.height.constant().copied());
        if self.is_film() {
            return;
        }
        match (sides, layer.aspect_ratio) {
            (Some((width, height)), Some(ratio)) => {
                let (width, height) = box_size(width, height, Some(ratio), self.size);
                layer.width = Length::Pixels(width * self.scale).into();
                layer.height = Length::Pixels(height * self.scale).into();
                layer.aspect_ratio = None;
            }
            _ => {
                layer.width = layer.width.map(|length| pixels(length, wide));
                layer.height = layer.height.map(|length| pixels(length, high));
            }
        }
        layer.x = layer.x.map(|x| Length::Pixels(self.left + x.resolve(wide) * self.scale));
        layer.y = layer.y.map(|y| Length::Pixels(self.top + y.resolve(high) * self.scale));
        for length in [&mut layer.x_anchor, &mut layer.y_anchor] {
            scale_pixels(length, self.scale);
        }
        let style = &mut layer.style;
        for length in [
            &mut style.border_radius,
            &mut style.border_width,
            &mut style.shadow_blur,
            &mut style.shadow_x,
            &mut style.shadow_y,
        ] {
            scale_pixels(length, self.scale);
        }
        if let Content::Text(text) = &mut element.content {
            self.set(text);
        }
    }

    /// Scales the letters of a text.
    fn set(&self, text: &mut Text) {
        // Up to 1 the width of the outline is a fraction of the size, which must not be read as pixels.
        if text.stroke_width > Rational::ONE {
            let scaled = text.stroke_width * self.scale;
            text.stroke_width = if scaled > Rational::ONE {
                scaled
            } else {
                text.stroke_width.checked_div(text.font_size).unwrap_or(Rational::ZERO)
            };
        }
        text.font_size = text.font_size * self.scale;
        text.tracking = text.tracking * self.scale;
        scale_pixels(&mut text.x_padding, self.scale);
        scale_pixels(&mut text.y_padding, self.scale);
    }
}

fn scale_pixels(length: &mut Length, scale: Rational) {
    if let Length::Pixels(pixels) = length {
        *pixels = *pixels * scale;
    }
}

/// The part of an element that is there while its group is; `None` when that is nothing.
fn cut_to(element: Element, range: TimeRange) -> Option<Element> {
    // Sound is mixed as if it stood outside.
    if element.layer.is_none() {
        return Some(element);
    }
    let own = element.record_range;
    let left = own.intersection(range)?;
    if left == own {
        return Some(element);
    }
    let mut element = element;
    match &mut element.content {
        Content::Video(clip) | Content::Audio(clip) if clip.repeats => {
            clip.phase = clip.played(own, left.start);
        }
        Content::Video(clip) | Content::Audio(clip) => {
            let start = clip.source_from_record(own, left.start);
            let end = clip.source_from_record(own, left.end);
            clip.source_range = TimeRange::new(start.min(end), start.max(end));
        }
        _ => {}
    }
    element.record_range = left;
    Some(element)
}

/// Gives the elements of a group its opacity.
fn dim(elements: &mut [Element], layer: &Layer, range: TimeRange, notes: &mut Notes) {
    if layer.opacity.constant() == Some(&HUNDRED) {
        return;
    }
    let visible: Vec<TimeRange> =
        elements.iter().filter(|e| e.layer.is_some()).map(|element| element.record_range).collect();
    let overlap = visible.iter().enumerate().any(|(index, range)| {
        visible.iter().skip(index + 1).any(|other| range.intersection(*other).is_some())
    });
    if overlap {
        let message = "its opacity becomes that of each of its elements, which show through each other";
        notes.approximated(VerdictCode::Group, message);
    }
    for element in elements {
        let start = element.record_range.start;
        let Some(own) = element.layer.as_mut() else { continue };
        match multiplied(&own.opacity, &layer.opacity, range.start - start) {
            Some(opacity) => own.opacity = opacity,
            None => {
                let message = format!("`{}` and what is around it both change their opacity", element.id);
                notes.refused(VerdictCode::Group, message);
            }
        }
    }
}

/// The product of an opacity with that of the group, whose clock starts `later`; `None` when both
/// change.
fn multiplied(
    own: &Animated<Rational>,
    group: &Animated<Rational>,
    later: Time,
) -> Option<Animated<Rational>> {
    match (own, group) {
        (own, Animated::Constant(factor)) => Some(own.map(|value| *value * *factor / HUNDRED)),
        (Animated::Constant(value), Animated::Keyframes(keyframes)) => {
            let keyframe = |key: &Keyframe<Rational>| Keyframe {
                time: key.time + later,
                value: key.value * *value / HUNDRED,
                easing: key.easing,
            };
            Some(Animated::Keyframes(keyframes.iter().map(keyframe).collect()))
        }
        (Animated::Keyframes(_), Animated::Keyframes(_)) => None,
    }
}
