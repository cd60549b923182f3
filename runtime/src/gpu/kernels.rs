//! The kernels and where their code is.

/// A compute shader's entry point.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Kernel {
    family: Family,
    name: &'static str,
}

/// A file of kernels.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Family {
    /// Canvases: fills, layers, patches, mixes, dips.
    Planes,
    /// Shares of masked transitions.
    Masks,
    /// Between canvases and pixels.
    Convert,
    /// Pictures laid on canvases and on pictures by blend modes.
    Blend,
    /// What changes each pixel by itself, and what moves pixels by whole places.
    Pixels,
    /// Drawing through projections.
    Project,
    /// Box passes.
    Blur,
    /// Effects that grade and overlay.
    Grade,
    /// Effects that move pixels.
    Warp,
    /// Transitions that reshape.
    Reshape,
}

impl Kernel {
    /// The kernel of that name in a family.
    pub const fn of(family: Family, name: &'static str) -> Self {
        Self { family, name }
    }

    /// Its entry point.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Runs in a group, across and down.
    pub const fn group(self) -> (u32, u32) {
        (8, 8)
    }

    /// The text of its shader.
    pub fn source(self) -> String {
        /// The files of a family, those with what they share first.
        macro_rules! files {
            ($($file:literal),+) => {
                concat!($(include_str!(concat!("shaders/", $file, ".wgsl")), "\n"),+)
            };
        }
        let text = match self.family {
            Family::Planes => files!("common", "canvas", "planes"),
            Family::Masks => files!("common", "canvas", "noise", "masks"),
            Family::Convert => files!("common", "canvas", "convert"),
            Family::Blend => files!("common", "canvas", "blend"),
            Family::Pixels => files!("common", "pixels"),
            Family::Project => files!("common", "project"),
            Family::Blur => files!("common", "blur"),
            Family::Grade => files!("common", "noise", "sample", "plate", "grade"),
            Family::Warp => files!("common", "noise", "sample", "plate", "warp"),
            Family::Reshape => files!("common", "noise", "sample", "reshape"),
        };
        text.to_owned()
    }
}

/// What every kernel is given: numbers, two buffers to read, one to write, and a flag.
pub fn bindings(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    let entry = |binding, read_only| wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Storage { read_only },
            has_dynamic_offset: false,
            min_binding_size: None,
        },
        count: None,
    };
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: None,
        entries: &[entry(0, true), entry(1, true), entry(2, true), entry(3, false), entry(4, false)],
    })
}
