//! For fuzzing: the worker's reading of everything that a host may send, with a plugin that gives back what it gets.

use super::serve::{Out, Prepared, one, opening};
use super::together::Pool;
use crate::frame;
use crate::inbox::Inbox;
use crate::instance::{Instance, Log};
use evenhand_contract::abi;
use evenhand_contract::table::Table;
use std::fs::File;
use std::ptr;

/// A plugin that gives back what it gets.
static ECHO: abi::Plugin = abi::Plugin {
    magic: abi::MAGIC,
    abi_major: abi::ABI_MAJOR,
    abi_minor: abi::ABI_MINOR,
    struct_size: abi::PLUGIN_SIZE_1_0 as u64,
    manifest: abi::Slice::lend(b"{}"),
    create: Some(create),
    destroy: Some(destroy),
    call: Some(call),
    run: Some(run),
};

/// Longest message here.
const LIMIT: usize = 1 << 16;

/// Reads `bytes` as a worker reads its host: the first message, then questions, each of which is answered into nowhere.
pub(crate) fn host_says(bytes: &[u8]) {
    let mut inbox = Inbox::new(LIMIT);
    let mut rest = bytes;
    let (nothing, prepared) = (nowhere(), prepared());
    assert!(nothing.is_ok() && prepared.is_some(), "a plugin to ask");
    let (Ok(nothing), Some(mut prepared)) = (nothing, prepared) else {
        return;
    };
    let mut out = Out::to(nothing);
    let mut first = true;
    while let Ok(found) = inbox.first() {
        let Some(frame) = found else {
            if rest.is_empty() {
                return;
            }
            let filled = inbox.fill(|room| std::io::Read::read(&mut rest, room));
            assert!(filled.is_ok());
            continue;
        };
        let size = frame.size;
        if std::mem::take(&mut first) {
            // What is not a first message is asked as a question, so that questions are reached soon.
            if frame.kind == frame::START && opening(frame).is_err() {
                return;
            }
        }
        if frame.kind != frame::START && one(frame, &mut out, &mut prepared).is_err() {
            return;
        }
        inbox.consume(size);
    }
}

fn nowhere() -> std::io::Result<File> {
    File::options().write(true).open("/dev/null")
}

fn prepared() -> Option<Prepared> {
    // SAFETY: a static table, whose functions are static too.
    let table = unsafe { Table::read(&raw const ECHO) }.ok()?;
    let instance = Instance::create(table, String::new(), Log::Stderr, LIMIT).ok()?;
    let pool = Pool::start(0).ok()?.of(table, "", LIMIT);
    Some(Prepared {
        instance,
        pool,
        text: LIMIT,
    })
}

unsafe extern "C" fn create(
    _: *const abi::Host,
    _: abi::Slice,
    out: *mut *mut abi::Instance,
    _: *const abi::Sink,
) -> abi::Status {
    // SAFETY: the host lends a place for the instance, which is never read through.
    unsafe { out.write(ptr::dangling_mut()) };
    abi::STATUS_OK
}

unsafe extern "C" fn destroy(_: *mut abi::Instance) {}

/// Looks at every byte of every argument, as a sanitizer does at what it is given.
unsafe extern "C" fn call(
    _: *mut abi::Instance,
    _: u32,
    args: *const abi::Value,
    count: usize,
    ret: *mut abi::Value,
    sink: *const abi::Sink,
) -> abi::Status {
    for index in 0..count {
        // SAFETY: the host lends `count` arguments.
        let value = unsafe { args.add(index) };
        // SAFETY: as above.
        let value = unsafe { &*value };
        if value.tag == abi::TAG_STR || value.tag == abi::TAG_JSON {
            // SAFETY: the payload of these two is a slice that the host lends.
            let text = unsafe { value.payload.s };
            // SAFETY: sink and slice are the host's.
            unsafe { echo(text, sink) };
        } else {
            // SAFETY: a place that the host lends.
            unsafe { ret.write(*value) };
        }
    }
    abi::STATUS_OK
}

unsafe extern "C" fn run(
    _: *mut abi::Instance,
    _: u32,
    input: abi::Slice,
    sink: *const abi::Sink,
) -> abi::Status {
    // SAFETY: sink and slice are the host's.
    unsafe { echo(input, sink) };
    abi::STATUS_OK
}

unsafe fn echo(text: abi::Slice, sink: *const abi::Sink) {
    // SAFETY: the caller lends the sink.
    let sink = unsafe { &*sink };
    if let Some(write) = sink.write {
        // SAFETY: the sink takes any bytes that are lent.
        unsafe { write(sink.ctx, text.ptr, text.len) };
    }
}
