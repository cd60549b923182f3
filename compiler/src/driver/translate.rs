//! From reports with places to diagnostics with byte ranges, and origins for the timeline.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use vid_grammar::{SyntaxError, TextRange};
use vid_timeline::validate::Subject;
use vid_timeline::{Origin, Timeline, TimelineError};

use crate::diagnostics::{
    Applicability, Code, Diagnostic, Edit, Fix, Label, MAX_DIAGNOSTICS, Place, Report, Severity,
};
use crate::files::{CompilerDatabase, Db, FileId, SourceFile, SourceText};
use crate::items::{file_items, parse};
use crate::lower::Lowered;
use crate::types::UNIT_APART;

/// Knows where the nodes of items stand, for as long as no text changes.
pub(super) struct Translator<'db> {
    db: &'db CompilerDatabase,
    ranges: RefCell<BTreeMap<FileId, FileRanges>>,
}

/// The ranges of the nodes of each item of a file.
type FileRanges = BTreeMap<Arc<str>, Arc<Vec<TextRange>>>;

impl<'db> Translator<'db> {
    pub(super) fn new(db: &'db CompilerDatabase) -> Self {
        Self { db, ranges: RefCell::default() }
    }

    /// Bytes of a place in its file.
    fn range(&self, place: &Place) -> Range<usize> {
        let mut ranges = self.ranges.borrow_mut();
        let file = ranges.entry(place.file).or_insert_with(|| match self.db.file(place.file) {
            Some(file) => file_items(self.db, file)
                .items
                .iter()
                .map(|def| (def.key(self.db).clone(), def.ranges(self.db).clone()))
                .collect(),
            None => FileRanges::new(),
        });
        let range = file.get(&place.item).and_then(|nodes| nodes.get(place.node.0 as usize));
        range.map_or(0..0, |range| bytes(*range))
    }

    fn path(&self, file: FileId) -> PathBuf {
        self.db.file(file).map(|file| file.path(self.db).clone()).unwrap_or_default()
    }

    /// A place with what is said there.
    pub(super) fn label(&self, place: &Place, message: String) -> Label {
        Label { path: self.path(place.file), range: self.range(place), message }
    }

    fn origin(&self, place: &Place) -> Origin {
        let range = self.range(place);
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Origin { file: place.file.0, start: byte(range.start), end: byte(range.end) }
    }

    /// What is wrong with the form of a file, or with reading it at all.
    pub(super) fn syntax(&self, file: SourceFile) -> Vec<Diagnostic> {
        let path = file.path(self.db);
        let shown = path.display();
        let (code, message) = match file.text(self.db) {
            SourceText::Text(_) => {
                let errors = parse(self.db, file).as_ref().map_or(&[][..], |parse| parse.errors());
                return errors
                    .iter()
                    .take(MAX_DIAGNOSTICS)
                    .map(|error| self.syntax_error(path, error))
                    .collect();
            }
            SourceText::NotUtf8(at) => {
                (Code::NotUtf8, format!("`{shown}` is not UTF-8 text: byte {at} begins no character"))
            }
            SourceText::TooLarge(limit) => {
                let limit = limit / 1024;
                (Code::FileTooLarge, format!("`{shown}` has more than the {limit} KiB that are read"))
            }
            SourceText::Missing => {
                (Code::FileNotFound, format!("`{shown}` cannot be read: there is no such file"))
            }
            SourceText::Unreadable(why) => (Code::FileNotFound, format!("`{shown}` cannot be read: {why}")),
        };
        vec![self.whole_file(file, code, message)]
    }

    /// An error about a file as a whole.
    pub(super) fn whole_file(&self, file: SourceFile, code: Code, message: String) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            message,
            primary: Label { path: file.path(self.db).clone(), range: 0..0, message: String::new() },
            secondary: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    fn syntax_error(&self, path: &Path, error: &SyntaxError) -> Diagnostic {
        let label =
            |range: TextRange, message: String| Label { path: path.to_owned(), range: bytes(range), message };
        Diagnostic {
            // Every code of the grammar is in the registry, which a test checks.
            code: Code::from_text(error.code.as_str()).unwrap_or(Code::UnexpectedToken),
            severity: Severity::Error,
            message: error.message.clone(),
            primary: label(error.range, String::new()),
            secondary: error.related.iter().map(|(range, text)| label(*range, text.clone())).collect(),
            help: error.help.iter().cloned().collect(),
            fix: error.fix.as_ref().map(|fix| Fix {
                title: format!("write `{}`", fix.replacement),
                edits: vec![Edit {
                    path: path.to_owned(),
                    range: bytes(fix.range),
                    replacement: fix.replacement.clone(),
                }],
                applicability: Applicability::Safe,
            }),
        }
    }

    /// Adds reports to the diagnostics of the syntax: each once, in the order of the source, at most
    /// [`MAX_DIAGNOSTICS`]. A report about a place that is malformed anyway is left out.
    pub(super) fn add(&self, diagnostics: &mut Vec<Diagnostic>, reports: &[Report]) {
        let malformed: Vec<(PathBuf, Range<usize>)> =
            diagnostics.iter().map(|d| (d.primary.path.clone(), d.primary.range.clone())).collect();
        let left_open: Vec<(PathBuf, usize)> = diagnostics
            .iter()
            .filter(|d| d.code == Code::UnclosedBlock)
            .map(|d| (d.primary.path.clone(), d.primary.range.start))
            .collect();
        // A text that was not looked at whole says nothing about what is missing in it.
        let cut = diagnostics.iter().any(|d| matches!(d.code, Code::NestingTooDeep | Code::FileTooLarge));
        // Of what could not be read, nobody knows how long it would have been.
        let missing = reports.iter().any(|report| decides_structure(report.code));
        let echoes = |code| {
            cut || missing && code == Code::UnboundedLength
                || !malformed.is_empty()
                    && matches!(code, Code::UnboundedLength | Code::NeverVisible | Code::Unused)
        };
        // A number whose unit stands apart lacks none.
        let units: Vec<(PathBuf, usize)> = reports
            .iter()
            .filter(|report| report.help.iter().any(|help| help.starts_with(UNIT_APART)))
            .map(|report| self.diagnostic(report).primary)
            .map(|place| (place.path, place.range.start))
            .collect();
        let mut seen = BTreeSet::new();
        for report in reports.iter().filter(|report| !echoes(report.code)) {
            let diagnostic = self.diagnostic(report);
            let place = &diagnostic.primary;
            let lacks_unit = diagnostic.code == Code::WrongUnit;
            if lacks_unit
                && units.iter().any(|(path, next)| *path == place.path && self.leads_to(place, *next))
            {
                continue;
            }
            let echo = malformed.iter().any(|(path, range)| {
                *path == place.path
                    && (range.start < place.range.end && place.range.start < range.end
                        || is_about_the_rest(diagnostic.code) && self.leads_to(place, range.start))
            });
            // A block that was left open holds what should stand after it.
            let misread = is_about_the_rest(diagnostic.code) || is_about_the_block(diagnostic.code);
            let echo = echo
                || misread
                    && left_open
                        .iter()
                        .any(|(path, start)| *path == place.path && *start < place.range.start);
            // A wrong type is one thing to say, whichever way it was found.
            let code = if diagnostic.code == Code::WrongUnit { Code::WrongType } else { diagnostic.code };
            let key = (place.path.clone(), place.range.start, place.range.end, code);
            if !echo && seen.insert(key) {
                diagnostics.push(diagnostic);
            }
        }
        diagnostics.sort_by(|a, b| {
            let key = |d: &Diagnostic| (d.primary.path.clone(), d.primary.range.start, d.severity, d.code);
            key(a).cmp(&key(b))
        });
        let more = diagnostics.len().saturating_sub(MAX_DIAGNOSTICS);
        diagnostics.truncate(MAX_DIAGNOSTICS);
        if let Some(last) = diagnostics.last_mut().filter(|_| more > 0) {
            last.help.push(format!("{more} more messages are left out"));
        }
    }

    /// Whether nothing but spaces lies between the end of a place and what follows on its line.
    fn leads_to(&self, place: &Label, next: usize) -> bool {
        let source = self.db.known_source(&place.path);
        let text = source.map(|file| file.text(self.db).clone());
        let Some(SourceText::Text(text)) = text else { return false };
        text.get(place.range.end..next)
            .is_some_and(|between| between.chars().all(|c| matches!(c, ' ' | '\t')))
    }

    fn diagnostic(&self, report: &Report) -> Diagnostic {
        let (place, text) = &report.primary;
        Diagnostic {
            code: report.code,
            severity: report.severity,
            message: report.message.clone(),
            primary: self.label(place, text.clone()),
            secondary: report.secondary.iter().map(|(place, text)| self.label(place, text.clone())).collect(),
            help: report.help.clone(),
            fix: report.fix.as_ref().map(|fix| Fix {
                title: fix.title.clone(),
                edits: fix
                    .edits
                    .iter()
                    .map(|(place, replacement)| Edit {
                        path: self.path(place.file),
                        range: self.range(place),
                        replacement: replacement.clone(),
                    })
                    .collect(),
                applicability: fix.applicability,
            }),
        }
    }

    /// A broken invariant of the timeline that no check has said in the author's words.
    pub(super) fn invalid(&self, film: &Timeline, lowered: &Lowered, error: &TimelineError) -> Diagnostic {
        let element = error.element().and_then(|id| film.all_elements().position(|element| element.id == id));
        let place = match &error.subject {
            Subject::Output(index) => lowered.outputs.get(*index),
            Subject::Container(index) => lowered.containers.get(*index),
            _ => element.and_then(|index| lowered.elements.get(index)),
        };
        let place = place.or(lowered.containers.first());
        Diagnostic {
            code: Code::OutOfRange,
            severity: Severity::Error,
            message: error.to_string(),
            primary: match place {
                Some(place) => self.label(place, String::new()),
                None => Label { path: PathBuf::new(), range: 0..0, message: String::new() },
            },
            secondary: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }
}

/// Whether an error of this code is about what a statement or a value has, of which the rest was not
/// understood.
const fn is_about_the_rest(code: Code) -> bool {
    matches!(
        code,
        Code::MissingProperty | Code::WrongType | Code::WrongUnit | Code::UnknownName | Code::UnknownValue
    )
}

/// Whether an error of this code is about where something stands.
const fn is_about_the_block(code: Code) -> bool {
    matches!(code, Code::MisplacedStatement | Code::TransitionMisplaced | Code::UnknownProperty)
}

/// Whether an error of this code leaves out parts of a film.
const fn decides_structure(code: Code) -> bool {
    matches!(
        code,
        Code::DataMissing
            | Code::DataUnreadable
            | Code::DataMalformed
            | Code::ImportNotFound
            | Code::UnknownImport
            | Code::CompositionCycle
            | Code::TimeInStructure
    )
}

/// The timeline with the byte ranges its parts come from.
pub(super) fn with_origins(lowered: &Lowered, translator: &Translator<'_>) -> Timeline {
    let mut film = lowered.timeline.clone();
    for (container, place) in film.containers.iter_mut().zip(&lowered.containers) {
        container.origin = Some(translator.origin(place));
    }
    let mut places = lowered.elements.iter();
    film.for_each_element_mut(|element| element.origin = places.next().map(|place| translator.origin(place)));
    let mut places = lowered.transitions.iter();
    film.for_each_transition_mut(|transition| {
        transition.origin = places.next().map(|place| translator.origin(place));
    });
    for (marker, place) in film.markers.iter_mut().zip(&lowered.markers) {
        marker.origin = Some(translator.origin(place));
    }
    for (output, place) in film.outputs.iter_mut().zip(&lowered.outputs) {
        output.origin = Some(translator.origin(place));
    }
    film
}

fn bytes(range: TextRange) -> Range<usize> {
    usize::from(range.start())..usize::from(range.end())
}
