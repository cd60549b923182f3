//! A worker: one thread that composes frames and one that encodes them, with a short queue between.

use std::sync::atomic::{AtomicI64, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};
use tempfile::TempPath;

use super::priority;
use super::queue::WorkQueue;
use crate::assets::Assets;
use crate::cpu::SharedRasters;
use crate::error::RenderError;
use crate::executor::{Composer, Executor};
use crate::media::{VideoEncoder, VideoFrame};
use crate::plan::{Plan, Segment};
use crate::progress::{CancelToken, Phase, Progress, Status};
use crate::store::{Piece, SegmentStore};

/// Composed frames that may wait for the encoder: about as many as x264 wants to look ahead, so that
/// composing goes on while one encoder empties itself and the next one fills without waiting
/// (docs/performance.md). A frame takes 3 MiB at 1080p.
const QUEUE_FRAMES: usize = 8;
/// Fewest frames that may wait, however large they are.
const LEAST_QUEUE: usize = 4;
/// Bytes that waiting frames may take together: at 4K, where a frame takes 12 MiB, four of them.
const QUEUE_BYTES: usize = 48 << 20;

/// Composed frames that may wait for the encoder, for a film of that shape.
fn queue_frames(plan: &Plan) -> usize {
    let pixels =
        plan.encode.as_ref().map_or(0, |encode| encode.frame.width as usize * encode.frame.height as usize);
    // Half as many chroma samples again.
    (QUEUE_BYTES / (pixels * 3 / 2).max(1)).clamp(LEAST_QUEUE, QUEUE_FRAMES)
}

/// What all workers of a render share.
pub struct Shared<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// What composes the frames.
    pub executor: &'a Executor,
    /// The files.
    pub assets: &'a Assets,
    /// Where finished segments go.
    pub store: &'a SegmentStore,
    /// What is left to do.
    pub queue: WorkQueue,
    /// Stills and text that are rasterised already.
    pub rasters: SharedRasters,
    /// The switch.
    pub cancel: &'a CancelToken,
    /// Who is told.
    pub progress: &'a dyn Progress,
    /// Frames that are finished, reused ones included.
    pub frames_done: AtomicI64,
    /// Frames taken from the store.
    pub frames_reused: i64,
}

impl Shared<'_> {
    /// Counts `frames` more as finished and tells so.
    pub fn report(&self, frames: i64) {
        let frames_done = self.frames_done.fetch_add(frames, Ordering::Relaxed) + frames;
        self.progress.update(Status {
            phase: Phase::Render,
            frames_done,
            frames_reused: self.frames_reused,
            frames_total: self.plan.frame_count(),
        });
    }
}

enum Message {
    Begin(usize),
    Frame(VideoFrame),
    End,
}

/// Renders segments until none is left.
///
/// # Errors
/// The first failure of composing, encoding or storing; other workers are stopped by it.
pub fn run(shared: &Shared<'_>, number: usize) -> Result<(), RenderError> {
    let (sender, receiver) = bounded(queue_frames(shared.plan));
    std::thread::scope(|scope| {
        let composer = scope.spawn(move || compose(shared, number, &sender));
        let encoded = encode(shared, receiver);
        if encoded.is_err() {
            shared.cancel.cancel();
        }
        let composed = composer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        // When one side fails the other only notices that its partner is gone.
        match (composed, encoded) {
            (Err(RenderError::Cancelled), Err(cause)) => Err(cause),
            (Err(cause), _) | (Ok(()), Err(cause)) => Err(cause),
            (Ok(()), Ok(())) => Ok(()),
        }
    })
}

fn compose(shared: &Shared<'_>, number: usize, sender: &Sender<Message>) -> Result<(), RenderError> {
    priority::give_way();
    // A plan without pictures has no segments, and so no workers.
    let encode = shared.plan.encode.as_ref().ok_or_else(|| RenderError::broken_timeline("pictures"))?;
    let mut composer = Composer::new(shared.executor, encode.frame, shared.assets, &shared.rasters)?;
    let send = |message| sender.send(message).map_err(|_| RenderError::Cancelled);
    while let Some(index) = shared.queue.next(number) {
        let segment = &shared.plan.segments[index];
        send(Message::Begin(index))?;
        composer.begin(&segment.scene, segment.frames.start);
        for frame in 0..segment.frame_count() {
            if shared.cancel.is_cancelled() {
                return Err(RenderError::Cancelled);
            }
            if let Some(ready) = composer.push(frame)? {
                send(Message::Frame(ready))?;
            }
        }
        while let Some(ready) = composer.pull()? {
            send(Message::Frame(ready))?;
        }
        send(Message::End)?;
    }
    Ok(())
}

struct Encoding<'a> {
    segment: &'a Segment,
    encoder: VideoEncoder,
    file: TempPath,
}

impl<'a> Encoding<'a> {
    fn begin(shared: &Shared<'a>, index: usize) -> Result<Self, RenderError> {
        let file = shared.store.temporary(Piece::Video)?;
        let encode = shared.plan.encode.as_ref().ok_or_else(|| RenderError::broken_timeline("pictures"))?;
        let encoder = VideoEncoder::create(&file, encode.clone())?;
        Ok(Self { segment: &shared.plan.segments[index], encoder, file })
    }

    /// Encodes what the encoder holds back and puts the segment into the store.
    fn finish(self, shared: &Shared<'_>) -> Result<(), RenderError> {
        self.encoder.finish()?;
        shared.store.publish(Piece::Video, self.segment.key, self.file)?;
        Ok(())
    }
}

fn encode(shared: &Shared<'_>, receiver: Receiver<Message>) -> Result<(), RenderError> {
    // One encoder at a time: two would overlap the emptying of one with the filling of the next, at
    // the price of an encoder's frames, 200 MiB at 1080p.
    let mut current: Option<Encoding<'_>> = None;
    for message in receiver {
        match (message, &mut current) {
            (Message::Begin(index), _) => current = Some(Encoding::begin(shared, index)?),
            (Message::Frame(frame), Some(encoding)) => {
                encoding.encoder.send(&frame)?;
                shared.report(1);
            }
            (Message::End, _) => {
                if let Some(done) = current.take() {
                    done.finish(shared)?;
                }
            }
            (Message::Frame(_), None) => {}
        }
    }
    Ok(())
}
