//! The timeline itself.

use serde::{Deserialize, Serialize};

use crate::catalog::TransitionType;
use crate::element::{Element, Origin};
use crate::group::paint_order;
use crate::output::Output;
use crate::time::{FrameRate, Time, TimeRange};
use crate::values::{Color, Size};

/// A film: elements with absolute places, the transitions between them, and what it is written as.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Timeline {
    /// Name of the composition, or of the output file.
    pub name: String,
    /// Pixels of the output.
    pub size: Size,
    /// Rate of the output.
    pub frame_rate: FrameRate,
    /// Length of the output; greater than zero. What lies past it is cut off.
    pub duration: Time,
    /// What is below all elements.
    pub background: Background,
    /// How its colours are mixed.
    pub blending: Blending,
    /// Sequences and stacks, parents before children; the first is the composition itself.
    pub containers: Vec<Container>,
    /// In source order.
    pub elements: Vec<Element>,
    /// Between elements.
    pub transitions: Vec<Transition>,
    /// Named instants.
    pub markers: Vec<Marker>,
    /// What it is written as; at least one.
    pub outputs: Vec<Output>,
    /// Free pairs that an API job carries along.
    pub metadata: Vec<(String, String)>,
    /// Where the render API is told about progress.
    pub webhook_url: Option<String>,
    /// Whether the render API first copies outside files; `None` leaves it to the workspace.
    pub ingest_external: Option<bool>,
}

impl Timeline {
    /// Number of frames of the output.
    pub fn frame_count(&self) -> i64 {
        self.frame_rate.frame_from_time(self.duration)
    }

    /// Number of samples of the output at [`crate::SAMPLE_RATE`].
    pub fn sample_count(&self) -> i64 {
        self.duration.to_sample()
    }

    /// The element of that id, of those that stand in no group.
    pub fn element(&self, id: &str) -> Option<&Element> {
        self.elements.iter().find(|element| element.id == id)
    }

    /// Indices of the visual elements, bottom first: by `z_index`, then in source order.
    pub fn paint_order(&self) -> Vec<usize> {
        paint_order(&self.elements)
    }
}

/// What is below all elements.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Background {
    /// Fills the canvas.
    pub color: Color,
    /// Path or URL of a picture stretched over the colour.
    pub image: Option<String>,
}

impl Default for Background {
    fn default() -> Self {
        Self { color: Color::BLACK, image: None }
    }
}

crate::catalog::named_enum! {
    /// In which light colours are mixed: as they are encoded, which is what browsers and the render
    /// API show, or in linear light, where opacity, blends and transitions behave like light does.
    Blending {
        Gamma = "gamma",
        Linear = "linear",
    }
}

#[expect(clippy::derivable_impls, reason = "the macro that writes the enum derives no default")]
impl Default for Blending {
    fn default() -> Self {
        Self::Gamma
    }
}

/// A sequence, a stack or the composition: structure for people and tools. Elements carry absolute
/// times already, so rendering never reads it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Container {
    /// Whether children follow one another or start together.
    pub kind: ContainerKind,
    /// Its name in source, if it has one.
    pub name: Option<String>,
    /// Index of the container around it; `None` on the composition.
    pub parent: Option<usize>,
    /// When it is on the timeline.
    pub record_range: TimeRange,
    /// Where it was written.
    pub origin: Option<Origin>,
}

/// How a container places its children.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContainerKind {
    /// Children start together.
    Stack,
    /// Children follow one another.
    Sequence,
}

/// A passage from one element to another, or between an element and what is below it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Transition {
    /// Which one.
    pub kind: TransitionType,
    /// Id of the element that leaves; `None` when the other one comes from what is below it. At least
    /// one of the two is there.
    pub from: Option<String>,
    /// Id of the element that comes; `None` when the other one gives way to what is below it.
    pub to: Option<String>,
    /// When it runs. Both elements are present for all of it, also where their own ranges end.
    pub record_range: TimeRange,
    /// What happens to the sound.
    pub audio: TransitionAudio,
    /// Layer of the blended result; `None` takes that of the element that comes, or of the only one.
    pub z_index: Option<i64>,
    /// Where it was written.
    pub origin: Option<Origin>,
}

impl Transition {
    /// Whether the element of that id is one of its two.
    pub fn joins(&self, id: &str) -> bool {
        self.from.as_deref() == Some(id) || self.to.as_deref() == Some(id)
    }

    /// The element at whose place in the stack its result is painted: the one that comes, else the one
    /// that leaves.
    pub fn seat(&self) -> Option<&str> {
        self.to.as_deref().or(self.from.as_deref())
    }
}

/// What a transition does to the sound of its two elements.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransitionAudio {
    /// Equal-power cross-fade over the transition.
    Crossfade,
    /// Each sound plays exactly in its element's own range.
    Cut,
}

/// A named instant.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Marker {
    /// Its name.
    pub name: String,
    /// When.
    pub time: Time,
    /// Where it was written.
    pub origin: Option<Origin>,
}
