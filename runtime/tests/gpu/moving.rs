//! All motions and all transitions.

use vid_timeline::{Easing, Motion, MotionScope, MotionType, Rational, Time, TimeRange, TransitionType};

use crate::film::{clip, still, title, transition};
use crate::nodes::{film_of, percent, with};
use crate::parity::{USUAL, collected, compared};

#[test]
fn motions() {
    let mut films = [
        film_of(vec![
            still("below", "half.png", 0, 1000),
            with(clip("clip", "moving.mp4", 0, 1000), |layer| {
                (layer.width, layer.height) = (percent(70).into(), percent(70).into());
            }),
        ]),
        film_of(vec![title("words", "Words", 0, 1000)]),
    ];
    collected(MotionType::ALL.iter().flat_map(|kind| {
        let scope = MotionScope::Element;
        let directions = kind.directions(scope);
        let motion = Motion {
            kind: *kind,
            record_range: TimeRange::new(Time::ZERO, Time::from_millis(900)),
            easing: Easing::EaseOut,
            reversed: !directions.entrance && directions.exit,
            scope,
            delay: Time::ZERO,
            repeats: false,
        };
        films.each_mut().map(|film| {
            let moving = film.timeline.elements.last_mut().unwrap();
            moving.layer.as_mut().unwrap().motion = vec![motion.clone()];
            compared(&format!("motion_{kind}"), USUAL, film, &[4, 11])
        })
    }));
}

/// Between two pictures that fill the canvas, and between two that do not.
#[test]
fn transitions() {
    let mut films = [100, 60].map(|share| {
        film_of(vec![
            with(clip("one", "moving.mp4", 0, 1000), |layer| {
                (layer.width, layer.height) = (percent(share).into(), percent(share).into());
            }),
            with(still("two", "card.png", 0, 1000), |layer| {
                (layer.width, layer.height) = (percent(share).into(), percent(share).into());
                layer.opacity = Rational::integer(if share == 100 { 100 } else { 80 }).into();
            }),
        ])
    });
    // A clip that is the canvas comes by itself; one of another shape is told from what is below.
    films[0].timeline.size = vid_timeline::Size { width: 256, height: 144 };
    collected(TransitionType::ALL.iter().flat_map(|kind| {
        films.each_mut().map(|film| {
            film.timeline.transitions = vec![transition(*kind, "one", "two", 0, 1000)];
            let name = format!("transition_{kind}_{}", film.timeline.size.width);
            compared(&name, USUAL, film, &[0, 6, 12, 19])
        })
    }));
}
