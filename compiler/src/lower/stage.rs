//! Elements and transitions: those of the film, and inside of what is drawn as a unit.

use std::collections::{BTreeMap, BTreeSet};

use vid_timeline::{
    Background, Blending, Clip, Color, Content, Element, Geometry, Group, Length, Mask, MaskPlace,
    MaskSource, MediaSource, Shape, Time, TimeRange, Transition, TransitionAudio, TransitionType,
};

use crate::diagnostics::Place;
use crate::lower::read::Reader;
use crate::lower::{Lowering, layer, shape, sound, text};
use crate::schedule::{AttachedRole, Joined, Placed, PlacedKind, PlacedUnit, Properties, natural_facts};

/// The film and its units while they become elements.
pub(super) struct Stages<'a> {
    lowering: &'a Lowering<'a>,
    film: TimeRange,
    /// Elements and transitions by the unit they are drawn in.
    members: BTreeMap<Option<usize>, Vec<usize>>,
    joined: BTreeMap<Option<usize>, Vec<&'a Joined>>,
    /// Elements that have become a mask already.
    matted: BTreeSet<usize>,
    /// Places in the order of [`vid_timeline::Timeline::all_elements`].
    pub elements: Vec<Place>,
    /// Places by stage, in the order of [`vid_timeline::Timeline::all_transitions`].
    pub transitions: Vec<Vec<Place>>,
}

impl<'a> Stages<'a> {
    pub(super) fn new(lowering: &'a Lowering<'a>, film: TimeRange) -> Self {
        let mut members: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
        for (index, placed) in lowering.scheduled.elements.iter().enumerate() {
            members.entry(placed.unit).or_default().push(index);
        }
        let mut joined: BTreeMap<Option<usize>, Vec<&Joined>> = BTreeMap::new();
        for transition in &lowering.scheduled.transitions {
            let side = transition.to.or(transition.from);
            let unit = side.and_then(|side| lowering.scheduled.elements[side].unit);
            joined.entry(unit).or_default().push(transition);
        }
        let (elements, transitions) = (Vec::new(), Vec::new());
        Self { lowering, film, members, joined, matted: BTreeSet::new(), elements, transitions }
    }

    /// Everything that is drawn on one canvas; `None` when something in it is not known.
    pub(super) fn stage(
        &mut self,
        unit: Option<usize>,
        blending: Blending,
    ) -> Option<(Vec<Element>, Vec<Transition>)> {
        let slot = self.transitions.len();
        self.transitions.push(Vec::new());
        let (mut elements, mut present) = (Vec::new(), BTreeSet::new());
        for index in self.members.remove(&unit).unwrap_or_default() {
            let placed = &self.lowering.scheduled.elements[index];
            let Some(record_range) = shown(placed).filter(|_| !placed.is_matte) else { continue };
            elements.push(self.element(index, record_range, blending)?);
            present.insert(index);
        }
        let mut transitions = Vec::new();
        for joined in self.joined.remove(&unit).unwrap_or_default() {
            let is_there = |side: &usize| present.contains(side);
            if !joined.from.iter().chain(&joined.to).all(is_there) {
                continue;
            }
            if let Some(transition) = self.transition(joined) {
                self.transitions[slot].push(joined.place.clone());
                transitions.push(transition);
            }
        }
        layer::number_layers(&mut elements, &mut transitions);
        Some((elements, transitions))
    }

    fn element(&mut self, index: usize, record_range: TimeRange, blending: Blending) -> Option<Element> {
        let placed = &self.lowering.scheduled.elements[index];
        let reader = Reader::new(&placed.properties, placed.range.start);
        self.elements.push(placed.place.clone());
        let mask = match self.mask(placed, blending) {
            Ok(mask) => mask,
            Err(NotKnown) => return None,
        };
        let layer = || {
            let locate = |path: &crate::eval::Text| self.lowering.location(path);
            Some(vid_timeline::Layer { mask, ..layer::layer(placed, record_range, &reader, locate)? })
        };
        let (content, layer, sound) = match placed.kind {
            PlacedKind::Video => {
                let clip = self.clip(placed, record_range, &reader)?;
                let heard = clip.source.natural.is_none_or(|natural| natural.has_sound);
                let sound = sound::sound(placed, &reader).filter(|sound| heard && !sound::is_silent(sound));
                (Content::Video(clip), Some(layer()?), sound)
            }
            PlacedKind::Audio => {
                let clip = self.clip(placed, record_range, &reader)?;
                (Content::Audio(clip), None, sound::sound(placed, &reader))
            }
            PlacedKind::Image => (Content::Image(self.source(placed)?), Some(layer()?), None),
            PlacedKind::Text => (Content::Text(Box::new(text::text(placed, &reader)?)), Some(layer()?), None),
            PlacedKind::Shape => (Content::Shape(Box::new(shape::shape(&reader)?)), Some(layer()?), None),
            PlacedKind::Unit => {
                let layer = layer()?;
                let group = self.group(index, placed.ground.as_ref()?, blending)?;
                (Content::Group(Box::new(group)), Some(layer), None)
            }
        };
        Some(Element {
            id: id_of(placed),
            name: reader.text("name"),
            track: reader.integer("track").and_then(|track| u8::try_from(track).ok()),
            record_range,
            content,
            layer,
            sound,
            container: placed.container,
            origin: None,
        })
    }

    fn group(&mut self, index: usize, ground: &PlacedUnit, around: Blending) -> Option<Group> {
        let reader = Reader::new(&ground.ground, Time::ZERO);
        let blending = if ground.has_blending { blending_of(&reader) } else { around };
        let (elements, transitions) = self.stage(Some(index), blending)?;
        Some(Group {
            size: ground.size,
            frame_rate: ground.rate,
            background: ground.has_background.then(|| background(self.lowering, &reader)),
            blending,
            elements,
            transitions,
        })
    }

    /// The last mask of an element, if it has one.
    fn mask(&mut self, placed: &Placed, blending: Blending) -> Result<Option<Mask>, NotKnown> {
        let masks = placed.attached.iter().rev().filter_map(|(role, properties, _)| match role {
            AttachedRole::Mask(matte) => Some((*matte, properties)),
            AttachedRole::Motion(_) | AttachedRole::Effect => None,
        });
        let Some((matte, properties)) = { masks }.next() else { return Ok(None) };
        let mask = match matte {
            Some(matte) => self.matte(placed, matte, properties, blending),
            None => self.drawn_mask(placed, properties),
        };
        mask.map(Some).ok_or(NotKnown)
    }

    fn drawn_mask(&self, placed: &Placed, properties: &Properties) -> Option<Mask> {
        let reader = Reader::new(properties, placed.range.start);
        shape::mask(&reader, |reader| {
            let location = self.lowering.location(&reader.media("source_url")?);
            let natural = natural_facts(self.lowering.db.media(&location).state(self.lowering.db));
            Some(MediaSource { location, natural })
        })
    }

    /// A mask that is an element of the film.
    fn matte(
        &mut self,
        masked: &Placed,
        index: usize,
        properties: &Properties,
        blending: Blending,
    ) -> Option<Mask> {
        let reader = Reader::new(properties, masked.range.start);
        let Some(record_range) = shown(&self.lowering.scheduled.elements[index]) else {
            // What is never there is transparent at all times.
            let geometry = Geometry::Rect { radius: Length::ZERO };
            let shape = Box::new(Shape { geometry, fill: None, stroke: None });
            return shape::masked(
                &reader,
                MaskSource::Shape { shape, place: Box::new(MaskPlace::default()) },
            );
        };
        // A unit's members are taken out of the list when they are drawn; a second mask needs them again.
        let again = !self.matted.insert(index);
        let kept = self.members.clone();
        let kept_joined = self.joined.clone();
        let mut matte = self.element(index, record_range, blending)?;
        (self.members, self.joined) = (kept, kept_joined);
        matte.sound = None;
        if let Some(layer) = &mut matte.layer {
            layer.z_index = 0;
        }
        if again {
            let prefix = format!("{}.mask.", id_of(masked));
            matte.for_each_mut(&mut |element| {
                element.id.insert_str(0, &prefix);
                if let Content::Group(group) = &mut element.content {
                    let sides = group.transitions.iter_mut().flat_map(|t| [&mut t.from, &mut t.to]);
                    sides.flatten().for_each(|id| id.insert_str(0, &prefix));
                }
            });
        }
        matte.for_each_mut(&mut |element| {
            if !matches!(element.content, Content::Audio(_)) {
                element.sound = None;
            }
        });
        shape::masked(&reader, MaskSource::Element(Box::new(matte)))
    }

    fn source(&self, placed: &Placed) -> Option<MediaSource> {
        let location = placed.location.clone()?;
        let natural = natural_facts(self.lowering.db.media(&location).state(self.lowering.db));
        Some(MediaSource { location, natural })
    }

    fn clip(&self, placed: &Placed, record_range: TimeRange, reader: &Reader<'_>) -> Option<Clip> {
        let speed = reader.number("speed")?;
        let (reversed, repeats) = (reader.flag("reverse")?, reader.flag("loop")?);
        // What its containers cut off at either side is not played.
        let skipped = (record_range.start - placed.range.start) * speed;
        let played = record_range.duration() * speed;
        let whole = placed.source_range?;
        let source_range = match (repeats, reversed) {
            (true, _) => whole,
            (false, true) => TimeRange::new(whole.end - skipped - played, whole.end - skipped),
            (false, false) => TimeRange::at(whole.start + skipped, played),
        };
        let phase = match repeats && !whole.is_empty() {
            true => skipped.modulo(whole.duration()),
            false => Time::ZERO,
        };
        Some(Clip { reversed, repeats, phase, ..Clip::once(self.source(placed)?, source_range, speed) })
    }

    fn transition(&self, joined: &Joined) -> Option<Transition> {
        let reader = Reader::new(&joined.properties, Time::ZERO);
        let side = |index: Option<usize>| index.map(|index| &self.lowering.scheduled.elements[index]);
        let (from, to) = (side(joined.from), side(joined.to));
        // What cuts off the element that comes cuts off the passage into it. Its start does not: a
        // transition through a cut begins before it.
        let shown = to.or(from).and_then(|placed| placed.visible).unwrap_or(self.film);
        let cut_off = TimeRange { start: joined.range.start, end: shown.end };
        let record_range = joined.range.intersection(self.film)?.intersection(cut_off)?;
        let audio = match reader.word("audio").as_deref() {
            Some("cut") => TransitionAudio::Cut,
            _ => TransitionAudio::Crossfade,
        };
        Some(Transition {
            kind: TransitionType::from_name(&reader.word("type")?)?,
            from: from.map(id_of),
            to: to.map(id_of),
            record_range,
            audio,
            z_index: reader.integer("z_index"),
            origin: None,
        })
    }
}

/// Something is not known before a render gives it.
struct NotKnown;

/// What is seen of an element: what its containers leave of it, unless it is hidden.
fn shown(placed: &Placed) -> Option<TimeRange> {
    let reader = Reader::new(&placed.properties, placed.range.start);
    placed.visible.filter(|_| reader.flag("visible").unwrap_or(true))
}

/// What is below everything else on a canvas.
pub(super) fn background(lowering: &Lowering<'_>, reader: &Reader<'_>) -> Background {
    Background {
        color: reader.color("background_color").unwrap_or(Color::BLACK),
        image: reader.media("background_image_url").map(|path| lowering.location(&path)),
    }
}

/// How colours are mixed on a canvas.
pub(super) fn blending_of(reader: &Reader<'_>) -> Blending {
    reader.word("blending").and_then(|word| Blending::from_name(&word)).unwrap_or_default()
}

/// The id that an element says, or the one that its place gives it.
fn id_of(placed: &Placed) -> String {
    Reader::new(&placed.properties, placed.range.start).text("id").unwrap_or_else(|| placed.id.clone())
}
