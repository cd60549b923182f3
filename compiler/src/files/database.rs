//! The salsa database and its inputs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use salsa::Durability;
use vid_timeline::{MediaFacts, MediaKind};

/// Number of a source file; the first files are the prelude's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct FileId(pub u32);

/// Who wrote a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Origin {
    /// It is bundled with the compiler.
    Prelude,
    /// An author.
    Author,
}

/// What a source file holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum SourceText {
    /// Text that can be parsed.
    Text(Arc<str>),
    /// Bytes that are not UTF-8 from this offset on.
    NotUtf8(usize),
    /// More bytes than the bound.
    TooLarge(u64),
    /// It could not be read; why, in words.
    Unreadable(String),
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

/// What queries see of the database.
#[salsa::db]
pub(crate) trait Db: salsa::Database {
    /// The input that stands for the media at `location`; made on first use.
    fn media(&self, location: &str) -> Media;
    /// The file of that number.
    fn file(&self, id: FileId) -> Option<SourceFile>;
    /// The files of the prelude.
    fn prelude_files(&self) -> &[SourceFile];
}

/// The compiler's database. Clones share their inputs and memos.
#[salsa::db]
#[derive(Clone)]
pub(crate) struct CompilerDatabase {
    storage: salsa::Storage<Self>,
    media: Arc<Mutex<BTreeMap<String, Media>>>,
    files: Arc<Mutex<Vec<SourceFile>>>,
    prelude: Vec<SourceFile>,
}

#[salsa::db]
impl salsa::Database for CompilerDatabase {}

#[salsa::db]
impl Db for CompilerDatabase {
    fn media(&self, location: &str) -> Media {
        let mut media = self.media.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = media.get(location) {
            return *known;
        }
        let new = Media::builder(location.to_owned(), MediaState::Unprobed)
            .durability(Durability::MEDIUM)
            .new(self);
        media.insert(location.to_owned(), new);
        new
    }

    fn file(&self, id: FileId) -> Option<SourceFile> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.get(usize::try_from(id.0).ok()?).copied()
    }

    fn prelude_files(&self) -> &[SourceFile] {
        &self.prelude
    }
}

/// Hears the name of each query that runs.
pub(crate) type EventHook = Box<dyn Fn(salsa::Event) + Send + Sync + 'static>;

impl CompilerDatabase {
    /// A database that knows the prelude and nothing else.
    pub(crate) fn new(prelude: &[(&str, &str)], events: Option<EventHook>) -> Self {
        let mut db = Self {
            storage: salsa::Storage::new(events),
            media: Arc::default(),
            files: Arc::default(),
            prelude: Vec::new(),
        };
        for (path, text) in prelude {
            let id = db.next_file_id();
            let text = SourceText::Text(Arc::from(*text));
            let file = SourceFile::builder(id, PathBuf::from(path), Origin::Prelude, text)
                .durability(Durability::NEVER_CHANGE)
                .new(&db);
            db.remember(file);
            db.prelude.push(file);
        }
        db
    }

    /// Adds a file of an author.
    pub(crate) fn add_file(&mut self, path: PathBuf, text: SourceText) -> SourceFile {
        let file = SourceFile::new(self, self.next_file_id(), path, Origin::Author, text);
        self.remember(file);
        file
    }

    fn next_file_id(&self) -> FileId {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        FileId(u32::try_from(files.len()).expect("fewer than 2^32 files fit into memory"))
    }

    fn remember(&self, file: SourceFile) {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).push(file);
    }
}
