//! One file per node of the render graph.

pub mod background;
mod captions;
mod clip;
mod compose;
mod content;
pub mod cover;
mod effects;
mod finish;
mod framed;
mod glide;
mod glyphs;
pub mod group;
mod mask;
pub mod over;
mod pixels;
mod scatter;
pub mod source;
pub mod still;
pub mod text;
pub mod transitions;

pub use framed::Frame;
pub use glide::Plates;
