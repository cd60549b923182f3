//! The outcome of scheduling: everything at its place, and what is wrong.

use std::collections::BTreeMap;
use std::sync::Arc;

use vid_timeline::{FrameRate, Rational, Size, Time, TimeRange};

use crate::diagnostics::{Place, Report};
use crate::eval::{Instance, Value};
use crate::items::Keyword;
use crate::schedule::engine::{Engine, ROOT};
use crate::schedule::media::MediaUse;
use crate::schedule::part::{InPlace, PartState, TOP};
use crate::schedule::properties::Properties;
use crate::schedule::tree::Role;
use crate::types::MediaKinds;

/// A composition in which everything has its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Scheduled {
    pub name: Arc<str>,
    pub size: Size,
    /// Where the size was said.
    pub size_place: Option<Place>,
    pub rate: FrameRate,
    /// `None` when it is not known.
    pub duration: Option<Time>,
    pub place: Option<Place>,
    pub properties: Properties,
    pub containers: Vec<PlacedContainer>,
    pub elements: Vec<Placed>,
    pub transitions: Vec<Joined>,
    pub markers: Vec<(Arc<str>, Time, Place)>,
    pub outputs: Vec<(Properties, Place)>,
    pub media: Vec<MediaUse>,
    pub reports: Vec<Report>,
    /// Whether every time and property is known.
    pub complete: bool,
}

/// An element at its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Placed {
    pub kind: PlacedKind,
    pub id: String,
    /// In an author's words: `` `intro` ``.
    pub called: Arc<str>,
    /// Index of its container.
    pub container: usize,
    /// Index of the unit that it is drawn in; `None` for the film.
    pub unit: Option<usize>,
    /// What it is drawn on, where it is a unit itself.
    pub ground: Option<PlacedUnit>,
    /// Whether it is a mask, and not drawn itself.
    pub is_matte: bool,
    /// Whether nothing is wrong with what is said of it, as far as that can be told without the film.
    pub is_checked: bool,
    pub range: TimeRange,
    /// What is left of it inside its containers; `None` when nothing is.
    pub visible: Option<TimeRange>,
    /// Which part of its media it plays, before anything is cut off.
    pub source_range: Option<TimeRange>,
    /// Where its media are.
    pub location: Option<String>,
    pub properties: Properties,
    /// What ducks take from its sound: decibels at times of its own clock, straight between them;
    /// empty where nothing is taken.
    pub duck: Vec<(Time, Rational)>,
    /// Of a text that was made of a cue: the line of the cue in its file.
    pub cue: Option<usize>,
    /// Motions, effects and masks, in order.
    pub attached: Arc<Vec<Attached>>,
    pub place: Place,
}

/// A container at its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PlacedContainer {
    pub sequence: bool,
    pub name: Option<Arc<str>>,
    pub parent: Option<usize>,
    pub range: TimeRange,
    pub place: Place,
}

/// A transition between two elements, by their indices; `None` is the background.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Joined {
    pub from: Option<usize>,
    pub to: Option<usize>,
    pub range: TimeRange,
    pub properties: Properties,
    pub place: Place,
}

/// The kinds of elements this version can place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PlacedKind {
    Video,
    Audio,
    Image,
    Text,
    Shape,
    /// A container as one picture; its elements have its index as their unit.
    Unit,
}

/// What a unit is drawn on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PlacedUnit {
    pub size: Size,
    /// Its rate, where that is another than the one around it.
    pub rate: Option<FrameRate>,
    /// The properties of its composition.
    pub ground: Properties,
    /// Whether the composition says what is below its elements.
    pub has_background: bool,
    /// Whether it says how its colours are mixed.
    pub has_blending: bool,
}

/// What is attached to an element, with what is said of it and where it stands.
pub(crate) type Attached = (AttachedRole, Properties, Place);

/// What is attached to an element.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum AttachedRole {
    Motion(Keyword),
    Effect,
    /// A mask; of an element, by its index, where it is not an outline or a picture.
    Mask(Option<usize>),
}

/// What comes of an engine's work.
pub(super) struct Finished {
    pub scheduled: Scheduled,
    /// What a part is drawn on.
    pub ground: Option<PlacedUnit>,
    pub part: Option<PartState>,
    /// Compositions that have to be expanded where they are placed; then the rest counts for nothing.
    pub exposed: InPlace,
    /// Instances, those of placed compositions included.
    pub instances: usize,
    pub steps: u32,
}

impl AttachedRole {
    /// The same after so many other elements.
    pub(super) fn after(self, elements: usize) -> Self {
        match self {
            Self::Mask(Some(matte)) => Self::Mask(Some(matte + elements)),
            role => role,
        }
    }
}

impl Scheduled {
    /// What comes of an item that is no composition.
    pub(crate) fn nothing() -> Self {
        Self {
            name: Arc::from(""),
            size: Size::DEFAULT,
            size_place: None,
            rate: FrameRate::DEFAULT,
            duration: None,
            place: None,
            properties: Properties::default(),
            containers: Vec::new(),
            elements: Vec::new(),
            transitions: Vec::new(),
            markers: Vec::new(),
            outputs: Vec::new(),
            media: Vec::new(),
            reports: Vec::new(),
            complete: false,
        }
    }
}

impl<'db> Engine<'db> {
    /// Computes everything in source order and collects it.
    pub(super) fn finish(mut self) -> Finished {
        let mut complete = true;
        // What stands above a part is not there.
        let first = usize::from(self.part.is_some());
        let mut properties: Vec<Properties> = vec![Properties::default(); first];
        for index in first..self.nodes.len() {
            let id = instance(index);
            let (values, known) = self.properties(id);
            complete &= known;
            properties.push(values);
            self.check_motion(id);
        }
        self.note_media();
        let duration = self.length(instance(first)).ok();
        complete &= duration.is_some();

        let units = self.units();
        let mut bases = Vec::new();
        let mut next = 0;
        let mut scheduled = Scheduled { duration, ..Scheduled::nothing() };
        let mut containers: BTreeMap<Instance, usize> = BTreeMap::new();
        let mut elements: BTreeMap<Instance, usize> = BTreeMap::new();
        for index in first..=self.nodes.len() {
            while let Some(part) = self.deferred_before(&mut next, index) {
                match self.put_part(part, &mut scheduled, &containers, &elements) {
                    Some(base) => bases.push(base),
                    None => complete = false,
                }
            }
            if index == self.nodes.len() {
                break;
            }
            let id = instance(index);
            let role = self.node(id).role;
            if role.is_container() {
                let Some(range) = self.range(id) else {
                    complete = false;
                    continue;
                };
                containers.insert(id, scheduled.containers.len());
                let node = self.node(id);
                scheduled.containers.push(PlacedContainer {
                    sequence: role == Role::Sequence,
                    name: node.name.as_ref().map(|name| name.text.clone()),
                    parent: containers.get(&node.parent).copied().filter(|_| id != ROOT),
                    range,
                    place: node.place.clone(),
                });
            }
            if role == Role::Element || units.contains(&id) {
                match self.placed(id, &containers, &elements, &properties) {
                    Some(placed) => {
                        elements.insert(id, scheduled.elements.len());
                        scheduled.elements.push(placed);
                    }
                    None => complete = false,
                }
            }
        }
        let mut bases = bases.iter().peekable();
        for index in first..=self.nodes.len() {
            while let Some(base) = bases.next_if(|base| self.deferred[base.part].after <= index) {
                self.join_part(base, &mut scheduled);
            }
            let Some(node_properties) = properties.get(index) else { break };
            let id = instance(index);
            let place = self.node(id).place.clone();
            match self.node(id).role {
                Role::Marker => match (self.start(id), self.node(id).name.clone()) {
                    (Ok(time), Some(name)) => {
                        let home = &self.node(self.home(id)).id;
                        let name = if home.is_empty() {
                            name.text
                        } else {
                            Arc::from(format!("{home}.{}", name.text))
                        };
                        scheduled.markers.push((name, time, place));
                    }
                    _ => complete = false,
                },
                Role::Output => scheduled.outputs.push((node_properties.clone(), place)),
                Role::Transition => {
                    self.check_transition(id);
                    if let Some(joined) = self.joined(id, &elements, node_properties) {
                        scheduled.transitions.push(joined);
                    }
                }
                _ => {}
            }
        }
        self.join_mattes(&mut scheduled.elements, &elements);
        self.resolve_ducks(&mut scheduled.elements, &elements);
        self.check_tracks(&mut scheduled.elements, &elements);
        self.check_markers();
        self.check_lets();
        let ground = self.part.is_some().then(|| self.placed_unit(TOP, &properties));
        let root = self.node(ROOT);
        scheduled.name = root.name.as_ref().map_or_else(|| Arc::from(""), |name| name.text.clone());
        scheduled.place = Some(root.place.clone());
        scheduled.size = self.size;
        scheduled.size_place = root.assigned.get("width").map(|said| said.place.clone());
        scheduled.rate = self.rate;
        scheduled.properties = properties.into_iter().next().unwrap_or_default();
        scheduled.complete = complete;
        scheduled.media = self.media;
        scheduled.reports = self.reports;
        let instances = self.nodes.len() + self.shared;
        Finished { scheduled, ground, part: self.part, exposed: self.exposed, instances, steps: self.steps }
    }

    pub(super) fn range(&mut self, id: Instance) -> Option<TimeRange> {
        // Both are asked for, so that both say what is wrong with them.
        let (length, start) = (self.length(id), self.start(id));
        Some(TimeRange::at(start.ok()?, length.ok()?))
    }

    fn placed(
        &mut self,
        id: Instance,
        containers: &BTreeMap<Instance, usize>,
        elements: &BTreeMap<Instance, usize>,
        properties: &[Properties],
    ) -> Option<Placed> {
        let is_unit = self.node(id).role != Role::Element;
        let kind = match &*self.node(id).kind.name {
            _ if is_unit => PlacedKind::Unit,
            "shape" => PlacedKind::Shape,
            "video" => PlacedKind::Video,
            "audio" => PlacedKind::Audio,
            "image" => PlacedKind::Image,
            _ => PlacedKind::Text,
        };
        let plays = self.node(id).kind.field("speed").is_some();
        let range = self.range(id);
        let source_range = if plays { Some(self.source_range(id).ok()?) } else { None };
        let range = range?;
        self.check_start(id, range.start);
        let container = *containers.get(&self.node(id).parent)?;
        let node = self.node(id);
        let attached: Vec<Attached> = node
            .children
            .iter()
            .filter_map(|child| {
                let role = match self.node(*child).role {
                    Role::Motion(keyword) => AttachedRole::Motion(keyword),
                    Role::Effect => AttachedRole::Effect,
                    Role::Mask => AttachedRole::Mask(None),
                    _ => return None,
                };
                Some((role, properties[child.0 as usize].clone(), self.node(*child).place.clone()))
            })
            .collect();
        let (node_id, place, called) = (node.id.clone(), node.place.clone(), self.called(id));
        let location = if is_unit { None } else { self.media_location(id).ok().flatten() };
        let own =
            if is_unit { self.looks_of_unit(id, properties) } else { properties[id.0 as usize].clone() };
        let visible = self.clipped(id, range);
        let ground = match (is_unit, self.node(id).deferred) {
            (false, _) => None,
            (true, None) => Some(self.placed_unit(id, properties)),
            (true, Some(index)) => Some(self.placed_part(index)?.0.ground.clone()),
        };
        Some(Placed {
            kind,
            id: node_id,
            called: Arc::from(called),
            container,
            unit: self.unit_around(id, elements),
            ground,
            is_matte: false,
            is_checked: false,
            range,
            visible,
            source_range,
            location,
            properties: own,
            duck: Vec::new(),
            cue: None,
            attached: Arc::new(attached),
            place,
        })
    }

    /// Makes masks know the elements that they are made of.
    fn join_mattes(&self, placed: &mut [Placed], index: &BTreeMap<Instance, usize>) {
        for (masked, at) in index {
            let roles = self.node(*masked).children.iter().filter_map(|child| match self.node(*child).role {
                Role::Motion(_) | Role::Effect => Some(None),
                Role::Mask => Some(self.node(*child).matte.and_then(|matte| index.get(&matte).copied())),
                _ => None,
            });
            for (place, matte) in roles.enumerate().collect::<Vec<_>>() {
                let Some(matte) = matte else { continue };
                if let Some((role, _, _)) =
                    placed.get_mut(*at).and_then(|p| Arc::make_mut(&mut p.attached).get_mut(place))
                {
                    *role = AttachedRole::Mask(Some(matte));
                }
                if let Some(matte) = placed.get_mut(matte) {
                    matte.is_matte = true;
                }
            }
        }
    }

    /// What is left of a range inside all containers around an instance.
    fn clipped(&mut self, id: Instance, range: TimeRange) -> Option<TimeRange> {
        let parent = self.node(id).parent;
        let end = range.end.min(self.end_inside(parent)?);
        self.left_of(range, end)
    }

    /// What is left of a range before `end` and in the film. Where the film begins on the clock of a part
    /// nobody knows, so of that all is left, even if it is nothing.
    pub(super) fn left_of(&self, range: TimeRange, end: Time) -> Option<TimeRange> {
        if self.part.is_some() {
            return Some(TimeRange { start: range.start, end });
        }
        let start = range.start.max(Time::ZERO);
        (start < end).then_some(TimeRange { start, end })
    }

    /// The first end of a container and all around it.
    pub(super) fn end_inside(&mut self, container: Instance) -> Option<Time> {
        let mut at = container;
        let mut end = self.range(at)?.end;
        while at != ROOT && !self.is_above_part(at) {
            at = self.node(at).parent;
            end = end.min(self.range(at)?.end);
        }
        Some(end)
    }

    fn joined(
        &mut self,
        id: Instance,
        elements: &BTreeMap<Instance, usize>,
        properties: &Properties,
    ) -> Option<Joined> {
        let sides = self.sides(id).ok()?;
        let range = self.window(id).ok()?;
        if range.is_empty() {
            return None;
        }
        let index = |side: Option<Instance>| match side {
            Some(side) => elements.get(&side).copied().map(Some),
            None => Some(None),
        };
        Some(Joined {
            from: index(sides.from)?,
            to: index(sides.to)?,
            range,
            properties: properties.clone(),
            place: self.node(id).place.clone(),
        })
    }

    /// Notes every file that is named, once for each place.
    fn note_media(&mut self) {
        let mut next = 0;
        for index in 0..=self.nodes.len() {
            while let Some(part) = self.deferred_before(&mut next, index) {
                if let Some((part, _)) = self.placed_part(part) {
                    self.media.extend(part.media.iter().cloned());
                }
            }
            let id = instance(index);
            let Some(kind) = self.nodes.get(index).map(|node| node.kind) else { break };
            for field in &kind.fields {
                let kinds = match field.ty.media() {
                    Some(kinds) => kinds,
                    None if &*field.name == "lut_url" => MediaKinds::default(),
                    None => continue,
                };
                let Some(said) = self.said(id, &field.name) else { continue };
                let place = said.place.clone();
                match self.property(id, &field.name) {
                    Ok(Some(Value::Media(path, _))) => self.use_media(&path, kinds, &place),
                    Ok(Some(Value::Text(path))) if &*field.name == "lut_url" => self.use_lut(&path, &place),
                    _ => {}
                }
            }
        }
    }
}

pub(super) fn instance(index: usize) -> Instance {
    Instance(u32::try_from(index).expect("instances are bounded by MAX_INSTANCES"))
}
