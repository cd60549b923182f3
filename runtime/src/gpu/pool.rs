//! Device memory that is used again.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::device::Gpu;

/// Bytes that are kept for later use. A 4K frame takes 12 MiB as planes and 32 MiB as pixels.
const KEPT_BYTES: u64 = 512 << 20;
/// Sizes are multiples of this, so that pictures of nearly one size share memory.
const GRAIN: u64 = 4096;

/// Buffers of one recorder. What is given back while commands are being recorded is used again only
/// after these were submitted: an upload, which comes before all of them, must not meet a buffer that
/// they still read.
#[derive(Clone)]
pub struct Pool(Rc<Inner>);

struct Inner {
    gpu: Arc<Gpu>,
    usage: wgpu::BufferUsages,
    lists: RefCell<Lists>,
}

#[derive(Default)]
struct Lists {
    /// Least recently used first.
    free: Vec<wgpu::Buffer>,
    retired: Vec<wgpu::Buffer>,
    free_bytes: u64,
}

/// Memory on the device; back to its pool when the last holder drops it.
#[derive(Clone)]
pub struct Memory(Rc<Held>);

struct Held {
    buffer: wgpu::Buffer,
    pool: Rc<Inner>,
}

impl Pool {
    /// A pool of buffers for that use.
    pub fn new(gpu: Arc<Gpu>, usage: wgpu::BufferUsages) -> Self {
        Self(Rc::new(Inner { gpu, usage, lists: RefCell::default() }))
    }

    /// At least `bytes` of memory with undefined content.
    pub fn get(&self, bytes: u64) -> Memory {
        let size = bytes.max(4).next_multiple_of(GRAIN);
        let mut lists = self.0.lists.borrow_mut();
        // The smallest that holds it, unless that is much too large.
        let fits = |buffer: &wgpu::Buffer| buffer.size() >= size && buffer.size() <= size + size / 2;
        let best = lists
            .free
            .iter()
            .enumerate()
            .filter(|(_, buffer)| fits(buffer))
            .min_by_key(|(at, buffer)| (buffer.size(), *at))
            .map(|(at, _)| at);
        let buffer = match best {
            Some(at) => {
                let buffer = lists.free.remove(at);
                lists.free_bytes -= buffer.size();
                buffer
            }
            None => self.0.gpu.device.create_buffer(&wgpu::BufferDescriptor {
                label: None,
                size,
                usage: self.0.usage,
                mapped_at_creation: false,
            }),
        };
        Memory(Rc::new(Held { buffer, pool: Rc::clone(&self.0) }))
    }

    /// All recorded commands have been submitted.
    pub fn submitted(&self) {
        let mut lists = self.0.lists.borrow_mut();
        let retired = std::mem::take(&mut lists.retired);
        lists.free_bytes += retired.iter().map(wgpu::Buffer::size).sum::<u64>();
        lists.free.extend(retired);
        while lists.free_bytes > KEPT_BYTES && !lists.free.is_empty() {
            lists.free_bytes -= lists.free.remove(0).size();
        }
    }
}

impl Memory {
    /// The buffer.
    pub fn buffer(&self) -> &wgpu::Buffer {
        &self.0.buffer
    }

    /// Whether nobody else holds it.
    pub fn is_unshared(&self) -> bool {
        Rc::strong_count(&self.0) == 1
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.pool.lists.borrow_mut().retired.push(self.buffer.clone());
    }
}
