//! The rules of the grammar, read from its file.

use std::collections::{BTreeMap, BTreeSet};

use pest_meta::ast::Expr;
use pest_meta::parser;

use crate::re::{NAME_CHARACTER, NAME_START, Re};

/// The rules of `vid.pest` by name.
pub struct Rules(BTreeMap<String, Expr>);

impl Rules {
    /// Reads the grammar that the parser is made of.
    pub fn read() -> Self {
        let text = include_str!("../../src/vid.pest");
        let pairs = parser::parse(parser::Rule::grammar_rules, text).unwrap();
        let rules = parser::consume_rules(pairs).unwrap();
        Self(rules.into_iter().map(|rule| (rule.name, rule.expr)).collect())
    }

    fn expr(&self, name: &str) -> &Expr {
        self.0.get(name).unwrap_or_else(|| panic!("the grammar has no rule `{name}`"))
    }

    /// What a rule matches within one line.
    pub fn regex(&self, name: &str) -> Re {
        match name {
            // Names are made of the classes of Unicode, which every engine spells in its own way.
            "ident_start" | "XID_START" => NAME_START,
            "ident_char" | "XID_CONTINUE" => NAME_CHARACTER,
            "ASCII_DIGIT" => Re::class("0-9"),
            "ASCII_HEX_DIGIT" => Re::class("0-9A-Fa-f"),
            "ANY" => Re::Any,
            // Comments may stand here too, but no formatted text has them there.
            "h" | "s" => Re::class(" \t").any_number(),
            _ => self.translated(self.expr(name)),
        }
    }

    fn translated(&self, expr: &Expr) -> Re {
        match expr {
            Expr::Str(text) => Re::Text(text.clone()),
            Expr::Ident(name) => self.regex(name),
            Expr::Seq(a, b) => self.translated(a).then(self.translated(b)),
            Expr::Choice(a, b) => self.translated(a).or(self.translated(b)),
            Expr::Opt(inner) => Re::Repeat(Box::new(self.translated(inner)), '?'),
            Expr::Rep(inner) => self.translated(inner).any_number(),
            Expr::RepOnce(inner) => Re::Repeat(Box::new(self.translated(inner)), '+'),
            Expr::PosPred(inner) => Re::Ahead(Box::new(self.translated(inner))),
            Expr::NegPred(inner) => Re::NotAhead(Box::new(self.translated(inner))),
            other => panic!("no description of an editor needs {other}"),
        }
    }

    /// The rules of literals that begin with a digit, in the order in which they are tried.
    pub fn numeric(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.names_in(self.expr("numeric"), &mut |name| names.push(name.to_owned()));
        names.retain(|name| name != "ASCII_DIGIT");
        names
    }

    /// What a number may be followed by to be a quantity.
    pub fn unit(&self) -> Re {
        let (quantity, number) = (self.regex("quantity"), self.regex("number"));
        quantity.after(&number).unwrap_or_else(|| panic!("a quantity is a number and a unit"))
    }

    /// Words that are never names.
    pub fn reserved(&self) -> Vec<String> {
        self.words("reserved")
    }

    /// Words that a statement or an item begins with.
    pub fn statements(&self) -> Vec<String> {
        self.words("stmt_word")
    }

    /// Words that end whatever is open when a line begins with them.
    pub fn items(&self) -> Vec<String> {
        self.words("item_start")
    }

    /// Keywords that are names everywhere but in one place.
    pub fn words_of_one_place(&self) -> Vec<String> {
        let everywhere: BTreeSet<String> =
            [self.reserved(), self.statements()].concat().into_iter().collect();
        let keywords = self.0.keys().filter(|name| name.starts_with("kw_"));
        let all: BTreeSet<String> = keywords.flat_map(|name| self.words(name)).collect();
        all.difference(&everywhere).cloned().collect()
    }

    /// Words of a rule, in order of the alphabet, without those it only looks ahead for.
    pub fn words(&self, rule: &str) -> Vec<String> {
        let mut found = BTreeSet::new();
        self.words_in(self.expr(rule), &mut found);
        found.into_iter().collect()
    }

    fn words_in(&self, expr: &Expr, found: &mut BTreeSet<String>) {
        match expr {
            Expr::Str(text) if text.chars().all(|c| c.is_ascii_lowercase()) => {
                found.insert(text.clone());
            }
            Expr::Ident(name) if name.starts_with("kw_") => self.words_in(self.expr(name), found),
            Expr::Seq(a, b) | Expr::Choice(a, b) => {
                self.words_in(a, found);
                self.words_in(b, found);
            }
            Expr::Opt(inner) | Expr::Rep(inner) | Expr::RepOnce(inner) => self.words_in(inner, found),
            _ => {}
        }
    }

    /// First words of the statements that have a part, such as `type_path`.
    pub fn statements_with(&self, part: &str) -> Vec<String> {
        let mut rules =
            vec!["transition", "marker", "motion", "effect", "mask", "set_stmt", "duck", "gap_stmt"];
        rules.extend(["output", "sequence", "stack"]);
        let mut found = BTreeSet::new();
        for rule in rules {
            let mut has_part = false;
            self.names_in(self.expr(rule), &mut |name| has_part |= name == part);
            if has_part {
                found.extend(self.first_words(self.expr(rule)));
            }
        }
        found.into_iter().collect()
    }

    fn first_words(&self, expr: &Expr) -> BTreeSet<String> {
        let mut first = expr;
        while let Expr::Seq(a, _) = first {
            first = a;
        }
        let mut found = BTreeSet::new();
        self.words_in(first, &mut found);
        found
    }

    /// Signs between and before values: the strings of the rules of operators that are no words.
    pub fn operators(&self) -> Vec<String> {
        let mut found = BTreeSet::new();
        for rule in ["infix_op", "prefix_op", "range_op"] {
            signs(self.expr(rule), &mut found);
        }
        let mut signs: Vec<String> = found.into_iter().collect();
        // The longer of two that begin alike is meant.
        signs.sort_by_key(|sign| std::cmp::Reverse(sign.len()));
        signs
    }

    fn names_in(&self, expr: &Expr, found: &mut impl FnMut(&str)) {
        for part in expr.iter_top_down() {
            if let Expr::Ident(name) = part {
                found(&name);
            }
        }
    }
}

fn signs(expr: &Expr, found: &mut BTreeSet<String>) {
    match expr {
        Expr::Str(text) if !text.chars().any(char::is_alphabetic) => {
            found.insert(text.clone());
        }
        Expr::Seq(a, b) | Expr::Choice(a, b) => {
            signs(a, found);
            signs(b, found);
        }
        _ => {}
    }
}
