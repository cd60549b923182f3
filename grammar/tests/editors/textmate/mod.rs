//! The grammar for VS Code and everything else that reads TextMate grammars.
//!
//! Such a grammar looks at one line at a time and keeps a stack of what is open. Blocks are not on that
//! stack: a forgotten brace then colours nothing wrongly. Brackets and parentheses are, since a name
//! before a colon is something else inside of them; they end where an item begins, as they do for the parser.

mod expressions;
mod items;
mod pattern;
mod statements;

use serde_json::{Value, json};
use vid_grammar::highlight::HighlightClass as Class;

use self::expressions::{call, choice, comments, easing, literals, signs, strings, words};
use self::items::{items, parameters, types};
use self::pattern::{between, closed, include, matched, pair};
use self::statements::{clauses, element, statement_words};
use crate::rules::Rules;

/// Spaces on one line.
const BLANKS: &str = r"[ \t]+";
/// The beginning of a statement: of a line, or behind what ends another.
const START: &str = r"(?:^|(?<=[{};]))[ \t]*";
/// Behind another statement of the same line.
const BEHIND: &str = r#"(?<=[\w)\]}%"][ \t])[ \t]*"#;

/// Fragments of expressions that many patterns are made of.
struct Fragments {
    /// A name.
    name: String,
    /// Not in the middle of a name.
    behind: String,
    /// Not in the middle of a name, nor behind a dot.
    fresh: String,
    /// The end of a name.
    no_more: String,
    /// The end of a keyword.
    end: String,
    /// Not a word that is never a name.
    free: String,
    /// A name that may lead into an imported file.
    path: String,
    /// Words of statements.
    statement: String,
    /// Before a line on which an item begins.
    item: String,
}

impl Fragments {
    fn new(rules: &Rules) -> Self {
        let character = rules.regex("ident_char").oniguruma();
        let inside = character.trim_start_matches('[').trim_end_matches(']').to_owned();
        let fresh = format!("(?<![{inside}.])");
        let no_more = format!("(?!{character})");
        let name = format!("{}{no_more}", rules.regex("ident").oniguruma());
        let free = format!("(?!(?:{}){no_more})", rules.reserved().join("|"));
        Self {
            path: format!(r"{free}{name}(?:\.{name})*(?!\.{character})"),
            end: rules.regex("wb").oniguruma(),
            statement: rules.statements().join("|"),
            item: format!(
                "(?=^(?:{}){no_more}[ \\t]*(?:{}|\"))",
                rules.items().join("|"),
                rules.regex("ident_start").oniguruma()
            ),
            name,
            behind: format!("(?<!{character})"),
            fresh,
            free,
            no_more,
        }
    }
}

/// The whole grammar.
pub fn grammar(rules: &Rules) -> Value {
    let f = Fragments::new(rules);
    json!({
        "comment": "Generated from grammar/src/vid.pest by grammar/tests/editors; do not edit.",
        "name": "vid",
        "scopeName": "source.vid",
        "fileTypes": ["vid"],
        "patterns": [include("statements")],
        "repository": {
            "statements": { "patterns": [
                include("comments"), include("items"), include("clauses"), include("statement-words"),
                include("property"), include("element"), include("expression"),
            ] },
            "items": items(&f),
            "clauses": clauses(&f),
            "statement-words": statement_words(&f, rules),
            "property": { "patterns": [pair(&f, Class::Property)] },
            "element": element(&f),
            "expression": { "patterns": [
                include("comments"), include("strings"), include("literals"), include("continued"),
                include("choice"), include("words"), include("call"), include("parentheses"), include("list"),
                include("names"), include("signs"),
            ] },
            "comments": comments(),
            "strings": strings(&f),
            "literals": literals(&f, rules),
            "continued": between(r"(=)[ \t]*$", &[Class::Punctuation], r"(?<![=\s])$", &[], &[include("expression")]),
            "choice": choice(&f),
            "words": words(&f, rules),
            "call": call(&f),
            "parentheses": closed(r"\(", r"\)", &f, &[
                pair(&f, Class::Parameter), include("record"), include("expression"),
            ]),
            "list": closed(r"\[", r"\]", &f, &[
                include("comments"), easing(&f, r"[,\](]"), include("record"), include("expression"),
            ]),
            "record": closed(r"\{", r"\}", &f, &[
                pair(&f, Class::Property), include("record"), include("expression"),
            ]),
            "parameters": parameters(&f),
            "type": types(&f),
            "flags": closed(r"\{", r"\}", &f, &[
                include("comments"), matched(&f.name, &[], Some(Class::Keyword)), include("signs"),
            ]),
            "names": { "patterns": [matched(&f.name, &[], Some(Class::Name))] },
            "signs": signs(rules),
        },
    })
}
