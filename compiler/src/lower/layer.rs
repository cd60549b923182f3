//! How a visual element looks.

use vid_timeline::{
    Adjustments, BlendMode, ChromaSettings, Crop, Effect, EffectType, Element, Fit, Layer, Lut, Motion,
    MotionScope, MotionType, Style, Time, TimeRange, Transition,
};

use crate::eval::Text;
use crate::items::Keyword;
use crate::lower::read::Reader;
use crate::schedule::{AttachedRole, Placed, Properties};

/// The layer of what is seen, without its mask.
pub(super) fn layer(
    placed: &Placed,
    record_range: TimeRange,
    reader: &Reader<'_>,
    location: impl Fn(&Text) -> String,
) -> Option<Layer> {
    let has = |name: &str| reader.value(name).is_some();
    Some(Layer {
        x: reader.animated_length("x")?,
        y: reader.animated_length("y")?,
        width: reader.animated_length("width")?,
        height: reader.animated_length("height")?,
        aspect_ratio: reader.number("aspect_ratio"),
        x_anchor: reader.length("x_anchor")?,
        y_anchor: reader.length("y_anchor")?,
        fit: if has("fit") { Fit::from_name(&reader.word("fit")?)? } else { Fit::Contain },
        x_rotation: reader.angle("x_rotation")?,
        y_rotation: reader.angle("y_rotation")?,
        z_rotation: reader.animated_angle("z_rotation")?,
        x_scale: reader.animated_percent("x_scale")?,
        y_scale: reader.animated_percent("y_scale")?,
        flip_horizontal: reader.flag("flip_horizontal")?,
        flip_vertical: reader.flag("flip_vertical")?,
        opacity: reader.animated_percent("opacity")?,
        z_index: reader.integer("z_index")?,
        blend_mode: BlendMode::from_name(&reader.word("blend_mode")?)?,
        clip: reader.flag("clip")?,
        color_overlay: reader.color("color_overlay"),
        style: style(reader)?,
        crop: if has("crop_top") { crop(reader)? } else { Crop::default() },
        adjust: if has("brightness") { adjust(reader)? } else { Adjustments::default() },
        lut: reader.media("lut_url").and_then(|path| {
            Some(Lut { location: location(&path), intensity: reader.percent("lut_intensity")? })
        }),
        effects: attached(placed, |role| matches!(role, AttachedRole::Effect)).filter_map(effect).collect(),
        motion: placed
            .attached
            .iter()
            .filter_map(|(role, properties, _)| match role {
                AttachedRole::Motion(keyword) => {
                    motion(*keyword, properties, placed.range.start, record_range)
                }
                AttachedRole::Effect | AttachedRole::Mask(_) => None,
            })
            .collect(),
        mask: None,
    })
}

fn attached(placed: &Placed, wanted: impl Fn(AttachedRole) -> bool) -> impl Iterator<Item = &Properties> {
    placed.attached.iter().filter(move |(role, _, _)| wanted(*role)).map(|(_, properties, _)| properties)
}

/// Distance between layers where a transition has one of its own, so that it fits between two.
const LAYER_STEP: i64 = 10;

/// Later is on top unless `z_index` says otherwise; each layer gets a number of its own, and so does
/// that of a transition, above the layers that it was level with or above.
pub(super) fn number_layers(elements: &mut [Element], transitions: &mut [Transition]) {
    let mut order: Vec<(i64, usize)> = elements
        .iter()
        .enumerate()
        .filter_map(|(index, element)| Some((element.layer.as_ref()?.z_index, index)))
        .collect();
    order.sort_unstable();
    let has_room = transitions.iter().any(|transition| transition.z_index.is_some());
    let step = if has_room { LAYER_STEP } else { 1 };
    for transition in transitions {
        if let Some(level) = transition.z_index {
            let below = order.partition_point(|(own, _)| *own <= level);
            let below = i64::try_from(below).unwrap_or(i64::MAX / LAYER_STEP);
            transition.z_index = Some(below * step - step / 2);
        }
    }
    for (rank, (_, index)) in (0..).zip(order) {
        if let Some(layer) = &mut elements[index].layer {
            layer.z_index = rank * step;
        }
    }
}

fn style(reader: &Reader<'_>) -> Option<Style> {
    Some(Style {
        border_radius: reader.length("border_radius")?,
        border_color: reader.color("border_color"),
        border_width: reader.length("border_width")?,
        shadow_color: reader.color("shadow_color"),
        shadow_blur: reader.length("shadow_blur")?,
        shadow_x: reader.length("shadow_x")?,
        shadow_y: reader.length("shadow_y")?,
    })
}

fn crop(reader: &Reader<'_>) -> Option<Crop> {
    Some(Crop {
        top: reader.number("crop_top")?,
        bottom: reader.number("crop_bottom")?,
        left: reader.number("crop_left")?,
        right: reader.number("crop_right")?,
    })
}

fn adjust(reader: &Reader<'_>) -> Option<Adjustments> {
    Some(Adjustments {
        brightness: reader.number("brightness")?,
        contrast: reader.number("contrast")?,
        saturation: reader.number("saturation")?,
        exposure: reader.number("exposure")?,
        hue_rotate: reader.degrees("hue_rotate")?,
        sharpness: reader.number("sharpness")?,
        blur: reader.number("blur")?,
        noise: reader.number("noise")?,
        vignette: reader.number("vignette")?,
    })
}

fn effect(properties: &Properties) -> Option<Effect> {
    let reader = Reader::new(properties, Time::ZERO);
    let chroma = ChromaSettings {
        hue_min: reader.degrees("hue_min"),
        hue_max: reader.degrees("hue_max"),
        sat_min: reader.number("sat_min"),
        sat_max: reader.number("sat_max"),
        lum_min: reader.number("lum_min"),
        lum_max: reader.number("lum_max"),
    };
    let kind = EffectType::from_name(&reader.word("type")?)?;
    let keys = chroma != ChromaSettings::default();
    Some(Effect { kind, intensity: reader.percent("intensity")?, chroma_settings: keys.then_some(chroma) })
}

/// A motion at its absolute place: enter and exit hang on the edges, the others run where they say
/// or for as long as the element.
fn motion(keyword: Keyword, properties: &Properties, start: Time, record_range: TimeRange) -> Option<Motion> {
    let reader = Reader::new(properties, start);
    let kind = MotionType::from_name(&reader.word("type")?)?;
    let scope = MotionScope::from_name(&reader.word("scope")?)?;
    let directions = kind.directions(scope);
    let duration = reader.time("duration");
    let motion_range = match keyword {
        Keyword::Enter => TimeRange::at(record_range.start, duration?),
        Keyword::Exit => TimeRange { start: record_range.end - duration?, end: record_range.end },
        _ => {
            let start = reader.instant("time").unwrap_or(record_range.start);
            match duration {
                Some(duration) => TimeRange::at(start, duration),
                None => TimeRange::new(start, record_range.end),
            }
        }
    };
    let only_leaves = directions.exit && !directions.entrance;
    Some(Motion {
        kind,
        record_range: motion_range,
        easing: reader.easing("easing")?,
        reversed: keyword == Keyword::Exit || only_leaves || reader.flag("reversed")?,
        scope,
        delay: reader.time("delay")?,
        repeats: reader.flag("loop").unwrap_or(keyword == Keyword::Loop || directions.repeats),
    })
}
