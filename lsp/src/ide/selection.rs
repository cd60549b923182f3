//! What a growing selection takes in: token, property, statement, block, item.

use std::ops::Range;

use vid_grammar::{Parse, TextSize};

/// Most ranges around a byte. Each is a level of the answer, and readers of JSON commonly go 128 levels deep.
const MAX_RANGES: usize = 64;

/// The ranges around a byte, from the inside out, each larger than the one before: the innermost ones, and the
/// whole text.
pub fn ranges(tree: &Parse, offset: usize) -> Vec<Range<usize>> {
    let root = tree.syntax();
    let length = usize::from(root.text_range().end());
    let at = TextSize::try_from(offset.min(length)).unwrap_or_default();
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let found = root.token_at_offset(at);
    let token = found.clone().find(|token| !token.kind().is_trivia()).or(found.right_biased());
    let token_range = token.iter().map(|token| token.text_range());
    let nodes = token.iter().flat_map(|token| token.parent_ancestors()).map(|node| node.text_range());
    for range in token_range.chain(nodes) {
        let range = usize::from(range.start())..usize::from(range.end());
        if ranges.last() != Some(&range) {
            ranges.push(range);
        }
    }
    if ranges.is_empty() {
        ranges.push(0..length);
    }
    if ranges.len() > MAX_RANGES {
        ranges.drain(MAX_RANGES - 1..ranges.len() - 1);
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deep_text_has_few_ranges() {
        let text = format!("let a = {}1{}", "(".repeat(200), ")".repeat(200));
        let ranges = ranges(&vid_grammar::parse(&text), text.find('1').unwrap());
        assert_eq!((ranges.len(), ranges.last()), (MAX_RANGES, Some(&(0..text.len()))));
        assert!(ranges.windows(2).all(|two| two[0].len() < two[1].len()));
    }

    #[test]
    fn a_selection_grows() {
        let text = "composition c { text t \"x\" { x: max(1, 2) } }";
        let shown: Vec<_> = super::ranges(&vid_grammar::parse(text), text.find("2)").unwrap())
            .into_iter()
            .map(|range| &text[range])
            .collect();
        assert_eq!(
            shown,
            [
                "2",
                "(1, 2)",
                "max(1, 2)",
                "x: max(1, 2)",
                "{ x: max(1, 2) }",
                "text t \"x\" { x: max(1, 2) }",
                "{ text t \"x\" { x: max(1, 2) } }",
                text
            ]
        );
    }
}
