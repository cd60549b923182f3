//! What patterns of a TextMate grammar are made of.

use serde_json::{Map, Value, json};
use vid_grammar::highlight::HighlightClass as Class;

use super::Fragments;
use crate::scopes::scope;

pub fn include(name: &str) -> Value {
    json!({ "include": format!("#{name}") })
}

/// A name before a colon.
pub fn pair(f: &Fragments, class: Class) -> Value {
    matched(&format!(r"{}({})[ \t]*(:)", f.fresh, f.name), &[class, Class::Punctuation], None)
}

/// A pattern on one line, with the classes of its groups, or of all of it.
pub fn matched(regex: &str, groups: &[Class], all: Option<Class>) -> Value {
    match all {
        Some(class) => json!({ "name": scope(class), "match": regex }),
        None => json!({ "match": regex, "captures": captures(groups) }),
    }
}

/// What stands between two patterns.
pub fn between(begin: &str, begins: &[Class], end: &str, ends: &[Class], patterns: &[Value]) -> Value {
    let mut rule = Map::new();
    rule.insert("begin".to_owned(), json!(begin));
    if !begins.is_empty() {
        rule.insert("beginCaptures".to_owned(), captures(begins));
    }
    rule.insert("end".to_owned(), json!(end));
    if !ends.is_empty() {
        rule.insert("endCaptures".to_owned(), captures(ends));
    }
    rule.insert("patterns".to_owned(), json!(patterns));
    Value::Object(rule)
}

/// What stands between two brackets; an item at the start of a line ends it too.
pub fn closed(open: &str, close: &str, f: &Fragments, patterns: &[Value]) -> Value {
    let (open, close) = (format!("({open})"), format!("({close})|{}", f.item));
    between(&open, &[Class::Punctuation], &close, &[Class::Punctuation], patterns)
}

pub fn captures(groups: &[Class]) -> Value {
    let mut captures = Map::new();
    for (index, class) in groups.iter().enumerate() {
        let mut rule = json!({ "name": scope(*class) });
        if *class == Class::Kind {
            // A path: what is between its names is no part of any.
            rule["patterns"] = json!([matched(r"\.", &[], Some(Class::Punctuation))]);
        }
        captures.insert((index + 1).to_string(), rule);
    }
    Value::Object(captures)
}

pub fn grouped(regex: &str) -> String {
    format!("(?:{regex})")
}

pub fn escape(sign: &str) -> String {
    sign.chars()
        .map(|c| if r"\.*+?[]^$(){}|".contains(c) { format!(r"\{c}") } else { c.to_string() })
        .collect()
}
