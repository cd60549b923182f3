//! A folder to play in: sources, media, a cache of its own, and the program.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A folder that is gone after the test.
pub struct Stage {
    folder: TempDir,
}

/// What a command did.
#[derive(Debug)]
pub struct Outcome {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Stage {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("tests may write to the temporary folder") }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// The program, in the folder, with nothing of the tester's environment that it listens to.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vid"));
        command
            .args(arguments)
            .current_dir(self.folder())
            .env("VID_CACHE_DIR", self.path("cache"))
            .env_remove("XDG_CACHE_HOME")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub fn vid(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(self.command(arguments))
    }

    /// Renders `film.vid` as `source` says to `film.mp4`, and insists that it works. Returns the last
    /// line of progress.
    pub fn render(&self, source: &str, more: &[&str]) -> serde_json::Value {
        self.write("film.vid", source);
        let mut arguments = vec!["render", "film.vid", "-o", "film.mp4", "--progress", "json"];
        arguments.extend(more);
        self.vid(&arguments).report()
    }

    /// Every stored piece with its bytes.
    pub fn pieces(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        for folder in ["cache/segments", "cache/sound"] {
            collect(&self.path(folder), &mut found);
        }
        found
    }

    /// Names of everything in the folder but the cache.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.retain(|name| name != "cache");
        names.sort();
        names
    }
}

impl Outcome {
    pub fn of(mut command: Command) -> Self {
        let output = command.output().expect("the program was built for this test");
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("results are text"),
            stderr: String::from_utf8(output.stderr).expect("talk is text"),
        }
    }

    /// The last line of JSON progress of a render that went well.
    pub fn report(&self) -> serde_json::Value {
        assert_eq!(self.code, 0, "{}", self.stderr);
        let last = self.stderr.lines().rfind(|line| line.starts_with('{')).unwrap_or_default();
        let report: serde_json::Value = serde_json::from_str(last).unwrap();
        assert_eq!(report["phase"], "done", "{}", self.stderr);
        report
    }

    /// Everything that was printed, and how it ended.
    pub fn all(&self) -> String {
        format!("{}{}exit {}\n", self.stdout, self.stderr, self.code)
    }
}

fn collect(folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            let bytes = fs::read(&path).unwrap();
            found.insert(path, bytes);
        }
    }
}
