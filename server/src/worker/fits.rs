//! What a body cannot say, and was said beside it: how pictures fill their boxes, and shapes.
//!
//! A body stretches pictures. The second interface has other ways, which can only be worked out once the
//! pictures are here, so they travel in a field of their own. A body has no shapes either: one stands in it as
//! a text, which is replaced here.

use serde_json::Value;
use vid_timeline::{Content, Fit, Shape, Timeline};

/// The name of that field: an object of element ids and names of ways to fit.
pub const FIELD: &str = "vid_fits";

/// The name of the other one: an object of element ids and the shapes that those elements are.
pub const SHAPES: &str = "vid_shapes";

/// Has the elements be what the body's own fields say.
pub fn apply(body: &str, timeline: &mut Timeline) {
    if !body.contains(FIELD) && !body.contains(SHAPES) {
        return;
    }
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let (fits, shapes) = (body.get(FIELD), body.get(SHAPES));
    timeline.for_each_element_mut(|element| {
        let fit =
            fits.and_then(|fits| fits.get(&element.id)).and_then(Value::as_str).and_then(Fit::from_name);
        if let (Some(fit), Some(layer)) = (fit, element.layer.as_mut()) {
            layer.fit = fit;
        }
        let shape = shapes.and_then(|shapes| shapes.get(&element.id));
        if let Some(Ok(shape)) = shape.cloned().map(serde_json::from_value::<Shape>) {
            element.content = Content::Shape(Box::new(shape));
        }
    });
}

#[cfg(test)]
mod tests {
    use vid_timeline::api::{NoMedia, from_json};

    use super::*;

    #[test]
    fn only_who_is_named_fits_otherwise() {
        let picture = |id: &str| serde_json::json!({ "type": "image", "id": id, "duration": 1, "source_url": "https://m.example/a.png" });
        let body = serde_json::json!({ "elements": [picture("a"), picture("b")],
            "vid_fits": { "a": "cover", "b": "sideways" } });
        let body = body.to_string();
        let mut timeline = from_json(&body, &NoMedia).timeline.unwrap();
        apply(&body, &mut timeline);
        let fits: Vec<(String, Fit)> = timeline
            .all_elements()
            .filter_map(|element| Some((element.id.clone(), element.layer.as_ref()?.fit)))
            .collect();
        assert!(
            fits.contains(&("a".to_owned(), Fit::Cover)) && fits.contains(&("b".to_owned(), Fit::Stretch))
        );
    }

    #[test]
    fn a_text_becomes_the_shape_that_it_stands_for() {
        let words = |id: &str| serde_json::json!({ "type": "text", "id": id, "text": " ", "duration": 1 });
        let shape = Shape {
            geometry: vid_timeline::Geometry::Ellipse,
            fill: Some(vid_timeline::Paint::Solid(vid_timeline::Color::rgb(1, 2, 3))),
            stroke: None,
        };
        let body = serde_json::json!({ "elements": [words("a"), words("b")], "vid_shapes": { "a": shape } });
        let body = body.to_string();
        let mut timeline = from_json(&body, &NoMedia).timeline.unwrap();
        apply(&body, &mut timeline);
        let found: Vec<(&str, &str)> = timeline
            .all_elements()
            .map(|element| (element.id.as_str(), element.content.kind_name()))
            .collect();
        assert_eq!(found, [("b", "text"), ("a", "shape")]);
        let drawn = timeline.all_elements().find_map(|element| match &element.content {
            Content::Shape(shape) => Some((**shape).clone()),
            _ => None,
        });
        assert_eq!(drawn, Some(shape));
    }
}
