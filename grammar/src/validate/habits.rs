//! What authors write who come from other languages and tools, where the form of it has no place here.

use rowan::TextRange;

use crate::syntax_kind::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

/// What a canvas and a rate look like in a header.
const HEADER: &str = "a composition's header has a size and a rate, as in `composition film 1920x1080 30fps`";

/// What to do about text between the items of a file.
pub(super) fn in_file(first: &SyntaxToken) -> Option<String> {
    let before = before(first);
    if before.as_ref().is_some_and(|token| token.kind() == SyntaxKind::ImportKw) {
        return Some(
            "what is imported stands behind its file: `import \"brand.vid\" as brand`, or \
             `import \"brand.vid\" { accent }`"
                .to_owned(),
        );
    }
    if let Some(item) = unfinished(first) {
        return match item.kind() {
            SyntaxKind::Composition => Some(HEADER.to_owned()),
            SyntaxKind::Fn => {
                Some("a function is a type and a value: `fn half(x: number) -> number = x / 2`".to_owned())
            }
            _ => None,
        };
    }
    let help = match first.text().chars().next()? {
        '#' => "comments begin with `//`",
        '<' => {
            "a film is a `composition NAME 1920x1080 30fps { … }` with elements such as `text \"Hello\" for 2s` in it"
        }
        '{' => "this is how JSON begins: `vid import` makes a source of a render request",
        '.' => "properties that belong together have a name: `style title for text { font_size: 96 }`",
        '@' if first.text() == "@" => {
            "what changes is said where it is: `opacity: [0s: 0%, 1s: 100%]`, or `enter fade for 300ms`"
        }
        _ if after(first).is_some_and(|next| next.text() == "=") && first.kind() == SyntaxKind::Ident => {
            return Some(format!("values are named with `let`, as in `let {} = 5s`", first.text()));
        }
        _ => return None,
    };
    Some(help.to_owned())
}

/// What to do about a sign in a block.
pub(super) fn in_block(first: &SyntaxToken) -> Option<String> {
    let follows = |text: &str| before(first).is_some_and(|token| token.text() == text);
    let help = match first.text() {
        "#" => "comments begin with `//`",
        "->" => "what changes is a list of times and values: `x: [0s: 0%, end: 100%]`",
        "=" if first.parent_ancestors().any(|node| node.kind() == SyntaxKind::If) => {
            "whether two values are equal is asked with `==`"
        }
        "(" if follows("for") => "loops go through a list: `for i in 0..3 { … }`",
        ":" if before(first).is_some_and(|token| token.text().bytes().all(|b| b.is_ascii_digit())) => {
            "a clock time has hours, minutes and seconds: `00:01:30`"
        }
        _ => return None,
    };
    Some(help.to_owned())
}

/// What to do about a literal among parameters.
pub(super) fn in_parameters(first: &SyntaxToken) -> Option<String> {
    matches!(first.kind(), SyntaxKind::Size | SyntaxKind::Rate).then(|| HEADER.to_owned())
}

/// The whole name, if a member of a keyframe list is the second half of an easing that was written with a
/// hyphen, as `cubic-bezier(0.1, 0, 1, 1)`.
pub(super) fn hyphenated(member: &SyntaxNode) -> Option<TextRange> {
    let is_half =
        member.kind() == SyntaxKind::PrefixExpr && member.parent()?.kind() == SyntaxKind::KeyframeList;
    let before = member.prev_sibling_or_token().filter(|_| is_half)?.into_node()?;
    let easing = before.last_child().filter(|last| last.kind() == SyntaxKind::Easing)?;
    let name = member.descendants_with_tokens().filter_map(SyntaxElement::into_token);
    let end = name
        .filter(|token| token.kind() == SyntaxKind::Ident)
        .map(|token| token.text_range().end())
        .next()?;
    Some(TextRange::new(easing.text_range().start(), end))
}

/// The end of the item before text that is indented as if it belonged to it.
pub(super) fn end_before(junk: &SyntaxNode, first: &SyntaxToken) -> Option<SyntaxToken> {
    let indent = first.prev_token().filter(|token| token.kind() == SyntaxKind::Whitespace)?;
    let is_indented = indent.text().ends_with([' ', '\t']);
    let item = junk.prev_sibling().filter(|item| item.kind() == SyntaxKind::Composition)?;
    item.last_token().filter(|token| is_indented && token.kind() == SyntaxKind::RBrace)
}

/// The item on the line of a token that ended before its block or value.
fn unfinished(first: &SyntaxToken) -> Option<SyntaxNode> {
    let item = first.parent()?.prev_sibling()?;
    let mut between = std::iter::successors(first.prev_token(), SyntaxToken::prev_token)
        .take_while(|token| token.text_range().start() >= item.text_range().end());
    let is_same_line = between.all(|token| !token.text().contains(['\n', '\r']));
    let is_open = item.last_token().is_some_and(|token| token.kind() != SyntaxKind::RBrace);
    (is_same_line && is_open).then_some(item)
}

/// The token before another one, without what lies between them.
fn before(token: &SyntaxToken) -> Option<SyntaxToken> {
    std::iter::successors(token.prev_token(), SyntaxToken::prev_token).find(|token| !token.kind().is_trivia())
}

/// The token after another one, without what lies between them.
fn after(token: &SyntaxToken) -> Option<SyntaxToken> {
    std::iter::successors(token.next_token(), SyntaxToken::next_token).find(|token| !token.kind().is_trivia())
}
