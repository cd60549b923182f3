//! The second interface: sheets of cells with layers, rendered as the same jobs.
//!
//! A program that was written against the other contract finds its endpoints here: what is rendered is a body
//! of the first interface, made of layers, so everything that holds for its jobs holds here.
//!
//! - [`request`], [`error`]: how requests and errors look; [`account`]: who is there;
//! - [`document`]: a sheet as it is kept; [`view`]: as callers see it; [`sheets`], [`columns`], [`rows`],
//!   [`cells`], [`layers`]: what is in it; [`attributes`], [`variables`], [`templates`];
//! - [`compose`], [`css`], [`filters`]: from layers to a body; [`renders`]: jobs;
//! - [`resources`], [`uploads`]: files; [`publishing`]: what is not done;
//! - [`operations`], [`schemas`]: what the document says of it.

pub mod account;
pub mod attributes;
pub mod cells;
pub mod columns;
pub mod compose;
pub mod css;
pub mod document;
pub mod error;
pub mod filters;
pub mod layers;
pub mod operations;
pub mod publishing;
pub mod renders;
pub mod request;
pub mod resources;
pub mod rows;
pub mod schemas;
pub mod sheets;
pub mod templates;
pub mod uploads;
pub mod variables;
pub mod view;

/// The families of paths whose errors are those of this interface.
const FAMILIES: &[&str] = &[
    "autocontentengine",
    "vidsheet",
    "remotion_jobs",
    "generations",
    "content_resources",
    "direct_upload",
    "credit_balance",
    "me",
    "organizations",
    "templates",
    "user_jobs",
    "workspaces",
    "agents",
];

/// Whether a path belongs to this interface.
pub fn owns(path: &str) -> bool {
    let family = path.strip_prefix("/v1/").and_then(|rest| rest.split('/').next());
    family.is_some_and(|family| FAMILIES.contains(&family))
}
