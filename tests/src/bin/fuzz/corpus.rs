//! What inputs grow from.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::samples::{SAMPLE_BODY, SAMPLE_DATA};
use crate::{bodies, targets};

/// Folders with sources, and with pages that hold some.
const FOLDERS: [&str; 8] = [
    "examples",
    "stdlib",
    "stdlib/prelude",
    "stdlib/std",
    "tests/suite",
    "tests/suite/wrong",
    "tests/suite/std",
    "docs/codes",
];

/// The examples, the language suite, the bundled sources, the pages of the codes, and what they come to as
/// bodies.
pub struct Corpus {
    /// Sources in the language.
    pub sources: Vec<String>,
    /// API bodies.
    pub bodies: Vec<Value>,
    /// Names of fields of bodies, in order.
    pub fields: Vec<String>,
    /// Files of data.
    pub data: Vec<String>,
}

impl Corpus {
    /// All of it, from the root of the repository.
    ///
    /// # Errors
    ///
    /// A folder that cannot be read.
    pub fn read(root: &Path) -> Result<Self, String> {
        let mut sources = Vec::new();
        for folder in FOLDERS.iter().map(|folder| root.join(folder)).filter(|folder| folder.is_dir()) {
            let entries = fs::read_dir(&folder)
                .map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
            let mut paths: Vec<PathBuf> =
                entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
            paths.sort();
            for path in paths {
                let is_text =
                    path.extension().is_some_and(|extension| extension == "vid" || extension == "md");
                if let Some(text) = fs::read_to_string(&path).ok().filter(|_| is_text) {
                    sources.extend(sources_of(&path, &text));
                }
            }
        }
        let written = sources.iter().filter_map(|source| targets::body_of(source));
        let texts: BTreeSet<String> = written.chain([SAMPLE_BODY.to_owned()]).collect();
        let bodies: Vec<Value> = texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect();
        let fields = bodies::fields(&bodies);
        Ok(Self { sources, bodies, fields, data: SAMPLE_DATA.map(str::to_owned).to_vec() })
    }
}

/// The text itself, or the fenced `vid` blocks of a page.
fn sources_of(path: &Path, text: &str) -> Vec<String> {
    if path.extension().is_some_and(|extension| extension == "vid") {
        return vec![text.to_owned()];
    }
    let blocks = text.split("```vid").skip(1);
    blocks
        .filter_map(|block| block.split_once('\n')?.1.split_once("```").map(|(source, _)| source.to_owned()))
        .collect()
}
