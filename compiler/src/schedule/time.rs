//! Start, length and end of an instance, each computed when somebody asks.

use vid_timeline::{FrameRate, Rational, Time};

use crate::diagnostics::{Code, Place, Report};
use crate::eval::{Instance, Stop, TimeValue, Value};
use crate::items::{Expr, ItemPlace};
use crate::schedule::context::Viewpoint;
use crate::schedule::engine::{Attribute, Engine, ROOT};
use crate::schedule::tree::{LengthRule, Role};
use crate::types::{Atom, Type};

/// Longest film, in seconds: a day.
const MAX_DURATION: i64 = 86_400;

impl<'db> Engine<'db> {
    /// When an instance starts, on the clock of the film.
    pub(super) fn start(&mut self, id: Instance) -> Result<Time, Stop> {
        if id == ROOT {
            self.ask_around();
            return Ok(Time::ZERO);
        }
        if let Some(start) = self.node(id).start {
            return start;
        }
        let start = self.guarded(Attribute::Start, id, |engine| engine.compute_start(id));
        if !matches!(start, Err(Stop::Pending(_))) {
            self.node_mut(id).start = Some(start);
        }
        start
    }

    fn compute_start(&mut self, id: Instance) -> Result<Time, Stop> {
        let parent = self.node(id).parent;
        let in_order = self.node(parent).role == Role::Sequence && self.node(id).role.is_timed();
        if in_order {
            let offset = self.offset_in_sequence(parent, id)?;
            return Ok(self.start(parent)? + offset);
        }
        match self.property(id, "time")? {
            Some(Value::Time(time)) => self.absolute(time, parent),
            None | Some(Value::None) => self.start(parent),
            Some(_) => Err(Stop::Unknown),
        }
    }

    /// The instant a time means on the clock of `clock`.
    pub(super) fn absolute(&mut self, time: TimeValue, clock: Instance) -> Result<Time, Stop> {
        let origin = if time.is_instant() { Time::ZERO } else { self.start(clock)? };
        Ok(time.absolute(origin))
    }

    /// What the clock of `clock` shows at a time; of a length, the length.
    pub(super) fn local(&mut self, time: TimeValue, clock: Instance) -> Result<Time, Stop> {
        let origin = if time.anchors.is_zero() { Time::ZERO } else { self.start(clock)? };
        Ok(time.local(origin))
    }

    /// When an instance ends, on the clock of the film.
    pub(super) fn end(&mut self, id: Instance) -> Result<Time, Stop> {
        // The length first: of a container that is being computed it is pending, which is no circle.
        let length = self.length(id)?;
        Ok(self.start(id)? + length)
    }

    /// How long an instance is: its own length, or what is left of the container around it.
    pub(super) fn length(&mut self, id: Instance) -> Result<Time, Stop> {
        if let Some(length) = self.node(id).length {
            return length;
        }
        if id == ROOT && self.part.is_some() {
            self.ask_around();
            return Err(Stop::Unknown);
        }
        let length = self.compute_length(id);
        if !matches!(length, Err(Stop::Pending(_))) {
            self.node_mut(id).length = Some(length);
        }
        length
    }

    fn compute_length(&mut self, id: Instance) -> Result<Time, Stop> {
        if let Some(own) = self.own(id)? {
            return Ok(own);
        }
        if id == ROOT {
            return Err(self.unbounded());
        }
        let parent = self.node(id).parent;
        if self.node(parent).role == Role::Sequence {
            return self.share_in_sequence(parent, id);
        }
        let end = self.end(parent)?;
        Ok((end - self.start(id)?).max(Time::ZERO))
    }

    /// The length an instance has by itself; `None` when it fills what is around it.
    pub(super) fn own(&mut self, id: Instance) -> Result<Option<Time>, Stop> {
        if let Some(own) = self.node(id).own {
            return own;
        }
        let own = self.guarded(Attribute::Own, id, |engine| engine.compute_own(id));
        if !matches!(own, Err(Stop::Pending(_))) {
            self.node_mut(id).own = Some(own);
        }
        own
    }

    fn compute_own(&mut self, id: Instance) -> Result<Option<Time>, Stop> {
        let until = match &self.node(id).length_rule {
            LengthRule::Until(expr, item, place) => Some((*expr, item.clone(), place.clone())),
            LengthRule::Fill | LengthRule::Share(_) => return Ok(None),
            LengthRule::Natural if self.node(id).role == Role::Stack => {
                return Ok(self.captions_length(id).filter(|length| *length > Time::ZERO));
            }
            LengthRule::Natural => return self.playing_length(id).map(Some),
            LengthRule::Unsaid | LengthRule::UpTo => None,
        };
        if let Some((expr, item, place)) = until {
            return self.length_until(id, expr, &item, &place).map(Some);
        }
        if let Some(duration) = self.said_duration(id)? {
            return Ok(Some(duration));
        }
        let role = self.node(id).role;
        match role {
            // What is looped goes on for as long as there is room.
            Role::Element if self.node(id).kind.field("loop").is_some() && self.is_looped(id)? => Ok(None),
            Role::Element if self.node(id).kind.field("speed").is_some() => self.playing_length(id).map(Some),
            Role::Sequence => self.sequence_length(id),
            // Captions go with what they are shown over, and do not make it longer.
            Role::Stack if &*self.node(id).kind.name == "captions" => Ok(None),
            Role::Stack if self.node(id).deferred.is_some() => self.deferred_length(id),
            Role::Composition | Role::Stack => self.stack_length(id),
            _ => Ok(None),
        }
    }

    /// The `duration` of an instance, if it was said.
    fn said_duration(&mut self, id: Instance) -> Result<Option<Time>, Stop> {
        match self.property(id, "duration")? {
            Some(Value::Time(time)) => {
                let parent = self.node(id).parent;
                let length = self.local(time, parent)?;
                let place = self.node(id).assigned.get("duration").map(|said| said.place.clone());
                self.check_length(id, length, &place.unwrap_or_else(|| self.node(id).place.clone()))?;
                Ok(Some(length))
            }
            None | Some(Value::None) => Ok(None),
            Some(_) => Err(Stop::Unknown),
        }
    }

    fn length_until(
        &mut self,
        id: Instance,
        expr: &'db Expr,
        item: &ItemPlace,
        place: &Place,
    ) -> Result<Time, Stop> {
        let scope = self.node(id).scope;
        let clock = self.node(id).parent;
        let view = Viewpoint { me: id, clock };
        let end =
            self.with_clock_of(expr, |engine| engine.expr_as(expr, &Type::of(Atom::Time), scope, view, item));
        let end = match end? {
            Value::Time(time) => self.absolute(time, clock)?,
            _ => return Err(Stop::Unknown),
        };
        let start = self.start(id)?;
        let length = end - start;
        if length <= Time::ZERO {
            let by = amount(start - end, self.rate);
            let called = self.called(id);
            let message = if length.is_zero() {
                format!("{called} ends where it starts, at {}", shown(start))
            } else {
                format!("{called} ends {by} before it starts")
            };
            let report = Report::error(Code::EmptyRange, place, message);
            let label = format!("starts at {}, ends at {}", shown(start), shown(end));
            return Err(self.stop(report.label(label)));
        }
        self.check_length(id, length, place)?;
        Ok(length)
    }

    fn check_length(&mut self, id: Instance, length: Time, place: &Place) -> Result<(), Stop> {
        if length <= Time::ZERO {
            let message = format!("{} lasts {}, which is no time at all", self.called(id), shown(length));
            return Err(self.stop(Report::error(Code::EmptyRange, place, message)));
        }
        if length.seconds() > Rational::integer(MAX_DURATION) {
            let message = format!("{} lasts {}, more than a day", self.called(id), shown(length));
            return Err(self.stop(Report::error(Code::OutOfRange, place, message)));
        }
        Ok(())
    }

    /// The end of the longest determined child.
    fn stack_length(&mut self, id: Instance) -> Result<Option<Time>, Stop> {
        let mut longest: Option<Time> = None;
        let mut failed = None;
        for child in self.node(id).children.clone() {
            if !self.node(child).role.is_timed() {
                continue;
            }
            match self.end_in(id, child) {
                Ok(Some(end)) => longest = Some(longest.map_or(end, |other| other.max(end))),
                Ok(None) => {}
                Err(Stop::Pending(pending)) if pending == id => {}
                Err(Stop::Pending(pending)) => return Err(Stop::Pending(pending)),
                // The others are looked at all the same, for what is wrong with them.
                Err(stop) => failed = Some(stop),
            }
        }
        match (failed, longest) {
            (Some(stop), _) => Err(stop),
            (None, Some(length)) if length <= Time::ZERO => Ok(None),
            (None, Some(length)) => {
                let place = self.node(id).place.clone();
                self.check_length(id, length, &place)?;
                Ok(Some(length))
            }
            (None, None) => Ok(None),
        }
    }

    /// When a child ends, counted from the start of its container; `None` when it is not determined.
    fn end_in(&mut self, container: Instance, child: Instance) -> Result<Option<Time>, Stop> {
        let Some(length) = self.own(child)? else { return Ok(None) };
        let offset = match self.property(child, "time")? {
            // The usual case needs no clock, so it works while the container's own start waits.
            Some(Value::Time(time)) if time.anchors.is_zero() => Time::from_seconds(time.seconds),
            _ => self.start(child)? - self.start(container)?,
        };
        Ok(Some(offset + length))
    }

    fn unbounded(&mut self) -> Stop {
        let place = self.node(ROOT).place.clone();
        let called = self.called(ROOT);
        // Whoever asks for the end of the film from here on has been answered by this report.
        self.node_mut(ROOT).length = Some(Err(Stop::Poison));
        let open: Vec<Instance> = self.open_children(ROOT);
        let Some(first) = open.first().copied() else {
            let report = Report::error(Code::UnboundedLength, &place, format!("{called} has no length"));
            let report = report.label("nothing in it lasts any time");
            return self.stop(report.help("give it a length: `for 5s` after its name and size"));
        };
        let name = self.called(first);
        let message = format!("the length of {called} is not bounded: {name} lasts as long as the film");
        let mut report = Report::error(Code::UnboundedLength, &self.node(first).place.clone(), message);
        report = report.label("has no length of its own");
        for other in open.iter().skip(1).take(2) {
            report = report.also(&self.node(*other).place.clone(), "neither has this");
        }
        self.stop(
            report.help(format!("give {name} a length with `for 3s`, or the composition with `for 10s`")),
        )
    }

    /// Elements below a container that wait for its length.
    fn open_children(&mut self, id: Instance) -> Vec<Instance> {
        let mut open = Vec::new();
        for child in self.node(id).children.clone() {
            if !self.node(child).role.is_timed() {
                continue;
            }
            let (asked, said) = (self.node(child).own.is_some(), self.reports.len());
            // Whoever is being computed has asked for the length of the film.
            let asking = self.active.iter().any(|(_, id)| *id == child);
            match if asking { Ok(None) } else { self.own(child) } {
                Ok(Some(_)) => continue,
                // Reported, unless it is the end of the film that it waits for.
                Err(_) if asked || self.reports.len() > said => continue,
                _ => {}
            }
            if self.node(child).deferred.is_some() {
                // Which of the elements in it are open is to be said.
                self.expose(child);
            } else if self.node(child).role == Role::Element {
                open.push(child);
            } else {
                let inner = self.open_children(child);
                if inner.is_empty() { open.push(child) } else { open.extend(inner) }
            }
        }
        open
    }
}

/// A time for a message: exact seconds, or three decimals where they do not end.
pub(crate) fn shown(time: Time) -> String {
    match time.seconds().to_decimal().filter(|text| text.len() <= 12) {
        Some(text) => format!("{text} s"),
        None => {
            let millis = (time.seconds() * Rational::integer(1000)).round_half_up();
            let rounded = Rational::new(millis, 1000).unwrap_or_default();
            format!("{rounded} s")
        }
    }
}

/// A length for a message: `12 frames (0.4 s)`.
pub(crate) fn amount(length: Time, rate: FrameRate) -> String {
    let frames = whole_frames(length, rate);
    format!("{frames} frame{} ({})", if frames == 1 { "" } else { "s" }, shown(length))
}

/// What is missing, for a message: `12 more frames, 0.4 s`.
pub(crate) fn more(length: Time, rate: FrameRate) -> String {
    let frames = whole_frames(length, rate);
    format!("{frames} more frame{}, {}", if frames == 1 { "" } else { "s" }, shown(length))
}

/// Frames that a length touches; at least one.
fn whole_frames(length: Time, rate: FrameRate) -> i128 {
    (length.seconds() * rate.per_second()).ceil().max(1)
}
