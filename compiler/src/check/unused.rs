//! Definitions that nothing uses.
//!
//! A name counts as used where it is written, also in a branch that is not taken: what a film does
//! with other parameters is no reason for a warning.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostics::{Code, Place, Report};
use crate::items::{
    Arg, Clause, ClauseKind, Composition, Expr, ExprKind, Ident, ImportDecl, ImportedName, Item, ItemKind,
    ItemPlace, NodeDecl, Property, Stmt, TemplatePart, Visibility,
};
use crate::resolve::{removing, without};

/// Parameters and values of a composition.
pub(super) fn check_composition(place: &ItemPlace, composition: &Composition, reports: &mut Vec<Report>) {
    let mut names = Names::default();
    names.composition(composition);
    let params = composition.params.iter().map(|param| (&param.name, "parameter"));
    let mut lets = Vec::new();
    collect_lets(&composition.body, &mut lets);
    for (name, what) in params.chain(lets.into_iter().map(|name| (name, "value"))) {
        report_unused(&names, name, what, place, reports);
    }
}

/// Values of a file.
pub(super) fn check_lets<'a>(
    items: impl Iterator<Item = &'a Item>,
    wrong_imports: &[Report],
    reports: &mut Vec<Report>,
) {
    let items: Vec<_> = items.collect();
    let mut names = Names::default();
    // What has a canvas of its own is a film; parts of films and values are there for other files.
    let is_film = items
        .iter()
        .any(|item| matches!(&item.kind, ItemKind::Composition(film) if film.size.is_some() || !film.named.is_empty()));
    for item in &items {
        match &item.kind {
            ItemKind::Composition(composition) => names.composition(composition),
            ItemKind::Let(decl) => decl.value.iter().for_each(|value| names.expr(value)),
            ItemKind::Fn(function) => {
                let defaults =
                    function.params.iter().flat_map(|param| param.default.iter().chain(&param.constraint));
                defaults.chain(&function.body).for_each(|expr| names.expr(expr));
            }
            ItemKind::Style(style) => names.looks(&style.properties, &style.attached),
            _ => {}
        }
    }
    for item in &items {
        if let ItemKind::Import(import) = &item.kind {
            let wrong = |place: &Place| wrong_imports.iter().any(|report| report.primary.0 == *place);
            check_import(&names, item, import, wrong, reports);
        }
    }
    for item in items.iter().filter(|item| is_film || item.visibility != Visibility::Public) {
        let what = match &item.kind {
            ItemKind::Let(_) => "value",
            ItemKind::Fn(_) => "function",
            ItemKind::Style(_) => "style",
            ItemKind::Composition(_) if item.visibility != Visibility::Public => "composition",
            _ => continue,
        };
        if let Some(name) = &item.name {
            report_unused(&names, name, what, &item.place, reports);
        }
    }
}

/// A name of a file, or names of an import, that nothing uses.
fn check_import(
    names: &Names,
    item: &Item,
    import: &ImportDecl,
    wrong: impl Fn(&Place) -> bool,
    reports: &mut Vec<Report>,
) {
    // What is wrong with an import is said already.
    let Some(path) = import.path.as_ref().filter(|path| !wrong(&item.place.at(path.node))) else { return };
    if let Some(alias) = import.alias.as_ref().filter(|alias| !names.has(&alias.text)) {
        let message = format!("nothing of `{}` is used", alias.text);
        let report = Report::warning(Code::UnusedImport, &item.place.at(alias.node), message);
        reports.push(removing(report, &item.place.at(import.line)));
    }
    let is_used = |imported: &&ImportedName| {
        names.has(&imported.local().text) || wrong(&item.place.at(imported.name.node))
    };
    let (used, unused): (Vec<&ImportedName>, Vec<&ImportedName>) = import.names.iter().partition(is_used);
    if import.list.is_some() && import.names.is_empty() && import.alias.is_none() {
        let message = format!("nothing of `{}` is imported", path.text);
        let report = Report::warning(Code::UnusedImport, &item.place.at(path.node), message);
        reports.push(removing(report, &item.place.at(import.line)));
    }
    let [first, rest @ ..] = unused.as_slice() else { return };
    let shown: Vec<_> = unused.iter().map(|imported| format!("`{}`", imported.local().text)).collect();
    let verb = if shown.len() == 1 { "is" } else { "are" };
    let message = format!("{} {verb} imported but not used", shown.join(", "));
    let mut report = Report::warning(Code::UnusedImport, &item.place.at(first.local().node), message);
    for imported in rest {
        report = report.also(&item.place.at(imported.local().node), "not used either");
    }
    reports.push(without(report, item, import, &used));
}

fn report_unused(names: &Names, name: &Ident, what: &str, place: &ItemPlace, reports: &mut Vec<Report>) {
    if names.has(&name.text) || name.text.starts_with('_') {
        return;
    }
    let message = format!("the {what} `{}` is not used", name.text);
    let report = Report::warning(Code::Unused, &place.at(name.node), message);
    reports.push(report.help(format!("remove it, or call it `_{}` to keep it", name.text)));
}

fn collect_lets<'a>(stmts: &'a [Stmt], into: &mut Vec<&'a Ident>) {
    for stmt in stmts {
        match stmt {
            Stmt::Let(decl) => into.extend(&decl.name),
            Stmt::Node(decl) => collect_lets(&decl.body, into),
            Stmt::For(repeat) => collect_lets(&repeat.body, into),
            Stmt::If(choice) => {
                choice.branches.iter().for_each(|(_, body)| collect_lets(body, into));
                collect_lets(&choice.otherwise, into);
            }
            Stmt::Property(_) | Stmt::Set(_) | Stmt::Duck(_) => {}
        }
    }
}

#[derive(Default)]
struct Names {
    used: BTreeSet<Arc<str>>,
}

impl Names {
    fn has(&self, name: &str) -> bool {
        self.used.contains(name)
    }

    /// A word that may lead into another file: `brand.headline` uses `brand`.
    fn path(&mut self, path: &Ident) {
        let first = path.text.split('.').next().unwrap_or_default();
        self.used.insert(Arc::from(first));
    }

    fn composition(&mut self, composition: &Composition) {
        for param in &composition.params {
            param.default.iter().chain(&param.constraint).for_each(|expr| self.expr(expr));
        }
        composition.named.iter().for_each(|value| self.expr(value));
        self.clauses(&composition.clauses);
        self.stmts(&composition.body);
    }

    fn stmts(&mut self, stmts: &[Stmt]) {
        for stmt in stmts {
            match stmt {
                Stmt::Property(property) => self.expr(&property.value),
                Stmt::Let(decl) => decl.value.iter().for_each(|value| self.expr(value)),
                Stmt::Node(decl) => {
                    self.path(&decl.kind);
                    decl.text.iter().chain(&decl.amount).chain(&decl.easing).for_each(|expr| self.expr(expr));
                    // The name of a style may stand there.
                    decl.subject.iter().for_each(|subject| self.path(subject));
                    decl.args.iter().for_each(|(args, _)| self.args(args));
                    self.clauses(&decl.clauses);
                    self.stmts(&decl.body);
                }
                Stmt::Duck(duck) => {
                    [&duck.sound, &duck.under]
                        .into_iter()
                        .chain(&duck.level)
                        .for_each(|expr| self.expr(expr));
                    self.stmts(&duck.body);
                }
                Stmt::Set(set) => self.looks(&set.properties, &set.attached),
                Stmt::If(choice) => {
                    for (condition, body) in &choice.branches {
                        self.expr(condition);
                        self.stmts(body);
                    }
                    self.stmts(&choice.otherwise);
                }
                Stmt::For(repeat) => {
                    self.expr(&repeat.list);
                    self.stmts(&repeat.body);
                }
            }
        }
    }

    fn node(&mut self, decl: &NodeDecl) {
        self.path(&decl.kind);
        decl.text.iter().chain(&decl.amount).chain(&decl.easing).for_each(|expr| self.expr(expr));
        // The name of a style may stand there.
        self.used.extend(decl.subject.iter().map(|subject| subject.text.clone()));
        decl.args.iter().for_each(|(args, _)| self.args(args));
        self.clauses(&decl.clauses);
        self.stmts(&decl.body);
    }

    fn looks(&mut self, properties: &[Property], attached: &[NodeDecl]) {
        properties.iter().for_each(|property| self.expr(&property.value));
        attached.iter().for_each(|decl| self.node(decl));
    }

    fn clauses(&mut self, clauses: &[Clause]) {
        for clause in clauses {
            match &clause.kind {
                ClauseKind::At(expr)
                | ClauseKind::For(expr)
                | ClauseKind::ForUpTo(expr)
                | ClauseKind::Until(expr)
                | ClauseKind::Trim(expr) => self.expr(expr),
                ClauseKind::With(styles) => {
                    styles.iter().for_each(|style| self.path(style));
                }
                ClauseKind::ForNatural | ClauseKind::ForFill | ClauseKind::Through => {}
            }
        }
    }

    fn args(&mut self, args: &[Arg]) {
        args.iter().for_each(|arg| self.expr(&arg.value));
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Error | ExprKind::Literal(_) => {}
            ExprKind::Name(name) => {
                self.used.insert(name.clone());
            }
            ExprKind::Template(parts) => {
                for part in parts {
                    if let TemplatePart::Value(expr) = part {
                        self.expr(expr);
                    }
                }
            }
            ExprKind::Field(base, _) => self.expr(base),
            ExprKind::Index(a, b) | ExprKind::Binary(_, _, a, b) => {
                self.expr(a);
                self.expr(b);
            }
            ExprKind::Call(name, args) => {
                self.path(name);
                self.args(args);
            }
            ExprKind::List(items) => items.iter().for_each(|item| self.expr(item)),
            ExprKind::Keyframes(keyframes) => {
                for keyframe in keyframes {
                    self.expr(&keyframe.time);
                    self.expr(&keyframe.value);
                    keyframe.easing.iter().for_each(|easing| self.expr(easing));
                }
            }
            ExprKind::Record(fields) => fields.iter().for_each(|(_, value)| self.expr(value)),
            ExprKind::Range(start, end) => start.iter().chain(end).for_each(|expr| self.expr(expr)),
            ExprKind::Unary(_, operand) => self.expr(operand),
            ExprKind::If(condition, value, otherwise) => {
                self.expr(condition);
                self.expr(value);
                otherwise.iter().for_each(|expr| self.expr(expr));
            }
            ExprKind::Comprehension(_, list, condition, body) => {
                self.expr(list);
                condition.iter().for_each(|expr| self.expr(expr));
                self.expr(body);
            }
        }
    }
}
