//! What the server does without being asked: diagnostics, probing, looking after files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use tokio::runtime::Handle;
use tower_lsp::Client;
use tower_lsp::ls_types::Diagnostic;
use vid_compiler::{ANALYSIS_STACK_BYTES, CompileRequest, interruptible};

use crate::handlers::diagnose;
use crate::host::Host;
use crate::pictures::{Drawing, Pictures};
use crate::progress::{Progress, Shown};
use crate::proto;
use crate::world::{Shared, Snapshot, is_left_out, lock};

/// How often files are looked at that the client does not watch.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How many looks lie between two walks over the folders.
const LOOKS_PER_WALK: u32 = 15;
/// Most files of a project that are known by name.
const MAX_FILES: usize = 20_000;
/// Deepest folder that is walked.
const MAX_DEPTH: usize = 12;
/// Files that are probed before what was found becomes known.
const BATCH: usize = 16;

/// A bell for the background threads.
#[derive(Clone)]
pub struct Background {
    bell: Sender<Wake>,
}

/// Why the bell rings.
enum Wake {
    /// The client is ready.
    Start,
    /// Something has changed.
    Changed,
    /// The server ends.
    Stop,
}

impl Background {
    /// A bell, and what hears it.
    pub fn new() -> (Self, Listener) {
        let (bell, heard) = unbounded();
        (Self { bell: bell.clone() }, Listener { bell, heard })
    }

    /// The client is ready to hear from the server.
    pub fn start(&self) {
        let _ = self.bell.send(Wake::Start);
    }

    /// Something has changed.
    pub fn wake(&self) {
        let _ = self.bell.send(Wake::Changed);
    }

    /// The server ends.
    pub fn stop(&self) {
        let _ = self.bell.send(Wake::Stop);
    }
}

/// What hears the bell, before its threads run.
pub struct Listener {
    bell: Sender<Wake>,
    heard: Receiver<Wake>,
}

impl Listener {
    /// Starts the background threads. They end when the bell says so.
    pub fn spawn(self, world: Shared, client: Client, runtime: Handle, host: Arc<dyn Host>) {
        let (probes, pictures) = {
            let world = lock(&world);
            (world.probes.clone(), world.pictures.clone())
        };
        let progress = Progress::new(world.clone(), client.clone(), runtime.clone());
        let prober = Probing {
            world: world.clone(),
            client: client.clone(),
            runtime: runtime.clone(),
            host: host.clone(),
            probes: probes.clone(),
            bell: self.bell,
            progress: progress.clone(),
        };
        let drawing =
            Drawing { pictures: pictures.clone(), world: world.clone(), host: host.clone(), progress };
        let looking = Looking {
            world,
            client,
            host,
            runtime,
            ends: Ends { probes, pictures },
            published: BTreeMap::new(),
            stamps: BTreeMap::new(),
            looks: 0,
        };
        let heard = self.heard;
        spawn("diagnostics", move || looking.run(&heard));
        spawn("probing", move || prober.run());
        spawn("pictures", move || drawing.run());
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) {
    let thread =
        std::thread::Builder::new().name(name.to_owned()).stack_size(ANALYSIS_STACK_BYTES).spawn(work);
    thread.expect("the system has room for three more threads");
}

/// Media that somebody wants to know about, each once.
#[derive(Clone)]
pub struct Probes {
    /// Those that somebody has asked for; the ones that were given up stay here, so that they are not asked for
    /// again and again.
    under_way: Arc<Mutex<BTreeSet<String>>>,
    /// `None` ends the thread that looks into them.
    wanted: Sender<Option<String>>,
    waiting: Receiver<Option<String>>,
}

impl Probes {
    /// Nothing is wanted yet.
    pub fn new() -> Self {
        let (wanted, waiting) = unbounded();
        Self { under_way: Arc::default(), wanted, waiting }
    }

    /// Somebody wants to know about the files at these paths, which are looked into as one piece of work: whoever
    /// stops it stops all of it.
    pub fn want(&self, locations: impl IntoIterator<Item = String>) {
        let mut under_way = self.under_way();
        for location in locations {
            if under_way.insert(location.clone()) {
                let _ = self.wanted.send(Some(location));
            }
        }
    }

    /// What was given up may be asked for again.
    pub fn allow(&self, location: &str) {
        self.under_way().remove(location);
    }

    fn stop(&self) {
        let _ = self.wanted.send(None);
    }

    fn under_way(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What ends with the thread that hears the bell.
struct Ends {
    probes: Probes,
    pictures: Arc<Pictures>,
}

impl Drop for Ends {
    fn drop(&mut self) {
        self.probes.stop();
        self.pictures.stop();
    }
}

/// Size and time of a file, by which a change is seen.
type Stamp = Option<(u64, Option<SystemTime>)>;

/// The thread that publishes diagnostics, asks for probes and looks after files.
struct Looking {
    world: Shared,
    client: Client,
    host: Arc<dyn Host>,
    runtime: Handle,
    ends: Ends,
    /// What the client has been told, by file.
    published: BTreeMap<PathBuf, Vec<Diagnostic>>,
    stamps: BTreeMap<PathBuf, Stamp>,
    looks: u32,
}

impl Looking {
    fn run(mut self, heard: &Receiver<Wake>) {
        loop {
            match heard.recv() {
                Ok(Wake::Start) => break,
                Ok(Wake::Changed) => {}
                Ok(Wake::Stop) | Err(_) => return,
            }
        }
        self.walk();
        self.tell();
        let mut has_worked = true;
        loop {
            match heard.recv_timeout(LOOK_EVERY) {
                Ok(Wake::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(_) => {
                    // Several changes are looked at once.
                    if heard.try_iter().any(|wake| matches!(wake, Wake::Stop)) {
                        return;
                    }
                    self.tell();
                    has_worked = true;
                }
                Err(RecvTimeoutError::Timeout) => {
                    let has_changed = self.look();
                    if has_changed {
                        self.tell();
                    }
                    if std::mem::replace(&mut has_worked, has_changed) {
                        self.host.rest();
                    }
                }
            }
        }
    }

    /// Says what is wrong, and asks for what is not known of media.
    fn tell(&mut self) {
        let Some((snapshot, _)) = lock(&self.world).snapshot(None) else { return };
        let found = interruptible(|| {
            let media = unknown_media(&snapshot);
            let diagnostics = (!snapshot.client.pulls_diagnostics).then(|| published(&snapshot));
            (media, diagnostics)
        });
        drop(snapshot);
        // Given up because of a change: its bell has rung already. Facts ring theirs too.
        let Ok((media, diagnostics)) = found else { return };
        self.ends.probes.want(media);
        if let Some(diagnostics) = diagnostics {
            self.publish(diagnostics);
        }
    }

    /// Tells the client what it does not know yet.
    fn publish(&mut self, mut found: BTreeMap<PathBuf, (Option<i32>, Vec<Diagnostic>)>) {
        for path in self.published.keys() {
            found.entry(path.clone()).or_default();
        }
        for (path, (version, diagnostics)) in found {
            let known = self.published.get(&path);
            let is_known =
                known == Some(&diagnostics) || known.is_none() && version.is_none() && diagnostics.is_empty();
            let Some(uri) = proto::uri_of(&path, false).filter(|_| !is_known) else { continue };
            self.runtime.block_on(self.client.publish_diagnostics(uri, diagnostics.clone(), version));
            if diagnostics.is_empty() && version.is_none() {
                self.published.remove(&path);
            } else {
                self.published.insert(path, diagnostics);
            }
        }
    }

    /// Looks for changes on disk that the client does not tell; whether there was one.
    fn look(&mut self) -> bool {
        let (is_watched, files) = {
            let world = lock(&self.world);
            (world.client.watches_files, world.watched())
        };
        if !is_watched {
            self.looks += 1;
            if self.looks.is_multiple_of(LOOKS_PER_WALK) {
                self.walk();
            }
        }
        let mut changed = false;
        for path in files {
            // Media are looked at in any case: clients watch what they were asked to.
            if is_watched && path.extension().is_some_and(|end| end == "vid") {
                continue;
            }
            let stamp = stamp(&path);
            let known = self.stamps.insert(path.clone(), stamp);
            if known.is_some_and(|known| known != stamp) {
                lock(&self.world).file_changed(&path, stamp.is_none());
                changed = true;
            }
        }
        changed
    }

    /// Finds the files of the project.
    fn walk(&self) {
        let roots = lock(&self.world).roots.clone();
        let mut files = BTreeSet::new();
        for root in roots {
            walk(&root, 0, &mut files);
        }
        lock(&self.world).set_files(files);
    }
}

fn stamp(path: &Path) -> Stamp {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.len(), metadata.modified().ok()))
}

fn walk(folder: &Path, depth: usize, into: &mut BTreeSet<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let is_hidden = name.to_str().is_none_or(is_left_out);
        if is_hidden || into.len() >= MAX_FILES {
            continue;
        }
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth < MAX_DEPTH => walk(&entry.path(), depth + 1, into),
            Ok(kind) if kind.is_file() => {
                into.insert(entry.path());
            }
            _ => {}
        }
    }
}

/// The media of the open documents of which nothing is known yet.
fn unknown_media(snapshot: &Snapshot) -> Vec<String> {
    let mut unknown = Vec::new();
    for path in snapshot.documents.keys() {
        let Some(id) = snapshot.compiler.known(path) else { continue };
        for reference in snapshot.compiler.media_references(id, &CompileRequest::default()) {
            let is_address = reference.location.contains("://");
            if !is_address && snapshot.compiler.media_facts(&reference.location).is_none() {
                unknown.push(reference.location);
            }
        }
    }
    unknown.sort();
    unknown.dedup();
    unknown
}

/// What is wrong, in the protocol's words, with the versions of the documents.
fn published(snapshot: &Snapshot) -> BTreeMap<PathBuf, (Option<i32>, Vec<Diagnostic>)> {
    let all = diagnose::all(snapshot).into_iter().filter_map(|(path, found)| {
        let document = snapshot.document(&path)?;
        let version = snapshot.documents.get(&path).map(|document| document.version);
        let found = found.iter().map(|found| proto::diagnostic(snapshot, &document, found)).collect();
        Some((path, (version, found)))
    });
    all.collect()
}

/// The thread that looks into media.
struct Probing {
    world: Shared,
    client: Client,
    runtime: Handle,
    host: Arc<dyn Host>,
    probes: Probes,
    bell: Sender<Wake>,
    progress: Progress,
}

impl Probing {
    fn run(self) {
        let waiting = self.probes.waiting.clone();
        while let Ok(Some(first)) = waiting.recv() {
            let shown = self.progress.begin("looking into media");
            let mut batch = vec![first];
            let mut count = 0;
            loop {
                let is_over = fill(&mut batch, &waiting);
                if batch.is_empty() {
                    break;
                }
                count += batch.len();
                self.probe(&batch, &shown);
                batch.clear();
                if is_over {
                    return;
                }
                if !waiting.is_empty() {
                    shown.report(format!("{count} of {} files", count + waiting.len()));
                }
            }
            drop(shown);
            let _ = self.bell.send(Wake::Changed);
            self.refresh();
        }
    }

    /// Finds out about files, and makes it known at once. Those that nobody wants to wait for any more are
    /// given up.
    fn probe(&self, batch: &[String], shown: &Shown) {
        let wanted = batch.iter().take_while(|_| !shown.is_cancelled());
        let facts: Vec<_> = wanted.map(|location| (location, self.host.probe(location))).collect();
        let found: Vec<&String> = facts.iter().map(|(location, _)| *location).collect();
        let mut world = lock(&self.world);
        facts.into_iter().for_each(|(location, facts)| world.learn(location, facts));
        drop(world);
        let mut under_way = self.probes.under_way();
        for location in found {
            under_way.remove(location);
        }
    }

    /// Asks the client to ask again for what depends on media.
    fn refresh(&self) {
        let can = lock(&self.world).client;
        let client = self.client.clone();
        // What the client answers is nobody's concern, nor when.
        self.runtime.spawn(async move {
            if can.refreshes_hints {
                let _ = client.inlay_hint_refresh().await;
            }
            if can.refreshes_lenses {
                let _ = client.code_lens_refresh().await;
            }
            if can.pulls_diagnostics && can.refreshes_diagnostics {
                let _ = client.workspace_diagnostic_refresh().await;
            }
        });
    }
}

/// Takes what waits into a batch, up to its bound; whether the end was among it.
fn fill(batch: &mut Vec<String>, waiting: &Receiver<Option<String>>) -> bool {
    while batch.len() < BATCH {
        match waiting.try_recv() {
            Ok(Some(location)) => batch.push(location),
            Ok(None) => return true,
            Err(_) => break,
        }
    }
    false
}
