//! What the runtime cannot draw, found before a frame is decoded.

use vid_timeline::{Content, Element, Origin, OutputFormat, Timeline};

/// Something a timeline asks for that this runtime does not draw.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unsupported {
    /// Id of the element, or of the composition itself.
    pub element: String,
    /// What is asked for, in the author's words, such as `` effect `vhs` ``.
    pub what: String,
    /// Where it was written.
    pub origin: Option<Origin>,
}

/// Everything in the timeline that the runtime does not draw; empty when it can render all of it.
pub fn unsupported(timeline: &Timeline) -> Vec<Unsupported> {
    let mut found = Vec::new();
    for element in timeline.all_elements() {
        let mut report = |what: String| {
            found.push(Unsupported { element: element.id.clone(), what, origin: element.origin });
        };
        element_gaps(element, &mut report);
    }
    for output in &timeline.outputs {
        if output.format != OutputFormat::Mp4 {
            found.push(Unsupported {
                element: timeline.name.clone(),
                what: format!("output `{}`", output.format),
                origin: output.origin,
            });
        }
    }
    found
}

fn element_gaps(element: &Element, report: &mut impl FnMut(String)) {
    match &element.content {
        Content::Video(clip) if clip.reversed => report("video played backwards".to_owned()),
        Content::Video(clip) if clip.repeats => report("video that repeats".to_owned()),
        _ => {}
    }
}
