//! Colour description of pictures, as code points of ITU-T H.273, which FFmpeg's numbers follow.

use std::ffi::{c_char, c_int};

use ffmpeg_next::ffi;
use serde::Serialize;

use super::sys;
use super::tone::Tone;

unsafe extern "C" {
    // Declared here over plain numbers: files decide the values, so they may be outside the enums
    // that the bindings know.
    fn av_color_primaries_name(primaries: c_int) -> *const c_char;
    fn av_color_transfer_name(transfer: c_int) -> *const c_char;
    fn av_color_space_name(matrix: c_int) -> *const c_char;
    fn av_color_range_name(range: c_int) -> *const c_char;
}

/// Colour primaries: which red, green and blue.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct Primaries(u8);

impl Primaries {
    /// ITU-R BT.709, also sRGB.
    pub const BT709: Self = Self(1);
    /// Not declared.
    pub const UNSPECIFIED: Self = Self(2);
    /// ITU-R BT.2020 and BT.2100.
    pub const BT2020: Self = Self(9);
    /// Display P3, which has the white of BT.709.
    pub const DISPLAY_P3: Self = Self(12);
}

/// Transfer characteristic: how light becomes code values.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct Transfer(u8);

impl Transfer {
    /// ITU-R BT.709.
    pub const BT709: Self = Self(1);
    /// Not declared.
    pub const UNSPECIFIED: Self = Self(2);
    /// Perceptual quantisation, ITU-R BT.2100.
    pub const PQ: Self = Self(16);
    /// Hybrid log-gamma, ITU-R BT.2100.
    pub const HLG: Self = Self(18);
}

/// Matrix between R'G'B' and Y'CbCr.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct Matrix(u8);

impl Matrix {
    /// No matrix: the planes are R'G'B'.
    pub const RGB: Self = Self(0);
    /// ITU-R BT.709.
    pub const BT709: Self = Self(1);
    /// Not declared.
    pub const UNSPECIFIED: Self = Self(2);
    /// ITU-R BT.601, 525 lines; the 625-line variant has the same numbers.
    pub const BT601: Self = Self(6);
    /// ITU-R BT.2020, non-constant luminance.
    pub const BT2020: Self = Self(9);

    /// This matrix, or for an undeclared one the usual guess: standard definition is BT.601,
    /// everything from 720 lines up BT.709.
    pub fn or_guess(self, height: u32) -> Self {
        match self {
            Self::UNSPECIFIED if height < 720 => Self::BT601,
            Self::UNSPECIFIED => Self::BT709,
            declared => declared,
        }
    }

    /// H.273 code point.
    pub const fn code(self) -> u8 {
        self.0
    }
}

/// Which code values mean black and white.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Range {
    /// Not declared; Y'CbCr is then taken as limited and R'G'B' as full.
    Unspecified,
    /// 16–235 for luma at 8 bits, 16–240 for chroma.
    Limited,
    /// 0–255 at 8 bits.
    Full,
}

impl Range {
    /// Whether Y'CbCr samples of this range use all code values.
    pub const fn is_full(self) -> bool {
        matches!(self, Self::Full)
    }
}

/// The four tags of a picture.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct ColorDescription {
    /// Which red, green and blue.
    pub primaries: Primaries,
    /// How light becomes code values.
    pub transfer: Transfer,
    /// Matrix between R'G'B' and Y'CbCr.
    pub matrix: Matrix,
    /// Which code values mean black and white.
    pub range: Range,
}

impl ColorDescription {
    /// Nothing declared.
    pub const UNSPECIFIED: Self = Self {
        primaries: Primaries::UNSPECIFIED,
        transfer: Transfer::UNSPECIFIED,
        matrix: Matrix::UNSPECIFIED,
        range: Range::Unspecified,
    };
    /// High definition television, limited range: what films are delivered in.
    pub const BT709: Self = Self {
        primaries: Primaries::BT709,
        transfer: Transfer::BT709,
        matrix: Matrix::BT709,
        range: Range::Limited,
    };

    /// Whether light and colours are those of films, or declare nothing else, so that changing matrix and
    /// range is all it takes to show a picture in one.
    pub fn is_standard_light(&self) -> bool {
        Tone::to_bt709(self, None).is_none()
    }

    /// From FFmpeg's numbers; what is outside H.273 counts as undeclared.
    pub(super) fn from_codes(primaries: c_int, transfer: c_int, matrix: c_int, range: c_int) -> Self {
        let code = |value: c_int| match u8::try_from(value) {
            // Zero is reserved for primaries and transfer.
            Ok(0) | Err(_) => 2,
            Ok(code) => code,
        };
        let range = match range {
            1 => Range::Limited,
            2 => Range::Full,
            _ => Range::Unspecified,
        };
        let matrix = if matrix == 0 { Matrix::RGB } else { Matrix(code(matrix)) };
        Self { primaries: Primaries(code(primaries)), transfer: Transfer(code(transfer)), matrix, range }
    }

    /// The tags as four numbers, for sending them to another process of ours.
    pub(crate) fn to_codes(self) -> [u8; 4] {
        let range = match self.range {
            Range::Unspecified => 0,
            Range::Limited => 1,
            Range::Full => 2,
        };
        [self.primaries.0, self.transfer.0, self.matrix.0, range]
    }

    /// The tags that [`Self::to_codes`] gave; whatever else is undeclared.
    pub(crate) fn from_wire([primaries, transfer, matrix, range]: [u8; 4]) -> Self {
        Self::from_codes(primaries.into(), transfer.into(), matrix.into(), range.into())
    }

    /// The tags declared by a frame.
    pub(super) fn of_frame(frame: &sys::RawFrame) -> Self {
        let frame = frame.as_ptr();
        // SAFETY: the frame is valid; the fields are enums.
        unsafe {
            Self::from_codes(
                sys::enum_value(&raw const (*frame).color_primaries),
                sys::enum_value(&raw const (*frame).color_trc),
                sys::enum_value(&raw const (*frame).colorspace),
                sys::enum_value(&raw const (*frame).color_range),
            )
        }
    }

    /// Declares these tags on a frame.
    pub(super) fn apply_to_frame(self, frame: &mut sys::RawFrame) {
        let frame = frame.as_mut_ptr();
        // SAFETY: the frame is valid and exclusively ours; any H.273 code point may stand here.
        unsafe {
            sys::set_enum_value(&raw mut (*frame).color_primaries, self.primaries.0.into());
            sys::set_enum_value(&raw mut (*frame).color_trc, self.transfer.0.into());
            sys::set_enum_value(&raw mut (*frame).colorspace, self.matrix.0.into());
            sys::set_enum_value(&raw mut (*frame).color_range, self.range_code());
        }
    }

    /// Declares these tags on an encoder.
    ///
    /// # Safety
    /// `context` is a valid codec context that is not open yet.
    pub(super) unsafe fn apply_to_encoder(self, context: *mut ffi::AVCodecContext) {
        // SAFETY: promised by the caller; any H.273 code point may stand here.
        unsafe {
            sys::set_enum_value(&raw mut (*context).color_primaries, self.primaries.0.into());
            sys::set_enum_value(&raw mut (*context).color_trc, self.transfer.0.into());
            sys::set_enum_value(&raw mut (*context).colorspace, self.matrix.0.into());
            sys::set_enum_value(&raw mut (*context).color_range, self.range_code());
        }
    }

    fn range_code(self) -> c_int {
        match self.range {
            Range::Unspecified => 0,
            Range::Limited => 1,
            Range::Full => 2,
        }
    }

    /// The tags as FFmpeg's names, `None` where nothing is declared.
    pub fn to_facts(self) -> vid_timeline::media::ColorTags {
        let declared = |code: u8| (code != 2).then_some(c_int::from(code));
        // SAFETY: the functions accept any number and return null or a static string.
        let name = |name: unsafe extern "C" fn(c_int) -> *const c_char, code: c_int| unsafe {
            let name = name(code);
            (!name.is_null()).then(|| sys::text(name))
        };
        vid_timeline::media::ColorTags {
            primaries: declared(self.primaries.0).and_then(|code| name(av_color_primaries_name, code)),
            transfer: declared(self.transfer.0).and_then(|code| name(av_color_transfer_name, code)),
            matrix: declared(self.matrix.0).and_then(|code| name(av_color_space_name, code)),
            range: match self.range {
                Range::Unspecified => None,
                _ => name(av_color_range_name, self.range_code()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undeclared_matrix_follows_the_height() {
        assert_eq!(Matrix::UNSPECIFIED.or_guess(576), Matrix::BT601);
        assert_eq!(Matrix::UNSPECIFIED.or_guess(720), Matrix::BT709);
        assert_eq!(Matrix::BT2020.or_guess(100), Matrix::BT2020);
    }

    #[test]
    fn names_are_those_of_ffmpeg() {
        let tags = ColorDescription::BT709.to_facts();
        assert_eq!(tags.matrix.as_deref(), Some("bt709"));
        assert_eq!(tags.range.as_deref(), Some("tv"));
        assert_eq!(ColorDescription::UNSPECIFIED.to_facts(), Default::default());
        assert_eq!(ColorDescription::from_codes(999, -4, 2, 77), ColorDescription::UNSPECIFIED);
    }
}
