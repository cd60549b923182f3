//! API bodies: read, written, and turned into sources.

use std::collections::BTreeMap;

use serde_json::Value;
use vid_compiler::import;
use vid_timeline::api::{NoMedia, PathPart, Severity, ToJsonOptions, Violation, from_json, to_json};
use vid_timeline::{Natural, Time, Timeline};

use super::source::{Media, film, valid};
use super::{Reach, hold};

/// The body of a source, faithful or not; `None` when it has errors.
pub fn body_of(source: &str) -> Option<String> {
    film(source, Media::Probed, &[]).map(|film| written(&film))
}

fn written(film: &Timeline) -> String {
    to_json(film, &options()).body.to_text()
}

/// What is written as a body faithfully is read again as a film that is written the same way.
pub fn json_out(text: &str) -> Result<Reach, String> {
    let Some(timeline) = film(text, Media::Probed, &[]) else { return Ok(Reach::Short) };
    let written = to_json(&timeline, &options());
    if !written.is_faithful() {
        return Ok(Reach::Short);
    }
    let body = written.body.to_text();
    let read = from_json(&body, &NoMedia);
    let Some(timeline) = read.timeline else {
        return Err(format!("our own body is refused: {:?}", read.violations));
    };
    valid(&timeline)?;
    let again = to_json(&timeline, &options()).body.to_text();
    hold(again == body, "writing the body again changes it")?;
    Ok(Reach::Tried)
}

/// A body ends in a timeline that the validator accepts, or in errors that point into it.
pub fn json_in(text: &str) -> Result<Reach, String> {
    let natural = Natural { width: 640, height: 360, duration: Some(Time::new(10, 1)), has_sound: true };
    let media: BTreeMap<String, Natural> = ["a.mp4", "b.mp4", "i.png", "bed.mp3"]
        .map(|name| (format!("https://media.example.org/{name}"), natural))
        .into();
    let read = from_json(text, &media);
    let fails = read.violations.iter().any(|violation| violation.severity == Severity::Error);
    hold(fails == read.timeline.is_none(), "there is a film exactly where there is no error")?;
    let body: Option<Value> = serde_json::from_str(text).ok();
    for violation in &read.violations {
        let points = body.as_ref().map_or(violation.path.is_empty(), |body| points_into(violation, body));
        hold(points, &format!("`{}` points at nothing: {violation}", violation.pointer()))?;
    }
    let Some(timeline) = read.timeline else { return Ok(Reach::Short) };
    valid(&timeline)?;
    Ok(Reach::Tried)
}

/// Whether a violation is about a value of the body, or about a field that an object of it lacks.
fn points_into(violation: &Violation, body: &Value) -> bool {
    let mut at = Some(body);
    for part in &violation.path {
        let Some(inside) = at else { return false };
        at = match part {
            PathPart::Key(key) if inside.is_object() => inside.get(key),
            PathPart::Index(index) => match inside.get(index) {
                Some(value) => Some(value),
                None => return false,
            },
            PathPart::Key(_) => return false,
        };
    }
    true
}

/// A body becomes a source that compiles, and whose body is a fixed point.
pub fn imported(text: &str) -> Result<Reach, String> {
    let Some(timeline) = from_json(text, &NoMedia).timeline else { return Ok(Reach::Short) };
    let source = import(&timeline, "film").source;
    let Some(first) = film(&source, Media::Remote, &[]) else {
        return Err(format!("the imported source has errors:\n{source}"));
    };
    let body = written(&first);
    let Some(read) = from_json(&body, &NoMedia).timeline else {
        return Err("the body of the imported source is refused".to_owned());
    };
    let again = film(&import(&read, "film").source, Media::Remote, &[]);
    let again = again.as_ref().map(written);
    hold(again.as_deref() == Some(&*body), "importing again changes the film")?;
    Ok(Reach::Tried)
}

/// How bodies are written: local media lie below an address.
fn options() -> ToJsonOptions {
    ToJsonOptions { asset_base: Some("https://media.example.org/".to_owned()), ..ToJsonOptions::default() }
}
