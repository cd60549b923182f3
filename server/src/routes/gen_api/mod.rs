//! The second interface: sheets of cells with layers, rendered as the same jobs.
//!
//! A program that was written against the other contract finds its endpoints here: what is rendered is a body
//! of the first interface, made of layers, so everything that holds for its jobs holds here.
//!
//! - [`request`], [`error`]: how requests and errors look; [`account`]: who is there;
//! - [`document`]: a sheet as it is kept; [`sheets`]: its rows, cells and layers;
//! - [`compose`], [`css`]: from layers to a body;
//! - [`renders`], [`resources`]: jobs and files.

pub mod account;
pub mod compose;
pub mod css;
pub mod document;
pub mod error;
pub mod renders;
pub mod request;
pub mod resources;
pub mod sheets;

/// The families of paths whose errors are those of this interface.
const FAMILIES: &[&str] = &[
    "autocontentengine",
    "vidsheet",
    "remotion_jobs",
    "generations",
    "content_resources",
    "me",
    "workspaces",
    "agents",
];

/// Whether a path belongs to this interface.
pub fn owns(path: &str) -> bool {
    let family = path.strip_prefix("/v1/").and_then(|rest| rest.split('/').next());
    family.is_some_and(|family| FAMILIES.contains(&family))
}
