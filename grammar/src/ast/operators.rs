//! Operators by meaning: `and` and `&&` are one.

use crate::syntax_kind::SyntaxKind;

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `||`, `or`
    Or,
    /// `&&`, `and`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

/// An operator before a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PrefixOp {
    /// `-`
    Negate,
    /// `!`, `not`
    Not,
}

impl BinaryOp {
    /// The operator of a token.
    pub fn from_kind(kind: SyntaxKind) -> Option<BinaryOp> {
        Some(match kind {
            SyntaxKind::PipePipe | SyntaxKind::OrKw => BinaryOp::Or,
            SyntaxKind::AmpAmp | SyntaxKind::AndKw => BinaryOp::And,
            SyntaxKind::EqEq => BinaryOp::Equal,
            SyntaxKind::NotEq => BinaryOp::NotEqual,
            SyntaxKind::Less => BinaryOp::Less,
            SyntaxKind::LessEq => BinaryOp::LessEqual,
            SyntaxKind::Greater => BinaryOp::Greater,
            SyntaxKind::GreaterEq => BinaryOp::GreaterEqual,
            SyntaxKind::Plus => BinaryOp::Add,
            SyntaxKind::Minus => BinaryOp::Subtract,
            SyntaxKind::Star => BinaryOp::Multiply,
            SyntaxKind::Slash => BinaryOp::Divide,
            SyntaxKind::Percent => BinaryOp::Remainder,
            _ => return None,
        })
    }
}

impl PrefixOp {
    /// The operator of a token.
    pub fn from_kind(kind: SyntaxKind) -> Option<PrefixOp> {
        Some(match kind {
            SyntaxKind::Minus => PrefixOp::Negate,
            SyntaxKind::Bang | SyntaxKind::NotKw => PrefixOp::Not,
            _ => return None,
        })
    }
}
