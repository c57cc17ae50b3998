//! A worker process as its host sees it: messages out and in, each with a deadline.

use super::deadline::{Allowed, Deadline, LimitMet};
use super::spawn::spawn;
use crate::frame::{FrameError, Writer};
use crate::inbox::Inbox;
use crate::options::HostOptions;
use crate::system::{self, Wait};
use crate::values;
use crate::worker::ARGUMENT;
use std::io::{self, Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Bytes of standard error that are kept.
const TAIL: usize = 8 << 10;

/// A running worker.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    to: ChildStdin,
    from: ChildStdout,
    pub(super) inbox: Inbox,
    said: Said,
    same_core: bool,
    core: Option<usize>,
}

/// Why a worker gave no answer.
#[derive(Debug)]
pub(super) enum Silence {
    /// It met a limit of time.
    Slow(LimitMet),
    /// It closed the connection or could not be written to.
    Gone,
    /// What it sent is not a message.
    Garbled(FrameError),
    /// The system failed us.
    System(io::Error),
}

impl Process {
    /// Starts a worker; messages from it have at most `limit` bytes. `environment` is all that it sees.
    pub(super) fn start(
        options: &HostOptions,
        environment: &[(&str, &str)],
        limit: usize,
    ) -> io::Result<Self> {
        let mut command = Command::new(&options.worker);
        command
            .arg(ARGUMENT)
            .arg(std::process::id().to_string())
            .env_clear()
            .envs(environment.iter().copied())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = spawn(command)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(to), Some(from), Some(stderr)) = pipes else {
            return Err(io::Error::other("the worker was started without its pipes"));
        };
        system::never_block(to.as_fd())?;
        Ok(Self {
            child,
            to,
            from,
            inbox: Inbox::new(limit),
            said: Said::keep(stderr)?,
            same_core: options.same_core,
            core: None,
        })
    }

    /// Its process id.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends what `message` holds.
    pub(super) fn send(&mut self, message: &Writer, allowed: &Allowed) -> Result<(), Silence> {
        self.follow();
        let mut deadline = Deadline::new(allowed);
        let mut rest = message.bytes.as_slice();
        while !rest.is_empty() {
            match self.to.write(rest) {
                Ok(written) => rest = rest.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    // It may be answering before it has read everything.
                    deadline.wait(self.child.id(), &self.to, Wait::Writable)?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                    return Err(Silence::Gone);
                }
                Err(error) => return Err(Silence::System(error)),
            }
        }
        Ok(())
    }

    /// Waits until a whole message is in the inbox.
    pub(super) fn receive(&mut self, allowed: &Allowed) -> Result<(), Silence> {
        let mut deadline = Deadline::new(allowed);
        while self.inbox.first().map_err(Silence::Garbled)?.is_none() {
            deadline.wait(self.child.id(), &self.from, Wait::Readable)?;
            let from = &mut self.from;
            match self.inbox.fill(|room| from.read(room)) {
                Ok(0) => return Err(Silence::Gone),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Silence::System(error)),
            }
        }
        Ok(())
    }

    /// Has the worker run where its host runs: waking another core takes longer than most calls.
    fn follow(&mut self) {
        #[cfg(target_os = "linux")]
        if self.same_core {
            let here = system::core();
            if here != self.core
                && let Some(core) = here
            {
                // Not being allowed to is no failure, and is not tried at every call.
                self.same_core = system::move_to(self.child.id(), core);
                self.core = here;
            }
        }
        #[cfg(not(target_os = "linux"))]
        let _ = (self.same_core, self.core);
    }

    /// Ends the worker and says what became of it, with its last words; goes on from "its worker …".
    pub(super) fn end(mut self, silence: Silence) -> String {
        let fate = match silence {
            Silence::Slow(_) => "was stopped".to_owned(),
            Silence::Garbled(error) => format!("sent {error}, and was stopped"),
            Silence::System(error) => format!("could not be reached ({error})"),
            Silence::Gone => match self.ended() {
                Ok(Some(status)) => fate(status),
                Ok(None) => "closed its connection, and was stopped".to_owned(),
                Err(error) => format!("is gone ({error})"),
            },
        };
        // A process that has ended already keeps its own status.
        self.child.kill().ok();
        self.child.wait().ok();
        let said = self.said.all();
        if said.is_empty() {
            fate
        } else {
            let lines: Vec<String> = said.lines().map(|line| format!("  | {line}")).collect();
            format!(
                "{fate}; its last lines on standard error:\n{}",
                lines.join("\n")
            )
        }
    }
}

impl Process {
    /// How a worker ended whose connection is closed; none if it goes on.
    fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        const TRIES: u32 = 100;
        for _ in 0..TRIES {
            if let Some(status) = self.child.try_wait()? {
                return Ok(Some(status));
            }
            thread::sleep(Duration::from_millis(2));
        }
        Ok(None)
    }

    /// Ends a worker that is not needed any more, and gives its last lines on standard error.
    pub(super) fn words(mut self) -> String {
        self.child.kill().ok();
        self.child.wait().ok();
        self.said.all()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A plugin keeps nothing outside its process, so there is nothing to wait for.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The last lines of a worker on standard error, read by a thread so that it never waits to be read.
#[derive(Debug)]
struct Said {
    tail: Arc<Mutex<Vec<u8>>>,
    done: Receiver<()>,
}

impl Said {
    fn keep(mut stderr: ChildStderr) -> io::Result<Self> {
        let tail = Arc::new(Mutex::new(Vec::new()));
        let (end, done) = channel();
        let kept = Arc::clone(&tail);
        let read = move || {
            let mut piece = [0; 1024];
            while let Ok(got @ 1..) = stderr.read(&mut piece) {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend_from_slice(piece.get(..got).unwrap_or_default());
                let over = kept.len().saturating_sub(TAIL);
                kept.drain(..over);
            }
            end.send(()).ok(); // nobody waits if the worker ended well
        };
        thread::Builder::new()
            .name("plugin-stderr".to_owned())
            .spawn(read)?;
        Ok(Self { tail, done })
    }

    /// Everything kept, once the worker has ended.
    fn all(&self) -> String {
        // Where nothing keeps a worker from starting processes, one of them may still hold the pipe.
        self.done.recv_timeout(Duration::from_millis(500)).ok();
        values::printable(&self.tail.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What an exit status means, for people.
fn fate(status: ExitStatus) -> String {
    if let Some(code) = status.code() {
        return format!("ended itself with exit status {code}");
    }
    let Some(signal) = status.signal() else {
        return "ended".to_owned();
    };
    let name = match signal {
        libc::SIGSEGV => "SIGSEGV: it touched memory that is not its own, or used up its stack",
        libc::SIGABRT => "SIGABRT: it aborted",
        libc::SIGBUS => "SIGBUS: it touched memory that is not there",
        libc::SIGILL => "SIGILL: it ran into an instruction that does not exist",
        libc::SIGFPE => "SIGFPE: it divided by zero",
        libc::SIGTRAP => "SIGTRAP: it stopped itself",
        libc::SIGKILL => "SIGKILL: the system or a person ended it, perhaps for want of memory",
        libc::SIGXCPU => "SIGXCPU: it used up the processor time of its whole life",
        libc::SIGXFSZ => "SIGXFSZ: it wrote to a file",
        libc::SIGSYS => "SIGSYS: it made a forbidden system call",
        _ => "",
    };
    if name.is_empty() {
        format!("ended by signal {signal}")
    } else {
        format!("ended by signal {signal} ({name})")
    }
}
