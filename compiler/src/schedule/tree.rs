//! The tree of a composition: instances, and the names around them.

use std::collections::BTreeMap;
use std::sync::Arc;

use vid_timeline::{FrameRate, Rational, Size, Time};

use crate::diagnostics::Place;
use crate::eval::{Instance, Stop, Value};
use crate::items::{Expr, Ident, ItemPlace, Keyword, LetDecl, NodeDecl, Param, SetStmt};
use crate::types::KindSchema;

/// What is remembered of a value that was computed once.
pub(super) type Memo<T> = Option<Result<T, Stop>>;

/// One statement of the composition, once for each time a loop runs through it.
pub(super) struct Node<'db> {
    pub role: Role,
    pub kind: &'db KindSchema,
    pub parent: Instance,
    pub children: Vec<Instance>,
    /// Its name in source.
    pub name: Option<Ident>,
    /// Path of names from the composition; unique.
    pub id: String,
    /// The header.
    pub place: Place,
    pub scope: ScopeId,
    pub assigned: BTreeMap<Arc<str>, Assigned<'db>>,
    /// What styles and `set` rules say, for what the statement itself does not.
    pub fallbacks: BTreeMap<Arc<str>, Assigned<'db>>,
    /// Motions, effects and masks that styles and `set` rules say, in their order.
    pub styled: Vec<Styled<'db>>,
    /// Name of the composition, where one is placed inside another.
    pub instance_of: Option<Arc<str>>,
    /// Which of the deferred ones it is, where its body is not expanded.
    pub deferred: Option<usize>,
    /// Its canvas and its rate, where a composition is placed.
    pub canvas: Option<(Size, FrameRate)>,
    /// The element that a mask is made of.
    pub matte: Option<Instance>,
    pub length_rule: LengthRule<'db>,
    pub values: BTreeMap<Arc<str>, Result<Option<Value>, Stop>>,
    pub start: Memo<Time>,
    pub own: Memo<Option<Time>>,
    pub length: Memo<Time>,
    pub layout: Layout,
}

/// A motion, an effect or a mask of a style, with its surroundings.
#[derive(Clone)]
pub(super) struct Styled<'db> {
    pub decl: &'db NodeDecl,
    pub scope: ScopeId,
    pub item: ItemPlace,
}

/// What an instance is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    Composition,
    Element,
    Sequence,
    Stack,
    Gap,
    Transition,
    Marker,
    Motion(Keyword),
    Effect,
    Mask,
    Output,
    Duck,
    /// The canvas and the background of a placed composition.
    Ground,
}

impl Role {
    /// Whether it holds elements.
    pub(super) const fn is_container(self) -> bool {
        matches!(self, Self::Composition | Self::Sequence | Self::Stack)
    }

    /// Whether it takes time on the timeline by itself.
    pub(super) const fn is_timed(self) -> bool {
        matches!(self, Self::Element | Self::Sequence | Self::Stack)
    }
}

/// What says how long something is, apart from its `duration`.
pub(super) enum LengthRule<'db> {
    /// Nothing in the header.
    Unsaid,
    /// `until T`.
    Until(&'db Expr, ItemPlace, Place),
    /// `for natural`.
    Natural,
    /// `for fill`.
    Fill,
    /// `for 1fr`.
    Share(Rational),
    /// `for up to D`: the `duration` is a limit.
    UpTo,
}

/// A property as somebody said it.
#[derive(Clone)]
pub(super) struct Assigned<'db> {
    pub source: AssignedSource<'db>,
    /// The value.
    pub place: Place,
    pub scope: ScopeId,
    pub item: ItemPlace,
}

/// How it was said.
#[derive(Clone)]
pub(super) enum AssignedSource<'db> {
    Expr(&'db Expr),
    /// The word after a statement's first word.
    Word(Arc<str>),
    /// What a clause or the statement itself stands for.
    Value(Value),
}

/// How far the children of a sequence have been laid out.
#[derive(Default)]
pub(super) struct Layout {
    /// Index of the next child to look at.
    pub next: usize,
    /// Where it starts, counted from the start of the sequence.
    pub cursor: Time,
    /// The child that starts at the cursor and whose length has not been added.
    pub awaiting: Option<Instance>,
    pub offsets: BTreeMap<Instance, Time>,
    /// What children of undetermined length share, and the sum of their shares.
    pub rest: Option<(Time, Rational)>,
}

/// What was given for a parameter of a placed composition.
pub(super) struct Argument<'db> {
    pub param: &'db Param,
    /// The item of the parameter.
    pub home: ItemPlace,
    pub value: &'db Expr,
    /// The surroundings of the value.
    pub item: ItemPlace,
    pub scope: ScopeId,
    pub owner: Instance,
    pub memo: Memo<Value>,
    pub computing: bool,
}

/// Number of a scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ScopeId(pub usize);

/// The names of a block.
pub(super) struct Scope<'db> {
    pub parent: Option<ScopeId>,
    /// Whether names of elements are kept here: a composition, or one turn of a loop.
    pub holds_elements: bool,
    /// Which turn of the loops around: `[0][2]`.
    pub suffix: String,
    pub names: BTreeMap<Arc<str>, Binding<'db>>,
    /// The canvas and the rate of the placed composition whose body it is.
    pub canvas: Option<(Size, FrameRate)>,
    /// `set` rules so far.
    pub sets: Vec<&'db SetStmt>,
}

/// What a name stands for.
pub(super) struct Binding<'db> {
    pub kind: BindingKind<'db>,
    /// Where it is defined.
    pub place: Place,
}

/// The kinds of names.
pub(super) enum BindingKind<'db> {
    /// A value that is computed when it is first used.
    Let {
        decl: &'db LetDecl,
        item: ItemPlace,
        owner: Instance,
        memo: Memo<Value>,
        computing: bool,
    },
    /// A parameter nobody gave a value.
    Param {
        param: &'db Param,
        item: ItemPlace,
        memo: Memo<Value>,
        computing: bool,
    },
    /// A parameter of a placed composition: the value comes from where it is placed.
    Argument(Box<Argument<'db>>),
    Value(Value),
    Element(Instance),
}
