//! Damaged and hostile media: a slice of the corpus, and made cases, each with the end it must come to.
//! `make hostile` reads thousands.

#![expect(clippy::unwrap_used, reason = "a failure in a test's own preparations is a failed test")]

mod cases;
mod slice;

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use vid_runtime::isolate::{Confinement, MissingLayers, WorkerCommand};

/// Workers made of the program of `make hostile`.
fn confinement() -> Arc<Confinement> {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_hostile"));
    let worker = WorkerCommand { program, arguments: vec!["worker".into()] };
    Arc::new(Confinement::new(worker, MissingLayers::Refuse))
}

/// A folder with the tool working inside it.
struct Lab {
    folder: tempfile::TempDir,
}

impl Lab {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `ffmpeg` with arguments split at blanks; the last one is the file it makes.
    fn ffmpeg(&self, arguments: &str) -> PathBuf {
        let output = Command::new("ffmpeg")
            .args(["-nostdin", "-y", "-v", "error"])
            .args(arguments.split_whitespace())
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments}\n{}", String::from_utf8_lossy(&output.stderr));
        self.path(arguments.split_whitespace().last().unwrap())
    }
}
