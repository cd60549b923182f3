//! Who said what: properties, clauses and words of a statement, each at most once; and their values.

use std::sync::Arc;

use vid_timeline::Rational;

use crate::diagnostics::{Applicability, Code, Place, Report, nearest};
use crate::eval::{Instance, KeyframeValue, LengthValue, Stop, Value, split, suggest, within};
use crate::items::{
    Arg, Clause, ClauseKind, Expr, ExprKind, Ident, Item, ItemKind, ItemPlace, LengthUnit, Literal, NodeDecl,
    Property, StyleDecl,
};
use crate::schedule::context::Viewpoint;
use crate::schedule::engine::Engine;
use crate::schedule::tree::{Assigned, AssignedSource, LengthRule, Role, ScopeId};
use crate::types::{Atom, FieldSchema, KindSchema, Type, property_meant, word_meant};

impl<'db> Engine<'db> {
    /// Takes in everything the header of a statement says.
    pub(super) fn assign_header(&mut self, id: Instance, decl: &'db NodeDecl) {
        let (item, scope) = (self.item.clone(), self.node(id).scope);
        let kind = self.node(id).kind;
        if let Some(subject) = &decl.subject
            && let Some(field) = kind.fields.iter().find(|field| field.subject)
        {
            self.assign_subject(id, field, subject);
        }
        if let Some(text) = &decl.text {
            match kind.fields.iter().find(|field| field.string) {
                Some(field) => self.assign_expr(id, field, text, scope, &item),
                None => {
                    let message = format!("{} takes no string", self.called(id));
                    self.stop(Report::error(Code::MisplacedClause, &item.at(text.node), message));
                }
            }
        }
        if let Some(amount) = &decl.amount
            && let Some(field) = kind.fields.iter().find(|field| field.amount)
        {
            self.assign_expr(id, field, amount, scope, &item);
        }
        if let Some(easing) = &decl.easing
            && let Some(field) = kind.field("easing")
        {
            self.assign_expr(id, field, easing, scope, &item);
        }
        // The arguments of a placed composition are its parameters.
        let refused = decl.args.as_ref().filter(|_| self.node(id).instance_of.is_none());
        if let Some((_, node)) = refused {
            let message = format!("{} takes no arguments", self.called(id));
            let report = Report::error(Code::MisplacedClause, &item.at(*node), message);
            let string = kind.fields.iter().find(|field| field.string && decl.text.is_none());
            let is_string = |arg: &Arg| {
                arg.name.is_none() && matches!(arg.value.kind, ExprKind::Literal(Literal::Text(_)))
            };
            let only = decl.args.as_ref().and_then(|(args, _)| args.first()).filter(|arg| is_string(arg));
            match string.filter(|_| only.is_some()) {
                Some(field) => {
                    self.node_mut(id).values.insert(field.name.clone(), Err(Stop::Poison));
                    let help = "a string stands without parentheses: `text \"Hello\"`, `video \"clip.mp4\"`";
                    self.stop(report.help(help));
                }
                None => {
                    self.stop(report.help("write properties in a block: `{ opacity: 50% }`"));
                }
            }
        }
        self.assign_clauses(id, &decl.clauses);
    }

    /// Takes in the word after the first word: one of the words of its property, or a style that says it
    /// together with more: `transition soft`.
    fn assign_subject(&mut self, id: Instance, field: &'db FieldSchema, subject: &'db Ident) {
        let (item, scope) = (self.item.clone(), self.node(id).scope);
        let place = item.at(subject.node);
        if !self.schema.has_word(&field.ty, &subject.text) {
            match self.item_named(&subject.text, &place) {
                Ok(Some(Item { kind: ItemKind::Style(style), .. })) => {
                    let kind = &self.node(id).kind.name;
                    let is_for_another = style.target.as_ref().is_some_and(|target| target.text != *kind);
                    self.apply_styles(id, std::slice::from_ref(subject));
                    if is_for_another {
                        self.leave_open(id);
                    }
                    return;
                }
                Ok(_) => {}
                Err(_) => return self.leave_open(id),
            }
        }
        let source = AssignedSource::Word(subject.text.clone());
        self.assign(id, field, Assigned { source, place, scope, item });
    }

    /// What an instance needs is not known, since the style that would have said it is in error. That has
    /// been reported, so nothing is said to be missing.
    fn leave_open(&mut self, id: Instance) {
        let kind = self.node(id).kind;
        for field in kind.fields.iter().filter(|field| field.required) {
            self.node_mut(id).values.insert(field.name.clone(), Err(Stop::Poison));
        }
    }

    /// Takes in the clauses of a header.
    pub(super) fn assign_clauses(&mut self, id: Instance, clauses: &'db [Clause]) {
        let (item, scope) = (self.item.clone(), self.node(id).scope);
        let kind = self.node(id).kind;
        for clause in clauses {
            let place = item.at(clause.node);
            match &clause.kind {
                ClauseKind::At(expr) => self.assign_clause(id, "time", "at", expr, scope, &item),
                ClauseKind::For(expr) => match share_of(expr) {
                    Some(share) if self.node(id).role.is_timed() => {
                        self.say_length(id, LengthRule::Share(share), &place);
                    }
                    _ if is_share(expr) && self.node(id).role.is_timed() => {
                        let message = "a share of what is left must be more than zero";
                        self.stop(Report::error(Code::OutOfRange, &item.at(expr.node), message));
                    }
                    _ => self.assign_clause(id, "duration", "for", expr, scope, &item),
                },
                ClauseKind::ForUpTo(expr) if self.node(id).role == Role::Transition => {
                    self.assign_clause(id, "duration", "for up to", expr, scope, &item);
                    self.node_mut(id).length_rule = LengthRule::UpTo;
                }
                ClauseKind::ForUpTo(_) => self.misplaced(id, "for up to", &place),
                ClauseKind::ForNatural if kind.field("in_point").is_some() => {
                    self.say_length(id, LengthRule::Natural, &place);
                }
                ClauseKind::ForFill if self.node(id).role.is_timed() => {
                    self.say_length(id, LengthRule::Fill, &place);
                }
                ClauseKind::Until(expr) if self.node(id).role.is_timed() => {
                    let rule = LengthRule::Until(expr, item.clone(), place.clone());
                    self.say_length(id, rule, &place);
                }
                ClauseKind::ForNatural => self.misplaced(id, "for natural", &place),
                ClauseKind::ForFill => self.misplaced(id, "for fill", &place),
                ClauseKind::Until(_) => self.misplaced(id, "until", &place),
                ClauseKind::With(styles) => self.apply_styles(id, styles),
                ClauseKind::Through => match kind.field("through") {
                    Some(field) => {
                        let source = AssignedSource::Value(Value::Bool(true));
                        self.assign(id, field, Assigned { source, place, scope, item: item.clone() });
                    }
                    None => self.misplaced(id, "through", &place),
                },
                ClauseKind::Trim(range) => {
                    match (&range.kind, kind.field("in_point"), kind.field("out_point")) {
                        (ExprKind::Range(start, end), Some(in_point), Some(out_point)) => {
                            if let Some(start) = start {
                                self.assign_expr(id, in_point, start, scope, &item);
                            }
                            if let Some(end) = end {
                                self.assign_expr(id, out_point, end, scope, &item);
                            }
                        }
                        _ => self.misplaced(id, "[a..b]", &place),
                    }
                }
            }
        }
    }

    fn assign_clause(
        &mut self,
        id: Instance,
        field: &str,
        word: &str,
        expr: &'db Expr,
        scope: ScopeId,
        item: &ItemPlace,
    ) {
        match self.node(id).kind.field(field) {
            Some(field) => self.assign_expr(id, field, expr, scope, item),
            None => self.misplaced(id, word, &item.at(expr.node)),
        }
    }

    fn misplaced(&mut self, id: Instance, clause: &str, place: &Place) {
        let message = format!("`{clause}` has no meaning on {}", self.called(id));
        self.stop(Report::error(Code::MisplacedClause, place, message));
    }

    /// A clause that says the length in another way than `duration`.
    fn say_length(&mut self, id: Instance, rule: LengthRule<'db>, place: &Place) {
        let first = match (&self.node(id).length_rule, self.node(id).assigned.get("duration")) {
            (LengthRule::Unsaid, None) => {
                self.node_mut(id).length_rule = rule;
                return;
            }
            (_, Some(duration)) => duration.place.clone(),
            (LengthRule::Until(_, _, first), None) => first.clone(),
            (_, None) => self.node(id).place.clone(),
        };
        let message = format!("the length of {} is said twice", self.called(id));
        let report = Report::error(Code::SaidTwice, place, message).label("said again here");
        self.stop(report.also(&first, "said here"));
    }

    pub(super) fn assign_expr(
        &mut self,
        id: Instance,
        field: &'db FieldSchema,
        expr: &'db Expr,
        scope: ScopeId,
        item: &ItemPlace,
    ) {
        let place = item.at(expr.node);
        self.assign(
            id,
            field,
            Assigned { source: AssignedSource::Expr(expr), place, scope, item: item.clone() },
        );
    }

    pub(super) fn assign(&mut self, id: Instance, field: &'db FieldSchema, said: Assigned<'db>) {
        if let Some(first) = self.node(id).assigned.get(&field.name) {
            let first = first.place.clone();
            let message = format!("`{}` of {} is said twice", field.name, self.called(id));
            let report = Report::error(Code::SaidTwice, &said.place, message).label("said again here");
            self.stop(report.also(&first, "said here").help("keep one of the two"));
            return;
        }
        if &*field.name == "duration" && !matches!(self.node(id).length_rule, LengthRule::Unsaid) {
            let place = said.place;
            let rule = LengthRule::Fill;
            return self.say_length(id, rule, &place);
        }
        self.node_mut(id).assigned.insert(field.name.clone(), said);
    }

    /// Takes in a property of a block.
    pub(super) fn assign_property(
        &mut self,
        id: Instance,
        property: &'db Property,
        scope: ScopeId,
        item: &ItemPlace,
    ) {
        match self.node(id).kind.field(&property.name.text) {
            Some(field) => {
                let place = item.at(property.value.node);
                // The canvas is settled before the rest of the body is read.
                let known = self.node(id).assigned.get(&field.name).is_some_and(|said| said.place == place);
                if !known {
                    self.assign_expr(id, field, &property.value, scope, item);
                }
            }
            None => {
                let mut report = self.unknown_property_of(self.node(id).kind, &property.name, item);
                if self.node(id).instance_of.is_some() {
                    report.message = format!("a placed composition has no property `{}`", property.name.text);
                }
                self.stop(report);
            }
        }
    }

    /// A property that a kind does not have, with the one that was probably meant.
    pub(super) fn unknown_property_of(&self, kind: &KindSchema, name: &Ident, item: &ItemPlace) -> Report {
        let place = item.at(name.node);
        let plain = |word: &str| word.replace(['_', '-'], "").to_lowercase();
        let wanted = plain(&name.text);
        let known = kind.fields.iter().find(|field| {
            plain(&field.name) == wanted || field.aliases.iter().any(|alias| plain(alias) == wanted)
        });
        let called =
            if &*kind.name == "composition" { "a composition".to_owned() } else { article(&kind.name) };
        let message = format!("{called} has no property `{}`", name.text);
        let report = Report::error(Code::UnknownProperty, &place, message);
        if let Some(field) = known {
            return report.help(format!("it is called `{}`", field.name)).replace(
                &place,
                &*field.name,
                Applicability::Safe,
            );
        }
        if let Some(help) = property_meant(&name.text) {
            return report.help(help);
        }
        let near = nearest(&name.text, kind.fields.iter().map(|field| &*field.name));
        if let Some(near) = near {
            return report.help(format!("did you mean `{near}`?")).replace(
                &place,
                near,
                Applicability::Guess,
            );
        }
        let owners: Vec<_> = self
            .schema
            .kinds
            .values()
            .filter(|other| other.is_element() && other.field(&name.text).is_some())
            .map(|other| format!("`{}`", other.name))
            .collect();
        if owners.is_empty() { report } else { report.help(format!("it belongs to {}", owners.join(", "))) }
    }

    /// The value of a property: what was said, or its default, or nothing. Computed once.
    pub(super) fn property(&mut self, id: Instance, name: &str) -> Result<Option<Value>, Stop> {
        if let Some(value) = self.node(id).values.get(name) {
            return value.clone();
        }
        let Some(field) = self.node(id).kind.field(name) else { return Ok(None) };
        if self.said(id, name).is_none() {
            return Ok(field.default.clone());
        }
        let attribute = crate::schedule::engine::Attribute::Property(field.name.clone());
        let value = self.guarded(attribute, id, |engine| engine.compute_property(id, field));
        if !matches!(value, Err(Stop::Pending(_))) {
            self.node_mut(id).values.insert(field.name.clone(), value.clone());
        }
        value
    }

    fn compute_property(&mut self, id: Instance, field: &'db FieldSchema) -> Result<Option<Value>, Stop> {
        let Some(said) = self.said(id, &field.name) else { return Ok(field.default.clone()) };
        let (place, scope, item) = (said.place.clone(), said.scope, said.item.clone());
        let value = match &said.source {
            AssignedSource::Word(word) => {
                let word = word.clone();
                self.word_value(&word, &field.ty, &place)?
            }
            AssignedSource::Value(value) => value.clone(),
            AssignedSource::Expr(expr) => {
                let expr = *expr;
                // Where something is placed is seen from outside of it, how it looks from inside.
                let outside = matches!(&*field.name, "time" | "duration");
                let clock = if outside { self.node(id).parent } else { self.enclosing_timed(id) };
                let view = Viewpoint { me: id, clock };
                self.with_clock_of(expr, |engine| engine.expr_as(expr, &field.ty, scope, view, &item))?
            }
        };
        let value = self.without_em(id, field, value, &place)?;
        self.check_value(id, field, &value, &place)?;
        Ok(Some(value))
    }

    /// Multiples of the font size as pixels.
    fn without_em(
        &mut self,
        id: Instance,
        field: &'db FieldSchema,
        value: Value,
        place: &Place,
    ) -> Result<Value, Stop> {
        match value {
            Value::Length(LengthValue { amount, unit: LengthUnit::Em }) => {
                let has_size = self.node(id).kind.field("font_size").is_some() && &*field.name != "font_size";
                let size = if has_size { self.property(id, "font_size")? } else { None };
                match size {
                    Some(Value::Length(size)) => Ok(Value::Length(LengthValue {
                        amount: amount * size.amount,
                        unit: LengthUnit::Pixels,
                    })),
                    Some(unknown) => Ok(unknown),
                    None => {
                        let message =
                            format!("`em` has no length for `{}` of {}", field.name, self.called(id));
                        let report = Report::error(Code::WrongUnit, place, message);
                        Err(self.stop(
                            report.help("it counts font sizes, which only texts have; write `px` or `%`"),
                        ))
                    }
                }
            }
            Value::Keyframes(keyframes) => {
                let mut values = Vec::new();
                for keyframe in keyframes.iter() {
                    let value = self.without_em(id, field, keyframe.value.clone(), place)?;
                    values.push(KeyframeValue { value, ..keyframe.clone() });
                }
                Ok(Value::Keyframes(Arc::new(values)))
            }
            value => Ok(value),
        }
    }

    /// The instance itself, or the element around a motion or an effect.
    fn enclosing_timed(&self, id: Instance) -> Instance {
        match self.node(id).role {
            Role::Motion(_)
            | Role::Effect
            | Role::Mask
            | Role::Gap
            | Role::Transition
            | Role::Output
            | Role::Marker
            | Role::Duck => self.node(id).parent,
            _ => id,
        }
    }

    fn word_value(&mut self, word: &Arc<str>, ty: &Type, place: &Place) -> Result<Value, Stop> {
        if self.schema.has_word(ty, word) {
            return Ok(Value::Word(word.clone()));
        }
        let words: Vec<Arc<str>> = ty
            .enums()
            .filter_map(|name| self.schema.enums.get(name))
            .flat_map(|words| words.members.iter().map(|(word, _)| word.clone()))
            .chain(self.names_of_file(place.file, |kind| match kind {
                ItemKind::Style(StyleDecl { target: Some(target), .. }) => {
                    ty.enums().any(|name| name.starts_with(&*target.text))
                }
                _ => false,
            }))
            .collect();
        let name = ty.enums().next().map_or("word", |name| &**name).replace('_', " ");
        let report = Report::error(Code::UnknownValue, place, format!("there is no {name} `{word}`"));
        Err(self.stop(match ty.enums().find_map(|set| word_meant(set, word)) {
            Some(meant) => {
                report.help(format!("it is called `{meant}`")).replace(place, meant, Applicability::Guess)
            }
            None => suggest(report, word, &words, place),
        }))
    }

    /// Bounds of the property, and whether it may change over time.
    fn check_value(
        &mut self,
        id: Instance,
        field: &FieldSchema,
        value: &Value,
        place: &Place,
    ) -> Result<(), Stop> {
        if let Value::Keyframes(keyframes) = value {
            if !field.animatable {
                let message = format!("`{}` cannot have keyframes", field.name);
                let report = Report::error(Code::NotAnimatable, place, message);
                let fields = self.node(id).kind.fields.iter().filter(|field| field.animatable);
                let changing: Vec<_> = fields.map(|field| format!("`{}`", field.name)).collect();
                return Err(self.stop(match changing.as_slice() {
                    [] => report,
                    names => report.help(format!("what can have them: {}", names.join(", "))),
                }));
            }
            if keyframes.is_empty() {
                let message = format!("`{}` has an empty list of keyframes", field.name);
                return Err(self.stop(Report::error(Code::KeyframeOrder, place, message)));
            }
            for keyframe in keyframes.iter() {
                self.check_value(id, field, &keyframe.value, place)?;
            }
            return Ok(());
        }
        if let Value::Time(time) = value
            && field.bounds.is_some()
            && !time.anchors.is_zero()
        {
            self.show_instant();
        }
        if let Some(bounds) = &field.bounds
            && !within(value, bounds)
        {
            let (low, high) = bounds;
            let allowed = match (low, high) {
                (Some(low), Some(high)) => format!("it goes from {low} to {high}"),
                (Some(low), None) => format!("it is at least {low}"),
                (None, Some(high)) => format!("it is at most {high}"),
                (None, None) => String::new(),
            };
            let message = format!("`{}` cannot be {value}: {allowed}", field.name);
            return Err(self.stop(Report::error(Code::OutOfRange, place, message)));
        }
        let not_positive = split(value).is_some_and(|(amount, unit)| {
            let instant = matches!(unit, crate::eval::Unit::Time(anchors) if !anchors.is_zero());
            !instant && amount <= Rational::ZERO
        });
        if field.positive && not_positive {
            let code = if field.ty.has(&Atom::Time) { Code::EmptyRange } else { Code::OutOfRange };
            let message =
                format!("`{}` of {} must be more than zero, not {value}", field.name, self.called(id));
            return Err(self.stop(Report::error(code, place, message)));
        }
        let empty = matches!(value, Value::Text(text) | Value::Media(text, _) if text.is_empty());
        if field.required && empty {
            let message = format!("`{}` of {} is empty", field.name, self.called(id));
            return Err(self.stop(Report::error(Code::MissingProperty, place, message)));
        }
        Ok(())
    }
}

/// `a text`, `an image`.
pub(super) fn article(word: &str) -> String {
    let vowel = word.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} `{word}`", if vowel { "an" } else { "a" })
}

/// Whether a length is said in shares, of whatever size.
fn is_share(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(Literal::Quantity(_, unit)) => &**unit == "fr",
        ExprKind::Unary(_, inner) => is_share(inner),
        _ => false,
    }
}

/// The share of `for 1fr`.
fn share_of(expr: &Expr) -> Option<Rational> {
    match &expr.kind {
        ExprKind::Literal(Literal::Quantity(amount, unit)) if &**unit == "fr" && !amount.is_negative() => {
            Some(*amount).filter(|amount| !amount.is_zero())
        }
        _ => None,
    }
}
