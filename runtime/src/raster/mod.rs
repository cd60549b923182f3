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

pub mod adjust;
pub mod blend;
pub mod blocks;
pub mod blur;
pub mod color;
pub mod convert;
pub mod edges;
#[cfg(test)]
pub(crate) mod golden;
pub mod light;
pub mod lut;
pub mod masked;
pub mod modes;
pub mod noise;
pub mod noise_rows;
pub mod paint;
pub mod pixmap;
pub mod planar;
pub mod planes;
pub mod projection;
pub mod rect;
pub mod resample;
pub mod sample;
pub mod shape;
mod simd;
mod spans;
pub mod still;
pub mod upright;

pub use adjust::{ColorAdjustment, map_colors, straightened};
pub use blend::{NotAligned, Rows, Weight, blend, copy_rect, fill, fill_rect, mix, mix_into, tint};
pub use blur::{Beyond, blur, blur_coverage, blur_reach};
pub use color::{ColorSpec, Ycc, YccMatrix, YccRange};
pub use convert::{planes_from_rgba, rgba_from_planes};
pub use edges::{Edges, Shadow};
pub use light::{blend_light, mix_light};
pub use lut::{Lut, LutError, load_lut};
pub use masked::{FULL_SHARE, Mask, mix_masked, share};
pub use modes::{blend_mode, blend_pixmap, blend_pixmap_with, blend_with};
pub use pixmap::Pixmap;
pub use planar::{Alpha, PlanarLayer};
pub use planes::{Plane, PlaneMut, Planes, PlanesMut};
pub use projection::Projection;
pub use rect::PixelRect;
pub use resample::project;
pub use shape::{DrawnShape, draw_shape};
pub use still::{Region, ScaleError, StillError, StillProblem, decode_still, load_still, scale};
pub use upright::stretch;
