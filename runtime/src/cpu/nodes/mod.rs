//! One file per node of the render graph.

pub mod background;
pub mod cover;
pub mod dissolve;
pub mod over;
pub mod source;
pub mod still;
pub mod text;
