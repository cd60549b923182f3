//! How the process keeps memory.

/// Blocks up to this size come from the heap and go back to it: 256 MiB, more than any frame.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const HEAP_BLOCK_BYTES: libc::c_int = 256 << 20;

/// Makes the allocator keep what is freed instead of giving it back to the system at once.
///
/// Each segment opens an encoder with tens of megabytes of frames; handing those back and taking
/// them again has the kernel clear every page anew (measured on the hello example: 0.4 s of system
/// time instead of 1.1 s of 11 s in all).
pub fn keep_freed() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: the call changes two numbers of the allocator, before any thread is started.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, HEAP_BLOCK_BYTES);
        libc::mallopt(libc::M_TRIM_THRESHOLD, libc::c_int::MAX);
    }
}
