//! Who does the work: the caller decides whether many threads take part. The engine starts none of its own.

use std::fmt;
use std::sync::{Mutex, PoisonError};

/// Runs work, on as many threads as the caller has for it.
///
/// A list in a list in a list takes stack whenever the interpreter counts, copies or drops it, and so does a closure
/// that captured a closure. How deep a script can nest them is bounded by its steps, but the stack of an ordinary thread
/// ends long before: threads of an executor that runs scripts of strangers need [`STACK_SIZE`].
///
/// Work must not wait for a lock whose holder waits for work: with all threads waiting for that lock, neither would end.
pub trait Executor: Send + Sync + fmt::Debug {
    /// Calls `work` with every number below `count`, in any order, and returns when all are done. A panic goes on here.
    fn each(&self, count: usize, work: &(dyn Fn(usize) + Sync));

    /// Does both, at once where that helps.
    fn both(&self, one: &mut (dyn FnMut() + Send), other: &mut (dyn FnMut() + Send));

    /// Does `work` when a thread has nothing better to do, or never: nobody may wait for it.
    fn spawn_background(&self, work: Box<dyn FnOnce() + Send>);
}

/// Bytes of stack for threads that run scripts, of which only those are used that are touched: some hundred bytes for
/// each level, and the limits of scripts allow for less than 100 000 levels.
pub const STACK_SIZE: usize = 128 * 1024 * 1024;

/// Does everything on the thread of the caller, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sequential;

impl Executor for Sequential {
    fn each(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        (0..count).for_each(work);
    }

    fn both(&self, one: &mut (dyn FnMut() + Send), other: &mut (dyn FnMut() + Send)) {
        one();
        other();
    }

    fn spawn_background(&self, _work: Box<dyn FnOnce() + Send>) {}
}

/// Does `work` for each item; what comes out is in the order of the items, whichever is ready first.
pub fn par_map<I: Sync, T: Send>(
    executor: &dyn Executor,
    items: &[I],
    work: impl Fn(&I) -> T + Sync,
) -> Vec<T> {
    let slots: Vec<Mutex<Option<T>>> = items.iter().map(|_| Mutex::new(None)).collect();
    executor.each(items.len(), &|index| {
        if let (Some(item), Some(slot)) = (items.get(index), slots.get(index)) {
            let done = work(item);
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
        }
    });
    let taken = |slot: Mutex<Option<T>>| slot.into_inner().unwrap_or_else(PoisonError::into_inner);
    slots.into_iter().filter_map(taken).collect()
}

/// Does one thing while another thread may do the other.
///
/// # Panics
///
/// Where the executor did not do what it was given.
pub fn join<A: Send, B: Send>(
    executor: &dyn Executor,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    let (mut one, mut other) = (Some(one), Some(other));
    let (mut a, mut b) = (None, None);
    executor.both(&mut || a = one.take().map(|one| one()), &mut || {
        b = other.take().map(|other| other());
    });
    match (a, b) {
        (Some(a), Some(b)) => (a, b),
        _ => unreachable!("an executor does both"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_out_is_in_the_order_of_the_items() {
        /// Starts with the last.
        #[derive(Debug)]
        struct Backwards;
        impl Executor for Backwards {
            fn each(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
                (0..count).rev().for_each(work);
            }
            fn both(&self, one: &mut (dyn FnMut() + Send), other: &mut (dyn FnMut() + Send)) {
                other();
                one();
            }
            fn spawn_background(&self, work: Box<dyn FnOnce() + Send>) {
                work();
            }
        }
        let executors: [&dyn Executor; 2] = [&Sequential, &Backwards];
        for executor in executors {
            for count in [0, 1, 2, 3, 100] {
                let items: Vec<usize> = (0..count).collect();
                let expected: Vec<usize> = items.iter().map(|item| item * 2).collect();
                assert_eq!(par_map(executor, &items, |item| item * 2), expected);
            }
            assert_eq!(join(executor, || 1, || "two"), (1, "two"));
        }
    }
}
