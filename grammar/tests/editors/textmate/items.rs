//! What stands at the top of a file: imports, values, functions, compositions, declarations.

use serde_json::{Value, json};
use vid_grammar::highlight::HighlightClass as Class;

use super::pattern::{between, closed, include, matched};
use super::{BLANKS, Fragments, START};

pub fn items(f: &Fragments) -> Value {
    let (name, path, end) = (&f.name, &f.path, &f.end);
    let private = format!(r"{START}(?:(private){end}\s+)?");
    let parameters = |keyword: &str| format!(r"{private}({keyword}){BLANKS}({name})");
    let defined = [Class::Keyword, Class::Keyword, Class::Definition];
    json!({ "patterns": [
        between(&format!("{START}(import){end}"), &[Class::Keyword], &format!(r"(?<=\}})|$|{}", f.item), &[], &[
            include("comments"),
            include("strings"),
            matched(&format!("{}(as){BLANKS}({name})", f.fresh), &[Class::Keyword, Class::Definition], None),
            closed(r"\{", r"\}", f, &[
                include("comments"),
                matched(&format!("{}(as){end}", f.fresh), &[Class::Keyword], None),
                matched(name, &[], Some(Class::Definition)),
                include("signs"),
            ]),
        ]),
        between(
            &format!("{private}(let){BLANKS}({name})[ \\t]*(:)"),
            &[Class::Keyword, Class::Keyword, Class::Definition, Class::Punctuation],
            r"(?=[={};,)])|$", &[], &[include("type")],
        ),
        matched(&format!("{private}(let){end}(?:{BLANKS}({name}))?"), &defined, None),
        matched(
            &format!("{private}(style){BLANKS}({name})(?:{BLANKS}(for){BLANKS}({path}))?"),
            &[Class::Keyword, Class::Keyword, Class::Definition, Class::Keyword, Class::Kind], None,
        ),
        between(&parameters("composition"), &defined, r"(?=\{)|$", &[], &[
            include("comments"),
            include("parameters"),
            between(&format!("{}(for){end}", f.fresh), &[Class::Keyword], r"(?=\{)|$", &[], &[include("expression")]),
            include("strings"),
            include("literals"),
            matched(&format!("({path})"), &[Class::Kind], None),
        ]),
        between(
            &format!(r"{private}(?:(extern){end}\s+)?(fn){BLANKS}({name})"),
            &[Class::Keyword, Class::Keyword, Class::Keyword, Class::Definition],
            r"(?=[^ \t(])|$", &[], &[include("parameters")],
        ),
        // What a function gives; its body goes on to the next line that is not indented.
        between("(->)", &[Class::Punctuation], r"^(?=\S)", &[], &[
            between(r"\G", &[], r"(?==)|$", &[], &[include("type")]),
            include("expression"),
        ]),
        between(
            &format!(r"{private}(extern){BLANKS}(element){BLANKS}({name})[ \t]*(\{{)"),
            &[Class::Keyword, Class::Keyword, Class::Keyword, Class::Definition, Class::Punctuation],
            &format!(r"(\}})|{}", f.item), &[Class::Punctuation],
            &[include("comments"), declared(f, Class::Property), include("flags"), include("parentheses"), include("expression")],
        ),
        between(
            &format!(r"{private}(extern){BLANKS}(enum){BLANKS}({name})[ \t]*(\{{)"),
            &[Class::Keyword, Class::Keyword, Class::Keyword, Class::Definition, Class::Punctuation],
            &format!(r"(\}})|{}", f.item), &[Class::Punctuation],
            &[include("comments"), include("flags"), matched(name, &[], Some(Class::Definition)), include("signs")],
        ),
        between(
            &format!(r"{private}(extern){BLANKS}(unit)(?:{BLANKS}({name}))?"),
            &[Class::Keyword, Class::Keyword, Class::Keyword, Class::Definition],
            "$", &[],
            &[
                include("comments"),
                between("(:)", &[Class::Punctuation], r"(?=[={])|$", &[], &[include("type")]),
                include("flags"),
                include("expression"),
            ],
        ),
    ] })
}

/// A name with a type: `opacity: percent in 0%..100%`.
fn declared(f: &Fragments, class: Class) -> Value {
    let begin = format!(r"{}({})[ \t]*(:)", f.fresh, f.name);
    let end = format!(r"(?=[={{}},;)])|(?={}in{})|$", f.fresh, f.end);
    between(&begin, &[class, Class::Punctuation], &end, &[], &[include("type")])
}

pub fn parameters(f: &Fragments) -> Value {
    closed(
        r"\(",
        r"\)",
        f,
        &[
            include("comments"),
            declared(f, Class::Parameter),
            between(
                &format!("{}(in){}", f.fresh, f.end),
                &[Class::Keyword],
                &format!("(?=[,)=])|{}", f.item),
                &[],
                &[include("expression")],
            ),
            between(
                "(=)",
                &[Class::Punctuation],
                &format!("(?=[,)])|{}", f.item),
                &[],
                &[include("record"), include("expression")],
            ),
            matched(&f.name, &[], Some(Class::Parameter)),
            include("signs"),
        ],
    )
}

pub fn types(f: &Fragments) -> Value {
    json!({
        "patterns": [
            include("comments"),
            include("type-arguments"),
            matched(&f.path, &[], Some(Class::Type)),
            matched(r"[|?,:]", &[], Some(Class::Punctuation)),
        ],
        "repository": { "type-arguments": closed("<", ">", f, &[include("type")]) },
    })
}
