//! What the child does: a body and local files become a film.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, setrlimit};
use vid_runtime::isolate::{Confinement, Intake, MissingLayers, WorkerCommand};
use vid_runtime::media::MediaError;
use vid_runtime::text::FontLibrary;
use vid_runtime::{
    Assets, CancelToken, Executor, Phase, Progress, RenderError, RenderRequest, SegmentStore, Status,
    StillRequest, Verify, clock, frame_at, poster, render,
};
use vid_timeline::api::{self, Severity, ViolationCode};
use vid_timeline::{Natural, Time, Timeline};

use super::fits;
use super::order::{Made, Order, Report, Work};
use crate::config::Isolation;
use crate::error::ErrorCode;
use crate::store::{Failure, Stage};

/// What this program is started with to read one medium, confined.
pub const MEDIA_WORKER: &str = "media-worker";
/// Longest order, in bytes: a body with every address as long as it may be, and more.
const MAX_ORDER_BYTES: u64 = 64 << 20;
/// Least time between two reports of the same stage.
const REPORT_INTERVAL: Duration = Duration::from_millis(100);
/// Longest side of the picture of the first frame, in pixels.
const THUMBNAIL_SIDE: u32 = 640;

/// Why a film was not made.
enum Trouble {
    /// It cannot be.
    Failed(Failure),
    /// Something else stood in the way.
    Hindered(Failure),
}

/// Makes the film that standard input orders and says on standard output how it goes. Ends the process
/// when standard input ends: whoever ordered it is gone.
pub fn render_child() -> ExitCode {
    let mut line = String::new();
    let mut input = io::BufReader::new(io::stdin()).take(MAX_ORDER_BYTES);
    let order: Option<Order> = input.read_line(&mut line).ok().and_then(|_| serde_json::from_str(&line).ok());
    let Some(order) = order else { return ExitCode::FAILURE };
    // What is only reserved does not count, nor do files that are mapped: threads and libraries reserve much
    // that they never touch.
    let most = Rlimit { current: Some(order.memory), maximum: Some(order.memory) };
    if let Err(error) = setrlimit(Resource::Data, most) {
        eprintln!("memory cannot be limited: {error}");
        return ExitCode::FAILURE;
    }
    std::thread::spawn(move || {
        // Nothing more comes; that it ends is the news.
        let _ = io::copy(&mut input.into_inner(), &mut io::sink());
        std::process::exit(1);
    });
    let voice = Arc::new(Voice::default());
    let report = match make(&order, &voice) {
        Ok(made) => Report::Done(made),
        Err(Trouble::Failed(failure)) => Report::Failed(failure),
        Err(Trouble::Hindered(failure)) => Report::Hindered(failure),
    };
    match voice.say(&report) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Says things on standard output, not too often.
#[derive(Default)]
struct Voice {
    last: Mutex<Option<(Stage, u8, Instant)>>,
}

impl Voice {
    fn say(&self, report: &Report) -> io::Result<()> {
        let text = serde_json::to_string(report).map_err(io::Error::other)?;
        let mut out = io::stdout().lock();
        writeln!(out, "{text}")?;
        out.flush()
    }

    fn progress(&self, stage: Stage, percent: u8) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let now = clock::instant();
        let is_news = last.is_none_or(|(before, at, when)| {
            before != stage || at < percent && now.duration_since(when) >= REPORT_INTERVAL
        });
        if is_news {
            *last = Some((stage, percent, now));
            // Whoever listens may be gone; then this process ends in a moment.
            let _ = self.say(&Report::Progress { stage, percent });
        }
    }
}

impl Progress for Voice {
    fn update(&self, status: Status) {
        let done = status.frames_done.clamp(0, status.frames_total) * 100;
        let percent = u8::try_from(done / status.frames_total.max(1)).unwrap_or(100);
        match status.phase {
            Phase::Prepare | Phase::Render => self.progress(Stage::Compositing, percent),
            Phase::Join => self.progress(Stage::Encoding, 0),
        }
    }
}

fn make(order: &Order, voice: &Voice) -> Result<Made, Trouble> {
    voice.progress(Stage::Compositing, 0);
    let intake = intake(order.isolation)?;
    let mut timeline = timeline(order, &intake)?;
    fits::apply(&order.body, &mut timeline);
    let told = |error: RenderError| trouble(order, &error);
    let store = SegmentStore::open(&order.segments).map_err(told)?;
    let locate = |location: &str| {
        let file = order.sources.get(location).cloned();
        file.ok_or_else(|| RenderError::Remote { location: location.to_owned() })
    };
    let fonts = FontLibrary::system();
    let assets = Assets::gather_through(intake, &timeline, fonts, store.index(), &locate).map_err(told)?;
    let still = |time, side, to: &Path| {
        let picture = frame_at(&StillRequest { timeline: &timeline, assets: &assets, time }).map_err(told)?;
        let written = poster(&picture, side).and_then(|bytes| std::fs::write(to, bytes));
        written.map_err(|error| told(RenderError::io("write", to, error)))
    };
    let (film, thumbnail) = match &order.work {
        Work::Film { film, thumbnail } => (film, thumbnail),
        Work::Frames { frames, side } => {
            for (millis, to) in frames {
                still(Time::from_millis(*millis), *side, to)?;
            }
            return Ok(made(&timeline));
        }
    };
    let request = RenderRequest {
        timeline: &timeline,
        assets: &assets,
        // The same bytes on every machine.
        executor: &Executor::Cpu,
        output: 0,
        window: None,
        verify: Verify::Trust,
        destination: film,
        store: &store,
        workers: None,
        progress: voice,
        cancel: &CancelToken::default(),
    };
    render(&request).map_err(told)?;
    still(Time::ZERO, THUMBNAIL_SIDE, thumbnail)?;
    Ok(made(&timeline))
}

fn made(timeline: &Timeline) -> Made {
    let output = timeline.outputs.first();
    let format = output.map_or(vid_timeline::OutputFormat::Mp4, |output| output.format);
    let millis = timeline.duration.seconds() * vid_timeline::Rational::from(1000_i64);
    Made {
        width: timeline.size.width,
        height: timeline.size.height,
        duration_millis: if format.is_still() {
            0
        } else {
            i64::try_from(millis.floor()).unwrap_or(i64::MAX)
        },
        extension: format.name().to_owned(),
        filename: output.and_then(|output| output.filename.clone()),
    }
}

fn intake(isolation: Isolation) -> Result<Intake, Trouble> {
    let missing = match isolation {
        Isolation::Off => return Ok(Intake::Here),
        Isolation::Strict => MissingLayers::Refuse,
        Isolation::Available => MissingLayers::Accept,
    };
    let worker = WorkerCommand::this_program(&[MEDIA_WORKER])
        .map_err(|error| hindered(&vid_runtime::plain_reason(&error)))?;
    Ok(Intake::Confined(Arc::new(Confinement::new(worker, missing))))
}

/// The film of the body, with the lengths of its media.
fn timeline(order: &Order, intake: &Intake) -> Result<Timeline, Trouble> {
    let mut facts: BTreeMap<String, Natural> = BTreeMap::new();
    for url in api::media_urls(&order.body) {
        if let Some(path) = order.sources.get(&url) {
            facts.insert(url, natural(order, intake, path)?);
        }
    }
    let read = api::from_json(&order.body, &facts);
    let error = read.violations.iter().find(|violation| violation.severity == Severity::Error);
    read.timeline.ok_or_else(|| {
        let code = match error.map(|violation| violation.code) {
            Some(ViolationCode::UnsupportedFeature) => ErrorCode::UnsupportedFeature,
            _ => ErrorCode::InvalidRequest,
        };
        let message = error.map_or_else(
            || "the body is no film".to_owned(),
            |violation| match violation.pointer() {
                pointer if pointer.is_empty() => violation.message.clone(),
                pointer => format!("{pointer}: {}", violation.message),
            },
        );
        Trouble::Failed(Failure::new(code, message))
    })
}

fn natural(order: &Order, intake: &Intake, path: &Path) -> Result<Natural, Trouble> {
    let facts = intake.probe(path).map_err(|error| trouble(order, &error.into()))?;
    let (width, height) = facts.display_size();
    Ok(Natural { width, height, duration: facts.duration, has_sound: facts.audio.is_some() })
}

fn hindered(reason: &str) -> Trouble {
    Trouble::Hindered(Failure::new(ErrorCode::Internal, reason))
}

/// What a caller is told of an error. Paths of this machine are told to nobody: a medium is named by its
/// address, anything else not at all.
fn trouble(order: &Order, error: &RenderError) -> Trouble {
    let code = match error {
        error if error.is_disk_full() => return hindered("there is no room on the disk"),
        RenderError::Media(error) => match code_of(error) {
            Some(code) => code,
            None => return internal(error),
        },
        RenderError::Still(_) | RenderError::Scale(_) | RenderError::Lut(_) | RenderError::Remote { .. } => {
            ErrorCode::InvalidSource
        }
        RenderError::Text(_) => ErrorCode::InvalidRequest,
        error => return internal(error),
    };
    let mut message = error.to_string();
    for (url, path) in &order.sources {
        message = message.replace(&*path.to_string_lossy(), url);
    }
    Trouble::Failed(Failure::new(code, message))
}

/// What is our own fault goes to the log, which standard error is.
fn internal(error: &dyn std::error::Error) -> Trouble {
    eprintln!("{error}");
    hindered("the film could not be made here")
}

/// Whose fault it is; `None` for ours.
fn code_of(error: &MediaError) -> Option<ErrorCode> {
    match error {
        MediaError::Unsupported { .. } => Some(ErrorCode::CodecUnsupported),
        MediaError::Empty { .. }
        | MediaError::NotMedia { .. }
        | MediaError::Truncated { .. }
        | MediaError::NoSuchStream { .. }
        | MediaError::LimitExceeded { .. }
        | MediaError::Damaged { .. }
        | MediaError::Changed { .. }
        | MediaError::DecoderDied { .. } => Some(ErrorCode::InvalidSource),
        _ => None,
    }
}
