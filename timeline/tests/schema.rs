//! The published JSON Schema: up to date, and true of every canonical body.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bodies;

use bodies::body;
use expect_test::expect_file;
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Value, json};
use vid_timeline::api::{self, NoMedia, ToJsonOptions};

fn validator() -> Validator {
    jsonschema::validator_for(&api::json_schema()).unwrap()
}

fn canonical(text: &str) -> Value {
    let read = api::from_json(text, &NoMedia);
    let timeline = read.timeline.unwrap_or_else(|| panic!("{:?}", read.violations));
    serde_json::to_value(api::to_json(&timeline, &ToJsonOptions::default()).body).unwrap()
}

fn problems(validator: &Validator, body: &Value) -> Vec<String> {
    validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_published_schema_is_this_one() {
    let text = format!("{:#}\n", api::json_schema());
    expect_file!["../../docs/renders.schema.json"].assert_eq(&text);
}

#[test]
fn the_schema_follows_its_own_rules() {
    jsonschema::meta::validate(&api::json_schema()).unwrap();
}

proptest! {
    #[test]
    fn every_canonical_body_is_valid(body in body()) {
        let canonical = canonical(&body);
        prop_assert_eq!(problems(&validator(), &canonical), Vec::<String>::new());
    }
}

#[test]
fn what_is_no_canonical_body_is_refused() {
    let validator = validator();
    let good = canonical(
        r#"{ "elements": [
        { "type": "text", "id": "t", "text": "t", "time": 0, "duration": 1,
          "motion": [ { "type": "fade", "time": 0, "duration": 1 } ] } ] }"#,
    );
    assert_eq!(problems(&validator, &good), Vec::<String>::new());
    for (pointer, wrong) in [
        ("/width", json!(15)),
        ("/width", json!(null)),
        ("/frame_rate", json!(29.97)),
        ("/background_color", json!("black")),
        ("/elements/0/type", json!("composition")),
        ("/elements/0/opacity", json!(101)),
        ("/elements/0/x", json!("50px")),
        ("/elements/0/text", json!("")),
        ("/elements/0/motion/0/type", json!("slide")),
        ("/elements/0/motion/0/easing", json!("hold")),
        ("/elements/0/motion/0/duration", json!(0)),
    ] {
        let mut body = good.clone();
        *body.pointer_mut(pointer).unwrap() = wrong.clone();
        assert!(!validator.is_valid(&body), "{pointer}: {wrong}");
    }
    let mut body = good;
    body["elements"][0]["color"] = json!("#ffffff");
    assert!(!validator.is_valid(&body), "unknown keys are not canonical");
}
