//! Cuts: gaps closed, clips split.

use vid_grammar::ast::{self, AstNode, HasHeader, HasName};
use vid_timeline::{Rational, Time};

use crate::ide::actions::{Action, ActionKind};
use crate::ide::{Change, Source, decimal};

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

/// Splits the clip of a sequence at a byte into two halves that play as the whole did.
pub(super) fn split(source: &Source<'_>, offset: usize) -> Option<Action> {
    let element: ast::Element = source.around(offset)?;
    let is_in_sequence = element
        .syntax()
        .parent()
        .and_then(|block| block.parent())
        .is_some_and(|around| ast::Sequence::cast(around).is_some());
    // Another length, or properties in a block such as keyframes, would not be halves any more.
    let is_plain =
        element.for_clause().is_none() && element.until_clause().is_none() && element.block_is_empty();
    let start = usize::from(element.range().start());
    let on_header = usize::from(element.range().end()) >= offset;
    if !is_in_sequence || !is_plain || !on_header {
        return None;
    }
    let films = source.films();
    let film = source.film_at(films, offset)?;
    let piece = source.pieces_at(film, start).next()?;
    let played = piece.source_range?;
    let half = played.duration().seconds() * Rational::ratio(1, 2);
    let rate = film.frame_rate;
    let middle = Time::from_frame(rate.frame_from_time(Time::from_seconds(half)), rate);
    let cut = played.start + middle;
    if cut <= played.start || cut >= played.end {
        return None;
    }
    let literal = |time: Time| match time.seconds().to_decimal().filter(|text| text.len() <= 8) {
        Some(text) => format!("{text}s"),
        None => format!("{}f", rate.frame_from_time(time)),
    };
    let trims = [
        format!("[{}..{}]", literal(played.start), literal(cut)),
        format!("[{}..{}]", literal(cut), literal(played.end)),
    ];
    let text = element.syntax().text().to_string();
    let with_trim = |trim: &str, name: Option<String>| {
        let mut text = text.clone();
        match element.trim_clause() {
            Some(clause) => {
                let at = usize::from(clause.range().start()) - start;
                text.replace_range(at..at + usize::from(clause.range().len()), trim);
            }
            None => {
                let string = element.string()?;
                text.insert_str(usize::from(string.range().end()) - start, &format!(" {trim}"));
            }
        }
        if let (Some(known), Some(new)) = (element.name(), name) {
            let at = usize::from(known.range().start()) - start;
            text.replace_range(at..at + usize::from(known.range().len()), &new);
        }
        Some(text)
    };
    let second_name = element.name().map(|name| format!("{}_2", name.text()));
    let line = source.text[..start].rfind('\n').map_or(0, |at| at + 1);
    let indent: String = source.text[line..start].chars().take_while(|c| c.is_whitespace()).collect();
    let both = format!("{}\n{indent}{}", with_trim(&trims[0], None)?, with_trim(&trims[1], second_name)?);
    Some(Action {
        title: format!("split it at {} s of its media", decimal(cut.seconds())),
        kind: ActionKind::Rewrite,
        changes: vec![Change::new(start..usize::from(element.range().end()), both)],
    })
}

/// Elements without anything in a block.
trait BlockIsEmpty {
    /// Whether there is no block, or nothing in it.
    fn block_is_empty(&self) -> bool;
}

impl BlockIsEmpty for ast::Element {
    fn block_is_empty(&self) -> bool {
        use ast::HasBlock;
        self.block().is_none_or(|block| block.stmts().next().is_none())
    }
}
