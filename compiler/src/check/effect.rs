//! Settings of an effect that it does not have.

use crate::diagnostics::{Code, Report};
use crate::eval::Value;
use crate::schedule::{AttachedRole, Scheduled};

/// The ranges of `chroma_key` on another effect.
pub(super) fn check(scheduled: &Scheduled, reports: &mut Vec<Report>) {
    let attached = scheduled
        .elements
        .iter()
        .filter(|element| !element.is_checked)
        .flat_map(|element| element.attached.iter());
    for (_, properties, _) in attached.filter(|(role, _, _)| matches!(role, AttachedRole::Effect)) {
        let Some(Value::Word(kind)) = properties.get("type") else { continue };
        if &**kind == "chroma_key" {
            continue;
        }
        let key_only = |name: &str| ["hue_", "sat_", "lum_"].iter().any(|prefix| name.starts_with(prefix));
        for (name, _, place) in properties.said().filter(|(name, _, _)| key_only(name)) {
            let message = format!("`{name}` belongs to `chroma_key`, not to `{kind}`");
            reports.push(Report::error(Code::ExclusiveProperties, place, message));
        }
    }
}
