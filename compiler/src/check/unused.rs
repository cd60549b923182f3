//! Definitions that nothing uses.
//!
//! A name counts as used where it is written, also in a branch that is not taken: what a film does
//! with other parameters is no reason for a warning.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostics::{Code, Report};
use crate::items::{
    Arg, Clause, ClauseKind, Composition, Expr, ExprKind, Ident, Item, ItemKind, ItemPlace, Stmt,
    TemplatePart,
};

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
pub(super) fn check_lets<'a>(items: impl Iterator<Item = &'a Item>, reports: &mut Vec<Report>) {
    let items: Vec<_> = items.collect();
    let mut names = Names::default();
    let has_films = items.iter().any(|item| matches!(item.kind, ItemKind::Composition(_)));
    for item in &items {
        match &item.kind {
            ItemKind::Composition(composition) => names.composition(composition),
            ItemKind::Let(decl) => decl.value.iter().for_each(|value| names.expr(value)),
            ItemKind::Fn(function) => {
                let defaults =
                    function.params.iter().flat_map(|param| param.default.iter().chain(&param.constraint));
                defaults.chain(&function.body).for_each(|expr| names.expr(expr));
            }
            ItemKind::Style(style) => {
                style.properties.iter().for_each(|property| names.expr(&property.value))
            }
            _ => {}
        }
    }
    // A file of values alone is there for others.
    for item in items.iter().filter(|_| has_films) {
        let what = match &item.kind {
            ItemKind::Let(_) => "value",
            ItemKind::Fn(_) => "function",
            ItemKind::Style(_) => "style",
            _ => continue,
        };
        if let Some(name) = &item.name {
            report_unused(&names, name, what, &item.place, reports);
        }
    }
}

fn report_unused(names: &Names, name: &Ident, what: &str, place: &ItemPlace, reports: &mut Vec<Report>) {
    if names.used.contains(&name.text) || name.text.starts_with('_') {
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
            Stmt::Property(_) | Stmt::Set(_) => {}
        }
    }
}

#[derive(Default)]
struct Names {
    used: BTreeSet<Arc<str>>,
}

impl Names {
    fn composition(&mut self, composition: &Composition) {
        for param in &composition.params {
            param.default.iter().chain(&param.constraint).for_each(|expr| self.expr(expr));
        }
        self.clauses(&composition.clauses);
        self.stmts(&composition.body);
    }

    fn stmts(&mut self, stmts: &[Stmt]) {
        for stmt in stmts {
            match stmt {
                Stmt::Property(property) => self.expr(&property.value),
                Stmt::Let(decl) => decl.value.iter().for_each(|value| self.expr(value)),
                Stmt::Node(decl) => {
                    decl.text.iter().chain(&decl.amount).for_each(|expr| self.expr(expr));
                    decl.args.iter().for_each(|(args, _)| self.args(args));
                    self.clauses(&decl.clauses);
                    self.stmts(&decl.body);
                }
                Stmt::Set(set) => set.properties.iter().for_each(|property| self.expr(&property.value)),
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

    fn clauses(&mut self, clauses: &[Clause]) {
        for clause in clauses {
            match &clause.kind {
                ClauseKind::At(expr)
                | ClauseKind::For(expr)
                | ClauseKind::ForUpTo(expr)
                | ClauseKind::Until(expr)
                | ClauseKind::Trim(expr) => self.expr(expr),
                ClauseKind::With(styles) => {
                    self.used.extend(styles.iter().map(|style| style.text.clone()));
                }
                ClauseKind::ForNatural | ClauseKind::ForFill => {}
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
                self.used.insert(name.text.clone());
                self.args(args);
            }
            ExprKind::List(items) => items.iter().for_each(|item| self.expr(item)),
            ExprKind::Keyframes(keyframes) => {
                for keyframe in keyframes {
                    self.expr(&keyframe.time);
                    self.expr(&keyframe.value);
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
