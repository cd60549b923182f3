//! What the language server asks of this program: facts about media, and pictures of frames.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use vid_compiler::MediaProblem;
use vid_lsp::{Frame, Host, Room};
use vid_runtime::assets::ContentHash;
use vid_runtime::scene::{Scene, scene_from_timeline};
use vid_runtime::text::FontLibrary;
use vid_runtime::{Assets, RenderError, StillRequest, frame_at, thumbnail};
use vid_timeline::{MediaFacts, Time, Timeline};

use crate::cache::Cache;
use crate::intake;
use crate::memory;
use crate::project::problem_of;

/// Looks into media and draws frames as the other commands do.
pub struct EditorHost {
    cache: Cache,
    /// The files of the film that was drawn last: somebody who looks at one frame looks at more.
    gathered: Mutex<Option<Arc<Gathered>>>,
}

/// The files of a film, for as long as neither film nor files change.
struct Gathered {
    film: Timeline,
    assets: Assets,
    stamps: Vec<(PathBuf, Stamp)>,
}

/// Size and time of a file, by which a change is seen.
type Stamp = Option<(u64, Option<SystemTime>)>;

impl EditorHost {
    /// A host that keeps what it knows of files in a cache.
    pub const fn new(cache: Cache) -> Self {
        Self { cache, gathered: Mutex::new(None) }
    }

    fn gather(&self, film: &Timeline) -> Result<Arc<Gathered>, RenderError> {
        let mut last = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = last.as_ref().filter(|known| known.film == *film && known.is_current()) {
            return Ok(known.clone());
        }
        let fonts = FontLibrary::system();
        let index = self.cache.store.index();
        let assets = Assets::gather_through(intake::intake(), film, fonts, index, &locate)?;
        let stamps = assets.paths().map(|path| (path.to_owned(), stamp(path))).collect();
        let gathered = Arc::new(Gathered { film: film.clone(), assets, stamps });
        *last = Some(gathered.clone());
        Ok(gathered)
    }
}

impl Gathered {
    fn is_current(&self) -> bool {
        self.stamps.iter().all(|(path, known)| stamp(path) == *known)
    }
}

impl Host for EditorHost {
    fn probe(&self, location: &str) -> Result<MediaFacts, MediaProblem> {
        intake::probe(Path::new(location)).map_err(|error| problem_of(&error))
    }

    fn rest(&self) {
        memory::trim();
    }

    fn frame<'h>(&'h self, film: &'h Timeline, at: Time) -> Option<Box<dyn Frame + 'h>> {
        // Why a film cannot be drawn is said by `vid check` and `vid render`; here there is no picture.
        let gathered = self.gather(film).ok()?;
        let number = film.frame_rate.frame_from_time(at).clamp(0, (film.frame_count() - 1).max(0));
        let scene = scene_from_timeline(&gathered.film, &gathered.assets, number..number + 1).ok()?;
        Some(Box::new(EditorFrame { gathered, scene, at }))
    }
}

/// A frame of a film whose files are there.
struct EditorFrame {
    gathered: Arc<Gathered>,
    /// What the frame shows, wherever it lies.
    scene: Scene,
    at: Time,
}

impl Frame for EditorFrame {
    fn key(&self) -> String {
        // JSON names every field, so two scenes that differ never serialise alike.
        let scene = serde_json::to_vec(&self.scene).unwrap_or_default();
        ContentHash::of(&scene).to_hex()
    }

    fn png(&self, room: Room) -> Option<Vec<u8>> {
        let Gathered { film, assets, .. } = &*self.gathered;
        let frame = frame_at(&StillRequest { timeline: film, assets, time: self.at }).ok()?;
        let Room { width, height, bytes } = room;
        thumbnail(&frame, vid_runtime::Room { width, height, bytes })
    }
}

/// Sources name their files by path; what is an address is not on this machine.
fn locate(location: &str) -> Result<PathBuf, RenderError> {
    match location.contains("://") {
        true => Err(RenderError::Remote { location: location.to_owned() }),
        false => Ok(PathBuf::from(location)),
    }
}

fn stamp(path: &Path) -> Stamp {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.len(), metadata.modified().ok()))
}
