//! What must hold for every input.

use std::collections::BTreeMap;

use vid_compiler::{CompileRequest, Compiler, Diagnostic, MediaTrouble, MemorySystem, Sharing, dump, import};
use vid_timeline::api::{NoMedia, ToJsonOptions, from_json, to_json};
use vid_timeline::validate::validate;
use vid_timeline::{
    AudioFacts, ColorTags, FrameRate, MediaFacts, MediaKind, Natural, Rational, Time, Timeline, VideoFacts,
};

/// What a target is fed with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Sources in the language.
    Source,
    /// API bodies.
    Body,
    /// Files of rows, subtitles and JSON.
    Data,
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
    Target { name: "meaning", takes: Takes::Source, run: meaning },
    Target { name: "sharing", takes: Takes::Source, run: sharing },
    Target { name: "json out", takes: Takes::Source, run: json_out },
    Target { name: "json in", takes: Takes::Body, run: json_in },
    Target { name: "import", takes: Takes::Body, run: imported },
    Target { name: "data", takes: Takes::Data, run: data },
    Target { name: "arithmetic", takes: Takes::Data, run: arithmetic },
];

/// A film that reads its data from files of every kind.
const DATA_FILM: &str = r#"
let rows = csv("data.csv")
let tree = json("data.json")
let cues = srt("data.srt")
let talk = vtt("data.vtt")
composition film 320x180 25fps for 5s {
  for row in rows { text "{count(rows)}" for 1s }
  for cue in cues { text cue.text at cue.start until cue.end }
  captions "data.srt" { }
  captions "data.vtt" { word_style: highlight }
  text "{tree} {count(talk)} {text("data.csv")}" for 1s
}
"#;

/// What damage to data begins with.
pub const SAMPLE_DATA: [&str; 4] = [
    "name,age,note\nAda,36,\"first, of all\"\nGrace,85,\"says \"\"hi\"\"\"\n",
    "{ \"title\": \"Ship it\", \"rows\": [ { \"n\": 1 }, { \"n\": -2.5e3 } ], \"none\": null, \"yes\": true }",
    "1\n00:00:00,500 --> 00:00:02,000\nHello there\n\n2\n00:00:02,000 --> 00:00:04,250 X1:1\n<i>Two</i>\nlines\n",
    "WEBVTT - a talk\n\nNOTE so\n\nintro\n00:00.500 --> 00:02.000 line:80% align:start\n<v Ada>Hello <00:00:01.000>there\n\n00:02.000 --> 00:04.250\n- &amp; more\n",
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

/// What is known about the media of a film.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Media {
    /// Every file is ten seconds of picture and sound.
    Probed,
    /// Nothing: they are somewhere else.
    Remote,
}

/// The film of a source; `None` when it has errors. What stands in `files` can be read by it.
fn film(text: &str, media: Media, files: &[(&str, &str)]) -> Option<Timeline> {
    answer(text, media, files, Sharing::Shared).1
}

/// What is said of a source, and its film where it has no errors.
fn answer(
    text: &str,
    media: Media,
    files: &[(&str, &str)],
    sharing: Sharing,
) -> (Vec<Diagnostic>, Option<Timeline>) {
    let system = MemorySystem::new();
    system.write("film.vid", text);
    for (name, content) in files {
        system.write(name, *content);
    }
    let mut compiler = Compiler::new(system).with_sharing(sharing);
    let file = compiler.open("film.vid");
    let request = CompileRequest::default();
    let probed = if media == Media::Probed { compiler.media_references(file, &request) } else { Vec::new() };
    for reference in probed {
        compiler.set_media_facts(&reference.location, Ok(facts()));
    }
    let mut said = compiler.check(file, MediaTrouble::Warns);
    let compiled = compiler.compile(file, &request);
    said.extend(compiled.diagnostics);
    (said, compiled.timeline.map(|timeline| Timeline::clone(&timeline)))
}

fn valid(timeline: &Timeline) -> Result<(), String> {
    validate(timeline).map_err(|errors| {
        let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
        format!("the timeline is not valid: {}", words.join("; "))
    })
}

/// A source ends in diagnostics or a timeline that the validator accepts.
fn compile(text: &str) -> Result<(), String> {
    film(text, Media::Probed, &[]).map_or(Ok(()), |timeline| valid(&timeline))
}

/// A source and what the formatter makes of it are the same film.
fn meaning(text: &str) -> Result<(), String> {
    let Some(before) = film(text, Media::Probed, &[]) else { return Ok(()) };
    let formatted = vid_grammar::fmt::format(text).text;
    let Some(after) = film(&formatted, Media::Probed, &[]) else {
        return Err("the formatted source has errors".to_owned());
    };
    // Only where something stands may differ: the dump leaves places out.
    hold(dump::dump(&before) == dump::dump(&after), "formatting changes the film")
}

/// A source is the same film, and the same is said of it, whether placed compositions are computed once or
/// wherever they are placed.
fn sharing(text: &str) -> Result<(), String> {
    let answers = |sharing| answer(text, Media::Probed, &[], sharing);
    let (shared, in_place) = (answers(Sharing::Shared), answers(Sharing::InPlace));
    hold(shared.0 == in_place.0, "sharing changes what is said")?;
    hold(shared.1 == in_place.1, "sharing changes the film")
}

/// What is written as a body faithfully is read again as a film that is written the same way.
fn json_out(text: &str) -> Result<(), String> {
    let Some(timeline) = film(text, Media::Probed, &[]) else { return Ok(()) };
    let written = to_json(&timeline, &options());
    if !written.is_faithful() {
        return Ok(());
    }
    let body = written.body.to_text();
    let read = from_json(&body, &NoMedia);
    let Some(timeline) = read.timeline else {
        return Err(format!("our own body is refused: {:?}", read.violations));
    };
    valid(&timeline)?;
    let again = to_json(&timeline, &options()).body.to_text();
    hold(again == body, "writing the body again changes it")
}

/// A body becomes a source that compiles, and whose body is a fixed point.
fn imported(text: &str) -> Result<(), String> {
    let Some(timeline) = from_json(text, &NoMedia).timeline else { return Ok(()) };
    let source = import(&timeline, "film").source;
    let Some(first) = film(&source, Media::Remote, &[]) else {
        return Err(format!("the imported source has errors:\n{source}"));
    };
    let body = to_json(&first, &options()).body.to_text();
    let Some(read) = from_json(&body, &NoMedia).timeline else {
        return Err("the body of the imported source is refused".to_owned());
    };
    let again = film(&import(&read, "film").source, Media::Remote, &[]);
    let again = again.map(|timeline| to_json(&timeline, &options()).body.to_text());
    hold(again.as_deref() == Some(&*body), "importing again changes the film")
}

/// Whatever is in data files, a film that reads them ends in diagnostics or a valid timeline.
fn data(text: &str) -> Result<(), String> {
    let files = ["data.csv", "data.json", "data.srt", "data.vtt"].map(|name| (name, text));
    film(DATA_FILM, Media::Probed, &files).map_or(Ok(()), |timeline| valid(&timeline))
}

/// Arithmetic on times is exact or says that it cannot be, and never panics.
fn arithmetic(text: &str) -> Result<(), String> {
    let mut bytes = text.bytes().cycle().take(4096);
    let mut number = || {
        let length = usize::from(bytes.next().unwrap_or(0) % 16) + 1;
        let value = bytes.by_ref().take(length).fold(0_i128, |value, byte| (value << 8) | i128::from(byte));
        if bytes.next().unwrap_or(0).is_multiple_of(2) { value } else { value.wrapping_neg() }
    };
    let mut rational = || Rational::new(number(), number()).unwrap_or(Rational::ONE);
    let (a, b, c) = (rational(), rational(), rational());
    if let Some(sum) = a.checked_add(b) {
        hold(sum.checked_sub(b).is_none_or(|back| back == a), "a + b - b is not a")?;
        hold((b > Rational::ZERO) == (sum > a), "a sum does not order as its parts")?;
    }
    if let Some(product) = a.checked_mul(b).filter(|_| !b.is_zero()) {
        hold(product.checked_div(b).is_none_or(|back| back == a), "a · b / b is not a")?;
    }
    let mut sorted = [a, b, c];
    sorted.sort();
    hold(sorted[0] <= sorted[1] && sorted[1] <= sorted[2] && sorted[0] <= sorted[2], "the order is none")?;
    let rates = [(24_000, 1001), (25, 1), (30_000, 1001), (30, 1), (60_000, 1001), (240, 1)];
    for (numerator, denominator) in rates {
        let Some(rate) = FrameRate::new(numerator, denominator) else { continue };
        // A day on either side of zero is within what a film can be.
        let frame = i64::try_from(c.floor().rem_euclid(240 * 86_400)).unwrap_or(0);
        let time = Time::from_frame(frame, rate);
        hold(rate.frame_from_time(time) == frame, "a frame's own time lies on another frame")?;
        let next = Time::from_frame(frame + 1, rate);
        hold(time < next, "frames do not follow one another")?;
        let middle = Time::from_seconds((time.seconds() + next.seconds()) / Rational::integer(2));
        hold(rate.frame_from_time(middle) == frame + 1, "halves are not rounded up")?;
    }
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

/// How bodies are written: local media lie below an address.
fn options() -> ToJsonOptions {
    ToJsonOptions { asset_base: Some("https://media.example.org/".to_owned()), ..ToJsonOptions::default() }
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
