//! The render server: the contract of the render API, answered on your own machine.
//!
//! It stands beside the command line. A body comes in over HTTP and becomes a job in a database; a
//! worker takes the job, has a child process render it, and puts the file into an object store. It
//! knows neither the language nor pixels: bodies go through [`vid_timeline::api`], films through
//! [`vid_runtime`].
//!
//! - [`config`]: every setting, from a file, the environment and flags;
//! - [`error`]: what a caller is told when something is wrong;
//! - [`id`], [`moment`]: how jobs are named and instants are written;
//! - [`auth`]: who is calling; [`limit`]: how often they may;
//! - [`store`]: everything that must survive, behind one set of traits; SQLite and PostgreSQL;
//! - [`artifact`], [`bucket`], [`sign`]: finished files, and addresses that open them for a while;
//! - [`worker`]: takes jobs, and makes films of them in child processes;
//! - [`fetch`]: media that are not here yet; [`intake`], [`mime`]: what becomes of them once they are;
//! - [`webhook`]: who is told what happened; [`metrics`]: what is counted;
//! - [`room`], [`retention`]: whether there is room on the disk, and what makes some;
//! - [`routes`]: the endpoints, one file for each family;
//! - [`client`]: the other end, for programs that submit;
//! - [`app`]: all of it put together and run; [`process`]: as a process of its own.
//!
//! # What it promises
//!
//! - A job that was answered with success is in the database, flushed to disk, together with its place
//!   in the queue and its idempotency key; all or nothing.
//! - Each job ends once. Whoever works on it holds a lease with a number; whatever is written under an
//!   older number is refused.
//! - A job that kills its process, or is tried too often, fails; it takes no other job with it.
//! - No address of a caller reaches FFmpeg, and no caller reaches a file that is not theirs.

#![expect(clippy::duplicate_mod, reason = "the statements of the store are written once for both databases")]

pub mod app;
pub mod artifact;
pub mod auth;
pub mod bucket;
pub mod client;
pub mod config;
pub mod error;
pub mod fetch;
pub mod id;
pub mod intake;
pub mod limit;
pub mod metrics;
pub mod mime;
pub mod moment;
pub mod process;
pub mod retention;
pub mod room;
pub mod routes;
pub mod sign;
pub mod store;
pub mod webhook;
pub mod worker;

pub use app::{App, StartError, serve};
pub use config::{Config, ConfigError, Settings};
pub use error::{ApiError, ErrorCode};
pub use process::{serve_process, worker_process};
pub use worker::{Launcher, render_child, run_worker};
