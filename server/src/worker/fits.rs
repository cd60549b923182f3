//! How pictures fill their boxes, where that was said beside the body.
//!
//! A body stretches pictures. The second interface has other ways, which can only be worked out once the
//! pictures are here, so they travel in a field of their own.

use serde_json::Value;
use vid_timeline::{Fit, Timeline};

/// The name of that field: an object of element ids and names of ways to fit.
pub const FIELD: &str = "vid_fits";

/// Has the elements fit as the body's own field says.
pub fn apply(body: &str, timeline: &mut Timeline) {
    if !body.contains(FIELD) {
        return;
    }
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let Some(fits) = body.get(FIELD).and_then(Value::as_object) else { return };
    timeline.for_each_element_mut(|element| {
        let fit = fits.get(&element.id).and_then(Value::as_str).and_then(Fit::from_name);
        if let (Some(fit), Some(layer)) = (fit, element.layer.as_mut()) {
            layer.fit = fit;
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
}
