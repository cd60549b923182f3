//! A film that is ready to be rendered, wherever it came from.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

use clap::Args;
use vid_runtime::store::HashIndex;
use vid_runtime::text::FontLibrary;
use vid_runtime::{Assets, RenderError};
use vid_timeline::{Content, Element, Timeline};

use crate::arguments::{AssetArguments, CompositionArguments};
use crate::body::{self, MediaNeed};
use crate::dependencies::Dependencies;
use crate::failure::Failure;
use crate::intake;
use crate::output;
use crate::project::{Addresses, Project};
use crate::report::{self, Voice};

/// Which film.
#[derive(Args, Clone, Debug)]
pub struct FilmArguments {
    /// A source (`.vid`) or the body of an API request (`.json`); `-` for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Which composition of a source.
    #[command(flatten)]
    pub composition: CompositionArguments,

    /// Where the addresses of a body lead.
    #[command(flatten)]
    pub assets: AssetArguments,
}

/// The timeline of a film, which need not be one that can be drawn here: media may be missing, or be
/// addresses. Everything there is to say about it has been said afterwards, and every file it depends
/// on is in `dependencies`, also when it fails.
///
/// # Errors
/// When the film has errors or cannot be read.
pub fn timeline_of(
    arguments: &FilmArguments,
    dependencies: &mut Dependencies,
    voice: Voice,
) -> Result<Timeline, Failure> {
    let path = &arguments.file;
    dependencies.add(path);
    match input_of(path).map_err(|error| Failure::input(path, error))? {
        Input::Source(text) => {
            refuse_assets(&arguments.assets)?;
            let mut project = Project::open(path, text.as_deref());
            let compiled = project.compile(&arguments.composition, Addresses::Accepted);
            dependencies.extend(compiled.dependencies.iter().skip(usize::from(project.is_stdin())));
            report::diagnostics(&compiled.diagnostics, &project, voice);
            let errors = report::errors_in(&compiled.diagnostics);
            compiled.timeline.map(|timeline| Timeline::clone(&timeline)).ok_or(Failure::Reported { errors })
        }
        Input::Body(text) => {
            refuse_parameters(&arguments.composition)?;
            let film = body::open(path, &text, &arguments.assets, MediaNeed::Facts, dependencies, voice)?;
            Ok(film.timeline)
        }
    }
}

/// A source names its files by path.
///
/// # Errors
/// When addresses were given a place.
pub fn refuse_assets(assets: &AssetArguments) -> Result<(), Failure> {
    match assets.asset_base {
        Some(_) => Err(Failure::usage("`--asset-base` is for API bodies; a source names its files by path")),
        None => Ok(()),
    }
}

/// A body is one film.
///
/// # Errors
/// When one of several was asked for, or values were given.
pub fn refuse_parameters(composition: &CompositionArguments) -> Result<(), Failure> {
    if composition.composition.is_some() || !composition.parameters.is_empty() {
        let message = "`--composition` and `--set` are for sources; an API body has neither";
        return Err(Failure::usage(message));
    }
    Ok(())
}

/// A film without errors that this runtime can draw.
pub struct Film {
    /// The film.
    pub timeline: Timeline,
    origin: FilmOrigin,
    /// Found already while opening; taken by the first who needs them.
    fonts: Option<FontLibrary>,
}

/// Where a film came from.
enum FilmOrigin {
    /// A source, in which every location is a path already.
    Source(Box<Project>),
    /// An API body.
    Body {
        /// The body as it was named.
        name: PathBuf,
        /// The local path of each address.
        files: BTreeMap<String, PathBuf>,
    },
}

impl Film {
    /// Opens a film. Everything there is to say about it has been said afterwards, and every file
    /// it depends on is in `dependencies`, also when it fails.
    ///
    /// # Errors
    /// When it has errors, cannot be read, or asks for fonts that are not there.
    pub fn open(
        arguments: &FilmArguments,
        dependencies: &mut Dependencies,
        voice: Voice,
    ) -> Result<Self, Failure> {
        let path = &arguments.file;
        dependencies.add(path);
        match input_of(path).map_err(|error| Failure::input(path, error))? {
            Input::Source(text) => Self::from_source(path, text.as_deref(), arguments, dependencies, voice),
            Input::Body(text) => Self::from_body(path, &text, arguments, dependencies, voice),
        }
    }

    fn from_source(
        path: &Path,
        text: Option<&str>,
        arguments: &FilmArguments,
        dependencies: &mut Dependencies,
        voice: Voice,
    ) -> Result<Self, Failure> {
        refuse_assets(&arguments.assets)?;
        let fonts = installed_fonts();
        let mut project = Project::open(path, text);
        let compiled = project.compile(&arguments.composition, Addresses::Refused);
        dependencies.extend(compiled.dependencies.iter().skip(usize::from(project.is_stdin())));
        let diagnostics = compiled.diagnostics;
        report::diagnostics(&diagnostics, &project, voice);
        let Some(timeline) = compiled.timeline else {
            return Err(Failure::Reported { errors: report::errors_in(&diagnostics) });
        };
        let fonts = fonts.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let missing = missing_fonts(&timeline, &fonts, dependencies);
        let without_font = missing.fonts.into_iter();
        let without_font: Vec<_> =
            without_font.map(|(element, message)| project.diagnostic_of_font(element, message)).collect();
        let glyphs = missing.glyphs.into_iter();
        let remarks: Vec<_> =
            glyphs.map(|(element, message)| project.diagnostic_of_glyphs(element, message)).collect();
        report::diagnostics(&remarks, &project, voice);
        if !without_font.is_empty() {
            report::diagnostics(&without_font, &project, voice);
            return Err(Failure::Reported { errors: without_font.len() });
        }
        let origin = FilmOrigin::Source(Box::new(project));
        Ok(Self { timeline: Timeline::clone(&timeline), origin, fonts: Some(fonts) })
    }

    fn from_body(
        path: &Path,
        text: &str,
        arguments: &FilmArguments,
        dependencies: &mut Dependencies,
        voice: Voice,
    ) -> Result<Self, Failure> {
        refuse_parameters(&arguments.composition)?;
        let film = body::open(path, text, &arguments.assets, MediaNeed::Content, dependencies, voice)?;
        let fonts = FontLibrary::system();
        let missing = missing_fonts(&film.timeline, &fonts, dependencies);
        for (element, message) in &missing.fonts {
            report::font_in_body(path, element, message, voice);
        }
        for (element, message) in &missing.glyphs {
            report::glyphs_in_body(path, element, message, voice);
        }
        match missing.fonts.len() {
            0 => {
                let origin = FilmOrigin::Body { name: path.to_owned(), files: film.files };
                Ok(Self { timeline: film.timeline, origin, fonts: Some(fonts) })
            }
            errors => Err(Failure::Reported { errors }),
        }
    }

    /// Looks at every file the film reads.
    ///
    /// # Errors
    /// When a medium or a font is missing or cannot be read.
    pub fn assets(
        &mut self,
        index: &HashIndex,
        dependencies: &mut Dependencies,
    ) -> Result<Assets, RenderError> {
        let fonts = self.fonts.take().unwrap_or_else(FontLibrary::system);
        let locate = |location: &str| self.locate(location);
        let assets = Assets::gather_through(intake::intake(), &self.timeline, fonts, index, &locate)?;
        dependencies.extend(assets.paths());
        Ok(assets)
    }

    /// The failure of a render of this film, with the place that names the medium, if it was one.
    pub fn failure(&self, error: RenderError) -> Failure {
        let RenderError::Media(cause) = &error else { return error.into() };
        let names_it = |element: &&Element| {
            let mut paths = element.media().map(|source| self.locate(&source.location));
            paths.any(|path| path.is_ok_and(|path| cause.path() == Some(&path)))
        };
        match self.timeline.all_elements().find(names_it) {
            Some(element) => Failure::Medium { place: self.place_of(element), error: Box::new(error) },
            None => error.into(),
        }
    }

    fn place_of(&self, element: &Element) -> String {
        match &self.origin {
            FilmOrigin::Source(project) => report::place_in_source(project, element.origin),
            FilmOrigin::Body { name, .. } => format!("{}: the element `{}`", name.display(), element.id),
        }
    }

    fn locate(&self, location: &str) -> Result<PathBuf, RenderError> {
        if let FilmOrigin::Body { files, .. } = &self.origin
            && let Some(path) = files.get(location)
        {
            return Ok(path.clone());
        }
        if location.starts_with("http://") || location.starts_with("https://") {
            return Err(RenderError::Remote { location: location.to_owned() });
        }
        Ok(PathBuf::from(location))
    }
}

/// Lists the fonts of the machine on a thread of its own: reading the head of every font file takes
/// about as long as compiling a film and looking at its media.
fn installed_fonts() -> JoinHandle<FontLibrary> {
    std::thread::spawn(FontLibrary::system)
}

/// What texts ask of fonts and do not get, each with the reason.
#[derive(Default)]
struct MissingFonts<'a> {
    /// Texts whose font cannot be used.
    fonts: Vec<(&'a Element, String)>,
    /// Texts with characters that no font has.
    glyphs: Vec<(&'a Element, String)>,
}

/// Most characters that are named in one message.
const NAMED_CHARACTERS: usize = 8;

/// What is missing for the film's texts. The files of the fonts that are there are dependencies.
fn missing_fonts<'a>(
    timeline: &'a Timeline,
    fonts: &FontLibrary,
    dependencies: &mut Dependencies,
) -> MissingFonts<'a> {
    let mut missing = MissingFonts::default();
    for element in timeline.all_elements() {
        let Content::Text(text) = &element.content else { continue };
        match fonts.faces(text) {
            Ok(faces) => {
                dependencies.extend(faces.paths());
                if !faces.missing_glyphs().is_empty() {
                    missing.glyphs.push((element, glyphs_message(faces.missing_glyphs())));
                }
            }
            Err(error) => missing.fonts.push((element, error.to_string())),
        }
    }
    missing
}

fn glyphs_message(missing: &[char]) -> String {
    let named: Vec<String> = missing
        .iter()
        .take(NAMED_CHARACTERS)
        .map(|character| format!("`{character}` (U+{:04X})", u32::from(*character)))
        .collect();
    let more = match missing.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("no font of this machine has {}{more}", named.join(", "))
}

/// What a file holds, as far as it was read.
pub enum Input {
    /// A source; its text when it came from standard input, otherwise the compiler reads it.
    Source(Option<String>),
    /// An API body.
    Body(String),
}

/// The name decides; where there is none, a body is what begins with a brace.
///
/// # Errors
/// When it cannot be read.
pub fn input_of(path: &Path) -> io::Result<Input> {
    if output::is_dash(path) {
        // Bounded by the larger of the two, sources.
        let limit = vid_grammar::MAX_SOURCE_BYTES as u64 + 1;
        let mut bytes = Vec::new();
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
        return match begins_with_brace(&bytes) {
            true => Ok(Input::Body(body::read(Cursor::new(bytes))?)),
            false => Ok(Input::Source(Some(String::from_utf8_lossy(&bytes).into_owned()))),
        };
    }
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("vid") => return Ok(Input::Source(None)),
        Some("json") => return Ok(Input::Body(body::read(File::open(path)?)?)),
        _ => {}
    }
    let mut head = [0; 256];
    let length = File::open(path)?.read(&mut head)?;
    match begins_with_brace(&head[..length]) {
        true => Ok(Input::Body(body::read(File::open(path)?)?)),
        false => Ok(Input::Source(None)),
    }
}

fn begins_with_brace(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().first() == Some(&b'{')
}
