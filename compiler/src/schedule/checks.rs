//! What can only be said with the tree at hand: names, starts, motions.

use std::collections::BTreeMap;
use std::sync::Arc;

use vid_timeline::{Rational, Time};

use crate::diagnostics::{Code, Place, Report};
use crate::eval::Instance;
use crate::items::Keyword;
use crate::schedule::engine::{Engine, ROOT};
use crate::schedule::media::MediaUse;
use crate::schedule::result::instance;
use crate::schedule::time::{amount, shown};
use crate::schedule::tree::{BindingKind, Role, ScopeId};
use crate::types::MediaKinds;

impl Engine<'_> {
    /// An element that begins before the film does.
    pub(super) fn check_start(&mut self, id: Instance, start: Time) {
        let parent = self.node(id).parent;
        let already = parent != ROOT && self.start(parent).is_ok_and(Time::is_negative);
        // In a sequence only a transition that is too long leads there, and that is said already.
        let in_order = self.node(parent).role == Role::Sequence;
        if !start.is_negative() || already || in_order {
            return;
        }
        let place = self.node(id).assigned.get("time").map(|said| said.place.clone());
        let place = place.unwrap_or_else(|| self.node(id).place.clone());
        let message = format!("{} starts {} before the film", self.called(id), amount(-start, self.rate));
        self.stop(Report::error(Code::OutOfRange, &place, message));
    }

    /// Two markers of one name.
    pub(super) fn check_markers(&mut self) {
        let mut seen: BTreeMap<(Instance, Arc<str>), Place> = BTreeMap::new();
        for index in 0..self.nodes.len() {
            let node = self.node(instance(index));
            let (Role::Marker, Some(name)) = (node.role, node.name.clone()) else { continue };
            let place = Place { node: name.node, ..node.place.clone() };
            let key = (self.home(instance(index)), name.text.clone());
            match seen.get(&key) {
                Some(first) if *first != place => {
                    let message = format!("two markers are called `{}`", name.text);
                    let report = Report::error(Code::DuplicateName, &place, message).label("the second one");
                    self.stop(report.also(&first.clone(), "the first one"));
                }
                _ => {
                    seen.insert(key, place);
                }
            }
        }
    }

    /// Computes every value of every block, so that a wrong one is reported even where it is not used.
    pub(super) fn check_lets(&mut self) {
        for scope in 0..self.scopes.len() {
            let lets: Vec<(Arc<str>, Place)> = self.scopes[scope]
                .names
                .iter()
                .filter(|(_, binding)| matches!(binding.kind, BindingKind::Let { .. }))
                .map(|(name, binding)| (name.clone(), binding.place.clone()))
                .collect();
            for (name, place) in lets {
                // What is wrong is reported on the way; the value is of no use here.
                let _ = self.binding_value(ScopeId(scope), &name, &place);
            }
        }
    }

    /// A colour look-up table: a file that is read, but no media.
    pub(super) fn use_lut(&mut self, path: &crate::eval::Text, place: &Place) {
        let location = self.location(path);
        self.media.push(MediaUse { location, kinds: MediaKinds::default(), place: place.clone() });
    }

    /// Motions that do not fit into their element. A `motion` has a time of its own, and is cut off where
    /// its element ends.
    pub(super) fn check_motion(&mut self, id: Instance) {
        if !matches!(self.node(id).role, Role::Motion(keyword) if keyword != Keyword::Motion) {
            return;
        }
        let parent = self.node(id).parent;
        let duration = match self.property(id, "duration") {
            Ok(Some(crate::eval::Value::Time(time))) => time,
            _ => return,
        };
        let (Ok(duration), Ok(length)) = (self.local(duration, parent), self.length(parent)) else { return };
        if duration.seconds() > length.seconds() && length.seconds() > Rational::ZERO {
            let place = self.node(id).assigned.get("duration").map(|said| said.place.clone());
            let place = place.unwrap_or_else(|| self.node(id).place.clone());
            let element = self.node(parent).place.clone();
            let message = format!(
                "{} takes {}, but {} lasts {}",
                self.called(id),
                shown(duration),
                self.called(parent),
                shown(length)
            );
            let report = Report::error(Code::OutOfRange, &place, message);
            self.stop(report.also(&element, format!("lasts {}", shown(length))));
        }
    }
}
