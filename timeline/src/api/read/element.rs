//! The four kinds of element.

use super::super::violation::ViolationCode;
use super::super::wire::{Audio, Element, Image, Video};
use super::object::{Bounds, ObjectReader};
use super::{groups, has_video_extension, hints, text, url_path};

/// The kinds that a body can hold.
const KINDS: [&str; 4] = ["video", "audio", "image", "text"];

pub(super) fn read(object: &mut ObjectReader<'_>) -> Option<Element> {
    let kind = object.string("type");
    object.require("type");
    let kind = kind?;
    match kind.as_str() {
        "video" => video(object).map(Element::Video),
        "audio" => audio(object).map(Element::Audio),
        "image" => image(object).map(Element::Image),
        "text" => text::read(object).map(Element::Text),
        "composition" => {
            let message = "nested compositions are not rendered; put their elements here instead";
            object.error(ViolationCode::UnsupportedFeature, "type", message);
            object.ignore_rest();
            None
        }
        _ => {
            let message = hints::unknown_value("type", &kind, &KINDS);
            object.error(ViolationCode::UnknownValue, "type", message);
            object.ignore_rest();
            None
        }
    }
}

fn video(object: &mut ObjectReader<'_>) -> Option<Video> {
    object.set_kind("video");
    let common = groups::common(object);
    let source_url = source_url(object);
    if let Some(url) = source_url.as_deref().filter(|url| !has_video_extension(url_path(url))) {
        let message = format!("`{}` is not an mp4, mov or webm", hints::shortened(url));
        object.error(ViolationCode::UnsupportedSource, "source_url", message);
    }
    let trim = groups::trim(object, false);
    let visual = groups::visual(object);
    let style = groups::style(object);
    let crop = groups::crop(object);
    let colour = groups::colour(object);
    let lut = groups::lut(object);
    let effects = groups::effects(object);
    let motion = groups::motion(object, false);
    let source_url = source_url?;
    Some(Video { common, source_url, trim, visual, style, crop, colour, lut, effects, motion })
}

fn audio(object: &mut ObjectReader<'_>) -> Option<Audio> {
    object.set_kind("audio");
    let common = groups::common(object);
    let source_url = source_url(object);
    let trim = groups::trim(object, true);
    Some(Audio { common, source_url: source_url?, trim })
}

fn image(object: &mut ObjectReader<'_>) -> Option<Image> {
    object.set_kind("image");
    let common = groups::common(object);
    object.require("id");
    if common.id.as_deref() == Some("") {
        object.error(ViolationCode::MissingField, "id", "an image needs an `id` that is not empty");
    }
    let source_url = source_url(object);
    let duration = object.number("duration", Bounds::Positive);
    object.require("duration");
    let visual = groups::visual(object);
    let style = groups::style(object);
    let crop = groups::crop(object);
    let colour = groups::colour(object);
    let lut = groups::lut(object);
    let effects = groups::effects(object);
    let motion = groups::motion(object, false);
    let (duration, source_url) = (duration?, source_url?);
    Some(Image { common, duration, source_url, visual, style, crop, colour, lut, effects, motion })
}

fn source_url(object: &mut ObjectReader<'_>) -> Option<String> {
    let url = object.url("source_url");
    object.require("source_url");
    url
}
