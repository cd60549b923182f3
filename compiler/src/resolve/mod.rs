//! The names of a file.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostics::{Code, Report};
use crate::files::{Db, SourceFile};
use crate::items::{ItemDef, ItemKind, file_items};

/// What the names of a file stand for.
#[derive(Clone, PartialEq, Eq, salsa::SalsaValue)]
pub(crate) struct FileScope<'db> {
    /// Compositions, in order.
    pub compositions: Vec<(Arc<str>, ItemDef<'db>)>,
    /// Values.
    pub lets: BTreeMap<Arc<str>, ItemDef<'db>>,
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

/// The value of that name in a file. Whoever looks a name up depends on that name alone.
#[salsa::tracked(returns(copy))]
pub(crate) fn let_named<'db>(db: &'db dyn Db, file: SourceFile, name: Name<'db>) -> Option<ItemDef<'db>> {
    file_scope(db, file).lets.get(name.text(db)).copied()
}

/// Whether a file has a composition of that name.
#[salsa::tracked(returns(copy))]
pub(crate) fn has_composition<'db>(db: &'db dyn Db, file: SourceFile, name: Name<'db>) -> bool {
    file_scope(db, file).composition(name.text(db)).is_some()
}

/// The names of a file. Of two items with one name, the first has it.
#[salsa::tracked]
pub(crate) fn file_scope(db: &dyn Db, file: SourceFile) -> FileScope<'_> {
    let mut scope = FileScope { compositions: Vec::new(), lets: BTreeMap::new(), reports: Vec::new() };
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
            ItemKind::Let(_) => {
                scope.lets.insert(name.text.clone(), *def);
            }
            _ => {}
        }
    }
    scope
}
