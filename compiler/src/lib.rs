//! The compiler: from `.vid` text to a [`Timeline`], with diagnostics.
//!
//! It stands between the grammar, which knows the form of the language, and everybody who wants a
//! film: the command line, the server, the editor. It reads the outside world only through
//! [`System`], never looks into media (their facts are put in from outside, see
//! [`Compiler::set_media_facts`]), and knows nothing of pixels.
//!
//! # What it promises
//!
//! - Bad source is never an `Err` and never a panic: the outcome is a timeline or diagnostics, often
//!   both. An expression that was reported is quiet from then on.
//! - Times are exact fractions of a second; nothing is rounded here.
//! - The same text, facts and parameters give the same timeline and the same diagnostics, in the same
//!   order.
//! - Nothing is parsed and ignored: what a target cannot express is refused where it stands.
//! - Work is bounded: size of a source, depth of nesting, number of elements, steps of evaluation.
//!
//! # Stages
//!
//! Each stage is a folder; each is a set of salsa queries over the ones before it.
//!
//! | stage | makes |
//! |---|---|
//! | `files` | inputs: texts, data, media facts; the [`System`] they come from |
//! | `items` | what each item of a file says, without where it says it |
//! | `resolve` | the names of a file, its own and those it imports |
//! | `types` | types, and the schema that the prelude (`stdlib/prelude`) declares |
//! | `eval` | values of expressions and of data files; the type check is part of it |
//! | `schedule` | the tree of a composition, and when everything happens |
//! | `check` | what is doubtful about a scheduled composition |
//! | `lower` | the [`Timeline`] |
//!
//! `diagnostics` holds the codes, `driver` the [`Compiler`] itself, `import` the way back from a timeline to
//! source. For editors there are `names`, what every name means even in broken text, and `vocabulary`, the
//! words of the prelude with their documentation.
//!
//! # Example
//!
//! ```
//! use vid_compiler::{CompileRequest, Compiler, MemorySystem};
//!
//! let system = MemorySystem::new();
//! system.write("hello.vid", r#"
//!     composition hello 640x360 25fps {
//!       text title "Hello" for 2s { font_size: 48 }
//!     }
//! "#);
//! let mut compiler = Compiler::new(system);
//! let file = compiler.open("hello.vid");
//! let compiled = compiler.compile(file, &CompileRequest::default());
//! assert!(compiled.diagnostics.is_empty());
//! let timeline = compiled.timeline.expect("nothing is wrong");
//! assert_eq!(timeline.frame_count(), 50);
//! ```
//!
//! [`Timeline`]: vid_timeline::Timeline

mod check;
mod diagnostics;
mod driver;
mod eval;
mod files;
mod import;
mod items;
mod lower;
mod names;
mod resolve;
mod schedule;
mod types;
mod vocabulary;

pub mod dump;

pub use diagnostics::{
    Applicability, Code, Diagnostic, Edit, Fix, Label, MAX_DIAGNOSTICS, Severity, TerminalColor, explain,
    human, json, nearest, sarif,
};
pub use driver::{
    Amount, CompileRequest, Compiled, Compiler, CompositionInfo, Definition, FilmFacts, Interrupt,
    Interrupted, KnownKeyframe, KnownValue, MediaReference, MediaTrouble, ParameterInfo, Piece, PieceKind,
    STACK_BYTES as ANALYSIS_STACK_BYTES, SourceId, interruptible,
};
pub use files::{DiskSystem, MediaProblem, MediaProblemKind, MemorySystem, ReadError, Sharing, System};
pub use import::{ImportRemark, Imported, import};
pub use names::{FileNames, Meaning, NameUse, Symbol, SymbolKind, names_of};
pub use types::MediaKinds;
pub use vocabulary::{
    ConstantInfo, Declared, EnumInfo, FieldInfo, FunctionInfo, KindInfo, ParamInfo, UnitInfo, Vocabulary,
    WordInfo,
};
