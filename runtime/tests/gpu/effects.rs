//! All effects, on a clip and on words.

use vid_timeline::{Effect, EffectType, Rational};

use crate::film::{clip, title};
use crate::nodes::{film_of, percent, with};
use crate::parity::{Tolerance, USUAL, collected};

/// Dots have hard edges: where the device's division or root is off by its last bit, a pixel on one goes
/// to the other side.
const DOTS: Tolerance = Tolerance { most: 1, same: 0.999 };

fn tolerance(kind: EffectType) -> Tolerance {
    use EffectType as E;
    match kind {
        E::CcHalftone | E::CcHalftoneRed | E::CcHalftoneGreen | E::CcHalftoneBlue => DOTS,
        _ => USUAL,
    }
}

#[test]
fn effects() {
    let mut films = [
        film_of(vec![with(clip("clip", "moving.mp4", 0, 1000), |layer| {
            (layer.width, layer.height) = (percent(90).into(), percent(90).into());
        })]),
        film_of(vec![title("words", "Words", 0, 1000)]),
    ];
    collected(EffectType::ALL.iter().flat_map(|kind| {
        let effect = Effect { kind: *kind, intensity: Rational::integer(70), chroma_settings: None };
        films.each_mut().map(|film| {
            film.timeline.elements[0].layer.as_mut().unwrap().effects = vec![effect.clone()];
            crate::parity::compared(&format!("effect_{kind}"), tolerance(*kind), film, &[3, 16])
        })
    }));
}
