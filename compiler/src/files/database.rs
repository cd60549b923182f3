//! The salsa database and its inputs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use salsa::{Durability, Setter};
use vid_grammar::{Parse, SharedParse};
use vid_timeline::{MediaFacts, MediaKind};

use crate::files::{MAX_DATA_BYTES, ReadError, System};

/// Number of a source file; the first files are the prelude's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct FileId(pub u32);

/// Who wrote a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Origin {
    /// It is bundled with the compiler, and declares what the language has.
    Prelude,
    /// It is bundled with the compiler, for authors to import.
    Library,
    /// An author.
    Author,
}

/// What a source or data file holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum SourceText {
    /// Text that can be parsed.
    Text(Arc<str>),
    /// Bytes that are not UTF-8 from this offset on.
    NotUtf8(usize),
    /// More bytes than the bound.
    TooLarge(u64),
    /// There is no such file.
    Missing,
    /// It could not be read; why, in words.
    Unreadable(String),
}

impl SourceText {
    /// What `system` finds at `path`, if it has at most `limit` bytes.
    fn read(system: &dyn System, path: &Path, limit: u64) -> Self {
        match system.read(path, limit) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Self::Text(Arc::from(text)),
                Err(error) => Self::NotUtf8(error.utf8_error().valid_up_to()),
            },
            Err(ReadError::TooLarge { limit }) => Self::TooLarge(limit),
            Err(ReadError::NotFound) => Self::Missing,
            Err(error @ ReadError::Refused(_)) => Self::Unreadable(error.to_string()),
        }
    }
}

/// A source text.
#[salsa::input]
pub(crate) struct SourceFile {
    #[returns(copy)]
    pub id: FileId,
    pub path: PathBuf,
    #[returns(copy)]
    pub origin: Origin,
    pub text: SourceText,
}

/// A file that a source reads as data.
#[salsa::input]
pub(crate) struct DataFile {
    pub path: PathBuf,
    pub text: SourceText,
}

/// What is known about a media file.
#[salsa::input]
pub(crate) struct Media {
    pub location: String,
    pub state: MediaState,
}

/// What the host has found out about a media file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum MediaState {
    /// Nobody has looked yet.
    #[default]
    Unprobed,
    /// It can be read.
    Facts(Arc<MediaFacts>),
    /// It cannot be used.
    Problem(MediaProblem),
}

/// Why a media file cannot be used, as the host found it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MediaProblem {
    /// What kind of problem it is; decides the code of the diagnostic.
    pub kind: MediaProblemKind,
    /// What is wrong in words, lower case, no full stop: `the file is empty`.
    pub message: String,
}

/// The kinds of problems with a media file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MediaProblemKind {
    /// There is no such file.
    Missing,
    /// There is a file, but it is empty, cut short, or no media at all.
    Unreadable,
    /// It holds media of this kind and cannot serve as what was asked for.
    WrongKind(MediaKind),
    /// It lacks a stream that is needed.
    NoStream,
}

/// What queries see of the database. What is asked for and not known yet is read on the way, and is an
/// input from then on.
#[salsa::db]
pub(crate) trait Db: salsa::Database {
    /// The input that stands for the media at `location`; made on first use.
    fn media(&self, location: &str) -> Media;
    /// The file of that number.
    fn file(&self, id: FileId) -> Option<SourceFile>;
    /// The files of the prelude.
    fn prelude_files(&self) -> &[SourceFile];
    /// The source file at a path.
    fn source_at(&self, path: &Path) -> SourceFile;
    /// The file of the bundled library at a path such as `std/titles.vid`.
    fn library_file(&self, path: &str) -> Option<SourceFile>;
    /// The paths of the bundled library.
    fn library_paths(&self) -> Vec<&'static str>;
    /// The data file at a path.
    fn data_at(&self, path: &Path) -> DataFile;
    /// Whether placed compositions are computed once for all places that give them the same.
    fn shares_parts(&self) -> bool;
    /// The tree of what a file says, from where it has been made already.
    fn tree(&self, file: FileId, text: &Arc<str>) -> Parse;
}

/// A bundled text: its path and what it says.
pub(crate) type Bundled = (&'static str, &'static str);

/// The compiler's database. Clones share their inputs and memos.
#[salsa::db]
#[derive(Clone)]
pub(crate) struct CompilerDatabase {
    storage: salsa::Storage<Self>,
    system: Arc<dyn System>,
    library: &'static [Bundled],
    prelude: Vec<SourceFile>,
    known: Arc<Mutex<Known>>,
    sharing: Sharing,
}

/// How placed compositions are computed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Sharing {
    /// Once for all places that give them the same.
    #[default]
    Shared,
    /// Anew wherever they are placed: slower, and never different, which tests rely on.
    InPlace,
}

/// The inputs that there are.
#[derive(Default)]
struct Known {
    media: BTreeMap<String, Media>,
    files: Vec<SourceFile>,
    by_path: BTreeMap<PathBuf, SourceFile>,
    data: BTreeMap<PathBuf, DataFile>,
    /// Sources whose imports have been read.
    looked_at: BTreeSet<FileId>,
    /// Trees of sources that the host makes or has made.
    trees: BTreeMap<FileId, Arc<SharedParse>>,
}

#[salsa::db]
impl salsa::Database for CompilerDatabase {}

#[salsa::db]
impl Db for CompilerDatabase {
    fn media(&self, location: &str) -> Media {
        let mut known = self.known();
        if let Some(media) = known.media.get(location) {
            return *media;
        }
        let new = Media::builder(location.to_owned(), MediaState::Unprobed)
            .durability(Durability::MEDIUM)
            .new(self);
        known.media.insert(location.to_owned(), new);
        new
    }

    fn file(&self, id: FileId) -> Option<SourceFile> {
        self.known().files.get(usize::try_from(id.0).ok()?).copied()
    }

    fn prelude_files(&self) -> &[SourceFile] {
        &self.prelude
    }

    fn source_at(&self, path: &Path) -> SourceFile {
        let path = self.normalize(path);
        let mut known = self.known();
        if let Some(file) = known.by_path.get(&path) {
            return *file;
        }
        let text = SourceText::read(&*self.system, &path, MAX_SOURCE_BYTES);
        self.add(&mut known, path, text)
    }

    fn library_file(&self, path: &str) -> Option<SourceFile> {
        let (path, text) = self.library.iter().find(|(known, _)| *known == path)?;
        let mut known = self.known();
        // Bundled files have a map key no author's path can have.
        let key = Path::new(LIBRARY_KEY).join(path);
        if let Some(file) = known.by_path.get(&key) {
            return Some(*file);
        }
        let text = SourceText::Text(Arc::from(*text));
        let file = SourceFile::builder(known.next_id(), PathBuf::from(path), Origin::Library, text)
            .durability(Durability::NEVER_CHANGE)
            .new(self);
        known.files.push(file);
        known.by_path.insert(key, file);
        Some(file)
    }

    fn library_paths(&self) -> Vec<&'static str> {
        self.library.iter().map(|(path, _)| *path).collect()
    }

    fn data_at(&self, path: &Path) -> DataFile {
        let path = self.normalize(path);
        let mut known = self.known();
        if let Some(file) = known.data.get(&path) {
            return *file;
        }
        let text = SourceText::read(&*self.system, &path, MAX_DATA_BYTES);
        let file = DataFile::builder(path.clone(), text).durability(Durability::MEDIUM).new(self);
        known.data.insert(path, file);
        file
    }

    fn shares_parts(&self) -> bool {
        self.sharing == Sharing::Shared
    }

    // That of another text is of no use, and that of the same text is the same: no query depends on it.
    fn tree(&self, file: FileId, text: &Arc<str>) -> Parse {
        let given = self.known().trees.get(&file).filter(|given| given.text() == text).cloned();
        given.map_or_else(|| vid_grammar::parse(text), |given| given.tree().clone())
    }
}

/// Most bytes of a source.
const MAX_SOURCE_BYTES: u64 = vid_grammar::MAX_SOURCE_BYTES as u64;
/// Before the paths of the bundled library among the known ones; a NUL is in no path of a system.
const LIBRARY_KEY: &str = "\0library";

/// Hears the name of each query that runs.
pub(crate) type EventHook = Box<dyn Fn(salsa::Event) + Send + Sync + 'static>;

impl Known {
    fn next_id(&self) -> FileId {
        FileId(u32::try_from(self.files.len()).expect("fewer than 2^32 files fit into memory"))
    }
}

impl CompilerDatabase {
    /// A database that knows the bundled texts and reads others through `system`.
    pub(crate) fn new(
        system: impl System + 'static,
        prelude: &[Bundled],
        library: &'static [Bundled],
        events: Option<EventHook>,
    ) -> Self {
        let mut db = Self {
            storage: salsa::Storage::new(events),
            system: Arc::new(system),
            library,
            prelude: Vec::new(),
            known: Arc::default(),
            sharing: Sharing::default(),
        };
        for (path, text) in prelude {
            let text = SourceText::Text(Arc::from(*text));
            let id = db.known().next_id();
            let file = SourceFile::builder(id, PathBuf::from(path), Origin::Prelude, text)
                .durability(Durability::NEVER_CHANGE)
                .new(&db);
            db.known().files.push(file);
            db.prelude.push(file);
        }
        db
    }

    /// The same database, with placed compositions computed so.
    pub(crate) fn with_sharing(self, sharing: Sharing) -> Self {
        Self { sharing, ..self }
    }

    /// Whether this is asked of a source for the first time.
    pub(crate) fn is_first_look(&self, file: SourceFile) -> bool {
        self.known().looked_at.insert(file.id(self))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The one spelling of a path.
    pub(crate) fn normalize(&self, path: &Path) -> PathBuf {
        self.system.normalize(path)
    }

    /// The author's file at a path, if it was opened or imported.
    pub(crate) fn known_source(&self, path: &Path) -> Option<SourceFile> {
        self.known().by_path.get(path).copied()
    }

    /// The files of authors that were opened or imported, in that order.
    pub(crate) fn author_files(&self) -> Vec<SourceFile> {
        let files = self.known().files.clone();
        files.into_iter().filter(|file| file.origin(self) == Origin::Author).collect()
    }

    fn add(&self, known: &mut Known, path: PathBuf, text: SourceText) -> SourceFile {
        let file = SourceFile::new(self, known.next_id(), path.clone(), Origin::Author, text);
        known.files.push(file);
        known.by_path.insert(path, file);
        file
    }

    /// The bundled file that is shown under a path.
    pub(crate) fn bundled(&self, path: &Path) -> Option<SourceFile> {
        let prelude = self.prelude.iter().copied().find(|file| file.path(self) == path);
        prelude.or_else(|| self.library_file(path.to_str()?))
    }

    /// Reads a file, again if it is known.
    pub(crate) fn open(&mut self, path: &Path) -> SourceFile {
        let path = self.normalize(path);
        let text = SourceText::read(&*self.system, &path, MAX_SOURCE_BYTES);
        self.set_text(&path, text)
    }

    /// Puts in a text whose tree the host shares.
    pub(crate) fn set_tree(&mut self, path: &Path, tree: Arc<SharedParse>) -> SourceFile {
        let file = self.set_text(path, SourceText::Text(tree.text().clone()));
        let id = file.id(self);
        self.known().trees.insert(id, tree);
        file
    }

    /// Puts in what a source file holds.
    pub(crate) fn set_text(&mut self, path: &Path, text: SourceText) -> SourceFile {
        let path = self.normalize(path);
        let Some(file) = self.known_source(&path) else {
            return self.add(&mut self.known(), path, text);
        };
        let id = file.id(self);
        self.known().trees.remove(&id);
        // Setting an input to what it is would make every query look whether it changed.
        if *file.text(self) != text {
            file.set_text(self).to(text);
        }
        file
    }

    /// Reads again what is known of a path, as data and as source.
    pub(crate) fn reload(&mut self, path: &Path) {
        let path = self.normalize(path);
        if self.known_source(&path).is_some() {
            self.open(&path);
        }
        let data = self.known().data.get(&path).copied();
        if let Some(file) = data {
            let text = SourceText::read(&*self.system, &path, MAX_DATA_BYTES);
            if *file.text(self) != text {
                file.set_text(self).with_durability(Durability::MEDIUM).to(text);
            }
        }
    }
}
