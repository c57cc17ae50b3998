//! The other side of an isolated plugin: a process that fences itself in, loads one library, and answers messages.
//!
//! In this order: the protocol moves to descriptors of its own, the library's bytes into a sealed file, the libraries it
//! may need, limits, the fence, and only then the plugin's first instruction.

use crate::Table;
use std::process::ExitCode;

#[cfg(unix)]
mod fence;
#[cfg(unix)]
mod limits;
#[cfg(unix)]
mod serve;
#[cfg(unix)]
mod together;

#[cfg(unix)]
pub(crate) use together::Question;

/// Finds the table of a plugin that is linked into this program by its id.
pub type Linked = fn(&str) -> Option<&'static Table>;

/// First argument of a process that is to be a worker.
pub const ARGUMENT: &str = "__plugin-worker";

/// Runs the worker until its host closes the connection. `args` are those after the program's name, with or without
/// [`ARGUMENT`] itself; then the host's process id. `linked` knows the plugins that are part of this program. Must be
/// called from the main thread, before any other is started.
pub fn main(args: impl IntoIterator<Item = String>, linked: Linked) -> ExitCode {
    let mut args = args.into_iter().filter(|arg| arg != ARGUMENT);
    #[cfg(unix)]
    if let Some(host) = args.next().and_then(|pid| pid.parse().ok()) {
        return serve::serve(host, linked);
    }
    #[cfg(not(unix))]
    drop((args.next(), linked));
    refuse_to_run()
}

/// A person started this by mistake.
fn refuse_to_run() -> ExitCode {
    use std::io::Write as _;
    writeln!(
        std::io::stderr(),
        "this program runs plugins for evenhand and is started by it"
    )
    .ok();
    ExitCode::from(2)
}

/// What the host says first.
#[cfg(unix)]
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Start {
    /// The plugin's id.
    pub(crate) plugin: String,
    /// The manifest beside the library.
    pub(crate) manifest: String,
    /// JSON text of the settings.
    pub(crate) settings: String,
    /// The libraries it needs, all of them allowed.
    pub(crate) needed: Vec<String>,
    /// It is part of the worker's own program, and no library comes along.
    pub(crate) linked: bool,
    /// Threads beside the first one, for instances that are asked at the same time.
    pub(crate) threads: u32,
    /// Bytes of address space beyond what the worker has at its start.
    pub(crate) memory: u64,
    /// Seconds of processor time.
    pub(crate) life: u64,
    /// Most bytes of a message.
    pub(crate) text: usize,
}

/// Which fences stand round a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fence {
    /// Sockets, other processes, writing files, signals to others and the like are refused (seccomp).
    pub calls: bool,
    /// Files cannot be read, not even while the library is loaded (Landlock). Once loaded, `calls` refuses to open any.
    pub files: bool,
}

impl Fence {
    /// For people: what an isolated plugin could still do here.
    pub fn gaps(self) -> Option<&'static str> {
        match (self.calls, self.files) {
            (true, true) => None,
            (true, false) => Some(
                "this kernel has no Landlock, so code that runs while the library is loaded could read files (but not \
                 write them or send them anywhere)",
            ),
            (false, _) => Some(
                "this system has no fence for system calls, so the plugin could open files and connections; crashes, \
                 endless loops and wrong answers are contained",
            ),
        }
    }

    #[cfg(unix)]
    pub(crate) fn bits(self) -> u8 {
        u8::from(self.calls) | u8::from(self.files) << 1
    }

    #[cfg(unix)]
    pub(crate) fn from_bits(bits: u8) -> Self {
        Self {
            calls: bits & 1 != 0,
            files: bits & 2 != 0,
        }
    }
}
