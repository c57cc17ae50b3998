//! How plugins are run, as the caller decides it.

use semver::Version;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// How a plugin from a file runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// In a fenced process of its own.
    #[default]
    Isolated,
    /// In this process, for a plugin that is trusted: nothing but a panic is contained.
    InProcess,
}

impl Mode {
    /// The word for lock files and receipts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Isolated => "isolated",
            Self::InProcess => "in-process",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What the caller decides for all plugins.
#[derive(Debug, Clone)]
pub struct HostOptions {
    /// The program that is started as worker with `__plugin-worker` as its first argument: usually the running one.
    pub worker: PathBuf,
    /// The version that `engine` in manifests is compared with.
    pub engine: Version,
    /// What a plugin may use.
    pub limits: Limits,
    /// Minisign public keys (`RWQ…`) whose signatures count.
    pub keys: Vec<String>,
    /// How often a worker is started again after it died, in one run.
    pub restarts: u32,
    /// Whether a worker follows its caller from core to core: a call then needs no other core to wake.
    pub same_core: bool,
}

impl HostOptions {
    /// The usual options, with `worker` as the program to start.
    pub fn new(worker: impl Into<PathBuf>) -> Self {
        Self {
            worker: worker.into(),
            engine: engine_version(),
            limits: Limits::default(),
            keys: Vec::new(),
            restarts: 1,
            same_core: true,
        }
    }
}

/// What a plugin may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of address space that a worker may add to what it has before it loads the library.
    pub memory: u64,
    /// Processor time for one call; where the system cannot tell, time on the wall. A call that waits without computing
    /// ends after [`PATIENCE`] times as long.
    pub call: Duration,
    /// The same for starting a worker, loading the library and making the instance.
    pub start: Duration,
    /// Processor time of a worker over its whole life, in seconds.
    pub life: u64,
    /// Bytes of an answer that is a document.
    pub document: usize,
    /// Bytes of an answer that is text, and of a message.
    pub text: usize,
}

/// How many times longer than its share of processor time a call may take by the clock on the wall, so that a busy machine
/// does not fail a plugin.
pub const PATIENCE: u32 = 20;

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 512 << 20,
            call: Duration::from_millis(500),
            start: Duration::from_secs(5),
            life: 3600,
            document: 4 << 20,
            text: 64 << 10,
        }
    }
}

/// The version of this crate, which is the engine's.
pub(crate) fn engine_version() -> Version {
    Version::parse(env!("CARGO_PKG_VERSION")).unwrap_or(Version::new(0, 0, 0))
}
