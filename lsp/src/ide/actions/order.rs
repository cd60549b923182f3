//! Elements put into the order in which they begin.

use vid_compiler::{FilmFacts, Meaning};
use vid_grammar::ast::{self, AstNode, Stmt};
use vid_timeline::TimeRange;

use crate::ide::actions::{Action, ActionKind};
use crate::ide::{Change, Source};

/// A statement with the lines it stands on, what is said about it above included.
struct Line<'s> {
    text: &'s str,
    range: TimeRange,
}

/// Sorts the elements around a byte by time, up to the next statement that is none. Offered where the film
/// stays the same: what is later in the source is on top, so only what is never on screen together may
/// change places.
pub(super) fn by_time(source: &Source<'_>, offset: usize) -> Option<Action> {
    let block: ast::Block = source.around(offset)?;
    let around = block.syntax().parent()?.kind();
    if !(ast::Composition::can_cast(around) || ast::Stack::can_cast(around)) {
        return None;
    }
    let films = source.films();
    let film = source.film_at(films, offset)?;
    let stmts: Vec<Stmt> = block.stmts().collect();
    let bytes = |stmt: &Stmt| usize::from(stmt.range().start())..usize::from(stmt.range().end());
    let can_move = |stmt: &Stmt| matches!(stmt, Stmt::Element(_) | Stmt::Sequence(_) | Stmt::Stack(_));
    let at = stmts.iter().position(|stmt| can_move(stmt) && bytes(stmt).end >= offset)?;
    let first = stmts[..at].iter().rposition(|stmt| !can_move(stmt)).map_or(0, |before| before + 1);
    let count = stmts[first..].iter().take_while(|stmt| can_move(stmt)).count();
    let run = &stmts[first..first + count];
    let before = match first.checked_sub(1).and_then(|before| stmts.get(before)) {
        Some(stmt) => bytes(stmt).end,
        None => usize::from(block.range().start()) + 1,
    };
    let start = line_end(source, before)?;
    let mut lines = Vec::new();
    let mut from = start;
    for stmt in run {
        let until = line_end(source, bytes(stmt).end)?;
        lines.push(Line { text: source.text.get(from..until)?, range: when(source, film, stmt)? });
        from = until;
    }
    let refers_to_neighbours = source.names.uses.iter().any(|used| {
        let is_neighbour =
            matches!(&used.meaning, Meaning::Place(word) if matches!(&**word, "prev" | "next"));
        is_neighbour && (start..from).contains(&used.range.start)
    });
    let is_kept = |line: &Line<'_>, later: &Line<'_>| {
        line.range.start <= later.range.start || later.range.end <= line.range.start
    };
    let changes_nothing_seen =
        lines.iter().enumerate().all(|(at, line)| lines[at + 1..].iter().all(|later| is_kept(line, later)));
    if refers_to_neighbours || !changes_nothing_seen {
        return None;
    }
    let written: Vec<&str> = lines.iter().map(|line| line.text).collect();
    lines.sort_by_key(|line| line.range.start);
    let sorted: Vec<&str> = lines.iter().map(|line| line.text).collect();
    (sorted != written).then(|| Action {
        title: "sort the elements by time".to_owned(),
        kind: ActionKind::Rewrite,
        changes: vec![Change::new(start..from, sorted.concat())],
    })
}

/// Where the line of a byte ends, if nothing but a comment is behind the byte; with its line break.
fn line_end(source: &Source<'_>, byte: usize) -> Option<usize> {
    let rest = source.text.get(byte..)?;
    let length = rest.find('\n')? + 1;
    let behind = rest[..length].trim();
    (behind.is_empty() || behind.starts_with("//")).then_some(byte + length)
}

/// From when to when a statement is on screen, all of its turns together.
fn when(source: &Source<'_>, film: &FilmFacts, stmt: &Stmt) -> Option<TimeRange> {
    let pieces = source.pieces_at(film, usize::from(stmt.range().start()));
    pieces
        .map(|piece| piece.range)
        .reduce(|all, one| TimeRange { start: all.start.min(one.start), end: all.end.max(one.end) })
}
