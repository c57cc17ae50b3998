//! Laws that hold for every proposal, tried on every example.
//!
//! Each law is tried on every example. In a debug build the longer ones take every n-th change of each example, another
//! set of them for each example (see [`share`]); `cargo test --release` takes all of them.

mod answers;
mod exchange;
mod fields;
mod form;
mod gaming;
mod generated;
mod ranges;
mod remedies;
mod silence;
mod stricter;

use evenhand_core::finding::{Finding, Outcome};
use evenhand_core::scorecard::Scorecard;
use serde_json::Value;
use std::sync::Mutex;
use std::thread;

/// Does `work` for each item on as many threads as there are processors; what it found wrong, in order.
fn each<T: Sync>(items: &[T], work: impl Fn(usize, &T) -> Vec<String> + Sync) -> Vec<String> {
    let next = Mutex::new(0..items.len());
    let found = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let Some(index) = next.lock().unwrap().next() else {
                        break;
                    };
                    let wrong = work(index, items.get(index).unwrap());
                    found.lock().unwrap().push((index, wrong));
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap();
    found.sort();
    found.into_iter().flat_map(|(_, wrong)| wrong).collect()
}

/// Every `n`-th of some changes in a debug build, beginning with another one for each example; all in a release build.
fn share<T>(changes: Vec<T>, example: usize, n: usize) -> Vec<T> {
    let step = if cfg!(debug_assertions) { n } else { 1 };
    let first = example % step;
    changes.into_iter().skip(first).step_by(step).collect()
}

/// Fails with the first of what was found wrong, and how much more there is.
#[track_caller]
fn nothing(wrong: &[String]) {
    let shown: Vec<&str> = wrong.iter().map(String::as_str).take(40).collect();
    assert!(
        wrong.is_empty(),
        "{} times:\n{}",
        wrong.len(),
        shown.join("\n")
    );
}

fn finding<'a>(card: &'a Scorecard, rule: &str) -> &'a Finding {
    let found = card.findings.iter().find(|finding| finding.rule == rule);
    found.unwrap_or_else(|| panic!("no finding of {rule}"))
}

/// The worst that can come out of a rule; a question that does not arise is better than any answer.
fn worst(finding: &Finding) -> f64 {
    if finding.outcome == Outcome::NotApplicable {
        2.0
    } else {
        finding.degree.low
    }
}

/// A value in a word, for messages.
fn short(value: &Value) -> String {
    evenhand_core::text::shorten(&value.to_string(), 60)
}
