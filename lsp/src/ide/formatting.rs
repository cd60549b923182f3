//! The usual form of a text, as the smallest changes that lead there.

use std::ops::Range;

use vid_grammar::ast::AstNode;
use vid_grammar::{Parse, SyntaxElement, SyntaxKind, SyntaxNode};

use crate::ide::Change;

/// The changes that bring a whole text into its usual form; none where it has that already. `tree` is that of the
/// text.
pub fn format(text: &str, tree: &Parse) -> Vec<Change> {
    let (formatted, formatted_tree) = vid_grammar::fmt::format_tree(tree);
    let formatted = formatted.text;
    if formatted == text {
        return Vec::new();
    }
    let changes = between((text, tree), (&formatted, &formatted_tree));
    changes.unwrap_or_else(|| vec![Change::new(0..text.len(), formatted)])
}

/// The changes that touch a part of a text.
pub fn format_range(text: &str, tree: &Parse, range: Range<usize>) -> Vec<Change> {
    let mut changes = format(text, tree);
    changes.retain(|change| change.range.start <= range.end && range.start <= change.range.end);
    changes
}

/// The changes after `}`, `;` or a line break was typed: those of the statement that ends there, and
/// never behind the cursor, so that nothing moves under it.
pub fn format_typed(text: &str, tree: &Parse, offset: usize, typed: &str) -> Vec<Change> {
    let before = text[..offset.min(text.len())].trim_end();
    let at = u32::try_from(before.len()).unwrap_or(u32::MAX).into();
    let Some(token) = tree.syntax().token_at_offset(at).left_biased() else { return Vec::new() };
    let is_statement = |node: &SyntaxNode| {
        vid_grammar::ast::Stmt::can_cast(node.kind()) || vid_grammar::ast::Item::can_cast(node.kind())
    };
    let Some(statement) = token.parent_ancestors().find(is_statement) else { return Vec::new() };
    let start = usize::from(statement.text_range().start());
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let end = if typed == "\n" { before.len() } else { offset };
    let mut changes = format_range(text, tree, line..end);
    changes.retain(|change| line <= change.range.start && change.range.end <= end);
    changes
}

/// A piece of a text that formatting keeps, and what stands before it.
struct Kept<'a> {
    gap: Range<usize>,
    text: &'a str,
    is_separator: bool,
}

/// The white space between the same tokens, where it differs. `None` where the tokens differ in more than
/// the separators that formatting drops.
fn between((old, old_tree): (&str, &Parse), (new, new_tree): (&str, &Parse)) -> Option<Vec<Change>> {
    let (old_kept, new_kept) = (kept(old, &old_tree.syntax()), kept(new, &new_tree.syntax()));
    let (old_end, new_end) = (end_of_last(&old_kept), end_of_last(&new_kept));
    let mut changes = Vec::new();
    let mut old_kept = old_kept.into_iter().peekable();
    let push = |gap: Range<usize>, wanted: &str, changes: &mut Vec<Change>| {
        if &old[gap.clone()] != wanted {
            changes.push(smallest(old, gap, wanted));
        }
    };
    for wanted in &new_kept {
        let mut found = old_kept.next()?;
        let start = found.gap.start;
        while found.is_separator && found.text != wanted.text {
            found = old_kept.next()?;
        }
        if found.text != wanted.text {
            return None;
        }
        push(start..found.gap.end, &new[wanted.gap.clone()], &mut changes);
    }
    let rest = old_kept.next();
    let start = match (&rest, new_kept.last()) {
        (Some(rest), _) => rest.gap.start,
        (None, _) => old_end,
    };
    if rest.is_some_and(|rest| !rest.is_separator) || old_kept.any(|rest| !rest.is_separator) {
        return None;
    }
    push(start..old.len(), &new[new_end..], &mut changes);
    Some(changes)
}

/// The change of a gap, without what is the same at both of its ends.
fn smallest(old: &str, gap: Range<usize>, wanted: &str) -> Change {
    let was = &old[gap.clone()];
    let same = |(a, b): &(char, char)| a == b;
    let head: usize = was.chars().zip(wanted.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (was_rest, wanted_rest) = (&was[head..], &wanted[head..]);
    let tail: usize = was_rest
        .chars()
        .rev()
        .zip(wanted_rest.chars().rev())
        .take_while(same)
        .map(|(c, _)| c.len_utf8())
        .sum();
    Change::new(gap.start + head..gap.end - tail, &wanted_rest[..wanted_rest.len() - tail])
}

fn kept<'a>(text: &'a str, root: &SyntaxNode) -> Vec<Kept<'a>> {
    let mut end = 0;
    let mut kept = Vec::new();
    for token in root.descendants_with_tokens().filter_map(SyntaxElement::into_token) {
        let range = usize::from(token.text_range().start())..usize::from(token.text_range().end());
        if token.kind() == SyntaxKind::Whitespace || range.is_empty() {
            continue;
        }
        let is_separator = matches!(token.kind(), SyntaxKind::Comma | SyntaxKind::Semicolon);
        // Formatting takes blanks off the ends of comments.
        let shown = text[range.clone()].trim_end();
        kept.push(Kept { gap: end..range.start, text: shown, is_separator });
        end = range.start + shown.len();
    }
    kept
}

fn end_of_last(kept: &[Kept<'_>]) -> usize {
    kept.last().map_or(0, |last| last.gap.end + last.text.len())
}

#[cfg(test)]
mod tests {
    use vid_grammar::parse;

    use super::*;

    fn applied(text: &str, changes: &[Change]) -> String {
        let mut out = text.to_owned();
        for change in changes.iter().rev() {
            out.replace_range(change.range.clone(), &change.text);
        }
        out
    }

    #[test]
    fn small_changes_lead_to_the_usual_form() {
        for text in [
            "composition  c{text t \"x\" for 2s{x:1,y:2;}}",
            "// a  \n\n\nlet a=1;let b = 2\n\n\n",
            "let a = 1\n",
            "composition c {\n\ttext \"x\" {\n x: 1 // why\n }\n /* é */ }",
            "composition c { text \"open }",
            "",
        ] {
            let changes = format(text, &parse(text));
            assert_eq!(applied(text, &changes), vid_grammar::fmt::format(text).text, "{text}");
            assert!(changes.windows(2).all(|two| two[0].range.end <= two[1].range.start));
        }
    }

    #[test]
    fn one_bad_line_is_one_change() {
        let text = "composition c {\n  text \"x\" for 1s\n  text   \"y\" for 1s\n}\n";
        let tree = parse(text);
        assert_eq!(format(text, &tree), [Change::new(41..43, "")]);
        assert_eq!(format_range(text, &tree, 0..20), []);
        assert_eq!(format_range(text, &tree, 38..45), [Change::new(41..43, "")]);
    }

    #[test]
    fn typing_a_brace_formats_its_statement() {
        let text = "let  a = 1\ncomposition c {\n text \"x\" {x:1}\n  text   \"y\"\n}\n";
        let offset = text.find("1}").unwrap() + 2;
        let changes = format_typed(text, &parse(text), offset, "}");
        assert_eq!(
            applied(text, &changes),
            "let  a = 1\ncomposition c {\n  text \"x\" { x: 1 }\n  text   \"y\"\n}\n"
        );
    }
}
