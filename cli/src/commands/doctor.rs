//! `vid doctor`: whether this machine has what rendering needs.

use std::path::{Path, PathBuf};

use clap::Args;
use vid_runtime::FontLibrary;
use vid_runtime::media::{self, EncoderKind};

use crate::cache::{self, CacheArguments};
use super::sandbox;
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
        false if !matches!(kind, EncoderKind::H264 | EncoderKind::Aac) => {
            (State::Note, format!("FFmpeg is built without `{}`, so there is no {}", kind.library(), kind.name()))
        }
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

/// Vulkan's loader finds drivers by descriptions in these folders.
const DRIVER_FOLDERS: [&str; 3] =
    ["/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/etc/vulkan/icd.d"];

fn vulkan() -> Finding {
    let mut names: Vec<String> =
        DRIVER_FOLDERS.iter().flat_map(|folder| drivers_in(Path::new(folder))).collect();
    names.sort();
    names.dedup();
    let words = match names.is_empty() {
        true => "no driver; a later version will use one to render on the graphics card".to_owned(),
        false => format!("{}; not used yet", names.join(", ")),
    };
    Finding { state: State::Note, subject: "vulkan", words }
}

/// `lvp` for `lvp_icd.x86_64.json`.
fn drivers_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names
        .filter(|name| name.ends_with(".json"))
        .map(|name| name.split("_icd").next().unwrap_or(&name).to_owned())
        .collect()
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
    Finding { state: State::Good, subject: "executor", words: "`auto` chooses cpu".to_owned() }
}
