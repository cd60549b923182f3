//! Views of expressions.

use super::{
    AstNode, BinaryOp, HasName, Name, Path, PrefixOp, StringLit, child, child_after, child_before, children,
    choice, token, views,
};
use crate::syntax_kind::{SyntaxElement, SyntaxKind, SyntaxToken};

views! {
    /// Any literal other than a string; [`Literal::decode`] gives its value.
    Literal,
    /// `intro`
    NameRef,
    /// `intro.start`
    FieldExpr,
    /// `max(a, b)`
    CallExpr,
    /// `(a, seed: 7)`
    ArgList,
    /// `a`, `seed: 7`
    Arg,
    /// `xs[0]`
    IndexExpr,
    /// `[0]` of an index expression.
    Index,
    /// `-x`
    PrefixExpr,
    /// `a + b`
    BinaryExpr,
    /// `a..b`, `a..`, `..b`
    RangeExpr,
    /// `(a)`
    ParenExpr,
    /// `[a, b]`
    ListExpr,
    /// `[0s: 0%, 300ms: 100% ease_out]`
    KeyframeList,
    /// `300ms: 100% ease_out`
    Keyframe,
    /// `ease_out`, `cubic(0.2, 0, 0, 1)`
    Easing,
    /// `[for x in xs if x > 1: x * 2]`
    Comprehension,
    /// `{ a: 1 }`
    RecordExpr,
    /// `a: 1`
    RecordField,
    /// `if wide { 10 } else { 20 }`
    IfExpr,
    /// `{ 10 }`
    Branch,
    /// `else { 20 }`, `else if tall { 15 }`
    ElseBranch,
}

choice! {
    /// A value.
    Expr {
        /// A literal other than a string.
        Literal(Literal),
        /// A string.
        String(StringLit),
        /// A name.
        Name(NameRef),
        /// Something of a thing.
        Field(FieldExpr),
        /// A call.
        Call(CallExpr),
        /// A member of a list.
        Index(IndexExpr),
        /// `-x`, `!x`
        Prefix(PrefixExpr),
        /// `a + b`
        Binary(BinaryExpr),
        /// `a..b`
        Range(RangeExpr),
        /// `(a)`
        Paren(ParenExpr),
        /// `[a, b]`
        List(ListExpr),
        /// `[0s: 0%]`
        Keyframes(KeyframeList),
        /// `[for x in xs: x]`
        Comprehension(Comprehension),
        /// `{ a: 1 }`
        Record(RecordExpr),
        /// `if c { a } else { b }`
        If(IfExpr),
    }
}

impl HasName for RecordField {}
impl HasName for Comprehension {}

impl Literal {
    /// The one token of the literal.
    pub fn token(&self) -> Option<SyntaxToken> {
        self.syntax.first_token()
    }

    /// Which literal it is: `Number`, `Quantity`, `Timecode`, `Size`, `Rate`, `Color` or `Boolean`.
    pub fn token_kind(&self) -> Option<SyntaxKind> {
        self.token().map(|token| token.kind())
    }
}

impl NameRef {
    /// The word itself.
    pub fn token(&self) -> Option<SyntaxToken> {
        token(&self.syntax, SyntaxKind::Ident)
    }

    /// Its letters.
    pub fn text(&self) -> String {
        self.syntax.text().to_string()
    }
}

impl FieldExpr {
    /// The thing before the dot.
    pub fn base(&self) -> Option<Expr> {
        child(&self.syntax)
    }

    /// The name after the dot.
    pub fn field(&self) -> Option<Name> {
        child(&self.syntax)
    }
}

impl CallExpr {
    /// What is called.
    pub fn callee(&self) -> Option<Expr> {
        child(&self.syntax)
    }

    /// With what.
    pub fn args(&self) -> Option<ArgList> {
        child(&self.syntax)
    }
}

impl ArgList {
    /// The arguments, in order.
    pub fn args(&self) -> impl Iterator<Item = Arg> + use<> {
        children(&self.syntax)
    }
}

impl Arg {
    /// The name of a named argument.
    pub fn name(&self) -> Option<Name> {
        child(&self.syntax)
    }

    /// The value.
    pub fn value(&self) -> Option<Expr> {
        child(&self.syntax)
    }
}

impl IndexExpr {
    /// The list.
    pub fn base(&self) -> Option<Expr> {
        child(&self.syntax)
    }

    /// Which member of it.
    pub fn index(&self) -> Option<Expr> {
        child(child::<Index>(&self.syntax)?.syntax())
    }
}

impl PrefixExpr {
    /// The operator.
    pub fn op(&self) -> Option<PrefixOp> {
        self.op_token().and_then(|token| PrefixOp::from_kind(token.kind()))
    }

    /// Its token.
    pub fn op_token(&self) -> Option<SyntaxToken> {
        self.syntax.first_token()
    }

    /// The value.
    pub fn operand(&self) -> Option<Expr> {
        child(&self.syntax)
    }
}

impl BinaryExpr {
    /// The operator.
    pub fn op(&self) -> Option<BinaryOp> {
        self.op_token().and_then(|token| BinaryOp::from_kind(token.kind()))
    }

    /// Its token.
    pub fn op_token(&self) -> Option<SyntaxToken> {
        self.syntax
            .children_with_tokens()
            .filter_map(SyntaxElement::into_token)
            .find(|token| BinaryOp::from_kind(token.kind()).is_some())
    }

    /// The value before the operator.
    pub fn lhs(&self) -> Option<Expr> {
        let operator = self.op_token()?.text_range().start();
        children::<Expr>(&self.syntax).find(|operand| operand.range().end() <= operator)
    }

    /// The value after it.
    pub fn rhs(&self) -> Option<Expr> {
        let operator = self.op_token()?.text_range().end();
        children::<Expr>(&self.syntax).find(|operand| operand.range().start() >= operator)
    }
}

impl RangeExpr {
    /// The value before `..`; `None` means from the beginning.
    pub fn start(&self) -> Option<Expr> {
        child_before(&self.syntax, SyntaxKind::DotDot)
    }

    /// The value after `..`; `None` means to the end.
    pub fn end(&self) -> Option<Expr> {
        child_after(&self.syntax, SyntaxKind::DotDot)
    }
}

impl ParenExpr {
    /// What is inside.
    pub fn inner(&self) -> Option<Expr> {
        child(&self.syntax)
    }
}

impl ListExpr {
    /// The members, in order.
    pub fn items(&self) -> impl Iterator<Item = Expr> + use<> {
        children(&self.syntax)
    }
}

impl KeyframeList {
    /// The keyframes, in order.
    pub fn keyframes(&self) -> impl Iterator<Item = Keyframe> + use<> {
        children(&self.syntax)
    }
}

impl Keyframe {
    /// When.
    pub fn time(&self) -> Option<Expr> {
        child_before(&self.syntax, SyntaxKind::Colon)
    }

    /// What.
    pub fn value(&self) -> Option<Expr> {
        child_after(&self.syntax, SyntaxKind::Colon)
    }

    /// How the value is reached from the keyframe before.
    pub fn easing(&self) -> Option<Easing> {
        child(&self.syntax)
    }
}

impl Easing {
    /// Its name.
    pub fn path(&self) -> Option<Path> {
        child(&self.syntax)
    }

    /// Its numbers.
    pub fn args(&self) -> Option<ArgList> {
        child(&self.syntax)
    }
}

impl Comprehension {
    /// The list it walks over.
    pub fn list(&self) -> Option<Expr> {
        let list: Expr = child_after(&self.syntax, SyntaxKind::InKw)?;
        let next = token(&self.syntax, SyntaxKind::IfKw).or_else(|| token(&self.syntax, SyntaxKind::Colon));
        next.is_none_or(|next| list.range().end() <= next.text_range().start()).then_some(list)
    }

    /// Which members it takes.
    pub fn condition(&self) -> Option<Expr> {
        let condition: Expr = child_after(&self.syntax, SyntaxKind::IfKw)?;
        let colon = token(&self.syntax, SyntaxKind::Colon);
        colon.is_none_or(|colon| condition.range().end() <= colon.text_range().start()).then_some(condition)
    }

    /// The value for each of them.
    pub fn body(&self) -> Option<Expr> {
        child_after(&self.syntax, SyntaxKind::Colon)
    }
}

impl RecordExpr {
    /// The fields, in order.
    pub fn fields(&self) -> impl Iterator<Item = RecordField> + use<> {
        children(&self.syntax)
    }
}

impl RecordField {
    /// The string in place of a name.
    pub fn key(&self) -> Option<StringLit> {
        child_before(&self.syntax, SyntaxKind::Colon)
    }

    /// The value.
    pub fn value(&self) -> Option<Expr> {
        child_after(&self.syntax, SyntaxKind::Colon)
    }
}

impl IfExpr {
    /// The condition.
    pub fn condition(&self) -> Option<Expr> {
        child(&self.syntax)
    }

    /// The value where it holds.
    pub fn then_branch(&self) -> Option<Branch> {
        child(&self.syntax)
    }

    /// The rest: any number of `else if`, then `else`.
    pub fn else_branches(&self) -> impl Iterator<Item = ElseBranch> + use<> {
        children(&self.syntax)
    }
}

impl Branch {
    /// The value.
    pub fn value(&self) -> Option<Expr> {
        child(&self.syntax)
    }
}

impl ElseBranch {
    /// The word `if` of `else if`.
    pub fn if_token(&self) -> Option<SyntaxToken> {
        token(&self.syntax, SyntaxKind::IfKw)
    }

    /// The condition of `else if`.
    pub fn condition(&self) -> Option<Expr> {
        child(&self.syntax)
    }

    /// The value.
    pub fn branch(&self) -> Option<Branch> {
        child(&self.syntax)
    }
}
