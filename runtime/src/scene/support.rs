//! What the runtime cannot draw, found before a frame is decoded.

use vid_timeline::{Element, Origin, OutputFormat, Rational, Timeline};

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
    let Some(clip) = element.content.clip() else { return };
    let kind = element.content.kind_name();
    let is_heard = element.sound.as_ref().is_some_and(|sound| {
        let has_sound = clip.source.natural.is_none_or(|natural| natural.has_sound);
        has_sound && !sound.volume.constant().is_some_and(|level| level.is_silent())
    });
    let is_seen = element.layer.is_some();
    if clip.reversed && (is_seen || is_heard) {
        report(format!("{kind} played backwards"));
    }
    if clip.repeats && (is_seen || is_heard) {
        report(format!("{kind} that repeats"));
    }
    if clip.speed != Rational::ONE && is_heard {
        report("sound at another `speed` than 1 (silence it with `volume: 0%`)".to_owned());
    }
}
