//! What is drawn as a unit: containers with a look, a canvas or a rate of their own, and those that a
//! transition or a mask takes as one picture.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use vid_timeline::{FrameRate, Size};

use crate::eval::Instance;
use crate::items::{Composition, Stmt};
use crate::schedule::engine::{Engine, ROOT};
use crate::schedule::properties::Properties;
use crate::schedule::result::{PlacedUnit, instance};
use crate::schedule::tree::{Role, ScopeId};

/// The canvas and the rate of a composition.
pub(super) type Canvas = (Size, FrameRate);

/// Properties of a composition that say what its picture is made on.
const GROUND: [&str; 3] = ["background_color", "background_image_url", "blending"];
/// Properties of a composition that count only where it is the film.
const OF_FILM: [&str; 3] = ["metadata", "webhook_url", "ingest_external"];
/// Properties of a container that say when it is, not how it looks.
const TIMES: [&str; 2] = ["time", "duration"];

impl<'db> Engine<'db> {
    /// The canvas that an expression is about: that of the composition it is written in, or of the one
    /// around the element that it is for.
    pub(super) fn canvas_at(&self, scope: ScopeId, me: Instance) -> Canvas {
        let mut next = Some(scope);
        while let Some(scope) = next {
            let scope = &self.scopes[scope.0];
            if let Some(canvas) = scope.canvas {
                return canvas;
            }
            next = scope.parent;
        }
        self.canvas_around(me)
    }

    /// The canvas that an instance is placed on.
    pub(super) fn canvas_around(&self, id: Instance) -> Canvas {
        let home = self.home(id);
        if home == ROOT {
            return (self.size, self.rate);
        }
        self.node(home).canvas.unwrap_or((self.size, self.rate))
    }

    /// Settles canvas and background of a placed composition; `inner` is the scope of its body.
    pub(super) fn ground(&mut self, id: Instance, inner: ScopeId, composition: &'db Composition) {
        let around = self.canvas_around(id);
        self.node_mut(id).canvas = Some(around);
        self.scopes[inner.0].canvas = Some(around);
        let kind = self.kind("composition");
        let place = self.node(id).place.clone();
        let ground = self.new_node(Role::Ground, kind, id, inner, place);
        let canvas = self.canvas_of(ground, inner, composition, around);
        self.node_mut(id).canvas = Some(canvas);
        self.scopes[inner.0].canvas = Some(canvas);
        let item = self.item.clone();
        for stmt in &composition.body {
            let Stmt::Property(property) = stmt else { continue };
            let name = &*property.name.text;
            if GROUND.contains(&name) {
                self.assign_property(ground, property, inner, &item);
            } else if kind.field(name).is_none() {
                let report = self.unknown_property_of(kind, &property.name, &item);
                self.stop(report);
            } else {
                debug_assert!(
                    OF_FILM.contains(&name) || matches!(name, "duration" | "width" | "height" | "frame_rate")
                );
            }
        }
    }

    /// The node that holds canvas and background of a placed composition.
    fn ground_of(&self, id: Instance) -> Option<Instance> {
        self.node(id).children.iter().copied().find(|child| self.node(*child).role == Role::Ground)
    }

    /// Whether a container is drawn as a unit whatever stands beside it.
    pub(super) fn is_unit(&self, id: Instance) -> bool {
        let node = self.node(id);
        // A part does not know what it is drawn in.
        let is_whole = id == ROOT || self.is_above_part(id);
        if is_whole || !matches!(node.role, Role::Stack | Role::Sequence) {
            return false;
        }
        let hangs =
            |child: &Instance| matches!(self.node(*child).role, Role::Motion(_) | Role::Effect | Role::Mask);
        // The looks of captions are those of their texts.
        let has_look = has_own_look(&node.kind.name)
            && node.assigned.keys().chain(node.fallbacks.keys()).any(|name| !TIMES.contains(&&**name));
        let has_canvas = node.canvas.is_some_and(|canvas| canvas != self.canvas_around(id));
        let has_ground = match self.deferred(id) {
            Some(deferred) => deferred.says_ground,
            None => self.ground_of(id).is_some_and(|ground| {
                self.node(ground).assigned.keys().any(|name| GROUND.contains(&&**name))
            }),
        };
        has_look || has_canvas || has_ground || node.children.iter().any(hangs)
    }

    /// All containers that are drawn as units.
    pub(super) fn units(&self) -> BTreeSet<Instance> {
        let mut units = BTreeSet::new();
        for id in (0..self.nodes.len()).map(instance) {
            match self.node(id).role {
                Role::Stack | Role::Sequence if self.is_unit(id) => {
                    units.insert(id);
                }
                Role::Transition => {
                    let sides = self.sides(id).into_iter().flat_map(|sides| sides.elements());
                    units.extend(
                        sides.map(|(_, side)| side).filter(|side| self.node(*side).role.is_container()),
                    );
                }
                Role::Mask => {
                    units.extend(self.node(id).matte.filter(|matte| self.node(*matte).role.is_container()));
                }
                _ => {}
            }
        }
        units
    }

    /// The unit that an instance is drawn in, among those that have been placed.
    pub(super) fn unit_around(&self, id: Instance, placed: &BTreeMap<Instance, usize>) -> Option<usize> {
        let mut around = id;
        while around != ROOT {
            around = self.node(around).parent;
            if let Some(index) = placed.get(&around) {
                return Some(*index);
            }
        }
        None
    }

    /// What a unit is drawn on.
    pub(super) fn placed_unit(&self, id: Instance, properties: &[Properties]) -> PlacedUnit {
        let around = self.canvas_around(id);
        let (size, rate) = self.node(id).canvas.unwrap_or(around);
        let ground = self.ground_of(id);
        let said = |names: &[&str]| {
            ground
                .is_some_and(|ground| names.iter().any(|name| self.node(ground).assigned.contains_key(*name)))
        };
        PlacedUnit {
            size,
            rate: (rate != around.1).then_some(rate),
            ground: ground.map(|ground| properties[ground.0 as usize].clone()).unwrap_or_default(),
            has_background: said(&GROUND[..2]),
            has_blending: said(&GROUND[2..]),
        }
    }

    /// The looks of a unit: its own, or those of a container that says nothing.
    pub(super) fn looks_of_unit(&self, id: Instance, properties: &[Properties]) -> Properties {
        if has_own_look(&self.node(id).kind.name) {
            return properties[id.0 as usize].clone();
        }
        Properties::unsaid(self.kind("stack"))
    }

    /// The element or container that a word names, seen from an instance; `None` when it is none.
    pub(super) fn named_instance(&self, scope: ScopeId, path: &str) -> Option<Instance> {
        let mut words = path.split('.').map(Arc::<str>::from);
        let mut at = self.element_in(scope, &words.next()?)?;
        for word in words {
            at = self.children_by_name(at).find(|(name, _)| *name == word).map(|(_, child)| child)?;
        }
        Some(at)
    }
}

/// Whether a composition says what its picture is made on.
pub(super) fn says_ground(composition: &Composition) -> bool {
    let says =
        |stmt: &Stmt| matches!(stmt, Stmt::Property(property) if GROUND.contains(&&*property.name.text));
    composition.body.iter().any(says)
}

/// Whether what is said of a container is said of its own picture.
fn has_own_look(kind: &str) -> bool {
    matches!(kind, "stack" | "sequence")
}
