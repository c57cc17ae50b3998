//! A running plugin behind its table: the only place that calls plugin code.

use crate::float;
use crate::values::{self, Flat, Reply};
use evenhand_contract::abi;
use evenhand_contract::table::Table;
use std::ffi::c_void;
use std::fmt;
#[cfg(unix)]
use std::io::{self, Write as _};
use std::ptr;

/// Where a plugin's log messages go.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Log {
    /// To the diagnostics of this process.
    Tracing,
    /// To standard error, which the host of a worker keeps.
    #[cfg(unix)]
    Stderr,
}

/// What is offered to plugins. Static, because a plugin may keep the pointer.
struct Offer(abi::Host);

// SAFETY: never written, and its `ctx` is null.
unsafe impl Sync for Offer {}

static TRACING: Offer = offer(note_tracing);
#[cfg(unix)]
static STDERR: Offer = offer(note_stderr);

const fn offer(log: unsafe extern "C" fn(*mut c_void, u32, abi::Slice)) -> Offer {
    Offer(abi::Host {
        struct_size: abi::HOST_SIZE_1_0 as u64,
        abi_major: abi::ABI_MAJOR,
        abi_minor: abi::ABI_MINOR,
        reserved: 0,
        ctx: ptr::null_mut(),
        log: Some(log),
        cancelled: Some(never),
    })
}

/// One instance of a plugin in this process.
pub(crate) struct Instance {
    table: Table,
    raw: *mut abi::Instance,
    settings: String,
    host: &'static Offer,
    args: Vec<abi::Value>,
}

// SAFETY: the contract lets an instance move between threads, and `&mut self` keeps calls from overlapping. The pointers
// in `args` are only read during the call that put them there.
unsafe impl Send for Instance {}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instance")
            .field("abi", &self.table.abi)
            .finish_non_exhaustive()
    }
}

impl Instance {
    /// Makes an instance; a failure is what [`Reply`] holds.
    ///
    /// `table` must come from a library that stays loaded for the life of the process.
    pub(crate) fn create(
        table: Table,
        settings: String,
        log: Log,
        limit: usize,
    ) -> Result<Self, Reply> {
        let mut made = Self {
            table,
            raw: ptr::null_mut(),
            settings,
            host: match log {
                Log::Tracing => &TRACING,
                #[cfg(unix)]
                Log::Stderr => &STDERR,
            },
            args: Vec::new(),
        };
        let reply = made.start(limit);
        if reply.status == abi::STATUS_OK && !reply.float_mode && !made.raw.is_null() {
            Ok(made)
        } else {
            Err(reply)
        }
    }

    fn start(&mut self, limit: usize) -> Reply {
        let mut raw = ptr::null_mut();
        let Self {
            table,
            host,
            settings,
            ..
        } = self;
        let settings = abi::Slice::lend(settings.as_bytes());
        let host = &raw const host.0;
        let reply = collect(limit, |sink| {
            // SAFETY: the table was checked; host is static, the rest as long as the call.
            unsafe { (table.create)(host, settings, &raw mut raw, sink) }
        });
        self.raw = raw;
        reply
    }

    #[cfg(unix)]
    /// Ends the instance and makes another with the same settings, as a fresh process would have.
    pub(crate) fn renew(&mut self, limit: usize) -> Reply {
        self.end();
        self.start(limit)
    }

    /// Runs an operation on a document; at most `limit` bytes come back.
    pub(crate) fn run(&mut self, operation: u32, document: &[u8], limit: usize) -> Reply {
        let (Some(run), false) = (self.table.run, self.raw.is_null()) else {
            return unknown();
        };
        let (raw, input) = (self.raw, abi::Slice::lend(document));
        collect(limit, |sink| {
            // SAFETY: the instance was made by this table and is not entered twice; input and sink outlive the call.
            unsafe { run(raw, operation, input, sink) }
        })
    }

    /// Calls a function; at most `limit` bytes come back.
    pub(crate) fn call(&mut self, function: u32, args: &[Flat<'_>], limit: usize) -> Reply {
        let (Some(call), false) = (self.table.call, self.raw.is_null()) else {
            return unknown();
        };
        self.args.clear();
        self.args.extend(args.iter().map(lend));
        let (raw, args, count) = (self.raw, self.args.as_ptr(), self.args.len());
        let mut answer = abi::Value::UNIT;
        let mut reply = collect(limit, |sink| {
            // SAFETY: as in `run`; arguments and answer outlive the call.
            unsafe { call(raw, function, args, count, &raw mut answer, sink) }
        });
        reply.tag = answer.tag;
        // SAFETY: the bytes of `i` are initialised whatever was set, because the value began as all zero.
        let word = unsafe { answer.payload.i }.cast_unsigned();
        // What lies beside a truth value, and where text has no payload, is no part of the answer.
        reply.word = match answer.tag {
            abi::TAG_BOOL => word & 0xff,
            abi::TAG_I64 | abi::TAG_F64 => word,
            _ => 0,
        };
        reply
    }

    fn end(&mut self) {
        let raw = std::mem::replace(&mut self.raw, ptr::null_mut());
        if !raw.is_null() {
            // SAFETY: made by this table, and not used again.
            unsafe { (self.table.destroy)(raw) }
        }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.end();
    }
}

fn unknown() -> Reply {
    Reply {
        status: abi::STATUS_UNKNOWN,
        ..Reply::default()
    }
}

fn lend(arg: &Flat<'_>) -> abi::Value {
    let (tag, word, text) = arg.parts();
    let mut value = abi::Value::of(tag);
    match arg {
        Flat::Str(_) | Flat::Json(_) => value.payload.s = abi::Slice::lend(text),
        _ => value.payload.i = word.cast_signed(),
    }
    value
}

/// What a call writes, up to a limit.
struct Collected {
    bytes: Vec<u8>,
    limit: usize,
    refused: bool,
    nowhere: bool,
}

/// Runs `call` with a sink and guards the floating-point mode.
fn collect(limit: usize, call: impl FnOnce(*const abi::Sink) -> abi::Status) -> Reply {
    let mut collected = Collected {
        bytes: Vec::new(),
        limit,
        refused: false,
        nowhere: false,
    };
    let sink = abi::Sink {
        ctx: (&raw mut collected).cast(),
        write: Some(write),
    };
    let before = float::mode();
    let status = call(&raw const sink);
    let float_mode = float::mode() != before;
    if float_mode {
        float::restore(before);
    }
    Reply {
        status,
        refused: collected.refused,
        nowhere: collected.nowhere,
        float_mode,
        bytes: collected.bytes,
        ..Reply::default()
    }
}

/// Takes bytes of an answer. Nothing here can panic: a panic must not cross into the plugin.
unsafe extern "C" fn write(ctx: *mut c_void, ptr: *const u8, len: usize) -> i32 {
    // SAFETY: `ctx` is the one of the sink, whose `Collected` lives until the call is over and is not used meanwhile.
    let Some(collected) = (unsafe { ctx.cast::<Collected>().as_mut() }) else {
        return 1;
    };
    let room = collected.limit.saturating_sub(collected.bytes.len());
    if collected.refused || len > room || collected.bytes.try_reserve(len).is_err() {
        collected.refused = true;
        return 1;
    }
    let slice = abi::Slice { ptr, len };
    // SAFETY: the plugin promises that the bytes are readable; null is seen by `bytes`. Whatever else it promises
    // falsely, an isolated worker dies of it alone.
    let Some(bytes) = (unsafe { slice.bytes() }) else {
        collected.refused = true;
        collected.nowhere = true;
        return 1;
    };
    collected.bytes.extend_from_slice(bytes);
    0
}

unsafe extern "C" fn note_tracing(_: *mut c_void, level: u32, message: abi::Slice) {
    // SAFETY: as in `write`.
    let bytes = unsafe { message.bytes() }.unwrap_or_default();
    let text = values::printable(bytes);
    match level {
        abi::LOG_ERROR => tracing::error!(target: "plugin", "{text}"),
        abi::LOG_WARN => tracing::warn!(target: "plugin", "{text}"),
        abi::LOG_INFO => tracing::info!(target: "plugin", "{text}"),
        _ => tracing::debug!(target: "plugin", "{text}"),
    }
}

#[cfg(unix)]
unsafe extern "C" fn note_stderr(_: *mut c_void, _: u32, message: abi::Slice) {
    // SAFETY: as in `write`.
    let bytes = unsafe { message.bytes() }.unwrap_or_default();
    let mut stderr = io::stderr().lock();
    // Nobody is left to be told if the host has closed the other end.
    stderr
        .write_all(bytes)
        .and_then(|()| stderr.write_all(b"\n"))
        .ok();
}

/// The host kills a worker whose answer it no longer wants.
unsafe extern "C" fn never(_: *mut c_void) -> i32 {
    0
}
