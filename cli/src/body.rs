//! The host of API bodies: finds the local files behind their addresses and makes a timeline.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use vid_timeline::api::{self, Severity};
use vid_timeline::{Natural, Timeline};

use crate::arguments::AssetArguments;
use crate::dependencies::Dependencies;
use crate::failure::Failure;
use crate::intake;
use crate::report::{self, Voice};

/// A film that came as an API body, with the local file behind each address.
pub struct BodyFilm {
    /// The film.
    pub timeline: Timeline,
    /// Local paths by address.
    pub files: BTreeMap<String, PathBuf>,
}

/// What the media of a body are needed for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MediaNeed {
    /// For their pictures and sound: each has to be a file that can be read.
    Content,
    /// For their lengths where the body leaves them open; what is not here is not missed.
    Facts,
}

/// Reads a body, shows what is wrong with it, and probes its media.
///
/// # Errors
/// When it has errors, which were shown.
pub fn open(
    name: &Path,
    text: &str,
    assets: &AssetArguments,
    need: MediaNeed,
    dependencies: &mut Dependencies,
    voice: Voice,
) -> Result<BodyFilm, Failure> {
    let mapping = Mapping::new(name, assets);
    let mut files = BTreeMap::new();
    let mut facts = BTreeMap::new();
    let mut problems = BTreeMap::new();
    for url in api::media_urls(text) {
        let found = mapping.path_of(&url).and_then(|path| {
            dependencies.add(&path);
            let natural = natural(&path);
            files.insert(url.clone(), path);
            natural
        });
        match found {
            Ok(natural) => {
                facts.insert(url, natural);
            }
            Err(problem) if need == MediaNeed::Content => {
                problems.insert(url, problem);
            }
            Err(_) => {}
        }
    }
    let read = api::from_json(text, &facts);
    report::violations(name, &read.violations, voice);
    let media_errors = show_problems(name, text, &problems, voice);
    let errors = read.violations.iter().filter(|violation| violation.severity == Severity::Error).count();
    match read.timeline {
        Some(timeline) if errors + media_errors == 0 => Ok(BodyFilm { timeline, files }),
        _ => Err(Failure::Reported { errors: errors + media_errors }),
    }
}

/// Reads at most one byte more than a body may have; the rest decides nothing.
///
/// # Errors
/// When the input cannot be read or is not UTF-8.
pub fn read(input: impl Read) -> std::io::Result<String> {
    let limit = api::MAX_BODY_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    input.take(limit).read_to_end(&mut bytes)?;
    // A text that is cut off by the limit may end inside a letter.
    if bytes.len() as u64 == limit {
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    String::from_utf8(bytes)
        .map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error.utf8_error()))
}

fn natural(path: &Path) -> Result<Natural, String> {
    let facts = intake::probe(path).map_err(|error| error.to_string())?;
    let (width, height) = facts.display_size();
    Ok(Natural { width, height, duration: facts.duration, has_sound: facts.audio.is_some() })
}

/// Shows every place that names a medium which cannot be used. Returns how many there are.
fn show_problems(name: &Path, text: &str, problems: &BTreeMap<String, String>, voice: Voice) -> usize {
    let Ok(body) = serde_json::from_str::<serde_json::Value>(text) else { return 0 };
    let mut errors = 0;
    let mut show = |pointer: String| {
        let url = body.pointer(&pointer).and_then(|url| url.as_str());
        if let Some(problem) = url.and_then(|url| problems.get(url)) {
            errors += 1;
            report::problem(name, &pointer, problem, voice);
        }
    };
    show("/background_image_url".to_owned());
    let elements = body.get("elements").and_then(|elements| elements.as_array()).map_or(0, Vec::len);
    for index in 0..elements {
        show(format!("/elements/{index}/source_url"));
    }
    errors
}

/// Leads from addresses to files.
pub struct Mapping {
    base: Option<String>,
    root: PathBuf,
}

impl Mapping {
    /// For the body of that name.
    pub fn new(body: &Path, assets: &AssetArguments) -> Self {
        let folder = body.parent().unwrap_or(Path::new("")).to_owned();
        let base = assets.asset_base.as_ref().map(|base| format!("{}/", base.trim_end_matches('/')));
        Self { base, root: assets.asset_root.clone().unwrap_or(folder) }
    }

    /// Whether an address is said to be that of a local file.
    pub fn is_local(&self, url: &str) -> bool {
        self.base.as_ref().is_some_and(|base| url.starts_with(base.as_str()))
    }

    /// The file behind an address, or why there is none.
    ///
    /// # Errors
    /// When it is not below the address that stands for a folder, or leads out of that folder.
    pub fn path_of(&self, url: &str) -> Result<PathBuf, String> {
        let Some(base) = &self.base else {
            return Err(
                "only local files are rendered; `--asset-base URL` says which addresses are local".to_owned()
            );
        };
        let Some(rest) = url.strip_prefix(base.as_str()) else {
            return Err(format!("the address is not below `{base}`, and only local files are rendered"));
        };
        let rest = rest.split(['?', '#']).next().unwrap_or(rest);
        let path =
            decoded(rest).ok_or_else(|| format!("`{rest}` is no path: its percent signs encode no text"))?;
        // Whoever wrote the body must not reach files outside the folder that was named.
        let inside = Path::new(&path).components().all(|part| matches!(part, Component::Normal(_)));
        if path.is_empty() || !inside || path.contains('\0') {
            return Err(format!("`{path}` leaves the folder of the media"));
        }
        Ok(self.root.join(path))
    }
}

/// Percent-decoded text; `None` when it is malformed or not UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let value = digit(rest.next())? * 16 + digit(rest.next())?;
        bytes.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path_of(url: &str) -> Result<PathBuf, String> {
        let assets = AssetArguments {
            asset_base: Some("https://media.example.org/films/".to_owned()),
            asset_root: Some(PathBuf::from("/films")),
        };
        Mapping::new(Path::new("body.json"), &assets).path_of(url)
    }

    #[test]
    fn an_address_below_the_base_is_a_file_below_the_root() {
        let of = |url| path_of(url).unwrap();
        assert_eq!(of("https://media.example.org/films/a.mp4"), Path::new("/films/a.mp4"));
        assert_eq!(
            of("https://media.example.org/films/a%20b/%C3%A9.mp4?sig=1"),
            Path::new("/films/a b/é.mp4")
        );
    }

    #[test]
    fn nothing_outside_the_root_is_reached() {
        for rest in
            ["../a.mp4", "%2e%2e/a.mp4", "a/../../b.mp4", "%2Fetc/passwd", "", "a%00.mp4", "a%GG.mp4", "a%f"]
        {
            assert!(path_of(&format!("https://media.example.org/films/{rest}")).is_err(), "{rest}");
        }
        assert!(path_of("https://media.example.org/filmsy/a.mp4").is_err());
        assert!(path_of("https://elsewhere.example.org/a.mp4").is_err());
    }
}
