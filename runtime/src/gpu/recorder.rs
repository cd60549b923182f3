//! Recording commands: uploads, kernels, read-backs.

use std::num::NonZeroU64;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::device::{Gpu, GpuError};
use super::kernels::Kernel;
use super::pool::{Memory, Pool};
use crate::clock::instant;

/// Bytes of one piece of the memory through which uploads go: a 1080p frame's planes and more.
const STAGING_BYTES: u64 = 8 << 20;
/// Bytes of the buffer that holds the numbers given to kernels.
const NUMBERS_BYTES: u64 = 256 << 10;
/// Numbers of each kernel begin at multiples of this: what every device allows.
const NUMBERS_GRAIN: usize = 256;
/// A device that has not finished a frame after this time has failed.
const PATIENCE: Duration = Duration::from_secs(120);

/// Time spent in the parts of a frame's making, in seconds of this thread.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct GpuTimes {
    /// Copying pictures into memory that the device reads.
    pub upload: f64,
    /// Recording and submitting kernels.
    pub record: f64,
    /// Waiting for kernels to finish.
    pub passes: f64,
    /// Copying finished frames out of the device's memory.
    pub read_back: f64,
}

/// Commands for the device, submitted frame by frame.
pub struct Recorder {
    gpu: Arc<Gpu>,
    belt: wgpu::util::StagingBelt,
    uploads: wgpu::CommandEncoder,
    passes: wgpu::CommandEncoder,
    pool: Pool,
    read_backs: Pool,
    /// Numbers given to kernels since the last submission, and the memory that will hold them.
    numbers: Vec<u8>,
    numbers_memory: Memory,
    /// Where its time went.
    pub times: GpuTimes,
}

/// Memory on its way back from the device.
pub struct ReadBack {
    memory: Memory,
    bytes: u64,
    submission: wgpu::SubmissionIndex,
    outcome: Receiver<Result<(), wgpu::BufferAsyncError>>,
}

/// What a kernel is given.
pub struct Dispatch<'d> {
    /// Which one.
    pub kernel: Kernel,
    /// Its numbers.
    pub numbers: &'d [u32],
    /// What it reads.
    pub reads: [Option<&'d Memory>; 2],
    /// What it writes; it may read this too.
    pub writes: &'d Memory,
    /// A flag that it sets or heeds.
    pub flag: Option<&'d Memory>,
    /// How many times it runs across and down.
    pub runs: (u32, u32),
}

impl Recorder {
    /// A recorder for that device.
    pub fn new(gpu: Arc<Gpu>) -> Self {
        use wgpu::BufferUsages as U;
        let pool = Pool::new(Arc::clone(&gpu), U::STORAGE | U::COPY_SRC | U::COPY_DST);
        let read_backs = Pool::new(Arc::clone(&gpu), U::MAP_READ | U::COPY_DST);
        let numbers_memory = pool.get(NUMBERS_BYTES);
        Self {
            belt: wgpu::util::StagingBelt::new(gpu.device.clone(), STAGING_BYTES),
            uploads: encoder(&gpu),
            passes: encoder(&gpu),
            pool,
            read_backs,
            numbers: Vec::with_capacity(NUMBERS_BYTES as usize),
            numbers_memory,
            times: GpuTimes::default(),
            gpu,
        }
    }

    /// The device.
    pub fn gpu(&self) -> &Arc<Gpu> {
        &self.gpu
    }

    /// Memory for `words` numbers of four bytes, with undefined content.
    pub fn memory(&self, words: usize) -> Memory {
        self.pool.get(4 * words as u64)
    }

    /// New memory with `words` numbers of four bytes, whose bytes `fill` writes in order.
    pub fn upload(&mut self, words: usize, fill: impl FnOnce(&mut dyn FnMut(&[u8]))) -> Memory {
        let watch = instant();
        let memory = self.memory(words);
        if let Some(size) = NonZeroU64::new(4 * words as u64) {
            let mut view = self.belt.write_buffer(&mut self.uploads, memory.buffer(), 0, size);
            let mut at = 0;
            fill(&mut |bytes| {
                view.slice(at..at + bytes.len()).copy_from_slice(bytes);
                at += bytes.len();
            });
        }
        self.times.upload += watch.elapsed().as_secs_f64();
        memory
    }

    /// New memory with these numbers.
    pub fn upload_words(&mut self, words: &[u32]) -> Memory {
        self.upload(words.len(), |put| words.iter().for_each(|word| put(&word.to_le_bytes())))
    }

    /// New memory with `words` numbers that are zero.
    pub fn zeros(&mut self, words: usize) -> Memory {
        let memory = self.memory(words);
        self.passes.clear_buffer(memory.buffer(), 0, Some((4 * words as u64).max(4)));
        memory
    }

    /// New memory with the content of another.
    pub fn copy(&mut self, from: &Memory, words: usize) -> Memory {
        let memory = self.memory(words);
        self.passes.copy_buffer_to_buffer(from.buffer(), 0, memory.buffer(), 0, 4 * words as u64);
        memory
    }

    /// Runs a kernel after everything recorded before.
    pub fn run(&mut self, dispatch: &Dispatch<'_>) {
        let watch = instant();
        let size = (4 * dispatch.numbers.len()).max(4).next_multiple_of(NUMBERS_GRAIN);
        if self.numbers.len() + size > NUMBERS_BYTES as usize {
            self.submit();
        }
        let at = self.numbers.len();
        self.numbers.extend(dispatch.numbers.iter().flat_map(|number| number.to_le_bytes()));
        self.numbers.resize(at + size, 0);
        let pipeline = self.gpu.pipeline(dispatch.kernel);
        let [nothing, unwritten] = &self.gpu.nothing;
        let read = |at: usize| whole(dispatch.reads[at].map_or(nothing, Memory::buffer));
        let numbers = wgpu::BufferBinding {
            buffer: self.numbers_memory.buffer(),
            offset: at as u64,
            size: NonZeroU64::new(size as u64),
        };
        let flag = whole(dispatch.flag.map_or(unwritten, Memory::buffer));
        let bound = [numbers, read(0), read(1), whole(dispatch.writes.buffer()), flag];
        let mut binding = 0;
        let entries = bound.map(|buffer| {
            binding += 1;
            wgpu::BindGroupEntry { binding: binding - 1, resource: wgpu::BindingResource::Buffer(buffer) }
        });
        let group = self.gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &self.gpu.bindings,
            entries: &entries,
        });
        let mut pass = self.passes.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        pass.set_pipeline(&pipeline);
        pass.set_bind_group(0, &group, &[]);
        let (across, down) = dispatch.kernel.group();
        pass.dispatch_workgroups(dispatch.runs.0.div_ceil(across), dispatch.runs.1.div_ceil(down), 1);
        drop(pass);
        self.times.record += watch.elapsed().as_secs_f64();
    }

    /// Submits what was recorded.
    pub fn submit(&mut self) -> wgpu::SubmissionIndex {
        let watch = instant();
        if let Some(size) = NonZeroU64::new(self.numbers.len() as u64) {
            let to = self.numbers_memory.buffer();
            self.belt.write_buffer(&mut self.uploads, to, 0, size).copy_from_slice(&self.numbers);
        }
        self.belt.finish();
        let uploads = std::mem::replace(&mut self.uploads, encoder(&self.gpu));
        let passes = std::mem::replace(&mut self.passes, encoder(&self.gpu));
        let submission = self.gpu.queue.submit([uploads.finish(), passes.finish()]);
        self.belt.recall();
        self.numbers.clear();
        self.numbers_memory = self.pool.get(NUMBERS_BYTES);
        self.pool.submitted();
        self.times.record += watch.elapsed().as_secs_f64();
        submission
    }

    /// Submits what was recorded and begins to read `words` numbers back.
    pub fn read_back(&mut self, from: &Memory, words: usize) -> ReadBack {
        let bytes = 4 * words as u64;
        let memory = self.read_backs.get(bytes);
        self.passes.copy_buffer_to_buffer(from.buffer(), 0, memory.buffer(), 0, bytes);
        let submission = self.submit();
        let (sender, outcome) = channel();
        memory.buffer().map_async(wgpu::MapMode::Read, 0..bytes, move |result| {
            // Nobody waits any more when the executor was dropped.
            let _ = sender.send(result);
        });
        ReadBack { memory, bytes, submission, outcome }
    }

    /// Waits for what is read back and shows it to `work`.
    ///
    /// # Errors
    /// When the device has failed.
    pub fn finish<T>(&mut self, back: ReadBack, work: impl FnOnce(&[u8]) -> T) -> Result<T, GpuError> {
        let watch = instant();
        let wait = wgpu::PollType::Wait { submission_index: Some(back.submission), timeout: Some(PATIENCE) };
        if let Err(error) = self.gpu.device.poll(wait) {
            self.gpu.fail(&error.to_string());
        }
        self.gpu.check()?;
        self.times.passes += watch.elapsed().as_secs_f64();
        let watch = instant();
        if let Err(error) = back.outcome.recv().unwrap_or(Err(wgpu::BufferAsyncError)) {
            self.gpu.fail(&error.to_string());
            self.gpu.check()?;
        }
        let value = match back.memory.buffer().get_mapped_range(0..back.bytes) {
            Ok(view) => Some(work(&view)),
            Err(error) => {
                self.gpu.fail(&error.to_string());
                None
            }
        };
        back.memory.buffer().unmap();
        drop(back.memory);
        self.read_backs.submitted();
        self.times.read_back += watch.elapsed().as_secs_f64();
        match value {
            Some(value) => Ok(value),
            None => Err(self.gpu.check().err().unwrap_or(GpuError::NoDevice)),
        }
    }
}

/// All of a buffer.
fn whole(buffer: &wgpu::Buffer) -> wgpu::BufferBinding<'_> {
    wgpu::BufferBinding { buffer, offset: 0, size: None }
}

fn encoder(gpu: &Gpu) -> wgpu::CommandEncoder {
    gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default())
}
