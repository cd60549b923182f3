//! Rendering: plan, make what is missing, join.

mod priority;
mod queue;
mod still;
mod target;
mod verify;
mod worker;

use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::AtomicI64;

use vid_timeline::{Output, Timeline};

use crate::assets::Assets;
use crate::audio::encode_programme;
use crate::cpu::SharedRasters;
use crate::deliver::{Pieces, deliver};
use crate::error::RenderError;
use crate::executor::Executor;
use crate::media::{AudioFile, SegmentFile};
use crate::plan::{Disposition, ENCODER_THREADS, Plan};
use crate::progress::{CancelToken, Phase, Progress, Status};
use crate::store::{Piece, SegmentStore};

use queue::WorkQueue;
use target::Target;
use worker::Shared;

pub use still::{StillRequest, frame_at};

/// What to render, and with what.
pub struct RenderRequest<'a> {
    /// The film; it has passed the validator.
    pub timeline: &'a Timeline,
    /// Its files.
    pub assets: &'a Assets,
    /// What composes its frames. Should a graphics device fail, the processor makes the whole film.
    pub executor: &'a Executor,
    /// Which of its outputs.
    pub output: usize,
    /// Which of its frames; `None` for all. What lies outside the film is left out.
    pub window: Option<Range<i64>>,
    /// Whether samples of what the store holds are made again and compared.
    pub verify: Verify,
    /// The file to write.
    pub destination: &'a Path,
    /// Where pieces are kept.
    pub store: &'a SegmentStore,
    /// Segments rendered side by side; `None` for as many as the machine's cores ask for.
    pub workers: Option<NonZeroUsize>,
    /// Who is told.
    pub progress: &'a dyn Progress,
    /// The switch.
    pub cancel: &'a CancelToken,
}

/// Whether the store is trusted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Verify {
    /// What it holds is taken as it is.
    #[default]
    Trust,
    /// Some of the segments that would be reused are made again and compared. If any differs, nothing
    /// of the store is reused.
    Samples,
}

/// What a render did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RenderReport {
    /// Frames of the film.
    pub frames: i64,
    /// Of those, how many came from the store.
    pub frames_reused: i64,
    /// Segments of the film.
    pub segments: usize,
    /// Of those, how many came from the store.
    pub segments_reused: usize,
    /// Segments of the store that were made again and compared.
    pub segments_verified: usize,
    /// Of those, how many differed.
    pub segments_differing: usize,
    /// Whether the destination was written; an unchanged file is left alone.
    pub written: bool,
}

/// Renders one output of a timeline to a file.
///
/// The file appears under its name complete or not at all. A render that is stopped or fails keeps
/// every finished segment, and the next one goes on from there.
///
/// # Errors
/// Whatever [`RenderError`] lists; nothing is left behind under the destination's name.
pub fn render(request: &RenderRequest<'_>) -> Result<RenderReport, RenderError> {
    let Executor::Gpu(gpu) = request.executor else { return render_once(request) };
    // Whoever fails stops all work on the film, which must not stop a second try.
    let cancel = request.cancel.child();
    match render_once(&RenderRequest { window: request.window.clone(), cancel: &cancel, ..*request }) {
        Err(error @ RenderError::Gpu(_)) => {
            request.progress.notice(&format!("{error}; the processor makes the film instead"));
            // Other films of the program meet the same device.
            gpu.fail(&error.to_string());
            let executor = &Executor::Cpu;
            render_once(&RenderRequest { window: request.window.clone(), executor, ..*request })
        }
        result => result,
    }
}

fn render_once(request: &RenderRequest<'_>) -> Result<RenderReport, RenderError> {
    let output =
        request.timeline.outputs.get(request.output).ok_or_else(|| RenderError::broken_timeline("output"))?;
    // Found out before the work, not after it.
    let target = Target::reserve(request.destination)?;
    let planned = || {
        Plan::new(
            request.timeline,
            output,
            request.assets,
            request.window.as_ref(),
            request.store,
            request.executor,
        )
    };
    let mut plan = planned()?;
    let verified = match request.verify {
        Verify::Trust => verify::Verified::default(),
        Verify::Samples => verify::verify(request, output, &plan)?,
    };
    if verified.differing > 0 {
        discard_all(request.store, &plan);
        plan = planned()?;
    }
    make_pieces(request, &plan, request.store)?;
    if let Err(error) = join_pieces(request, output, &plan, &target) {
        // A stored piece that turns out to be damaged is made again, once.
        if !discard_damaged(request.store, &plan, &error) {
            return Err(error);
        }
        plan = planned()?;
        make_pieces(request, &plan, request.store)?;
        join_pieces(request, output, &plan, &target)?;
    }
    let written = target.publish()?;
    request.store.prune();
    let reused = plan.segments.iter().filter(|segment| segment.disposition == Disposition::Reuse);
    Ok(RenderReport {
        frames: plan.frame_count(),
        frames_reused: plan.frame_count() - plan.frames_to_render(),
        segments: plan.segments.len(),
        segments_reused: reused.count(),
        segments_verified: verified.compared,
        segments_differing: verified.differing,
        written,
    })
}

/// Makes every piece that the plan says is to be made, into `store`.
fn make_pieces(request: &RenderRequest<'_>, plan: &Plan, store: &SegmentStore) -> Result<(), RenderError> {
    let missing: Vec<_> = plan
        .segments
        .iter()
        .enumerate()
        .filter(|(_, segment)| segment.disposition == Disposition::Render)
        .map(|(index, segment)| (index, segment.frame_count()))
        .collect();
    let workers = request.workers.unwrap_or_else(default_workers).get().min(missing.len());
    let frames_reused = plan.frame_count() - plan.frames_to_render();
    let shared = Shared {
        plan,
        executor: request.executor,
        assets: request.assets,
        store,
        queue: WorkQueue::new(&missing, workers),
        rasters: SharedRasters::default(),
        cancel: request.cancel,
        progress: request.progress,
        frames_done: AtomicI64::new(frames_reused),
        frames_reused,
    };
    shared.report(0);
    std::thread::scope(|scope| {
        // Whoever fails stops the others at once, also while this thread is busy with its own part.
        let stopping = |result: Result<(), RenderError>| {
            if result.is_err() {
                request.cancel.cancel();
            }
            result
        };
        let sound = scope.spawn(move || stopping(make_sound(request, plan, store)));
        let others: Vec<_> = (1..workers)
            .map(|number| {
                let shared = &shared;
                scope.spawn(move || stopping(worker::run(shared, number)))
            })
            .collect();
        // The first worker encodes in the calling thread: where that is the program's main thread, the
        // allocator keeps the frames of one encoder for the next instead of giving them back.
        let own = if workers > 0 { stopping(worker::run(&shared, 0)) } else { Ok(()) };
        let joined = others
            .into_iter()
            .chain([sound])
            .map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        let mut outcome = Ok(());
        for result in std::iter::once(own).chain(joined) {
            // A worker that was stopped because another one failed is not the cause.
            if matches!(outcome, Ok(()) | Err(RenderError::Cancelled)) && result.is_err() {
                outcome = result;
            }
        }
        outcome
    })
}

fn make_sound(request: &RenderRequest<'_>, plan: &Plan, store: &SegmentStore) -> Result<(), RenderError> {
    let Some(sound) = plan.sound.as_ref().filter(|sound| sound.disposition == Disposition::Render) else {
        return Ok(());
    };
    priority::give_way();
    let file = store.temporary(Piece::Audio)?;
    encode_programme(&sound.programme, request.assets, sound.encode, &file, request.cancel)?;
    store.publish(Piece::Audio, sound.key, file)?;
    Ok(())
}

/// Removes every piece of the plan from the store.
fn discard_all(store: &SegmentStore, plan: &Plan) {
    for segment in &plan.segments {
        store.discard(Piece::Video, segment.key);
    }
    if let Some(sound) = &plan.sound {
        store.discard(Piece::Audio, sound.key);
    }
}

/// Removes the piece that the error is about from the store; `false` when it is about none.
fn discard_damaged(store: &SegmentStore, plan: &Plan, error: &RenderError) -> bool {
    let RenderError::Media(error) = error else { return false };
    let Some(path) = error.path().filter(|_| !error.is_disk_full()) else { return false };
    let segments = plan.segments.iter().map(|segment| (Piece::Video, segment.key));
    let sound = plan.sound.iter().map(|sound| (Piece::Audio, sound.key));
    let damaged =
        segments.chain(sound).find(|(piece, key)| store.find(*piece, *key).as_deref() == Some(path));
    if let Some((piece, key)) = damaged {
        store.discard(piece, key);
    }
    damaged.is_some()
}

/// Joins the pieces into the target.
fn join_pieces(
    request: &RenderRequest<'_>,
    output: &Output,
    plan: &Plan,
    target: &Target,
) -> Result<(), RenderError> {
    request.progress.update(Status {
        phase: Phase::Join,
        frames_done: plan.frame_count(),
        frames_reused: plan.frame_count() - plan.frames_to_render(),
        frames_total: plan.frame_count(),
    });
    let stored = |piece, key| {
        request.store.touch(piece, key);
        request.store.find(piece, key).ok_or_else(|| RenderError::broken_timeline("a piece of the store"))
    };
    let mut segments = Vec::with_capacity(plan.segments.len());
    for segment in &plan.segments {
        segments.push(SegmentFile {
            path: stored(Piece::Video, segment.key)?,
            frames: counted(segment.frame_count()),
        });
    }
    let audio = match &plan.sound {
        Some(sound) => Some(AudioFile {
            path: stored(Piece::Audio, sound.key)?,
            samples: counted(sound.programme.sample_count),
            settings: sound.encode,
        }),
        None => None,
    };
    let pieces = Pieces { segments: &segments, encode: plan.encode.as_ref(), sound: audio.as_ref() };
    deliver(output, &pieces, target.path(), request.cancel).map_err(|error| match error {
        RenderError::Media(error) => RenderError::Media(error.writing_to(request.destination)),
        other => other,
    })
}

/// One worker for every full set of encoder threads that the machine can run at once.
fn default_workers() -> NonZeroUsize {
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    NonZeroUsize::new(cores / ENCODER_THREADS as usize).unwrap_or(NonZeroUsize::MIN)
}

/// Frames and samples of a plan are never negative.
fn counted(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
