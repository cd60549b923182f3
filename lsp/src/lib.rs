//! The language server: what editors ask about `.vid` files, over the Language Server Protocol.
//!
//! It reads what the compiler knows and computes nothing of its own about the language. It stands beside
//! the command line and never touches pixels or media: facts about media and pictures of frames come from
//! its [`Host`], in the background.
//!
//! # What it promises
//!
//! - Changes are applied in the order in which the client sent them, before anything that came later is
//!   looked at ([`ordered`]). Every answer is for the text the question was asked about; where that text is
//!   gone, the answer is the protocol's *content modified*.
//! - No request waits for media, or for a picture.
//! - A cancelled request stops working, also in the middle of a query.
//! - A panic ends one request, never the server.
//! - What is not supported is not advertised.
//!
//! # Parts
//!
//! | module | does |
//! |---|---|
//! | [`ide`] | the features, as plain functions: bytes in, bytes out |
//! | `world` | the one owner of documents and compiler; snapshots of it |
//! | `ordered` | puts changes and questions in the order of the wire |
//! | `pool` | the threads that answer |
//! | `background` | diagnostics without being asked, probing, watching files |
//! | `pictures` | frames, drawn while nobody waits |
//! | `proto` | from and to the types of the protocol |
//! | `backend` | the methods of the protocol, each a line or two |
//! | `serve` | the server on a pair of streams |

mod backend;
mod background;
mod capabilities;
mod document;
mod handlers;
mod host;
mod ordered;
mod pictures;
mod pool;
mod position;
mod progress;
mod proto;
mod serve;
mod world;

pub mod ide;

pub use host::{Frame, Host, NoMedia, Room};
pub use position::{Encoding, LineIndex};
pub use serve::{Server, serve_stdio};
