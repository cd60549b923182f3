//! Captions: subtitle files that become texts.
//!
//! A `captions` statement is a stack with one text for each cue, or more where a cue does not fit.
//! What its block says of looks and motions is said of each text. The file is read where the film's
//! structure is made, so its path, its trim and its room for letters cannot depend on times of
//! elements.

use std::collections::BTreeMap;
use std::sync::Arc;

use vid_timeline::Time;

use crate::diagnostics::{Code, Place, Report};
use crate::eval::{Cue, CueWord, Instance, SubtitleFormat, Text, TimeValue, Value};
use crate::items::{NodeDecl, Stmt};
use crate::schedule::cues::{Part, Room, parts};
use crate::schedule::engine::{Engine, MAX_INSTANCES};
use crate::schedule::position::{Position, position};
use crate::schedule::time::shown;
use crate::schedule::tree::{Assigned, AssignedSource, Role, ScopeId};
use crate::types::KindSchema;

/// The texts that were made of a subtitle file.
pub(super) struct Track {
    pub node: Instance,
    /// Of each text the line of its cue.
    pub texts: Vec<(Instance, usize)>,
    /// When the last cue is gone, counted from the start of the captions.
    pub end: Time,
}

impl<'db> Engine<'db> {
    /// Places the cues of a subtitle file.
    pub(super) fn place_captions(&mut self, parent: Instance, scope: ScopeId, decl: &'db NodeDecl) {
        let place = self.item.at(decl.node);
        if !self.belongs(parent, Role::Stack, "captions", &place) {
            return;
        }
        let kind = self.kind("captions");
        let id = self.new_node(Role::Stack, kind, parent, scope, place);
        let inner = self.new_scope(Some(scope), false, self.scopes[scope.0].suffix.clone());
        self.name_node(id, scope, decl);
        self.apply_sets(id, scope);
        self.assign_header(id, decl);
        self.expand_lets(id, inner, &decl.body);
        // Looks are said of the captions; motions and whatever else is chosen, of each text.
        let mut of_texts = Vec::new();
        for stmt in &decl.body {
            match stmt {
                Stmt::Property(_) | Stmt::Set(_) => self.expand_stmt(id, inner, stmt),
                stmt => of_texts.push(stmt),
            }
        }
        self.check_place_in_sequence(id);
        let Some((cues, file)) = self.cues_of(id) else {
            self.tracks.push(Track { node: id, texts: Vec::new(), end: Time::ZERO });
            return;
        };
        let whole = cues.clone();
        let cues = self.trimmed(id, cues);
        // A cue is read at its own speed, also where the trim shows a part of it.
        let used: Vec<&Cue> = cues.iter().filter_map(|(number, _)| whole.get(number - 1)).collect();
        self.check_cues(id, &used, &file);
        let texts = self.expand_cues(id, inner, &cues, &of_texts);
        let end = cues.iter().map(|(_, cue)| cue.end).max().unwrap_or_default();
        self.tracks.push(Track { node: id, texts, end });
    }

    /// The cues of the file that captions name, with its name; `None` when it has been reported, or
    /// is not known yet.
    fn cues_of(&mut self, id: Instance) -> Option<(Vec<Cue>, String)> {
        let place = self.place_of(id, "source_url");
        let Ok(Some(Value::Text(path))) = self.property(id, "source_url") else { return None };
        let format = match path.rsplit('.').next().unwrap_or_default().to_lowercase().as_str() {
            "srt" => SubtitleFormat::Srt,
            "vtt" => SubtitleFormat::Vtt,
            _ => {
                let message = format!("`{}` is no subtitle file by its name", &*path);
                let report = Report::error(Code::DataMalformed, &place, message);
                self.stop(report.help("captions are read from `.srt` and `.vtt` files"));
                return None;
            }
        };
        let cues = self.cues(&path, format, &place).ok()?;
        Some((cues.to_vec(), path.to_string()))
    }

    /// Where a property is said, or the header.
    pub(super) fn place_of(&self, id: Instance, field: &str) -> Place {
        let said = self.node(id).assigned.get(field).map(|said| said.place.clone());
        said.unwrap_or_else(|| self.node(id).place.clone())
    }

    /// The cues within the trim with their numbers in the file, their times counted from its start.
    fn trimmed(&mut self, id: Instance, cues: Vec<Cue>) -> Vec<(usize, Cue)> {
        let last = cues.iter().map(|cue| cue.end).max().unwrap_or_default();
        let mut edge = |field: &str| match self.property(id, field) {
            Ok(Some(Value::Time(time))) => {
                let time = Time::from_seconds(time.seconds);
                Some(if time.is_negative() { last + time } else { time })
            }
            _ => None,
        };
        let from = edge("in_point").unwrap_or(Time::ZERO);
        let to = edge("out_point");
        if let Some(to) = to.filter(|to| *to <= from) {
            let (place, start) = (self.place_of(id, "out_point"), self.place_of(id, "in_point"));
            let called = self.called(id);
            let message =
                format!("{called} uses its cues from {} to {}, which is nothing", shown(from), shown(to));
            self.stop(
                Report::error(Code::EmptyRange, &place, message)
                    .label("ends here")
                    .also(&start, "starts here"),
            );
            return Vec::new();
        }
        let to = to.unwrap_or(last);
        let moved = |time: Time| time.max(from).min(to) - from;
        let inside = (1..).zip(cues).filter(|(_, cue)| cue.end > from && cue.start < to);
        inside
            .map(|(number, cue)| {
                let words = cue.words.into_iter();
                let words =
                    words.map(|word| CueWord { start: moved(word.start), end: moved(word.end), ..word });
                let words = words.collect();
                (number, Cue { start: moved(cue.start), end: moved(cue.end), words, ..cue })
            })
            .collect()
    }

    /// Adds a text for each cue, or several.
    fn expand_cues(
        &mut self,
        id: Instance,
        scope: ScopeId,
        cues: &[(usize, Cue)],
        of_texts: &[&'db Stmt],
    ) -> Vec<(Instance, usize)> {
        let whole = |value: Result<Option<Value>, _>| match value {
            Ok(Some(Value::Number(number))) => usize::try_from(number.numerator()).ok(),
            _ => None,
        };
        let room = Room {
            max_chars: whole(self.property(id, "max_chars")),
            max_lines: whole(self.property(id, "max_lines")),
        };
        let style = match self.property(id, "word_style") {
            Ok(Some(Value::Word(style))) => Some(style),
            _ => None,
        };
        let kind = self.kind("text");
        let place = self.node(id).place.clone();
        let mut texts = Vec::new();
        for (number, cue) in cues {
            let placed = position(&cue.settings);
            for (piece, part) in (1..).zip(parts(cue, room)) {
                if self.nodes.len() >= MAX_INSTANCES {
                    self.too_many(&place);
                    return texts;
                }
                let child = self.new_node(Role::Element, kind, id, scope, place.clone());
                let path = &self.node(id).id;
                let own = if piece == 1 { format!("cue#{number}") } else { format!("cue#{number}.{piece}") };
                self.node_mut(child).id = format!("{path}.{own}");
                self.apply_sets(child, scope);
                self.dress(id, child, kind, &placed);
                self.give_words(child, part, style.as_ref());
                for stmt in of_texts {
                    self.expand_stmt(child, scope, stmt);
                }
                let styled = self.node(id).styled.clone();
                self.node_mut(child).styled.extend(styled);
                self.expand_styled(child);
                texts.push((child, cue.line));
            }
        }
        texts
    }

    /// Gives a text the looks of its captions.
    fn dress(&mut self, captions: Instance, text: Instance, kind: &'db KindSchema, placed: &Position) {
        let (scope, item) = (self.node(captions).scope, self.item.clone());
        let captions_kind = self.node(captions).kind;
        for field in &kind.fields {
            let name = &field.name;
            if matches!(&**name, "text" | "time" | "duration" | "name" | "word_animation") {
                continue;
            }
            let node = self.node(captions);
            let place = node.place.clone();
            let given = |value: Value| Assigned {
                source: AssignedSource::Value(value),
                place: place.clone(),
                scope,
                item: item.clone(),
            };
            let (said, fallback) = (node.assigned.get(name).cloned(), node.fallbacks.get(name).cloned());
            // Who says where, says it whole: the anchor goes with the place.
            let place_said = match &**name {
                "x_anchor" => node.assigned.contains_key("x"),
                "y_anchor" => node.assigned.contains_key("y"),
                _ => false,
            };
            let of_file = placed.fields.get(&**name).filter(|_| !place_said).cloned().map(&given);
            let own = captions_kind.field(name).and_then(|field| field.default.clone());
            if let Some(said) = said.or(of_file) {
                self.node_mut(text).assigned.insert(name.clone(), said);
            } else if let Some(said) = fallback {
                self.node_mut(text).fallbacks.insert(name.clone(), said);
            } else if let Some(own) = own.filter(|own| Some(own) != field.default.as_ref()) {
                self.node_mut(text).fallbacks.entry(name.clone()).or_insert_with(|| given(own));
            }
        }
    }

    /// Gives a text its words and its time.
    fn give_words(&mut self, text: Instance, part: Part, style: Option<&Arc<str>>) {
        let time = |time: Time| Value::Time(TimeValue::length(time.seconds()));
        let start = part.range.start;
        let mut values = BTreeMap::from([
            ("text", Value::Text(Text::from(part.text.as_str()))),
            ("time", time(start)),
            ("duration", time(part.range.duration())),
        ]);
        if let Some(style) = style {
            let words = part.words.into_iter().filter(|word| word.end > word.start).map(|word| {
                record([
                    ("text", Value::Text(Text::from(word.text.as_str()))),
                    ("start", time(word.start.max(start) - start)),
                    ("end", time(word.end.max(start) - start)),
                ])
            });
            let words = Value::List(Arc::new(words.collect()));
            values
                .insert("word_animation", record([("style", Value::Word(style.clone())), ("words", words)]));
        }
        for (name, value) in values {
            self.node_mut(text).values.insert(Arc::from(name), Ok(Some(value)));
        }
    }

    /// How long captions last by themselves: until the last of them is gone.
    pub(super) fn captions_length(&self, id: Instance) -> Option<Time> {
        self.tracks.iter().find(|track| track.node == id).map(|track| track.end)
    }
}

fn record<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Record(Arc::new(fields.into_iter().map(|(name, value)| (Arc::from(name), value)).collect()))
}
