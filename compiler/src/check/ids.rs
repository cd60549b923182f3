//! Ids of a render request that two elements would share.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostics::{Code, Place, Report};
use crate::eval::Value;
use crate::schedule::Scheduled;

/// An id that an element says must be that of no other. Those that places give differ by themselves.
pub(super) fn check(scheduled: &Scheduled, reports: &mut Vec<Report>) {
    let said = |id: Option<&Value>| match id {
        Some(Value::Text(text)) => Some(Arc::<str>::from(&**text)),
        _ => None,
    };
    let own: Vec<Option<Arc<str>>> =
        scheduled.elements.iter().map(|placed| said(placed.properties.get("id"))).collect();
    if own.iter().all(Option::is_none) {
        return;
    }
    let mut first: BTreeMap<&str, &Place> = BTreeMap::new();
    for (placed, own) in scheduled.elements.iter().zip(&own) {
        let id = own.as_deref().unwrap_or(&placed.id);
        let place = placed.properties.place("id").unwrap_or(&placed.place);
        if own.as_deref() == Some("") {
            reports.push(Report::error(Code::OutOfRange, place, "an id has at least one character"));
        } else if let Some(other) = first.insert(id, place) {
            let report =
                Report::error(Code::DuplicateName, place, format!("two elements have the id `{id}`"));
            reports.push(
                report
                    .also(other, "the other one")
                    .help("ids tell elements apart; leave `id` away, and each gets its own"),
            );
        }
    }
}
