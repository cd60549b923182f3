//! From a timeline to source text: the way back of the compiler, for films that come from elsewhere.
//!
//! What comes out is what an author would write: clauses instead of properties, nothing that is a
//! default, neighbours as a sequence, motions hung on the edges they belong to. Compiling it gives the
//! same film; what the language says otherwise than the timeline is told in remarks.
//!
//! One file per kind of thing: [`layout`] decides which statements there are, [`element`] writes one,
//! [`look`], [`words`] and [`motion`] write what is in its block, [`literal`] writes values.

mod element;
mod layout;
mod literal;
mod look;
mod motion;
mod names;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use vid_timeline::{
    Color, Fit, FrameRate, Output, OutputFormat, Rational, Size, Time, Timeline, Transition, TransitionAudio,
};

use layout::{Layout, Member, Part};
use literal::{string, time, time_within};
use names::Names;

/// A film as source text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Imported {
    /// The source, in its usual form.
    pub source: String,
    /// Where it says something else than the timeline, in the order of the timeline.
    pub remarks: Vec<ImportRemark>,
}

/// Something that the source says otherwise than the timeline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImportRemark {
    /// Id of the element it is about; `None` for the film as a whole.
    pub element: Option<String>,
    /// In words, lower case, without a full stop.
    pub message: String,
}

/// Writes a timeline that has passed the validator as source. `name` is what the composition is
/// called, as near as an identifier can be. Never panics; what only other timelines than those of API
/// bodies hold is left out with a remark.
pub fn import(timeline: &Timeline, name: &str) -> Imported {
    let heard = timeline.elements.iter().filter(|element| element.sound.is_some());
    let heard = heard.map(|element| element.id.as_str()).collect();
    let mut writer = Writer { timeline, heard, text: String::new(), remarks: Vec::new() };
    writer.film(name);
    let source = vid_grammar::fmt::format(&writer.text).text;
    Imported { source, remarks: writer.remarks }
}

/// The source so far. Everything is written without care for white space; the formatter follows.
struct Writer<'t> {
    timeline: &'t Timeline,
    /// Ids of the elements that have sound.
    heard: BTreeSet<&'t str>,
    text: String,
    remarks: Vec<ImportRemark>,
}

impl Writer<'_> {
    fn line(&mut self, text: impl AsRef<str>) {
        self.text.push_str(text.as_ref());
        self.text.push('\n');
    }

    fn film(&mut self, name: &str) {
        let timeline = self.timeline;
        let layout = Layout::of(timeline, &mut self.remarks);
        let names = Names::of(timeline, &layout);
        let mut header = format!("composition {}", names::composition(name));
        if timeline.size != Size::DEFAULT || timeline.frame_rate != FrameRate::DEFAULT {
            let _ = write!(header, " {} {}", timeline.size, timeline.frame_rate);
        }
        if !layout.bounds_film {
            let _ = write!(header, " for {}", time(timeline.duration));
        }
        self.line(header + " {");
        self.properties();
        self.rules(&layout);
        for part in &layout.parts {
            self.part(part, &layout, &names);
        }
        for output in &timeline.outputs {
            self.output(output);
        }
        self.line("}");
    }

    /// What the film says about itself.
    fn properties(&mut self) {
        let timeline = self.timeline;
        if timeline.background.color != Color::BLACK {
            self.line(format!("background_color: {}", timeline.background.color));
        }
        if let Some(image) = &timeline.background.image {
            self.line(format!("background_image_url: {}", string(image)));
        }
        if let Some(url) = &timeline.webhook_url {
            self.line(format!("webhook_url: {}", string(url)));
        }
        // A body that reads media says yes by itself.
        let reads_media = timeline.elements.iter().any(|element| element.content.source().is_some());
        if let Some(ingest) = timeline.ingest_external.filter(|ingest| !(*ingest && reads_media)) {
            self.line(format!("ingest_external: {ingest}"));
        }
        if !timeline.metadata.is_empty() {
            self.line("metadata: {");
            for (key, value) in &timeline.metadata {
                let key = if names::is_field_name(key) { key.clone() } else { string(key) };
                self.line(format!("{key}: {}", string(value)));
            }
            self.line("}");
        }
    }

    /// A body stretches pictures to their box, which is not the language's default.
    fn rules(&mut self, layout: &Layout) {
        for kind in ["video", "image"] {
            let stretched = |index: usize| {
                let element = self.timeline.elements.get(index);
                element.is_some_and(|element| {
                    element.content.kind_name() == kind
                        && element.layer.as_ref().is_some_and(|layer| layer.fit == Fit::Stretch)
                })
            };
            if layout.members().any(stretched) {
                self.line(format!("set {kind} {{ fit: stretch }}"));
            }
        }
        self.text.push('\n');
    }

    fn part(&mut self, part: &Part, layout: &Layout, names: &Names) {
        match part {
            Part::One(index) => self.element(*index, layout, names, false),
            Part::Sequence { start, members } => {
                let name = names.sequence_of(members);
                let mut header = "sequence".to_owned();
                if let Some(name) = name {
                    let _ = write!(header, " {name}");
                }
                if !start.is_zero() {
                    let _ = write!(header, " at {}", time(*start));
                }
                self.line(header + " {");
                for member in members {
                    match member {
                        Member::Element(index) => self.element(*index, layout, names, true),
                        Member::Transition(index) => self.transition(*index, layout),
                    }
                }
                self.line("}");
            }
        }
    }

    fn transition(&mut self, index: usize, layout: &Layout) {
        let Some(transition) = self.timeline.transitions.get(index) else { return };
        // Each half has to lie in its element, which may be rounded down.
        let duration = time_within(self.room(transition, layout));
        let mut properties = Vec::new();
        if let Some(z_index) = transition.z_index {
            properties.push(format!("z_index: {z_index}"));
        }
        // A body does not cross-fade; where nothing is heard, that need not be said.
        let ends = layout::ends_of(transition).map(|(from, to)| [from, to]);
        let is_heard = ends.into_iter().flatten().any(|id| self.heard.contains(id));
        if transition.audio == TransitionAudio::Cut && is_heard {
            properties.push("audio: cut".to_owned());
        }
        let block = if properties.is_empty() { String::new() } else { block(&properties) };
        self.line(format!("transition {} for {duration} through{block}", transition.kind));
    }

    /// The length of a transition, or what is left of it beside an element that the film cuts off: each
    /// half has to lie in its own element.
    fn room(&mut self, transition: &Transition, layout: &Layout) -> Time {
        let asked = transition.record_range.duration();
        let Some((from, to)) = layout::ends_of(transition) else { return asked };
        let beside = self.timeline.elements.iter().zip(&layout.records);
        let beside = beside.filter(|(element, _)| [from, to].contains(&&*element.id));
        let Some((shortest, seen)) = beside.min_by_key(|(_, record)| record.duration()) else { return asked };
        let room = seen.duration() * Rational::integer(2);
        if asked <= room {
            return asked;
        }
        let message = format!(
            "the transition beside `{}` takes {} instead of {}, as the film ends before it",
            shortest.id,
            time(room),
            time(asked)
        );
        self.remarks.push(ImportRemark { element: Some(shortest.id.clone()), message });
        room
    }

    fn output(&mut self, output: &Output) {
        let default = Output::new(OutputFormat::Mp4);
        let plain = Output { origin: None, ..output.clone() };
        if self.timeline.outputs.len() == 1 && plain == default {
            return;
        }
        let mut header = format!("output {}", output.format);
        if let Some(name) = &output.filename {
            let _ = write!(header, " {}", string(name));
        }
        // A body has no encoder settings, so there are none to write.
        let properties = if output.alpha { vec!["alpha: true".to_owned()] } else { Vec::new() };
        let block = if properties.is_empty() { String::new() } else { block(&properties) };
        self.text.push('\n');
        self.line(header + &block);
    }
}

/// A block of one property on the line of its header, or of several on lines of their own.
fn block(properties: &[String]) -> String {
    match properties {
        [one] => format!(" {{ {one} }}"),
        several => format!(" {{\n{}\n}}", several.join("\n")),
    }
}
