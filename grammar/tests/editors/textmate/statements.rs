//! What stands in blocks: statements by their first words, elements, clauses.

use serde_json::{Value, json};
use vid_grammar::highlight::HighlightClass as Class;

use super::expressions::easing;
use super::pattern::{between, include, matched};
use super::{BEHIND, BLANKS, Fragments, START};
use crate::rules::Rules;

pub fn clauses(f: &Fragments) -> Value {
    let end = r"(?=[{};])|$|(?=[ \t](?:at|for|until|through)\b)";
    json!({ "patterns": [
        between(&format!("{}(with){}", f.fresh, f.end), &[Class::Keyword], end, &[], &[
            include("comments"), include("names"), include("signs"),
        ]),
    ] })
}

pub fn statement_words(f: &Fragments, rules: &Rules) -> Value {
    let (name, path, end, free) = (&f.name, &f.path, &f.end, &f.free);
    // A statement may follow another on its line without anything between them.
    let start = format!("(?:{START}|{BEHIND})");
    // Words behind a keyword belong to it unless they begin a property.
    let no_property = r"(?![ \t]*:)";
    let motions = rules.statements_with("easing").join("|");
    let with_kinds = |word: &String| rules.statements_with("easing").contains(word);
    let kinds: Vec<String> = rules
        .statements_with("type_path")
        .into_iter()
        .filter(|word| !with_kinds(word) && word != "mask")
        .collect();
    let mut named = rules.statements_with("stmt_name");
    named.retain(|word| word != "output");
    // What follows `for` is a word of its own, see `words`.
    let mut others = rules.statements();
    others.retain(|word| word != "for" && word != "if");
    let others = others.join("|");
    json!({ "patterns": [
        between(
            &format!(r"{start}({motions}){end}(?:{BLANKS}({path}){no_property})?"),
            &[Class::Keyword, Class::Kind],
            &format!(r"(?=[{{}};])|$|(?=[ \t](?:{others}){end})"), &[],
            &[include("comments"), easing(f, &format!(r"[{{}};(]|(?:at|for|{others})\b")), include("expression")],
        ),
        matched(
            &format!(
                r"{start}(mask){end}(?:{BLANKS}(alpha|luma){end}(?={BLANKS}{name}))?(?:{BLANKS}({path}){no_property}(?:{BLANKS}(?!(?:{others}){end})({path}){no_property})?)?"
            ),
            &[Class::Keyword, Class::Keyword, Class::Kind, Class::Kind], None,
        ),
        matched(
            &format!(r"{start}({}){end}(?:{BLANKS}({path}){no_property})?", kinds.join("|")),
            &[Class::Keyword, Class::Kind], None,
        ),
        matched(
            &format!(r"{start}(output){end}(?:{BLANKS}({path}){no_property})?"),
            &[Class::Keyword, Class::Kind], None,
        ),
        matched(
            &format!(r"{start}({}){end}(?:{BLANKS}({free}{name}){no_property})?", named.join("|")),
            &[Class::Keyword, Class::Definition], None,
        ),
        // `if` and `for` as statements; as values they are something else.
        matched(&format!("{START}(if){end}"), &[Class::Keyword], None),
        matched(&format!(r"{}(else)(?:{BLANKS}(if))?{end}", f.fresh), &[Class::Keyword, Class::Keyword], None),
        matched(&format!(r"{start}({others}){end}"), &[Class::Keyword], None),
    ] })
}

/// An element: its kind, its name, what it shows.
pub fn element(f: &Fragments) -> Value {
    let (name, path, free, end) = (&f.name, &f.path, &f.free, &f.end);
    let no_statement = format!("(?!(?:{}){end})", f.statement);
    let no_value = r"(?![ \t]*[:=])";
    let own_name = format!(r"(?:{BLANKS}({free}{name})(?!\.){no_value})?");
    let source = format!(r"(?:{BLANKS}({path}){no_value})?");
    json!({ "patterns": [
        matched(
            &format!(r"{START}(shape){BLANKS}({path}){no_value}{own_name}"),
            &[Class::Kind, Class::Kind, Class::Definition], None,
        ),
        matched(
            &format!(r"{START}{no_statement}({path}){no_value}{own_name}{source}"),
            &[Class::Kind, Class::Definition, Class::Kind], None,
        ),
        // Behind another statement of the line, where a string tells what it is.
        matched(
            &format!(r#"{BEHIND}({path}){own_name}(?=[ \t]*")"#),
            &[Class::Kind, Class::Definition], None,
        ),
    ] })
}
