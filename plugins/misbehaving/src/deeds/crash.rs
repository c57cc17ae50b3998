//! Ends, hangs or exhausts the process.

#![expect(
    unsafe_code,
    reason = "a test fixture that breaks the contract on purpose"
)]

use super::{Deed, Scene, answer, deed, deed_with};
use evenhand_plugin::abi::{self, Status};
use evenhand_plugin::value::ValueType::{I64, Str, Unit};
use std::alloc::{self, Layout};
use std::hint::black_box;
use std::process;
use std::ptr;
use std::thread;
use std::time::Duration;

/// The deeds of this file.
pub const DEEDS: &[Deed] = &[
    deed("panic_bare", Unit, |_| panic_bare()),
    deed("abort", Unit, |_| process::abort()),
    deed("segfault", Unit, |_| segfault()),
    deed("endless_loop", Unit, |_| endless_loop()),
    deed("stack_overflow", Unit, |_| stack_overflow()),
    deed("heap_damage", Unit, |_| heap_damage()),
    deed("double_free", Unit, |_| double_free()),
    deed("exit_zero", Unit, |_| exit_zero()),
    deed("failed_allocation", Unit, |_| failed_allocation()),
    deed("eat_memory", Str, eat_memory),
    deed("reserve_memory", Str, reserve_memory),
    deed_with("slow", Unit, slow),
    deed("late_crash", I64, late_crash),
    deed("null_instance", Unit, |_| abi::STATUS_OK),
];

#[expect(clippy::panic, reason = "that is the misbehaviour")]
extern "C" fn panic_bare() -> Status {
    panic!("in a plain extern function, which Rust turns into an abort");
}

fn segfault() -> Status {
    let nowhere = ptr::without_provenance_mut::<u8>(black_box(8));
    // SAFETY: there is none: nothing is mapped there.
    unsafe { nowhere.write_volatile(1) };
    abi::STATUS_OK
}

fn endless_loop() -> Status {
    while black_box(true) {
        std::hint::spin_loop();
    }
    abi::STATUS_OK
}

fn stack_overflow() -> Status {
    fn deeper(depth: u64) -> u64 {
        let here = black_box([depth; 512]);
        if black_box(depth) == u64::MAX {
            return 0;
        }
        deeper(depth + 1).wrapping_add(here.iter().sum::<u64>())
    }
    black_box(deeper(0));
    abi::STATUS_OK
}

fn heap_damage() -> Status {
    let layout = Layout::new::<[u64; 6]>();
    for _ in 0..64 {
        // SAFETY: the layout is not empty.
        let block = black_box(unsafe { alloc::alloc(layout) });
        // SAFETY: there is none: this writes far beyond the end of the block.
        unsafe { block.write_bytes(0xEE, 4096) };
        // SAFETY: it is the block allocated above, though its surroundings are destroyed.
        unsafe { alloc::dealloc(block, layout) };
    }
    abi::STATUS_OK
}

fn double_free() -> Status {
    let layout = Layout::new::<[u64; 6]>();
    // SAFETY: the layout is not empty.
    let block = black_box(unsafe { alloc::alloc(layout) });
    for _ in 0..2 {
        // SAFETY: none the second time.
        unsafe { alloc::dealloc(block, layout) };
    }
    abi::STATUS_OK
}

#[expect(clippy::exit, reason = "that is the misbehaviour")]
fn exit_zero() -> Status {
    process::exit(0)
}

fn failed_allocation() -> Status {
    let mut block: Vec<u8> = Vec::with_capacity(black_box(1 << 60));
    block.push(1);
    black_box(block);
    abi::STATUS_OK
}

/// Takes memory until no more is given, says how much it was, and gives it back.
fn eat_memory(scene: &mut Scene<'_>) -> Status {
    take_memory(scene, |block| {
        for page in block.spare_capacity_mut().iter_mut().step_by(4096) {
            page.write(1); // an untouched page costs nothing
        }
    })
}

/// The same without touching it, which takes no time.
fn reserve_memory(scene: &mut Scene<'_>) -> Status {
    take_memory(scene, |_| {})
}

fn take_memory(scene: &mut Scene<'_>, touch: fn(&mut Vec<u8>)) -> Status {
    const STEP: usize = 16 << 20;
    let mut blocks: Vec<Vec<u8>> = Vec::new();
    loop {
        let mut block = Vec::new();
        if block.try_reserve_exact(STEP).is_err() {
            break;
        }
        touch(&mut block);
        blocks.push(black_box(block));
    }
    let mebibytes = blocks.len() * 16;
    drop(blocks);
    answer::text(scene, &format!("{mebibytes} MiB"))
}

/// Sleeps as many milliseconds as it is told.
fn slow(scene: &mut Scene<'_>) -> Status {
    match scene.with.parse() {
        Ok(milliseconds) => thread::sleep(Duration::from_millis(milliseconds)),
        Err(_) => return abi::STATUS_BAD_ARGS,
    }
    abi::STATUS_OK
}

/// Answers well, and aborts a moment later from another thread.
fn late_crash(scene: &mut Scene<'_>) -> Status {
    let started = thread::Builder::new().spawn(|| {
        thread::sleep(Duration::from_millis(50));
        process::abort();
    });
    match started {
        Ok(_) => answer::value(scene, abi::Value::i64(1)),
        Err(_) => abi::STATUS_FAILED,
    }
}
