//! What values are made of: comments, strings, literals, words, signs.

use serde_json::{Value, json};
use vid_grammar::highlight::{HighlightClass as Class, TIME_UNITS};

use super::pattern::{between, escape, grouped, include, matched, pair};
use super::{BLANKS, Fragments};
use crate::rules::Rules;
use crate::scopes::scope;

pub fn comments() -> Value {
    json!({
        "patterns": [
            matched("///(?!/).*$", &[], Some(Class::DocComment)),
            matched("//.*$", &[], Some(Class::Comment)),
            include("nested-comment"),
        ],
        "repository": { "nested-comment": {
            "name": scope(Class::Comment), "begin": r"/\*", "end": r"\*/", "patterns": [include("nested-comment")],
        } },
    })
}

pub fn strings(f: &Fragments) -> Value {
    // A value in a string ends with its line, and so does all that is in it.
    let braces = |name: Option<&str>| {
        let inside = [
            include("inserted-braces"),
            include("strings"),
            include("literals"),
            include("words"),
            include("call"),
            pair(f, Class::Parameter),
            include("names"),
            include("signs"),
        ];
        let mut rule = between(r"(\{)", &[Class::Punctuation], r"(\})|$", &[Class::Punctuation], &inside);
        if let (Some(name), Some(rule)) = (name, rule.as_object_mut()) {
            rule.insert("name".to_owned(), json!(name));
        }
        rule
    };
    json!({
        "patterns": [
            { "name": scope(Class::String), "begin": "\"\"\"", "end": "\"\"\"" },
            { "name": scope(Class::String), "begin": "\"", "end": "\"|$", "patterns": [
                matched(r"\\(?:u\{[0-9A-Fa-f]*\}?|.)?", &[], Some(Class::Escape)),
                include("inserted"),
            ] },
        ],
        "repository": {
            "inserted": braces(Some("meta.embedded.vid")),
            "inserted-braces": braces(None),
        },
    })
}

pub fn literals(f: &Fragments, rules: &Rules) -> Value {
    // Taken whole: a number is never cut short to make something else fit.
    let number = format!("(?>{})", rules.regex("number").oniguruma());
    // A dot may stand before a literal: that of a range.
    let fresh = &f.behind;
    let unit = rules.unit().oniguruma();
    let mut patterns = Vec::new();
    for name in rules.numeric() {
        let regex = format!("{}{}", fresh, rules.regex(&name).oniguruma());
        match name.as_str() {
            "timecode" => patterns.push(matched(&regex, &[], Some(Class::Time))),
            "quantity" => {
                // A time has a unit of time, or several units.
                let character = rules.regex("ident_char").oniguruma();
                let times = TIME_UNITS.join("|");
                let time =
                    format!("{}{number}(?:(?:{times}){}|(?={character}*[0-9])(?:{unit}))", fresh, f.no_more);
                patterns.push(matched(&time, &[], Some(Class::Time)));
                let parts = format!("{}({number})((?:{unit}))", fresh);
                patterns.push(matched(&parts, &[Class::Number, Class::Unit], None));
            }
            _ => patterns.push(matched(&regex, &[], Some(Class::Number))),
        }
    }
    patterns.push(matched(&rules.regex("color").oniguruma(), &[], Some(Class::Color)));
    let boolean = format!("{}{}", f.fresh, grouped(&rules.regex("boolean").oniguruma()));
    patterns.push(matched(&boolean, &[], Some(Class::Boolean)));
    json!({ "patterns": patterns })
}

/// Keywords that may stand inside of a value or a header.
pub fn words(f: &Fragments, rules: &Rules) -> Value {
    let (name, fresh, end) = (&f.name, &f.fresh, &f.end);
    json!({ "patterns": [
        matched(
            &format!("{fresh}(for){BLANKS}({name}){BLANKS}(in){end}"),
            &[Class::Keyword, Class::Definition, Class::Keyword],
            None,
        ),
        matched(
            &format!("{fresh}(for){BLANKS}(up){BLANKS}(to){end}"),
            &[Class::Keyword, Class::Keyword, Class::Keyword],
            None,
        ),
        matched(
            &format!(r"{fresh}(for){BLANKS}(natural|fill){end}(?![.(])"),
            &[Class::Keyword, Class::Keyword],
            None,
        ),
        matched(&format!("{fresh}(?:{}){end}", rules.reserved().join("|")), &[], Some(Class::Keyword)),
    ] })
}

pub fn call(f: &Fragments) -> Value {
    matched(&format!(r"{}{}(?=\()", f.free, f.name), &[], Some(Class::Function))
}

/// `if` as a value: what stands in its braces are values, not statements.
pub fn choice(f: &Fragments) -> Value {
    let begin = format!("{}(if){}", f.fresh, f.end);
    between(
        &begin,
        &[Class::Keyword],
        &format!(r"(?<=\}})(?!\s*else)|{}", f.item),
        &[],
        &[include("record"), include("expression")],
    )
}

/// A word behind a value that says how it is arrived at, and before `next` or the end of what it is in.
pub fn easing(f: &Fragments, next: &str) -> Value {
    let not_behind: Vec<String> = ["for", "at", "in", "and", "or", "not", "by", "if", "else"]
        .iter()
        .map(|word| format!(r"(?<!\b{word}\s)"))
        .collect();
    let regex = format!(r#"(?<=[\w)\]%"]\s){}{}(?=[ \t]*(?:{next}|$|//|/\*))"#, not_behind.concat(), f.path,);
    matched(&regex, &[], Some(Class::Easing))
}

pub fn signs(rules: &Rules) -> Value {
    let operators: Vec<String> = rules.operators().iter().map(|sign| escape(sign)).collect();
    json!({ "patterns": [
        matched("->", &[], Some(Class::Punctuation)),
        matched(&operators.join("|"), &[], Some(Class::Operator)),
        matched(r"[{}\[\]():;,.=|?]", &[], Some(Class::Punctuation)),
        matched(r"[@$^~`'\\&]", &[], Some(Class::Error)),
    ] })
}
