//! How faithfully a construct survives the way into a body.

use std::fmt;

use crate::element::Origin;

crate::catalog::named_enum! {
    /// Whether a body can say what the timeline says. What has no verdict is exact.
    VerdictLevel {
        /// The body says something near; the message says what.
        Approximated = "approximated",
        /// The body cannot say it; what it says instead is wrong.
        Refused = "refused",
    }
}

crate::catalog::named_enum! {
    /// Stable name of a reason why a body says less than the timeline.
    VerdictCode {
        LocalMedia = "local-media",
        SourceFormat = "source-format",
        UrlTooLong = "url-too-long",
        InvalidUrl = "invalid-url",
        FractionalFrameRate = "fractional-frame-rate",
        OddSize = "odd-size",
        NoSuchOutput = "no-such-output",
        EncoderSettings = "encoder-settings",
        OutputFormat = "output-format",
        Keyframes = "keyframes",
        FadeForm = "fade-form",
        MotionBeforeStart = "motion-before-start",
        EasingHold = "easing-hold",
        Easing = "easing",
        VolumeTooLoud = "volume-too-loud",
        UnknownMediaShape = "unknown-media-shape",
        FitStyle = "fit-style",
        NotOnText = "not-on-text",
        TransitionAudio = "transition-audio",
        TransitionMoved = "transition-moved",
        TransitionBackground = "transition-background",
        Shape = "shape",
        Group = "group",
        Mask = "mask",
        Reversed = "reversed",
        Repeats = "repeats",
        Pan = "pan",
        Duck = "duck",
        Blending = "blending",
    }
}

/// One thing that a body says less well than the timeline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// How well.
    pub level: VerdictLevel,
    /// Why.
    pub code: VerdictCode,
    /// In words, for the author of the film.
    pub message: String,
    /// Id of the element it is about; of a transition, the one that comes.
    pub element: Option<String>,
    /// Where that was written.
    pub origin: Option<Origin>,
}

/// One line: `refused[keyframes] title: …`.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}] ", self.level, self.code)?;
        if let Some(element) = &self.element {
            write!(f, "{element}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// The verdicts so far, and what the next ones are about.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) verdicts: Vec<Verdict>,
    element: Option<String>,
    origin: Option<Origin>,
}

impl Notes {
    /// What the following verdicts are about.
    pub(super) fn about(&mut self, element: Option<&str>, origin: Option<Origin>) {
        self.element = element.map(str::to_owned);
        self.origin = origin;
    }

    pub(super) fn approximated(&mut self, code: VerdictCode, message: impl Into<String>) {
        self.push(VerdictLevel::Approximated, code, message.into());
    }

    pub(super) fn refused(&mut self, code: VerdictCode, message: impl Into<String>) {
        self.push(VerdictLevel::Refused, code, message.into());
    }

    fn push(&mut self, level: VerdictLevel, code: VerdictCode, message: String) {
        let verdict = Verdict { level, code, message, element: self.element.clone(), origin: self.origin };
        self.verdicts.push(verdict);
    }
}
