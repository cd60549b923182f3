//! What the names of a file stand for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostics::{Code, Place, Report};
use crate::files::{Db, SourceFile, SourceText};
use crate::items::{ItemDef, ItemKind, Keyword, Stmt, Visibility, file_items, parse};
use crate::resolve::imports::import_target;
use crate::types::prelude_schema;

/// What the names of a file stand for.
#[derive(Clone, PartialEq, Eq, salsa::SalsaValue)]
pub(crate) struct FileScope<'db> {
    /// Compositions, in order.
    pub compositions: Vec<(Arc<str>, ItemDef<'db>)>,
    /// Values, functions and styles.
    pub named: BTreeMap<Arc<str>, ItemDef<'db>>,
    /// Names from import lists, with the file that each comes from and what it is called there.
    pub imported: BTreeMap<Arc<str>, (Option<SourceFile>, Arc<str>)>,
    /// Names of whole files.
    pub modules: BTreeMap<Arc<str>, Option<SourceFile>>,
    /// Names that two things have.
    pub reports: Vec<Report>,
}

impl<'db> FileScope<'db> {
    /// The composition of that name.
    pub(crate) fn composition(&self, name: &str) -> Option<ItemDef<'db>> {
        self.compositions.iter().find(|(known, _)| &**known == name).map(|(_, item)| *item)
    }

    /// The item of that name in this file.
    fn own(&self, name: &str) -> Option<ItemDef<'db>> {
        self.named.get(name).copied().or_else(|| self.composition(name))
    }

    /// All names, its own and the imported ones.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        let own = self.named.keys().chain(self.compositions.iter().map(|(name, _)| name));
        own.chain(self.imported.keys()).chain(self.modules.keys())
    }
}

/// A name that is looked up.
#[salsa::interned]
pub(crate) struct Name<'db> {
    pub text: Arc<str>,
}

/// What a word means in a file.
#[derive(Clone, Copy, PartialEq, Eq, salsa::SalsaValue)]
pub(crate) enum Found<'db> {
    /// An item, its own or an imported one.
    Item(ItemDef<'db>),
    /// An imported file.
    Module(SourceFile),
    /// An import that is wrong, which is reported where it stands.
    Broken,
}

/// What a file has under a name.
#[derive(Clone, Copy, PartialEq, Eq, salsa::SalsaValue)]
pub(crate) enum Member<'db> {
    Public(ItemDef<'db>),
    Private(ItemDef<'db>),
    Missing,
    /// The file is malformed or cannot be read, so there is no saying.
    Broken,
}

/// What a word means in a file; `None` when the file gives it no meaning.
#[salsa::tracked(returns(copy))]
pub(crate) fn find<'db>(db: &'db dyn Db, file: SourceFile, name: Name<'db>) -> Option<Found<'db>> {
    let scope = file_scope(db, file);
    let word = &**name.text(db);
    if let Some(item) = scope.own(word) {
        return Some(Found::Item(item));
    }
    if let Some((target, there)) = scope.imported.get(word) {
        let there = if **there == *word { name } else { Name::new(db, there.clone()) };
        let member = target.map_or(Member::Broken, |target| member_of(db, target, there));
        return Some(match member {
            // That it is private is said where it is imported.
            Member::Public(item) | Member::Private(item) => Found::Item(item),
            Member::Missing | Member::Broken => Found::Broken,
        });
    }
    let target = scope.modules.get(word)?;
    let readable = target.filter(|target| is_readable(db, *target));
    Some(readable.map_or(Found::Broken, Found::Module))
}

/// What a file has under a name, for another file that imports it.
#[salsa::tracked(returns(copy))]
pub(crate) fn member_of<'db>(db: &'db dyn Db, file: SourceFile, name: Name<'db>) -> Member<'db> {
    match file_scope(db, file).own(name.text(db)) {
        Some(item) => match item.item(db).visibility {
            Visibility::Public => Member::Public(item),
            Visibility::Private(_) => Member::Private(item),
        },
        None if is_well_formed(db, file) => Member::Missing,
        None => Member::Broken,
    }
}

/// Whether a file is there and is text.
#[salsa::tracked(returns(copy))]
pub(super) fn is_readable(db: &dyn Db, file: SourceFile) -> bool {
    matches!(file.text(db), SourceText::Text(_))
}

/// Whether a file can be read and is well-formed.
#[salsa::tracked(returns(copy))]
pub(crate) fn is_well_formed(db: &dyn Db, file: SourceFile) -> bool {
    parse(db, file).as_ref().is_some_and(|parse| parse.errors().is_empty())
}

/// The compositions of a file that others of it contain.
#[salsa::tracked]
pub(crate) fn placed_compositions(db: &dyn Db, file: SourceFile) -> BTreeSet<Arc<str>> {
    let mut placed = BTreeSet::new();
    for def in &file_items(db, file).items {
        if let ItemKind::Composition(composition) = &def.item(db).kind {
            collect_kinds(&composition.body, &mut placed);
        }
    }
    placed.retain(|kind| file_scope(db, file).composition(kind).is_some());
    placed
}

/// The first words of elements, at any depth.
fn collect_kinds(stmts: &[Stmt], into: &mut BTreeSet<Arc<str>>) {
    for stmt in stmts {
        match stmt {
            Stmt::Node(decl) => {
                if decl.keyword == Keyword::Element {
                    into.insert(decl.kind.text.clone());
                }
                collect_kinds(&decl.body, into);
            }
            Stmt::If(choice) => {
                choice.branches.iter().for_each(|(_, body)| collect_kinds(body, into));
                collect_kinds(&choice.otherwise, into);
            }
            Stmt::For(repeat) => collect_kinds(&repeat.body, into),
            _ => {}
        }
    }
}

/// The names of a file. Of two things with one name, the first has it.
#[salsa::tracked]
pub(crate) fn file_scope(db: &dyn Db, file: SourceFile) -> FileScope<'_> {
    let mut scope = FileScope {
        compositions: Vec::new(),
        named: BTreeMap::new(),
        imported: BTreeMap::new(),
        modules: BTreeMap::new(),
        reports: Vec::new(),
    };
    let mut seen = Seen { first: BTreeMap::new(), reports: Vec::new() };
    for def in &file_items(db, file).items {
        let item = def.item(db);
        if let ItemKind::Import(import) = &item.kind {
            let target = import.path.as_ref().and_then(|path| import_target(db, file, &path.text));
            for name in &import.names {
                // One name of one file twice is said with the imports.
                let (local, there) = (name.local(), &name.name.text);
                let again = scope
                    .imported
                    .get(&local.text)
                    .is_some_and(|first| first.0 == target && first.1 == *there);
                if !again && seen.is_new(&local.text, item.place.at(local.node)) {
                    scope.imported.insert(local.text.clone(), (target, there.clone()));
                }
            }
            if let Some(alias) = &import.alias
                && seen.is_new(&alias.text, item.place.at(alias.node))
            {
                scope.modules.insert(alias.text.clone(), target);
            }
            continue;
        }
        let Some(name) = &item.name else { continue };
        if !seen.is_new(&name.text, item.place.at(name.node)) {
            continue;
        }
        if seen.is_builtin(db, &item.kind, &name.text, &item.place.at(name.node)) {
            continue;
        }
        match item.kind {
            ItemKind::Composition(_) => scope.compositions.push((name.text.clone(), *def)),
            ItemKind::Let(_) | ItemKind::Fn(_) | ItemKind::Style(_) => {
                scope.named.insert(name.text.clone(), *def);
            }
            _ => {}
        }
    }
    scope.reports = seen.reports;
    scope
}

/// The names so far.
struct Seen {
    first: BTreeMap<Arc<str>, Place>,
    reports: Vec<Report>,
}

impl Seen {
    /// Whether nothing has that name yet; if something has, that is reported.
    fn is_new(&mut self, name: &Arc<str>, place: Place) -> bool {
        if let Some(first) = self.first.get(name) {
            let message = format!("two things are called `{name}`");
            let report = Report::error(Code::DuplicateName, &place, message).label("the second one");
            self.reports.push(report.also(first, "the first one"));
            return false;
        }
        self.first.insert(name.clone(), place);
        true
    }

    /// Whether the language itself has a function or element of that name; if it has, that is reported.
    fn is_builtin(&mut self, db: &dyn Db, kind: &ItemKind, name: &Arc<str>, place: &Place) -> bool {
        let what = match kind {
            ItemKind::Fn(_) if prelude_schema(db).functions.contains_key(name) => "a function",
            ItemKind::Composition(_) if prelude_schema(db).kind(name).is_some_and(|k| k.is_element()) => {
                "an element"
            }
            _ => return false,
        };
        let message = format!("`{name}` is {what} of the language already");
        let report = Report::error(Code::DuplicateName, place, message);
        self.reports.push(report.help("give it a name of its own"));
        true
    }
}
