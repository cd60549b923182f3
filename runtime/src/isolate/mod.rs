//! Foreign bytes in a process of their own, from which nothing can be reached.
//!
//! Decoders are large C libraries; a file that finds a mistake in one of them runs in the address
//! space it is decoded in. So probing and decoding can be done by a child: this same program, started
//! again, that gives up everything it does not need before it looks at the first byte. It reads one
//! file, answers over one socket, and may die without anybody else noticing more than an error that
//! names the file and the instant.
//!
//! [`Intake`] says how media are read: here, or confined. [`Confinement`] starts the children;
//! [`worker`] is what runs in them; [`Layer`]s are what holds them, and [`self_test`] tries to get out.
//!
//! What it promises:
//! - Frames, samples and facts are those of reading the file here, bit for bit.
//! - Without a layer no child starts, unless [`MissingLayers::Accept`] says so.
//! - Whatever the child sends is checked as if the file had said it: sizes before memory is taken for
//!   them, formats against the list. Nothing it sends is trusted to be of a certain length.
//! - A child that is silent for longer than its work can take is ended.
//! - A child that dies in the middle is replaced, a few times; one that dies of its first question is an
//!   error that names file, instant and cause.
//!
//! Unsafe code is in `kernel.rs` and in the attempts of `escape.rs` alone.

mod child;
mod confine;
mod escape;
mod filter;
mod intake;
mod kernel;
mod layer;
mod relay;
mod source;
mod wire;
mod worker;

pub use child::{Confinement, WorkerCommand};
pub use escape::{Escape, Outcome, self_test};
pub use intake::{Intake, SoundSource};
pub use layer::{Layer, MissingLayers};
pub use source::{ConfinedSound, ConfinedVideo, Damage};
pub use wire::Way;
pub use worker::worker;
