//! One file per node of the render graph.

pub mod background;
mod captions;
pub mod clip;
pub mod compose;
pub mod content;
pub mod cover;
pub mod effects;
pub mod finish;
pub mod framed;
pub mod glide;
mod glyphs;
pub mod group;
pub mod mask;
pub mod over;
pub mod pixels;
mod scatter;
pub mod source;
pub mod still;
pub mod text;
pub mod transitions;

pub use framed::Frame;
pub use glide::Plates;
