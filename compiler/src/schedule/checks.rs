//! What can only be said with the tree at hand: transitions between their neighbours, names, starts.

use std::collections::BTreeMap;
use std::sync::Arc;

use vid_timeline::{Rational, Time};

use crate::diagnostics::{Code, Place, Report};
use crate::eval::Instance;
use crate::schedule::engine::{Engine, ROOT};
use crate::schedule::media::MediaUse;
use crate::schedule::result::instance;
use crate::schedule::time::{amount, more, shown};
use crate::schedule::tree::{BindingKind, LengthRule, Role, ScopeId};
use crate::types::MediaKinds;

impl Engine<'_> {
    /// Whether a transition stands between two pictures that are long enough.
    pub(super) fn check_transition(&mut self, id: Instance) {
        let place = self.node(id).place.clone();
        let siblings = self.node(self.node(id).parent).children.clone();
        let at = siblings.iter().position(|sibling| *sibling == id).unwrap_or_default();
        let placed = |engine: &Self, sibling: &Instance| engine.node(*sibling).role != Role::Marker;
        let before = siblings[..at].iter().rev().find(|sibling| placed(self, sibling)).copied();
        let after = siblings[at + 1..].iter().find(|sibling| placed(self, sibling)).copied();
        let (Some(before), Some(after)) = (before, after) else {
            let side = if before.is_none() { "start" } else { "end" };
            let message = format!(
                "transitions at the {side} of a sequence are part of the language, but not of this version"
            );
            let help = if before.is_none() { "enter" } else { "exit" };
            let report = Report::error(Code::UnsupportedYet, &place, message);
            self.stop(report.help(format!("write `{help} fade for 500ms` in the element instead")));
            return;
        };
        for (neighbour, side) in [(before, "before"), (after, "after")] {
            match self.node(neighbour).role {
                Role::Transition if side == "before" => {
                    let first = self.node(neighbour).place.clone();
                    let message = "two transitions stand side by side";
                    let report =
                        Report::error(Code::TransitionAdjacent, &place, message).label("the second one");
                    self.stop(
                        report.also(&first, "the first one").help("put an element between them, or keep one"),
                    );
                    return;
                }
                Role::Transition => return,
                Role::Gap => {
                    let gap = self.node(neighbour).place.clone();
                    let message = format!("this transition joins nothing: a gap stands {side} it");
                    let report = Report::error(Code::TransitionMisplaced, &place, message);
                    self.stop(report.also(&gap, "the gap"));
                    return;
                }
                Role::Stack => {
                    let message =
                        "transitions with a `stack` are part of the language, but not of this version";
                    self.stop(Report::error(Code::UnsupportedYet, &place, message));
                    return;
                }
                _ => {}
            }
        }
        let Some((from, to)) = self.neighbours(id) else {
            let message =
                "this transition joins nothing: a sequence beside it does not begin or end with an element";
            self.stop(Report::error(Code::TransitionMisplaced, &place, message));
            return;
        };
        for neighbour in [from, to] {
            if self.node(neighbour).kind.field("opacity").is_none() {
                let sound = self.node(neighbour).place.clone();
                let called = self.called(neighbour);
                let message = format!("a transition joins two pictures, and {called} is sound");
                let report = Report::error(Code::TransitionMisplaced, &place, message).also(&sound, "sound");
                self.stop(report.help("use `fade_out_duration` and `fade_in_duration`"));
                return;
            }
        }
        self.check_overlap(id, from, to);
    }

    fn check_overlap(&mut self, id: Instance, from: Instance, to: Instance) {
        let Ok(overlap) = self.overlap(id) else { return };
        let place = self.node(id).place.clone();
        for (side, other) in [(from, self.transition_before(from)), (to, self.transition_after(to))] {
            let Ok(length) = self.length(side) else { return };
            let called = self.called(side);
            let element = self.node(side).place.clone();
            if overlap > length {
                let missing = more(overlap - length, self.rate);
                let message = format!("the transition is too long: {called} needs {missing}");
                let report = Report::error(Code::TransitionTooLong, &place, message)
                    .label(format!("takes {} from both sides", shown(overlap)))
                    .also(&element, format!("lasts {}", shown(length)));
                self.stop(report.help(format!(
                    "make the transition at most {}, or write `for up to {}s`",
                    shown(length),
                    overlap.seconds()
                )));
                return;
            }
            // Said once, at the later of the two.
            let Some(other) = other.filter(|other| *other < id) else { continue };
            let Ok(taken) = self.overlap(other) else { return };
            if taken + overlap > length {
                let missing = more(taken + overlap - length, self.rate);
                let message =
                    format!("the transitions of {called} are too long together: it needs {missing}");
                let first = self.node(other).place.clone();
                let report = Report::error(Code::TransitionTooLong, &place, message)
                    .label(format!("takes {}", shown(overlap)))
                    .also(&first, format!("takes {}", shown(taken)))
                    .also(&element, format!("lasts {}", shown(length)));
                self.stop(report.help("shorten one of them, or write `for up to` in the later one"));
                return;
            }
        }
        if overlap <= Time::ZERO && matches!(self.node(id).length_rule, LengthRule::UpTo) {
            let message = "nothing is left for this transition: the one before it takes all";
            self.stop(Report::error(Code::TransitionTooLong, &place, message));
        }
    }

    /// An element that begins before the film does.
    pub(super) fn check_start(&mut self, id: Instance, start: Time) {
        let parent = self.node(id).parent;
        let already = parent != ROOT && self.start(parent).is_ok_and(Time::is_negative);
        // In a sequence only a transition that is too long leads there, and that is said already.
        let in_order = self.node(parent).role == Role::Sequence;
        if !start.is_negative() || already || in_order {
            return;
        }
        let place = self.node(id).assigned.get("time").map(|said| said.place.clone());
        let place = place.unwrap_or_else(|| self.node(id).place.clone());
        let message = format!("{} starts {} before the film", self.called(id), amount(-start, self.rate));
        self.stop(Report::error(Code::OutOfRange, &place, message));
    }

    /// Two markers of one name.
    pub(super) fn check_markers(&mut self) {
        let mut seen: BTreeMap<(Instance, Arc<str>), Place> = BTreeMap::new();
        for index in 0..self.nodes.len() {
            let node = self.node(instance(index));
            let (Role::Marker, Some(name)) = (node.role, node.name.clone()) else { continue };
            let place = Place { node: name.node, ..node.place.clone() };
            let key = (self.home(instance(index)), name.text.clone());
            match seen.get(&key) {
                Some(first) if *first != place => {
                    let message = format!("two markers are called `{}`", name.text);
                    let report = Report::error(Code::DuplicateName, &place, message).label("the second one");
                    self.stop(report.also(&first.clone(), "the first one"));
                }
                _ => {
                    seen.insert(key, place);
                }
            }
        }
    }

    /// Computes every value of every block, so that a wrong one is reported even where it is not used.
    pub(super) fn check_lets(&mut self) {
        for scope in 0..self.scopes.len() {
            let lets: Vec<(Arc<str>, Place)> = self.scopes[scope]
                .names
                .iter()
                .filter(|(_, binding)| matches!(binding.kind, BindingKind::Let { .. }))
                .map(|(name, binding)| (name.clone(), binding.place.clone()))
                .collect();
            for (name, place) in lets {
                // What is wrong is reported on the way; the value is of no use here.
                let _ = self.binding_value(ScopeId(scope), &name, &place);
            }
        }
    }

    /// A colour look-up table: a file that is read, but no media.
    pub(super) fn use_lut(&mut self, path: &str, place: &Place) {
        let location = self.location(path);
        self.media.push(MediaUse { location, kinds: MediaKinds::default(), place: place.clone() });
    }

    /// Motions that do not fit into their element.
    pub(super) fn check_motion(&mut self, id: Instance) {
        if !matches!(self.node(id).role, Role::Motion(_)) {
            return;
        }
        let parent = self.node(id).parent;
        let duration = match self.property(id, "duration") {
            Ok(Some(crate::eval::Value::Time(time))) => time,
            _ => return,
        };
        let (Ok(duration), Ok(length)) = (self.local(duration, parent), self.length(parent)) else { return };
        if duration.seconds() > length.seconds() && length.seconds() > Rational::ZERO {
            let place = self.node(id).assigned.get("duration").map(|said| said.place.clone());
            let place = place.unwrap_or_else(|| self.node(id).place.clone());
            let element = self.node(parent).place.clone();
            let message = format!(
                "{} takes {}, but {} lasts {}",
                self.called(id),
                shown(duration),
                self.called(parent),
                shown(length)
            );
            let report = Report::error(Code::OutOfRange, &place, message);
            self.stop(report.also(&element, format!("lasts {}", shown(length))));
        }
    }
}
