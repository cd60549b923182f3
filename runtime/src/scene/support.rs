//! What the runtime cannot draw, found before a frame is decoded.

use vid_timeline::{
    Adjustments, BlendMode, Content, Element, Layer, MotionScope, MotionType, Origin, OutputFormat, Style,
    Timeline, TransitionType,
};

/// Something a timeline asks for that this runtime does not draw.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unsupported {
    /// Id of the element, or of the composition itself.
    pub element: String,
    /// What is asked for, in the author's words, such as `` effect `vhs` ``.
    pub what: String,
    /// Where it was written.
    pub origin: Option<Origin>,
}

/// Motions the executor draws.
const MOTIONS: [MotionType; 5] = [
    MotionType::Fade,
    MotionType::SlideUp,
    MotionType::SlideDown,
    MotionType::SlideLeft,
    MotionType::SlideRight,
];

/// Everything in the timeline that the runtime does not draw; empty when it can render all of it.
pub fn unsupported(timeline: &Timeline) -> Vec<Unsupported> {
    let mut found = Vec::new();
    for element in &timeline.elements {
        let mut report = |what: String| {
            found.push(Unsupported { element: element.id.clone(), what, origin: element.origin });
        };
        if let Some(layer) = &element.layer {
            layer_gaps(layer, matches!(element.content, Content::Text(_)), &mut report);
        }
        element_gaps(element, &mut report);
    }
    for transition in &timeline.transitions {
        if transition.kind != TransitionType::CrossDissolve {
            found.push(Unsupported {
                element: transition.to.clone(),
                what: format!("transition `{}`", transition.kind),
                origin: transition.origin,
            });
        }
    }
    for output in &timeline.outputs {
        if output.format != OutputFormat::Mp4 {
            found.push(Unsupported {
                element: timeline.name.clone(),
                what: format!("output `{}`", output.format),
                origin: output.origin,
            });
        }
    }
    found
}

fn layer_gaps(layer: &Layer, is_text: bool, report: &mut impl FnMut(String)) {
    let plain = Layer::default();
    let mut property = |name: &str, asked: bool| {
        if asked {
            report(format!("property `{name}`"));
        }
    };
    property("x_rotation", !layer.x_rotation.is_zero());
    property("y_rotation", !layer.y_rotation.is_zero());
    property("z_rotation", layer.z_rotation.values().any(|angle| !angle.is_zero()));
    property("x_scale", layer.x_scale != plain.x_scale);
    property("y_scale", layer.y_scale != plain.y_scale);
    property("flip_horizontal", layer.flip_horizontal);
    property("flip_vertical", layer.flip_vertical);
    property("blend_mode", layer.blend_mode != BlendMode::None);
    property("clip", layer.clip);
    property("color_overlay", layer.color_overlay.is_some_and(|color| color.a != 0));
    property("lut_url", layer.lut.is_some());
    adjustment_gaps(&layer.adjust, &mut property);
    style_gaps(&layer.style, is_text, &mut property);
    for effect in &layer.effects {
        report(format!("effect `{}`", effect.kind));
    }
    for motion in &layer.motion {
        if !MOTIONS.contains(&motion.kind) {
            report(format!("motion `{}`", motion.kind));
        } else if motion.scope == MotionScope::Character {
            report(format!("motion `{}` per character", motion.kind));
        } else if motion.repeats {
            report(format!("repeated motion `{}`", motion.kind));
        }
    }
}

fn adjustment_gaps(adjust: &Adjustments, property: &mut impl FnMut(&str, bool)) {
    let all = [
        ("brightness", adjust.brightness),
        ("contrast", adjust.contrast),
        ("saturation", adjust.saturation),
        ("exposure", adjust.exposure),
        ("hue_rotate", adjust.hue_rotate),
        ("sharpness", adjust.sharpness),
        ("blur", adjust.blur),
        ("noise", adjust.noise),
        ("vignette", adjust.vignette),
    ];
    for (name, value) in all {
        property(name, !value.is_zero());
    }
}

fn style_gaps(style: &Style, is_text: bool, property: &mut impl FnMut(&str, bool)) {
    let set = |length| length != vid_timeline::Length::ZERO;
    // On text the radius rounds the plate, which the text renderer draws itself.
    property("border_radius", !is_text && set(style.border_radius));
    property("border_width", style.border_color.is_some() && set(style.border_width));
    // On text the shadow belongs to the letters, and is drawn where `shadow: true` asks for it.
    property("shadow_color", !is_text && style.shadow_color.is_some_and(|color| color.a != 0));
}

fn element_gaps(element: &Element, report: &mut impl FnMut(String)) {
    if let Content::Text(text) = &element.content
        && text.word_animation.is_some()
    {
        report("word timing (`word_animation`)".to_owned());
    }
}
