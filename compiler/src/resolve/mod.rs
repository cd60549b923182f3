//! The names of a file: its own items, and what it imports.
//!
//! A name belongs to the file that it is written in. [`find`] says what a word means there, and
//! [`member_of`] what an item of another file is; whoever asks depends on that one name alone. A scope
//! only knows *which* files its imports lead to, never what is in them, so files that import each
//! other make no circle of queries.

mod imports;
mod scope;

pub(crate) use imports::{
    exported_names, import_reports, import_target, imported_files, missing_report, private_report,
    reachable_files, removing, without,
};
pub(crate) use scope::{
    Found, Member, Name, file_scope, find, is_well_formed, member_of, placed_compositions,
};
