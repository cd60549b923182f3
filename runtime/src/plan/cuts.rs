//! Where the film is cut into segments.

use std::ops::Range;

use vid_timeline::{Content, Element, Time, TimeRange, Timeline};

/// Longest segment in seconds. Short enough that several cores share a short film and an edit
/// re-renders little; long enough that the key frame each one starts with, and the encoder that fills
/// and empties (0.1 s with half of two cores idle, at 1080p), weigh little. It is about what x264
/// leaves between key frames by itself, 250 frames.
pub const MAX_SEGMENT_SECONDS: u32 = 8;

/// Shortest segment, as a fraction of the longest (0.6 s): edges closer than this to another are no cut.
const MIN_FRACTION: i64 = 13;

/// The same for edges of the second rank (4 s). A segment costs a key frame and a pipeline that empties and
/// fills, which a slideshow that is cut at both ends of each of its dissolves, or a film that is cut where each
/// of its captions begins and ends, pays for far more often than edits repay.
const SECOND_MIN_FRACTION: i64 = 2;

/// The film's frames as segments: in order, without gaps, none empty.
///
/// Cuts lie where the structure changes: first where video and stills begin and end and where
/// transitions begin, then, if they are farther from those, where transitions end and where text begins
/// and ends. Stretches between are divided evenly. Every cut depends only on what is near it, so an edit moves no cut elsewhere, and
/// none on the machine.
pub fn segment_ranges(timeline: &Timeline) -> Vec<Range<i64>> {
    let rate = timeline.frame_rate;
    let total = timeline.frame_count();
    let longest = i64::from((MAX_SEGMENT_SECONDS * rate.numerator()).div_ceil(rate.denominator())).max(1);
    let mut cuts = vec![0, total];
    let strong = |content: &Content| matches!(content, Content::Video(_) | Content::Image(_));
    let edges_of = |wanted: bool| {
        let elements =
            timeline.elements.iter().filter(move |e| e.layer.is_some() && strong(&e.content) == wanted);
        elements.flat_map(|element| visible_edges(timeline, element))
    };
    let transitions = timeline.transitions.iter().map(|transition| transition.record_range);
    let first: Vec<Time> = edges_of(true).chain(transitions.clone().map(|range| range.start)).collect();
    let second: Vec<Time> = edges_of(false).chain(transitions.map(|range| range.end)).collect();
    for (times, fraction) in [(first, MIN_FRACTION), (second, SECOND_MIN_FRACTION)] {
        let shortest = (longest / fraction).max(1);
        let mut edges: Vec<i64> = times.into_iter().map(|time| rate.frame_from_time(time)).collect();
        edges.sort_unstable();
        for edge in edges {
            add_cut(&mut cuts, edge, shortest);
        }
    }
    cuts.windows(2).flat_map(|pair| divided(pair[0]..pair[1], longest)).collect()
}

const fn edges(range: TimeRange) -> [Time; 2] {
    [range.start, range.end]
}

/// Where an element appears and disappears by itself. An edge in a transition of its own is not
/// seen: the transition shows the element on both sides of it. Where exactly it lies depends on how
/// the film was written (an API body puts it in the middle), and the segments must not.
fn visible_edges(timeline: &Timeline, element: &Element) -> impl Iterator<Item = Time> {
    edges(element.record_range).into_iter().filter(|edge| {
        !timeline.transitions.iter().any(|transition| {
            let window = transition.record_range;
            let own = transition.joins(&element.id);
            own && window.start <= *edge && *edge <= window.end
        })
    })
}

/// Adds a cut at `edge` unless another one is nearer than `shortest`.
fn add_cut(cuts: &mut Vec<i64>, edge: i64, shortest: i64) {
    let at = cuts.partition_point(|cut| *cut <= edge);
    let (Some(before), Some(after)) = (at.checked_sub(1).and_then(|i| cuts.get(i)), cuts.get(at)) else {
        return;
    };
    if edge - before >= shortest && after - edge >= shortest {
        cuts.insert(at, edge);
    }
}

/// `range` in as few equal parts as `longest` allows.
fn divided(range: Range<i64>, longest: i64) -> impl Iterator<Item = Range<i64>> {
    let length = range.end - range.start;
    let parts = (length + longest - 1) / longest;
    (0..parts).map(move |part| range.start + length * part / parts..range.start + length * (part + 1) / parts)
}

#[cfg(test)]
mod tests {
    use vid_timeline::{
        Background, Blending, Container, ContainerKind, Element, FrameRate, Layer, Output, OutputFormat,
        Size, Text, Time, TimeRange, Transition, TransitionAudio, TransitionType,
    };

    use super::*;

    fn element(id: &str, content: Content, start_ms: i64, end_ms: i64) -> Element {
        Element {
            id: id.to_owned(),
            name: None,
            track: None,
            record_range: TimeRange::new(Time::from_millis(start_ms), Time::from_millis(end_ms)),
            content,
            layer: Some(Layer::default()),
            sound: None,
            container: 0,
            origin: None,
        }
    }

    fn still(id: &str, start_ms: i64, end_ms: i64) -> Element {
        let source = vid_timeline::MediaSource { location: id.to_owned(), natural: None };
        element(id, Content::Image(source), start_ms, end_ms)
    }

    fn text(id: &str, start_ms: i64, end_ms: i64) -> Element {
        element(id, Content::Text(Box::new(Text::new(id))), start_ms, end_ms)
    }

    fn dissolve(from: &str, to: &str, start_ms: i64, end_ms: i64) -> Transition {
        Transition {
            kind: TransitionType::CrossDissolve,
            from: Some(from.to_owned()),
            to: Some(to.to_owned()),
            record_range: TimeRange::new(Time::from_millis(start_ms), Time::from_millis(end_ms)),
            audio: TransitionAudio::Crossfade,
            z_index: None,
            origin: None,
        }
    }

    fn cuts(seconds: i64, elements: Vec<Element>) -> Vec<i64> {
        cuts_with(seconds, elements, Vec::new())
    }

    fn cuts_with(seconds: i64, elements: Vec<Element>, transitions: Vec<Transition>) -> Vec<i64> {
        let range = TimeRange::new(Time::ZERO, Time::new(seconds, 1));
        let timeline = Timeline {
            name: "film".to_owned(),
            size: Size::DEFAULT,
            frame_rate: FrameRate::DEFAULT,
            duration: range.end,
            background: Background::default(),
            blending: Blending::Gamma,
            containers: vec![Container {
                kind: ContainerKind::Stack,
                name: None,
                parent: None,
                record_range: range,
                origin: None,
            }],
            elements,
            transitions,
            markers: Vec::new(),
            outputs: vec![Output::new(OutputFormat::Mp4)],
            metadata: Vec::new(),
            webhook_url: None,
            ingest_external: None,
        };
        let ranges = segment_ranges(&timeline);
        assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert!(ranges.iter().all(|range| !range.is_empty()));
        ranges.iter().map(|range| range.end).collect()
    }

    #[test]
    fn a_long_stretch_is_divided_evenly() {
        assert_eq!(cuts(10, vec![still("a", 0, 10_000)]), [150, 300]);
    }

    #[test]
    fn structure_cuts_where_it_changes() {
        assert_eq!(cuts(4, vec![still("a", 0, 1500), still("b", 1500, 4000)]), [45, 120]);
    }

    #[test]
    fn text_gives_way_to_cuts_nearby() {
        assert_eq!(
            cuts(12, vec![still("a", 0, 4000), still("b", 4000, 12_000), text("t", 3900, 8000)]),
            [120, 240, 360]
        );
        assert_eq!(
            cuts(12, vec![still("a", 0, 4000), still("b", 4000, 12_000), text("t", 0, 6000)]),
            [120, 360]
        );
    }

    #[test]
    fn an_edit_moves_no_cut_elsewhere() {
        let with = |text_end| {
            cuts(20, vec![still("a", 0, 10_000), still("b", 10_000, 20_000), text("t", 0, text_end)])
        };
        let later = |cuts: Vec<i64>| cuts.into_iter().filter(|cut| *cut >= 300).collect::<Vec<_>>();
        assert_ne!(with(4000), with(6000));
        assert_eq!(later(with(4000)), later(with(6000)));
    }

    #[test]
    fn a_dissolve_cuts_where_it_begins() {
        let elements = vec![still("a", 0, 3000), still("b", 2000, 5000), still("c", 4000, 7000)];
        let joins = vec![dissolve("a", "b", 2000, 3000), dissolve("b", "c", 4000, 5000)];
        assert_eq!(cuts_with(7, elements, joins), [60, 120, 210]);
        let elements = vec![still("a", 0, 7000), still("b", 6000, 16_000)];
        assert_eq!(cuts_with(16, elements, vec![dissolve("a", "b", 6000, 7000)]), [180, 330, 480]);
    }

    #[test]
    fn a_film_of_one_frame_is_one_segment() {
        let mut one = vec![still("a", 0, 20)];
        one[0].record_range.end = Time::new(1, 30);
        let ranges = {
            let element = one.remove(0);
            cuts(1, vec![element])
        };
        assert_eq!(ranges.last(), Some(&30));
    }
}
