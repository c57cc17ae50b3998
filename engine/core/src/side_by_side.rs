//! Work done side by side, with room for scripts to run in.
//!
//! A list in a list in a list takes stack whenever the interpreter counts, copies or drops it, and so does a closure
//! that captured a closure. How deep a script can nest them is bounded by its steps, but the stack of an ordinary
//! thread, which may be 2 MiB, ends long before.

use std::num::NonZero;
use std::panic;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Bytes of stack, of which only those are used that are touched: some hundred bytes for each level, and the limits of
/// scripts allow for less than 100 000 levels.
const ROOM: usize = 128 * 1024 * 1024;

/// Asked once: on some systems the answer is put together from several files.
static CORES: LazyLock<usize> =
    LazyLock::new(|| thread::available_parallelism().map_or(1, NonZero::get));

/// More threads than this gain nothing for one proposal.
const THREADS: usize = 4;

/// Does `work` for each item, on as many threads as help; what comes out is in the order of the items, whichever is
/// ready first. Where no thread can be started, it is done on this one.
pub fn side_by_side<I: Sync, T: Send>(items: &[I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else {
                return done;
            };
            done.push((at, work(item)));
        }
    };
    let threads = CORES.min(THREADS).min(items.len());
    let mut done: Vec<(usize, T)> = thread::scope(|scope| {
        let start = |_| {
            let thread = thread::Builder::new().name("rules".to_owned());
            thread.stack_size(ROOM).spawn_scoped(scope, take).ok()
        };
        let started: Vec<_> = (0..threads).filter_map(start).collect();
        if started.is_empty() {
            return take();
        }
        // A panic over there goes on here, as it would have without a thread.
        let join = |thread: thread::ScopedJoinHandle<'_, _>| {
            thread
                .join()
                .unwrap_or_else(|cause| panic::resume_unwind(cause))
        };
        started.into_iter().flat_map(join).collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Does one thing on another thread while it does the other on this one.
pub fn both<A: Send, B>(there: impl Fn() -> A + Sync, here: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let started = thread::Builder::new().spawn_scoped(scope, &there);
        let second = here();
        let first = match started {
            Ok(thread) => thread
                .join()
                .unwrap_or_else(|cause| panic::resume_unwind(cause)),
            Err(_no_thread) => there(),
        };
        (first, second)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_out_is_in_the_order_of_the_items() {
        for count in [0, 1, 2, 3, 100] {
            let items: Vec<usize> = (0..count).collect();
            let found = side_by_side(&items, |item| {
                // The first ones take longest.
                thread::sleep(std::time::Duration::from_micros(
                    u64::try_from(100 - item).unwrap(),
                ));
                item * 2
            });
            let expected: Vec<usize> = items.iter().map(|item| item * 2).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn both_are_done() {
        assert_eq!(both(|| 1, || "two"), (1, "two"));
    }

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
        let found = side_by_side(&[100_000; 3], |depth| dig(*depth));
        assert_eq!(found, [100_000; 3]);
    }

    #[test]
    #[should_panic(expected = "over there")]
    fn a_panic_is_handed_on() {
        side_by_side(&[1, 2], |item| assert!(*item == 1, "over there"));
    }
}
