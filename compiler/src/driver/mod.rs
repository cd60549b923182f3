//! The compiler as its hosts use it: open files, put in facts, ask.

mod ahead;
mod api;
mod editor;
mod prelude;
mod presence;
mod translate;

pub use api::{
    CompileRequest, Compiled, Compiler, CompositionInfo, MediaReference, MediaTrouble, ParameterInfo,
    SourceId,
};

pub use editor::{
    Amount, Definition, FilmFacts, Interrupt, Interrupted, KnownKeyframe, KnownValue, Piece, PieceKind,
    interruptible,
};
pub(crate) use prelude::PRELUDE;

/// Stack of the threads that analysis runs on, in bytes. The parser bounds nesting to 256 and
/// scheduling bounds its chains, so this is enough for anything that is accepted.
pub const STACK_BYTES: usize = 16 * 1024 * 1024;

#[cfg(test)]
mod incremental;
#[cfg(test)]
mod tests;
