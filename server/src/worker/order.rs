//! What a supervisor and its child say to each other: one JSON object a line.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::config::Isolation;
use crate::store::{Failure, Stage};

/// What the child is to make. The only line it gets.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Order {
    /// The body of the request.
    pub body: String,
    /// The local file behind each address.
    pub sources: BTreeMap<String, PathBuf>,
    /// The store of finished segments.
    pub segments: PathBuf,
    /// What is wanted.
    pub work: Work,
    /// How media are read.
    pub isolation: Isolation,
    /// Bytes of memory that the child may take.
    pub memory: u64,
}

/// What is to be made of a body.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// All of it.
    Film {
        /// Where the film goes.
        film: PathBuf,
        /// Where the picture of its first frame goes.
        thumbnail: PathBuf,
    },
    /// Single frames, as JPEG.
    Frames {
        /// The instants, in milliseconds, each with where its picture goes.
        frames: Vec<(i64, PathBuf)>,
        /// Most pixels a side.
        side: u32,
    },
}

/// What the child says.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "report", rename_all = "snake_case")]
pub enum Report {
    /// It has come this far.
    Progress {
        /// What it does.
        stage: Stage,
        /// 0–100 of that.
        percent: u8,
    },
    /// The film and the picture are there.
    Done(Made),
    /// They cannot be made, and trying again would not help.
    Failed(Failure),
    /// They could not be made this time.
    Hindered(Failure),
}

/// What came out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Made {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Length in milliseconds; zero for a still.
    pub duration_millis: i64,
    /// Extension of the film's format.
    pub extension: String,
    /// What a download is to be called, without extension; `None` where the body does not say.
    pub filename: Option<String>,
}
