//! Strings, and where they are written.

use std::fmt;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use crate::files::{Db, FileId, SourceFile, location_from_source};

/// A string that remembers the file it is written in, because paths start from there, however far
/// the string has come since. Two strings are equal when their letters are.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    letters: Arc<str>,
    home: Option<Home>,
}

/// The file that a string is written in.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Home {
    /// A source.
    Source(FileId),
    /// A data file at this location.
    Data(Arc<str>),
}

impl Text {
    /// A string that is written in that source.
    pub(crate) fn in_source(letters: impl Into<Arc<str>>, file: FileId) -> Self {
        Self { letters: letters.into(), home: Some(Home::Source(file)) }
    }

    /// A string that is written in the data file at `location`.
    pub(crate) fn in_data(letters: impl Into<Arc<str>>, location: &Arc<str>) -> Self {
        Self { letters: letters.into(), home: Some(Home::Data(location.clone())) }
    }

    /// Other letters, written where these are.
    pub(crate) fn with(&self, letters: impl Into<Arc<str>>) -> Self {
        Self { letters: letters.into(), home: self.home.clone() }
    }

    /// Whether another string has the same letters and is written in the same file.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self == other && self.home == other.home
    }

    /// Where the file of that name lies: a URL stays as it is, a path starts at the folder of the
    /// file that the string is written in; for what comes from outside, such as a command line, at
    /// the folder of `root`.
    pub(crate) fn location(&self, db: &dyn Db, root: SourceFile) -> String {
        match &self.home {
            Some(Home::Data(location)) => location_from_source(Path::new(&**location), self),
            Some(Home::Source(id)) => {
                let file = db.file(*id).unwrap_or(root);
                location_from_source(file.path(db), self)
            }
            None => location_from_source(root.path(db), self),
        }
    }
}

/// A string from outside.
impl From<&str> for Text {
    fn from(letters: &str) -> Self {
        Self { letters: Arc::from(letters), home: None }
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.letters
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.letters == other.letters
    }
}

impl Eq for Text {}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.letters)
    }
}
