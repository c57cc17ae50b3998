//! A shared pool with large stacks; low-priority work runs when a thread is idle.

use evenhand_core::executor::{Executor, STACK_SIZE};
use rayon::iter::{IndexedParallelIterator as _, IntoParallelIterator as _, ParallelIterator as _};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::num::NonZero;
use std::sync::LazyLock;
use std::thread;

/// More threads than this gain nothing for one proposal.
const THREADS: usize = 4;

/// Started when first needed, and once: starting a thread takes as long as asking a rule. None where no thread can be
/// started.
static POOL: LazyLock<Option<ThreadPool>> = LazyLock::new(|| {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    ThreadPoolBuilder::new()
        .num_threads(cores.min(THREADS))
        .thread_name(|_| "rules".to_owned())
        .stack_size(STACK_SIZE)
        // Of background work; what needs it does it again, and panics where somebody sees it.
        .panic_handler(|_| {})
        .build()
        .ok()
});

/// The threads of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threads;

/// Does `work` on one of the threads, from which other work starts at once; where there is none, on this one.
pub fn with_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match &*POOL {
        Some(pool) => pool.install(work),
        None => work(),
    }
}

impl Executor for Threads {
    fn each(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        match &*POOL {
            Some(pool) => {
                pool.install(|| (0..count).into_par_iter().with_max_len(1).for_each(work));
            }
            None => (0..count).for_each(work),
        }
    }

    fn both(&self, one: &mut (dyn FnMut() + Send), other: &mut (dyn FnMut() + Send)) {
        if let Some(pool) = &*POOL {
            pool.join(one, other);
        } else {
            one();
            other();
        }
    }

    /// Nothing is done where there is one thread or none, for it would only delay what is waited for.
    fn spawn_background(&self, work: Box<dyn FnOnce() + Send>) {
        if let Some(pool) = POOL.as_ref().filter(|pool| pool.current_num_threads() > 1) {
            pool.spawn(work);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use evenhand_core::executor::{join, par_map};

    #[test]
    fn what_comes_out_is_in_the_order_of_the_items() {
        for count in [0, 1, 2, 3, 100] {
            let items: Vec<usize> = (0..count).collect();
            let found = par_map(&Threads, &items, |item| {
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
        assert_eq!(join(&Threads, || 1, || "two"), (1, "two"));
    }

    #[test]
    fn stacks_are_large() {
        fn dig(depth: u32) -> u32 {
            let own = std::hint::black_box([depth; 64]);
            if depth == 0 {
                0
            } else {
                dig(depth - 1) + own[0] - depth + 1
            }
        }
        let found = par_map(&Threads, &[100_000; 3], |depth| dig(*depth));
        assert_eq!(found, [100_000; 3]);
        assert_eq!(with_large_stack(|| dig(100_000)), 100_000);
        let both = join(
            &Threads,
            || dig(100_000),
            || with_large_stack(|| dig(50_000)),
        );
        assert_eq!(both, (100_000, 50_000));
    }

    #[test]
    fn background_work_is_done_and_its_panic_ends_nothing() {
        let (say, heard) = std::sync::mpsc::channel();
        Threads.spawn_background(Box::new(|| panic!("seen by nobody")));
        Threads.spawn_background(Box::new(move || say.send("done").unwrap()));
        // Dropped at once where there is no other thread.
        let several = POOL
            .as_ref()
            .is_some_and(|pool| pool.current_num_threads() > 1);
        assert_eq!(heard.recv().is_ok(), several);
    }

    #[test]
    #[should_panic(expected = "over there")]
    fn a_panic_is_handed_on() {
        par_map(&Threads, &[1, 2], |item| assert!(*item == 1, "over there"));
    }
}
