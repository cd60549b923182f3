//! FFmpeg's log, kept quiet and per thread, so that an error can say why.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::Once;

use ffmpeg_next::ffi;

use super::limits;

/// Lines kept per thread: the first error is the cause, the ones after it are consequences.
const KEPT_LINES: usize = 8;
/// Longest kept line in bytes.
const LINE_BYTES: usize = 256;

thread_local! {
    static LINES: RefCell<VecDeque<String>> = const { RefCell::new(VecDeque::new()) };
    static DECODE_ERRORS: Cell<u64> = const { Cell::new(0) };
}

unsafe extern "C" {
    // Declared here with an opaque argument list: its Rust type differs between platforms, while in
    // the calling convention it is a pointer on all we build for.
    fn av_log_format_line2(
        object: *mut c_void,
        level: c_int,
        format: *const c_char,
        arguments: *mut c_void,
        line: *mut c_char,
        line_size: c_int,
        print_prefix: *mut c_int,
    ) -> c_int;
    fn av_log_set_callback(
        callback: Option<unsafe extern "C" fn(*mut c_void, c_int, *const c_char, *mut c_void)>,
    );
}

/// Routes FFmpeg's log to per-thread memory, and bounds single blocks of memory. Cheap when called
/// again.
pub(super) fn init() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: `collect` has the signature FFmpeg calls and lives as long as the program; the other
        // call sets a number.
        unsafe {
            av_log_set_callback(Some(collect));
            ffi::av_max_alloc(limits::MAX_BLOCK_BYTES);
        }
    });
}

/// Forgets this thread's lines.
pub(super) fn clear() {
    LINES.with_borrow_mut(VecDeque::clear);
}

/// The first error this thread has logged since [`clear`], in our voice, or `fallback`.
pub(super) fn reason_or(fallback: impl FnOnce() -> String) -> String {
    LINES.with_borrow(|lines| lines.front().cloned()).unwrap_or_else(fallback)
}

/// Errors logged by decoders on this thread since it began; only differences mean anything.
pub(super) fn decode_errors() -> u64 {
    DECODE_ERRORS.get()
}

/// Called by FFmpeg on whatever thread logs. Must not panic: unwinding into C is not allowed.
unsafe extern "C" fn collect(
    object: *mut c_void,
    level: c_int,
    format: *const c_char,
    arguments: *mut c_void,
) {
    if level > ffi::AV_LOG_ERROR {
        return;
    }
    let mut buffer = [0u8; LINE_BYTES];
    let mut prefix: c_int = 0;
    // SAFETY: the arguments are those FFmpeg gave us for this call; the buffer is writable for the
    // given size and comes back terminated.
    let line = unsafe {
        let size = LINE_BYTES as c_int;
        av_log_format_line2(
            object,
            level,
            format,
            arguments,
            buffer.as_mut_ptr().cast(),
            size,
            &raw mut prefix,
        );
        CStr::from_ptr(buffer.as_ptr().cast())
    };
    // SAFETY: FFmpeg passes null or an object whose first field points to its class.
    if unsafe { is_codec(object) } {
        let _ = DECODE_ERRORS.try_with(|count| count.set(count.get().wrapping_add(1)));
    }
    let line = plain_line(&line.to_string_lossy());
    let _ = LINES.try_with(|lines| {
        if let Ok(mut lines) = lines.try_borrow_mut()
            && lines.len() < KEPT_LINES
            && !line.is_empty()
        {
            lines.push_back(line);
        }
    });
}

/// Whether the logging object is a codec context.
///
/// # Safety
/// `object` is null or points to a structure that begins with a pointer to an `AVClass`.
unsafe fn is_codec(object: *mut c_void) -> bool {
    if object.is_null() {
        return false;
    }
    // SAFETY: promised by the caller.
    unsafe {
        let class = *object.cast::<*const ffi::AVClass>();
        !class.is_null()
            && !(*class).class_name.is_null()
            && CStr::from_ptr((*class).class_name) == c"AVCodecContext"
    }
}

/// FFmpeg's sentence in our voice: one line, lower first letter, no full stop, no context prefix.
fn plain_line(line: &str) -> String {
    let line = line.trim().trim_end_matches('.');
    let body = match line.split_once("] ") {
        Some((prefix, rest)) if prefix.starts_with('[') => rest,
        _ => line,
    };
    let mut chars = body.chars();
    match (chars.next(), body.chars().nth(1)) {
        // Names such as `NAL` keep their capitals.
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => body.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_lose_prefix_capital_and_full_stop() {
        assert_eq!(plain_line("[mov,mp4 @ 0x1] Moov atom not found.\n"), "moov atom not found");
        assert_eq!(plain_line("NAL unit broken"), "NAL unit broken");
    }
}
