//! The names the render API's contract knows: effects, motions, transitions, blend modes, formats.
//!
//! One list each; parsing, writing, validation and the runtime's own list of what it supports all
//! start from here.

/// Defines an enum whose variants have one stable name each, in source, in JSON and in messages.
macro_rules! named_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$variant_meta])* #[doc = concat!("`", $text, "`.")] #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every value, in the order of the contract.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in source, in JSON and in messages.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The value of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": [$($text),+] })
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
pub(crate) use named_enum;

named_enum! {
    /// What a render is written as.
    OutputFormat {
        Mp4 = "mp4",
        Webm = "webm",
        Mov = "mov",
        Gif = "gif",
        Png = "png",
        Jpg = "jpg",
        Wav = "wav",
    }
}

impl OutputFormat {
    /// Those that an API body can name.
    pub const OF_BODIES: &'static [Self] =
        &[Self::Mp4, Self::Webm, Self::Mov, Self::Gif, Self::Png, Self::Jpg];

    /// Whether a film of this format can have a transparent background.
    pub const fn supports_alpha(self) -> bool {
        matches!(self, Self::Webm | Self::Mov | Self::Gif | Self::Png)
    }

    /// Whether an API body can ask for a transparent background in this format.
    pub const fn body_supports_alpha(self) -> bool {
        matches!(self, Self::Webm | Self::Mov)
    }

    /// Whether it holds one frame instead of a film.
    pub const fn is_still(self) -> bool {
        matches!(self, Self::Png | Self::Jpg)
    }
}

named_enum! {
    /// How a layer's colour meets what lies below.
    BlendMode {
        None = "none",
        Multiply = "multiply",
        Screen = "screen",
        Overlay = "overlay",
        Darken = "darken",
        Lighten = "lighten",
        ColorDodge = "color_dodge",
        ColorBurn = "color_burn",
        HardLight = "hard_light",
        SoftLight = "soft_light",
    }
}

named_enum! {
    /// A full-frame effect on one element's pixels.
    EffectType {
        Vintage = "vintage",
        Polaroid = "polaroid",
        Portra = "portra",
        Super8 = "super8",
        Filmic = "filmic",
        AddGrain = "add_grain",
        FilmBurn = "film_burn",
        LightLeaks = "light_leaks",
        Sepia = "sepia",
        Duotone = "duotone",
        CrossProcess = "cross_process",
        BleachBypass = "bleach_bypass",
        Vhs = "vhs",
        VhsOverlay = "vhs_overlay",
        Crt = "crt",
        Television = "television",
        Scanlines = "scanlines",
        Glitch = "glitch",
        CompressionGlitch = "compression_glitch",
        RgbSplit = "rgb_split",
        ChromaticAberration = "chromatic_aberration",
        CameraLensBlur = "camera_lens_blur",
        CameraLensBlurBg = "camera_lens_blur_bg",
        BoxBlur = "box_blur",
        OpticsCompensation = "optics_compensation",
        LensFlare = "lens_flare",
        Glow = "glow",
        Prism = "prism",
        Posterize = "posterize",
        Mosaic = "mosaic",
        MosaicBlur = "mosaic_blur",
        MosaicPosterize = "mosaic_posterize",
        CcHalftone = "cc_halftone",
        CcHalftoneRed = "cc_halftone_red",
        CcHalftoneGreen = "cc_halftone_green",
        CcHalftoneBlue = "cc_halftone_blue",
        Invert = "invert",
        Ghosting = "ghosting",
        Echo = "echo",
        DisplacementMap = "displacement_map",
        Viewfinder = "viewfinder",
        NightVision = "night_vision",
        Thermal = "thermal",
        StrobeLight = "strobe_light",
        Snow = "snow",
        ChromaKey = "chroma_key",
    }
}

named_enum! {
    /// A motion preset.
    MotionType {
        Fade = "fade",
        SlideUp = "slide_up",
        SlideDown = "slide_down",
        SlideLeft = "slide_left",
        SlideRight = "slide_right",
        ZoomIn = "zoom_in",
        ZoomOut = "zoom_out",
        RotateCw = "rotate_cw",
        RotateCcw = "rotate_ccw",
        Bounce = "bounce",
        WipeLeft = "wipe_left",
        WipeRight = "wipe_right",
        WipeUp = "wipe_up",
        WipeDown = "wipe_down",
        KenBurnsIn = "ken_burns_in",
        KenBurnsOut = "ken_burns_out",
        KenBurnsInOut = "ken_burns_in_out",
        LoopWiggle = "loop_wiggle",
        LoopRotate = "loop_rotate",
        LoopRotateSmooth = "loop_rotate_smooth",
        Loop3dSpin = "loop_3d_spin",
        Loop3dSway = "loop_3d_sway",
        Blur = "blur",
        BounceMotion = "bounce_motion",
        Explode = "explode",
        Evaporate = "evaporate",
        Overlay = "overlay",
        Difference = "difference",
        RubberIn = "rubber_in",
        WhipUp = "whip_up",
        GlitchPop = "glitch_pop",
        DriftIn = "drift_in",
        WhipDown = "whip_down",
        DriftOut = "drift_out",
        LoopBreathe = "loop_breathe",
        LoopShimmer = "loop_shimmer",
        SwingIn = "swing_in",
        ElasticRise = "elastic_rise",
        TiltZoom = "tilt_zoom",
        SmoothPop = "smooth_pop",
        SwingOut = "swing_out",
        ElasticDrop = "elastic_drop",
        LoopOrbit = "loop_orbit",
    }
}

named_enum! {
    /// What a motion moves.
    MotionScope {
        Element = "element",
        Character = "character",
    }
}

/// Directions a motion has at one scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Directions {
    /// Available as an entrance (`reversed: false`).
    pub entrance: bool,
    /// Available as an exit (`reversed: true`).
    pub exit: bool,
    /// Repeats for as long as it lasts.
    pub repeats: bool,
}

const fn directions(entrance: bool, exit: bool, repeats: bool) -> Directions {
    Directions { entrance, exit, repeats }
}

impl MotionType {
    /// The directions the contract grants this motion at `scope` (its section 6).
    pub const fn directions(self, scope: MotionScope) -> Directions {
        use MotionType as M;
        const NONE: Directions = directions(false, false, false);
        const IN: Directions = directions(true, false, false);
        const OUT: Directions = directions(false, true, false);
        const BOTH: Directions = directions(true, true, false);
        const LOOP: Directions = directions(true, false, true);
        let (element, character) = match self {
            M::Fade | M::SlideUp | M::SlideDown | M::SlideLeft | M::SlideRight => (BOTH, BOTH),
            M::ZoomIn => (IN, BOTH),
            M::ZoomOut | M::SwingOut | M::ElasticDrop => (OUT, NONE),
            M::RotateCw | M::RotateCcw | M::WipeLeft | M::WipeRight | M::WipeUp | M::WipeDown => (BOTH, NONE),
            M::Bounce => (BOTH, IN),
            M::KenBurnsIn | M::KenBurnsOut | M::KenBurnsInOut | M::Overlay | M::Difference => (IN, NONE),
            M::LoopWiggle
            | M::LoopRotate
            | M::LoopRotateSmooth
            | M::Loop3dSpin
            | M::Loop3dSway
            | M::LoopOrbit => (LOOP, NONE),
            M::Blur | M::BounceMotion | M::Explode | M::RubberIn | M::WhipUp | M::GlitchPop | M::DriftIn => {
                (IN, IN)
            }
            M::Evaporate | M::WhipDown | M::DriftOut => (OUT, OUT),
            M::LoopBreathe | M::LoopShimmer => (LOOP, LOOP),
            M::SwingIn | M::ElasticRise | M::TiltZoom | M::SmoothPop => (IN, NONE),
        };
        match scope {
            MotionScope::Element => element,
            MotionScope::Character => character,
        }
    }
}

named_enum! {
    /// A transition between two elements.
    TransitionType {
        CrossDissolve = "cross_dissolve",
        DipToBlack = "dip_to_black",
        DipToWhite = "dip_to_white",
        WipeLeft = "wipe_left",
        WipeRight = "wipe_right",
        WipeUp = "wipe_up",
        WipeDown = "wipe_down",
        DiagonalWipe = "diagonal_wipe",
        BarnDoorsHorizontal = "barn_doors_horizontal",
        BarnDoorsVertical = "barn_doors_vertical",
        Iris = "iris",
        PageTurn = "page_turn",
        CrossZoom = "cross_zoom",
        GradientWipe = "gradient_wipe",
        BandWipe = "band_wipe",
        BoxWipe = "box_wipe",
        Swirl = "swirl",
        GlitchMemories = "glitch_memories",
        WindowSlice = "window_slice",
        Cube = "cube",
        Doorway = "doorway",
        Pinwheel = "pinwheel",
        WaterDrop = "water_drop",
        Crosshatch = "crosshatch",
        Dreamy = "dreamy",
        Angular = "angular",
        Burn = "burn",
        Heart = "heart",
        CircleOpen = "circle_open",
        ColorPhase = "color_phase",
        SquaresWire = "squares_wire",
    }
}

named_enum! {
    /// How the words of a caption are shown as they are spoken.
    WordStyle {
        Glow = "glow",
        Box = "box",
        ScalePop = "scale_pop",
        SlideUp = "slide_up",
        FlyIn = "fly_in",
        Color = "color",
    }
}

named_enum! {
    /// Slant and boldness as the render API names them.
    FontStyle {
        Normal = "normal",
        Italic = "italic",
        Bold = "bold",
        BoldItalic = "bolditalic",
    }
}

named_enum! {
    /// Where lines sit inside their box.
    TextAlign {
        Left = "left",
        Center = "center",
        Right = "right",
    }
}

named_enum! {
    /// A line drawn with the glyphs.
    TextDecoration {
        None = "none",
        Underline = "underline",
        Strikethrough = "strikethrough",
    }
}

named_enum! {
    /// Whether lines break at the width of the box.
    TextWrap {
        Wrap = "wrap",
        Nowrap = "nowrap",
    }
}

named_enum! {
    /// How a picture fills its box when the shapes differ.
    Fit {
        /// The whole picture is visible, the rest of the box stays empty.
        Contain = "contain",
        /// The box is full, what sticks out is cut off evenly.
        Cover = "cover",
        /// The picture takes the box's shape.
        Stretch = "stretch",
        /// The picture keeps its own pixels, centred in the box.
        None = "none",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_has_the_contracts_numbers() {
        assert_eq!(
            (EffectType::ALL.len(), MotionType::ALL.len(), TransitionType::ALL.len(), BlendMode::ALL.len()),
            (46, 43, 31, 10)
        );
    }

    #[test]
    fn names_round_trip() {
        for motion in MotionType::ALL {
            assert_eq!(MotionType::from_name(motion.name()), Some(*motion));
        }
    }
}
