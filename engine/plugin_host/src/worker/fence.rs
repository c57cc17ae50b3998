//! The fence: which system calls a worker may make, and which files it may open.
//!
//! Everything that is not listed is refused with an error number that a program can meet in everyday life, so that code
//! which tries goes on and is seen to fail, rather than vanishing.

use crate::image::Image;
use crate::worker::Fence;

/// Takes files away from this thread and those it starts from now on, but for the library's image; whether the kernel knows
/// how to.
#[cfg(target_os = "linux")]
pub(super) fn files(image: Option<&Image>) -> bool {
    deny_files(image.and_then(Image::folder))
}

/// Puts up the fence in which a library is loaded, round every thread; `files` is what [`files`] said.
#[cfg(target_os = "linux")]
pub(super) fn loading(files: bool) -> Result<Fence, String> {
    linux::filter(linux::Stage::Loading)?;
    Ok(Fence { calls: true, files })
}

/// Takes away what was needed only to load it: opening files and making executable memory.
#[cfg(target_os = "linux")]
pub(super) fn running() -> Result<(), String> {
    linux::filter(linux::Stage::Running)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn files(_image: Option<&Image>) -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "fails on Linux")]
pub(super) fn loading(files: bool) -> Result<Fence, String> {
    Ok(Fence {
        calls: false,
        files,
    })
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "fails on Linux")]
pub(super) fn running() -> Result<(), String> {
    Ok(())
}

/// Forbids every file and, where the kernel can, every connection; whether the kernel knows how to. The image of the library
/// is in no file system, or else in a folder of its own that stays open to be read; what it needs was loaded before.
#[cfg(target_os = "linux")]
fn deny_files(but: Option<&std::path::Path>) -> bool {
    use landlock::{
        ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _,
        RulesetStatus, Scope, path_beneath_rules,
    };
    let abi = ABI::V6;
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(abi)))
        .and_then(|rules| rules.scope(Scope::from_all(abi)))
        .and_then(Ruleset::create)
        .and_then(|rules| rules.add_rules(path_beneath_rules(but, AccessFs::from_read(abi))))
        .and_then(landlock::RulesetCreated::restrict_self);
    // Partly is an older kernel, whose first version already knows reading.
    status.is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
}

#[cfg(target_os = "linux")]
mod linux {
    use libc as c;
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen as Length, SeccompCmpOp as Op,
        SeccompCondition, SeccompFilter, SeccompRule,
    };
    use std::collections::BTreeMap;

    /// When a filter is put up. The second comes on top of the first.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(super) enum Stage {
        Loading,
        Running,
    }

    /// Memory, time, waiting, random numbers, and the descriptors that are open already.
    const ALWAYS: &[c::c_long] = &[
        c::SYS_read,
        c::SYS_write,
        c::SYS_readv,
        c::SYS_writev,
        c::SYS_close,
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

    /// Compiles and applies the filter of a stage to this process, for good.
    pub(super) fn filter(stage: Stage) -> Result<(), String> {
        let filter = SeccompFilter::new(
            rules(stage).map_err(|error| error.to_string())?,
            SeccompAction::Errno(c::EPERM.cast_unsigned()),
            SeccompAction::Allow,
            std::env::consts::ARCH
                .try_into()
                .map_err(|_unknown| "seccomp is not supported on this processor")?,
        );
        let program: Result<BpfProgram, _> = filter.and_then(TryInto::try_into);
        let program = program.map_err(|error| error.to_string())?;
        seccompiler::apply_filter_all_threads(&program).map_err(|error| error.to_string())
    }

    type Rules = BTreeMap<c::c_long, Vec<SeccompRule>>;

    fn rules(stage: Stage) -> Result<Rules, seccompiler::BackendError> {
        let mut rules: Rules = ALWAYS.iter().map(|call| (*call, vec![])).collect();
        let me = u64::from(std::process::id());
        // `abort` signals itself. Nobody else may be signalled: the host runs as the same user.
        rules.insert(c::SYS_tgkill, vec![when(0, Length::Dword, Op::Eq, me)?]);
        // Its own limits may be read, not set.
        let own = SeccompCondition::new(0, Length::Dword, Op::Eq, 0)?;
        let no_new = SeccompCondition::new(2, Length::Qword, Op::Eq, 0)?;
        rules.insert(c::SYS_prlimit64, vec![SeccompRule::new(vec![own, no_new])?]);
        if stage == Stage::Running {
            let execute = c::PROT_EXEC.unsigned_abs().into();
            let data_only = || when(2, Length::Dword, Op::MaskedEq(execute), 0);
            rules.insert(c::SYS_mmap, vec![data_only()?]);
            rules.insert(c::SYS_mprotect, vec![data_only()?]);
            return Ok(rules);
        }
        let change =
            c::O_ACCMODE | c::O_CREAT | c::O_TRUNC | c::O_APPEND | c::O_TMPFILE & !c::O_DIRECTORY;
        let read_only = when(
            2,
            Length::Dword,
            Op::MaskedEq(change.unsigned_abs().into()),
            0,
        )?;
        rules.insert(c::SYS_openat, vec![read_only]);
        // The loader looks at what it maps; seccomp and Landlock again, for the second stage.
        for call in [
            c::SYS_mmap,
            c::SYS_mprotect,
            c::SYS_pread64,
            c::SYS_newfstatat,
        ] {
            rules.insert(call, vec![]);
        }
        rules.insert(c::SYS_seccomp, vec![]);
        let no_new_privileges = c::PR_SET_NO_NEW_PRIVS.unsigned_abs().into();
        rules.insert(
            c::SYS_prctl,
            vec![when(0, Length::Dword, Op::Eq, no_new_privileges)?],
        );
        Ok(rules)
    }

    fn when(
        arg: u8,
        length: Length,
        op: Op,
        value: u64,
    ) -> Result<SeccompRule, seccompiler::BackendError> {
        SeccompRule::new(vec![SeccompCondition::new(arg, length, op, value)?])
    }
}
