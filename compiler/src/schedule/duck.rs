//! Sounds that are turned down under others.
//!
//! A `duck` becomes an envelope when everything has its place: down while the other sound is heard,
//! with a ramp before it and one after. A pause too short for both ramps stays down. Where several
//! ducks meet on one sound, the deepest counts; their depths do not add up.

use std::collections::BTreeMap;

use vid_timeline::{Rational, Time, TimeRange};

use crate::diagnostics::{Applicability, Code, Place, Report};
use crate::eval::{Instance, Stop, Value, evaluate};
use crate::items::{DuckStmt, Expr, ExprKind, ItemPlace, Literal};
use crate::schedule::context::Context;
use crate::schedule::engine::{Engine, MAX_INSTANCES};
use crate::schedule::result::Placed;
use crate::schedule::tree::{Assigned, AssignedSource, Role, ScopeId};

/// Deepest duck, in decibels: beyond it nothing is heard in sixteen bits.
const MAX_DEPTH: i64 = 96;

/// A `duck` statement, waiting for the times of what it names.
pub(super) struct Duck<'db> {
    pub node: Instance,
    pub stmt: &'db DuckStmt,
    pub scope: ScopeId,
    /// The surroundings of its expressions.
    pub item: ItemPlace,
}

/// Decibels over time, straight between its points, the first and last of which are zero. Outside it
/// is zero.
type Envelope = Vec<(Time, Rational)>;

impl<'db> Engine<'db> {
    /// Takes in a `duck` statement.
    pub(super) fn expand_duck(&mut self, parent: Instance, scope: ScopeId, stmt: &'db DuckStmt) {
        let item = self.item.clone();
        let place = item.at(stmt.node);
        if self.nodes.len() >= MAX_INSTANCES || !self.belongs(parent, Role::Duck, "duck", &place) {
            return;
        }
        // What is heard of the sounds depends on the film around them.
        self.ask_around();
        let kind = self.kind("duck");
        let id = self.new_node(Role::Duck, kind, parent, scope, place);
        self.apply_sets(id, scope);
        if let (Some(level), Some(field)) = (&stmt.level, kind.field("level")) {
            let place = item.at(level.node);
            if let ExprKind::Literal(Literal::Number(amount)) = &level.kind {
                let message = format!("`{amount}` is a number, a level in decibels is needed");
                let report =
                    Report::error(Code::WrongUnit, &place, message).label("a level in decibels is needed");
                let literal = format!("{amount}dB");
                let report = report.help(format!("write `{literal}`"));
                self.stop(report.replace(&place, literal, Applicability::Guess));
                return;
            }
            let said = Assigned { source: AssignedSource::Expr(level), place, scope, item: item.clone() };
            self.node_mut(id).assigned.insert(field.name.clone(), said);
        }
        self.expand_block(id, scope, &stmt.body);
        self.ducks.push(Duck { node: id, stmt, scope, item });
    }

    /// Gives every sound that is turned down its envelope.
    pub(super) fn resolve_ducks(&mut self, placed: &mut [Placed], index: &BTreeMap<Instance, usize>) {
        let mut envelopes: BTreeMap<usize, Envelope> = BTreeMap::new();
        for duck in std::mem::take(&mut self.ducks) {
            // What is wrong is reported on the way.
            let Ok((ducked, envelope)) = self.resolve_duck(&duck, placed, index) else { continue };
            for element in ducked {
                let deepest = match envelopes.remove(&element) {
                    Some(other) => lower_of(&other, &envelope),
                    None => envelope.clone(),
                };
                envelopes.insert(element, deepest);
            }
        }
        for (element, envelope) in envelopes {
            let Some(placed) = placed.get_mut(element) else { continue };
            let (start, range) = (placed.range.start, placed.range);
            let local = within(&envelope, range).into_iter().map(|(time, level)| (time - start, level));
            placed.duck = local.collect();
        }
    }

    /// The elements that a `duck` turns down, and how far at which times of the film.
    fn resolve_duck(
        &mut self,
        duck: &Duck<'db>,
        placed: &[Placed],
        index: &BTreeMap<Instance, usize>,
    ) -> Result<(Vec<usize>, Envelope), Stop> {
        let sound = self.named_sound(duck, &duck.stmt.sound);
        let under = self.named_sound(duck, &duck.stmt.under);
        let depth = self.depth(duck);
        let (attack, release) = (self.ramp(duck, "attack"), self.ramp(duck, "release"));
        let (sound, under, depth, attack, release) = (sound?, under?, depth?, attack?, release?);
        let ducked = self.sounds_below(sound);
        let above: Vec<Instance> =
            self.sounds_below(under).into_iter().filter(|id| !ducked.contains(id)).collect();
        for (id, sounds, expr) in [(sound, &ducked, &duck.stmt.sound), (under, &above, &duck.stmt.under)] {
            if sounds.is_empty() {
                let place = duck.item.at(expr.node);
                let called = self.called(id);
                let message = if sound == under {
                    format!("{called} is turned down under itself")
                } else if id == under {
                    format!("{called} has no sound that others could be turned down under")
                } else {
                    format!("{called} has no sound that could be turned down")
                };
                let thing = self.node(id).place.clone();
                let report = Report::error(Code::DuckWithoutSound, &place, message);
                return Err(self.stop(report.also(&thing, format!("{called} stands here"))));
            }
        }
        let heard = |id: &Instance| placed.get(*index.get(id)?).and_then(|placed| placed.visible);
        let mut ranges: Vec<TimeRange> = above.iter().filter_map(heard).collect();
        ranges.sort_by_key(|range| (range.start, range.end));
        let envelope = envelope(&ranges, depth, attack, release);
        let ducked: Vec<usize> = ducked.iter().filter_map(|id| index.get(id).copied()).collect();
        let reaches = |element: &&usize| {
            placed.get(**element).is_some_and(|placed| !within(&envelope, placed.range).is_empty())
        };
        let reached: Vec<usize> = ducked.iter().filter(reaches).copied().collect();
        if reached.is_empty() && !ducked.is_empty() {
            let place = self.node(duck.node).place.clone();
            let (sound, under) = (self.called(sound), self.called(under));
            let message = format!("this turns nothing down: {sound} and {under} are never heard together");
            self.reports.push(Report::warning(Code::DuckWithoutEffect, &place, message));
        }
        Ok((reached, envelope))
    }

    /// The element or container that an expression of a `duck` names.
    fn named_sound(&mut self, duck: &Duck<'db>, expr: &'db Expr) -> Result<Instance, Stop> {
        let parent = self.node(duck.node).parent;
        let mut context = Context { engine: self, scope: duck.scope, me: duck.node, clock: parent };
        match evaluate(&mut context, expr, None, &duck.item)? {
            Value::Element(id) => Ok(id),
            Value::Unknown(_) => Err(Stop::Unknown),
            other => {
                let message = format!("`duck` needs the name of an element, not {}", other.describe());
                Err(self.stop(Report::error(Code::WrongType, &duck.item.at(expr.node), message)))
            }
        }
    }

    /// How far a `duck` turns down; above zero.
    fn depth(&mut self, duck: &Duck<'db>) -> Result<Rational, Stop> {
        let place = self.node(duck.node).assigned.get("level").map(|said| said.place.clone());
        let place: Place = place.unwrap_or_else(|| self.node(duck.node).place.clone());
        let depth = match self.property(duck.node, "level")? {
            Some(Value::Decibels(depth)) => depth,
            Some(Value::Percent(percent)) => {
                let message =
                    format!("how far a sound is turned down is said in decibels, not as {percent}%");
                let report = Report::error(Code::WrongUnit, &place, message);
                return Err(self.stop(report.help("12dB leaves a quarter of the level, 6dB half of it")));
            }
            // Reported by the parser where it is missing.
            None | Some(Value::None) => return Err(Stop::Poison),
            Some(_) => return Err(Stop::Unknown),
        };
        if depth > Rational::ZERO && depth <= Rational::integer(MAX_DEPTH) {
            return Ok(depth);
        }
        let message = format!("a sound cannot be turned down by {depth}dB: it goes up to {MAX_DEPTH}dB");
        let report = Report::error(Code::OutOfRange, &place, message);
        let report = if depth.is_negative() {
            let right = format!("{}dB", depth.abs());
            report.help(format!("`by` says how far down: write `{right}`")).replace(
                &place,
                right,
                Applicability::Safe,
            )
        } else {
            report
        };
        Err(self.stop(report))
    }

    fn ramp(&mut self, duck: &Duck<'db>, field: &str) -> Result<Time, Stop> {
        match self.property(duck.node, field)? {
            Some(Value::Time(time)) => {
                let parent = self.node(duck.node).parent;
                self.local(time, parent)
            }
            _ => Err(Stop::Unknown),
        }
    }

    /// The elements at or below an instance that are heard.
    fn sounds_below(&mut self, id: Instance) -> Vec<Instance> {
        let mut sounds = Vec::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            open.extend(self.node(id).children.iter().rev());
            self.expose(id);
            if self.node(id).role == Role::Element && self.is_heard(id) {
                sounds.push(id);
            }
        }
        sounds
    }

    /// Whether an element has a sound; of media that nobody has looked at, it is assumed.
    fn is_heard(&mut self, id: Instance) -> bool {
        let silent = match self.property(id, "volume") {
            Ok(Some(Value::Percent(volume))) => volume.is_zero(),
            Ok(Some(_)) | Err(_) => false,
            Ok(None) => true,
        };
        let hidden = matches!(self.property(id, "visible"), Ok(Some(Value::Bool(false))));
        let mute = self.natural(id).is_ok_and(|natural| !natural.has_sound);
        self.node(id).kind.field("volume").is_some() && !silent && !hidden && !mute
    }
}

/// The envelope of a duck under sounds at `ranges`, which are in order.
fn envelope(ranges: &[TimeRange], depth: Rational, attack: Time, release: Time) -> Envelope {
    let mut merged: Vec<TimeRange> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start - attack <= last.end + release => last.end = last.end.max(range.end),
            _ => merged.push(*range),
        }
    }
    let ramps = |range: TimeRange| {
        [
            (range.start - attack, Rational::ZERO),
            (range.start, -depth),
            (range.end, -depth),
            (range.end + release, Rational::ZERO),
        ]
    };
    merged.into_iter().flat_map(ramps).collect()
}

/// The value of an envelope at a time.
fn at(envelope: &Envelope, time: Time) -> Rational {
    let next = envelope.partition_point(|(point, _)| *point <= time);
    match (next.checked_sub(1).and_then(|index| envelope.get(index)), envelope.get(next)) {
        (Some((start, from)), Some((end, to))) => {
            let progress = (time - *start).ratio_to(*end - *start).unwrap_or(Rational::ONE);
            *from + (*to - *from) * progress
        }
        (Some((_, value)), None) | (None, Some((_, value))) => *value,
        (None, None) => Rational::ZERO,
    }
}

/// At each time the lower of two envelopes.
fn lower_of(a: &Envelope, b: &Envelope) -> Envelope {
    let mut times: Vec<Time> = a.iter().chain(b).map(|(time, _)| *time).collect();
    times.sort_unstable();
    times.dedup();
    let mut crossings = Vec::new();
    for (start, end) in times.iter().zip(times.iter().skip(1)) {
        let (before, after) = (at(a, *start) - at(b, *start), at(a, *end) - at(b, *end));
        if before.is_negative() != after.is_negative() && !before.is_zero() && !after.is_zero() {
            let part = before.checked_div(before - after).unwrap_or(Rational::ZERO);
            crossings.push(*start + (*end - *start) * part);
        }
    }
    times.extend(crossings);
    times.sort_unstable();
    let lower: Envelope = times.into_iter().map(|time| (time, at(a, time).min(at(b, time)))).collect();
    without_straight_points(lower)
}

/// The same envelope without the points that lie on the line between their neighbours.
fn without_straight_points(envelope: Envelope) -> Envelope {
    let mut kept: Envelope = Vec::new();
    for point in envelope {
        if let [.., first, second] = kept.as_slice() {
            let straight = (second.1 - first.1) * (point.0 - second.0).seconds()
                == (point.1 - second.1) * (second.0 - first.0).seconds();
            if straight {
                kept.pop();
            }
        }
        kept.push(point);
    }
    kept
}

/// The part of an envelope that an element at `range` meets: points inside of it and the nearest one
/// on either side; empty when nothing is taken from it.
fn within(envelope: &Envelope, range: TimeRange) -> Envelope {
    let first = envelope.partition_point(|(time, _)| *time <= range.start).saturating_sub(1);
    let last = envelope.partition_point(|(time, _)| *time < range.end);
    let part = envelope.get(first..envelope.len().min(last + 1)).unwrap_or_default();
    let quiet = |(_, level): &(Time, Rational)| level.is_zero();
    if part.iter().all(quiet) { Envelope::new() } else { part.to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: i64) -> Time {
        Time::new(seconds, 1)
    }

    fn shown(envelope: &Envelope) -> String {
        let points: Vec<_> = envelope.iter().map(|(time, level)| format!("{time}: {level}")).collect();
        points.join(", ")
    }

    #[test]
    fn short_pauses_stay_down() {
        let ranges = [(2, 4), (5, 6), (9, 10)].map(|(a, b)| TimeRange::new(seconds(a), seconds(b)));
        let envelope = envelope(&ranges, Rational::integer(12), seconds(1), seconds(1));
        assert_eq!(shown(&envelope), "1s: 0, 2s: -12, 6s: -12, 7s: 0, 8s: 0, 9s: -12, 10s: -12, 11s: 0");
        assert_eq!(shown(&within(&envelope, TimeRange::new(seconds(7), seconds(8)))), "");
        assert_eq!(shown(&within(&envelope, TimeRange::new(seconds(3), seconds(5)))), "2s: -12, 6s: -12");
    }

    #[test]
    fn of_two_envelopes_the_deeper_counts() {
        let one = |start, end, depth| {
            envelope(
                &[TimeRange::new(seconds(start), seconds(end))],
                Rational::integer(depth),
                seconds(2),
                seconds(2),
            )
        };
        assert_eq!(
            shown(&lower_of(&one(2, 6, 6), &one(4, 5, 12))),
            "0s: 0, 2s: -6, 3s: -6, 4s: -12, 5s: -12, 6s: -6, 8s: 0"
        );
        assert_eq!(
            shown(&lower_of(&one(2, 4, 6), &one(12, 14, 6))),
            "0s: 0, 2s: -6, 4s: -6, 6s: 0, 10s: 0, 12s: -6, 14s: -6, 16s: 0"
        );
    }
}
