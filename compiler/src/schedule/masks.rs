//! Masks: what the word after `mask` names, and whether it can mask.

use crate::diagnostics::{Code, Report};
use crate::eval::{Instance, suggest};
use crate::items::{Ident, ItemPlace, NodeDecl};
use crate::schedule::assign::article;
use crate::schedule::engine::Engine;
use crate::schedule::result::instance;
use crate::schedule::tree::{Assigned, AssignedSource, BindingKind, Role, ScopeId};

/// A mask that names an element, waiting for the tree to be whole.
pub(super) struct Matte<'db> {
    pub mask: Instance,
    pub name: &'db Ident,
    pub scope: ScopeId,
    /// The surroundings of the name.
    pub item: ItemPlace,
}

/// The word of the enum for what is no word of it.
const ELEMENT: &str = "element";

impl<'db> Engine<'db> {
    /// Takes in the header of a mask: an outline, a picture, or the name of an element.
    pub(super) fn assign_mask(&mut self, id: Instance, decl: &'db NodeDecl) {
        let (item, scope, kind) = (self.item.clone(), self.node(id).scope, self.node(id).kind);
        let (Some(subject), Some(field)) = (&decl.subject, kind.field("type")) else {
            return self.assign_header(id, decl);
        };
        let is_outline = &*subject.text != ELEMENT && self.schema.has_word(&field.ty, &subject.text);
        let word = if is_outline { subject.text.clone() } else { ELEMENT.into() };
        let place = item.at(subject.node);
        let source = AssignedSource::Word(word.clone());
        self.assign(id, field, Assigned { source, place, scope, item: item.clone() });
        if !is_outline {
            self.mattes.push(Matte { mask: id, name: subject, scope, item: item.clone() });
        }
        if let Some(text) = &decl.text {
            let takes = match &*word {
                "path" => kind.field("path"),
                "image" => kind.field("source_url"),
                _ => None,
            };
            match takes {
                Some(field) => self.assign_expr(id, field, text, scope, &item),
                None => {
                    let message = format!("{} as a mask takes no string", article(&subject.text));
                    let report = Report::error(Code::MisplacedClause, &item.at(text.node), message);
                    self.stop(report.help("`mask image \"matte.png\"` and `mask path \"M …\"` do"));
                }
            }
        }
        if let Some((_, node)) = &decl.args {
            let message = "this mask takes no arguments";
            let report = Report::error(Code::MisplacedClause, &item.at(*node), message);
            self.stop(report.help("write properties in a block: `{ feather: 8px }`"));
        }
        self.assign_clauses(id, &decl.clauses);
    }

    /// Finds the elements that masks name.
    pub(super) fn resolve_mattes(&mut self) {
        for Matte { mask, name, scope, item } in std::mem::take(&mut self.mattes) {
            let place = item.at(name.node);
            let masked = self.node(mask).parent;
            let matte = self.named_instance(scope, &name.text);
            if matte.is_none() {
                self.expose_path(scope, &name.text);
            }
            let Some(matte) = matte else {
                let message = format!("nothing is called `{}` that could be a mask", name.text);
                let report = Report::error(Code::UnknownName, &place, message);
                let names = self.names_of_elements(scope);
                self.stop(suggest(report, &name.text, &names, &place));
                continue;
            };
            let report = if self.node(matte).kind.field("opacity").is_none() {
                let kind = article(&self.node(matte).kind.name);
                let message = format!("{kind} has no picture and cannot be a mask");
                Report::error(Code::MaskElement, &place, message)
            } else if matte == masked {
                let message = format!("{} cannot mask itself", self.called(matte));
                Report::error(Code::MaskElement, &place, message)
            } else if self.is_inside(masked, matte) || self.is_inside(matte, masked) {
                let (whole, part) = (self.called(matte), self.called(masked));
                let (whole, part) = if self.is_inside(masked, matte) { (whole, part) } else { (part, whole) };
                let message = format!("{part} is part of {whole}: one cannot be a mask for the other");
                Report::error(Code::MaskElement, &place, message)
            } else if self.home(matte) != self.home(masked) {
                let message = format!("{} stands in another composition", self.called(matte));
                Report::error(Code::MaskElement, &place, message)
            } else {
                self.expose_below(matte);
                self.node_mut(mask).matte = Some(matte);
                continue;
            };
            let element = self.node(matte).place.clone();
            self.stop(report.also(&element, "the element"));
        }
        self.check_chains();
    }

    /// A mask that is itself masked by an element.
    fn check_chains(&mut self) {
        let masks: Vec<(Instance, Instance)> = (0..self.nodes.len())
            .map(instance)
            .filter_map(|mask| Some((mask, self.node(mask).matte?)))
            .collect();
        for (mask, matte) in &masks {
            let chained = masks.iter().find(|(other, _)| self.is_inside(self.node(*other).parent, *matte));
            let Some((other, _)) = chained else { continue };
            let (place, other) = (self.node(*mask).place.clone(), self.node(*other).place.clone());
            let message = format!("{} is a mask, and has an element as its own mask", self.called(*matte));
            let report = Report::error(Code::MaskElement, &place, message).also(&other, "masked here");
            self.stop(report.help("a mask may have an outline or a picture as its own mask"));
            self.node_mut(*mask).matte = None;
        }
    }

    /// Whether an instance is another one, or somewhere below it.
    pub(super) fn is_inside(&self, id: Instance, other: Instance) -> bool {
        let mut at = id;
        loop {
            if at == other {
                return true;
            }
            let parent = self.node(at).parent;
            if parent == at {
                return false;
            }
            at = parent;
        }
    }

    /// The element of that name in a scope or around it.
    pub(super) fn element_in(&self, scope: ScopeId, name: &str) -> Option<Instance> {
        let mut next = Some(scope);
        while let Some(id) = next {
            match self.scopes[id.0].names.get(name).map(|binding| &binding.kind) {
                Some(BindingKind::Element(element)) => return Some(*element),
                Some(_) => return None,
                None => next = self.scopes[id.0].parent,
            }
        }
        None
    }

    fn names_of_elements(&self, scope: ScopeId) -> Vec<std::sync::Arc<str>> {
        let mut names = Vec::new();
        let mut next = Some(scope);
        while let Some(id) = next {
            let scope = &self.scopes[id.0];
            let elements =
                scope.names.iter().filter(|(_, binding)| matches!(binding.kind, BindingKind::Element(_)));
            names.extend(elements.map(|(name, _)| name.clone()));
            next = scope.parent;
        }
        names
    }

    /// Gives an instance the motions, effects and masks of its styles, before its own ones.
    pub(super) fn expand_styled(&mut self, id: Instance) {
        let styled = std::mem::take(&mut self.node_mut(id).styled);
        if styled.is_empty() {
            return;
        }
        let own = self.node(id).children.clone();
        // One way in, one way out, one mask: the element's own, or that of the last style.
        let said = |engine: &Self, role: Role| own.iter().any(|child| engine.node(*child).role == role);
        for (index, style) in styled.iter().enumerate() {
            let keyword = style.decl.keyword;
            let later = styled[index + 1..].iter().any(|other| other.decl.keyword == keyword);
            let single = single_role(keyword);
            if single.is_some_and(|role| later || said(self, role)) {
                continue;
            }
            let outer = std::mem::replace(&mut self.item, style.item.clone());
            self.expand_node(id, style.scope, style.decl);
            self.item = outer;
        }
        let children = &mut self.node_mut(id).children;
        children.rotate_left(own.len());
    }
}

/// The role of which an element has at most one that counts.
const fn single_role(keyword: crate::items::Keyword) -> Option<Role> {
    use crate::items::Keyword;
    match keyword {
        Keyword::Enter | Keyword::Exit => Some(Role::Motion(keyword)),
        Keyword::Mask => Some(Role::Mask),
        _ => None,
    }
}
