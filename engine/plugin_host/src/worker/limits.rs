//! What the system lets a worker use.

use std::io;

/// Ends this process when `host` does.
#[cfg(target_os = "linux")]
pub(super) fn die_with(host: u32) -> io::Result<()> {
    // SAFETY: takes numbers only.
    let done = unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
    if done != 0 {
        return Err(io::Error::last_os_error());
    }
    // The host may have ended before that line.
    if std::os::unix::process::parent_id() == host {
        Ok(())
    } else {
        Err(io::Error::other("the host is gone"))
    }
}

/// Elsewhere the closed connection ends it, or the limit of its life.
#[cfg(not(target_os = "linux"))]
pub(super) fn die_with(_: u32) -> io::Result<()> {
    Ok(())
}

/// Limits memory, processor time, descriptors and files, for good. `memory` is what may be added to what is mapped now.
/// Comes before the fence, which would not let it ask.
pub(super) fn set(memory: u64, life: u64) -> io::Result<()> {
    limit(libc::RLIMIT_CORE, 0)?;
    // macOS accepts a limit of the address space and does not keep it.
    if cfg!(target_os = "linux") {
        limit(libc::RLIMIT_AS, mapped()?.saturating_add(memory))?;
    }
    limit(libc::RLIMIT_CPU, life)?;
    limit(libc::RLIMIT_NOFILE, 32)?;
    // Pipes do not count; the library's image has been written.
    limit(libc::RLIMIT_FSIZE, 0)
}

/// Bytes of address space that this process has taken. The allocator of the program that is the worker may have
/// reserved more than a plugin is given, without touching it; that is not the plugin's.
fn mapped() -> io::Result<u64> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmSize:"));
    let kibibytes: Option<u64> = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    let kibibytes =
        kibibytes.ok_or_else(|| io::Error::other("the system does not say what is mapped"))?;
    Ok(kibibytes << 10)
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
type Resource = libc::__rlimit_resource_t;
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
type Resource = libc::c_int;

fn limit(resource: Resource, most: u64) -> io::Result<()> {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: writes to a local.
    if unsafe { libc::getrlimit(resource, &raw mut limit) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // Never more than what this process was given.
    let most = most.min(limit.rlim_max);
    let limit = libc::rlimit {
        rlim_cur: most,
        rlim_max: most,
    };
    // SAFETY: reads from a local.
    if unsafe { libc::setrlimit(resource, &raw const limit) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
