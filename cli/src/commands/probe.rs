//! `vid probe`: what a media file holds.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};
use vid_timeline::{AudioFacts, ColorTags, FrameRate, MediaFacts, MediaKind, Time, VideoFacts};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::intake;
use crate::output;

/// What `vid probe` takes.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The media file
    #[arg(value_name = "MEDIA")]
    pub file: PathBuf,

    /// Write JSON
    #[arg(long)]
    pub json: bool,
}

/// Prints what the file holds.
///
/// # Errors
/// When it cannot be read as media.
pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let facts = intake::probe(&arguments.file).map_err(Failure::Probe)?;
    let text = if arguments.json { format!("{:#}\n", json_of(&facts)) } else { words_of(&facts) };
    output::print(text)?;
    Ok(Exit::Success)
}

fn words_of(facts: &MediaFacts) -> String {
    let mut text = format!("{} ({}), {} bytes", facts.kind.name(), facts.container, facts.size_bytes);
    if let Some(duration) = facts.duration {
        let _ = write!(text, ", {}", seconds(duration));
    }
    text.push('\n');
    if let Some(video) = &facts.video {
        let _ = writeln!(text, "picture: {}", video_words(video, facts.kind));
    }
    if let Some(audio) = &facts.audio {
        let _ = writeln!(text, "sound: {}", audio_words(audio));
    }
    text
}

fn video_words(video: &VideoFacts, kind: MediaKind) -> String {
    let mut text = format!("{} {}x{} {}", video.codec, video.width, video.height, video.pixel_format);
    if video.has_alpha {
        text.push_str(", with opacity");
    }
    if let Some(rate) = video.frame_rate {
        let about = if video.variable_frame_rate { "about " } else { "" };
        let _ = write!(text, ", {about}{}", rate_words(rate));
        if video.variable_frame_rate {
            text.push_str(" (variable)");
        }
    }
    if let Some(count) = video.frame_count.filter(|_| kind == MediaKind::Video) {
        let _ = write!(text, ", {count} frames");
    }
    if let Some(duration) = video.duration.filter(|_| kind == MediaKind::Video) {
        let _ = write!(text, ", {}", seconds(duration));
    }
    if !video.start.is_zero() {
        let _ = write!(text, ", from {}", seconds(video.start));
    }
    if video.sample_aspect.0 != video.sample_aspect.1 {
        let _ = write!(text, ", pixels {}:{}", video.sample_aspect.0, video.sample_aspect.1);
    }
    if video.rotation != 0 {
        let _ = write!(text, ", turned by {} degrees", video.rotation);
    }
    if video.interlaced {
        text.push_str(", interlaced");
    }
    let tags = color_tags(&video.color);
    if !tags.is_empty() {
        let _ = write!(text, ", colour {}", tags.join("/"));
    }
    text
}

fn audio_words(audio: &AudioFacts) -> String {
    let mut text = format!("{} {} Hz {}", audio.codec, audio.sample_rate, audio.layout);
    if let Some(duration) = audio.duration {
        let _ = write!(text, ", {}", seconds(duration));
    }
    if !audio.start.is_zero() {
        let _ = write!(text, ", from {}", seconds(audio.start));
    }
    text
}

fn color_tags(color: &ColorTags) -> Vec<&str> {
    [&color.primaries, &color.transfer, &color.matrix, &color.range]
        .into_iter()
        .filter_map(|tag| tag.as_deref())
        .collect()
}

/// At most six decimals, none without meaning.
fn seconds(time: Time) -> String {
    let text = format!("{:.6}", time.to_f64());
    format!("{} s", text.trim_end_matches('0').trim_end_matches('.'))
}

fn rate_words(rate: FrameRate) -> String {
    match rate.denominator() {
        1 => format!("{} fps", rate.numerator()),
        denominator => format!("{}/{denominator} fps", rate.numerator()),
    }
}

fn json_of(facts: &MediaFacts) -> Value {
    json!({
        "kind": facts.kind.name(),
        "container": facts.container,
        "size_bytes": facts.size_bytes,
        "duration": facts.duration.map(Time::to_f64),
        "video": facts.video.as_ref().map(json_of_video),
        "audio": facts.audio.as_ref().map(json_of_audio),
    })
}

fn json_of_video(video: &VideoFacts) -> Value {
    json!({
        "codec": video.codec,
        "width": video.width,
        "height": video.height,
        "frame_rate": video.frame_rate.map(|rate| format!("{}/{}", rate.numerator(), rate.denominator())),
        "variable_frame_rate": video.variable_frame_rate,
        "frame_count": video.frame_count,
        "duration": video.duration.map(Time::to_f64),
        "start": video.start.to_f64(),
        "pixel_format": video.pixel_format,
        "bit_depth": video.bit_depth,
        "has_alpha": video.has_alpha,
        "sample_aspect": format!("{}:{}", video.sample_aspect.0, video.sample_aspect.1),
        "rotation": video.rotation,
        "interlaced": video.interlaced,
        "color": {
            "primaries": video.color.primaries,
            "transfer": video.color.transfer,
            "matrix": video.color.matrix,
            "range": video.color.range,
        },
    })
}

fn json_of_audio(audio: &AudioFacts) -> Value {
    json!({
        "codec": audio.codec,
        "sample_rate": audio.sample_rate,
        "channels": audio.channels,
        "layout": audio.layout,
        "duration": audio.duration.map(Time::to_f64),
        "start": audio.start.to_f64(),
    })
}
