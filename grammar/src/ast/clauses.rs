//! Views of what stands in the header of a statement.

use super::{ArgList, AstNode, Expr, Path, StringLit, child, children, choice, token, views};
use crate::syntax_kind::SyntaxKind;

views! {
    /// `brand.logo` of `image logo brand.logo`: a value in place of the string
    SourceValue,
    /// `at intro.start + 500ms`
    AtClause,
    /// `for 3s`
    ForClause,
    /// `up to 2s`
    UpTo,
    /// `until end`
    UntilClause,
    /// `with big, brand.bold`
    WithClause,
    /// `through`
    ThroughClause,
    /// `[2s..6s]`
    TrimClause,
    /// `under demo` of `duck`
    UnderClause,
    /// `by 12dB` of `duck`
    ByClause,
}

choice! {
    /// A clause of a header.
    Clause {
        /// Where it starts.
        At(AtClause),
        /// How long it is.
        For(ForClause),
        /// Where it ends.
        Until(UntilClause),
        /// Its styles.
        With(WithClause),
        /// Material from beyond the cut.
        Through(ThroughClause),
        /// Which part of the media.
        Trim(TrimClause),
    }
}

/// What `for` gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForAmount {
    /// `for natural`: the length of the media.
    Natural,
    /// `for fill`: what is left.
    Fill,
    /// `for up to D`: D or less.
    UpTo(UpTo),
    /// `for D`; a share `1fr` is a literal with the unit `fr`.
    Value(Expr),
}

/// Statements whose header may have a string, arguments and clauses.
pub trait HasHeader: AstNode {
    /// The string after the name.
    fn string(&self) -> Option<StringLit> {
        child(self.syntax())
    }

    /// The value that stands in the place of the string.
    fn source(&self) -> Option<SourceValue> {
        child(self.syntax())
    }

    /// The arguments.
    fn args(&self) -> Option<ArgList> {
        child(self.syntax())
    }

    /// The clauses, in order.
    fn clauses(&self) -> impl Iterator<Item = Clause> {
        children(self.syntax())
    }

    /// `at T`
    fn at_clause(&self) -> Option<AtClause> {
        child(self.syntax())
    }

    /// `for D`
    fn for_clause(&self) -> Option<ForClause> {
        child(self.syntax())
    }

    /// `until T`
    fn until_clause(&self) -> Option<UntilClause> {
        child(self.syntax())
    }

    /// `[a..b]`
    fn trim_clause(&self) -> Option<TrimClause> {
        child(self.syntax())
    }

    /// `with a, b`
    fn with_clause(&self) -> Option<WithClause> {
        child(self.syntax())
    }

    /// `through`
    fn through_clause(&self) -> Option<ThroughClause> {
        child(self.syntax())
    }
}

impl SourceValue {
    /// Where the value is found.
    pub fn path(&self) -> Option<Path> {
        child(&self.syntax)
    }
}

impl AtClause {
    /// The time.
    pub fn time(&self) -> Option<Expr> {
        child(&self.syntax)
    }
}

impl ForClause {
    /// The length.
    pub fn amount(&self) -> Option<ForAmount> {
        if token(&self.syntax, SyntaxKind::NaturalKw).is_some() {
            Some(ForAmount::Natural)
        } else if token(&self.syntax, SyntaxKind::FillKw).is_some() {
            Some(ForAmount::Fill)
        } else {
            child(&self.syntax).map(ForAmount::UpTo).or_else(|| child(&self.syntax).map(ForAmount::Value))
        }
    }
}

impl UpTo {
    /// The longest length.
    pub fn limit(&self) -> Option<Expr> {
        child(&self.syntax)
    }
}

impl UntilClause {
    /// The time.
    pub fn time(&self) -> Option<Expr> {
        child(&self.syntax)
    }
}

impl WithClause {
    /// The styles, in order.
    pub fn styles(&self) -> impl Iterator<Item = Path> + use<> {
        children(&self.syntax)
    }
}

impl TrimClause {
    /// What is between the brackets; the parser has reported anything but a [`RangeExpr`](super::RangeExpr).
    pub fn range_expr(&self) -> Option<super::RangeExpr> {
        child(&self.syntax)
    }
}

impl UnderClause {
    /// The sound that has priority.
    pub fn sound(&self) -> Option<Expr> {
        child(&self.syntax)
    }
}

impl ByClause {
    /// How far the other one is turned down.
    pub fn level(&self) -> Option<Expr> {
        child(&self.syntax)
    }
}
