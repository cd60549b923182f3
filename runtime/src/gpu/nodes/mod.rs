//! What the nodes of the render graph compute on the device; files have the names of the CPU's.

pub mod clip;
pub mod compose;
pub mod convert;
pub mod effects;
pub mod finish;
pub mod group;
pub mod mask;
pub mod over;
pub mod pixels;
pub mod project;
pub mod transitions;
mod warps;
