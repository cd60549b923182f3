//! Which executor composes the frames: the processor's or a graphics device's.

use std::sync::Arc;

use crate::assets::Assets;
use crate::cpu::{CpuExecutor, SharedRasters};
use crate::error::RenderError;
use crate::gpu::{Gpu, GpuExecutor, Preference};
use crate::media::{FrameSpec, PixelFormat, VideoFrame};
use crate::scene::Scene;

/// What composes frames.
#[derive(Clone, Debug, Default)]
pub enum Executor {
    /// The processor.
    #[default]
    Cpu,
    /// An open graphics device.
    Gpu(Arc<Gpu>),
}

impl Executor {
    /// The best there is on this machine: a graphics device that is one, otherwise the processor. Drivers
    /// that compute on the processor are slower than we are.
    pub fn preferred() -> Self {
        Gpu::open(Preference::Hardware).map_or(Self::Cpu, Self::Gpu)
    }

    /// `cpu`, or `gpu` with the device's name.
    pub fn words(&self) -> String {
        match self {
            Self::Cpu => "cpu".to_owned(),
            Self::Gpu(gpu) => format!("gpu ({})", gpu.name()),
        }
    }

    /// What the bytes of a segment depend on: devices may round differently.
    pub(crate) fn identity(&self) -> [&str; 3] {
        match self {
            Self::Cpu => ["cpu", "", ""],
            Self::Gpu(gpu) => ["gpu", gpu.name(), gpu.driver()],
        }
    }
}

/// An executor at work on one thread.
pub(crate) enum Composer<'a> {
    Cpu(Box<CpuExecutor<'a>>),
    Gpu(Box<GpuExecutor<'a>>),
}

impl<'a> Composer<'a> {
    /// The executor for frames of that shape.
    ///
    /// # Errors
    /// When no frame of that shape can be allocated.
    pub fn new(
        executor: &Executor,
        spec: FrameSpec,
        assets: &'a Assets,
        rasters: &'a SharedRasters,
    ) -> Result<Self, RenderError> {
        Ok(match executor {
            Executor::Cpu => Self::Cpu(Box::new(CpuExecutor::new(spec, assets, rasters)?)),
            // Films with opacity or of full colour are composed on the processor everywhere.
            Executor::Gpu(_) if spec.format != PixelFormat::YUV420P => {
                Self::Cpu(Box::new(CpuExecutor::new(spec, assets, rasters)?))
            }
            Executor::Gpu(gpu) => {
                Self::Gpu(Box::new(GpuExecutor::new(Arc::clone(gpu), spec, assets, rasters)?))
            }
        })
    }

    /// Goes on to a scene whose first frame is frame `record_start` of the film.
    pub fn begin(&mut self, scene: &Scene, record_start: i64) {
        match self {
            Self::Cpu(cpu) => cpu.begin(scene, record_start),
            Self::Gpu(gpu) => gpu.begin(scene, record_start),
        }
    }

    /// Asks for a frame of the scene; gives the oldest frame that is ready, if one is.
    ///
    /// # Errors
    /// A source that cannot be decoded, words that cannot be set, a device that fails.
    pub fn push(&mut self, frame: i64) -> Result<Option<VideoFrame>, RenderError> {
        match self {
            Self::Cpu(cpu) => cpu.frame(frame).map(Some),
            Self::Gpu(gpu) => gpu.push(frame),
        }
    }

    /// The oldest frame that was asked for and not yet given.
    ///
    /// # Errors
    /// A device that fails.
    pub fn pull(&mut self) -> Result<Option<VideoFrame>, RenderError> {
        match self {
            Self::Cpu(_) => Ok(None),
            Self::Gpu(gpu) => gpu.pull(),
        }
    }
}
