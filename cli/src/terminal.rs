//! How a render comes along, for people and for programs, on standard error.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use serde_json::json;
use vid_runtime::{Mended, Phase, Progress, RenderReport, Status};
use vid_timeline::{FrameRate, Timeline};

use crate::clock;
use crate::failure::Failure;
use crate::progress::{ProgressMode, Shown, line};

/// Least time between two JSON lines of one phase: enough for a smooth bar elsewhere, little enough
/// that a fast render does not drown its reader.
const JSON_INTERVAL: Duration = Duration::from_millis(100);

/// How the bar looks.
const BAR: &str = "{prefix:8} {bar:32} {pos}/{len} frames{msg}";

/// Shows how a render comes along.
pub struct Reporter {
    mode: Shown,
    rate: FrameRate,
    state: Mutex<State>,
}

struct State {
    phase: Option<Phase>,
    /// When frames began to be made.
    began: Instant,
    /// Tenths of the work that were told already.
    tenths: i64,
    told: Instant,
}

impl Reporter {
    /// A reporter for a film of that rate.
    pub fn new(mode: ProgressMode, rate: FrameRate) -> Self {
        let now = clock::now();
        let mode = Shown::new(mode, BAR);
        Self { mode, rate, state: Mutex::new(State { phase: None, began: now, tenths: 0, told: now }) }
    }

    /// Says what could not be read of a damaged medium.
    pub fn mended(&self, mended: &Mended) {
        let Mended { path, pictures, packets } = mended;
        match &self.mode {
            Shown::None => {}
            Shown::Json => line(&json!({
                "phase": "mended",
                "file": path.display().to_string(),
                "pictures_replaced": pictures,
                "sounds_silenced": packets,
            })),
            Shown::Bar(_) | Shown::Plain => eprintln!(
                "`{}` is damaged: {pictures} pictures give way to the one before, {packets} packets of sound to silence",
                path.display()
            ),
        }
    }

    /// Says what is about to be rendered, how much of it, and by what.
    pub fn begin(&self, timeline: &Timeline, frames: i64, executor: &str) {
        let Timeline { size, frame_rate, .. } = timeline;
        match &self.mode {
            Shown::None => {}
            Shown::Json => line(&json!({
                "phase": "begin",
                "width": size.width,
                "height": size.height,
                "frame_rate": format!("{}/{}", frame_rate.numerator(), frame_rate.denominator()),
                "frames_total": frames,
                "executor": executor,
            })),
            Shown::Bar(_) | Shown::Plain => {
                eprintln!("{size} at {frame_rate}, {frames} frames, on {executor}");
            }
        }
    }

    /// Says that the render is done. `output` is where the film is.
    pub fn done(&self, report: &RenderReport, output: &str) {
        let what = if report.written { "written" } else { "unchanged" };
        match &self.mode {
            Shown::None => {}
            Shown::Json => line(&json!({
                "phase": "done",
                "output": output,
                "written": report.written,
                "frames": report.frames,
                "frames_reused": report.frames_reused,
                "segments": report.segments,
                "segments_reused": report.segments_reused,
                "segments_verified": report.segments_verified,
                "segments_differing": report.segments_differing,
            })),
            Shown::Bar(_) | Shown::Plain => {
                if let Shown::Bar(bar) = &self.mode {
                    bar.finish_and_clear();
                }
                eprintln!(
                    "{output}: {what}; {} frames, {} of {} segments reused",
                    report.frames, report.segments_reused, report.segments
                );
                match (report.segments_verified, report.segments_differing) {
                    (0, _) => {}
                    (verified, 0) => eprintln!("{verified} segments of the cache verified"),
                    (verified, differing) => eprintln!(
                        "{differing} of {verified} segments of the cache were not what is made now; all were made anew"
                    ),
                }
            }
        }
    }

    /// Says that the render ended without a film.
    pub fn failed(&self, failure: &Failure) {
        self.mode.failed(failure);
    }
}

impl Progress for Reporter {
    fn notice(&self, words: &str) {
        match &self.mode {
            Shown::None => {}
            Shown::Json => line(&json!({ "phase": "notice", "message": words })),
            Shown::Bar(bar) => bar.suspend(|| eprintln!("note: {words}")),
            Shown::Plain => eprintln!("note: {words}"),
        }
    }

    fn update(&self, status: Status) {
        if matches!(self.mode, Shown::None) {
            return;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = clock::now();
        let new_phase = state.phase.replace(status.phase) != Some(status.phase);
        if new_phase && status.phase == Phase::Render {
            state.began = now;
        }
        let speed = Speed::of(status, now.duration_since(state.began), self.rate);
        match &self.mode {
            Shown::Bar(bar) => {
                bar.set_length(u64::try_from(status.frames_total).unwrap_or(0));
                bar.set_position(u64::try_from(status.frames_done).unwrap_or(0));
                bar.set_prefix(status.phase.name());
                bar.set_message(speed.to_string());
            }
            Shown::Plain => {
                let tenths = status.frames_done * 10 / status.frames_total.max(1);
                if new_phase || tenths > state.tenths {
                    state.tenths = tenths;
                    let Status { frames_done, frames_total, .. } = status;
                    eprintln!("{}: {frames_done} of {frames_total} frames{speed:#}", status.phase.name());
                }
            }
            Shown::Json => {
                let complete = status.frames_done == status.frames_total;
                if new_phase || complete || now.duration_since(state.told) >= JSON_INTERVAL {
                    state.told = now;
                    line(&json!({
                        "phase": status.phase.name(),
                        "frames_done": status.frames_done,
                        "frames_reused": status.frames_reused,
                        "frames_total": status.frames_total,
                        "fps": speed.frames_per_second.map(|fps| rounded(fps, 10.0)),
                        "speed": speed.realtime.map(|speed| rounded(speed, 100.0)),
                        "seconds_left": speed.seconds_left.map(|left| rounded(left, 10.0)),
                    }));
                }
            }
            Shown::None => {}
        }
    }
}

/// To the nearest of `parts` parts of one.
fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}

/// How fast frames are made; empty until there is something to measure.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
struct Speed {
    frames_per_second: Option<f64>,
    realtime: Option<f64>,
    seconds_left: Option<f64>,
}

impl Speed {
    fn of(status: Status, elapsed: Duration, rate: FrameRate) -> Self {
        let made = status.frames_done - status.frames_reused;
        let elapsed = elapsed.as_secs_f64();
        if status.phase != Phase::Render || made <= 0 || elapsed <= 0.0 {
            return Self::default();
        }
        let frames_per_second = made as f64 / elapsed;
        Self {
            frames_per_second: Some(frames_per_second),
            realtime: Some(frames_per_second / rate.per_second().to_f64()),
            seconds_left: Some((status.frames_total - status.frames_done) as f64 / frames_per_second),
        }
    }
}

/// `, 88 fps (2.9x), 12 s left`; the alternate form leaves out what is left, which a line in a log
/// has no use for.
impl std::fmt::Display for Speed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Some(fps), Some(realtime), Some(left)) =
            (self.frames_per_second, self.realtime, self.seconds_left)
        else {
            return Ok(());
        };
        write!(f, ", {fps:.0} fps ({realtime:.1}x)")?;
        if f.alternate() { Ok(()) } else { write!(f, ", {left:.0} s left") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speed_counts_only_frames_that_were_made() {
        let status = Status { phase: Phase::Render, frames_done: 150, frames_reused: 90, frames_total: 270 };
        let speed = Speed::of(status, Duration::from_secs(1), FrameRate::DEFAULT);
        assert_eq!(speed.to_string(), ", 60 fps (2.0x), 2 s left");
        assert_eq!(format!("{speed:#}"), ", 60 fps (2.0x)");
    }

    #[test]
    fn there_is_no_speed_before_the_first_frame() {
        let status = Status { phase: Phase::Render, frames_done: 90, frames_reused: 90, frames_total: 270 };
        assert_eq!(Speed::of(status, Duration::from_secs(1), FrameRate::DEFAULT), Speed::default());
        assert_eq!(Speed::default().to_string(), "");
    }
}
