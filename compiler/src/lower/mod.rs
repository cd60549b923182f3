//! From a scheduled composition to a [`Timeline`].
//!
//! The only place that knows which property becomes which field. Defaults have been filled in from
//! the prelude by now, so nothing is decided here but the form.

mod layer;
pub(crate) mod output;
mod read;
mod shape;
mod sound;
mod stage;
mod text;

use std::sync::Arc;

use vid_timeline::{Container, ContainerKind, Marker, Output, OutputFormat, Time, TimeRange, Timeline};

use crate::diagnostics::Place;
use crate::eval::Text;
use crate::files::{Db, SourceFile};
use crate::items::ItemDef;
use crate::lower::read::Reader;
use crate::lower::stage::Stages;
use crate::schedule::{Request, Scheduled, schedule};

/// A timeline whose origins are still places, in the order of its parts: of elements that of
/// [`Timeline::all_elements`], of transitions that of [`Timeline::all_transitions`].
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
            background: stage::background(self, &root),
            blending: stage::blending_of(&root),
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
        let mut stages = Stages::new(self, film);
        (lowered.timeline.elements, lowered.timeline.transitions) =
            stages.stage(None, lowered.timeline.blending)?;
        lowered.elements = stages.elements;
        lowered.transitions = stages.transitions.into_iter().flatten().collect();
        for (name, time, place) in &scheduled.markers {
            lowered.markers.push(place.clone());
            lowered.timeline.markers.push(Marker { name: name.to_string(), time: *time, origin: None });
        }
        self.outputs(&mut lowered);
        Some(lowered)
    }

    fn location(&self, path: &Text) -> String {
        path.location(self.db, self.file)
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

    fn outputs(&self, lowered: &mut Lowered) {
        for (properties, place) in &self.scheduled.outputs {
            lowered.outputs.push(place.clone());
            lowered.timeline.outputs.push(output::output(properties));
        }
        if lowered.timeline.outputs.is_empty() {
            lowered.timeline.outputs.push(Output::new(OutputFormat::Mp4));
        }
    }
}
