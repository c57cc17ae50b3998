//! Answers that a host must not believe.

#![expect(
    unsafe_code,
    reason = "a test fixture that breaks the contract on purpose"
)]

use super::{Deed, Scene, deed};
use evenhand_plugin::abi::{self, Payload, Sink, Slice, Status, Value};
use evenhand_plugin::value::ValueType::{Bool, F64, I64, Json, Str};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// The deeds of this file.
pub const DEEDS: &[Deed] = &[
    deed("bad_utf8", Str, |scene| {
        send_as(scene, abi::TAG_STR, b"caf\xe9 \xff\xfe")
    }),
    deed("bad_json", Json, |scene| {
        send_as(scene, abi::TAG_JSON, b"{\"cut\": [1, 2")
    }),
    deed("deep_json", Json, deep_json),
    deed("huge_number", Json, |scene| {
        send_as(scene, abi::TAG_JSON, b"1e999")
    }),
    deed("dangling_answer", Str, |scene| {
        send_slice(scene, ptr::without_provenance(4096), 64)
    }),
    deed("null_answer", Str, |scene| {
        send_slice(scene, ptr::null(), 64)
    }),
    deed("long_claim", Str, |scene| {
        send_slice(scene, b"short".as_ptr(), 100_000_000_000)
    }),
    deed("impossible_length", Str, |scene| {
        send_slice(scene, b"short".as_ptr(), usize::MAX)
    }),
    deed("long_answer", Str, long_answer),
    deed("stubborn_answer", Str, stubborn_answer),
    deed("late_sink", Str, late_sink),
    deed("text_in_value", Str, text_in_value),
    deed("bogus_tag", I64, |scene| {
        value(
            scene,
            Value {
                tag: 77,
                ..Value::UNIT
            },
        )
    }),
    deed("bogus_status", I64, |_| 77),
    deed("negative_status", I64, |_| -1),
    deed("no_answer", I64, |_| abi::STATUS_OK),
    deed("wrong_type", I64, |scene| value(scene, Value::f64(1.5))),
    deed("not_finite", F64, |scene| {
        value(scene, Value::f64(f64::NAN))
    }),
    deed("infinite", F64, |scene| {
        value(scene, Value::f64(f64::INFINITY))
    }),
    deed("bad_bool", Bool, bad_bool),
];

/// Returns a value; outside a function call nothing.
pub(super) fn value(scene: &mut Scene<'_>, value: Value) -> Status {
    if !scene.answer.is_null() {
        // SAFETY: the host owns the place.
        unsafe { scene.answer.write(value) };
    }
    abi::STATUS_OK
}

/// Returns text as a well-behaved plugin does.
pub(super) fn text(scene: &mut Scene<'_>, text: &str) -> Status {
    send_as(scene, abi::TAG_STR, text.as_bytes())
}

/// Sends bytes as an answer of the type `tag`.
pub(super) fn send_as(scene: &mut Scene<'_>, tag: u32, bytes: &[u8]) -> Status {
    value(scene, Value::of(tag));
    match send(scene.sink, bytes.as_ptr(), bytes.len()) {
        0 => abi::STATUS_OK,
        _ => abi::STATUS_LIMIT,
    }
}

fn send(sink: *const Sink, bytes: *const u8, len: usize) -> i32 {
    // SAFETY: null or lent by the host, or as dead as the deed wants it.
    let sink = unsafe { sink.as_ref() };
    let Some(&Sink {
        ctx,
        write: Some(write),
    }) = sink
    else {
        return 1;
    };
    // SAFETY: none for the bytes: that is the deed.
    unsafe { write(ctx, bytes, len) }
}

fn send_slice(scene: &mut Scene<'_>, bytes: *const u8, len: usize) -> Status {
    value(scene, Value::of(abi::TAG_STR));
    match send(scene.sink, bytes, len) {
        0 => abi::STATUS_OK,
        _ => abi::STATUS_LIMIT,
    }
}

/// A hundred thousand brackets: deep enough to end a reader that recurses.
fn deep_json(scene: &mut Scene<'_>) -> Status {
    let text = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
    send_as(scene, abi::TAG_JSON, &text)
}

/// A hundred gigabytes, a mebibyte at a time; stops when the host refuses.
fn long_answer(scene: &mut Scene<'_>) -> Status {
    let chunk = "x".repeat(1 << 20);
    value(scene, Value::of(abi::TAG_STR));
    for _ in 0..100_000 {
        if send(scene.sink, chunk.as_ptr(), chunk.len()) != 0 {
            return abi::STATUS_LIMIT;
        }
    }
    abi::STATUS_OK
}

/// Goes on writing after the host refused, and says that all is well.
fn stubborn_answer(scene: &mut Scene<'_>) -> Status {
    let chunk = "x".repeat(1 << 20);
    value(scene, Value::of(abi::TAG_STR));
    for _ in 0..64 {
        send(scene.sink, chunk.as_ptr(), chunk.len());
    }
    send(scene.sink, chunk.as_ptr(), 1);
    abi::STATUS_OK
}

/// Keeps the sink, and from the second call on writes into the one of the call before.
fn late_sink(scene: &mut Scene<'_>) -> Status {
    static BEFORE: AtomicPtr<Sink> = AtomicPtr::new(ptr::null_mut());
    let before = BEFORE.swap(scene.sink.cast_mut(), Ordering::Relaxed);
    send(before, b"late".as_ptr(), 4);
    text(scene, "kept")
}

/// Text in the returned value instead of the sink, at an address where nothing is.
fn text_in_value(scene: &mut Scene<'_>) -> Status {
    let slice = Slice {
        ptr: ptr::without_provenance(4096),
        len: 64,
    };
    value(
        scene,
        Value {
            payload: Payload { s: slice },
            ..Value::of(abi::TAG_STR)
        },
    )
}

fn bad_bool(scene: &mut Scene<'_>) -> Status {
    value(
        scene,
        Value {
            payload: Payload { b: 7 },
            ..Value::of(abi::TAG_BOOL)
        },
    )
}
