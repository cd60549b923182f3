//! Pictures of frames, made in the background: what is wanted, what is known, and the thread between.
//!
//! A request that would like to show a picture asks [`Pictures::of`], which answers at once: with the
//! picture, or with nothing and a note that it is wanted. What was wanted last is made first. A frame that
//! looks as one did before is not drawn again, whatever has changed around it.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use vid_compiler::{CompileRequest, interruptible};
use vid_timeline::{Time, Timeline};

use crate::host::{Host, Room};
use crate::progress::Progress;
use crate::world::{Shared, State, lock};

/// How large pictures are: what fits into the hover of an editor and costs the wire little.
const ROOM: Room = Room { width: 320, height: 180, bytes: 30 * 1024 };
/// Pictures that wait to be made; what was wanted longest ago is given up first.
const MAX_WAITING: usize = 8;
/// Moments of which it is known what they show.
const MAX_KNOWN: usize = 256;
/// Pictures that are kept; with [`ROOM`] and base64 they are at most 2.6 MB.
const MAX_KEPT: usize = 64;

/// A moment of a film.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Moment {
    /// The source.
    pub path: PathBuf,
    /// Name of the composition.
    pub film: String,
    /// The instant, from the start of the composition.
    pub at: Time,
}

/// The pictures of a server, shared by everybody.
#[derive(Debug, Default)]
pub struct Pictures {
    shelf: Mutex<Shelf>,
    bell: Condvar,
}

#[derive(Debug, Default)]
struct Shelf {
    /// What is wanted, the newest last.
    waiting: VecDeque<Moment>,
    /// What moments show, or that they show nothing, and the state of the world in which they do; the
    /// one that was asked for last is last.
    known: VecDeque<(Moment, State, Option<Arc<str>>)>,
    /// Pictures by what they show, as addresses with the data in them; the one that was used last is last.
    kept: VecDeque<(String, Arc<str>)>,
    is_over: bool,
}

impl Pictures {
    /// The picture of a moment as a `data:` address. Where there is none yet, it is wanted from now on.
    pub fn of(&self, moment: &Moment, state: State) -> Option<Arc<str>> {
        let mut shelf = self.shelf();
        let at = shelf.known.iter().position(|(known, there, _)| known == moment && *there == state);
        if let Some(entry) = at.and_then(|at| shelf.known.remove(at)) {
            let picture = entry.2.clone();
            shelf.known.push_back(entry);
            return picture;
        }
        shelf.waiting.retain(|waiting| waiting != moment);
        shelf.waiting.push_back(moment.clone());
        if shelf.waiting.len() > MAX_WAITING {
            shelf.waiting.pop_front();
        }
        drop(shelf);
        self.bell.notify_one();
        None
    }

    /// Nothing is wanted any more.
    pub fn stop(&self) {
        self.shelf().is_over = true;
        self.bell.notify_all();
    }

    /// What waits is not wanted any more, until somebody asks again.
    fn give_up(&self) {
        self.shelf().waiting.clear();
    }

    fn is_over(&self) -> bool {
        self.shelf().is_over
    }

    /// Waits for something to be wanted; `None` when nothing will be.
    fn next(&self) -> Option<Moment> {
        let shelf = self
            .bell
            .wait_while(self.shelf(), |shelf| !shelf.is_over && shelf.waiting.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        let mut shelf = shelf;
        if shelf.is_over { None } else { shelf.waiting.pop_back() }
    }

    /// The picture of that key, if one was drawn.
    fn drawn(&self, key: &str) -> Option<Arc<str>> {
        let mut shelf = self.shelf();
        let at = shelf.kept.iter().position(|(known, _)| known == key)?;
        let entry = shelf.kept.remove(at)?;
        let picture = entry.1.clone();
        shelf.kept.push_back(entry);
        Some(picture)
    }

    fn keep(&self, key: String, picture: Arc<str>) {
        let mut shelf = self.shelf();
        shelf.kept.push_back((key, picture));
        if shelf.kept.len() > MAX_KEPT {
            shelf.kept.pop_front();
        }
    }

    fn learn(&self, moment: Moment, state: State, picture: Option<Arc<str>>) {
        let mut shelf = self.shelf();
        // What it showed in an earlier state is of no use any more.
        shelf.known.retain(|(known, ..)| *known != moment);
        shelf.known.push_back((moment, state, picture));
        if shelf.known.len() > MAX_KNOWN {
            shelf.known.pop_front();
        }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The thread that has pictures drawn.
pub struct Drawing {
    /// What is wanted and known.
    pub pictures: Arc<Pictures>,
    /// What the films are in.
    pub world: Shared,
    /// Who draws.
    pub host: Arc<dyn Host>,
    /// Where it is shown that something is drawn.
    pub progress: Progress,
}

impl Drawing {
    /// Draws until nothing is wanted any more.
    pub fn run(self) {
        while let Some(moment) = self.pictures.next() {
            let Some((state, film)) = self.film(&moment) else { continue };
            let film = match film {
                Some(film) => film,
                None => {
                    self.pictures.learn(moment, state, None);
                    continue;
                }
            };
            // A host that panics draws nothing.
            let drawn = catch_unwind(AssertUnwindSafe(|| self.picture(&film, moment.at, state)));
            match drawn.unwrap_or(Outcome::Nothing) {
                Outcome::Picture(picture) => self.pictures.learn(moment, state, Some(picture)),
                Outcome::Nothing => self.pictures.learn(moment, state, None),
                Outcome::GivenUp => {}
            }
        }
    }

    /// The film of a moment, if it has no errors, and the state of the world in which it is that film.
    /// Given up where the text changes meanwhile: who still wants a picture then asks again.
    fn film(&self, moment: &Moment) -> Option<(State, Option<Arc<Timeline>>)> {
        let (snapshot, _) = lock(&self.world).snapshot(None)?;
        let state = snapshot.state;
        let film = interruptible(|| {
            let id = snapshot.compiler.known(&moment.path)?;
            let request =
                CompileRequest { composition: Some(moment.film.clone()), ..CompileRequest::default() };
            snapshot.compiler.compile(id, &request).timeline
        });
        Some((state, film.ok()?))
    }

    fn picture(&self, film: &Timeline, at: Time, state: State) -> Outcome {
        let Some(frame) = self.host.frame(film, at) else { return Outcome::Nothing };
        let key = frame.key();
        if let Some(picture) = self.pictures.drawn(&key) {
            return Outcome::Picture(picture);
        }
        if self.pictures.is_over() || lock(&self.world).state() != state {
            return Outcome::GivenUp;
        }
        let shown = self.progress.begin("drawing a frame");
        let png = frame.png(ROOM);
        if shown.is_cancelled() {
            // Neither is wanted what waits behind it.
            self.pictures.give_up();
        }
        drop(shown);
        let Some(png) = png.filter(|png| png.len() <= ROOM.bytes) else { return Outcome::Nothing };
        let picture: Arc<str> = format!("data:image/png;base64,{}", base64(&png)).into();
        self.pictures.keep(key, picture.clone());
        Outcome::Picture(picture)
    }
}

/// What comes of wanting a picture.
enum Outcome {
    Picture(Arc<str>),
    /// There is nothing to see, or nobody who can draw it.
    Nothing,
    /// It is not wanted any more.
    GivenUp,
}

/// Bytes as letters, digits, `+` and `/`, padded with `=` (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0_u32, |group, byte| group << 8 | u32::from(*byte));
        let group = group << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            if digit > chunk.len() {
                text.push('=');
            } else {
                text.push(char::from(DIGITS[(group >> (18 - 6 * digit) & 63) as usize]));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(frame: i64) -> Moment {
        let at = Time::from_frame(frame, vid_timeline::FrameRate::DEFAULT);
        Moment { path: PathBuf::from("film.vid"), film: "film".to_owned(), at }
    }

    #[test]
    fn bytes_become_letters() {
        let texts = [&b""[..], b"f", b"fo", b"foo", b"\xff\xfe\xfd\xfc"].map(base64);
        assert_eq!(texts, ["", "Zg==", "Zm8=", "Zm9v", "//79/A=="]);
    }

    #[test]
    fn what_is_wanted_last_comes_first_and_little_waits() {
        let pictures = Pictures::default();
        for frame in 0..20 {
            assert_eq!(pictures.of(&moment(frame), State::default()), None);
        }
        // Wanting something again makes it the newest.
        pictures.of(&moment(15), State::default());
        let order: Vec<Moment> = (0..MAX_WAITING).map_while(|_| pictures.next()).collect();
        let expected = [15, 19, 18, 17, 16, 14, 13, 12].map(moment);
        assert_eq!(order, expected);
        pictures.stop();
        assert_eq!(pictures.next(), None);
    }

    #[test]
    fn a_picture_is_of_one_state_of_the_world() {
        let pictures = Pictures::default();
        let (old, new) = (State::default(), State { revision: 1, media: 0 });
        pictures.learn(moment(0), old, Some("data:".into()));
        assert_eq!(pictures.of(&moment(0), old).as_deref(), Some("data:"));
        assert_eq!(pictures.of(&moment(0), new), None);
        assert_eq!(pictures.next(), Some(moment(0)));
    }

    #[test]
    fn little_is_kept() {
        let pictures = Pictures::default();
        for number in 0..1_000 {
            pictures.keep(number.to_string(), "data:".into());
            pictures.learn(moment(number), State::default(), None);
        }
        let shelf = pictures.shelf();
        assert_eq!((shelf.kept.len(), shelf.known.len()), (MAX_KEPT, MAX_KNOWN));
    }
}
