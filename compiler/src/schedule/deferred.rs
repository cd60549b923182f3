//! Compositions whose bodies are not expanded where they are placed: what the film asks of them, and how
//! they become part of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use vid_timeline::{Time, TimeRange};

use crate::eval::{Instance, Stop, Value};
use crate::items::{ClauseKind, Composition, ItemDef, ItemPlace, Stmt};
use crate::schedule::clocks::is_plain;
use crate::schedule::context::ELEMENT_MEMBERS;
use crate::schedule::engine::{Engine, MAX_INSTANCES, MAX_STEPS};
use crate::schedule::part::{Given, Outcome, Part, Placement, part};
use crate::schedule::result::{Attached, AttachedRole, Joined, Placed, PlacedContainer, Scheduled};
use crate::schedule::tree::{BindingKind, ScopeId};
use crate::schedule::units::{Canvas, says_ground};

/// A placed composition whose body is not expanded here.
pub(super) struct Deferred<'db> {
    pub node: Instance,
    def: ItemDef<'db>,
    composition: &'db Composition,
    place: ItemPlace,
    /// The scope of its parameters.
    inner: ScopeId,
    /// The compositions around it and itself.
    around: Vec<(ItemPlace, Arc<str>)>,
    canvas: Canvas,
    /// Index of the instance that comes after what its body would hold.
    pub after: usize,
    /// Whether its composition says what is below its elements.
    pub says_ground: bool,
    /// What comes of it without a length, and with one.
    known: [Option<&'db Outcome>; 2],
}

impl<'db> Engine<'db> {
    /// Puts off the body of a placed composition, unless that has to be expanded where it stands.
    pub(super) fn defer(
        &mut self,
        id: Instance,
        inner: ScopeId,
        def: ItemDef<'db>,
        composition: &'db Composition,
        name: &Arc<str>,
    ) -> bool {
        let place = &def.item(self.db).place;
        let says = |stmt: &Stmt, names: &[&str]| matches!(stmt, Stmt::Property(property) if names.contains(&&*property.name.text));
        // A canvas that is computed may be computed from anything.
        let computes_canvas = !composition.named.is_empty()
            || composition.body.iter().any(|stmt| says(stmt, &["width", "height", "frame_rate"]));
        let in_place = self.in_place.all || self.in_place.items.contains(place) || !self.db.shares_parts();
        if in_place || computes_canvas {
            return false;
        }
        let around = self.canvas_around(id);
        let (size, rate) = (composition.size.map(|(size, _)| size), composition.rate.map(|(rate, _)| rate));
        self.node_mut(id).canvas = Some((size.unwrap_or(around.0), rate.unwrap_or(around.1)));
        let says_length = composition.clauses.iter().any(|clause| matches!(clause.kind, ClauseKind::For(_)))
            || composition.body.iter().any(|stmt| says(stmt, &["duration"]));
        if says_length {
            // What the composition says counts before what `set` rules and styles say.
            self.node_mut(id).fallbacks.remove("duration");
        }
        let mut chain = self.placing.clone();
        chain.push((place.clone(), name.clone()));
        self.node_mut(id).deferred = Some(self.deferred.len());
        self.deferred.push(Deferred {
            node: id,
            def,
            composition,
            place: place.clone(),
            inner,
            around: chain,
            canvas: around,
            after: self.nodes.len(),
            says_ground: says_ground(composition),
            known: [None; 2],
        });
        true
    }

    /// The placed composition whose body an instance stands for, if that is not expanded.
    pub(super) fn deferred(&self, id: Instance) -> Option<&Deferred<'db>> {
        self.deferred.get(self.node(id).deferred?)
    }

    /// Notes that somebody looks into a placed composition, so that it is expanded where it stands. What is
    /// computed until then is thrown away.
    pub(super) fn expose(&mut self, id: Instance) -> Stop {
        if let Some(place) = self.deferred(id).map(|deferred| deferred.place.clone()) {
            self.exposed.items.insert(place);
        }
        Stop::Poison
    }

    /// Whether a placed composition may hold an element of that name, which nobody has looked for yet.
    pub(super) fn may_hold(&self, id: Instance, name: &str) -> bool {
        self.deferred(id).is_some_and(|deferred| {
            !ELEMENT_MEMBERS.contains(&name) || names_anything(&deferred.composition.body, name)
        })
    }

    /// Notes that somebody looks for a path that may lead into placed compositions.
    pub(super) fn expose_path(&mut self, scope: ScopeId, path: &str) {
        let first = path.split('.').next().unwrap_or_default();
        if let Some(id) = self.element_in(scope, first) {
            self.expose_below(id);
        }
    }

    /// Notes that somebody looks into an instance and everything below it.
    pub(super) fn expose_below(&mut self, id: Instance) {
        let below: Vec<Instance> = self
            .deferred
            .iter()
            .map(|deferred| deferred.node)
            .filter(|node| self.is_inside(*node, id))
            .collect();
        for node in below {
            self.expose(node);
        }
    }

    /// The length that a placed composition has by itself.
    pub(super) fn deferred_length(&mut self, id: Instance) -> Result<Option<Time>, Stop> {
        match self.outcome(id, None)? {
            Outcome::Open => Ok(None),
            Outcome::Known(part) => Ok(Some(part.length)),
            Outcome::Bound(_) | Outcome::TooLarge => Err(Stop::Poison),
        }
    }

    /// What comes of a placed composition; of one that has to be expanded, that is noted.
    fn outcome(&mut self, id: Instance, length: Option<Time>) -> Result<&'db Outcome, Stop> {
        let Some(index) = self.node(id).deferred else { return Err(Stop::Poison) };
        let slot = usize::from(length.is_some());
        if let Some(known) = self.deferred[index].known[slot] {
            return Ok(known);
        }
        let Some(arguments) = self.plain_arguments(index) else { return Err(self.expose(id)) };
        let Deferred { def, around, canvas, place, .. } = &self.deferred[index];
        let (def, place) = (*def, place.clone());
        let given = Given { film: self.file, around: around.clone(), arguments, canvas: *canvas, length };
        let outcome: &'db Outcome = part(self.db, def, Placement::new(self.db, given));
        match outcome {
            Outcome::Bound(inside) => {
                self.exposed.items.insert(place);
                self.exposed.items.extend(inside.iter().cloned());
                self.ask_around();
            }
            Outcome::TooLarge => self.too_large(),
            Outcome::Known(_) | Outcome::Open => {}
        }
        self.deferred[index].known[slot] = Some(outcome);
        Ok(outcome)
    }

    /// The film may hold too much: only when everything is expanded is it known where that happens.
    fn too_large(&mut self) {
        self.exposed.all = true;
        if let Some(part) = &mut self.part {
            part.too_large = true;
        }
    }

    /// The arguments of a placed composition, if they mean the same everywhere.
    fn plain_arguments(&mut self, index: usize) -> Option<Vec<Option<Value>>> {
        let Deferred { composition, inner, .. } = self.deferred[index];
        let said = self.reports.len();
        let mut arguments = Vec::with_capacity(composition.params.len());
        for param in &composition.params {
            let name = &param.name.text;
            let binding = self.scopes[inner.0].names.get(name)?;
            let is_given = match binding.kind {
                BindingKind::Argument(_) => true,
                BindingKind::Param { .. } => false,
                _ => return None,
            };
            let place = binding.place.clone();
            let value = if is_given {
                let value = self.for_any_use(|engine| engine.binding_value(inner, name, &place)).ok()?;
                Some(value).filter(is_plain)
            } else {
                None
            };
            if is_given && value.is_none() {
                return None;
            }
            arguments.push(value);
        }
        (self.reports.len() == said).then_some(arguments)
    }

    /// The placed composition at `next`, if it stands before the instance of that index; moves on.
    pub(super) fn deferred_before(&self, next: &mut usize, index: usize) -> Option<usize> {
        self.deferred.get(*next).filter(|deferred| deferred.after <= index)?;
        *next += 1;
        Some(*next - 1)
    }

    /// What a placed composition is made of, and when it is; `None` where that is not known.
    pub(super) fn placed_part(&mut self, index: usize) -> Option<(&'db Part, TimeRange)> {
        let node = self.deferred[index].node;
        let Some(range) = self.range(node) else {
            // Where it is nobody knows, but what is wrong in it and what it reads is to be said.
            self.expose(node);
            return None;
        };
        let own = match self.deferred[index].known[0] {
            Some(Outcome::Known(part)) if part.length == range.duration() => Some(part),
            _ => None,
        };
        let part = match own {
            Some(part) => part,
            None => match self.outcome(node, Some(range.duration())).ok()? {
                Outcome::Known(part) => part,
                _ => return None,
            },
        };
        if range.start.is_negative() {
            // What in it begins before the film is said of each.
            self.expose(node);
        }
        Some((&**part, range))
    }

    /// Adds the work of a placed composition to that of the film.
    pub(super) fn charge_part(&mut self, part: &Part) {
        self.steps = self.steps.saturating_add(part.steps);
        self.shared += part.instances;
        if self.steps >= MAX_STEPS || self.nodes.len() + self.shared > MAX_INSTANCES {
            self.too_large();
        }
    }

    /// Puts a placed composition into the film: what is in it, at its place.
    pub(super) fn put_part(
        &mut self,
        index: usize,
        scheduled: &mut Scheduled,
        containers: &BTreeMap<Instance, usize>,
        elements: &BTreeMap<Instance, usize>,
    ) -> Option<Base> {
        let (part, range) = self.placed_part(index)?;
        let node = self.deferred[index].node;
        self.charge_part(part);
        let end = self.end_inside(node)?;
        let around = *containers.get(&node)?;
        let base = Base {
            part: index,
            start: range.start,
            containers: scheduled.containers.len(),
            elements: scheduled.elements.len(),
        };
        let container = |inside: usize| match inside {
            0 => around,
            inside => base.containers + inside - 1,
        };
        let unit = match elements.get(&node) {
            Some(unit) => Some(*unit),
            None => self.unit_around(node, elements),
        };
        for inside in part.containers.iter().skip(1) {
            scheduled.containers.push(PlacedContainer {
                parent: inside.parent.map(container),
                range: inside.range.shifted(range.start),
                ..inside.clone()
            });
        }
        let prefix = self.node(node).id.clone();
        for inside in &part.elements {
            let range = inside.range.shifted(base.start);
            let visible_end = inside.visible.map(|visible| visible.shifted(base.start).end);
            let visible = visible_end.and_then(|own| self.left_of(range, own.min(end)));
            scheduled.elements.push(Placed {
                id: path(&prefix, &inside.id),
                container: container(inside.container),
                unit: inside.unit.map(|unit| base.elements + unit).or(unit),
                range,
                visible,
                properties: inside.properties.moved(base.start),
                attached: attached_after(inside, &base),
                ..inside.clone()
            });
        }
        Some(base)
    }

    /// Puts the transitions and the markers of a placed composition into the film.
    pub(super) fn join_part(&mut self, base: &Base, scheduled: &mut Scheduled) {
        let Some((part, _)) = self.placed_part(base.part) else { return };
        for inside in &part.transitions {
            scheduled.transitions.push(Joined {
                from: inside.from.map(|side| base.elements + side),
                to: inside.to.map(|side| base.elements + side),
                range: inside.range.shifted(base.start),
                properties: inside.properties.moved(base.start),
                place: inside.place.clone(),
            });
        }
        let prefix = self.node(self.deferred[base.part].node).id.clone();
        for (name, time, place) in &part.markers {
            let name = Arc::from(path(&prefix, name));
            scheduled.markers.push((name, *time + base.start, place.clone()));
        }
    }
}

/// Where a placed composition lies in what is scheduled.
pub(super) struct Base {
    /// Which one it is.
    pub part: usize,
    start: Time,
    containers: usize,
    elements: usize,
}

/// What is attached to an element of a part, where that lies in the film.
fn attached_after(inside: &Placed, base: &Base) -> Arc<Vec<Attached>> {
    let differs = |(role, properties, _): &Attached| {
        matches!(role, AttachedRole::Mask(Some(_))) || properties.has_instants()
    };
    if !inside.attached.iter().any(differs) {
        return inside.attached.clone();
    }
    let attached = inside.attached.iter().map(|(role, properties, place)| {
        (role.after(base.elements), properties.moved(base.start), place.clone())
    });
    Arc::new(attached.collect())
}

fn path(around: &str, inside: &str) -> String {
    if around.is_empty() {
        return inside.to_owned();
    }
    let mut path = String::with_capacity(around.len() + 1 + inside.len());
    path.push_str(around);
    path.push('.');
    path.push_str(inside);
    path
}

/// Whether a block names an element so.
fn names_anything(stmts: &[Stmt], name: &str) -> bool {
    stmts.iter().any(|stmt| match stmt {
        Stmt::Node(decl) => {
            decl.name.as_ref().is_some_and(|known| *known.text == *name) || names_anything(&decl.body, name)
        }
        Stmt::For(repeat) => names_anything(&repeat.body, name),
        Stmt::If(choice) => {
            choice.branches.iter().any(|(_, body)| names_anything(body, name))
                || names_anything(&choice.otherwise, name)
        }
        _ => false,
    })
}
