//! The host of the compiler: gives it sources and facts, and takes timelines and diagnostics.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use vid_compiler::{
    Code, CompileRequest, Compiled, Compiler, CompositionInfo, Diagnostic, DiskSystem, Label, MediaProblem,
    MediaProblemKind, MediaReference, MediaTrouble, Severity, SourceId,
};
use vid_runtime::media::MediaError;
use vid_timeline::{Element, Origin};

use crate::arguments::CompositionArguments;
use crate::intake;
use crate::output;

/// What is done with media that are addresses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Addresses {
    /// They are left to whoever fetches them; nothing is known about them.
    Accepted,
    /// They cannot be used, because they are not on this machine.
    Refused,
}

/// One source with everything it reads.
pub struct Project {
    compiler: Compiler,
    source: SourceId,
    path: PathBuf,
    is_stdin: bool,
}

impl Project {
    /// Opens the source at `path`, or takes `text` in place of its content. What is wrong with the
    /// source, even that it is missing, comes as diagnostics.
    pub fn open(path: &Path, text: Option<&str>) -> Self {
        let mut compiler = Compiler::new(DiskSystem);
        // Standard input lies in the current folder, as far as the paths in it are concerned.
        let is_stdin = output::is_dash(path);
        let path = if is_stdin { PathBuf::from("<stdin>") } else { path.to_owned() };
        let source = match text {
            Some(text) => compiler.set_text(&path, text),
            None => compiler.open(&path),
        };
        Self { compiler, source, path, is_stdin }
    }

    /// The source, as its path was given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the source came from standard input.
    pub const fn is_stdin(&self) -> bool {
        self.is_stdin
    }

    /// The source, as diagnostics name it.
    pub fn known_path(&self) -> &Path {
        self.compiler.path(self.source)
    }

    /// The folder that paths in the source start from, as the compiler writes them.
    pub fn folder(&self) -> &Path {
        self.known_path().parent().unwrap_or(Path::new(""))
    }

    /// Makes a timeline, and says what is wrong.
    pub fn compile(&mut self, arguments: &CompositionArguments, addresses: Addresses) -> Compiled {
        let request = CompileRequest {
            composition: arguments.composition.clone(),
            params: arguments.parameters.clone(),
        };
        self.look_at_media(|compiler, source| compiler.media_references(source, &request), addresses);
        self.compiler.compile(self.source, &request)
    }

    /// The composition that the arguments mean, if there is one.
    pub fn chosen(&self, arguments: &CompositionArguments) -> Option<CompositionInfo> {
        let composition = arguments.composition.clone();
        self.compiler.chosen(self.source, &CompileRequest { composition, params: Vec::new() })
    }

    /// Files that the compositions of the source depend on, the source first.
    pub fn dependencies(&self) -> Vec<PathBuf> {
        self.compiler.dependencies(self.source)
    }

    /// Says what is wrong with every composition of the source.
    pub fn check(&mut self, trouble: MediaTrouble) -> Vec<Diagnostic> {
        self.look_at_media(Compiler::checked_media, Addresses::Accepted);
        self.compiler.check(self.source, trouble)
    }

    /// Puts the facts about every medium that is `named` into the compiler. Facts can lead to further media (a
    /// length that decides between two), so this goes on until nothing new is asked for.
    fn look_at_media(
        &mut self,
        named: impl Fn(&Compiler, SourceId) -> Vec<MediaReference>,
        addresses: Addresses,
    ) {
        let mut known = BTreeSet::new();
        loop {
            let locations =
                named(&self.compiler, self.source).into_iter().map(|reference| reference.location);
            let new: Vec<String> = locations.filter(|location| known.insert(location.clone())).collect();
            if new.is_empty() {
                return;
            }
            for location in new {
                if !is_address(&location) {
                    let facts = intake::probe(Path::new(&location)).map_err(|error| problem_of(&error));
                    self.compiler.set_media_facts(&location, facts);
                } else if addresses == Addresses::Refused {
                    let message = "it is an address, and only local files are rendered".to_owned();
                    let problem = MediaProblem { kind: MediaProblemKind::Unreadable, message };
                    self.compiler.set_media_facts(&location, Err(problem));
                }
            }
        }
    }

    /// The text of a source, for showing its lines.
    pub fn text_of(&self, path: &Path) -> Option<String> {
        self.compiler.text_of(path)
    }

    /// The text of the source itself; `None` when it could not be read.
    pub fn own_text(&self) -> Option<String> {
        self.text_of(self.known_path())
    }

    /// Takes `text` in place of the source's content.
    pub fn set_text(&mut self, text: &str) {
        self.source = self.compiler.set_text(&self.path, text);
    }

    /// A text whose font cannot be used, as a diagnostic at the text. The families that can be named
    /// are those of this machine.
    pub fn diagnostic_of_font(&self, text: &Element, message: String) -> Diagnostic {
        self.error(Code::UnknownValue, text.origin, message)
    }

    /// Characters of a text that no font of this machine has, as a warning at the text.
    pub fn diagnostic_of_glyphs(&self, text: &Element, message: String) -> Diagnostic {
        let error = self.error(Code::MissingGlyph, text.origin, message);
        Diagnostic { severity: Severity::Warning, ..error }
    }

    fn error(&self, code: Code, origin: Option<Origin>, message: String) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            message,
            primary: self.label_of(origin),
            secondary: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    /// A place in the source or in a file it imports; the beginning of the source when there is none.
    pub fn label_of(&self, origin: Option<Origin>) -> Label {
        let range = origin.map_or(0..0, |origin| origin.start as usize..origin.end as usize);
        let path = origin.and_then(|origin| self.compiler.path_of(origin)).unwrap_or(self.known_path());
        Label { path: path.to_owned(), range, message: String::new() }
    }
}

fn is_address(location: &str) -> bool {
    location.starts_with("http://") || location.starts_with("https://")
}

pub fn problem_of(error: &MediaError) -> MediaProblem {
    let kind = match error {
        MediaError::NotFound { .. } => MediaProblemKind::Missing,
        MediaError::NoSuchStream { .. } => MediaProblemKind::NoStream,
        _ => MediaProblemKind::Unreadable,
    };
    MediaProblem { kind, message: reason_of(error) }
}

/// What is wrong with a file, without its name, which the compiler says already.
fn reason_of(error: &MediaError) -> String {
    match error {
        MediaError::Unreadable { reason, .. } => reason.clone(),
        MediaError::Empty { .. } => "the file is empty (0 bytes)".to_owned(),
        MediaError::NotMedia { reason, .. } => format!("it is no media file: {reason}"),
        MediaError::Truncated { reason, .. } => format!("it is incomplete: {reason}"),
        MediaError::NoSuchStream { kind, .. } => format!("it has no {} stream", kind.name()),
        MediaError::Unsupported { what, .. } => format!("it uses {what}, which is not supported"),
        MediaError::LimitExceeded { what, value, limit, .. } => {
            format!("it is over a limit: {what} {value}, at most {limit} accepted")
        }
        MediaError::Damaged { at, reason, .. } => format!("it is damaged at {:.3} s: {reason}", at.to_f64()),
        _ => error.to_string(),
    }
}
