//! From statements to the tree of instances: loops unroll, choices are made, names are given.

use std::sync::Arc;

use crate::diagnostics::{Code, Place, Report};
use crate::eval::{Instance, Stop, Value, evaluate, evaluate_as, members_of, suggest};
use crate::items::{Expr, ForStmt, Ident, IfStmt, ItemKind, Keyword, LetDecl, NodeDecl, Stmt};
use crate::schedule::assign::article;
use crate::schedule::context::Context;
use crate::schedule::engine::{Engine, MAX_INSTANCES, Mode, motion_word};
use crate::schedule::tree::{Binding, BindingKind, Role, ScopeId};
use crate::types::{Atom, Type, statement_meant};

/// First words of statements that are no elements, for the nearest match.
const STATEMENTS: [&str; 14] = [
    "sequence",
    "stack",
    "gap",
    "transition",
    "marker",
    "enter",
    "exit",
    "motion",
    "loop",
    "effect",
    "mask",
    "output",
    "let",
    "for",
];

impl<'db> Engine<'db> {
    /// Adds what a block says to an instance.
    pub(super) fn expand_block(&mut self, id: Instance, scope: ScopeId, stmts: &'db [Stmt]) {
        // Values first: their order in the block does not matter.
        self.expand_lets(id, scope, stmts);
        for stmt in stmts {
            self.expand_stmt(id, scope, stmt);
        }
    }

    /// Adds what a statement other than a `let` says to an instance.
    pub(super) fn expand_stmt(&mut self, id: Instance, scope: ScopeId, stmt: &'db Stmt) {
        match stmt {
            Stmt::Let(_) => {}
            Stmt::Property(property) => {
                let item = self.item.clone();
                self.assign_property(id, property, scope, &item);
            }
            Stmt::Node(decl) => self.expand_node(id, scope, decl),
            Stmt::Set(set) => self.set_rule(scope, set),
            Stmt::If(choice) => self.expand_if(id, scope, choice),
            Stmt::For(repeat) => self.expand_for(id, scope, repeat),
            Stmt::Duck(duck) => self.expand_duck(id, scope, duck),
        }
    }

    /// Makes the values of a block names of it.
    pub(super) fn expand_lets(&mut self, id: Instance, scope: ScopeId, stmts: &'db [Stmt]) {
        for stmt in stmts {
            if let Stmt::Let(decl) = stmt {
                self.expand_let(id, scope, decl);
            }
        }
    }

    fn expand_let(&mut self, owner: Instance, scope: ScopeId, decl: &'db LetDecl) {
        let Some(name) = &decl.name else { return };
        let item = self.item.clone();
        let place = item.at(name.node);
        let kind = BindingKind::Let { decl, item, owner, memo: None, computing: false };
        self.define(scope, &name.text, Binding { kind, place });
    }

    fn structural(
        &mut self,
        id: Instance,
        scope: ScopeId,
        expr: &'db Expr,
        ty: Option<&Type>,
    ) -> Result<Value, Stop> {
        let item = self.item.clone();
        let mut context = Context { engine: self, scope, me: id, clock: id };
        match ty {
            Some(ty) => evaluate_as(&mut context, expr, ty, &item),
            None => evaluate(&mut context, expr, None, &item),
        }
    }

    fn expand_if(&mut self, id: Instance, scope: ScopeId, choice: &'db IfStmt) {
        for (condition, body) in &choice.branches {
            match self.structural(id, scope, condition, Some(&Type::of(Atom::Bool))) {
                Ok(Value::Bool(false)) => {}
                // A condition nobody knows yet: the branch is checked as if it held.
                Ok(_) => return self.expand_inner(id, scope, body, None),
                Err(stop) => return self.undecided(stop, condition),
            }
        }
        self.expand_inner(id, scope, &choice.otherwise, None);
    }

    /// A choice that waits for facts about media. It is made when they are known; a film is not made
    /// without them.
    fn undecided(&mut self, stop: Stop, expr: &Expr) {
        if stop == Stop::Unknown && self.mode == Mode::Compile {
            let message = "this decides what the film holds, and waits for media that have not been examined";
            self.stop(Report::error(Code::MediaUnreadable, &self.item.at(expr.node), message));
        }
    }

    fn expand_for(&mut self, id: Instance, scope: ScopeId, repeat: &'db ForStmt) {
        let list = match self.structural(id, scope, &repeat.list, None) {
            Ok(list) => list,
            Err(stop) => return self.undecided(stop, &repeat.list),
        };
        let place = self.item.at(repeat.list.node);
        let values = match list {
            Value::Unknown(_) => vec![Value::Unknown(Type::of(Atom::Any))],
            list => {
                let mut context = Context { engine: self, scope, me: id, clock: id };
                match members_of(&mut context, &list, &place) {
                    Ok(values) => values,
                    Err(_) => return,
                }
            }
        };
        for (turn, value) in values.into_iter().enumerate() {
            if self.nodes.len() >= MAX_INSTANCES {
                return self.too_many(&place);
            }
            self.steps += 1;
            let variable = repeat.variable.as_ref().map(|name| (name, value));
            self.expand_inner(id, scope, &repeat.body, Some((turn, variable)));
        }
    }

    /// A block inside a block: it sees what is around it and keeps its own values to itself.
    fn expand_inner(
        &mut self,
        id: Instance,
        scope: ScopeId,
        body: &'db [Stmt],
        turn: Option<(usize, Option<(&'db Ident, Value)>)>,
    ) {
        let suffix = self.scopes[scope.0].suffix.clone();
        let inner = match &turn {
            Some((turn, _)) => self.new_scope(Some(scope), true, format!("{suffix}[{turn}]")),
            None => self.new_scope(Some(scope), false, suffix),
        };
        if let Some((_, Some((name, value)))) = turn {
            let place = self.item.at(name.node);
            let binding = Binding { kind: BindingKind::Value(value), place };
            self.define(inner, &name.text, binding);
        }
        self.expand_block(id, inner, body);
    }

    pub(super) fn too_many(&mut self, place: &Place) {
        let known = self.reports.iter().any(|report| report.code == Code::TooMuchWork);
        if !known {
            let message = format!("a composition has at most {MAX_INSTANCES} elements and statements");
            self.stop(Report::error(Code::TooMuchWork, place, message));
        }
    }

    pub(super) fn expand_node(&mut self, parent: Instance, scope: ScopeId, decl: &'db NodeDecl) {
        let place = self.item.at(decl.node);
        if self.nodes.len() >= MAX_INSTANCES {
            return self.too_many(&place);
        }
        if decl.keyword == Keyword::Element {
            let word = self.item.at(decl.kind.node);
            match self.def_named(&decl.kind.text, &word) {
                Ok(Some(def)) if matches!(def.item(self.db).kind, ItemKind::Composition(_)) => {
                    return self.place_composition(parent, scope, decl, def);
                }
                Ok(Some(other)) if self.schema.kind(&decl.kind.text).is_none() => {
                    return self.not_an_element(other.item(self.db), &decl.kind);
                }
                Ok(_) => {}
                Err(_) => return,
            }
        }
        if decl.keyword == Keyword::Element && &*decl.kind.text == "captions" {
            return self.place_captions(parent, scope, decl);
        }
        let (role, kind) = match decl.keyword {
            Keyword::Element => match self.element_kind(parent, &decl.kind) {
                Some(kind) => (Role::Element, kind),
                None => {
                    self.lacks_children.insert(parent);
                    return;
                }
            },
            Keyword::Sequence => (Role::Sequence, "sequence"),
            Keyword::Stack => (Role::Stack, "stack"),
            Keyword::Gap => (Role::Gap, "gap"),
            Keyword::Transition => (Role::Transition, "transition"),
            Keyword::Marker => (Role::Marker, "marker"),
            Keyword::Effect => (Role::Effect, "effect"),
            Keyword::Mask => (Role::Mask, "mask"),
            Keyword::Output => (Role::Output, "output"),
            motion => (Role::Motion(motion), "motion"),
        };
        if !self.belongs(parent, role, kind, &place) {
            return;
        }
        let kind = self.kind(kind);
        let inner = self.new_scope(Some(scope), false, self.scopes[scope.0].suffix.clone());
        let id = self.new_node(role, kind, parent, inner, place.clone());
        self.name_node(id, scope, decl);
        // Headers see the names around the block, not those inside.
        self.node_mut(id).scope = scope;
        self.apply_sets(id, scope);
        if role == Role::Mask {
            self.assign_mask(id, decl);
        } else {
            self.assign_header(id, decl);
        }
        self.expand_block(id, inner, &decl.body);
        self.expand_styled(id);
        self.check_place_in_sequence(id);
    }

    /// The kind an element's first word names; anything else is reported.
    fn element_kind(&mut self, parent: Instance, word: &Ident) -> Option<&'db str> {
        if let Some(kind) = self.schema.kind(&word.text).filter(|kind| kind.is_element()) {
            return Some(&kind.name);
        }
        let place = self.item.at(word.node);
        let report = {
            let elements =
                self.schema.kinds.values().filter(|kind| kind.is_element()).map(|kind| kind.name.clone());
            let placed = self.names_of_file(place.file, |kind| matches!(kind, ItemKind::Composition(_)));
            let words: Vec<Arc<str>> =
                elements.chain(STATEMENTS.iter().map(|word| Arc::from(*word))).chain(placed).collect();
            let report =
                Report::error(Code::UnknownElement, &place, format!("there is no element `{}`", word.text));
            let is_property = self.node(parent).kind.field(&word.text).is_some();
            let is_property_inside = || {
                let mut kinds = self.schema.kinds.values().filter(|kind| kind.is_element());
                kinds.any(|kind| kind.field(&word.text).is_some())
            };
            let report = if is_property {
                report.help(format!("`{0}` is a property: write `{0}: …`", word.text))
            } else if let Some(help) = statement_meant(self.schema, &word.text) {
                report.help(help)
            } else if is_property_inside() {
                report.help(format!(
                    "`{0}` is a property: write `{0}: …` in the block of an element",
                    word.text
                ))
            } else {
                suggest(report, &word.text, &words, &place)
            };
            if report.help.is_empty() {
                report.help("elements are `video`, `audio`, `image`, `text`, `shape` and `captions`")
            } else {
                report
            }
        };
        self.stop(report);
        None
    }

    /// Whether a statement may stand in its parent's block; if not, that is reported.
    pub(super) fn belongs(&mut self, parent: Instance, role: Role, kind: &str, place: &Place) -> bool {
        let around = self.node(parent).role;
        let (fits, help) = match role {
            Role::Element | Role::Sequence | Role::Stack | Role::Marker => {
                (around.is_container(), "elements stand in compositions, sequences and stacks")
            }
            Role::Gap => (around == Role::Sequence, "gaps stand in sequences; elsewhere, use `at`"),
            Role::Transition => {
                (around == Role::Sequence, "transitions stand between two children of a sequence")
            }
            Role::Output => (around == Role::Composition, "outputs stand in the composition itself"),
            Role::Effect => {
                let pictures = self.node(parent).kind.field("fit").is_some();
                let help = "effects stand in a video, an image, a shape, or what is drawn as a unit";
                (is_drawn(around) && pictures, help)
            }
            Role::Mask => {
                let visible = self.node(parent).kind.field("opacity").is_some();
                (is_drawn(around) && visible, "masks stand in what can be seen")
            }
            Role::Motion(_) => {
                let visible = self.node(parent).kind.field("opacity").is_some();
                (is_drawn(around) && visible, "motions stand in what can be seen")
            }
            Role::Duck => {
                (around.is_container(), "sounds are turned down in compositions, sequences and stacks")
            }
            Role::Composition | Role::Ground => (false, ""),
        };
        if fits {
            return true;
        }
        let word = match role {
            Role::Motion(keyword) => article(motion_word(keyword)),
            _ => article(kind),
        };
        let outside = match around {
            Role::Composition => "directly in a composition".to_owned(),
            _ => format!("in {}", article(&self.node(parent).kind.name)),
        };
        let code =
            if role == Role::Transition { Code::TransitionMisplaced } else { Code::MisplacedStatement };
        self.stop(Report::error(code, place, format!("{word} cannot stand {outside}")).help(help));
        false
    }

    /// Gives an instance its name and its path.
    pub(super) fn name_node(&mut self, id: Instance, scope: ScopeId, decl: &'db NodeDecl) {
        let parent = self.node(id).parent;
        let suffix = self.scopes[scope.0].suffix.clone();
        let own = match &decl.name {
            Some(name) => format!("{}{suffix}", name.text),
            None => {
                let label = |id: Instance| {
                    let node = self.node(id);
                    node.instance_of.clone().unwrap_or_else(|| node.kind.name.clone())
                };
                let kind = label(id);
                let same = |child: &&Instance| label(**child) == kind && self.node(**child).name.is_none();
                let nth = self.node(parent).children.iter().filter(same).count();
                format!("{kind}#{nth}")
            }
        };
        let holder =
            if suffix.is_empty() && decl.name.is_some() { self.named_around(parent) } else { parent };
        let path = &self.node(holder).id;
        self.node_mut(id).id = if path.is_empty() { own } else { format!("{path}.{own}") };
        self.node_mut(id).name = decl.name.clone();
        let (Some(name), true) = (&decl.name, self.node(id).role.is_timed()) else { return };
        let mut holder = scope;
        while !self.scopes[holder.0].holds_elements {
            match self.scopes[holder.0].parent {
                Some(outer) => holder = outer,
                None => break,
            }
        }
        let place = self.item.at(name.node);
        self.define(holder, &name.text, Binding { kind: BindingKind::Element(id), place });
    }

    /// The nearest of an instance and what is around it that adds to the path of a name. Sequences and
    /// stacks without a name of their own do not: what is in them has a name of the composition.
    fn named_around(&self, id: Instance) -> Instance {
        let mut at = id;
        loop {
            let node = self.node(at);
            let is_plain = matches!(node.role, Role::Sequence | Role::Stack)
                && node.name.is_none()
                && node.instance_of.is_none();
            if !is_plain {
                return at;
            }
            at = node.parent;
        }
    }

    /// In a sequence the order says when a child starts.
    pub(super) fn check_place_in_sequence(&mut self, id: Instance) {
        let parent = self.node(id).parent;
        if self.node(parent).role != Role::Sequence || !self.node(id).role.is_timed() {
            return;
        }
        if let Some(time) = self.node_mut(id).assigned.remove("time") {
            let message =
                format!("{} has a start, but its place in the sequence decides that", self.called(id));
            let report = Report::error(Code::TimeInSequence, &time.place, message);
            self.stop(report.help(
                "leave out the start; `gap 1s` before it leaves space, a `stack` lets it start freely",
            ));
        }
    }
}

/// Whether something of that role can be drawn as one picture.
const fn is_drawn(role: Role) -> bool {
    matches!(role, Role::Element | Role::Sequence | Role::Stack)
}
