//! The items of a file: plain data, compared by value.

use std::sync::Arc;

use vid_timeline::{Color, FrameRate, Rational, Size};

use crate::diagnostics::{Place, Report};

/// Number of a node inside its item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct NodeId(pub u32);

/// Where an item is; completes a [`NodeId`] to a [`Place`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct ItemPlace {
    pub file: crate::files::FileId,
    pub item: Arc<str>,
}

impl ItemPlace {
    /// The place of one of the item's nodes.
    pub(crate) fn at(&self, node: NodeId) -> Place {
        Place { file: self.file, item: self.item.clone(), node }
    }
}

/// One item of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Item {
    /// Where it is.
    pub place: ItemPlace,
    /// The whole item.
    pub node: NodeId,
    /// Its name, where it has one.
    pub name: Option<Ident>,
    pub visibility: Visibility,
    pub kind: ItemKind,
    /// What was wrong with its literals and parts.
    pub reports: Vec<Report>,
}

/// Who may use an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Visibility {
    /// Every file that imports its own.
    Public,
    /// Its own file, at this word.
    Private(NodeId),
}

/// The kinds of items.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ItemKind {
    Import(ImportDecl),
    Composition(Composition),
    Let(LetDecl),
    Fn(FnDecl),
    Style(StyleDecl),
    Element(ExternElement),
    Enum(ExternEnum),
    Function(ExternFn),
    Unit(ExternUnit),
    /// Reported already, or not to be understood.
    Other,
}

/// A name where it is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Ident {
    pub text: Arc<str>,
    pub node: NodeId,
}

/// Names from another file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ImportDecl {
    /// The file, as written, without its quotes.
    pub path: Option<Ident>,
    /// The name for the whole file.
    pub alias: Option<Ident>,
    pub names: Vec<ImportedName>,
    /// The list of names with its braces.
    pub list: Option<NodeId>,
    /// The whole line, with its end.
    pub line: NodeId,
}

/// A name taken from another file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ImportedName {
    /// What it is called there.
    pub name: Ident,
    /// What it is called here, where that is something else.
    pub alias: Option<Ident>,
}

impl ImportedName {
    /// The name it has in the file that imports it.
    pub(crate) fn local(&self) -> &Ident {
        self.alias.as_ref().unwrap_or(&self.name)
    }
}

/// A film with its parameters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Composition {
    pub params: Vec<Param>,
    pub size: Option<(Size, NodeId)>,
    pub rate: Option<(FrameRate, NodeId)>,
    /// Names in the header that stand for a canvas or a rate.
    pub named: Vec<Expr>,
    pub clauses: Vec<Clause>,
    pub body: Vec<Stmt>,
}

/// A parameter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Param {
    pub name: Ident,
    pub ty: Option<TypeExpr>,
    pub constraint: Option<Expr>,
    pub default: Option<Expr>,
    pub node: NodeId,
}

/// A type as written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct TypeExpr {
    pub alternatives: Vec<TypeAlternative>,
    pub node: NodeId,
}

/// One alternative of a type: `media<video>?`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct TypeAlternative {
    pub name: Ident,
    pub args: Vec<TypeExpr>,
    pub optional: bool,
}

/// A named value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct LetDecl {
    pub name: Option<Ident>,
    pub ty: Option<TypeExpr>,
    pub value: Option<Expr>,
    pub node: NodeId,
}

/// A function of an author.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FnDecl {
    pub params: Vec<Param>,
    pub result: Option<TypeExpr>,
    pub body: Option<Expr>,
}

/// A set of properties with a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct StyleDecl {
    /// The kind it is for.
    pub target: Option<Ident>,
    pub properties: Vec<Property>,
    /// Motions, effects and masks.
    pub attached: Vec<NodeDecl>,
}

/// A kind of element, a group of properties or a record, declared in the prelude.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ExternElement {
    pub doc: String,
    pub fields: Vec<FieldDecl>,
}

/// A property of an element kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FieldDecl {
    pub name: Ident,
    pub doc: String,
    pub ty: Option<TypeExpr>,
    pub constraint: Option<Expr>,
    pub default: Option<Expr>,
    pub flags: Vec<Arc<str>>,
}

/// A set of words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ExternEnum {
    pub doc: String,
    pub members: Vec<EnumMember>,
}

/// One word of a set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct EnumMember {
    pub name: Ident,
    pub doc: String,
    pub flags: Vec<Arc<str>>,
}

/// A unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ExternUnit {
    /// The unit as written after a number.
    pub name: Ident,
    pub ty: Option<TypeExpr>,
    /// What one of it is worth, in a unit declared before.
    pub worth: Option<Expr>,
    pub flags: Vec<Arc<str>>,
}

/// A function of the compiler.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ExternFn {
    pub doc: String,
    pub params: Vec<Param>,
    pub result: Option<TypeExpr>,
}

/// A statement of a block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Stmt {
    Property(Property),
    Node(Box<NodeDecl>),
    Let(LetDecl),
    Set(SetStmt),
    If(IfStmt),
    For(ForStmt),
    Duck(Box<DuckStmt>),
}

impl Stmt {
    /// The statement, or its header.
    pub(crate) fn node(&self) -> NodeId {
        match self {
            Self::Property(property) => property.node,
            Self::Node(decl) => decl.node,
            Self::Let(decl) => decl.node,
            Self::Set(set) => set.kind.node,
            Self::If(choice) => choice.node,
            Self::For(repeat) => repeat.node,
            Self::Duck(duck) => duck.node,
        }
    }
}

/// `name: value`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Property {
    pub name: Ident,
    pub value: Expr,
    pub node: NodeId,
}

/// `set text { font_size: 48 }`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SetStmt {
    pub kind: Ident,
    pub properties: Vec<Property>,
    /// Motions, effects and masks.
    pub attached: Vec<NodeDecl>,
}

/// `if c { … } else { … }`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct IfStmt {
    /// Each condition with what it guards, in order.
    pub branches: Vec<(Expr, Vec<Stmt>)>,
    /// What holds when none does.
    pub otherwise: Vec<Stmt>,
    pub node: NodeId,
}

/// `for x in xs { … }`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ForStmt {
    pub variable: Option<Ident>,
    pub list: Expr,
    pub body: Vec<Stmt>,
    pub node: NodeId,
}

/// `duck bed under demo by 12dB { attack: 100ms }`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct DuckStmt {
    /// What is turned down.
    pub sound: Expr,
    /// What it is turned down under.
    pub under: Expr,
    /// How far.
    pub level: Option<Expr>,
    pub body: Vec<Stmt>,
    /// The header.
    pub node: NodeId,
}

/// Everything with a header: elements, containers, transitions, motions, outputs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct NodeDecl {
    /// What it is.
    pub keyword: Keyword,
    /// The first word, as written.
    pub kind: Ident,
    pub name: Option<Ident>,
    /// The word after the keyword on transitions, motions, effects, masks and outputs, and after
    /// `shape`.
    pub subject: Option<Ident>,
    /// The string of the header.
    pub text: Option<Expr>,
    /// The value after the subject: `35%` of an effect, the length of a gap.
    pub amount: Option<Expr>,
    /// The easing after a motion.
    pub easing: Option<Expr>,
    pub args: Option<(Vec<Arg>, NodeId)>,
    pub clauses: Vec<Clause>,
    pub body: Vec<Stmt>,
    /// The header, from the first word to the last clause.
    pub node: NodeId,
}

/// What a statement with a header is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Keyword {
    Element,
    Sequence,
    Stack,
    Gap,
    Transition,
    Marker,
    Enter,
    Exit,
    Motion,
    Loop,
    Effect,
    Mask,
    Output,
}

/// An argument of a call or of an element.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Arg {
    pub name: Option<Ident>,
    pub value: Expr,
}

/// A clause of a header.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Clause {
    pub kind: ClauseKind,
    pub node: NodeId,
}

/// The clauses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ClauseKind {
    At(Expr),
    For(Expr),
    ForUpTo(Expr),
    ForNatural,
    ForFill,
    Until(Expr),
    Trim(Expr),
    With(Vec<Ident>),
    /// Material from beyond the cut.
    Through,
}

/// A value as written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Expr {
    pub node: NodeId,
    pub kind: ExprKind,
}

/// The kinds of expressions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ExprKind {
    /// Reported already.
    Error,
    Literal(Literal),
    /// A string with interpolations.
    Template(Vec<TemplatePart>),
    Name(Arc<str>),
    Field(Box<Expr>, Ident),
    Index(Box<Expr>, Box<Expr>),
    Call(Ident, Vec<Arg>),
    List(Vec<Expr>),
    Keyframes(Vec<KeyframeExpr>),
    Record(Vec<(Ident, Expr)>),
    Range(Option<Box<Expr>>, Option<Box<Expr>>),
    Unary(UnaryOp, Box<Expr>),
    Binary(BinaryOp, NodeId, Box<Expr>, Box<Expr>),
    If(Box<Expr>, Box<Expr>, Option<Box<Expr>>),
    /// `[for x in xs if c: value]`.
    Comprehension(Option<Ident>, Box<Expr>, Option<Box<Expr>>, Box<Expr>),
}

/// A piece of a string.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum TemplatePart {
    Text(Arc<str>),
    Value(Expr),
}

/// `time: value easing`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct KeyframeExpr {
    pub time: Expr,
    pub value: Expr,
    pub easing: Option<Expr>,
}

/// Operators before a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum UnaryOp {
    Negate,
    Not,
}

/// Operators between values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    And,
    Or,
}

impl BinaryOp {
    /// The sign as written.
    pub(crate) const fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::And => "and",
            Self::Or => "or",
        }
    }
}

/// A literal with its exact value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Literal {
    Bool(bool),
    Number(Rational),
    Text(Arc<str>),
    /// A number and a unit, which the prelude declares.
    Quantity(Rational, Arc<str>),
    /// Seconds, and frames of the enclosing composition.
    Time {
        seconds: Rational,
        frames: Rational,
        /// Written as a clock shows it, where frames start over with each second.
        on_clock: bool,
    },
    Rate(FrameRate),
    Size(Size),
    Color(Color),
}

/// Units of length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LengthUnit {
    /// Pixels of the canvas.
    Pixels,
    /// Hundredths of the canvas width.
    ViewportWidth,
    /// Hundredths of the canvas height.
    ViewportHeight,
    /// Multiples of the font size.
    Em,
}
