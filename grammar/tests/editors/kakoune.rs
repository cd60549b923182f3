//! The words and literals of the language for Kakoune.

use std::fmt::Write;

use vid_grammar::highlight::HighlightClass as Class;

use crate::rules::Rules;
use crate::scopes::kakoune_face;

/// The file `vid-syntax.kak`.
pub fn syntax(rules: &Rules) -> String {
    let mut text = format!(
        "\
# Generated from grammar/src/vid.pest by grammar/tests/editors; do not edit.

provide-module vid-syntax %§

declare-option str-list vid_static_words {words}

add-highlighter shared/vid regions
add-highlighter shared/vid/code default-region group
add-highlighter shared/vid/documentation region ///(?!/) $ fill {documentation}
add-highlighter shared/vid/line_comment region // $ fill {comment}
add-highlighter shared/vid/block_comment region -recurse /\\* /\\* \\*/ fill {comment}
add-highlighter shared/vid/raw_string region '\"\"\"' '\"\"\"' fill {string}
add-highlighter shared/vid/string region '\"' '(?<!\\\\)(?:\\\\\\\\)*\"|$' group
add-highlighter shared/vid/string/ fill {string}
add-highlighter shared/vid/string/ regex '\\\\(?:u\\{{[0-9A-Fa-f]*\\}}?|.)' 0:{escape}
",
        words = words(rules).join(" "),
        documentation = face(Class::DocComment),
        comment = face(Class::Comment),
        string = face(Class::String),
        escape = face(Class::Escape),
    );
    for (regex, groups) in patterns(rules) {
        let faces: Vec<String> =
            groups.iter().map(|(group, class)| format!("{group}:{}", face(*class))).collect();
        let regex = regex.replace('\'', "''");
        writeln!(text, "add-highlighter shared/vid/code/ regex '{regex}' {}", faces.join(" ")).unwrap();
    }
    text.push_str("\n§\n");
    text
}

/// Words that are offered while typing.
fn words(rules: &Rules) -> Vec<String> {
    let mut words = [rules.reserved(), rules.statements()].concat();
    words.sort();
    words.dedup();
    words
}

fn face(class: Class) -> &'static str {
    kakoune_face(class).unwrap_or("default")
}

/// Regular expressions and the classes of their groups; later ones paint over earlier ones.
fn patterns(rules: &Rules) -> Vec<(String, Vec<(usize, Class)>)> {
    let name = rules.regex("ident").kakoune();
    let path = format!(r"{name}(?:\.{name})*");
    let any = |words: &[String]| format!(r"\b({})\b", words.join("|"));
    let start = r"(?:^|[{};])\h*";
    let (with_kinds, mut with_names) =
        (rules.statements_with("type_path"), rules.statements_with("stmt_name"));
    with_names.retain(|word| word != "output");
    let [with_kinds, with_names] = [any(&with_kinds), any(&with_names)];
    let keyword_and = |class| vec![(1, Class::Keyword), (2, class)];
    let mut patterns = vec![
        (format!(r"\b({name})\("), vec![(1, Class::Function)]),
        (format!(r"{start}({path})(?:\h+({name}))?"), vec![(1, Class::Kind), (2, Class::Definition)]),
    ];
    let mut numeric = rules.numeric();
    numeric.reverse();
    for rule in numeric {
        let class = if rule == "timecode" { Class::Time } else { Class::Number };
        patterns.push((format!(r"\b(?:{})", rules.regex(&rule).kakoune()), vec![(0, class)]));
    }
    patterns.extend([
        (rules.regex("color").kakoune(), vec![(0, Class::Color)]),
        (format!(r"\b(?:{})", rules.regex("boolean").kakoune()), vec![(0, Class::Boolean)]),
        (format!(r"{start}{}", any(&rules.statements())), vec![(1, Class::Keyword)]),
        (format!(r"{start}{with_kinds}\h+({path})"), keyword_and(Class::Kind)),
        (format!(r"{start}\b(output)\b\h+({path})"), keyword_and(Class::Kind)),
        (format!(r"{start}{with_names}\h+({name})"), keyword_and(Class::Definition)),
        (format!(r"\bmask\h+(alpha|luma)\h+({path})"), keyword_and(Class::Kind)),
        (
            format!(r"{}\h+({name})", any(&["composition", "let", "fn", "style"].map(str::to_owned))),
            keyword_and(Class::Definition),
        ),
        (
            format!(r"\b(extern)\h+(element|enum|unit|fn)\h+({name})"),
            vec![(1, Class::Keyword), (2, Class::Keyword), (3, Class::Definition)],
        ),
        (r"\bfor\h+(up\h+to|natural|fill)\b".to_owned(), vec![(1, Class::Keyword)]),
        // Between a name or a path and a name: nothing but an import has that.
        (format!(r"\w\h+(as)\h+{name}"), vec![(1, Class::Keyword)]),
        (r"^import.*\h(as)\b".to_owned(), vec![(1, Class::Keyword)]),
        (any(&rules.reserved()), vec![(1, Class::Keyword)]),
        (format!(r"\b({name})\h*:"), vec![(1, Class::Property)]),
    ]);
    patterns
}
