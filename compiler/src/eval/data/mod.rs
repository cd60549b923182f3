//! Data files: tables, JSON, subtitles and plain text that a source reads while it is compiled.
//!
//! A data file is an input like a source: it is read once through the [`crate::System`], what is made
//! of it is remembered, and an edit runs again only what depends on it. Every file is bounded in size,
//! and everything that is wrong with one is said with the line of the file.

mod json;
mod subtitles;
mod table;

use std::sync::Arc;

use vid_timeline::Time;

use crate::eval::text::Text;
use crate::eval::value::{TimeValue, Value};
use crate::files::{DataFile, Db, SourceText};

pub(crate) use subtitles::{Cue, CueWord, SubtitleFormat, parse_subtitles, read_time};

/// What a data file is read as.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum DataKind {
    /// Rows below a row of names.
    Table,
    Json,
    Subtitles(SubtitleFormat),
    /// As it stands.
    Text,
}

/// Why a data file has no value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum DataProblem {
    /// There is no such file.
    Missing,
    /// It cannot be read; why, in words.
    Unreadable(String),
    /// It is not what it is read as.
    Malformed(Malformed),
}

/// The first thing in a data file that is not as it must be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Malformed {
    /// From 1.
    pub line: usize,
    /// What is wrong, as said of the line: `has 3 fields, the first row has 4`.
    pub message: String,
}

impl Malformed {
    pub(crate) fn at(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

impl DataKind {
    /// The function that reads it.
    pub(crate) fn of_function(name: &str) -> Option<Self> {
        Some(match name {
            "csv" => Self::Table,
            "json" => Self::Json,
            "srt" => Self::Subtitles(SubtitleFormat::Srt),
            "vtt" => Self::Subtitles(SubtitleFormat::Vtt),
            "text" => Self::Text,
            _ => return None,
        })
    }
}

/// The value of a data file.
#[salsa::tracked]
pub(crate) fn data_value(db: &dyn Db, file: DataFile, kind: DataKind) -> Arc<Result<Value, DataProblem>> {
    let location: Arc<str> = Arc::from(&*file.path(db).to_string_lossy());
    Arc::new(match kind {
        DataKind::Subtitles(format) => match &**subtitle_cues(db, file, format) {
            Ok(cues) => Ok(Value::List(Arc::new(cues.iter().map(|cue| cue_value(cue, &location)).collect()))),
            Err(problem) => Err(problem.clone()),
        },
        DataKind::Table => content(db, file)
            .and_then(|text| table::parse_table(text, &location).map_err(DataProblem::Malformed)),
        DataKind::Json => content(db, file)
            .and_then(|text| json::parse_json(text, &location).map_err(DataProblem::Malformed)),
        DataKind::Text => content(db, file)
            .map(|text| Value::Text(Text::in_data(text.strip_prefix('\u{feff}').unwrap_or(text), &location))),
    })
}

/// The cues of a subtitle file.
#[salsa::tracked]
pub(crate) fn subtitle_cues(
    db: &dyn Db,
    file: DataFile,
    format: SubtitleFormat,
) -> Arc<Result<Vec<Cue>, DataProblem>> {
    let cues =
        content(db, file).and_then(|text| parse_subtitles(text, format).map_err(DataProblem::Malformed));
    Arc::new(cues)
}

fn content(db: &dyn Db, file: DataFile) -> Result<&str, DataProblem> {
    match file.text(db) {
        SourceText::Text(text) => Ok(text),
        SourceText::Missing => Err(DataProblem::Missing),
        SourceText::NotUtf8(at) => {
            Err(DataProblem::Unreadable(format!("it is not UTF-8 text: byte {at} begins no character")))
        }
        SourceText::TooLarge(limit) => {
            let limit = limit / 1024;
            Err(DataProblem::Unreadable(format!("it has more than the {limit} KiB that are read")))
        }
        SourceText::Unreadable(why) => Err(DataProblem::Unreadable(why.clone())),
    }
}

/// A cue as a record. The times of its words count from the start of the cue, as those of a text's
/// `word_animation` count from the start of the text.
fn cue_value(cue: &Cue, location: &Arc<str>) -> Value {
    let time = |time: Time| Value::Time(TimeValue::length(time.seconds()));
    let text = |text: &str| Value::Text(Text::in_data(text, location));
    let words = cue.words.iter().map(|word| {
        record([
            ("text", text(&word.text)),
            ("start", time(word.start - cue.start)),
            ("end", time(word.end - cue.start)),
        ])
    });
    record([
        ("start", time(cue.start)),
        ("end", time(cue.end)),
        ("text", text(&cue.text)),
        ("words", Value::List(Arc::new(words.collect()))),
    ])
}

fn record<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Record(Arc::new(fields.into_iter().map(|(name, value)| (Arc::from(name), value)).collect()))
}
