//! The body's own fields, its transitions, and what concerns ids.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::violation::{PathPart, Report, ViolationCode};
use super::super::wire::{Composition, JobFields, Metadata, RenderBody, Transition};
use super::object::{Bounds, ObjectReader};
use super::{MAX_MAGNITUDE, element, scalar};
use crate::catalog::{OutputFormat, TransitionType};
use crate::rational::Rational;
use crate::time::FrameRate;
use crate::validate::{MAX_DURATION_SECONDS, MAX_ELEMENTS};
use crate::values::Size;

pub(super) fn read(value: &Value, report: &mut Report) -> Option<RenderBody> {
    let mut object = ObjectReader::new(value, Vec::new(), "the body", report)?;
    let composition = composition(&mut object);
    let elements = object.objects("elements", "element", MAX_ELEMENTS, element::read).unwrap_or_default();
    let transitions =
        object.objects("transitions", "transition", MAX_ELEMENTS, transition).unwrap_or_default();
    let metadata = metadata(&mut object);
    let job = JobFields {
        webhook_url: object.url("webhook_url"),
        ingest_external: object.boolean("ingest_external"),
    };
    object.finish();
    check_ids(value, report);
    Some(RenderBody { composition, elements, transitions, metadata, job })
}

fn composition(object: &mut ObjectReader<'_>) -> Composition {
    let side = i64::from(Size::MIN_SIDE)..=i64::from(Size::MAX_SIDE);
    let rates = 1..=i64::from(FrameRate::MAX_PER_SECOND);
    let mut whole = |key, range| object.integer(key, range).and_then(|value| u32::try_from(value).ok());
    let (width, height) = (whole("width", side.clone()), whole("height", side));
    let frame_rate = whole("frame_rate", rates);
    let composition = Composition {
        width,
        height,
        duration: object.number("duration", Bounds::Positive),
        frame_rate,
        output_format: object.name("output_format", OutputFormat::OF_BODIES, OutputFormat::name),
        output_filename: object.string("output_filename"),
        background_color: object.color("background_color"),
        background_image_url: object.url("background_image_url"),
        alpha: object.boolean("alpha"),
    };
    let has_width = object.value("width").is_some();
    let has_height = object.value("height").is_some();
    if has_width != has_height {
        let (given, missing) = if has_width { ("width", "height") } else { ("height", "width") };
        let message = format!("`{given}` is given without `{missing}`");
        object.error(ViolationCode::SizeIncomplete, missing, message);
    }
    let format = composition.output_format.unwrap_or(OutputFormat::Mp4);
    if composition.alpha == Some(true) && !format.body_supports_alpha() {
        let message = format!("{format} cannot be transparent; use webm or mov");
        object.error(ViolationCode::AlphaFormat, "alpha", message);
    }
    let longest = Rational::integer(MAX_DURATION_SECONDS);
    if let Some(duration) = composition.duration.filter(|duration| duration.0 > longest) {
        let message = format!("`duration` is {} seconds, longer than a day", duration.0);
        object.error(ViolationCode::OutOfRange, "duration", message);
    }
    composition
}

fn transition(object: &mut ObjectReader<'_>) -> Option<Transition> {
    let kind = transition_type(object);
    let duration = object.number("duration", Bounds::Positive);
    object.require("type");
    object.require("duration");
    let (from_id, to_id) = (object.string("from_id"), object.string("to_id"));
    let z_index = object.integer("z_index", -MAX_MAGNITUDE..=MAX_MAGNITUDE);
    Some(Transition { kind: kind?, duration: duration?, from_id, to_id, z_index })
}

/// The type; `fade`, which a published sample shows and no enumeration has, is a dissolve.
fn transition_type(object: &mut ObjectReader<'_>) -> Option<TransitionType> {
    if object.value("type").and_then(Value::as_str) == Some("fade") {
        let message = "transition `fade` is not in the contract; cross_dissolve is used";
        object.warn(ViolationCode::UnknownValue, "type", message);
        return Some(TransitionType::CrossDissolve);
    }
    object.name("type", TransitionType::ALL, TransitionType::name)
}

fn metadata(object: &mut ObjectReader<'_>) -> Metadata {
    let mut pairs = Vec::new();
    for (key, value) in object.pairs("metadata").into_iter().flatten() {
        let text = match value {
            Value::String(text) => text.clone(),
            other => {
                let message =
                    format!("metadata are strings, not {}; it is kept as text", scalar::describe(other));
                object.warn(ViolationCode::MetadataNotString, "metadata", message);
                other.to_string()
            }
        };
        pairs.push((key.clone(), text));
    }
    Metadata(pairs)
}

/// Ids are checked on the JSON itself, so that an element with another mistake still counts.
fn check_ids(body: &Value, report: &mut Report) {
    let items = |key| body.get(key).and_then(Value::as_array).into_iter().flatten().enumerate();
    let text = |item: &Value, key| item.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, item) in items("elements") {
        if let Some(id) = text(item, "id").filter(|id| !id.is_empty()) {
            places.entry(id).or_default().push(index);
        }
    }
    let mut pointed_at = BTreeSet::new();
    for (index, item) in items("transitions") {
        let path = |key: &str| vec![PathPart::from("transitions"), index.into(), key.into()];
        let (from, to) = (text(item, "from_id"), text(item, "to_id"));
        if from.is_some() && from == to {
            let message = "the transition leads from an element to itself";
            report.error(ViolationCode::TransitionSelf, &path("to_id"), message);
        }
        for (key, id) in [("from_id", from), ("to_id", to)] {
            let Some(id) = id else { continue };
            if !places.contains_key(&id) {
                let message = format!("no element has the id `{}`", super::hints::shortened(&id));
                report.error(ViolationCode::DanglingTransition, &path(key), message);
            }
            pointed_at.insert(id);
        }
    }
    for (id, places) in &places {
        for index in places.iter().skip(1) {
            let path = [PathPart::from("elements"), (*index).into(), "id".into()];
            let shown = super::hints::shortened(id);
            if pointed_at.contains(id) {
                let message = format!("several elements have the id `{shown}` that a transition names");
                report.error(ViolationCode::DuplicateElementId, &path, message);
            } else {
                let message = format!("another element has the id `{shown}` too");
                report.warn(ViolationCode::DuplicateElementId, &path, message);
            }
        }
    }
}
