//! Names of files: values, functions, styles and compositions, each in the file it is written in.

use std::sync::Arc;

use crate::diagnostics::{Code, Place, Report};
use crate::eval::{Stop, Value};
use crate::files::{FileId, SourceFile};
use crate::items::{Ident, Item, ItemDef, ItemKind};
use crate::resolve::{
    Found, Member, Name, exported_names, file_scope, find, member_of, missing_report, private_report,
};
use crate::schedule::engine::Engine;

impl<'db> Engine<'db> {
    /// What a word means in a file.
    pub(super) fn found(&self, file: FileId, name: &str) -> Option<Found<'db>> {
        let file = self.db.file(file)?;
        find(self.db, file, Name::new(self.db, Arc::<str>::from(name)))
    }

    /// The item of that name, `accent` or `brand.accent`, as seen from the file of `place`; `None` when
    /// nothing is called so.
    ///
    /// # Errors
    /// When the name leads into another file that does not give it out, which is reported.
    pub(super) fn item_named(&mut self, name: &str, place: &Place) -> Result<Option<&'db Item>, Stop> {
        let db = self.db;
        Ok(self.def_named(name, place)?.map(|def| &**def.item(db)))
    }

    /// The definition of the item of that name, see [`Self::item_named`].
    pub(super) fn def_named(&mut self, name: &str, place: &Place) -> Result<Option<ItemDef<'db>>, Stop> {
        let (first, rest) = match name.split_once('.') {
            Some((first, rest)) => (first, Some(rest)),
            None => (name, None),
        };
        match (self.found(place.file, first), rest) {
            (None, _) => Ok(None),
            (Some(Found::Broken), _) => Err(Stop::Poison),
            (Some(Found::Item(def)), None) => Ok(Some(def)),
            (Some(Found::Module(target)), Some(member)) => {
                let ident = Ident { text: Arc::from(member), node: place.node };
                // The place holds the whole path, so must what replaces it.
                self.member_def(target.id(self.db), first, &ident, place, &format!("{first}.")).map(Some)
            }
            // A file is no item, and an item has no items.
            (Some(Found::Module(_) | Found::Item(_)), _) => Ok(None),
        }
    }

    /// The item of another file that is known as `module` here; `prefix` stands before the name at
    /// `place`.
    pub(super) fn member_item(
        &mut self,
        file: FileId,
        module: &str,
        name: &Ident,
        place: &Place,
        prefix: &str,
    ) -> Result<&'db Item, Stop> {
        let db = self.db;
        Ok(self.member_def(file, module, name, place, prefix)?.item(db))
    }

    fn member_def(
        &mut self,
        file: FileId,
        module: &str,
        name: &Ident,
        place: &Place,
        prefix: &str,
    ) -> Result<ItemDef<'db>, Stop> {
        let db = self.db;
        let Some(target) = db.file(file) else { return Err(Stop::Poison) };
        let report = match member_of(db, target, Name::new(db, name.text.clone())) {
            Member::Public(def) => return Ok(def),
            Member::Private(def) => private_report(module, &name.text, def.item(db), place),
            Member::Broken => return Err(Stop::Poison),
            Member::Missing => {
                let mut report = missing_report(db, target, module, name, place);
                if let Some(fix) = &mut report.fix {
                    for (_, text) in &mut fix.edits {
                        *text = format!("{prefix}{text}");
                        fix.title = format!("write `{text}`");
                    }
                }
                report
            }
        };
        Err(self.stop(report))
    }

    /// A value that another file gives out.
    pub(super) fn public_let(&self, file: FileId, name: &str) -> Option<&'db Item> {
        let target = self.db.file(file)?;
        match member_of(self.db, target, Name::new(self.db, Arc::<str>::from(name))) {
            Member::Public(def) => Some(&**def.item(self.db)).filter(|i| matches!(i.kind, ItemKind::Let(_))),
            _ => None,
        }
    }

    /// The value of a file's item as an expression.
    pub(super) fn item_value(&mut self, item: &'db Item, name: &str, place: &Place) -> Result<Value, Stop> {
        let advice = match &item.kind {
            ItemKind::Let(_) => return self.file_let(item, place),
            ItemKind::Fn(_) => ("a function", format!("call it: `{name}(…)`")),
            ItemKind::Style(_) => ("a style", format!("use it in a header: `with {name}`")),
            ItemKind::Composition(_) => ("a composition", format!("place it as an element: `{name} at 1s`")),
            _ => return Err(Stop::Poison),
        };
        let message = format!("`{name}` is {}, not a value", advice.0);
        Err(self.stop(Report::error(Code::WrongType, place, message).help(advice.1)))
    }

    /// An item that stands where an element is expected.
    pub(super) fn not_an_element(&mut self, item: &Item, word: &Ident) {
        let (what, advice) = match &item.kind {
            ItemKind::Let(_) => ("a value", None),
            ItemKind::Fn(_) => ("a function", None),
            ItemKind::Style(_) => ("a style", Some(format!("use it in a header: `with {}`", word.text))),
            _ => return,
        };
        let place = self.item.at(word.node);
        let message = format!("`{}` is {what}, not an element", word.text);
        let report = Report::error(Code::UnknownElement, &place, message);
        self.stop(match advice {
            Some(advice) => report.help(advice),
            None => report,
        });
    }

    /// What a file is called in another one; its path where that gives it no name.
    pub(super) fn module_name(&self, module: FileId, from: FileId) -> String {
        let name = self.db.file(from).and_then(|from| {
            let modules = &file_scope(self.db, from).modules;
            let is_it =
                |target: &Option<SourceFile>| target.is_some_and(|target| target.id(self.db) == module);
            modules.iter().find(|(_, target)| is_it(target)).map(|(name, _)| name.to_string())
        });
        let path = || self.db.file(module).map(|file| file.path(self.db).display().to_string());
        name.or_else(path).unwrap_or_default()
    }

    /// The names that mean something in a file, of the items that `wanted` says; with the names of
    /// imported files in front of theirs.
    pub(super) fn names_of_file(&self, file: FileId, wanted: impl Fn(&ItemKind) -> bool) -> Vec<Arc<str>> {
        let Some(source) = self.db.file(file) else { return Vec::new() };
        let scope = file_scope(self.db, source);
        let mut names: Vec<Arc<str>> = Vec::new();
        for name in scope.names() {
            match self.found(file, name) {
                Some(Found::Item(def)) if wanted(&def.item(self.db).kind) => names.push(name.clone()),
                Some(Found::Module(target)) => {
                    for member in exported_names(self.db, target) {
                        let found = member_of(self.db, target, Name::new(self.db, member.clone()));
                        if let Member::Public(def) = found
                            && wanted(&def.item(self.db).kind)
                        {
                            names.push(Arc::from(format!("{name}.{member}")));
                        }
                    }
                }
                _ => {}
            }
        }
        names
    }
}
