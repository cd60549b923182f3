//! The state of scheduling one composition, and the query that runs it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use vid_timeline::{FrameRate, Size, Time};

use crate::diagnostics::{Code, Place, Report};
use crate::eval::{Instance, Stop, Value};
use crate::files::{Db, FileId, SourceFile};
use crate::items::{Composition, Item, ItemDef, ItemKind, ItemPlace, Keyword};
use crate::resolve::file_scope;
use crate::schedule::captions::Track;
use crate::schedule::deferred::Deferred;
use crate::schedule::duck::Duck;
use crate::schedule::masks::Matte;
use crate::schedule::part::{InPlace, PartState};
use crate::schedule::result::{Finished, Scheduled};
use crate::schedule::tree::{Layout, LengthRule, Node, Role, Scope, ScopeId};
use crate::types::{KindSchema, Schema, prelude_schema};

/// What is asked of a composition.
#[salsa::interned]
pub(crate) struct Request<'db> {
    #[returns(copy)]
    pub mode: Mode,
    /// Values for parameters, as text.
    pub params: Vec<(String, String)>,
}

/// Why a composition is scheduled.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Mode {
    /// To see whether it is right; parameters without values are unknown.
    Check,
    /// To make a timeline; every parameter needs a value.
    Compile,
}

/// Most instances of one composition, loops unrolled.
pub(super) const MAX_INSTANCES: usize = 10_000;
/// Most steps of evaluation; a film of a thousand elements takes about fifty thousand.
pub(super) const MAX_STEPS: u32 = 4_000_000;
/// Deepest chain of values that wait for each other, counted in expressions and elements together.
/// A level needs less than 3 KiB of stack, so the chain stays within the 16 MiB of
/// [`crate::driver::STACK_BYTES`].
pub(super) const MAX_CHAIN: u32 = 3_000;

/// The state while one composition is scheduled.
pub(super) struct Engine<'db> {
    pub db: &'db dyn Db,
    pub schema: &'db Schema,
    pub file: SourceFile,
    pub item: ItemPlace,
    pub mode: Mode,
    pub size: Size,
    pub rate: FrameRate,
    pub nodes: Vec<Node<'db>>,
    pub scopes: Vec<Scope<'db>>,
    /// Values of the `let`s of files, once computed.
    pub file_values: BTreeMap<(FileId, Arc<str>), Result<Value, Stop>>,
    /// Those that are being computed, outermost first.
    pub computing_lets: Vec<(ItemPlace, Arc<str>)>,
    /// Functions whose bodies are being computed, with the names they are called by.
    pub calling: Vec<(ItemPlace, Arc<str>)>,
    /// Compositions whose bodies are being expanded, the film itself first.
    pub placing: Vec<(ItemPlace, Arc<str>)>,
    pub reports: Vec<Report>,
    /// What is being computed, outermost first.
    pub active: Vec<(Attribute, Instance)>,
    /// Variables of list comprehensions, innermost last.
    pub locals: Vec<(Arc<str>, Value)>,
    pub chain: u32,
    pub steps: u32,
    /// While the tree is built, elements have no times yet.
    pub expanding: bool,
    pub media: Vec<crate::schedule::MediaUse>,
    pub ducks: Vec<Duck<'db>>,
    pub mattes: Vec<Matte<'db>>,
    pub tracks: Vec<Track>,
    /// Containers with a statement whose kind is not known: something belongs there that is not there.
    pub lacks_children: BTreeSet<Instance>,
    /// Where a placed composition is computed on its own.
    pub part: Option<PartState>,
    /// Placed compositions whose bodies are not expanded here, in their order.
    pub deferred: Vec<Deferred<'db>>,
    /// Instances in those bodies.
    pub shared: usize,
    /// Compositions that are expanded where they are placed.
    pub in_place: InPlace,
    /// Those that have turned out to need that.
    pub exposed: InPlace,
}

/// What of an instance is being computed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Attribute {
    Start,
    Own,
    Overlap,
    Property(Arc<str>),
}

/// Schedules one composition: where everything is, what every property is, and what is wrong.
#[salsa::tracked]
pub(crate) fn schedule<'db>(db: &'db dyn Db, def: ItemDef<'db>, request: Request<'db>) -> Arc<Scheduled> {
    let item = def.item(db);
    match &item.kind {
        ItemKind::Composition(composition) => {
            let attempt = |in_place: InPlace| {
                let engine = Engine::new(db, *def.file(db), item.place.clone(), request.mode(db));
                let engine = Engine { reports: item.reports.clone(), in_place, ..engine };
                let finished = engine.run(composition, item, request.params(db));
                if finished.exposed.is_empty() { Ok(finished.scheduled) } else { Err(finished.exposed) }
            };
            Arc::new(InPlace::attempts(attempt).unwrap_or_else(Scheduled::nothing))
        }
        _ => Arc::new(Scheduled::nothing()),
    }
}

/// The values of a file, seen on their own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Standalone {
    /// What is wrong with them.
    pub reports: Vec<Report>,
    /// The files they read.
    pub media: Vec<crate::schedule::MediaUse>,
}

/// What is wrong with the values, functions and styles of a file, whatever uses them.
#[salsa::tracked]
pub(crate) fn standalone_lets(db: &dyn Db, file: SourceFile) -> Arc<Standalone> {
    let place = ItemPlace { file: file.id(db), item: Arc::from("") };
    let mut engine = Engine::new(db, file, place.clone(), Mode::Check);
    let scope = engine.new_scope(None, true, String::new());
    let kind = engine.kind("composition");
    engine.new_node(Role::Composition, kind, ROOT, scope, place.at(crate::items::NodeId(0)));
    for def in file_scope(db, file).named.values() {
        let item = def.item(db);
        let at = item.place.at(item.name.as_ref().map_or(item.node, |name| name.node));
        match &item.kind {
            ItemKind::Let(_) => {
                // What is wrong is reported on the way; the value is of no use here.
                let _ = engine.file_let(item, &at);
            }
            ItemKind::Fn(function) => engine.check_function(function, &item.place),
            ItemKind::Style(style) => engine.check_style(style, &item.place),
            _ => {}
        }
    }
    Arc::new(Standalone { reports: engine.reports, media: engine.media })
}

impl<'db> Engine<'db> {
    pub(super) fn new(db: &'db dyn Db, file: SourceFile, item: ItemPlace, mode: Mode) -> Self {
        Self {
            db,
            schema: prelude_schema(db),
            file,
            item,
            mode,
            size: Size::DEFAULT,
            rate: FrameRate::DEFAULT,
            nodes: Vec::new(),
            scopes: Vec::new(),
            file_values: BTreeMap::new(),
            computing_lets: Vec::new(),
            calling: Vec::new(),
            placing: Vec::new(),
            reports: Vec::new(),
            active: Vec::new(),
            locals: Vec::new(),
            chain: 0,
            steps: 0,
            expanding: true,
            media: Vec::new(),
            ducks: Vec::new(),
            mattes: Vec::new(),
            tracks: Vec::new(),
            lacks_children: BTreeSet::new(),
            part: None,
            deferred: Vec::new(),
            shared: 0,
            in_place: InPlace::default(),
            exposed: InPlace::default(),
        }
    }

    fn run(
        mut self,
        composition: &'db Composition,
        item: &'db Item,
        overrides: &[(String, String)],
    ) -> Finished {
        let place = item.place.at(item.name.as_ref().map_or(item.node, |name| name.node));
        let scope = self.new_scope(None, true, String::new());
        let kind = self.kind("composition");
        let root = self.new_node(Role::Composition, kind, ROOT, scope, place);
        self.nodes[0].name = item.name.clone();
        debug_assert_eq!(root, ROOT, "the composition is the first instance");
        self.placing.extend(item.name.as_ref().map(|name| (item.place.clone(), name.text.clone())));
        self.bind_params(composition, overrides);
        self.assign_clauses(root, &composition.clauses);
        self.set_canvas(composition);
        self.expand_block(root, scope, &composition.body);
        self.expanding = false;
        self.resolve_mattes();
        self.check_params(composition);
        self.finish()
    }

    /// The kind of a statement that the language itself has.
    pub(super) fn kind(&self, name: &str) -> &'db KindSchema {
        self.schema.kind(name).expect("the prelude declares the kinds of all statements, which a test checks")
    }

    pub(super) fn new_scope(
        &mut self,
        parent: Option<ScopeId>,
        holds_elements: bool,
        suffix: String,
    ) -> ScopeId {
        self.scopes.push(Scope {
            parent,
            holds_elements,
            suffix,
            names: BTreeMap::new(),
            canvas: None,
            sets: Vec::new(),
        });
        ScopeId(self.scopes.len() - 1)
    }

    /// Adds an instance to the tree, as the last child of `parent`.
    pub(super) fn new_node(
        &mut self,
        role: Role,
        kind: &'db KindSchema,
        parent: Instance,
        scope: ScopeId,
        place: Place,
    ) -> Instance {
        let id = Instance(u32::try_from(self.nodes.len()).expect("instances are bounded by MAX_INSTANCES"));
        self.nodes.push(Node {
            role,
            kind,
            parent,
            children: Vec::new(),
            name: None,
            id: String::new(),
            place,
            scope,
            assigned: BTreeMap::new(),
            fallbacks: BTreeMap::new(),
            styled: Vec::new(),
            instance_of: None,
            deferred: None,
            canvas: None,
            matte: None,
            length_rule: LengthRule::Unsaid,
            values: BTreeMap::new(),
            start: None,
            own: None,
            length: None,
            layout: Layout::default(),
        });
        if id != ROOT {
            self.node_mut(parent).children.push(id);
        }
        id
    }

    pub(super) fn node(&self, id: Instance) -> &Node<'db> {
        &self.nodes[id.0 as usize]
    }

    pub(super) fn node_mut(&mut self, id: Instance) -> &mut Node<'db> {
        &mut self.nodes[id.0 as usize]
    }

    /// Reports an error; what depends on it stops.
    pub(super) fn stop(&mut self, report: Report) -> Stop {
        self.reports.push(report);
        Stop::Poison
    }

    /// What an author calls an instance: `` `intro` ``, or `this video`.
    pub(super) fn called(&self, id: Instance) -> String {
        let node = self.node(id);
        match (&node.name, node.role) {
            (Some(name), _) => format!("`{}`", name.text),
            (None, _) if node.instance_of.is_some() => {
                format!("this `{}`", node.instance_of.as_deref().unwrap_or_default())
            }
            (None, Role::Motion(keyword)) => format!("this `{}`", motion_word(keyword)),
            (None, Role::Stack) if &*node.kind.name == "captions" => "this `captions`".to_owned(),
            (None, _) => format!("this {}", node.kind.name),
        }
    }

    /// Runs `compute` for an attribute, unless it is being computed already.
    pub(super) fn guarded<T>(
        &mut self,
        attribute: Attribute,
        id: Instance,
        compute: impl FnOnce(&mut Self) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        let key = (attribute, id);
        if let Some(position) = self.active.iter().position(|active| *active == key) {
            // A circle through the length of a container: that length is made of the children that
            // do not wait for it.
            let container = self.active[position..]
                .iter()
                .rev()
                .find(|(attribute, id)| *attribute == Attribute::Own && self.node(*id).role.is_container());
            if let Some((_, container)) = container {
                return Err(Stop::Pending(*container));
            }
            return Err(self.cycle(position));
        }
        let place = self.node(id).place.clone();
        self.deeper(&place)?;
        self.active.push(key);
        let result = compute(self);
        self.active.pop();
        self.chain -= 1;
        result
    }

    /// Counts one level of the chain of waiting values.
    pub(super) fn deeper(&mut self, place: &Place) -> Result<(), Stop> {
        if self.chain >= MAX_CHAIN {
            let message = "values wait for each other in a chain too long to follow";
            let report = Report::error(Code::TooMuchWork, place, message);
            return Err(self.stop(report.help("give some element in the chain a time of its own")));
        }
        self.chain += 1;
        Ok(())
    }

    /// Reports the circle that starts at `position` of what is being computed.
    fn cycle(&mut self, position: usize) -> Stop {
        let mut chain: Vec<(String, Place)> = Vec::new();
        let circle = self.active[position..].to_vec();
        for (attribute, id) in circle {
            let what = match &attribute {
                Attribute::Start => "start",
                Attribute::Own => "duration",
                Attribute::Overlap => "overlap",
                // The time of an element is asked for by its start, which is in the chain already.
                Attribute::Property(_) => continue,
            };
            let step = format!("{}.{what}", self.called(id).trim_matches('`'));
            if chain.last().is_none_or(|(last, _)| *last != step) {
                chain.push((step, self.node(id).place.clone()));
            }
        }
        let Some((first, place)) = chain.first().cloned() else {
            let (_, id) = self.active[position].clone();
            let place = self.node(id).place.clone();
            return self.stop(Report::error(Code::ReferenceCycle, &place, "this value waits for itself"));
        };
        let earliest = (0..chain.len()).min_by_key(|index| chain[*index].1.node).unwrap_or_default();
        chain.rotate_left(earliest);
        let (first, place) = chain.first().cloned().unwrap_or((first, place));
        let mut words: Vec<_> = chain.iter().map(|(step, _)| step.clone()).collect();
        words.push(first);
        let message = format!("times wait for each other: {}", words.join(" → "));
        let mut report = Report::error(Code::ReferenceCycle, &place, message);
        for (step, other) in chain.iter().skip(1).filter(|(_, other)| *other != place) {
            report = report.also(other, format!("`{step}` is in the circle"));
        }
        self.stop(report.help("give one of them a time that does not depend on the others"))
    }

    /// Where the clock of an instance starts.
    pub(super) fn clock_origin(&mut self, clock: Instance) -> Result<Time, Stop> {
        self.start(clock)
    }
}

/// The composition itself.
pub(super) const ROOT: Instance = Instance(0);

pub(super) const fn motion_word(keyword: Keyword) -> &'static str {
    match keyword {
        Keyword::Enter => "enter",
        Keyword::Exit => "exit",
        Keyword::Loop => "loop",
        _ => "motion",
    }
}
