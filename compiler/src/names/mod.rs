//! What every name in a file means, also in files that are broken: for editors.
//!
//! A table of the names a file defines and of every place that uses one, made from the syntax alone, so
//! that it is there while a line is half written and in branches that no film takes. The rules are those
//! of `schedule`: a word of the expected set comes first, then names from the inside out, then the
//! file, then the prelude. What a name of another file means is looked up in that file's table.

mod resolve;
mod walk;

use std::ops::Range;
use std::sync::Arc;

use crate::files::{Db, SourceFile};
use crate::items::parse;
use crate::vocabulary::ParamInfo;

/// The names of a file: those it defines, and where names are used.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FileNames {
    /// In the order of the source.
    pub symbols: Vec<Symbol>,
    /// In the order of the source.
    pub uses: Vec<NameUse>,
    /// The paths that its imports name, with the bytes of each path without its quotes.
    pub imports: Vec<(String, Range<usize>)>,
    scopes: Vec<Scope>,
}

/// Something that a file gives a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: SymbolKind,
    /// Bytes of the name.
    pub name_range: Range<usize>,
    /// Bytes of the whole definition.
    pub range: Range<usize>,
    /// The composition or container it stands in, as an index of [`FileNames::symbols`].
    pub parent: Option<usize>,
    /// Its documentation, in Markdown.
    pub doc: String,
    /// Whether only its own file may use it.
    pub is_private: bool,
}

/// The kinds of things with names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SymbolKind {
    /// A composition, with its parameters.
    Composition(Vec<ParamInfo>),
    /// A value; its type and value as written.
    Value(String),
    /// A function, with its parameters and its result as written.
    Function(Vec<ParamInfo>, String),
    /// A style, with the kind it is for.
    Style(String),
    /// A parameter; its type as written.
    Parameter(String),
    /// An element, with the kind that is written.
    Element(String),
    /// A sequence.
    Sequence,
    /// A stack.
    Stack,
    /// A named instant.
    Marker,
    /// The variable of a loop.
    Variable,
    /// A name from another file: the path as written and the name there.
    Imported(String, String),
    /// Another file: the path as written.
    Module(String),
}

/// A place that uses a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NameUse {
    /// Bytes of the name.
    pub range: Range<usize>,
    /// The name.
    pub text: String,
    /// What it stands for.
    pub meaning: Meaning,
}

/// What a name stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// Something of this file, by its index.
    Symbol(usize),
    /// Something of another file: the path as written in the import, and the name there.
    Member(String, String),
    /// A kind of the prelude.
    Kind(String),
    /// A property: kind and name.
    Property(String, String),
    /// A word: the set and the word.
    Word(String, String),
    /// A function of the prelude.
    Function(String),
    /// A named value of the prelude.
    Constant(String),
    /// A type that the language itself has.
    Type(String),
    /// A parameter given by name: of what, and its name.
    Argument(Box<Meaning>, String),
    /// A word that depends on its place: `prev`, `end`, `parent`.
    Place(String),
    /// A time of an element or a fact about its media: `intro.end`.
    Fact(String),
    /// A field of a value; which one only an evaluation could tell.
    Field,
    /// Nothing.
    Unknown,
}

/// The names of a block.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Scope {
    parent: Option<usize>,
    /// Whether names of elements are kept here: a composition, or one turn of a loop.
    holds_elements: bool,
    range: Range<usize>,
    symbols: Vec<usize>,
}

impl FileNames {
    /// The names that can be used at a byte of the file, from the inside out; a name that an inner one
    /// hides is left out.
    pub fn visible_at(&self, offset: usize) -> Vec<&Symbol> {
        let holds = |scope: &Scope| scope.range.start <= offset && offset <= scope.range.end;
        let inner = (0..self.scopes.len()).filter(|index| holds(&self.scopes[*index]));
        // Inner scopes are made after the ones around them.
        let mut next = inner.max();
        let mut visible: Vec<&Symbol> = Vec::new();
        while let Some(scope) = next.and_then(|index| self.scopes.get(index)) {
            for symbol in scope.symbols.iter().filter_map(|index| self.symbols.get(*index)) {
                if visible.iter().all(|known| known.name != symbol.name) {
                    visible.push(symbol);
                }
            }
            next = scope.parent;
        }
        visible
    }

    /// The markers of the composition that a byte of the file is in.
    pub fn markers_at(&self, offset: usize) -> impl Iterator<Item = &Symbol> {
        let around = self.symbols.iter().position(|symbol| {
            matches!(symbol.kind, SymbolKind::Composition(_)) && symbol.range.contains(&offset)
        });
        self.symbols.iter().enumerate().filter_map(move |(index, symbol)| {
            (symbol.kind == SymbolKind::Marker && self.root_of(index) == around).then_some(symbol)
        })
    }

    /// The things that stand directly in a composition or container.
    pub fn children_of(&self, symbol: usize) -> impl Iterator<Item = (usize, &Symbol)> {
        self.symbols.iter().enumerate().filter(move |(_, child)| child.parent == Some(symbol))
    }

    /// The item of that name that other files may ask for.
    pub fn item(&self, name: &str) -> Option<(usize, &Symbol)> {
        let is_item = |symbol: &Symbol| {
            matches!(
                symbol.kind,
                SymbolKind::Composition(_)
                    | SymbolKind::Value(_)
                    | SymbolKind::Function(..)
                    | SymbolKind::Style(_)
            )
        };
        let top = self.scopes.first()?;
        let items = top.symbols.iter().filter_map(|index| Some((*index, self.symbols.get(*index)?)));
        items.into_iter().find(|(_, symbol)| symbol.name == name && is_item(symbol))
    }

    /// The use that holds a byte, its end included.
    pub fn use_at(&self, offset: usize) -> Option<&NameUse> {
        let touches = |used: &&NameUse| used.range.start <= offset && offset <= used.range.end;
        self.uses.iter().filter(touches).max_by_key(|used| used.range.start)
    }

    /// The definition whose name holds a byte, its end included.
    pub fn definition_at(&self, offset: usize) -> Option<(usize, &Symbol)> {
        let touches = |symbol: &Symbol| symbol.name_range.start <= offset && offset <= symbol.name_range.end;
        self.symbols.iter().enumerate().find(|(_, symbol)| touches(symbol))
    }

    /// The composition around a symbol.
    fn root_of(&self, symbol: usize) -> Option<usize> {
        let mut at = symbol;
        while let Some(parent) = self.symbols.get(at).and_then(|symbol| symbol.parent) {
            at = parent;
        }
        (at != symbol).then_some(at)
    }
}

/// The names of a file.
#[salsa::tracked]
pub(crate) fn file_names(db: &dyn Db, file: SourceFile) -> Arc<FileNames> {
    let names = parse(db, file).as_ref().map(|parse| names_of(&parse.file()));
    Arc::new(names.unwrap_or_default())
}

/// The names of the file with that tree.
pub fn names_of(file: &vid_grammar::ast::File) -> FileNames {
    resolve::resolved(walk::walk(file))
}

#[cfg(test)]
mod tests;
