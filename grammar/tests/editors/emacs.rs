//! The words and literals of the language for Emacs.

use vid_grammar::highlight::HighlightClass as Class;

use crate::rules::Rules;
use crate::scopes::emacs_face;

/// The file `vid-syntax.el`.
pub fn syntax(rules: &Rules) -> String {
    let mut text = "\
;;; vid-syntax.el --- Words and literals of .vid files -*- lexical-binding: t; -*-

;; Generated from grammar/src/vid.pest by grammar/tests/editors; do not edit.

;;; Code:

(defconst vid-syntax-font-lock-keywords
  '("
    .to_owned();
    let lines: Vec<String> = patterns(rules).into_iter().map(|pattern| pattern.written()).collect();
    text.push_str(&lines.join("\n    "));
    text.push_str(
        ")\n  \"What colours a text that is neither comment nor string; the first that matches counts.\")

(provide 'vid-syntax)
;;; vid-syntax.el ends here\n",
    );
    text
}

/// A regular expression and the classes of its groups, the first for all of it.
struct Pattern {
    regex: String,
    groups: Vec<(usize, Class)>,
    /// Whether it also counts where a string has been coloured.
    is_in_strings: bool,
}

impl Pattern {
    fn new(regex: String, groups: &[(usize, Class)]) -> Self {
        Self { regex, groups: groups.to_vec(), is_in_strings: false }
    }

    fn written(&self) -> String {
        let regex = self.regex.replace('\\', r"\\").replace('"', "\\\"");
        let faces = self.groups.iter().filter_map(|(group, class)| {
            let face = emacs_face(*class)?;
            // A group may be missing, and what is coloured already stays so.
            let how = if self.is_in_strings { "prepend" } else { "keep" };
            Some(format!("({group} '{face} {how} t)"))
        });
        format!("(\"{regex}\" {})", faces.collect::<Vec<_>>().join(" "))
    }
}

fn patterns(rules: &Rules) -> Vec<Pattern> {
    let name = rules.regex("ident").emacs();
    let path = format!(r"{name}\(?:\.{name}\)*");
    let any = |words: &[String]| format!(r"\_<\({}\)\_>", words.join(r"\|"));
    let blanks = r"[ \t]+".replace(r"\t", "\t");
    let start = format!(r"\(?:^\|[{{}};]\)[ {}]*", '\t');
    let (with_kinds, mut with_names) =
        (rules.statements_with("type_path"), rules.statements_with("stmt_name"));
    with_names.retain(|word| word != "output");
    let [with_kinds, with_names] = [any(&with_kinds), any(&with_names)];
    let mut patterns = vec![
        Pattern {
            is_in_strings: true,
            ..Pattern::new(r"\\\(?:u{[0-9A-Fa-f]*}\|.\)".to_owned(), &[(0, Class::Escape)])
        },
        Pattern::new(format!(r"\_<\({name}\)\_>[ {}]*:", '\t'), &[(1, Class::Property)]),
        Pattern::new(any(&rules.reserved()), &[(1, Class::Keyword)]),
        Pattern::new(
            format!(r"\_<\(extern\){blanks}\(element\|enum\|unit\|fn\){blanks}\({name}\)"),
            &[(1, Class::Keyword), (2, Class::Keyword), (3, Class::Definition)],
        ),
        Pattern::new(
            format!(r"{}{blanks}\({name}\)", any(&["composition", "let", "fn", "style"].map(str::to_owned))),
            &[(1, Class::Keyword), (2, Class::Definition)],
        ),
        Pattern::new(
            format!(r"\_<mask{blanks}\(alpha\|luma\){blanks}\({path}\)"),
            &[(1, Class::Keyword), (2, Class::Kind)],
        ),
        Pattern::new(
            format!(r"{start}{with_kinds}{blanks}\({path}\)"),
            &[(1, Class::Keyword), (2, Class::Kind)],
        ),
        Pattern::new(
            format!(r"{start}\_<\(output\)\_>{blanks}\({path}\)"),
            &[(1, Class::Keyword), (2, Class::Kind)],
        ),
        Pattern::new(
            format!(r"{start}{with_names}{blanks}\({name}\)"),
            &[(1, Class::Keyword), (2, Class::Definition)],
        ),
        Pattern::new(format!(r"\_<for{blanks}\(up{blanks}to\|natural\|fill\)\_>"), &[(1, Class::Keyword)]),
        // Between a name or a path and a name: nothing but an import has that.
        Pattern::new(format!(r#"["[:alnum:]_]{blanks}\(as\){blanks}{name}"#), &[(1, Class::Keyword)]),
        Pattern::new(format!(r"{start}{}", any(&rules.statements())), &[(1, Class::Keyword)]),
        Pattern::new(
            format!(r"{start}\({path}\)\(?:{blanks}\({name}\)\)?"),
            &[(1, Class::Kind), (2, Class::Definition)],
        ),
        Pattern::new(format!(r"\_<\({name}\)("), &[(1, Class::Function)]),
        Pattern::new(format!(r"{}\_>", rules.regex("color").emacs()), &[(0, Class::Color)]),
        Pattern::new(format!(r"\_<\(?:{}\)", rules.regex("boolean").emacs()), &[(0, Class::Boolean)]),
    ];
    for rule in rules.numeric() {
        let class = if rule == "timecode" { Class::Time } else { Class::Number };
        patterns.push(Pattern::new(format!(r"\_<{}", rules.regex(&rule).emacs()), &[(0, class)]));
    }
    patterns
}
