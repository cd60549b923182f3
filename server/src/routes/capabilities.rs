//! `GET /v1/capabilities`: what is rendered here, from the runtime's own list.

use std::sync::{Arc, OnceLock};

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use vid_runtime::catalog::{Availability, catalog};
use vid_runtime::media::{EncoderKind, has_encoder};
use vid_timeline::{MotionScope, MotionType, OutputFormat};

use crate::app::App;
use crate::mime::TAKEN;
use crate::store::AssetKind;

/// AI tasks of the contract; none of them is done here.
pub const TASKS: &[&str] = &["remove_background", "gaze_redirect", "super_resolution", "transcribe"];

/// Everything that does not change while the process runs.
static FIXED: OnceLock<Value> = OnceLock::new();

/// The catalogue, for anybody.
pub async fn read(State(app): State<Arc<App>>) -> Json<Value> {
    let mut answer = FIXED.get_or_init(fixed).clone();
    answer["limits"]["source_bytes"] = json!(app.config.outside.max_bytes());
    answer["features"]["external_sources"] = json!(true);
    answer["features"]["http_sources"] = json!(app.config.outside.plain_http);
    Json(answer)
}

fn fixed() -> Value {
    let list = |name: &str| -> Vec<Value> {
        let found = catalog().into_iter().find(|list| list.name == name);
        let entries = found.map(|list| list.entries).unwrap_or_default();
        entries
            .iter()
            .map(|entry| json!({ "type": entry.name, "supported": entry.availability == Availability::Here }))
            .collect()
    };
    let elements = ["video", "audio", "text", "image"].map(|kind| json!({ "type": kind, "supported": true }));
    json!({
        "version": "1",
        "service": { "name": "vid", "version": env!("CARGO_PKG_VERSION") },
        "auth": { "scheme": "bearer", "header": "Authorization" },
        "element_types": elements,
        "effects": list("effects"),
        "motions": MotionType::ALL.iter().map(motion).collect::<Vec<_>>(),
        "transitions": list("transitions"),
        "blend_modes": list("blend modes"),
        "word_animations": list("word styles"),
        "output_formats": OutputFormat::OF_BODIES.iter().map(|format| output(*format)).collect::<Vec<_>>(),
        "input_formats": {
            "video": names(AssetKind::Video),
            "audio": names(AssetKind::Audio),
            "image": names(AssetKind::Image),
            "font": names(AssetKind::Font),
        },
        "tasks": TASKS.iter().map(|kind| json!({ "type": kind, "supported": false })).collect::<Vec<_>>(),
        "features": { "dry_run": true, "projects": false, "signup": false },
        "limits": {
            "width": [16, 8192],
            "height": [16, 8192],
            "frame_rate": [1, 240],
            "speed": [0.25, 4.0],
            "body_bytes": vid_timeline::api::MAX_BODY_BYTES,
            "url_chars": vid_timeline::api::MAX_URL_CHARS,
        },
        "onboarding": { "signup": false, "note": "keys are made by whoever runs this server" },
    })
}

fn motion(kind: &MotionType) -> Value {
    let scopes = [(MotionScope::Element, "element"), (MotionScope::Character, "character")];
    let scopes: Vec<Value> = scopes
        .iter()
        .filter_map(|(scope, name)| {
            let directions = kind.directions(*scope);
            let known =
                [("in", directions.entrance), ("out", directions.exit), ("repeats", directions.repeats)];
            let known: Vec<&str> =
                known.iter().filter(|(_, is_known)| *is_known).map(|(name, _)| *name).collect();
            (!known.is_empty()).then(|| json!({ "scope": name, "directions": known }))
        })
        .collect();
    json!({ "type": kind.name(), "supported": true, "scopes": scopes })
}

fn output(format: OutputFormat) -> Value {
    let needs: &[EncoderKind] = match format {
        OutputFormat::Mp4 | OutputFormat::Mov => &[EncoderKind::H264, EncoderKind::Aac],
        OutputFormat::Webm => &[EncoderKind::Vp9, EncoderKind::Opus],
        OutputFormat::Gif | OutputFormat::Png | OutputFormat::Jpg | OutputFormat::Wav => &[],
    };
    let is_here = needs.iter().all(|kind| has_encoder(*kind));
    json!({ "format": format.name(), "alpha": format.body_supports_alpha(), "supported": is_here })
}

fn names(kind: AssetKind) -> Vec<&'static str> {
    let mut names: Vec<&str> =
        TAKEN.iter().filter(|taken| taken.kind == kind).map(|taken| taken.extension).collect();
    names.dedup();
    names
}
