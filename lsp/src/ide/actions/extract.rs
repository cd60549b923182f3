//! Statements moved into a composition of their own.

use std::ops::Range;

use vid_compiler::Meaning;
use vid_grammar::ast::{self, AstNode, Stmt};

use crate::ide::actions::{Action, ActionKind};
use crate::ide::{Change, Source};

/// Moves the selected elements into a new composition and places it instead. Offered where they need
/// nothing from around them, and nothing around them needs them.
pub(super) fn composition(source: &Source<'_>, selected: &Range<usize>) -> Option<Action> {
    if selected.is_empty() {
        return None;
    }
    let composition = source.composition_at(selected.start)?;
    let block = source
        .root()
        .descendants()
        .filter_map(ast::Block::cast)
        .filter(|block| {
            let range = block.range();
            usize::from(range.start()) < selected.start && selected.end < usize::from(range.end())
        })
        .last()?;
    let bytes = |stmt: &Stmt| usize::from(stmt.range().start())..usize::from(stmt.range().end());
    let touched =
        block.stmts().filter(|stmt| bytes(stmt).start < selected.end && selected.start < bytes(stmt).end);
    let touched: Vec<Stmt> = touched.collect();
    let can_move = |stmt: &Stmt| matches!(stmt, Stmt::Element(_) | Stmt::Sequence(_) | Stmt::Stack(_));
    let (first, last) = (touched.first()?, touched.last()?);
    let is_in_container = block.syntax().parent().is_some_and(|around| {
        ast::Composition::can_cast(around.kind()) || ast::Stack::can_cast(around.kind())
    });
    if !touched.iter().all(can_move) || !is_in_container {
        return None;
    }
    let range = bytes(first).start..bytes(last).end;
    let around = usize::from(composition.range().start())..usize::from(composition.range().end());
    let is_inside = |at: usize| range.contains(&at);
    let is_bound = source.names.uses.iter().any(|used| {
        let defined = match &used.meaning {
            Meaning::Symbol(index) => source.names.symbols.get(*index).map(|s| s.name_range.start),
            // `parent`, `end` and the like mean something else elsewhere.
            Meaning::Place(_) if is_inside(used.range.start) => return true,
            _ => None,
        };
        defined.is_some_and(|at| {
            let is_local = around.contains(&at);
            is_local && is_inside(used.range.start) != is_inside(at)
        })
    });
    if is_bound {
        return None;
    }
    let name = free_name(source);
    let text = source.text.get(range.clone())?;
    let line = source.text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let indent: String = source.text[line..range.start].chars().take_while(|c| c.is_whitespace()).collect();
    let body = text.replace(&format!("\n{indent}"), "\n  ");
    let end = usize::from(composition.range().end());
    Some(Action {
        title: "move them into a composition of their own".to_owned(),
        kind: ActionKind::Extract,
        changes: vec![
            Change::new(range, name.clone()),
            Change::new(end..end, format!("\n\ncomposition {name} {{\n  {body}\n}}")),
        ],
    })
}

/// A name that no item has.
fn free_name(source: &Source<'_>) -> String {
    let taken = |name: &str| {
        source.tree.file().items().any(|item| item.name().is_some_and(|known| known.text() == name))
            || source.names.symbols.iter().any(|symbol| symbol.name == name)
    };
    let numbered = (2..).map(|number| format!("part_{number}"));
    std::iter::once("part".to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}
