//! Work done side by side, with room for scripts to run in.
//!
//! A list in a list in a list takes stack whenever the interpreter counts, copies or drops it, and so does a closure
//! that captured a closure. How deep a script can nest them is bounded by its steps, but the stack of an ordinary
//! thread, which may be 2 MiB, ends long before.
//!
//! All work shares a few threads, and one that waits for others does some of it meanwhile. So work must not wait for
//! a lock whose holder waits for work: with all threads waiting for that lock, neither would end.

use rayon::iter::{
    IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _,
};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::num::NonZero;
use std::sync::LazyLock;
use std::thread;

/// Bytes of stack, of which only those are used that are touched: some hundred bytes for each level, and the limits of
/// scripts allow for less than 100 000 levels.
const ROOM: usize = 128 * 1024 * 1024;

/// More threads than this gain nothing for one proposal.
const THREADS: usize = 4;

/// Started when first needed, and once: starting a thread takes as long as asking a rule. None where no thread can be
/// started.
static POOL: LazyLock<Option<ThreadPool>> = LazyLock::new(|| {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    ThreadPoolBuilder::new()
        .num_threads(cores.min(THREADS))
        .thread_name(|_| "rules".to_owned())
        .stack_size(ROOM)
        // Of what was to be done soon; whoever needs it does it again, and panics where somebody sees it.
        .panic_handler(|_| {})
        .build()
        .ok()
});

/// Does `work` on one of the threads with room, from which [`side_by_side`] and [`both`] start at once; where there is
/// none, on this one.
pub fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match &*POOL {
        Some(pool) => pool.install(work),
        None => work(),
    }
}

/// Does `work` for each item, on as many threads as help; what comes out is in the order of the items, whichever is
/// ready first. A panic goes on here, as it would have without a thread.
pub fn side_by_side<I: Sync, T: Send>(items: &[I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    match &*POOL {
        Some(pool) => pool.install(|| items.par_iter().with_max_len(1).map(&work).collect()),
        None => items.iter().map(work).collect(),
    }
}

/// Does `work` when a thread has nothing better to do, or never: nobody may wait for it. Nothing is done where there is
/// one thread or none, for it would only delay what is waited for.
pub fn soon(work: impl FnOnce() + Send + 'static) {
    if let Some(pool) = POOL.as_ref().filter(|pool| pool.current_num_threads() > 1) {
        pool.spawn(work);
    }
}

/// Does one thing while another thread does the other.
pub fn both<A: Send, B: Send>(
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    match &*POOL {
        Some(pool) => pool.join(one, other),
        None => (one(), other()),
    }
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
        assert_eq!(with_room(|| dig(100_000)), 100_000);
        let both = both(|| dig(100_000), || with_room(|| dig(50_000)));
        assert_eq!(both, (100_000, 50_000));
    }

    #[test]
    fn what_can_wait_is_done_and_its_panic_ends_nothing() {
        let (say, heard) = std::sync::mpsc::channel();
        soon(|| panic!("seen by nobody"));
        soon(move || say.send("done").unwrap());
        // Dropped at once where there is no other thread.
        let several = POOL
            .as_ref()
            .is_some_and(|pool| pool.current_num_threads() > 1);
        assert_eq!(heard.recv().is_ok(), several);
    }

    #[test]
    #[should_panic(expected = "over there")]
    fn a_panic_is_handed_on() {
        side_by_side(&[1, 2], |item| assert!(*item == 1, "over there"));
    }
}
