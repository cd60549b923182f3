//! The names of a file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostics::{Code, Report};
use crate::files::{Db, SourceFile};
use crate::items::{ItemDef, ItemKind, Keyword, Stmt, file_items};

/// What the names of a file stand for.
#[derive(Clone, PartialEq, Eq, salsa::SalsaValue)]
pub(crate) struct FileScope<'db> {
    /// Compositions, in order.
    pub compositions: Vec<(Arc<str>, ItemDef<'db>)>,
    /// Values, functions and styles.
    pub named: BTreeMap<Arc<str>, ItemDef<'db>>,
    /// Names that two items have.
    pub reports: Vec<Report>,
}

impl<'db> FileScope<'db> {
    /// The composition of that name.
    pub(crate) fn composition(&self, name: &str) -> Option<ItemDef<'db>> {
        self.compositions.iter().find(|(known, _)| &**known == name).map(|(_, item)| *item)
    }
}

/// A name that is looked up.
#[salsa::interned]
pub(crate) struct Name<'db> {
    pub text: Arc<str>,
}

/// The value, function or style of that name in a file. Whoever looks a name up depends on that name
/// alone.
#[salsa::tracked(returns(copy))]
pub(crate) fn item_named<'db>(db: &'db dyn Db, file: SourceFile, name: Name<'db>) -> Option<ItemDef<'db>> {
    file_scope(db, file).named.get(name.text(db)).copied()
}

/// The composition of that name in a file.
#[salsa::tracked(returns(copy))]
pub(crate) fn composition_named<'db>(
    db: &'db dyn Db,
    file: SourceFile,
    name: Name<'db>,
) -> Option<ItemDef<'db>> {
    file_scope(db, file).composition(name.text(db))
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
            Stmt::Property(_) | Stmt::Let(_) | Stmt::Set(_) => {}
        }
    }
}

/// The names of a file. Of two items with one name, the first has it.
#[salsa::tracked]
pub(crate) fn file_scope(db: &dyn Db, file: SourceFile) -> FileScope<'_> {
    let mut scope = FileScope { compositions: Vec::new(), named: BTreeMap::new(), reports: Vec::new() };
    let mut seen = BTreeMap::new();
    for def in &file_items(db, file).items {
        let item = def.item(db);
        let Some(name) = &item.name else { continue };
        let place = item.place.at(name.node);
        if let Some(first) = seen.get(&name.text) {
            let message = format!("two things are called `{}`", name.text);
            let report = Report::error(Code::DuplicateName, &place, message).label("the second one");
            scope.reports.push(report.also(first, "the first one"));
            continue;
        }
        seen.insert(name.text.clone(), place);
        match item.kind {
            ItemKind::Composition(_) => scope.compositions.push((name.text.clone(), *def)),
            ItemKind::Let(_) | ItemKind::Fn(_) | ItemKind::Style(_) => {
                scope.named.insert(name.text.clone(), *def);
            }
            _ => {}
        }
    }
    scope
}
