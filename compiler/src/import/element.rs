//! One element: its header, and what differs from the defaults in its block.

use std::fmt::Write as _;

use vid_timeline::{Clip, Content, Element, Layer, Rational, Sound, Time, TimeRange};

use super::layout::Layout;
use super::literal::{animated, is_sayable, level, number, said, string, time};
use super::names::Names;
use super::{ImportRemark, Writer, look, motion, words};

/// Longest ramp that the prelude accepts (`fade_in_duration`, `fade_out_duration`).
const MAX_RAMP_SECONDS: i64 = 86_400;

impl Writer<'_> {
    /// Writes an element; `in_sequence` says that its place there decides when it starts.
    pub(super) fn element(&mut self, index: usize, layout: &Layout, names: &Names, in_sequence: bool) {
        let places = self.timeline.elements.get(index).zip(layout.records.get(index));
        let Some((element, record)) = places else { return };
        let name = names.of_element(index);
        let mut header = format!("{} {name}", element.content.kind_name());
        match &element.content {
            Content::Video(clip) | Content::Audio(clip) => {
                let _ = write!(header, " {} {}", string(&clip.source.location), trim(clip, element, *record));
            }
            Content::Image(source) => {
                let _ = write!(header, " {}", string(&source.location));
            }
            Content::Text(text) => {
                let _ = write!(header, " {}", string(&text.text));
            }
            // The layout keeps other kinds out.
            _ => return,
        }
        if !in_sequence && !record.start.is_zero() {
            let _ = write!(header, " at {}", time(record.start));
        }
        if element.content.clip().is_none() && !layout.fillers.contains(&index) {
            let _ = write!(header, " for {}", time(record.duration()));
        }
        let mut block = Block::default();
        if names.id_of(index) != element.id {
            block.say("id", string(&element.id));
        }
        self.properties_of(element, *record, layout.says_z_index, &mut block);
        self.line(header + &block.text());
    }

    fn properties_of(&mut self, element: &Element, record: TimeRange, says_z_index: bool, block: &mut Block) {
        if let Some(name) = &element.name {
            block.say("name", string(name));
        }
        if let Some(track) = element.track {
            block.say("track", track.to_string());
        }
        if let Some(clip) = element.content.clip() {
            block.unless("speed", clip.speed, Rational::ONE, number);
        }
        match (&element.sound, &element.content) {
            (Some(sound), _) => self.sound(sound, element, record, block),
            (None, Content::Video(clip)) if clip.source.natural.is_none_or(|natural| natural.has_sound) => {
                block.say("volume", "0%".to_owned());
            }
            _ => {}
        }
        if let Content::Text(text) = &element.content {
            words::text(text, element.record_range.start, block);
        }
        if let Some(layer) = &element.layer {
            let is_picture = !matches!(element.content, Content::Text(_));
            look::layer(layer, is_picture, block);
            if says_z_index && layer.z_index != Layer::default().z_index {
                block.say("z_index", layer.z_index.to_string());
            }
            for effect in &layer.effects {
                block.statement(look::effect(effect));
            }
            for preset in &layer.motion {
                block.statement(motion::statement(preset, record));
            }
        }
    }

    /// Loudness and ramps. A ramp down hangs on the end of its element, so one that the end of the
    /// film cuts off cannot be said.
    fn sound(&mut self, sound: &Sound, element: &Element, record: TimeRange, block: &mut Block) {
        let volume = animated(&sound.volume, level);
        if volume != "100%" {
            block.say("volume", volume);
        }
        let fade_in = self.ramp(sound.fade_in_duration, element);
        let fade_out = self.ramp(sound.fade_out_duration, element);
        block.unless("fade_in_duration", fade_in, Time::ZERO, time);
        let begins = element.record_range.end - sound.fade_out_duration;
        if record.end == element.record_range.end {
            block.unless("fade_out_duration", fade_out, Time::ZERO, time);
        } else if !sound.fade_out_duration.is_zero() && begins < record.end {
            let message =
                "its sound does not fade out: the ramp ends after the film, or after its transition"
                    .to_owned();
            self.remarks.push(ImportRemark { element: Some(element.id.clone()), message });
        }
    }

    /// A ramp of the sound, as long as the language takes it.
    fn ramp(&mut self, wanted: Time, element: &Element) -> Time {
        let longest = Time::new(MAX_RAMP_SECONDS, 1);
        if wanted > longest {
            let message = format!("its sound fades for {}, which is written as a day", time(wanted));
            self.remarks.push(ImportRemark { element: Some(element.id.clone()), message });
        }
        wanted.min(longest)
    }
}

/// What is played of the media, as long as the element is there. Where it ends may have more places than
/// the language reads, after a multiplication with the speed as it is written; its length has no more than the
/// body's times.
fn trim(clip: &Clip, element: &Element, record: TimeRange) -> String {
    let start = clip.source_range.start;
    let whole = record == element.record_range;
    let end = if whole { clip.source_range.end } else { start + record.duration() * said(clip.speed) };
    if is_sayable(end.seconds()) {
        format!("[{}..{}]", time(start), time(end))
    } else {
        format!("[{}..] for {}", time(start), time(record.duration()))
    }
}

/// What stands between the braces of an element.
#[derive(Default)]
pub(super) struct Block {
    properties: Vec<String>,
}

impl Block {
    /// A property.
    pub(super) fn say(&mut self, name: &str, value: String) {
        self.properties.push(format!("{name}: {value}"));
    }

    /// A property that is said only where it is not the default.
    pub(super) fn unless<T: PartialEq>(
        &mut self,
        name: &str,
        value: T,
        default: T,
        write: impl Fn(T) -> String,
    ) {
        if value != default {
            self.say(name, write(value));
        }
    }

    /// A property that may be absent.
    pub(super) fn some<T>(&mut self, name: &str, value: Option<T>, write: impl Fn(T) -> String) {
        if let Some(value) = value {
            self.say(name, write(value));
        }
    }

    /// A statement of another kind.
    pub(super) fn statement(&mut self, text: String) {
        self.properties.push(text);
    }

    fn text(&self) -> String {
        if self.properties.is_empty() { String::new() } else { super::block(&self.properties) }
    }
}
