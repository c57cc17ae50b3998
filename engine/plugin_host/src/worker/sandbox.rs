//! The sandbox: which system calls a worker may make, and which files it may open.
//!
//! One filter, complete before the first instruction of a plugin: there is no looser one for loading, in which code that
//! runs at that moment could stay. The loader has to open the library, though, and a filter cannot look at names. So
//! opening a file does not reach the kernel: it raises a signal, whose handler gives the loader the descriptor of the one
//! library that is there already, and refuses everything else (`stand_in`).
//!
//! Everything that is not listed is refused with an error number that a program can meet in everyday life, so that code
//! which tries goes on and is seen to fail, rather than vanishing.

use crate::image::Image;
use crate::worker::Sandbox;

/// Puts up the sandbox in which a library is loaded and runs, round every thread; `files` is what [`deny_files`] said.
#[cfg(target_os = "linux")]
pub(super) fn enter(image: Option<&Image>, files: bool) -> Result<Sandbox, String> {
    super::stand_in::install(image).map_err(|error| error.to_string())?;
    linux::filter()?;
    Ok(Sandbox { calls: true, files })
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "fails on Linux")]
pub(super) fn enter(_image: Option<&Image>, files: bool) -> Result<Sandbox, String> {
    Ok(Sandbox {
        calls: false,
        files,
    })
}

#[cfg(not(target_os = "linux"))]
pub(super) fn deny_files() -> bool {
    false
}

/// Forbids every file and, where the kernel can, every connection, for this thread and those it starts from now on; whether
/// the kernel knows how to. A second wall behind the filter.
#[cfg(target_os = "linux")]
pub(super) fn deny_files() -> bool {
    use landlock::{
        ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _, RulesetStatus, Scope,
    };
    let abi = ABI::V6;
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(abi)))
        .and_then(|rules| rules.scope(Scope::from_all(abi)))
        .and_then(Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self);
    // Partly is an older kernel, whose first version already knows reading.
    status.is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
}

#[cfg(target_os = "linux")]
mod linux {
    use crate::worker::stand_in::TRAPPED;
    use libc as c;
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen as Length, SeccompCmpOp as Op,
        SeccompCondition, SeccompFilter, SeccompRule,
    };
    use std::collections::BTreeMap;

    /// Memory, time, waiting, random numbers, and the descriptors that are open already.
    const ALWAYS: &[c::c_long] = &[
        c::SYS_read,
        c::SYS_write,
        c::SYS_readv,
        c::SYS_writev,
        c::SYS_pread64,
        c::SYS_close,
        c::SYS_dup,
        c::SYS_fstat,
        c::SYS_lseek,
        c::SYS_munmap,
        c::SYS_mremap,
        c::SYS_madvise,
        c::SYS_brk,
        c::SYS_rt_sigaction,
        c::SYS_rt_sigprocmask,
        c::SYS_rt_sigreturn,
        c::SYS_sigaltstack,
        c::SYS_futex,
        c::SYS_sched_yield,
        c::SYS_sched_getaffinity,
        c::SYS_getrandom,
        c::SYS_clock_gettime,
        c::SYS_clock_getres,
        c::SYS_gettimeofday,
        c::SYS_clock_nanosleep,
        c::SYS_nanosleep,
        c::SYS_sysinfo,
        c::SYS_getpid,
        c::SYS_gettid,
        c::SYS_restart_syscall,
        c::SYS_exit,
        c::SYS_exit_group,
    ];

    /// Compiles and applies the filter to every thread of this process, for good.
    ///
    /// A filter has one answer for what matches, so there are two: of several answers the kernel takes the stricter, and a
    /// signal counts as stricter than an error number.
    pub(super) fn filter() -> Result<(), String> {
        let trapped = TRAPPED.iter().map(|call| (*call, vec![])).collect();
        apply(trapped, SeccompAction::Allow, SeccompAction::Trap)?;
        let refused = SeccompAction::Errno(c::EPERM.cast_unsigned());
        let rules = rules().map_err(|error| error.to_string())?;
        apply(rules, refused, SeccompAction::Allow)
    }

    fn apply(rules: Rules, other: SeccompAction, matching: SeccompAction) -> Result<(), String> {
        let processor = std::env::consts::ARCH
            .try_into()
            .map_err(|_unknown| "seccomp is not supported on this processor")?;
        let filter = SeccompFilter::new(rules, other, matching, processor);
        let program: Result<BpfProgram, _> = filter.and_then(TryInto::try_into);
        let program = program.map_err(|error| error.to_string())?;
        seccompiler::apply_filter_all_threads(&program).map_err(|error| error.to_string())
    }

    type Rules = BTreeMap<c::c_long, Vec<SeccompRule>>;

    fn rules() -> Result<Rules, seccompiler::BackendError> {
        let mut rules: Rules = ALWAYS.iter().map(|call| (*call, vec![])).collect();
        let me = u64::from(std::process::id());
        // `abort` signals itself. Nobody else may be signalled: the host runs as the same user.
        rules.insert(
            c::SYS_tgkill,
            vec![all(vec![when(0, Length::Dword, Op::Eq, me)?])?],
        );
        // Its own limits may be read, not set.
        let own = when(0, Length::Dword, Op::Eq, 0)?;
        let no_new = when(2, Length::Qword, Op::Eq, 0)?;
        rules.insert(c::SYS_prlimit64, vec![all(vec![own, no_new])?]);
        // The library is mapped to be executed, never to be written and executed; and nothing else is: pipes and empty
        // devices cannot be mapped, so what is mapped from a descriptor is the library.
        let execute = c::PROT_EXEC.unsigned_abs().into();
        let code = execute | u64::from(c::PROT_WRITE.unsigned_abs());
        let anonymous = c::MAP_ANONYMOUS.unsigned_abs().into();
        let data_only = || all(vec![when(2, Length::Dword, Op::MaskedEq(execute), 0)?]);
        let library = all(vec![
            when(2, Length::Dword, Op::MaskedEq(code), execute)?,
            when(3, Length::Dword, Op::MaskedEq(anonymous), 0)?,
        ])?;
        rules.insert(c::SYS_mmap, vec![data_only()?, library]);
        rules.insert(c::SYS_mprotect, vec![data_only()?]);
        Ok(rules)
    }

    fn all(conditions: Vec<SeccompCondition>) -> Result<SeccompRule, seccompiler::BackendError> {
        SeccompRule::new(conditions)
    }

    fn when(
        arg: u8,
        length: Length,
        op: Op,
        value: u64,
    ) -> Result<SeccompCondition, seccompiler::BackendError> {
        SeccompCondition::new(arg, length, op, value)
    }
}
