//! The values of a statement's properties.

use std::sync::Arc;

use vid_timeline::Time;

use crate::diagnostics::{Code, Place, Report};
use crate::eval::{Instance, Stop, Value};
use crate::schedule::clocks::{is_plain, moved};
use crate::schedule::engine::Engine;
use crate::schedule::tree::{Assigned, LengthRule, Role};
use crate::types::{Defaults, KindSchema};

/// The values of a statement's properties, defaults included; without the start of what has a range. Cheap
/// to clone.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Properties {
    defaults: Arc<Defaults>,
    /// Those that do not have their default, in the order of their names.
    said: Arc<Vec<Said>>,
    /// Whether some of them are instants, or hold them.
    has_instants: bool,
}

/// A property that was said.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Said {
    /// Where it is in the list of its kind's properties.
    position: usize,
    name: Arc<str>,
    /// `None` where it is not known.
    value: Option<Value>,
    place: Option<Place>,
}

impl Properties {
    /// Properties of a kind that nobody said.
    pub(super) fn unsaid(kind: &KindSchema) -> Self {
        Self { defaults: kind.defaults.clone(), said: Arc::default(), has_instants: false }
    }

    /// Whether some of them are instants, or hold them.
    pub(super) fn has_instants(&self) -> bool {
        self.has_instants
    }

    /// The same on a clock that began `offset` earlier.
    pub(super) fn moved(&self, offset: Time) -> Self {
        if !self.has_instants {
            return self.clone();
        }
        let value = |value: &Value| moved(value, offset).unwrap_or_else(|| value.clone());
        let said =
            self.said.iter().map(|said| Said { value: said.value.as_ref().map(value), ..said.clone() });
        Self { said: Arc::new(said.collect()), ..self.clone() }
    }

    fn find(&self, name: &str) -> Option<&Said> {
        self.at(self.defaults.position(name)?)
    }

    fn at(&self, position: usize) -> Option<&Said> {
        self.said.iter().find(|said| said.position == position)
    }

    /// The value of a property; `None` when it was neither said nor has a default.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        let position = self.defaults.position(name)?;
        let value = match self.at(position) {
            Some(said) => said.value.as_ref(),
            None => self.defaults.value(position),
        };
        value.filter(|value| **value != Value::None)
    }

    /// Where a property was said; `None` when it has its default.
    pub(crate) fn place(&self, name: &str) -> Option<&Place> {
        self.find(name).filter(|said| said.value.is_some()).and_then(|said| said.place.as_ref())
    }

    /// The properties that were said, with their places, in the order of their names.
    pub(crate) fn said(&self) -> impl Iterator<Item = (&Arc<str>, &Value, &Place)> {
        self.said.iter().filter_map(|said| Some((&said.name, said.value.as_ref()?, said.place.as_ref()?)))
    }
}

impl<'db> Engine<'db> {
    /// All properties of an instance, and whether all of them are known.
    pub(super) fn properties(&mut self, id: Instance) -> (Properties, bool) {
        let node = self.node(id);
        let (kind, is_timed) = (node.kind, node.role.is_timed());
        let names = node.assigned.keys().chain(node.fallbacks.keys()).chain(node.values.keys());
        let mut wanted: Vec<usize> = names.filter_map(|name| kind.position(name)).collect();
        wanted.extend((0..kind.fields.len()).filter(|at| kind.fields[*at].required));
        wanted.sort_unstable();
        wanted.dedup();
        let mut said = Vec::with_capacity(wanted.len());
        let mut known = true;
        for (position, field) in wanted.into_iter().map(|at| (at, &kind.fields[at])) {
            let place = self.said(id, &field.name).map(|said| said.place.clone());
            let value = match self.property(id, &field.name) {
                Ok(Some(Value::Unknown(_))) => None,
                Ok(Some(value)) => Some(value),
                Ok(None) if field.required && !self.is_hung(id, &field.name) => {
                    self.missing(id, &field.name, kind);
                    None
                }
                Ok(None) => continue,
                Err(Stop::Poison | Stop::Unknown | Stop::Pending(_)) => None,
            };
            known &= value.is_some();
            if is_timed && &*field.name == "time" {
                // Its range says when it is.
                continue;
            }
            said.push(Said { position, name: field.name.clone(), value, place });
        }
        said.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        let mut values = said.iter().filter_map(|said| said.value.as_ref());
        let has_instants = !values.all(is_plain);
        (Properties { defaults: kind.defaults.clone(), said: Arc::new(said), has_instants }, known)
    }

    /// Who says a property of an instance.
    pub(super) fn said(&self, id: Instance, name: &str) -> Option<&Assigned<'db>> {
        let node = self.node(id);
        node.assigned.get(name).or_else(|| node.fallbacks.get(name))
    }

    /// Whether something other than the property says it, or the parser has said that it is missing.
    fn is_hung(&self, id: Instance, field: &str) -> bool {
        let node = self.node(id);
        let missed = matches!(node.role, Role::Duck | Role::Marker);
        missed || field == "duration" && !matches!(node.length_rule, LengthRule::Unsaid)
    }

    fn missing(&mut self, id: Instance, field: &str, kind: &KindSchema) {
        let place = self.node(id).place.clone();
        let called = self.called(id);
        let message = format!("{called} needs `{field}`");
        let report = Report::error(Code::MissingProperty, &place, message);
        let help = match (field, &*kind.name) {
            ("source_url", kind) => format!("write the path after its name: `{kind} \"media/file\"`"),
            ("text", _) => "write the words after its name: `text \"Hello\"`".to_owned(),
            ("duration", "gap") => "write how long it is: `gap 500ms`".to_owned(),
            ("duration", _) => "write how long it takes: `for 500ms`".to_owned(),
            ("time", _) => "write when it is: `at 5s`".to_owned(),
            ("type", kind) => format!("write which {kind} after the first word"),
            _ => format!("write `{field}: …`"),
        };
        self.stop(report.help(help));
    }
}
