//! Motion presets, hung on the edge they belong to.

use std::fmt::Write as _;

use vid_timeline::{Easing, Motion, MotionScope, TimeRange};

use super::literal::time;

/// A motion of an element that is there for `record`: `enter slide_up for 400ms ease_out`.
pub(super) fn statement(motion: &Motion, record: TimeRange) -> String {
    let range = motion.record_range;
    let directions = motion.kind.directions(motion.scope);
    let only_leaves = directions.exit && !directions.entrance;
    let begins = range.start == record.start;
    let ends = range.end == record.end;
    // What lasts longer than its element belongs to neither edge: the film has cut the element off.
    let fits = range.duration() <= record.duration();
    let mut properties = Vec::new();
    let (keyword, clauses) = if directions.repeats && motion.repeats && begins && ends && !motion.reversed {
        ("loop", String::new())
    } else if motion.reversed && ends && fits && !motion.repeats && !directions.repeats {
        ("exit", format!(" for {}", time(range.duration())))
    } else if !motion.reversed && begins && fits && !motion.repeats && !directions.repeats {
        ("enter", format!(" for {}", time(range.duration())))
    } else {
        ("motion", placed(motion, record))
    };
    let is_reversed = keyword == "exit" || only_leaves;
    if motion.reversed && !is_reversed {
        properties.push("reversed: true".to_owned());
    }
    if motion.repeats != (directions.repeats || keyword == "loop") {
        properties.push(format!("loop: {}", motion.repeats));
    }
    if motion.scope != MotionScope::Element {
        properties.push(format!("scope: {}", motion.scope));
    }
    if !motion.delay.is_zero() {
        properties.push(format!("delay: {}", time(motion.delay)));
    }
    let mut text = format!("{keyword} {}{clauses}", motion.kind);
    if motion.easing != Easing::EaseInOut {
        let _ = write!(text, " {}", motion.easing);
    }
    if !properties.is_empty() {
        text.push_str(&super::block(&properties));
    }
    text
}

/// Clauses that say when it runs, counted from the start of its element.
fn placed(motion: &Motion, record: TimeRange) -> String {
    let range = motion.record_range;
    let mut clauses = String::new();
    if range.start != record.start {
        let _ = write!(clauses, " at {}", time(range.start - record.start));
    }
    if range.end != record.end || range.start != record.start {
        let _ = write!(clauses, " for {}", time(range.duration()));
    }
    clauses
}
