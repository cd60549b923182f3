//! Pictures that nobody will see where they stand: without a size, beside the canvas, or behind
//! something that covers all of it.
//!
//! Only what holds still is judged; whatever moves may come into sight.

use vid_timeline::{Rational, Size, TimeRange, path};

use crate::diagnostics::{Code, Report};
use crate::eval::Value;
use crate::schedule::{AttachedRole, Placed, PlacedKind, Properties, Scheduled, shown};

/// A box on the canvas: left, top, right, bottom.
type Bounds = [Rational; 4];

/// Elements without a size, outside of the canvas, or covered.
pub(super) fn check(scheduled: &Scheduled, reports: &mut Vec<Report>) {
    // Where something is not known, it may be what brings them into sight.
    if !scheduled.complete {
        return;
    }
    let covers: Vec<Cover<'_>> = (0..).zip(&scheduled.elements).filter_map(|e| cover(scheduled, e)).collect();
    for (index, element) in scheduled.elements.iter().enumerate() {
        let hidden = matches!(element.properties.get("visible"), Some(Value::Bool(false)));
        let Some(visible) = element.visible.filter(|_| !hidden && element.kind != PlacedKind::Audio) else {
            continue;
        };
        if let Some(name) = no_size(&element.properties) {
            let place = element.properties.place(name).unwrap_or(&element.place);
            let message = format!("{} is never seen: its `{name}` is zero", element.called);
            reports.push(Report::warning(Code::NeverVisible, place, message));
        } else if is_outside(scheduled, element) {
            let canvas = canvas_of(scheduled, element);
            let message = format!("{} is never seen: it lies outside of the canvas", element.called);
            let report = Report::warning(Code::NeverVisible, &element.place, message);
            reports.push(report.label(format!("the canvas is {canvas}")));
        } else if !element.is_matte && !in_transition(scheduled, index) {
            covered(element, index, visible, &covers, reports);
        }
    }
}

/// The property that leaves an element no size at any time.
fn no_size(properties: &Properties) -> Option<&'static str> {
    ["width", "height", "x_scale", "y_scale"]
        .into_iter()
        .find(|name| properties.get(name).is_some_and(is_zero))
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Percent(amount) => amount.is_zero(),
        Value::Length(length) => length.amount.is_zero(),
        Value::Keyframes(keyframes) => keyframes.iter().all(|keyframe| is_zero(&keyframe.value)),
        _ => false,
    }
}

fn canvas_of(scheduled: &Scheduled, element: &Placed) -> Size {
    let unit = element.unit.and_then(|unit| scheduled.elements.get(unit)?.ground.as_ref());
    unit.map_or(scheduled.size, |ground| ground.size)
}

/// The box of an element that neither moves nor turns.
fn still_box(scheduled: &Scheduled, element: &Placed) -> Option<Bounds> {
    let moves = element.attached.iter().any(|(role, _, _)| matches!(role, AttachedRole::Motion(_)));
    let properties = &element.properties;
    let plain = |name: &str, amount: i64| match properties.get(name) {
        Some(Value::Percent(value)) => *value == Rational::integer(amount),
        Some(Value::Angle(angle)) => angle.is_zero(),
        _ => false,
    };
    let still = ["x_rotation", "y_rotation", "z_rotation"].iter().all(|name| plain(name, 0))
        && plain("x_scale", 100)
        && plain("y_scale", 100)
        && properties.get("aspect_ratio").is_none();
    if moves || !still {
        return None;
    }
    let canvas = canvas_of(scheduled, element);
    let length = |name: &str, axis: Rational| match properties.get(name)? {
        Value::Percent(percent) => Some(axis * *percent / Rational::integer(100)),
        Value::Length(length) => Some(length.amount),
        _ => None,
    };
    let side = |at: &str, size: &str, anchor: &str, axis: u32| {
        let size = length(size, axis.into())?;
        let start = length(at, axis.into())? - length(anchor, size)?;
        Some((start, start + size))
    };
    let (left, right) = side("x", "width", "x_anchor", canvas.width)?;
    let (top, bottom) = side("y", "height", "y_anchor", canvas.height)?;
    Some([left, top, right, bottom])
}

/// Whether all of an element lies beside its canvas. Shadows and edges reach beyond a box, letters and
/// paths may.
fn is_outside(scheduled: &Scheduled, element: &Placed) -> bool {
    let reaches = ["shadow_color", "border_color", "stroke_color"];
    if element.kind == PlacedKind::Text || reaches.iter().any(|name| element.properties.get(name).is_some()) {
        return false;
    }
    let Some(mut bounds) = still_box(scheduled, element) else { return false };
    if let (Some(Value::Text(data)), None) =
        (element.properties.get("path"), element.properties.get("view_box"))
    {
        // Units of the path are pixels from the corner of its box.
        let Some(outline) = path::parse(data).ok().and_then(|steps| path::bounds(&steps)) else {
            return false;
        };
        let exact = |value: f64| Rational::from_decimal(&format!("{value:.3}"));
        let [Some(l), Some(t), Some(r), Some(b)] = outline.map(exact) else { return false };
        bounds = [bounds[0] + l, bounds[1] + t, bounds[0] + r, bounds[1] + b];
    }
    let canvas = canvas_of(scheduled, element);
    let [left, top, right, bottom] = bounds;
    right <= Rational::ZERO
        || bottom <= Rational::ZERO
        || left >= canvas.width.into()
        || top >= canvas.height.into()
}

/// Something that hides everything below it.
struct Cover<'a> {
    element: &'a Placed,
    index: usize,
    visible: TimeRange,
    level: i128,
}

/// A plain rectangle of one solid colour over the whole canvas.
fn cover<'a>(scheduled: &Scheduled, (index, element): (usize, &'a Placed)) -> Option<Cover<'a>> {
    // Nearly no element is one, which its kind says soonest.
    let visible = element.visible.filter(|_| element.kind == PlacedKind::Shape)?;
    let properties = &element.properties;
    let is_rect = matches!(properties.get("type"), Some(Value::Word(word)) if &**word == "rect");
    let solid = matches!(properties.get("fill"), Some(Value::Color(color)) if color.a == 255);
    let sharp =
        properties.get("radius").is_some_and(is_zero) && properties.get("border_radius").is_some_and(is_zero);
    let whole = matches!(properties.get("opacity"), Some(Value::Percent(percent)) if *percent == Rational::integer(100));
    let normal = matches!(properties.get("blend_mode"), Some(Value::Word(word)) if &**word == "none");
    let shown = !matches!(properties.get("visible"), Some(Value::Bool(false)));
    let plain = !element.is_matte && element.attached.is_empty();
    if !(plain && is_rect && solid && sharp && whole && normal && shown) || in_transition(scheduled, index) {
        return None;
    }
    let canvas = canvas_of(scheduled, element);
    let [left, top, right, bottom] = still_box(scheduled, element)?;
    let covers = left <= Rational::ZERO
        && top <= Rational::ZERO
        && right >= canvas.width.into()
        && bottom >= canvas.height.into();
    covers.then(|| Cover { element, index, visible, level: level(element) })
}

fn level(element: &Placed) -> i128 {
    match element.properties.get("z_index") {
        Some(Value::Number(number)) => number.numerator(),
        _ => 0,
    }
}

fn in_transition(scheduled: &Scheduled, index: usize) -> bool {
    scheduled.transitions.iter().any(|joined| joined.from == Some(index) || joined.to == Some(index))
}

fn covered(
    element: &Placed,
    index: usize,
    visible: TimeRange,
    covers: &[Cover<'_>],
    reports: &mut Vec<Report>,
) {
    let place = (level(element), index);
    let above = covers.iter().find(|cover| {
        cover.element.unit == element.unit
            && (cover.level, cover.index) > place
            && cover.visible.start <= visible.start
            && visible.end <= cover.visible.end
    });
    let Some(cover) = above else { return };
    let message = format!("{} is never seen: {} covers it", element.called, cover.element.called);
    let covering =
        format!("fills the whole canvas from {} to {}", shown(cover.visible.start), shown(cover.visible.end));
    let report = Report::warning(Code::NeverVisible, &element.place, message);
    reports.push(
        report
            .also(&cover.element.place, covering)
            .help("what is written later is on top: move it up in the source, or give it a lower `z_index`"),
    );
}
