//! Shapes and masks whose parts do not fit together.

use vid_timeline::path;

use crate::diagnostics::{Code, Place, Report};
use crate::eval::Value;
use crate::schedule::{AttachedRole, Placed, PlacedKind, Properties, Scheduled};

/// Which outlines a property belongs to.
const OWNERS: [(&str, &str); 8] = [
    ("radius", "rect"),
    ("x1", "line"),
    ("y1", "line"),
    ("x2", "line"),
    ("y2", "line"),
    ("path", "path"),
    ("view_box", "path"),
    ("fill_rule", "path"),
];

/// Properties of other outlines, paths that cannot be read, shapes that nobody will see.
pub(super) fn check(scheduled: &Scheduled, reports: &mut Vec<Report>) {
    for element in scheduled.elements.iter().filter(|element| !element.is_checked) {
        if element.kind == PlacedKind::Shape {
            let called = element.called.clone();
            outline(&element.properties, &element.place, &called, reports);
            stroke(&element.properties, reports);
            // Where something is not known, its looks may be what is missing.
            if scheduled.complete {
                invisible(element, reports);
            }
        }
        for (role, properties, place) in element.attached.iter() {
            if let AttachedRole::Mask(None) = role {
                outline(properties, place, "this mask", reports);
                mask(properties, place, reports);
            }
        }
        masks(element, reports);
    }
}

fn outline(properties: &Properties, place: &Place, called: &str, reports: &mut Vec<Report>) {
    let Some(Value::Word(kind)) = properties.get("type") else { return };
    for (name, owner) in OWNERS {
        let Some(at) = properties.place(name).filter(|_| **kind != *owner) else { continue };
        let article = if &**kind == "ellipse" || &**kind == "image" { "an" } else { "a" };
        let message = format!("{article} `{kind}` has no `{name}`");
        reports
            .push(Report::error(Code::ShapeProperty, at, message).help(format!("it belongs to a `{owner}`")));
    }
    if &**kind != "path" {
        return;
    }
    match (properties.get("path"), properties.place("path")) {
        (Some(Value::Text(data)), at) => broken_path(data, at.unwrap_or(place), reports),
        (None, _) => {
            let message = format!("{called} needs its outline");
            let report = Report::error(Code::MissingProperty, place, message);
            reports.push(report.help("write it as a string: `path \"M 0 0 L 100 0 L 50 80 Z\"`"));
        }
        _ => {}
    }
    view_box(properties, reports);
}

/// The part of the path around what is wrong, for the message.
fn broken_path(data: &str, place: &Place, reports: &mut Vec<Report>) {
    let Err(error) = path::parse(data) else { return };
    let before = data.get(..error.at).unwrap_or(data);
    let column = before.chars().count() + 1;
    let near: String = data.get(error.at..).unwrap_or_default().chars().take(12).collect();
    let label = match near.as_str() {
        "" => "at its end".to_owned(),
        near => format!("at letter {column}: `{near}`"),
    };
    reports.push(Report::error(Code::PathMalformed, place, error.to_string()).label(label));
}

fn view_box(properties: &Properties, reports: &mut Vec<Report>) {
    let (Some(Value::List(numbers)), Some(place)) =
        (properties.get("view_box"), properties.place("view_box"))
    else {
        return;
    };
    let sizes: Vec<_> = numbers
        .iter()
        .filter_map(|value| if let Value::Number(number) = value { Some(*number) } else { None })
        .collect();
    let message = match sizes[..] {
        [_, _, width, height] if !width.is_negative() && !height.is_negative() => {
            if !width.is_zero() && !height.is_zero() {
                return;
            }
            "the `view_box` has no size".to_owned()
        }
        [_, _, _, _] => "the size of a `view_box` is more than zero".to_owned(),
        _ => format!("a `view_box` has four numbers, not {}", numbers.len()),
    };
    let report = Report::error(Code::OutOfRange, place, message);
    reports.push(report.help("they are left, top, width and height: `view_box: [0, 0, 24, 24]`"));
}

fn stroke(properties: &Properties, reports: &mut Vec<Report>) {
    let (Some(Value::List(lengths)), Some(place)) = (properties.get("dash"), properties.place("dash")) else {
        return;
    };
    let amounts: Vec<_> = lengths
        .iter()
        .filter_map(|value| if let Value::Length(length) = value { Some(length.amount) } else { None })
        .collect();
    if amounts.iter().any(|amount| amount.is_negative()) || amounts.iter().all(|amount| amount.is_zero()) {
        let message = "dashes are lengths of zero or more, and not all of them zero";
        let report = Report::error(Code::OutOfRange, place, message);
        reports.push(report.help("`dash: [20px, 10px]` draws 20 pixels and leaves out 10"));
    }
}

/// A shape without fill and stroke, or without a size.
fn invisible(element: &Placed, reports: &mut Vec<Report>) {
    let unseen = |name: &str| match element.properties.get(name) {
        None => true,
        Some(Value::Color(color)) => color.a == 0,
        _ => false,
    };
    if unseen("fill") && unseen("stroke_color") {
        let place = element.properties.place("fill").unwrap_or(&element.place);
        let message = format!("{} is never seen: it has neither fill nor stroke", element.called);
        reports.push(Report::warning(Code::NeverVisible, place, message));
    }
}

/// What a mask of a picture or an outline lacks or does not take.
fn mask(properties: &Properties, place: &Place, reports: &mut Vec<Report>) {
    let Some(Value::Word(kind)) = properties.get("type") else { return };
    match (&**kind, properties.get("source_url"), properties.place("source_url")) {
        ("image", None, _) => {
            let report = Report::error(Code::MissingProperty, place, "this mask needs its picture");
            reports.push(report.help("write the path after it: `mask image \"matte.png\"`"));
        }
        (other, Some(_), Some(at)) if other != "image" => {
            let message = format!("a `{other}` as a mask has no `source_url`");
            reports.push(Report::error(Code::ShapeProperty, at, message).help("it belongs to an `image`"));
        }
        _ => {}
    }
}

/// More than one mask on one element: the last one counts.
fn masks(element: &Placed, reports: &mut Vec<Report>) {
    let masks: Vec<&Place> = element
        .attached
        .iter()
        .filter(|(role, _, _)| matches!(role, AttachedRole::Mask(_)))
        .map(|(_, _, place)| place)
        .collect();
    if let [first, .., last] = masks[..] {
        let message = format!("{} has {} masks, and one at most counts", element.called, masks.len());
        let report = Report::error(Code::SaidTwice, last, message);
        reports
            .push(report.also(first, "the first one").help("mask a `stack` around it to use a second one"));
    }
}
