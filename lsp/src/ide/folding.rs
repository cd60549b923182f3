//! What can be folded: blocks, lists over several lines, comments, imports.

use std::ops::Range;

use vid_grammar::{Parse, SyntaxElement, SyntaxKind};

/// A part of a text that can be folded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fold {
    /// Bytes, from the first to the last line of it.
    pub range: Range<usize>,
    /// What it is.
    pub kind: FoldKind,
}

/// The kinds of folds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FoldKind {
    /// Something in brackets.
    Block,
    /// Comments.
    Comment,
    /// Imports one after another.
    Imports,
}

/// What can be folded in a tree, in order.
pub fn folds(tree: &Parse) -> Vec<Fold> {
    let root = tree.syntax();
    let text = root.text().to_string();
    let mut folds = Vec::new();
    let mut comments: Option<Range<usize>> = None;
    let mut imports: Option<Range<usize>> = None;
    for element in root.descendants_with_tokens() {
        let range = usize::from(element.text_range().start())..usize::from(element.text_range().end());
        match element {
            SyntaxElement::Node(node) => {
                let is_block = matches!(
                    node.kind(),
                    SyntaxKind::Block
                        | SyntaxKind::FieldList
                        | SyntaxKind::VariantList
                        | SyntaxKind::ParamList
                        | SyntaxKind::ArgList
                        | SyntaxKind::KeyframeList
                        | SyntaxKind::ListExpr
                        | SyntaxKind::RecordExpr
                );
                if is_block {
                    folds.push(Fold { range: range.clone(), kind: FoldKind::Block });
                }
                if node.kind() == SyntaxKind::Import {
                    grow(&mut imports, range);
                } else if node.parent().is_some_and(|parent| parent.kind() == SyntaxKind::File) {
                    folds.extend(imports.take().map(|range| Fold { range, kind: FoldKind::Imports }));
                }
            }
            SyntaxElement::Token(token) => match token.kind() {
                SyntaxKind::Whitespace if token.text().matches('\n').count() < 2 => {}
                kind if kind.is_comment() => grow(&mut comments, range),
                _ => folds.extend(comments.take().map(|range| Fold { range, kind: FoldKind::Comment })),
            },
        }
    }
    folds.extend(comments.map(|range| Fold { range, kind: FoldKind::Comment }));
    folds.extend(imports.map(|range| Fold { range, kind: FoldKind::Imports }));
    folds.retain(|fold| text[fold.range.clone()].trim_end().contains('\n'));
    folds.sort_by_key(|fold| (fold.range.start, fold.range.end));
    folds
}

fn grow(known: &mut Option<Range<usize>>, range: Range<usize>) {
    *known = Some(known.as_ref().map_or(range.start, |known| known.start)..range.end);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_comments_and_imports_fold() {
        let text = "import \"a.vid\" as a\nimport \"b.vid\" as b\n\n// one\n// two\ncomposition c {\n  text \"x\" { x: 1 }\n}\n";
        let shown: Vec<_> = folds(&vid_grammar::parse(text))
            .into_iter()
            .map(|fold| (fold.kind, text[fold.range].to_owned()))
            .collect();
        assert_eq!(
            shown,
            [
                (FoldKind::Imports, "import \"a.vid\" as a\nimport \"b.vid\" as b".to_owned()),
                (FoldKind::Comment, "// one\n// two".to_owned()),
                (FoldKind::Block, "{\n  text \"x\" { x: 1 }\n}".to_owned()),
            ]
        );
    }
}
