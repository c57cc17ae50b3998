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
