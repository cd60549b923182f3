//! `fit`, which a body cannot say: boxes and crops that make every engine show the same.
//!
//! The picture of a body takes the shape of its box. So a contained picture gets a box of its own
//! shape, and a covering one is cropped to the shape of its box, both computed from the media.

use super::verdict::{Notes, VerdictCode};
use crate::catalog::Fit;
use crate::element::Natural;
use crate::layer::{Crop, Layer, Style, box_size};
use crate::rational::Rational;
use crate::values::{Length, Size};

/// Box and crop as the body writes them.
pub(super) struct Fitted {
    pub(super) width: Length,
    pub(super) height: Length,
    pub(super) aspect_ratio: Option<Rational>,
    pub(super) x_anchor: Length,
    pub(super) y_anchor: Length,
    pub(super) crop: Crop,
}

/// The box and crop of `layer`, whose sides are `width` and `height`.
pub(super) fn fit(
    layer: &Layer,
    (width, height): (Length, Length),
    natural: Option<Natural>,
    canvas: Size,
    notes: &mut Notes,
) -> Fitted {
    let own = Fitted {
        width,
        height,
        aspect_ratio: layer.aspect_ratio,
        x_anchor: layer.x_anchor,
        y_anchor: layer.y_anchor,
        crop: layer.crop,
    };
    if layer.fit == Fit::Stretch {
        return own;
    }
    let (box_width, box_height) = box_size(width, height, layer.aspect_ratio, canvas);
    if box_width <= Rational::ZERO || box_height <= Rational::ZERO {
        return own;
    }
    let Some(picture) = natural.and_then(|natural| cropped_size(natural, layer.crop)) else {
        let message = format!(
            "how `fit: {}` falls out depends on the size of the media, which is not known",
            layer.fit
        );
        notes.refused(VerdictCode::UnknownMediaShape, message);
        return own;
    };
    // Both ratios times both heights, so that nothing is divided that need not be.
    let (picture_wide, box_wide) = (picture.0 * box_height, box_width * picture.1);
    if picture_wide == box_wide && layer.fit != Fit::None {
        return own;
    }
    let is_wider = picture_wide > box_wide;
    match layer.fit {
        Fit::Contain if is_wider => {
            own.resized((box_width, box_height), (box_width, box_width * picture.1 / picture.0), layer, notes)
        }
        Fit::Contain => own.resized(
            (box_width, box_height),
            (box_height * picture.0 / picture.1, box_height),
            layer,
            notes,
        ),
        Fit::Cover if is_wider => own.cropped(box_wide / picture_wide, Rational::ONE),
        Fit::Cover => own.cropped(Rational::ONE, picture_wide / box_wide),
        Fit::None => own.resized((box_width, box_height), picture, layer, notes),
        Fit::Stretch => own,
    }
}

/// Size in pixels of what the crop leaves of the picture; `None` when the media has no pictures.
fn cropped_size(natural: Natural, crop: Crop) -> Option<(Rational, Rational)> {
    let left = |side: u32, a: Rational, b: Rational| Rational::from(side) * (Rational::ONE - a - b);
    let size = (left(natural.width, crop.left, crop.right), left(natural.height, crop.top, crop.bottom));
    (size.0 > Rational::ZERO && size.1 > Rational::ZERO).then_some(size)
}

impl Fitted {
    /// A box of another size around the same middle. The anchor stays where it is on the canvas, and
    /// with it the pivot of turning and scaling.
    fn resized(
        self,
        old: (Rational, Rational),
        new: (Rational, Rational),
        layer: &Layer,
        notes: &mut Notes,
    ) -> Self {
        if layer.style != Style::default() || layer.clip {
            let message =
                "corners, edge, shadow and clip are at the picture itself, not at the box that holds it";
            notes.approximated(VerdictCode::FitStyle, message);
        }
        let side =
            |own: Length, old: Rational, new: Rational| if old == new { own } else { Length::Pixels(new) };
        let keeps_shape = self.aspect_ratio.is_none();
        Self {
            width: if keeps_shape { side(self.width, old.0, new.0) } else { Length::Pixels(new.0) },
            height: if keeps_shape { side(self.height, old.1, new.1) } else { Length::Pixels(new.1) },
            aspect_ratio: None,
            x_anchor: anchor(self.x_anchor, old.0, new.0),
            y_anchor: anchor(self.y_anchor, old.1, new.1),
            crop: self.crop,
        }
    }

    /// Keeps the middle part of the picture: these fractions of what its crop leaves.
    fn cropped(self, across: Rational, down: Rational) -> Self {
        let Crop { top, bottom, left, right } = self.crop;
        let half = Rational::ratio(1, 2);
        let side = (Rational::ONE - left - right) * (Rational::ONE - across) * half;
        let end = (Rational::ONE - top - bottom) * (Rational::ONE - down) * half;
        let crop = Crop { top: top + end, bottom: bottom + end, left: left + side, right: right + side };
        Self { crop, ..self }
    }
}

/// The anchor of the old box as a point of the new one, which has the same middle.
fn anchor(own: Length, old: Rational, new: Rational) -> Length {
    let half = Rational::ratio(1, 2);
    let from_middle = own.resolve(old) - old * half;
    if from_middle.is_zero() || old == new {
        return own;
    }
    Length::Percent((from_middle / new + half) * Rational::integer(100))
}
