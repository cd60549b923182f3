//! What the checks across the crates share: damaged media by recipe.

pub mod corpus;
