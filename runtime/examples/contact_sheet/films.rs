//! Films of one second that show one thing each.

use vid_timeline::{
    Background, BlendMode, Blending, Color, Container, ContainerKind, Content, Easing, Effect, EffectType,
    Element, Fit, FrameRate, Layer, Length, MediaSource, Motion, MotionScope, MotionType, Output,
    OutputFormat, Rational, Size, Text, Time, TimeRange, Timeline, Transition, TransitionAudio,
    TransitionType, Word, WordAnimation, WordStyle,
};

use crate::Result;

/// Names with the film that shows each.
pub type Rows = Vec<(String, Timeline)>;

/// The films that show all there is of a kind, on canvases of that size.
///
/// # Errors
/// When there is no such kind.
pub fn rows(what: &str, size: Size) -> Result<Rows> {
    let named = |name: &str, timeline| (name.to_owned(), timeline);
    Ok(match what {
        "transitions" => {
            TransitionType::ALL.iter().map(|kind| named(kind.name(), transition(*kind, size))).collect()
        }
        "inset" => {
            let inset = |kind: &TransitionType| {
                let mut film = transition(*kind, size);
                film.background.color = Color::rgb(40, 90, 60);
                for layer in film.elements.iter_mut().filter_map(|element| element.layer.as_mut()) {
                    layer.width = Length::Percent(Rational::integer(60)).into();
                    layer.height = Length::Percent(Rational::integer(60)).into();
                }
                named(kind.name(), film)
            };
            TransitionType::ALL.iter().map(inset).collect()
        }
        "motions" => {
            MotionType::ALL.iter().flat_map(|kind| motions(*kind, MotionScope::Element, size)).collect()
        }
        "glyphs" => {
            MotionType::ALL.iter().flat_map(|kind| motions(*kind, MotionScope::Character, size)).collect()
        }
        "blends" => BlendMode::ALL.iter().map(|mode| named(mode.name(), blend(*mode, size))).collect(),
        "words" => WordStyle::ALL.iter().map(|style| named(style.name(), spoken(*style, size))).collect(),
        "effects" => EffectType::ALL.iter().map(|kind| named(kind.name(), effect(*kind, size))).collect(),
        other => return Err(format!("there is no sheet of {other}").into()),
    })
}

/// A film of one second with nothing in it.
fn film(size: Size) -> Timeline {
    let record_range = TimeRange::new(Time::ZERO, Time::new(1, 1));
    Timeline {
        name: "sheet".to_owned(),
        size,
        frame_rate: FrameRate::whole(100).unwrap_or(FrameRate::DEFAULT),
        duration: record_range.end,
        background: Background::default(),
        blending: Blending::Gamma,
        containers: vec![Container {
            kind: ContainerKind::Stack,
            name: None,
            parent: None,
            record_range,
            origin: None,
        }],
        elements: Vec::new(),
        transitions: Vec::new(),
        markers: Vec::new(),
        outputs: vec![Output::new(OutputFormat::Mp4)],
        metadata: Vec::new(),
        webhook_url: None,
        ingest_external: None,
    }
}

fn element(id: &str, content: Content, z_index: i64) -> Element {
    Element {
        id: id.to_owned(),
        name: None,
        track: None,
        record_range: TimeRange::new(Time::ZERO, Time::new(1, 1)),
        content,
        layer: Some(Layer { z_index, fit: Fit::Cover, ..Layer::default() }),
        sound: None,
        container: 0,
        origin: None,
    }
}

fn picture(id: &str, location: &str, z_index: i64) -> Element {
    element(id, Content::Image(MediaSource { location: location.to_owned(), natural: None }), z_index)
}

/// What texts stand on: a picture would be in their way.
const NIGHT: Color = Color::rgb(22, 30, 52);

/// A text in the font of the sheets, a fifth of the canvas high.
pub fn words(text: &str, size: Size) -> Text {
    let mut words = Text::new(text);
    words.font_family = "DejaVu Sans".to_owned();
    words.font_size = Rational::integer(i64::from(size.height) / 5);
    words
}

fn transition(kind: TransitionType, size: Size) -> Timeline {
    let mut film = film(size);
    film.elements = vec![picture("a", "warm.png", 0), picture("b", "cool.png", 1)];
    film.transitions = vec![Transition {
        kind,
        from: Some("a".to_owned()),
        to: Some("b".to_owned()),
        record_range: TimeRange::new(Time::ZERO, Time::new(1, 1)),
        audio: TransitionAudio::Cut,
        z_index: None,
        origin: None,
    }];
    film
}

/// The entrance, the exit and the loop of a motion, as far as it has them.
fn motions(kind: MotionType, scope: MotionScope, size: Size) -> Rows {
    let directions = kind.directions(scope);
    let forms = [
        (directions.entrance && !directions.repeats, false, "in"),
        (directions.exit, true, "out"),
        (directions.repeats, false, "loop"),
    ];
    let row = |reversed, form| {
        let mut film = film(size);
        let ground = match scope {
            MotionScope::Element => Some(picture("ground", "cool.png", 0)),
            MotionScope::Character => None,
        };
        let mut moving = match scope {
            MotionScope::Element => picture("moving", "warm.png", 1),
            MotionScope::Character => element("moving", Content::Text(Box::new(words("Glyphs!", size))), 1),
        };
        if let Some(layer) = moving.layer.as_mut() {
            if scope == MotionScope::Element {
                layer.width = Length::Percent(Rational::integer(60)).into();
                layer.height = Length::Percent(Rational::integer(60)).into();
            }
            layer.motion = vec![Motion {
                kind,
                record_range: TimeRange::new(Time::ZERO, Time::new(1, 1)),
                easing: Easing::Linear,
                reversed,
                scope,
                delay: Time::ZERO,
                repeats: form == "loop",
            }];
        }
        film.elements = ground.into_iter().chain([moving]).collect();
        film.background.color = NIGHT;
        (format!("{kind} {form}"), film)
    };
    forms.into_iter().filter(|form| form.0).map(|(_, reversed, form)| row(reversed, form)).collect()
}

fn effect(kind: EffectType, size: Size) -> Timeline {
    let mut film = film(size);
    let mut shown = picture("shown", "warm.png", 1);
    if let Some(layer) = shown.layer.as_mut() {
        layer.effects = vec![Effect { kind, intensity: Rational::integer(100), chroma_settings: None }];
    }
    film.elements = vec![picture("ground", "cool.png", 0), shown];
    film
}

/// The one picture on the other, with opacity in between and the two overlapping in part.
fn blend(mode: BlendMode, size: Size) -> Timeline {
    let mut film = film(size);
    let mut upper = picture("upper", "warm.png", 1);
    if let Some(layer) = upper.layer.as_mut() {
        layer.blend_mode = mode;
        layer.width = Length::Percent(Rational::integer(70)).into();
        layer.height = Length::Percent(Rational::integer(70)).into();
    }
    film.elements = vec![picture("ground", "cool.png", 0), upper];
    film
}

/// Three words that are spoken one after another.
fn spoken(style: WordStyle, size: Size) -> Timeline {
    let mut film = film(size);
    let mut text = words("now you see", size);
    text.background_color = Some(Color::rgb(255, 150, 0));
    let word = |text: &str, start, end| {
        let record_range = TimeRange::new(Time::from_millis(start), Time::from_millis(end));
        Word { text: text.to_owned(), record_range }
    };
    let words = vec![word("now", 0, 330), word("you", 330, 660), word("see", 660, 1000)];
    text.word_animation = Some(WordAnimation { style, words });
    let said = element("said", Content::Text(Box::new(text)), 1);
    film.elements = vec![said];
    film.background.color = NIGHT;
    film
}
