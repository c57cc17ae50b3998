//! Starts worker processes from one thread that never ends.
//!
//! Linux ends a worker together with the *thread* that started it. An instance may outlive the thread that loaded it, so
//! no such thread starts workers.

use std::io;
use std::process::{Child, Command};
use std::sync::OnceLock;
use std::sync::mpsc::{Sender, channel};
use std::thread;

type Job = (Command, Sender<io::Result<Child>>);

/// Starts `command`.
pub(super) fn spawn(command: Command) -> io::Result<Child> {
    static STARTER: OnceLock<Option<Sender<Job>>> = OnceLock::new();
    let starter = STARTER.get_or_init(|| {
        let (jobs, taken) = channel::<Job>();
        let thread = thread::Builder::new().name("plugin-starter".to_owned());
        let work = move || {
            for (mut command, answer) in taken {
                // Whoever asked may be gone; the child then ends when it is read from.
                answer.send(command.spawn()).ok();
            }
        };
        thread.spawn(work).ok().map(|_| jobs)
    });
    let gone = || io::Error::other("the thread that starts workers could not be started");
    let (answer, child) = channel();
    let starter = starter.as_ref().ok_or_else(gone)?;
    starter.send((command, answer)).map_err(|_unsent| gone())?;
    child.recv().map_err(|_ended| gone())?
}
