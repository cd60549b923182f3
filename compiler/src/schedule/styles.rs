//! Styles and `set` rules: what they say counts where the statement itself says nothing.
//!
//! `set` rules apply from the outermost block inwards, each from where it stands to the end of its
//! block; styles of a `with` clause come after them, in their order. A later one wins.

use std::sync::Arc;

use crate::diagnostics::{Applicability, Code, Report};
use crate::eval::{Instance, suggest};
use crate::items::{Ident, Item, ItemKind, ItemPlace, NodeDecl, Property, SetStmt, StyleDecl};
use crate::schedule::assign::article;
use crate::schedule::engine::Engine;
use crate::schedule::tree::{Assigned, AssignedSource, Role, ScopeId, Styled};
use crate::types::KindSchema;

impl<'db> Engine<'db> {
    /// Takes in a `set` rule for the rest of a block.
    pub(super) fn set_rule(&mut self, scope: ScopeId, set: &'db SetStmt) {
        match self.schema.kind(&set.kind.text).filter(|kind| has_statements(kind)) {
            Some(kind) => {
                let item = self.item.clone();
                self.check_properties(kind, &set.properties, &item);
                self.scopes[scope.0].sets.push(set);
            }
            None => {
                let item = self.item.clone();
                self.unknown_kind(&set.kind, &item);
            }
        }
    }

    /// Gives an instance what the `set` rules around it say.
    pub(super) fn apply_sets(&mut self, id: Instance, scope: ScopeId) {
        let mut around = Vec::new();
        let mut next = Some(scope);
        while let Some(id) = next {
            around.push(id);
            next = self.scopes[id.0].parent;
        }
        let kind = self.node(id).kind;
        let item = self.item.clone();
        for scope in around.into_iter().rev() {
            for set in self.scopes[scope.0].sets.clone() {
                if set.kind.text == kind.name {
                    self.fall_back(id, &set.properties, scope, &item);
                    self.hang(id, &set.attached, scope, &item);
                }
            }
        }
    }

    /// Gives an instance what the styles of its `with` clause say.
    pub(super) fn apply_styles(&mut self, id: Instance, styles: &'db [Ident]) {
        for name in styles {
            let place = self.item.at(name.node);
            let found = match self.item_named(&name.text, &place) {
                Ok(found) => found,
                Err(_) => continue,
            };
            let Some(Item { kind: ItemKind::Style(style), place: home, .. }) = found else {
                let names = self.names_of_file(place.file, |kind| matches!(kind, ItemKind::Style(_)));
                let report =
                    Report::error(Code::UnknownName, &place, format!("there is no style `{}`", name.text));
                self.stop(suggest(report, &name.text, &names, &place));
                continue;
            };
            let kind = self.node(id).kind;
            // A style for a kind that does not exist is reported where it is written.
            let target = style.target.as_ref().filter(|target| self.schema.kind(&target.text).is_some());
            if let Some(target) = target.filter(|target| target.text != kind.name) {
                let message = format!(
                    "style `{}` is for {}, not for {}",
                    name.text,
                    article(&target.text),
                    article(&kind.name)
                );
                let report = Report::error(Code::MisplacedClause, &place, message);
                self.stop(report.also(&home.at(target.node), "it says so here"));
                continue;
            }
            if style.target.is_none() {
                self.check_properties(kind, &style.properties, home);
            }
            let outside = self.new_scope(None, false, String::new());
            self.fall_back(id, &style.properties, outside, home);
            self.hang(id, &style.attached, outside, home);
        }
    }

    /// What is wrong with a style, whatever uses it.
    pub(super) fn check_style(&mut self, style: &'db StyleDecl, home: &ItemPlace) {
        let Some(target) = &style.target else { return };
        match self.schema.kind(&target.text).filter(|kind| has_statements(kind)) {
            Some(kind) => self.check_properties(kind, &style.properties, home),
            None => self.unknown_kind(target, home),
        }
    }

    fn fall_back(&mut self, id: Instance, properties: &'db [Property], scope: ScopeId, item: &ItemPlace) {
        let kind = self.node(id).kind;
        let parent = self.node(id).parent;
        let in_order = self.node(parent).role == Role::Sequence && self.node(id).role.is_timed();
        for property in properties {
            let Some(field) = kind.field(&property.name.text) else { continue };
            let place = item.at(property.value.node);
            if in_order && &*field.name == "time" {
                let header = self.node(id).place.clone();
                let message =
                    format!("{} has a start, but its place in the sequence decides that", self.called(id));
                let report = Report::error(Code::TimeInSequence, &header, message);
                self.stop(report.also(&place, "from here"));
                continue;
            }
            let source = AssignedSource::Expr(&property.value);
            let said = Assigned { source, place, scope, item: item.clone() };
            self.node_mut(id).fallbacks.insert(field.name.clone(), said);
        }
    }

    /// Notes motions, effects and masks for when the statement's own ones are known.
    fn hang(&mut self, id: Instance, attached: &'db [NodeDecl], scope: ScopeId, item: &ItemPlace) {
        let styled = attached.iter().map(|decl| Styled { decl, scope, item: item.clone() });
        self.node_mut(id).styled.extend(styled);
    }

    /// Properties that the kind does not have, and those said twice.
    fn check_properties(&mut self, kind: &'db KindSchema, properties: &'db [Property], item: &ItemPlace) {
        for (index, property) in properties.iter().enumerate() {
            let place = item.at(property.value.node);
            if kind.field(&property.name.text).is_none() {
                let report = self.unknown_property_of(kind, &property.name, item);
                self.stop(report);
            } else if let Some(first) =
                properties[..index].iter().find(|first| first.name.text == property.name.text)
            {
                let message = format!("`{}` is said twice", property.name.text);
                let report = Report::error(Code::SaidTwice, &place, message).label("said again here");
                self.stop(report.also(&item.at(first.value.node), "said here"));
            }
        }
    }

    fn unknown_kind(&mut self, word: &Ident, item: &ItemPlace) {
        let place = item.at(word.node);
        let names: Vec<Arc<str>> = self
            .schema
            .kinds
            .values()
            .filter(|kind| has_statements(kind))
            .map(|kind| kind.name.clone())
            .collect();
        let report =
            Report::error(Code::UnknownElement, &place, format!("there is no element `{}`", word.text));
        let compositions = self.names_of_file(place.file, |kind| matches!(kind, ItemKind::Composition(_)));
        self.stop(if compositions.contains(&word.text) {
            let help = "it is a composition, and where it is placed it looks as a `stack` is said to look";
            report.help(help).replace(&place, "stack", Applicability::Guess)
        } else {
            suggest(report, &word.text, &names, &place)
        });
    }
}

/// Whether statements are of this kind: elements, containers, and what stands in them; not records.
fn has_statements(kind: &KindSchema) -> bool {
    kind.is_element()
        || matches!(
            &*kind.name,
            "sequence" | "stack" | "gap" | "transition" | "motion" | "effect" | "mask" | "output" | "duck"
        )
}
