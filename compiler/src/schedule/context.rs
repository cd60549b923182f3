//! What an expression inside a composition sees: names, elements, markers, the clock.

use std::sync::Arc;

use vid_timeline::{FrameRate, Rational, Size, Time};

use crate::diagnostics::{Code, Place, Report};
use crate::eval::{DataKind, Env, Instance, Stop, Text, TimeValue, Value, evaluate, evaluate_as};
use crate::items::{Arg, Ident, Item, ItemKind, ItemPlace};
use crate::resolve::Found;
use crate::schedule::engine::{Engine, MAX_STEPS, Mode, ROOT};
use crate::schedule::tree::{BindingKind, ScopeId};
use crate::types::{Atom, Schema, Type};

/// The surroundings of one expression.
pub(super) struct Context<'e, 'db> {
    pub engine: &'e mut Engine<'db>,
    pub scope: ScopeId,
    /// Whose expression it is.
    pub me: Instance,
    /// Whose start is zero on the clock of this place.
    pub clock: Instance,
}

/// Whose expression, on whose clock.
#[derive(Clone, Copy)]
pub(super) struct Viewpoint {
    pub me: Instance,
    pub clock: Instance,
}

/// Members of every element.
pub(super) const ELEMENT_MEMBERS: [&str; 4] = ["start", "end", "duration", "media"];
/// Names that have a meaning where nothing else is called so.
const WORDS: [&str; 6] = ["start", "end", "parent", "prev", "next", "markers"];

impl Env for Context<'_, '_> {
    fn schema(&self) -> &Schema {
        self.engine.schema
    }

    fn stop(&mut self, report: Report) -> Stop {
        self.engine.stop(report)
    }

    fn lookup(&mut self, name: &str, place: &Place) -> Option<Result<Value, Stop>> {
        if let Some((_, value)) = self.engine.locals.iter().rev().find(|(local, _)| &**local == name) {
            return Some(Ok(value.clone()));
        }
        if let Some(found) = self.engine.find(self.scope, name) {
            return Some(self.engine.binding_value(found, name, place));
        }
        match self.engine.found(place.file, name) {
            Some(Found::Item(def)) => {
                let item = def.item(self.engine.db);
                return Some(self.engine.item_value(item, name, place));
            }
            Some(Found::Module(target)) => return Some(Ok(Value::Module(target.id(self.engine.db)))),
            Some(Found::Broken) => return Some(Err(Stop::Poison)),
            None => {}
        }
        if let Some(value) = self.engine.schema.constants.get(name) {
            return Some(Ok(value.clone()));
        }
        self.word(name, place)
    }

    fn member(&mut self, of: &Value, field: &Ident, place: &Place) -> Option<Result<Value, Stop>> {
        match of {
            Value::Element(id) => self.element_member(*id, &field.text, place),
            Value::MediaOf(id) => self.engine.media_member(*id, &field.text),
            Value::Markers => {
                let marker = self.engine.markers_for(self.me).find(|(name, _)| *name == field.text)?.1;
                self.engine.show_instant();
                Some(self.engine.start(marker).map(instant))
            }
            Value::Module(file) => {
                // A value, as usual: what the file is called here is asked only for a message.
                if let Some(item) = self.engine.public_let(*file, &field.text) {
                    return Some(self.engine.file_let(item, place));
                }
                let module = self.engine.module_name(*file, place.file);
                let item = self.engine.member_item(*file, &module, field, place, "");
                let name = format!("{module}.{}", field.text);
                Some(item.and_then(|item| self.engine.item_value(item, &name, place)))
            }
            _ => None,
        }
    }

    fn members(&self, of: &Value) -> Vec<Arc<str>> {
        let names = |words: &[&str]| words.iter().map(|word| Arc::from(*word)).collect::<Vec<Arc<str>>>();
        match of {
            Value::Element(id) => {
                let mut members = names(&ELEMENT_MEMBERS);
                if self.engine.node(*id).kind.field("source_url").is_none() {
                    members.retain(|member| &**member != "media");
                }
                members.extend(self.engine.children_by_name(*id).map(|(name, _)| name));
                members
            }
            Value::MediaOf(_) => names(&["duration", "width", "height"]),
            Value::Markers => self.engine.markers_for(self.me).map(|(name, _)| name).collect(),
            _ => Vec::new(),
        }
    }

    fn called(&self, of: &Value) -> Option<String> {
        match of {
            Value::Element(id) => Some(self.engine.called(*id)),
            Value::MediaOf(id) => Some(format!("the media of {}", self.engine.called(*id))),
            Value::Markers => Some("`markers`".to_owned()),
            Value::Module(file) => Some(format!("`{}`", self.engine.module_name(*file, *file))),
            _ => None,
        }
    }

    fn names(&self, place: &Place) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = self.engine.locals.iter().map(|(name, _)| name.clone()).collect();
        let mut scope = Some(self.scope);
        while let Some(id) = scope {
            names.extend(self.engine.scopes[id.0].names.keys().cloned());
            scope = self.engine.scopes[id.0].parent;
        }
        names.extend(self.engine.names_of_file(place.file, |kind| matches!(kind, ItemKind::Let(_))));
        names.extend(WORDS.iter().map(|word| Arc::from(*word)));
        names.extend(self.engine.schema.constants.keys().cloned());
        names
    }

    fn clock_origin(&mut self) -> Result<Time, Stop> {
        self.engine.clock_origin(self.clock)
    }

    fn frame_rate(&self) -> Option<FrameRate> {
        Some(self.engine.canvas_at(self.scope, self.me).1)
    }

    fn canvas(&self) -> Option<Size> {
        Some(self.engine.canvas_at(self.scope, self.me).0)
    }

    fn step(&mut self, place: &Place, enter: bool) -> Result<(), Stop> {
        if !enter {
            self.engine.chain -= 1;
            return Ok(());
        }
        self.engine.steps += 1;
        if self.engine.steps == MAX_STEPS {
            return Err(self.engine.too_much_work(place));
        }
        if self.engine.steps > MAX_STEPS {
            return Err(Stop::Poison);
        }
        self.engine.deeper(place)
    }

    fn charge(&mut self, steps: u32, place: &Place) -> Result<(), Stop> {
        let before = self.engine.steps;
        self.engine.steps = before.saturating_add(steps);
        if before < MAX_STEPS && self.engine.steps >= MAX_STEPS {
            return Err(self.engine.too_much_work(place));
        }
        if self.engine.steps >= MAX_STEPS { Err(Stop::Poison) } else { Ok(()) }
    }

    fn call(
        &mut self,
        name: &Ident,
        args: &[Arg],
        item: &ItemPlace,
        place: &Place,
    ) -> Option<Result<Value, Stop>> {
        match self.engine.item_named(&name.text, &item.at(name.node)) {
            Ok(Some(Item { kind: ItemKind::Fn(function), place: home, .. })) => {
                Some(self.call_function(function, home, name, args, item, place))
            }
            Ok(_) => None,
            Err(stop) => Some(Err(stop)),
        }
    }

    fn functions(&self, place: &Place) -> Vec<Arc<str>> {
        self.engine.names_of_file(place.file, |kind| matches!(kind, ItemKind::Fn(_)))
    }

    fn data(&mut self, kind: DataKind, path: &Text, place: &Place) -> Result<Value, Stop> {
        self.engine.data(kind, path, place)
    }

    fn bind(&mut self, name: Arc<str>, value: Value) {
        self.engine.locals.push((name, value));
    }

    fn unbind(&mut self) {
        self.engine.locals.pop();
    }
}

fn instant(time: Time) -> Value {
    Value::Time(TimeValue::instant(time))
}

impl Context<'_, '_> {
    /// Words that mean something where nothing else is called so.
    fn word(&mut self, name: &str, place: &Place) -> Option<Result<Value, Stop>> {
        if !WORDS.contains(&name) {
            return None;
        }
        if self.engine.expanding {
            return Some(Err(self.engine.too_early(name, place)));
        }
        let engine = &mut *self.engine;
        match name {
            "start" | "end" => engine.show_instant(),
            // Markers of a placed composition are seen from what is attached to it.
            "markers" => {
                let home = engine.home(self.me);
                engine.expose(home);
            }
            _ => {}
        }
        if engine.is_above_part(self.me) {
            engine.ask_around();
        }
        Some(match name {
            "start" => engine.start(self.clock).map(instant),
            "end" => engine.end(self.clock).map(instant),
            "parent" => Ok(Value::Element(engine.node(self.me).parent)),
            "markers" => Ok(Value::Markers),
            _ => match engine.sibling(self.me, name == "next") {
                Some(sibling) => Ok(Value::Element(sibling)),
                None => {
                    let message = format!("there is no `{name}` here");
                    let side = if name == "next" { "after" } else { "before" };
                    let report = Report::error(Code::UnknownName, place, message);
                    Err(engine.stop(report.label(format!("no element stands {side} this one"))))
                }
            },
        })
    }

    fn element_member(&mut self, id: Instance, field: &str, place: &Place) -> Option<Result<Value, Stop>> {
        let child =
            self.engine.children_by_name(id).find(|(name, _)| &**name == field).map(|(_, child)| child);
        if let Some(child) = child {
            return Some(Ok(Value::Element(child)));
        }
        if self.engine.may_hold(id, field) {
            return Some(Err(self.engine.expose(id)));
        }
        // What is known of its media does not depend on the structure of the film.
        if self.engine.expanding && ELEMENT_MEMBERS.contains(&field) && field != "media" {
            return Some(Err(self.engine.too_early(field, place)));
        }
        if matches!(field, "start" | "end") {
            self.engine.show_instant();
        }
        Some(match field {
            "start" => self.engine.start(id).map(instant),
            "end" => self.engine.end(id).map(instant),
            "duration" => {
                self.engine.length(id).map(|length| Value::Time(TimeValue::length(length.seconds())))
            }
            "media" if self.engine.node(id).kind.field("source_url").is_some() => Ok(Value::MediaOf(id)),
            _ => return None,
        })
    }
}

impl<'db> Engine<'db> {
    /// Which scope, from `scope` outwards, has the name.
    fn find(&self, scope: ScopeId, name: &str) -> Option<ScopeId> {
        let mut scope = Some(scope);
        while let Some(id) = scope {
            if self.scopes[id.0].names.contains_key(name) {
                return Some(id);
            }
            scope = self.scopes[id.0].parent;
        }
        None
    }

    /// The value of a name that `scope` has.
    pub(super) fn binding_value(&mut self, scope: ScopeId, name: &str, place: &Place) -> Result<Value, Stop> {
        let Some(binding) = self.scopes[scope.0].names.get_mut(name) else { return Err(Stop::Poison) };
        match &mut binding.kind {
            BindingKind::Value(value) => Ok(value.clone()),
            BindingKind::Element(id) => Ok(Value::Element(*id)),
            BindingKind::Let { memo: Some(memo), .. } | BindingKind::Param { memo: Some(memo), .. } => {
                memo.clone()
            }
            BindingKind::Argument(argument) if argument.memo.is_some() => {
                argument.memo.clone().unwrap_or(Err(Stop::Poison))
            }
            BindingKind::Argument(argument) if !argument.computing => {
                argument.computing = true;
                let (param, value, owner) = (argument.param, argument.value, argument.owner);
                let (home, item, around) = (argument.home.clone(), argument.item.clone(), argument.scope);
                let value = self.for_any_use(|engine| {
                    engine.argument_value(param, &home, value, &item, (around, scope), owner)
                });
                self.remember(scope, name, value)
            }
            BindingKind::Argument(_) => {
                let first = binding.place.clone();
                let message = format!("`{name}` is computed from itself");
                let report = Report::error(Code::ReferenceCycle, place, message);
                Err(self.stop(report.also(&first, "defined here")))
            }
            BindingKind::Let { computing, .. } | BindingKind::Param { computing, .. } if *computing => {
                let first = binding.place.clone();
                let message = format!("`{name}` is computed from itself");
                let report = Report::error(Code::ReferenceCycle, place, message);
                Err(self.stop(report.also(&first, "defined here")))
            }
            BindingKind::Let { decl, item, owner, computing, .. } => {
                let (decl, item, owner) = (*decl, item.clone(), *owner);
                *computing = true;
                let value = self.let_value(decl, scope, owner, &item);
                self.remember(scope, name, value)
            }
            BindingKind::Param { param, item, computing, .. } => {
                let (param, item) = (*param, item.clone());
                *computing = true;
                let value = self.for_any_use(|engine| engine.param_value(param, scope, item));
                self.remember(scope, name, value)
            }
        }
    }

    fn remember(&mut self, scope: ScopeId, name: &str, value: Result<Value, Stop>) -> Result<Value, Stop> {
        let Some(binding) = self.scopes[scope.0].names.get_mut(name) else { return value };
        let (memo, computing) = match &mut binding.kind {
            BindingKind::Let { memo, computing, .. } | BindingKind::Param { memo, computing, .. } => {
                (memo, computing)
            }
            BindingKind::Argument(argument) => (&mut argument.memo, &mut argument.computing),
            BindingKind::Value(_) | BindingKind::Element(_) => return value,
        };
        *computing = false;
        if !matches!(value, Err(Stop::Pending(_))) {
            *memo = Some(value.clone());
        }
        value
    }

    /// The value of a `let`, in the clock of the container it stands in.
    pub(super) fn let_value(
        &mut self,
        decl: &'db crate::items::LetDecl,
        scope: ScopeId,
        owner: Instance,
        item: &crate::items::ItemPlace,
    ) -> Result<Value, Stop> {
        let Some(expr) = &decl.value else { return Err(Stop::Poison) };
        let ty = match &decl.ty {
            Some(written) => Some(self.resolve_type(written, item)?),
            None => None,
        };
        // Variables of a comprehension around the *use* are no business of the definition.
        let locals = std::mem::take(&mut self.locals);
        let value = self.for_any_use(|engine| {
            let mut context = Context { engine, scope, me: owner, clock: owner };
            match ty {
                Some(ty) => evaluate_as(&mut context, expr, &ty, item),
                None => evaluate(&mut context, expr, None, item),
            }
        });
        self.locals = locals;
        value
    }

    /// The value of a `let` of a file.
    pub(super) fn file_let(&mut self, item: &'db Item, place: &Place) -> Result<Value, Stop> {
        let (ItemKind::Let(decl), Some(name)) = (&item.kind, &item.name) else { return Err(Stop::Poison) };
        let name = name.text.clone();
        let key = (item.place.file, name.clone());
        if let Some(value) = self.file_values.get(&key) {
            return value.clone();
        }
        if self.computing_lets.iter().any(|(computing, _)| *computing == item.place) {
            let mut chain: Vec<_> = self.computing_lets.iter().map(|(_, name)| &**name).collect();
            chain.push(&name);
            let message = format!("values wait for each other: {}", chain.join(" → "));
            return Err(self.stop(Report::error(Code::ReferenceCycle, place, message)));
        }
        self.computing_lets.push((item.place.clone(), name));
        // The file's own scope is outside of every composition's.
        let outside = self.new_scope(None, false, String::new());
        let value = self.let_value(decl, outside, ROOT, &item.place);
        self.computing_lets.pop();
        if !matches!(value, Err(Stop::Pending(_))) {
            self.file_values.insert(key, value.clone());
        }
        value
    }

    fn param_value(
        &mut self,
        param: &'db crate::items::Param,
        scope: ScopeId,
        item: ItemPlace,
    ) -> Result<Value, Stop> {
        let ty = match &param.ty {
            Some(written) => Some(self.resolve_type(written, &item)?),
            None => None,
        };
        match (&param.default, ty) {
            (Some(default), ty) => {
                let mut context = Context { engine: self, scope, me: ROOT, clock: ROOT };
                let value = match &ty {
                    Some(ty) => evaluate_as(&mut context, default, ty, &item)?,
                    None => evaluate(&mut context, default, None, &item)?,
                };
                self.check_constraint_at(param, &value, &item.at(default.node), &item, scope)?;
                Ok(value)
            }
            (None, ty) => {
                if self.mode == Mode::Compile {
                    let place = item.at(param.name.node);
                    let message = format!("`{}` needs a value", param.name.text);
                    let report = Report::error(Code::MissingParameter, &place, message);
                    self.stop(
                        report
                            .help(format!("give it with `--set {}=…`, or write a default", param.name.text)),
                    );
                }
                Ok(Value::Unknown(ty.unwrap_or(Type::of(Atom::Any))))
            }
        }
    }

    fn too_much_work(&mut self, place: &Place) -> Stop {
        let message = "this film takes too much work to compute";
        let report = Report::error(Code::TooMuchWork, place, message);
        self.stop(report.help("let its loops run over fewer members"))
    }

    /// The structure of a film is made before its times.
    fn too_early(&mut self, what: &str, place: &Place) -> Stop {
        let message = format!("`{what}` follows from the film's structure, and cannot decide it");
        let report = Report::error(Code::TimeInStructure, place, message);
        self.stop(report.help(
            "conditions and lists of loops may use parameters, values and facts about media, not times of \
             elements",
        ))
    }

    /// The named children of a container.
    pub(super) fn children_by_name(&self, id: Instance) -> impl Iterator<Item = (Arc<str>, Instance)> {
        self.node(id)
            .children
            .iter()
            .filter(|child| self.node(**child).role.is_timed())
            .filter_map(|child| Some((self.node(*child).name.as_ref()?.text.clone(), *child)))
    }

    /// The element before or after an instance, in source order, inside the same container.
    pub(super) fn sibling(&self, id: Instance, next: bool) -> Option<Instance> {
        let siblings = &self.node(self.node(id).parent).children;
        let at = siblings.iter().position(|sibling| *sibling == id)?;
        let timed = |sibling: &&Instance| self.node(**sibling).role.is_timed();
        if next {
            siblings[at + 1..].iter().find(timed).copied()
        } else {
            siblings[..at].iter().rev().find(timed).copied()
        }
    }

    /// Width and height of the media an element shows, and its length.
    fn media_member(&mut self, id: Instance, field: &str) -> Option<Result<Value, Stop>> {
        let pixels = |pixels: u32| Value::Number(Rational::from(pixels));
        let natural = |engine: &mut Self| engine.natural(id);
        Some(match field {
            "duration" => {
                self.media_duration(id).map(|duration| Value::Time(TimeValue::length(duration.seconds())))
            }
            "width" => natural(self).map(|natural| pixels(natural.width)),
            "height" => natural(self).map(|natural| pixels(natural.height)),
            _ => return None,
        })
    }
}
