//! Stands in for the kernel where a file is opened inside the sandbox: the loader gets the library's descriptor, whatever
//! else is asked for is refused.
//!
//! The handler has no rights beyond those of the code around it. A plugin that replaces it, or jumps into it, gains nothing:
//! the filter lets no call through that opens a file.

use crate::image::Image;
use std::ffi::{CStr, CString, c_char, c_int, c_long, c_void};
use std::io;
use std::os::fd::RawFd;
use std::os::unix::ffi::OsStrExt as _;
use std::sync::OnceLock;

/// The calls that open a file or look at one by its name.
#[cfg(target_arch = "x86_64")]
pub(super) const TRAPPED: &[c_long] = &[libc::SYS_open, libc::SYS_openat, libc::SYS_newfstatat];
#[cfg(not(target_arch = "x86_64"))]
pub(super) const TRAPPED: &[c_long] = &[libc::SYS_openat, libc::SYS_newfstatat];

/// The one file that can be opened: where the loader looks for it, and its descriptor.
static LIBRARY: OnceLock<(CString, RawFd)> = OnceLock::new();

/// Installs the handler. Without an `image`, nothing can be opened.
pub(super) fn install(image: Option<&Image>) -> io::Result<()> {
    if let Some(image) = image {
        let path = CString::new(image.path.as_os_str().as_bytes())?;
        LIBRARY.set((path, image.descriptor())).ok();
    }
    // SAFETY: all zero is an empty set and no flags.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    let handler: extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) = answer;
    action.sa_sigaction = handler as *const () as libc::sighandler_t;
    action.sa_flags = libc::SA_SIGINFO | libc::SA_NODEFER;
    // SAFETY: the handler only makes system calls and reads what is set before it is installed.
    if unsafe { libc::sigaction(libc::SIGSYS, &raw const action, std::ptr::null_mut()) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Puts the answer where the interrupted call finds what the kernel gave.
extern "C" fn answer(_: c_int, _: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel gives the handler the context of the interrupted call.
    let Some(context) = (unsafe { context.cast::<libc::ucontext_t>().as_mut() }) else {
        return;
    };
    // SAFETY: the address of this thread's error number, which the interrupted code may be about to read.
    let errno = unsafe { libc::__errno_location() };
    // SAFETY: as above.
    let before = unsafe { errno.read() };
    let result = stand_in(&registers::asked(context));
    registers::answered(context, result);
    // SAFETY: as above.
    unsafe { errno.write(before) };
}

/// A system call that did not reach the kernel.
struct Asked {
    call: c_long,
    args: [u64; 4],
}

fn stand_in(asked: &Asked) -> i64 {
    let [first, second, third, fourth] = asked.args;
    match asked.call {
        libc::SYS_openat => open(second),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_open => open(first),
        // The loader's way to look at a descriptor.
        libc::SYS_newfstatat if fourth == u64::from(libc::AT_EMPTY_PATH.unsigned_abs()) => {
            // SAFETY: the caller's own address; a wrong one is an error number.
            kernel(|| unsafe { libc::syscall(libc::SYS_fstat, first, third) })
        }
        _ => -i64::from(libc::EPERM),
    }
}

/// Gives another descriptor of the library if that is what stands at the address `path`.
fn open(path: u64) -> i64 {
    let path = std::ptr::with_exposed_provenance::<c_char>(usize::try_from(path).unwrap_or(0));
    let Some((library, descriptor)) = LIBRARY.get().filter(|_| !path.is_null()) else {
        return -i64::from(libc::EPERM);
    };
    // SAFETY: the text that the interrupted code wanted the kernel to read; where it is none, that code dies of its own.
    let asked = unsafe { CStr::from_ptr(path) };
    if asked != library.as_c_str() {
        return -i64::from(libc::EPERM);
    }
    // The two share a position, which is where a newly opened file has it.
    // SAFETY: takes numbers.
    unsafe { libc::lseek(*descriptor, 0, libc::SEEK_SET) };
    // SAFETY: takes a number.
    kernel(|| unsafe { libc::syscall(libc::SYS_dup, *descriptor) })
}

/// What the kernel would have put into the register: the error number as a negative one.
fn kernel(call: impl FnOnce() -> c_long) -> i64 {
    match call() {
        -1 => -i64::from(
            io::Error::last_os_error()
                .raw_os_error()
                .unwrap_or(libc::EPERM),
        ),
        result => result,
    }
}

#[cfg(target_arch = "x86_64")]
mod registers {
    use super::Asked;
    use libc::{REG_R10, REG_RAX, REG_RDI, REG_RDX, REG_RSI};

    pub(super) fn asked(context: &libc::ucontext_t) -> Asked {
        let register = |number: i32| {
            let number = usize::try_from(number).unwrap_or(usize::MAX);
            context.uc_mcontext.gregs.get(number).copied().unwrap_or(0)
        };
        Asked {
            call: register(REG_RAX),
            args: [REG_RDI, REG_RSI, REG_RDX, REG_R10].map(|at| register(at).cast_unsigned()),
        }
    }

    pub(super) fn answered(context: &mut libc::ucontext_t, result: i64) {
        let number = usize::try_from(REG_RAX).unwrap_or(usize::MAX);
        if let Some(register) = context.uc_mcontext.gregs.get_mut(number) {
            *register = result;
        }
    }
}

#[cfg(target_arch = "aarch64")]
mod registers {
    use super::Asked;

    pub(super) fn asked(context: &libc::ucontext_t) -> Asked {
        let [first, second, third, fourth, _, _, _, _, call, ..] = context.uc_mcontext.regs;
        Asked {
            call: call.cast_signed(),
            args: [first, second, third, fourth],
        }
    }

    pub(super) fn answered(context: &mut libc::ucontext_t, result: i64) {
        let [first, ..] = &mut context.uc_mcontext.regs;
        *first = result.cast_unsigned();
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod registers {
    use super::Asked;

    /// Unknown registers: everything is refused, and so is the plugin, which cannot be linked.
    pub(super) fn asked(_: &libc::ucontext_t) -> Asked {
        Asked {
            call: -1,
            args: [0; 4],
        }
    }

    pub(super) fn answered(_: &mut libc::ucontext_t, _: i64) {}
}
