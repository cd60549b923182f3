//! Every kind of node and token, and the tree types made of them.

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident,)*) => {
        /// The kind of a node or token of the tree.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum SyntaxKind {
            $($(#[$doc])* $variant,)*
        }

        impl SyntaxKind {
            /// Every kind, in the order of their numbers.
            const ALL: &[SyntaxKind] = &[$(SyntaxKind::$variant),*];
        }
    };
}

kinds! {
    // ---- trivia
    /// Spaces and line breaks.
    Whitespace,
    /// `// …`
    LineComment,
    /// `/* … */`
    BlockComment,
    /// `/// …`
    DocComment,

    // ---- words
    /// A name.
    Ident,
    /// `import`
    ImportKw,
    /// `as`
    AsKw,
    /// `private`
    PrivateKw,
    /// `let`
    LetKw,
    /// `fn`
    FnKw,
    /// `style`
    StyleKw,
    /// `composition`
    CompositionKw,
    /// `extern`
    ExternKw,
    /// `element`
    ElementKw,
    /// `enum`
    EnumKw,
    /// `unit`
    UnitKw,
    /// `for`
    ForKw,
    /// `in`
    InKw,
    /// `if`
    IfKw,
    /// `else`
    ElseKw,
    /// `sequence`
    SequenceKw,
    /// `stack`
    StackKw,
    /// `transition`
    TransitionKw,
    /// `marker`
    MarkerKw,
    /// `enter`
    EnterKw,
    /// `exit`
    ExitKw,
    /// `motion`
    MotionKw,
    /// `loop`
    LoopKw,
    /// `effect`
    EffectKw,
    /// `mask`
    MaskKw,
    /// `alpha` or `luma` after `mask`
    MaskModeKw,
    /// `set`
    SetKw,
    /// `duck`
    DuckKw,
    /// `under`
    UnderKw,
    /// `by`
    ByKw,
    /// `gap`
    GapKw,
    /// `output`
    OutputKw,
    /// `at`
    AtKw,
    /// `until`
    UntilKw,
    /// `with`
    WithKw,
    /// `through`
    ThroughKw,
    /// `up`
    UpKw,
    /// `to`
    ToKw,
    /// `natural` after `for`
    NaturalKw,
    /// `fill` after `for`
    FillKw,
    /// `and`
    AndKw,
    /// `or`
    OrKw,
    /// `not`
    NotKw,

    // ---- punctuation
    /// `{`
    LBrace,
    /// `}`
    RBrace,
    /// `[`
    LBracket,
    /// `]`
    RBracket,
    /// `(`
    LParen,
    /// `)`
    RParen,
    /// `<` around type arguments
    LAngle,
    /// `>` around type arguments
    RAngle,
    /// `:`
    Colon,
    /// `=`
    Eq,
    /// `->`
    Arrow,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// `.`
    Dot,
    /// `|`
    Pipe,
    /// `?`
    Question,
    /// `..`
    DotDot,
    /// `==`
    EqEq,
    /// `!=`
    NotEq,
    /// `<`
    Less,
    /// `<=`
    LessEq,
    /// `>`
    Greater,
    /// `>=`
    GreaterEq,
    /// `&&`
    AmpAmp,
    /// `||`
    PipePipe,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `%`
    Percent,
    /// `!`
    Bang,

    // ---- literals
    /// `0.25`
    Number,
    /// `1m30s`, `40%`
    Quantity,
    /// `00:01:30.500`
    Timecode,
    /// `1920x1080`
    Size,
    /// `30000/1001fps`
    Rate,
    /// `#ff5a36`
    Color,
    /// `true`, `false`
    Boolean,
    /// `"` at either end of a string
    Quote,
    /// Plain characters of a string
    StringText,
    /// `\n` and its kind
    Escape,
    /// `"""…"""`
    RawString,
    /// Characters that are no token
    Unknown,

    // ---- nodes: parts shared by many
    /// Text that has no place where it stands; every one of them has a [`SyntaxError`](crate::SyntaxError).
    Error,
    /// A name where it is defined
    Name,
    /// `brand.headline`
    Path,
    /// `{ … }` of statements
    Block,

    // ---- nodes: items
    /// The whole text
    File,
    /// `import "x" as y`
    Import,
    /// `as y`
    ImportAlias,
    /// `{ a, b }`
    ImportList,
    /// One name of an import list
    ImportName,
    /// A named canvas or rate in a composition's header
    HeaderValue,
    /// `let x = 1`, as an item and as a statement
    Let,
    /// `fn f(a: time) -> time = a`
    Fn,
    /// `style s for text { … }`
    Style,
    /// `for text`
    StyleTarget,
    /// `composition c(…) { … }`
    Composition,
    /// `(a: time, b: number = 1)`
    ParamList,
    /// One of them
    Param,
    /// `in 0..10`
    Constraint,
    /// `= 1`
    Default,
    /// `extern element video { … }`
    ExternElement,
    /// Its properties in braces
    FieldList,
    /// One of them
    Field,
    /// `{ animatable }`
    FlagList,
    /// `extern enum fit { … }`
    ExternEnum,
    /// Its words in braces
    VariantList,
    /// One of them
    Variant,
    /// `extern unit px: length`
    ExternUnit,
    /// `extern fn min(…) -> number`
    ExternFn,

    // ---- nodes: types
    /// `length | percent`
    TypeRef,
    /// `media<video>?`
    TypeAlt,
    /// `<video|audio>`
    TypeArgs,

    // ---- nodes: statements
    /// `opacity: 50%`
    Property,
    /// `video intro "x.mp4" { … }`
    Element,
    /// `sequence s { … }`
    Sequence,
    /// `stack s { … }`
    Stack,
    /// `transition wipe_left for 1s`
    Transition,
    /// `marker drop at 12s`
    Marker,
    /// `enter fade for 400ms`, and `exit`, `motion`, `loop`
    Motion,
    /// `effect vhs 35%`
    Effect,
    /// `35%` after an effect
    Amount,
    /// `mask luma logo`
    Mask,
    /// `set text { … }`
    Set,
    /// `duck bed under demo by 12dB`
    Duck,
    /// `under demo`
    UnderClause,
    /// `by 12dB`
    ByClause,
    /// `gap 500ms`
    Gap,
    /// `output mp4 { … }`
    Output,
    /// `for x in xs { … }`
    For,
    /// `if c { … }`
    If,
    /// `else { … }` of statements
    Else,

    // ---- nodes: clauses
    /// `at 1s`
    AtClause,
    /// `brand.logo` in place of a string
    SourceValue,
    /// `for 2s`
    ForClause,
    /// `up to 2s`
    UpTo,
    /// `until end`
    UntilClause,
    /// `with big`
    WithClause,
    /// `through`
    ThroughClause,
    /// `[2s..6s]`
    TrimClause,

    // ---- nodes: expressions
    /// A literal other than a string
    Literal,
    /// A string
    StringLit,
    /// `{name}` in a string
    Interpolation,
    /// Use of a name
    NameRef,
    /// `intro.start`
    FieldExpr,
    /// `max(a, b)`
    CallExpr,
    /// `(a, b: c)`
    ArgList,
    /// One of them
    Arg,
    /// `xs[0]`
    IndexExpr,
    /// `[0]` after a value
    Index,
    /// `-x`
    PrefixExpr,
    /// `a + b`
    BinaryExpr,
    /// `a..b`
    RangeExpr,
    /// `(a)`
    ParenExpr,
    /// `[a, b]`
    ListExpr,
    /// `[0s: 0%, 1s: 100%]`
    KeyframeList,
    /// `1s: 100% ease_out`
    Keyframe,
    /// `ease_out`
    Easing,
    /// `[for x in xs: x]`
    Comprehension,
    /// `{ a: 1 }`
    RecordExpr,
    /// One field of a record
    RecordField,
    /// `if c { a } else { b }`
    IfExpr,
    /// `{ a }` of an `if`
    Branch,
    /// `else { b }`
    ElseBranch,
}

impl SyntaxKind {
    /// White space and comments of every kind.
    pub fn is_trivia(self) -> bool {
        self <= SyntaxKind::DocComment
    }

    /// Comments of every kind.
    pub fn is_comment(self) -> bool {
        self.is_trivia() && self != SyntaxKind::Whitespace
    }

    /// Words that mean something to the grammar where they stand.
    pub fn is_keyword(self) -> bool {
        self > SyntaxKind::Ident && self < SyntaxKind::LBrace
    }

    /// Tokens, as opposed to nodes.
    pub fn is_token(self) -> bool {
        self < SyntaxKind::Error
    }
}

/// Ties [`SyntaxKind`] to the tree library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VidLanguage {}

impl rowan::Language for VidLanguage {
    type Kind = SyntaxKind;

    fn kind_from_raw(raw: rowan::SyntaxKind) -> SyntaxKind {
        SyntaxKind::ALL[usize::from(raw.0)]
    }

    fn kind_to_raw(kind: SyntaxKind) -> rowan::SyntaxKind {
        rowan::SyntaxKind(kind as u16)
    }
}

/// A node of the tree.
pub type SyntaxNode = rowan::SyntaxNode<VidLanguage>;
/// A token of the tree.
pub type SyntaxToken = rowan::SyntaxToken<VidLanguage>;
/// A node or a token of the tree.
pub type SyntaxElement = rowan::SyntaxElement<VidLanguage>;
