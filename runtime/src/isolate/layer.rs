//! What holds a confined process.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One of the walls around a confined process. Each holds on its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// Own users, processes, mounts, network and messages: a file system that holds one file, a network
    /// without a device.
    Namespaces,
    /// Landlock: of all files only the medium can be read, none written, no connection made.
    Landlock,
    /// Seccomp: of the kernel's calls only those that decoding needs.
    Seccomp,
    /// Limits on memory, processor time, files and processes.
    Limits,
}

impl Layer {
    /// All of them, from the outside in.
    pub const ALL: [Self; 4] = [Self::Namespaces, Self::Landlock, Self::Seccomp, Self::Limits];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Namespaces => "namespaces",
            Self::Landlock => "landlock",
            Self::Seccomp => "seccomp",
            Self::Limits => "limits",
        }
    }

    /// Those that are not among `found`, as words of a list.
    pub fn missing(found: &[Self]) -> Vec<&'static str> {
        Self::ALL.into_iter().filter(|layer| !found.contains(layer)).map(Self::name).collect()
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What happens where the machine does not offer a layer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingLayers {
    /// No confined process starts.
    #[default]
    Refuse,
    /// It starts with the layers there are.
    Accept,
}
