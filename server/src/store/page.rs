//! Lists in pages, newest first.

use serde::{Serialize, Serializer, ser::SerializeStruct};

/// Which part of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageRequest {
    /// Most rows.
    pub limit: u32,
    /// Only what is older than the thing of this id; `None` for the newest.
    pub before: Option<String>,
}

impl PageRequest {
    /// Rows where the caller does not say.
    pub const DEFAULT_LIMIT: u32 = 50;
    /// Most rows a caller may ask for.
    pub const MAX_LIMIT: u32 = 100;

    /// The newest rows, as many as usual.
    pub const fn first() -> Self {
        Self { limit: Self::DEFAULT_LIMIT, before: None }
    }

    /// Asks the database for one row more, which says whether there are more.
    pub(super) fn probe(&self) -> i64 {
        i64::from(self.limit.min(Self::MAX_LIMIT)) + 1
    }

    /// What the ids have to be below. All ids of ours are below `z`, in any language's order.
    pub(super) fn below(&self) -> &str {
        self.before.as_deref().unwrap_or("z")
    }
}

/// Part of a list. On the wire `data`, `next_cursor` and `has_more`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page<T> {
    /// The rows, newest first.
    pub rows: Vec<T>,
    /// Where the next part starts; `None` at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page of rows that were asked for with one more than wanted.
    pub(super) fn of(mut rows: Vec<T>, request: &PageRequest, id: impl Fn(&T) -> &str) -> Self {
        let wanted = usize::try_from(request.limit.min(PageRequest::MAX_LIMIT)).unwrap_or(usize::MAX);
        let is_more = rows.len() > wanted;
        rows.truncate(wanted);
        let next = rows.last().filter(|_| is_more).map(|row| id(row).to_owned());
        Self { rows, next }
    }

    /// The same page of other things.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { rows: self.rows.into_iter().map(change).collect(), next: self.next }
    }
}

impl<T: Serialize> Serialize for Page<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut page = serializer.serialize_struct("Page", 3)?;
        page.serialize_field("data", &self.rows)?;
        page.serialize_field("next_cursor", &self.next)?;
        page.serialize_field("has_more", &self.next.is_some())?;
        page.end()
    }
}
