//! Reading ahead: the files that a film imports are parsed on a second thread while the first one begins
//! with its work. Only the first time: after an edit one file is parsed, and a thread would cost more.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::driver::STACK_BYTES;
use crate::files::{CompilerDatabase, SourceFile};
use crate::items::file_items;
use crate::resolve::imported_files;

/// Fewest imported files for which a thread is worth starting.
const MIN_FILES: usize = 4;

/// Does the work while the files that `file` imports are read.
///
/// The reader goes from the last file to the first and so meets the work, which goes the other way, about
/// in the middle. It only does what the work would do; all numbers are given out by the work, in its order.
pub(super) fn reading_ahead<T>(
    db: &CompilerDatabase,
    file: SourceFile,
    work: impl FnOnce(&CompilerDatabase) -> T,
) -> T {
    let files = imported_files(db, file);
    if files.len() < MIN_FILES || !db.is_first_look(file) {
        return work(db);
    }
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (reader, is_done) = (db.clone(), &is_done);
        let read = move || {
            for file in files.into_iter().rev() {
                if is_done.load(Ordering::Relaxed) {
                    return;
                }
                // Who takes back the work by changing a text takes back this as well. Whatever else goes wrong
                // here goes wrong in the work too, which says so.
                let read = std::panic::AssertUnwindSafe(|| file_items(&reader, file).items.len());
                if std::panic::catch_unwind(read).is_err() {
                    return;
                }
            }
        };
        // Without room for another thread the work does it all.
        let builder = std::thread::Builder::new().name("reader".to_owned()).stack_size(STACK_BYTES);
        drop(builder.spawn_scoped(scope, read));
        let value = work(db);
        is_done.store(true, Ordering::Relaxed);
        value
    })
}
