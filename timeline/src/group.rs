//! Groups: a composition that is placed as a unit, and ways through all elements of a film.

use serde::{Deserialize, Serialize};

use crate::element::{Content, Element, MediaSource};
use crate::mask::MaskSource;
use crate::time::FrameRate;
use crate::timeline::{Background, Blending, Timeline, Transition};
use crate::values::Size;

/// A composition that is drawn on a canvas of its own, which is then placed like an image.
///
/// Everything inside is absolute: times are those of the film, and ids are unique over the whole of
/// it. The group's element says when the group is seen, and its layer places the canvas; what is
/// inside at other times is not seen. Paint order, transitions and percentages inside know the
/// group's own canvas alone. Sound is mixed as if the elements stood outside.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Group {
    /// Pixels of its canvas, which is its natural size.
    pub size: Size,
    /// Its own rate: with *n* = ⌊(t − start of the element's range) · rate⌋ the group shows at *t*
    /// what it is at start + n / rate. `None` follows the film.
    pub frame_rate: Option<FrameRate>,
    /// What is below its elements; `None` is transparent.
    pub background: Option<Background>,
    /// How its colours are mixed.
    pub blending: Blending,
    /// In source order.
    pub elements: Vec<Element>,
    /// Between elements of this group.
    pub transitions: Vec<Transition>,
}

/// Indices of the visual ones of `elements`, bottom first: by `z_index`, then in source order.
pub fn paint_order(elements: &[Element]) -> Vec<usize> {
    let z_index = |i: usize| elements.get(i).and_then(|e| e.layer.as_ref()).map(|l| l.z_index);
    let mut order: Vec<usize> = (0..elements.len()).filter(|&i| z_index(i).is_some()).collect();
    order.sort_by_key(|&i| z_index(i));
    order
}

impl Element {
    /// The group it places, if it is one.
    pub fn group(&self) -> Option<&Group> {
        match &self.content {
            Content::Group(group) => Some(group),
            _ => None,
        }
    }

    /// The element that is its matte, if it has such a mask.
    pub fn matte(&self) -> Option<&Self> {
        match &self.layer.as_ref()?.mask.as_ref()?.source {
            MaskSource::Element(element) => Some(element),
            MaskSource::Shape { .. } | MaskSource::Image { .. } => None,
        }
    }

    /// The media it reads itself: its content's and its mask's, not those of elements inside it.
    pub fn media(&self) -> impl Iterator<Item = &MediaSource> {
        let mask = self.layer.as_ref().and_then(|layer| layer.mask.as_ref());
        let matte = mask.and_then(|mask| match &mask.source {
            MaskSource::Image { source, .. } => Some(source),
            MaskSource::Shape { .. } | MaskSource::Element(_) => None,
        });
        self.content.source().into_iter().chain(matte)
    }

    /// The elements right inside it: its matte, then its group's.
    pub(crate) fn inner(&self) -> impl DoubleEndedIterator<Item = &Self> {
        let children = self.group().map_or(&[][..], |group| &group.elements);
        self.matte().into_iter().chain(children)
    }
}

/// Every element of a film, each before what is inside it.
struct AllElements<'a> {
    /// What is still to come, the next one last.
    open: Vec<&'a Element>,
}

impl<'a> Iterator for AllElements<'a> {
    type Item = &'a Element;

    fn next(&mut self) -> Option<&'a Element> {
        let element = self.open.pop()?;
        self.open.extend(element.inner().rev());
        Some(element)
    }
}

impl Timeline {
    /// Every element: in source order, each one before its matte and before those of its group.
    pub fn all_elements(&self) -> impl Iterator<Item = &Element> {
        AllElements { open: self.elements.iter().rev().collect() }
    }

    /// Every transition with the elements it may join, those of the film before those of its groups.
    pub fn all_transitions(&self) -> impl Iterator<Item = (&Transition, &[Element])> {
        let own = self.transitions.iter().map(|transition| (transition, self.elements.as_slice()));
        let groups = self.all_elements().filter_map(Element::group);
        own.chain(groups.flat_map(|group| {
            group.transitions.iter().map(|transition| (transition, group.elements.as_slice()))
        }))
    }

    /// Every group, each before those inside it.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.all_elements().filter_map(Element::group)
    }

    /// Every location of a media file, in the order of [`Timeline::all_elements`] and backgrounds
    /// last; more than once where it is used more than once.
    pub fn media_locations(&self) -> impl Iterator<Item = &str> {
        let sources = self.all_elements().flat_map(Element::media).map(|source| source.location.as_str());
        let backgrounds = self.groups().filter_map(|group| group.background.as_ref());
        let images = std::iter::once(&self.background).chain(backgrounds).filter_map(|b| b.image.as_deref());
        sources.chain(images)
    }

    /// Calls `change` on every element in the order of [`Timeline::all_elements`], each before what is
    /// inside it.
    pub fn for_each_element_mut(&mut self, mut change: impl FnMut(&mut Element)) {
        for element in &mut self.elements {
            visit(element, &mut change);
        }
    }

    /// Calls `change` on every transition in the order of [`Timeline::all_transitions`].
    pub fn for_each_transition_mut(&mut self, mut change: impl FnMut(&mut Transition)) {
        self.transitions.iter_mut().for_each(&mut change);
        self.for_each_element_mut(|element| {
            if let Content::Group(group) = &mut element.content {
                group.transitions.iter_mut().for_each(&mut change);
            }
        });
    }
}

impl Element {
    /// Calls `change` on the element and on everything inside it, each before what is inside it.
    pub fn for_each_mut(&mut self, change: &mut dyn FnMut(&mut Self)) {
        visit(self, change);
    }
}

/// Goes through an element and what is inside it. The validator bounds the depth.
fn visit(element: &mut Element, change: &mut dyn FnMut(&mut Element)) {
    change(element);
    if let Some(mask) = element.layer.as_mut().and_then(|layer| layer.mask.as_mut())
        && let MaskSource::Element(matte) = &mut mask.source
    {
        visit(matte, change);
    }
    if let Content::Group(group) = &mut element.content {
        for inner in &mut group.elements {
            visit(inner, change);
        }
    }
}
