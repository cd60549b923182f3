//! What must hold for every input.

use std::collections::BTreeMap;

use vid_compiler::{CompileRequest, Compiler, MediaTrouble, MemorySystem};
use vid_timeline::api::{ToJsonOptions, from_json, to_json};
use vid_timeline::validate::validate;
use vid_timeline::{AudioFacts, ColorTags, FrameRate, MediaFacts, MediaKind, Natural, Time, VideoFacts};

/// What a target is fed with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Sources in the language.
    Source,
    /// API bodies.
    Body,
}

/// A property and what it is tried on.
pub struct Target {
    /// Its name in reports.
    pub name: &'static str,
    /// What it is fed with.
    pub takes: Takes,
    /// Fails with what does not hold.
    pub run: fn(&str) -> Result<(), String>,
}

/// Every property.
pub const TARGETS: &[Target] = &[
    Target { name: "parse", takes: Takes::Source, run: parse },
    Target { name: "format", takes: Takes::Source, run: format },
    Target { name: "compile", takes: Takes::Source, run: compile },
    Target { name: "json in", takes: Takes::Body, run: json_in },
];

/// A body that uses most of the format.
pub const SAMPLE_BODY: &str = r##"{ "width": 1280, "height": 720, "duration": 6, "frame_rate": 25,
  "background_color": "#101820ff", "output_format": "mp4", "metadata": { "a": "b" },
  "elements": [
    { "type": "video", "id": "a", "source_url": "https://media.example.org/a.mp4", "time": 0, "in_point": 2,
      "out_point": 5, "volume": 0, "z_index": 0, "crop_left": 0.1, "effects": [ { "type": "vhs", "intensity": 40 } ] },
    { "type": "video", "id": "b", "source_url": "https://media.example.org/b.mp4", "time": 3, "in_point": 2,
      "out_point": 5, "speed": 1.5, "volume": 100, "z_index": 1, "x": "84%", "y": 12, "width": "24px", "z_rotation": "90°" },
    { "type": "image", "id": "i", "source_url": "https://media.example.org/i.png", "time": 0, "duration": 4, "opacity": 85 },
    { "type": "audio", "id": "bed", "source_url": "https://media.example.org/bed.mp3", "time": 0, "in_point": 0,
      "out_point": 6, "volume": 35, "fade_in_duration": 0.5, "fade_out_duration": 1 },
    { "type": "text", "id": "t", "text": "ship it", "time": 0.4, "duration": 1.8, "font_size": 88, "stroke_width": 0.06,
      "background_color": "#1e66f5", "z_index": 30, "word_animation": { "style": "box", "words": [
        { "text": "ship", "start": 0.4, "end": 0.8 }, { "text": "it", "start": 0.8, "end": 1.05 } ] },
      "motion": [ { "type": "fade", "time": 0.4, "duration": 0.5, "easing": "ease_out", "reversed": false } ] } ],
  "transitions": [ { "type": "cross_dissolve", "from_id": "a", "to_id": "b", "duration": 0.8 } ] }"##;

/// Parsing keeps every byte.
fn parse(text: &str) -> Result<(), String> {
    let parsed = vid_grammar::parse(text);
    hold(parsed.syntax().to_string() == text, "the tree has other text than the source")
}

/// Formatting twice is formatting once, and a sound source stays sound.
fn format(text: &str) -> Result<(), String> {
    let once = vid_grammar::fmt::format(text).text;
    let twice = vid_grammar::fmt::format(&once).text;
    hold(once == twice, "formatting again changes the text")?;
    let is_sound = |text: &str| vid_grammar::parse(text).errors().is_empty();
    hold(!is_sound(text) || is_sound(&once), "formatting broke a sound source")
}

/// A source ends in diagnostics or a timeline that the validator accepts and that can be written.
fn compile(text: &str) -> Result<(), String> {
    let system = MemorySystem::new();
    system.write("film.vid", text);
    let mut compiler = Compiler::new(system);
    let file = compiler.open("film.vid");
    let request = CompileRequest::default();
    for reference in compiler.media_references(file, &request) {
        compiler.set_media_facts(&reference.location, Ok(facts()));
    }
    compiler.check(file, MediaTrouble::Warns);
    let Some(timeline) = compiler.compile(file, &request).timeline else { return Ok(()) };
    if let Err(errors) = validate(&timeline) {
        let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
        return Err(format!("the timeline is not valid: {}", words.join("; ")));
    }
    let options = ToJsonOptions {
        asset_base: Some("https://media.example.org/".to_owned()),
        ..ToJsonOptions::default()
    };
    to_json(&timeline, &options);
    Ok(())
}

/// A body ends in violations or a timeline that the validator accepts.
fn json_in(text: &str) -> Result<(), String> {
    let natural = Natural { width: 640, height: 360, duration: Some(Time::new(10, 1)), has_sound: true };
    let media: BTreeMap<String, Natural> = ["a.mp4", "b.mp4", "i.png", "bed.mp3"]
        .map(|name| (format!("https://media.example.org/{name}"), natural))
        .into();
    let read = from_json(text, &media);
    match read.timeline.map(|timeline| validate(&timeline)) {
        Some(Err(errors)) => {
            let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
            Err(format!("the timeline is not valid: {}", words.join("; ")))
        }
        _ => Ok(()),
    }
}

/// Ten seconds of picture and sound.
fn facts() -> MediaFacts {
    let duration = Some(Time::new(10, 1));
    MediaFacts {
        kind: MediaKind::Video,
        container: "mp4".to_owned(),
        duration,
        video: Some(VideoFacts {
            codec: "h264".to_owned(),
            width: 640,
            height: 360,
            frame_rate: FrameRate::whole(25),
            variable_frame_rate: false,
            frame_count: Some(250),
            duration,
            start: Time::ZERO,
            pixel_format: "yuv420p".to_owned(),
            bit_depth: 8,
            has_alpha: false,
            sample_aspect: (1, 1),
            rotation: 0,
            interlaced: false,
            color: ColorTags::default(),
        }),
        audio: Some(AudioFacts {
            codec: "aac".to_owned(),
            sample_rate: 48_000,
            channels: 2,
            layout: "stereo".to_owned(),
            duration,
            start: Time::ZERO,
        }),
        size_bytes: 1_000_000,
    }
}

fn hold(condition: bool, otherwise: &str) -> Result<(), String> {
    if condition { Ok(()) } else { Err(otherwise.to_owned()) }
}
