//! What is doubtful about the cues of captions.
//!
//! A file may have hundreds of cues with the same fault, all of which stand at one place of the
//! source; so each kind of doubt is said once, with the first cue that has it and the number of the
//! others.

use std::collections::BTreeMap;

use vid_timeline::{Rational, Time};

use crate::diagnostics::{Code, Place, Report};
use crate::eval::{Cue, Instance, Value};
use crate::schedule::cues::{letter_count, letters_per_second};
use crate::schedule::engine::Engine;
use crate::schedule::position::position;
use crate::schedule::result::Placed;
use crate::schedule::time::{amount, more, shown};

impl Engine<'_> {
    /// What is doubtful about cues, whatever film they stand in. Each kind of doubt is said once, with
    /// the first cue that has it and the number of the others.
    pub(super) fn check_cues(&mut self, id: Instance, cues: &[&Cue], file: &str) {
        let place = self.place_of(id, "source_url");
        let empty: Vec<&&Cue> = cues.iter().filter(|cue| cue.text.trim().is_empty()).collect();
        if let Some(first) = empty.first() {
            let message = format!(
                "the caption at line {} of `{file}` is empty{}",
                first.line,
                others(empty.len(), "is", "are")
            );
            self.reports.push(Report::warning(Code::CaptionEmpty, &place, message));
        }
        self.check_overlaps(cues, file, &place);
        let limit = match self.property(id, "reading_speed") {
            Ok(Some(Value::Number(limit))) => limit,
            _ => return,
        };
        let fast: Vec<&&Cue> = cues.iter().filter(|cue| letters_per_second(cue) > limit).collect();
        if let Some(first) = fast.first() {
            let speed = letters_per_second(first).ceil();
            let needed = Rational::integer(letter_count(first)).checked_div(limit).unwrap_or_default();
            let lacks = more(Time::from_seconds(needed) - (first.end - first.start), self.rate);
            let message = format!(
                "the caption at line {} of `{file}` is too fast to read{}: {speed} letters a second, where {limit} are fine",
                first.line,
                others(fast.len(), "is", "are")
            );
            let report = Report::warning(Code::ReadingSpeed, &place, message).label(format!("needs {lacks}"));
            self.reports.push(report.help("show it longer, say it shorter, or set `reading_speed`"));
        }
        let mut unknown =
            cues.iter().filter_map(|cue| Some((cue, position(&cue.settings).refused.first()?.clone())));
        if let Some((cue, setting)) = unknown.next() {
            let count = unknown.count();
            let more = match count {
                0 => String::new(),
                1 => ", nor what is said at one other cue".to_owned(),
                count => format!(", nor what is said at {count} others"),
            };
            let message = format!("`{setting}` at line {} of `{file}` is not followed{more}", cue.line);
            let report = Report::warning(Code::CaptionPosition, &place, message);
            self.reports.push(
                report
                    .help("positions in percent are: `line:80%`, `position:50%`, `size:60%`, `align:start`"),
            );
        }
    }

    /// Cues that are shown over each other.
    fn check_overlaps(&mut self, cues: &[&Cue], file: &str, place: &Place) {
        let mut order: Vec<&Cue> = cues.to_vec();
        order.sort_by_key(|cue| cue.start);
        let apart = |a: &Cue, b: &Cue| position(&a.settings).fields != position(&b.settings).fields;
        let mut longest: Option<&Cue> = None;
        let mut found: Vec<(&Cue, &Cue)> = Vec::new();
        for cue in order {
            if let Some(before) = longest.filter(|before| before.end > cue.start && !apart(before, cue)) {
                found.push((before, cue));
            }
            longest = Some(longest.filter(|before| before.end >= cue.end).unwrap_or(cue));
        }
        let Some((before, after)) = found.first() else { return };
        let overlap = amount(before.end - after.start, self.rate);
        let more = others(found.len(), "does", "do");
        let message = format!(
            "the caption at line {} of `{file}` begins {overlap} before the one at line {} is gone{more}",
            after.line, before.line
        );
        let report = Report::warning(Code::CaptionOverlap, place, message);
        self.reports.push(report.label("both are shown in the same place"));
    }

    /// Cues that the film has no time for.
    pub(super) fn check_tracks(&mut self, placed: &mut [Placed], index: &BTreeMap<Instance, usize>) {
        for track in std::mem::take(&mut self.tracks) {
            let mut lost = Vec::new();
            for (text, line) in &track.texts {
                let Some(placed) = index.get(text).and_then(|index| placed.get_mut(*index)) else { continue };
                placed.cue = Some(*line);
                if placed.visible.is_none() {
                    lost.push((*line, placed.range));
                }
            }
            // A cue that does not fit is several texts.
            lost.dedup_by_key(|(line, _)| *line);
            let Some((line, range)) = lost.first() else { continue };
            let Ok(end) = self.end(track.node) else { continue };
            let place = self.place_of(track.node, "source_url");
            let called = self.called(track.node);
            let message = match lost.len() {
                1 => format!("the caption of {called} at line {line} of its file is never seen"),
                count => format!(
                    "{count} captions of {called} are never seen, the first is at line {line} of its file"
                ),
            };
            let label = format!("starts at {}", shown(range.start));
            let around = self.node(self.node(track.node).parent).place.clone();
            let report = Report::warning(Code::CaptionOutside, &place, message).label(label);
            self.reports.push(report.also(&around, format!("the captions end at {}", shown(end))));
        }
    }
}

/// The rest of a number of things: `, and so are 3 others`.
fn others(count: usize, is: &str, are: &str) -> String {
    match count {
        0 | 1 => String::new(),
        2 => format!(", and so {is} one other"),
        count => format!(", and so {are} {} others", count - 1),
    }
}
