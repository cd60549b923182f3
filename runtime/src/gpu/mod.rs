//! The GPU executor: evaluates render graphs with compute shaders, through Vulkan.
//!
//! Node kinds have the same names and the same meaning as in [`crate::cpu`]: a canvas on the device
//! holds the same eight-bit 4:2:0 planes, a picture the same premultiplied eight-bit pixels, and every
//! kernel computes the CPU's formula with the CPU's roundings. Most integers therefore agree exactly;
//! `docs/gpu.md` lists what may differ, and by how much.
//!
//! What stays on the CPU: decoding, setting words, drawing shapes, and reading and scaling picture
//! files, whose results are uploaded once and kept; and the nodes for which there is no kernel, whose
//! inputs are read back and whose results are uploaded again. A frame that is only a decoded frame
//! never touches the device.
//!
//! One executor belongs to one thread. Frames are handed out a few behind the one that is recorded, so
//! that uploads, passes and read-backs of neighbouring frames overlap with decoding and encoding.
//! Buffers are recycled: after the first frames of a scene nothing is allocated.

mod canvas;
mod device;
mod executor;
mod kernels;
mod nodes;
mod picture;
mod pool;
mod recorder;

pub use device::{DeviceKind, Gpu, GpuError, Preference, devices};
pub use executor::{GpuExecutor, GpuTimes};
