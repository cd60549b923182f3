//! How the process keeps memory: what renders a film keeps it, what waits for an author gives it back.

/// Blocks up to this size come from the heap and go back to it: 8 MiB, more than a plane of an encoder's frame at
/// 1080p. Larger ones, such as decoded photos, would leave holes in the heap that nothing else fits into.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const HEAP_BLOCK_BYTES: libc::c_int = 8 << 20;

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

/// From this size on, blocks are pages of their own and go back to the system when they are freed: 128 KiB, as
/// the allocator has it by itself.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const OWN_PAGES_BYTES: libc::c_int = 128 << 10;

/// Makes the allocator give back what is freed, the opposite of [`keep_freed`], and keep all threads' memory in one
/// heap: each heap is as large as the most that its threads ever had at once, and answers to an editor come from
/// several threads, one at a time.
pub fn give_back_freed() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: the call changes three numbers of the allocator, before any thread is started.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, OWN_PAGES_BYTES);
        libc::mallopt(libc::M_TRIM_THRESHOLD, OWN_PAGES_BYTES);
        libc::mallopt(libc::M_ARENA_MAX, 1);
    }
}

/// Gives back pages of the heap that nothing is on, between those that something is on too.
pub fn trim() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: the allocator locks its heap while it looks for such pages.
    unsafe {
        libc::malloc_trim(0);
    }
}
