//! Memory stays flat however long somebody edits: what an edit replaces is given back.
//!
//! The bytes that are allocated are counted by the allocator of this test, so the answer is exact and
//! does not depend on the machine.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicIsize, Ordering};

use vid_compiler::{CompileRequest, Compiler, MediaTrouble, MemorySystem};

/// The system's allocator, with a count of the bytes that are in use.
struct Counting;

static BYTES: AtomicIsize = AtomicIsize::new(0);

fn add(bytes: usize) {
    BYTES.fetch_add(isize::try_from(bytes).unwrap_or(isize::MAX), Ordering::Relaxed);
}

fn subtract(bytes: usize) {
    BYTES.fetch_sub(isize::try_from(bytes).unwrap_or(isize::MAX), Ordering::Relaxed);
}

// SAFETY: every call goes on to the system's allocator unchanged; counting touches no memory of it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: the caller keeps the promises of `alloc`, which are those of the system's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        subtract(layout.size());
        // SAFETY: the pointer comes from `alloc` above with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const FILM: &str = r#"
import "brand.vid" as brand

composition film 640x360 30fps {
  sequence {
    text one "NAME" with brand.headline for 2s
    image "photoNUMBER.png" for 1s
  }
  brand.bug at 1s for 1s
}
"#;

const BRAND: &str = r#"
style headline for text { font_size: 48 }
composition bug { text "NAME" { font_size: 20 } }
"#;

#[test]
fn ten_thousand_edits_leave_no_more_than_the_first_thousand() {
    let mut compiler = Compiler::new(MemorySystem::new());
    let film = compiler.set_text("film.vid", FILM);
    let mut edit = |number: usize| {
        // Names, media and both files change all the time, as somebody types.
        let name = format!("text {number}");
        compiler.set_text("brand.vid", &BRAND.replace("NAME", &name));
        compiler
            .set_text("film.vid", &FILM.replace("NAME", &name).replace("NUMBER", &(number % 50).to_string()));
        compiler.check(film, MediaTrouble::Warns);
        let compiled = compiler.compile(film, &CompileRequest::default());
        assert_eq!(compiled.diagnostics, []);
    };
    (0..1_000).for_each(&mut edit);
    let before = BYTES.load(Ordering::Relaxed);
    (1_000..10_000).for_each(&mut edit);
    let grown = BYTES.load(Ordering::Relaxed) - before;
    assert!(grown < 256 * 1024, "9,000 edits left {grown} bytes more than there were ({before})");
}
