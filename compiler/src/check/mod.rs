//! Checks of a scheduled composition, one family a file.
//!
//! They read what scheduling found and say what is wrong or doubtful about it; they change nothing.

mod covered;
mod effect;
mod ids;
mod keyframes;
mod media;
mod motion;
mod output;
mod shape;
mod sound;
mod text;
mod unused;
mod visible;

use std::sync::Arc;

use crate::diagnostics::Report;
use crate::files::{Db, SourceFile};
use crate::items::{ItemDef, ItemKind, file_items};
use crate::resolve::{file_scope, import_reports, is_well_formed};
use crate::schedule::{Request, Scheduled, schedule, standalone_lets};
use crate::types::prelude_schema;

/// Everything there is to say about one composition.
#[salsa::tracked]
pub(crate) fn composition_reports<'db>(
    db: &'db dyn Db,
    def: ItemDef<'db>,
    request: Request<'db>,
) -> Arc<Vec<Report>> {
    let scheduled = schedule(db, def, request);
    let mut reports = scheduled.reports.clone();
    // What has been found to be right where a placed composition was computed is right here.
    covered::check(scheduled, &mut reports);
    effect::check(scheduled, &mut reports);
    ids::check(scheduled, &mut reports);
    keyframes::check(scheduled, &mut reports);
    media::check(db, scheduled, &mut reports);
    motion::check(prelude_schema(db), scheduled, &mut reports);
    output::check(scheduled, &mut reports);
    shape::check(scheduled, &mut reports);
    sound::check(scheduled, &mut reports);
    text::check(scheduled, &mut reports);
    visible::check(scheduled, &mut reports);
    let place = &def.item(db).place;
    if let ItemKind::Composition(composition) = &def.item(db).kind
        && db.file(place.file).is_some_and(|file| is_well_formed(db, file))
    {
        unused::check_composition(place, composition, &mut reports);
    }
    Arc::new(reports)
}

/// Whether those checks find nothing that look at one element after the other, and at nothing else.
/// They skip elements of which this is known.
pub(crate) fn finds_nothing(db: &dyn Db, scheduled: &Scheduled) -> bool {
    let mut reports = Vec::new();
    effect::check(scheduled, &mut reports);
    keyframes::check(scheduled, &mut reports);
    motion::check(prelude_schema(db), scheduled, &mut reports);
    shape::check(scheduled, &mut reports);
    text::check(scheduled, &mut reports);
    reports.is_empty()
}

/// Everything there is to say about a file apart from its compositions.
#[salsa::tracked]
pub(crate) fn file_reports(db: &dyn Db, file: SourceFile) -> Arc<Vec<Report>> {
    let mut reports = file_scope(db, file).reports.clone();
    reports.extend(import_reports(db, file).iter().cloned());
    let defs = &file_items(db, file).items;
    for def in defs {
        if !matches!(def.item(db).kind, ItemKind::Composition(_)) {
            reports.extend(def.item(db).reports.iter().cloned());
        }
    }
    reports.extend(standalone_lets(db, file).reports.iter().cloned());
    // In a file that is malformed, what uses a name may be what could not be read.
    if !is_well_formed(db, file) {
        return Arc::new(reports);
    }
    unused::check_lets(defs.iter().map(|def| &**def.item(db)), import_reports(db, file), &mut reports);
    Arc::new(reports)
}
