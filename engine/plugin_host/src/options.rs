//! How plugins are run, as the caller decides it.

use semver::Version;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
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
    /// What all plugins of this run have left of their time; shared by clones.
    pub budget: RunBudget,
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
            budget: RunBudget::default(),
            same_core: true,
        }
    }
}

/// What a plugin may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of address space that a worker may add to what it has before it loads the library.
    pub memory: u64,
    /// Processor time for one call; where the system cannot tell, time on the wall. On a busy machine a call may take
    /// [`PATIENCE`] times as long on the wall.
    pub call: Duration,
    /// Time in one call, or while it is loaded, in which a plugin neither computes nor stands in line for a core.
    pub wait: Duration,
    /// Processor time for starting a worker, loading the library and making the instance.
    pub start: Duration,
    /// Time on the wall for the same, however busy the machine is.
    pub start_wall: Duration,
    /// What all `wait`s of one plugin in a run may come to, beside a millisecond a document or call.
    pub waits: Duration,
    /// Time on the wall that one plugin may take in a run, beside [`Limits::DOCUMENT_ALLOWANCE`] a document and a
    /// millisecond a call.
    pub plugin: Duration,
    /// The same for all plugins of a run.
    pub run: Duration,
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
            wait: Duration::from_secs(1),
            start: Duration::from_secs(2),
            start_wall: Duration::from_millis(4500),
            waits: Duration::from_secs(3),
            plugin: Duration::from_secs(10),
            run: Duration::from_secs(15),
            life: 3600,
            document: 4 << 20,
            text: 64 << 10,
        }
    }
}

impl Limits {
    /// What a document adds to the time of its plugin: a long batch is no waiting plugin.
    pub const DOCUMENT_ALLOWANCE: Duration = Duration::from_millis(250);
    /// What a call adds to the time of its plugin, and a call or document to what it may wait.
    pub const CALL_ALLOWANCE: Duration = Duration::from_millis(1);
}

/// The time that the plugins of a run took on the wall, and what they may take.
#[derive(Debug, Clone, Default)]
pub struct RunBudget(Arc<Mutex<Account>>);

#[derive(Debug, Clone, Copy, Default)]
struct Account {
    taken: Duration,
    earned: Duration,
}

impl RunBudget {
    /// Takes down that a plugin took `time` for work that earned it `allowance`.
    #[cfg(unix)]
    pub(crate) fn took(&self, time: Duration, allowance: Duration) {
        let mut account = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        account.taken = account.taken.saturating_add(time);
        account.earned = account.earned.saturating_add(allowance);
    }

    /// What is left, where `limit` is what a run may take beside what its work earns.
    #[cfg(unix)]
    pub(crate) fn left(&self, limit: Duration) -> Duration {
        let account = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        limit
            .saturating_add(account.earned)
            .saturating_sub(account.taken)
    }
}

/// The version of this crate, which is the engine's.
pub(crate) fn engine_version() -> Version {
    Version::parse(env!("CARGO_PKG_VERSION")).unwrap_or(Version::new(0, 0, 0))
}
