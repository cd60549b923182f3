//! A text whose tree is made once for everybody who reads it.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::parse::{Parse, parse};
use crate::reparse::reparse;

/// A text, and its tree once somebody has asked for it. May be shared between threads: one of them parses, the others
/// wait for it.
#[derive(Debug)]
pub struct SharedParse {
    text: Arc<str>,
    tree: OnceLock<Parse>,
    /// An earlier text with its tree, until the tree of this one is made.
    before: Mutex<Option<(Arc<str>, Parse)>>,
}

impl SharedParse {
    /// A text that nothing is known of.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), tree: OnceLock::new(), before: Mutex::default() }
    }

    /// A text that this one was made into by an edit: of its tree, only that is parsed which the edit can have changed.
    pub fn edited(&self, text: impl Into<Arc<str>>) -> Self {
        let known = || self.tree.get().map(|tree| (self.text.clone(), tree.clone()));
        // What this one would be made from goes only when its tree is there.
        let before = known().or_else(|| self.lock_before().clone()).or_else(known);
        Self { text: text.into(), tree: OnceLock::new(), before: Mutex::new(before) }
    }

    /// The text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Its tree.
    pub fn tree(&self) -> &Parse {
        if let Some(tree) = self.tree.get() {
            return tree;
        }
        let before = self.lock_before().clone();
        let tree = self.tree.get_or_init(|| match before {
            Some((was, tree)) => reparse(&tree, &was, &self.text),
            None => parse(&self.text),
        });
        *self.lock_before() = None;
        tree
    }

    fn lock_before(&self) -> MutexGuard<'_, Option<(Arc<str>, Parse)>> {
        self.before.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_lead_to_the_tree_of_their_text() {
        let first = SharedParse::new("let a = 1\n");
        let second = first.edited("let a = 2\n");
        // Nobody has asked for the tree of the second.
        let third = second.edited("let ab = 2\n");
        assert_eq!(third.tree(), &parse("let ab = 2\n"));
        assert_eq!(third.edited("let abc = 2").tree(), &parse("let abc = 2"));
        assert_eq!(first.tree(), &parse("let a = 1\n"));
        assert!(third.lock_before().is_none());
    }
}
