//! Children one after another: offsets, overlaps, and what is left for those without a length.

use vid_timeline::{Rational, Time};

use crate::diagnostics::{Code, Report};
use crate::eval::{Instance, Stop, Value};
use crate::schedule::engine::{Attribute, Engine};
use crate::schedule::time::shown;
use crate::schedule::tree::{LengthRule, Role};

impl Engine<'_> {
    /// The sum of the children less their overlaps; `None` when one of them is not determined.
    pub(super) fn sequence_length(&mut self, id: Instance) -> Result<Option<Time>, Stop> {
        let mut total = Time::ZERO;
        let mut determined = true;
        let mut any = false;
        let mut failed = None;
        for child in self.node(id).children.clone() {
            let part = match self.node(child).role {
                Role::Transition => self.overlap(child).map(|overlap| Some(-overlap)),
                Role::Gap => self.gap_length(child).map(Some),
                role if role.is_timed() => self.own(child),
                _ => continue,
            };
            any = true;
            match part {
                Ok(Some(part)) => total = total + part,
                Ok(None) => determined = false,
                Err(Stop::Pending(pending)) if pending == id => determined = false,
                Err(Stop::Pending(pending)) => return Err(Stop::Pending(pending)),
                Err(stop) => failed = Some(stop),
            }
        }
        match failed {
            Some(stop) => Err(stop),
            None if determined && any && total > Time::ZERO => Ok(Some(total)),
            None => Ok(None),
        }
    }

    /// When a child starts, counted from the start of its sequence. Walks on from where the last
    /// question ended, so a long sequence costs neither depth nor time.
    pub(super) fn offset_in_sequence(&mut self, sequence: Instance, child: Instance) -> Result<Time, Stop> {
        loop {
            if let Some(offset) = self.node(sequence).layout.offsets.get(&child) {
                return Ok(*offset);
            }
            if let Some(awaiting) = self.node(sequence).layout.awaiting {
                let length = self.length(awaiting)?;
                let layout = &mut self.node_mut(sequence).layout;
                if layout.awaiting == Some(awaiting) {
                    layout.cursor = layout.cursor + length;
                    layout.awaiting = None;
                }
                continue;
            }
            let index = self.node(sequence).layout.next;
            let Some(next) = self.node(sequence).children.get(index).copied() else {
                return Err(Stop::Poison);
            };
            let shift = match self.node(next).role {
                Role::Transition => -self.overlap(next)?,
                Role::Gap => self.gap_length(next)?,
                _ => Time::ZERO,
            };
            let timed = self.node(next).role.is_timed();
            let layout = &mut self.node_mut(sequence).layout;
            // Asking for an overlap may have walked this far already.
            if layout.next == index && layout.awaiting.is_none() {
                layout.cursor = layout.cursor + shift;
                layout.next += 1;
                if timed {
                    let cursor = layout.cursor;
                    layout.offsets.insert(next, cursor);
                    layout.awaiting = Some(next);
                }
            }
        }
    }

    fn gap_length(&mut self, id: Instance) -> Result<Time, Stop> {
        match self.property(id, "duration")? {
            Some(Value::Time(time)) => {
                let parent = self.node(id).parent;
                self.local(time, parent)
            }
            None => Err(Stop::Poison),
            Some(_) => Err(Stop::Unknown),
        }
    }

    /// How far a transition makes its neighbours overlap; zero where it joins nothing.
    pub(super) fn overlap(&mut self, id: Instance) -> Result<Time, Stop> {
        if self.neighbours(id).is_none() {
            return Ok(Time::ZERO);
        }
        let longest = match self.property(id, "duration")? {
            Some(Value::Time(time)) => {
                let parent = self.node(id).parent;
                self.local(time, parent)?
            }
            None => return Err(Stop::Poison),
            Some(_) => return Err(Stop::Unknown),
        };
        if !matches!(self.node(id).length_rule, LengthRule::UpTo) {
            return Ok(longest);
        }
        if let Some(length) = self.node(id).length {
            return length;
        }
        let overlap = self.guarded(Attribute::Overlap, id, |engine| engine.shortened(id, longest));
        if !matches!(overlap, Err(Stop::Pending(_))) {
            self.node_mut(id).length = Some(overlap);
        }
        overlap
    }

    /// `for up to D`: as much of D as both sides have. Transitions before it are served first; those
    /// after it only where their length is fixed.
    fn shortened(&mut self, id: Instance, longest: Time) -> Result<Time, Stop> {
        let Some((before, after)) = self.neighbours(id) else { return Ok(Time::ZERO) };
        let mut overlap = longest;
        if let Some(length) = self.own(before)? {
            let taken = match self.transition_before(before) {
                Some(other) => self.overlap(other)?,
                None => Time::ZERO,
            };
            overlap = overlap.min(length - taken);
        }
        if let Some(length) = self.own(after)? {
            let taken = match self.transition_after(after) {
                Some(other) if !matches!(self.node(other).length_rule, LengthRule::UpTo) => {
                    self.overlap(other)?
                }
                _ => Time::ZERO,
            };
            overlap = overlap.min(length - taken);
        }
        Ok(overlap.max(Time::ZERO))
    }

    /// The elements a transition joins, looked up through nested sequences; `None` when it joins none.
    pub(super) fn neighbours(&self, id: Instance) -> Option<(Instance, Instance)> {
        let siblings = &self.node(self.node(id).parent).children;
        let at = siblings.iter().position(|sibling| *sibling == id)?;
        let placed = |sibling: &&Instance| {
            matches!(
                self.node(**sibling).role,
                Role::Element | Role::Sequence | Role::Stack | Role::Gap | Role::Transition
            )
        };
        let before = siblings[..at].iter().rev().find(placed)?;
        let after = siblings[at + 1..].iter().find(placed)?;
        Some((self.edge_element(*before, false)?, self.edge_element(*after, true)?))
    }

    /// The element at the start or the end of an element or of nested sequences.
    fn edge_element(&self, id: Instance, first: bool) -> Option<Instance> {
        let node = self.node(id);
        match node.role {
            Role::Element => Some(id),
            Role::Sequence => {
                let placed = |child: &&Instance| !matches!(self.node(**child).role, Role::Marker);
                let edge = if first {
                    node.children.iter().find(placed)
                } else {
                    node.children.iter().rev().find(placed)
                };
                self.edge_element(*edge?, first)
            }
            _ => None,
        }
    }

    /// The transition that an element comes out of.
    pub(super) fn transition_before(&self, id: Instance) -> Option<Instance> {
        self.transition_beside(id, false)
    }

    /// The transition that an element goes into.
    pub(super) fn transition_after(&self, id: Instance) -> Option<Instance> {
        self.transition_beside(id, true)
    }

    fn transition_beside(&self, id: Instance, after: bool) -> Option<Instance> {
        let parent = self.node(id).parent;
        if self.node(parent).role != Role::Sequence {
            return None;
        }
        let siblings = &self.node(parent).children;
        let at = siblings.iter().position(|sibling| *sibling == id)?;
        let placed = |sibling: &&Instance| !matches!(self.node(**sibling).role, Role::Marker);
        let beside = if after {
            siblings[at + 1..].iter().find(placed)
        } else {
            siblings[..at].iter().rev().find(placed)
        };
        match beside {
            Some(beside) if self.node(*beside).role == Role::Transition => Some(*beside),
            Some(_) => None,
            // The edge of a nested sequence: the transition may be outside of it.
            None => self.transition_beside(parent, after),
        }
    }

    /// The length of a child that has none of its own: its share of what the others leave.
    pub(super) fn share_in_sequence(&mut self, sequence: Instance, child: Instance) -> Result<Time, Stop> {
        let (rest, shares) = match self.node(sequence).layout.rest {
            Some(known) => known,
            None => {
                let computed = self.rest_of_sequence(sequence)?;
                self.node_mut(sequence).layout.rest = Some(computed);
                computed
            }
        };
        if rest <= Time::ZERO {
            let place = self.node(child).place.clone();
            let message = format!("nothing is left for {}", self.called(child));
            let missing = shown(-rest);
            let report = Report::error(Code::EmptyRange, &place, message)
                .label("fills what the others leave")
                .help(format!("the others need {missing} more than the sequence has, make it longer"));
            return Err(self.stop(report));
        }
        let share = self.share(child);
        Ok(rest * (share.checked_div(shares).unwrap_or(Rational::ONE)))
    }

    fn share(&self, id: Instance) -> Rational {
        match self.node(id).length_rule {
            LengthRule::Share(share) => share,
            _ => Rational::ONE,
        }
    }

    fn rest_of_sequence(&mut self, id: Instance) -> Result<(Time, Rational), Stop> {
        let mut rest = self.length(id)?;
        let mut shares = Rational::ZERO;
        for child in self.node(id).children.clone() {
            match self.node(child).role {
                Role::Transition => rest = rest + self.overlap(child)?,
                Role::Gap => rest = rest - self.gap_length(child)?,
                role if role.is_timed() => match self.own(child)? {
                    Some(length) => rest = rest - length,
                    None => shares = shares + self.share(child),
                },
                _ => {}
            }
        }
        Ok((rest, shares))
    }
}
