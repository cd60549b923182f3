//! `vid doctor`: whether this machine has what rendering needs.

use std::path::PathBuf;

use clap::Args;
use vid_runtime::gpu::{self, DeviceKind};
use vid_runtime::media::{self, EncoderKind};
use vid_runtime::{Executor, FontLibrary};

use super::{catalog, sandbox};
use crate::cache::{self, CacheArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// What `vid doctor` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Where the cache is.
    #[command(flatten)]
    pub cache: CacheArguments,

    /// Try to get out of the confined process that `--isolate` reads media in
    #[arg(long)]
    pub sandbox: bool,

    /// List the effects, motions, transitions, blend modes, formats and encoders that are rendered here
    #[arg(long, conflicts_with = "sandbox")]
    pub catalog: bool,

    /// How the catalogue is written
    #[arg(long, requires = "catalog", default_value = "human")]
    pub format: catalog::Format,
}

/// The family that text is set in unless it says otherwise.
const DEFAULT_FAMILY: &str = "Inter";

/// How something is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// As it should be.
    Good,
    /// Worth knowing.
    Note,
    /// Rendering needs it and it is not there.
    Missing,
}

struct Finding {
    state: State,
    subject: &'static str,
    words: String,
}

/// Looks at the machine and says what it found.
///
/// # Errors
/// When the findings cannot be printed.
pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    if arguments.sandbox {
        return sandbox::run();
    }
    if arguments.catalog {
        return catalog::run(arguments.format);
    }
    let mut findings = vec![libraries()];
    findings.extend(EncoderKind::ALL.iter().copied().map(encoder));
    findings.extend([fonts(), vulkan(), cache_of(&arguments.cache), cores(), confinement(), executor()]);
    let mut text = String::new();
    for Finding { state, subject, words } in &findings {
        let mark = match state {
            State::Good => "ok",
            State::Note => "note",
            State::Missing => "MISSING",
        };
        text.push_str(&format!("{mark:8} {subject:9} {words}\n"));
    }
    output::print(text)?;
    let missing = findings.iter().any(|finding| finding.state == State::Missing);
    Ok(if missing { Exit::Media } else { Exit::Success })
}

fn libraries() -> Finding {
    let words: Vec<String> =
        media::libraries().iter().map(|(name, version)| format!("{name} {version}")).collect();
    Finding { state: State::Good, subject: "ffmpeg", words: words.join(", ") }
}

fn encoder(kind: EncoderKind) -> Finding {
    let (state, words) = match media::has_encoder(kind) {
        true => (State::Good, format!("{} encodes {}", kind.library(), kind.name())),
        // The default of every film; the others matter to those who ask for them.
        false if !matches!(kind, EncoderKind::H264 | EncoderKind::Aac) => (
            State::Note,
            format!("FFmpeg is built without `{}`, so there is no {}", kind.library(), kind.name()),
        ),
        false => (
            State::Missing,
            format!("FFmpeg is built without `{}`, so there is no {}", kind.library(), kind.name()),
        ),
    };
    Finding { state, subject: "encoder", words }
}

fn confinement() -> Finding {
    let (is_whole, words) = sandbox::layers();
    Finding { state: if is_whole { State::Good } else { State::Note }, subject: "sandbox", words }
}

fn fonts() -> Finding {
    let library = FontLibrary::system();
    let count = library.families().count();
    match library.has_family(DEFAULT_FAMILY) {
        true => Finding {
            state: State::Good,
            subject: "fonts",
            words: format!("{count} families, `{DEFAULT_FAMILY}` is there"),
        },
        false => Finding {
            state: State::Missing,
            subject: "fonts",
            words: format!(
                "{count} families, but not `{DEFAULT_FAMILY}`, the default of text; on Debian: apt install fonts-inter"
            ),
        },
    }
}

fn vulkan() -> Finding {
    let names: Vec<String> = gpu::devices()
        .into_iter()
        .map(|(name, kind)| match kind {
            DeviceKind::Software => format!("{name}, which computes on the processor"),
            DeviceKind::Discrete | DeviceKind::Integrated | DeviceKind::Virtual => name,
        })
        .collect();
    let words = match names.is_empty() {
        true => "no device; films are made by the processor".to_owned(),
        false => names.join("; "),
    };
    Finding { state: State::Note, subject: "vulkan", words }
}

fn cache_of(arguments: &CacheArguments) -> Finding {
    let subject = "cache";
    let folder: PathBuf = match arguments.folder() {
        Ok(folder) => folder,
        Err(failure) => return Finding { state: State::Missing, subject, words: failure.to_string() },
    };
    match arguments.open() {
        Ok(_) => {
            let mebibytes = cache::size_of(&folder) as f64 / f64::from(1 << 20);
            Finding {
                state: State::Good,
                subject,
                words: format!("{} holds {mebibytes:.1} MiB", folder.display()),
            }
        }
        Err(failure) => Finding { state: State::Missing, subject, words: failure.to_string() },
    }
}

fn cores() -> Finding {
    let words = std::thread::available_parallelism().map_or("unknown".to_owned(), |cores| cores.to_string());
    Finding { state: State::Good, subject: "cores", words }
}

fn executor() -> Finding {
    Finding {
        state: State::Good,
        subject: "executor",
        words: format!("`auto` chooses {}", Executor::preferred().words()),
    }
}
