//! What the host offers during a call: a log, and the wish to stop.

#![expect(
    unsafe_code,
    reason = "calls the host's functions and reads its struct of unknown length"
)]

use crate::abi::{self, Slice};
use std::cell::Cell;
use std::ffi::c_void;
use std::mem::offset_of;

/// How much a logged message matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Something went wrong.
    Error,
    /// Something looks wrong.
    Warn,
    /// Worth knowing.
    Info,
    /// For whoever looks for a mistake.
    Debug,
}

/// Sends a message to the host's log; outside a call, or where the host keeps none, it is dropped.
pub fn log(level: Level, message: &str) {
    let Some((host, log)) = CURRENT
        .get()
        .and_then(|host| host.log.map(|log| (host, log)))
    else {
        return;
    };
    let level = match level {
        Level::Error => abi::LOG_ERROR,
        Level::Warn => abi::LOG_WARN,
        Level::Info => abi::LOG_INFO,
        Level::Debug => abi::LOG_DEBUG,
    };
    // SAFETY: `host` is that of the call under way, and the message outlives the call of `log`.
    unsafe { log(host.ctx, level, Slice::lend(message.as_bytes())) }
}

/// Whether the answer is no longer wanted. To be asked now and then in long computations; then return [`Error::limit`].
///
/// [`Error::limit`]: crate::Error::limit
pub fn cancelled() -> bool {
    let Some((host, cancelled)) = CURRENT
        .get()
        .and_then(|host| host.cancelled.map(|cancelled| (host, cancelled)))
    else {
        return false;
    };
    // SAFETY: `host` is that of the call under way.
    unsafe { cancelled(host.ctx) != 0 }
}

thread_local! {
    /// The host of the call under way on this thread.
    static CURRENT: Cell<Option<HostView>> = const { Cell::new(None) };
}

/// The fields of an [`abi::Host`] that are there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HostView {
    pub(crate) abi: (u16, u16),
    ctx: *mut c_void,
    log: Option<unsafe extern "C" fn(*mut c_void, u32, Slice)>,
    cancelled: Option<unsafe extern "C" fn(*mut c_void) -> i32>,
}

impl HostView {
    /// Copies what `raw` has. A host of an earlier minor version is shorter, one of a later is longer.
    ///
    /// # Safety
    ///
    /// `raw` is readable and aligned for its first 16 bytes and for its `struct_size`, and its functions may be called with its
    /// `ctx` for as long as this copy is used.
    pub(crate) unsafe fn read(raw: *const abi::Host) -> Self {
        // SAFETY: the caller's promise about the first 16 bytes.
        let head = unsafe { raw.cast::<Head>().read() };
        let has = |offset: usize| head.struct_size >= (offset + size_of::<usize>()) as u64;
        // SAFETY: each field is read only where `struct_size` covers it.
        let ctx = has(offset_of!(abi::Host, ctx)).then(|| unsafe { (*raw).ctx });
        // SAFETY: as above.
        let log = has(offset_of!(abi::Host, log)).then(|| unsafe { (*raw).log });
        // SAFETY: as above.
        let cancelled = has(offset_of!(abi::Host, cancelled)).then(|| unsafe { (*raw).cancelled });
        Self {
            abi: (head.abi_major, head.abi_minor),
            ctx: ctx.unwrap_or(std::ptr::null_mut()),
            log: log.flatten(),
            cancelled: cancelled.flatten(),
        }
    }

    /// Makes this the host of the thread until the guard is dropped.
    pub(crate) fn enter(self) -> Entered {
        Entered {
            before: CURRENT.replace(Some(self)),
        }
    }
}

/// The beginning of every host of every version.
#[repr(C)]
struct Head {
    struct_size: u64,
    abi_major: u16,
    abi_minor: u16,
    reserved: u32,
}

/// Puts the former host back when a call ends, by a panic too.
#[derive(Debug)]
pub(crate) struct Entered {
    before: Option<HostView>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(self.before);
    }
}
