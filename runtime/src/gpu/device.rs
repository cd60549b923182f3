//! Finding and opening a device.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::kernels::{self, Kernel};

/// What sort of device an adapter is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DeviceKind {
    /// A graphics card with memory of its own.
    Discrete,
    /// One that shares the processor's memory.
    Integrated,
    /// A part of one, lent to a virtual machine.
    Virtual,
    /// A driver that computes on the processor, such as lavapipe: for tests.
    Software,
}

/// Which devices will do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Preference {
    /// Graphics hardware alone.
    Hardware,
    /// Hardware where there is some, otherwise a driver that computes on the processor.
    Any,
    /// A driver that computes on the processor, which gives the same bytes everywhere.
    Software,
}

/// Why there is no device to work with, or not any more. Messages stand alone on one line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GpuError {
    /// No Vulkan driver names an adapter that will do.
    #[error("no graphics device was found")]
    NoDevice,
    /// The driver refused to open it.
    #[error("the graphics device `{name}` cannot be opened: {reason}")]
    Refused {
        /// The adapter's name.
        name: String,
        /// In the driver's words.
        reason: String,
    },
    /// It stopped working, or ran out of memory.
    #[error("the graphics device `{name}` failed: {reason}")]
    Failed {
        /// The adapter's name.
        name: String,
        /// In the driver's words.
        reason: String,
    },
}

/// An open device with its kernels. Shared by the executors of a render.
pub struct Gpu {
    name: String,
    driver: String,
    kind: DeviceKind,
    pub(super) device: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    pub(super) bindings: wgpu::BindGroupLayout,
    layout: wgpu::PipelineLayout,
    pipelines: Mutex<BTreeMap<Kernel, wgpu::ComputePipeline>>,
    /// Bound where a kernel reads or writes nothing.
    pub(super) nothing: [wgpu::Buffer; 2],
    /// The first thing that went wrong.
    failure: Arc<Mutex<Option<String>>>,
}

/// Names and kinds of the devices that there are, the preferred one first.
pub fn devices() -> Vec<(String, DeviceKind)> {
    let adapters = adapters(&instance());
    adapters.iter().map(|(kind, adapter)| (adapter.get_info().name, *kind)).collect()
}

impl Gpu {
    /// Opens the first device that will do: a discrete one before an integrated one before a virtual one
    /// before one in software.
    ///
    /// # Errors
    /// When there is none, or the driver refuses it.
    pub fn open(preference: Preference) -> Result<Arc<Self>, GpuError> {
        // Loading every driver takes a while, and most machines without a graphics card have some.
        if preference == Preference::Hardware && !has_hardware() {
            return Err(GpuError::NoDevice);
        }
        let instance = instance();
        let mut adapters = adapters(&instance).into_iter();
        let found = adapters.find(|(kind, _)| match preference {
            Preference::Hardware => *kind != DeviceKind::Software,
            Preference::Any => true,
            Preference::Software => *kind == DeviceKind::Software,
        });
        let (kind, adapter) = found.ok_or(GpuError::NoDevice)?;
        let info = adapter.get_info();
        let refused = |reason: String| GpuError::Refused { name: info.name.clone(), reason };
        let own = adapter.limits();
        let limits = wgpu::Limits {
            max_buffer_size: own.max_buffer_size,
            max_storage_buffer_binding_size: own.max_storage_buffer_binding_size,
            ..wgpu::Limits::default()
        };
        let wanted = wgpu::DeviceDescriptor {
            label: None,
            required_features: wgpu::Features::empty(),
            required_limits: limits,
            experimental_features: wgpu::ExperimentalFeatures::disabled(),
            memory_hints: wgpu::MemoryHints::Performance,
            trace: wgpu::Trace::Off,
        };
        let opened = ready(adapter.request_device(&wanted));
        let (device, queue) = opened
            .ok_or_else(|| refused("it does not answer".to_owned()))?
            .map_err(|error| refused(one_line(&error.to_string())))?;
        let failure = Arc::new(Mutex::new(None));
        let note = |failure: &Arc<Mutex<Option<String>>>| {
            let failure = Arc::clone(failure);
            move |reason: String| {
                lock(&failure).get_or_insert(one_line(&reason));
            }
        };
        let (failed, lost) = (note(&failure), note(&failure));
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| failed(error.to_string())));
        device.set_device_lost_callback(move |reason, words| {
            if reason != wgpu::DeviceLostReason::Destroyed {
                lost(format!("it was lost. {words}"));
            }
        });
        let bindings = kernels::bindings(&device);
        let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: None,
            bind_group_layouts: &[Some(&bindings)],
            immediate_size: 0,
        });
        let nothing = [0, 1].map(|_| {
            device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("nothing"),
                size: 16,
                usage: wgpu::BufferUsages::STORAGE,
                mapped_at_creation: false,
            })
        });
        let gpu = Self {
            name: info.name,
            driver: format!("{} {}", info.driver, info.driver_info),
            kind,
            device,
            queue,
            bindings,
            layout,
            pipelines: Mutex::default(),
            nothing,
            failure,
        };
        gpu.check()?;
        Ok(Arc::new(gpu))
    }

    /// What the adapter calls itself.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The driver and its version.
    pub fn driver(&self) -> &str {
        &self.driver
    }

    /// What sort of device it is.
    pub fn kind(&self) -> DeviceKind {
        self.kind
    }

    /// Whether all has gone well so far.
    ///
    /// # Errors
    /// The first failure, once there was one.
    pub fn check(&self) -> Result<(), GpuError> {
        match &*lock(&self.failure) {
            None => Ok(()),
            Some(reason) => Err(GpuError::Failed { name: self.name.clone(), reason: reason.clone() }),
        }
    }

    /// Behaves from now on as if the driver had reported this failure: for trying out what happens then.
    pub fn fail(&self, reason: &str) {
        lock(&self.failure).get_or_insert(one_line(reason));
    }

    /// The compiled kernel.
    pub(super) fn pipeline(&self, kernel: Kernel) -> wgpu::ComputePipeline {
        let mut pipelines = lock(&self.pipelines);
        let compiled = pipelines.entry(kernel).or_insert_with(|| {
            let module = self.device.create_shader_module(wgpu::ShaderModuleDescriptor {
                label: Some(kernel.name()),
                source: wgpu::ShaderSource::Wgsl(kernel.source().into()),
            });
            self.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some(kernel.name()),
                layout: Some(&self.layout),
                module: &module,
                entry_point: Some(kernel.name()),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                cache: None,
            })
        });
        compiled.clone()
    }
}

impl std::fmt::Debug for Gpu {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gpu({}, {})", self.name, self.driver)
    }
}

/// Whether the system shows the files through which drivers speak to graphics cards.
fn has_hardware() -> bool {
    let is_there = |path: &str| std::path::Path::new(path).exists();
    let renders = || {
        let entries = std::fs::read_dir("/dev/dri").into_iter().flatten().flatten();
        entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with("renderD"))
    };
    is_there("/dev/nvidiactl") || is_there("/dev/dxg") || renders()
}

fn instance() -> wgpu::Instance {
    wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: wgpu::Backends::VULKAN,
        // No debugging layers, whatever is installed: what they print is not for our users.
        flags: wgpu::InstanceFlags::empty(),
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    })
}

/// The adapters, the preferred one first.
fn adapters(instance: &wgpu::Instance) -> Vec<(DeviceKind, wgpu::Adapter)> {
    let found = ready(instance.enumerate_adapters(wgpu::Backends::VULKAN)).unwrap_or_default();
    let kind = |adapter: &wgpu::Adapter| match adapter.get_info().device_type {
        wgpu::DeviceType::DiscreteGpu => DeviceKind::Discrete,
        wgpu::DeviceType::IntegratedGpu => DeviceKind::Integrated,
        wgpu::DeviceType::VirtualGpu | wgpu::DeviceType::Other => DeviceKind::Virtual,
        wgpu::DeviceType::Cpu => DeviceKind::Software,
    };
    let mut adapters: Vec<_> = found.into_iter().map(|adapter| (kind(&adapter), adapter)).collect();
    // Stable: among equals the loader's order counts.
    adapters.sort_by_key(|(kind, _)| *kind);
    adapters
}

/// The value of a future that does not wait: outside browsers all of the library's are such.
pub(super) fn ready<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A thread that panicked while it held the lock left a value that is whole: every change to it is a
/// single call.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
