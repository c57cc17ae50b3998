//! Room for scripts to run in.
//!
//! A list in a list in a list takes stack whenever the interpreter counts, copies or drops it, and so does a closure
//! that captured a closure. How deep a script can nest them is bounded by its steps, but the stack of an ordinary
//! thread, which may be 2 MiB, ends long before.

use std::panic;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Bytes of stack, of which only those are used that are touched: some hundred bytes for each level, and the limits of
/// scripts allow for less than 100 000 levels.
const ROOM: usize = 128 * 1024 * 1024;

/// Does `work` on a thread with room; where no thread can be started, on this one.
pub(crate) fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let work = Mutex::new(Some(work));
    let take = || work.lock().unwrap_or_else(PoisonError::into_inner).take();
    let done = thread::scope(|scope| {
        let thread = thread::Builder::new()
            .name("rules".to_owned())
            .stack_size(ROOM);
        let started = thread.spawn_scoped(scope, || take().map(|work| work()));
        // A panic over there goes on here, as it would have without a thread.
        started.ok().and_then(|thread| {
            thread
                .join()
                .unwrap_or_else(|cause| panic::resume_unwind(cause))
        })
    });
    match (done, take()) {
        (Some(done), _) => done,
        (None, Some(work)) => work(),
        (None, None) => unreachable!("the work was taken, and neither done nor given up in panic"),
    }
}

/// Does `work` for each item, half of them at the same time as the others, with room for both; what comes out is in
/// the order of the items.
pub(crate) fn in_halves<I: Sync, T: Send>(items: &[I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    let (first, second) = items.split_at(items.len() / 2);
    let all = |part: &[I]| with_room(|| part.iter().map(&work).collect::<Vec<T>>());
    thread::scope(|scope| {
        let other = scope.spawn(|| all(second));
        let mut done = all(first);
        match other.join() {
            Ok(rest) => done.extend(rest),
            Err(cause) => panic::resume_unwind(cause),
        }
        done
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room() {
        fn dig(depth: u32) -> u32 {
            let own = std::hint::black_box([depth; 64]);
            if depth == 0 {
                0
            } else {
                dig(depth - 1) + own[0] - depth + 1
            }
        }
        assert_eq!(with_room(|| dig(100_000)), 100_000);
    }

    #[test]
    #[should_panic(expected = "over there")]
    fn a_panic_is_handed_on() {
        with_room(|| panic!("over there"));
    }
}
