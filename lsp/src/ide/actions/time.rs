//! A time in its other forms: seconds, frames, clock.

use vid_grammar::ast::{self, AstNode};
use vid_grammar::literal::{Exact, LiteralValue};
use vid_timeline::{FrameRate, Rational, Time, timecode};

use crate::ide::actions::{Action, ActionKind};
use crate::ide::{Change, Source};

/// The time that a literal says, on a grid of frames; `None` where it is no time.
pub fn time_of(literal: &ast::Literal, rate: FrameRate) -> Option<Time> {
    let exact = |value: Exact| Rational::new(value.numerator, value.denominator);
    match literal.decode().ok()? {
        LiteralValue::Time { seconds, frames } => {
            let frames = exact(frames)?.checked_mul(rate.frame_duration().seconds())?;
            Some(Time::from_seconds(exact(seconds)?.checked_add(frames)?))
        }
        LiteralValue::Quantity { value, unit } => {
            let worth = match &*unit {
                "s" => Rational::ONE,
                "ms" => Rational::ratio(1, 1000),
                "m" => Rational::integer(60),
                "h" => Rational::integer(3600),
                "f" => rate.frame_duration().seconds(),
                _ => return None,
            };
            Some(Time::from_seconds(exact(value)?.checked_mul(worth)?))
        }
        _ => None,
    }
}

/// Writes the time at a byte in another form; one between two frames can be moved to the nearer one.
pub(super) fn other_forms(source: &Source<'_>, offset: usize) -> Vec<Action> {
    let Some(literal) = source.around::<ast::Literal>(offset) else { return Vec::new() };
    let films = source.films();
    let rate = source.film_at(films, offset).map_or(FrameRate::DEFAULT, |film| film.frame_rate);
    let Some(time) = time_of(&literal, rate) else { return Vec::new() };
    let range = usize::from(literal.range().start())..usize::from(literal.range().end());
    let written = literal.syntax().text().to_string();
    let frame = rate.frame_from_time(time);
    let is_on_frame = Time::from_frame(frame, rate) == time;
    let mut actions = Vec::new();
    let mut offer = |title: String, text: String, kind| {
        if text != written {
            actions.push(Action { title, kind, changes: vec![Change::new(range.clone(), text)] });
        }
    };
    if let Some(seconds) = time.seconds().to_decimal().filter(|text| text.len() <= 12) {
        offer("write it in seconds".to_owned(), format!("{seconds}s"), ActionKind::Rewrite);
    }
    let millis = time.seconds() * Rational::integer(1000);
    if millis.is_integer() && millis.numerator() < 10_000 {
        let text = format!("{}ms", millis.numerator());
        offer("write it in milliseconds".to_owned(), text, ActionKind::Rewrite);
    }
    if is_on_frame {
        offer("write it in frames".to_owned(), format!("{frame}f"), ActionKind::Rewrite);
        if rate.denominator() == 1 {
            let text = timecode(time, rate);
            offer("write it as a clock shows it".to_owned(), text, ActionKind::Rewrite);
        }
    } else {
        let title = format!("move it to the nearest frame, {frame}");
        offer(title, format!("{frame}f"), ActionKind::Rewrite);
    }
    actions
}
