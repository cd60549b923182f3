//! Pixels in memory: stills, layers in a frame's own planes, and the kernels that put them there.
//!
//! Nothing here knows FFmpeg or a timeline. A picture is decoded once to a [`Pixmap`]
//! (premultiplied R'G'B', eight bits), scaled once, turned once into a [`PlanarLayer`]
//! (premultiplied Y'CbCr 4:2:0 with coverage) and then blended into as many frames as show it. A
//! blend touches the layer's rectangle and nothing else.
//!
//! Every kernel is exact: its documentation states one formula with one rounding, and the scalar
//! form of that formula stands beside the tests with tolerance zero. How many threads take part
//! never changes a byte.

pub mod blend;
pub mod color;
#[cfg(test)]
pub(crate) mod golden;
pub mod pixmap;
pub mod planar;
pub mod planes;
pub mod rect;
mod simd;
mod spans;
pub mod still;

pub use blend::{NotAligned, Rows, Weight, blend, copy_rect, fill, fill_rect, mix};
pub use color::{ColorSpec, Ycc, YccMatrix, YccRange};
pub use pixmap::Pixmap;
pub use planar::{Alpha, PlanarLayer};
pub use planes::{Plane, PlaneMut, Planes, PlanesMut};
pub use rect::PixelRect;
pub use still::{Region, ScaleError, StillError, StillProblem, decode_still, load_still, scale};
