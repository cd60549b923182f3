//! Imports: which file each leads to, and what is wrong with them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use crate::diagnostics::{Applicability, Code, Place, Report, nearest};
use crate::files::{Db, FileId, Origin, SourceFile, SourceText, is_address, path_from_source};
use crate::items::{Ident, ImportDecl, ImportedName, Item, ItemKind, Visibility, file_items};
use crate::resolve::scope::{Member, Name, file_scope, is_readable, member_of};

/// The file an import of `file` leads to. A path that begins with `std/` leads into the bundled library,
/// and so does every path in a file of that library; anything else starts at the folder of `file`.
pub(crate) fn import_target(db: &dyn Db, file: SourceFile, path: &str) -> Option<SourceFile> {
    let bundled = |path: &str| {
        let path = if path.ends_with(".vid") { path.to_owned() } else { format!("{path}.vid") };
        db.library_file(&path)
    };
    if path.starts_with("std/") {
        return bundled(path);
    }
    let path =
        if is_address(path) || path.is_empty() { return None } else { path_from_source(file.path(db), path) };
    match file.origin(db) {
        Origin::Author => Some(db.source_at(&path)),
        Origin::Library | Origin::Prelude => bundled(&path.to_string_lossy()),
    }
}

/// The files that a file imports, with the place of each path, in order.
#[salsa::tracked]
fn import_targets(db: &dyn Db, file: SourceFile) -> Vec<(SourceFile, Place)> {
    let mut targets = Vec::new();
    for def in &file_items(db, file).items {
        let item = def.item(db);
        if let ItemKind::Import(ImportDecl { path: Some(path), .. }) = &item.kind
            && let Some(target) = import_target(db, file, &path.text)
        {
            targets.push((target, item.place.at(path.node)));
        }
    }
    targets
}

/// The files that a file imports itself, in order.
pub(crate) fn imported_files(db: &dyn Db, file: SourceFile) -> Vec<SourceFile> {
    import_targets(db, file).iter().map(|(target, _)| *target).collect()
}

/// All files that a file imports, and those that they import, nearest first; itself only where it is
/// part of a circle.
#[salsa::tracked]
pub(crate) fn reachable_files(db: &dyn Db, file: SourceFile) -> Vec<SourceFile> {
    let mut seen = Vec::new();
    let mut waiting = VecDeque::from([file]);
    while let Some(next) = waiting.pop_front() {
        for (target, _) in import_targets(db, next) {
            if !seen.contains(target) {
                seen.push(*target);
                waiting.push_back(*target);
            }
        }
    }
    seen
}

/// What is wrong with the imports of a file.
#[salsa::tracked]
pub(crate) fn import_reports(db: &dyn Db, file: SourceFile) -> Arc<Vec<Report>> {
    let mut check = Check { db, file, files: BTreeMap::new(), names: BTreeMap::new(), reports: Vec::new() };
    for def in &file_items(db, file).items {
        let item = def.item(db);
        if let ItemKind::Import(import) = &item.kind {
            check.import(item, import);
        }
    }
    check.cycle();
    Arc::new(check.reports)
}

struct Check<'db> {
    db: &'db dyn Db,
    file: SourceFile,
    /// Files that have a name, and where.
    files: BTreeMap<FileId, Place>,
    /// Names from each file, what they are called here, and where.
    names: BTreeMap<(FileId, Arc<str>, Arc<str>), Place>,
    reports: Vec<Report>,
}

impl Check<'_> {
    fn import(&mut self, item: &Item, import: &ImportDecl) {
        let Some(path) = &import.path else { return };
        let place = item.place.at(path.node);
        let Some(target) = import_target(self.db, self.file, &path.text) else {
            return self.not_there(&path.text, &place);
        };
        if !self.is_readable(&path.text, target, &place) {
            return;
        }
        if import.alias.is_some() {
            if let Some(first) = self.files.get(&target.id(self.db)) {
                let message = format!("`{}` has a name already", path.text);
                let report = Report::error(Code::DuplicateImport, &place, message).label("imported again");
                let report =
                    report.also(first, "imported here").help("use the first name, and remove this import");
                self.reports.push(removing(report, &item.place.at(import.line)));
            } else {
                self.files.insert(target.id(self.db), place);
            }
        }
        for name in &import.names {
            self.name(item, import, path, name, target);
        }
    }

    fn name(
        &mut self,
        item: &Item,
        import: &ImportDecl,
        path: &Ident,
        imported: &ImportedName,
        target: SourceFile,
    ) {
        let name = &imported.name;
        let place = item.place.at(name.node);
        let key = (target.id(self.db), name.text.clone(), imported.local().text.clone());
        if let Some(first) = self.names.get(&key) {
            let message = format!("`{}` is imported twice", name.text);
            let report = Report::error(Code::DuplicateImport, &place, message).label("imported again");
            let report = report.also(first, "imported here");
            let rest = import.names.iter().filter(|other| other.name.node != name.node);
            self.reports.push(without(report, item, import, &rest.collect::<Vec<_>>()));
            return;
        }
        self.names.insert(key, place.clone());
        match member_of(self.db, target, Name::new(self.db, name.text.clone())) {
            Member::Public(_) | Member::Broken => {}
            Member::Private(private) => {
                self.reports.push(private_report(&path.text, &name.text, private.item(self.db), &place));
            }
            Member::Missing => self.reports.push(missing_report(self.db, target, &path.text, name, &place)),
        }
    }

    fn not_there(&mut self, path: &str, place: &Place) {
        let report = |message| Report::error(Code::ImportNotFound, place, message);
        let report = if path.is_empty() {
            report("the path of this import is empty".to_owned())
        } else if is_address(path) {
            report(format!("`{path}` is an address, and only files are imported"))
        } else {
            let report = report(format!("the bundled library has no `{path}`"));
            let known = self.db.library_paths();
            let names: Vec<&str> = known.iter().filter_map(|path| path.strip_suffix(".vid")).collect();
            match nearest(path.trim_end_matches(".vid"), names.iter().copied()) {
                Some(near) => report.help(format!("did you mean `{near}`?")).replace(
                    place,
                    format!("\"{near}\""),
                    Applicability::Guess,
                ),
                None => {
                    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
                    report.help(format!("it has {}", names.join(", ")))
                }
            }
        };
        self.reports.push(report);
    }

    /// Whether a file can be read; if not, that is reported at the import.
    fn is_readable(&mut self, path: &str, target: SourceFile, place: &Place) -> bool {
        // Asked first, so that an edit of the other file's text is no concern of this one.
        if is_readable(self.db, target) {
            return true;
        }
        let (message, help) = match target.text(self.db) {
            SourceText::Text(_) => return true,
            SourceText::Missing => {
                let help = match path.ends_with(".vid") {
                    true => "paths start at the folder of the file that imports",
                    false => "paths start at the folder of the file that imports, and end in `.vid`",
                };
                (format!("`{path}` is not there"), help)
            }
            SourceText::NotUtf8(at) => {
                (format!("`{path}` is not UTF-8 text: byte {at} begins no character"), "")
            }
            SourceText::TooLarge(limit) => {
                (format!("`{path}` has more than the {} KiB that are read", limit / 1024), "")
            }
            SourceText::Unreadable(why) => (format!("`{path}` cannot be read: {why}"), ""),
        };
        let report = Report::error(Code::ImportNotFound, place, message)
            .label(format!("looked for at `{}`", target.path(self.db).display()));
        self.reports.push(if help.is_empty() { report } else { report.help(help) });
        false
    }

    /// A way from this file back to itself.
    fn cycle(&mut self) {
        let db = self.db;
        for (first, place) in import_targets(db, self.file) {
            let Some(way) = way(db, *first, self.file) else { continue };
            let shown = |file: &SourceFile| format!("`{}`", file.path(db).display());
            let chain: Vec<_> = std::iter::once(&self.file).chain(&way).map(shown).collect();
            let message = format!("files import each other: {}", chain.join(" → "));
            let report = Report::error(Code::ImportCycle, place, message);
            self.reports.push(report.help("move what both need into a file of its own"));
            return;
        }
    }
}

/// The shortest way along imports, both ends included.
fn way(db: &dyn Db, from: SourceFile, to: SourceFile) -> Option<Vec<SourceFile>> {
    let mut seen = BTreeSet::from([from.id(db)]);
    let mut waiting = VecDeque::from([vec![from]]);
    while let Some(path) = waiting.pop_front() {
        let last = *path.last()?;
        if last == to {
            return Some(path);
        }
        for (next, _) in import_targets(db, last) {
            if seen.insert(next.id(db)) {
                waiting.push_back(path.iter().copied().chain([*next]).collect());
            }
        }
    }
    None
}

/// Something that its file keeps to itself.
pub(crate) fn private_report(file: &str, name: &str, item: &Item, place: &Place) -> Report {
    let message = format!("`{name}` of `{file}` is private");
    let report = Report::error(Code::PrivateName, place, message);
    match item.visibility {
        Visibility::Private(word) => report.also(&item.place.at(word), "it says so here"),
        Visibility::Public => report,
    }
}

/// A name that a file does not have, with the nearest that it has.
pub(crate) fn missing_report(
    db: &dyn Db,
    target: SourceFile,
    file: &str,
    name: &Ident,
    place: &Place,
) -> Report {
    let scope = file_scope(db, target);
    let report = Report::error(Code::UnknownImport, place, format!("`{file}` has no `{}`", name.text));
    if scope.imported.contains_key(&name.text) || scope.modules.contains_key(&name.text) {
        return report.help(format!("`{file}` imports it itself; import it from where it is defined"));
    }
    let names: Vec<Arc<str>> = exported_names(db, target);
    match nearest(&name.text, names.iter().map(|name| &**name)) {
        Some(near) => {
            report.help(format!("did you mean `{near}`?")).replace(place, near, Applicability::Guess)
        }
        None if names.is_empty() => report.help(format!("`{file}` has nothing that can be imported")),
        None => {
            let shown: Vec<_> = names.iter().take(12).map(|name| format!("`{name}`")).collect();
            let more = if names.len() > shown.len() { ", …" } else { "" };
            report.help(format!("it has {}{more}", shown.join(", ")))
        }
    }
}

/// The names that other files may use.
pub(crate) fn exported_names(db: &dyn Db, file: SourceFile) -> Vec<Arc<str>> {
    let scope = file_scope(db, file);
    let own = scope.named.iter().map(|(name, def)| (name, *def));
    let own = own.chain(scope.compositions.iter().map(|(name, def)| (name, *def)));
    let mut names: Vec<Arc<str>> = own
        .filter(|(_, def)| def.item(db).visibility == Visibility::Public)
        .map(|(name, _)| name.clone())
        .collect();
    names.sort();
    names
}

/// The report with a fix that removes a whole import.
pub(crate) fn removing(report: Report, line: &Place) -> Report {
    let mut report = report.replace(line, "", Applicability::Safe);
    if let Some(fix) = &mut report.fix {
        fix.title = "remove the import".to_owned();
    }
    report
}

/// The report with a fix that leaves only `rest` of the names of an import.
pub(crate) fn without(report: Report, item: &Item, import: &ImportDecl, rest: &[&ImportedName]) -> Report {
    match (import.list, rest) {
        (Some(list), [_, ..]) => {
            let written = |imported: &&ImportedName| match &imported.alias {
                Some(alias) => format!("{} as {}", imported.name.text, alias.text),
                None => imported.name.text.to_string(),
            };
            let rest: Vec<String> = rest.iter().map(written).collect();
            let list = item.place.at(list);
            report.replace(&list, format!("{{ {} }}", rest.join(", ")), Applicability::Safe)
        }
        _ => removing(report, &item.place.at(import.line)),
    }
}
