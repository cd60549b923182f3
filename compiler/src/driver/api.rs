//! [`Compiler`] and what it takes and gives.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use salsa::Setter;
use vid_timeline::{FrameRate, MediaFacts, Origin, Size, Timeline};

use crate::check::{composition_reports, file_reports};
use crate::diagnostics::{Code, Diagnostic, Label, Report, Severity};
use crate::driver::STACK_BYTES;
use crate::driver::ahead::reading_ahead;
use crate::driver::prelude::{LIBRARY, PRELUDE};
use crate::driver::translate::{Translator, with_origins};
use crate::files::{
    CompilerDatabase, Db, EventHook, FileId, MediaProblem, MediaState, Sharing, SourceFile, SourceText,
    System, is_address,
};
use crate::items::{Composition, ItemDef, ItemKind, NodeId};
use crate::lower::lower;
use crate::resolve::{file_scope, placed_compositions, reachable_files};
use crate::schedule::{MediaUse, Mode, Request, schedule, standalone_lets};
use crate::types::MediaKinds;

/// A source file that the compiler knows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SourceId(FileId);

/// Which composition to compile, with which values.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct CompileRequest {
    /// Name of the composition; `None` takes the only one, the one called `main`, or the only one that no
    /// other contains.
    pub composition: Option<String>,
    /// Values of parameters as text: strings and paths plain, everything else as an expression of the
    /// language. Of two values for one parameter the last one counts.
    pub params: Vec<(String, String)>,
}

/// What comes of compiling.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The film; present exactly when there is no error.
    pub timeline: Option<Arc<Timeline>>,
    /// Everything there is to say, in the order of the source.
    pub diagnostics: Vec<Diagnostic>,
    /// Files the film depends on, the source first: local media, look-up tables, pictures.
    pub dependencies: Vec<PathBuf>,
}

/// A composition as a host shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CompositionInfo {
    /// Its name.
    pub name: String,
    /// Pixels of its canvas, if the header says so.
    pub size: Option<Size>,
    /// Its rate, if the header says so.
    pub frame_rate: Option<FrameRate>,
    /// Its parameters, in order.
    pub parameters: Vec<ParameterInfo>,
    /// Where its name stands.
    pub label: Label,
}

/// A parameter as a host shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParameterInfo {
    /// Its name.
    pub name: String,
    /// Its type as written, if it is.
    pub ty: Option<String>,
    /// Its default as written, if it has one.
    pub default: Option<String>,
}

/// A media file that a source names and that a host should probe.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MediaReference {
    /// A local path as resolved against the source, or a URL; the key for [`Compiler::set_media_facts`].
    pub location: String,
    /// What it may be.
    pub kinds: MediaKinds,
    /// Where it is named.
    pub label: Label,
}

/// How problems with media count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MediaTrouble {
    /// As warnings: the text may be right, and the files come later.
    Warns,
    /// As errors: what is checked is about to be rendered.
    Fails,
}

/// The compiler. Keeps what it has computed, so asking again after an edit is cheap.
pub struct Compiler {
    pub(super) db: CompilerDatabase,
    pub(super) stack: StackUse,
}

/// Which stack analysis runs on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum StackUse {
    /// That of a thread made for it.
    Fresh,
    /// That of the thread that asks, which is large enough.
    Own,
}

impl SourceId {
    pub(super) const fn of(file: FileId) -> Self {
        Self(file)
    }
}

impl Compiler {
    /// A compiler that reads files through `system`.
    pub fn new(system: impl System + 'static) -> Self {
        Self::with_events(system, None)
    }

    /// A compiler that tells `events` about each query that runs.
    pub(crate) fn with_events(system: impl System + 'static, events: Option<EventHook>) -> Self {
        let db = CompilerDatabase::new(system, PRELUDE, LIBRARY, events);
        Self { db, stack: StackUse::Fresh }
    }

    /// The same compiler, with placed compositions computed so.
    pub fn with_sharing(self, sharing: Sharing) -> Self {
        Self { db: self.db.with_sharing(sharing), ..self }
    }

    /// Reads a source file, again if it is known. A file that cannot be read is known too; asking about
    /// it gives a diagnostic. What it imports, and the data it names, are read when they are first asked
    /// for; see [`Self::reload`].
    pub fn open(&mut self, path: impl AsRef<Path>) -> SourceId {
        let file = self.db.open(path.as_ref());
        SourceId(file.id(&self.db))
    }

    /// Reads a file again, if it is known as a source, as an import or as data. For hosts that hear of
    /// changes on disk.
    pub fn reload(&mut self, path: impl AsRef<Path>) {
        self.db.reload(path.as_ref());
    }

    /// Puts in the text of a file, in place of what is on disk.
    pub fn set_text(&mut self, path: impl AsRef<Path>, text: &str) -> SourceId {
        let file = self.db.set_text(path.as_ref(), SourceText::Text(Arc::from(text)));
        SourceId(file.id(&self.db))
    }

    /// Puts in the text of a file with its tree, which is made once for the compiler and whoever shares it.
    pub fn set_tree(&mut self, path: impl AsRef<Path>, tree: Arc<vid_grammar::SharedParse>) -> SourceId {
        let file = self.db.set_tree(path.as_ref(), tree);
        SourceId(file.id(&self.db))
    }

    /// The path under which a file is known.
    pub fn path(&self, file: SourceId) -> &Path {
        self.source(file).path(&self.db)
    }

    /// The text of a file; `None` when it is no text.
    pub fn text(&self, file: SourceId) -> Option<Arc<str>> {
        match self.source(file).text(&self.db) {
            SourceText::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// The text of a file of that path, for showing lines of it; also of the bundled ones.
    pub fn text_of(&self, path: &Path) -> Option<String> {
        let file = self.db.known_source(path).or_else(|| self.db.bundled(path))?;
        match file.text(&self.db) {
            SourceText::Text(text) => Some(text.to_string()),
            _ => None,
        }
    }

    /// The path of the file that an origin of a timeline is in.
    pub fn path_of(&self, origin: Origin) -> Option<&Path> {
        self.db.file(FileId(origin.file)).map(|file| &**file.path(&self.db))
    }

    /// Says what is known about a media file: its facts, or why it cannot be used.
    pub fn set_media_facts(&mut self, location: &str, facts: Result<MediaFacts, MediaProblem>) {
        let state = match facts {
            Ok(facts) => MediaState::Facts(Arc::new(facts)),
            Err(problem) => MediaState::Problem(problem),
        };
        self.set_media_state(location, state);
    }

    pub(super) fn set_media_state(&mut self, location: &str, state: MediaState) {
        let media = self.db.media(location);
        if *media.state(&self.db) != state {
            media.set_state(&mut self.db).to(state);
        }
    }

    /// The compositions of a file, in order.
    pub fn compositions(&self, file: SourceId) -> Vec<CompositionInfo> {
        self.on_stack(|db| {
            let file = source_in(db, file);
            let translator = Translator::new(db);
            let text = match file.text(db) {
                SourceText::Text(text) => text.clone(),
                _ => return Vec::new(),
            };
            let scope = file_scope(db, file);
            let compositions = scope.compositions.iter().filter_map(|(name, def)| {
                let ItemKind::Composition(composition) = &def.item(db).kind else { return None };
                Some(composition_info(name, *def, composition, &text, db, &translator))
            });
            compositions.collect()
        })
    }

    /// The media files to probe before compiling, each place that names one; of all compositions when
    /// the request does not choose one.
    pub fn media_references(&self, file: SourceId, request: &CompileRequest) -> Vec<MediaReference> {
        self.references(file, |db, file| used_media(db, file, request))
    }

    /// The media files to probe before checking: those of all compositions, parameters without values left
    /// open.
    pub fn checked_media(&self, file: SourceId) -> Vec<MediaReference> {
        self.references(file, media_of_all)
    }

    fn references(
        &self,
        file: SourceId,
        used: impl FnOnce(&CompilerDatabase, SourceFile) -> Vec<MediaUse> + Send,
    ) -> Vec<MediaReference> {
        self.on_file(file, |db, file| {
            let translator = Translator::new(db);
            let mut references: Vec<MediaReference> = Vec::new();
            for used in used(db, file) {
                if used.kinds.iter().next().is_none() {
                    continue;
                }
                let reference = MediaReference {
                    location: used.location.clone(),
                    kinds: used.kinds,
                    label: translator.label(&used.place, String::new()),
                };
                if !references.contains(&reference) {
                    references.push(reference);
                }
            }
            references
        })
    }

    /// Everything there is to say about a file and all its compositions, in the order of the source.
    pub fn check(&self, file: SourceId, trouble: MediaTrouble) -> Vec<Diagnostic> {
        self.on_file(file, |db, file| {
            let translator = Translator::new(db);
            let mut diagnostics = translator.syntax(file);
            let mut reports: Vec<Report> = file_reports(db, file).to_vec();
            imported(db, file, &translator, &mut diagnostics, &mut reports);
            let request = Request::new(db, Mode::Check, Vec::new());
            let placed = placed_compositions(db, file);
            for (name, def) in &file_scope(db, file).compositions {
                // A part of a film is as long as the film makes it, and what has no canvas may be one.
                let open = placed.contains(name) || !has_canvas(&def.item(db).kind);
                let found = composition_reports(db, *def, request).iter();
                reports
                    .extend(found.filter(|report| !(open && report.code == Code::UnboundedLength)).cloned());
            }
            if trouble == MediaTrouble::Warns {
                reports.iter_mut().filter(|report| is_media_trouble(report.code)).for_each(|report| {
                    report.severity = Severity::Warning;
                });
            }
            translator.add(&mut diagnostics, &reports);
            diagnostics
        })
    }

    /// Compiles one composition of a file.
    pub fn compile(&self, file: SourceId, request: &CompileRequest) -> Compiled {
        self.on_file(file, |db, file| compile(db, file, request))
    }

    /// The composition that a request means; `None` where [`Self::compile`] says why there is none.
    pub fn chosen(&self, file: SourceId, request: &CompileRequest) -> Option<CompositionInfo> {
        let chosen = self.on_stack(|db| {
            let def = choose(db, source_in(db, file), request).ok()?;
            def.item(db).name.as_ref().map(|name| name.text.to_string())
        })?;
        self.compositions(file).into_iter().find(|composition| composition.name == chosen)
    }

    /// Files that the compositions of a source depend on, the source first: what it imports, data,
    /// local media, look-up tables, pictures.
    pub fn dependencies(&self, file: SourceId) -> Vec<PathBuf> {
        self.on_stack(|db| {
            let file = source_in(db, file);
            let mut dependencies = Dependencies { paths: vec![file.path(db).clone()] };
            dependencies.add_sources(db, file);
            let request = Request::new(db, Mode::Check, Vec::new());
            for (_, def) in &file_scope(db, file).compositions {
                dependencies.add_media(&schedule(db, *def, request).media);
            }
            dependencies.paths
        })
    }

    fn source(&self, file: SourceId) -> SourceFile {
        source_in(&self.db, file)
    }

    /// Runs an analysis of a file and what it imports.
    fn on_file<T: Send>(
        &self,
        file: SourceId,
        work: impl FnOnce(&CompilerDatabase, SourceFile) -> T + Send,
    ) -> T {
        self.on_stack(|db| {
            let file = source_in(db, file);
            reading_ahead(db, file, |db| work(db, file))
        })
    }

    /// Runs an analysis on a thread of its own, with a stack of known size.
    pub(super) fn on_stack<T: Send>(&self, work: impl FnOnce(&CompilerDatabase) -> T + Send) -> T {
        if self.stack == StackUse::Own {
            return work(&self.db);
        }
        let db = self.db.clone();
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new()
                .name("analysis".to_owned())
                .stack_size(STACK_BYTES)
                .spawn_scoped(scope, move || work(&db))
                .expect("the system has room for one more thread");
            match thread.join() {
                Ok(value) => value,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }
}

/// Whether a composition says what it is shown on, as a film does.
fn has_canvas(item: &ItemKind) -> bool {
    matches!(item, ItemKind::Composition(film) if film.size.is_some() || !film.named.is_empty())
}

pub(super) fn source_in(db: &CompilerDatabase, file: SourceId) -> SourceFile {
    db.file(file.0).expect("a source id is only made for a file that was added, and files stay")
}

const fn is_media_trouble(code: Code) -> bool {
    matches!(
        code,
        Code::MediaMissing
            | Code::MediaUnreadable
            | Code::MediaWrongKind
            | Code::MediaNoStream
            | Code::MediaTooShort
    )
}

fn composition_info<'db>(
    name: &str,
    def: ItemDef<'db>,
    composition: &Composition,
    text: &str,
    db: &'db CompilerDatabase,
    translator: &Translator<'_>,
) -> CompositionInfo {
    let written = |node: NodeId| {
        let range = def.ranges(db).get(node.0 as usize)?;
        text.get(usize::from(range.start())..usize::from(range.end())).map(str::to_owned)
    };
    let item = def.item(db);
    let name_node = item.name.as_ref().map_or(item.node, |name| name.node);
    CompositionInfo {
        name: name.to_owned(),
        size: composition.size.map(|(size, _)| size),
        frame_rate: composition.rate.map(|(rate, _)| rate),
        parameters: composition
            .params
            .iter()
            .map(|param| ParameterInfo {
                name: param.name.text.to_string(),
                ty: param.ty.as_ref().and_then(|ty| written(ty.node)),
                default: param.default.as_ref().and_then(|default| written(default.node)),
            })
            .collect(),
        label: translator.label(&item.place.at(name_node), String::new()),
    }
}

/// The composition a request means, or why there is none.
fn choose<'db>(
    db: &'db CompilerDatabase,
    file: SourceFile,
    request: &CompileRequest,
) -> Result<ItemDef<'db>, (Code, String)> {
    let scope = file_scope(db, file);
    let names =
        || scope.compositions.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match (&request.composition, scope.compositions.as_slice()) {
        (_, []) => Err((Code::NoComposition, "this file has no composition to render".to_owned())),
        (Some(name), _) => scope.composition(name).ok_or_else(|| {
            (
                Code::UnknownComposition,
                format!("there is no composition `{name}` here, there are {}", names()),
            )
        }),
        (None, [(_, only)]) => Ok(*only),
        (None, all) => scope.composition("main").or_else(|| the_film(db, file, all)).ok_or_else(|| {
            let message = format!("this file has several compositions, choose one of {}", names());
            (Code::UnknownComposition, message)
        }),
    }
}

/// The only composition that no other contains.
fn the_film<'db>(
    db: &'db CompilerDatabase,
    file: SourceFile,
    all: &[(Arc<str>, ItemDef<'db>)],
) -> Option<ItemDef<'db>> {
    let placed = placed_compositions(db, file);
    let mut films = all.iter().filter(|(name, _)| !placed.contains(name));
    match (films.next(), films.next()) {
        (Some((_, film)), None) => Some(*film),
        _ => None,
    }
}

fn used_media(db: &CompilerDatabase, file: SourceFile, request: &CompileRequest) -> Vec<MediaUse> {
    match choose(db, file, request) {
        Ok(def) => {
            let request = Request::new(db, Mode::Compile, request.params.clone());
            schedule(db, def, request).media.clone()
        }
        Err(_) => media_of_all(db, file),
    }
}

/// The media of all compositions of a file.
fn media_of_all(db: &CompilerDatabase, file: SourceFile) -> Vec<MediaUse> {
    let request = Request::new(db, Mode::Check, Vec::new());
    let compositions = &file_scope(db, file).compositions;
    compositions.iter().flat_map(|(_, def)| schedule(db, *def, request).media.clone()).collect()
}

fn compile(db: &CompilerDatabase, file: SourceFile, request: &CompileRequest) -> Compiled {
    let translator = Translator::new(db);
    let mut diagnostics = translator.syntax(file);
    let mut reports: Vec<Report> = file_reports(db, file).to_vec();
    imported(db, file, &translator, &mut diagnostics, &mut reports);
    let mut dependencies = Dependencies { paths: vec![file.path(db).clone()] };
    dependencies.add_sources(db, file);
    let readable = matches!(file.text(db), SourceText::Text(_));
    let chosen = match choose(db, file, request) {
        Ok(def) => Some(def),
        Err((code, message)) => {
            if readable && (diagnostics.is_empty() || code == Code::UnknownComposition) {
                diagnostics.push(translator.whole_file(file, code, message));
            }
            None
        }
    };
    let mut timeline = None;
    if let Some(def) = chosen {
        let request = Request::new(db, Mode::Compile, request.params.clone());
        reports.extend(composition_reports(db, def, request).iter().cloned());
        dependencies.add_media(&schedule(db, def, request).media);
        translator.add(&mut diagnostics, &reports);
        let failed = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        if let Some(lowered) = lower(db, def, request).as_ref().filter(|_| !failed) {
            let film = with_origins(lowered, &translator);
            match vid_timeline::validate::validate(&film) {
                Ok(()) => timeline = Some(Arc::new(film)),
                Err(errors) => {
                    let invalid = errors.iter().map(|error| translator.invalid(&film, lowered, error));
                    diagnostics.extend(invalid);
                }
            }
        }
    } else {
        translator.add(&mut diagnostics, &reports);
    }
    if timeline.is_none() && !diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        diagnostics.extend(chosen.into_iter().flat_map(|def| unknown_media(db, def, request, &translator)));
    }
    Compiled { timeline, diagnostics, dependencies: dependencies.paths }
}

/// What is wrong with the files that a file imports, since it cannot do without them: what is doubtful
/// about them is said where they are checked themselves.
fn imported(
    db: &CompilerDatabase,
    file: SourceFile,
    translator: &Translator<'_>,
    diagnostics: &mut Vec<Diagnostic>,
    reports: &mut Vec<Report>,
) {
    let in_circle = reports.iter().any(|report| report.code == Code::ImportCycle);
    for other in reachable_files(db, file).iter().filter(|other| **other != file) {
        // One that cannot be read is reported where it is imported.
        if other.origin(db) == crate::files::Origin::Author && matches!(other.text(db), SourceText::Text(_)) {
            diagnostics.extend(translator.syntax(*other));
            let found = file_reports(db, *other).iter();
            let is_wrong = |report: &&Report| report.severity == Severity::Error;
            // A circle that the file is part of is said once.
            let said = |report: &&Report| report.code == Code::ImportCycle && in_circle;
            reports.extend(found.filter(is_wrong).filter(|report| !said(report)).cloned());
        }
    }
}

/// The files that a film depends on, each once.
struct Dependencies {
    paths: Vec<PathBuf>,
}

impl Dependencies {
    /// The files that a source imports, those that are not there too, and the data that they read.
    fn add_sources(&mut self, db: &CompilerDatabase, file: SourceFile) {
        self.add_media(&standalone_lets(db, file).media);
        for other in reachable_files(db, file) {
            if other.origin(db) == crate::files::Origin::Author {
                self.add(other.path(db));
                self.add_media(&standalone_lets(db, *other).media);
            }
        }
    }

    fn add_media(&mut self, media: &[MediaUse]) {
        for used in media.iter().filter(|used| !is_address(&used.location)) {
            self.add(Path::new(&used.location));
        }
    }

    fn add(&mut self, path: &Path) {
        if !self.paths.iter().any(|known| known == path) {
            self.paths.push(path.to_owned());
        }
    }
}

/// Why there is no timeline although nothing is wrong with the text: media that nobody has probed.
fn unknown_media<'db>(
    db: &'db CompilerDatabase,
    def: ItemDef<'db>,
    request: &CompileRequest,
    translator: &Translator<'_>,
) -> Vec<Diagnostic> {
    let request = Request::new(db, Mode::Compile, request.params.clone());
    let scheduled = schedule(db, def, request);
    let unprobed = scheduled.media.iter().filter(|used| {
        used.kinds.iter().next().is_some() && *db.media(&used.location).state(db) == MediaState::Unprobed
    });
    let mut reports: Vec<Report> = unprobed
        .map(|used| {
            let message = format!("`{}` has not been examined, so its length is not known", used.location);
            Report::error(Code::MediaUnreadable, &used.place, message)
        })
        .collect();
    if reports.is_empty() {
        let place = def.item(db).place.at(def.item(db).node);
        let message = "the times of this film depend on each other in a way that cannot be computed";
        reports.push(Report::error(Code::ReferenceCycle, &place, message));
    }
    let mut diagnostics = Vec::new();
    translator.add(&mut diagnostics, &reports);
    diagnostics
}
