//! The same question, the same answer: again, in a fresh instance, in another process, in another environment, side by side.

use super::calls::ordinary;
use super::documents::operations;
use super::{Asked, CheckResult, Suite, result, unless};
use crate::isolated::Call;
use crate::values::Reply;
use evenhand_contract::plugin::PluginError;
use std::thread;

/// Workers that answer at once.
const SIDE_BY_SIDE: usize = 8;

pub(super) fn check(suite: &Suite<'_>) -> Vec<CheckResult> {
    let first = match suite.start(&[]) {
        Ok(mut worker) => (answers(suite, &mut worker), worker),
        Err(problem) => {
            return vec![result(
                "D01",
                "asked again, it answers the same",
                Err(problem),
            )];
        }
    };
    let (first, mut worker) = first;
    let again = compare(&first, &answers(suite, &mut worker));
    let renewed = match worker.renew() {
        Ok(_) => compare(&first, &answers(suite, &mut worker)),
        Err(error) => Err(error.message),
    };
    let odd = [
        ("LC_ALL", "tr_TR.UTF-8"),
        ("LANG", "ar_EG.UTF-8"),
        // With its rule spelt out: files of time zones cannot be read inside the fence.
        ("TZ", "NPT-5:45"),
        ("HOME", "/nowhere"),
        ("RUST_BACKTRACE", "1"),
    ];
    let elsewhere = |environment: &[(&'static str, &'static str)]| {
        let mut worker = suite.start(environment)?;
        compare(&first, &answers(suite, &mut worker))
    };
    vec![
        result("D01", "asked again, it answers the same", again),
        result(
            "D02",
            "a fresh instance in the same process answers the same",
            renewed,
        ),
        result("D03", "another process answers the same", elsewhere(&[])),
        result(
            "D04",
            "another environment changes nothing",
            elsewhere(&odd),
        ),
        result(
            "D05",
            "several at once answer the same",
            together(suite, &first),
        ),
    ]
}

/// A question, and the answer.
pub(super) type Answer = (String, Result<Reply, PluginError>);

/// The answers to every pure function and every sample.
fn answers(suite: &Suite<'_>, worker: &mut Asked<'_>) -> Vec<Answer> {
    let limit = suite.options.limits.document;
    let mut answers = Vec::new();
    for (index, function) in (0..).zip(&suite.manifest.functions) {
        if function.pure {
            // Twice, so that what counts its calls is seen at once.
            let calls = [(); 2].map(|()| Call::new(index, limit, ordinary(function)));
            for reply in worker.call(&calls) {
                answers.push((format!("`{}`", function.name), reply));
            }
        }
    }
    for (operation, name) in operations(suite.manifest) {
        let documents: Vec<&[u8]> = suite
            .samples
            .iter()
            .map(|sample| sample.projected.as_bytes())
            .collect();
        for (number, reply) in worker
            .run(operation, &documents, limit)
            .into_iter()
            .enumerate()
        {
            answers.push((format!("{name} of sample {number}"), reply));
        }
    }
    answers
}

pub(super) fn compare(first: &[Answer], second: &[Answer]) -> Result<String, String> {
    let different = |((question, one), (_, other)): (&Answer, &Answer)| {
        let text = |answer: &Result<Reply, PluginError>| match answer {
            Ok(reply) if reply.bytes.is_empty() => format!("{} (tag {})", reply.word, reply.tag),
            Ok(reply) => String::from_utf8_lossy(&reply.bytes)
                .chars()
                .take(120)
                .collect(),
            Err(error) => error.message.clone(),
        };
        (!alike(one, other))
            .then(|| format!("{question}: first {}, then {}", text(one), text(other)))
    };
    let mut problems: Vec<String> = first.iter().zip(second).filter_map(different).collect();
    if first.len() != second.len() {
        problems.push("fewer answers than before".to_owned());
    }
    problems.dedup();
    unless(problems, format!("{} answers", first.len()))
}

/// Whether two answers are the same. Dying of the same thing is the same, though its last words hold other numbers; of what
/// gives no answer in time nothing is known.
fn alike(one: &Result<Reply, PluginError>, other: &Result<Reply, PluginError>) -> bool {
    match (one, other) {
        (Err(one), Err(other)) => one.kind == other.kind,
        _ => one == other,
    }
}

fn together(suite: &Suite<'_>, first: &[Answer]) -> Result<String, String> {
    thread::scope(|scope| {
        let ask = || -> Result<String, String> {
            let mut worker = suite.start(&[])?;
            compare(first, &answers(suite, &mut worker))
        };
        let threads: Vec<_> = (0..SIDE_BY_SIDE).map(|_| scope.spawn(ask)).collect();
        for thread in threads {
            thread
                .join()
                .map_err(|_panic| "the check itself panicked".to_owned())??;
        }
        Ok(format!("{SIDE_BY_SIDE} processes"))
    })
}
