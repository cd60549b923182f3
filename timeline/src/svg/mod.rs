//! A timeline as a drawing: tracks, clips, transitions, sound, markers and containers against a ruler.
//!
//! Stands beside the runtime, for people: it shows *when* things are and what is in front, not how they
//! look. It lives here and not in a host because the command line, an editor and a server draw the same
//! picture, and because it needs nothing but the timeline: no file, no pixel, no font.
//!
//! From top to bottom: the film's facts, a ruler in timecode, markers, containers as brackets, visual
//! elements with the frontmost on top, sound. Elements are as long as they are on the timeline; their
//! `title`s, which browsers show on hover, say everything else.
//!
//! The text is self-contained SVG 1.1 with plain class selectors. Browsers that prefer dark get dark
//! colours; programs that know no media queries draw the light ones. The same timeline gives the same
//! bytes: places are computed exactly and rounded once, to hundredths of a pixel.

mod clip;
mod lanes;
mod ruler;
mod sound;
mod write;

use std::collections::BTreeMap;

use crate::catalog::WordStyle;
use crate::element::{Content, Element};
use crate::rational::Rational;
use crate::time::{Time, TimeRange, timecode};
use crate::timeline::{ContainerKind, Timeline, Transition};

use lanes::{Lanes, lanes};
use write::{Canvas, escaped};

/// Left edge of the time axis, in pixels.
const LEFT: i64 = MARGIN;
/// Pixels of the time axis.
const WIDTH: i64 = 1200;
/// Space around everything.
const MARGIN: i64 = 24;
/// Height of a row of pictures.
const PICTURE_ROW: i64 = 52;
/// Height of a row of words or shapes.
const TEXT_ROW: i64 = 30;
/// Height of a row of sound.
const SOUND_ROW: i64 = 44;
/// Height of a row of brackets.
const BRACKET_ROW: i64 = 22;
/// Space between rows.
const GAP: i64 = 4;

/// Draws a timeline. Never panics; what is outside the film is cut off at its edges.
pub fn draw(timeline: &Timeline) -> String {
    let lanes = lanes(timeline);
    let comes = |transition: &&'_ Transition| Some((transition.to.clone()?, transition.record_range.end));
    let entrances = lanes.transitions.iter().filter_map(comes).collect();
    let mut drawing = Drawing { timeline, entrances, canvas: Canvas::default(), y: MARGIN };
    drawing.heading();
    let ruler = drawing.y;
    drawing.y += ruler::HEIGHT;
    drawing.marker_labels();
    let first_row = drawing.y;
    drawing.containers();
    drawing.pictures(&lanes);
    drawing.sounds(&lanes);
    let bottom = drawing.y;
    ruler::draw(timeline, ruler, bottom, &mut drawing.canvas);
    drawing.marker_lines(first_row, bottom);
    drawing.canvas.finish(LEFT + WIDTH + MARGIN, bottom + MARGIN, &timeline.name)
}

/// The drawing so far.
struct Drawing<'t> {
    timeline: &'t Timeline,
    /// By element: when the transition that leads into it is over.
    entrances: BTreeMap<String, Time>,
    canvas: Canvas,
    /// Where the next row begins.
    y: i64,
}

impl Drawing<'_> {
    /// The place of an instant across, kept within the film.
    fn x(&self, time: Time) -> Rational {
        x_of(self.timeline, time)
    }

    fn heading(&mut self) {
        let timeline = self.timeline;
        let facts = format!(
            "{} · {} · {} · {} frames",
            timeline.size,
            timeline.frame_rate,
            timecode(timeline.duration, timeline.frame_rate),
            timeline.frame_count(),
        );
        self.canvas.label("name", MARGIN, self.y + 14, &timeline.name);
        self.canvas.label("facts", MARGIN, self.y + 34, &facts);
        self.y += 48;
    }

    fn marker_labels(&mut self) {
        if self.timeline.markers.is_empty() {
            return;
        }
        // Labels that would run into each other take further rows.
        let mut rows: Vec<Rational> = Vec::new();
        let mut markers: Vec<_> = self.timeline.markers.iter().collect();
        markers.sort_by_key(|marker| marker.time);
        for marker in markers {
            let x = self.x(marker.time);
            let width = Rational::integer(write::text_width(&marker.name) + 14);
            let row = rows.iter().position(|end| *end <= x).unwrap_or(rows.len());
            match rows.get_mut(row) {
                Some(end) => *end = x + width,
                None => rows.push(x + width),
            }
            let y = self.y + 14 * i64::try_from(row).unwrap_or(0);
            let title = format!("marker {} at {}", marker.name, self.timecode(marker.time));
            self.canvas.open_group("marker", &title);
            self.canvas.flag(x, y, &marker.name);
            self.canvas.close_group();
        }
        self.y += 14 * i64::try_from(rows.len()).unwrap_or(0) + 6;
    }

    fn marker_lines(&mut self, top: i64, bottom: i64) {
        for marker in &self.timeline.markers {
            let x = x_of(self.timeline, marker.time);
            self.canvas.vertical("marker-line", x, top - 6, bottom);
        }
    }

    /// Sequences, stacks and groups as brackets, outer ones above inner ones.
    fn containers(&mut self) {
        let rows = lanes::bracket_rows(self.timeline);
        for row in &rows {
            for bracket in row {
                let (from, to) = (self.x(bracket.range.start), self.x(bracket.range.end));
                let kind = match bracket.kind {
                    Some(ContainerKind::Sequence) => "sequence",
                    Some(ContainerKind::Stack) => "stack",
                    None => "group",
                };
                let label = match &bracket.name {
                    Some(name) => format!("{kind} {name}"),
                    None => kind.to_owned(),
                };
                let title = format!("{label}\n{}", self.range(bracket.range));
                self.canvas.open_group("bracket", &title);
                self.canvas.bracket(from, to, self.y, BRACKET_ROW, &label);
                self.canvas.close_group();
            }
            self.y += BRACKET_ROW;
        }
        if !rows.is_empty() {
            self.y += GAP;
        }
    }

    fn pictures(&mut self, lanes: &Lanes<'_>) {
        for lane in lanes.pictures.iter().rev() {
            let height = if lane.iter().all(|element| is_thin(element)) { TEXT_ROW } else { PICTURE_ROW };
            self.row(height);
            for element in lane {
                self.clip(element, height);
            }
            for transition in &lanes.transitions {
                if lane.iter().any(|element| lanes::carries(transition, element)) {
                    self.transition(transition, height);
                }
            }
            self.y += height + GAP;
        }
    }

    fn sounds(&mut self, lanes: &Lanes<'_>) {
        if lanes.sounds.is_empty() {
            return;
        }
        self.y += GAP;
        for lane in &lanes.sounds {
            self.row(SOUND_ROW);
            for element in lane {
                self.clip(element, SOUND_ROW);
            }
            self.y += SOUND_ROW + GAP;
        }
    }

    fn row(&mut self, height: i64) {
        self.canvas.row(LEFT, self.y, WIDTH, height);
    }

    /// An instant as people read it.
    fn timecode(&self, time: Time) -> String {
        timecode(time, self.timeline.frame_rate)
    }

    /// A range with its length.
    fn range(&self, range: TimeRange) -> String {
        format!(
            "{} – {} ({})",
            self.timecode(range.start),
            self.timecode(range.end),
            write::seconds(range.duration())
        )
    }

    fn transition(&mut self, transition: &Transition, height: i64) {
        let range = transition.record_range;
        let (from, to) = (self.x(range.start), self.x(range.end));
        let ends = match (&transition.from, &transition.to) {
            (Some(from), Some(to)) => format!("{from} → {to}"),
            (None, Some(to)) => format!("→ {to}"),
            (Some(from), None) => format!("{from} →"),
            (None, None) => String::new(),
        };
        let title = format!("{} {ends}\n{}", transition.kind, self.range(range));
        self.canvas.open_group("transition", &title);
        self.canvas.bow_tie(from, to, self.y, height, transition.kind.name());
        self.canvas.close_group();
    }
}

/// The place of an instant across, kept within the film.
fn x_of(timeline: &Timeline, time: Time) -> Rational {
    let time = time.max(Time::ZERO).min(timeline.duration);
    let share = time.ratio_to(timeline.duration).unwrap_or(Rational::ZERO);
    Rational::integer(LEFT) + Rational::integer(WIDTH) * share
}

/// Whether a row of such elements alone may be low: there is nothing to draw in them but a label.
fn is_thin(element: &Element) -> bool {
    matches!(element.content, Content::Text(_) | Content::Shape(_))
}

/// The word for how a caption shows its words.
fn caption_word(style: WordStyle) -> String {
    format!("caption, {}", escaped(style.name()))
}
