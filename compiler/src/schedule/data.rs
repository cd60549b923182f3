//! Data files: the film depends on each one it reads, also on those that are not there.

use std::path::Path;
use std::sync::Arc;

use crate::diagnostics::{Code, Place, Report};
use crate::eval::{Cue, DataKind, DataProblem, Stop, SubtitleFormat, Text, Value, data_value, subtitle_cues};
use crate::files::{DataFile, is_address};
use crate::schedule::MediaUse;
use crate::schedule::engine::Engine;
use crate::types::MediaKinds;

impl<'db> Engine<'db> {
    /// The value of a data file.
    pub(super) fn data(&mut self, kind: DataKind, path: &Text, place: &Place) -> Result<Value, Stop> {
        let file = self.data_file(path, place)?;
        match &**data_value(self.db, file, kind) {
            Ok(value) => Ok(value.clone()),
            Err(problem) => Err(self.data_stop(path, problem, place)),
        }
    }

    /// The cues of a subtitle file; what is wrong with it is reported.
    pub(super) fn cues(
        &mut self,
        path: &Text,
        format: SubtitleFormat,
        place: &Place,
    ) -> Result<&'db [Cue], Stop> {
        let file = self.data_file(path, place)?;
        let found: &'db Arc<Result<Vec<Cue>, DataProblem>> = subtitle_cues(self.db, file, format);
        match &**found {
            Ok(cues) => Ok(cues),
            Err(problem) => Err(self.data_stop(path, problem, place)),
        }
    }

    fn data_file(&mut self, path: &Text, place: &Place) -> Result<DataFile, Stop> {
        if is_address(path) {
            let message = format!("`{}` is an address, and data are read from files only", &**path);
            let report = Report::error(Code::DataUnreadable, place, message);
            return Err(self.stop(report.help("download it first, and name the file")));
        }
        // The film notes the files that it reads in the order in which it reads them.
        self.ask_around();
        let location = self.location(path);
        let file = self.db.data_at(Path::new(&location));
        let used = MediaUse { location, kinds: MediaKinds::default(), place: place.clone() };
        if !self.media.contains(&used) {
            self.media.push(used);
        }
        Ok(file)
    }

    fn data_stop(&mut self, path: &Text, problem: &DataProblem, place: &Place) -> Stop {
        let name = &**path;
        let report = match problem {
            DataProblem::Missing => {
                let location = self.location(path);
                let report = Report::error(Code::DataMissing, place, format!("`{name}` is not there"));
                report.label(format!("looked for at `{location}`"))
            }
            DataProblem::Unreadable(why) => {
                Report::error(Code::DataUnreadable, place, format!("`{name}` cannot be read: {why}"))
            }
            DataProblem::Malformed(malformed) => {
                let message = format!("line {} of `{name}` {}", malformed.line, malformed.message);
                Report::error(Code::DataMalformed, place, message)
            }
        };
        self.stop(report)
    }
}
