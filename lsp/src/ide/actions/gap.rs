//! Gaps closed.

use vid_grammar::ast::{self, AstNode};

use crate::ide::actions::{Action, ActionKind};
use crate::ide::{Change, Source};

/// Removes the gap at a byte, so that what is around it meets.
pub(super) fn without_gap(source: &Source<'_>, offset: usize) -> Option<Action> {
    let gap: ast::Gap = source.around(offset)?;
    let (start, end) = (usize::from(gap.range().start()), usize::from(gap.range().end()));
    let line = source.text[..start].rfind('\n').map_or(0, |at| at + 1);
    let is_alone = source.text[line..start].trim().is_empty();
    let rest = source.text[end..].find('\n').map_or(source.text.len(), |at| end + at + 1);
    let ends_line = source.text[end..rest].trim().is_empty();
    let range = if is_alone && ends_line { line..rest } else { start..end };
    Some(Action {
        title: "close the gap".to_owned(),
        kind: ActionKind::Rewrite,
        changes: vec![Change::new(range, "")],
    })
}
