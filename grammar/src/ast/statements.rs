//! Views of the statements of a block.

use super::{
    AstNode, ByClause, Composition, Easing, Expr, ExternElement, ExternEnum, ExternFn, ExternUnit, Fn,
    HasBlock, HasDoc, HasHeader, HasName, Import, Let, Path, Style, UnderClause, child, children, choice,
    token, views,
};
use crate::syntax_kind::{SyntaxKind, SyntaxToken};

views! {
    /// `{ … }`
    Block,
    /// `opacity: 50%`
    Property,
    /// `video intro "intro.mp4" [2s..6s] at 1s { … }`
    Element,
    /// `sequence picture { … }`
    Sequence,
    /// `stack { … }`
    Stack,
    /// `transition cross_dissolve for 500ms`
    Transition,
    /// `marker drop at 12s`
    Marker,
    /// `enter zoom_in for 400ms ease_out`
    Motion,
    /// `effect vhs 35%`
    Effect,
    /// `35%`
    Amount,
    /// `mask luma image "matte.png"`
    Mask,
    /// `set text { … }`
    Set,
    /// `duck bed under demo by 12dB`
    Duck,
    /// `gap 500ms`
    Gap,
    /// `output mp4 "promo" { … }`
    Output,
    /// `for row in rows { … }`
    For,
    /// `if wide { … } else { … }`
    If,
    /// `else { … }` or `else if wide { … }`
    Else,
}

choice! {
    /// A statement of a block.
    Stmt {
        /// A property of the enclosing thing.
        Property(Property),
        /// An element.
        Element(Element),
        /// Children one after another.
        Sequence(Sequence),
        /// Children together.
        Stack(Stack),
        /// Between two children of a sequence.
        Transition(Transition),
        /// A named instant.
        Marker(Marker),
        /// A motion preset.
        Motion(Motion),
        /// An effect.
        Effect(Effect),
        /// A matte.
        Mask(Mask),
        /// Defaults.
        Set(Set),
        /// An audio relation.
        Duck(Duck),
        /// Empty space.
        Gap(Gap),
        /// A file to write.
        Output(Output),
        /// A value.
        Let(Let),
        /// A loop.
        For(For),
        /// A choice.
        If(If),
        /// Misplaced, and reported by the parser.
        Import(Import),
        /// Misplaced, and reported by the parser.
        Fn(Fn),
        /// Misplaced, and reported by the parser.
        Style(Style),
        /// Misplaced, and reported by the parser.
        Composition(Composition),
        /// Misplaced, and reported by the parser.
        ExternElement(ExternElement),
        /// Misplaced, and reported by the parser.
        ExternEnum(ExternEnum),
        /// Misplaced, and reported by the parser.
        ExternUnit(ExternUnit),
        /// Misplaced, and reported by the parser.
        ExternFn(ExternFn),
    }
}

/// Which of the four motions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MotionRole {
    /// `enter`: begins at the element's start.
    Enter,
    /// `exit`: ends at the element's end.
    Exit,
    /// `motion`: at a given time.
    Motion,
    /// `loop`: over and over.
    Loop,
}

/// Which channel of a matte counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MaskMode {
    /// `alpha`: how opaque it is.
    Alpha,
    /// `luma`: how bright it is.
    Luma,
}

impl HasName for Property {}
impl HasName for Element {}
impl HasName for Sequence {}
impl HasName for Stack {}
impl HasName for Marker {}
impl HasName for For {}

impl HasHeader for Element {}
impl HasHeader for Sequence {}
impl HasHeader for Stack {}
impl HasHeader for Transition {}
impl HasHeader for Marker {}
impl HasHeader for Motion {}
impl HasHeader for Effect {}
impl HasHeader for Mask {}
impl HasHeader for Output {}

impl HasBlock for Element {}
impl HasBlock for Sequence {}
impl HasBlock for Stack {}
impl HasBlock for Transition {}
impl HasBlock for Motion {}
impl HasBlock for Effect {}
impl HasBlock for Mask {}
impl HasBlock for Set {}
impl HasBlock for Duck {}
impl HasBlock for Output {}
impl HasBlock for For {}
impl HasBlock for If {}
impl HasBlock for Else {}

impl HasDoc for Stmt {}
impl HasDoc for Element {}
impl HasDoc for Sequence {}
impl HasDoc for Stack {}
impl HasDoc for Marker {}

impl Block {
    /// The statements, in order.
    pub fn stmts(&self) -> impl Iterator<Item = Stmt> + use<> {
        children(&self.syntax)
    }

    /// The properties among them, in order.
    pub fn properties(&self) -> impl Iterator<Item = Property> + use<> {
        children(&self.syntax)
    }
}

impl Property {
    /// The value.
    pub fn value(&self) -> Option<Expr> {
        child(&self.syntax)
    }
}

impl Element {
    /// The element kind: `video`, `lower_third`, `brand.logo_bug`.
    pub fn kind(&self) -> Option<Path> {
        child(&self.syntax)
    }

    /// Which one of its kind, on shapes: `rect`.
    pub fn subject(&self) -> Option<Path> {
        children(&self.syntax).nth(1)
    }
}

impl Transition {
    /// The type of transition.
    pub fn kind(&self) -> Option<Path> {
        child(&self.syntax)
    }
}

impl Motion {
    /// Which of the four motions.
    pub fn role(&self) -> MotionRole {
        match self.role_token().map(|token| token.kind()) {
            Some(SyntaxKind::EnterKw) => MotionRole::Enter,
            Some(SyntaxKind::ExitKw) => MotionRole::Exit,
            Some(SyntaxKind::LoopKw) => MotionRole::Loop,
            _ => MotionRole::Motion,
        }
    }

    /// The word that says so.
    pub fn role_token(&self) -> Option<SyntaxToken> {
        self.syntax.first_token()
    }

    /// The preset.
    pub fn kind(&self) -> Option<Path> {
        child(&self.syntax)
    }

    /// How it moves.
    pub fn easing(&self) -> Option<Easing> {
        child(&self.syntax)
    }
}

impl Effect {
    /// The type of effect.
    pub fn kind(&self) -> Option<Path> {
        child(&self.syntax)
    }

    /// How much of it.
    pub fn amount(&self) -> Option<Expr> {
        child(child::<Amount>(&self.syntax)?.syntax())
    }
}

impl Mask {
    /// `alpha` or `luma`, where one is given.
    pub fn mode(&self) -> Option<MaskMode> {
        let word = self.mode_token()?;
        Some(if word.text() == "luma" { MaskMode::Luma } else { MaskMode::Alpha })
    }

    /// The word that says so.
    pub fn mode_token(&self) -> Option<SyntaxToken> {
        token(&self.syntax, SyntaxKind::MaskModeKw)
    }

    /// An element kind (`image`) or the name of an element.
    pub fn source(&self) -> Option<Path> {
        child(&self.syntax)
    }
}

impl Set {
    /// The element kind whose defaults are set.
    pub fn kind(&self) -> Option<Path> {
        child(&self.syntax)
    }
}

impl Duck {
    /// The sound that is turned down.
    pub fn sound(&self) -> Option<Expr> {
        child(&self.syntax)
    }

    /// `under demo`
    pub fn under_clause(&self) -> Option<UnderClause> {
        child(&self.syntax)
    }

    /// `by 12dB`
    pub fn by_clause(&self) -> Option<ByClause> {
        child(&self.syntax)
    }
}

impl Gap {
    /// How long.
    pub fn length(&self) -> Option<Expr> {
        child(&self.syntax)
    }
}

impl Output {
    /// The file format: `mp4`.
    pub fn format(&self) -> Option<super::Name> {
        child(&self.syntax)
    }
}

impl For {
    /// The list.
    pub fn list(&self) -> Option<Expr> {
        child(&self.syntax)
    }
}

impl If {
    /// The condition.
    pub fn condition(&self) -> Option<Expr> {
        child(&self.syntax)
    }

    /// What comes after the block: any number of `else if`, then perhaps `else`.
    pub fn else_branches(&self) -> impl Iterator<Item = Else> + use<> {
        children(&self.syntax)
    }
}

impl Else {
    /// The word `if` of `else if`.
    pub fn if_token(&self) -> Option<SyntaxToken> {
        token(&self.syntax, SyntaxKind::IfKw)
    }

    /// The condition of `else if`.
    pub fn condition(&self) -> Option<Expr> {
        child(&self.syntax)
    }
}
