//! Parameters, types as written, and the canvas: what is settled before the tree is built.

use std::sync::Arc;

use vid_timeline::{FrameRate, Size};

use crate::diagnostics::{Code, Place, Report};
use crate::eval::{Instance, Stop, Value, evaluate, evaluate_as, suggest, within};
use crate::items::{Composition, Expr, Item, ItemKind, ItemPlace, Param, TypeExpr, item_from_ast};
use crate::schedule::context::{Context, Viewpoint};
use crate::schedule::engine::{Engine, ROOT};
use crate::schedule::tree::{Assigned, AssignedSource, Binding, BindingKind, ScopeId};
use crate::schedule::units::Canvas;
use crate::types::{Atom, Type};

impl<'db> Engine<'db> {
    /// Makes the parameters names of the composition, with the values given from outside.
    pub(super) fn bind_params(&mut self, composition: &'db Composition, overrides: &[(String, String)]) {
        let item = self.item.clone();
        for param in &composition.params {
            let place = item.at(param.name.node);
            let given = overrides.iter().rev().find(|(name, _)| *name == *param.name.text);
            let kind = match given {
                Some((_, text)) => {
                    let value = self.given_value(param, text, &place);
                    BindingKind::Value(value.unwrap_or(Value::Unknown(Type::of(Atom::Any))))
                }
                None => BindingKind::Param { param, item: item.clone(), memo: None, computing: false },
            };
            self.define(ScopeId(0), &param.name.text, Binding { kind, place });
        }
        let names: Vec<Arc<str>> = composition.params.iter().map(|param| param.name.text.clone()).collect();
        for (name, _) in overrides {
            if !names.iter().any(|known| **known == **name) {
                let place = self.node(ROOT).place.clone();
                let message = format!("{} has no parameter `{name}`", self.called(ROOT));
                let report = Report::error(Code::UnknownParameter, &place, message);
                let mut report = suggest(report, name, &names, &place);
                // The slip is on the command line, not in the source.
                report.fix = None;
                self.stop(report);
            }
        }
    }

    /// Computes the parameters, so that a wrong default is reported even where it is not used.
    pub(super) fn check_params(&mut self, composition: &'db Composition) {
        let item = self.item.clone();
        for param in &composition.params {
            let place = item.at(param.name.node);
            // What is wrong is reported on the way; the value is of no use here.
            let _ = self.binding_value(ScopeId(0), &param.name.text, &place);
        }
    }

    /// A parameter's value as given on a command line or in a data file.
    fn given_value(&mut self, param: &'db Param, text: &str, place: &Place) -> Result<Value, Stop> {
        let item = self.item.clone();
        let ty = match (&param.ty, &param.default) {
            (Some(written), _) => self.resolve_type(written, &item)?,
            (None, Some(default)) => {
                let mut context = Context { engine: self, scope: ScopeId(0), me: ROOT, clock: ROOT };
                evaluate(&mut context, default, None, &item)?.ty()
            }
            (None, None) => Type::of(Atom::Text),
        };
        let plain = ty.has(&Atom::Text) || ty.media().is_some();
        let value = if plain {
            let text = Value::Text(text.into());
            crate::eval::coerce(self.schema, text, &ty).ok_or(Stop::Poison)
        } else {
            self.parsed_value(text, &ty)
        };
        match value {
            Ok(value) => {
                self.check_constraint(param, &value, place)?;
                Ok(value)
            }
            Err(_) => {
                let message = format!("`{text}` was given for `{}`, which takes {ty}", param.name.text);
                Err(self.stop(Report::error(Code::WrongType, place, message)))
            }
        }
    }

    /// The value of a text as an expression of the language; says nothing when it is none.
    fn parsed_value(&mut self, text: &str, ty: &Type) -> Result<Value, Stop> {
        let parse = vid_grammar::parse(&format!("let value = {text}"));
        let items: Vec<_> = parse.file().items().collect();
        let [item] = items.as_slice() else { return Err(Stop::Poison) };
        if !parse.errors().is_empty() {
            return Err(Stop::Poison);
        }
        let (item, _) = item_from_ast(self.item.clone(), item);
        let Item { kind: ItemKind::Let(decl), place, reports, .. } = item else { return Err(Stop::Poison) };
        let Some(expr) = decl.value.filter(|_| reports.is_empty()) else { return Err(Stop::Poison) };
        let before = self.reports.len();
        let outside = self.new_scope(None, false, String::new());
        let mut context = Context { engine: self, scope: outside, me: ROOT, clock: ROOT };
        let value = evaluate_as(&mut context, &expr, ty, &place);
        // Its places are in the text that was given, not in the source; the caller says what is wrong.
        self.reports.truncate(before);
        value
    }

    /// Whether a parameter's value is within what `in` allows.
    pub(super) fn check_constraint(
        &mut self,
        param: &'db Param,
        value: &Value,
        place: &Place,
    ) -> Result<(), Stop> {
        let item = self.item.clone();
        self.check_constraint_at(param, value, place, &item, ScopeId(0))
    }

    /// The same for a parameter of another item, whose bounds see the names of `scope`.
    pub(super) fn check_constraint_at(
        &mut self,
        param: &'db Param,
        value: &Value,
        place: &Place,
        item: &ItemPlace,
        scope: ScopeId,
    ) -> Result<(), Stop> {
        let Some(constraint) = &param.constraint else { return Ok(()) };
        let mut context = Context { engine: self, scope, me: ROOT, clock: ROOT };
        let allowed = match evaluate(&mut context, constraint, None, item)? {
            Value::Range(low, high) => {
                let bounds = (low.map(|v| (*v).clone()), high.map(|v| (*v).clone()));
                within(value, &bounds)
            }
            Value::List(values) => values.contains(value),
            Value::Unknown(_) => true,
            other => {
                let message = format!("`in` needs a range or a list, not {}", other.describe());
                return Err(self.stop(Report::error(Code::WrongType, &item.at(constraint.node), message)));
            }
        };
        if allowed {
            return Ok(());
        }
        let message = format!("`{value}` is outside what `{}` allows", param.name.text);
        let report = Report::error(Code::OutOfRange, place, message);
        Err(self.stop(report.also(&item.at(constraint.node), "allowed are these")))
    }

    /// The type that is written so; an unknown one is reported.
    pub(super) fn resolve_type(&mut self, written: &TypeExpr, item: &ItemPlace) -> Result<Type, Stop> {
        self.schema.resolve(written).map_err(|unknown| {
            let place = item.at(unknown.node);
            let names: Vec<Arc<str>> = self.schema.type_names().map(Arc::from).collect();
            let report =
                Report::error(Code::UnknownType, &place, format!("there is no type `{}`", unknown.text));
            self.stop(suggest(report, &unknown.text, &names, &place))
        })
    }

    /// Size and rate of the film.
    pub(super) fn set_canvas(&mut self, composition: &'db Composition) {
        let standard = (Size::DEFAULT, FrameRate::DEFAULT);
        self.size = composition.size.map_or(standard.0, |(size, _)| size);
        self.rate = composition.rate.map_or(standard.1, |(rate, _)| rate);
        (self.size, self.rate) = self.canvas_of(ROOT, ScopeId(0), composition, standard);
    }

    /// Size and rate of a composition, from its header or its properties; what it does not say is as
    /// around it. They are said of `id`, whose expressions see `scope`.
    pub(super) fn canvas_of(
        &mut self,
        id: Instance,
        scope: ScopeId,
        composition: &'db Composition,
        around: Canvas,
    ) -> Canvas {
        let item = self.item.clone();
        let literal = |node| item.at(node);
        if let Some((size, node)) = composition.size {
            for (field, pixels) in [("width", size.width), ("height", size.height)] {
                self.assign_canvas(id, scope, field, Value::Number(pixels.into()), literal(node));
            }
        }
        if let Some((rate, node)) = composition.rate {
            self.assign_canvas(id, scope, "frame_rate", Value::Rate(rate), literal(node));
        }
        for named in &composition.named {
            self.named_canvas(id, scope, named, &item);
        }
        for stmt in &composition.body {
            if let crate::items::Stmt::Property(property) = stmt
                && matches!(&*property.name.text, "width" | "height" | "frame_rate")
            {
                self.assign_property(id, property, scope, &item);
            }
        }
        let has = |engine: &Self, field: &str| engine.node(id).assigned.contains_key(field);
        let side = |value: Result<Option<Value>, Stop>| match value {
            Ok(Some(Value::Number(number))) => u32::try_from(number.numerator()).ok(),
            _ => None,
        };
        let (width, height) = (side(self.property(id, "width")), side(self.property(id, "height")));
        let size = Size {
            width: width.filter(|_| has(self, "width")).unwrap_or(around.0.width),
            height: height.filter(|_| has(self, "height")).unwrap_or(around.0.height),
        };
        if has(self, "width") != has(self, "height") {
            let (said, missing) = if has(self, "width") { ("width", "height") } else { ("height", "width") };
            let place = self.node(id).assigned[said].place.clone();
            let message = format!("a canvas with a {said} needs a {missing} too");
            self.stop(Report::error(Code::MissingProperty, &place, message));
        }
        let rate = match self.property(id, "frame_rate") {
            Ok(Some(Value::Rate(rate))) if has(self, "frame_rate") => rate,
            _ => around.1,
        };
        (size, rate)
    }

    /// A size or a rate that stands in the header under its name.
    fn named_canvas(&mut self, id: Instance, scope: ScopeId, named: &'db Expr, item: &ItemPlace) {
        let place = item.at(named.node);
        let mut context = Context { engine: self, scope, me: id, clock: id };
        let said: Vec<(&str, Value)> = match evaluate(&mut context, named, None, item) {
            Ok(Value::Size(size)) => {
                vec![
                    ("width", Value::Number(size.width.into())),
                    ("height", Value::Number(size.height.into())),
                ]
            }
            Ok(Value::Rate(rate)) => vec![("frame_rate", Value::Rate(rate))],
            Ok(other) => {
                let message = format!(
                    "the header of a composition takes a size and a frame rate, not {}",
                    other.describe()
                );
                self.stop(Report::error(Code::WrongType, &place, message));
                return;
            }
            Err(_) => return,
        };
        for (field, value) in said {
            if let Some(first) = self.node(id).assigned.get(field) {
                let first = first.place.clone();
                let what = if field == "frame_rate" { "frame rate" } else { "size" };
                let report = Report::error(Code::SaidTwice, &place, format!("a composition has one {what}"));
                self.stop(report.also(&first, "it stands here already"));
                return;
            }
            self.assign_canvas(id, scope, field, value, place.clone());
        }
    }

    /// A property that the header has said.
    fn assign_canvas(&mut self, id: Instance, scope: ScopeId, field: &str, value: Value, place: Place) {
        let item = self.item.clone();
        let field: Arc<str> = Arc::from(field);
        let said = Assigned { source: AssignedSource::Word(Arc::from("")), place, scope, item };
        let node = self.node_mut(id);
        node.assigned.insert(field.clone(), said);
        node.values.insert(field, Ok(Some(value)));
    }

    /// Gives a name a meaning in a scope; the first meaning stays.
    pub(super) fn define(&mut self, scope: ScopeId, name: &Arc<str>, binding: Binding<'db>) {
        match self.scopes[scope.0].names.get(name) {
            Some(first) => {
                let first = first.place.clone();
                let message = format!("two things are called `{name}`");
                let report =
                    Report::error(Code::DuplicateName, &binding.place, message).label("the second one");
                self.stop(report.also(&first, "the first one"));
            }
            None => {
                self.scopes[scope.0].names.insert(name.clone(), binding);
            }
        }
    }

    /// An expression of an instance, as a value of `ty`.
    pub(super) fn expr_as(
        &mut self,
        expr: &'db Expr,
        ty: &Type,
        scope: ScopeId,
        me: Viewpoint,
        item: &ItemPlace,
    ) -> Result<Value, Stop> {
        let mut context = Context { engine: self, scope, me: me.me, clock: me.clock };
        evaluate_as(&mut context, expr, ty, item)
    }
}
