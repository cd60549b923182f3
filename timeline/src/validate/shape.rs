//! Checks of shapes.

use super::element::check_between;
use super::layer::check_length;
use super::{ElementFindings, MAX_LENGTH, MAX_STOPS, Problem};
use crate::path;
use crate::rational::Rational;
use crate::shape::{Geometry, GradientStop, Paint, Shape, Stroke, ViewBox};

pub(super) fn check(shape: &Shape, found: &mut ElementFindings<'_>) {
    match &shape.geometry {
        Geometry::Rect { radius } => check_length("radius", *radius, 0, found),
        Geometry::Ellipse => {}
        Geometry::Line { from, to } => {
            for length in from.iter().chain(to) {
                check_length("point", *length, -MAX_LENGTH, found);
            }
        }
        Geometry::Path { data, view_box, .. } => {
            if let Err(error) = path::parse(data) {
                found.push(error.into());
            }
            if let Some(view_box) = view_box {
                check_view_box(*view_box, found);
            }
        }
    }
    if let Some(paint) = &shape.fill {
        check_paint(paint, found);
    }
    if let Some(stroke) = &shape.stroke {
        check_stroke(stroke, found);
    }
}

fn check_view_box(view_box: ViewBox, found: &mut ElementFindings<'_>) {
    let limit = Rational::integer(MAX_LENGTH);
    for value in [view_box.x, view_box.y, view_box.width, view_box.height] {
        check_between("view_box", value, -limit, limit, found);
    }
    for value in [view_box.width, view_box.height] {
        if value <= Rational::ZERO {
            found.push(Problem::NotPositive { property: "view_box", value });
        }
    }
}

fn check_paint(paint: &Paint, found: &mut ElementFindings<'_>) {
    match paint {
        Paint::Solid(_) => {}
        Paint::Linear { stops, .. } => check_stops(stops, found),
        Paint::Radial { center, stops } => {
            for length in center {
                check_length("center", *length, -MAX_LENGTH, found);
            }
            check_stops(stops, found);
        }
    }
}

fn check_stops(stops: &[GradientStop], found: &mut ElementFindings<'_>) {
    if stops.len() < 2 {
        found.push(Problem::TooFewStops(stops.len()));
    }
    if stops.len() > MAX_STOPS {
        found.push(Problem::TooMany { what: "stops", count: stops.len(), limit: MAX_STOPS });
    }
    for stop in stops {
        check_between("stop", stop.offset, Rational::ZERO, Rational::integer(100), found);
    }
    for (before, after) in stops.iter().zip(stops.iter().skip(1)) {
        if after.offset < before.offset {
            found.push(Problem::StopsOutOfOrder(after.offset, before.offset));
        }
    }
}

fn check_stroke(stroke: &Stroke, found: &mut ElementFindings<'_>) {
    check_paint(&stroke.paint, found);
    let limit = Rational::integer(MAX_LENGTH);
    if stroke.width <= Rational::ZERO {
        found.push(Problem::NotPositive { property: "stroke_width", value: stroke.width });
    } else {
        check_between("stroke_width", stroke.width, Rational::ZERO, limit, found);
    }
    check_between("dash_offset", stroke.dash_offset, -limit, limit, found);
    if stroke.dash.is_empty() {
        return;
    }
    if stroke.dash.len() < 2 || stroke.dash.iter().all(|length| length.is_zero()) {
        found.push(Problem::NoDash);
    }
    if stroke.dash.len() > MAX_STOPS {
        found.push(Problem::TooMany { what: "dashes", count: stroke.dash.len(), limit: MAX_STOPS });
    }
    for length in &stroke.dash {
        check_between("dash", *length, Rational::ZERO, limit, found);
    }
}
