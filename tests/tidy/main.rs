//! Rules of the house that a machine can check: sizes of files, arrows between crates, manual pages.

mod arrows;
mod editors;
mod files;
mod manual;
mod sources;
