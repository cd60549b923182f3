//! Transitions: what they join, how long they are, and where they lie.
//!
//! An *overlap* takes its length from both neighbours, and the sequence becomes that much shorter.
//! A transition *through* the cut leaves lengths alone: the part of its window that lies beyond the
//! cut shows material that the trim left out. At an end of a sequence there is one neighbour, which
//! comes from or goes to the background.

use vid_timeline::{Rational, Time, TimeRange};

use crate::eval::{Instance, Stop, Value};
use crate::schedule::engine::{Attribute, Engine};
use crate::schedule::tree::{LengthRule, Role};

/// The two sides of a transition; `None` is the background, on one side at most.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Sides {
    /// What leaves.
    pub from: Option<Instance>,
    /// What comes.
    pub to: Option<Instance>,
}

/// One side of a transition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    /// What leaves.
    From,
    /// What comes.
    To,
}

/// Parts of a transition's length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Reach {
    /// The part that lies inside of the neighbour's own range.
    pub inside: Rational,
    /// The part that lies beyond the cut.
    pub beyond: Rational,
}

/// Why a transition joins nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unjoined {
    /// The other transition.
    Adjacent(Instance),
    /// A gap before or after it.
    Gap(Instance, Side),
    /// A container whose edge is no element.
    Container(Instance),
    /// It stands alone.
    Alone,
}

impl Sides {
    /// The elements, with their sides.
    pub(super) fn elements(self) -> impl Iterator<Item = (Side, Instance)> {
        let from = self.from.map(|id| (Side::From, id));
        from.into_iter().chain(self.to.map(|id| (Side::To, id)))
    }
}

impl Reach {
    const WHOLE: Self = Self { inside: Rational::ONE, beyond: Rational::ZERO };
    const BEYOND: Self = Self { inside: Rational::ZERO, beyond: Rational::ONE };
}

impl Engine<'_> {
    /// How far a transition makes its neighbours overlap; zero where it joins nothing, and where it
    /// leaves lengths alone.
    pub(super) fn overlap(&mut self, id: Instance) -> Result<Time, Stop> {
        match self.sides(id) {
            Ok(Sides { from: Some(_), to: Some(_) }) if !self.is_through(id)? => self.window_length(id),
            _ => Ok(Time::ZERO),
        }
    }

    /// Whether a transition takes its material from beyond the cut.
    pub(super) fn is_through(&mut self, id: Instance) -> Result<bool, Stop> {
        match self.property(id, "through")? {
            Some(Value::Bool(through)) => Ok(through),
            None | Some(Value::None) => Ok(false),
            Some(_) => Err(Stop::Unknown),
        }
    }

    /// How much of a transition lies on which side of the cut, seen from one neighbour.
    pub(super) fn reach(&mut self, id: Instance, side: Side) -> Result<Reach, Stop> {
        if !self.is_through(id)? || !matches!(self.sides(id), Ok(Sides { from: Some(_), to: Some(_) })) {
            return Ok(Reach::WHOLE);
        }
        let align = match self.property(id, "align")? {
            Some(Value::Word(word)) => word,
            _ => return Err(Stop::Unknown),
        };
        Ok(match (&*align, side) {
            ("start", Side::From) | ("end", Side::To) => Reach::BEYOND,
            ("start", Side::To) | ("end", Side::From) => Reach::WHOLE,
            _ => Reach { inside: Rational::ratio(1, 2), beyond: Rational::ratio(1, 2) },
        })
    }

    /// How long a transition is.
    pub(super) fn window_length(&mut self, id: Instance) -> Result<Time, Stop> {
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
        let length = self.guarded(Attribute::Overlap, id, |engine| engine.shortened(id, longest));
        if !matches!(length, Err(Stop::Pending(_))) {
            self.node_mut(id).length = Some(length);
        }
        length
    }

    /// `for up to D`: as much of D as both sides have. Transitions before it are served first; those
    /// after it only where their length is fixed.
    fn shortened(&mut self, id: Instance, longest: Time) -> Result<Time, Stop> {
        let Ok(sides) = self.sides(id) else { return Ok(Time::ZERO) };
        let mut limit = longest;
        for (side, neighbour) in sides.elements() {
            let reach = self.reach(id, side)?;
            // Lengths that fill wait for this transition; whether it fits into them is checked later.
            let Some(length) = self.own(neighbour)? else { continue };
            if !reach.inside.is_zero() {
                let other = match side {
                    Side::From => self.transition_before(neighbour),
                    Side::To => self
                        .transition_after(neighbour)
                        .filter(|other| !matches!(self.node(*other).length_rule, LengthRule::UpTo)),
                };
                let taken = match other {
                    Some(other) => self.taken(other, side.opposite())?,
                    None => Time::ZERO,
                };
                limit = limit.min((length - taken) * per(reach.inside));
            }
            if !reach.beyond.is_zero()
                && let Some(handle) = self.handle(neighbour, side)?
            {
                limit = limit.min(handle * per(reach.beyond));
            }
        }
        Ok(limit.max(Time::ZERO))
    }

    /// How much of a neighbour's own range a transition takes.
    pub(super) fn taken(&mut self, id: Instance, side: Side) -> Result<Time, Stop> {
        if self.sides(id).is_err() {
            return Ok(Time::ZERO);
        }
        let reach = self.reach(id, side)?;
        Ok(self.window_length(id)? * reach.inside)
    }

    /// When a transition runs.
    pub(super) fn window(&mut self, id: Instance) -> Result<TimeRange, Stop> {
        let Ok(sides) = self.sides(id) else { return Err(Stop::Poison) };
        let length = self.window_length(id)?;
        let start = match sides {
            Sides { to: Some(to), from } => {
                let before = match from {
                    Some(_) if self.is_through(id)? => length * self.reach(id, Side::From)?.inside,
                    _ => Time::ZERO,
                };
                self.start(to)? - before
            }
            Sides { from: Some(from), to: None } => self.end(from)? - length,
            Sides { from: None, to: None } => return Err(Stop::Poison),
        };
        Ok(TimeRange::at(start, length))
    }

    /// The elements a transition joins, looked up through nested sequences.
    pub(super) fn sides(&self, id: Instance) -> Result<Sides, Unjoined> {
        let siblings = &self.node(self.node(id).parent).children;
        let at = siblings.iter().position(|sibling| *sibling == id).unwrap_or_default();
        let placed = |sibling: &&Instance| self.is_placed(**sibling);
        let before = siblings[..at].iter().rev().find(placed).copied();
        let after = siblings.get(at + 1..).unwrap_or_default().iter().find(placed).copied();
        let sides = Sides {
            from: before.map(|before| self.edge_element(before, Side::From)).transpose()?,
            to: after.map(|after| self.edge_element(after, Side::To)).transpose()?,
        };
        match sides {
            Sides { from: None, to: None } => Err(Unjoined::Alone),
            sides => Ok(sides),
        }
    }

    /// Whether a child of a sequence takes part in its order.
    fn is_placed(&self, id: Instance) -> bool {
        matches!(
            self.node(id).role,
            Role::Element | Role::Sequence | Role::Stack | Role::Gap | Role::Transition
        )
    }

    /// The element that a transition meets in a neighbour: itself, or the edge of nested sequences.
    fn edge_element(&self, id: Instance, side: Side) -> Result<Instance, Unjoined> {
        let mut at = id;
        loop {
            let node = self.node(at);
            match node.role {
                Role::Element => return Ok(at),
                Role::Transition => return Err(Unjoined::Adjacent(at)),
                Role::Gap => return Err(Unjoined::Gap(at, side)),
                // One picture, whatever is in it.
                Role::Stack => return Ok(at),
                Role::Sequence if self.is_unit(at) => return Ok(at),
                Role::Sequence => {}
                _ => return Err(Unjoined::Container(at)),
            }
            let placed = |child: &&Instance| self.is_placed(**child);
            let edge = match side {
                Side::From => node.children.iter().rev().find(placed),
                Side::To => node.children.iter().find(placed),
            };
            at = *edge.ok_or(Unjoined::Container(at))?;
        }
    }

    /// The transition that an element comes out of.
    pub(super) fn transition_before(&self, id: Instance) -> Option<Instance> {
        self.transition_beside(id, Side::To)
    }

    /// The transition that an element goes into.
    pub(super) fn transition_after(&self, id: Instance) -> Option<Instance> {
        self.transition_beside(id, Side::From)
    }

    /// The transition in which an element has that side.
    fn transition_beside(&self, id: Instance, side: Side) -> Option<Instance> {
        let mut at = id;
        loop {
            let parent = self.node(at).parent;
            if at == parent || self.node(parent).role != Role::Sequence {
                return None;
            }
            let siblings = &self.node(parent).children;
            let index = siblings.iter().position(|sibling| *sibling == at)?;
            let placed = |child: &&Instance| self.is_placed(**child);
            let beside = match side {
                Side::From => siblings[index + 1..].iter().find(placed),
                Side::To => siblings[..index].iter().rev().find(placed),
            };
            match beside {
                Some(beside) if self.node(*beside).role == Role::Transition => return Some(*beside),
                Some(_) => return None,
                // The edge of a nested sequence: the transition may be outside of it.
                None => at = parent,
            }
        }
    }
}

impl Side {
    pub(super) const fn opposite(self) -> Self {
        match self {
            Self::From => Self::To,
            Self::To => Self::From,
        }
    }
}

/// How long a whole is of which this part is one.
pub(super) fn per(part: Rational) -> Rational {
    Rational::ONE.checked_div(part).unwrap_or(Rational::ONE)
}
