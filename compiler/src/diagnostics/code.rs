//! The registry of codes. Each has a page in `docs/codes/`.

macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident = $text:literal,)+) => {
        /// The stable name of a kind of diagnostic.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Code {
            $($(#[$meta])* $variant,)+
        }

        impl Code {
            /// Every code, in alphabetical order of the text.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code as it is shown, in kebab case.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The code of that text.
            pub fn from_text(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }

            /// Its manual page, in Markdown.
            pub const fn page(self) -> &'static str {
                match self {
                    $(Self::$variant => include_str!(concat!("../../../docs/codes/", $text, ".md")),)+
                }
            }
        }
    };
}

codes! {
    /// A caption without words.
    CaptionEmpty = "caption-empty",
    /// A caption that the film has no time for.
    CaptionOutside = "caption-outside",
    /// Captions that are shown over each other.
    CaptionOverlap = "caption-overlap",
    /// A place of a caption that is not followed.
    CaptionPosition = "caption-position",
    /// A fixed length cuts off sound.
    ClippedSound = "clipped-sound",
    /// Compositions that contain each other.
    CompositionCycle = "composition-cycle",
    /// A data file that is not what it is read as.
    DataMalformed = "data-malformed",
    /// A data file that is not there.
    DataMissing = "data-missing",
    /// A data file that cannot be read.
    DataUnreadable = "data-unreadable",
    /// A divisor that is zero.
    DivisionByZero = "division-by-zero",
    /// A duck that turns nothing down.
    DuckWithoutEffect = "duck-without-effect",
    /// A duck on or under something that has no sound.
    DuckWithoutSound = "duck-without-sound",
    /// A header says one thing twice.
    DuplicateClause = "duplicate-clause",
    /// One file or one name of it imported twice.
    DuplicateImport = "duplicate-import",
    /// Two things of one name.
    DuplicateName = "duplicate-name",
    /// A range or length with nothing in it.
    EmptyRange = "empty-range",
    /// `=` where a property has `:`.
    EqualsInProperty = "equals-in-property",
    /// Properties that exclude each other.
    ExclusiveProperties = "exclusive-properties",
    /// A block is missing.
    ExpectedBlock = "expected-block",
    /// A value is missing.
    ExpectedExpression = "expected-expression",
    /// A name is missing.
    ExpectedName = "expected-name",
    /// A range is missing.
    ExpectedRange = "expected-range",
    /// A string is missing.
    ExpectedString = "expected-string",
    /// A word or sign is missing.
    ExpectedToken = "expected-token",
    /// A type is missing.
    ExpectedType = "expected-type",
    /// Fades of a sound that are longer than the sound.
    FadeTooLong = "fade-too-long",
    /// A file that is not there.
    FileNotFound = "file-not-found",
    /// A source text beyond the bound.
    FileTooLarge = "file-too-large",
    /// Media at another rate than the film.
    FrameRateMismatch = "frame-rate-mismatch",
    /// Material beyond a cut that the media do not have.
    HandleTooShort = "handle-too-short",
    /// Files that import each other.
    ImportCycle = "import-cycle",
    /// An imported file that is not there.
    ImportNotFound = "import-not-found",
    /// A decimal that stands for a fractional frame rate.
    InexactRate = "inexact-rate",
    /// A colour of other than 3, 6 or 8 digits.
    InvalidColor = "invalid-color",
    /// A backslash with something that has no meaning after it.
    InvalidEscape = "invalid-escape",
    /// Digits that are no number.
    InvalidNumber = "invalid-number",
    /// A frame rate that is none.
    InvalidRate = "invalid-rate",
    /// A canvas that is none.
    InvalidSize = "invalid-size",
    /// A time whose units do not go together.
    InvalidTime = "invalid-time",
    /// A clock time that no clock shows.
    InvalidTimecode = "invalid-timecode",
    /// Keyframes that do not go forward.
    KeyframeOrder = "keyframe-order",
    /// A keyframe that its element does not live to see.
    KeyframeOutside = "keyframe-outside",
    /// A marker beyond the end of the film.
    MarkerOutside = "marker-outside",
    /// An element as a mask that cannot be one.
    MaskElement = "mask-element",
    /// A media file that is not there.
    MediaMissing = "media-missing",
    /// A media file without the stream that is asked of it.
    MediaNoStream = "media-no-stream",
    /// A media file shorter than what is asked of it.
    MediaTooShort = "media-too-short",
    /// A media file that cannot be read.
    MediaUnreadable = "media-unreadable",
    /// A media file of another kind.
    MediaWrongKind = "media-wrong-kind",
    /// A clause that its statement does not take.
    MisplacedClause = "misplaced-clause",
    /// An item inside a block.
    MisplacedItem = "misplaced-item",
    /// A statement that has no meaning where it stands.
    MisplacedStatement = "misplaced-statement",
    /// Two members without a comma.
    MissingComma = "missing-comma",
    /// A character that no font has.
    MissingGlyph = "missing-glyph",
    /// A parameter without a value.
    MissingParameter = "missing-parameter",
    /// A property that must be said.
    MissingProperty = "missing-property",
    /// A motion used in a direction it does not have.
    MotionDirection = "motion-direction",
    /// Nesting beyond the bound.
    NestingTooDeep = "nesting-too-deep",
    /// An element that nobody will see.
    NeverVisible = "never-visible",
    /// A file without a composition.
    NoComposition = "no-composition",
    /// Keyframes where the property takes none.
    NotAnimatable = "not-animatable",
    /// A source text that is not UTF-8.
    NotUtf8 = "not-utf8",
    /// A number too large or too fine.
    NumberOutOfRange = "number-out-of-range",
    /// More digits than an exact number has room for.
    NumberTooLong = "number-too-long",
    /// A canvas that common players cannot show.
    OddSize = "odd-size",
    /// A value outside its bounds.
    OutOfRange = "out-of-range",
    /// A setting that an output's format or codec does not have.
    OutputSetting = "output-setting",
    /// A path that cannot be read.
    PathMalformed = "path-malformed",
    /// Something that its file keeps to itself.
    PrivateName = "private-name",
    /// A caption that nobody can read in its time.
    ReadingSpeed = "reading-speed",
    /// Values that wait for each other.
    ReferenceCycle = "reference-cycle",
    /// Something is called by a word of the language, so that nothing could refer to it.
    ReservedName = "reserved-name",
    /// One thing said in two ways.
    SaidTwice = "said-twice",
    /// A property of another outline.
    ShapeProperty = "shape-property",
    /// A start inside a sequence, where the order decides.
    TimeInSequence = "time-in-sequence",
    /// A time of an element where the structure of the film is decided.
    TimeInStructure = "time-in-structure",
    /// More work than any film needs.
    TooMuchWork = "too-much-work",
    /// Two transitions side by side.
    TransitionAdjacent = "transition-adjacent",
    /// A transition where it joins nothing.
    TransitionMisplaced = "transition-misplaced",
    /// A transition longer than what it joins.
    TransitionTooLong = "transition-too-long",
    /// A length that nothing bounds.
    UnboundedLength = "unbounded-length",
    /// A block without its closing brace.
    UnclosedBlock = "unclosed-block",
    /// A bracket without its partner.
    UnclosedBracket = "unclosed-bracket",
    /// A comment without its end.
    UnclosedComment = "unclosed-comment",
    /// An interpolation without its end.
    UnclosedInterpolation = "unclosed-interpolation",
    /// A string without its end.
    UnclosedString = "unclosed-string",
    /// Something where it means nothing.
    UnexpectedToken = "unexpected-token",
    /// A composition that is not in the file.
    UnknownComposition = "unknown-composition",
    /// A kind of element that does not exist.
    UnknownElement = "unknown-element",
    /// A function that does not exist.
    UnknownFunction = "unknown-function",
    /// A name of an imported file that the file does not have.
    UnknownImport = "unknown-import",
    /// A member that its thing does not have.
    UnknownMember = "unknown-member",
    /// A name that nothing has.
    UnknownName = "unknown-name",
    /// A parameter that the composition does not have.
    UnknownParameter = "unknown-parameter",
    /// A property that its element does not have.
    UnknownProperty = "unknown-property",
    /// A type that does not exist.
    UnknownType = "unknown-type",
    /// A unit that does not exist.
    UnknownUnit = "unknown-unit",
    /// A word that its set does not have.
    UnknownValue = "unknown-value",
    /// Something defined that nothing uses.
    Unused = "unused",
    /// Something imported that nothing uses.
    UnusedImport = "unused-import",
    /// Media whose frames do not come at one rate.
    VariableFrameRate = "variable-frame-rate",
    /// Arguments that a function does not take.
    WrongArguments = "wrong-arguments",
    /// A value of another type.
    WrongType = "wrong-type",
    /// A value of the right type in another unit.
    WrongUnit = "wrong-unit",
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The manual page of a code, in Markdown; `None` when there is no such code.
pub fn explain(code: &str) -> Option<&'static str> {
    Code::from_text(code).map(Code::page)
}
