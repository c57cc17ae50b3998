//! The other side of an isolated plugin: a process that shuts itself in, loads one library, and answers messages.
//!
//! In this order: what was inherited is left behind, the protocol moves to descriptors of its own, the library's bytes into
//! a sealed file, the libraries it may need, limits, the sandbox, a word to the host what it consists of, and only then the
//! plugin's first instruction.

use crate::Table;
use std::process::ExitCode;

#[cfg(all(unix, any(test, feature = "fuzz")))]
mod fuzz;
#[cfg(unix)]
mod inherited;
#[cfg(unix)]
mod limits;
#[cfg(unix)]
mod sandbox;
#[cfg(unix)]
mod serve;
#[cfg(target_os = "linux")]
mod stand_in;
#[cfg(unix)]
mod together;

#[cfg(all(unix, any(test, feature = "fuzz")))]
pub(crate) use fuzz::host_says;
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

/// What the sandbox round a worker consists of. Said by the worker before it links anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sandbox {
    /// Opening files, sockets, other processes, signals to others and the like are refused (seccomp).
    pub calls: bool,
    /// The kernel refuses files by a second means too (Landlock).
    pub files: bool,
}

impl Sandbox {
    /// For people: what an isolated plugin could still do here; none if nothing.
    pub fn gaps(self) -> Option<&'static str> {
        (!self.calls).then_some(
            "this system has no sandbox for system calls, so the plugin could open files and connections; crashes, \
             endless loops and wrong answers are contained",
        )
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
