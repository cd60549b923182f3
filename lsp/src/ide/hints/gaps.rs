//! Where nothing is on screen: gaps of sequences, and stretches of a film.

use std::ops::Range;

use vid_compiler::{FilmFacts, Piece, PieceKind};
use vid_grammar::ast::{self, AstNode, Stmt};
use vid_timeline::{Time, TimeRange};

use crate::ide::hints::{Hint, HintKind};
use crate::ide::{Source, decimal, timespan};

/// Adds what is to be said about the gaps of a film.
pub(super) fn gaps(source: &Source<'_>, film: &FilmFacts, within: &Range<usize>, into: &mut Vec<Hint>) {
    if let Some(composition) = source.composition_at(film.name_range.start) {
        in_sequences(source, film, &composition, within, into);
    }
    empty_stretches(source, film, into);
}

/// In sequences, from when to when gaps are; transitions say so of their overlaps themselves.
fn in_sequences(
    source: &Source<'_>,
    film: &FilmFacts,
    composition: &ast::Composition,
    within: &Range<usize>,
    into: &mut Vec<Hint>,
) {
    let sequences = composition.syntax().descendants().filter_map(ast::Sequence::cast);
    for sequence in sequences {
        use ast::HasBlock;
        let range = sequence.range();
        if usize::from(range.end()) < within.start || within.end < usize::from(range.start()) {
            continue;
        }
        let stmts: Vec<Stmt> = sequence.block().into_iter().flat_map(|block| block.stmts()).collect();
        let piece = |stmt: &Stmt| {
            let mut pieces = source.pieces_at(film, usize::from(stmt.range().start()));
            pieces.find(|piece| piece.kind != PieceKind::Transition)
        };
        for (at, stmt) in stmts.iter().enumerate().filter(|(_, stmt)| matches!(stmt, Stmt::Gap(_))) {
            let before = stmts[..at].iter().rev().find_map(piece);
            let after = stmts[at + 1..].iter().find_map(piece);
            let Some((before, after)) = before.zip(after) else { continue };
            let gap = TimeRange { start: before.range.end, end: after.range.start.max(before.range.end) };
            let (offset, text) = (usize::from(stmt.range().end()), timespan(gap, film.frame_rate));
            into.push(Hint { offset, text, kind: HintKind::Gaps, origin: None });
        }
    }
}

/// Behind what is on screen last before a stretch of the film in which nothing is, how long that lasts.
fn empty_stretches(source: &Source<'_>, film: &FilmFacts, into: &mut Vec<Hint>) {
    let Some(end) = film.duration else { return };
    let is_seen = |piece: &&Piece| piece.kind == PieceKind::Element;
    let mut seen: Vec<&Piece> = film.pieces.iter().filter(is_seen).collect();
    seen.sort_by_key(|piece| (piece.range.start, piece.range.end));
    let mut last: Option<&Piece> = None;
    let mut say = |last: Option<&Piece>, until: Time| {
        let Some(last) = last.filter(|last| last.range.end < until && last.path == source.path) else {
            return;
        };
        // What another composition places is no business of this one.
        if source.film_at(std::slice::from_ref(film), last.header.start).is_none() {
            return;
        }
        let seconds = decimal((until - last.range.end).seconds());
        let text = format!("then nothing for {seconds} s");
        into.push(Hint { offset: last.header.end, text, kind: HintKind::Gaps, origin: None });
    };
    for piece in seen {
        if last.is_some_and(|last| last.range.end < piece.range.start) {
            say(last, piece.range.start);
        }
        if last.is_none_or(|last| last.range.end < piece.range.end) {
            last = Some(piece);
        }
    }
    say(last, end);
}
