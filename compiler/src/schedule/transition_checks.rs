//! Whether a transition joins two pictures, and both of them have what it takes.

use vid_timeline::{FrameRate, Rational, Time};

use crate::diagnostics::{Applicability, Code, Report};
use crate::eval::Instance;
use crate::schedule::engine::Engine;
use crate::schedule::time::{more, shown};
use crate::schedule::transitions::{Side, Sides, Unjoined, per};
use crate::schedule::tree::LengthRule;

impl Engine<'_> {
    /// Says what is wrong with a transition; the first thing alone.
    pub(super) fn check_transition(&mut self, id: Instance) {
        let place = self.node(id).place.clone();
        let sides = match self.sides(id) {
            Ok(sides) => sides,
            Err(why) => return self.joins_nothing(id, why),
        };
        for (_, neighbour) in sides.elements() {
            if self.node(neighbour).kind.field("opacity").is_none() {
                let sound = self.node(neighbour).place.clone();
                let called = self.called(neighbour);
                let message = format!("a transition joins two pictures, and {called} is sound");
                let report = Report::error(Code::TransitionMisplaced, &place, message).also(&sound, "sound");
                self.stop(report.help("use `fade_out_duration` and `fade_in_duration`"));
                return;
            }
        }
        let both = matches!(sides, Sides { from: Some(_), to: Some(_) });
        if !both && self.is_through(id) == Ok(true) {
            let message =
                "this transition has no cut that it could go through: it stands at the end of its sequence";
            let at = self.node(id).assigned.get("through").map_or(place, |said| said.place.clone());
            let report = Report::error(Code::TransitionMisplaced, &at, message);
            self.stop(
                report.help("leave out `through`: the element comes from the background, or goes to it"),
            );
            return;
        }
        let said = self.node(id).assigned.get("align").map(|said| said.place.clone());
        if let (Some(at), Ok(false)) = (said, self.is_through(id)) {
            let message = "`align` says how a transition lies on the cut that it goes through";
            let report = Report::error(Code::ExclusiveProperties, &at, message);
            self.stop(
                report.help("write `through` in the header, or leave `align` out: an overlap has no cut"),
            );
        }
        self.check_room(id, sides);
    }

    fn joins_nothing(&mut self, id: Instance, why: Unjoined) {
        // What stands beside it may be what was reported already.
        if self.lacks_children.contains(&self.node(id).parent) {
            return;
        }
        let place = self.node(id).place.clone();
        let report = match why {
            Unjoined::Adjacent(other) => {
                // Said once, at the later of the two.
                if other > id && self.node(other).parent == self.node(id).parent {
                    return;
                }
                let first = self.node(other).place.clone();
                Report::error(Code::TransitionAdjacent, &place, "two transitions stand side by side")
                    .label("the second one")
                    .also(&first, "the first one")
                    .help("put an element between them, or keep one")
            }
            Unjoined::Gap(gap, side) => {
                let gap = self.node(gap).place.clone();
                let side = if side == Side::From { "before" } else { "after" };
                let message = format!("this transition joins nothing: a gap stands {side} it");
                Report::error(Code::TransitionMisplaced, &place, message).also(&gap, "the gap")
            }
            Unjoined::Container(container) => {
                let empty = self.node(container).place.clone();
                let message = "this transition joins nothing: the sequence beside it is empty";
                Report::error(Code::TransitionMisplaced, &place, message).also(&empty, "nothing is in it")
            }
            Unjoined::Alone => {
                let message = "this transition joins nothing: it stands alone in its sequence";
                Report::error(Code::TransitionMisplaced, &place, message)
                    .help("put an element before or after it")
            }
        };
        self.stop(report);
    }

    /// Both sides are long enough, with the transitions at their other ends, and have the material.
    fn check_room(&mut self, id: Instance, sides: Sides) {
        let Ok(window) = self.window_length(id) else { return };
        for (side, neighbour) in sides.elements() {
            let (Ok(length), Ok(reach)) = (self.length(neighbour), self.reach(id, side)) else { return };
            let inside = window * reach.inside;
            if inside > length {
                return self.too_long(id, neighbour, window, inside - length, length * per(reach.inside));
            }
            if !self.check_handle(id, side, neighbour) {
                return;
            }
            // Said once, at the later of the two.
            let other = match side {
                Side::From => self.transition_before(neighbour),
                Side::To => self.transition_after(neighbour),
            };
            let Some(other) = other.filter(|other| *other < id) else { continue };
            let Ok(taken) = self.taken(other, side.opposite()) else { return };
            if taken + inside > length {
                return self.too_long_together(id, other, neighbour, [taken, inside, length]);
            }
        }
        if window <= Time::ZERO && matches!(self.node(id).length_rule, LengthRule::UpTo) {
            let place = self.node(id).place.clone();
            let (message, help) = match self.is_through(id) {
                Ok(true) => (
                    "nothing is left for this transition: there is no material beyond the cut",
                    "trim the media so that something is left, or leave out `through`",
                ),
                _ => (
                    "nothing is left for this transition: the one before it takes all",
                    "shorten the one before it",
                ),
            };
            self.stop(Report::error(Code::TransitionTooLong, &place, message).help(help));
        }
    }

    fn too_long(&mut self, id: Instance, neighbour: Instance, window: Time, lacks: Time, longest: Time) {
        let place = self.node(id).place.clone();
        let element = self.node(neighbour).place.clone();
        let called = self.called(neighbour);
        let message = format!("the transition is too long: {called} needs {}", more(lacks, self.rate));
        let lasts = self.length(neighbour).map(shown).unwrap_or_default();
        let both = matches!(self.sides(id), Ok(Sides { from: Some(_), to: Some(_) }));
        let label = match (both, self.is_through(id)) {
            (true, Ok(false)) => format!("takes {} from both sides", shown(window)),
            _ => format!("takes {} of it", shown(lacks + self.length(neighbour).unwrap_or_default())),
        };
        let report = Report::error(Code::TransitionTooLong, &place, message)
            .label(label)
            .also(&element, format!("lasts {lasts}"))
            .help(format!(
                "make the transition at most {}, or write `for up to {}s`",
                shown(longest),
                window.seconds()
            ));
        let report = self.with_shorter(report, id, longest);
        self.stop(report);
    }

    fn too_long_together(
        &mut self,
        id: Instance,
        other: Instance,
        neighbour: Instance,
        [taken, inside, length]: [Time; 3],
    ) {
        let place = self.node(id).place.clone();
        let (first, element) = (self.node(other).place.clone(), self.node(neighbour).place.clone());
        let missing = more(taken + inside - length, self.rate);
        let called = self.called(neighbour);
        let message = format!("the transitions of {called} are too long together: it needs {missing}");
        let report = Report::error(Code::TransitionTooLong, &place, message)
            .label(format!("takes {}", shown(inside)))
            .also(&first, format!("takes {}", shown(taken)))
            .also(&element, format!("lasts {}", shown(length)));
        self.stop(report.help("shorten one of them, or write `for up to` in the later one"));
    }

    /// Whether a neighbour's media have what a transition shows from beyond the cut; if not, that is
    /// reported.
    fn check_handle(&mut self, id: Instance, side: Side, neighbour: Instance) -> bool {
        let (Ok(window), Ok(reach)) = (self.window_length(id), self.reach(id, side)) else { return true };
        let wanted = window * reach.beyond;
        let Ok(Some(handle)) = self.handle(neighbour, side) else { return true };
        if wanted <= handle || reach.beyond.is_zero() {
            return true;
        }
        let place = self.node(id).place.clone();
        let called = self.called(neighbour);
        let missing = more(wanted - handle, self.rate);
        let (fault, place_of_rest) = match side {
            Side::From => ("end too soon", "after it"),
            Side::To => ("begin too late", "before it"),
        };
        let what = if self.node(neighbour).role.is_container() { "the children" } else { "the media" };
        let message =
            format!("{what} of {called} {fault} for this transition through the cut: needs {missing}");
        let left = if handle.is_zero() { "nothing is".to_owned() } else { format!("{} are", shown(handle)) };
        let longest = handle * per(reach.beyond);
        let advice = if longest.is_zero() {
            "leave out `through`, so that the two overlap, or trim the media so that something is left"
                .to_owned()
        } else {
            let up_to = window.seconds();
            format!("make the transition at most {}, or write `for up to {up_to}s`", shown(longest))
        };
        let element = self.node(neighbour).place.clone();
        let report = Report::error(Code::HandleTooShort, &place, message)
            .label(format!("shows {} of {called} from beyond the cut", shown(wanted)))
            .also(&element, format!("{left} left of {what} {place_of_rest}"))
            .help(advice);
        let report = self.with_shorter(report, id, longest);
        self.stop(report);
        false
    }

    /// Offers the longest length that fits, where the length is written at the transition itself.
    fn with_shorter(&self, report: Report, id: Instance, longest: Time) -> Report {
        let said = self.node(id).assigned.get("duration").map(|said| said.place.clone());
        match (said, literal(longest, self.rate)) {
            (Some(place), Some(text)) => report.replace(&place, text, Applicability::Guess),
            _ => report,
        }
    }
}

/// A length as an author writes it, not longer than it is: seconds where they end soon, otherwise
/// whole frames; `None` when that is no frame.
pub(super) fn literal(length: Time, rate: FrameRate) -> Option<String> {
    let frames = (length.seconds() * rate.per_second()).floor();
    if frames < 1 || length.seconds() <= Rational::ZERO {
        return None;
    }
    match length.seconds().to_decimal().filter(|text| text.len() <= 6) {
        Some(text) => Some(format!("{text}s")),
        None => Some(format!("{frames}f")),
    }
}
