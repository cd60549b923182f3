//! The one owner of documents and compiler, and snapshots of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use tower_lsp::ls_types::{
    ClientCapabilities, DidChangeTextDocumentParams, DidChangeWatchedFilesParams, FileChangeType,
    TextDocumentItem, Uri,
};
use vid_compiler::{Compiler, Interrupt, MediaProblem, SourceId, System};
use vid_timeline::MediaFacts;

use crate::background::Probes;
use crate::capabilities::Client;
use crate::document::Document;
use crate::ide::Source;
use crate::pictures::Pictures;
use crate::position::Encoding;
use crate::progress::Tokens;
use crate::proto;

/// The documents at one moment.
pub type Documents = Arc<BTreeMap<PathBuf, Arc<Document>>>;

/// Everything that requests read.
pub struct World {
    compiler: Compiler,
    documents: Documents,
    /// Grows with each change of a text.
    revision: u64,
    /// What the client can do.
    pub client: Client,
    /// What the user has set.
    pub settings: Settings,
    /// The folders that are open.
    pub roots: Vec<PathBuf>,
    /// Work that is being shown to the client.
    pub shown: Tokens,
    /// Files of the project, sources and others.
    files: Arc<BTreeSet<PathBuf>>,
    /// Grows with each fact about media.
    media: u64,
    /// Pictures of frames.
    pub pictures: Arc<Pictures>,
    /// Media that somebody wants to know about.
    pub probes: Probes,
}

/// What answers depend on beside the question: the same for the same documents and media.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct State {
    /// Of the documents.
    pub revision: u64,
    /// Of what is known of media.
    pub media: u64,
}

/// What the user can set, as clients send it under `vid`.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Settings {
    /// Whether times are shown behind headers.
    pub hint_times: bool,
    /// Whether lengths are shown that follow from elsewhere.
    pub hint_lengths: bool,
    /// Whether pixels are shown behind relative sizes.
    pub hint_sizes: bool,
    /// Whether gaps are marked.
    pub hint_gaps: bool,
    /// Whether curves are shown behind the names of easings.
    pub hint_curves: bool,
    /// Whether lines are shown above definitions.
    pub lenses: bool,
    /// Whether hovers show frames; where nothing is said, to clients that see pictures.
    pub hover_pictures: Option<bool>,
    /// The commands that the client has; where nothing is said, those that every client of ours has.
    pub commands: Option<Vec<String>>,
}

/// Commands that a client is taken to have when it does not say which.
const USUAL_COMMANDS: [&str; 3] = ["vid.showReferences", "vid.render", "vid.preview"];

impl Settings {
    /// Whether the client has a command.
    pub fn has_command(&self, name: &str) -> bool {
        match &self.commands {
            Some(commands) => commands.iter().any(|known| known == name),
            None => USUAL_COMMANDS.contains(&name),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hint_times: true,
            hint_lengths: true,
            hint_sizes: true,
            hint_gaps: true,
            hint_curves: true,
            lenses: true,
            hover_pictures: None,
            commands: None,
        }
    }
}

/// The revision a request was asked on, with its documents.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// The revision.
    pub revision: u64,
    /// The documents of that revision.
    pub documents: Documents,
    /// The unit of columns.
    pub encoding: Encoding,
}

/// What requests read at one moment. While one exists, changes of documents wait for it.
pub struct Snapshot {
    /// The compiler.
    pub compiler: Compiler,
    /// The documents.
    pub documents: Documents,
    /// What the client can do.
    pub client: Client,
    /// What the user has set.
    pub settings: Settings,
    /// Files of the project.
    pub files: Arc<BTreeSet<PathBuf>>,
    /// The state that this is.
    pub state: State,
    /// Pictures of frames.
    pub pictures: Arc<Pictures>,
    /// Media that somebody wants to know about.
    pub probes: Probes,
}

/// The world, shared by everybody.
pub type Shared = Arc<Mutex<World>>;

/// The world, for as long as the guard lives.
pub fn lock(world: &Shared) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a file or folder of that name is no part of a project: hidden, or made and not written.
pub fn is_left_out(name: &str) -> bool {
    name.starts_with('.') || matches!(name, "target" | "node_modules" | "out")
}

impl World {
    /// A world that reads files through `system`.
    pub fn new(system: impl System + 'static) -> Self {
        Self {
            compiler: Compiler::new(system),
            documents: Documents::default(),
            revision: 0,
            client: Client::default(),
            settings: Settings::default(),
            roots: Vec::new(),
            shown: Tokens::default(),
            files: Arc::default(),
            media: 0,
            pictures: Arc::default(),
            probes: Probes::new(),
        }
    }

    /// Takes in what the client can do, and the folders it has open.
    pub fn initialize(&mut self, capabilities: &ClientCapabilities, roots: Vec<PathBuf>) {
        let has_virtual_documents = self.client.has_virtual_documents;
        self.client = Client { has_virtual_documents, ..Client::new(capabilities) };
        self.roots = roots;
    }

    /// What answers depend on now.
    pub const fn state(&self) -> State {
        State { revision: self.revision, media: self.media }
    }

    /// What a request that comes now must see.
    pub fn ticket(&self) -> Ticket {
        let documents = self.documents.clone();
        Ticket { revision: self.revision, documents, encoding: self.client.encoding }
    }

    /// What there is to read now; `None` where a request was asked on another revision.
    pub fn snapshot(&self, revision: Option<u64>) -> Option<(Snapshot, Interrupt)> {
        if revision.is_some_and(|revision| revision != self.revision) {
            return None;
        }
        let compiler = self.compiler.snapshot();
        let interrupt = compiler.interrupt();
        let (documents, files) = (self.documents.clone(), self.files.clone());
        let (client, settings) = (self.client, self.settings.clone());
        let (state, pictures, probes) = (self.state(), self.pictures.clone(), self.probes.clone());
        let snapshot = Snapshot { compiler, documents, client, settings, files, state, pictures, probes };
        Some((snapshot, interrupt))
    }

    /// Takes in what was found out about a media file.
    pub fn learn(&mut self, location: &str, facts: Result<MediaFacts, MediaProblem>) {
        self.media += 1;
        self.compiler.set_media_facts(location, facts);
    }

    /// Forgets what is known of media, so that they are looked into again.
    pub fn forget(&mut self, locations: &[String]) {
        self.media += 1;
        for location in locations {
            self.compiler.forget_media(location);
            self.probes.allow(location);
        }
    }

    /// Takes over a document from the disk.
    pub fn open(&mut self, document: TextDocumentItem) {
        let Some(path) = proto::path_of(&document.uri) else { return };
        let is_bundled = proto::is_bundled(&document.uri);
        let document = Document::new(path, document.version, document.text);
        // What is on disk is known, and what is bundled never changes: then opening it changes no answer.
        let is_known = || self.compiler.text_of(&document.path).is_some_and(|text| *text == *document.text);
        if is_bundled || is_known() {
            Arc::make_mut(&mut self.documents).insert(document.path.clone(), Arc::new(document));
        } else {
            self.put(document);
        }
    }

    /// Applies the changes of a document; those of one that is not open are nobody's.
    pub fn change(&mut self, params: DidChangeTextDocumentParams) {
        let uri = &params.text_document.uri;
        let Some(path) = proto::path_of(uri).filter(|_| !proto::is_bundled(uri)) else { return };
        let Some(document) = self.documents.get(&path) else { return };
        let version = params.text_document.version;
        let document = document.changed(version, params.content_changes, self.client.encoding);
        self.put(document);
    }

    fn put(&mut self, document: Document) {
        self.revision += 1;
        self.compiler.set_tree(&document.path, document.shared.clone());
        Arc::make_mut(&mut self.documents).insert(document.path.clone(), Arc::new(document));
    }

    /// Gives a document back to the disk.
    pub fn close(&mut self, uri: &Uri) {
        let Some(path) = proto::path_of(uri) else { return };
        Arc::make_mut(&mut self.documents).remove(&path);
        if !proto::is_bundled(uri) {
            let before = self.compiler.text_of(&path);
            self.compiler.reload(&path);
            // What is on disk is what it was: no answer is another one.
            self.revision += u64::from(self.compiler.text_of(&path) != before);
        }
    }

    /// Reads what has changed on disk. Documents of the client are not the disk's.
    pub fn disk_changed(&mut self, params: &DidChangeWatchedFilesParams) {
        for change in &params.changes {
            let Some(path) = proto::path_of(&change.uri) else { continue };
            self.file_changed(&path, change.typ == FileChangeType::DELETED);
        }
    }

    /// Reads a file that has changed on disk.
    pub fn file_changed(&mut self, path: &Path, is_gone: bool) {
        if !self.documents.contains_key(path) {
            self.compiler.reload(path);
        }
        self.forget(&[path.to_string_lossy().into_owned()]);
        let below = self.roots.iter().find_map(|root| path.strip_prefix(root).ok()).unwrap_or(path);
        if below.iter().any(|part| part.to_str().is_none_or(is_left_out)) {
            return;
        }
        let mut files = (*self.files).clone();
        if is_gone {
            files.remove(path)
        } else {
            files.insert(path.to_owned())
        };
        self.files = Arc::new(files);
    }

    /// Takes in the files of the project, as a walk over its folders found them. Sources among them become
    /// known to the compiler.
    pub fn set_files(&mut self, files: BTreeSet<PathBuf>) {
        if *self.files == files {
            return;
        }
        let is_source = |path: &&PathBuf| path.extension().is_some_and(|end| end == "vid");
        let new: Vec<PathBuf> = files.iter().filter(is_source).cloned().collect();
        for path in new {
            if self.compiler.known(&path).is_none() {
                self.compiler.open(&path);
            }
        }
        self.files = Arc::new(files);
    }

    /// The files whose changes on disk matter: those of the project that are not open, and media.
    pub fn watched(&self) -> Vec<PathBuf> {
        self.files.iter().filter(|path| !self.documents.contains_key(*path)).cloned().collect()
    }
}

impl Snapshot {
    /// A source with its document: the open one, else as the compiler knows it.
    pub fn document(&self, path: &Path) -> Option<Arc<Document>> {
        if let Some(document) = self.documents.get(path) {
            return Some(document.clone());
        }
        let text = self.compiler.text_of(path)?;
        Some(Arc::new(Document::new(path.to_owned(), 0, text)))
    }

    /// The source at a path, one that is bundled included.
    pub fn source(&self, path: &Path) -> Option<Source<'_>> {
        let id = self.compiler.known(path).or_else(|| self.compiler.bundled(path))?;
        Source::new(&self.compiler, id)
    }

    /// The sources of the project, those that are open, and what they import.
    pub fn sources(&self) -> Vec<SourceId> {
        let mut sources = self.compiler.authored();
        sources.sort_by(|a, b| self.compiler.path(*a).cmp(self.compiler.path(*b)));
        sources
    }
}
