//! A timeline as a short, stable text: one line a thing, defaults left out. For tests and for people.

use std::fmt::{Display, Write};

use vid_timeline::{Animated, Clip, Content, Element, Layer, Sound, Text, Timeline, TransitionAudio};

/// The timeline as text.
///
/// First the film, then containers, elements in source order with what differs from the defaults,
/// transitions, markers and outputs.
pub fn dump(timeline: &Timeline) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    line(format!(
        "{} {} {} for {} ({} frames){}",
        timeline.name,
        timeline.size,
        timeline.frame_rate,
        timeline.duration,
        timeline.frame_count(),
        background(timeline),
    ));
    for container in timeline.containers.iter().skip(1) {
        let kind = format!("{:?}", container.kind).to_lowercase();
        let name = container.name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
        line(format!("{kind}{name} {}", container.record_range));
    }
    for element in &timeline.elements {
        line(element_line(element));
    }
    for transition in &timeline.transitions {
        let cut = if transition.audio == TransitionAudio::Cut { " audio: cut" } else { "" };
        line(format!(
            "{} {} → {} {}{cut}{}",
            transition.kind,
            transition.from,
            transition.to,
            transition.record_range,
            said("z_index", transition.z_index.as_ref()),
        ));
    }
    for marker in &timeline.markers {
        line(format!("marker {} {}", marker.name, marker.time));
    }
    for output in &timeline.outputs {
        let default = vid_timeline::Output::new(output.format);
        if *output == default
            && timeline.outputs.len() == 1
            && output.format == vid_timeline::OutputFormat::Mp4
        {
            continue;
        }
        let encoder = output.encoder;
        line(format!(
            "output {}{}{} {} crf {} {} kbit/s",
            output.format,
            said("filename", output.filename.as_ref()),
            if output.alpha { " alpha" } else { "" },
            encoder.preset,
            encoder.crf,
            encoder.audio_bitrate_kbps,
        ));
    }
    for (name, value) in &timeline.metadata {
        line(format!("metadata {name}: {value}"));
    }
    if let Some(url) = &timeline.webhook_url {
        line(format!("webhook {url}"));
    }
    if let Some(ingest) = timeline.ingest_external {
        line(format!("ingest_external {ingest}"));
    }
    out
}

fn background(timeline: &Timeline) -> String {
    let mut text = String::new();
    if timeline.background.color != vid_timeline::Color::BLACK {
        let _ = write!(text, " on {}", timeline.background.color);
    }
    if let Some(image) = &timeline.background.image {
        let _ = write!(text, " over {image}");
    }
    text
}

fn said(name: &str, value: Option<&impl Display>) -> String {
    value.map(|value| format!(" {name}: {value}")).unwrap_or_default()
}

fn element_line(element: &Element) -> String {
    let kind = element.content.kind_name();
    let mut text = format!("{kind} {} {}", element.id, element.record_range);
    match &element.content {
        Content::Video(clip) | Content::Audio(clip) => text.push_str(&clip_text(clip)),
        Content::Image(source) => {
            let _ = write!(text, " {}", source.location);
        }
        Content::Text(content) => text.push_str(&text_text(content)),
    }
    text.push_str(&said("name", element.name.as_ref()));
    text.push_str(&said("track", element.track.as_ref()));
    if let Some(layer) = &element.layer {
        text.push_str(&layer_text(layer));
    }
    match &element.sound {
        Some(sound) => text.push_str(&sound_text(sound)),
        None if kind == "video" => text.push_str(" silent"),
        None => {}
    }
    text
}

fn clip_text(clip: &Clip) -> String {
    let speed =
        if clip.speed == vid_timeline::Rational::ONE { String::new() } else { format!(" ×{}", clip.speed) };
    format!(" {}[{}]{speed}", clip.source.location, clip.source_range)
}

fn text_text(content: &Text) -> String {
    let default = Text::new(content.text.clone());
    let mut text = format!(" {:?}", content.text);
    let mut field = |name: &str, value: String, standard: String| {
        if value != standard {
            let _ = write!(text, " {name}: {value}");
        }
    };
    let debug = |value: &dyn std::fmt::Debug| format!("{value:?}");
    field("font_family", content.font_family.clone(), default.font_family.clone());
    field("font_size", content.font_size.to_string(), default.font_size.to_string());
    field("font_weight", content.font_weight.to_string(), default.font_weight.to_string());
    field("font_style", content.font_style.to_string(), default.font_style.to_string());
    field("text_color", content.text_color.to_string(), default.text_color.to_string());
    field("text_align", content.text_align.to_string(), default.text_align.to_string());
    field("text_decoration", content.text_decoration.to_string(), default.text_decoration.to_string());
    field("tracking", content.tracking.to_string(), default.tracking.to_string());
    field("leading", content.leading.to_string(), default.leading.to_string());
    field("text_wrap", content.text_wrap.to_string(), default.text_wrap.to_string());
    field("stroke_color", debug(&content.stroke_color), debug(&default.stroke_color));
    field("stroke_width", content.stroke_width.to_string(), default.stroke_width.to_string());
    field("display", debug(&content.display), debug(&default.display));
    field("background_color", debug(&content.background_color), debug(&default.background_color));
    field(
        "background_opacity",
        content.background_opacity.to_string(),
        default.background_opacity.to_string(),
    );
    field("x_padding", content.x_padding.to_string(), default.x_padding.to_string());
    field("y_padding", content.y_padding.to_string(), default.y_padding.to_string());
    field("word_animation", debug(&content.word_animation), debug(&default.word_animation));
    text
}

fn layer_text(layer: &Layer) -> String {
    let default = Layer::default();
    let mut text = format!(" z{}", layer.z_index);
    let mut field = |name: &str, value: String, standard: String| {
        if value != standard {
            let _ = write!(text, " {name}: {value}");
        }
    };
    let debug = |value: &dyn std::fmt::Debug| format!("{value:?}");
    field("x", animated(&layer.x, ""), animated(&default.x, ""));
    field("y", animated(&layer.y, ""), animated(&default.y, ""));
    field("width", animated(&layer.width, ""), animated(&default.width, ""));
    field("height", animated(&layer.height, ""), animated(&default.height, ""));
    field("aspect_ratio", debug(&layer.aspect_ratio), debug(&default.aspect_ratio));
    field("x_anchor", layer.x_anchor.to_string(), default.x_anchor.to_string());
    field("y_anchor", layer.y_anchor.to_string(), default.y_anchor.to_string());
    field("fit", layer.fit.to_string(), default.fit.to_string());
    field("x_rotation", layer.x_rotation.to_string(), default.x_rotation.to_string());
    field("y_rotation", layer.y_rotation.to_string(), default.y_rotation.to_string());
    field("z_rotation", animated(&layer.z_rotation, ""), animated(&default.z_rotation, ""));
    field("x_scale", animated(&layer.x_scale, "%"), animated(&default.x_scale, "%"));
    field("y_scale", animated(&layer.y_scale, "%"), animated(&default.y_scale, "%"));
    field("flip_horizontal", layer.flip_horizontal.to_string(), default.flip_horizontal.to_string());
    field("flip_vertical", layer.flip_vertical.to_string(), default.flip_vertical.to_string());
    field("opacity", animated(&layer.opacity, "%"), animated(&default.opacity, "%"));
    field("blend_mode", layer.blend_mode.to_string(), default.blend_mode.to_string());
    field("clip", layer.clip.to_string(), default.clip.to_string());
    field("color_overlay", debug(&layer.color_overlay), debug(&default.color_overlay));
    field("style", debug(&layer.style), debug(&default.style));
    field("crop", debug(&layer.crop), debug(&default.crop));
    field("adjust", debug(&layer.adjust), debug(&default.adjust));
    field("lut", debug(&layer.lut), debug(&default.lut));
    for effect in &layer.effects {
        let chroma = effect.chroma_settings.map(|chroma| format!(" {chroma:?}")).unwrap_or_default();
        field("effect", format!("{} {}%{chroma}", effect.kind, effect.intensity), String::new());
    }
    for motion in &layer.motion {
        let reversed = if motion.reversed { " reversed" } else { "" };
        let repeats = if motion.repeats { " loop" } else { "" };
        let scope = if motion.scope == vid_timeline::MotionScope::Character { " character" } else { "" };
        let delay = if motion.delay.is_zero() { String::new() } else { format!(" delay {}", motion.delay) };
        let value = format!(
            "{} {} {}{reversed}{repeats}{scope}{delay}",
            motion.kind,
            motion.record_range,
            motion.easing.name()
        );
        field("motion", value, String::new());
    }
    text
}

fn sound_text(sound: &Sound) -> String {
    let default = Sound::default();
    let mut text = String::new();
    if sound.volume != default.volume {
        let _ = write!(text, " volume: {}", animated(&sound.volume, ""));
    }
    for (name, fade) in [("fade_in", sound.fade_in_duration), ("fade_out", sound.fade_out_duration)] {
        if !fade.is_zero() {
            let _ = write!(text, " {name}: {fade}");
        }
    }
    text
}

fn animated<T: Display>(value: &Animated<T>, unit: &str) -> String {
    match value {
        Animated::Constant(value) => format!("{value}{unit}"),
        Animated::Keyframes(keyframes) => {
            let keys: Vec<_> = keyframes
                .iter()
                .map(|k| format!("{}: {}{unit} {}", k.time, k.value, k.easing.name()))
                .collect();
            format!("[{}]", keys.join(", "))
        }
    }
}
