//! From layers to the body of a render.
//!
//! Layers become elements: the painting order is that of their positions, lengths are thirtieths of a second, and
//! boxes are pixels. Whatever a layer says is either rendered or refused by name.

use serde_json::{Map, Value, json};
use vid_timeline::{Color, Geometry, Length, Paint, Rational, Shape, Stroke};

use super::css;
use super::document::Layer;
use super::error::GenError;
use super::filters::Filters;
use super::variables::{Texts, filled};
use super::view::wire;

/// Frames a second, in which layers count.
const RATE: f64 = 30.0;
/// How long a layer fades in or out.
const FADE_SECONDS: f64 = 0.5;
/// How words are shown where a caption does not say.
const WORDS: &str = "color";
/// The colour of the word that is spoken, where a caption does not say.
const SPOKEN: &str = "#ffd400";
/// Attributes that say nothing about the picture.
const SILENT: &[&str] = &["totalDuration", "row", "id", "name", "type", "position"];

/// Shapes of the canvas by their names.
pub const RATIOS: &[(&str, (u32, u32))] =
    &[("9:16", (1080, 1920)), ("16:9", (1920, 1080)), ("1:1", (1080, 1080))];

/// The kinds of layers, by all their names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A film.
    Clip,
    /// Sound.
    Sound,
    /// Words that stand.
    Text,
    /// Words that are spoken.
    Caption,
    /// A still.
    Image,
    /// An outline.
    Shape,
}

impl Kind {
    /// The kind of that name.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "clip" | "video" => Some(Self::Clip),
            "sound" | "audio" => Some(Self::Sound),
            "text" => Some(Self::Text),
            "caption" | "captions" => Some(Self::Caption),
            "image" => Some(Self::Image),
            "shape" => Some(Self::Shape),
            _ => None,
        }
    }
}

/// What a body is made of: the body, and what a body cannot say.
#[derive(Clone, PartialEq, Debug)]
pub struct Composed {
    /// The body.
    pub body: Value,
    /// Ways to fit, by the ids of elements.
    pub fits: Map<String, Value>,
    /// Shapes, by the ids of the texts that stand for them.
    pub shapes: Map<String, Value>,
}

/// The body of layers on a canvas. Names in contents stand for `texts`.
///
/// # Errors
/// When there are no layers, or one of them says what cannot be rendered.
pub fn compose(
    sheet: i64,
    layers: &[Layer],
    canvas: (u32, u32),
    texts: &Texts,
    lenient: bool,
) -> Result<Composed, GenError> {
    let mut order: Vec<&Layer> = layers.iter().collect();
    order.sort_by_key(|layer| (stacking(layer), layer.n));
    let mut made = Composed { body: json!({}), fits: Map::new(), shapes: Map::new() };
    let mut elements = Vec::new();
    let mut end: f64 = 0.0;
    for (index, layer) in order.iter().enumerate() {
        let id = wire(sheet, layer.n);
        let mut reader = Reader::new(id, layer);
        let z_index = i64::try_from(index).unwrap_or(i64::MAX);
        let kind = layer.kind.as_deref().unwrap_or_default();
        let Some(kind) = Kind::of(kind) else {
            return Err(reader.error(&format!("has the type `{kind}`, which is not rendered here")));
        };
        let span = reader.span()?;
        end = end.max(span.0 + span.1);
        match kind {
            Kind::Sound => elements.extend(sound(&mut reader, span)?),
            Kind::Clip | Kind::Image => {
                let (element, fit) = picture(&mut reader, kind, span, z_index, canvas)?;
                elements.push(element);
                made.fits.insert(reader.id(), json!(fit));
            }
            Kind::Text => elements.push(words(&mut reader, span, z_index, texts)?),
            Kind::Shape => {
                let (element, shape) = shape(&mut reader, span, z_index, canvas)?;
                elements.push(element);
                made.shapes.insert(reader.id(), json!(shape));
            }
            Kind::Caption => elements.extend(captions(&mut reader, span, z_index)?),
        }
        if !lenient {
            reader.end()?;
        }
    }
    if elements.is_empty() {
        return Err(GenError::invalid("there is no layer to render"));
    }
    made.body = json!({
        "width": canvas.0, "height": canvas.1, "duration": end, "frame_rate": 30, "output_format": "mp4",
        "background_color": "#000000", "ingest_external": true, "elements": elements,
    });
    Ok(made)
}

fn stacking(layer: &Layer) -> i64 {
    let index = layer.attributes.get("styles").and_then(|styles| styles.get("zIndex"));
    index.and_then(Value::as_i64).unwrap_or(layer.position)
}

/// Takes the attributes of a layer one after the other.
struct Reader {
    layer: i64,
    fields: Map<String, Value>,
    styles: Map<String, Value>,
}

impl Reader {
    fn new(layer: i64, from: &Layer) -> Self {
        let mut fields = from.attributes.clone();
        fields.retain(|name, value| !SILENT.contains(&name.as_str()) && !value.is_null());
        let mut styles = match fields.remove("styles") {
            Some(Value::Object(styles)) => styles,
            _ => Map::new(),
        };
        styles.retain(|name, value| name != "zIndex" && !value.is_null());
        Self { layer, fields, styles }
    }

    fn id(&self) -> String {
        format!("layer-{}", self.layer)
    }

    fn error(&self, problem: &str) -> GenError {
        GenError::invalid(format!("layer {} {problem}", self.layer))
    }

    fn wrong(&self, name: &str, what: &str) -> GenError {
        self.error(&format!("has a `{name}` that is {what}"))
    }

    fn number(&mut self, name: &str) -> Result<Option<f64>, GenError> {
        let value = self.fields.remove(name);
        value.map(|value| value.as_f64().ok_or_else(|| self.wrong(name, "no number"))).transpose()
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, GenError> {
        match self.fields.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(name, "no text")),
        }
    }

    /// A style, a number as it is written.
    fn style(&mut self, name: &str) -> Result<Option<String>, GenError> {
        match self.styles.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(self.wrong(&format!("styles.{name}"), "neither a text nor a number")),
        }
    }

    fn style_pixels(&mut self, name: &str) -> Result<Option<f64>, GenError> {
        let style = self.style(name)?;
        let pixels = style.map(|text| {
            css::pixels(&text).ok_or_else(|| self.wrong(&format!("styles.{name}"), "no length in pixels"))
        });
        pixels.transpose()
    }

    fn style_color(&mut self, name: &str) -> Result<Option<String>, GenError> {
        let style = self.style(name)?;
        let color = style
            .map(|text| css::color(&text).ok_or_else(|| self.wrong(&format!("styles.{name}"), "no colour")));
        color.transpose()
    }

    /// Start and length in seconds.
    fn span(&mut self) -> Result<(f64, f64), GenError> {
        let (start_at, duration) = (self.number("start_at")?, self.number("duration")?);
        let from = self.number("from")?.or(start_at.map(|seconds| (seconds * RATE).round())).unwrap_or(0.0);
        let length = self.number("durationInFrames")?.or(duration.map(|seconds| (seconds * RATE).round()));
        let length = length.ok_or_else(|| self.error("has no `durationInFrames`"))?;
        match from >= 0.0 && length >= 1.0 && from.fract() == 0.0 && length.fract() == 0.0 {
            true => Ok((from / RATE, length / RATE)),
            false => Err(self.error("has a `from` or a `durationInFrames` that is no count of frames")),
        }
    }

    /// A loudness between 0 and 1, as percent.
    fn volume(&mut self) -> Result<f64, GenError> {
        let own = self.number("volume")?;
        let style = self.style("volume")?;
        let style = style.map(|text| text.parse().map_err(|_| self.wrong("styles.volume", "no number")));
        let volume: f64 = style.transpose()?.or(own).unwrap_or(1.0);
        match (0.0..=1.0).contains(&volume) {
            true => Ok((volume * 100.0).round()),
            false => Err(self.wrong("styles.volume", "not between 0 and 1")),
        }
    }

    /// The box, the turn, the opacity and the fades of an element.
    fn place(&mut self, span: (f64, f64), z_index: i64) -> Result<Value, GenError> {
        let (left, top) = (self.number("left")?.unwrap_or(0.0), self.number("top")?.unwrap_or(0.0));
        let mut element = json!({ "id": self.id(), "time": span.0, "z_index": z_index });
        let whole = (self.number("width")?, self.number("height")?);
        if let (Some(width), Some(height)) = whole {
            element["x"] = json!(left + width / 2.0);
            element["y"] = json!(top + height / 2.0);
            element["width"] = json!(width);
            element["height"] = json!(height);
        } else if whole != (None, None) || left != 0.0 || top != 0.0 {
            return Err(self.error("has a place and no `width` and `height`"));
        }
        if let Some(turn) = self.number("rotation")? {
            element["z_rotation"] = json!(turn);
        }
        let opacity = self.style("opacity")?;
        if let Some(opacity) = opacity {
            let part = opacity.parse::<f64>().ok().filter(|part| (0.0..=1.0).contains(part));
            let part = part.ok_or_else(|| self.wrong("styles.opacity", "not between 0 and 1"))?;
            element["opacity"] = json!((part * 100.0).round());
        }
        if let Some(radius) = self.style_pixels("borderRadius")? {
            element["border_radius"] = json!(radius);
        }
        let motion = self.fades(span)?;
        if !motion.is_empty() {
            element["motion"] = json!(motion);
        }
        Ok(element)
    }

    fn fades(&mut self, span: (f64, f64)) -> Result<Vec<Value>, GenError> {
        let Some(animation) = self.styles.remove("animation") else { return Ok(Vec::new()) };
        let Value::Object(mut animation) = animation else {
            return Err(self.wrong("styles.animation", "no object"));
        };
        let length = FADE_SECONDS.min(span.1 / 2.0);
        let mut motion = Vec::new();
        for (side, wanted, time, reversed) in
            [("enter", "fadeIn", span.0, false), ("exit", "fadeOut", span.0 + span.1 - length, true)]
        {
            match animation.remove(side) {
                None | Some(Value::Null) => {}
                Some(Value::String(name)) if name == "none" || name.is_empty() => {}
                Some(Value::String(name)) if name == wanted => motion
                    .push(json!({ "type": "fade", "time": time, "duration": length, "reversed": reversed })),
                Some(other) => {
                    return Err(self.error(&format!(
                        "has a `styles.animation.{side}` of {other}; `{wanted}` is what is rendered here"
                    )));
                }
            }
        }
        match animation.keys().next() {
            Some(name) => {
                Err(self.error(&format!("has a `styles.animation.{name}`, which is not rendered here")))
            }
            None => Ok(motion),
        }
    }

    /// The looks of words.
    fn letters(&mut self, element: &mut Value) -> Result<(), GenError> {
        element["font_size"] = json!(self.style_pixels("fontSize")?.unwrap_or(48.0));
        element["text_color"] = json!(self.style_color("color")?.unwrap_or_else(|| "#ffffff".to_owned()));
        if let Some(family) = self.style("fontFamily")? {
            // The first of a list, as CSS would have it if it were there.
            let first = family.split(',').next().unwrap_or_default();
            element["font_family"] = json!(first.trim().trim_matches(['"', '\'']));
        }
        if let Some(weight) = self.style("fontWeight")? {
            let weight = match weight.as_str() {
                "normal" => Some(400),
                "bold" => Some(700),
                number => number.parse::<u32>().ok(),
            };
            element["font_weight"] =
                json!(weight.ok_or_else(|| self.wrong("styles.fontWeight", "no weight"))?);
        }
        for (style, field) in [("fontStyle", "font_style"), ("textAlign", "text_align")] {
            if let Some(word) = self.style(style)? {
                element[field] = json!(word);
            }
        }
        if let Some(space) = self.style_pixels("letterSpacing")? {
            element["tracking"] = json!(space);
        }
        if let Some(height) = self.style("lineHeight")? {
            let height = height.parse::<f64>();
            element["leading"] = json!(height.map_err(|_| self.wrong("styles.lineHeight", "no number"))?);
        }
        Ok(())
    }

    /// Whatever was not taken cannot be rendered.
    fn end(&self) -> Result<(), GenError> {
        if let Some(name) = self.fields.keys().next() {
            return Err(self.error(&format!("has a `{name}`, which is not rendered here")));
        }
        match self.styles.keys().next() {
            Some(name) => Err(self.error(&format!("has a `styles.{name}`, which is not rendered here"))),
            None => Ok(()),
        }
    }

    fn source(&mut self) -> Result<String, GenError> {
        self.text("src")?.filter(|src| !src.is_empty()).ok_or_else(|| self.error("has no `src`"))
    }
}

fn with(mut element: Value, more: Value) -> Value {
    if let (Value::Object(fields), Value::Object(more)) = (&mut element, more) {
        fields.extend(more);
    }
    element
}

fn sound(reader: &mut Reader, span: (f64, f64)) -> Result<Option<Value>, GenError> {
    let start = reader.number("startFromSound")?.unwrap_or(0.0) / RATE;
    let (volume, src) = (reader.volume()?, reader.source()?);
    let element = json!({ "type": "audio", "id": reader.id(), "source_url": src, "time": span.0,
        "in_point": start, "out_point": start + span.1, "volume": volume });
    // A body has no silent sound.
    Ok((volume > 0.0).then_some(element))
}

fn picture(
    reader: &mut Reader,
    kind: Kind,
    span: (f64, f64),
    z_index: i64,
    canvas: (u32, u32),
) -> Result<(Value, &'static str), GenError> {
    let mut element = reader.place(span, z_index)?;
    if let Some(filters) = reader.style("filter")? {
        let unknown = |filter: String| reader.error(&format!("has `{filter}` in its `styles.filter`"));
        let filters = Filters::read(&filters).map_err(unknown)?;
        filters.apply(&mut element, canvas.0.min(canvas.1)).map_err(|problem| reader.error(&problem))?;
    }
    let fit = match reader.style("objectFit")?.as_deref() {
        None | Some("cover") => "cover",
        Some("contain") => "contain",
        Some("fill") => "stretch",
        Some("none") => "none",
        Some(other) => return Err(reader.error(&format!("has a `styles.objectFit` of `{other}`"))),
    };
    let src = reader.source()?;
    if kind == Kind::Image {
        return Ok((with(element, json!({ "type": "image", "source_url": src, "duration": span.1 })), fit));
    }
    let start = reader.number("videoStartTime")?.unwrap_or(0.0);
    let volume = reader.volume()?;
    let clip = json!({ "type": "video", "source_url": src, "in_point": start, "out_point": start + span.1,
        "volume": volume });
    Ok((with(element, clip), fit))
}

fn words(reader: &mut Reader, span: (f64, f64), z_index: i64, texts: &Texts) -> Result<Value, GenError> {
    let mut element = reader.place(span, z_index)?;
    reader.letters(&mut element)?;
    if let Some(color) = reader.style_color("backgroundColor")? {
        element["background"] = json!(true);
        element["background_color"] = json!(color);
    }
    let content = reader.text("content")?.filter(|text| !text.is_empty());
    let content = content.ok_or_else(|| reader.error("has no `content`"))?;
    let content = filled(&content, texts).map_err(|name| {
        reader.error(&format!("has a variable `{name}` in its `content`, which has no text"))
    })?;
    Ok(with(element, json!({ "type": "text", "text": content, "duration": span.1 })))
}

/// A text that stands for a shape, and the shape.
fn shape(
    reader: &mut Reader,
    span: (f64, f64),
    z_index: i64,
    canvas: (u32, u32),
) -> Result<(Value, Shape), GenError> {
    let radius = reader.style_pixels("borderRadius")?.unwrap_or(0.0);
    let kind = reader.text("shape")?;
    let exact = |number: f64| Rational::from_f64_decimal(number).filter(|number| *number >= Rational::ZERO);
    let geometry = match kind.as_deref() {
        None | Some("rectangle" | "rect" | "square") => {
            let radius = exact(radius).map(Length::Pixels);
            let radius = radius.ok_or_else(|| reader.wrong("styles.borderRadius", "no length in pixels"))?;
            Geometry::Rect { radius }
        }
        Some("circle" | "ellipse" | "oval") => Geometry::Ellipse,
        Some(other) => {
            let problem = format!("has the shape `{other}`; there are `rectangle` and `ellipse`");
            return Err(reader.error(&problem));
        }
    };
    let mut paint = |name: &str| {
        let color = reader.style_color(name)?.and_then(|hex| Color::from_hex(&hex));
        Ok::<Option<Paint>, GenError>(color.map(Paint::Solid))
    };
    let (fill, background, stroke) = (paint("fill")?, paint("backgroundColor")?, paint("stroke")?);
    let width = reader.style_pixels("strokeWidth")?;
    let width = exact(width.unwrap_or(1.0)).ok_or_else(|| reader.wrong("styles.strokeWidth", "no width"))?;
    let stroke = stroke.filter(|_| width > Rational::ZERO).map(|paint| Stroke::plain(paint, width));
    let fill = fill.or(background);
    if fill.is_none() && stroke.is_none() {
        return Err(reader.error("has neither a `styles.fill` nor a `styles.stroke`"));
    }
    let mut element = reader.place(span, z_index)?;
    if element.get("width").is_none() {
        element["width"] = json!(canvas.0);
        element["height"] = json!(canvas.1);
        element["x"] = json!(f64::from(canvas.0) / 2.0);
        element["y"] = json!(f64::from(canvas.1) / 2.0);
    }
    let element = with(element, json!({ "type": "text", "text": "shape", "duration": span.1 }));
    Ok((element, Shape { geometry, fill, stroke }))
}

fn captions(reader: &mut Reader, span: (f64, f64), z_index: i64) -> Result<Vec<Value>, GenError> {
    let mut common = reader.place(span, z_index)?;
    reader.letters(&mut common)?;
    let style = reader.text("template")?.unwrap_or_else(|| WORDS.to_owned());
    let spoken = reader.style_color("highlightColor")?.unwrap_or_else(|| SPOKEN.to_owned());
    let Some(Value::Array(segments)) = reader.fields.remove("captions") else {
        return Err(reader.error("has no list of `captions`"));
    };
    let end = span.0 + span.1;
    let seconds = |value: &Value, name: &str| {
        let millis = value.get(name).and_then(Value::as_f64).filter(|millis| *millis >= 0.0);
        let wrong = || reader.error(&format!("has captions whose `{name}` is no count of milliseconds"));
        Ok::<f64, GenError>(span.0 + millis.ok_or_else(wrong)? / 1000.0)
    };
    let mut elements = Vec::new();
    for (index, segment) in segments.iter().enumerate() {
        let (start, stop) = (seconds(segment, "startMs")?, seconds(segment, "endMs")?.min(end));
        if stop <= start {
            continue;
        }
        // Whole milliseconds, without the dust of a subtraction.
        let length = ((stop - start) * 1000.0).round() / 1000.0;
        let mut spoken_words = Vec::new();
        for word in segment.get("words").and_then(Value::as_array).into_iter().flatten() {
            let (from, to) = (seconds(word, "startMs")?, seconds(word, "endMs")?);
            let text = word.get("word").and_then(Value::as_str).unwrap_or_default().trim();
            if !text.is_empty() && from < stop {
                spoken_words.push(json!({ "text": text, "start": from, "end": to.min(stop) }));
            }
        }
        let text = segment.get("text").and_then(Value::as_str).unwrap_or_default().trim();
        if text.is_empty() {
            return Err(reader.error("has captions without `text`"));
        }
        let mut element = with(
            common.clone(),
            json!({ "type": "text", "id": format!("{}-{index}", reader.id()), "text": text, "time": start,
                "duration": length }),
        );
        if !spoken_words.is_empty() {
            element["background_color"] = json!(spoken);
            element["word_animation"] = json!({ "style": style, "words": spoken_words });
        }
        elements.push(element);
    }
    Ok(elements)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(n: i64, kind: &str, position: i64, attributes: Value) -> Layer {
        Layer {
            n,
            name: None,
            kind: Some(kind.to_owned()),
            position,
            attributes: attributes.as_object().unwrap().clone(),
            created_at: 0,
            updated_at: 0,
        }
    }

    fn composed(layers: &[Layer]) -> Composed {
        compose(1, layers, (1080, 1920), &Texts::new(), false).unwrap()
    }

    #[test]
    fn layers_are_stacked_and_last_as_long_as_the_longest() {
        let made = composed(&[
            layer(1, "text", 5, json!({ "content": "a", "from": 15, "durationInFrames": 30 })),
            layer(
                2,
                "clip",
                0,
                json!({ "src": "https://m.example/a.mp4", "durationInFrames": 60, "videoStartTime": 2,
                "left": 100, "top": 10, "width": 200, "height": 100, "styles": { "objectFit": "contain", "volume": 0 } }),
            ),
            layer(
                3,
                "sound",
                1,
                json!({ "src": "https://m.example/a.mp3", "durationInFrames": 30, "startFromSound": 15 }),
            ),
        ]);
        assert_eq!(made.body["duration"], 2.0);
        let elements = made.body["elements"].as_array().unwrap();
        let kinds: Vec<&Value> = elements.iter().map(|element| &element["type"]).collect();
        assert_eq!(kinds, ["video", "audio", "text"]);
        assert_eq!((&elements[0]["x"], &elements[0]["y"]), (&json!(200.0), &json!(60.0)));
        assert_eq!((&elements[0]["in_point"], &elements[0]["out_point"]), (&json!(2.0), &json!(4.0)));
        assert_eq!((&elements[1]["in_point"], &elements[1]["volume"]), (&json!(0.5), &json!(100.0)));
        assert_eq!(made.fits["layer-1000002"], "contain");
    }

    #[test]
    fn captions_are_words_in_time() {
        let made = composed(&[layer(
            1,
            "captions",
            0,
            json!({ "from": 30, "durationInFrames": 60, "template": "box",
            "captions": [{ "text": "two words", "startMs": 0, "endMs": 900, "words": [
                { "word": "two", "startMs": 0, "endMs": 400 }, { "word": "words", "startMs": 400, "endMs": 900 }] }] }),
        )]);
        let caption = &made.body["elements"][0];
        assert_eq!((&caption["time"], &caption["duration"]), (&json!(1.0), &json!(0.9)));
        assert_eq!(
            caption["word_animation"]["words"][1],
            json!({ "text": "words", "start": 1.4, "end": 1.9 })
        );
        assert_eq!(caption["word_animation"]["style"], "box");
    }

    #[test]
    fn what_cannot_be_rendered_is_named() {
        let refused = |kind: &str, attributes: Value| {
            let layers = [layer(1, kind, 0, attributes)];
            let answer = compose(1, &layers, (1080, 1920), &Texts::new(), false).unwrap_err();
            answer.message().to_owned()
        };
        let told = [
            refused("shape", json!({ "durationInFrames": 1 })),
            refused("shape", json!({ "durationInFrames": 1, "shape": "star", "styles": { "fill": "red" } })),
            refused("hologram", json!({ "durationInFrames": 1 })),
            refused("text", json!({ "content": "a" })),
            refused("text", json!({ "content": "a", "durationInFrames": 1, "glow": 1 })),
            refused(
                "text",
                json!({ "content": "a", "durationInFrames": 1, "styles": { "textShadow": "1px" } }),
            ),
            refused("text", json!({ "content": "a", "durationInFrames": 1, "styles": { "color": "sky" } })),
            refused("text", json!({ "content": "{{name}}", "durationInFrames": 1 })),
            refused("image", json!({ "durationInFrames": 1 })),
            refused(
                "clip",
                json!({ "src": "a", "durationInFrames": 1, "styles": { "animation": { "enter": "spin" } } }),
            ),
        ];
        expect_test::expect![[r#"
            layer 1000001 has neither a `styles.fill` nor a `styles.stroke`
            layer 1000001 has the shape `star`; there are `rectangle` and `ellipse`
            layer 1000001 has the type `hologram`, which is not rendered here
            layer 1000001 has no `durationInFrames`
            layer 1000001 has a `glow`, which is not rendered here
            layer 1000001 has a `styles.textShadow`, which is not rendered here
            layer 1000001 has a `styles.color` that is no colour
            layer 1000001 has a variable `name` in its `content`, which has no text
            layer 1000001 has no `src`
            layer 1000001 has a `styles.animation.enter` of "spin"; `fadeIn` is what is rendered here"#]]
        .assert_eq(&told.join("\n"));
    }
}
