//! Compositions placed inside compositions: a stack whose children are the other's body, with the
//! other's parameters as names.
//!
//! A placed composition shares the canvas and the rate of what is around it, unless it says its own. It
//! keeps its names to itself, and its outputs are those of a film it is not; they count when it is
//! rendered on its own.

use std::sync::Arc;

use crate::diagnostics::{Code, Report};
use crate::eval::{Instance, Stop, Value, evaluate_as, suggest};
use crate::items::{
    ClauseKind, Composition, Expr, Item, ItemDef, ItemKind, ItemPlace, Keyword, NodeDecl, Param, Stmt,
};
use crate::schedule::context::Context;
use crate::schedule::engine::{Engine, ROOT};
use crate::schedule::result::instance;
use crate::schedule::tree::{Argument, Assigned, AssignedSource, Binding, BindingKind, Role, ScopeId};
use crate::types::{Atom, Type};

/// Most compositions inside one another.
const MAX_PLACED_DEPTH: usize = 64;

impl<'db> Engine<'db> {
    /// Places a composition as an element of another.
    pub(super) fn place_composition(
        &mut self,
        parent: Instance,
        scope: ScopeId,
        decl: &'db NodeDecl,
        def: ItemDef<'db>,
    ) {
        let placed: &'db Item = def.item(self.db);
        let place = self.item.at(decl.node);
        let (ItemKind::Composition(composition), Some(name)) = (&placed.kind, &placed.name) else { return };
        if !self.belongs(parent, Role::Stack, &name.text, &place) {
            return;
        }
        let around = self.placing.iter().position(|(around, _)| *around == placed.place);
        if around.is_some() || self.placing.len() >= MAX_PLACED_DEPTH {
            let circle = &self.placing[around.unwrap_or_default()..];
            let mut chain: Vec<_> = circle.iter().map(|(_, name)| &**name).collect();
            chain.push(&decl.kind.text);
            let message = format!("compositions contain each other: {}", chain.join(" → "));
            self.stop(Report::error(Code::CompositionCycle, &place, message));
            return;
        }
        let kind = self.kind("stack");
        let id = self.new_node(Role::Stack, kind, parent, scope, place.clone());
        self.node_mut(id).instance_of = Some(name.text.clone());
        self.name_node(id, scope, decl);
        self.apply_sets(id, scope);
        self.assign_header(id, decl);
        for stmt in &decl.body {
            match stmt {
                Stmt::Property(property) => {
                    let item = self.item.clone();
                    self.assign_property(id, property, scope, &item);
                }
                Stmt::Node(attached)
                    if matches!(
                        attached.keyword,
                        Keyword::Enter
                            | Keyword::Exit
                            | Keyword::Motion
                            | Keyword::Loop
                            | Keyword::Effect
                            | Keyword::Mask
                    ) =>
                {
                    self.expand_node(id, scope, attached);
                }
                other => {
                    let (called, at) = (self.called(id), self.item.at(other.node()));
                    let message = format!("the block of {called} says how it looks; this cannot stand there");
                    let report = Report::error(Code::MisplacedStatement, &at, message);
                    self.stop(report.help("properties, motions, effects and masks can"));
                }
            }
        }
        self.expand_styled(id);
        self.check_place_in_sequence(id);
        let inner = self.new_scope(None, true, String::new());
        let said = self.reports.len();
        self.bind_arguments(id, inner, scope, decl, placed, composition);
        if self.reports.len() == said && self.defer(id, inner, def, composition, &decl.kind.text) {
            return;
        }

        let outer = std::mem::replace(&mut self.item, placed.place.clone());
        self.placing.push((placed.place.clone(), decl.kind.text.clone()));
        self.ground(id, inner, composition);
        self.expand_placed(id, inner, composition);
        self.placing.pop();
        self.item = outer;
    }

    /// Adds the body of a placed composition.
    pub(super) fn expand_placed(&mut self, id: Instance, inner: ScopeId, composition: &'db Composition) {
        for clause in &composition.clauses {
            if let ClauseKind::For(length) = &clause.kind {
                self.fall_back_to(id, "duration", length, inner);
            }
        }
        self.expand_lets(id, inner, &composition.body);
        for stmt in &composition.body {
            match stmt {
                Stmt::Property(property) if &*property.name.text == "duration" => {
                    self.fall_back_to(id, "duration", &property.value, inner);
                }
                // Canvas and background are settled; the rest counts where it is the film.
                Stmt::Property(_) => {}
                Stmt::Node(output) if output.keyword == Keyword::Output => {}
                stmt => self.expand_stmt(id, inner, stmt),
            }
        }
    }

    /// Gives the parameters of a placed composition their values.
    fn bind_arguments(
        &mut self,
        id: Instance,
        inner: ScopeId,
        scope: ScopeId,
        decl: &'db NodeDecl,
        placed: &'db Item,
        composition: &'db Composition,
    ) {
        let (home, item) = (&placed.place, self.item.clone());
        let owner = self.node(id).parent;
        let given = self.match_arguments(id, decl, composition);
        for (param, value) in composition.params.iter().zip(given) {
            let kind = match value {
                Some(value) => BindingKind::Argument(Box::new(Argument {
                    param,
                    home: home.clone(),
                    value,
                    item: item.clone(),
                    scope,
                    owner,
                    memo: None,
                    computing: false,
                })),
                None if param.default.is_none() => {
                    self.missing_argument(id, param);
                    let ty = self.optional_type(param.ty.as_ref(), home).ok().flatten();
                    BindingKind::Value(Value::Unknown(ty.unwrap_or(Type::of(Atom::Any))))
                }
                None => BindingKind::Param { param, item: home.clone(), memo: None, computing: false },
            };
            self.define(inner, &param.name.text, Binding { kind, place: home.at(param.name.node) });
        }
    }

    /// The expression given for each parameter, in the order of the parameters.
    fn match_arguments(
        &mut self,
        id: Instance,
        decl: &'db NodeDecl,
        composition: &'db Composition,
    ) -> Vec<Option<&'db Expr>> {
        let called = self.node(id).instance_of.clone().unwrap_or_default();
        let names: Vec<Arc<str>> = composition.params.iter().map(|param| param.name.text.clone()).collect();
        let mut given: Vec<Option<&'db Expr>> = vec![None; names.len()];
        let args = decl.args.as_ref().map_or(&[][..], |(args, _)| args.as_slice());
        for (position, arg) in args.iter().enumerate() {
            let place = self.item.at(arg.name.as_ref().map_or(arg.value.node, |name| name.node));
            let index = match &arg.name {
                Some(name) => names.iter().position(|known| *known == name.text),
                None => (position < given.len()).then_some(position),
            };
            let report = match (index, &arg.name) {
                (Some(index), _) if given[index].is_none() => {
                    given[index] = Some(&arg.value);
                    continue;
                }
                (Some(index), _) => {
                    let message = format!("`{}` of `{called}` is said twice", names[index]);
                    Report::error(Code::SaidTwice, &place, message)
                }
                (None, Some(name)) => {
                    let message = format!("`{called}` has no parameter `{}`", name.text);
                    let report = Report::error(Code::UnknownParameter, &place, message);
                    suggest(report, &name.text, &names, &place)
                }
                (None, None) => {
                    let plural = if names.len() == 1 { "" } else { "s" };
                    let message = format!("`{called}` has {} parameter{plural}", names.len());
                    Report::error(Code::WrongArguments, &place, message)
                }
            };
            self.stop(report);
        }
        given
    }

    fn missing_argument(&mut self, id: Instance, param: &Param) {
        let node = self.node(id);
        let (place, called) = (node.place.clone(), node.instance_of.clone().unwrap_or_default());
        let message = format!("`{called}` needs a value for `{}`", param.name.text);
        let report = Report::error(Code::MissingParameter, &place, message);
        self.stop(report.help(format!("write `{called}({}: …)`", param.name.text)));
    }

    /// The value of an argument, seen from where it is written; `inner` is the scope of the parameter.
    pub(super) fn argument_value(
        &mut self,
        param: &'db Param,
        home: &ItemPlace,
        value: &'db Expr,
        item: &ItemPlace,
        (scope, inner): (ScopeId, ScopeId),
        owner: Instance,
    ) -> Result<Value, Stop> {
        let ty = self.optional_type(param.ty.as_ref(), home)?.unwrap_or(Type::of(Atom::Any));
        let locals = std::mem::take(&mut self.locals);
        let mut context = Context { engine: self, scope, me: owner, clock: owner };
        let result = evaluate_as(&mut context, value, &ty, item);
        self.locals = locals;
        let result = result?;
        self.check_constraint_at(param, &result, &item.at(value.node), home, inner)?;
        Ok(result)
    }

    /// Says a property of a placed composition where nothing else does.
    fn fall_back_to(&mut self, id: Instance, field: &str, expr: &'db Expr, scope: ScopeId) {
        let item = self.item.clone();
        let said = Assigned { source: AssignedSource::Expr(expr), place: item.at(expr.node), scope, item };
        self.node_mut(id).fallbacks.insert(Arc::from(field), said);
    }

    /// The placed composition that an instance belongs to, or the film.
    pub(super) fn home(&self, id: Instance) -> Instance {
        let mut around = id;
        while around != ROOT {
            around = self.node(around).parent;
            if self.node(around).instance_of.is_some() {
                return around;
            }
        }
        ROOT
    }

    /// The markers that can be seen from an instance.
    pub(super) fn markers_for(&self, id: Instance) -> impl Iterator<Item = (Arc<str>, Instance)> {
        let home = self.home(id);
        (0..self.nodes.len()).map(instance).filter_map(move |marker| {
            let node = self.node(marker);
            let name = node.name.as_ref().filter(|_| node.role == Role::Marker)?;
            (self.home(marker) == home).then(|| (name.text.clone(), marker))
        })
    }
}
