//! What the parser says about text that is not the language.

use std::fmt;

use rowan::{TextRange, TextSize};

/// One thing wrong with the form of a source text.
///
/// The message stands alone: lower case, no full stop, in the author's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The place, in bytes. Empty where something is missing.
    pub range: TextRange,
    /// The stable code.
    pub code: SyntaxErrorCode,
    /// What is wrong.
    pub message: String,
    /// What to do about it, where something can be said.
    pub help: Option<String>,
    /// Another place that belongs to the story, with its label.
    pub related: Option<(TextRange, String)>,
    /// An edit that repairs it, where there is exactly one sensible edit.
    pub fix: Option<SyntaxFix>,
}

/// Replace `range` by `replacement`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxFix {
    /// What to take out, in bytes; empty for an insertion.
    pub range: TextRange,
    /// What to put there.
    pub replacement: String,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// The stable code of a [`SyntaxError`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum SyntaxErrorCode {
            $($(#[$doc])* $variant,)*
        }

        impl SyntaxErrorCode {
            /// Every code, in the order of their declaration.
            pub const ALL: &[SyntaxErrorCode] = &[$(SyntaxErrorCode::$variant),*];

            /// The code as it is shown and documented, in kebab case.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(SyntaxErrorCode::$variant => $text,)*
                }
            }
        }
    };
}

codes! {
    /// Something stands where it means nothing.
    UnexpectedToken = "unexpected-token",
    /// A name is missing.
    ExpectedName = "expected-name",
    /// Something is called by a word of the language, so that nothing could refer to it.
    ReservedName = "reserved-name",
    /// A value is missing.
    ExpectedExpression = "expected-expression",
    /// A type is missing.
    ExpectedType = "expected-type",
    /// A block in braces is missing.
    ExpectedBlock = "expected-block",
    /// A string is missing.
    ExpectedString = "expected-string",
    /// A word or sign that the construct needs is missing.
    ExpectedToken = "expected-token",
    /// A range `a..b` is missing.
    ExpectedRange = "expected-range",
    /// Two members of a list without a comma.
    MissingComma = "missing-comma",
    /// `=` where a property has `:`.
    EqualsInProperty = "equals-in-property",
    /// An item stands inside a block.
    MisplacedItem = "misplaced-item",
    /// A header has a part that its statement does not take.
    MisplacedClause = "misplaced-clause",
    /// A header says one thing twice.
    DuplicateClause = "duplicate-clause",
    /// `{` without `}`.
    UnclosedBlock = "unclosed-block",
    /// `(` or `[` without its partner.
    UnclosedBracket = "unclosed-bracket",
    /// A string that does not end on its line.
    UnclosedString = "unclosed-string",
    /// `{` in a string without `}`.
    UnclosedInterpolation = "unclosed-interpolation",
    /// `/*` without `*/`.
    UnclosedComment = "unclosed-comment",
    /// More nesting than [`MAX_DEPTH`](crate::MAX_DEPTH).
    NestingTooDeep = "nesting-too-deep",
    /// More text than [`MAX_SOURCE_BYTES`](crate::MAX_SOURCE_BYTES).
    FileTooLarge = "file-too-large",
}

impl fmt::Display for SyntaxErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl SyntaxError {
    /// An error with neither help nor fix.
    pub(crate) fn new(range: TextRange, code: SyntaxErrorCode, message: impl Into<String>) -> SyntaxError {
        SyntaxError { range, code, message: message.into(), help: None, related: None, fix: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> SyntaxError {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn related(mut self, range: TextRange, label: impl Into<String>) -> SyntaxError {
        self.related = Some((range, label.into()));
        self
    }

    pub(crate) fn fix(mut self, range: TextRange, replacement: impl Into<String>) -> SyntaxError {
        self.fix = Some(SyntaxFix { range, replacement: replacement.into() });
        self
    }
}

/// The range between two byte offsets of a text that is known to be shorter than 4 GiB.
pub(crate) fn range(start: usize, end: usize) -> TextRange {
    let size = |n: usize| TextSize::new(u32::try_from(n).unwrap_or(u32::MAX));
    TextRange::new(size(start), size(end.max(start)))
}

/// `1 digit`, `2 digits`
pub(crate) fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
