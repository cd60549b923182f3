//! What is wrong with a body, or only worth knowing.

use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// Violations of each severity that are kept; a body with more says so in the last one.
pub const MAX_VIOLATIONS: usize = 200;

crate::catalog::named_enum! {
    /// Stable name of a kind of violation. Those that the contract names keep its spelling.
    ViolationCode {
        InvalidJson = "INVALID_JSON",
        BodyTooLarge = "BODY_TOO_LARGE",
        TooManyItems = "TOO_MANY_ITEMS",
        TooManyViolations = "TOO_MANY_VIOLATIONS",
        MissingField = "MISSING_FIELD",
        UnknownField = "UNKNOWN_FIELD",
        InvalidType = "INVALID_TYPE",
        OutOfRange = "OUT_OF_RANGE",
        UnknownValue = "UNKNOWN_VALUE",
        InvalidColor = "INVALID_COLOR",
        InvalidDimension = "INVALID_DIMENSION",
        InvalidUrl = "INVALID_URL",
        UnsupportedFeature = "UNSUPPORTED_FEATURE",
        UnsupportedSource = "UNSUPPORTED_SOURCE",
        SizeIncomplete = "SIZE_INCOMPLETE",
        OddSize = "ODD_SIZE",
        AlphaFormat = "ALPHA_FORMAT",
        EmptyTrim = "EMPTY_TRIM",
        EmptyCrop = "EMPTY_CROP",
        TextDisplayConflict = "TEXT_DISPLAY_CONFLICT",
        MotionDirection = "MOTION_DIRECTION",
        MotionScope = "MOTION_SCOPE",
        UnknownMediaLength = "UNKNOWN_MEDIA_LENGTH",
        OutPointPastSource = "OUT_POINT_PAST_SOURCE",
        DuplicateElementId = "DUPLICATE_ELEMENT_ID",
        TransitionSelf = "TRANSITION_SELF",
        DanglingTransition = "DANGLING_TRANSITION",
        TransitionOnAudio = "TRANSITION_ON_AUDIO",
        TransitionShortened = "TRANSITION_SHORTENED",
        TransitionIgnored = "TRANSITION_IGNORED",
        EmptyTimeline = "EMPTY_TIMELINE",
        ElementAfterEnd = "ELEMENT_AFTER_END",
        WordOutsideElement = "WORD_OUTSIDE_ELEMENT",
        EmptyWord = "EMPTY_WORD",
        MetadataNotString = "METADATA_NOT_STRING",
        InvalidTimeline = "INVALID_TIMELINE",
    }
}

crate::catalog::named_enum! {
    /// Whether a violation blocks the render.
    Severity {
        Error = "error",
        Warning = "warning",
    }
}

/// One step of the way from the root of a body to a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PathPart {
    /// A key of an object.
    Key(String),
    /// A position in an array, from zero.
    Index(usize),
}

impl From<&str> for PathPart {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<usize> for PathPart {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// Something in a body that is wrong, or worth knowing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// Which kind.
    pub code: ViolationCode,
    /// Whether it blocks the render.
    pub severity: Severity,
    /// In words, for the author of the body.
    pub message: String,
    /// Where it is; empty for the body as a whole.
    pub path: Vec<PathPart>,
}

impl Violation {
    /// The place as a JSON pointer (RFC 6901): `/elements/0/opacity`, empty for the whole body.
    pub fn pointer(&self) -> String {
        let mut pointer = String::new();
        for part in &self.path {
            pointer.push('/');
            match part {
                PathPart::Key(key) => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
                PathPart::Index(index) => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }
}

/// One line: `error[OUT_OF_RANGE] /elements/0/opacity: …`.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}] {}: {}", self.severity, self.code, self.pointer(), self.message)
    }
}

/// The violation object of the render API, its `path` as a JSON pointer.
impl Serialize for Violation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Violation", 4)?;
        object.serialize_field("code", &self.code)?;
        object.serialize_field("message", &self.message)?;
        object.serialize_field("severity", &self.severity)?;
        object.serialize_field("path", &self.pointer())?;
        object.end()
    }
}

/// The violations so far, bounded.
#[derive(Default)]
pub(super) struct Report {
    errors: usize,
    warnings: usize,
    found: Vec<Violation>,
}

impl Report {
    pub(super) fn error(&mut self, code: ViolationCode, path: &[PathPart], message: impl Into<String>) {
        self.errors += 1;
        if self.errors <= MAX_VIOLATIONS {
            self.push(Severity::Error, code, path, message.into());
        }
    }

    pub(super) fn warn(&mut self, code: ViolationCode, path: &[PathPart], message: impl Into<String>) {
        self.warnings += 1;
        if self.warnings <= MAX_VIOLATIONS {
            self.push(Severity::Warning, code, path, message.into());
        }
    }

    pub(super) fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Whether further warnings are only counted, so that their wording is not worth the work.
    pub(super) fn is_full(&self) -> bool {
        self.warnings >= MAX_VIOLATIONS
    }

    pub(super) fn into_violations(mut self) -> Vec<Violation> {
        let hidden =
            self.errors.saturating_sub(MAX_VIOLATIONS) + self.warnings.saturating_sub(MAX_VIOLATIONS);
        if hidden > 0 {
            let message = format!("{hidden} further problems are left out");
            self.push(Severity::Warning, ViolationCode::TooManyViolations, &[], message);
        }
        self.found
    }

    fn push(&mut self, severity: Severity, code: ViolationCode, path: &[PathPart], message: String) {
        self.found.push(Violation { code, severity, message, path: path.to_vec() });
    }
}
