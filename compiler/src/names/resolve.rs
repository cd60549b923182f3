//! From uses with what they want to uses with what they mean.

use crate::names::walk::{Pending, Walk, Wants};
use crate::names::{FileNames, Meaning, NameUse, SymbolKind};
use crate::vocabulary::Vocabulary;

/// Types that the language itself has.
const TYPES: [&str; 21] = [
    "any", "quantity", "number", "integer", "bool", "string", "time", "length", "percent", "angle", "level",
    "color", "paint", "rate", "size", "record", "media", "list", "video", "audio", "image",
];
/// Names that have a meaning where nothing else is called so.
const PLACES: [&str; 7] = ["start", "end", "parent", "prev", "next", "markers", "none"];
/// Members of every element.
const FACTS: [&str; 4] = ["start", "end", "duration", "media"];
/// Members of media.
const MEDIA_FACTS: [&str; 3] = ["duration", "width", "height"];

/// The names of a file, with every use resolved as far as the file alone can.
pub(super) fn resolved(walk: Walk) -> FileNames {
    let Walk { mut names, pending } = walk;
    let mut meanings: Vec<Meaning> = Vec::with_capacity(pending.len());
    for wanted in &pending {
        // What a use refers to stands before it.
        let meaning = Resolver { names: &names, meanings: &meanings }.meaning(wanted);
        meanings.push(meaning);
    }
    let uses = pending.into_iter().zip(meanings);
    names.uses =
        uses.map(|(used, meaning)| NameUse { range: used.range, text: used.text, meaning }).collect();
    names.uses.sort_by_key(|used| (used.range.start, used.range.end));
    names
}

struct Resolver<'a> {
    names: &'a FileNames,
    /// What the uses so far mean.
    meanings: &'a [Meaning],
}

impl Resolver<'_> {
    fn meaning(&self, used: &Pending) -> Meaning {
        let vocabulary = Vocabulary::bundled();
        let text = &*used.text;
        match &used.wants {
            Wants::Value(types) => self.value(text, used.scope, types),
            Wants::Kind => match self.symbol(text, used.scope, is_for_elements) {
                Some(symbol) => Meaning::Symbol(symbol),
                None if vocabulary.kind(text).is_some() => Meaning::Kind(text.to_owned()),
                None => Meaning::Unknown,
            },
            Wants::Style => self.symbol(text, used.scope, |_| true).map_or(Meaning::Unknown, Meaning::Symbol),
            Wants::Subject(kind) => {
                let sets = vocabulary.kind(kind).and_then(|kind| kind.subject()).into_iter();
                let word = sets.flat_map(|field| field.sets()).find(|set| set.word(text).is_some());
                match word {
                    Some(set) => Meaning::Word(set.name.clone(), text.to_owned()),
                    None => self.symbol(text, used.scope, |_| true).map_or(Meaning::Unknown, Meaning::Symbol),
                }
            }
            Wants::Callee => match self.symbol(text, used.scope, |_| true) {
                Some(symbol) => Meaning::Symbol(symbol),
                None if vocabulary.function(text).is_some() => Meaning::Function(text.to_owned()),
                None => Meaning::Unknown,
            },
            Wants::Type => {
                let known = TYPES.contains(&text)
                    || vocabulary.set(text).is_some()
                    || vocabulary.kind(text).is_some();
                if known { Meaning::Type(text.to_owned()) } else { Meaning::Unknown }
            }
            Wants::Matte => match self.symbol(text, used.scope, |_| true) {
                Some(symbol) => Meaning::Symbol(symbol),
                None => {
                    let sets = vocabulary.kind("mask").and_then(|kind| kind.subject()).into_iter();
                    let word = sets.flat_map(|field| field.sets()).find(|set| set.word(text).is_some());
                    match word {
                        Some(set) => Meaning::Word(set.name.clone(), text.to_owned()),
                        None if vocabulary.kind(text).is_some() => Meaning::Kind(text.to_owned()),
                        None => Meaning::Unknown,
                    }
                }
            },
            Wants::Member(base) => self.member(self.meanings.get(*base), text),
            Wants::Property(kind) => {
                // A style for no kind in particular takes what any element has.
                let kind = match &**kind {
                    "" => vocabulary.elements().find(|kind| kind.field(text).is_some()),
                    kind => vocabulary.kind(kind).filter(|kind| kind.field(text).is_some()),
                };
                kind.map_or(Meaning::Unknown, |kind| Meaning::Property(kind.name.clone(), text.to_owned()))
            }
            Wants::Argument(callee) => match self.meanings.get(*callee) {
                Some(Meaning::Unknown) | None => Meaning::Unknown,
                Some(callee) => Meaning::Argument(Box::new(callee.clone()), text.to_owned()),
            },
            Wants::Import(path) => Meaning::Member(path.clone(), text.to_owned()),
            Wants::Field => Meaning::Field,
        }
    }

    fn value(&self, text: &str, scope: usize, types: &[String]) -> Meaning {
        let vocabulary = Vocabulary::bundled();
        let sets = types.iter().filter_map(|name| vocabulary.set(name));
        if let Some(set) = sets.into_iter().find(|set| set.word(text).is_some()) {
            return Meaning::Word(set.name.clone(), text.to_owned());
        }
        if let Some(symbol) = self.symbol(text, scope, |_| true) {
            return Meaning::Symbol(symbol);
        }
        if vocabulary.constant(text).is_some() {
            return Meaning::Constant(text.to_owned());
        }
        if PLACES.contains(&text) { Meaning::Place(text.to_owned()) } else { Meaning::Unknown }
    }

    /// The nearest thing of that name, from the inside out.
    fn symbol(&self, name: &str, scope: usize, fits: fn(&SymbolKind) -> bool) -> Option<usize> {
        let mut next = Some(scope);
        while let Some(scope) = next.and_then(|index| self.names.scopes.get(index)) {
            let found = scope.symbols.iter().copied().find(|index| {
                let symbol = &self.names.symbols[*index];
                symbol.name == name && fits(&symbol.kind)
            });
            if found.is_some() {
                return found;
            }
            next = scope.parent;
        }
        None
    }

    fn member(&self, base: Option<&Meaning>, name: &str) -> Meaning {
        match base {
            Some(Meaning::Symbol(index)) => self.member_of(*index, name),
            Some(Meaning::Place(place)) => match &**place {
                "markers" => self.marker(name),
                "parent" | "prev" | "next" if FACTS.contains(&name) => Meaning::Fact(name.to_owned()),
                _ => Meaning::Field,
            },
            Some(Meaning::Fact(fact)) if fact == "media" && MEDIA_FACTS.contains(&name) => {
                Meaning::Fact(format!("media.{name}"))
            }
            Some(Meaning::Unknown) | None => Meaning::Unknown,
            Some(_) => Meaning::Field,
        }
    }

    fn member_of(&self, index: usize, name: &str) -> Meaning {
        let symbol = &self.names.symbols[index];
        let child = |of: usize| self.names.children_of(of).find(|(_, child)| child.name == name);
        match &symbol.kind {
            SymbolKind::Module(path) => Meaning::Member(path.clone(), name.to_owned()),
            SymbolKind::Element(_) | SymbolKind::Sequence | SymbolKind::Stack => {
                if let Some((child, _)) = child(index) {
                    return Meaning::Symbol(child);
                }
                if FACTS.contains(&name) {
                    return Meaning::Fact(name.to_owned());
                }
                // What is inside of a placed composition.
                let SymbolKind::Element(kind) = &symbol.kind else { return Meaning::Unknown };
                let inside = self.names.item(kind).and_then(|(placed, _)| child(placed));
                inside.map_or(Meaning::Field, |(child, _)| Meaning::Symbol(child))
            }
            _ => Meaning::Field,
        }
    }

    fn marker(&self, name: &str) -> Meaning {
        let markers = self.names.symbols.iter();
        let is_it = |symbol: &crate::names::Symbol| symbol.kind == SymbolKind::Marker && symbol.name == name;
        markers.into_iter().position(is_it).map_or(Meaning::Unknown, Meaning::Symbol)
    }
}

/// Whether a name of that kind can stand where an element's kind is written.
fn is_for_elements(kind: &SymbolKind) -> bool {
    matches!(kind, SymbolKind::Composition(_) | SymbolKind::Imported(..) | SymbolKind::Module(_))
}
