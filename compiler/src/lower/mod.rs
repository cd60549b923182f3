//! From a scheduled composition to a [`Timeline`].
//!
//! The only place that knows which property becomes which field. Defaults have been filled in from
//! the prelude by now, so nothing is decided here but the form.

mod layer;
mod read;
mod sound;
mod text;

use std::sync::Arc;

use vid_timeline::{
    Background, Clip, Container, ContainerKind, Content, Element, EncoderSettings, Marker, MediaSource,
    Output, OutputFormat, Preset, Time, TimeRange, Timeline, Transition, TransitionAudio, TransitionType,
};

use crate::diagnostics::Place;
use crate::files::{Db, SourceFile, location_from_source};
use crate::items::ItemDef;
use crate::lower::read::Reader;
use crate::schedule::{Placed, PlacedKind, Properties, Request, Scheduled, natural_facts, schedule};

/// A timeline whose origins are still places, in the order of its parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Lowered {
    pub timeline: Timeline,
    pub containers: Vec<Place>,
    pub elements: Vec<Place>,
    pub transitions: Vec<Place>,
    pub markers: Vec<Place>,
    pub outputs: Vec<Place>,
}

/// The timeline of a composition; `None` when something in it is not known.
#[salsa::tracked]
pub(crate) fn lower<'db>(db: &'db dyn Db, def: ItemDef<'db>, request: Request<'db>) -> Option<Arc<Lowered>> {
    let scheduled = schedule(db, def, request);
    if !scheduled.complete {
        return None;
    }
    Lowering { db, file: *def.file(db), scheduled }.timeline().map(Arc::new)
}

struct Lowering<'a> {
    db: &'a dyn Db,
    file: SourceFile,
    scheduled: &'a Scheduled,
}

impl Lowering<'_> {
    fn timeline(&self) -> Option<Lowered> {
        let scheduled = self.scheduled;
        let root = Reader::new(&scheduled.properties, Time::ZERO);
        let film = TimeRange::at(Time::ZERO, scheduled.duration?);
        let timeline = Timeline {
            name: scheduled.name.to_string(),
            size: scheduled.size,
            frame_rate: scheduled.rate,
            duration: film.end,
            background: Background {
                color: root.color("background_color").unwrap_or(vid_timeline::Color::BLACK),
                image: root.media("background_image_url").map(|path| self.location(&path)),
            },
            containers: Vec::new(),
            elements: Vec::new(),
            transitions: Vec::new(),
            markers: Vec::new(),
            outputs: Vec::new(),
            metadata: root.pairs("metadata"),
            webhook_url: root.text("webhook_url"),
            ingest_external: root.flag("ingest_external"),
        };
        let mut lowered = Lowered {
            timeline,
            containers: Vec::new(),
            elements: Vec::new(),
            transitions: Vec::new(),
            markers: Vec::new(),
            outputs: Vec::new(),
        };
        self.containers(&mut lowered);
        self.elements(&mut lowered)?;
        self.transitions(&mut lowered, film);
        for (name, time, place) in &scheduled.markers {
            lowered.markers.push(place.clone());
            lowered.timeline.markers.push(Marker { name: name.to_string(), time: *time, origin: None });
        }
        self.outputs(&mut lowered);
        Some(lowered)
    }

    fn location(&self, path: &str) -> String {
        location_from_source(self.file.path(self.db), path)
    }

    fn containers(&self, lowered: &mut Lowered) {
        for container in &self.scheduled.containers {
            lowered.containers.push(container.place.clone());
            lowered.timeline.containers.push(Container {
                kind: if container.sequence { ContainerKind::Sequence } else { ContainerKind::Stack },
                name: container.name.as_ref().map(ToString::to_string),
                parent: container.parent,
                record_range: container.range,
                origin: None,
            });
        }
    }

    fn elements(&self, lowered: &mut Lowered) -> Option<()> {
        for placed in &self.scheduled.elements {
            let reader = Reader::new(&placed.properties, placed.range.start);
            let shown = reader.flag("visible").unwrap_or(true);
            let Some(record_range) = placed.visible.filter(|_| shown) else { continue };
            lowered.elements.push(placed.place.clone());
            lowered.timeline.elements.push(self.element(placed, record_range, &reader)?);
        }
        layer::number_layers(&mut lowered.timeline.elements);
        Some(())
    }

    fn element(&self, placed: &Placed, record_range: TimeRange, reader: &Reader<'_>) -> Option<Element> {
        let source = || {
            let location = placed.location.clone()?;
            let natural = natural_facts(self.db.media(&location).state(self.db));
            Some(MediaSource { location, natural })
        };
        let clip = || {
            let speed = reader.number("speed")?;
            // What its containers cut off at either side is not played.
            let start = placed.source_range?.start + (record_range.start - placed.range.start) * speed;
            let source_range = TimeRange::at(start, record_range.duration() * speed);
            Some(Clip { source: source()?, source_range, speed })
        };
        let layer = || layer::layer(placed, record_range, reader, |path| self.location(path));
        let (content, layer, sound) = match placed.kind {
            PlacedKind::Video => {
                let clip = clip()?;
                let heard = clip.source.natural.is_none_or(|natural| natural.has_sound);
                let sound = sound::sound(reader).filter(|sound| heard && !sound::is_silent(sound));
                (Content::Video(clip), Some(layer()?), sound)
            }
            PlacedKind::Audio => (Content::Audio(clip()?), None, sound::sound(reader)),
            PlacedKind::Image => (Content::Image(source()?), Some(layer()?), None),
            PlacedKind::Text => (Content::Text(Box::new(text::text(placed, reader)?)), Some(layer()?), None),
        };
        Some(Element {
            id: placed.id.clone(),
            name: reader.text("name"),
            track: reader.integer("track").and_then(|track| u8::try_from(track).ok()),
            record_range,
            content,
            layer,
            sound,
            container: placed.container,
            origin: None,
        })
    }

    fn transitions(&self, lowered: &mut Lowered, film: TimeRange) {
        for joined in &self.scheduled.transitions {
            let reader = Reader::new(&joined.properties, Time::ZERO);
            let (from, to) =
                (&self.scheduled.elements[joined.from].id, &self.scheduled.elements[joined.to].id);
            let present = |id: &str| lowered.timeline.elements.iter().any(|element| element.id == id);
            // What cuts off the element that comes cuts off the passage into it.
            let shown = self.scheduled.elements[joined.to].visible.unwrap_or(film);
            let Some(record_range) =
                joined.range.intersection(film).and_then(|range| range.intersection(shown))
            else {
                continue;
            };
            let Some(kind) = reader.word("type").and_then(|word| TransitionType::from_name(&word)) else {
                continue;
            };
            if !present(from) || !present(to) {
                continue;
            }
            let audio = match reader.word("audio").as_deref() {
                Some("cut") => TransitionAudio::Cut,
                _ => TransitionAudio::Crossfade,
            };
            lowered.transitions.push(joined.place.clone());
            lowered.timeline.transitions.push(Transition {
                kind,
                from: from.clone(),
                to: to.clone(),
                record_range,
                audio,
                z_index: reader.integer("z_index"),
                origin: None,
            });
        }
    }

    fn outputs(&self, lowered: &mut Lowered) {
        for (properties, place) in &self.scheduled.outputs {
            lowered.outputs.push(place.clone());
            lowered.timeline.outputs.push(output(properties));
        }
        if lowered.timeline.outputs.is_empty() {
            lowered.timeline.outputs.push(Output::new(OutputFormat::Mp4));
        }
    }
}

fn output(properties: &Properties) -> Output {
    let reader = Reader::new(properties, Time::ZERO);
    let default = EncoderSettings::DEFAULT;
    let format =
        reader.word("format").and_then(|word| OutputFormat::from_name(&word)).unwrap_or(OutputFormat::Mp4);
    Output {
        format,
        filename: reader.text("filename"),
        alpha: reader.flag("alpha").unwrap_or(false),
        encoder: EncoderSettings {
            preset: reader.word("preset").and_then(|word| Preset::from_name(&word)).unwrap_or(default.preset),
            crf: reader.integer("crf").and_then(|crf| u8::try_from(crf).ok()).unwrap_or(default.crf),
            audio_bitrate_kbps: reader
                .integer("audio_bitrate")
                .and_then(|rate| u32::try_from(rate).ok())
                .unwrap_or(default.audio_bitrate_kbps),
        },
        origin: None,
    }
}
