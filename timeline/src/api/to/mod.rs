//! From a timeline to the canonical body, with a verdict on whatever the body cannot say as well.
//!
//! The canonical body has a fixed key order; canvas, length, rate and background are written out, and
//! so is each default that is only inferred or on which published sources disagree. Reading it back
//! gives the same frames, and writing that gives the same body.

mod decimal;
mod edges;
mod element;
mod fade;
mod fit;
mod flatten;
mod layer;
mod order;
mod pieces;
mod place;
mod source;
mod steps;
mod text;
mod verdict;

use std::borrow::Cow;

use super::wire::{self, HexColor, Number, RenderBody};
use crate::catalog::OutputFormat;
use crate::element::Element;
use crate::layer::Motion;
use crate::output::{EncoderSettings, Output};
use crate::time::FrameRate;
use crate::timeline::{Blending, Timeline};

use verdict::Notes;
pub use verdict::{Verdict, VerdictCode, VerdictLevel};

/// What the timeline itself does not know.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ToJsonOptions {
    /// URL under which `asset_root` is served; `None` when local media cannot be reached.
    pub asset_base: Option<String>,
    /// Folder whose files `asset_base` serves, written as the timeline's locations are: absolute
    /// where they are. Empty means the current folder.
    pub asset_root: String,
    /// Which of the timeline's outputs, from zero.
    pub output: usize,
}

/// A body and how faithful it is.
#[derive(Clone, PartialEq, Debug)]
pub struct ToJson {
    /// The canonical body. Where a verdict is *refused* it does not say what the timeline says.
    pub body: RenderBody,
    /// In the order of the timeline; everything without one is exact.
    pub verdicts: Vec<Verdict>,
}

impl ToJson {
    /// Whether the body can be trusted: nothing is refused.
    pub fn is_faithful(&self) -> bool {
        self.verdicts.iter().all(|verdict| verdict.level != VerdictLevel::Refused)
    }
}

/// Writes the body of `POST /v1/renders` for one output of a timeline that has passed
/// [`validate`](crate::validate()). Never panics on any other, but may write a body that no reader
/// accepts.
pub fn to_json(timeline: &Timeline, options: &ToJsonOptions) -> ToJson {
    let mut notes = Notes::default();
    let flattened = flatten::flattened(timeline, &mut notes);
    let unrolled = pieces::unrolled(&flattened);
    let stepped = steps::stepped(&unrolled, &mut notes);
    let timeline = &*stepped;
    let mut composition = composition(timeline, options, &mut notes);
    let edges = edges::edges(timeline, &mut notes);
    let stacking = order::stacking(timeline);
    let stage = element::Stage { options, rate: timeline.frame_rate, canvas: timeline.size };
    let mut elements = Vec::with_capacity(timeline.elements.len());
    for (index, element) in timeline.elements.iter().enumerate() {
        notes.about(Some(&element.id), element.origin);
        let context = element::Context {
            record: edges.records.get(index).copied().unwrap_or(element.record_range),
            fades: edges.fades.get(index).copied().unwrap_or_default(),
            z_index: stacking.elements.get(index).copied().unwrap_or(0),
        };
        let passages = edges.motion.get(index).map_or(&[][..], Vec::as_slice);
        let element = with_passages(element, passages);
        elements.extend(element::convert(&element, context, &stage, &mut notes));
    }
    composition.duration = Some(Number(place::film(timeline.duration, &elements, timeline.frame_rate)));
    let lengths = edges.durations.iter().zip(&stacking.transitions);
    let transitions = timeline.transitions.iter().zip(lengths).filter_map(|(transition, length)| {
        let (duration, z_index) = length;
        Some(wire::Transition {
            kind: transition.kind,
            duration: Number(*duration),
            from_id: Some(transition.from.clone()?),
            to_id: Some(transition.to.clone()?),
            z_index: *z_index,
        })
    });
    let reads_media = elements.iter().any(|element: &wire::Element| element.source_url().is_some());
    let body = RenderBody {
        composition,
        elements,
        transitions: transitions.collect(),
        metadata: wire::Metadata(timeline.metadata.clone()),
        job: wire::JobFields {
            webhook_url: timeline.webhook_url.clone(),
            // The contract's checklist for emitters, point 12.
            ingest_external: timeline.ingest_external.or(reads_media.then_some(true)),
        },
    };
    ToJson { body, verdicts: notes.verdicts }
}

/// The element with the motions that stand for its passages from and to the background.
fn with_passages<'e>(element: &'e Element, passages: &[Motion]) -> Cow<'e, Element> {
    if passages.is_empty() {
        return Cow::Borrowed(element);
    }
    let mut element = element.clone();
    if let Some(layer) = &mut element.layer {
        layer.motion.extend_from_slice(passages);
    }
    Cow::Owned(element)
}

/// What concerns the whole film, but its length: the elements that are written decide how it is rounded.
fn composition(timeline: &Timeline, options: &ToJsonOptions, notes: &mut Notes) -> wire::Composition {
    notes.about(None, None);
    let size = timeline.size;
    if !size.width.is_multiple_of(2) || !size.height.is_multiple_of(2) {
        let message = format!("what a service makes of the odd size {size} is not published");
        notes.approximated(VerdictCode::OddSize, message);
    }
    if timeline.blending != Blending::Gamma {
        let message = "a service mixes colours as they are encoded, not in linear light";
        notes.refused(VerdictCode::Blending, message);
    }
    let frame_rate = frame_rate(timeline.frame_rate, notes);
    let default = Output::new(OutputFormat::Mp4);
    let output = timeline.outputs.get(options.output).unwrap_or_else(|| {
        let message =
            format!("there is no output {}; the film has {}", options.output + 1, timeline.outputs.len());
        notes.refused(VerdictCode::NoSuchOutput, message);
        &default
    });
    if output.encoder != EncoderSettings::DEFAULT {
        notes.about(None, output.origin);
        let message = "a body has no encoder settings; the service chooses its own";
        notes.approximated(VerdictCode::EncoderSettings, message);
    }
    let output_format = output_format(output, notes);
    let image = timeline.background.image.as_deref();
    wire::Composition {
        width: Some(size.width),
        height: Some(size.height),
        duration: None,
        frame_rate: Some(frame_rate),
        output_format: Some(output_format),
        output_filename: output.filename.clone(),
        background_color: Some(HexColor(timeline.background.color)),
        background_image_url: image.map(|image| source::url(image, options, notes)),
        alpha: output.alpha.then_some(true),
    }
}

/// The format, where a body can name it and what is asked of it.
fn output_format(output: &Output, notes: &mut Notes) -> OutputFormat {
    notes.about(None, output.origin);
    let format = output.format;
    if !OutputFormat::OF_BODIES.contains(&format) {
        notes.refused(VerdictCode::OutputFormat, format!("a body cannot ask for a {format}"));
        return OutputFormat::Mp4;
    }
    if output.alpha && !format.body_supports_alpha() {
        let message = format!("a body cannot ask for a transparent {format}; webm and mov can be");
        notes.refused(VerdictCode::OutputFormat, message);
    }
    format
}

/// A whole rate; a fractional one is refused and the nearest whole one written.
fn frame_rate(rate: FrameRate, notes: &mut Notes) -> u32 {
    if rate.denominator() != 1 {
        let message = format!("a body knows whole frame rates alone, and the film has {rate}");
        notes.refused(VerdictCode::FractionalFrameRate, message);
    }
    let nearest = u32::try_from(rate.per_second().round_half_up()).unwrap_or(FrameRate::MAX_PER_SECOND);
    nearest.clamp(1, FrameRate::MAX_PER_SECOND)
}
