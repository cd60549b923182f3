//! One element: its box, what is written in it, and how loud it is.

use std::fmt::Write as _;

use super::write::{self, seconds, shortened};
use super::{Drawing, caption_word, sound};
use crate::element::{Clip, Content, Element};
use crate::rational::Rational;
use crate::time::{Time, TimeRange};

/// Narrowest box, so that a single frame of a long film is seen.
const NARROWEST: i64 = 2;
/// Height of the outline of a picture's sound.
const LEVEL_HEIGHT: i64 = 14;

impl Drawing<'_> {
    /// Draws an element at the row that begins at the current place.
    pub(super) fn clip(&mut self, element: &Element, height: i64) {
        let film = TimeRange::new(Time::ZERO, self.timeline.duration);
        let Some(range) = element.record_range.intersection(film) else { return };
        let (from, to) = (self.x(range.start), self.x(range.end));
        let width = (to - from).max(Rational::integer(NARROWEST));
        let y = self.y;
        self.canvas.open_group(element.content.kind_name(), &self.title(element));
        self.canvas.rect("body", from, y, width, height, 3);
        self.level(element, y, height);
        self.words(element, y, height);
        // A name under the triangles of a transition could not be read.
        let left = self.entrances.get(element.id.as_str()).map_or(from, |end| self.x(*end).max(from));
        let room = ((from + width - left).floor() - 10) / 7;
        let letters = usize::try_from(room).unwrap_or(0);
        let label = shortened(&label(element), letters);
        if !label.is_empty() {
            let x = left + Rational::integer(6);
            self.canvas.label_at("label", x, y + if height < 40 { 19 } else { 16 }, &label);
            let detail = shortened(&detail(element), letters);
            if height >= 40 && !detail.is_empty() {
                self.canvas.label_at("detail", x, y + 31, &detail);
            }
        }
        self.canvas.close_group();
    }

    fn level(&mut self, element: &Element, y: i64, height: i64) {
        let (top, tall) = match element.content {
            Content::Audio(_) => (y + 8, height - 8),
            _ => (y + height - LEVEL_HEIGHT, LEVEL_HEIGHT),
        };
        if let Some(points) = sound::outline(self.timeline, element, top, tall) {
            self.canvas.polygon("level", &points);
        }
    }

    /// Strokes where the words of a caption begin.
    fn words(&mut self, element: &Element, y: i64, height: i64) {
        let Content::Text(text) = &element.content else { return };
        for word in text.word_animation.iter().flat_map(|animation| &animation.words) {
            if element.record_range.contains(word.record_range.start) {
                let x = self.x(word.record_range.start);
                self.canvas.vertical("word", x, y + height - 6, y + height);
            }
        }
    }

    /// Everything there is to say about when an element is there.
    fn title(&self, element: &Element) -> String {
        let mut title = format!("{} {}", element.content.kind_name(), element.id);
        if let Some(name) = &element.name {
            let _ = write!(title, " “{name}”");
        }
        let _ = write!(title, "\n{}", self.range(element.record_range));
        match &element.content {
            Content::Video(clip) | Content::Audio(clip) => {
                let _ = write!(title, "\n{}\n{}", clip.source.location, played(clip));
            }
            Content::Image(source) => {
                let _ = write!(title, "\n{}", source.location);
            }
            Content::Text(text) => {
                let _ = write!(title, "\n{}", text.text);
                if let Some(animation) = &text.word_animation {
                    let _ = write!(title, "\n{}", caption_word(animation.style));
                }
            }
            Content::Shape(_) => {}
            Content::Group(group) => {
                let _ = write!(title, "\n{}, {} elements", group.size, group.elements.len());
            }
        }
        if let Some(layer) = &element.layer {
            for motion in &layer.motion {
                let way = if motion.reversed { "out" } else { "in" };
                let _ = write!(title, "\n{} {way}: {}", motion.kind, self.range(motion.record_range));
            }
            for effect in &layer.effects {
                let _ = write!(title, "\n{} {}%", effect.kind, effect.intensity);
            }
        }
        if let Some(sound) = &element.sound {
            let fades = [("fade in", sound.fade_in_duration), ("fade out", sound.fade_out_duration)];
            for (what, length) in fades.into_iter().filter(|(_, length)| !length.is_zero()) {
                let _ = write!(title, "\n{what}: {}", seconds(length));
            }
        }
        title
    }
}

/// What an element is called in its box: words by themselves, everything else by its id.
fn label(element: &Element) -> String {
    match &element.content {
        Content::Text(text) => text.text.replace('\n', " ⏎ "),
        _ => element.id.clone(),
    }
}

/// The second line of a box.
fn detail(element: &Element) -> String {
    let long = write::seconds(element.record_range.duration());
    match &element.content {
        Content::Video(clip) | Content::Audio(clip) => {
            format!("{} {} · {long}", file_name(&clip.source.location), played(clip))
        }
        Content::Image(source) => format!("{} · {long}", file_name(&source.location)),
        Content::Text(_) | Content::Shape(_) => long,
        Content::Group(group) => format!("{} · {long}", group.size),
    }
}

/// What is played of the media: `2 s – 6 s ×2`.
fn played(clip: &Clip) -> String {
    let range = clip.source_range;
    let mut text = format!("[{} – {}]", seconds(range.start), seconds(range.end));
    if clip.speed != Rational::ONE {
        let _ = write!(text, " ×{}", clip.speed);
    }
    if clip.reversed {
        text.push_str(" backwards");
    }
    if clip.repeats {
        text.push_str(" again and again");
    }
    text
}

/// The last step of a path or address.
fn file_name(location: &str) -> &str {
    let path = location.split(['?', '#']).next().unwrap_or(location);
    path.rsplit('/').next().unwrap_or(path)
}
