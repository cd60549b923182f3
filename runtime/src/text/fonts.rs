//! The font files there are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use cosmic_text::fontdb::{Database, FaceInfo, ID, Source, Stretch, Style};
use swash::FontRef;

use super::choose::{Axis, Candidate, Slant, nearest_name};
use super::error::TextError;
use super::{MAX_FONT_BYTES, choose};

/// Deepest nesting of font directories that is searched; a link that leads back up ends there.
const MAX_DEPTH: usize = 8;
/// Most font files of a library: well above what a desktop has.
const MAX_FILES: usize = 20_000;

/// Where fonts come from.
#[derive(Clone, Debug)]
pub enum FontSource {
    /// One font file or collection.
    File(PathBuf),
    /// Every font file in a directory and the directories in it.
    Directory(PathBuf),
    /// The bytes of a font file or collection.
    Data(Vec<u8>),
}

impl FontSource {
    /// The directories where this system keeps fonts: those of the machine, then those of the user.
    pub fn system() -> Vec<Self> {
        let mut directories: Vec<PathBuf> = if cfg!(target_os = "macos") {
            vec!["/System/Library/Fonts".into(), "/Library/Fonts".into()]
        } else if cfg!(windows) {
            std::env::var_os("SystemRoot").map(|root| Path::new(&root).join("Fonts")).into_iter().collect()
        } else {
            vec!["/usr/share/fonts".into(), "/usr/local/share/fonts".into()]
        };
        if let Some(home) = std::env::var_os("HOME").map(PathBuf::from) {
            directories.extend([".fonts", ".local/share/fonts", "Library/Fonts"].map(|name| home.join(name)));
        }
        directories.into_iter().map(Self::Directory).collect()
    }
}

/// The faces of a list of font files. Made once and shared: it reads a file's contents when a text
/// first uses it, and keeps them.
pub struct FontLibrary {
    database: Database,
    faces: Vec<Face>,
    /// By lower-case name.
    families: BTreeMap<String, Family>,
}

struct Face {
    id: ID,
    candidate: Candidate,
    axis: OnceLock<Option<Axis>>,
    loaded: OnceLock<Arc<LoadedFont>>,
}

struct Family {
    /// As its first face writes it.
    name: String,
    /// Indices into the library's faces, in the order they were found.
    faces: Vec<usize>,
}

/// The contents of a font file.
pub(super) struct LoadedFont {
    pub bytes: Arc<Vec<u8>>,
    /// Which face of a collection.
    pub index: u32,
    /// Of the bytes and the index.
    pub hash: blake3::Hash,
    /// Where it was read; `None` for a font that came as bytes.
    pub path: Option<PathBuf>,
}

impl LoadedFont {
    /// The face, parsed; `None` when the file is not a font after all.
    pub(super) fn font(&self) -> Option<FontRef<'_>> {
        FontRef::from_index(&self.bytes, self.index as usize)
    }
}

impl FontLibrary {
    /// The library of all these sources. Of two faces that are alike the earlier wins; inside a
    /// directory, files come in the order of their paths. What is no font, cannot be read or is
    /// larger than [`MAX_FONT_BYTES`] is left out.
    pub fn new(sources: impl IntoIterator<Item = FontSource>) -> Self {
        let mut database = Database::new();
        let mut n_files = 0;
        for source in sources {
            match source {
                FontSource::File(path) => load_file(&mut database, &path, &mut n_files),
                FontSource::Directory(path) => load_directory(&mut database, &path, 0, &mut n_files),
                FontSource::Data(bytes) => {
                    database.load_font_source(Source::Binary(Arc::new(bytes)));
                }
            }
        }
        let mut library = Self { database, faces: Vec::new(), families: BTreeMap::new() };
        // The database lists faces in the order they came; sorting by id makes that a promise.
        let mut infos: Vec<FaceInfo> = library.database.faces().cloned().collect();
        infos.sort_by_key(|info| info.id);
        infos.into_iter().for_each(|info| library.add(info));
        library
    }

    /// The library of the fonts installed on this machine.
    pub fn system() -> Self {
        Self::new(FontSource::system())
    }

    /// The library of fonts in memory.
    pub fn with_data(fonts: impl IntoIterator<Item = Vec<u8>>) -> Self {
        Self::new(fonts.into_iter().map(FontSource::Data))
    }

    fn add(&mut self, info: FaceInfo) {
        let index = self.faces.len();
        for (name, _) in &info.families {
            let family = self.families.entry(name.to_lowercase());
            let family = family.or_insert_with(|| Family { name: name.clone(), faces: Vec::new() });
            if family.faces.last() != Some(&index) {
                family.faces.push(index);
            }
        }
        let slant = match info.style {
            Style::Normal => Slant::Upright,
            Style::Italic => Slant::Italic,
            Style::Oblique => Slant::Oblique,
        };
        let narrowness = info.stretch.to_number().abs_diff(Stretch::Normal.to_number());
        let candidate = Candidate { weight: info.weight.0, slant, narrowness };
        self.faces.push(Face { id: info.id, candidate, axis: OnceLock::new(), loaded: OnceLock::new() });
    }

    /// Names of all families, sorted without regard to case.
    pub fn families(&self) -> impl Iterator<Item = &str> {
        self.families.values().map(|family| family.name.as_str())
    }

    /// Whether there is a face of that family; case does not matter.
    pub fn has_family(&self, name: &str) -> bool {
        self.families.contains_key(&name.to_lowercase())
    }

    /// The family whose name is closest to `name`, if one is close enough to be meant.
    pub fn nearest_family(&self, name: &str) -> Option<&str> {
        nearest_name(name, self.families())
    }

    /// The face of the family that CSS would pick for weight and slant.
    ///
    /// # Errors
    /// When there is no such family.
    pub(super) fn pick(&self, family: &str, weight: u16, slant: Slant) -> Result<usize, TextError> {
        let not_found = || TextError::FontNotFound {
            family: family.to_owned(),
            nearest: self.nearest_family(family).map(str::to_owned),
        };
        let entry = self.families.get(&family.to_lowercase()).ok_or_else(not_found)?;
        self.pick_of(entry, weight, slant).ok_or_else(not_found)
    }

    /// The best face of every family but those of `face`, families in the order in which they
    /// replace a missing glyph: DejaVu Sans, which has most, then the rest by name.
    pub(super) fn fallbacks(&self, face: usize, weight: u16, slant: Slant) -> impl Iterator<Item = usize> {
        const FIRST: &str = "dejavu sans";
        let rest = self.families.iter().filter(|(name, _)| *name != FIRST).map(|(_, family)| family);
        let all = self.families.get(FIRST).into_iter().chain(rest);
        all.filter_map(move |family| self.pick_of(family, weight, slant)).filter(move |index| *index != face)
    }

    fn pick_of(&self, family: &Family, weight: u16, slant: Slant) -> Option<usize> {
        let rank =
            |index: &usize| choose::rank(self.faces[*index].candidate, self.axis(*index), weight, slant);
        family.faces.iter().copied().min_by_key(rank)
    }

    /// The weights a variable face covers; `None` for one of fixed weight.
    pub(super) fn axis(&self, face: usize) -> Option<Axis> {
        let face = &self.faces[face];
        *face.axis.get_or_init(|| {
            self.database.with_face_data(face.id, |bytes, index| {
                Axis::of(FontRef::from_index(bytes, index as usize)?)
            })?
        })
    }

    /// Weight, slant and width of a face.
    pub(super) fn candidate(&self, face: usize) -> Candidate {
        self.faces[face].candidate
    }

    /// Whether the face has a glyph for each of `chars`, in order.
    pub(super) fn covers(&self, face: usize, chars: &[char]) -> Vec<bool> {
        let map = |bytes: &[u8], index: u32| {
            let charmap = FontRef::from_index(bytes, index as usize)?.charmap();
            Some(chars.iter().map(|c| charmap.map(*c) != 0).collect())
        };
        let covered = match self.faces[face].loaded.get() {
            Some(font) => map(&font.bytes, font.index),
            None => self.database.with_face_data(self.faces[face].id, map).flatten(),
        };
        covered.unwrap_or_else(|| vec![false; chars.len()])
    }

    /// The contents of the face's file.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub(super) fn load(&self, face: usize) -> Result<Arc<LoadedFont>, TextError> {
        let Face { id, loaded, .. } = &self.faces[face];
        if let Some(font) = loaded.get() {
            return Ok(font.clone());
        }
        let (source, index) = self.database.face_source(*id).expect("faces are never removed");
        let (bytes, path) = match source {
            Source::Binary(bytes) => (Arc::new((*bytes).as_ref().to_vec()), None),
            Source::File(path) | Source::SharedFile(path, _) => (Arc::new(read(&path)?), Some(path)),
        };
        let mut hasher = blake3::Hasher::new();
        hasher.update(&bytes).update(&index.to_le_bytes());
        let font = Arc::new(LoadedFont { bytes, index, hash: hasher.finalize(), path });
        // Another thread may have been faster; both read the same file.
        Ok(loaded.get_or_init(|| font).clone())
    }
}

fn read(path: &Path) -> Result<Vec<u8>, TextError> {
    std::fs::read(path)
        .map_err(|error| TextError::FontUnreadable { path: path.to_owned(), reason: error.to_string() })
}

fn load_directory(database: &mut Database, path: &Path, depth: usize, n_files: &mut usize) {
    let Ok(entries) = std::fs::read_dir(path) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if depth < MAX_DEPTH {
                load_directory(database, &path, depth + 1, n_files);
            }
        } else if is_font_name(&path) {
            load_file(database, &path, n_files);
        }
    }
}

fn is_font_name(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["ttf", "otf", "ttc", "otc"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn load_file(database: &mut Database, path: &Path, n_files: &mut usize) {
    let usable = std::fs::metadata(path).is_ok_and(|file| (1..=MAX_FONT_BYTES).contains(&file.len()));
    if usable && *n_files < MAX_FILES {
        *n_files += 1;
        // What cannot be read is left out, like what is no font.
        let _ = database.load_font_file(path);
    }
}
