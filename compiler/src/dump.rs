//! A timeline as a short, stable text: one line a thing, defaults left out. For tests and for people.

use std::fmt::{Display, Write};

use vid_timeline::{
    Animated, Background, Blending, Clip, Content, Element, FillRule, Geometry, GradientStop, Group, Layer,
    Length, Mask, MaskMode, MaskPlace, MaskSource, Paint, Shape, Sound, StrokeCap, StrokeJoin, Text,
    Timeline, Transition, TransitionAudio,
};

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
        "{} {} {} for {} ({} frames){}{}",
        timeline.name,
        timeline.size,
        timeline.frame_rate,
        timeline.duration,
        timeline.frame_count(),
        background(&timeline.background),
        blending(timeline.blending),
    ));
    for container in timeline.containers.iter().skip(1) {
        let kind = format!("{:?}", container.kind).to_lowercase();
        let name = container.name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
        line(format!("{kind}{name} {}", container.record_range));
    }
    stage(&timeline.elements, &timeline.transitions, "", &mut line);
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
        line(format!(
            "output {}{}{}{}",
            output.format,
            said("filename", output.filename.as_ref()),
            if output.alpha { " alpha" } else { "" },
            encoder(&output.encoder),
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

/// Elements and transitions of the film or of a group; what is inside an element stands below it,
/// further in.
/// The settings that are said.
fn encoder(encoder: &vid_timeline::EncoderSettings) -> String {
    [
        said("codec", encoder.codec.as_ref()),
        said("profile", encoder.profile.as_ref()),
        said("preset", encoder.preset.as_ref()),
        said("crf", encoder.crf.as_ref()),
        said("quality", encoder.quality.as_ref()),
        said("colors", encoder.colors.as_ref()),
        said("dither", encoder.dither.as_ref()),
        said("plays", encoder.plays.as_ref()),
        said("time", encoder.time.as_ref()),
        said("audio_codec", encoder.audio_codec.as_ref()),
        said("audio_bitrate", encoder.audio_bitrate_kbps.as_ref()),
        said("sample_format", encoder.sample_format.as_ref()),
        said("loudness", encoder.loudness.map(|lufs| format!("{lufs}lufs")).as_ref()),
    ]
    .concat()
}

fn stage(elements: &[Element], transitions: &[Transition], indent: &str, line: &mut dyn FnMut(String)) {
    let deeper = format!("{indent}  ");
    for element in elements {
        line(format!("{indent}{}", element_line(element)));
        if let Some(matte) = element.matte() {
            line(format!("{deeper}matte {}", element_line(matte)));
        }
        if let Some(group) = element.matte().and_then(Element::group) {
            stage(&group.elements, &group.transitions, &format!("{deeper}  "), line);
        }
        if let Some(group) = element.group() {
            stage(&group.elements, &group.transitions, &deeper, line);
        }
    }
    for transition in transitions {
        let cut = if transition.audio == TransitionAudio::Cut { " audio: cut" } else { "" };
        let side = |id: &Option<String>| id.clone().unwrap_or_else(|| "background".to_owned());
        line(format!(
            "{indent}{} {} → {} {}{cut}{}",
            transition.kind,
            side(&transition.from),
            side(&transition.to),
            transition.record_range,
            said("z_index", transition.z_index.as_ref()),
        ));
    }
}

fn background(background: &Background) -> String {
    let mut text = String::new();
    if background.color != vid_timeline::Color::BLACK {
        let _ = write!(text, " on {}", background.color);
    }
    if let Some(image) = &background.image {
        let _ = write!(text, " over {image}");
    }
    text
}

fn blending(blending: Blending) -> String {
    if blending == Blending::Gamma { String::new() } else { format!(" blending: {blending}") }
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
        Content::Shape(shape) => text.push_str(&shape_text(shape)),
        Content::Group(group) => text.push_str(&group_text(group)),
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
    let reversed = if clip.reversed { " reversed" } else { "" };
    let repeats = match (clip.repeats, clip.phase.is_zero()) {
        (false, _) => String::new(),
        (true, true) => " repeats".to_owned(),
        (true, false) => format!(" repeats from {}", clip.phase),
    };
    format!(" {}[{}]{speed}{reversed}{repeats}", clip.source.location, clip.source_range)
}

fn group_text(group: &Group) -> String {
    let rate = group.frame_rate.map(|rate| format!(" {rate}")).unwrap_or_default();
    let below = group.background.as_ref().map(|below| match background(below).as_str() {
        "" => " on #000000".to_owned(),
        said => said.to_owned(),
    });
    format!(" {}{rate}{}{}", group.size, below.unwrap_or_default(), blending(group.blending))
}

fn shape_text(shape: &Shape) -> String {
    let mut text = match &shape.geometry {
        Geometry::Rect { radius } if *radius == Length::ZERO => " rect".to_owned(),
        Geometry::Rect { radius } => format!(" rect radius: {radius}"),
        Geometry::Ellipse => " ellipse".to_owned(),
        Geometry::Line { from: [x1, y1], to: [x2, y2] } => format!(" line {x1},{y1} {x2},{y2}"),
        Geometry::Path { data, view_box, fill_rule } => {
            let view = view_box.map(|v| format!(" view_box: {} {} {} {}", v.x, v.y, v.width, v.height));
            let rule = if *fill_rule == FillRule::Evenodd { " evenodd" } else { "" };
            format!(" path {data:?}{}{rule}", view.unwrap_or_default())
        }
    };
    if let Some(fill) = &shape.fill {
        let _ = write!(text, " fill: {}", paint_text(fill));
    }
    if let Some(stroke) = &shape.stroke {
        let _ = write!(text, " stroke: {} {}px", paint_text(&stroke.paint), stroke.width);
        if !stroke.dash.is_empty() {
            let lengths: Vec<_> = stroke.dash.iter().map(ToString::to_string).collect();
            let _ = write!(text, " dash: {} from {}", lengths.join(" "), stroke.dash_offset);
        }
        if stroke.cap != StrokeCap::Butt || stroke.join != StrokeJoin::Miter {
            let _ = write!(text, " {} ends {} corners", stroke.cap, stroke.join);
        }
    }
    text
}

fn paint_text(paint: &Paint) -> String {
    let stops = |stops: &[GradientStop]| {
        let stops: Vec<_> = stops.iter().map(|stop| format!("{} {}%", stop.color, stop.offset)).collect();
        stops.join(", ")
    };
    match paint {
        Paint::Solid(color) => color.to_string(),
        Paint::Linear { angle, stops: all } => format!("linear({angle}, {})", stops(all)),
        Paint::Radial { center: [x, y], stops: all } => format!("radial({x} {y}, {})", stops(all)),
    }
}

fn mask_text(mask: &Mask) -> String {
    let place = |place: &MaskPlace| {
        let default = MaskPlace::default();
        let mut text = String::new();
        let mut field = |name: &str, value: String, standard: String| {
            if value != standard {
                let _ = write!(text, " {name}: {value}");
            }
        };
        field("x", animated(&place.x, ""), animated(&default.x, ""));
        field("y", animated(&place.y, ""), animated(&default.y, ""));
        field("width", animated(&place.width, ""), animated(&default.width, ""));
        field("height", animated(&place.height, ""), animated(&default.height, ""));
        field("x_anchor", place.x_anchor.to_string(), default.x_anchor.to_string());
        field("y_anchor", place.y_anchor.to_string(), default.y_anchor.to_string());
        field("rotation", animated(&place.rotation, ""), animated(&default.rotation, ""));
        field("fit", place.fit.to_string(), default.fit.to_string());
        text
    };
    let mut text = match &mask.source {
        MaskSource::Shape { shape, place: at } => format!("{}{}", shape_text(shape).trim_start(), place(at)),
        MaskSource::Image { source, place: at } => format!("image {}{}", source.location, place(at)),
        MaskSource::Element(element) => element.id.clone(),
    };
    if mask.mode != MaskMode::Alpha {
        let _ = write!(text, " {}", mask.mode);
    }
    if mask.inverted {
        text.push_str(" inverted");
    }
    if !mask.feather.is_zero() {
        let _ = write!(text, " feather {}px", mask.feather);
    }
    text
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
            motion.kind, motion.record_range, motion.easing
        );
        field("motion", value, String::new());
    }
    if let Some(mask) = &layer.mask {
        field("mask", format!("({})", mask_text(mask)), String::new());
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
    if let Some(duck) = &sound.duck {
        let _ = write!(text, " duck: {}", animated(duck, ""));
    }
    if sound.pan != default.pan {
        let _ = write!(text, " pan: {}", animated(&sound.pan, "%"));
    }
    text
}

fn animated<T: Display>(value: &Animated<T>, unit: &str) -> String {
    match value {
        Animated::Constant(value) => format!("{value}{unit}"),
        Animated::Keyframes(keyframes) => {
            let keys: Vec<_> =
                keyframes.iter().map(|k| format!("{}: {}{unit} {}", k.time, k.value, k.easing)).collect();
            format!("[{}]", keys.join(", "))
        }
    }
}
