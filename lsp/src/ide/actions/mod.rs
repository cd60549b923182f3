//! Changes an editor offers at a place, one file each.

mod extract;
mod import;
mod sequence;
mod time;

use std::ops::Range;

use crate::ide::{Change, Source};

pub use time::time_of;

/// A change that is offered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Action {
    /// What it does, as a command: `write 2s as frames`.
    pub title: String,
    /// What kind of change it is.
    pub kind: ActionKind,
    /// The changes of this source; they do not overlap.
    pub changes: Vec<Change>,
}

/// The kinds of actions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ActionKind {
    /// Mends something that is wrong.
    Fix,
    /// The same in another form.
    Rewrite,
    /// Moves something to a definition of its own.
    Extract,
}

/// What can be done with the part of a source that is selected; an empty one is a cursor.
pub fn actions(source: &Source<'_>, selected: &Range<usize>) -> Vec<Action> {
    let mut actions = import::missing_imports(source, selected);
    actions.extend(time::other_forms(source, selected.start));
    actions.extend(sequence::without_gap(source, selected.start));
    actions.extend(sequence::split(source, selected.start));
    actions.extend(extract::composition(source, selected));
    actions
}

#[cfg(test)]
mod tests;
