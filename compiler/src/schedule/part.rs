//! A placed composition on its own: computed once for what it is given, on a clock that starts where it
//! starts, and then put wherever it is placed.
//!
//! Only what depends on nothing else is shared so. A composition in which something is wrong or not known,
//! which turns its place in the film into anything but a place in the film (a text that shows when it
//! starts), or which takes part in what goes on around it, is *bound*: it is expanded where it is placed,
//! as if this file did not exist.

use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use vid_timeline::Time;

use crate::check::finds_nothing;
use crate::eval::{Instance, Value};
use crate::files::{Db, SourceFile};
use crate::items::{Composition, Expr, Item, ItemDef, ItemKind, ItemPlace};
use crate::schedule::MediaUse;
use crate::schedule::clocks::keeps_instants;
use crate::schedule::engine::{Engine, MAX_INSTANCES, MAX_STEPS, Mode, ROOT};
use crate::schedule::result::{Finished, Joined, Placed, PlacedContainer, PlacedUnit, Scheduled};
use crate::schedule::tree::{Binding, BindingKind, Role, ScopeId};
use crate::schedule::units::Canvas;

/// All that a placed composition is computed from.
#[salsa::interned]
pub(crate) struct Placement<'db> {
    #[returns(ref)]
    pub given: Given,
}

/// What is given to a composition where it is placed.
#[derive(Clone)]
pub(crate) struct Given {
    /// The file of the film: paths from outside start there.
    pub film: SourceFile,
    /// The compositions around it and itself, the film first, with the names they are placed by.
    pub around: Vec<(ItemPlace, Arc<str>)>,
    /// Values of the parameters, in order; `None` for a default.
    pub arguments: Vec<Option<Value>>,
    /// The canvas and the rate that it is placed on.
    pub canvas: Canvas,
    /// How long it is, where it does not say that itself.
    pub length: Option<Time>,
}

/// What comes of a placed composition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    /// Everything has its place.
    Known(Box<Part>),
    /// It has no length of its own, and was given none.
    Open,
    /// It is to be expanded where it is placed, and so are those inside of it that are bound too.
    Bound(BTreeSet<ItemPlace>),
    /// It holds more than a film may.
    TooLarge,
}

/// A placed composition in which everything has its place. Times are on its own clock; the first of the
/// containers is the composition itself, and elements without a unit are drawn in what it is drawn in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Part {
    pub length: Time,
    /// What it is drawn on, where it is drawn as a unit.
    pub ground: PlacedUnit,
    pub containers: Vec<PlacedContainer>,
    /// What is visible of them counts its end only, which may lie before their start.
    pub elements: Vec<Placed>,
    pub transitions: Vec<Joined>,
    pub markers: Vec<(Arc<str>, Time, crate::diagnostics::Place)>,
    pub media: Vec<MediaUse>,
    /// Instances inside of it.
    pub instances: usize,
    /// Steps of evaluation that it took.
    pub steps: u32,
}

/// The state of an engine that computes a part.
#[derive(Default)]
pub(super) struct PartState {
    /// Whether it has asked for more than it was given.
    pub bound: bool,
    /// Expressions around the one at hand whose instants move with the clock.
    pub moving: u32,
    /// Whether it holds more than a film may.
    pub too_large: bool,
}

/// The placed composition itself, in the engine of a part. What stands above it is not there.
pub(super) const TOP: Instance = Instance(1);

/// Most attempts to compute something, each with more compositions expanded where they are placed.
const MAX_ATTEMPTS: usize = 3;

/// Compositions that are expanded where they are placed.
#[derive(Clone, Default)]
pub(super) struct InPlace {
    /// All of them.
    pub all: bool,
    /// These.
    pub items: BTreeSet<ItemPlace>,
}

impl InPlace {
    /// Tries until nothing more asks to be expanded in place; the last attempt expands everything.
    pub(super) fn attempts<T>(mut attempt: impl FnMut(Self) -> Result<T, Self>) -> Option<T> {
        let mut in_place = Self::default();
        for _ in 1..MAX_ATTEMPTS {
            match attempt(in_place.clone()) {
                Ok(value) => return Some(value),
                Err(more) => {
                    in_place.all |= more.all;
                    in_place.items.extend(more.items);
                }
            }
        }
        in_place.all = true;
        attempt(in_place).ok()
    }

    /// Whether nothing is.
    pub(super) fn is_empty(&self) -> bool {
        !self.all && self.items.is_empty()
    }
}

/// Computes a placed composition.
#[salsa::tracked]
pub(crate) fn part<'db>(db: &'db dyn Db, def: ItemDef<'db>, placement: Placement<'db>) -> Arc<Outcome> {
    let item = def.item(db);
    let (ItemKind::Composition(composition), given) = (&item.kind, placement.given(db)) else {
        return Arc::new(Outcome::Bound(BTreeSet::new()));
    };
    let attempt = |in_place: InPlace| {
        // In a film that is made nothing may be unknown, and the same holds for what is shared.
        let engine = Engine::new(db, given.film, item.place.clone(), Mode::Compile);
        let engine = Engine { part: Some(PartState::default()), in_place, ..engine };
        engine.run_part(composition, item, given)
    };
    Arc::new(InPlace::attempts(attempt).unwrap_or_else(|| Outcome::Bound(BTreeSet::new())))
}

impl<'db> Engine<'db> {
    fn run_part(
        mut self,
        composition: &'db Composition,
        item: &'db Item,
        given: &Given,
    ) -> Result<Outcome, InPlace> {
        let place = item.place.at(item.name.as_ref().map_or(item.node, |name| name.node));
        (self.size, self.rate) = given.canvas;
        self.placing.clone_from(&given.around);
        let scope = self.new_scope(None, true, String::new());
        let (around, kind) = (self.kind("composition"), self.kind("stack"));
        self.new_node(Role::Composition, around, ROOT, scope, place.clone());
        let top = self.new_node(Role::Stack, kind, ROOT, scope, place);
        debug_assert_eq!(top, TOP, "the composition is the second instance");
        self.node_mut(top).instance_of = item.name.as_ref().map(|name| name.text.clone());
        self.node_mut(top).start = Some(Ok(Time::ZERO));
        if let Some(length) = given.length {
            self.node_mut(top).own = Some(Ok(Some(length)));
            self.node_mut(top).length = Some(Ok(length));
        }
        let inner = self.new_scope(None, true, String::new());
        self.bind_given(inner, composition, item, given);
        self.ground(top, inner, composition);
        self.expand_placed(top, inner, composition);
        self.expanding = false;
        self.resolve_mattes();
        if given.length.is_none() && self.own(top) == Ok(None) {
            let is_bound = self.part.as_ref().is_some_and(|part| part.bound);
            let is_open = self.reports.is_empty() && self.exposed.is_empty() && !is_bound;
            let bound = Outcome::Bound(std::mem::take(&mut self.exposed.items));
            return Ok(if is_open { Outcome::Open } else { bound });
        }
        let db = self.db;
        let Finished { scheduled, ground, part, exposed, instances, steps } = self.finish();
        let (part, Some(ground)) = (part.unwrap_or_default(), ground) else {
            return Ok(Outcome::Bound(exposed.items));
        };
        if part.too_large || instances > MAX_INSTANCES || steps >= MAX_STEPS {
            return Ok(Outcome::TooLarge);
        }
        if part.bound || !scheduled.reports.is_empty() {
            return Ok(Outcome::Bound(exposed.items));
        }
        if !exposed.is_empty() {
            return Err(exposed);
        }
        let (Some(length), true) = (scheduled.duration, scheduled.complete) else {
            return Ok(Outcome::Bound(BTreeSet::new()));
        };
        let mut scheduled = scheduled;
        if finds_nothing(db, &scheduled) {
            scheduled.elements.iter_mut().for_each(|element| element.is_checked = true);
        }
        let Scheduled { containers, elements, transitions, markers, media, .. } = scheduled;
        let instances = instances.saturating_sub(2);
        let part =
            Part { length, ground, containers, elements, transitions, markers, media, instances, steps };
        Ok(Outcome::Known(Box::new(part)))
    }

    /// Makes the parameters names of the body, with the values that were given.
    fn bind_given(&mut self, inner: ScopeId, composition: &'db Composition, item: &'db Item, given: &Given) {
        for (param, value) in composition.params.iter().zip(&given.arguments) {
            let home = item.place.clone();
            let place = home.at(param.name.node);
            let kind = match value {
                Some(value) => BindingKind::Value(value.clone()),
                None => BindingKind::Param { param, item: home, memo: None, computing: false },
            };
            self.define(inner, &param.name.text, Binding { kind, place });
        }
    }

    /// Notes that something was asked for that a part is not given.
    pub(super) fn ask_around(&mut self) {
        if let Some(part) = &mut self.part {
            part.bound = true;
        }
    }

    /// Notes that an instant becomes a value, which may become anything.
    pub(super) fn show_instant(&mut self) {
        if let Some(part) = self.part.as_mut().filter(|part| part.moving == 0) {
            part.bound = true;
        }
    }

    /// Whether what surrounds an instance is not there.
    pub(super) fn is_above_part(&self, id: Instance) -> bool {
        self.part.is_some() && id <= TOP
    }

    /// Computes a value whose expression is `expr`; what its instants become moves with the clock, or is
    /// noted.
    pub(super) fn with_clock_of<T>(&mut self, expr: &Expr, compute: impl FnOnce(&mut Self) -> T) -> T {
        let moves = u32::from(keeps_instants(expr));
        if let Some(part) = &mut self.part {
            part.moving += moves;
        }
        let value = compute(self);
        if let Some(part) = &mut self.part {
            part.moving -= moves;
        }
        value
    }

    /// Computes a value that others may use for anything.
    pub(super) fn for_any_use<T>(&mut self, compute: impl FnOnce(&mut Self) -> T) -> T {
        let moving = self.part.as_mut().map(|part| std::mem::take(&mut part.moving));
        let value = compute(self);
        if let (Some(part), Some(moving)) = (&mut self.part, moving) {
            part.moving = moving;
        }
        value
    }
}

impl PartialEq for Given {
    fn eq(&self, other: &Self) -> bool {
        let same = |a: &Option<Value>, b: &Option<Value>| match (a, b) {
            (Some(a), Some(b)) => is_same(a, b),
            (None, None) => true,
            _ => false,
        };
        self.film == other.film
            && self.around == other.around
            && self.canvas == other.canvas
            && self.length == other.length
            && self.arguments.len() == other.arguments.len()
            && self.arguments.iter().zip(&other.arguments).all(|(a, b)| same(a, b))
    }
}

impl Eq for Given {}

impl Hash for Given {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.film.hash(state);
        self.length.map(Time::seconds).hash(state);
        for argument in &self.arguments {
            std::mem::discriminant(argument).hash(state);
            match argument {
                Some(Value::Text(text) | Value::Media(text, _)) => text.hash(state),
                Some(Value::Number(number) | Value::Percent(number)) => number.hash(state),
                Some(Value::Time(time)) => time.seconds.hash(state),
                // Those that differ in anything else are told apart when they are compared.
                _ => {}
            }
        }
    }
}

/// Whether two values are the same in all respects; texts also in where they are written, because paths
/// start there.
fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.is_same(b),
        (Value::Media(a, kinds), Value::Media(b, others)) => a.is_same(b) && kinds == others,
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(&**b).all(|(a, b)| is_same(a, b))
        }
        (Value::Record(a), Value::Record(b)) => {
            a.len() == b.len() && a.iter().zip(&**b).all(|((x, a), (y, b))| x == y && is_same(a, b))
        }
        (a, b) => a == b,
    }
}
