//! From a body to a timeline: every default materialised, every length derived.
//!
//! What the contract leaves open is decided here, once: `docs/api.md` lists it.

mod element;
mod ids;
mod layer;
mod order;
mod span;
mod text;
mod transition;

use std::collections::BTreeMap;

use super::read;
use super::violation::{PathPart, Report, Violation, ViolationCode};
use super::wire::{self, RenderBody};
use crate::catalog::OutputFormat;
use crate::element::Natural;
use crate::output::{Output, VideoCodec};
use crate::rational::Rational;
use crate::time::{FrameRate, Time, TimeRange};
use crate::timeline::{Background, Blending, Container, ContainerKind, Timeline};
use crate::validate::{TimelineError, validate};
use crate::values::{Color, Size};

pub(super) use span::closed_span;

/// Length of a composition whose body says nothing about any length.
pub const DEFAULT_DURATION_SECONDS: i64 = 10;

/// What is known about media by their URL; the caller probes, this crate does not.
pub trait MediaLookup {
    /// The natural facts of the media at `url`, or `None` when it has not been probed.
    fn natural(&self, url: &str) -> Option<Natural>;
}

/// Nothing is known about any media.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMedia;

impl MediaLookup for NoMedia {
    fn natural(&self, _url: &str) -> Option<Natural> {
        None
    }
}

impl MediaLookup for BTreeMap<String, Natural> {
    fn natural(&self, url: &str) -> Option<Natural> {
        self.get(url).copied()
    }
}

/// What became of a body.
#[derive(Clone, PartialEq, Debug)]
pub struct FromJson {
    /// The film; there exactly when no violation is an error. It has passed [`validate()`].
    pub timeline: Option<Timeline>,
    /// What is wrong or worth knowing, in the order it was found.
    pub violations: Vec<Violation>,
}

/// Reads the body of `POST /v1/renders`.
///
/// Accepts every body the contract allows; `facts` gives the length of a video or audio that has no
/// `out_point`, and is asked about no other. Never panics, whatever `text` is.
pub fn from_json(text: &str, facts: &dyn MediaLookup) -> FromJson {
    let mut report = Report::default();
    let body = read::read(text, &mut report);
    let body = body.filter(|_| !report.has_errors());
    finish(body.and_then(|body| convert(&body, facts, &mut report)), report)
}

/// As [`from_json`], for a body that is already read.
pub fn from_body(body: &RenderBody, facts: &dyn MediaLookup) -> FromJson {
    let mut report = Report::default();
    finish(convert(body, facts, &mut report), report)
}

/// The distinct URLs of the media that the visible elements and the background of a body read, in
/// their order, so that a caller can probe them before it converts. Empty for text that is no body.
pub fn media_urls(text: &str) -> Vec<String> {
    let Some(body) = read::read(text, &mut Report::default()) else { return Vec::new() };
    let sources =
        body.elements.iter().filter(|element| element.is_visible()).filter_map(wire::Element::source_url);
    let mut urls: Vec<String> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for url in body.composition.background_image_url.as_deref().into_iter().chain(sources) {
        if seen.insert(url.to_owned()) {
            urls.push(url.to_owned());
        }
    }
    urls
}

fn finish(timeline: Option<Timeline>, report: Report) -> FromJson {
    let timeline = timeline.filter(|_| !report.has_errors());
    FromJson { timeline, violations: report.into_violations() }
}

fn convert(body: &RenderBody, facts: &dyn MediaLookup, report: &mut Report) -> Option<Timeline> {
    let spans = span::spans(body, facts, report);
    let ids = ids::unique_ids(&body.elements);
    let mut elements = Vec::with_capacity(body.elements.len());
    let mut places = BTreeMap::new();
    for (index, wire) in body.elements.iter().enumerate() {
        if let (Some(id), Some(Some(span))) = (ids.get(index), spans.elements.get(index)) {
            places.insert(id.clone(), index);
            elements.push(element::convert(wire, id.clone(), *span, facts));
        }
    }
    if !elements.iter().any(|element| element.layer.is_some()) {
        report.warn(ViolationCode::EmptyTimeline, &["elements".into()], "no element is visible");
    }
    order::reverse_ties(&mut elements);
    let transitions = transition::convert(body, &elements, report);
    let timeline = assemble(body, spans.duration, elements, transitions, report);
    if let Err(errors) = validate(&timeline) {
        for error in errors {
            refuse(&error, &places, report);
        }
    }
    Some(timeline)
}

fn refuse(error: &TimelineError, places: &BTreeMap<String, usize>, report: &mut Report) {
    let index = error.element().and_then(|id| places.get(id));
    let path: Vec<PathPart> = index.map(|index| vec!["elements".into(), (*index).into()]).unwrap_or_default();
    report.error(ViolationCode::InvalidTimeline, &path, error.problem.to_string());
}

fn assemble(
    body: &RenderBody,
    duration: Time,
    elements: Vec<crate::element::Element>,
    transitions: Vec<crate::timeline::Transition>,
    report: &mut Report,
) -> Timeline {
    let composition = &body.composition;
    let mut output = Output::new(composition.output_format.unwrap_or(OutputFormat::Mp4));
    output.filename.clone_from(&composition.output_filename);
    output.alpha = composition.alpha.unwrap_or(false);
    let size = canvas(composition, &output, report);
    Timeline {
        name: composition.output_filename.clone().unwrap_or_else(|| "render".to_owned()),
        size,
        frame_rate: composition.frame_rate.and_then(FrameRate::whole).unwrap_or(FrameRate::DEFAULT),
        duration,
        background: Background {
            color: composition.background_color.map_or(Color::BLACK, |color| color.0),
            image: composition.background_image_url.clone(),
        },
        blending: Blending::Gamma,
        containers: vec![Container {
            kind: ContainerKind::Stack,
            name: None,
            parent: None,
            record_range: TimeRange::new(Time::ZERO, duration),
            origin: None,
        }],
        elements,
        transitions,
        markers: Vec::new(),
        outputs: vec![output],
        metadata: body.metadata.0.clone(),
        webhook_url: body.job.webhook_url.clone(),
        ingest_external: body.job.ingest_external,
    }
}

/// The canvas: the next even size where the format stores colour for two by two pixels.
fn canvas(composition: &wire::Composition, output: &Output, report: &mut Report) -> Size {
    let (width, height) =
        composition.width.zip(composition.height).unwrap_or((Size::DEFAULT.width, Size::DEFAULT.height));
    let asked = Size { width, height };
    if !output.video_codec().is_some_and(VideoCodec::halves_color) {
        return asked;
    }
    let even = Size { width: width.next_multiple_of(2), height: height.next_multiple_of(2) };
    if even != asked {
        let field = if even.width != width { "width" } else { "height" };
        let message = format!(
            "{} stores colour for two by two pixels, so the canvas is {even} instead of {asked}",
            output.format
        );
        report.warn(ViolationCode::OddSize, &[field.into()], message);
    }
    even
}

/// Seconds of a number of the body; zero when it is absent.
fn seconds(number: Option<wire::Number>) -> Time {
    Time::from_seconds(number.map_or(Rational::ZERO, |number| number.0))
}
