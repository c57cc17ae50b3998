//! The few system calls that the standard library does not offer, each behind a safe function.

#[cfg(unix)]
use std::io;
#[cfg(unix)]
use std::os::fd::{AsRawFd as _, BorrowedFd};
#[cfg(unix)]
use std::time::Duration;

/// The user this process acts as.
#[cfg(unix)]
pub(crate) fn user() -> u32 {
    // SAFETY: takes nothing, cannot fail.
    unsafe { libc::geteuid() }
}

/// Ends this process at once, without what was registered for its end.
#[cfg(unix)]
pub(crate) fn end(code: u8) -> ! {
    // SAFETY: takes a number.
    unsafe { libc::_exit(code.into()) }
}

#[cfg(not(unix))]
pub(crate) fn end(code: u8) -> ! {
    std::process::exit(code.into())
}

/// What to wait for on a descriptor.
#[cfg(unix)]
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wait {
    Readable,
    Writable,
}

/// Waits until `fd` is ready, its other end is gone, or `time` is over; whether something happened.
#[cfg(unix)]
pub(crate) fn wait(fd: BorrowedFd<'_>, what: Wait, time: Duration) -> io::Result<bool> {
    let events = match what {
        Wait::Readable => libc::POLLIN,
        Wait::Writable => libc::POLLOUT,
    };
    let mut entry = libc::pollfd {
        fd: fd.as_raw_fd(),
        events,
        revents: 0,
    };
    let millis = i32::try_from(time.as_millis()).unwrap_or(i32::MAX);
    // SAFETY: one entry, alive for the call.
    let count = unsafe { libc::poll(&raw mut entry, 1, millis) };
    if count < 0 {
        let error = io::Error::last_os_error();
        // A signal handler of the host ran: ask again, the deadline is the caller's.
        return if error.kind() == io::ErrorKind::Interrupted {
            Ok(false)
        } else {
            Err(error)
        };
    }
    Ok(count > 0)
}

/// Makes writing to `fd` fail with `WouldBlock` where it would wait.
#[cfg(unix)]
pub(crate) fn never_block(fd: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: reads the flags of an open descriptor.
    let flags = unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_GETFL) };
    if flags < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: sets the flags of an open descriptor.
    let done = unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_SETFL, flags | libc::O_NONBLOCK) };
    if done < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

/// Makes the descriptor number `target` another name of `fd`.
#[cfg(unix)]
pub(crate) fn replace(fd: BorrowedFd<'_>, target: i32) -> io::Result<()> {
    // SAFETY: both are numbers; what `target` was is closed, which the worker wants.
    let done = unsafe { libc::dup2(fd.as_raw_fd(), target) };
    if done < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

/// Closes every descriptor from `first` on; whether the system can do that at once.
#[cfg(target_os = "linux")]
pub(crate) fn close_all_from(first: i32) -> bool {
    // SAFETY: takes numbers. Nothing that this process opened itself is meant: it is called before anything is opened.
    unsafe { libc::syscall(libc::SYS_close_range, first, libc::c_uint::MAX, 0) == 0 }
}

#[cfg(all(unix, not(target_os = "linux")))]
pub(crate) fn close_all_from(_: i32) -> bool {
    false
}

/// Closes the descriptor with this number, if there is one.
#[cfg(unix)]
pub(crate) fn close(number: i32) {
    // SAFETY: as above.
    unsafe { libc::close(number) };
}

/// Leaves the session of whoever started this process, and with it the terminal.
#[cfg(unix)]
pub(crate) fn leave_session() {
    // SAFETY: takes nothing. It fails only for the leader of a group, which has none to leave.
    unsafe { libc::setsid() };
}

/// Lets new files be this user's alone.
#[cfg(unix)]
pub(crate) fn private_files() {
    // SAFETY: takes a number.
    unsafe { libc::umask(0o077) };
}

/// Gives every signal that a caller ignored its first meaning, and holds none back. Writing to a closed pipe stays an
/// error, as Rust wants it; handlers are this program's own.
#[cfg(unix)]
pub(crate) fn signals_as_at_first() -> io::Result<()> {
    for signal in (1..=64).filter(|signal| *signal != libc::SIGPIPE) {
        // SAFETY: all zero is no handler and no flags.
        let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
        // SAFETY: writes to a local; numbers that are no signals are refused.
        let known = unsafe { libc::sigaction(signal, std::ptr::null(), &raw mut action) } == 0;
        if known && action.sa_sigaction == libc::SIG_IGN {
            // SAFETY: no handler is set.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
    }
    // SAFETY: all zero is a set of the right size, emptied in the next line.
    let mut none: libc::sigset_t = unsafe { std::mem::zeroed() };
    // SAFETY: writes to a local.
    unsafe { libc::sigemptyset(&raw mut none) };
    // SAFETY: reads from a local.
    if unsafe { libc::sigprocmask(libc::SIG_SETMASK, &raw const none, std::ptr::null_mut()) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// The processor time that the process `pid` has used so far.
#[cfg(target_os = "linux")]
pub(crate) fn processor_time(pid: u32) -> Option<Duration> {
    let mut clock = 0;
    // SAFETY: writes the clock's number to a local.
    let found = unsafe { libc::clock_getcpuclockid(pid.cast_signed(), &raw mut clock) };
    if found != 0 {
        return None;
    }
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: writes the time to a local.
    let read = unsafe { libc::clock_gettime(clock, &raw mut time) };
    if read != 0 {
        return None;
    }
    let nanos = u32::try_from(time.tv_nsec).ok()?;
    Some(Duration::new(u64::try_from(time.tv_sec).ok()?, nanos))
}

/// Elsewhere the time on the wall has to do.
#[cfg(all(unix, not(target_os = "linux")))]
pub(crate) fn processor_time(_: u32) -> Option<Duration> {
    None
}

/// What a process did with its time: how long it ran, and how long it wanted to run and did not get a core.
#[cfg(unix)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) ran: Duration,
    pub(crate) queued: Duration,
}

/// What the process `pid` did so far; none where the system does not tell.
#[cfg(unix)]
pub(crate) fn usage(pid: u32) -> Option<Usage> {
    let ran = processor_time(pid)?;
    Some(Usage {
        ran,
        queued: queued(pid).unwrap_or_default(),
    })
}

/// How long the first thread of `pid` stood in line for a core, where the kernel counts that.
#[cfg(unix)]
fn queued(pid: u32) -> Option<Duration> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/schedstat")).ok()?;
    let nanos = text.split_whitespace().nth(1)?.parse().ok()?;
    Some(Duration::from_nanos(nanos))
}

/// The core this thread runs on at the moment.
#[cfg(target_os = "linux")]
pub(crate) fn core() -> Option<usize> {
    // SAFETY: takes nothing.
    usize::try_from(unsafe { libc::sched_getcpu() }).ok()
}

/// Lets the process `pid` run on `core` only; whether that was allowed.
#[cfg(target_os = "linux")]
pub(crate) fn move_to(pid: u32, core: usize) -> bool {
    // SAFETY: all zero is the empty set.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    if core >= libc::CPU_SETSIZE.unsigned_abs() as usize {
        return false;
    }
    // SAFETY: the core's number was checked against the size of the set.
    unsafe { libc::CPU_SET(core, &mut set) };
    // SAFETY: the set is alive for the call, and its size is given.
    unsafe { libc::sched_setaffinity(pid.cast_signed(), size_of_val(&set), &raw const set) == 0 }
}

/// Bytes of memory that the process `pid` holds.
#[cfg(target_os = "linux")]
pub(crate) fn resident(pid: u32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = text.lines().find(|line| line.starts_with("Rss:"))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes << 10)
}

/// Elsewhere growth is not measured.
#[cfg(all(unix, not(target_os = "linux")))]
pub(crate) fn resident(_: u32) -> Option<u64> {
    None
}
