//! Clips cut in two that play as the whole did.

use vid_compiler::{Meaning, NameUse};
use vid_grammar::SyntaxKind;
use vid_grammar::ast::{self, AstNode, HasBlock, HasHeader, HasName, MotionRole, Stmt};
use vid_timeline::{Rational, Time, TimeRange};

use crate::ide::actions::{Action, ActionKind};
use crate::ide::{Change, Source, decimal};

/// Splits the clip at a byte: at each marker that falls into it, and in the middle.
pub(super) fn split(source: &Source<'_>, offset: usize) -> Vec<Action> {
    clip(source, offset).map(|clip| clip.actions()).unwrap_or_default()
}

/// A clip that can be split.
struct Clip<'s> {
    source: &'s Source<'s>,
    element: ast::Element,
    /// Its text.
    text: String,
    /// When it is on screen.
    range: TimeRange,
    /// What it plays.
    played: TimeRange,
    rate: vid_timeline::FrameRate,
    /// The markers within it, with what they are called.
    markers: Vec<(String, Time)>,
    is_in_sequence: bool,
}

/// The two halves of a clip.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    First,
    Second,
}

/// The clip at a byte, if it can be split.
fn clip<'s>(source: &'s Source<'s>, offset: usize) -> Option<Clip<'s>> {
    let element: ast::Element = source.around(offset)?;
    let around = element.syntax().parent()?.parent()?.kind();
    // In a stack, times are those of the stack.
    let is_in_sequence = ast::Sequence::can_cast(around);
    if !is_in_sequence && !ast::Composition::can_cast(around) {
        return None;
    }
    // Of another length, or without a path of its own, it would not be halves any more.
    if element.for_clause().is_some() || element.until_clause().is_some() || element.string().is_none() {
        return None;
    }
    let block = element.block();
    let is_on_header = block.as_ref().is_none_or(|block| offset <= usize::from(block.range().start()));
    if !is_on_header || !block.is_none_or(|block| block.stmts().all(|stmt| half_of(&stmt).is_some())) {
        return None;
    }
    let start = usize::from(element.range().start());
    // What counts from its end would count from the end of a half.
    let symbol = source.names.symbols.iter().position(|symbol| symbol.range.start == start);
    let is_it = |used: &NameUse| used.meaning == Meaning::Symbol(symbol.unwrap_or(usize::MAX));
    if source.names.uses.iter().any(is_it) {
        return None;
    }
    let film = source.film_at(source.films(), offset)?;
    let mut pieces = source.pieces_at(film, start);
    // One that is shown several times has no instant to be cut at.
    let (piece, None) = (pieces.next()?, pieces.next()) else { return None };
    let within = |time: Time| piece.range.start < time && time < piece.range.end;
    let markers = source.names.markers_at(offset).filter_map(|marker| {
        let time = source.pieces_at(film, marker.range.start).next()?.range.start;
        within(time).then(|| (marker.name.clone(), time))
    });
    Some(Clip {
        source,
        text: element.syntax().text().to_string(),
        range: piece.range,
        played: piece.source_range?,
        rate: film.frame_rate,
        markers: markers.collect(),
        is_in_sequence,
        element,
    })
}

/// Which halves a statement of a clip's block belongs to; `None` where it cannot be halved.
fn half_of(stmt: &Stmt) -> Option<&'static [Half]> {
    const BOTH: &[Half] = &[Half::First, Half::Second];
    match stmt {
        Stmt::Property(property) => {
            let has_keyframes = property
                .syntax()
                .descendants()
                .any(|inner| matches!(inner.kind(), SyntaxKind::KeyframeList | SyntaxKind::FieldExpr));
            match &*property.name()?.text() {
                _ if has_keyframes => None,
                "fade_in_duration" => Some(&[Half::First]),
                "fade_out_duration" => Some(&[Half::Second]),
                "in_point" | "out_point" | "time" | "duration" | "loop" | "reverse" | "id" => None,
                _ => Some(BOTH),
            }
        }
        Stmt::Effect(_) => Some(BOTH),
        Stmt::Motion(motion) => match motion.role() {
            MotionRole::Enter => Some(&[Half::First]),
            MotionRole::Exit => Some(&[Half::Second]),
            _ => None,
        },
        _ => None,
    }
}

impl Clip<'_> {
    fn actions(&self) -> Vec<Action> {
        let mut actions = Vec::new();
        for (name, time) in &self.markers {
            actions.extend(self.action(*time, format!("split it at `{name}`")));
        }
        let half = self.range.start.seconds() + self.range.duration().seconds() * Rational::ratio(1, 2);
        let middle = Time::from_seconds(half);
        if let Some(cut) = self.cut(middle) {
            let title = format!("split it in the middle, at {} s of its media", decimal(cut.1.seconds()));
            actions.extend(self.action(middle, title));
        }
        actions
    }

    /// The frame nearest to an instant, and what of the media plays there; `None` where nothing would be left of
    /// one of the halves.
    fn cut(&self, at: Time) -> Option<(Time, Time)> {
        let at = Time::from_frame(self.rate.frame_from_time(at), self.rate);
        let speed = self.played.duration().ratio_to(self.range.duration())?;
        let into = (at - self.range.start).seconds().checked_mul(speed)?;
        let cut = self.played.start + Time::from_seconds(into);
        let is_within = self.played.start < cut && cut < self.played.end;
        (is_within && self.range.start < at && at < self.range.end).then_some((at, cut))
    }

    fn action(&self, at: Time, title: String) -> Option<Action> {
        let (at, cut) = self.cut(at)?;
        let first = self.half(Half::First, TimeRange { start: self.played.start, end: cut }, at)?;
        let second = self.half(Half::Second, TimeRange { start: cut, end: self.played.end }, at)?;
        let range = self.element.range();
        let range = usize::from(range.start())..usize::from(range.end());
        let text = format!("{first}\n{}{second}", self.source.indent_at(range.start));
        Some(Action { title, kind: ActionKind::Rewrite, changes: vec![Change::new(range, text)] })
    }

    /// The text of a half that plays a part of the media; `at` is where the second one begins.
    fn half(&self, half: Half, plays: TimeRange, at: Time) -> Option<String> {
        let start = self.element.range().start();
        let bytes = |range: vid_grammar::TextRange| {
            usize::from(range.start() - start)..usize::from(range.end() - start)
        };
        let mut changes = Vec::new();
        let mut clauses = format!("[{}..{}]", self.literal(plays.start), self.literal(plays.end));
        let begins = match self.element.name() {
            Some(name) => format!("at {}.end", name.text()),
            None => format!("at {}", self.literal(at)),
        };
        let is_moved = half == Half::Second && !self.is_in_sequence;
        match self.element.at_clause() {
            Some(clause) if is_moved => changes.push((bytes(clause.range()), begins)),
            None if is_moved => clauses = format!("{clauses} {begins}"),
            _ => {}
        }
        match self.element.trim_clause() {
            Some(clause) => changes.push((bytes(clause.range()), clauses)),
            None => {
                let end = bytes(self.element.string()?.range()).end;
                changes.push((end..end, format!(" {clauses}")));
            }
        }
        if let Some(name) = self.element.name().filter(|_| half == Half::Second) {
            changes.push((bytes(name.range()), self.free_name(&name.text())));
        }
        for stmt in self.element.block().into_iter().flat_map(|block| block.stmts()) {
            if !half_of(&stmt).is_some_and(|halves| halves.contains(&half)) {
                let range = bytes(stmt.range());
                let blank = self.text[..range.start].trim_end_matches([' ', '\t', '\n', '\r']).len();
                changes.push((blank..range.end, String::new()));
            }
        }
        changes.sort_by_key(|(range, _)| range.start);
        let mut text = self.text.clone();
        for (range, new) in changes.into_iter().rev() {
            text.replace_range(range, &new);
        }
        Some(text)
    }

    fn literal(&self, time: Time) -> String {
        match time.seconds().to_decimal().filter(|text| text.len() <= 8) {
            Some(text) => format!("{text}s"),
            None => format!("{}f", self.rate.frame_from_time(time)),
        }
    }

    /// The name with a number behind it that nothing has.
    fn free_name(&self, name: &str) -> String {
        let is_free = |wanted: &String| self.source.names.symbols.iter().all(|known| known.name != *wanted);
        (2..).map(|number| format!("{name}_{number}")).find(is_free).unwrap_or_default()
    }
}
