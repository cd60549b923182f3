//! The bounds on what is parsed. Beyond them the parser answers with a diagnostic, never with a crash.

/// Longest source that is parsed, in bytes. A film of an hour cut every second stays under a tenth of it.
pub const MAX_SOURCE_BYTES: usize = 1 << 20;

/// Deepest nesting of brackets, braces, parentheses, interpolations and comments, and, counted apart, of
/// operators in one expression. The tree is then at most about a thousand nodes deep, which every
/// recursive walk over it can afford on a 2 MiB stack.
pub const MAX_DEPTH: usize = 256;

/// Deepest nesting of type arguments, as in `list<list<number>>`. Nobody reads more than three.
pub const MAX_TYPE_DEPTH: usize = 32;
