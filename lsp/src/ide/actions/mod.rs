//! Changes an editor offers at a place, one file each.

mod extract;
mod files;
mod gap;
mod import;
mod order;
mod split;
mod time;
mod unit;

use std::ops::Range;
use std::path::PathBuf;

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
    /// Writes something new.
    Generate,
}

/// What can be done with the part of a source that is selected; an empty one is a cursor. `files` are those
/// of the project.
pub fn actions(source: &Source<'_>, selected: &Range<usize>, files: &[PathBuf]) -> Vec<Action> {
    let mut actions = import::missing_imports(source, selected);
    actions.extend(files::instead_of_missing(source, selected.start, files));
    actions.extend(unit::right_units(source, selected.start));
    actions.extend(time::other_forms(source, selected.start));
    actions.extend(gap::without_gap(source, selected.start));
    actions.extend(split::split(source, selected.start));
    actions.extend(order::by_time(source, selected.start));
    actions.extend(extract::composition(source, selected));
    actions.extend(files::captions(source, selected.start, files));
    actions
}

#[cfg(test)]
mod tests;
