//! From a source or a body to the bodies that are submitted, with the local media that have to be sent first.
//!
//! Until it is known where a server keeps a local file, a body names it by an address that leads nowhere and
//! that holds the hash of its content, so that the same file is sent once, whatever it is called.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use vid_runtime::store::HashIndex;
use vid_server::mime::{MediaType, TAKEN};
use vid_timeline::api::{self, MediaLookup, Severity, ToJsonOptions, to_json};
use vid_timeline::{Natural, OutputFormat, Rational, Time, Timeline};

use crate::arguments::{AssetArguments, CompositionArguments};
use crate::bake::{BakeArguments, baked};
use crate::body::Mapping;
use crate::dependencies::Dependencies;
use crate::destination::{Destination, destinations};
use crate::failure::Failure;
use crate::output;
use crate::project::{Addresses, Project};
use crate::report::{self, Voice};

/// Where a file is said to be until it has been sent. The name is reserved and leads nowhere.
const NOWHERE: &str = "https://upload.invalid/";
/// A length for media that nobody looks at here: longer than any film.
const SOME_LENGTH_SECONDS: i64 = 24 * 3600;

/// One body to be submitted.
pub struct Order {
    /// The body, in which local media have addresses that lead nowhere yet.
    pub body: Value,
    /// The file that the result goes to; `-` for standard output.
    pub destination: PathBuf,
}

/// A file that has to be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LocalMedium {
    /// The file.
    pub path: PathBuf,
    /// Its MIME type.
    pub content_type: &'static str,
}

/// Local media by the address that stands for them.
pub type Media = BTreeMap<String, LocalMedium>;

/// Takes the local media of films together.
struct Gathering<'a> {
    index: &'a HashIndex,
    media: Media,
}

impl Gathering<'_> {
    /// The address that stands for a local file.
    fn stand_in(&mut self, path: &Path) -> Result<String, Failure> {
        let kind = MediaType::of_name(&path.to_string_lossy()).ok_or_else(|| {
            let mut known: Vec<&str> = TAKEN.iter().map(|kind| kind.extension).collect();
            known.dedup();
            Failure::usage(format!(
                "`{}` cannot be sent: its name ends with none of {}",
                path.display(),
                known.join(", ")
            ))
        })?;
        let hash = self.index.hash_file(path).map_err(|error| Failure::input(path, error))?;
        // The ending stays: it says what a file holds.
        let url = format!("{NOWHERE}{}.{}", hash.to_hex(), kind.extension);
        self.media
            .entry(url.clone())
            .or_insert_with(|| LocalMedium { path: path.to_owned(), content_type: kind.name });
        Ok(url)
    }
}

/// What a source is compiled with.
pub struct SourceArguments<'a> {
    /// The source; `-` for standard input.
    pub file: &'a Path,
    /// The file to write, if one is named.
    pub output: Option<&'a Path>,
    /// Which composition.
    pub composition: &'a CompositionArguments,
    /// What a body cannot say.
    pub bake: &'a BakeArguments,
    /// Who is told instead of the receivers of the workspace.
    pub webhook_url: Option<&'a str>,
}

/// The bodies of a source, one for each output. Everything there is to say about it has been said afterwards.
///
/// # Errors
/// When it has errors, says what a body cannot hold, or names a file that cannot be sent.
pub fn of_source(
    arguments: &SourceArguments<'_>,
    text: Option<&str>,
    index: &HashIndex,
    dependencies: &mut Dependencies,
) -> Result<(Vec<Order>, Media), Failure> {
    let voice = Voice::of_stderr();
    let mut project = Project::open(arguments.file, text);
    let compiled = project.compile(arguments.composition, Addresses::Accepted);
    report::diagnostics(&compiled.diagnostics, &project, voice);
    let Some(timeline) = compiled.timeline else {
        return Err(Failure::Reported { errors: report::errors_in(&compiled.diagnostics) });
    };
    let mut timeline = Timeline::clone(&timeline);
    let places = destinations(arguments.output, &mut timeline, "")?;
    let mut gathering = Gathering { index, media: Media::new() };
    let mut orders = Vec::with_capacity(places.len());
    for Destination { output, path } in places {
        let asset_root = project.folder().to_string_lossy().into_owned();
        let options = ToJsonOptions { asset_base: Some(NOWHERE.to_owned()), asset_root, output };
        let mut film = baked(&timeline, &options, arguments.bake, &project, dependencies)?;
        stand_in_for_media(&mut film, &mut gathering)?;
        if let Some(url) = arguments.webhook_url {
            film.webhook_url = Some(url.to_owned());
        }
        let converted = to_json(&film, &ToJsonOptions { asset_base: None, ..options });
        report::verdicts(&converted.verdicts, &project, voice);
        if !converted.is_faithful() {
            return Err(Failure::Reported { errors: report::refusals_in(&converted.verdicts) });
        }
        let body = serde_json::from_str(&converted.body.to_text())
            .map_err(|error| Failure::usage(format!("the film makes no body: {error}")))?;
        orders.push(Order { body, destination: path });
    }
    Ok((orders, gathering.media))
}

fn stand_in_for_media(film: &mut Timeline, gathering: &mut Gathering<'_>) -> Result<(), Failure> {
    let mut failure = None;
    film.for_each_element_mut(|element| {
        if failure.is_some() {
            return;
        }
        if let Some(source) = element.content.source_mut().filter(|source| !source.is_remote()) {
            match gathering.stand_in(Path::new(&source.location)) {
                Ok(url) => source.location = url,
                Err(error) => failure = Some(error),
            }
        }
        let lut = element.layer.as_ref().and_then(|layer| layer.lut.as_ref());
        if let Some(lut) = lut.filter(|lut| !is_address(&lut.location)) {
            failure = failure.take().or(Some(lut_failure(&lut.location)));
        }
    });
    if let Some(image) = film.background.image.as_mut().filter(|image| !is_address(image)) {
        *image = gathering.stand_in(Path::new(image.as_str()))?;
    }
    failure.map_or(Ok(()), Err)
}

fn lut_failure(location: &str) -> Failure {
    Failure::usage(format!(
        "`{location}` cannot be sent: servers take no look-up tables; name it by an https address"
    ))
}

fn is_address(location: &str) -> bool {
    location.starts_with("http://") || location.starts_with("https://")
}

/// The body that an API body is submitted as.
///
/// # Errors
/// When it has errors, which were shown, or names a local file that cannot be sent.
pub fn of_body(
    name: &Path,
    text: &str,
    output: Option<&Path>,
    assets: &AssetArguments,
    webhook_url: Option<&str>,
    index: &HashIndex,
) -> Result<(Vec<Order>, Media), Failure> {
    let read = api::from_json(text, &Elsewhere);
    report::violations(name, &read.violations, Voice::of_stderr());
    let errors = read.violations.iter().filter(|violation| violation.severity == Severity::Error).count();
    let Some(mut timeline) = read.timeline.filter(|_| errors == 0) else {
        return Err(Failure::Reported { errors });
    };
    let format_of = |timeline: &Timeline| timeline.outputs.first().map(|output| output.format);
    let before = format_of(&timeline);
    let places = destinations(output, &mut timeline, "")?;
    let mut body: Value = serde_json::from_str(text)
        .map_err(|error| Failure::usage(format!("`{}` is no body: {error}", name.display())))?;
    if let Some(format) = format_of(&timeline).filter(|format| Some(*format) != before) {
        set(&mut body, "output_format", OutputFormat::name(format));
    }
    if let Some(url) = webhook_url {
        set(&mut body, "webhook_url", url);
    }
    let mut gathering = Gathering { index, media: Media::new() };
    let mapping = Mapping::new(name, assets);
    for_each_address(&mut body, &mut |key, url| {
        if !mapping.is_local(url) {
            return Ok(());
        }
        let path = mapping.path_of(url).map_err(Failure::usage)?;
        *url = match key {
            "lut_url" => return Err(lut_failure(&path.to_string_lossy())),
            _ => gathering.stand_in(&path)?,
        };
        Ok(())
    })?;
    let destination = places.into_iter().next().map(|place| place.path);
    let destination = destination.ok_or_else(|| Failure::usage("the body makes no file"))?;
    Ok((vec![Order { body, destination }], gathering.media))
}

fn set(body: &mut Value, key: &str, value: &str) {
    if let Some(fields) = body.as_object_mut() {
        fields.insert(key.to_owned(), Value::String(value.to_owned()));
    }
}

/// Media that are somewhere else, of which nothing is known and nothing has to be.
struct Elsewhere;

impl MediaLookup for Elsewhere {
    fn natural(&self, _: &str) -> Option<Natural> {
        let duration = Some(Time::from_seconds(Rational::from(SOME_LENGTH_SECONDS)));
        Some(Natural { width: 1920, height: 1080, duration, has_sound: true })
    }
}

/// Calls `change` on every address of a file in a body, with the name of its field.
fn for_each_address<E>(
    body: &mut Value,
    change: &mut dyn FnMut(&str, &mut String) -> Result<(), E>,
) -> Result<(), E> {
    let mut visit = |fields: &mut Value, key: &str| match fields.get_mut(key) {
        Some(Value::String(url)) => change(key, url),
        _ => Ok(()),
    };
    visit(body, "background_image_url")?;
    let elements = body.get_mut("elements").and_then(Value::as_array_mut);
    for element in elements.into_iter().flatten() {
        visit(element, "source_url")?;
        visit(element, "lut_url")?;
    }
    Ok(())
}

impl Order {
    /// Puts the addresses in, at which a server keeps the local media.
    pub fn sent(&mut self, addresses: &BTreeMap<String, String>) {
        let put = &mut |_: &str, url: &mut String| {
            if let Some(address) = addresses.get(url) {
                url.clone_from(address);
            }
            Ok::<(), std::convert::Infallible>(())
        };
        match for_each_address(&mut self.body, put) {
            Ok(()) => {}
        }
    }

    /// What the result is called in messages.
    pub fn name(&self) -> String {
        match output::is_dash(&self.destination) {
            true => "standard output".to_owned(),
            false => self.destination.display().to_string(),
        }
    }
}
