//! When each element is there: the derivations of the contract's section 3.2.

use super::super::violation::{PathPart, Report, ViolationCode};
use super::super::wire::{Element, RenderBody, Trim};
use super::{DEFAULT_DURATION_SECONDS, MediaLookup, seconds};
use crate::rational::Rational;
use crate::time::{Time, TimeRange};

/// Where an element lies.
#[derive(Clone, Copy)]
pub(in super::super) struct Span {
    /// On the timeline.
    pub(in super::super) record: TimeRange,
    /// In its media; empty on stills and text.
    pub(in super::super) source: TimeRange,
}

/// Where everything lies.
pub(super) struct Spans {
    /// Of each element of the body; `None` for those that are left out.
    pub(super) elements: Vec<Option<Span>>,
    /// Of the composition.
    pub(super) duration: Time,
}

pub(super) fn spans(body: &RenderBody, facts: &dyn MediaLookup, report: &mut Report) -> Spans {
    let closed: Vec<Option<Span>> = body.elements.iter().map(closed_span).collect();
    let ends = closed.iter().flatten().map(|span| span.record.end);
    let derived = ends.max().unwrap_or(Time::new(DEFAULT_DURATION_SECONDS, 1));
    let duration = body.composition.duration.map_or(derived, |duration| Time::from_seconds(duration.0));
    let mut elements = Vec::with_capacity(closed.len());
    for (index, (element, closed)) in body.elements.iter().zip(closed).enumerate() {
        let path = [PathPart::from("elements"), index.into()];
        if !element.is_visible() {
            elements.push(None);
            continue;
        }
        if seconds(element.common().time) >= duration {
            let message =
                format!("the element starts at {}, when the film has ended", seconds(element.common().time));
            report.warn(ViolationCode::ElementAfterEnd, &path, message);
        }
        elements.push(match closed {
            Some(span) => {
                warn_about_source(element, span, facts, &path, report);
                warn_about_words(element, span, index, report);
                Some(span)
            }
            None => open_span(element, duration, facts, &path, report),
        });
    }
    Spans { elements, duration }
}

fn trim(element: &Element) -> Option<&Trim> {
    match element {
        Element::Video(video) => Some(&video.trim),
        Element::Audio(audio) => Some(&audio.trim),
        Element::Image(_) | Element::Text(_) => None,
    }
}

pub(super) fn speed(trim: &Trim) -> Rational {
    trim.speed.map_or(Rational::ONE, |speed| speed.0)
}

/// The span of an element whose end the body itself says.
pub(in super::super) fn closed_span(element: &Element) -> Option<Span> {
    if !element.is_visible() {
        return None;
    }
    let start = seconds(element.common().time);
    let (duration, source) = match element {
        Element::Image(image) => (seconds(Some(image.duration)), TimeRange::default()),
        Element::Text(text) => (seconds(Some(text.duration)), TimeRange::default()),
        Element::Video(_) | Element::Audio(_) => {
            let trim = trim(element)?;
            let source = TimeRange::new(seconds(trim.in_point), seconds(Some(trim.out_point?)));
            (source.duration() * (Rational::ONE / speed(trim)), source)
        }
    };
    Some(Span { record: TimeRange::at(start, duration), source })
}

/// The span of a video or audio that runs to the end of its source, or of the film.
fn open_span(
    element: &Element,
    film: Time,
    facts: &dyn MediaLookup,
    path: &[PathPart],
    report: &mut Report,
) -> Option<Span> {
    let (trim, url) = (trim(element)?, element.source_url()?);
    let Some(length) = facts.natural(url).and_then(|natural| natural.duration) else {
        let message = format!(
            "how long `{}` is cannot be known here; write `out_point`",
            element.common().id.as_deref().filter(|id| !id.is_empty()).unwrap_or(url)
        );
        report.error(ViolationCode::UnknownMediaLength, path, message);
        return None;
    };
    let (start, in_point) = (seconds(element.common().time), seconds(trim.in_point));
    if in_point >= length {
        let message = format!("`in_point` is {in_point}, but the source ends at {length}");
        report.error(ViolationCode::EmptyTrim, path, message);
        return None;
    }
    // An element that starts after the end has been warned about; nothing of it is left to clip.
    let room = film - start;
    if room <= Time::ZERO {
        return None;
    }
    let whole = (length - in_point) * (Rational::ONE / speed(trim));
    let record = TimeRange::at(start, whole.min(room));
    let source = TimeRange::at(in_point, record.duration() * speed(trim));
    Some(Span { record, source })
}

fn warn_about_source(
    element: &Element,
    span: Span,
    facts: &dyn MediaLookup,
    path: &[PathPart],
    report: &mut Report,
) {
    if trim(element).is_none() {
        return;
    }
    let known = element.source_url().and_then(|url| facts.natural(url));
    // A body has nine decimal places, so the end of media can only be said to within a sample.
    let is_past = |length: &Time| span.source.end.to_sample() > length.to_sample();
    if let Some(length) = known.and_then(|natural| natural.duration).filter(is_past) {
        let past = span.source.end - length;
        let message =
            format!("`out_point` is {past} past the end of the source at {length}; its last frame is held");
        report.warn(ViolationCode::OutPointPastSource, path, message);
    }
}

fn warn_about_words(element: &Element, span: Span, index: usize, report: &mut Report) {
    let Element::Text(text) = element else { return };
    for (at, word) in text.word_animation.iter().flat_map(|animation| &animation.words).enumerate() {
        let (start, end) = (seconds(Some(word.start)), seconds(Some(word.end)));
        if start < span.record.start || end > span.record.end {
            let path = ["elements".into(), index.into(), "word_animation".into(), "words".into(), at.into()];
            let message =
                format!("the word is spoken at {start}..{end}, outside its text at {}", span.record);
            report.warn(ViolationCode::WordOutsideElement, &path, message);
        }
    }
}
