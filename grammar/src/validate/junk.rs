//! Text that has no place where it stands.

use rowan::TextRange;

use super::{Check, habits};
use crate::error::{SyntaxError, SyntaxErrorCode};
use crate::syntax_kind::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

/// Words that begin an item, for suggestions.
const ITEM_WORDS: [&str; 7] = ["import", "let", "fn", "style", "composition", "private", "extern"];

/// Longest piece of source that a message quotes, in characters.
const QUOTE_LENGTH: usize = 24;

impl Check<'_> {
    /// One error for an error node.
    pub(super) fn junk(&mut self, node: &SyntaxNode) {
        let nested = node.parent().is_some_and(|parent| parent.kind() == SyntaxKind::Error);
        if nested || self.is_told(node.text_range()) {
            return;
        }
        let Some(first) = node.first_token() else { return };
        let found = quote(&first);
        let context = node.parent().map_or(SyntaxKind::File, |parent| parent.kind());
        let is_closer = matches!(first.text(), "}" | "]" | ")");
        let message = if is_closer {
            format!("{found} closes nothing")
        } else {
            match context {
                SyntaxKind::File => format!("expected an item, found {found}"),
                SyntaxKind::Block => format!("expected a property, an element or `}}`, found {found}"),
                SyntaxKind::FieldList => format!("expected a property declaration or `}}`, found {found}"),
                SyntaxKind::VariantList | SyntaxKind::FlagList => {
                    format!("expected a word or `}}`, found {found}")
                }
                SyntaxKind::RecordExpr => format!("expected `name: value` or `}}`, found {found}"),
                SyntaxKind::Interpolation | SyntaxKind::Branch => format!("expected `}}`, found {found}"),
                SyntaxKind::ListExpr | SyntaxKind::KeyframeList => {
                    format!("expected `,` or `]`, found {found}")
                }
                SyntaxKind::ArgList | SyntaxKind::ParamList => format!("expected `,` or `)`, found {found}"),
                SyntaxKind::Index | SyntaxKind::TrimClause | SyntaxKind::Comprehension => {
                    format!("expected `]`, found {found}")
                }
                SyntaxKind::ParenExpr => format!("expected `)`, found {found}"),
                _ => format!("expected `{{`, found {found}"),
            }
        };
        let mut error = SyntaxError::new(node.text_range(), SyntaxErrorCode::UnexpectedToken, message);
        error.help = help_for(context, &first);
        if let Some((range, name)) = in_two_halves(&first) {
            error = error.help(format!("names are written with underscores: `{name}`")).fix(range, name);
        }
        if context == SyntaxKind::File
            && let Some(brace) = habits::end_before(node, &first)
        {
            error.help = Some("either this `}` is one too many, or a composition is missing here".to_owned());
            error = error.related(brace.text_range(), "the composition before it ends here");
        }
        self.push(error);
    }
}

/// The name and its place, if `-` stands between two halves of a name.
fn in_two_halves(minus: &SyntaxToken) -> Option<(TextRange, String)> {
    let is_name = |token: &SyntaxToken| token.kind() == SyntaxKind::Ident;
    let before = minus.prev_token().filter(|token| minus.text() == "-" && is_name(token))?;
    let after = minus.next_token().filter(is_name)?;
    let range = before.text_range().cover(after.text_range());
    Some((range, format!("{}_{}", before.text(), after.text())))
}

/// What to do about a token in a wrong place.
fn help_for(context: SyntaxKind, first: &SyntaxToken) -> Option<String> {
    let text = first.text();
    let next = first.next_token();
    if text.starts_with(['\'', '`']) {
        return Some("strings have double quotes".to_owned());
    }
    if text == "." && next.as_ref().is_some_and(|next| next.text().starts_with(|c: char| c.is_ascii_digit()))
    {
        return Some(format!("write `0.{}`", next.map(|next| next.text().to_owned()).unwrap_or_default()));
    }
    let habit = match context {
        SyntaxKind::File => habits::in_file(first),
        SyntaxKind::ParamList => habits::in_parameters(first),
        SyntaxKind::ArgList => None,
        _ => habits::in_block(first),
    };
    if habit.is_some() {
        return habit;
    }
    if context == SyntaxKind::File && first.kind() == SyntaxKind::Ident {
        return Some(match (foreign_item(text), nearest_item(text)) {
            (Some(help), _) => help.to_owned(),
            (None, Some(word)) => format!("did you mean `{word}`?"),
            (None, None) => "elements and properties stand inside a `composition`".to_owned(),
        });
    }
    match context {
        SyntaxKind::File if !matches!(text, "}" | "]" | ")") => {
            Some("a file has `import`, `let`, `fn`, `style` and `composition`".to_owned())
        }
        SyntaxKind::Block => help_in_block(first),
        SyntaxKind::ArgList if text == "=" => {
            Some("an argument is named with `:`, as in `name: \"Ada\"`".to_owned())
        }
        SyntaxKind::StringLit | SyntaxKind::Interpolation => {
            Some("a plain brace in a string is written `\\{`".to_owned())
        }
        _ => None,
    }
}

/// What to do about a token that begins no statement.
fn help_in_block(first: &SyntaxToken) -> Option<String> {
    let unit = first.text().trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '_'));
    let is_length =
        matches!(unit, "h" | "m" | "s" | "ms" | "f") || unit.contains(|c: char| c.is_ascii_digit());
    let is_time = match first.kind() {
        SyntaxKind::Quantity => is_length,
        kind => kind == SyntaxKind::Timecode,
    };
    let junk: String = first.parent().map(|node| node.text().to_string()).unwrap_or_default();
    if first.text() == "+" {
        return Some("strings are joined by what is inserted into them: `\"{first} {second}\"`".to_owned());
    }
    if !is_time {
        return None;
    }
    let ends = junk.split_once("..").map(|(_, rest)| rest);
    if let Some(rest) = ends.filter(|_| junk[first.text().len()..].trim_start().starts_with("..")) {
        let end: String =
            rest.trim_start().chars().take_while(|c| c.is_alphanumeric() || matches!(c, '.' | ':')).collect();
        return Some(format!("a part of the media stands in brackets: `[{}..{end}]`", first.text()));
    }
    let is_without_start = ["transition", "enter", "exit", "gap"];
    let statement = first.parent().and_then(|junk| junk.prev_sibling()).and_then(|node| node.first_token());
    if statement.is_some_and(|word| is_without_start.contains(&word.text())) {
        return Some(format!("how long it takes is said with `for {}`", first.text()));
    }
    Some(format!("when something starts is said with `at {0}`, how long it is with `for {0}`", first.text()))
}

/// What an item of other languages is here.
fn foreign_item(word: &str) -> Option<&'static str> {
    Some(match word {
        "var" | "const" | "val" | "define" => "values are named with `let`, as in `let accent = #ff5a36`",
        "def" | "func" | "function" => "a function is `fn NAME(x: number) -> number = x * 2`",
        "include" | "use" | "from" | "require" => {
            "names of other files come with `import \"brand.vid\" as brand`"
        }
        "video" | "audio" | "image" | "text" | "scene" | "film" | "project" | "timeline" | "sequence"
        | "edit" => "a film is a `composition NAME 1920x1080 30fps { … }`",
        _ => return None,
    })
}

/// The item word that differs least from `text`, if it differs little.
fn nearest_item(text: &str) -> Option<&'static str> {
    // Longer words are no typing mistakes, and need not be compared.
    if text.len() > QUOTE_LENGTH {
        return None;
    }
    let (distance, word) = ITEM_WORDS.iter().map(|word| (edit_distance(text, word), *word)).min()?;
    (distance * 3 <= word.len()).then_some(word)
}

/// How many letters must be inserted, deleted or replaced to turn `a` into `b`.
fn edit_distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, right) in b.chars().enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[row.len() - 1]
}

/// A token as it is quoted in a message.
fn quote(token: &SyntaxToken) -> String {
    let is_string = token.parent().is_some_and(|parent| parent.kind() == SyntaxKind::StringLit);
    if is_string {
        return "a string".to_owned();
    }
    // An operator made of several signs is one for the reader.
    let mut text: String = token.text().chars().take(QUOTE_LENGTH).collect();
    if text.len() < token.text().len() {
        text.push('…');
    }
    if text.chars().any(char::is_control) {
        return format!("`{}`", text.escape_default());
    }
    format!("`{text}`")
}

/// How a syntax element is called in a message.
pub(super) fn name_of(kind: SyntaxKind) -> &'static str {
    match kind {
        SyntaxKind::StringLit => "a string",
        SyntaxKind::SourceValue => "a value in its place",
        SyntaxKind::ArgList => "arguments in parentheses",
        SyntaxKind::Literal => "a value",
        SyntaxKind::AtClause => "`at`",
        SyntaxKind::ForClause => "`for`",
        SyntaxKind::UntilClause => "`until`",
        SyntaxKind::WithClause => "`with`",
        SyntaxKind::ThroughClause => "`through`",
        SyntaxKind::TrimClause => "`[a..b]`",
        SyntaxKind::UnderClause => "`under`",
        SyntaxKind::ByClause => "`by`",
        SyntaxKind::Easing => "an easing",
        SyntaxKind::Block => "a block",
        _ => "this",
    }
}

/// The first word of a statement as it is written: `transition`, `video`.
pub(super) fn first_word(node: &SyntaxNode) -> String {
    match node.children_with_tokens().find(|child| !child.kind().is_trivia()) {
        Some(SyntaxElement::Token(token)) => token.text().to_owned(),
        Some(SyntaxElement::Node(node)) => node.text().to_string(),
        None => String::new(),
    }
}
