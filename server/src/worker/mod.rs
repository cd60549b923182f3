//! Workers: take renders from the queue and make films of them.
//!
//! Two processes work on a render. The *supervisor* holds the lease, knows the database and the object
//! store, and touches no media. Its *child* gets local files and a body, and makes the film; it knows
//! nothing else. So whatever a film does to the process that makes it, somebody is left who writes down
//! what happened; the lease is kept by threads that have nothing else to do; and calling a render off is
//! ending a process. A child whose supervisor is gone ends itself: its standard input has ended.
//!
//! - [`order`]: what the two say to each other;
//! - [`child`]: what the child does;
//! - [`fits`]: how pictures fill their boxes, where a body does not say it;
//! - [`launch`]: how it is started, heard and ended;
//! - [`sources`]: from the addresses of a body to local files;
//! - [`supervise`]: one render from its lease to its end;
//! - [`crew`]: as many at once as are wanted, and the sweeping up;
//! - [`name`]: what a worker is called, so that others can see whether it is still there.
//!
//! Segments that a dead child had finished are in the store that all attempts share, so the next one goes
//! on from there.

pub mod child;
pub mod crew;
pub mod fits;
pub mod launch;
pub mod name;
pub mod order;
pub mod sources;
pub mod supervise;

pub use child::render_child;
pub use crew::{Crew, run_worker};
pub use launch::Launcher;
