//! Outlines and masks.

use std::sync::Arc;

use vid_timeline::{
    Animated, FillRule, Fit, Geometry, Length, Mask, MaskMode, MaskPlace, MaskSource, MediaSource, Paint,
    Rational, Shape, Stroke, StrokeCap, StrokeJoin, ViewBox,
};

use crate::eval::Value;
use crate::lower::read::Reader;

/// The content of a shape.
pub(super) fn shape(reader: &Reader<'_>) -> Option<Shape> {
    let geometry = geometry(reader)?;
    let fill = paint(reader.value("fill"));
    let stroke = match paint(reader.value("stroke_color")) {
        Some(paint) => Some(stroke(reader, paint)?),
        // A line has no inside, so its fill is what runs along it.
        None if matches!(geometry, Geometry::Line { .. }) => match fill.clone() {
            Some(paint) => Some(stroke(reader, paint)?),
            None => None,
        },
        None => None,
    };
    let fill = fill.filter(|_| !matches!(geometry, Geometry::Line { .. }));
    Some(Shape { geometry, fill, stroke })
}

fn geometry(reader: &Reader<'_>) -> Option<Geometry> {
    Some(match &*reader.word("type")? {
        "rect" => Geometry::Rect { radius: reader.length("radius")? },
        "ellipse" => Geometry::Ellipse,
        "line" => Geometry::Line {
            from: [reader.length("x1")?, reader.length("y1")?],
            to: [reader.length("x2")?, reader.length("y2")?],
        },
        _ => Geometry::Path {
            data: reader.text("path")?,
            view_box: view_box(reader.value("view_box")),
            fill_rule: FillRule::from_name(&reader.word("fill_rule")?)?,
        },
    })
}

/// Four numbers: left, top, width, height.
fn view_box(value: Option<&Value>) -> Option<ViewBox> {
    let Value::List(numbers) = value? else { return None };
    let number = |value: &Value| match value {
        Value::Number(number) => Some(*number),
        _ => None,
    };
    let numbers: Option<Vec<Rational>> = numbers.iter().map(number).collect();
    let [x, y, width, height] = numbers?.try_into().ok()?;
    Some(ViewBox { x, y, width, height })
}

fn paint(value: Option<&Value>) -> Option<Paint> {
    match value? {
        Value::Color(color) => Some(Paint::Solid(*color)),
        Value::Paint(paint) => Some(Arc::unwrap_or_clone(paint.clone())),
        _ => None,
    }
}

fn stroke(reader: &Reader<'_>, paint: Paint) -> Option<Stroke> {
    let dash = match reader.value("dash") {
        Some(Value::List(lengths)) => lengths.iter().filter_map(pixels).collect(),
        _ => Vec::new(),
    };
    Some(Stroke {
        paint,
        width: reader.pixels("stroke_width")?,
        // One length is both dash and gap.
        dash: if let [length] = dash[..] { vec![length; 2] } else { dash },
        dash_offset: reader.pixels("dash_offset")?,
        cap: StrokeCap::from_name(&reader.word("cap")?)?,
        join: StrokeJoin::from_name(&reader.word("join")?)?,
    })
}

fn pixels(value: &Value) -> Option<Rational> {
    match value {
        Value::Length(length) => Some(length.amount),
        _ => None,
    }
}

/// A mask that is an outline or a picture; `picture` makes a source of a location.
pub(super) fn mask(
    reader: &Reader<'_>,
    picture: impl Fn(&Reader<'_>) -> Option<MediaSource>,
) -> Option<Mask> {
    let source = match &*reader.word("type")? {
        "image" => MaskSource::Image { source: picture(reader)?, place: Box::new(place(reader)?) },
        _ => {
            let fill = paint(reader.value("fill"));
            let shape = Shape { geometry: geometry(reader)?, fill, stroke: None };
            MaskSource::Shape { shape: Box::new(shape), place: Box::new(place(reader)?) }
        }
    };
    masked(reader, source)
}

/// A mask of that source, as the statement says it.
pub(super) fn masked(reader: &Reader<'_>, source: MaskSource) -> Option<Mask> {
    Some(Mask {
        source,
        mode: MaskMode::from_name(&reader.word("mode")?)?,
        inverted: reader.flag("invert")?,
        feather: reader.pixels("feather")?,
    })
}

fn place(reader: &Reader<'_>) -> Option<MaskPlace> {
    let length = |name: &str| -> Option<Animated<Length>> { reader.animated_length(name) };
    Some(MaskPlace {
        x: length("x")?,
        y: length("y")?,
        width: length("width")?,
        height: length("height")?,
        x_anchor: reader.length("x_anchor")?,
        y_anchor: reader.length("y_anchor")?,
        rotation: reader.animated_angle("rotation")?,
        fit: Fit::from_name(&reader.word("fit")?)?,
    })
}
