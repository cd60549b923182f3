//! Children one after another: offsets, overlaps, and what is left for those without a length.

use vid_timeline::{Rational, Time};

use crate::diagnostics::{Code, Report};
use crate::eval::{Instance, Stop, Value};
use crate::schedule::engine::Engine;
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
            // Only transitions that are longer than what they join leave nothing, and those are reported.
            None if determined && any && self.joins_anything(id) => Err(Stop::Poison),
            None => Ok(None),
        }
    }

    /// Whether a transition stands among the children of a sequence.
    fn joins_anything(&self, id: Instance) -> bool {
        self.node(id).children.iter().any(|child| self.node(*child).role == Role::Transition)
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
